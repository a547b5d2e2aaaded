"""What the hand does in the stance layer: a grid of targets, values in one key, evidence."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from annotator.desk import grid
from annotator.desk.columns import ANOTHER_HOLDER, ANOTHER_TARGET, CONFIDENCE, MOVE, Choice, Columns
from annotator.desk.editing import strip
from annotator.desk.grid import COLUMNS, Column, Row
from annotator.desk.selection import Range, Selection, unit_at
from annotator.model.annotation import AUTHOR, Evidence, Kind, Party, Stance
from annotator.model.event import Change, Draft, PastAct
from annotator.model.scheme import StanceLayer, Unit
from annotator.text import units

if TYPE_CHECKING:
    from annotator.desk.desk import Desk

__all__ = ("ANOTHER_HOLDER", "ANOTHER_TARGET", "CONFIDENCE", "MOVE", "Choice", "StanceHand")


class StanceHand(Columns):
    """Label keys in the stance layer."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self.rows: list[Row] = []
        self._numbers: dict[tuple[str, str], int] = {}
        self.row = 0
        self._waiting = ""
        self.column = Column.VALUE
        self._opened: list[tuple[Party, Party]] = []
        self._mentions: tuple[tuple[int, str], list[Range]] = ((-1, ""), [])
        if isinstance(desk.layer, StanceLayer):
            self.refresh()  # in other layers nobody sees the grid

    @property
    def layer(self) -> StanceLayer:
        """The scheme's stance layer."""
        layer = self._desk.scheme.stance_layer
        assert layer is not None
        return layer

    @property
    def current(self) -> Row | None:
        """The row the keys change."""
        return self.rows[self.row] if self.row < len(self.rows) else None

    @property
    def place(self) -> tuple[int, Column, int]:
        """Where one is in the grid, and how many rows it has."""
        return self.row, self.column, len(self.rows)

    def refresh(self) -> None:
        """Make the grid again from the sheet, staying on the same target and holder."""
        here = self.current
        self.rows = grid.rows(self._desk.sheet, self.layer, tuple(self._opened))
        self._numbers = {row.refs: number for number, row in enumerate(self.rows)}
        self.row = min(self.row, max(len(self.rows) - 1, 0))
        if here is not None:
            self.go_to(here.target, here.holder)

    def show(self, past: PastAct) -> None:
        """Bring the grid up to date with an act; of a single stance only its row changes."""
        kinds = {change.kind for change in past.changes}
        if Kind.SPAN in kinds or (Kind.STANCE in kinds and not self._show_in_row(past)):
            self.refresh()

    def _show_in_row(self, past: PastAct) -> bool:
        """Whether the act changed one stance, and its row could be changed alone."""
        body = past.changes[0].after or past.changes[0].before
        if len(past.changes) > 1 or not body:
            return False
        target, holder = Party(**body["target"]), Party(**body["holder"])
        number = self._numbers.get((target.ref, holder.ref))
        if number is None:
            return False
        row = self.rows[number]
        beside = self.rows[max(number - 1, 0) : number + 2]
        whose = (row.target.kind, row.name)
        alone = sum((other.target.kind, other.name) == whose for other in beside) == 1
        stance = self._desk.sheet.stances.get(past.changes[0].key)
        plain = not row.orphan and holder == AUTHOR and target.name == row.name
        if not alone or (stance is None and (not plain or self._own(target))):
            return False
        self.rows[number] = row._replace(stance=stance)
        return True

    def _own(self, target: Party) -> bool:
        """Whether a target is neither an entity nor the scheme's, so that it goes with its stance."""
        return target.kind != "entity" and target.name not in self.layer.targets

    def go_to_change(self, changes: Iterable[Change]) -> None:
        """To the row of the first stance among an act's changes."""
        for change in changes:
            body = change.before or change.after
            if change.kind is Kind.STANCE and body:
                self.go_to(Party(**body["target"]), Party(**body["holder"]))
                return

    # --- motion ------------------------------------------------------------------------------------

    def left(self) -> None:
        """The column before; in select mode the caret."""
        self._sideways(-1)

    def right(self) -> None:
        """The next column; in select mode the caret."""
        self._sideways(1)

    def up(self) -> None:
        """The row above; in select mode the caret."""
        self._vertically(-1)

    def down(self) -> None:
        """The row below; in select mode the caret."""
        self._vertically(1)

    def select(self) -> None:
        """Select evidence: arrows extend by word, `-` again by character."""
        caret = self._desk.caret
        if caret.selecting:
            caret.change_grain()
            return
        caret.selecting = True
        self._desk.say("Evidence: arrows extend by word, space attaches.")
        if caret.selection is None:
            first = caret.range[0]
            word = unit_at(caret.text, Unit.WORD, first)
            caret.hold(Selection(word, word, Unit.WORD))
        else:
            caret.hold(caret.selection.regrained(caret.text, Unit.WORD))

    def _sideways(self, step: int) -> None:
        if self._desk.caret.selecting:
            (self._desk.caret.right if step > 0 else self._desk.caret.left)()
        else:
            place = COLUMNS.index(self.column) + step
            self.column = COLUMNS[min(max(place, 0), len(COLUMNS) - 1)]

    def _vertically(self, step: int) -> None:
        if self._desk.caret.selecting:
            (self._desk.caret.down if step > 0 else self._desk.caret.up)()
            return
        self.row = min(max(self.row + step, 0), max(len(self.rows) - 1, 0))
        self._show_mention()

    def _show_mention(self) -> None:
        """Put the caret on the row's first evidence, else the target's first mention."""
        row = self.current
        if row is None:
            return
        if row.orphan:
            self._desk.say(
                f"{row.target.name} is not labelled any more: enter in the target column moves "
                "its stance, ⌫ removes it."
            )
        places = self._places(row)
        if row.stance and row.stance.evidence:
            places = [(e.start, e.end) for e in row.stance.evidence]
        if places:
            self._desk.caret.move_to(min(places)[0])

    def cycle(self) -> None:
        """The caret to the next place where the row's target is named or its evidence is."""
        row, caret = self.current, self._desk.caret
        places = self._places(row) if row else []
        if not places:
            self._desk.say("The article does not name this row's target.")
            return
        caret.drop()
        after = [place for place in places if place[0] >= caret.range[1]]
        caret.move_to((after or places)[0][0])

    def _places(self, row: Row) -> list[Range]:
        """Mentions and evidence of a row, in reading order."""
        evidence = row.stance.evidence if row.stance else ()
        return sorted({*self.mentions(row), *((e.start, e.end) for e in evidence)})

    def mentions(self, row: Row) -> list[Range]:
        """Where the article names the row's target."""
        sheet = self._desk.sheet
        wanted = (sheet.revision, row.target.ref)
        if self._mentions[0] != wanted:
            self._mentions = (wanted, grid.mentions(sheet, self.layer, row.target))
        return self._mentions[1]

    def go_to(self, target: Party, holder: Party) -> None:
        """To the row of a target and holder, if there is one."""
        number = self._numbers.get((target.ref, holder.ref))
        if number is None and target.kind == "entity":  # it may go by another of its names now
            known = self._desk.sheet.entities(self.layer.entity_layer).called(target.name)
            named = ("entity", known.name if known else target.name)
            same = (n for n, row in enumerate(self.rows) if (row.target.kind, row.name) == named)
            number = next(same, None)
        self.row = self.row if number is None else number

    # --- values ------------------------------------------------------------------------------------

    def give(self, value: str) -> None:
        """Give the row a value."""
        row = self.current
        if row is None:
            self._desk.say(
                "No target yet: label entities first, or add one with enter on a target."
            )
            return
        self._desk.last_label[self.layer.name] = value
        if row.stance is None:
            basis = "explicit" if row.holder == AUTHOR else "quoted"
            basis = basis if basis in self.layer.bases else self.layer.bases[0]
            self.keep(Stance(row.target, value, row.holder, basis))
        elif row.stance.label != value:
            self.keep(row.stance._replace(label=value))

    def said_by_another(self, letter: str) -> bool:
        """Whether a capital letter is a value here; if so it waits for whoever is chosen."""
        if not isinstance(self._desk.layer, StanceLayer):
            return False
        value = self._desk.label_for(letter)
        self._waiting = value.name if value else ""
        return value is not None

    def open_said(self, target: Party, holder: Party) -> None:
        """Open a row for another holder and give it the value that waits, if one does."""
        value, self._waiting = self._waiting, ""
        self.open_row(target, holder)
        if value:
            self.give(value)

    def go_to_row(self, number: int) -> None:
        """To a row of the grid, from 0."""
        self.row = min(max(number, 0), max(len(self.rows) - 1, 0))
        self._show_mention()

    def next_open(self, forward: bool) -> None:
        """To the next row without a value, or the one before."""
        order = range(self.row + 1, len(self.rows)) if forward else range(self.row - 1, -1, -1)
        found = next((number for number in order if self.rows[number].stance is None), None)
        if found is None:
            self._desk.say(f"No row without a value {'below' if forward else 'above'}.")
            return
        self.row = found
        self._show_mention()

    def repeat(self) -> None:
        """The last value again: on this row, or the next one if this one has it."""
        value, row = self._desk.last_label.get(self.layer.name), self.current
        if value is None:
            self._desk.say("No value has been given yet.")
            return
        if row is not None and row.stance is not None and row.stance.label == value:
            if self.row + 1 == len(self.rows):
                self._desk.say("This is the last row.")
                return
            self.row += 1
            self._show_mention()
        self.give(value)

    def remove(self) -> None:
        """Remove the row's stance; in the evidence column only its last evidence."""
        row = self.current
        if row is None or row.stance is None:
            self._desk.say("No stance on this row.")
        elif self.column is Column.EVIDENCE and row.stance.evidence:
            self.keep(row.stance._replace(evidence=row.stance.evidence[:-1]), "detach evidence")
        else:
            self._desk.act("remove stance", (self._desk.sheet.draft_removal(row.stance),))

    def attach(self) -> None:
        """Attach the sentence or selection to the row as evidence, or detach it."""
        row, caret = self.current, self._desk.caret
        if row is None or row.stance is None:
            self._desk.say("Give this row a value first; then space attaches its evidence.")
            return
        start, end = strip(caret.text, *units.snap(caret.text, *caret.target))
        if start == end:
            self._desk.say("There is nothing to attach here.")
            return
        rest = tuple(e for e in row.stance.evidence if (e.start, e.end) != (start, end))
        if len(rest) < len(row.stance.evidence):
            self.keep(row.stance._replace(evidence=rest), "detach evidence")
        else:
            more = sorted((*rest, Evidence(start, end)), key=lambda e: (e.start, e.end))
            self.keep(row.stance._replace(evidence=tuple(more)), "attach evidence")
        caret.drop()

    def rest(self) -> tuple[Draft, ...]:
        """Rows without a value become "not discussed"."""
        value = self.layer.absent
        if self.layer.label(value) is None:
            return ()
        empty = [row for row in self.rows if row.stance is None]
        return tuple(
            self._desk.sheet.draft_stance(Stance(row.target, value, row.holder)) for row in empty
        )

    # --- rows --------------------------------------------------------------------------------------

    def open_row(self, target: Party, holder: Party) -> None:
        """Open a row for a target and holder, without a value yet."""
        if (target, holder) not in self._opened:
            self._opened.append((target, holder))
        self.refresh()
        self.go_to(target, holder)
        self.column = Column.VALUE

    def rename(self, is_old: Callable[[Party], bool], name: str) -> None:
        """Let rows opened for a target of another name be about it under its new one."""
        self._opened = [
            (target._replace(name=name) if is_old(target) else target, holder)
            for target, holder in self._opened
        ]

    def change_row(self, row: Row, target: Party, holder: Party) -> None:
        """Let a row without a stance be about another target or holder."""
        self._opened = [x for x in self._opened if x != (row.target, row.holder)]
        self.open_row(target, holder)
