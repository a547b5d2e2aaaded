"""Spans by place.

Painting a row or finding what is under the caret costs the same in an article of ten megabytes with
ten thousand spans as in a short one.
"""

from collections.abc import Iterator

from annotator.model.annotation import Span, sort_spans

CELL = 128
"""Code points per bucket: about a row or two of text."""
LONG = CELL * 64
"""Longer spans are few; they are looked at one by one rather than filed in every bucket."""


class SpanIndex:
    """The spans of one layer."""

    def __init__(self) -> None:
        self._cells: dict[int, dict[str, Span]] = {}
        self._long: dict[str, Span] = {}

    def add(self, span: Span) -> None:
        """File a span."""
        first, last = span.start // CELL, (span.end - 1) // CELL
        if first == last:  # nearly all are so short, and there may be ten thousand
            self._cells.setdefault(first, {})[span.id] = span
            return
        for place in self._places(span):
            place[span.id] = span

    def discard(self, span: Span) -> None:
        """Take a span out."""
        for place in self._places(span):
            place.pop(span.id, None)  # an empty bucket stays; there are no more than cells of text

    def over(self, start: int, end: int) -> tuple[Span, ...]:
        """The spans sharing text with `start`-`end`, in reading order, longest first."""
        first, last = start // CELL, max(start, end - 1) // CELL
        found: dict[str, Span] = dict(self._long)
        if last - first < len(self._cells):
            for cell in range(first, last + 1):
                found.update(self._cells.get(cell, ()))
        else:  # a stretch as long as the article: rather over the buckets there are
            for cell, bucket in self._cells.items():
                if first <= cell <= last:
                    found.update(bucket)
        return sort_spans(s for s in found.values() if s.start < end and s.end > start)

    def _places(self, span: Span) -> Iterator[dict[str, Span]]:
        if span.end - span.start > LONG:
            yield self._long
        else:
            for cell in range(span.start // CELL, (span.end - 1) // CELL + 1):
                yield self._cells.setdefault(cell, {})
