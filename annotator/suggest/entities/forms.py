"""An index of remembered surfaces: found in a text by the keys of their words, in one pass."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from annotator.suggest.entities.cells import Cell
from annotator.suggest.entities.words import LOOSE, QUOTES, Words, is_unspaced, is_whole, undotted
from annotator.text.forms import same_name

LONGEST = 12
"""So many words a remembered surface may have."""
LONGEST_SURFACE = 100
"""Longer surfaces, in code points, are no names and not remembered."""
_GAP = 4
"""So many loose signs may stand between two words."""


class Hit(NamedTuple):
    """A stretch of a text that may be a remembered surface."""

    first: int
    """The number of its first word."""
    last: int
    """That of its last."""
    start: int
    end: int
    cells: tuple[Cell, ...]
    """What is remembered of the surfaces it is a form of; at least one cell."""


class Forms:
    """The index: a tree over keys, with the cells of the surfaces that end at each node."""

    def __init__(self, slavic: bool = False) -> None:
        self.slavic = slavic
        self._root: dict[str, Any] = {}

    def add(self, cell: Cell) -> None:
        """Put a surface in."""
        keys = [key for key in Words(cell.surface, self.slavic).keys if key]
        if not keys or len(keys) > LONGEST:
            return
        node = self._root
        for key in keys:
            node = node.setdefault(key, {})
        node.setdefault("", []).append(cell)

    def of(self, surface: str) -> tuple[Cell, ...]:
        """What is remembered of a surface and its forms."""
        node = self._root
        for key in Words(surface, self.slavic).keys:
            if key:
                node = node.get(key, {})
        core = surface.strip("".join(LOOSE))
        return tuple(cell for cell in node.get("", ()) if fits(core, cell.surface, self.slavic))

    def at(self, words: Words, first: int) -> Iterator[Hit]:
        """What may begin with a word, the shortest first."""
        node: dict[str, Any] | None = self._root
        last, text = first, words.text
        while node := node.get(words.keys[last]) if node else None:
            if "" in node:
                yield from self._hit(words, first, last, node[""])
            following = _next(words, last)
            if (
                not following
                or (text[words.spans[last][1] : words.spans[following][0]]).count("\n") > 1
            ):
                return
            last = following

    def _hit(self, words: Words, first: int, last: int, cells: list[Cell]) -> Iterator[Hit]:
        start, end = words.spans[first][0], words.spans[last][1]
        surface = words.text[start:end]
        if first == last and len(surface) == 1 and is_unspaced(surface):
            return
        fitting = tuple(cell for cell in cells if fits(surface, cell.surface, self.slavic))
        if fitting and is_whole(words.text, start, end):
            start, end = _quoted(words.text, start, end, fitting)
            yield Hit(first, last, start, end, fitting)


@lru_cache(maxsize=65_536)
def fits(surface: str, remembered: str, slavic: bool) -> bool:
    """Whether a surface is a form of a remembered one: Москвой of Москва, not надежда of Надежда."""
    if surface == remembered:
        return True
    core = remembered.strip("".join(LOOSE))
    if surface.islower() and core[:1].isupper() and " " not in surface:
        return False
    if same_name(surface, core) or (
        _is_turkish(surface + core) and same_name(undotted(surface), undotted(core))
    ):
        return True
    short = (surface.isupper() or core.isupper()) and min(len(surface), len(core)) <= 4
    return (
        slavic and surface[:1].casefold() == core[:1].casefold() and not short and surface[0] < "Ͱ"
    )


def _is_turkish(text: str) -> bool:
    return "İ" in text or "ı" in text


def _next(words: Words, at: int) -> int:
    """The next word that has a key, over a few loose signs; 0 when there is none."""
    for following in range(at + 1, min(at + _GAP + 2, len(words.keys))):
        if words.keys[following]:
            return following
    return 0


def _quoted(text: str, start: int, end: int, cells: tuple[Cell, ...]) -> tuple[int, int]:
    """A stretch with the quotation marks around it where the surfaces were labelled with theirs.

    A mark whose partner is inside is taken in too.
    """
    before = start > 0 and text[start - 1] in QUOTES
    after = end < len(text) and text[end] in QUOTES
    inside = sum(map(text[start:end].count, QUOTES))
    if inside % 2:
        if before:
            return start - 1, end
        return (start, end + 1) if after else (start, end)
    own = max(cells, key=lambda cell: (sum(cell.yes.values()), cell.surface)).surface
    if before and after and not inside and own[:1] in QUOTES and own[-1:] in QUOTES:
        return start - 1, end + 1
    return start, end
