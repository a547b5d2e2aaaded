"""A table of numbers with a cursor on one of them."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from rich.cells import cell_len

from annotator.text.rows import wrap
from annotator.text.visible import plain_line, visible
from annotator.tui.adjudicate_sight import fit
from annotator.tui.agreement_place import CURSOR, MARK, Link, Place, moved, window
from annotator.tui.lines import Line, Piece, piece

GAP = 2
NARROWEST = 12
"""Cells a column that may shrink keeps."""
EXTRA = 5
"""Columns of this rank or lower give way before others shrink."""
WIDEST = 44


class Column(NamedTuple):
    """A column of a grid."""

    title: str
    right: bool = False
    """Whether it is set to the right."""
    keep: int = 9
    """The smaller, the sooner it is left out where there is no room."""
    shrinks: bool = False
    """Whether it may be cut."""


class Cell(NamedTuple):
    """A cell of a grid."""

    text: str
    link: Link | None = None
    """What is behind it; the cursor goes to such cells only."""
    style: str = ""


Row = tuple[Cell, ...]
Below = Callable[[int], Sequence[str]]
"""Sentences shown below the table when the cursor is in a row."""


def line_of(text: str) -> str:
    """Foreign words for a cell."""
    return plain_line(text, WIDEST)


class Grid(Place):
    """Rows and columns; the cursor goes from number to number."""

    hint = "↑↓←→ move  ⏎ articles  F2 explain  tab table  1-9 layer  esc back  F1 keys"

    def __init__(
        self,
        name: str,
        columns: Sequence[Column],
        rows: Sequence[Row],
        below: Below | None = None,
        nothing: str = "",
    ) -> None:
        """`below` gives sentences for a row; `nothing` is said where there are no rows."""
        self.name = name
        self.columns = tuple(columns)
        self.rows = tuple(rows)
        self._below = below
        self._nothing = nothing
        self.row = 0
        self.column = -1
        """Of `columns`; -1 where nothing has been chosen yet."""
        self._top = 0
        self._page = 10
        self._settle()

    # --- moving

    def _places(self, row: int) -> list[int]:
        """The columns of a row that the cursor can be at; those out of sight come into it."""
        if not self.rows:
            return []
        return [n for n, cell in enumerate(self.rows[row]) if cell.link is not None]

    def _settle(self) -> None:
        """Be at a number, as near to where one was as there is one."""
        places = self._places(self.row)
        if places and self.column not in places:
            self.column = min(places, key=lambda n: (abs(n - self.column), n))

    def go(self, motion: str) -> None:
        """Rows up and down, numbers left and right."""
        places = self._places(self.row)
        if motion in ("left", "right") and self.column in places:
            step = 1 if motion == "right" else -1
            self.column = places[max(0, min(places.index(self.column) + step, len(places) - 1))]
        elif self.rows and motion not in ("left", "right"):
            self.row = moved(self.row, motion, len(self.rows), self._page)
            self._settle()

    @property
    def link(self) -> Link | None:
        """What is behind the cell under the cursor."""
        return self.rows[self.row][self.column].link if self._places(self.row) else None

    # --- painting

    def lines(self, width: int, height: int) -> list[Line]:
        """Heads, rows, and the sentences below them."""
        if not self.rows:
            return [(), *_paragraph(self._nothing or "Nothing here.", width)][:height]
        widths = self._widths(width - 2)
        said = self._said(width)
        room = max(min(len(self.rows), height - 1 - len(said)), min(3, len(self.rows)), 1)
        self._page = max(room - 1, 1)
        self._top = window(self.row, self._top, len(self.rows), room)
        lines: list[Line] = [self._heads(widths)]
        for n in range(self._top, min(self._top + room, len(self.rows))):
            lines.append(self._line(n, widths))
        more = len(self.rows) - self._top - room
        if more > 0 and len(lines) < height:
            lines.append((piece(f"  … {more:,} more", "dim"),))
        return [*lines, *said][:height]

    def _said(self, width: int) -> list[Line]:
        if self._below is None:
            return []
        found: list[Line] = [()]
        for sentence in self._below(self.row):
            found += _paragraph(sentence, width)
        return found

    def _widths(self, room: int) -> dict[int, int]:
        """The columns there is room for, with their widths."""
        widths = {
            n: max([cell_len(column.title)] + [cell_len(row[n].text) for row in self.rows])
            for n, column in enumerate(self.columns)
        }

        def over() -> int:
            return sum(widths.values()) + GAP * (len(widths) - 1) - room

        far = sorted(
            range(1, len(self.columns)), key=lambda n: (self.columns[n].keep, -self._away(n))
        )
        for n in [n for n in far if self.columns[n].keep <= EXTRA]:
            if over() > 0 and n != self.column:
                del widths[n]
        for n in [n for n in widths if self.columns[n].shrinks]:
            if over() > 0:
                widths[n] = max(widths[n] - over(), min(widths[n], NARROWEST))
        for n in [n for n in far if n in widths]:
            if over() > 0 and n != self.column:
                del widths[n]
        return widths

    def _away(self, column: int) -> int:
        """How far a column is from the cursor's; further ones are left out sooner."""
        return abs(column - max(self.column, 0))

    def _heads(self, widths: dict[int, int]) -> Line:
        found: list[Piece] = [piece("  ")]
        for n, width in widths.items():
            found.append(piece(_set(self.columns[n].title, width, self.columns[n].right), "bold"))
            found.append(piece(" " * GAP))
        if self._hides(widths):
            found[0] = piece("‹›", "dim")
        return tuple(found)

    def _hides(self, widths: dict[int, int]) -> bool:
        """Whether there are numbers that the cursor can go to out of sight."""
        return any(n not in widths for n in self._places(self.row))

    def _line(self, row: int, widths: dict[int, int]) -> Line:
        here = row == self.row
        found: list[Piece] = [piece("▶ " if here else "  ", MARK)]
        for n, width in widths.items():
            cell = self.rows[row][n]
            chosen = here and n == self.column and cell.link is not None
            style = CURSOR if chosen else cell.style
            found.append(piece(_set(cell.text, width, self.columns[n].right), style))
            found.append(piece(" " * GAP))
        return tuple(found)


def _set(text: str, width: int, right: bool) -> str:
    """Text in so many cells."""
    if right and cell_len(text) < width:
        return " " * (width - cell_len(text)) + text
    return fit(text, width)


def _paragraph(text: str, width: int) -> list[Line]:
    """Words over as many lines as they take."""
    shown = visible(text)
    rows = wrap(shown, max(width - 4, 8))
    return [
        (piece("  " + shown[slice(*rows.span(n))].rstrip("\n")),) for n in range(len(rows))
    ] or [()]
