"""IOB2: golden bytes, cuts, nesting, whose work, the side file."""

from itertools import pairwise
from pathlib import Path

import pytest
from formats_samples import BRIDGE, HARBOUR, check_golden, documents, news, several
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.formats.choice import Options
from annotator.formats.document import Document
from annotator.formats.losses import Losses
from annotator.formats.registry import export
from annotator.formats.writers.iob2 import outermost
from annotator.model.annotation import Span, State, Status, Work, sort_spans
from annotator.model.article import Article
from annotator.model.errors import AnnotatorError

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1)


def exported(docs: list[Document], folder: Path, **options: object) -> tuple[str, str, Losses]:
    path = folder / "out.iob2"
    losses = export("iob2", docs, news(), path, Options(**options))
    side = folder / "out.iob2.offsets.tsv"
    return path.read_text("utf-8"), side.read_text("utf-8"), losses


def one(text: str, *spans: Span, ident: str = "a", **work: object) -> list[Document]:
    work = {"looked": frozenset({"entities"}), **work}
    return [Document(Article(ident, text), (Work(ident, "anna", sort_spans(spans), **work),))]


def entities(iob2: str) -> list[tuple[str, str]]:
    """Labels and tokens of the entities, read independently of the writer."""
    found: list[tuple[str, list[str]]] = []
    inside = ""
    for line in iob2.split("\n"):
        token, _, _, tag = line.split(" ") if line else ("", "", "", "O")
        if tag.startswith("B-"):
            found.append((tag[2:], [token]))
        elif tag.startswith("I-"):
            assert inside == tag[2:], "I- follows nothing"
            found[-1][1].append(token)
        inside = tag[2:] if tag != "O" else ""
    return [(label, " ".join(tokens)) for label, tokens in found]


def test_bytes_are_kept(tmp_path):
    data, side, losses = exported(documents(), tmp_path)
    check_golden("entities.iob2", data.encode())
    check_golden("entities.iob2.offsets.tsv", side.encode())
    check_golden("entities.losses.txt", ("\n".join(losses.lines()) + "\n").encode())


def test_each_entity_goes_out_with_its_tokens(tmp_path):
    data, _, losses = exported(documents(), tmp_path)
    assert entities(data) == [
        ("LOC", "Лом"),
        ("PER", "Йоан Петров\u0438\u0306"),
        ("ORG", "Институтът по мостове към Университета на Видин"),
        ("ORG", "« Строй & Син »"),
        ("LOC", "Лом"),
        ("ORG", "Мэрия Северного Порта"),
        ("PER", "Анна Ким"),
        ("LOC", "Ost \u00ad hafen"),
    ]
    assert losses["nested entity"] == 2
    assert losses["token cut"] == 2, "Анти-|Лом|ският"
    assert losses["article without decisions in entities"] == 1
    assert losses.written["entities"] == 8


def test_offsets_lead_back_to_the_text(tmp_path):
    data, side, _ = exported(documents(), tmp_path)
    rows = [line.split("\t") for line in side.splitlines()]
    assert rows[0] == ["doc", "sent", "tok", "start", "end"]
    texts = {"bridge": BRIDGE, "harbour#1": HARBOUR}
    surfaces = [texts[doc][int(start) : int(end)] for doc, _, _, start, end in rows[1:]]
    tokens = [line.split(" ")[0] for line in data.split("\n") if line]
    assert surfaces == [token for token in tokens if token != "-DOCSTART-"]
    numbers = [(int(sent), int(tok)) for _, sent, tok, _, _ in rows[1:]]
    for before, after in pairwise(numbers):
        assert after in ((before[0], before[1] + 1), (before[0] + 1, 1), (1, 1))


def test_the_only_annotator_is_taken_and_of_several_one_must_be_chosen(tmp_path):
    with pytest.raises(AnnotatorError, match=r"'bridge' .*anna, boris.*choose"):
        exported(several(), tmp_path)
    assert list(tmp_path.iterdir()) == []
    data, _, losses = exported(several(), tmp_path, annotator="boris")
    assert entities(data) == [("LOC", "Видин")]
    assert losses["article skipped by its annotator"] == 1
    assert losses["article without decisions of boris in entities"] == 1
    assert losses["article exported though entities is not finished"] == 1
    assert losses["decisions of another annotator"] == 1
    assert losses.written["articles by boris"] == 1


