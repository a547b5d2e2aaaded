"""Spans for formats that can hold only one at each place."""

from bisect import bisect_right
from collections.abc import Iterable

from annotator.model.annotation import Span


def outermost(spans: Iterable[Span]) -> tuple[list[Span], list[Span]]:
    """Spans that do not overlap, in order, and the rest.

    Longer ones win: of nested spans the outer stays. Equally long ones: the first in order.
    """
    kept: list[Span] = []
    starts: list[int] = []
    lost: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.start - s.end, s.start, s.label, s.id)):
        place = bisect_right(starts, span.start)
        if (place and kept[place - 1].end > span.start) or (
            place < len(kept) and kept[place].start < span.end
        ):
            lost.append(span)
        else:
            kept.insert(place, span)
            starts.insert(place, span.start)
    return kept, sorted(lost, key=lambda s: (s.start, s.end, s.label, s.id))
