"""What agreement counts of one article: who counts, what is counted, and what changes nothing."""

import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.gold.agreement.counting import NOT_FINISHED, SKIPPED, compared, count, layer_kinds
from annotator.gold.agreement.marks import Marks, Said, marks_of, marks_of_heads
from annotator.gold.agreement.report import Kind
from annotator.gold.agreement.span_scores import count_spans
from annotator.model.annotation import (
    Evidence,
    Note,
    Party,
    Span,
    Stance,
    State,
    Status,
    Work,
    looked_key,
    sort_spans,
)
from annotator.model.errors import AnnotatorError
from annotator.model.scheme_file import preset

KINDS = layer_kinds(preset("news"))
LENGTH = 200
TEXT = "x" * LENGTH


def marks(actor, spans=(), stances=None, state="done", looked=()):
    """Marks of spans given as (layer, start, end, label) and stances as {target: label}."""
    layers = {}
    for layer, *stretch in sorted(spans):
        layers.setdefault(layer, []).append(tuple(stretch))
    said = {(target, "author:"): Said(label, ()) for target, label in (stances or {}).items()}
    return Marks(actor, layers, said, frozenset(looked), state)


def layer(counts, name):
    return counts["layers"][name]


def test_the_layers_of_the_presets():
    assert [(each.name, each.kind) for each in KINDS] == [
        ("boilerplate", Kind.BLOCKS),
        ("entities", Kind.SPANS),
        ("stance", Kind.STANCE),
    ]
    assert KINDS[2].scale == ("AGAINST", "NEUTRAL", "FAVOR")
    assert KINDS[2].absent == "NONE"
    assert layer_kinds(preset("minimal"))[2].scale == (), "two sides are no scale"


def test_only_who_finished_counts_and_the_others_say_why():
    counts = count(
        LENGTH,
        KINDS,
        [
            marks("ana", [("entities", 0, 5, "PER")]),
            marks("iva", looked=["entities"], state=""),
            marks("petr", [("entities", 0, 5, "PER")], state=""),
            marks("zoe", [("entities", 0, 5, "PER")], state="skipped", looked=["entities"]),
        ],
    )
    found = layer(counts, "entities")
    assert found["done"] == ["ana", "iva"]
    assert found["out"] == {"petr": NOT_FINISHED, "zoe": SKIPPED}
    assert list(found["pairs"]) == ["ana:iva"]
    assert found["pairs"]["ana:iva"]["all"] == [1, 0, 0, 0, 0, 0]
    assert layer(counts, "stance")["done"] == ["ana"], "iva looked at the entities only"


def test_finished_with_nothing_is_not_the_same_as_not_begun():
    ana = marks("ana", [("entities", 0, 5, "PER")])
    nothing = layer(count(LENGTH, KINDS, [ana, marks("iva")]), "entities")
    absent = layer(count(LENGTH, KINDS, [ana]), "entities")
    undone = layer(count(LENGTH, KINDS, [ana, marks("iva", state="")]), "entities")
    assert (nothing["done"], absent["done"]) == (["ana", "iva"], ["ana"])
    assert nothing["pairs"]
    assert not absent["pairs"]
    assert undone == absent, "who took everything back has not begun"


def test_passes_are_compared_with_the_persons_own_and_training_with_nothing():
    spans = [("entities", 0, 5, "PER")]
    actors = ("iva", "iva #2", "iva #10", "iva #training", "ana", "petr #2")
    found = layer(count(LENGTH, KINDS, [marks(actor, spans) for actor in actors]), "entities")
    assert found["done"] == ["ana", "iva"]
    assert found["again"] == [["iva", "iva", "iva #2"], ["iva", "iva #2", "iva #10"]]
    assert sorted(found["pairs"]) == ["ana:iva", "iva #2:iva #10", "iva:iva #2"]
    assert "training" not in json.dumps(count(LENGTH, KINDS, [marks(a, spans) for a in actors]))


def test_stances_are_items_and_evidence_counts_where_both_said_the_same():
    ana = Marks("ana", {}, {("t:a", "h:"): Said("FAVOR", ((0, 10),)),
                            ("t:b", "h:"): Said("AGAINST", ((20, 30),))}, frozenset(), "done")  # fmt: skip
    iva = Marks("iva", {}, {("t:a", "h:"): Said("FAVOR", ((5, 10), (40, 50))),
                            ("t:b", "h:"): Said("FAVOR", ((20, 30),))}, frozenset(), "done")  # fmt: skip
    found = layer(count(LENGTH, KINDS, [iva, ana]), "stance")
    assert found["items"] == [
        [["ana", "AGAINST"], ["iva", "FAVOR"]],
        [["ana", "FAVOR"], ["iva", "FAVOR"]],
    ]
    assert found["evidence"] == {"ana:iva": [10, 15, 5, 1, 2, 0, 1]}
    assert found["shown"] == {"ana": [2, 2], "iva": [2, 2]}


