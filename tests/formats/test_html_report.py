"""The HTML pages: the text as it is, marks in each other and across, nothing foreign that acts."""

import re
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from formats_kit import exported
from formats_samples import BRIDGE, HARBOUR, bridge, check_golden, documents, news, several
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser as Browser

from annotator.formats.document import Document
from annotator.formats.losses import Losses
from annotator.formats.names import safe_name
from annotator.formats.writers.html_marks import Mark, marked
from annotator.model.annotation import (
    Evidence,
    Note,
    Party,
    Rejection,
    Span,
    Stance,
    State,
    Status,
    Work,
)
from annotator.model.article import Article
from annotator.text.visible import visible

VOID = {"meta"}


class Strict(HTMLParser):
    """The texts of all `article` elements, and every attribute; tags must be balanced."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.articles: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.elements: list[str] = []
        self.feed(page)
        self.close()
        assert self.open == [], "something is left open"

    def handle_starttag(self, tag, attrs):
        self.elements.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)
        if tag == "article":
            self.articles.append("")

    def handle_startendtag(self, tag, attrs):
        assert tag in VOID
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "article" in self.open:
            self.articles[-1] += data

    def all(self, name: str) -> list[str]:
        return [value for _, each, value in self.attributes if each == name]


def pages(docs: list[Document], losses: Losses | None = None) -> dict[str, str]:
    return {name: data.decode() for name, data in exported("html", docs, losses).items()}


def page(text: str, *spans: Span, stances: tuple = (), notes: tuple = (), **more: object) -> str:
    work = Work("a", "anna", spans, stances, frozenset(), notes, Status(State.DONE))
    return pages([Document(Article("a", text, **more), (work,))])["a.html"]


def assert_sound(html: str, *texts: str) -> Strict:
    """Well-formed, alone, without scripts; the article elements hold these texts."""
    strict = Strict(html)
    ElementTree.fromstring(html)  # stricter still: every & and < is escaped, every quote closed
    assert [text.replace("\n", "␤") for text in strict.articles] == [visible(t) for t in texts]
    browser = Browser(html)
    read = [node.text() for node in browser.css("article")]
    assert [text.replace("\n", "␤") for text in read] == [visible(t) for t in texts]
    assert not {"script", "link", "img", "iframe", "object", "form", "base"} & set(strict.elements)
    assert not [name for _, name, _ in strict.attributes if name.startswith("on") or name == "src"]
    assert len(strict.all("id")) == len(set(strict.all("id")))
    for target in strict.all("href"):
        assert re.match(r"https?://|#|[a-z0-9_-]+\.html\Z", target), target
        assert not target.startswith("#") or target[1:] in strict.all("id")
    assert "url(" not in html.partition("</style>")[0]
    assert "@import" not in html
    return strict


def test_bytes_are_kept():
    losses = Losses()
    made = exported("html", several(), losses)
    for name, data in made.items():
        check_golden(f"html/{name}", data)
    assert not losses
    assert losses.written == {"articles": 3, "spans": 16, "stances": 4, "notes and flags": 2}


def test_pages_are_sound_and_hold_the_text():
    made = pages(several())
    harbour = safe_name("harbour#1") + ".html"
    assert sorted(made) == sorted(["bridge.html", harbour, "index.html", "untouched.html"])
    assert_sound(made["bridge.html"], BRIDGE, BRIDGE)  # of two annotators
    assert_sound(made[harbour], HARBOUR, HARBOUR)
    assert_sound(made["untouched.html"], "Никой още не е чел това.\n")
    assert_sound(made["index.html"])


def test_an_article_page_is_closed_and_the_index_is_not():
    """The part that is last is the whole page: alone it becomes the file asked for."""
    from annotator.formats.choice import Options
    from annotator.formats.writers.html_report import parts

    found = list(parts(documents(), news(), Options(), Losses()))
    last = [part for part in found if part.last]
    assert [part.file.endswith(".html") for part in last] == [True] * 3
    assert all(part.data.endswith(b"</html>\n") for part in last)
    assert {part.file for part in found if not part.last} == {"index.html"}
    [alone] = [p for p in parts(documents()[:1], news(), Options(), Losses()) if p.last]
    assert b"index.html" not in alone.data, "there is none beside it"
    assert b'href="index.html"' in last[0].data


def test_the_index_links_every_page_with_its_counts():
    made = pages(several())
    rows = Browser(made["index.html"]).css("tbody tr")
    links = [row.css_first("a").attributes["href"] for row in rows]
    assert links == [name for name in made if name != "index.html"]
    assert set(links) == made.keys() - {"index.html"}
    cells = [cell.text() for cell in rows[0].css("th, td")]
    assert cells[0] == "Мостът край Ломbridge"
    assert cells[1:] == ["bg", "2026-03-06", "anna (done), boris (open)", "313", "12", "3", "2"]
    sums = [cell.text() for cell in Browser(made["index.html"]).css("tfoot th, tfoot td")]
    assert sums == ["3 in all", "", "", "", "476", "16", "4", "2"]


def marks(html: str) -> list[tuple[str, str, str]]:
    """Label, text and classes of every part of a mark."""
    return [
        (node.attributes.get("data-label") or "", node.text(), node.attributes["class"] or "")
        for node in Browser(html).css("article span")
    ]


def test_nested_marks_lie_in_each_other():
    html = page(
        "Университета на Видин",
        Span("1", "entities", "ORG", 0, 21),
        Span("2", "entities", "LOC", 16, 21),
    )
    assert_sound(html, "Университета на Видин")
    outer, inner = marks(html)
    assert outer[:2] == ("ORG", "Университета на Видин")
    assert inner == ("LOC", "Видин", "m c-green d1")
    assert Browser(html).css("article span span")[0].text() == "Видин"


def test_crossing_marks_are_divided_and_labelled_once():
    html = page(
        "abcdefgh",
        Span("1", "entities", "PER", 0, 5),
        Span("2", "entities", "LOC", 3, 8),
    )
    assert_sound(html, "abcdefgh")
    assert marks(html) == [
        ("PER", "abcde", "m c-cyan d0"),
        ("", "de", "m c-green d1 on"),
        ("LOC", "fgh", "m c-green d0 from"),
    ]
    assert html.count('id="a1-s2"') == 1


def test_equal_and_adjacent_marks():
    html = page(
        "абв",
        Span("1", "entities", "PER", 0, 1),
        Span("2", "entities", "LOC", 0, 1),
        Span("3", "entities", "ORG", 1, 3),
    )
    assert_sound(html, "абв")
    assert [(label, text) for label, text, _ in marks(html)] == [
        ("PER", "а"),
        ("LOC", "а"),
        ("ORG", "бв"),
    ]


def test_boilerplate_has_its_category_in_the_margin_and_is_dim_unless_it_is_content():
    text = "Заглавие\nОще: тук Реклама там\nКрай"
    html = page(
        text,
        Span("1", "boilerplate", "headline", 0, 8),
        Span("2", "boilerplate", "teaser_inline", 9, 17),
        Span("3", "boilerplate", "ad", 18, 29),
    )
    assert_sound(html, text)
    assert [(label, classes) for label, _, classes in marks(html)] == [
        ("headline", "b k"),
        ("teaser_inline", "b"),
        ("ad", "b i"),  # its line has a label in the margin already
    ]
    style = html.partition("</style>")[0]
    assert re.search(r"\.b\[data-label\]::before \{\s+content: attr\(data-label\)", style)
    assert re.search(r"\.m\[data-label\]::after \{\s*content: attr\(data-label\)", style)


def test_stances_quote_their_evidence_and_lead_to_it():
    quote = BRIDGE.index("„Чакахме")
    stance = Stance(
        Party("entity", "Мостът <край> Лом"),
        "FAVOR",
        Party("quoted", "Йоан & Син"),
        "quoted",
        3,
        (Evidence(quote, quote + 22), Evidence(0, 5, "cue")),
        "бележка",
    )
    html = page(BRIDGE, stances=(stance,))
    assert_sound(html, BRIDGE)
    [row] = Browser(html).css("section tbody tr")
    assert [cell.text() for cell in row.css("th, td")][:6] == [
        "S1",
        "Мостът <край> Лом (entity)",
        "FAVOR",
        "Йоан & Син (quoted)",
        "quoted",
        "3 of 3",
    ]
    links = [link.attributes["href"] for link in row.css("a")]
    for link, quoted in zip(links, row.css("q"), strict=True):
        [place] = [n for n in Browser(html).css("article span") if f"#{n.id}" == link]
        assert place.text() == quoted.text()
    assert {label for label, _, _ in marks(html)} == {"S1", "S1 cue"}


def test_notes_and_attributes_are_shown():
    span = Span("s", "entities", "PER", 0, 3, {"lemma": "Ан<а", "norp": True}, "lexicon")
    notes = (Note("n", "виж & чуй", True, 0, 3), Note("m", "за цялото"))
    html = page("Ана.", span, notes=notes)
    assert_sound(html, "Ана.")
    text = Browser(html).css_first("body").text()
    assert "lemma Ан<а; norp true; from lexicon" in text
    assert "виж & чуй" in text
    assert "the whole article" in text
    assert {label for label, _, _ in marks(html)} == {"PER", "N1 ⚑"}


HOSTILE = "<script>alert(1)</script>\"'&amp;<!--\r\n\u202eabc\u2066\x1b[31m\x00".replace("\x00", "")


def test_no_foreign_string_acts():
    party = Party("entity", HOSTILE)
    span = Span("s", "entities", HOSTILE, 0, 5, {HOSTILE: HOSTILE, "lemma": HOSTILE}, HOSTILE)
    other = Span("t", HOSTILE, HOSTILE, 3, 9)
    stance = Stance(party, HOSTILE, party, HOSTILE, 1, (Evidence(1, 7, HOSTILE),), HOSTILE)
    status = Status(State.OPEN, HOSTILE, 3)
    work = Work(
        HOSTILE,
        HOSTILE,
        (span, other),
        (stance,),
        frozenset({HOSTILE}),
        (Note("n", HOSTILE, True, 2, 8), Note("m", HOSTILE)),
        status,
    )
    fields = dict.fromkeys(("title", "source", "date", "lang", "group"), HOSTILE)
    article = Article(
        HOSTILE, HOSTILE, url=f"javascript:{HOSTILE}", meta={HOSTILE: [HOSTILE]}, **fields
    )
    made = pages([Document(article, (work,)), Document(replace(bridge(), id="b"), ())])
    for name, html in made.items():
        texts = {"index.html": [], "b.html": [BRIDGE]}.get(name, [HOSTILE])
        strict = assert_sound(html, *texts)
        assert not set(html) & {"\x1b", "\u202e", "\u2066", "\r"}, "they are made visible"
        assert "javascript:" not in "".join(strict.all("href"))
        for lang in strict.all("lang"):
            assert re.fullmatch(r"[A-Za-z0-9-]*", lang)


@pytest.mark.parametrize(
    ("lang", "said"), [("bg", "bg"), ("sr-Cyrl", "sr-Cyrl"), ("und", ""), ("", ""), ('"x', "")]
)
def test_language_and_direction_are_said(lang, said):
    html = page("שלום Ана", lang=lang)
    article = Browser(html).css_first("article")
    assert (article.attributes["lang"] or "") == said
    assert article.attributes["dir"] == "auto"


def test_line_ends_are_lines_and_carriage_returns_show():
    html = page("едно\r\nдве\r\n\r\nтри\rчетири\n")
    assert_sound(html, "едно\r\nдве\r\n\r\nтри\rчетири\n")
    assert "едно␍\nдве␍\n␍\nтри␍четири\n</article>" in html
    assert "white-space: pre-wrap" in html


def test_headings_captions_and_scopes():
    """What a screen reader goes by."""
    for html in pages(several()).values():
        headings = [int(node.tag[1]) for node in Browser(html).css("h1, h2, h3")]
        assert headings[0] == 1
        assert headings.count(1) == 1
        assert all(b - a <= 1 for a, b in pairwise(headings))
        for table in Browser(html).css("table"):
            assert table.css_first("caption").text()
            assert all(cell.attributes.get("scope") for cell in table.css("th"))
        assert Browser(html).css_first("main")
        assert Browser(html).css_first("html").attributes["lang"] == "en"
        assert "@media print" in html
        assert "prefers-color-scheme: dark" in html


def contrast(one: str, other: str) -> float:
    """WCAG 2: how far two colours are apart."""

    def light(color: str) -> float:
        parts = [int(color[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    bright, dark = sorted((light(one), light(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def test_every_colour_can_be_read_on_its_paper():
    style = pages(documents())["index.html"].partition("</style>")[0]
    themes = re.findall(r":root \{(.*?)\}", style, re.DOTALL)
    assert len(themes) == 3, "light, dark and print"
    for theme in themes:
        colors = dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6})", theme))
        paper, line = colors.pop("paper"), colors.pop("line")
        assert contrast(paper, line) > 1.2
        assert {name for name in colors if contrast(paper, colors[name]) < 4.5} == set()


def test_rejected_suggestions_are_counted():
    work = Work("a", "anna", rejections=(Rejection("entities", "PER", 0, 3),))
    losses = Losses()
    pages([Document(Article("a", "Ана"), (work,))], losses)
    assert losses["rejected suggestions, which stay in the project"] == 1


PIECES = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=5
) | st.sampled_from(
    ["👩‍🚒", "🇧🇬", "и\u0306", "\r\n", "\u2028", "\t", "<b>", "&amp;", "\u202e", " ", "]]>"]
)


@settings(max_examples=150, suppress_health_check=list(HealthCheck))
@given(data=st.data(), text=st.lists(PIECES, min_size=1, max_size=10).map("".join))
def test_any_marks_keep_the_text_and_cover_what_they_say(data, text):
    places = []
    for _ in range(data.draw(st.integers(0, 7)) if text else 0):
        start = data.draw(st.integers(0, len(text) - 1))
        places.append((start, data.draw(st.integers(start + 1, len(text)))))
    given_marks = [
        Mark(start, end, f"m{n}", f"x k{n}", f"L{n}", block=n % 3 == 0)
        for n, (start, end) in enumerate(places)
    ]
    html = f"<article>{marked(text, given_marks)}</article>"
    tree = ElementTree.fromstring(html)
    shown = "".join(tree.itertext())
    assert shown.replace("\n", "␤") == visible(text)
    for number, (start, end) in enumerate(places):
        parts = [node for node in tree.iter("span") if f"k{number}" in node.get("class").split()]
        inside = "".join("".join(node.itertext()) for node in parts)
        assert inside == shown[start:end]
        labels = [node.get("data-label") for node in parts]
        wanted = 0 if number % 3 == 0 else len(parts) - 1
        assert [n for n, label in enumerate(labels) if label] == [wanted]
        assert [node.get("id") for node in parts] == [f"m{number}"] + [None] * (len(parts) - 1)


def test_a_long_article_with_many_marks_takes_no_time():
    import time

    text = "Ана отиде в Лом. " * 20_000
    spans = [Span(str(n), "entities", "PER", n * 17, n * 17 + 3) for n in range(20_000)]
    begin = time.perf_counter()
    html = page(text, *spans)
    assert time.perf_counter() - begin < 10
    assert html.count('class="m ') == 20_000
