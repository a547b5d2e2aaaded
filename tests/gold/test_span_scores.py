"""Span counts and F1: published tables, another program where it is right, and what always holds."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.gold.agreement.matching import Unit
from annotator.gold.agreement.span_scores import (
    CharCounts,
    Counts,
    Measure,
    SpanCounts,
    Tally,
    count_chars,
    count_spans,
)

LABELS = ["ORG", "LOC", "PER"]
unit = st.builds(
    lambda start, size, label: Unit(start, start + size, label),
    st.integers(0, 30),
    st.integers(1, 12),
    st.sampled_from(LABELS),
)
work = st.lists(unit, max_size=8, unique=True)
"""Spans in a text of 42 characters."""
corpus = st.lists(st.tuples(work, work), max_size=5)


def pooled(documents):
    return SpanCounts.total(count_spans(a, b) for a, b in documents)


def scores(documents):
    return {str(m): pooled(documents).all.f1(m) for m in Measure}


# --- published values, typed in -----------------------------------------------------------------

SEMEVAL = [
    ([(0, 7, "BRAND")], []),
    ([], [(0, 7, "BRAND")]),
    ([(3, 11, "DRUG")], [(0, 11, "DRUG")]),
    ([(0, 11, "DRUG")], [(0, 11, "BRAND")]),
    ([(0, 9, "DRUG")], [(0, 9, "DRUG")]),
    ([(5, 19, "GROUP")], [(0, 19, "DRUG")]),
    ([(0, 9, "DRUG")], [(0, 9, "DRUG")]),
]
"""SemEval-2013 task 9.1, as in the summary table of nervaluate's README."""
README = [
    ([(1, 3, "PER"), (6, 8, "ORG")], [(2, 4, "PER"), (6, 8, "ORG")]),
    (
        [(1, 2, "LOC"), (2, 4, "PER"), (6, 7, "DATE")],
        [(1, 3, "LOC"), (3, 4, "PER"), (6, 7, "DATE")],
    ),
]
"""The two sentences of nervaluate's README, in tokens."""
SEQEVAL = [([(3, 6, "MISC")], [(2, 6, "MISC")]), ([(0, 2, "PER")], [(0, 2, "PER")])]
"""The example of seqeval's README, in tokens."""


@pytest.mark.parametrize(
    ("measure", "counts", "f1"),
    [
        (Measure.STRICT, (2, 3, 0, 1, 1), 1 / 3),
        (Measure.EXACT, (3, 2, 0, 1, 1), 0.5),
        (Measure.PARTIAL, (3, 0, 2, 1, 1), 2 / 3),
        (Measure.TYPE, (3, 2, 0, 1, 1), 0.5),
    ],
)
def test_the_table_of_semeval(measure, counts, f1):
    tally = pooled(SEMEVAL).all
    assert tally.counts(measure) == Counts(*counts)
    assert tally.f1(measure) == pytest.approx(f1)
    assert tally.precision(measure) == tally.recall(measure) == tally.f1(measure)


def test_examples_of_two_programs():
    assert scores(README) == pytest.approx(
        {"strict": 0.4, "exact": 0.4, "partial": 0.7, "type": 1.0}
    )
    assert scores(SEQEVAL)["strict"] == 0.5


def test_a_nested_span_where_matching_in_the_order_of_storage_fails():
    a, b = [(0, 10, "ORG"), (2, 4, "LOC")], [(0, 8, "ORG"), (0, 10, "ORG")]
    for ours, theirs in ((a, b), (b, a), (a[::-1], b), (a, b[::-1])):
        found = scores([(ours, theirs)])
        assert found == {"strict": 0.5, "exact": 0.5, "partial": 0.75, "type": 0.5}


def test_touching_spans_and_nothing_at_all():
    touching = scores([([(0, 5, "ORG")], [(5, 10, "ORG")])])
    assert set(touching.values()) == {0.0}
    nothing = count_spans([], [])
    assert (nothing.documents, nothing.empty, nothing.all) == (1, 1, Tally())
    assert {nothing.all.f1(m) for m in Measure} == {None}
    assert scores([*SEMEVAL, ([], [])]) == scores(SEMEVAL)


def test_who_finished_with_nothing_counts():
    found = count_spans([], [(0, 5, "ORG"), (7, 9, "LOC")])
    assert (found.documents, found.empty) == (1, 0)
    assert found.all.counts(Measure.PARTIAL) == Counts(0, 0, 0, 0, 2)
    assert found.all.f1(Measure.PARTIAL) == 0
    assert found.all.recall(Measure.STRICT) is None
    assert found.all.precision(Measure.STRICT) == 0
    assert pooled([*SEMEVAL, ([], [(0, 5, "ORG")])]).all.f1(Measure.STRICT) == pytest.approx(4 / 13)


