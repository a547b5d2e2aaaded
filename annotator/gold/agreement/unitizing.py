"""Krippendorff's unitizing coefficients of 2016 over characters, from sums that add up over documents.

Each annotator's text is a continuum of units, which have a label, and gaps between them. Compared are
characters, but a unit of n characters is one decision: that is why chance agreement needs the squared
lengths of units. uα compares labels and gaps, |uα only marked or not, cuα the labels where both marked,
(k)uα one label there. They are not the α_U of 1995 and 2004, which is `unitizing_2004`.

Per pair of annotators the sums hold ℓ_cc and ℓ_ck (characters labelled c by one and k by the other, both
ways round), ℓ_c, and Q_c (squared lengths of units labelled c); gaps follow from the length. With m
annotators every ℓ and Q is the sum over the pairs divided by m - 1. Documents are added, and units never
cross their borders. All sums are whole numbers and every coefficient is one division at the end, so that
no order of documents, annotators or spans can change a figure.

Source: Krippendorff, Mathet, Bouvry, Widlöcher (2016), On the reliability of unitizing textual continua,
Quality & Quantity 50:2347-2364; formulas as in four independent implementations. Those of cuα disagree
for three annotators or more, so that here it is computed per pair, where they agree, and averaged.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import Any, NamedTuple

from annotator.gold.agreement.coincidences import NOBODY, Pair, Sums, Table
from annotator.gold.agreement.matching import Entry, S, entries

__all__ = ["Coverage", "Pair", "Sums", "Unitized", "unitize", "unitize_labels"]

Units = list[tuple[int, int, str]]
"""Start, end, label; in order, not overlapping."""


class Coverage(NamedTuple):
    """(k)uα of one label, of one pair of annotators or the mean over pairs."""

    alpha: float | None
    coverage: float | None
    """Share of the characters labelled k that the other annotator marked too, with any label."""


class Unitized(NamedTuple):
    """Additive sums of unitized documents of one layer.

    `+` adds documents, `-` takes them out again. Coefficients are None where they are undefined: no
    document that two finished, or no variation, as when nobody marked anything.
    """

    documents: int = 0
    """Documents that two or more finished."""
    single: int = 0
    """Documents left out because fewer than two finished them."""
    merged: Mapping[str, int] = NOBODY
    """By annotator: spans that were merged into another of the same label that they overlap."""
    cut: Mapping[str, int] = NOBODY
    """By annotator: spans cut short or dropped because an earlier one has their characters."""
    apart: bool = False
    """Whether every label has a continuum of its own (`unitize_labels`): only `label_alpha` holds."""
    sums: Mapping[tuple[int, str, str], Sums] = NOBODY
    """By number of annotators who finished the document, and pair."""

    def __add__(self, other: "Unitized") -> "Unitized":  # type: ignore[override]  # sums, not a longer tuple
        return Unitized.total((self, other))

    def __sub__(self, other: "Unitized") -> "Unitized":
        less = {
            key: left
            for key, sums in self.sums.items()
            if any(left := sums - other.sums.get(key, Sums()))
        }
        merged, cut = Counter(self.merged), Counter(self.cut)
        merged.subtract(other.merged)
        cut.subtract(other.cut)
        return Unitized(
            self.documents - other.documents,
            self.single - other.single,
            dict(+merged),
            dict(+cut),
            self.apart,
            less,
        )

    @classmethod
    def total(cls, parts: Iterable["Unitized"]) -> "Unitized":
        """All together, in one go.

        Raises:
            ValueError: some have one continuum per label and others have not.
        """
        many = list(parts)
        merged: Counter[str] = Counter()
        cut: Counter[str] = Counter()
        by_pair: dict[tuple[int, str, str], list[Sums]] = {}
        for one in many:
            merged.update(one.merged)
            cut.update(one.cut)
            for key, sums in one.sums.items():
                by_pair.setdefault(key, []).append(sums)
        kinds = {one.apart for one in many if one.documents}
        if len(kinds) > 1:
            raise ValueError("sums per label and sums of all labels cannot be added")
        return cls(
            sum(one.documents for one in many),
            sum(one.single for one in many),
            dict(merged),
            dict(cut),
            kinds.pop() if kinds else any(one.apart for one in many),
            {key: Sums.total(found) for key, found in by_pair.items()},
        )

    def only(self, annotators: Iterable[str]) -> "Unitized":
        """One document's sums as if no others had finished it.

        Raises:
            ValueError: these are the sums of several documents, where that cannot be told any more.
        """
        if self.documents > 1:
            raise ValueError("annotators can be left out of one document at a time")
        kept = set(annotators)
        pairs = {key[1:]: sums for key, sums in self.sums.items() if kept >= set(key[1:])}
        left = len({who for pair in pairs for who in pair})
        return self._replace(
            documents=1 if pairs else 0,
            single=0 if pairs else 1,
            merged={who: n for who, n in self.merged.items() if who in kept},
            cut={who: n for who, n in self.cut.items() if who in kept},
            sums={(left, *pair): sums for pair, sums in pairs.items()},
        )

    def pairs(self) -> list[Pair]:
        """The pairs of annotators who finished a document both, sorted."""
        return sorted({(a, b) for _, a, b in self.sums})

    def labels(self) -> list[str]:
        """The labels that occur, sorted."""
        return sorted({label for sums in self.sums.values() for label in sums.marked})

    def u_alpha(self, pair: Pair | None = None) -> float | None:
        """uα (2016): labels and gaps, of one pair when it is said."""
        return self._table(pair).u_alpha()

    def bar_u_alpha(self, pair: Pair | None = None) -> float | None:
        """|uα: marked or not, whatever the label."""
        return self._table(pair).bar_u_alpha()

    def agreement(self, pair: Pair | None = None) -> float | None:
        """Share of characters to which two annotators give the same label, or neither any."""
        return self._table(pair).agreement()

    def label_alpha(self, label: str, pair: Pair | None = None) -> float | None:
        """uα of one label against everything else."""
        return self._table(pair, of_label=True).only(label).u_alpha()

    def cu_alpha(self, pair: Pair | None = None) -> float | None:
        """cuα: the labels where both marked; without a pair the mean over pairs that have one."""
        chosen = [pair] if pair else self.pairs()
        return _mean(self._table(one).within().u_alpha() for one in chosen)

    def ku_alpha(self, label: str, pair: Pair | None = None) -> Coverage:
        """(k)uα of a label where both marked; without a pair the means over pairs that have one."""
        tables = [self._table(one) for one in ([pair] if pair else self.pairs())]
        return Coverage(
            _mean(table.within().one_against_rest(label) for table in tables),
            _mean(table.covered(label) for table in tables),
        )

    def _table(self, pair: Pair | None, of_label: bool = False) -> Table:
        if self.apart and not of_label:
            raise ValueError("where every label has its own continuum, only label_alpha holds")
        chosen = tuple(sorted(pair)) if pair else None
        by_size: dict[int, list[Sums]] = {}
        for (size, a, b), sums in self.sums.items():
            if chosen is None or chosen == (a, b):
                by_size.setdefault(size if chosen is None else 2, []).append(sums)
        return Table.of({size: Sums.total(found) for size, found in by_size.items()})

    def facts(self) -> dict[str, Any]:
        """As small JSON values, always in the same order."""
        return {
            "docs": [self.documents, self.single],
            "merged": dict(sorted(self.merged.items())),
            "cut": dict(sorted(self.cut.items())),
            "apart": self.apart,
            "sums": [[*key, self.sums[key].facts()] for key in sorted(self.sums)],
        }

    @classmethod
    def of_facts(cls, facts: Mapping[str, Any]) -> "Unitized":
        """What `facts` gave, read back.

        Raises:
            KeyError, TypeError, ValueError: these are no such facts.
        """
        documents, single = facts["docs"]
        sums = {(m, a, b): Sums.of_facts(found) for m, a, b, found in facts["sums"]}
        merged, cut = dict(facts["merged"]), dict(facts["cut"])
        return cls(documents, single, merged, cut, bool(facts["apart"]), sums)


def unitize(length: int, work: Mapping[str, Iterable[S]]) -> Unitized:
    """The sums of one document: its length in code points, and the spans of all who finished the layer.

    Who finished and found nothing has no spans here, but is here. Spans of one annotator and label that
    overlap become one unit. Of others that overlap the one that starts first keeps its characters (of
    two that start together the longer one, then the one whose label sorts first), and the later one
    keeps what sticks out to the right, if anything. Spans that touch stay two units.

    Raises:
        ValueError: a span is empty, runs backwards or leaves the document.
    """
    continua: dict[str, list[Units]] = {}
    merged: dict[str, int] = {}
    cut: dict[str, int] = {}
    for annotator in sorted(work):
        by_label, lost = _merged(_checked(length, work[annotator]))
        units, fewer = _partition(by_label)
        continua[annotator] = [units]
        merged.update({annotator: lost} if lost else {})
        cut.update({annotator: fewer} if fewer else {})
    return _summed(length, continua, merged, cut, apart=False)


def unitize_labels(length: int, work: Mapping[str, Iterable[S]]) -> Unitized:
    """The same with one continuum per label, for layers whose spans nest: nothing needs to be cut.

    Raises:
        ValueError: a span is empty, runs backwards or leaves the document.
    """
    by_label = {who: _merged(_checked(length, work[who])) for who in sorted(work)}
    labels = sorted({label for found, _ in by_label.values() for label in found})
    continua = {
        who: [found.get(label, []) for label in labels] for who, (found, _) in by_label.items()
    }
    merged = {who: lost for who, (_, lost) in by_label.items() if lost}
    return _summed(length, continua, merged, {}, apart=True)


def _checked(length: int, spans: Iterable[S]) -> list[Entry]:
    found = entries(list(spans))
    if any(end > length for _, end, _, _ in found):
        raise ValueError(f"a span leaves the text of {length} characters")
    return found


def _merged(found: list[Entry]) -> tuple[dict[str, Units], int]:
    """Units by label, without overlaps within a label, and how many spans were merged away."""
    by_label: dict[str, Units] = {}
    lost = 0
    for start, end, label, _ in found:
        units = by_label.setdefault(label, [])
        if units and start < units[-1][1]:
            units[-1] = (units[-1][0], max(end, units[-1][1]), label)
            lost += 1
        else:
            units.append((start, end, label))
    return by_label, lost


def _partition(by_label: Mapping[str, Units]) -> tuple[Units, int]:
    """All labels in one continuum without overlaps, and how many units were cut or dropped."""
    every = [unit for units in by_label.values() for unit in units]
    every.sort(key=lambda unit: (unit[0], -unit[1], unit[2]))
    kept: Units = []
    at = cut = 0
    for start, end, label in every:
        if start < at:
            cut += 1
            start = at
        if start < end:
            kept.append((start, end, label))
            at = end
    return kept, cut


def _summed(
    length: int,
    continua: Mapping[str, list[Units]],
    merged: Mapping[str, int],
    cut: Mapping[str, int],
    apart: bool,
) -> Unitized:
    """The sums of one document, by pair; annotators are in order."""
    m = len(continua)
    if m < 2:
        return Unitized(0, 1, merged, cut, apart)
    alone = {who: _alone(units) for who, units in continua.items()}
    sums = {}
    for a, b in combinations(continua, 2):
        marked, squares = (_added(x, y) for x, y in zip(alone[a], alone[b], strict=True))
        joint: dict[Pair, int] = {}
        met: dict[str, int] = {}
        for ours, theirs in zip(continua[a], continua[b], strict=True):
            _meet(ours, theirs, joint, met)
        sums[m, a, b] = Sums(length, marked, squares, joint, met)
    return Unitized(1, 0, merged, cut, apart, sums)


def _alone(continua: list[Units]) -> tuple[dict[str, int], dict[str, int]]:
    """Characters and squared lengths of one annotator's units, by label."""
    marked: dict[str, int] = {}
    squares: dict[str, int] = {}
    for units in continua:
        for start, end, label in units:
            size = end - start
            marked[label] = marked.get(label, 0) + size
            squares[label] = squares.get(label, 0) + size * size
    return marked, squares


