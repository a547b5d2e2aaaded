"""The unitizing coefficients of many articles, pooled for any choice of annotators, with intervals.

What an article adds lies in a flat row of whole numbers, so that articles can be added and taken out
again quickly; the coefficients are `unitizing`'s own. As each of them takes a while, the jackknife leaves
out an article at a time only up to `BUCKETS` of them, and else a bucket of articles (delete-a-group
jackknife; which bucket an article is in follows from its id, not from any order).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any
from zlib import crc32

from annotator.gold.agreement.formulas import NOTHING_MARKED, Formula, Vector, Who
from annotator.gold.agreement.pool import Pool
from annotator.gold.agreement.report import Metric
from annotator.gold.agreement.unitizing import Sums, Unitized

BUCKETS = 200

Cell = tuple[int, str, str, int, str, str]
"""Number of annotators and the pair, the field of `Sums`, and the label or labels."""
Buckets = dict[int, dict[Cell, int]]
"""By number what articles add up to."""
Pairs = list[tuple[int, str, str, list[Any]]]
"""Of one article: number of annotators, pair, and `Sums.facts`."""
_LENGTH, _MARKED, _SQUARES, _PIECES, _JOINT = range(5)


def pairs(counts: Mapping[str, Any], who: Who) -> Pairs:
    """The sums of an article as if only these annotators had finished it."""
    chosen = set(who)
    return [
        (len(who), a, b, facts)
        for _, a, b, facts in counts["units"]["sums"]
        if a in chosen and b in chosen
    ]


def again(counts: Mapping[str, Any], who: Who) -> Pairs:
    """The sums of two passes of one person."""
    return [tuple(each) for each in counts["again_units"][":".join(who)]["sums"]]


def losses(found: Pairs) -> tuple[float, float, float, int]:
    """The characters on which an article's annotators differ.

    In all, marked by one alone, and labelled differently, each as its coefficient weighs them; and
    the characters that could differ.
    """
    alone = mixed = length = 0.0
    for many, _, _, facts in found:
        joint = facts[_JOINT]
        within = sum(n if c == k else 2 * n for c, k, n in joint)
        alone += (sum(facts[_MARKED].values()) - within) / (many - 1)
        mixed += sum(2 * n for c, k, n in joint if c != k) / (many - 1)
        length = max(length, facts[_LENGTH])
    return 2 * alone + mixed, alone, mixed, int(length)


LOSSES: Mapping[Metric, int] = {
    Metric.U_ALPHA: 0,
    Metric.U_ALPHA_BOUNDARY: 1,
    Metric.CU_ALPHA: 2,
    Metric.CHARACTERS: 0,
}
"""Which of `losses` a metric counts."""


def label_lengths(articles: Iterable[Pairs]) -> Counter[str]:
    """For each label the characters that have it; in an article the mean of its annotators."""
    found: dict[str, float] = {}
    for pairs in articles:
        for many, _, _, facts in pairs:
            for label, n in facts[_MARKED].items():
                found[label] = found.get(label, 0.0) + n / (many * (many - 1))
    return Counter({label: round(n) for label, n in found.items()})


class Continua:
    """The sums of many articles."""

    def __init__(self, buckets: Buckets) -> None:
        """Use `Continua.of` or `pair`."""
        self._buckets = buckets
        self._cells: list[Cell] = sorted({cell for each in buckets.values() for cell in each})
        self.pool = Pool(
            [("", tuple(each.get(cell, 0) for cell in self._cells)) for each in buckets.values()]
        )
        """Of every bucket, what it adds up to."""
        self._unitized = lru_cache(maxsize=2 * BUCKETS + 2)(self._make)

    @classmethod
    def of(cls, articles: Sequence[tuple[str, Pairs]]) -> "Continua":
        """The sums of articles by their ids."""
        small = len(articles) <= BUCKETS
        buckets: Buckets = {}
        for number, (article, found) in enumerate(articles):
            bucket = number if small else crc32(article.encode()) % BUCKETS
            _add(buckets.setdefault(bucket, {}), found)
        return cls(buckets)

    def pair(self, one: str, two: str) -> "Continua":
        """The same as if these two annotators had been alone, in the same buckets."""
        found: Buckets = {}
        for bucket, cells in self._buckets.items():
            for known, n in cells.items():
                if known[1:3] == (one, two):
                    into = found.setdefault(bucket, {})
                    cell: Cell = (2, *known[1:])
                    into[cell] = into.get(cell, 0) + n
        return Continua(found)

    def formulas(self) -> dict[Metric, Formula]:
        """The metrics over all labels."""
        return {
            Metric.U_ALPHA: self._formula(lambda found: found.u_alpha()),
            Metric.U_ALPHA_BOUNDARY: self._formula(lambda found: found.bar_u_alpha()),
            Metric.CU_ALPHA: self._formula(
                lambda found: found.cu_alpha(), "nothing was marked by two, or with one label only"
            ),
            Metric.CHARACTERS: self._formula(lambda found: found.agreement()),
        }

    def label(self, label: str) -> Formula:
        """The coefficient of one label against everything else."""
        return self._formula(lambda found: found.label_alpha(label), "nobody used this label")

    def _formula(self, value: Any, why: str = NOTHING_MARKED) -> Formula:
        return Formula(
            lambda sums: value(self._unitized(sums)), lambda _: 0.0, lambda _: 0, why, -1.0
        )

    def _make(self, sums: Vector) -> Unitized:
        made: dict[tuple[int, str, str], tuple[list[int], list[dict[Any, int]]]] = {}
        for (many, a, b, field, one, two), n in zip(self._cells, sums, strict=True):
            if not n:
                continue
            length, fields = made.setdefault((many, a, b), ([0], [{}, {}, {}, {}]))
            if field == _LENGTH:
                length[0] = n
            else:
                fields[field - 1][(one, two) if field == _JOINT else one] = n
        found = {
            key: Sums(length[0], fields[0], fields[1], fields[3], fields[2])
            for key, (length, fields) in made.items()
        }
        return Unitized(documents=2, sums=found)


def _add(into: dict[Cell, int], found: Iterable[tuple[int, str, str, list[Any]]]) -> None:
    for many, a, b, facts in found:
        cell: Cell = (many, a, b, _LENGTH, "", "")
        into[cell] = into.get(cell, 0) + facts[_LENGTH]
        for field in (_MARKED, _SQUARES, _PIECES):
            for label, n in facts[field].items():
                cell = (many, a, b, field, label, "")
                into[cell] = into.get(cell, 0) + n
        for one, two, n in facts[_JOINT]:
            cell = (many, a, b, _JOINT, one, two)
            into[cell] = into.get(cell, 0) + n
