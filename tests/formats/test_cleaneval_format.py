"""CleanEval's text: golden bytes, the profiles, and what its readers make of it."""

from html.parser import HTMLParser
from pathlib import Path

import pytest
from formats_samples import BRIDGE, check_golden, documents, news, span
from hypothesis import given
from hypothesis import strategies as st

from annotator.formats.choice import Options
from annotator.formats.document import Document
from annotator.formats.profiles import profile, profiles
from annotator.formats.registry import export
from annotator.formats.writers.cleaneval import safe_name
from annotator.model.annotation import Span, Work, sort_spans
from annotator.model.article import Article
from annotator.model.errors import AnnotatorError


class Reader(HTMLParser):
    """What a CleanEval scorer does: strips the URL line, parses the rest as HTML."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.lines: list[tuple[str, str]] = []
        first, _, rest = page.partition("\n")
        self.feed(rest if first.startswith("URL: ") else page)
        self.close()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.lines.append((tag, ""))

    def handle_data(self, data: str) -> None:
        tag, before = self.lines[-1]
        self.lines[-1] = tag, before + data.rstrip("\n")


def page(docs: list[Document], folder: Path, **options: object) -> str:
    path = folder / "out.txt"
    export("cleaneval", docs, news(), path, Options(**options))
    return path.read_text("utf-8")


def marked(text: str, *spans: Span, url: str = "") -> list[Document]:
    work = Work("a", "anna", sort_spans(spans), looked=frozenset({"boilerplate"}))
    return [Document(Article("a", text, url=url), (work,))]


def test_bytes_are_kept_a_file_an_article(tmp_path):
    folder = tmp_path / "clean"
    losses = export("cleaneval", documents(), news(), folder)
    names = sorted({path.name for path in folder.iterdir()} - {"manifest.json", "SHA256SUMS"})
    assert names == ["bridge.txt", "harbour-1-e6bab380cb.txt", "index.tsv"]
    for name in names:
        check_golden(f"cleaneval/{name}", (folder / name).read_bytes())
    check_golden("cleaneval.losses.txt", ("\n".join(losses.lines()) + "\n").encode())


def test_a_reader_gets_back_the_kept_text(tmp_path):
    lines = Reader(page(documents()[:1], tmp_path)).lines
    assert lines == [
        ("h", "🇧🇬 Мостът край Лом отваря в петък"),
        ("p", BRIDGE.split("\n")[1]),
        ("p", BRIDGE.split("\n")[3]),
    ]


def test_one_article_is_a_file_and_starts_with_its_address(tmp_path):
    text = page(documents()[:1], tmp_path)
    assert text.startswith("URL: https://vesti.example/most?a=1&b=2\n<h>")
    assert "&lt;чакат&gt;" in text
    assert "«Строй &amp; Син»" in text


@pytest.mark.parametrize(
    ("name", "marks"),
    [
        ("cleaneval", ["h", "", "", "p"]),
        ("l3s", ["h", "p", "", "p"]),
        ("strict-body", ["", "", "", "p"]),
        ("krdwrd", ["", "", "p", "p"]),
    ],
)
def test_a_profile_says_what_is_content(tmp_path, name, marks):
    text = "Заглавие\nПод снимката\nКоментар на читател\nТекстът"
    spans = [
        span(text, "boilerplate", "headline", "Заглавие"),
        span(text, "boilerplate", "caption", "Под снимката"),
        span(text, "boilerplate", "comments", "Коментар на читател"),
    ]
    got = Reader(page(marked(text, *spans), tmp_path, profile=name)).lines
    assert got == [(mark, line) for mark, line in zip(marks, text.split("\n"), strict=True) if mark]


def test_profiles_cover_the_labels_of_the_presets():
    labels = {label.name for label in news().layer("boilerplate").labels}
    assert set(profiles()) == {"strict-body", "l3s", "cleaneval", "krdwrd"}
    for one in profiles().values():
        assert set(one.labels) == labels | {"boilerplate"}
        assert set(one.keep.values()) <= {"h", "p", "l"}
        assert one.mark("") == "p"
    with pytest.raises(AnnotatorError, match="no profile 'x'; there are: strict-body"):
        profile("x")


def test_text_glued_to_boilerplate_is_cut_out(tmp_path):
    text = "Той дойде. Четете още тук И си тръгна.\n  \nКрай"
    spans = [span(text, "boilerplate", "teaser_inline", "Четете още тук")]
    got = Reader(page(marked(text, *spans), tmp_path)).lines
    assert got == [("p", "Той дойде. И си тръгна."), ("p", "Край")]


def test_a_span_over_lines_drops_them_all(tmp_path):
    text = "а\nб\nв\nг"
    got = Reader(page(marked(text, Span("s", "boilerplate", "nav", 1, 6)), tmp_path)).lines
    assert got == [("p", "а"), ("p", "г")]


def test_a_label_no_profile_knows_is_left_out_and_said(tmp_path):
    docs = marked("а\nб", Span("s", "boilerplate", "weather", 0, 1))
    losses = export("cleaneval", docs, news(), tmp_path / "x")
    assert (tmp_path / "x").read_text() == "<p>б\n"
    assert losses["label weather unknown to the profile, left out"] == 1


def test_line_separators_inside_a_line_do_not_make_lines(tmp_path):
    text = page(marked("а\u2028б\x0bв\rг\x85д", url="https://x/\n<p>y"), tmp_path)
    assert text == "URL: https://x/ <p>y\n<p>а б в г д\n"


def test_file_names_are_safe_and_differ():
    assert safe_name("bridge_2-a") == "bridge_2-a"
    odd = [
        "..",
        "a/b",
        "A",
        "a",
        "con",
        "index",
        "é",
        "e\u0301",
        "x" * 300,
        "",
        "лом",
        "a-0123456789",
    ]
    names = [safe_name(ident) for ident in odd]
    assert len({name.casefold() for name in names}) == len(odd)
    for name in names:
        assert name.isascii()
        assert "/" not in name
        assert not name.startswith(".")
        assert len(name) < 101
        assert name not in ("con", "index")


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), unique=True, max_size=20))
def test_file_names_never_collide(ids):
    assert len({safe_name(ident) for ident in ids}) == len(ids)
