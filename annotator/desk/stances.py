"""What the hand does in the stance layer: a grid of targets, values in one key, evidence."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from annotator.desk import grid
from annotator.desk.editing import strip
from annotator.desk.grid import COLUMNS, Column, Row
from annotator.desk.selection import Range, Selection, unit_at
from annotator.model.annotation import AUTHOR, Evidence, Kind, Party, Stance
from annotator.model.event import Change, Draft, PastAct
from annotator.model.scheme import StanceLayer, Unit
from annotator.text import units

if TYPE_CHECKING:
    from annotator.desk.desk import Desk

CONFIDENCE = {1: "doubtful", 2: "fair", 3: "sure"}
ANOTHER_HOLDER, ANOTHER_TARGET = "another holder for this target", "another target …"
EVIDENCE = "evidence"


@dataclass(frozen=True, slots=True)
class Choice:
    """Something a column offers."""

    title: str
    value: object


class StanceHand:
    """Label keys in the stance layer."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self.rows: list[Row] = []
        self._numbers: dict[tuple[str, str], int] = {}
        self.row = 0
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
            self._go_to(here.target, here.holder)

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
        alone = sum(other.target.ref == row.target.ref for other in beside) == 1
        stance = self._desk.sheet.stances.get(past.changes[0].key)
        if not alone or (stance is None and (row.orphan or holder != AUTHOR or self._own(target))):
            return False
        self.rows[number] = replace(row, stance=stance)
        return True

    def _own(self, target: Party) -> bool:
        """Whether a target is neither an entity nor the scheme's, so that it goes with its stance."""
        return target.kind != "entity" and target.name not in self.layer.targets

    def go_to_change(self, changes: Iterable[Change]) -> None:
        """To the row of the first stance among an act's changes."""
        for change in changes:
            body = change.before or change.after
            if change.kind is Kind.STANCE and body:
                self._go_to(Party(**body["target"]), Party(**body["holder"]))
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

    def _go_to(self, target: Party, holder: Party) -> None:
        self.row = self._numbers.get((target.ref, holder.ref), self.row)

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
            self._keep(Stance(row.target, value, row.holder, basis))
        elif row.stance.label != value:
            self._keep(replace(row.stance, label=value))

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
            self._keep(replace(row.stance, evidence=row.stance.evidence[:-1]), "detach evidence")
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
            self._keep(replace(row.stance, evidence=rest), "detach evidence")
        else:
            more = sorted((*rest, Evidence(start, end)), key=lambda e: (e.start, e.end))
            self._keep(replace(row.stance, evidence=tuple(more)), "attach evidence")
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

    # --- columns -----------------------------------------------------------------------------------

    def choices(self) -> list[Choice]:
        """What the column offers for the row."""
        if self.column is Column.VALUE:
            return [Choice(f"{v.key}  {v.title}", v.name) for v in self.layer.values]
        if self.column is Column.HOLDER:
            return [Choice(_party_title(p), p) for p in self._holders()]
        if self.column is Column.BASIS:
            return [Choice(basis, basis) for basis in self.layer.bases]
        if self.column is Column.CONFIDENCE:
            return [Choice(f"{n}  {title}", n) for n, title in CONFIDENCE.items()]
        if self.column is Column.TARGET:
            return [Choice(x, x) for x in (ANOTHER_HOLDER, ANOTHER_TARGET)]
        row = self.current
        evidence = row.stance.evidence if row and row.stance else ()
        text = self._desk.caret.text
        return [Choice("detach: " + text[e.start : min(e.end, e.start + 60)], e) for e in evidence]

    def choose(self, value: object) -> None:
        """Take one of the column's choices."""
        row = self.current
        if self.column is Column.VALUE and isinstance(value, str):
            self.give(value)
        elif row is None:
            self._desk.say("No target yet.")
        elif self.column is Column.HOLDER and isinstance(value, Party):
            self._set_holder(row, value)
        elif row.stance is None:
            self._desk.say("Give this row a value first.")
        elif self.column is Column.BASIS:
            self._keep(replace(row.stance, basis=str(value)))
        elif self.column is Column.CONFIDENCE and isinstance(value, int):
            self._keep(replace(row.stance, confidence=value))
        elif self.column is Column.EVIDENCE and isinstance(value, Evidence):
            rest = tuple(e for e in row.stance.evidence if e != value)
            self._keep(replace(row.stance, evidence=rest), "detach evidence")

    def open_row(self, target: Party, holder: Party) -> None:
        """Open a row for a target and holder, without a value yet."""
        if (target, holder) not in self._opened:
            self._opened.append((target, holder))
        self.refresh()
        self._go_to(target, holder)
        self.column = Column.VALUE

    def holders_for_new_row(self) -> list[Choice]:
        """The holders a new row for the current target may have."""
        row = self.current
        if row is None:
            return []
        held = {r.holder.ref for r in self.rows if r.target.ref == row.target.ref}
        return [Choice(_party_title(p), p) for p in self._holders() if p.ref not in held]

    def _holders(self) -> list[Party]:
        names = grid.entities(self._desk.sheet, self.layer)
        found = [AUTHOR] if "author" in self.layer.holders else []
        if "quoted" in self.layer.holders:
            found += [Party("quoted", name) for name in names]
        others = (kind for kind in self.layer.holders if kind != "author")
        return found + [Party(kind) for kind in others]

    def _set_holder(self, row: Row, holder: Party) -> None:
        if holder.ref == row.holder.ref:
            return
        if (row.target.ref, holder.ref) in self._numbers:
            self._desk.say(f"{row.target.name} has a row for {_party_title(holder)} already.")
            return
        if row.stance is None:
            self._opened = [x for x in self._opened if x != (row.target, row.holder)]
            self.open_row(row.target, holder)
            return
        sheet = self._desk.sheet
        basis = (
            "quoted"
            if holder.kind == "quoted" and "quoted" in self.layer.bases
            else row.stance.basis
        )
        new = replace(row.stance, holder=holder, basis=basis)
        self._desk.act("change holder", (sheet.draft_removal(row.stance), sheet.draft_stance(new)))
        self._go_to(row.target, holder)

    def _keep(self, stance: Stance, verb: str = "stance") -> None:
        self._desk.act(verb, (self._desk.sheet.draft_stance(stance),))


def _party_title(party: Party) -> str:
    return f"{party.name} ({party.kind})" if party.name else party.kind
