"""The window: which rows of the article are on screen."""

from typing import TYPE_CHECKING

from annotator.desk.selection import Range

if TYPE_CHECKING:
    from annotator.desk.desk import Desk


class Window:
    """As many rows as the screen has room for, with the caret among them."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self.top = 0
        """The first row shown."""
        self.height = 24
        """How many rows are shown, as the screen says."""

    def scroll_to(self, top: int) -> bool:
        """Show the rows from `top` as far as there are rows; whether anything moved."""
        before = self.top
        self.top = max(min(top, len(self._desk.caret.rows) - self.height), 0)
        return self.top != before

    def follow(self) -> bool:
        """Scroll when the caret has left the window, or the rows have grown fewer; whether it did."""
        moved = self._follow()
        self._desk.sight.note()
        return moved

    def _follow(self) -> bool:
        caret, moved = self._desk.caret, self.scroll_to(self.top)
        row = last = caret.rows.row_of(caret.head)
        if caret.selection is None:
            last = min(
                caret.rows.row_of(max(caret.range[1] - 1, caret.head)), row + self.height - 1
            )
        if self.top <= row and last < self.top + self.height:
            return moved
        back = self.height // 3 if row >= self.top else self.height // 2
        return self.scroll_to(row - back) or moved

    def shown(self) -> Range:
        """The stretch of the text that is in the window."""
        rows = self._desk.caret.rows
        last = min(self.top + self.height, len(rows)) - 1
        return (rows.span(self.top)[0], rows.span(last)[1]) if last >= self.top else (0, 0)

    def readable(self) -> list[Range]:
        """The stretches of the text that can be read in the window: what is folded is left out."""
        start, end = self.shown()
        found, folds = list[Range](), self._desk.caret.folds
        for fold in sorted(f for f in folds.values() if f.start < end and f.end > start):
            if fold.start > start:
                found.append((start, fold.start))
            start = fold.end
        return [*found, (start, end)] if start < end else found
