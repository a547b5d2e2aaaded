"""Decisions and events: bodies that come back as they went, keys, the clock, the hash chain."""

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.model.annotation import (
    AUTHOR,
    QUOTE_LIMIT,
    Evidence,
    Kind,
    Note,
    Party,
    Span,
    Stance,
    State,
    Status,
    looked_key,
    quote,
    quote_holds,
    sort_spans,
    valid_name,
)
from annotator.model.article import Article, text_sha256, unstorable
from annotator.model.errors import AnnotatorError
from annotator.model.event import FIRST_ID, Clock, canonical, chain_hash, event_time

STORABLE = st.characters(exclude_categories=("Cs",), exclude_characters="\0")
NAMES = st.text(STORABLE, max_size=30)
TEXTS = st.text(STORABLE, min_size=1, max_size=QUOTE_LIMIT * 2)


@st.composite
def stretches(draw):
    """A text and a stretch of it."""
    text = draw(TEXTS)
    start = draw(st.integers(0, len(text) - 1))
    return text, start, draw(st.integers(start + 1, len(text)))


def through_json(body):
    """A body as it comes back from the log."""
    return json.loads(canonical(body))


# --- quotes --------------------------------------------------------------------------------------


@given(stretches())
def test_a_quote_holds_in_its_text_alone(case):
    text, start, end = case
    body = through_json(quote(text, start, end))
    assert quote_holds(body, text)
    assert ("text" in body) == (end - start <= QUOTE_LIMIT)
    other = "\u2603" if text[start] != "\u2603" else "x"
    assert not quote_holds(body, text[:start] + other + text[start + 1 :])
    assert not quote_holds(body, text[: end - 1])


@pytest.mark.parametrize("length", [QUOTE_LIMIT, QUOTE_LIMIT + 1])
def test_long_surfaces_are_quoted_by_hash(length):
    text = "я" * 300
    body = quote(text, 0, length)
    if length == QUOTE_LIMIT:
        assert body == {"start": 0, "end": length, "text": "я" * length}
    else:
        digest = hashlib.sha256(("я" * length).encode()).hexdigest()
        assert body == {"start": 0, "end": length, "sha256": digest}


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (2, 2), (3, 2), (0, 6), (5, 6)])
def test_offsets_outside_the_text_are_refused(start, end):
    with pytest.raises(AnnotatorError, match=f"Offsets {start}-{end} do not lie in a text of 5"):
        quote("12345", start, end)
    assert not quote_holds({"start": start, "end": end, "text": "12345"[start:end]}, "12345")


@pytest.mark.parametrize(
    "body", [{}, {"start": 0}, {"start": "0", "end": "1"}, {"start": 0, "end": 1}]
)
def test_a_body_without_proof_does_not_hold(body):
    assert not quote_holds(body, "12345")


# --- bodies --------------------------------------------------------------------------------------


@given(stretches(), NAMES, NAMES, st.dictionaries(NAMES, NAMES | st.booleans()), NAMES)
def test_a_span_comes_back(case, layer, label, attrs, origin):
    text, start, end = case
    span = Span("a1", layer, label, start, end, attrs, origin)
    assert Span.of(span.key, through_json(span.body(text))) == span


def test_a_plain_span_has_a_plain_body():
    assert Span("a1", "entities", "LOC", 2, 7).body("В София.") == {
        "layer": "entities",
        "label": "LOC",
        "start": 2,
        "end": 7,
        "text": "София",
    }
    assert Span("a1", "entities", "LOC", 2, 7).key == "span:a1"


@given(stretches(), NAMES, NAMES, st.sampled_from([1, 2, 3]), NAMES, NAMES)
def test_a_stance_comes_back(case, target, holder, confidence, label, note):
    text, start, end = case
    stance = Stance(
        Party("proposition", target),
        label,
        Party("quoted", holder),
        "quoted",
        confidence,
        (Evidence(start, end), Evidence(0, 1, "cue")),
        note,
    )
    assert Stance.of(through_json(stance.body(text))) == stance


def test_a_stance_of_the_author_without_evidence_comes_back():
    stance = Stance(Party("entity", "Дунав"), "NONE")
    assert Stance.of(through_json(stance.body(""))) == stance
    assert stance.holder == AUTHOR


