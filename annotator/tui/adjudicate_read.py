"""The whole article to read, at the place of an item."""

from itertools import pairwise
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen

from annotator.text import units
from annotator.text.rows import painted, wrap
from annotator.tui.lines import Line, Lines, piece

WIDTH = 90
HINT = " ↑↓ PgUp PgDn Home End scroll   esc back"


class ReadScreen(Screen[None]):
    """Scrolls through a text in which some stretches are marked."""

    DEFAULT_CSS = """
    ReadScreen { layout: vertical; }
    ReadScreen #read { height: 1fr; }
    ReadScreen .line { height: 1; background: $panel; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,o,f10,q", "leave", priority=True),
        Binding("up,k", "scroll_by(-1)", priority=True),
        Binding("down,j", "scroll_by(1)", priority=True),
        Binding("pageup", "page(-1)", priority=True),
        Binding("pagedown,space", "page(1)", priority=True),
        Binding("home,ctrl+home", "scroll_by(-1000000)", priority=True),
        Binding("end,ctrl+end", "scroll_by(1000000)", priority=True),
    ]

    def __init__(self, title: str, text: str, marked: list[tuple[int, int]]) -> None:
        super().__init__()
        self._title = title
        self._text = text
        self._marked = sorted(marked)
        self._top: int | None = None

    def compose(self) -> ComposeResult:
        """Title, text, hint."""
        yield Lines(lambda *_: [(piece(f" {self._title}", "bold"),)], classes="line")
        yield Lines(self._rows, id="read")
        yield Lines(lambda *_: [(piece(HINT, "dim"),)], classes="line")

    def _rows(self, width: int, height: int) -> list[Line]:
        room = max(min(width - 3, WIDTH), 1)
        rows = wrap(self._text, room)
        place = self._marked[0][0] if self._marked else 0
        if self._top is None:
            self._top = rows.row_of(place) - height // 3
        self._top = max(min(self._top, len(rows) - height), 0)
        shown = range(self._top, min(self._top + height, len(rows)))
        return [self._row(*rows.span(row), room) for row in shown]

    def _row(self, start: int, end: int, room: int) -> Line:
        last = painted(self._text, start, end, room)
        over = [(a, b) for a, b in self._marked if a < end and b > start]
        borders = {start, last}
        borders |= {
            units.snap(self._text, x, x)[0] for pair in over for x in pair if start < x < last
        }
        cuts = sorted(borders)
        pieces = [piece("┃  " if over else "   ", "bold bright_yellow")]
        for a, b in pairwise(cuts):
            inside = any(s < b and e > a for s, e in over)
            pieces.append(piece(self._text[a:b], "bold underline" if inside else ""))
        return tuple(pieces)

    def action_scroll_by(self, rows: int) -> None:
        """Up or down."""
        self._top = max((self._top or 0) + rows, 0)
        self.query_one("#read", Lines).draw()

    def action_page(self, pages: int) -> None:
        """A screen up or down."""
        self.action_scroll_by(pages * max(self.query_one("#read", Lines).size.height - 1, 1))

    def action_leave(self) -> None:
        """Back."""
        self.dismiss(None)
