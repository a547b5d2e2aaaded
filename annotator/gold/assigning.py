"""Who is to annotate which article: so many people each, everybody as many, every two together.

Articles are dealt out in batches, each in an order of chance that the seed fixes. An article goes to
those who have the fewest; among equals to those who have met the others at it the fewest times, then
by chance. So loads never differ by more than one (or than they did before), and all pairs meet, which
agreement needs.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import combinations, islice
from math import comb
from random import Random
from typing import NamedTuple

from annotator.model.errors import AnnotatorError

BATCH = 500
"""Articles that are put in an order of chance together."""
CHOICES = 300
"""So many ways to choose among equals are compared; of more the best is approached one by one."""

Pair = tuple[str, str]
"""Two annotators' names in order."""


class Place(NamedTuple):
    """An article to be annotated, and who has it already."""

    article: str
    has: Collection[str] = ()


class Overlap(NamedTuple):
    """How many people annotate an article, and the share of the articles for which that holds."""

    people: int
    share: float


def read_overlap(words: str) -> tuple[Overlap, ...]:
    """`2`, or `3:0.2,1:0.8` for a fifth by three and the rest by one; shares are made to add up to 1.

    Raises:
        AnnotatorError: it is neither.
    """
    found = []
    for part in words.split(","):
        number, colon, share = part.strip().partition(":")
        try:
            found.append(Overlap(int(number), float(share) if colon else 1.0))
        except ValueError:
            raise _unread(words) from None
    total = sum(each.share for each in found)
    levels = {each.people for each in found}
    fits = all(each.people > 0 and 0 < each.share < float("inf") for each in found)
    if not fits or len(levels) < len(found) or (len(found) > 1 and ":" not in words):
        raise _unread(words)
    return tuple(sorted(Overlap(each.people, each.share / total) for each in found))


def _unread(words: str) -> AnnotatorError:
    return AnnotatorError(
        f"An overlap is a number of people such as 2, or numbers with shares such as 3:0.2,1:0.8; "
        f"{words[:40]!r} is neither."
    )


def plan(
    articles: Iterable[Place],
    people: Sequence[str],
    overlap: Sequence[Overlap] = (Overlap(1, 1.0),),
    load: Mapping[str, int] | None = None,
    met: Mapping[Pair, int] | None = None,
    seed: int = 0,
) -> Iterator[tuple[str, str]]:
    """Article and annotator of every slot that is lacking; the same ones for the same arguments.

    An article that people have already gets as many more as the next of the overlap's numbers asks
    for; one that has as many as one of them, or more, gets nobody.

    Args:
        articles: what is to be annotated; read a batch at a time.
        people: who may be given it, each name once.
        overlap: how many are to annotate an article; several numbers are mixed by their shares.
        load: how many articles everybody has already.
        met: how many articles each two have in common already.
        seed: another one gives another plan.

    Raises:
        AnnotatorError: more people are asked for than there are, or there are none.
    """
    dealer = Dealer(people, overlap, load or {}, met or {}, seed)
    rest = iter(articles)
    while batch := list(islice(rest, BATCH)):
        yield from dealer.deal(batch)


class Dealer:
    """Deals articles out, batch after batch."""

    def __init__(
        self,
        people: Sequence[str],
        overlap: Sequence[Overlap],
        load: Mapping[str, int],
        met: Mapping[Pair, int],
        seed: int,
    ) -> None:
        """See `plan`."""
        self.people = sorted(set(people))
        self.overlap = sorted(overlap)
        most = max(each.people for each in overlap)
        if most > len(self.people):
            named = ", ".join(self.people) or "nobody"
            raise AnnotatorError(
                f"{most} people are to annotate an article, but there are {len(self.people)}: {named}."
            )
        self.load = {name: load.get(name, 0) for name in self.people}
        """How many articles everybody has, with what was dealt."""
        self.met = dict(met)
        """How many articles each two have in common, with what was dealt."""
        self.levels = dict.fromkeys((each.people for each in self.overlap), 0)
        """How many articles have, or are to have, so many people."""
        self._random = Random(seed)  # noqa: S311 - chance, no secret

    def deal(self, batch: Sequence[Place]) -> Iterator[tuple[str, str]]:
        """Article and annotator of the slots these articles lack."""
        begun = [place for place in batch if place.has]
        new = [place for place in batch if not place.has]
        self._random.shuffle(new)
        for place in begun:
            wanted = next((n for n in self.levels if n >= len(place.has)), 0)
            if wanted:
                self.levels[wanted] += 1
                yield from self._give(place, wanted - len(place.has))
        for place in new:
            wanted = self._level()
            self.levels[wanted] += 1
            yield from self._give(place, wanted)

    def _level(self) -> int:
        """The number of people whose share is most behind."""
        total = sum(self.levels.values()) + 1
        behind = [each.share * total - self.levels[each.people] for each in self.overlap]
        return self.overlap[behind.index(max(behind))].people

    def _give(self, place: Place, count: int) -> Iterator[tuple[str, str]]:
        chosen = self._choose(place.has, count)
        together = [*place.has]
        for name in chosen:
            self.load[name] += 1
            for other in together:
                self.met[_pair(name, other)] = self.met.get(_pair(name, other), 0) + 1
            together.append(name)
        yield from ((place.article, name) for name in sorted(chosen))

    def _choose(self, has: Collection[str], count: int) -> tuple[str, ...]:
        """Those with the fewest articles; among equals those who met the others the least."""
        free = [name for name in self.people if name not in has]
        if count >= len(free):
            return tuple(free)
        if not count:
            return ()
        last = sorted(self.load[name] for name in free)[count - 1]
        sure = [name for name in free if self.load[name] < last]
        equal = [name for name in free if self.load[name] == last]
        self._random.shuffle(equal)
        return (*sure, *self._of_equals([*has, *sure], equal, count - len(sure)))

    def _of_equals(self, beside: list[str], equal: list[str], count: int) -> tuple[str, ...]:
        if comb(len(equal), count) <= CHOICES:
            return min(combinations(equal, count), key=lambda some: self._meetings(beside, some))
        found: list[str] = []
        for _ in range(count):
            near = [*beside, *found]
            rest = [name for name in equal if name not in found]
            found.append(min(rest, key=lambda name: self._meetings(near, (name,))))
        return tuple(found)

    def _meetings(self, beside: Sequence[str], some: Sequence[str]) -> tuple[int, int, int]:
        """How badly it would do if these joined: the most frequent pair, then all of them."""
        pairs = [(a, b) for a in some for b in beside]
        counts = [self.met.get(_pair(a, b), 0) for a, b in (*pairs, *combinations(some, 2))]
        # who has met others less often among those left out is better kept for later
        seen = sum(self.met.get(_pair(a, b), 0) for a in some for b in self.people if b != a)
        return (max(counts, default=0), sum(count * count for count in counts), seen)


def _pair(one: str, other: str) -> Pair:
    return (one, other) if one < other else (other, one)
