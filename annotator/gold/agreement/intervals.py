"""How sure a number is: intervals over documents, whose items are not independent of each other.

The usual one is the delete-one-document jackknife: quick, and the same every time; Hughes (2022,
arXiv 2210.13265) finds its coverage close to what it promises. The percentile bootstrap is the other.
Statistics are sums over documents: plain tuples of whole numbers (fast), or anything with + and -.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import reduce
from math import erf, fsum, sqrt
from operator import add, mul, sub
from random import Random
from typing import Any, NamedTuple, TypeVar

from annotator.gold.agreement.measures import NO_PAIR, Measure
from annotator.gold.agreement.table import Table

S = TypeVar("S")

JACKKNIFE = "jackknife"
BOOTSTRAP = "bootstrap"
LIMITS = (0.667, 0.800)
"""Krippendorff's limits: below the first nothing can be concluded, below the other tentatively."""
FEW = 10
"""With fewer documents an interval means little."""
SEED = 1979
RESAMPLES = 1000
WIDE = 1.96

ONE_DOCUMENT = "there is only one document"
RESTS_ON_ONE = "the number rests on one article alone"


class Interval(NamedTuple):
    """A number, its 95 % interval, and how sure it is to be above the limits."""

    value: float | None
    low: float | None = None
    high: float | None = None
    error: float | None = None
    """Standard error."""
    documents: int = 0
    """Documents that add something to the number."""
    below: tuple[float, float] | None = None
    """How likely the number is below each of LIMITS.

    Of the jackknife: a normal curve around the value; of the bootstrap: the share of resamples.
    """
    how: str = JACKKNIFE
    resamples: int = 0
    """Resamples that have a number; of the bootstrap only."""
    seed: int | None = None
    """What the bootstrap's chance started from."""
    why: str = ""
    """Why there is no interval, or no number; empty where there is an interval."""

    @property
    def few(self) -> bool:
        """Whether the interval rests on too few documents to mean much."""
        return self.documents < FEW


class _Sample(NamedTuple):
    """Equal documents together, in an order of their own, and their sum."""

    parts: Sequence[Any]
    counts: Sequence[int]
    total: Any

    @property
    def adding(self) -> int:
        """How many documents add something: of tuples, those that are not all zeros."""
        pairs = zip(self.parts, self.counts, strict=True)
        return sum(count for part, count in pairs if not self.plain or any(part))

    @property
    def plain(self) -> bool:
        return type(self.total) is tuple

    def without(self, part: Any) -> Any:
        return tuple(map(sub, self.total, part)) if self.plain else self.total - part


def _sample(parts: Iterable[Any], total: Any = None) -> _Sample:
    first: dict[Any, Any] = {}
    counts: Counter[Any] = Counter()
    for part in parts:
        key = _key(part)
        first.setdefault(key, part)
        counts[key] += 1
    keys = sorted(counts)
    found, often = [first[key] for key in keys], [counts[key] for key in keys]
    if total is None and found:
        total = _sum(found, often)
    return _Sample(found, often, total)


def _key(part: Any) -> Any:
    """What equal parts share and all parts are sorted by."""
    if type(part) is tuple:
        return part
    return json.dumps(part.facts(), sort_keys=True, ensure_ascii=False)


def _sum(parts: Sequence[Any], counts: Sequence[int]) -> Any:
    """Each part so many times, all together."""
    if type(parts[0]) is tuple:
        return tuple(sum(map(mul, counts, column)) for column in zip(*parts, strict=True))
    return reduce(add, (part for part, n in zip(parts, counts, strict=True) for _ in range(n)))


def jackknife(
    parts: Iterable[S],
    value: Callable[[S], float | None],
    *,
    total: S | None = None,
    lowest: float = -1.0,
) -> Interval:
    """The interval from leaving out each document once.

    se^2 = (n - 1)/n sum (value without d - their mean)^2; the value +- 1.96 se, cut off at the ends.
    n counts documents that add nothing too: that is how published errors are computed.

    Args:
        parts: of each document what adds up: tuples of whole numbers, all as long, or values with
            `+`, `-` and `facts()`. Equal ones are computed once.
        value: the number of a sum; None where it is undefined.
        total: their sum, if it is known already.
        lowest: the lowest the number can be; the highest is 1.
    """
    sample = _sample(parts, total)
    n, adding = sum(sample.counts), sample.adding
    whole = value(sample.total) if n else None
    if whole is None or adding < 2:
        return Interval(whole, documents=adding, why=ONE_DOCUMENT if adding == 1 else "")
    left = [value(sample.without(part)) for part in sample.parts]
    known = [each for each in left if each is not None]
    if len(known) < len(left):
        return Interval(whole, documents=adding, why=RESTS_ON_ONE)
    error = 0.0
    if min(known) < max(known):
        often = sample.counts
        mean = fsum(c * v for c, v in zip(often, known, strict=True)) / n
        spread = fsum(c * (v - mean) ** 2 for c, v in zip(often, known, strict=True))
        error = sqrt((n - 1) / n * spread)
    below = _normal(LIMITS[0], whole, error), _normal(LIMITS[1], whole, error)
    low, high = max(lowest, whole - WIDE * error), min(1.0, whole + WIDE * error)
    return Interval(whole, low, high, error, adding, below)


