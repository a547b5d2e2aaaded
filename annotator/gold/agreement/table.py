"""Who gave which label to which item, pooled: all that the agreement on labels needs, and additive.

An item is what is given one label: a document, or a document and a target. A `Table` holds how often
each combination of annotators and labels occurred, so tables of documents add up to the table of the
project, and a document can be taken out again. Everything is counted in whole numbers: no order of
items or annotators can change a figure.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from itertools import combinations
from typing import Any

Unit = tuple[tuple[str, str], ...]
"""The ratings of one item: (annotator, label), sorted."""


class Table:
    """How often each combination of ratings occurred. A value: equal, hashable, never changed."""

    __slots__ = ("_hash", "units")

    units: Mapping[Unit, int]
    """How many items were rated just so; no zeros, no items without a rating."""

    def __init__(self, units: Mapping[Unit, int] | None = None) -> None:
        self.units = units or {}
        self._hash: int | None = None

    @classmethod
    def of(cls, items: Iterable[Mapping[str, str]]) -> "Table":
        """The table of some items.

        Args:
            items: of each the label by annotator; whoever did not rate it is absent. Items that
                nobody rated are left out.
        """
        return cls(Counter(tuple(sorted(item.items())) for item in items if item))

    @classmethod
    def total(cls, tables: Iterable["Table"]) -> "Table":
        """All tables together, in one go."""
        units: Counter[Unit] = Counter()
        for table in tables:
            units.update(table.units)
        return cls(units)

    @classmethod
    def of_facts(cls, facts: Iterable[Any]) -> "Table":
        """What `facts` gave, read back.

        Raises:
            ValueError, TypeError: these are no such facts.
        """
        units: Counter[Unit] = Counter()
        for ratings, count in facts:
            if type(count) is not int or count < 1 or not ratings:
                raise ValueError("facts of a table hold ratings and how often they occurred")
            units[tuple((str(who), str(label)) for who, label in ratings)] += count
        return cls(units)

    def facts(self) -> list[Any]:
        """As small JSON values, always in the same order: [[[annotator, label], ...], count]."""
        return [[[list(r) for r in unit], count] for unit, count in sorted(self.units.items())]

    def __add__(self, other: "Table") -> "Table":
        return Table.total((self, other))

    def __sub__(self, other: "Table") -> "Table":
        """Without those items. Raises ValueError when they are not all in it."""
        units = dict(self.units)
        for unit, count in other.units.items():
            left = units.get(unit, 0) - count
            if left < 0:
                raise ValueError("a table can only lose items that it holds")
            units[unit] = left
            if not left:
                del units[unit]
        return Table(units)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Table) and self.units == other.units

    def __hash__(self) -> int:
        if self._hash is None:
            self._hash = hash(frozenset(self.units.items()))
        return self._hash

    def __bool__(self) -> bool:
        return bool(self.units)

    def __repr__(self) -> str:
        return f"Table({dict(self.units)!r})"

    def only(
        self, labels: Collection[str] | None = None, annotators: Collection[str] | None = None
    ) -> "Table":
        """Without ratings that have other labels or are by others; None leaves all."""
        if labels is None and annotators is None:
            return self
        units: Counter[Unit] = Counter()
        for unit, count in self.units.items():
            kept = tuple(
                (who, label)
                for who, label in unit
                if (labels is None or label in labels) and (annotators is None or who in annotators)
            )
            if kept:
                units[kept] += count
        return Table(units)

    @property
    def items(self) -> int:
        """How many items have a rating."""
        return sum(self.units.values())

    @property
    def paired(self) -> int:
        """How many items have two ratings or more: those that agreement is about."""
        return sum(count for unit, count in self.units.items() if len(unit) > 1)

    @property
    def single(self) -> int:
        """How many items only one annotator rated."""
        return self.items - self.paired

    @property
    def ratings(self) -> int:
        """How many ratings there are."""
        return sum(len(unit) * count for unit, count in self.units.items())

    @property
    def sizes(self) -> dict[int, int]:
        """How many items have so many ratings; sorted."""
        found: Counter[int] = Counter()
        for unit, count in self.units.items():
            found[len(unit)] += count
        return dict(sorted(found.items()))

    @property
    def annotators(self) -> dict[str, int]:
        """How many items each annotator rated; sorted by name."""
        found: Counter[str] = Counter()
        for unit, count in self.units.items():
            for who, _ in unit:
                found[who] += count
        return dict(sorted(found.items()))

    @property
    def labels(self) -> dict[str, int]:
        """How many ratings say each label, single ones included; sorted by label."""
        found: Counter[str] = Counter()
        for unit, count in self.units.items():
            for _, label in unit:
                found[label] += count
        return dict(sorted(found.items()))

    def pairs(self) -> dict[tuple[str, str], dict[tuple[str, str], int]]:
        """The confusion table of every two annotators who rated an item both.

        By (earlier name, later name): how often the first said the one label and the second the
        other. All sorted.
        """
        found: dict[tuple[str, str], Counter[tuple[str, str]]] = {}
        for unit, count in self.units.items():
            for (a, first), (b, second) in combinations(unit, 2):
                found.setdefault((a, b), Counter())[first, second] += count
        return {pair: dict(sorted(cells.items())) for pair, cells in sorted(found.items())}

    def confusion(self) -> dict[tuple[str, str], int]:
        """How often two annotators of an item said these two labels; labels and cells sorted."""
        found: Counter[tuple[str, str]] = Counter()
        for unit, count in self.units.items():
            for (_, one), (_, other) in combinations(unit, 2):
                found[min(one, other), max(one, other)] += count
        return dict(sorted(found.items()))
