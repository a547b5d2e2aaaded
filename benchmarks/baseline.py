"""A floor, not a product: the least Textual can do with an article. Nothing is checked or saved.

`python baseline.py TEXT MARKS`: a ScrollView that paints rows itself; the arrows move by word and
by row, `p` toggles a style on the word. MARKS holds starts of words to paint marked, one a line.
"""

import re
import sys
from bisect import bisect_right
from pathlib import Path
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

WORD = re.compile(r"\w+")
PLAIN, MARKED = Style(), Style(color="green", underline=True)
CURSOR, CURSOR_MARKED = PLAIN + Style(reverse=True), MARKED + Style(reverse=True)


class View(ScrollView, can_focus=True):
    """The article, wrapped; the cursor is the start of a word."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right", "move(1, 'word')"),
        Binding("left", "move(-1, 'word')"),
        Binding("down", "move(1, 'row')"),
        Binding("up", "move(-1, 'row')"),
        Binding("p", "label"),
    ]
    DEFAULT_CSS = "View { overflow-x: hidden; scrollbar-gutter: stable; }"

    def __init__(self, text: str, marked: set[int]) -> None:
        super().__init__()
        self.text, self.marked, self.cursor = text, marked, 0
        self.rows: list[int] = []  # until the first resize; one huge row would be painted else

    def on_resize(self) -> None:
        """Wraps the whole text."""
        self.rows = wrap(self.text, self.scrollable_content_region.width)
        self.virtual_size = Size(1, len(self.rows))

    def row_of(self, offset: int) -> int:
        """The row an offset is on."""
        return bisect_right(self.rows, offset) - 1

    def render_line(self, y: int) -> Strip:
        """One row, cut into words."""
        row = y + self.scroll_offset.y
        if row >= len(self.rows):
            return Strip.blank(self.size.width)
        at, end = self.bounds(row)
        parts = []
        for match in WORD.finditer(self.text, at, end):
            start = match.start()
            here, marked = start == self.cursor, start in self.marked
            style = (CURSOR_MARKED if marked else CURSOR) if here else MARKED if marked else PLAIN
            parts += [Segment(self.text[at:start], PLAIN), Segment(match[0], style)]
            at = match.end()
        parts.append(Segment(self.text[at:end].rstrip("\n "), PLAIN))
        return Strip(parts).adjust_cell_length(self.size.width, PLAIN)

    def action_move(self, step: int, by: str) -> None:
        """Moves the cursor; only the two rows concerned are painted again."""
        old = self.row_of(self.cursor)
        self.cursor = self.target(step, by, old)
        new, top, height = self.row_of(self.cursor), self.scroll_offset.y, self.size.height
        if not top <= new < top + height:
            y = new if new < top else new - height + 1
            self.scroll_to(y=y, animate=False, immediate=True)
        for row in {old, new}:
            self.refresh_line(row)

    def target(self, step: int, by: str, row: int) -> int:
        """The start of the word the cursor goes to; where it is when there is none."""
        if by == "row":
            column = self.cursor - self.rows[row]
            while 0 <= row + step < len(self.rows):
                row += step
                if starts := self.starts(*self.bounds(row)):
                    return max([at for at in starts if at <= self.rows[row] + column] or starts[:1])
            return self.cursor
        here = WORD.match(self.text, self.cursor)
        if step > 0:
            found = WORD.search(self.text, here.end() if here else self.cursor)
            return found.start() if found else self.cursor
        return max(self.starts(max(0, self.cursor - 200), self.cursor), default=self.cursor)

    def bounds(self, row: int) -> tuple[int, int]:
        """Where a row begins and ends."""
        return self.rows[row], self.rows[row + 1] if row + 1 < len(self.rows) else len(self.text)

    def starts(self, start: int, end: int) -> list[int]:
        """Where the words of a stretch begin."""
        return [match.start() for match in WORD.finditer(self.text, start, end)]

    def action_label(self) -> None:
        """Marks the word, or takes the mark away."""
        self.marked ^= {self.cursor}
        self.refresh_line(self.row_of(self.cursor))


def wrap(text: str, width: int) -> list[int]:
    """Starts of the rows, each at most `width` characters, broken at blanks."""
    rows, start, end = [], 0, len(text)
    while start < end:
        rows.append(start)
        newline = text.find("\n", start, start + width + 1)
        cut = newline if newline >= 0 else text.rfind(" ", start, start + width + 1)
        start = cut + 1 if cut > start or newline >= 0 else start + width
    return rows


class Bare(App[None]):
    """The view and nothing else."""

    def compose(self) -> ComposeResult:
        """The view."""
        text, marks = (Path(name).read_text(encoding="utf-8") for name in sys.argv[1:])
        yield View(text, set(map(int, marks.split())))


if __name__ == "__main__":
    Bare().run()