def _normal(limit: float, middle: float, error: float) -> float:
    """How likely a normal curve is below a limit."""
    if not error:
        return float(middle < limit)
    return (1 + erf((limit - middle) / error / sqrt(2))) / 2


def bootstrap(
    parts: Iterable[S],
    value: Callable[[S], float | None],
    *,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> Interval:
    """The interval from drawing as many documents, with repetition, many times over.

    The 2.5th and 97.5th percentile. The same documents give the same interval, in any order.

    Args:
        parts: as in `jackknife`; others than tuples are slow.
        value: the number of a sum; resamples where it is undefined are left out.
        resamples: how often is drawn, once or more.
        seed: what chance starts from.
    """
    sample = _sample(parts)
    n, adding = sum(sample.counts), sample.adding
    whole = value(sample.total) if n else None
    if whole is None or adding < 2:
        why = ONE_DOCUMENT if adding == 1 else ""
        return Interval(whole, documents=adding, how=BOOTSTRAP, seed=seed, why=why)
    each = [number for number, count in enumerate(sample.counts) for _ in range(count)]
    chance = Random(seed)  # noqa: S311 - a statistic, not a secret
    found = []
    for _ in range(resamples):
        drawn = Counter(chance.choices(each, k=n))
        got = value(_sum(sample.parts, [drawn[number] for number in range(len(sample.parts))]))
        if got is not None:
            found.append(got)
    if not found:
        return Interval(whole, documents=adding, how=BOOTSTRAP, seed=seed, why=RESTS_ON_ONE)
    found.sort()
    mean = fsum(found) / len(found)
    error = sqrt(fsum((v - mean) ** 2 for v in found) / max(1, len(found) - 1))
    below = _share(found, LIMITS[0]), _share(found, LIMITS[1])
    low, high = _percentile(found, 0.025), _percentile(found, 0.975)
    return Interval(whole, low, high, error, adding, below, BOOTSTRAP, len(found), seed)


def _percentile(values: Sequence[float], share: float) -> float:
    """Between the two nearest of sorted values, in proportion."""
    place = share * (len(values) - 1)
    at = int(place)
    after = values[min(at + 1, len(values) - 1)]
    return values[at] + (place - at) * (after - values[at])


def _share(values: Sequence[float], limit: float) -> float:
    return sum(1 for value in values if value < limit) / len(values)


def jackknife_of(measure: Measure, tables: Iterable[Table]) -> Interval:
    """The jackknife of a coefficient; each document's ratings are one table."""
    prepared = _vectors(measure, tables)
    if isinstance(prepared, Interval):
        return prepared
    return jackknife(*prepared)


def bootstrap_of(
    measure: Measure, tables: Iterable[Table], *, resamples: int = RESAMPLES, seed: int = SEED
) -> Interval:
    """The bootstrap of a coefficient; each document's ratings are one table."""
    prepared = _vectors(measure, tables)
    if isinstance(prepared, Interval):
        return prepared._replace(how=BOOTSTRAP, seed=seed)
    return bootstrap(*prepared, resamples=resamples, seed=seed)


Vectors = tuple[list[tuple[int, ...]], Callable[[tuple[int, ...]], float | None]]


def _vectors(measure: Measure, tables: Iterable[Table]) -> Interval | Vectors:
    """What a coefficient sums up, by document; or the interval of a number that is undefined."""
    tables = list(tables)
    total = Table.total(tables)
    if not total.paired:
        return Interval(None, why=NO_PAIR)
    form = measure.form(total)
    counted = form.count(total)
    whole, nothing = form.value(counted), (0,) * len(counted)
    parts = [form.count(table) or nothing for table in tables if table]
    if whole.value is None:
        return Interval(None, documents=sum(map(any, parts)), why=whole.why)
    return parts, lambda sums: form.value(sums).value