def test_evidence_outside_the_text_is_refused():
    with pytest.raises(AnnotatorError, match="do not lie"):
        Stance(AUTHOR, "FAVOR", evidence=(Evidence(3, 9),)).body("short")


@given(stretches(), NAMES, st.booleans(), st.booleans())
def test_a_note_comes_back(case, note, flag, placed):
    text, start, end = case
    place = (start, end) if placed else (None, None)
    value = Note("n1", note, flag, *place)
    assert Note.of(value.key, through_json(value.body(text))) == value
    assert value.key == "note:n1"


@given(st.sampled_from(State), NAMES, st.integers(0, 10**6))
def test_a_status_comes_back(state, reason, seconds):
    status = Status(state, reason, seconds)
    assert Status.of(through_json(status.body())) == status


# --- keys ----------------------------------------------------------------------------------------


def test_one_stance_per_target_holder_annotator_and_article():
    stance = Stance(Party("entity", "Истрос Мост"), "FAVOR")
    key = stance.key("eli", "a:1")
    assert key.endswith(":eli:a:1")
    assert Stance(Party("entity", "истрос мост"), "AGAINST").key("eli", "a:1") == key
    others = {
        Stance(Party("proposition", "Истрос Мост"), "FAVOR").key("eli", "a:1"),
        Stance(Party("entity", "Истрос"), "FAVOR").key("eli", "a:1"),
        Stance(stance.target, "FAVOR", Party("quoted", "Гочев")).key("eli", "a:1"),
        stance.key("ivo", "a:1"),
        stance.key("eli", "a:2"),
    }
    assert len(others) == 5
    assert key not in others


def test_target_and_holder_do_not_run_into_each_other():
    one = Stance(Party("entity", "a"), "FAVOR", Party("quoted", "b:c"))
    two = Stance(Party("entity", "a:b"), "FAVOR", Party("quoted", "c"))
    assert one.key("eli", "1") != two.key("eli", "1")


def test_keys_are_fixed_for_good():
    """Keys are stored; a change here would part old versions of a thing from new ones."""
    assert (
        Stance(Party("entity", "Дунав"), "FAVOR").key("eli", "a1")
        == "stance:0ed98a966265bcce:eli:a1"
    )
    assert Status.key("eli", "a1") == "status:eli:a1"
    assert looked_key("eli", "a1", "entities") == "looked:entities:eli:a1"


def test_spans_are_sorted_by_start_then_longest_first():
    spans = [
        Span("2", "b", "X", 0, 5),
        Span("1", "b", "X", 0, 5),
        Span("3", "a", "Z", 0, 5),
        Span("4", "b", "X", 0, 9),
        Span("5", "b", "A", 0, 5),
        Span("6", "b", "X", 1, 2),
    ]
    assert [span.id for span in sort_spans(spans)] == ["4", "3", "5", "1", "2", "6"]


@pytest.mark.parametrize("name", ["eli", "Ива Петрова", "李", "a" * 64, "o'neil@host"])
def test_names_of_people_are_taken(name):
    assert valid_name(name) == name


@pytest.mark.parametrize(
    "name",
    ["", "a" * 65, "a:b", " eli", "eli ", "a\nb", "a\tb", "a\x1b[31m", "\u202eeli", "\ud800"],
)
def test_names_that_would_do_harm_are_refused(name):
    with pytest.raises(AnnotatorError, match="cannot be an annotator's name") as caught:
        valid_name(name)
    assert str(caught.value).isprintable()


# --- articles ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "the text is empty"),
        (" \r\n\u00a0\u3000", "the text is empty"),
        ("ab\0c", "NUL character at offset 2"),
        ("😀\ud83d", "lone surrogate U+D83D at offset 1"),
        ("x", ""),
        ("\ufeffa\r\n\x1b[31m\u202e\U000e0001", ""),
    ],
)
def test_only_what_cannot_be_stored_exactly_is_refused(text, reason):
    assert unstorable(text) == reason


