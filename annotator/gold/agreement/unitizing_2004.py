"""α_U as Krippendorff defined it in 1995 and 2004: an older coefficient than uα of 2016.

DKPro Statistics and INCEpTION compute this one. It is no early form of uα: the same work gives other
figures, even of another sign, and one must not be compared with the other. It is here for comparison
with figures that others published.

Source: Krippendorff (1995), On the reliability of unitizing continuous data, Sociological Methodology
25:47-76; (2004), Content Analysis, 2nd edition, p. 251-256.
"""

from collections.abc import Iterable, Mapping
from itertools import combinations, pairwise
from typing import NamedTuple

from annotator.gold.agreement.matching import S, entries

Section = tuple[int, int, bool]
"""Start, end, and whether it is a unit rather than a gap."""


class AlphaU2004(NamedTuple):
    """α_U of one label or over all."""

    observed: float
    """Do."""
    expected: float
    """De."""

    @property
    def alpha(self) -> float | None:
        """1 - Do / De; None without a unit."""
        return 1 - self.observed / self.expected if self.expected else None


def alpha_u_2004(length: int, work: Mapping[str, Iterable[S]]) -> dict[str | None, AlphaU2004]:
    """α_U of one continuum, by label, and over all labels under None.

    Args:
        length: of the continuum, which starts at 0.
        work: the spans of two annotators or more; of one label they must not overlap.

    Raises:
        ValueError: fewer than two annotators, a span that leaves the continuum, or overlapping ones.
    """
    if len(work) < 2:
        raise ValueError("α_U needs two annotators")
    by_label: dict[str, dict[str, list[tuple[int, int]]]] = {}
    for annotator in sorted(work):
        for start, end, label, _ in entries(list(work[annotator])):
            empty: dict[str, list[tuple[int, int]]] = {who: [] for who in sorted(work)}
            by_label.setdefault(label, empty)[annotator].append((start, end))
    found: dict[str | None, AlphaU2004] = {}
    for label in sorted(by_label):
        continua = [_sections(length, units) for units in by_label[label].values()]
        found[label] = AlphaU2004(_observed(length, continua), _expected(length, continua))
    n = max(1, len(found))
    found[None] = AlphaU2004(
        sum(one.observed for one in found.values()) / n,
        sum(one.expected for one in found.values()) / n,
    )
    return found


def _sections(length: int, units: list[tuple[int, int]]) -> list[Section]:
    """One annotator's continuum as units and the gaps between them."""
    borders = [(0, 0), *units, (length, length)]
    found: list[Section] = []
    for (_, before), (start, end) in pairwise(borders):
        if start < before:
            raise ValueError("units overlap or leave the continuum")
        if before < start:
            found.append((before, start, False))
        if start < end:
            found.append((start, end, True))
    return found


def _observed(length: int, continua: list[list[Section]]) -> float:
    """Squared differences of all sections that meet, per squared length and ordered pair."""
    total = sum(
        _difference(one, other)
        for a, b in combinations(continua, 2)
        for one in a
        for other in b
        if min(one[1], other[1]) > max(one[0], other[0])
    )
    m = len(continua)
    return 2 * total / (m * (m - 1) * length**2)


def _difference(one: Section, other: Section) -> int:
    """δ² of two sections that meet: both ends' distances, or the length of a unit within a gap."""
    if one[2] and other[2]:
        return (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2
    for unit, gap in ((one, other), (other, one)):
        if unit[2] and not gap[2] and gap[0] <= unit[0] and unit[1] <= gap[1]:
            return (unit[1] - unit[0]) ** 2
    return 0


def _expected(length: int, continua: list[list[Section]]) -> float:
    """What chance makes of it: every unit anywhere in the continuum, beside every unit and gap."""
    sections = [section for sections in continua for section in sections]
    units = [end - start for start, end, unit in sections if unit]
    gaps = [end - start for start, end, unit in sections if not unit]
    total = 0.0
    for size in units:
        total += (len(units) - 1) * (2 * size**3 - 3 * size**2 + size) / 3
        total += size**2 * sum(gap - size + 1 for gap in gaps if gap >= size)
    ml = len(continua) * length
    return 2 * total / length / (ml * (ml - 1) - sum(size * (size - 1) for size in units))
