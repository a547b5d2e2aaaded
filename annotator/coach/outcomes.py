"""What became of suggestions: folded from what was shown and from the annotator's work, never stored.

So a suggestion that is taken back, changed or rejected later counts as it stands in the end.
"""

from bisect import bisect_left
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from annotator.model.annotation import Span, Work
from annotator.model.shown import Seen, Shown


class Outcome(StrEnum):
    """What an annotator made of a suggestion. Every one that was shown has exactly one."""

    ACCEPTED = "accepted"
    """A label of this origin says the same."""
    EDITED = "edited"
    """A label of this origin shares text with it, with another label or other edges."""
    SAME = "same"
    """A label of another origin says the same: by hand, or confirmed from another source."""
    REJECTED = "rejected"
    """It was turned down."""
    OTHER = "other"
    """What shares text with it was labelled differently."""
    LEFT = "left"
    """Nothing is labelled there, and nothing was turned down."""


class Became(NamedTuple):
    """A suggestion and what became of it."""

    seen: Seen
    outcome: Outcome
    span: Span | None = None
    """The label in its place; None where it was rejected or left."""


def outcomes(shown: Shown, work: Work, blocks: bool = False) -> tuple[Became, ...]:
    """What became of everything one source showed in one layer of an article.

    Args:
        shown: what was shown, to the annotator whose work it is.
        work: that annotator's work on the article.
        blocks: whether the layer's unit is the block. There neighbours of one label are one span, so
            a label says the same as a suggestion where it covers it.

    Returns:
        One for each that was shown, in their order.
    """
    labels = _Labels([span for span in work.spans if span.layer == shown.layer])
    turned = {(r.start, r.end) for r in work.rejections if r.layer == shown.layer}
    taken = frozenset(
        span.id
        for seen in shown.items
        for span in labels.saying(seen, blocks)
        if span.origin == shown.source
    )
    return tuple(_became(seen, shown.source, labels, turned, taken, blocks) for seen in shown.items)


def _became(
    seen: Seen,
    source: str,
    labels: "_Labels",
    turned: set[tuple[int, int]],
    taken: frozenset[str],
    blocks: bool,
) -> Became:
    """What became of one; `taken` are the spans that are another of them as it was shown."""
    saying = labels.saying(seen, blocks)
    own = next((span for span in saying if span.origin == source), None)
    if own is not None:
        return Became(seen, Outcome.ACCEPTED, own)
    if saying:
        return Became(seen, Outcome.SAME, saying[0])
    touching = labels.touching(seen)
    changed = [span for span in touching if span.origin == source and span.id not in taken]
    if changed:
        return Became(seen, Outcome.EDITED, max(changed, key=lambda s: _shared(s, seen)))
    if (seen.start, seen.end) in turned:
        return Became(seen, Outcome.REJECTED)
    if touching:
        return Became(seen, Outcome.OTHER, max(touching, key=lambda s: _shared(s, seen)))
    return Became(seen, Outcome.LEFT)


def _shared(span: Span, seen: Seen) -> int:
    """How many characters they share."""
    return min(span.end, seen.end) - max(span.start, seen.start)


class _Labels:
    """The labels of a layer, found by place."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self._spans = sorted(spans, key=lambda span: span.start)
        self._starts = [span.start for span in self._spans]
        self._longest = max((span.end - span.start for span in spans), default=0)

    def touching(self, seen: Seen) -> list[Span]:
        """Those that share text with a suggestion, by start."""
        first = bisect_left(self._starts, seen.start - self._longest)
        last = bisect_left(self._starts, seen.end)
        return [span for span in self._spans[first:last] if span.end > seen.start]

    def saying(self, seen: Seen, blocks: bool) -> list[Span]:
        """Those that say the same as a suggestion."""
        return [span for span in self.touching(seen) if _says(span, seen, blocks)]


def _says(span: Span, seen: Seen, blocks: bool) -> bool:
    """Whether a label says the same as a suggestion; a candidate without a label names a place."""
    if seen.label and span.label != seen.label:
        return False
    if blocks:
        return span.start <= seen.start and seen.end <= span.end
    return (span.start, span.end) == (seen.start, seen.end)