def test_pooled_is_not_the_mean_of_documents():
    one, two = ([(0, 1, "A")], [(0, 1, "A")]), ([(n, n + 1, "A") for n in range(3)], [(9, 10, "A")])
    means = [scores([document])["strict"] for document in (one, two)]
    assert sum(means) / 2 == 0.5
    assert scores([one, two])["strict"] == pytest.approx(1 / 3)


def test_confusion_has_labels_against_labels_and_against_nothing():
    found = pooled(SEMEVAL)
    assert found.confusion == {
        ("BRAND", None): 1,
        (None, "BRAND"): 1,
        ("DRUG", "DRUG"): 3,
        ("DRUG", "BRAND"): 1,
        ("GROUP", "DRUG"): 1,
    }


def test_a_label_alone_is_matched_as_if_there_were_no_others():
    """Over all, ORG 0-10 goes to LOC at the same place; among ORG alone it overlaps one."""
    found = count_spans([(0, 10, "ORG")], [(0, 10, "LOC"), (0, 8, "ORG")])
    assert found.all == Tally(n_a=1, n_b=2, boundary=1)
    assert found.labels == {
        "ORG": Tally(n_a=1, n_b=1, label=1),
        "LOC": Tally(n_a=0, n_b=1),
    }
    assert found.labels["ORG"].f1(Measure.PARTIAL) == 0.5
    assert found.labels["LOC"].f1(Measure.STRICT) == 0


# --- the worked examples beside the checkout ------------------------------------------------------


@pytest.fixture(scope="module")
def examples(shared_data):
    path = shared_data.parent / "reference" / "agreement-fixtures.json"
    if not path.exists():
        pytest.skip("the worked examples are not beside this checkout")
    return json.loads(path.read_text(encoding="utf-8"))


def documents_of(example):
    read = [[tuple(span) for span in spans] for side in ("gold", "pred") for spans in example[side]]
    half = len(read) // 2
    return list(zip(read[:half], read[half:], strict=True))


def test_all_examples_of_spans(examples):
    spans = examples["spans"]
    assert set(spans) == {"semeval_table", "nested_trap", "adjacent", "both_empty"}
    table = pooled(documents_of(spans["semeval_table"])).all
    for name, (*counts, f1) in spans["semeval_table"]["expected"].items():
        assert table.counts(Measure(name)) == Counts(*counts)
        assert table.f1(Measure(name)) == pytest.approx(f1, abs=5e-4)
    for name in ("nested_trap", "adjacent"):
        expected = dict(spans[name]["expected"])
        symmetric = expected.pop("symmetric", True)
        documents = documents_of(spans[name])
        found = scores(documents)
        assert {m: found[m.removesuffix("_f1")] for m in expected} == pytest.approx(expected)
        assert (scores([(b, a) for a, b in documents]) == found) is symmetric
    assert set(spans["both_empty"]["expected"]) == {"f1"}
    nothing = pooled(documents_of(spans["both_empty"]))
    assert (nothing.documents, nothing.empty, nothing.all) == (1, 1, Tally())


def test_the_example_of_seqeval(examples):
    assert examples["other"]["seqeval"] == {"f1": scores(SEQEVAL)["strict"]}


# --- another program ------------------------------------------------------------------------------

cell = st.one_of(
    st.none(), st.tuples(st.integers(1, 12), st.integers(1, 7), st.sampled_from(LABELS))
)


@given(st.lists(st.lists(st.tuples(cell, cell), min_size=1, max_size=6), min_size=1, max_size=4))
@settings(max_examples=30)
def test_nervaluate_says_the_same_of_flat_spans_that_overlap_one_other_at_most(corpora):
    """Each annotator has one span at most in every 20 characters; beyond that it goes astray."""
    nervaluate = pytest.importorskip("nervaluate")
    documents = []
    for cells in corpora:
        sides = ([], [])
        for number, pair in enumerate(cells):
            for side, found in zip(sides, pair, strict=True):
                if found:
                    start = 20 * number + found[0]
                    side.append((start, start + found[1], found[2]))
        documents.append(sides)
    # Its ends are inclusive.
    sides = [
        [[{"label": name, "start": s, "end": e - 1} for s, e, name in d[i]] for d in documents]
        for i in (0, 1)
    ]
    theirs = nervaluate.Evaluator(*sides, tags=LABELS, loader="dict").evaluate()["overall"]
    ours = pooled(documents).all
    for measure in Measure:
        said = theirs["ent_type" if measure is Measure.TYPE else str(measure)]
        assert ours.counts(measure) == Counts(
            said.correct, said.incorrect, said.partial, said.missed, said.spurious
        )
        assert (ours.f1(measure) or 0) == pytest.approx(said.f1)


# --- what always holds ----------------------------------------------------------------------------


