"""Which span of one annotator is which span of the other: one matching, the same both ways round.

Exact pairs with the same label come first. What is left is paired greedily in one global order: same
boundary, then overlap with the same label, then any overlap; within a tier by intersection over union,
then by the distance of the boundaries, then by position. Every span is in one pair at most. The order
knows nothing of who is A and who is B, so F(A, B) is F(B, A) for nested and crossing spans too, where
matching in the order of storage is not (nervaluate gives 0 one way and 0.5 the other).
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from enum import IntEnum
from itertools import accumulate
from typing import Generic, NamedTuple, Protocol, TypeVar, cast


class Stretch(Protocol):
    """Anything with a place and a label, such as `model.annotation.Span`; half-open code points."""

    @property
    def start(self) -> int:
        """The first character."""

    @property
    def end(self) -> int:
        """After the last character."""

    @property
    def label(self) -> str:
        """What it is."""


class Unit(NamedTuple):
    """A bare labelled stretch, for callers who have no `Span`."""

    start: int
    end: int
    label: str = ""


S = TypeVar("S", bound=Stretch | tuple[int, int, str])
"""Spans as `Stretch` or as plain tuples (start, end, label); what comes in comes out."""


class Tier(IntEnum):
    """How well the spans of a pair agree, best first."""

    SAME = 0
    """Same boundary, same label."""
    BOUNDARY = 1
    """Same boundary, other label."""
    LABEL = 2
    """They overlap and have the same label."""
    OVERLAP = 3
    """They overlap and have different labels."""


class Pair(NamedTuple, Generic[S]):
    """A span of A and the span of B it was matched with."""

    a: S
    b: S
    tier: Tier

    @property
    def offsets(self) -> tuple[int, int]:
        """B's start minus A's, and B's end minus A's, in code points: (-4, 0) starts 4 earlier in B."""
        a, b = place(self.a), place(self.b)
        return b[0] - a[0], b[1] - a[1]


class Matching(NamedTuple, Generic[S]):
    """The pairs, and what has no partner, all in order of position."""

    pairs: tuple[Pair[S], ...]
    missing: tuple[S, ...]
    """Spans of A that B has nothing for (MIS)."""
    spurious: tuple[S, ...]
    """Spans of B that A has nothing for (SPU)."""


def match(a: Iterable[S], b: Iterable[S]) -> Matching[S]:
    """Match the spans of two annotators in one layer of one article.

    Spans that only touch do not overlap. The order of the arguments' spans does not matter. Takes
    O(k log k) for k spans, and as much more as spans overlap each other.

    Raises:
        ValueError: a span is empty or runs backwards.
    """
    ours, theirs = list(a), list(b)
    found = align(entries(ours), entries(theirs))
    made = [(int(Tier.SAME), i, j) for i, j in found.same] + taken(found.candidates)
    pairs = [Pair(ours[i], theirs[j], Tier(tier)) for tier, i, j in made]
    pairs.sort(key=lambda pair: (place(pair.a), place(pair.b)))
    return Matching(
        tuple(pairs),
        _without(ours, {i for _, i, _ in made}),
        _without(theirs, {j for *_, j in made}),
    )


def _without(spans: list[S], used: set[int]) -> tuple[S, ...]:
    left = (span for index, span in enumerate(spans) if index not in used)
    return tuple(sorted(left, key=place))


def place(span: Stretch | tuple[int, int, str]) -> tuple[int, int, str]:
    """Start, end and label of a span of either sort."""
    if hasattr(span, "start"):  # so has a NamedTuple, whose fields may come in any order
        stretch = cast("Stretch", span)
        return stretch.start, stretch.end, stretch.label
    start, end, label = span
    return start, end, label


# What follows works on entries (start, end, label, index) and is for the counting beside this module.

Entry = tuple[int, int, str, int]
Candidate = tuple[int, float, int, tuple[int, int, str], tuple[int, int, str], int, int]
"""Tier, minus the IoU, distance of the boundaries, the places of both in order, A's index, B's."""


class Aligned(NamedTuple):
    """The first half of a matching."""

    same: list[tuple[int, int]]
    """Indices of pairs with the same boundary and label."""
    candidates: list[Candidate]
    """Overlapping pairs of the rest, best first."""


def entries(spans: Sequence[S]) -> list[Entry]:
    """Spans in order of place, each with its index; raises ValueError on one without characters."""
    found = [(*place(span), index) for index, span in enumerate(spans)]
    found.sort()
    for start, end, _, _ in found:
        if not 0 <= start < end:
            raise ValueError(f"a span must have a character at least, not {start}-{end}")
    return found


def align(a: list[Entry], b: list[Entry]) -> Aligned:
    """Pair what is the same and list what overlaps; both in order of place."""
    same: list[tuple[int, int]] = []
    rest_a: list[Entry] = []
    rest_b: list[Entry] = []
    i = j = 0
    while i < len(a) and j < len(b):
        ours, theirs = a[i][:3], b[j][:3]
        if ours == theirs:
            same.append((a[i][3], b[j][3]))
            i += 1
            j += 1
        elif ours < theirs:
            rest_a.append(a[i])
            i += 1
        else:
            rest_b.append(b[j])
            j += 1
    rest_a += a[i:]
    rest_b += b[j:]
    return Aligned(same, _overlaps(rest_a, rest_b) if rest_a and rest_b else [])


def _overlaps(a: list[Entry], b: list[Entry]) -> list[Candidate]:
    """All pairs that share a character, in the one order that does not know A from B."""
    reach = list(accumulate((end for _, end, _, _ in b), max))
    found: list[Candidate] = []
    for start, end, label, index in a:
        ours = (start, end, label)
        for other in range(bisect_right(reach, start), len(b)):
            begin, stop, name, number = b[other]
            if begin >= end:
                break
            if stop <= start:
                continue
            theirs = (begin, stop, name)
            shared = min(end, stop) - max(start, begin)
            apart = abs(start - begin) + abs(end - stop)
            tier = Tier.BOUNDARY if not apart else Tier.LABEL if label == name else Tier.OVERLAP
            likeness = shared / (max(end, stop) - min(start, begin))
            first, second = (ours, theirs) if ours < theirs else (theirs, ours)
            found.append((int(tier), -likeness, apart, first, second, index, number))
    found.sort()
    return found


def taken(candidates: Iterable[Candidate]) -> list[tuple[int, int, int]]:
    """Tier and indices of the pairs that are made, best candidates first, each span once."""
    used_a: set[int] = set()
    used_b: set[int] = set()
    made = []
    for tier, _, _, _, _, i, j in candidates:
        if i not in used_a and j not in used_b:
            used_a.add(i)
            used_b.add(j)
            made.append((tier, i, j))
    return made
