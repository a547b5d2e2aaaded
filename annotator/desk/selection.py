"""Where the cursor is and goes: units, selections with a fixed and a moving end."""

from collections.abc import Callable
from typing import NamedTuple

from annotator.model.scheme import Unit
from annotator.text import units
from annotator.text.clusters import SPACES
from annotator.text.lazy import pattern

Range = tuple[int, int]
Find = Callable[[str, int], Range | None]

_SOLID_AFTER = pattern(f"[^{SPACES}]")
_SOLID_BEFORE = pattern(f"(?r)[^{SPACES}]")


def solid_after(text: str, start: int, end: int | None = None) -> int | None:
    """Where the first character of `start`-`end` that is not white space stands."""
    found = _SOLID_AFTER.search(text, start, len(text) if end is None else end)
    return found.start() if found else None


def solid_before(text: str, end: int, start: int = 0) -> int | None:
    """Where the last character of `start`-`end` that is not white space stands."""
    found = _SOLID_BEFORE.search(text, start, end)
    return found.start() if found else None


def _grapheme_after(text: str, offset: int) -> Range | None:
    return units.grapheme_at(text, offset) if offset < len(text) else None


def _grapheme_before(text: str, offset: int) -> Range | None:
    return units.grapheme_at(text, offset - 1) if offset > 0 else None


_AT: dict[Unit, Find] = {
    Unit.GRAPHEME: units.grapheme_at,
    Unit.WORD: units.word_at,
    Unit.SENTENCE: units.sentence_at,
    Unit.BLOCK: units.block_at,
}
_NEXT: dict[Unit, Find] = {
    Unit.GRAPHEME: _grapheme_after,
    Unit.WORD: units.next_word,
    Unit.SENTENCE: units.next_sentence,
    Unit.BLOCK: units.next_block,
}
_PREVIOUS: dict[Unit, Find] = {
    Unit.GRAPHEME: _grapheme_before,
    Unit.WORD: units.prev_word,
    Unit.SENTENCE: units.prev_sentence,
    Unit.BLOCK: units.prev_block,
}


def unit_at(text: str, unit: Unit, offset: int, backwards: bool = False) -> Range:
    """The unit at an offset, else the next one, else the one before, else an empty range.

    `backwards` prefers the one before to the next one.
    """
    here = min(max(offset, 0), max(len(text) - 1, 0))
    if not text:
        return (0, 0)
    found = _AT[unit](text, here)
    if found is None or (backwards and found[0] > here):
        first, second = (_PREVIOUS, _NEXT) if backwards else (_NEXT, _PREVIOUS)
        found = first[unit](text, here) or found or second[unit](text, here)
    start = units.grapheme_at(text, here)[0]
    return found or (start, start)


def unit_after(text: str, unit: Unit, offset: int) -> Range | None:
    """The first unit that starts at or after an offset."""
    return _NEXT[unit](text, offset) if offset < len(text) else None


def unit_before(text: str, unit: Unit, offset: int) -> Range | None:
    """The last unit that ends at or before an offset."""
    return _PREVIOUS[unit](text, offset) if offset > 0 else None


def _ending_after(text: str, unit: Unit, edge: int) -> Range | None:
    """The first unit whose end lies after an edge."""
    found = _AT[unit](text, edge) if edge < len(text) else None
    return found if found and found[1] > edge else unit_after(text, unit, edge)


def _starting_before(text: str, unit: Unit, edge: int) -> Range | None:
    """The last unit whose start lies before an edge."""
    found = _AT[unit](text, edge - 1) if edge > 0 else None
    return found if found and found[0] < edge else unit_before(text, unit, edge)


