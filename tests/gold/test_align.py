"""Spans put together: every span once, no annotator twice, whoever is called how and comes when."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.gold.adjudication.align import align
from annotator.model.annotation import Span

# pygamma-agreement, tests/data/AlexPaulSuzan.csv (github.com/bootphon/pygamma-agreement)
ALEX_PAUL_SUZAN = {
    "Alex": [(2, 9, "1"), (11, 17, "2"), (24, 30, "5"), (32, 36, "6"), (36, 44, "6"), (44, 60, "7")],
    "Paul": [(2, 9, "1"), (11, 17, "3"), (19, 25, "5"), (32, 44, "6")],
    "Suzan": [(2, 9, "1"), (11, 17, "4"), (21, 27, "5"), (32, 36, "6"), (36, 40, "6"), (40, 44, "6")],
}  # fmt: skip


def spans(table):
    return {
        name: [Span(f"{name}{i}", "entities", label, s, e) for i, (s, e, label) in enumerate(own)]
        for name, own in table.items()
    }


def seen(clusters):
    """The clusters without ids: who has which stretch with which label."""
    return [{name: (s.start, s.end, s.label) for name, s in cluster} for cluster in clusters]


def kind(cluster, annotators):
    own = [member.span for member in cluster]
    if len(cluster) < annotators:
        return "missing"
    if len({(s.start, s.end) for s in own}) > 1:
        return "boundary"
    return "label" if len({s.label for s in own}) > 1 else "agree"


tables = st.dictionaries(
    st.sampled_from(["iva", "marin", "olga", "пётр"]),
    st.lists(
        st.tuples(st.integers(0, 30), st.integers(1, 12), st.sampled_from("AB")).map(
            lambda t: (t[0], t[0] + t[1], t[2])
        ),
        max_size=8,
        unique=True,
    ),
    max_size=4,
)


def test_alex_paul_and_suzan_differ_in_six_of_seven():
    clusters = align(spans(ALEX_PAUL_SUZAN))
    assert Counter(kind(cluster, 3) for cluster in clusters) == {
        "agree": 1,
        "label": 1,
        "boundary": 2,
        "missing": 3,
    }
    assert {"Alex": (36, 44, "6"), "Paul": (32, 44, "6"), "Suzan": (36, 40, "6")} in seen(clusters)


@settings(max_examples=60)
@given(tables)
def test_every_span_is_in_one_cluster_and_no_annotator_twice(table):
    made = spans(table)
    clusters = align(made)
    assert sorted(m.span.id for cluster in clusters for m in cluster) == sorted(
        span.id for own in made.values() for span in own
    )
    for cluster in clusters:
        names = [member.annotator for member in cluster]
        assert names == sorted(set(names))


@settings(max_examples=60)
@given(tables, st.randoms(use_true_random=False))
def test_no_order_changes_anything(table, random):
    made = spans(table)
    names = list(made)
    random.shuffle(names)
    shuffled = {name: random.sample(made[name], len(made[name])) for name in names}
    assert align(shuffled) == align(made)


@settings(max_examples=60)
@given(tables, st.permutations(["a", "b", "c", "d"]))
def test_names_change_nothing(table, letters):
    called = dict(zip(sorted(table), letters, strict=False))
    renamed = {called[name]: own for name, own in table.items()}
    back = {new: old for old, new in called.items()}
    again = [{back[n]: place for n, place in own.items()} for own in seen(align(spans(renamed)))]
    once = seen(align(spans(table)))
    assert sorted(map(_flat, again)) == sorted(map(_flat, once))


def _flat(own):
    return sorted(own.items())


@settings(max_examples=60)
@given(tables)
def test_the_same_spans_are_always_together(table):
    own = max(table.values(), key=len, default=[])
    clusters = align(spans(dict.fromkeys(("a", "b", "c"), own)))
    assert len(clusters) == len(own)
    assert all(len({s[:3] for s in each.values()}) == 1 for each in seen(clusters))


def test_nested_spans_stay_apart_when_one_is_missing():
    clusters = align(spans({"a": [(0, 20, "ORG"), (0, 5, "LOC")], "b": [(0, 20, "ORG")]}))
    assert seen(clusters) == [{"a": (0, 20, "ORG"), "b": (0, 20, "ORG")}, {"a": (0, 5, "LOC")}]


def test_the_inner_one_goes_with_the_likest():
    clusters = align(spans({"a": [(0, 20, "ORG"), (0, 5, "LOC")], "b": [(0, 6, "LOC")]}))
    assert seen(clusters) == [{"a": (0, 20, "ORG")}, {"a": (0, 5, "LOC"), "b": (0, 6, "LOC")}]


def test_crossing_spans_of_two_are_one():
    assert len(align(spans({"a": [(0, 10, "X")], "b": [(5, 15, "X")]}))) == 1


def test_touching_spans_are_two():
    assert len(align(spans({"a": [(0, 5, "X")], "b": [(5, 9, "X")]}))) == 2


def test_the_place_counts_before_the_label_and_that_before_the_shared_part():
    table = {"a": [(0, 10, "X")], "b": [(0, 10, "Y"), (0, 9, "X")]}
    assert {"a": (0, 10, "X"), "b": (0, 10, "Y")} in seen(align(spans(table)))
    table = {"a": [(0, 10, "X")], "b": [(0, 9, "Y"), (6, 16, "X")]}
    assert {"a": (0, 10, "X"), "b": (6, 16, "X")} in seen(align(spans(table)))


def test_somebody_who_has_the_same_span_twice_is_in_two():
    clusters = align(spans({"a": [(0, 5, "X"), (0, 5, "X")], "b": [(0, 5, "X")]}))
    assert [len(cluster) for cluster in clusters] == [2, 1]


def test_nobody_and_nothing():
    assert align({}) == ()
    assert align({"a": [], "b": []}) == ()
