"""How the oracle fills the stance grid: to the row, a letter, and a tag for each sentence.

The entities with their identities are there already. A stance of a quoted speaker is given a value
as a capital letter, which opens the list of holders; it is left by the letter at the beginning of a
choice.
"""

from collections.abc import Callable
from dataclasses import dataclass

from annotator.desk.columns import lettered
from annotator.desk.desk import Desk
from annotator.desk.grid import COLUMNS, Column
from annotator.desk.stances import Choice
from annotator.model.annotation import AUTHOR, Kind, Party, Span
from annotator.model.event import Act, Draft, new_id
from benchmarks.keystrokes.gold import GoldArticle, Position
from benchmarks.keystrokes.hand import Hand, WrongKeyError

NEAR = 2
"""Rows so many away are reached by arrows."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a stance took."""

    position: Position
    way: int
    """Keys to the row of its target."""
    keys: int
    """Keys there: value, holder, evidence."""


def entities(article: GoldArticle, layer: str) -> Act:
    """The act that puts the entities in place beforehand."""
    spans = [
        Span(new_id(), layer, piece.label, piece.start, piece.end, {"xid": xid})
        for piece, xid in article.entities
    ]
    drafts = (Draft(Kind.SPAN, s.key, article.id, s.body(article.text)) for s in spans)
    return Act("import", tuple(drafts))


class StanceOracle:
    """Fills in one article's grid."""

    def __init__(self, hand: Hand, article: GoldArticle) -> None:
        self._hand = hand
        self._desk: Desk = hand.desk
        self._article = article
        self.costs: list[Cost] = []
        """What each stance took."""

    def work(self) -> None:
        """Fill in everything, in the order of the rows, the author first."""
        order = [row.target.ref for row in self._desk.stances.rows]
        for position in sorted(
            self._article.positions,
            key=lambda p: (order.index(_target(p).ref), p.holder != "author"),
        ):
            before = self._hand.keys
            self._go(_target(position))
            there = self._hand.keys
            self._fill(position)
            self.costs.append(Cost(position, there - before, self._hand.keys - there))

    def _fill(self, position: Position) -> None:
        target = _target(position)
        holder = Party(position.holder, position.holder_name)
        if holder == AUTHOR:
            self._value(position.value)
        else:
            self._hand.keys += 1  # the value as a capital letter, which opens the list of holders
            choices = self._desk.stances.holders_for_new_row()
            self._choose(
                choices, holder, lambda value: self._desk.stances.open_row(target, value), 0
            )
            self._desk.stances.give(position.value)
        for sentence in position.evidence:
            self._attach(sentence)

    def _go(self, target: Party) -> None:
        """To the target's first row."""
        stances = self._desk.stances
        goal = next(n for n, row in enumerate(stances.rows) if row.target.ref == target.ref)
        if abs(goal - stances.row) > NEAR:
            self._jump(goal)
        while stances.row != goal:
            self._hand.press("down" if goal > stances.row else "up")

    def _jump(self, goal: int) -> None:
        """To a row without a value, where tags are on rows, and from there by a tag."""
        stances = self._desk.stances
        if stances.current is not None and stances.current.stance is not None:
            below = any(row.stance is None for row in stances.rows[stances.row + 1 :])
            self._hand.press("tab" if below else "shift+tab")
        if abs(goal - stances.row) > NEAR:
            self._hand.press("space")
            tags = [tag for tag, row in self._desk.hints.rows.items() if row == goal]
            self._hand.press(*min(tags, key=len))

    def _value(self, value: str) -> None:
        self._column(Column.VALUE)
        label = next(v for v in self._desk.stances.layer.values if v.name == value)
        self._hand.press(label.key)

    def _column(self, column: Column) -> None:
        """By arrows, where the key does depend on the column."""
        if column is Column.VALUE:
            return  # letters give values from every column
        stances = self._desk.stances
        while stances.column is not column:
            forward = COLUMNS.index(column) > COLUMNS.index(stances.column)
            self._hand.press("right" if forward else "left")

    def _choose(
        self,
        choices: list[Choice],
        wanted: Party,
        take: Callable[[Party], None],
        opens: int,
    ) -> None:
        """Open a list and take a choice: its first letter as often as it takes, then enter."""
        titles = lettered([choice.title for choice in choices])
        place = next(n for n, choice in enumerate(choices) if choice.value == wanted)
        letter = titles[place][:1].casefold()
        same = [n for n, title in enumerate(titles) if title[:1].casefold() == letter]
        self._hand.keys += opens + (1 if len(same) == 1 else same.index(place) + 2)
        take(wanted)

    def _attach(self, sentence: tuple[int, int]) -> None:
        """Hint to a sentence; the row has its value by now."""
        hand = self._hand
        while not hand.sees(sentence[0], sentence[0] + 1):
            hand.press("pagedown" if sentence[0] > hand.shown[1] else "pageup")
        hand.press("space")
        tags = [tag for tag, found in self._desk.hints.tags.items() if found == sentence]
        if not tags:
            raise WrongKeyError(f"{self._article.id}: no tag on the sentence at {sentence}")
        hand.press(*min(tags, key=len))


def _target(position: Position) -> Party:
    return Party("entity", position.target)
