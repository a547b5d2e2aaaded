"""How well two annotators' spans agree, as whole numbers that add up over documents and pairs.

The counts are those of MUC and SemEval-2013 task 9.1 (COR, INC, PAR, MIS, SPU) in four readings; the
headline is the symmetric F1 = 2 (COR + 0.5 PAR) / (n_A + n_B). Add documents first, then divide.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum
from itertools import pairwise
from operator import add, sub
from typing import Any, NamedTuple

from annotator.gold.agreement.matching import Aligned, Entry, S, align, entries, taken

NO_SPANS: Mapping[Any, Any] = {}


class Measure(StrEnum):
    """What counts as agreement in a pair."""

    STRICT = "strict"
    """Boundary and label."""
    EXACT = "exact"
    """The boundary, whatever the label."""
    PARTIAL = "partial"
    """The boundary; an overlap counts half, whatever the label."""
    TYPE = "type"
    """Any overlap with the same label."""


class Counts(NamedTuple):
    """The five counts of one measure."""

    correct: int
    incorrect: int
    partial: int
    missing: int
    spurious: int


class Tally(NamedTuple):
    """Pairs by tier and the spans of each side; everything else follows from these six.

    `+` and `-` count together and take out again.
    """

    n_a: int = 0
    n_b: int = 0
    same: int = 0
    boundary: int = 0
    label: int = 0
    overlap: int = 0

    def counts(self, measure: Measure) -> Counts:
        """COR, INC, PAR, MIS and SPU in a measure's reading."""
        n_a, n_b, same, boundary, label, overlap = self
        paired = same + boundary + label + overlap
        partial = 0
        if measure == Measure.STRICT:
            correct = same
        elif measure == Measure.EXACT:
            correct = same + boundary
        elif measure == Measure.PARTIAL:
            correct, partial = same + boundary, label + overlap
        else:
            correct = same + label
        incorrect = paired - correct - partial
        return Counts(correct, incorrect, partial, n_a - paired, n_b - paired)

    def f1(self, measure: Measure) -> float | None:
        """2 (COR + 0.5 PAR) / (n_A + n_B); None when neither has a span."""
        return _share(self._doubled(measure), self.n_a + self.n_b)

    def precision(self, measure: Measure) -> float | None:
        """(COR + 0.5 PAR) / n_B, where A is the truth; None when B has no span."""
        return _share(self._doubled(measure), 2 * self.n_b)

    def recall(self, measure: Measure) -> float | None:
        """(COR + 0.5 PAR) / n_A, where A is the truth; None when A has no span."""
        return _share(self._doubled(measure), 2 * self.n_a)

    def _doubled(self, measure: Measure) -> int:
        counts = self.counts(measure)
        return 2 * counts.correct + counts.partial

    def swapped(self) -> "Tally":
        """As seen from the other side."""
        return self._replace(n_a=self.n_b, n_b=self.n_a)

    def __add__(self, other: "Tally") -> "Tally":  # type: ignore[override]  # sums, not a longer tuple
        return Tally(*map(add, self, other))

    def __sub__(self, other: "Tally") -> "Tally":
        return Tally(*map(sub, self, other))


class SpanCounts(NamedTuple):
    """Additive counts of a pair of annotators over one or more documents of one layer.

    `+` adds documents (or pairs), `-` takes them out again; the order of adding does not matter.
    """

    documents: int = 0
    """Documents that both finished."""
    empty: int = 0
    """Documents in which both found nothing: agreed, and in no F1."""
    all: Tally = Tally()
    labels: Mapping[str, Tally] = NO_SPANS
    """Each label as if its spans were the only ones: `boundary` and `overlap` are 0 here."""
    confusion: Mapping[tuple[str | None, str | None], int] = NO_SPANS
    """(A's label, B's label) of matched pairs; None where the other has no span."""

    def swapped(self) -> "SpanCounts":
        """As seen from the other side."""
        return self._replace(
            all=self.all.swapped(),
            labels={label: tally.swapped() for label, tally in self.labels.items()},
            confusion={(theirs, ours): n for (ours, theirs), n in self.confusion.items()},
        )

    @classmethod
    def total(cls, counts: Iterable["SpanCounts"]) -> "SpanCounts":
        """All of them together, in one go."""
        documents = empty = 0
        every = [0] * 6
        labels: dict[str, list[int]] = {}
        confusion: Counter[tuple[str | None, str | None]] = Counter()
        for one in counts:
            documents += one.documents
            empty += one.empty
            every = list(map(add, every, one.all))
            for label, tally in one.labels.items():
                labels[label] = list(map(add, labels.get(label, Tally()), tally))
            for labelled, n in one.confusion.items():
                confusion[labelled] += n
        tallies = {label: Tally(*tally) for label, tally in labels.items()}
        return cls(documents, empty, Tally(*every), tallies, dict(confusion))

    def __add__(self, other: "SpanCounts") -> "SpanCounts":  # type: ignore[override]  # sums, not a longer tuple
        return SpanCounts.total((self, other))

    def __sub__(self, other: "SpanCounts") -> "SpanCounts":
        labels = {
            label: tally - other.labels.get(label, Tally()) for label, tally in self.labels.items()
        }
        confusion = {pair: n - other.confusion.get(pair, 0) for pair, n in self.confusion.items()}
        return SpanCounts(
            self.documents - other.documents,
            self.empty - other.empty,
            self.all - other.all,
            {label: tally for label, tally in labels.items() if any(tally)},
            {pair: n for pair, n in confusion.items() if n},
        )

    def facts(self) -> dict[str, Any]:
        """As small JSON values, always in the same order."""
        confusion = ([a, b, n] for (a, b), n in self.confusion.items())
        return {
            "docs": [self.documents, self.empty],
            "all": list(self.all),
            "labels": {label: list(self.labels[label]) for label in sorted(self.labels)},
            "confusion": sorted(confusion, key=lambda row: [(cell is None, cell) for cell in row]),
        }

    @classmethod
    def of_facts(cls, facts: Mapping[str, Any]) -> "SpanCounts":
        """What `facts` gave, read back.

        Raises:
            KeyError, TypeError, ValueError: these are no such facts.
        """
        documents, empty = facts["docs"]
        return cls(
            documents,
            empty,
            Tally(*facts["all"]),
            {label: Tally(*tally) for label, tally in facts["labels"].items()},
            {(a, b): n for a, b, n in facts["confusion"]},
        )


