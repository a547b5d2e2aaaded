"""Matching the spans of two annotators: every span once, the best pairs first, no side preferred."""

import random
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.gold.agreement.matching import Pair, Tier, Unit, match
from annotator.model.annotation import Span

LABELS = ["ORG", "LOC", "PER"]
unit = st.builds(
    lambda start, size, label: Unit(start, start + size, label),
    st.integers(0, 30),
    st.integers(1, 12),
    st.sampled_from(LABELS),
)
work = st.lists(unit, max_size=9, unique=True)
"""Nested, crossing, touching and lone spans, all in a text of 42 characters."""


def overlap(a, b):
    return min(a[1], b[1]) > max(a[0], b[0])


def test_an_exact_pair_comes_before_a_better_fit_of_another():
    a = [(0, 10, "ORG"), (2, 4, "LOC")]
    b = [(0, 8, "ORG"), (0, 10, "ORG")]
    found = match(a, b)
    assert found.pairs == (
        Pair((0, 10, "ORG"), (0, 10, "ORG"), Tier.SAME),
        Pair((2, 4, "LOC"), (0, 8, "ORG"), Tier.OVERLAP),
    )
    assert found.missing == found.spurious == ()


@pytest.mark.parametrize(
    ("ours", "theirs", "partner"),
    [
        # Same boundary beats a same label elsewhere.
        ((0, 10, "ORG"), [(0, 9, "ORG"), (0, 10, "LOC")], (0, 10, "LOC")),
        # The same label beats a better fit.
        ((0, 10, "ORG"), [(0, 9, "LOC"), (8, 12, "ORG")], (8, 12, "ORG")),
        # Within a tier the larger share in common.
        ((0, 10, "ORG"), [(0, 6, "ORG"), (3, 10, "ORG")], (3, 10, "ORG")),
        # The same share (2 of 4 and 4 of 8): the nearer boundaries.
        ((4, 8, "ORG"), [(4, 6, "ORG"), (4, 12, "ORG")], (4, 6, "ORG")),
        # All the same: the earlier one.
        ((4, 8, "ORG"), [(6, 10, "ORG"), (2, 6, "ORG")], (2, 6, "ORG")),
    ],
)
def test_what_decides_between_two_partners(ours, theirs, partner):
    for order in (theirs, theirs[::-1]):
        found = match([ours], order)
        assert [pair.b for pair in found.pairs] == [partner]
        assert [pair.a for pair in match(order, [ours]).pairs] == [partner]
        assert list(found.spurious) == [one for one in theirs if one != partner]


def test_touching_spans_do_not_match():
    found = match([(0, 5, "ORG")], [(5, 10, "ORG")])
    assert found.pairs == ()
    assert found.missing == ((0, 5, "ORG"),)
    assert found.spurious == ((5, 10, "ORG"),)


def test_offsets_are_signed_and_say_how_the_second_differs():
    narrow = match([(10, 20, "ORG")], [(6, 20, "ORG")]).pairs[0]
    assert narrow.offsets == (-4, 0)
    wide = match([(10, 20, "ORG")], [(12, 23, "LOC")]).pairs[0]
    assert wide.offsets == (2, 3)
    assert match([(1, 2, "")], [(1, 2, "")]).pairs[0].offsets == (0, 0)


def test_spans_come_back_as_they_went_in_for_tracing():
    a = Span("s1", "entities", "ORG", 0, 5)
    b, c = Span("s2", "entities", "ORG", 0, 6), Span("s3", "entities", "LOC", 9, 12)
    found = match([a], [c, b])
    assert (found.pairs[0].a is a, found.pairs[0].b is b) == (True, True)
    assert found.spurious == (c,)
    assert found.spurious[0].id == "s3"


def test_fields_are_told_by_name_where_there_are_names():
    class Odd(NamedTuple):
        label: str
        end: int
        start: int

    assert match([Odd("ORG", 5, 0)], [Odd("ORG", 5, 0)]).pairs[0].tier is Tier.SAME


def test_twice_the_same_span_is_matched_as_often_as_both_have_it():
    twice = [(0, 5, "ORG"), (0, 5, "ORG")]
    found = match(twice, twice[:1])
    assert [pair.tier for pair in found.pairs] == [Tier.SAME]
    assert found.missing == ((0, 5, "ORG"),)
    assert len(match(twice, twice).pairs) == 2


@pytest.mark.parametrize("bad", [(3, 3, "ORG"), (5, 2, "ORG"), (-1, 2, "ORG")])
def test_a_span_without_characters_is_refused(bad):
    with pytest.raises(ValueError, match="a character at least"):
        match([bad], [])


@given(work, work)
@settings(max_examples=40)
def test_every_span_is_used_once_and_nothing_that_could_pair_is_left(a, b):
    found = match(a, b)
    assert sorted([pair.a for pair in found.pairs] + list(found.missing)) == sorted(a)
    assert sorted([pair.b for pair in found.pairs] + list(found.spurious)) == sorted(b)
    assert all(overlap(pair.a, pair.b) for pair in found.pairs)
    assert not any(overlap(x, y) for x in found.missing for y in found.spurious)
    same = {pair.a for pair in found.pairs if pair.tier is Tier.SAME}
    assert same == set(a) & set(b)
    for pair in found.pairs:
        place, label = pair.a[:2] == pair.b[:2], pair.a.label == pair.b.label
        assert pair.tier == (0 if place and label else 1 if place else 2 if label else 3)


@given(work, work, st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_neither_the_side_nor_the_order_matters(a, b, chance):
    found = match(a, b)
    other = match(b, a)
    assert {(y, x, tier) for x, y, tier in other.pairs} == set(found.pairs)
    assert (other.missing, other.spurious) == (found.spurious, found.missing)
    chance.shuffle(a)
    chance.shuffle(b)
    assert match(a, b) == found


@given(work, work)
@settings(max_examples=30)
def test_a_pair_is_never_worse_than_one_that_both_its_spans_were_free_for(a, b):
    """Greedy in one global order: no two spans prefer each other to what they got."""

    def rank(x, y):
        likeness = (min(x.end, y.end) - max(x.start, y.start)) / (
            max(x.end, y.end) - min(x.start, y.start)
        )
        place, label = x[:2] == y[:2], x.label == y.label
        apart = abs(x.start - y.start) + abs(x.end - y.end)
        return (0 if place and label else 1 if place else 2 if label else 3, -likeness, apart)

    found = match(a, b)
    got_a = {pair.a: rank(pair.a, pair.b) for pair in found.pairs}
    got_b = {pair.b: rank(pair.a, pair.b) for pair in found.pairs}
    for x in a:
        for y in b:
            if overlap(x, y):
                wish = rank(x, y)
                assert min(got_a.get(x, (9,)), got_b.get(y, (9,))) <= wish


def test_a_long_article_of_many_spans_is_matched_whole():
    chance = random.Random(5)
    starts = chance.sample(range(200_000), 3000)
    a = [(start, start + chance.randrange(1, 40), chance.choice(LABELS)) for start in starts]
    b = [(start + chance.choice([0, 0, 0, 3]), end + 3, label) for start, end, label in a]
    found = match(a, b)
    assert len(found.pairs) + len(found.missing) == 3000 == len(found.pairs) + len(found.spurious)
    assert len(found.pairs) > 2900
    back = match(b, a)
    assert {(y, x, tier) for x, y, tier in back.pairs} == set(found.pairs)
