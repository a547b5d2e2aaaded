"""What the hand does in a layer of spans: label, relabel, take hold of edges, remove."""

from typing import TYPE_CHECKING

from annotator.desk import editing
from annotator.desk.editing import Edit
from annotator.desk.selection import Range, Selection, unit_after, unit_at, unit_before
from annotator.model.annotation import Span
from annotator.model.event import Draft
from annotator.model.scheme import SpanLayer, Unit
from annotator.model.spent import NOTHING
from annotator.text import units

if TYPE_CHECKING:
    from annotator.desk.desk import Desk


class SpanHand:
    """Label keys in the current layer of spans."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._decided = (-1, "", 0, 0)
        """Revision and layer of which it is known that no block starting in a stretch is undecided."""

    @property
    def layer(self) -> SpanLayer:
        """The layer worked on."""
        layer = self._desk.layer
        assert isinstance(layer, SpanLayer)
        return layer

    def under(self) -> tuple[Span, ...]:
        """The layer's annotations under the caret, innermost first."""
        start, end = self._desk.caret.range
        over = self._desk.sheet.over(self.layer.name, start, max(end, start + 1))
        return tuple(sorted(over, key=lambda s: s.end - s.start))

    @property
    def current(self) -> Span | None:
        """The annotation the next key would change: the held one, else the innermost here."""
        selection = self._desk.caret.selection
        if selection is not None:
            return self._desk.sheet.spans.get(selection.span_id)
        return next(iter(self.under()), None)

    def give(self, label: str) -> None:
        """Label, relabel or resize, as the selection asks; what is picked is labelled whole."""
        desk, sheet = self._desk, self._desk.sheet
        if desk.picks:
            desk.picks.give(label)
            return
        held = desk.caret.selection is not None and self.current is not None
        edit = self._edit_for(label)
        if edit.refused:
            desk.say(edit.refused)
            return
        desk.last_label[self.layer.name] = label
        in_ring, held_one = desk.ring.active, desk.ring.held
        still = self._decided[0] == sheet.revision and not held  # a label takes text for itself
        desk.act("label", edit.drafts)
        if still:
            self._decided = (sheet.revision, *self._decided[1:])
        if edit.span is not None and self.layer.unit is not Unit.BLOCK:
            desk.ring.labelled(self.layer.name, desk.caret.text[edit.span.start : edit.span.end])
        if in_ring and edit.span is not None:
            desk.caret.drop()
            desk.ring.go_on(edit.span.end, held_one)
        else:
            self._after_label(edit.span)

    def repeat(self) -> None:
        """The last label again: on this unit, or the next one if this one has it."""
        desk, caret = self._desk, self._desk.caret
        label = desk.last_label.get(self.layer.name)
        if label is None:
            desk.say("No label has been given in this layer yet.")
            return
        current = self.current
        done = caret.selection is None and current is not None and current.label == label
        if done and current is not None and not self._go_on(max(caret.range[1], current.end)):
            return
        self.give(label)

    def _go_on(self, offset: int) -> bool:
        """To the next unit (of blocks: undecided one) from an offset on; False if there is none."""
        if self.layer.unit is Unit.BLOCK:
            return self._next_undecided(offset)
        found = unit_after(self._desk.caret.text, self.layer.unit, offset)
        if found is None:
            self._desk.say(f"This is the last {self.layer.unit}.")
            return False
        self._desk.caret.set(found)
        return True

    def apply_edges(self) -> bool:
        """Give the held annotation its new edges; False when none is held."""
        selection, current = self._desk.caret.selection, self.current
        if selection is None or current is None:
            return False
        self.give(current.label)
        return True

    def remove(self) -> None:
        """Remove the annotation under the caret; of a run of blocks only this block."""
        if self._desk.deciding.reject():
            return
        drafts = self._removal()
        if drafts:
            self._desk.act("remove", drafts)
        else:
            self._desk.say("Nothing to remove here.")
        self._desk.caret.drop()

    def rest(self) -> tuple[Draft, ...]:
        """What "nothing more here" adds: in a layer of spans nothing."""
        return ()

    def select(self) -> None:
        """Select mode; again: another grain."""
        caret = self._desk.caret
        if caret.selecting:
            caret.change_grain()
            return
        caret.selecting = True
        current = None if caret.selection else self.current
        if current is not None:
            caret.hold_span(current)
            self._desk.say(f"Edges of {current.label}: arrows move, tab other edge, enter applies.")
        elif caret.selection is None:
            caret.hold(Selection(caret.range, caret.range, self.layer.unit))

    def cycle(self) -> None:
        """Through the annotations under the caret, innermost first, then the bare unit."""
        desk, caret, under = self._desk, self._desk.caret, self.under()
        held = caret.selection.span_id if caret.selection else ""
        place = next((i for i, span in enumerate(under) if span.id == held), -1)
        if not under:
            desk.say("No annotation under the cursor.")
            return
        bare = caret.selection is not None and not held
        caret.drop()
        if bare or place + 1 < len(under):
            place = 0 if bare else place + 1
            caret.hold_span(under[place])
            desk.say(f"{under[place].label}, {place + 1} of {len(under)} here.")
        else:
            caret.hold(Selection(caret.range, caret.range, self.layer.unit))
            desk.say("The bare unit: a letter adds an annotation.")

    def _edit_for(self, label: str) -> Edit:
        """What giving a label means here: resize, relabel, or label a stretch."""
        sheet, layer, current = self._desk.sheet, self.layer, self.current
        selected = self._desk.caret.selection is not None
        if not selected and current is not None and layer.unit is not Unit.BLOCK:
            return editing.relabel(sheet, layer, current, label)
        stretch = self._stretch(current if selected else None)
        if stretch[0] == stretch[1]:
            return Edit(refused="There is nothing to label here.")
        if selected and current is not None:
            return editing.resize(sheet, layer, current, stretch, label)
        return editing.label_stretch(sheet, layer, stretch, label, self._like(label))

    def _like(self, label: str) -> Span | None:
        """What a new span has its origin from: the suggestion held, whatever its edges are now."""
        held = self._desk.ring.held
        if held is None or not (held.is_learnt or held.label == label):
            return None
        attrs = held.attrs if held.label == label else NOTHING
        return Span("", self.layer.name, label, *held.range, attrs, held.source)

    def _stretch(self, held: Span | None) -> Range:
        """The target at whole characters; edge whitespace and, of names, punctuation shed.

        An edge of the annotation held that has not been moved stays as it is.
        """
        caret = self._desk.caret
        target = caret.target
        if held is not None and target == (held.start, held.end):
            return target
        start, end = editing.strip(caret.text, *units.snap(caret.text, *target))
        exact = caret.selection is not None and caret.selection.exact
        if start < end and not exact and editing.sheds_punctuation(self.layer):
            start, end = units.trim(caret.text, start, end)
        if held is not None:
            start = held.start if target[0] == held.start else start
            end = held.end if target[1] == held.end else end
        return start, max(start, end)

    def _after_label(self, span: Span | None) -> None:
        """Leave select mode; in a layer of blocks go on to the next one without a label."""
        caret = self._desk.caret
        start = caret.target[0]
        selected = caret.selection is not None
        caret.drop()
        if self.layer.unit is Unit.BLOCK:
            self._next_undecided(start)
        elif selected and span is not None:
            caret.set(unit_at(caret.text, self.layer.unit, span.end - 1, backwards=True))

    def next_undecided(self, offset: int, forward: bool) -> None:
        """To the next block without a label behind an offset, or the one before it."""
        if forward:
            self._next_undecided(offset)
            return
        text = self._desk.caret.text
        found = unit_before(text, self.layer.unit, offset)
        while found is not None and self._desk.sheet.over(self.layer.name, *found):
            found = unit_before(text, self.layer.unit, found[0])
        if found is None:
            self._desk.say("No undecided block above.")
        else:
            self._desk.caret.set(found)

    def _next_undecided(self, offset: int) -> bool:
        """To the next block that no annotation of the layer touches; False when there is none."""
        text, sheet, layer = self._desk.caret.text, self._desk.sheet, self.layer
        low, high = (
            self._decided[2:] if self._decided[:2] == (sheet.revision, layer.name) else (0, 0)
        )
        found = unit_after(text, layer.unit, offset)
        while found is not None:
            over = sheet.over(layer.name, *found)
            if not over:
                break
            decided = max(found[1], *(span.end for span in over))
            found = unit_after(text, layer.unit, high if low <= decided < high else decided)
        low = min(low, offset) if low < high and offset <= high else offset
        self._decided = (sheet.revision, layer.name, low, found[0] if found else len(text))
        if found is not None:
            self._desk.caret.set(found)
            return True
        self._desk.say("All blocks below have a label.")
        return False

    def _removal(self) -> tuple[Draft, ...]:
        sheet, caret, current = self._desk.sheet, self._desk.caret, self.current
        if current is not None and (
            caret.selection is not None or self.layer.unit is not Unit.BLOCK
        ):
            return (sheet.draft_removal(current),)
        over = sheet.over(self.layer.name, *caret.target)
        if self.layer.unit is Unit.BLOCK:
            stretch = units.snap(caret.text, *caret.target)
            return editing.cut_out(sheet, self.layer, over, stretch).drafts
        start, end = caret.target
        return tuple(sheet.draft_removal(s) for s in over if start <= s.start and s.end <= end)