def test_not_looked_at_is_not_nothing_there(tmp_path):
    text = "Нищо тук."
    looked, _, _ = exported(one(text), tmp_path)
    assert looked.count(" O\n") == 4
    unlooked, _, losses = exported(one(text, looked=frozenset()), tmp_path)
    assert unlooked == ""
    assert losses["article without decisions in entities"] == 1


def test_another_layer_can_be_chosen_and_must_exist(tmp_path):
    data, _, losses = exported(documents(), tmp_path, layer="boilerplate")
    assert ("nav", "Обратно в сайта") in entities(data)
    assert losses.facts["layer"] == "boilerplate"
    with pytest.raises(AnnotatorError, match="no span layer 'x'; it has: boilerplate, entities"):
        exported(documents(), tmp_path, layer="x")


def test_longest_wins_and_the_rest_is_listed():
    def make(start: int, end: int, label: str = "PER") -> Span:
        return Span(f"{start}{end}{label}", "entities", label, start, end)

    kept, lost = outermost([make(0, 5), make(2, 9), make(9, 10), make(2, 9, "ORG"), make(3, 4)])
    assert [(s.start, s.end, s.label) for s in kept] == [(2, 9, "ORG"), (9, 10, "PER")]
    assert [(s.start, s.end) for s in lost] == [(0, 5), (2, 9), (3, 4)]


def test_an_entity_of_nothing_but_space_has_no_token(tmp_path):
    data, _, losses = exported(one("а  б", Span("s", "entities", "PER", 1, 3)), tmp_path)
    assert entities(data) == []
    assert losses["entity without a token"] == 1
    assert "entities" not in losses.written


def test_control_characters_do_not_break_columns(tmp_path):
    text = "едно \x1c две\x85три x\x1dy\u2028край\x0b. https://a\x1eb.example"
    data, side, losses = exported(one(text, Span("s", "entities", "PER", 5, 6)), tmp_path)
    body = data.split("\n")[2:]
    assert all(len(line.split()) == 4 for line in body if line)
    assert len(data.splitlines()) == data.count("\n")
    assert len(side.splitlines()) - 1 == sum(1 for line in body if line)
    assert losses["entity without a token"] == 1
    assert losses["control character written as U+FFFD"] == data.count("\ufffd")


def test_a_label_with_a_space_is_refused(tmp_path):
    with pytest.raises(AnnotatorError, match="'A B'"):
        exported(one("Лом", Span("s", "entities", "A B", 0, 3)), tmp_path)


def test_odd_ids_keep_the_side_file_in_shape(tmp_path):
    docs = one("Лом", ident="a\tb\nc\\d")
    _, side, _ = exported(docs, tmp_path)
    assert side.split("\n")[1] == r"a\tb\nc\\d" + "\t1\t1\t0\t3"


def test_a_done_article_without_looking_is_finished(tmp_path):
    docs = one("Лом", looked=frozenset(), status=Status(State.DONE))
    _, _, losses = exported(docs, tmp_path)
    assert not losses


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data(), text=TEXTS.filter(lambda t: not t.isspace()))
def test_any_flat_entities_come_back_from_the_side_file(tmp_path, data, text):
    edges = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=6)))
    pairs = list(zip(edges[::2], edges[1::2], strict=False))
    spans = [Span(f"s{n}", "entities", "PER", s, e) for n, (s, e) in enumerate(pairs)]
    iob2, side, losses = exported(one(text, *spans), tmp_path)
    tags = [line.split(" ")[3] for line in iob2.split("\n")[2:] if line]
    places = [tuple(map(int, row.split("\t")[3:])) for row in side.split("\n")[1:-1]]
    assert len(tags) == len(places)
    found: list[list[int]] = []
    for tag, (start, end) in zip(tags, places, strict=True):
        if tag == "B-PER":
            found.append([start, end])
        elif tag == "I-PER":
            found[-1][1] = end
    # An entity comes back but for white space at its edges, which no token holds.
    assert len(found) == losses.written.get("entities", 0)
    wanted = [(s, e) for s, e in pairs if any(s <= a and b <= e for a, b in places)]
    for (start, end), (first, last) in zip(wanted, found, strict=True):
        assert start <= first < last <= end
        assert not text[start:first].strip()
        assert not text[last:end].strip()


def test_an_attribute_is_listed_as_lost(tmp_path):
    losses = exported(documents(), tmp_path)[2]
    assert losses["attribute lemma"] == losses["attribute xid"] == 1
    assert losses["attribute uncertain"] == 1
    assert losses["stance"] == 4
    assert losses["note or flag"] == 2
    assert losses["span of layer boilerplate"] == 5
