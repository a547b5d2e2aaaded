"""An annotator's work beside gold: every way to differ, signed edges, and counts that add up."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.gold.agreement.span_scores import Measure, count_spans
from annotator.gold.comparison import Comparison, Counts, Edges, Outcome, compare
from annotator.model.annotation import (
    AUTHOR,
    Evidence,
    Party,
    Span,
    Stance,
    State,
    Status,
    Work,
    sort_spans,
)
from annotator.model.scheme_file import preset

NEWS = preset("news")
ALL = frozenset({"boilerplate", "entities", "stance"})
DONE = Status(State.DONE)

Stretch = tuple[int, int, str]


def entities(*places: Stretch, layer: str = "entities") -> tuple[Span, ...]:
    return sort_spans(
        Span(f"s{n}", layer, label, start, end) for n, (start, end, label) in enumerate(places)
    )


def work(*places: Stretch, stances: tuple[Stance, ...] = (), **more: object) -> Work:
    made = Work("a", "iva", entities(*places), stances, frozenset(), status=DONE)
    return replace(made, **more)  # type: ignore[arg-type]


def gold(*places: Stretch, stances: tuple[Stance, ...] = (), looked: frozenset[str] = ALL) -> Work:
    return Work("a", "gold", entities(*places), stances, looked, status=DONE)


def beside(own: Work, true: Work) -> Comparison:
    return compare(own, true, NEWS)


def outcomes(found: Comparison) -> list[str]:
    return [str(pair.outcome) for pair in (*found.spans, *found.stances)]


@pytest.mark.parametrize(
    ("own", "outcome", "edges"),
    [
        ((10, 20, "ORG"), Outcome.SAME, (0, 0)),
        ((10, 20, "PER"), Outcome.LABEL, (0, 0)),
        ((6, 20, "ORG"), Outcome.EDGES, (4, 0)),  # too wide at the start
        ((13, 20, "ORG"), Outcome.EDGES, (-3, 0)),  # too narrow at the start
        ((10, 25, "ORG"), Outcome.EDGES, (0, 5)),  # too wide at the end
        ((10, 18, "ORG"), Outcome.EDGES, (0, -2)),  # too narrow at the end
        ((8, 17, "ORG"), Outcome.EDGES, (2, -3)),  # moved to the left
        ((12, 30, "LOC"), Outcome.BOTH, (-2, 10)),
    ],
)
def test_a_span_beside_its_gold_span(
    own: Stretch, outcome: Outcome, edges: tuple[int, int]
) -> None:
    (pair,) = beside(work(own), gold((10, 20, "ORG"))).spans
    assert pair.outcome is outcome
    assert pair.edges == edges
    assert pair.place == (min(10, own[0]), max(20, own[1]))


def test_what_is_missed_and_what_is_not_gold_have_no_partner() -> None:
    found = beside(work((30, 40, "LOC")), gold((10, 20, "ORG")))
    missed, extra = found.spans
    assert (missed.outcome, missed.own, missed.gold.label) == (Outcome.MISSED, None, "ORG")  # type: ignore[union-attr]
    assert (extra.outcome, extra.gold, extra.own.label) == (Outcome.EXTRA, None, "LOC")  # type: ignore[union-attr]
    assert missed.edges == extra.edges == (0, 0)


def test_spans_that_touch_do_not_match() -> None:
    found = beside(work((10, 20, "ORG")), gold((20, 30, "ORG")))
    assert outcomes(found) == ["extra", "missed"]


def test_layers_are_compared_by_themselves() -> None:
    own = work()
    own = replace(own, spans=entities((0, 5, "nav"), layer="boilerplate"))
    found = beside(own, gold((0, 5, "PER")))
    assert [(pair.layer, pair.outcome) for pair in found.spans] == [
        ("boilerplate", Outcome.EXTRA),
        ("entities", Outcome.MISSED),
    ]


@pytest.mark.parametrize(
    ("own", "looked", "layers"),
    [
        (work((0, 5, "PER")), ALL, ("boilerplate", "entities", "stance")),
        (work((0, 5, "PER")), frozenset({"entities"}), ("entities",)),
        (work((0, 5, "PER"), status=Status(State.STARTED)), ALL, ()),
        (
            work((0, 5, "PER"), status=Status(State.STARTED), looked=frozenset({"entities"})),
            ALL,
            ("entities",),
        ),
        (work((0, 5, "PER"), status=Status(State.SKIPPED, "not news")), ALL, ()),
        (work(), ALL, ("boilerplate", "entities", "stance")),  # finished with nothing
    ],
)
def test_only_what_is_gold_and_finished_is_compared(
    own: Work, looked: frozenset[str], layers: tuple[str, ...]
) -> None:
    found = beside(own, gold((0, 5, "PER"), looked=looked))
    assert found.layers == layers
    assert set(found.counts()) == set(layers)


def stance(name: str, label: str, *evidence: tuple[int, int]) -> Stance:
    places = tuple(Evidence(*each) for each in evidence)
    return Stance(Party("entity", name), label, AUTHOR, evidence=places)


def test_stances_are_the_same_different_missing_or_extra() -> None:
    own = work(
        stances=(stance("Anna", "FAVOR"), stance("BORIS", "FAVOR"), stance("Clara", "MIXED"))
    )
    true = gold(
        stances=(
            stance("Anna", "FAVOR", (3, 9)),
            stance("Boris", "AGAINST", (20, 30), (5, 9)),
            stance("Deniz", "FAVOR"),
        )
    )
    found = beside(own, true)
    assert [(p.outcome, (p.gold or p.own).target.name) for p in found.stances] == [  # type: ignore[union-attr]
        (Outcome.SAME, "Anna"),
        (Outcome.LABEL, "Boris"),
        (Outcome.EXTRA, "Clara"),
        (Outcome.MISSED, "Deniz"),
    ]
    assert [pair.place for pair in found.stances] == [(3, 9), (5, 30), (0, 0), (0, 0)]
    assert found.alike == 1
    assert len(found.differences) == 3


def test_a_value_that_says_not_discussed_is_no_stance() -> None:
    layer = NEWS.stance_layer
    assert layer is not None
    assert layer.absent
    said = (stance("Anna", layer.absent),)
    assert beside(work(stances=said), gold()).stances == ()
    assert beside(work(), gold(stances=said)).stances == ()
    found = beside(work(stances=said), gold(stances=(stance("Anna", "FAVOR"),)))
    assert outcomes(found) == ["missed"]


# --- counts


def test_rates_and_scores_of_a_made_example() -> None:
    own = work((0, 5, "PER"), (10, 20, "ORG"), (28, 40, "ORG"), (50, 55, "LOC"), (70, 75, "PER"))
    true = gold((0, 5, "PER"), (10, 20, "LOC"), (30, 40, "ORG"), (60, 65, "ORG"))
    counts = beside(own, true).counts()["entities"]
    assert counts.articles == 1
    assert (counts.gold(), counts.own()) == (4, 5)
    assert {each: counts.many(each) for each in Outcome if counts.many(each)} == {
        Outcome.SAME: 1,
        Outcome.LABEL: 1,
        Outcome.EDGES: 1,
        Outcome.MISSED: 1,
        Outcome.EXTRA: 2,
    }
    assert counts.f1() == pytest.approx(2 / 9)
    assert counts.accuracy == pytest.approx(1 / 2)
    assert counts.partial == (2 * 2 + 1, 9)
    assert counts.missing_rate() == pytest.approx(1 / 4)
    assert counts.extra_rate() == pytest.approx(2 / 5)
    assert counts.labels == ("LOC", "ORG", "PER")
    assert counts.f1("PER") == pytest.approx(2 / 3)
    assert (counts.gold("ORG"), counts.own("ORG")) == (2, 2)
    assert counts.missing_rate("ORG") == pytest.approx(1 / 2)
    assert counts.extra_rate("LOC") == pytest.approx(1.0)
    assert counts.wrong_edges() == Edges(1, 2.0, 0.0, 1, 0)
    assert counts.wrong_edges("PER") is None


def test_nothing_on_both_sides_has_no_score() -> None:
    counts = beside(work(), gold()).counts()["entities"]
    assert counts.articles == 1
    assert counts.f1() is None
    assert counts.accuracy is None
    assert counts.missing_rate() is None
    assert counts.extra_rate() is None
    assert counts.wrong_edges() is None


def test_the_median_of_edges_is_signed_and_counts_wide_and_narrow() -> None:
    edges = {("ORG", 4, 0): 2, ("ORG", 0, -3): 1, ("ORG", 2, -1): 1, ("PER", -5, 0): 3}
    counts = Counts(1, {}, edges)
    assert counts.wrong_edges("ORG") == Edges(4, 3.0, -0.5, 2, 1)
    assert counts.wrong_edges("PER") == Edges(3, -5.0, 0.0, 0, 3)
    assert counts.wrong_edges() == Edges(7, 0.0, 0.0, 2, 4)


STRETCHES = st.lists(
    st.tuples(st.integers(0, 30), st.integers(1, 6), st.sampled_from(["PER", "ORG"])).map(
        lambda s: (s[0], s[0] + s[1], s[2])
    ),
    unique_by=lambda s: s,
    max_size=8,
)


@given(STRETCHES, STRETCHES)
def test_the_scores_are_those_of_agreement(own: list[Stretch], true: list[Stretch]) -> None:
    counts = beside(work(*own), gold(*true)).counts()["entities"]
    tally = count_spans(true, own).all
    assert counts.f1() == tally.f1(Measure.STRICT)
    good, whole = counts.partial
    assert (good / whole if whole else None) == tally.f1(Measure.PARTIAL)
    strict = tally.counts(Measure.STRICT)
    assert counts.many(Outcome.MISSED) == strict.missing
    assert counts.many(Outcome.EXTRA) == strict.spurious
    assert sum(counts.outcomes.values()) == counts.gold() + counts.many(Outcome.EXTRA)
    by_label = Counter(label for *_, label in true)
    assert {label: counts.gold(label) for label in by_label} == by_label


@given(st.lists(st.tuples(STRETCHES, STRETCHES), max_size=5), st.randoms())
def test_counts_add_up_in_any_order(pairs: list[tuple[list[Stretch], list[Stretch]]], dice) -> None:  # type: ignore[no-untyped-def]
    counts = [beside(work(*own), gold(*true)).counts()["entities"] for own, true in pairs]
    total = Counts.total(counts)
    dice.shuffle(counts)
    added = Counts()
    for each in counts:
        added += each
    assert (added.articles, added.outcomes, added.edges) == (
        total.articles,
        total.outcomes,
        total.edges,
    )
    assert total.articles == len(pairs)
    assert sum(total.edges.values()) == total.many(Outcome.EDGES)


@given(STRETCHES, STRETCHES, st.randoms())
def test_the_order_of_spans_does_not_matter(own: list[Stretch], true: list[Stretch], dice) -> None:  # type: ignore[no-untyped-def]
    before = beside(work(*own), gold(*true)).counts()["entities"]
    dice.shuffle(own)
    dice.shuffle(true)
    assert beside(work(*own), gold(*true)).counts()["entities"] == before
