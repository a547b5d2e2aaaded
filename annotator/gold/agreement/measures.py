"""What a coefficient of agreement on labels is: a sum over items and a formula on that sum.

Sums are whole numbers, divided once and at the end, so no order of anything can change a digit. The
letters: an item has m ratings, n_c of them say label c; N items, k labels.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from math import lcm
from typing import NamedTuple

from annotator.gold.agreement.table import Table, Unit

NO_PAIR = "no item was rated by two"
ONE_LABEL = "only one label was used"
UNEQUAL = "items have different numbers of ratings"
NOT_ALL = "not everybody rated every item"
UNUSED = "nobody used this label"


class Value(NamedTuple):
    """A number, or why there is none."""

    value: float | None
    why: str = ""
    """In a few plain words; empty where there is a number."""


Vector = tuple[int, ...]
"""What items add up to."""


class Form:
    """A coefficient on one table: what each item adds, and the number of a sum.

    It knows the labels, annotators and sizes of that table, so it also serves any part of it.
    """

    def __init__(
        self, unit: Callable[[Unit], Sequence[int]], value: Callable[[Sequence[int]], Value]
    ) -> None:
        self._unit = unit
        self._known: dict[Unit, Vector] = {}
        self.value = value
        """The number of a sum; of no items at all the sum is ()."""

    def count(self, table: Table) -> Vector:
        """The sum over a table's items: as long for every table of the same form, () for none."""
        total: list[int] | None = None
        for unit, count in table.units.items():
            one = self._known.get(unit)
            if one is None:
                one = self._known[unit] = tuple(self._unit(unit))
            if total is None:
                total = [count * each for each in one]
            else:
                total = [sum_ + count * each for sum_, each in zip(total, one, strict=True)]
        return tuple(total or ())


class Wide(Form):
    """A form whose sums are long and to which an item adds in a few places only."""

    def __init__(
        self,
        places: Callable[[Unit], Sequence[tuple[int, int]]],
        value: Callable[[Sequence[int]], Value],
        width: int,
    ) -> None:
        super().__init__(lambda _: (), value)
        self._places = places
        self._width = width

    def count(self, table: Table) -> Vector:
        """The sum over a table's items; zeros for none."""
        total = [0] * self._width
        for unit, count in table.units.items():
            for place, amount in self._places(unit):
                total[place] += count * amount
        return tuple(total)


class Measure(NamedTuple):
    """A coefficient."""

    name: str
    form: Callable[[Table], Form]
    """What it is on a table and on the table's parts."""

    def of(self, table: Table) -> Value:
        """The number, or why there is none."""
        if not table.paired:
            return Value(None, NO_PAIR)
        form = self.form(table)
        return form.value(form.count(table))

    def __call__(self, table: Table) -> float | None:
        """The number; None where it is undefined."""
        return self.of(table).value


def said_in(unit: Unit) -> Counter[str]:
    """n_c: how many of an item's ratings say each label."""
    return Counter(label for _, label in unit)


def pairs_in(said: Counter[str]) -> int:
    """n_c(n_c - 1), summed: ordered pairs of ratings that agree."""
    return sum(n * (n - 1) for n in said.values())


def scale_of(table: Table) -> int:
    """What makes every 1/(m(m - 1)) of a table a whole number."""
    return lcm(*(m * (m - 1) for m in table.sizes if m > 1))


def undefined(why: str) -> Form:
    """A form that never has a number."""
    return Form(lambda _: (), lambda _: Value(None, why))


def agreed_in(unit: Unit, scale: int) -> int:
    """The share of an item's pairs that agree, times `scale`."""
    m = len(unit)
    return pairs_in(said_in(unit)) * (scale // (m * (m - 1))) if m > 1 else 0
