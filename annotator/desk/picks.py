"""Picks: several stretches selected at once, that one letter labels as one act."""

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from annotator.desk import editing
from annotator.desk.selection import Range
from annotator.model.event import Act, Draft, PastAct
from annotator.model.scheme import SpanLayer

if TYPE_CHECKING:
    from annotator.desk.desk import Desk


class Picks:
    """The stretches picked on a desk's article."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self.ranges: list[Range] = []
        """In the text's order, not overlapping."""
        self.name = ""
        """The surface they are occurrences of; "" when they were picked otherwise."""

    def __bool__(self) -> bool:
        return bool(self.ranges)

    def take(self, ranges: list[Range], name: str = "") -> None:
        """Pick these stretches instead of those picked before."""
        self.clear()
        self.ranges, self.name = ranges, name
        self._touch()

    def clear(self) -> None:
        """Let go of what is picked."""
        self._touch()
        self.ranges, self.name = [], ""

    def opened(self) -> None:
        """Another article is on the desk."""
        self.ranges, self.name = [], ""

    def between(self, start: int, end: int) -> list[Range]:
        """The picks that share text with a stretch."""
        low = bisect_right(self.ranges, start, key=lambda pick: pick[1])
        return self.ranges[low : bisect_left(self.ranges, end, low, key=lambda pick: pick[0])]

    def give(self, label: str) -> None:
        """Label all picks in one act; where it cannot be, what is there stays and is counted."""
        desk, layer = self._desk, self._desk.layer
        assert isinstance(layer, SpanLayer)
        drafts, refused = self._drafts(layer, label)
        rule = desk.proposals.rule_for(self.name, label) if self.name else ()
        done, name = len(self.ranges) - refused, self.name
        self.clear()
        desk.caret.drop()
        if not drafts:
            desk.say("Nothing to label: what is there stays.")
            return
        told = f"{done} labelled {label}" + (f", {refused} left as they are." if refused else ".")
        desk.last_label[layer.name] = label
        desk.act("label all", (*drafts, *rule), told + desk.proposals.elsewhere(name, rule))

    def _drafts(self, layer: SpanLayer, label: str) -> tuple[tuple[Draft, ...], int]:
        """The drafts that label the picks, and how many picks cannot be labelled.

        What one label does may depend on the one before (blocks join), so they are tried on the
        sheet one after the other and taken back.
        """
        sheet, tried, refused = self._desk.sheet, list[PastAct](), 0
        final: dict[str, Draft] = {}
        for start, end in self.ranges:
            edit = editing.label_stretch(sheet, layer, (start, end), label)
            refused += bool(edit.refused)
            tried.append(sheet.apply(Act("try", edit.drafts)))
            final |= {draft.key: draft for draft in edit.drafts}
        for past in reversed(tried):
            back = tuple(sheet.draft_back(c, c.before) for c in reversed(past.changes))
            sheet.apply(Act("try", back))
        changed = (d for d in final.values() if d.body != sheet.body(d.kind, d.key))
        return tuple(changed), refused

    def _touch(self) -> None:
        for pick in self.ranges:
            self._desk.caret.touch(pick)
