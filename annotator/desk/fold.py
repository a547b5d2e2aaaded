"""The fold: marked boilerplate takes one row each, so that what is left is the article."""

from typing import TYPE_CHECKING, NamedTuple

from annotator.model.annotation import Kind
from annotator.model.event import PastAct
from annotator.model.scheme import Unit
from annotator.text.rows import Rows

if TYPE_CHECKING:
    from annotator.desk.desk import Desk


class Folded(NamedTuple):
    """A run of rows shown as one."""

    start: int
    end: int
    label: str
    rows: int
    """How many rows it has when unfolded."""


class Fold:
    """Folds and unfolds the blocks labelled on a desk's article."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self.active = False

    def fold(self) -> None:
        """Fold what is marked in the layers of blocks, or show it again."""
        self.active = not self.active
        self.update()
        count = len(self._desk.caret.folds) if self.active else 0
        told = f"{count} folded; the palette's fold unfolds." if self.active else "Unfolded."
        self._desk.say(told if count or not self.active else "Nothing is marked that could fold.")

    def show(self, past: PastAct) -> None:
        """Fold what an act has marked, unfold what it has freed."""
        if self.active and any(change.kind is Kind.SPAN for change in past.changes):
            self.update()

    def update(self) -> None:
        """Fold the article on the desk as it is now marked."""
        caret = self._desk.caret
        caret.refold(self._marked() if self.active else ())
        caret.touch((0, len(caret.text)))

    def _marked(self) -> tuple[tuple[int, int, str], ...]:
        """What is marked in layers of blocks, in order and not overlapping."""
        sheet = self._desk.sheet
        layers = {layer.name for layer in self._desk.scheme.span_layers if layer.unit is Unit.BLOCK}
        found = sorted((s.start, s.end, s.label) for s in sheet.spans.values() if s.layer in layers)
        kept: list[tuple[int, int, str]] = []
        for one in found:
            if not kept or one[0] >= kept[-1][1]:
                kept.append(one)
        return tuple(kept)


def folded(
    text: str, rows: Rows, marked: tuple[tuple[int, int, str], ...]
) -> tuple[Rows, dict[int, Folded]]:
    """Rows with each marked stretch (start, end, label; in order) as one row, and what is folded.

    A stretch that begins within a row, behind other text, leaves that row as it is.
    """
    folds: dict[int, Folded] = {}
    runs: list[tuple[int, int]] = []
    for start, end, label in marked:
        first, last = rows.row_of(start), rows.row_of(max(end - 1, start))
        beyond = runs[-1][1] + 1 if runs else 0
        if text[rows.span(first)[0] : start].strip():
            first += 1
        first = max(first, beyond)
        if first <= last:
            runs.append((first, last))
            top, bottom = rows.span(first)[0], rows.span(last)[1]
            folds[top] = Folded(top, bottom, label, last - first + 1)
    return (rows.joined(runs) if runs else rows), folds
