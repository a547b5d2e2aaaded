"""What the columns of the stance grid offer, and what choosing there does."""

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, NamedTuple

from annotator.desk import grid
from annotator.desk.grid import Column, Row
from annotator.desk.hints import LETTERS
from annotator.model.annotation import AUTHOR, Evidence, Party, Stance
from annotator.model.scheme import StanceLayer

if TYPE_CHECKING:
    from annotator.desk.desk import Desk

CONFIDENCE = {1: "doubtful", 2: "fair", 3: "sure"}
ANOTHER_HOLDER, ANOTHER_TARGET = "another holder for this target", "another target …"
MOVE = "move this stance to another target …"


class Choice(NamedTuple):
    """Something a column offers."""

    title: str
    value: object
    usual: bool = False
    """Whether the cursor stands on it when the list opens; nothing is given before a key says so."""


class Columns(ABC):
    """The columns of the row one is on."""

    _desk: "Desk"
    rows: list[Row]
    column: Column

    @property
    @abstractmethod
    def layer(self) -> StanceLayer:
        """The scheme's stance layer."""

    @property
    @abstractmethod
    def current(self) -> Row | None:
        """The row the keys change."""

    @abstractmethod
    def give(self, value: str) -> None:
        """Give the row a value."""

    @abstractmethod
    def change_row(self, row: Row, target: Party, holder: Party) -> None:
        """Let a row without a stance be about another target or holder."""

    @abstractmethod
    def go_to(self, target: Party, holder: Party) -> None:
        """To the row of a target and holder."""

    def keep(self, stance: Stance, verb: str = "stance") -> None:
        """A stance as it is now, as one act."""
        self._desk.act(verb, (self._desk.sheet.draft_stance(stance),))

    def choices(self) -> list[Choice]:
        """What the column offers for the row."""
        if self.column is Column.VALUE:
            usual = self._usual
            values = self.layer.active
            return [Choice(f"{v.key}  {v.title}", v.name, v.name == usual) for v in values]
        if self.column is Column.HOLDER:
            return [Choice(_party_title(p), p) for p in self._holders()]
        if self.column is Column.BASIS:
            return [Choice(basis, basis) for basis in self.layer.bases]
        if self.column is Column.CONFIDENCE:
            return [Choice(f"{n}  {title}", n) for n, title in CONFIDENCE.items()]
        row = self.current
        if self.column is Column.TARGET:
            return self._target_choices(row)
        evidence = row.stance.evidence if row and row.stance else ()
        text = self._desk.caret.text
        return [Choice("detach: " + text[e.start : min(e.end, e.start + 60)], e) for e in evidence]

    @property
    def _usual(self) -> str:
        """The value the row has, else the one given last, else "not discussed": never more than a place.

        A position that is filled in leads whoever reads the article, so none ever is.
        """
        row = self.current
        if row is not None and row.stance is not None:
            return row.stance.label
        return self._desk.last_label.get(self.layer.name, self.layer.absent)

    def choose(self, value: object) -> None:
        """Take one of the column's choices."""
        row = self.current
        if self.column is Column.VALUE and isinstance(value, str):
            self.give(value)
        elif row is None:
            self._desk.say("No target yet.")
        elif self.column is Column.HOLDER and isinstance(value, Party):
            self._set_holder(row, value)
        elif self.column is Column.TARGET and isinstance(value, Party):
            self._set_target(row, value)
        elif row.stance is None:
            self._desk.say("Give this row a value first.")
        elif self.column is Column.BASIS:
            self.keep(row.stance._replace(basis=str(value)))
        elif self.column is Column.CONFIDENCE and isinstance(value, int):
            self.keep(row.stance._replace(confidence=value))
        elif self.column is Column.EVIDENCE and isinstance(value, Evidence):
            rest = tuple(e for e in row.stance.evidence if e != value)
            self.keep(row.stance._replace(evidence=rest), "detach evidence")

    def holders_for_new_row(self) -> list[Choice]:
        """The holders a new row for the current target may have."""
        row = self.current
        if row is None:
            return []
        held = {r.holder.ref for r in self.rows if r.target.ref == row.target.ref}
        return [Choice(_party_title(p), p) for p in self._holders() if p.ref not in held]

    def other_targets(self) -> list[Choice]:
        """The targets the row's stance may be moved to."""
        row, found = self.current, dict[str, Choice]()
        for other in self.rows:
            if row is not None and not other.orphan and other.name != row.name:
                found.setdefault(other.name, Choice(f"to {other.name}", other.target))
        return list(found.values())

    def _target_choices(self, row: Row | None) -> list[Choice]:
        """What the target column offers: of a target that is gone, first where to move its stance."""
        choices = [Choice(x, x) for x in (ANOTHER_HOLDER, ANOTHER_TARGET)]
        if row is None or row.stance is None:
            return choices
        if row.orphan:
            return [*self.other_targets(), *choices]
        return [*choices, Choice(MOVE, MOVE)]

    def _set_target(self, row: Row, target: Party) -> None:
        """Move the row's stance to another target, with its holder, basis and evidence."""
        name = next((r.name for r in self.rows if r.target.ref == target.ref), target.name)
        if row.stance is None:
            return
        same = (r for r in self.rows if (r.target.kind, r.name) == (target.kind, name))
        if any(r.holder.ref == row.holder.ref and r.stance is not None for r in same):
            holder = _party_title(row.holder)
            self._desk.say(f"{target.name} has a stance of {holder} already; remove one of them.")
            return
        sheet, new = self._desk.sheet, row.stance._replace(target=target)
        self._desk.act("change target", (sheet.draft_removal(row.stance), sheet.draft_stance(new)))
        self.go_to(target, row.holder)

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
        if any(r.refs == (row.target.ref, holder.ref) for r in self.rows):
            self._desk.say(f"{row.target.name} has a row for {_party_title(holder)} already.")
            return
        if row.stance is None:
            self.change_row(row, row.target, holder)
            return
        sheet = self._desk.sheet
        basis = (
            "quoted"
            if holder.kind == "quoted" and "quoted" in self.layer.bases
            else row.stance.basis
        )
        new = row.stance._replace(holder=holder, basis=basis)
        self._desk.act("change holder", (sheet.draft_removal(row.stance), sheet.draft_stance(new)))
        self.go_to(row.target, holder)


def _party_title(party: Party) -> str:
    return f"{party.name} ({party.kind})" if party.name else party.kind


def lettered(titles: list[str]) -> list[str]:
    """Titles that one key each can choose: where their own first letters do not do, tags' letters.

    They do not when two are the same, or one is not on a Latin keyboard.

    The letters past the last tag are not given out; such titles stay as they are.
    """
    firsts = {title[:1].casefold() for title in titles}
    if len(firsts) == len(titles) and all(first.isascii() and first.isalnum() for first in firsts):
        return titles
    tagged = [f"{letter}  {title}" for letter, title in zip(LETTERS, titles, strict=False)]
    return tagged + titles[len(tagged) :]
