"""Spans by place.

Painting a row or finding what is under the caret costs the same in an article of ten megabytes with
ten thousand spans as in a short one.
"""

from collections import defaultdict
from collections.abc import Iterator

from annotator.model.annotation import Span, sort_spans

CELL = 128
"""Code points per bucket: about a row or two of text."""
LONG = CELL * 64
"""Longer spans are few; they are looked at one by one rather than filed in every bucket."""


class SpanIndex:
    """The spans of one layer."""

    def __init__(self) -> None:
        self._cells: defaultdict[int, dict[str, Span]] = defaultdict(dict)
        self._long: dict[str, Span] = {}

    def add(self, span: Span) -> None:
        """File a span."""
        for place in self._places(span):
            place[span.id] = span

    def discard(self, span: Span) -> None:
        """Take a span out."""
        for place in self._places(span):
            place.pop(span.id, None)

    def over(self, start: int, end: int) -> tuple[Span, ...]:
        """The spans sharing text with `start`-`end`, in reading order, longest first."""
        found: dict[str, Span] = {}
        for cell in range(start // CELL, max(start, end - 1) // CELL + 1):
            bucket = self._cells.get(cell)
            if bucket:
                found.update(bucket)
        found.update(self._long)
        return sort_spans(s for s in found.values() if s.start < end and s.end > start)

    def _places(self, span: Span) -> Iterator[dict[str, Span]]:
        if span.end - span.start > LONG:
            yield self._long
        else:
            for cell in range(span.start // CELL, (span.end - 1) // CELL + 1):
                yield self._cells[cell]
