"""The article on screen: its own line widget, which paints only the rows that changed.

Textual's TextArea alters the text and takes up to seconds a key on long articles; here a row is cut
out of the untouched text when it is painted, and offsets stay the article's own.
"""

from collections.abc import Callable

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from annotator.desk.desk import Desk
from annotator.model.scheme import Label, Unit
from annotator.text.rows import offset_at
from annotator.tui.lines import style_of
from annotator.tui.looks import CARET_BAR, FLAG_MARK, NOTE_MARK, label_style
from annotator.tui.paint import Painter

GUTTER = 4
"""Cells left of the text: caret bar, boilerplate letter, note or flag, space."""
LETTERS = 6
"""Cells right of the text for the letters of the row's entities."""


class Reader(ScrollView, can_focus=True):
    """The article view."""

    ALLOW_SELECT = False

    def __init__(
        self, desk: Desk, reading_width: int, press: Callable[[str, str | None], None]
    ) -> None:
        """`press` takes each key as Textual names it and the character it types."""
        super().__init__(id="reader")
        self._press = press
        self._desk = desk
        self._reading_width = reading_width
        self._drag_from: int | None = None
        self._ready = False
        self._base: Style | None = None
        self._margin = 0
        self._text_width = 1
        self.painter = Painter(desk)

    # --- layout ----------------------------------------------------------------------------------

    def on_resize(self) -> None:
        """Lay out again for the new width."""
        self.show_article()

    def notify_style_update(self) -> None:
        """Another theme: other colours."""
        super().notify_style_update()
        self._base = None

    def show_article(self) -> None:
        """Show the desk's article, the caret in view."""
        width = self.scrollable_content_region.width
        if not width:
            return
        room = max(width - GUTTER - LETTERS, 1)
        self._text_width = min(room, self._reading_width)
        self._margin = (room - self._text_width) // 2
        self._desk.wrap(self._text_width)
        self._desk.caret.page = max(self.size.height - 2, 1)
        self._ready = True
        self.virtual_size = Size(width, len(self._desk.caret.rows))
        self._desk.caret.touched.clear()
        self._follow()
        self.refresh()

    def update_rows(self) -> None:
        """Paint again what the last key changed, and keep the caret in view."""
        caret = self._desk.caret
        rows: set[int] = set()
        top = self.scroll_offset.y
        low, high = top, top + self.size.height
        for start, end in caret.touched:
            first = max(caret.rows.row_of(start), low)
            last = min(caret.rows.row_of(max(end - 1, start)), high)
            rows.update(range(first, last + 1))
        caret.touched.clear()
        if self._follow():
            return
        for row in rows:
            self.refresh_line(row)

    def _follow(self) -> bool:
        """Scroll when the caret has left the view; whether it did."""
        caret = self._desk.caret
        height = max(self.size.height, 1)
        top = self.scroll_offset.y
        row = caret.rows.row_of(caret.head)
        last = (
            caret.rows.row_of(max(caret.target[1] - 1, caret.head)) if not caret.selection else row
        )
        if top <= row and min(last, row + height - 1) < top + height:
            return False
        goal = row - height // 3 if row >= top else row - height // 2
        self.scroll_to(y=max(goal, 0), animate=False, immediate=True)
        return self.scroll_offset.y != top

    # --- painting --------------------------------------------------------------------------------

    def render_line(self, y: int) -> Strip:
        """Row `y` of the screen."""
        width = self.size.width
        if self._base is None:
            self._base = self.rich_style  # costs more than all the rest of a row
        base = self._base
        row = self.scroll_offset.y + y
        if not self._ready or row >= len(self._desk.caret.rows):
            return Strip.blank(width, base)
        start, end = self._desk.caret.rows.span(row)
        segments = self._gutter(start, end, base)
        segments += [Segment(text, base + style) for text, style in self.painter.row(start, end)]
        letters = self._letters(start, end, base)
        strip = Strip(segments)
        if not letters:
            return strip.adjust_cell_length(width, base)
        left = strip.adjust_cell_length(self._margin + GUTTER + self._text_width + 1, base)
        return Strip.join([left, Strip(letters)]).adjust_cell_length(width, base)

    def _gutter(self, start: int, end: int, base: Style) -> list[Segment]:
        """Margin, caret bar, boilerplate letter, note or flag: as few segments as can be."""
        first, last = self._desk.caret.target
        bar = CARET_BAR if first < max(end, start + 1) and last > start else " "
        label = self._block_label(start, end)
        note = self._note_mark(start, end)
        margin = " " * self._margin
        if bar == note == " " and label is None:
            return [Segment(margin + " " * GUTTER, base)]
        letter = label.key.upper() if label else " "
        return [
            Segment(margin, base),
            Segment(bar, base + style_of("bold bright_yellow")),
            Segment(letter, base + label_style(label.color) if label else base),
            Segment(note + " ", base + style_of("bold")),
        ]

    def _block_label(self, start: int, end: int) -> Label | None:
        """The label of the first boilerplate on the row."""
        desk = self._desk
        for layer in desk.scheme.span_layers:
            if layer.unit is Unit.BLOCK:
                for span in desk.sheet.over(layer.name, start, end)[:1]:
                    return layer.label(span.label)
        return None

    def _note_mark(self, start: int, end: int) -> str:
        for note in self._desk.sheet.notes.values():
            if note.start is None or note.end is None:
                continue
            if note.start < end and note.end > start:
                return FLAG_MARK if note.flag else NOTE_MARK
        return " "

    def _letters(self, start: int, end: int, base: Style) -> list[Segment]:
        """The letters of the entities that begin in the row."""
        desk = self._desk
        found = []
        for layer in desk.scheme.span_layers:
            if layer.unit is not Unit.BLOCK:
                for span in desk.sheet.over(layer.name, start, end):
                    label = layer.label(span.label)
                    if span.start >= start and label is not None:
                        found.append(Segment(label.key.upper(), base + label_style(label.color)))
        room = LETTERS - 1
        return found if len(found) <= room else [*found[: room - 1], Segment("…", base)]

    # --- keys and mouse --------------------------------------------------------------------------

    def on_key(self, event: events.Key) -> None:
        """Every key goes to the keyboard."""
        event.stop()
        event.prevent_default()
        self._press(event.key, event.character)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """A click puts the caret; dragging selects."""
        offset = self._offset_of(event)
        if event.button == 1 and offset is not None:
            self._drag_from = offset
            self._desk.caret.move_to(offset)
            self.capture_mouse()
            self.update_rows()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Extend the selection to where the mouse is."""
        offset = self._offset_of(event) if self._drag_from is not None else None
        if offset is not None and offset != self._drag_from:
            self._desk.caret.extend_to(offset)
            self.update_rows()

    def on_mouse_up(self) -> None:
        """The end of a drag."""
        self._drag_from = None
        self.release_mouse()

    def on_click(self, event: events.Click) -> None:
        """A double click selects the unit."""
        offset = self._offset_of(event)
        if event.chain == 2 and offset is not None:
            self._desk.caret.extend_to(offset)
            self.update_rows()

    def _offset_of(self, event: events.MouseEvent) -> int | None:
        """The offset in the text under the mouse."""
        row = self.scroll_offset.y + event.y
        if not self._ready or not 0 <= row < len(self._desk.caret.rows):
            return None
        start, end = self._desk.caret.rows.span(row)
        column = event.x - self._margin - GUTTER
        return offset_at(self._desk.caret.text, start, end, max(column, 0))
