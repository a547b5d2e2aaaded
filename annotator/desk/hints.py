"""Hint-jump: a tag of one or two letters on every unit on screen; typing it selects the unit.

Tags are made of letters only, home row first and never Q (which some layouts do not type as a
letter), so that they can be typed under every layout. No tag begins another one.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from annotator.desk.selection import Range, Selection, unit_after
from annotator.model.scheme import SpanLayer, StanceLayer, Unit
from annotator.text.rows import cells

if TYPE_CHECKING:
    from annotator.desk.desk import Desk

LETTERS = "asdfjklghweiorutyvnmcxzbp"
"""The letters of tags, the easiest to reach first."""
NEAR = 20
"""So many units nearest to a selection get tags of one letter when it is extended."""
BEHIND = 2
"""Extending mostly goes on: a unit before the selection counts as so many times as far away."""


def assign(places: Sequence[Range], singles: int | None = None) -> dict[str, Range]:
    """Tags for places given in the order in which they deserve short ones.

    Without `singles` as many get one letter as leave a tag for every place; with more places than
    there are tags the last ones get none. Tags of two letters follow the text's order.
    """
    size = len(LETTERS)
    if singles is None:
        singles = min(max((size * size - len(places)) // (size - 1), 0), size)
    singles = min(singles, len(places), size)
    tags = dict(zip(LETTERS, places[:singles], strict=False))
    pairs = (first + second for first in LETTERS[singles:] for second in LETTERS)
    rest = sorted(places[singles : singles + (size - singles) * size])
    return tags | dict(zip(pairs, rest, strict=False))


class Hints:
    """The tags on the screen, and what typing one does."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self.tags: dict[str, Range] = {}
        """What each tag selects; empty when no tags are shown."""
        self.typed = ""
        """The first letter of a tag of two, once it is typed."""
        self._units: dict[Range, Range] = {}
        """For each tag's stretch the unit it stands on."""
        self.rows: dict[str, int] = {}
        """The row of the stance grid that each tag goes to; empty when none are shown."""
        self._extends = False
        self._shown: list[tuple[int, str]] = []

    @property
    def active(self) -> bool:
        """Whether tags are shown and letters are tags."""
        return bool(self.tags or self.rows)

    def hint(self) -> None:
        """Show the tags; with a selection they extend it.

        In stance what is selected is attached at once; else tags are on sentences, or, while the row
        has no value that evidence could be for, on the rows.
        """
        desk = self._desk
        if isinstance(desk.layer, StanceLayer) and not self._may_attach():
            return
        self._extends = desk.caret.selection is not None
        likely = self._likely()
        places = self._places(likely)
        if not places:
            desk.say("There is nothing on screen to jump to.")
            return
        self.tags = self._tags(places, likely)
        self._units = dict(places)
        self._show()

    def type(self, letter: str) -> None:
        """A letter of a tag; a capital one at its end selects the bare unit."""
        typed = self.typed + letter.lower()
        stretch, row = self.tags.get(typed), self.rows.get(typed)
        if row is not None:
            self.close()
            self._desk.stances.go_to_row(row)
        elif stretch is not None:
            unit = self._units[stretch]
            self.close()
            self._take(unit if letter.isupper() else stretch)
        elif any(tag.startswith(typed) for tag in (*self.tags, *self.rows)):
            self.typed = typed
            self._show()
        else:
            self._desk.say(f"No tag is {typed}; esc leaves.")

    def untype(self) -> None:
        """Take back the letter typed, or leave."""
        if self.typed:
            self.typed = ""
            self._show()
        else:
            self.close()

    def again(self) -> None:
        """The key for tags once more: in stance the sentence one is on, else nothing is chosen."""
        on_rows = bool(self.rows)
        self.close()
        if isinstance(self._desk.layer, StanceLayer) and not on_rows:
            self._desk.stances.attach()

    def close(self) -> None:
        """Take the tags away."""
        if self.active:
            self.tags, self.rows, self.typed = {}, {}, ""
            self._show()

    def opened(self) -> None:
        """Another article is on the desk."""
        self.tags, self.rows, self.typed, self._shown = {}, {}, "", []

    def between(self, start: int, end: int) -> list[tuple[int, str]]:
        """The tags that stand in a stretch, as (offset, what is left to type), in order."""
        low = bisect_left(self._shown, (start, ""))
        return self._shown[low : bisect_left(self._shown, (end, ""), low)]

    # --- which units get which tags

    def _may_attach(self) -> bool:
        """In stance: whether there is a stance to attach to; what is selected is attached."""
        stances, caret = self._desk.stances, self._desk.caret
        row = stances.current
        if caret.selection is not None or row is None:
            stances.attach()
            return False
        if row.stance is None:
            places = [(n, n + 1) for n in range(len(stances.rows)) if n != stances.row]
            tags = assign(sorted(places, key=lambda place: abs(place[0] - stances.row)))
            self.rows = {tag: place[0] for tag, place in tags.items()}
            return False
        return True

    def tag_of_row(self, row: int) -> str:
        """What is left to type of the tag on a row of the grid; "" when it has none."""
        tags = (tag for tag, number in self.rows.items() if number == row)
        tag = next(tags, "")
        return tag[len(self.typed) :] if tag.startswith(self.typed) else ""

    def _likely(self) -> list[Range]:
        """The candidates on screen, when something new is to be selected in a layer of spans."""
        if self._extends or not isinstance(self._desk.layer, SpanLayer):
            return []
        return self._desk.ring.between(*self._desk.window.shown())

    def _places(self, likely: list[Range]) -> list[tuple[Range, Range]]:
        """What the tags select and the units they stand on, in the text's order."""
        desk = self._desk
        start, end = desk.window.shown()
        units = _apart(desk.caret.text, _units(desk.caret.text, self._unit, start, end))
        if self._extends or not isinstance(desk.layer, SpanLayer):
            return [(unit, unit) for unit in units]
        over = {
            span.start: (span.start, span.end)
            for span in desk.sheet.over(desk.layer.name, start, end)
        }
        whole = {place[0]: place for place in likely} | over
        return [(whole.get(unit[0], unit), unit) for unit in units]

    @property
    def _unit(self) -> Unit:
        """What gets a tag: no unit is smaller than a word."""
        selection = self._desk.caret.selection
        unit = selection.grain if selection is not None else self._desk.caret.unit
        return Unit.WORD if unit is Unit.GRAPHEME else unit

    def _tags(self, places: list[tuple[Range, Range]], likely: list[Range]) -> dict[str, Range]:
        low, high = self._desk.caret.target
        if self._extends:
            far = {s: s[0] - high if s[0] >= high else (low - s[1]) * BEHIND for s, _ in places}
            return assign(sorted((s for s, _ in places), key=lambda s: far[s]), NEAR)
        favoured = set(likely)
        near = {s: (s not in favoured, abs(s[0] - low)) for s, _ in places}
        return assign(sorted((s for s, _ in places), key=lambda s: near[s]))

    def _show(self) -> None:
        typed = len(self.typed)
        self._shown = sorted(
            (stretch[0], tag[typed:])
            for tag, stretch in self.tags.items()
            if tag.startswith(self.typed)
        )
        self._desk.caret.touch(self._desk.window.shown())

    # --- what a tag does

    def _take(self, stretch: Range) -> None:
        desk, caret = self._desk, self._desk.caret
        if self._extends:
            caret.extend_to(stretch[0])
            return
        desk.ring.leave()
        caret.move_to(stretch[0])
        if isinstance(desk.layer, StanceLayer):
            desk.stances.attach()
            return
        span = next(
            (s for s in desk.sheet.over(desk.layer.name, *stretch) if (s.start, s.end) == stretch),
            None,
        )
        if span is not None:
            caret.hold_span(span)
        else:
            exact = stretch != caret.range
            caret.hold(Selection(stretch, stretch, self._unit, exact=exact))


def _units(text: str, unit: Unit, start: int, end: int) -> Iterable[Range]:
    """The units that begin in a stretch."""
    found = unit_after(text, unit, start)
    while found is not None and found[0] < end:
        yield found
        found = unit_after(text, unit, max(found[1], found[0] + 1))


def _apart(text: str, places: Iterable[Range]) -> list[Range]:
    """The units with room for a tag of two cells before the next one (Thai has letters alone)."""
    kept: list[Range] = []
    for place in places:
        if not kept or place[0] > kept[-1][0] + 1 or cells(text[slice(*kept[-1])]) > 1:
            kept.append(place)
    return kept
