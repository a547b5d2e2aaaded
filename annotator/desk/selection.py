"""Where the cursor is and goes: units, selections with a fixed and a moving end."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from annotator.model.scheme import Unit
from annotator.text import units

Range = tuple[int, int]
Find = Callable[[str, int], Range | None]


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


def unit_at(text: str, unit: Unit, offset: int) -> Range:
    """The unit at an offset, else the next one, else the one before, else an empty range."""
    here = min(max(offset, 0), max(len(text) - 1, 0))
    if not text:
        return (0, 0)
    found = _AT[unit](text, here) or _NEXT[unit](text, here) or _PREVIOUS[unit](text, here)
    return found or (here, here)


def unit_after(text: str, unit: Unit, offset: int) -> Range | None:
    """The first unit that starts at or after an offset."""
    return _NEXT[unit](text, offset) if offset < len(text) else None


def unit_before(text: str, unit: Unit, offset: int) -> Range | None:
    """The last unit that ends at or before an offset."""
    return _PREVIOUS[unit](text, offset) if offset > 0 else None


@dataclass(frozen=True, slots=True)
class Selection:
    """A stretch with a fixed end (`anchor`) and a moving one (`focus`), each a unit or an edge."""

    anchor: Range
    focus: Range
    grain: Unit
    """What the arrows extend by."""
    span_id: str = ""
    """The annotation whose edges are held, "" when a new stretch is selected."""
    exact: bool = False
    """True once edges were moved by character or found by search: nothing is shed then."""

    @property
    def range(self) -> Range:
        """The selected stretch."""
        return min(self.anchor[0], self.focus[0]), max(self.anchor[1], self.focus[1])

    def moved(self, text: str, forward: bool, unit: Unit | None = None) -> "Selection":
        """The selection with its moving end a unit further on or back."""
        grain = unit or self.grain
        end_is_moving = self.focus[1] >= self.anchor[1]
        if end_is_moving and not forward:
            found = unit_before(text, grain, self._last_start(text, grain))
        elif not end_is_moving and forward:
            found = unit_after(text, grain, unit_at(text, grain, self.focus[0])[1])
        else:
            found = (unit_after if forward else unit_before)(
                text, grain, self.focus[1 if forward else 0]
            )
        return (
            replace(self, focus=found, exact=self.exact or grain is Unit.GRAPHEME)
            if found
            else self
        )

    def _last_start(self, text: str, grain: Unit) -> int:
        """Where the unit that holds the moving end begins."""
        return unit_at(text, grain, max(self.focus[1] - 1, self.focus[0]))[0]

    def turned(self, text: str) -> "Selection":
        """The same stretch, held at the other edge."""
        start, end = self.range
        if (self.focus[1] >= end and self.focus[0] > start) or self.anchor == (start, start):
            return replace(self, anchor=(end, end), focus=unit_at(text, self.grain, start))
        return replace(
            self, anchor=(start, start), focus=unit_at(text, self.grain, max(end - 1, start))
        )
