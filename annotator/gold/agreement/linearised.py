"""Standard errors of alpha and AC1 over items, by Gwet's linearisation: for comparison with others.

They take items for independent, which those of one article are not, so reports use `intervals`.
Formulas: Gwet, Handbook of Inter-Rater Reliability, as other packages compute them.
"""

from collections import Counter
from collections.abc import Sequence
from math import fsum, sqrt

from annotator.gold.agreement.measures import pairs_in, said_in
from annotator.gold.agreement.table import Table


def ac1_error(table: Table, categories: int) -> float | None:
    """The standard error of `ac1(categories)`; None with fewer than two items or one label.

    Args:
        table: the ratings.
        categories: how many labels the scheme offers; more if more were used.
    """
    items, paired = table.items, table.paired
    names = list(table.labels)
    if not paired or items < 2 or len(names) < 2:
        return None
    units = [(said_in(unit), len(unit), count) for unit, count in sorted(table.units.items())]
    shares = [fsum(count * said[c] / m for said, m, count in units) / items for c in names]
    k = max(categories, len(names))
    chance = fsum(p * (1 - p) for p in shares) / (k - 1)
    observed = fsum(c * pairs_in(said) / (m * (m - 1)) for said, m, c in units if m > 1) / paired
    value = (observed - chance) / (1 - chance)
    spread = []
    for said, m, count in units:
        own = pairs_in(said) / (m * (m - 1)) - chance if m > 1 else 0.0
        expected = fsum(said[c] * (1 - p) for c, p in zip(names, shares, strict=True)) / m / (k - 1)
        each = items / paired * own / (1 - chance)
        each -= 2 * (1 - value) * (expected - chance) / (1 - chance)
        spread.append(count * (each - value) ** 2)
    return sqrt(fsum(spread) / (items * (items - 1)))


def alpha_error(table: Table) -> float | None:
    """The standard error of nominal `alpha()`; None with fewer than two items or one label."""
    units = [
        (said_in(unit), len(unit), count)
        for unit, count in sorted(table.units.items())
        if len(unit) > 1
    ]
    said_of_all: Counter[str] = Counter()
    for said, _, count in units:
        for label, n in said.items():
            said_of_all[label] += n * count
    items, ratings = table.paired, said_of_all.total()
    if items < 2 or len(said_of_all) < 2:
        return None
    mean = ratings / items
    shares = {label: n / ratings for label, n in sorted(said_of_all.items())}
    chance = fsum(p * p for p in shares.values())
    agreed = _mean([(pairs_in(said) / (mean * (m - 1)), c) for said, m, c in units])
    small = 1 / ratings
    corrected = (1 - small) * agreed + small
    value = (agreed - chance) / (1 - chance)
    spread = []
    for said, m, count in units:
        more = (m - mean) / mean
        own = pairs_in(said) / (mean * (m - 1)) - corrected * more
        expected = fsum(said[c] * p for c, p in shares.items()) / mean - chance * more
        each = (own - chance) / (1 - chance)
        each -= 2 * (1 - value) * (expected - chance) / (1 - chance)
        spread.append(count * (each - value) ** 2)
    return sqrt(fsum(spread) / (items * (items - 1)))


def _mean(values: Sequence[tuple[float, int]]) -> float:
    return fsum(value * count for value, count in values) / sum(count for _, count in values)