def count_spans(a: Iterable[S], b: Iterable[S]) -> SpanCounts:
    """The counts of one document that both annotators finished; either may have found nothing.

    Raises:
        ValueError: a span is empty or runs backwards.
    """
    ours, theirs = entries(list(a)), entries(list(b))
    if not ours and not theirs:
        return SpanCounts(documents=1, empty=1)
    found = align(ours, theirs)
    label_a = {index: label for _, _, label, index in ours}
    label_b = {index: label for _, _, label, index in theirs}
    made = taken(found.candidates)
    tiers = [0, 0, 0, 0]
    confusion: dict[tuple[str | None, str | None], int] = {}
    left_a, left_b = _counted(label_a.values()), _counted(label_b.values())
    labels = _by_label(left_a, left_b, found, label_a)
    for tier, i, j in [*((0, i, j) for i, j in found.same), *made]:
        tiers[tier] += 1
        one, other = label_a[i], label_b[j]
        confusion[one, other] = confusion.get((one, other), 0) + 1
        left_a[one] -= 1
        left_b[other] -= 1
    confusion.update({(label, None): n for label, n in left_a.items() if n})
    confusion.update({(None, label): n for label, n in left_b.items() if n})
    return SpanCounts(1, 0, Tally(len(ours), len(theirs), *tiers), labels, confusion)


def _counted(labels: Iterable[str]) -> dict[str, int]:
    """How often each occurs: for few a good deal faster than a Counter."""
    found: dict[str, int] = {}
    for label in labels:
        found[label] = found.get(label, 0) + 1
    return found


def _by_label(
    n_a: Mapping[str, int], n_b: Mapping[str, int], found: Aligned, label_a: Mapping[int, str]
) -> dict[str, Tally]:
    """Every label on its own: what is the same, and overlaps of two spans with that label."""
    same = _counted(label_a[i] for i, _ in found.same)
    alike = [one for one in found.candidates if one[3][2] == one[4][2]]
    over = _counted(label_a[i] for _, i, _ in taken(alike))
    return {
        label: Tally(
            n_a.get(label, 0), n_b.get(label, 0), same.get(label, 0), 0, over.get(label, 0), 0
        )
        for label in {**n_a, **n_b}
    }


class CharCounts(NamedTuple):
    """Additive character counts of two sets of stretches; overlaps within a set count once."""

    length: int = 0
    """Characters of the documents."""
    a: int = 0
    """Characters that A marked."""
    b: int = 0
    both: int = 0
    """Characters that both marked, whatever the label."""
    same: int = 0
    """Characters to which both give the same labels, or neither any."""

    @property
    def f1(self) -> float | None:
        """2 both / (a + b); None when neither marked anything."""
        return _share(2 * self.both, self.a + self.b)

    @property
    def agreement(self) -> float | None:
        """Share of characters treated the same; None without text."""
        return _share(self.same, self.length)

    def swapped(self) -> "CharCounts":
        """As seen from the other side."""
        return self._replace(a=self.b, b=self.a)

    def __add__(self, other: "CharCounts") -> "CharCounts":  # type: ignore[override]  # sums, not a longer tuple
        return CharCounts(*map(add, self, other))

    def __sub__(self, other: "CharCounts") -> "CharCounts":
        return CharCounts(*map(sub, self, other))

    def facts(self) -> list[int]:
        """As a small JSON value."""
        return list(self)

    @classmethod
    def of_facts(cls, facts: Iterable[int]) -> "CharCounts":
        """What `facts` gave, read back; raises TypeError when it is no such list."""
        return cls(*facts)


def count_chars(length: int, a: Iterable[S], b: Iterable[S]) -> CharCounts:
    """The character counts of one document of `length` code points.

    Evidence has no labels: give all its stretches the same one.

    Raises:
        ValueError: a stretch is empty, runs backwards or leaves the document.
    """
    ours, theirs = entries(list(a)), entries(list(b))
    if any(end > length for _, end, _, _ in ours + theirs):
        raise ValueError(f"a stretch leaves the text of {length} characters")
    steps = _steps(ours, 0) + _steps(theirs, 1)
    steps.sort(key=lambda step: step[0])
    open_now: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    a_marked = b_marked = both = different = 0
    for (at, side, label, change), after in pairwise([*steps, (length, 0, "", 0)]):
        open_now[side][label] += change
        width = after[0] - at
        if not width:
            continue
        labels_a, labels_b = ({one for one, n in side.items() if n} for side in open_now)
        a_marked += width if labels_a else 0
        b_marked += width if labels_b else 0
        both += width if labels_a and labels_b else 0
        different += width if labels_a != labels_b else 0
    return CharCounts(length, a_marked, b_marked, both, length - different)


def _steps(found: list[Entry], side: int) -> list[tuple[int, int, str, int]]:
    """Where which side's stretches begin (+1) and end (-1)."""
    begins = [(start, side, label, 1) for start, _, label, _ in found]
    return begins + [(end, side, label, -1) for _, end, label, _ in found]


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
