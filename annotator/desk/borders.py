"""Boundary work: edges to the next space or punctuation, split, merge, outer and inner, invert."""

from typing import TYPE_CHECKING

from annotator.desk import editing
from annotator.desk.selection import Range, Selection
from annotator.model.annotation import Span
from annotator.model.event import Draft, new_id
from annotator.model.scheme import SpanLayer, Unit
from annotator.text import units
from annotator.text.lazy import pattern

if TYPE_CHECKING:
    from annotator.desk.desk import Desk

NEIGHBOUR = 400
"""So many code points apart annotations may be to be merged."""

REACH = 400
"""So many code points are looked through for the next stop of an edge."""

_PART = pattern(r"[\p{L}\p{N}\p{M}]++|[^\s\p{L}\p{N}\p{M}]")


class Borders:
    """Changes where annotations of a desk's article begin and end."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk

    # --- edges

    def edge_left(self) -> None:
        """The moving edge to the space or punctuation before."""
        self._edge(forward=False)

    def edge_right(self) -> None:
        """The moving edge to the next space or punctuation."""
        self._edge(forward=True)

    def _edge(self, forward: bool) -> None:
        caret = self._desk.caret
        old = caret.selection or Selection(caret.range, caret.range, caret.unit)
        start, end = old.range
        if old.at_end:
            end = max(next_stop(caret.text, end, forward, at_end=True), start + 1)
        else:
            start = min(next_stop(caret.text, start, forward, at_end=False), end - 1)
        stretch = units.snap(caret.text, start, end)
        new = Selection.of(caret.text, stretch, Unit.GRAPHEME, old.span_id, exact=True)
        caret.hold(new if old.at_end else new.turned(caret.text))

    # --- one annotation and its neighbours

    def split(self) -> None:
        """Cut the annotation in two before the caret's unit (at its first unit: after it)."""
        desk, layer, span = self._desk, self._desk.layer, self._current()
        if span is None or not isinstance(layer, SpanLayer):
            return
        first, last = desk.caret.range
        at = first if first > span.start else last
        left = self._bare(layer, (span.start, min(at, span.end)))
        right = self._bare(layer, (min(at, span.end), span.end))
        if left[0] == left[1] or right[0] == right[1]:
            desk.say("There is nothing to split: put the caret where the second part begins.")
            return
        drafts = [
            desk.sheet.draft_span(
                Span(span.id, span.layer, span.label, *left, span.attrs, span.origin)
            ),
            desk.sheet.draft_span(Span(new_id(), span.layer, span.label, *right)),
        ]
        desk.caret.drop()
        desk.act("split", tuple(drafts), f"{span.label} is two now.")

    def merge(self) -> None:
        """One annotation out of this one and the next (else the one before), with this label."""
        desk, layer, span = self._desk, self._desk.layer, self._current()
        if span is None or not isinstance(layer, SpanLayer):
            return
        other = self._neighbour(span)
        if other is None:
            desk.say(f"No {layer.title} annotation near enough to merge with.")
            return
        stretch = min(span.start, other.start), max(span.end, other.end)
        edit = editing.resize(desk.sheet, layer, span, stretch, span.label)
        if edit.refused:
            desk.say(edit.refused)
            return
        drafts: tuple[Draft, ...] = edit.drafts
        if all(draft.key != other.key for draft in drafts):
            drafts = (*drafts, desk.sheet.draft_removal(other))
        desk.caret.drop()
        desk.act("merge", drafts, f"Merged into one {span.label}.")

    def outer(self) -> None:
        """Take hold of the annotation around the one held."""
        self._swap(1)

    def inner(self) -> None:
        """Take hold of the annotation inside the one held."""
        self._swap(-1)

    def invert(self) -> None:
        """Pick everything but what is selected: a letter labels it."""
        desk = self._desk
        if not isinstance(desk.layer, SpanLayer):
            desk.say("Invert is for layers of spans.")
            return
        start, end = desk.caret.target
        span = desk.spans.current
        if span is not None and desk.caret.selection is None:
            start, end = span.start, span.end
        text = desk.caret.text
        parts = (editing.strip(text, 0, start), editing.strip(text, end, len(text)))
        desk.picks.take([part for part in parts if part[0] < part[1]])
        desk.say("All but this is picked: a letter labels it, esc lets go.")

    # --- finding

    def _current(self) -> Span | None:
        desk = self._desk
        span = desk.spans.current if isinstance(desk.layer, SpanLayer) else None
        if span is None:
            desk.say("No annotation under the cursor.")
        return span

    def _neighbour(self, span: Span) -> Span | None:
        """The nearest annotation of the layer behind this one, else before it."""
        sheet = self._desk.sheet
        after = sheet.over(span.layer, span.end, span.end + NEIGHBOUR)
        before = sheet.over(span.layer, max(span.start - NEIGHBOUR, 0), span.start)
        behind = [s for s in after if s.start >= span.end and s.id != span.id]
        ahead = [s for s in before if s.end <= span.start and s.id != span.id]
        if behind:
            return min(behind, key=lambda s: (s.start, -s.end))
        return max(ahead, key=lambda s: (s.end, -s.start)) if ahead else None

    def _swap(self, step: int) -> None:
        span = self._current()
        if span is None:
            return
        around = self._desk.sheet.over(span.layer, span.start, span.end)
        order = sorted(
            (s for s in around if _nested(s, span)), key=lambda s: (s.end - s.start, s.id)
        )
        place = order.index(span) + step
        if not 0 <= place < len(order):
            self._desk.say(f"No annotation {'around' if step > 0 else 'inside'} this one.")
            return
        self._desk.caret.drop()
        self._desk.caret.hold_span(order[place])
        self._desk.say(f"{order[place].label}: arrows move its edge, a letter relabels.")

    def _bare(self, layer: SpanLayer, stretch: Range) -> Range:
        text = self._desk.caret.text
        start, end = editing.strip(text, *stretch)
        if start < end and editing.sheds_punctuation(layer):
            start, end = units.trim(text, start, end)
        return start, max(start, end)


def _nested(one: Span, other: Span) -> bool:
    """Whether one of two annotations lies in the other."""
    within = one.start >= other.start and one.end <= other.end
    return within or (other.start >= one.start and other.end <= one.end)


def next_stop(text: str, edge: int, forward: bool, at_end: bool) -> int:
    """Where an end (or a start) of a stretch goes next: the edge of a word's part or of a sign.

    Parts are runs of letters and digits, signs are single; no stretch ends or begins with a space.
    Where there is no such place within `REACH` code points the edge stays.
    """
    low, high = max(edge - REACH, 0), min(edge + REACH, len(text))
    parts: list[Range] = [part.span() for part in _PART.finditer(text, low, high)]
    stops = [part[at_end] for part in parts if part[0] > low or low == 0]
    beyond = [stop for stop in stops if (stop > edge if forward else stop < edge)]
    if not beyond:
        return edge
    return beyond[0] if forward else beyond[-1]
