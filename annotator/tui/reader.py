"""The article's rows on screen: which are shown, and what each looks like.

Textual's TextArea alters the text and takes up to seconds a key on long articles; here a row is cut
out of the untouched text when it is painted, and offsets stay the article's own.
"""

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style

from annotator.desk.desk import Desk
from annotator.desk.fold import Folded
from annotator.desk.suggested import Proposal
from annotator.model.scheme import Label, Unit
from annotator.text.rows import offset_at
from annotator.text.visible import plain_line
from annotator.tui.lines import style_of
from annotator.tui.looks import CARET_BAR, FLAG_MARK, NOTE_MARK, label_style
from annotator.tui.overview import Overview
from annotator.tui.paint import Painter, RowSpans

GUTTER = 4
"""Cells left of the text: caret bar, boilerplate letter, note or flag, space."""
LETTERS = 6
"""Cells right of the text for the letters of the row's entities."""
UNKNOWN = Label("?", "?", "not in the scheme", "red")
"""Stands in for a label the scheme does not have (an import, an older scheme)."""
NO_LABEL = Label("?", "?", "no label yet", "white")
"""Stands in for the label of what may be something, nobody knows what."""


class Reader:
    """The window on the desk's article, in rows and cells."""

    def __init__(self, desk: Desk, reading_width: int) -> None:
        self._desk = desk
        self._reading_width = reading_width
        self.painter = Painter(desk)
        self.overview = Overview(desk)
        self.width = 1
        self._text_width = 1
        self._margin = 0

    def show(self, width: int, height: int) -> None:
        """Lay the desk's article out for so many cells and rows, the caret in view."""
        window = self._desk.window
        self.width, window.height = width, max(height, 1)
        room = max(width - GUTTER - LETTERS - 1, 1)
        self._text_width = min(room, self._reading_width)
        self._margin = (room - self._text_width) // 2
        self._desk.wrap(self._text_width)
        self._desk.caret.page = max(window.height - 2, 1)
        self._desk.caret.touched.clear()
        window.scroll_to(window.top)
        window.follow()

    def touched(self) -> set[int]:
        """The lines of the window (from 0) whose looks the last key changed."""
        caret, window = self._desk.caret, self._desk.window
        found: set[int] = set()
        low, high = window.top, window.top + window.height - 1
        for start, end in caret.touched:
            first = max(caret.rows.row_of(start), low)
            last = min(caret.rows.row_of(max(end - 1, start)), high)
            if end >= len(caret.text):  # what stood below may be gone
                last = high
            found.update(range(first - low, last - low + 1))
        caret.touched.clear()
        return found

    def offset(self, x: int, y: int) -> int | None:
        """The offset in the text under a cell of the window."""
        row = self._desk.window.top + y
        if not 0 <= row < len(self._desk.caret.rows):
            return None
        start, end = self._desk.caret.rows.span(row)
        return offset_at(self._desk.caret.text, start, end, max(x - self._margin - GUTTER, 0))

    # --- painting --------------------------------------------------------------------------------

    def segments(self, y: int, base: Style) -> list[Segment]:
        """Line `y` of the window, exactly as wide as it."""
        rows = self._desk.caret.rows
        row = self._desk.window.top + y
        thumb = Segment(self.overview.sign(y), base + style_of("dim"))
        if row >= len(rows):
            return [Segment(" " * (self.width - 1), base), thumb]
        start, end = rows.span(row)
        if start in self._desk.caret.folds:
            return self._fold_line(self._desk.caret.folds[start], base, thumb)
        sheet = self._desk.sheet
        layers = self._desk.scheme.span_layers
        spans = [(layer, sheet.over(layer.name, start, end)) for layer in layers]
        pieces = self.painter.row(start, end, spans)
        proposed = self._desk.proposals.between(start, end)
        letters = self._letters(start, spans, proposed, base)
        used = sum(cell_len(text) for text, _ in pieces)
        gap = max(self._text_width + 1 - used, 0) if letters else 0
        signs = sum(len(letter.text) for letter in letters)
        left = self.width - 1 - self._margin - GUTTER - used - gap - signs
        return [
            *self._gutter(start, end, spans, proposed, base),
            *(Segment(text, base + style) for text, style in pieces),
            *([Segment(" " * gap, base)] if gap else ()),
            *letters,
            *([Segment(" " * left, base)] if left > 0 else ()),
            thumb,
        ]

    def _fold_line(self, fold: Folded, base: Style, thumb: Segment) -> list[Segment]:
        """A run of boilerplate as one line."""
        first, last = self._desk.caret.target
        bar = CARET_BAR if first < fold.end and last > fold.start else " "
        rows = "1 row" if fold.rows == 1 else f"{fold.rows} rows"
        begins = plain_line(self._desk.caret.text[fold.start : fold.start + 300], 60)
        words = set_cell_size(f"▸ {fold.label}, {rows}: {begins}", self._text_width)
        left = self.width - 1 - self._margin - GUTTER - self._text_width
        return [
            Segment(" " * self._margin, base),
            Segment(bar + "   ", base + style_of("bold bright_yellow")),
            Segment(words, base + style_of("dim")),
            Segment(" " * left, base),
            thumb,
        ]

    def _gutter(
        self, start: int, end: int, spans: RowSpans, proposed: list[Proposal], base: Style
    ) -> list[Segment]:
        """Margin, caret bar, boilerplate letter, note or flag: as few segments as can be.

        Boilerplate that is only suggested has a small letter, unsure a question mark behind it.
        """
        first, last = self._desk.caret.target
        bar = CARET_BAR if first < max(end, start + 1) and last > start else " "
        label = _block_label(spans)
        note = self._note_mark(start, end)
        margin = " " * self._margin
        letter = label.letter if label else " "
        if label is None and proposed and self._desk.caret.unit is Unit.BLOCK:
            letter, label = self._sign(proposed[0])
            letter, note = letter[0], note if note != " " else letter[1:] or " "
        if bar == note == " " and label is None:
            return [Segment(margin + " " * GUTTER, base)]
        return [
            Segment(margin, base),
            Segment(bar, base + style_of("bold bright_yellow")),
            Segment(letter, base + label_style(label.color) if label else base),
            Segment(note + " ", base + style_of("bold")),
        ]

    def _note_mark(self, start: int, end: int) -> str:
        for note in self._desk.sheet.notes.values():
            if note.start is None or note.end is None:
                continue
            if note.start < end and note.end > start:
                return FLAG_MARK if note.flag else NOTE_MARK
        return " "

    def _sign(self, proposal: Proposal) -> tuple[str, Label]:
        """A suggestion's sign and label: a small letter, "?" behind it where it is not sure.

        Without a label it is the question mark alone.
        """
        if not proposal.label:
            return "?", NO_LABEL
        label = self._desk.layer.label(proposal.label) or UNKNOWN
        return label.letter.lower() + ("" if proposal.sure else "?"), label

    def _letters(
        self, start: int, spans: RowSpans, proposed: list[Proposal], base: Style
    ) -> list[Segment]:
        """The letters of the entities that begin in the row, as many as there is room for.

        Suggestions have small ones, unsure suggestions a question mark behind them.
        """
        found: list[Segment] = []
        for layer, over in spans:
            if layer.unit is Unit.BLOCK:
                continue
            for span in over:
                if span.start < start:
                    continue
                label = layer.label(span.label) or UNKNOWN
                if len(found) == LETTERS - 2:
                    return [*found, Segment("…", base)]
                found.append(Segment(label.letter, base + label_style(label.color)))
        room = LETTERS - 2 - len(found)
        for proposal in proposed if self._desk.caret.unit is not Unit.BLOCK else ():
            if proposal.start < start:
                continue
            sign, label = self._sign(proposal)
            if len(sign) > room:
                return [*found, Segment("…", base)]
            room -= len(sign)
            found.append(Segment(sign, base + label_style(label.color)))
        return found


def _block_label(spans: RowSpans) -> Label | None:
    """The label of the first boilerplate on the row."""
    for layer, over in spans:
        if layer.unit is Unit.BLOCK and over:
            return layer.label(over[0].label) or UNKNOWN
    return None
