"""What the adjudicator's screen shows now: the item, its variants as marks, the mode of the view."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size

from annotator.gold.adjudication.items import NOTHING, Item, Variant, What
from annotator.lead.adjudicating import Adjudicating
from annotator.lead.adjudication_table import numbered
from annotator.model.annotation import Evidence
from annotator.model.scheme import Label
from annotator.text.rows import Rows, wrap
from annotator.text.visible import plain_line
from annotator.tui.adjudicate_edit import Editing

Range = tuple[int, int]


class Mode(StrEnum):
    """How variants are shown."""

    INLINE = "inline"
    """Below the line of text they stand on."""
    COLUMNS = "columns"
    """Beside the text, for what is many lines long."""
    TABLE = "table"
    """The article's items in rows, annotators in columns."""


class Mark(NamedTuple):
    """One variant as it is drawn."""

    number: str
    """The digit that takes it."""
    who: str
    """Letters or names of who gave it."""
    label: str
    """What it says, in few characters; `nothing` where it says that."""
    color: str
    stretches: tuple[Range, ...]
    pointed: bool
    """Whether enter takes it."""
    picked: bool
    """Whether it was picked among several to be kept."""
    proposed: bool


class Sight:
    """What there is to see of a desk."""

    def __init__(self, desk: Adjudicating) -> None:
        self.desk = desk
        self.editing: Editing | None = None
        self._modes: dict[What, Mode] = {}
        self._rows: tuple[object, Rows] = (None, wrap("", 1))

    @property
    def item(self) -> Item | None:
        """The item shown: the desk's, or what is being added."""
        new = self.editing is not None and self.editing.is_new
        return self.editing.item if new and self.editing else self.desk.item

    @property
    def mode(self) -> Mode:
        """The view's mode: as chosen for this sort of item, at first a table for stances."""
        item = self.item
        what = item.what if item else What.SPAN
        return self._modes.get(what, Mode.TABLE if what is What.STANCE else Mode.INLINE)

    def turn(self) -> Mode:
        """The next mode, for items of this sort."""
        modes = list(Mode)
        new = modes[(modes.index(self.mode) + 1) % len(modes)]
        item = self.desk.item
        self._modes[item.what if item else What.SPAN] = new
        return new

    def rows(self, width: int) -> Rows:
        """The article's rows in so many cells."""
        table = self.desk.table
        wanted = (table.article.id if table else "", width)
        if self._rows[0] != wanted:
            self._rows = (wanted, wrap(table.article.text if table else "", width))
        return self._rows[1]

    @property
    def text(self) -> str:
        """The article's text."""
        return self.desk.table.article.text if self.desk.table else ""

    # --- annotators

    def who(self, names: Sequence[str]) -> str:
        """Annotators as letters, or as names when these are shown."""
        table = self.desk.table
        if table is None:
            return ""
        if self.desk.named:
            return " ".join(plain_line(name, 12) for name in names)
        return " ".join(sorted(table.letters.get(name, "?") for name in names))

    def voters(self, item: Item) -> list[tuple[str, str]]:
        """Who finished the item's layer, as (how they are shown, name), in the order of letters."""
        table = self.desk.table
        if table is None:
            return []
        if self.desk.named:
            return [(plain_line(name, 12), name) for name in item.voters]
        return sorted((table.letters.get(name, "?"), name) for name in item.voters)

    # --- variants

    def marks(self, item: Item) -> list[Mark]:
        """The item's variants, `nothing` last."""
        digits = {variant.code: str(n) for n, variant in enumerate(numbered(item), 1) if n < 10}
        digits[NOTHING] = "0"
        return [
            Mark(
                digits.get(variant.code, " "),
                self.who(variant.annotators),
                self.said(item, variant),
                self.color(item, variant),
                tuple((e.start, e.end) for e in self._places(item, variant)),
                n == self.desk.choice and self.desk.proposal_shown and self.editing is None,
                variant.code in self.desk.several,
                variant == self.desk.proposal,
            )
            for n, variant in enumerate(item.variants)
        ]

    def _places(self, item: Item, variant: Variant) -> tuple[Evidence, ...]:
        """The stretches of text a variant is about."""
        if variant.span is not None:
            return (Evidence(variant.span.start, variant.span.end),)
        if item.what is not What.STANCE:
            return variant.evidence
        return self.shown_evidence(item, variant)

    def shown_evidence(self, item: Item, variant: Variant) -> tuple[Evidence, ...]:
        """The evidence of a stance that those who gave a value have for it."""
        table = self.desk.table
        given = [table.stance_of(item, name) for name in variant.annotators] if table else []
        return tuple(sorted({e for stance in given if stance for e in stance.evidence}))

    def said(self, item: Item, variant: Variant) -> str:
        """A variant in a word: its label or value."""
        if variant.code == NOTHING:
            return "none" if item.what is What.EVIDENCE else "nothing"
        if variant.span is not None:
            return plain_line(variant.span.label, 30)
        if item.what is What.STANCE and variant.stance is not None:
            return plain_line(variant.stance.label, 30)
        return "evidence"

    def label(self, item: Item, name: str) -> Label | None:
        """A label of the item's layer by its name."""
        layer = self.desk.project.scheme.layer(item.layer)
        return layer.label(name) if layer else None

    def color(self, item: Item, variant: Variant) -> str:
        """The colour of a variant's label."""
        holder = variant.span or variant.stance
        label = self.label(item, holder.label) if holder and variant.code != NOTHING else None
        return label.color if label else ""

    def surface(self, start: int, end: int, room: int) -> str:
        """A stretch of the text in one line of so many cells, cut in the middle when it is longer."""
        if end - start <= 4 * room:
            words = plain_line(self.text[start:end], 4 * room)
        else:
            half = 2 * room
            first, last = self.text[start : start + half], self.text[end - half : end]
            words = f"{plain_line(first, half)} {plain_line(last, half)}"
        if cell_len(words) <= room:
            return words
        left = max((room - 1) * 2 // 3, 0)
        tail = words
        while tail and cell_len(tail) > max(room - 1 - left, 0):
            tail = tail[max(len(tail) // 8, 1) :]
        return fit(set_cell_size(words, left).rstrip() + "…" + tail.lstrip(), room).rstrip()


def fit(words: str, cells: int) -> str:
    """Words in exactly so many cells, cut with an ellipsis."""
    if cell_len(words) > cells:
        return set_cell_size(words, max(cells - 1, 0)) + ("…" if cells > 0 else "")
    return set_cell_size(words, cells)


def category_of(item: Item) -> str:
    """How the annotators differ, in capitals."""
    if not item.key:
        return "NEW"
    if not item.category and item.decided is not None and not item.decided.decision.votes:
        return "ADDED"
    return " + ".join(each.upper() for each in item.category) or "LEFT OVER"
