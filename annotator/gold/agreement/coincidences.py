"""The sums and coincidence tables behind the unitizing coefficients (see `unitizing`)."""

from collections import Counter
from collections.abc import Iterable, Mapping
from math import lcm
from typing import Any, NamedTuple

Pair = tuple[str, str]
"""Two annotators, or two labels, sorted."""
NOBODY: Mapping[Any, Any] = {}


class Sums(NamedTuple):
    """What a pair of annotators adds up to; the order of the two is forgotten."""

    length: int = 0
    """Characters of their documents."""
    marked: Mapping[str, int] = NOBODY
    """ℓ_c: characters labelled c by the one plus those by the other."""
    squares: Mapping[str, int] = NOBODY
    """Q_c: squared lengths of both annotators' units labelled c."""
    joint: Mapping[Pair, int] = NOBODY
    """ℓ_ck with c <= k: characters labelled c by one and k by the other; ℓ_cc counts them twice."""
    met: Mapping[str, int] = NOBODY
    """Q_c of cuα: of every unit labelled c the characters that the other one marked, squared."""

    @property
    def cells(self) -> tuple[Mapping[Any, int], ...]:
        """All but the length."""
        return self.marked, self.squares, self.joint, self.met

    def __add__(self, other: "Sums") -> "Sums":  # type: ignore[override]  # sums, not a longer tuple
        """Both together."""
        return Sums.total((self, other))

    def __sub__(self, other: "Sums") -> "Sums":
        """Without those documents."""
        less = (
            {key: n for key in old if (n := old[key] - new.get(key, 0))}
            for old, new in zip(self.cells, other.cells, strict=True)
        )
        return Sums(self.length - other.length, *less)

    @classmethod
    def total(cls, sums: Iterable["Sums"]) -> "Sums":
        """All together, in one go."""
        length = 0
        cells: tuple[dict[Any, int], ...] = ({}, {}, {}, {})
        for one in sums:
            length += one.length
            for cell, new in zip(cells, one.cells, strict=True):
                for key, n in new.items():
                    cell[key] = cell.get(key, 0) + n
        return cls(length, *cells)

    def facts(self) -> list[Any]:
        """As small JSON values."""
        joint = [[c, k, n] for (c, k), n in sorted(self.joint.items())]
        rest = [dict(sorted(cell.items())) for cell in (self.marked, self.squares, self.met)]
        return [self.length, *rest, joint]

    @classmethod
    def of_facts(cls, facts: Iterable[Any]) -> "Sums":
        """What `facts` gave, read back; raises ValueError or TypeError when it is no such list."""
        length, marked, squares, met, joint = facts
        return cls(length, dict(marked), dict(squares), {(c, k): n for c, k, n in joint}, dict(met))


class Table(NamedTuple):
    """ℓ and Q of all values, multiplied by `scale` so that they are whole; the gap is None."""

    scale: int
    total: int
    """ℓ.."""
    rows: Mapping[str | None, int]
    """ℓ_c."""
    squares: Mapping[str | None, int]
    """Q_c; a gap's characters are units of length 1."""
    joint: Mapping[Pair, int]
    """ℓ_ck with c <= k, labels only."""
    met: Mapping[str | None, int]
    """Q_c of the text that both marked."""
    same: int
    """Sum of ℓ_cc, gaps too."""

    @classmethod
    def of(cls, by_size: Mapping[int, Sums]) -> "Table":
        """From the sums of pairs by the number of annotators."""
        scale = lcm(*(size - 1 for size in by_size)) if by_size else 1
        weighted = [(sums, scale // (size - 1)) for size, sums in by_size.items()]
        total = sum(2 * sums.length * weight for sums, weight in weighted)
        cells: tuple[Counter[Any], ...] = (Counter(), Counter(), Counter(), Counter())
        for sums, weight in weighted:
            for cell, found in zip(cells, sums.cells, strict=True):
                for key, n in found.items():
                    cell[key] += n * weight
        return cls._with_gaps(scale, total, *cells)

    @classmethod
    def _with_gaps(
        cls,
        scale: int,
        total: int,
        marked: Mapping[Any, int],
        squares: Mapping[Any, int],
        joint: Mapping[Pair, int],
        met: Mapping[Any, int],
    ) -> "Table":
        gaps = total - sum(marked.values())
        # What is marked by one alone faces a gap of the other: marked less what both marked.
        within = sum(n if c == k else 2 * n for (c, k), n in joint.items())
        alone = sum(marked.values()) - within
        same = gaps - alone + sum(n for (c, k), n in joint.items() if c == k)
        return cls(scale, total, {None: gaps, **marked}, {None: gaps, **squares}, joint, met, same)

    def only(self, label: str) -> "Table":
        """As if there were no other labels."""
        both = self.joint.get((label, label), 0)
        return self._with_gaps(
            self.scale,
            self.total,
            {label: self.rows.get(label, 0)},
            {label: self.squares.get(label, 0)},
            {(label, label): both},
            {},
        )

    def within(self) -> "Table":
        """Only the text that both marked, where there are no gaps."""
        rows = self._joint_rows()
        same = sum(n for (c, k), n in self.joint.items() if c == k)
        return self._replace(total=sum(rows.values()), rows=rows, squares=self.met, same=same)

    def _joint_rows(self) -> dict[str | None, int]:
        rows: dict[str | None, int] = {}
        for (c, k), n in self.joint.items():
            rows[c] = rows.get(c, 0) + n
            if c != k:
                rows[k] = rows.get(k, 0) + n
        return rows

    def _chance(self) -> int:
        """ℓ..² - ΣQ: the pairs of characters of different units."""
        return self.total**2 - self.scale * sum(self.squares.values())

    def u_alpha(self) -> float | None:
        """1 - (ℓ.. - Σℓ_cc) / (ℓ.. - Σε_cc)."""
        chance = self._chance()
        alike = sum(row**2 for row in self.rows.values())
        alike -= self.scale * sum(self.squares.values())
        expected = self.total * (chance - alike)
        return _one_less((self.total - self.same) * chance, expected)

    def bar_u_alpha(self) -> float | None:
        """1 - (ℓ_φ. - ℓ_φφ) / (ε_φ. - ε_φφ)."""
        gaps = self.rows.get(None, 0)
        both = sum(n if c == k else 2 * n for (c, k), n in self.joint.items())
        alone = self.total - gaps - both
        return _one_less(alone * self._chance(), self.total * gaps * (self.total - gaps))

    def one_against_rest(self, label: str) -> float | None:
        """1 - ε_k (ℓ_k - ℓ_kk) / (ℓ_k (ε_k - ε_kk))."""
        row, square = self.rows.get(label, 0), self.scale * self.squares.get(label, 0)
        apart = row - self.joint.get((label, label), 0)
        return _one_less((row * self.total - square) * apart, row * (row * self.total - row**2))

    def covered(self, label: str) -> float | None:
        """Share of ℓ_k that the other marked too."""
        row = self.rows.get(label, 0)
        return self._joint_rows().get(label, 0) / row if row else None

    def agreement(self) -> float | None:
        """Σℓ_cc / ℓ.."""
        return self.same / self.total if self.total else None


def _one_less(part: int, whole: int) -> float | None:
    """1 - part / whole in one division; None when the whole is 0."""
    return (whole - part) / whole if whole else None