def test_an_article_is_known_by_its_bytes():
    assert Article("1", "ж").sha256 == hashlib.sha256("ж".encode()).hexdigest() == text_sha256("ж")
    assert Article("1", "é").sha256 != Article("1", "e\u0301").sha256


# --- events --------------------------------------------------------------------------------------


@given(st.lists(st.floats(0, 4e9), min_size=1, max_size=60))
def test_ids_rise_whatever_the_clock_does(times):
    ticks = iter(times)
    clock = Clock(lambda: next(ticks))
    ids = [clock.next() for _ in times]
    assert ids == sorted(set(ids))


def test_ids_rise_within_one_millisecond():
    clock = Clock(lambda: 1_700_000_000.0)
    ids = [clock.next() for _ in range(5_000)]
    assert ids == sorted(set(ids))


def test_an_id_is_a_uuid7_that_tells_its_time():
    made = Clock(lambda: 1_700_000_000.123).next()
    assert [len(part) for part in made.split("-")] == [8, 4, 4, 4, 12]
    assert made[14] == "7"
    assert made[19] in "89ab"
    assert abs(event_time(made) - 1_700_000_000.123) < 0.002


@given(st.integers(0, 2**48 - 2), st.integers(0, 2**74 - 1))
def test_an_id_never_falls_behind_one_that_was_seen(milliseconds, counter):
    low = counter & (2**62 - 1)
    digits = f"{milliseconds << 80 | 7 << 76 | (counter >> 62) << 64 | 2 << 62 | low:032x}"
    seen = "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
    clock = Clock(lambda: 1_700_000_000.0)
    clock.seen(seen)
    clock.seen(FIRST_ID)
    made = [clock.next() for _ in range(3)]
    assert [seen, *made] == sorted({seen, *made})
    assert {(one[14], one[19] in "89ab") for one in made} == {("7", True)}


def test_a_full_counter_carries_into_the_next_millisecond():
    clock = Clock(lambda: 0.0)
    clock.seen("00000000-0005-7fff-bfff-ffffffffffff")
    assert clock.next().startswith("00000000-0006-7")


def test_canonical_json_has_one_spelling():
    assert canonical({"б": 1, "a": ["ж", None, True]}) == '{"a":["ж",null,true],"б":1}'
    assert canonical({"a": 1, "b": 2}) == canonical({"b": 2, "a": 1})
    assert canonical(None) == "null"


FIELDS = ("id-1", "writer-1", 1, "eli", "a1", "span:x", "", "act-1", "label", "", "span", "{}")


def test_the_chain_hash_is_fixed_for_good():
    """Stored logs are checked against it, so that its spelling can never change."""
    line = '["","id-1","writer-1",1,"eli","a1","span:x","","act-1","label","","span","{}"]'
    assert chain_hash("", FIELDS) == hashlib.sha256(line.encode()).hexdigest()
    assert chain_hash("", FIELDS) == GOLDEN_HASH


GOLDEN_HASH = "ee7b0c0fdb5aab91202441194aa2fae5e273330a43690c4c8545d57d4cf1352d"


@pytest.mark.parametrize("at", range(len(FIELDS)))
def test_every_field_counts_in_the_chain_hash(at):
    altered = (*FIELDS[:at], 2 if at == 2 else f"{FIELDS[at]}x", *FIELDS[at + 1 :])
    assert chain_hash("", altered) != chain_hash("", FIELDS)


def test_the_chain_hash_covers_the_past_and_the_borders_between_fields():
    assert chain_hash("0" * 64, FIELDS) != chain_hash("", FIELDS)
    assert chain_hash("", ("a", "bc")) != chain_hash("", ("ab", "c"))
    assert chain_hash("a", ("b",)) != chain_hash("", ("a", "b"))


def test_kinds_are_stored_by_their_names():
    assert [str(kind) for kind in Kind] == [
        "span",
        "stance",
        "looked",
        "status",
        "note",
        "rejection",
        "suggestion",
        "rule",
        "split",
        "person",
        "slot",
        "pool",
        "round",
        "guidelines",
        "decision",
        "release",
        "withdrawal",
        "successor",
        "feedback",
        "assistance",
        "shown",
        "time",
        "scheme",
        "session",
    ]
