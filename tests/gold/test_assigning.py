"""A plan of assignments: as many people as wanted at each article, equal loads, every two together."""

import os
from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.gold.assigning import Overlap, Place, plan, read_overlap
from annotator.model.errors import AnnotatorError

LONG = os.environ.get("ANNOTATOR_LONG") == "1"
EXAMPLES = settings(max_examples=1500 if LONG else 150)
NAMES = ("iva", "boris", "vera", "eva", "ida", "rumen", "lili", "stoyan")


def places(count: int) -> list[Place]:
    return [Place(f"a{n:04}") for n in range(count)]


def by_article(made: list[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for article, name in made:
        found.setdefault(article, []).append(name)
    return found


def meetings(made: list[tuple[str, str]]) -> Counter[tuple[str, str]]:
    return Counter(
        pair for names in by_article(made).values() for pair in combinations(sorted(names), 2)
    )


@st.composite
def crews(draw: st.DrawFn) -> tuple[list[str], int]:
    """Some people, and how many of them annotate an article."""
    people = list(NAMES[: draw(st.integers(1, len(NAMES)))])
    return people, draw(st.integers(1, len(people)))


@EXAMPLES
@given(crew=crews(), count=st.integers(0, 60), seed=st.integers(0, 9))
def test_every_article_by_so_many_and_everybody_as_many(crew, count, seed) -> None:
    people, overlap = crew
    made = list(plan(places(count), people, [Overlap(overlap, 1.0)], seed=seed))
    assert len(made) == len(set(made)) == count * overlap
    assert all(len(names) == overlap for names in by_article(made).values())
    loads = Counter(name for _, name in made)
    shares = [loads[name] for name in people]
    assert max(shares) - min(shares) <= 1
    assert made == list(plan(places(count), people[::-1], [Overlap(overlap, 1.0)], seed=seed))


@EXAMPLES
@given(crew=crews(), rounds=st.integers(2, 6), seed=st.integers(0, 9))
def test_all_pairs_meet_and_as_often_as_others(crew, rounds, seed) -> None:
    people, overlap = crew
    pairs = list(combinations(sorted(people), 2))
    if overlap < 2:
        return
    inside = overlap * (overlap - 1) // 2
    count = -(-rounds * 2 * len(pairs) // inside)  # each pair that many times, were all equal
    made = list(plan(places(count), people, [Overlap(overlap, 1.0)], seed=seed))
    met = meetings(made)
    counts = [met[pair] for pair in pairs]
    assert min(counts) >= 1
    assert max(counts) - min(counts) <= 4


@EXAMPLES
@given(
    loads=st.dictionaries(st.sampled_from(NAMES[:5]), st.integers(0, 12)),
    count=st.integers(0, 50),
    overlap=st.integers(1, 4),
    seed=st.integers(0, 5),
)
def test_what_people_have_already_is_counted(loads, count, overlap, seed) -> None:
    people = NAMES[:5]
    before = [loads.get(name, 0) for name in people]
    made = Counter(name for _, name in
                   plan(places(count), people, [Overlap(overlap, 1.0)], loads, seed=seed))  # fmt: skip
    after = [loads.get(name, 0) + made[name] for name in people]
    assert max(after) - min(after) <= max(1, max(before) - min(before))
    if overlap == 1 and count >= sum(max(before) - have for have in before):
        assert max(after) - min(after) <= 1, "there was enough to make up for it"


@EXAMPLES
@given(
    has=st.lists(st.sets(st.sampled_from(NAMES[:4])), min_size=1, max_size=30),
    overlap=st.integers(1, 4),
    seed=st.integers(0, 5),
)
def test_only_what_is_lacking_is_added_and_repeating_adds_nothing(has, overlap, seed) -> None:
    people = NAMES[:4]
    articles = [Place(f"a{n}", frozenset(names)) for n, names in enumerate(has)]
    made = by_article(list(plan(articles, people, [Overlap(overlap, 1.0)], seed=seed)))
    after = []
    for place in articles:
        new = made.get(place.article, [])
        assert not set(new) & set(place.has)
        assert len(new) == max(overlap - len(place.has), 0)
        after.append(Place(place.article, {*place.has, *new}))
    assert list(plan(after, people, [Overlap(overlap, 1.0)], seed=seed + 1)) == []


@EXAMPLES
@given(
    count=st.integers(0, 1200),
    triple=st.sampled_from([0.1, 0.2, 0.5]),
    seed=st.integers(0, 5),
)
def test_overlaps_are_mixed_in_their_shares(count, triple, seed) -> None:
    overlap = read_overlap(f"3:{triple},1:{1 - triple}")
    made = list(plan(places(count), NAMES[:4], overlap, seed=seed))
    sizes = Counter(len(names) for names in by_article(made).values())
    assert sizes.total() == count
    assert abs(sizes[3] - triple * count) <= 1
    loads = Counter(name for _, name in made)
    assert not count or max(loads.values()) - min(loads[name] for name in NAMES[:4]) <= 1
    again = [Place(name, frozenset(names)) for name, names in by_article(made).items()]
    assert list(plan(again, NAMES[:4], overlap, seed=seed)) == []
    # and with as many new articles the shares hold over all of them
    more = [Place(f"b{n:04}") for n in range(count)]
    added = list(plan([*again, *more], NAMES[:4], overlap, seed=seed))
    sizes.update(len(names) for names in by_article(added).values())
    assert abs(sizes[3] - 2 * triple * count) <= 1


def test_another_seed_makes_another_plan() -> None:
    first, other = (list(plan(places(30), NAMES, [Overlap(2, 1.0)], seed=n)) for n in (0, 1))
    assert first != other


def test_those_who_have_met_less_are_brought_together() -> None:
    met = {("boris", "iva"): 9, ("boris", "vera"): 9}
    made = list(plan(places(3), ["iva", "boris", "vera"], [Overlap(2, 1.0)], met=met))
    assert ("iva", "vera") in meetings(made)
    first = by_article(list(plan(places(1), ["iva", "boris", "vera"], [Overlap(2, 1.0)], met=met)))
    assert first["a0000"] == ["iva", "vera"]


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(AnnotatorError, match=r"3 people .* there are 2: boris, iva"):
        list(plan(places(1), ["iva", "boris", "iva"], [Overlap(3, 1.0)]))
    with pytest.raises(AnnotatorError, match="there are 0: nobody"):
        list(plan(places(1), []))


@pytest.mark.parametrize("words", ["", "x", "0", "-1", "2,3", "2:0", "2:x", "2:-1", "1:1,1:2", "2:inf",
                                   "2:nan", "1.5"])  # fmt: skip
def test_an_overlap_that_is_none(words: str) -> None:
    with pytest.raises(AnnotatorError, match="An overlap is a number"):
        read_overlap(words)


def test_overlaps_are_read() -> None:
    assert read_overlap("2") == (Overlap(2, 1.0),)
    assert read_overlap(" 3:20, 1:80 ") == (Overlap(1, 0.8), Overlap(3, 0.2))
