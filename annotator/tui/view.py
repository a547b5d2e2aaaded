"""The whole article screen as one widget: title, article, panel, stance grid, status.

One widget rather than six: Textual visits every widget for every key, and that costs more than
painting a row. Only the lines, and within them the cells, that changed are painted again.
"""

from collections.abc import Callable, Sequence
from typing import Self

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.color import Color
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from annotator.desk.desk import Desk
from annotator.desk.selection import Selection, unit_at
from annotator.model.scheme import StanceLayer, Unit
from annotator.tui.lines import Line, line_segments, piece
from annotator.tui.looks import grounds
from annotator.tui.panel import grid_lines, panel_lines
from annotator.tui.reader import Reader
from annotator.tui.status import hint_line, status_line, title_line

WIDE = 110
"""From this many columns on the panel stands beside the article."""
PANEL = 44
"""Columns of the panel, its left border of two blanks included."""
GRID = 9
"""Lines of the stance grid where there is no room for the panel."""
BARS = 2
"""Lines below the article: status and hint."""


class ArticleView(Widget):
    """Draws a desk."""

    ALLOW_SELECT = False
    DEFAULT_CSS = "ArticleView { width: 100%; height: 100%; }"

    def __init__(
        self,
        desk: Desk,
        reading_width: int,
        status: Callable[[], tuple[str, str, str]],
    ) -> None:
        """`status` gives the article's place, the saved mark and the keyboard layout."""
        super().__init__(id="view")
        self.desk = desk
        self.reader = Reader(desk, reading_width)
        self.panel_wanted = True
        self._status = status
        self._base: Style | None = None
        self._drag_from: int | None = None
        self._laid_out: object = None
        """What the parts were laid out for."""
        self._areas = dict.fromkeys(("title", "text", "panel", "grid", "bars"), Region())
        self._beside: object = None
        """What the panel was drawn for."""
        self._lines: dict[str, list[Line]] = {}
        self._strips: dict[int, Strip] = {}
        """Painted lines of the screen, until they change."""
        self._ground = Color(0, 0, 0)
        self._bar = self._side = Style()

    # --- areas -----------------------------------------------------------------------------------

    @property
    def _panel_width(self) -> int:
        return PANEL if self.size.width >= WIDE and self.panel_wanted else 0

    @property
    def _grid_height(self) -> int:
        folded = not self._panel_width and isinstance(self.desk.layer, StanceLayer)
        return min(GRID, max(self.size.height - BARS - 4, 0)) if folded else 0

    def _divide(self) -> dict[str, Region]:
        """Where each part stands, for the size and layer there are."""
        width, height = self.size
        side, grid = self._panel_width, self._grid_height
        middle = max(height - 1 - BARS, 0)
        text = max(middle - grid, 0)
        return {
            "title": Region(0, 0, width, min(1, height)),
            "text": Region(0, 1, width - side, text),
            "panel": Region(width - side, 1, side, middle) if side else Region(),
            "grid": Region(0, 1 + text, width, grid),
            "bars": Region(0, height - BARS, width, BARS),
        }

    def show(self) -> None:
        """Draw everything of the desk's article."""
        self._lay_out()
        self.refresh()

    def _lay_out(self) -> None:
        """Make every part for the article and size there are."""
        self._laid_out = self._wanted
        self._strips.clear()
        self._areas = self._divide()
        text = self._areas["text"]
        self.reader.show(text.width, text.height)
        self.reader.overview.update()
        self._lines = {"title": [title_line(self.desk, self.size.width)], "bars": self._bars()}
        self._lines |= self._beside_lines()

    @property
    def _wanted(self) -> object:
        desk = self.desk
        return self.size, desk.sheet.article.id, desk.layer.name, self.panel_wanted

    @property
    def _is_old(self) -> bool:
        """Whether another article, layer or size came since the last layout."""
        return self._laid_out != self._wanted

    def draw(self) -> None:
        """Draw what the last key changed."""
        if not self.size:
            return
        if self._is_old:
            self.show()
            return
        touched = self.reader.touched()
        if self.desk.window.follow():
            self.refresh(self._areas["text"])
        else:
            text = self._areas["text"]
            for y in touched:
                self.refresh(Region(0, text.y + y, text.width, 1))
        self.draw_bars()

    def draw_bars(self) -> None:
        """Draw status and hint if they changed."""
        self._change("bars", self._bars())

    @property
    def panel_is_old(self) -> bool:
        """Whether the panel shows something that has changed since."""
        return self._beside != self._panel_key()

    def draw_panel(self) -> None:
        """Draw the panel, or the grid that stands in for it, where it changed."""
        for name, lines in self._beside_lines().items():
            self._change(name, lines)
        text = self._areas["text"]
        for y in self.reader.overview.update() if text.height else ():
            self.refresh(Region(text.right - 1, text.y + y, 1, 1))

    def _beside_lines(self) -> dict[str, list[Line]]:
        """The lines of the panel and of the grid, where there is room for them."""
        self._beside = self._panel_key()
        panel, grid, found = self._areas["panel"], self._areas["grid"], dict[str, list[Line]]()
        if panel.width:
            lines = panel_lines(self.desk, panel.width - 3, panel.height, self._status()[2])
            found["panel"] = [(piece("  "), *line) for line in lines]
        if grid.height:
            lines = grid_lines(self.desk, grid.width - 2, grid.height)
            found["grid"] = [(piece(" "), *line) for line in lines]
        return found

    def _panel_key(self) -> object:
        desk = self.desk
        tagged = desk.hints.typed if desk.hints.rows else None
        return desk.layer.name, desk.sheet.revision, desk.stances.place, tagged

    def _bars(self) -> list[Line]:
        place, saved, _ = self._status()
        return [
            status_line(self.desk, place, saved, legend=not self._panel_width),
            hint_line(self.desk),
        ]

    def _change(self, name: str, lines: Sequence[Line]) -> None:
        """Take new lines for a part and repaint those that differ."""
        old, area = self._lines.get(name, []), self._areas[name]
        self._lines[name] = new = list(lines)
        for y in range(min(max(len(old), len(new)), area.height)):
            if old[y : y + 1] != new[y : y + 1]:
                self.refresh(Region(area.x, area.y + y, area.width, 1))

    # --- painting --------------------------------------------------------------------------------

    def notify_style_update(self) -> None:
        """Another theme: other colours."""
        super().notify_style_update()
        self._base = None
        self._strips.clear()

    def refresh(self, *regions: Region, **what: bool) -> Self:
        """Have these lines (without any, all) painted again."""
        for region in regions:
            for y in region.line_range:
                self._strips.pop(y, None)
        if not regions:
            self._strips.clear()
        return super().refresh(*regions, **what)

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of the screen; Textual would look at borders and styles for each."""
        if self._is_old:
            self._lay_out()
        strips = [self._strip(y) for y in crop.line_range]
        if crop.column_span == (0, self.size.width):
            return strips
        return [strip.crop(*crop.column_span) for strip in strips]

    def _strip(self, y: int) -> Strip:
        found = self._strips.get(y)
        if found is None:
            found = self.render_line(y)
            for line_filter in self.get_line_filters():
                found = found.apply_filter(line_filter, self._ground)
            self._strips[y] = found
        return found

    def render_line(self, y: int) -> Strip:
        """Line `y` of the screen."""
        if self._base is None:
            self._base = self.rich_style  # costs more than all the rest of a line
            self._ground = self.background_colors[1]
            self._bar, self._side = grounds(self.app.theme, self.app.current_theme.dark)
        base, width = self._base, self.size.width
        for name, ground in (("title", self._bar), ("bars", self._bar), ("grid", self._side)):
            area = self._areas[name]
            if area.y <= y < area.bottom:
                return Strip(self._part(name, y - area.y, area.width, base + ground), width)
        text = self._areas["text"]
        if not text.height:
            return Strip.blank(width, base)
        segments = self.reader.segments(y - text.y, base)
        panel = self._areas["panel"]
        if panel.width:
            segments += self._part("panel", y - panel.y, panel.width, base + self._side)
        return Strip(segments).adjust_cell_length(width, base)

    def _part(self, name: str, y: int, width: int, ground: Style) -> list[Segment]:
        lines = self._lines.get(name, [])
        return line_segments(lines[y] if y < len(lines) else (), width, ground)

    # --- mouse -----------------------------------------------------------------------------------

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """A click puts the caret; dragging selects."""
        offset = self._offset(event)
        if event.button == 1 and offset is not None:
            self._drag_from = offset
            self.desk.timer.tick()
            self.desk.message = ""
            self.desk.caret.move_to(offset)
            self.capture_mouse()
            self.draw()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Extend the selection to where the mouse is; above or below the text it scrolls."""
        if self._drag_from is None:
            return
        text = self._areas["text"]
        if not text.y <= event.y < text.bottom:
            self._wheel(1 if event.y >= text.bottom else -1)
        y = min(max(event.y, text.y), text.bottom - 1)
        offset = self.reader.offset(min(event.x, text.right - 1), y - text.y)
        if offset is not None and offset != self._drag_from:
            self.desk.caret.extend_to(offset)
            self.draw()

    def on_mouse_up(self) -> None:
        """The end of a drag."""
        self._drag_from = None
        self.release_mouse()

    def on_click(self, event: events.Click) -> None:
        """A double click selects the layer's unit, a triple click the block."""
        offset, caret = self._offset(event), self.desk.caret
        if event.chain < 2 or offset is None:
            return
        if event.chain == 2:
            caret.extend_to(offset)
        else:
            caret.move_to(offset)
            caret.hold(
                Selection.of(caret.text, unit_at(caret.text, Unit.BLOCK, offset), caret.unit)
            )
        self.draw()

    def on_mouse_scroll_down(self) -> None:
        """The wheel moves the window, not the caret."""
        self._wheel(3)

    def on_mouse_scroll_up(self) -> None:
        """The wheel moves the window, not the caret."""
        self._wheel(-3)

    def _wheel(self, rows: int) -> None:
        if self.desk.window.scroll_to(self.desk.window.top + rows):
            self.desk.sight.note()
            self.refresh(self._areas["text"])

    def _offset(self, event: events.MouseEvent) -> int | None:
        """The offset in the text under the mouse."""
        text = self._areas["text"]
        if not (text.y <= event.y < text.bottom and event.x < text.right):
            return None
        return self.reader.offset(event.x, event.y - text.y)
