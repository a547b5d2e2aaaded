"""The blind comparison: what annotators do with suggestions beside what they do without any.

The blind sample is drawn by chance (`model.assistance`), so that a difference which is larger than
chance comes from the suggestions: they save time, or they lead.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import exp, fsum, log, sqrt
from typing import NamedTuple

NEEDED = 20
"""From so many articles on either side a difference is told."""
WIDE = 1.96


class Row(NamedTuple):
    """One annotator's finished article."""

    annotator: str
    article: str
    at: float
    """When it was finished, seconds since the epoch."""
    blind: bool
    """Whether it is of the blind sample."""
    shown: bool
    """Whether anything was suggested in it."""
    characters: int
    """Of its text."""
    seconds: int
    """Active ones; 0 where no time was recorded."""
    keys: int
    labels: Mapping[str, int]
    """How many, by layer."""
    length: Mapping[str, int]
    """Characters of these labels together, by layer."""


class Rate(NamedTuple):
    """One number of the articles with suggestions and of the blind ones."""

    name: str
    """`seconds`, `keys`, `labels` (each for 1,000 characters) or `length` (characters a label)."""
    layer: str
    """"" where all layers are meant."""
    assisted: float | None
    """With suggestions; None where there is nothing to divide by."""
    blind: float | None
    change: float | None = None
    """assisted / blind - 1; None where that is undefined."""
    low: float | None = None
    """The lower end of its 95 % interval; None where there are too few articles."""
    high: float | None = None

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves out that there is no difference."""
        return self.low is not None and self.high is not None and not self.low <= 0 <= self.high


class Comparison(NamedTuple):
    """Finished articles with suggestions beside finished blind ones."""

    assisted: int
    """Finished articles, one for each annotator who finished it."""
    blind: int
    rates: tuple[Rate, ...]

    @property
    def is_enough(self) -> bool:
        """Whether there are enough on both sides to tell."""
        return min(self.assisted, self.blind) >= NEEDED


def fair(rows: Iterable[Row]) -> list[Row]:
    """The rows that can be compared.

    Of each annotator those from the first article on in which something was suggested: before, all
    articles were without. An article is on its side whether anything was found in it or not, as it
    was chance that put it there; blind ones in which something was suggested (the share was smaller
    then) are left out.
    """
    kept = list(rows)
    first = dict[str, float]()
    for row in kept:
        if row.shown:
            first[row.annotator] = min(row.at, first.get(row.annotator, row.at))
    return [
        row
        for row in kept
        if row.at >= first.get(row.annotator, float("inf")) and not (row.blind and row.shown)
    ]


def compare(rows: Sequence[Row], layers: Iterable[str] = ()) -> Comparison:
    """Hold the two sides against each other.

    Args:
        rows: finished articles, `fair` ones.
        layers: the span layers to tell of.
    """
    rates = [
        _rate("seconds", "", rows, lambda row: (row.seconds, row.characters if row.seconds else 0)),
        _rate("keys", "", rows, lambda row: (row.keys, row.characters if row.keys else 0)),
    ]
    for layer in layers:
        rates.append(_rate("labels", layer, rows, _labels(layer)))
        rates.append(_rate("length", layer, rows, _length(layer)))
    blind = sum(row.blind for row in rows)
    return Comparison(len(rows) - blind, blind, tuple(rates))


Part = tuple[int, int]
"""What adds up to a ratio: above and below the line."""


def _labels(layer: str) -> Callable[[Row], Part]:
    return lambda row: (row.labels.get(layer, 0), row.characters)


def _length(layer: str) -> Callable[[Row], Part]:
    return lambda row: (row.length.get(layer, 0), row.labels.get(layer, 0))


def _rate(name: str, layer: str, rows: Sequence[Row], part: Callable[[Row], Part]) -> Rate:
    """A ratio on both sides, and how they differ."""
    sides = [_parts(rows, part, blind) for blind in (False, True)]
    scale = 1 if name == "length" else 1000
    one, other = (_ratio(parts) for parts in sides)
    return Rate(
        name,
        layer,
        None if one is None else scale * one,
        None if other is None else scale * other,
        *change(*sides),
    )


def _parts(rows: Sequence[Row], part: Callable[[Row], Part], blind: bool) -> list[Part]:
    """One for each article of a side: what several annotators did in one is not independent."""
    found = dict[str, Part]()
    for row in rows:
        if row.blind is blind:
            above, below = part(row)
            old = found.get(row.article, (0, 0))
            found[row.article] = (old[0] + above, old[1] + below)
    return [each for each in found.values() if each[1]]


def _ratio(parts: Sequence[Part]) -> float | None:
    below = sum(part[1] for part in parts)
    return sum(part[0] for part in parts) / below if below else None


def change(
    assisted: Sequence[Part], blind: Sequence[Part]
) -> tuple[float | None, float | None, float | None]:
    """How much larger one ratio of sums is than another, with a 95 % interval.

    The delete-one-article jackknife of the logarithm of each ratio; the articles of the two sides are
    others, so the squares of the standard errors add up. The interval is symmetric in the logarithm.

    Args:
        assisted: of each article what stands above and below the line.
        blind: the same of the other side.

    Returns:
        assisted / blind - 1, and the ends of the interval: None where a ratio is undefined or 0, or
        where there are fewer than `NEEDED` articles on a side.
    """
    one, other = _ratio(assisted), _ratio(blind)
    if not one or not other:
        return None, None, None
    middle = log(one / other)
    if min(len(assisted), len(blind)) < NEEDED:
        return exp(middle) - 1, None, None
    errors = [_error(parts) for parts in (assisted, blind)]
    if any(error is None for error in errors):
        return exp(middle) - 1, None, None
    wide = WIDE * sqrt(fsum(error**2 for error in errors if error is not None))
    return exp(middle) - 1, exp(middle - wide) - 1, exp(middle + wide) - 1


def _error(parts: Sequence[Part]) -> float | None:
    """The standard error of the logarithm of a ratio; None where it rests on one article alone."""
    above, below = (sum(column) for column in zip(*parts, strict=True))
    left = [(above - part[0], below - part[1]) for part in parts]
    if any(one <= 0 or other <= 0 for one, other in left):
        return None
    values = [log(one / other) for one, other in left]
    n = len(values)
    mean = fsum(values) / n
    return sqrt((n - 1) / n * fsum((value - mean) ** 2 for value in values))
