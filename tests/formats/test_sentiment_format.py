"""Structured sentiment: golden bytes, what its offsets cut out, what becomes of stances."""

import json
from typing import Any

import pytest
from formats_kit import exported
from formats_samples import check_golden, documents, find, news, several, span
from generated import generated
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.formats.document import Document
from annotator.formats.losses import Losses
from annotator.model.annotation import (
    Evidence,
    Party,
    Span,
    Stance,
    State,
    Status,
    Work,
    sort_spans,
)
from annotator.model.article import Article
from annotator.model.errors import AnnotatorError
from annotator.model.scheme_file import parse
from annotator.text.counting import Count

TEXT = (
    "Кметът на Лом обеща мост. „Лом чака от години“, каза Ана Ким. "
    "Ким не вярва на Петров; Петров мълчи."
)
AGAINST_PETROV = Stance(
    Party("entity", "Петров"),
    "AGAINST",
    Party("actor", "Q1"),
    evidence=(Evidence(*find(TEXT, "не вярва")),),
)


def of(*stances: Stance, spans: tuple[Span, ...] = (), text: str = TEXT) -> list[Document]:
    looked, status = frozenset({"stance"}), Status(State.DONE)
    work = Work("x", "anna", sort_spans(spans), stances, looked, status=status)
    return [Document(Article("x", text), (work,))]


def named() -> tuple[Span, ...]:
    return (
        span(TEXT, "entities", "LOC", "Лом"),
        span(TEXT, "entities", "LOC", "Лом", 1),
        span(TEXT, "entities", "PER", "Ана Ким", xid="Q1"),
        span(TEXT, "entities", "PER", "Ким", 1, xid="Q1"),
        span(TEXT, "entities", "PER", "Петров", 1),
        span(TEXT, "entities", "PER", "Петров"),
    )


def cut(text: str, start: int, end: int, count: Count) -> str:
    if count is Count.BYTES:
        return text.encode()[start:end].decode()
    if count is Count.UTF16:
        return text.encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le")
    return text[start:end]


def checked(data: bytes, count: Count = Count.CODE_POINTS) -> list[dict[str, Any]]:
    """The units, read as the task describes them: its fields, and offsets that cut the texts."""
    units = json.loads(data)
    assert len({unit["sent_id"] for unit in units}) == len(units)
    for unit in units:
        assert set(unit) == {"sent_id", "text", "opinions"}
        for opinion in unit["opinions"]:
            assert opinion["Polarity"] in ("Positive", "Negative", "Neutral")
            assert opinion["Intensity"] == "Standard"
            for role in ("Source", "Target", "Polar_expression"):
                texts, places = opinion[role]
                pairs = [tuple(map(int, place.split(":"))) for place in places]
                assert [cut(unit["text"], start, end, count) for start, end in pairs] == texts
    return units


def opinions(docs: list[Document], losses: Losses | None = None, **options: object) -> list[Any]:
    (unit,) = checked(exported("structured-sentiment", docs, losses, **options)[""])
    return unit["opinions"]


def test_bytes_are_kept():
    losses = Losses()
    data = exported("structured-sentiment", documents(), losses)[""]
    check_golden("sentiment.json", data)
    check_golden("sentiment.losses.txt", ("\n".join(losses.lines()) + "\n").encode())
    assert [unit["sent_id"] for unit in checked(data)] == ["bridge", "harbour#1"]


def test_the_check_finds_a_moved_offset():
    data = exported("structured-sentiment")[""]
    with pytest.raises(AssertionError):
        checked(data.replace(b'"80:86"', b'"80:85"'))
    assert b'"80:86"' in data


def test_nothing_at_all_is_an_empty_list():
    assert json.loads(exported("structured-sentiment", [])[""]) == []
    assert opinions(of()) == []


def test_holder_and_target_are_the_mentions_nearest_to_the_evidence():
    (opinion,) = opinions(of(AGAINST_PETROV, spans=named()))
    assert opinion == {
        "Source": [["Ким"], ["62:65"]],
        "Target": [["Петров"], ["78:84"]],
        "Polar_expression": [["не вярва"], ["66:74"]],
        "Polarity": "Negative",
        "Intensity": "Standard",
    }


