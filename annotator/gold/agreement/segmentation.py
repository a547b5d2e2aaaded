"""Boundary similarity: how well annotators agree on where a text that is cut throughout is cut.

A segmentation is given by its masses, the sizes of its segments in order: (2, 3, 6) cuts a text of 11
after 2 and after 5. B is 1 less the edits per boundary: a boundary that only one has is an addition and
costs 1, one that lies a little off is a transposition and costs its distance over the reach. Labels
are not looked at, which is why B is shown on request only.

Source: Fournier (2013), Evaluating text segmentation using boundary edit distance, ACL 2013; chance
agreement as in Fournier and Inkpen (2012) and the author's segeval 2.0.11.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate, combinations, pairwise
from typing import NamedTuple

from annotator.gold.agreement.matching import S, entries

REACH = 2
"""A boundary that lies less than so many places off is the same one, moved."""

Masses = Sequence[int]


class Edits(NamedTuple):
    """What turns one segmentation into the other; adds up over documents and pairs (`total`)."""

    matches: int = 0
    additions: int = 0
    transpositions: int = 0
    moved: int = 0
    """Places that the transpositions span, together."""
    reach: int = REACH

    @property
    def similarity(self) -> float:
        """B; 1 where neither has a boundary."""
        boundaries = self.matches + self.additions + self.transpositions
        cost = self.additions + self.moved / self.reach
        return (boundaries - cost) / boundaries if boundaries else 1.0

    @classmethod
    def total(cls, edits: Iterable["Edits"]) -> "Edits":
        """All together; raises ValueError when they were made with different reaches."""
        many = list(edits)
        reaches = {one.reach for one in many} or {REACH}
        if len(reaches) > 1:
            raise ValueError("edits with different reaches cannot be added")
        return cls(
            sum(one.matches for one in many),
            sum(one.additions for one in many),
            sum(one.transpositions for one in many),
            sum(one.moved for one in many),
            reaches.pop(),
        )


def boundary_edits(a: Masses, b: Masses, reach: int = REACH) -> Edits:
    """The edits between two segmentations of one text.

    Raises:
        ValueError: the masses are not positive, or not of the same text.
    """
    cuts_a, cuts_b = _cuts(a), _cuts(b)
    if sum(a) != sum(b):
        raise ValueError(f"two segmentations of one text have one size, not {sum(a)} and {sum(b)}")
    only_a, only_b = cuts_a - cuts_b, cuts_b - cuts_a
    transpositions = moved = 0
    for apart in range(1, reach):
        for at in sorted(only_a | only_b):
            for ours, theirs in ((only_a, only_b), (only_b, only_a)):
                if at in ours and at + apart in theirs:
                    ours.remove(at)
                    theirs.remove(at + apart)
                    transpositions += 1
                    moved += apart
                    break
    return Edits(len(cuts_a & cuts_b), len(only_a) + len(only_b), transpositions, moved, reach)


def boundary_similarity(a: Masses, b: Masses, reach: int = REACH) -> float:
    """B of two segmentations of one text, 0 to 1; raises ValueError as `boundary_edits` does."""
    return boundary_edits(a, b, reach).similarity


def masses(length: int, spans: Iterable[S]) -> list[int]:
    """The segmentation that spans make of a document: every start and end cuts it."""
    borders = {0, length} if length else {0}
    for start, end, _, _ in entries(list(spans)):
        borders |= {start, end}
    at = sorted(borders)
    if at[-1] > length:
        raise ValueError(f"a span leaves the text of {length} characters")
    return [after - before for before, after in pairwise(at)]


class Segmented(NamedTuple):
    """How far coders agree on the segmentation of some documents."""

    mean: float
    """Mean B over documents and pairs."""
    observed: float
    """B of all pooled."""
    pi: float | None
    """Observed, less what chance would bring if all cut equally often (Fleiss)."""
    kappa: float | None
    """The same if each coder cuts as often as they do (Davies and Fleiss)."""


def segmented(documents: Iterable[Mapping[str, Masses]], reach: int = REACH) -> Segmented | None:
    """B over documents that the same coders cut, and corrected for chance; None without a pair.

    Args:
        documents: of each the masses by coder; all have the same coders.
        reach: see `REACH`.

    Raises:
        ValueError: the coders differ between documents, or masses as in `boundary_edits`.
    """
    many = list(documents)
    coders = sorted({coder for document in many for coder in document})
    if any(sorted(document) != coders for document in many):
        raise ValueError("every document must be cut by the same coders")
    if len(coders) < 2:
        return None
    edits = [
        boundary_edits(document[a], document[b], reach)
        for a, b in combinations(coders, 2)
        for document in many
    ]
    observed = Edits.total(edits).similarity
    places = sum(sum(document[coders[0]]) - 1 for document in many)
    shares = [
        (len(document[c]) - 1) / max(1, sum(document[c]) - 1) for document in many for c in coders
    ]
    cuts = {c: sum(len(document[c]) - 1 for document in many) / max(1, places) for c in coders}
    pairs = [cuts[a] * cuts[b] for a, b in combinations(coders, 2)]
    return Segmented(
        sum(one.similarity for one in edits) / len(edits),
        observed,
        _corrected(observed, (sum(shares) / len(shares)) ** 2),
        _corrected(observed, sum(pairs) / len(pairs)),
    )


def _corrected(observed: float, expected: float) -> float | None:
    return (observed - expected) / (1 - expected) if expected != 1 else None


def _cuts(segments: Masses) -> set[int]:
    """Where a text is cut."""
    if any(mass < 1 for mass in segments):
        raise ValueError("the segments of a text have a size of 1 at least")
    return set(accumulate(segments[:-1]))