@given(
    st.tuples(st.integers(0, 50), st.integers(1, 50)),
    st.tuples(st.integers(0, 50), st.integers(1, 50)),
)
def test_one_piece_of_evidence_is_compared_as_several_are(one, two):
    """The short way for single pieces gives what the long way gives."""
    ours, theirs = (one[0], sum(one)), (two[0], sum(two))
    far = (150, 160)

    def evidence(mine, yours):
        each = [
            Marks(actor, {}, {("t:", "h:"): Said("FAVOR", places)}, frozenset(), "done")
            for actor, places in (("ana", mine), ("iva", yours))
        ]
        return layer(count(LENGTH, KINDS, each), "stance")["evidence"]["ana:iva"]

    short, long = evidence((ours,), (theirs,)), evidence((ours, far), (theirs, far))
    assert [b - a for a, b in zip(short, long, strict=True)] == [10, 10, 10, 1, 1, 1, 0]


SPAN = st.builds(
    lambda layer, start, length, label: (layer, start, start + length, label),
    st.sampled_from(["entities", "boilerplate"]),
    st.integers(0, 150),
    st.integers(1, 40),
    st.sampled_from(["PER", "ORG", "nav"]),
)


STRETCHES = st.lists(st.tuples(st.integers(0, 8), st.integers(9, 14), st.sampled_from("AB")))


@given(STRETCHES, STRETCHES)
def test_the_short_way_for_equal_spans_gives_what_the_matching_gives(a, b):
    assert compared(a, b) == count_spans(a, b)
    assert compared(a, b).facts() == count_spans(a, b).facts()


@settings(max_examples=60)
@given(st.lists(st.lists(SPAN, max_size=8), min_size=2, max_size=4), st.integers(0, 999))
def test_no_order_of_spans_or_annotators_changes_anything(works, seed):
    rng = random.Random(seed)
    everybody = [
        Work(
            "a",
            name,
            sort_spans(Span(f"{i}", *(s[0], s[3], s[1], s[2])) for i, s in enumerate(spans)),
            status=Status(State.DONE),
        )
        for name, spans in zip(("ana", "iva", "petr", "zoe"), works, strict=False)
    ]
    plain = json.dumps(count(LENGTH, KINDS, map(marks_of, everybody)))
    mixed = []
    for work in rng.sample(everybody, len(everybody)):
        heads = [(s.key, "", "span", s.body(TEXT)) for s in work.spans]
        heads.append(("status:x:a", "", "status", work.status.body()))
        rng.shuffle(heads)
        mixed.append(marks_of_heads(work.actor, heads))
    assert json.dumps(count(LENGTH, KINDS, mixed)) == plain


def test_marks_from_heads_are_those_from_the_work():
    span = Span("1", "entities", "PER", 3, 9, {"lemma": "x"}, "ring")
    stance = Stance(
        Party("entity", "NATO"), "FAVOR", evidence=(Evidence(4, 9), Evidence(0, 3, "target"))
    )
    work = Work("a", "iva", (span,), (stance,), frozenset({"entities"}))
    heads = [
        (span.key, "2", "span", span.body(TEXT)),
        ("span:gone", "9", "span", None),
        (stance.key("iva", "a"), "3", "stance", stance.body(TEXT)),
        (looked_key("iva", "a", "entities"), "1", "looked", {"layer": "entities"}),
    ]
    made = marks_of_heads("iva", heads)
    assert made == marks_of(work, at="9")
    assert made.stances == {("entity:nato", "author:"): Said("FAVOR", ((4, 9),))}


def test_notes_and_attributes_change_nothing():
    spans = (Span("1", "entities", "PER", 3, 9),)
    plain = Work("a", "iva", spans, status=Status(State.DONE))
    noted = Work("a", "iva", (spans[0]._replace(attrs={"xid": "P-1"}, origin="ring"),),
                 notes=(Note("n", "doubtful", True, 3, 9),), status=Status(State.DONE, "", 77))  # fmt: skip
    assert marks_of(plain) == marks_of(noted)


@pytest.mark.parametrize("state", [State.NEW, State.STARTED, State.OPEN, State.SKIPPED])
def test_no_other_state_than_done_finishes(state):
    assert not marks_of(Work("a", "iva", status=Status(state))).finished("entities")


@pytest.mark.parametrize("kind", ["span", "stance", "status"])
def test_heads_that_make_no_sense_are_told_in_a_sentence(kind):
    with pytest.raises(AnnotatorError, match=r"iva decided makes no sense.*annotator check"):
        marks_of_heads("iva", [("x", "e1", kind, {"label": "PER"})])
