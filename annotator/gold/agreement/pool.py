"""Sums of many articles, equal ones counted together, and the jackknife over them."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from math import fsum, sqrt
from operator import mul, sub

from annotator.gold.agreement.intervals import ONE_DOCUMENT, RESTS_ON_ONE, WIDE, Interval

Vector = tuple[int, ...]


class Pool:
    """What articles add, all vectors of the same length; those that add nothing are left out."""

    def __init__(self, vectors: Iterable[tuple[str, Vector]]) -> None:
        self.own: dict[str, Vector] = {}
        """By article."""
        self.counted: Counter[Vector] = Counter()
        """How many articles add just this."""
        for article, vector in vectors:
            self.own[article] = vector
            self.counted[vector] += 1
        self.counted = Counter({v: n for v, n in self.counted.items() if any(v)})
        columns: Iterator[Sequence[int]] = zip(*self.counted, strict=True)
        often = self.counted.values()
        self.total: Vector = tuple(sum(map(mul, often, column)) for column in columns)
        """All together; () of nothing."""

    def all(self) -> Iterator[Vector]:
        """Every article's."""
        return self.counted.elements()


def left_out(pool: Pool, value: Callable[[Vector], float | None], lowest: float = -1.0) -> Interval:
    """The delete-one jackknife, as `intervals.jackknife`, of articles that are counted already."""
    n = pool.counted.total()
    whole = value(pool.total) if n else None
    if whole is None or n < 2:
        return Interval(whole, documents=n, why=ONE_DOCUMENT if n == 1 else "")
    found = [
        (value(tuple(map(sub, pool.total, vector))), many) for vector, many in pool.counted.items()
    ]
    known = [(each, many) for each, many in found if each is not None]
    if len(known) < len(found):
        return Interval(whole, documents=n, why=RESTS_ON_ONE)
    mean = fsum(many * each for each, many in known) / n
    error = sqrt((n - 1) / n * fsum(many * (each - mean) ** 2 for each, many in known))
    low, high = max(lowest, whole - WIDE * error), min(1.0, whole + WIDE * error)
    return Interval(whole, low, high, error, n)
