"""The adjudicator's screen as one widget: only the lines that changed are painted again."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from annotator.tui.adjudicate_bars import hint_line, item_line, status_line, title_line
from annotator.tui.adjudicate_choices import choices
from annotator.tui.adjudicate_inline import columns, inline
from annotator.tui.adjudicate_sight import Mode, Sight
from annotator.tui.adjudicate_table import table
from annotator.tui.lines import Line, line_segments
from annotator.tui.looks import grounds

WIDE = 110
"""From this many columns on the variants stand beside the text."""
SIDE = 48
"""Columns they take there."""
LIST = 7
"""Lines they take below the text, at most."""


class Part(NamedTuple):
    """A part of a line of the screen."""

    line: Line
    width: int
    ground: str = ""
    """`bar`, `side` or, for the screen's own, ""."""


class AdjudicateView(Widget):
    """Draws an adjudicator's desk."""

    ALLOW_SELECT = False
    DEFAULT_CSS = "AdjudicateView { width: 100%; height: 100%; }"

    def __init__(self, sight: Sight, saved: Callable[[], str]) -> None:
        """`saved` gives the saved mark."""
        super().__init__(id="view")
        self.sight = sight
        self._saved = saved
        self._parts: list[tuple[Part, ...]] = []
        self._base: Style | None = None
        self._grounds: dict[str, Style] = {}

    def draw(self) -> None:
        """Make the lines anew and repaint those that differ."""
        if not self.size:
            return
        old = self._parts
        self._parts = new = self._made(*self.size)
        for y in range(max(len(old), len(new))):
            if old[y : y + 1] != new[y : y + 1]:
                self.refresh(Region(0, y, self.size.width, 1))

    def on_resize(self) -> None:
        """Another size, other lines."""
        self._parts = self._made(*self.size)
        self.refresh()

    def notify_style_update(self) -> None:
        """Another theme: other colours."""
        super().notify_style_update()
        self._base = None

    def _made(self, width: int, height: int) -> list[tuple[Part, ...]]:
        """The lines of the screen."""
        sight = self.sight
        top = [
            (Part(title_line(sight, width), width, "bar"),),
            (Part(item_line(sight, width), width),),
        ]
        bottom = [
            (Part(status_line(sight, self._saved()), width, "bar"),),
            (Part(hint_line(sight), width, "bar"),),
        ]
        room = max(height - len(top) - len(bottom), 0)
        middle = self._wide(width, room) if width >= WIDE else self._narrow(width, room)
        blank = (Part((), width),)
        middle += [blank] * (room - len(middle))
        return [*top, *middle[:room], *bottom][:height]

    def _narrow(self, width: int, height: int) -> list[tuple[Part, ...]]:
        """The text over the list of variants."""
        item = self.sight.item
        if item is None:
            return []
        listed = choices(self.sight, item, width, min(LIST, max(height // 2, 1)))
        body = self._body(width, max(height - len(listed) - 1, 0))
        rest = max(height - len(listed) - len(body), 0)
        return [
            *((Part(line, width),) for line in body),
            *([(Part((), width),)] * rest),
            *((Part(line, width, "side"),) for line in listed),
        ]

    def _wide(self, width: int, height: int) -> list[tuple[Part, ...]]:
        """The text beside the list of variants."""
        item = self.sight.item
        if item is None:
            return []
        left = width - SIDE
        body = self._body(left, height)
        listed = [(), *choices(self.sight, item, SIDE - 2, height - 1)]
        return [
            (Part(_at(body, y), left), Part((), 1, "side"), Part(_at(listed, y), SIDE - 1, "side"))
            for y in range(height)
        ]

    def _body(self, width: int, height: int) -> list[Line]:
        item = self.sight.item
        if item is None or height < 1:
            return []
        draw = {Mode.INLINE: inline, Mode.COLUMNS: columns, Mode.TABLE: table}[self.sight.mode]
        if self.sight.editing is not None and self.sight.editing.edges and draw is table:
            draw = inline
        return draw(self.sight, item, width, height)

    def render_line(self, y: int) -> Strip:
        """Line `y` of the screen."""
        if self._base is None:
            self._base = self.rich_style
            bar, side = grounds(self.app.theme, self.app.current_theme.dark)
            self._grounds = {"": self._base, "bar": self._base + bar, "side": self._base + side}
        width = self.size.width
        if y >= len(self._parts):
            return Strip.blank(width, self._base)
        segments: list[Segment] = []
        for part in self._parts[y]:
            segments += line_segments(part.line, part.width, self._grounds[part.ground])
        return Strip(segments).adjust_cell_length(width, self._base)


def _at(lines: Sequence[Line], y: int) -> Line:
    return lines[y] if y < len(lines) else ()