def test_evidence_of_the_role_target_is_the_target():
    evidence = (Evidence(*find(TEXT, "мост"), "target"), Evidence(*find(TEXT, "обеща"), "cue"))
    stance = Stance(Party("proposition", "Мост до 2030"), "FAVOR", evidence=evidence)
    losses = Losses()
    (opinion,) = opinions(of(stance), losses)
    assert opinion["Target"] == [["мост"], ["20:24"]]
    assert opinion["Polar_expression"] == [["обеща"], ["14:19"]]
    assert opinion["Source"] == [[], []]
    assert not losses


def test_a_name_is_known_by_identity_lemma_or_form():
    text = "Путин срещна Рене. С Путиным дойде Рене Х."
    spans = (
        span(text, "entities", "PER", "Путиным"),
        span(text, "entities", "PER", "Рене", xid="Q2"),
        span(text, "entities", "PER", "Рене Х.", lemma="Рената", xid="Q3"),
    )
    wanted = {"Путин": ["Путиным"], "q2": ["Рене"], "рената": ["Рене Х."], "Иван": []}
    for name, texts in wanted.items():
        docs = of(Stance(Party("entity", name), "FAVOR"), spans=spans, text=text)
        (opinion,) = opinions(docs)
        assert opinion["Target"][0] == texts, name


def test_polarities_and_what_is_no_opinion():
    labels = ("FAVOR", "AGAINST", "NEUTRAL", "MIXED", "NONE", "ODD")
    stances = [Stance(Party("entity", label), label) for label in labels]
    losses = Losses()
    got = [opinion["Polarity"] for opinion in opinions(of(*stances), losses)]
    assert sorted(got) == ["Negative", "Neutral", "Neutral", "Positive"]
    assert losses["MIXED written as Neutral"] == 1
    assert losses["stance NONE, which is no opinion"] == 1
    assert losses["stance ODD, which the task does not know"] == 1
    assert losses["target without a place in the text"] == 4
    assert losses["opinion without an expression in the text"] == 4
    assert losses.written["Neutral opinions"] == 2


def test_a_renamed_value_is_known_by_its_earlier_name():
    scheme = parse(
        news().toml.replace(
            '{ name = "FAVOR", key = "f", color = "green"',
            '{ name = "FAVOR", retired = true, into = ["PRO"], color = "green", title = "Old" },\n'
            '{ name = "PRO", key = "f", color = "green"',
        )
    )
    docs = of(Stance(Party("entity", "Лом"), "PRO"))
    (unit,) = json.loads(exported("structured-sentiment", docs, None, scheme)[""])
    assert unit["opinions"][0]["Polarity"] == "Positive"


def test_what_an_opinion_has_no_place_for_is_counted():
    losses = Losses()
    stance = AGAINST_PETROV._replace(confidence=1, note="май", holder=Party("unknown"))
    opinions(of(stance, spans=named()), losses)
    assert losses["basis, confidence or note of a stance"] == 1
    assert losses["holder without a place in the text"] == 1
    assert losses["span of layer entities"] == 6


@settings(max_examples=60)
@given(
    doc=generated(attrs=False), count=st.sampled_from([Count.CODE_POINTS, Count.UTF16, Count.BYTES])
)
def test_offsets_hold_in_every_count(doc, count):
    (work,) = doc.works
    stances = tuple(
        Stance(Party("entity", str(n)), "FAVOR", evidence=(Evidence(s.start, s.end),))
        for n, s in enumerate(work.spans)
    )
    marked = Work(work.article, work.actor, work.spans, stances, frozenset({"stance"}))
    data = exported("structured-sentiment", [Document(doc.article, (marked,))], offsets=count)[""]
    (unit,) = checked(data, count)
    got = [opinion["Polar_expression"][0] for opinion in unit["opinions"]]
    assert got == [[doc.article.text[s.start : s.end]] for s in work.spans]


def test_one_annotator_is_chosen():
    with pytest.raises(AnnotatorError, match="choose one"):
        docs = several()
        boris = Work("bridge", "boris", stances=(AGAINST_PETROV._replace(evidence=()),))
        exported("structured-sentiment", [Document(docs[0].article, (docs[0].works[0], boris))])
    data = exported("structured-sentiment", several(), annotator="anna")[""]
    assert len(checked(data)) == 2


def test_a_scheme_without_stances_is_refused():
    toml = news().toml
    start = toml.index('[[layers]]\nname = "stance"')
    scheme = parse(toml[:start])
    with pytest.raises(AnnotatorError, match="has no stance layer"):
        exported("structured-sentiment", documents(), None, scheme)