def _added(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    found = dict(one)
    for label, n in other.items():
        found[label] = found.get(label, 0) + n
    return found


def _meet(a: Units, b: Units, joint: dict[Pair, int], met: dict[str, int]) -> None:
    """Add what both marked to `joint`, and the squares of what of each unit the other marked to `met`."""
    faced: dict[tuple[int, int], int] = {}
    for size, i, j in _shared(a, b):
        c, k = a[i][2], b[j][2]
        key = (c, k) if c <= k else (k, c)
        joint[key] = joint.get(key, 0) + (2 * size if c == k else size)
        faced[0, i] = faced.get((0, i), 0) + size
        faced[1, j] = faced.get((1, j), 0) + size
    for (side, index), size in faced.items():
        label = (b if side else a)[index][2]
        met[label] = met.get(label, 0) + size * size


def _shared(a: Units, b: Units) -> Iterator[tuple[int, int, int]]:
    """The pieces in which both have a unit: size, index of A's, index of B's."""
    i = j = 0
    while i < len(a) and j < len(b):
        start, end, _ = a[i]
        begin, stop, _ = b[j]
        size = min(end, stop) - max(start, begin)
        if size > 0:
            yield size, i, j
        if end <= stop:
            i += 1
        if stop <= end:
            j += 1


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None