@given(corpus)
@settings(max_examples=30)
def test_counts_add_up_to_the_spans_of_each_side(documents):
    found = pooled(documents)
    n_a, n_b = (sum(len(document[side]) for document in documents) for side in (0, 1))
    for tally in (found.all, *found.labels.values()):
        for measure in Measure:
            counts = tally.counts(measure)
            assert min(counts) >= 0
            assert sum(counts) - counts.spurious == tally.n_a
            assert sum(counts) - counts.missing == tally.n_b
    assert (found.all.n_a, found.all.n_b) == (n_a, n_b)
    assert sum(n for (label, _), n in found.confusion.items() if label) == n_a
    assert sum(n for (_, label), n in found.confusion.items() if label) == n_b
    assert sum(tally.n_a for tally in found.labels.values()) == n_a
    assert sum(tally.same for tally in found.labels.values()) == found.all.same
    assert sum(n for (a, b), n in found.confusion.items() if a and a == b) == (
        found.all.same + found.all.label
    )


@given(corpus)
@settings(max_examples=30)
def test_a_label_is_counted_as_if_only_its_spans_had_been_given(documents):
    for label, tally in pooled(documents).labels.items():
        only = [
            tuple([span for span in side if span.label == label] for side in document)
            for document in documents
        ]
        assert pooled(only).all == tally


@given(corpus, st.randoms(use_true_random=False))
@settings(max_examples=30)
def test_sides_orders_and_detours_make_no_difference(documents, chance):
    found = pooled(documents)
    assert pooled([(b, a) for a, b in documents]) == found.swapped()
    shuffled = [(chance.sample(a, len(a)), chance.sample(b, len(b))) for a, b in documents]
    chance.shuffle(shuffled)
    assert pooled(shuffled) == found
    assert {m: found.swapped().all.f1(m) for m in Measure} == {m: found.all.f1(m) for m in Measure}
    again = SpanCounts.of_facts(json.loads(json.dumps(found.facts())))
    assert again == found
    assert json.dumps(pooled(shuffled).facts()) == json.dumps(found.facts())


@given(corpus, corpus)
@settings(max_examples=30)
def test_documents_are_added_and_taken_out_again(one, other):
    assert pooled(one) + pooled(other) == pooled(one + other)
    assert sum((count_spans(a, b) for a, b in one), SpanCounts()) == pooled(one)
    assert pooled(one + other) - pooled(other) == pooled(one)
    assert pooled(one).all + Tally() - Tally() == pooled(one).all


@given(work)
def test_who_agrees_with_oneself_agrees_perfectly(spans):
    found = count_spans(spans, spans)
    for tally in (found.all, *found.labels.values()):
        assert {tally.f1(m) for m in Measure} == ({1.0} if spans else {None})


def test_facts_of_something_else_are_refused():
    for bad in ({}, {"docs": [1]}, {"docs": [1, 0], "all": [1] * 7, "labels": {}, "confusion": []}):
        with pytest.raises((KeyError, TypeError, ValueError)):
            SpanCounts.of_facts(bad)


# --- characters -----------------------------------------------------------------------------------


def test_characters_of_evidence():
    found = count_chars(20, [(0, 5, ""), (3, 6, "")], [(4, 10, "")])
    assert found == CharCounts(20, 6, 6, 2, 12)
    assert found.f1 == pytest.approx(1 / 3)
    assert found.agreement == 0.6
    assert count_chars(20, [], []).f1 is None
    assert count_chars(20, [], []).agreement == 1
    assert count_chars(0, [], []).agreement is None
    assert count_chars(20, [], [(0, 4, "")]).f1 == 0


def test_characters_with_other_labels_are_marked_by_both_but_not_the_same():
    found = count_chars(10, [(0, 6, "NAV"), (2, 4, "AD")], [(0, 6, "NAV")])
    assert found == CharCounts(10, 6, 6, 6, 8)


def test_a_stretch_must_lie_in_the_text():
    with pytest.raises(ValueError, match="leaves the text"):
        count_chars(4, [(0, 5, "")], [])


@given(work, work, st.integers(42, 50))
@settings(max_examples=30)
def test_characters_counted_one_by_one_are_as_many(a, b, length):
    sets = [
        [{span.label for span in side if span.start <= at < span.end} for at in range(length)]
        for side in (a, b)
    ]
    pairs = list(zip(*sets, strict=True))
    found = count_chars(length, a, b)
    assert found == CharCounts(
        length,
        sum(bool(x) for x, _ in pairs),
        sum(bool(y) for _, y in pairs),
        sum(bool(x) and bool(y) for x, y in pairs),
        sum(x == y for x, y in pairs),
    )
    assert count_chars(length, b, a) == found.swapped()
    assert found + found - found == found
    assert CharCounts.of_facts(json.loads(json.dumps(found.facts()))) == found
