"""The kappas of the literature: of two annotators (Cohen, Scott) and of complete data (Fleiss, Conger).

Krippendorff's alpha and Gwet's AC1 in `coefficients` serve everywhere else.
"""

from collections.abc import Callable, Sequence
from itertools import combinations
from math import fsum
from operator import add, mul

from annotator.gold.agreement.distances import NOMINAL, Distance, Weights
from annotator.gold.agreement.measures import (
    NO_PAIR,
    NOT_ALL,
    ONE_LABEL,
    UNEQUAL,
    UNUSED,
    Form,
    Measure,
    Value,
    Vector,
    Wide,
    pairs_in,
    said_in,
    undefined,
)
from annotator.gold.agreement.table import Table, Unit


def cohen(pair: tuple[str, str] | None = None, distance: Distance = NOMINAL) -> Measure:
    """Cohen's kappa (1960), weighted (1968) with a distance: 1 - observed/expected disagreement.

    Args:
        pair: of two annotators; None is of all pairs, their disagreements summed up and then divided.
        distance: how far labels are apart. An ordinal one knows no fixed distances: ValueError.
    """
    return Measure("cohen", lambda table: _two(table, pair, distance, own=True))


def scott(pair: tuple[str, str] | None = None, distance: Distance = NOMINAL) -> Measure:
    """Scott's pi (1955): as `cohen`, with what both said together for what each said."""
    return Measure("scott", lambda table: _two(table, pair, distance, own=False))


def _two(table: Table, pair: tuple[str, str] | None, distance: Distance, own: bool) -> Form:
    """1 - sum D_o/sum D_e over pairs; of each the items, disagreement and what each of them said."""
    of_pairs = [min(pair, pair[::-1])] if pair else list(table.pairs())
    names = tuple(table.labels)
    number = {name: each for each, name in enumerate(names)}
    start = {each: at * (2 + 2 * len(names)) for at, each in enumerate(of_pairs)}
    try:
        far = distance.weights(names)
    except ValueError as error:
        return undefined(str(error))
    if far is None:
        raise ValueError("kappa and pi need fixed distances")

    def places(unit: Unit) -> list[tuple[int, int]]:
        found = []
        for (a, first), (b, second) in combinations(unit, 2):
            at = start.get((a, b))
            if at is not None:
                one, other = number[first], number[second]
                apart = far(min(one, other), max(one, other)) if one != other else 0
                found += [(at, 1), (at + 1, apart)]
                found += [(at + 2 + one, 1), (at + 2 + len(names) + other, 1)]
        return found

    chance = _by_chance(len(names), far, distance is NOMINAL, own)

    def value(sums: Sequence[int]) -> Value:
        found = [(sums[at + 1], chance(sums, at)) for at in start.values() if sums[at]]
        if not found:
            return Value(None, NO_PAIR)
        expected = fsum(by_chance for _, by_chance in found)
        if not expected:
            return Value(None, ONE_LABEL)
        return Value(1 - sum(apart for apart, _ in found) / expected)

    return Wide(places, value, len(of_pairs) * (2 + 2 * len(names)))


def _by_chance(
    labels: int, far: Weights, nominal: bool, own: bool
) -> Callable[[Sequence[int], int], float]:
    """The disagreement of a pair by chance, times its items, from its sums at a place."""
    cells = list(combinations(range(labels), 2))

    def chance(sums: Sequence[int], at: int) -> float:
        n = sums[at]
        apart: int
        first = sums[at + 2 : at + 2 + labels]
        second = sums[at + 2 + labels : at + 2 + 2 * labels]
        if not own:  # both draw from what they said together, in halves
            first = second = tuple(map(add, first, second))
            n *= 2
        if nominal:
            apart = n * n - sum(map(mul, first, second))
        else:
            apart = sum((first[a] * second[b] + first[b] * second[a]) * far(a, b) for a, b in cells)
        return apart / n if own else apart / (2 * n)

    return chance


def fleiss() -> Measure:
    """Fleiss' kappa (1971) of complete data: every item has the same number of ratings, 2 or more.

    Who gave them does not matter. It is the multi-rater form of Scott's pi; `conger` is of kappa.
    """

    def value(sums: Sequence[int], m: int) -> Value:
        items, agreed, *n = sums
        pairs, whole = items * m * (m - 1), (items * m) ** 2
        by_chance = sum(each * each for each in n)
        if by_chance == whole:
            return Value(None, ONE_LABEL)
        return Value((agreed * whole - by_chance * pairs) / (pairs * (whole - by_chance)))

    def unit(unit: Unit, names: Sequence[str]) -> list[int]:
        said = said_in(unit)
        return [1, pairs_in(said), *(said[name] for name in names)]

    def form(table: Table) -> Form:
        names = tuple(table.labels)
        return _complete(table, lambda one: unit(one, names), value)

    return Measure("fleiss", form)


def fleiss_label(label: str) -> Measure:
    """Fleiss' kappa of one label against all others: 1 - sum n_c(m - n_c)/(N m(m - 1) p_c q_c)."""

    def unit(unit: Unit) -> Vector:
        n = said_in(unit)[label]
        return 1, n, n * (len(unit) - n)

    def value(sums: Sequence[int], m: int) -> Value:
        items, n, apart = sums
        rest = items * m - n
        if not n or not rest:
            return Value(None, ONE_LABEL if n else UNUSED)
        by_chance = (m - 1) * n * rest
        return Value((by_chance - items * m * apart) / by_chance)

    return Measure(f"fleiss {label}", lambda table: _complete(table, unit, value))


def _complete(
    table: Table,
    unit: Callable[[Unit], Sequence[int]],
    value: Callable[[Sequence[int], int], Value],
) -> Form:
    """A form that is undefined unless all items have equally many ratings."""
    sizes = list(table.sizes)
    if len(sizes) != 1:
        return undefined(UNEQUAL)
    return Form(
        unit, lambda sums: value(sums, sizes[0]) if sums and sums[0] else Value(None, NO_PAIR)
    )


def conger() -> Measure:
    """Conger's kappa (1980), also Davies & Fleiss: P_e is the mean of Cohen's over all pairs.

    Of complete data only: the same annotators, two or more, rated every item.
    """

    def form(table: Table) -> Form:
        people, names = tuple(table.annotators), tuple(table.labels)
        m = len(people)
        if list(table.sizes) != [m]:
            return undefined(NOT_ALL)

        def unit(unit: Unit) -> list[int]:
            labels = [label for _, label in unit]
            own = [int(label == name) for name in names for label in labels]
            return [1, pairs_in(said_in(unit)), *own]

        def value(sums: Sequence[int]) -> Value:
            if not sums or not sums[0]:
                return Value(None, NO_PAIR)
            items, agreed, *own = sums
            of_labels = [own[at : at + m] for at in range(0, len(own), m)]
            by_chance = sum(sum(n) ** 2 - sum(each * each for each in n) for n in of_labels)
            pairs = m * (m - 1) * items
            apart = pairs * items - by_chance
            if not apart:
                return Value(None, ONE_LABEL)
            return Value((agreed * items - by_chance) / apart)

        return Form(unit, value)

    return Measure("conger", form)
