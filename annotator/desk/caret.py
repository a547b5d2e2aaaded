"""The caret: where the annotator is in the text, and how the motion keys move and extend it."""

from collections.abc import Callable
from dataclasses import replace

from annotator.desk.selection import Range, Selection, unit_after, unit_at, unit_before
from annotator.model.annotation import Span
from annotator.model.scheme import Unit
from annotator.text.rows import Rows, column_of, offset_at, wrap


class Caret:
    """A unit of the text and perhaps a selection; it knows rows but no annotations."""

    def __init__(self, text: str, unit: Unit, width: int, say: Callable[[str], None]) -> None:
        self.text = text
        self.unit = unit
        """What plain motion moves by: the layer's unit."""
        self.rows: Rows = wrap(text, width)
        self.page = 10
        """Rows on screen, as the screen says."""
        self.selection: Selection | None = None
        self.selecting = False
        """In select mode the arrows extend."""
        self.touched: list[Range] = []
        """Stretches whose looks changed; the screen empties it."""
        self._say = say
        self._width = width
        self._goal: int | None = None
        self.range: Range = unit_at(text, unit, 0)

    @property
    def target(self) -> Range:
        """The stretch a label would go on: the selection, else the unit under the caret."""
        return self.selection.range if self.selection else self.range

    @property
    def head(self) -> int:
        """The offset that moves, and that the screen keeps in view."""
        return self.selection.focus[0] if self.selection else self.range[0]

    def wrap(self, width: int) -> None:
        """Lay the text out again for another width in cells."""
        if width != self._width:
            self._width = width
            self.rows = wrap(self.text, width)

    def change_unit(self, unit: Unit) -> None:
        """Move by another unit from now on (another layer)."""
        self.drop()
        self.unit = unit
        self.set(unit_at(self.text, unit, self.range[0]))

    def set(self, place: Range) -> None:
        """Put the caret on a unit."""
        self.touch(self.range)
        self.touch(place)
        self.range = place
        self._goal = None

    def move_to(self, offset: int) -> None:
        """Put the caret on the unit at an offset."""
        self.drop()
        self.set(unit_at(self.text, self.unit, offset))

    def touch(self, stretch: Range) -> None:
        """Remember that a stretch must be painted again."""
        self.touched.append(stretch)

    # --- selection -----------------------------------------------------------------------------

    def hold(self, selection: Selection) -> None:
        """Make this the selection."""
        if self.selection is not None:
            self.touch(self.selection.range)
        self.touch(selection.range)
        self.touch(self.range)
        self.selection = selection

    def hold_span(self, span: Span) -> None:
        """Take hold of an annotation's edges, the end first."""
        last = unit_at(self.text, self.unit, max(span.end - 1, span.start))
        anchor, focus = (span.start, span.start), (max(last[0], span.start), span.end)
        self.hold(Selection(anchor, focus, self.unit, span.id))

    def hold_match(self, match: Range) -> None:
        """Make a search's match the selection, exactly."""
        self.drop()
        self.set(match)
        self.hold(Selection(match, match, Unit.WORD, exact=True))

    def drop(self) -> None:
        """Leave select mode and clear the selection."""
        self.selecting = False
        if self.selection is not None:
            self.touch(self.selection.range)
            self.selection = None

    def change_grain(self) -> None:
        """In select mode: by word, or by character."""
        selection = self.selection or Selection(self.range, self.range, self.unit)
        unit = Unit.GRAPHEME if selection.grain is Unit.WORD else Unit.WORD
        self.hold(replace(selection, grain=unit))
        self._say("By character." if unit is Unit.GRAPHEME else "By word.")

    def other_edge(self) -> None:
        """Take hold of the selection's other edge."""
        if self.selection is not None:
            self.hold(self.selection.turned(self.text))

    # --- motion --------------------------------------------------------------------------------

    def left(self) -> None:
        """The unit before."""
        self._step(forward=False)

    def right(self) -> None:
        """The next unit."""
        self._step(forward=True)

    def up(self) -> None:
        """The line or block above."""
        self._vertical(-1)

    def down(self) -> None:
        """The line or block below."""
        self._vertical(1)

    def previous_block(self) -> None:
        """To the block before."""
        self._jump(Unit.BLOCK, forward=False)

    def next_block(self) -> None:
        """To the next block."""
        self._jump(Unit.BLOCK, forward=True)

    def previous_sentence(self) -> None:
        """To the sentence before."""
        self._jump(Unit.SENTENCE, forward=False)

    def next_sentence(self) -> None:
        """To the next sentence."""
        self._jump(Unit.SENTENCE, forward=True)

    def line_start(self) -> None:
        """To the start of the visual line."""
        self._go(self.rows.span(self.rows.row_of(self.head))[0])

    def line_end(self) -> None:
        """To the end of the visual line."""
        start, end = self.rows.span(self.rows.row_of(self.head))
        self._go(max(end - 1, start), backwards=True)

    def article_start(self) -> None:
        """To the start of the article."""
        self._go(0)

    def article_end(self) -> None:
        """To the end of the article."""
        self._go(len(self.text) - 1, backwards=True)

    def page_up(self) -> None:
        """A screen up."""
        self._rows_away(-self.page)

    def page_down(self) -> None:
        """A screen down."""
        self._rows_away(self.page)

    def extend_left(self) -> None:
        """Extend the selection by a unit to the left."""
        self._extend(forward=False)

    def extend_right(self) -> None:
        """Extend the selection by a unit to the right."""
        self._extend(forward=True)

    def extend_up(self) -> None:
        """Extend the selection to the line or block above."""
        self._extend_rows(-1)

    def extend_down(self) -> None:
        """Extend the selection to the line or block below."""
        self._extend_rows(1)

    def extend_to_start(self) -> None:
        """Extend to the article's start."""
        self.extend_to(0)

    def extend_to_end(self) -> None:
        """Extend to the article's end."""
        self.extend_to(max(len(self.text) - 1, 0))

    def _step(self, forward: bool) -> None:
        if self.selecting:
            self._extend(forward)
        else:
            self.drop()
            self._beside(self.unit, forward)

    def _vertical(self, rows: int) -> None:
        if self.selecting:
            self._extend_rows(rows)
        elif self.unit in (Unit.BLOCK, Unit.SENTENCE):
            self._step(rows > 0)
        else:
            self._rows_away(rows)

    def _beside(self, unit: Unit, forward: bool) -> None:
        """The cursor to the unit beside it."""
        find = unit_after if forward else unit_before
        found = find(self.text, unit, self.range[1] if forward else self.range[0])
        if found is not None:
            self.set(found if unit == self.unit else self._own_unit(found))
        else:
            self._say(f"This is the {'last' if forward else 'first'} {unit}.")

    def _jump(self, unit: Unit, forward: bool) -> None:
        """Past the unit the cursor is in, to the start of the one beside it."""
        if self.selecting:
            self._extend(forward, unit)
            return
        self.drop()
        here = unit_at(self.text, unit, self.range[0])
        inside = not forward and self.range[0] > here[0] and unit != self.unit
        find = unit_after if forward else unit_before
        found = here if inside else find(self.text, unit, here[1] if forward else here[0])
        if found is None:
            self._say(f"This is the {'last' if forward else 'first'} {unit}.")
        else:
            self.set(found if unit == self.unit else self._own_unit(found))

    def _own_unit(self, found: Range) -> Range:
        """The layer's unit at the start of another unit."""
        return unit_at(self.text, self.unit, found[0])

    def _rows_away(self, count: int) -> None:
        """As many visual lines away, in the same column."""
        row = self.rows.row_of(self.head)
        goal = self._goal
        if goal is None:
            goal = column_of(self.text, self.rows.span(row)[0], self.head)
        target = min(max(row + count, 0), len(self.rows) - 1)
        step = 1 if count > 0 else -1
        while 0 < target < len(self.rows) - 1 and self._blank(target):
            target += step
        start, end = self.rows.span(target)
        self._go(offset_at(self.text, start, end, goal), backwards=count < 0)
        self._goal = goal

    def _blank(self, row: int) -> bool:
        start, end = self.rows.span(row)
        return not self.text[start:end].strip()

    def _go(self, offset: int, backwards: bool = False) -> None:
        """Cursor (or, in select mode, the moving end) to an offset."""
        if self.selecting:
            self.extend_to(offset)
            return
        self.drop()
        found = unit_at(self.text, self.unit, offset)
        if backwards and found[0] > offset:
            found = unit_before(self.text, self.unit, offset + 1) or found
        self.set(found)

    def _extend(self, forward: bool, unit: Unit | None = None) -> None:
        old = self.selection or Selection(self.range, self.range, self.unit)
        self.hold(old.moved(self.text, forward, unit))

    def _extend_rows(self, count: int) -> None:
        if self.unit is Unit.BLOCK and (not self.selection or self.selection.grain is Unit.BLOCK):
            self._extend(count > 0)
            return
        row = min(max(self.rows.row_of(self.head) + count, 0), len(self.rows) - 1)
        column = column_of(self.text, self.rows.span(self.rows.row_of(self.head))[0], self.head)
        self.extend_to(offset_at(self.text, *self.rows.span(row), column))

    def extend_to(self, offset: int) -> None:
        """Extend the selection to the unit at an offset."""
        old = self.selection or Selection(self.range, self.range, self.unit)
        self.hold(replace(old, focus=unit_at(self.text, old.grain, offset)))
