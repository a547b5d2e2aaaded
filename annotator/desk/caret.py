"""The caret: where the annotator is in the text, and how the motion keys move and extend it."""

from collections.abc import Callable

from annotator.desk.fold import Folded, folded
from annotator.desk.selection import (
    Range,
    Selection,
    solid_after,
    solid_before,
    unit_after,
    unit_at,
    unit_before,
)
from annotator.model.annotation import Span
from annotator.model.scheme import Unit
from annotator.text.rows import Rows, column_of, offset_at, wrap

_SIZES = (Unit.GRAPHEME, Unit.WORD, Unit.SENTENCE, Unit.BLOCK)


class Caret:
    """A unit of the text and perhaps a selection; it knows rows but no annotations."""

    def __init__(self, text: str, unit: Unit, width: int, say: Callable[[str], None]) -> None:
        self.text = text
        self.unit = unit
        """What plain motion moves by: the layer's unit."""
        self.page = 10
        """Rows on screen, as the screen says."""
        self.selection: Selection | None = None
        self.selecting = False
        """In select mode the arrows extend."""
        self.touched: list[Range] = []
        """Stretches whose looks changed; the screen empties it."""
        self._say = say
        self._width = width
        self._rows: Rows | None = None
        self._flat: Rows | None = None
        self._marked: tuple[tuple[int, int, str], ...] = ()
        self.folds: dict[int, Folded] = {}
        """What is folded, by where its row starts."""
        self._goal: int | None = None
        self.range: Range = unit_at(text, unit, 0)
        self._home = self._view = self.range[0]

    @property
    def rows(self) -> Rows:
        """The text's rows at the width set, laid out when first asked for."""
        if self._rows is None:
            self._flat = self._flat or wrap(self.text, self._width)
            self._rows, self.folds = folded(self.text, self._flat, self._marked)
        return self._rows

    def refold(self, marked: tuple[tuple[int, int, str], ...]) -> None:
        """Show each of these labelled stretches (in order) as one row."""
        self._marked = marked
        self._rows, self._goal = None, None
        if marked:
            self.set(self._unfolded(self.range))

    def _unfolded(self, place: Range) -> Range:
        """A unit that can be seen: of what is folded the first one stands for all."""
        fold = self.fold_at(place[0])
        return unit_at(self.text, self.unit, fold.start) if fold else place

    def fold_at(self, offset: int) -> Folded | None:
        """The fold that hides an offset."""
        if not self._marked:
            return None
        rows = self.rows  # which says what is folded
        return self.folds.get(rows.span(rows.row_of(offset))[0])

    @property
    def target(self) -> Range:
        """The stretch a label would go on: the selection, else the unit under the caret."""
        return self.selection.range if self.selection else self.range

    @property
    def head(self) -> int:
        """The offset that moves, and that the screen keeps in view."""
        return self.selection.focus[0] if self.selection else self._view

    def wrap(self, width: int) -> None:
        """Lay the text out again for another width in cells."""
        if width != self._width:
            self._width = width
            self._rows = self._flat = None
            self._goal = None

    def change_unit(self, unit: Unit) -> None:
        """Move by another unit from now on (another layer); what a search found stays selected."""
        match = self.selection if self.selection and self.selection.exact else None
        self.drop()
        self.unit = unit
        home = self._home
        self.set(unit_at(self.text, unit, home))
        self._home = home  # so that going through the layers comes back to the same word
        if match is not None and not match.span_id:
            self.hold(match)

    def set(self, place: Range) -> None:
        """Put the caret on a unit."""
        self.touch(self.range)
        self.touch(place)
        self.range = place
        self._home = self._view = place[0]
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
        self._goal = None

    def hold_span(self, span: Span) -> None:
        """Take hold of an annotation's edges, the end first."""
        self.hold(Selection.of(self.text, (span.start, span.end), self.unit, span.id))

    def hold_match(self, match: Range) -> None:
        """Make a search's match the selection, exactly."""
        self.move_to(match[0])
        self.hold(Selection.of(self.text, match, Unit.WORD, exact=True))

    def drop(self) -> None:
        """Leave select mode and clear the selection."""
        self.selecting = False
        if self.selection is not None:
            self.touch(self.selection.range)
            self.selection = None

    def change_grain(self) -> None:
        """In select mode: by word, or by character."""
        selection = self._started()
        unit = Unit.GRAPHEME if selection.grain is Unit.WORD else Unit.WORD
        self.hold(selection.regrained(self.text, unit))
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
        self._rows_away(-self.page, self.selecting)

    def page_down(self) -> None:
        """A screen down."""
        self._rows_away(self.page, self.selecting)

    def extend_left(self) -> None:
        """Extend the selection by a unit to the left."""
        self._extend(forward=False)

    def extend_right(self) -> None:
        """Extend the selection by a unit to the right."""
        self._extend(forward=True)

    def extend_up(self) -> None:
        """Extend the selection to the line or block above."""
        self._extend_vertically(-1)

    def extend_down(self) -> None:
        """Extend the selection to the line or block below."""
        self._extend_vertically(1)

    def extend_to_start(self) -> None:
        """Extend to the article's start."""
        self.extend_to(0)

    def extend_to_end(self) -> None:
        """Extend to the article's end."""
        self.extend_to(len(self.text) - 1, backwards=True)

    def extend_to(self, offset: int, backwards: bool = False) -> None:
        """Extend the selection to the unit at an offset (`backwards`: else to the one before)."""
        self.hold(self._started().to(self.text, offset, backwards))

    def _step(self, forward: bool) -> None:
        """The unit beside, or the selection a unit further."""
        if self.selecting:
            self._extend(forward)
            return
        self.drop()
        find = unit_after if forward else unit_before
        found = find(self.text, self.unit, self.range[1] if forward else self.range[0])
        self._set_or_say(found, self.unit, forward)

    def _vertical(self, rows: int) -> None:
        if self.selecting:
            self._extend_vertically(rows)
        elif self._by_rows(self.unit):
            self._rows_away(rows)
        else:
            self._step(rows > 0)

    @staticmethod
    def _by_rows(unit: Unit) -> bool:
        """Whether up and down go by visual lines, not by the unit."""
        return unit in (Unit.GRAPHEME, Unit.WORD)

    def _jump(self, unit: Unit, forward: bool) -> None:
        """Past the unit the cursor is in, to the start of the one beside it."""
        if self.selecting:
            self._extend(forward, unit)
            return
        self.drop()
        unit = max(unit, self.unit, key=_SIZES.index)
        here = unit_at(self.text, unit, self.range[0], backwards=True)
        first = self._own_unit(here)
        if forward:
            self._set_or_say(
                unit_after(self.text, self.unit, max(here[1], self.range[1])), unit, forward
            )
        elif first[0] < self.range[0]:
            self.set(first)
        else:
            # what holds no unit of the layer (a line of asterisks) is passed over
            last = unit_before(self.text, self.unit, min(here[0], self.range[0]))
            found = self._own_unit(unit_at(self.text, unit, last[0])) if last else None
            self._set_or_say(found, unit, forward)

    def _set_or_say(self, found: Range | None, unit: Unit, forward: bool) -> None:
        fold = self.fold_at(found[0]) if found else None
        if fold is not None and forward and fold.start <= self.range[0] < fold.end:
            found = unit_after(self.text, self.unit, fold.end)  # out of the fold one is on
        if found is None:
            self._say(f"This is the {'last' if forward else 'first'} {unit}.")
        else:
            self.set(self._unfolded(found))

    def _own_unit(self, found: Range) -> Range:
        """The layer's unit at the start of another unit."""
        return unit_at(self.text, self.unit, found[0])

    def _rows_away(self, count: int, extend: bool = False) -> None:
        """As many visual lines away in the same column; or the selection extended to there."""
        if not extend and not self._by_rows(self.unit) and self._look_away(count):
            return
        old = self._started() if extend else None
        found = self._unit_away(count, old.grain if old else self.unit)
        goal = self._goal
        if found is None:
            self._say(f"This is the {'last' if count > 0 else 'first'} line.")
        elif old is None:
            self.drop()
            self.set(self._unfolded(found))
        elif old.span_id and old.to(self.text, found[0]).at_end != old.at_end:
            self._say("This edge cannot pass the other one; tab takes hold of that.")
        else:
            self.extend_to(found[0])
        self._goal = goal

    def _unit_away(self, count: int, unit: Unit) -> Range | None:
        """The unit `count` lines away in the column kept; None when there is none that way."""
        row = self.rows.row_of(self.head)
        if self._goal is None:
            self._goal = column_of(self.text, self.rows.span(row)[0], self.head)
        target = min(max(row + count, 0), len(self.rows) - 1)
        found = self._unit_on(target, unit, count > 0)
        own = self.selection.focus if self.selection else self.range
        last = self.rows.row_of(max(own[1] - 1, 0))
        for further in (last, last + 1):  # where a unit of many lines ends, else below it
            if found[0] == own[0] and target < further < len(self.rows) and count > 0:
                found = self._unit_on(further, unit, forward=True)
        there = self.rows.row_of(found[1] - 1 if count > 0 else found[0])
        return found if found[0] != own[0] and (there - row) * count > 0 else None

    def _look_away(self, count: int) -> bool:
        """Bring other lines of a unit longer than the screen into view, the caret staying on it."""
        first, last = (self.rows.row_of(x) for x in (self.range[0], max(self.range[1] - 1, 0)))
        here = self.rows.row_of(self.head)
        row = max(here + count, first)
        if row > last or row == here:
            return False
        self._view = max(self.rows.span(row)[0], self.range[0])
        return True

    def _unit_on(self, row: int, unit: Unit, forward: bool) -> Range:
        """The unit on a line nearest the column kept, else beyond the line in this direction."""
        start, end = self._solid_row(row, forward)
        place = offset_at(self.text, start, end, self._goal or 0)
        before = unit_at(self.text, unit, place, backwards=True)
        if before[0] <= place and before[1] > start:
            return before
        after = unit_at(self.text, unit, place)
        return after if forward or start <= after[0] < end else before

    def _solid_row(self, row: int, forward: bool) -> Range:
        """The line, or the nearest that shows something, looked for in this direction first."""
        start, end = self.rows.span(row)
        if solid_after(self.text, start, end) is None:
            after, before = solid_after(self.text, end), solid_before(self.text, start)
            first, second = (after, before) if forward else (before, after)
            found = second if first is None else first
            if found is not None:
                return self.rows.span(self.rows.row_of(found))
        return start, end

    def _go(self, offset: int, backwards: bool = False) -> None:
        """Cursor (or, in select mode, the moving end) to an offset."""
        if self.selecting:
            self.extend_to(offset, backwards)
        else:
            self.drop()
            self.set(unit_at(self.text, self.unit, offset, backwards))

    def _started(self) -> Selection:
        """The selection, begun at the cursor when there is none."""
        return self.selection or Selection(self.range, self.range, self.unit)

    def _extend(self, forward: bool, unit: Unit | None = None) -> None:
        old = self._started()
        new = old.moved(self.text, forward, unit)
        self.hold(new)
        if new == old:
            what = f"{unit or old.grain}"
            edge = "an annotation keeps its last one" if old.span_id else "the text ends here"
            self._say(f"No further {what}: {edge}.")

    def _extend_vertically(self, step: int) -> None:
        if self._by_rows(self._started().grain):
            self._rows_away(step, extend=True)
        else:
            self._extend(step > 0)
