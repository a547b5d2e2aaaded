"""Coefficients of agreement on labels: each a sum over items and a formula on that sum.

    alpha()(table)             the number, or None where it is undefined
    alpha().of(table).why      why it is undefined
    alpha().form(table)        what items add up to, for `intervals`, which takes articles out again

Sums are whole numbers and every number is divided once, at the end: no order can change a digit. The
letters: an item has m ratings, n_c of them say label c; N items, k labels. Where only one label was
used nothing is known about agreement beyond chance, and every coefficient that corrects for chance
is undefined, neither 0 nor 1.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import combinations
from math import lcm

from annotator.gold.agreement.distances import INTERVAL, NOMINAL, RATIO, Distance, between, ordinal
from annotator.gold.agreement.kappas import cohen, conger, fleiss, fleiss_label, scott
from annotator.gold.agreement.measures import (
    NO_PAIR,
    ONE_LABEL,
    UNUSED,
    Form,
    Measure,
    Value,
    Vector,
    agreed_in,
    said_in,
    scale_of,
    undefined,
)
from annotator.gold.agreement.table import Table, Unit

__all__ = [
    "INTERVAL",
    "LARGEST",
    "NOMINAL",
    "NO_PAIR",
    "ONE_LABEL",
    "RATIO",
    "Distance",
    "Form",
    "Measure",
    "Table",
    "Value",
    "ac1",
    "alpha",
    "bennett",
    "between",
    "cohen",
    "conger",
    "fleiss",
    "fleiss_gwet",
    "fleiss_label",
    "ordinal",
    "percent",
    "scott",
    "skewed",
    "specific",
]

PERCENT_HIGH = 0.85
ALPHA_LOW = 0.5
LARGEST = 0.8
"""From here on one label holds so many ratings that chance-corrected numbers mislead."""


def percent() -> Measure:
    """Share of pairs of ratings that agree, the mean over items with two or more (Gwet's p_a)."""

    def form(table: Table) -> Form:
        scale = scale_of(table)

        def unit(unit: Unit) -> Vector:
            return (agreed_in(unit, scale), int(len(unit) > 1))

        def value(sums: Sequence[int]) -> Value:
            if not sums or not sums[1]:
                return Value(None, NO_PAIR)
            return Value(sums[0] / (scale * sums[1]))

        return Form(unit, value)

    return Measure("percent", form)


def alpha(distance: Distance = NOMINAL) -> Measure:
    """Krippendorff's alpha (Computing Krippendorff's alpha-reliability, 2011).

    1 - D_o/D_e with D_o over pairs within items, each item's weighted 1/(m - 1), and D_e over all
    pairs of ratings. Items rated once are left out; ratings off an ordinal scale are too, first.
    """

    def form(table: Table) -> Form:
        kept = table.only(distance.scale)
        names = distance.scale or tuple(kept.labels)
        scale = lcm(*(m - 1 for m in kept.sizes if m > 1))
        try:
            fixed = distance.weights(names)
        except ValueError as error:
            return undefined(str(error))
        width = range(len(names))
        cells = list(combinations(width, 2))

        def unit(unit: Unit) -> list[int]:
            said = said_in(unit)
            n = [said[name] for name in names]
            m = sum(n)
            if m < 2:
                return [0] * (len(n) + (len(cells) if fixed is None else 1))
            part = scale // (m - 1)
            if fixed is None:
                return n + [n[a] * n[b] * part for a, b in cells]
            found = [a for a in width if n[a]]
            apart = sum(n[a] * n[b] * fixed(a, b) for a, b in combinations(found, 2))
            return [*n, apart * part]

        def value(sums: Sequence[int]) -> Value:
            n = sums[: len(names)]
            if not any(n):
                return Value(None, NO_PAIR)
            if fixed is None:
                between = _ordinal(n)
                apart = sum(sums[len(n) + i] * between(a, b) for i, (a, b) in enumerate(cells))
            else:
                between, apart = fixed, sums[-1]
            found = [a for a in width if n[a]]
            by_chance = scale * sum(n[a] * n[b] * between(a, b) for a, b in combinations(found, 2))
            if not by_chance:
                return Value(None, ONE_LABEL)
            return Value((by_chance - (sum(n) - 1) * apart) / by_chance)

        return Form(unit, value)

    return Measure(f"alpha {distance.name}", form)


def _ordinal(n: Sequence[int]) -> Callable[[int, int], int]:
    """Four times Krippendorff's ordinal distance of two labels, given how often each was used."""
    sums = [0]
    for each in n:
        sums.append(sums[-1] + each)
    return lambda a, b: (2 * (sums[b + 1] - sums[a]) - n[a] - n[b]) ** 2


def ac1(categories: int) -> Measure:
    """Gwet's AC1 (2008): P_e = sum p_c(1 - p_c)/(k - 1), p_c the mean share of c in an item.

    Args:
        categories: how many labels the scheme offers; more if more were used.
    """

    def chance(shares: Sequence[int], whole: int, labels: int) -> tuple[int, int]:
        k = max(categories, labels)
        return sum(s * (whole - s) for s in shares), whole * whole * (k - 1)

    return Measure("ac1", lambda table: _gwet(table, chance))


def fleiss_gwet() -> Measure:
    """Gwet's extension of Fleiss' kappa to missing ratings: P_e = sum p_c^2, p_c as in AC1."""

    def chance(shares: Sequence[int], whole: int, _: int) -> tuple[int, int]:
        return sum(s * s for s in shares), whole * whole

    return Measure("fleiss gwet", lambda table: _gwet(table, chance))


def _gwet(table: Table, chance: Callable[[Sequence[int], int, int], tuple[int, int]]) -> Form:
    """(P_a - P_e)/(1 - P_e): P_a over items rated twice, P_e over all; `chance` as a fraction."""
    names = tuple(table.labels)
    scale = scale_of(table)

    def unit(unit: Unit) -> list[int]:
        said, m = said_in(unit), len(unit)
        return [agreed_in(unit, scale), int(m > 1), 1, *(said[c] * (scale // m) for c in names)]

    def value(sums: Sequence[int]) -> Value:
        if not sums or not sums[1]:
            return Value(None, NO_PAIR)
        agreed, paired, items, *shares = sums
        if sum(1 for share in shares if share) < 2:
            return Value(None, ONE_LABEL)
        top, bottom = chance(shares, scale * items, len(names))
        pairs = scale * paired
        return Value((agreed * bottom - top * pairs) / (pairs * (bottom - top)))

    return Form(unit, value)


def bennett(categories: int) -> Measure:
    """Bennett's S (1954), also Brennan & Prediger: every label is as likely as the other by chance.

    Args:
        categories: how many labels the scheme offers; more if more were used.
    """

    def form(table: Table) -> Form:
        names = tuple(table.labels)
        scale = scale_of(table)
        k = max(categories, len(names))

        def unit(unit: Unit) -> list[int]:
            said = said_in(unit) if len(unit) > 1 else Counter[str]()
            return [agreed_in(unit, scale), int(len(unit) > 1), *(said[c] for c in names)]

        def value(sums: Sequence[int]) -> Value:
            if not sums or not sums[1]:
                return Value(None, NO_PAIR)
            agreed, paired, *used = sums
            if sum(1 for each in used if each) < 2:
                return Value(None, ONE_LABEL)
            whole = scale * paired
            return Value((k * agreed - whole) / (whole * (k - 1)))

        return Form(unit, value)

    return Measure("bennett s", form)


def specific(label: str) -> Measure:
    """Agreement on one label: of the others' ratings where somebody said it, the share that says it.

    sum n_c(n_c - 1) / sum n_c(m - 1); of two annotators 2 both / (n_A + n_B), the F1 of the label.
    """

    def unit(unit: Unit) -> Vector:
        n = said_in(unit)[label]
        return n * (n - 1), n * (len(unit) - 1)

    def value(sums: Sequence[int]) -> Value:
        if not sums or not sums[1]:
            return Value(None, UNUSED)
        return Value(sums[0] / sums[1])

    return Measure(f"specific {label}", lambda _: Form(unit, value))


def skewed(table: Table) -> bool:
    """Whether labels are so skewed that AC1 and the agreement per label are to be read beside alpha.

    So when nearly all ratings agree and alpha is low all the same, or one label holds most of them;
    of items with two ratings or more.
    """
    said: Counter[str] = Counter()
    for unit, count in table.units.items():
        if len(unit) > 1:
            for _, label in unit:
                said[label] += count
    if said and max(said.values()) > LARGEST * said.total():
        return True
    high, low = percent()(table), alpha()(table)
    return high is not None and low is not None and high >= PERCENT_HIGH and low < ALPHA_LOW
