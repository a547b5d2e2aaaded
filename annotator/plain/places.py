"""Where things are in an article, by number: blocks, sentences and words, all counted from 1."""

from bisect import bisect_right
from collections.abc import Callable

from annotator.desk.selection import Range, unit_at
from annotator.model.scheme import Unit
from annotator.text import units

Next = Callable[[str, int], Range | None]


class Places:
    """The numbered parts of one text; the blocks are counted once."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.blocks = _all(text, (0, len(text)), units.next_block)

    def block(self, offset: int) -> tuple[int, Range]:
        """Number and stretch of the block at an offset, or of the nearest one; 0 without any."""
        found = unit_at(self.text, Unit.BLOCK, offset)
        number = bisect_right(self.blocks, found[0], key=lambda block: block[0])
        return number, self.blocks[number - 1] if number else found

    def words(self, block: Range) -> list[Range]:
        """The words of a block."""
        return _all(self.text, block, units.next_word)

    def sentences(self, block: Range) -> list[Range]:
        """The sentences of a block."""
        return _all(self.text, block, units.next_sentence)


def number_at(parts: list[Range], offset: int) -> int:
    """The number of the part at an offset, or of the last before it; 0 before the first."""
    return bisect_right(parts, offset, key=lambda part: part[0])


def _all(text: str, within: Range, after: Next) -> list[Range]:
    """All units that begin in a stretch."""
    found: list[Range] = []
    unit = after(text, within[0]) if text else None
    while unit is not None and unit[0] < within[1]:
        found.append(unit)
        unit = after(text, unit[1]) if unit[1] < len(text) else None
    return found