class Selection(NamedTuple):
    """A stretch with a part that stays (`anchor`) and a moving end (`focus`).

    The anchor is a unit, or an empty range at a fixed edge. The focus is the unit at the moving end,
    cut where the selection ends; it lies after the anchor's start, or all before it.
    """

    anchor: Range
    focus: Range
    grain: Unit
    """What the arrows extend by."""
    span_id: str = ""
    """The annotation whose edges are held, "" when a new stretch is selected."""
    exact: bool = False
    """True once edges were moved by character or found by search: no punctuation is shed then."""

    @classmethod
    def of(
        cls, text: str, stretch: Range, grain: Unit, span_id: str = "", exact: bool = False
    ) -> "Selection":
        """A stretch held at its end, its start fixed."""
        return cls(
            (stretch[0], stretch[0]), _last_unit(text, grain, stretch), grain, span_id, exact
        )

    @property
    def range(self) -> Range:
        """The selected stretch."""
        return min(self.anchor[0], self.focus[0]), max(self.anchor[1], self.focus[1])

    @property
    def at_end(self) -> bool:
        """Whether the moving end is the end of the stretch, not its start."""
        return self.focus[1] > self.anchor[0] or self.focus == self.anchor

    def moved(self, text: str, forward: bool, unit: Unit | None = None) -> "Selection":
        """The selection with its moving end a unit further on or back; the same if it cannot be.

        Beyond the anchor the other end moves, except of an annotation, which is never turned inside
        out.
        """
        grain = unit or self.grain
        if forward:
            new = self._end_on(text, grain) if self.at_end else self._start_on(text, grain)
        else:
            new = self._end_back(text, grain) if self.at_end else self._start_back(text, grain)
        if new is None or new.range[0] == new.range[1]:
            return self
        return new._replace(exact=self.exact or grain is Unit.GRAPHEME)

    def to(self, text: str, offset: int, backwards: bool = False) -> "Selection":
        """The selection with its moving end on the unit at an offset.

        Of an annotation the nearer edge moves when the offset lies beyond the other one.
        """
        unit = unit_at(text, self.grain, offset, backwards)
        start, end = self.anchor
        if unit[1] > end and (offset >= start or unit[0] >= start):
            new = self._replace(focus=(max(unit[0], start), unit[1]))
        elif unit[0] < start:
            new = self._replace(focus=(unit[0], min(unit[1], start)))
        else:
            new = self._replace(focus=self.anchor)
        if self.span_id and (new.at_end != self.at_end or new.range[0] == new.range[1]):
            return self.turned(text).to(text, offset, backwards) if start == end else self
        return new

    def turned(self, text: str) -> "Selection":
        """The same stretch, held at the other edge."""
        start, end = self.range
        if not self.at_end:
            return self._replace(
                anchor=(start, start), focus=_last_unit(text, self.grain, (start, end))
            )
        first = _ending_after(text, self.grain, start)
        return self._replace(anchor=(end, end), focus=(start, min(first[1], end) if first else end))

    def regrained(self, text: str, grain: Unit) -> "Selection":
        """The same stretch with its fixed edge as anchor, moving by another unit."""
        return self._replace(grain=grain).turned(text).turned(text)

    # --- one end a unit further

    def _end_on(self, text: str, grain: Unit) -> "Selection | None":
        found = _ending_after(text, grain, self.range[1])
        return self._ends_with(found) if found else None

    def _end_back(self, text: str, grain: Unit) -> "Selection | None":
        start, end = self.anchor
        last = _starting_before(text, grain, self.range[1])
        found = unit_before(text, grain, last[0]) if last else None
        if found and found[1] >= end and found[1] > start:
            return self._ends_with(found)
        if start < end < self.range[1]:
            return self._replace(focus=self.anchor)
        found = None if self.span_id else _starting_before(text, grain, start)
        if found and start == end:
            start = min(start, found[1])
            return self._replace(anchor=(start, start), focus=(found[0], start))
        return self._starts_with(found) if found else None

    def _start_back(self, text: str, grain: Unit) -> "Selection | None":
        found = _starting_before(text, grain, self.range[0])
        return self._starts_with(found) if found else None

    def _start_on(self, text: str, grain: Unit) -> "Selection | None":
        start, end = self.anchor
        first = _ending_after(text, grain, self.range[0])
        found = unit_after(text, grain, first[1]) if first else None
        if found and found[0] < start:
            return self._starts_with(found)
        if start < end:
            return self._replace(focus=self.anchor)
        found = None if self.span_id else _ending_after(text, grain, end)
        if found is None:
            return None
        end = max(end, found[0])
        return self._replace(anchor=(end, end), focus=(end, found[1]))

    def _ends_with(self, unit: Range) -> "Selection":
        return self._replace(focus=(max(unit[0], self.anchor[0]), unit[1]))

    def _starts_with(self, unit: Range) -> "Selection":
        return self._replace(focus=(unit[0], min(unit[1], self.anchor[0])))


def _last_unit(text: str, grain: Unit, stretch: Range) -> Range:
    """The last unit of a stretch, cut at its edges."""
    found = _starting_before(text, grain, stretch[1])
    return (max(found[0], stretch[0]) if found else stretch[0], stretch[1])
