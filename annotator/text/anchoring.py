"""Finding places of a text again in a newer version of it.

The two are compared by lines, then what is left between equal lines by words, then what is left between
equal words by characters. A place whose ends are found keeps what lies between; one that is not found so
is looked for as it stands, for paragraphs are moved about. All offsets are code points, half-open.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher

SHARE = 0.6
"""So much of a place, at least, must be in the newer text."""
GROWN = 2
"""A place that became longer than so many times what it was, and `ROOM` more, is not the same."""
ROOM = 20
FEW = 4000
"""More lines or words than that are only compared where the texts begin and end alike."""
LETTERS = 300
"""Longer stretches are not compared by characters."""

_WORDS = re.compile(r"\w+|\s+|[^\w\s]")
_LINES = re.compile(r"[^\n]*\n|[^\n]+")

Block = tuple[int, int, int]
"""Where equal stretches begin in the old text and in the new one, and their length."""


class Anchors:
    """An old text laid beside a new one."""

    def __init__(self, old: str, new: str) -> None:
        """Compare them; takes about a second for two that are 1 MB long and differ much."""
        self.old, self._new = old, new
        """The older text."""
        self._blocks = _joined(_compare(old, new, 0, 0, 0))
        self._starts = [block[0] for block in self._blocks]

    def place(self, start: int, end: int) -> tuple[int, int] | None:
        """Where a stretch of the old text is in the new one; None when it is gone.

        What is found begins and ends with the characters the stretch begins and ends with; inside it
        may differ, as long as most of it (`SHARE`) is there.
        """
        first, last = self._offset(start), self._offset(end - 1)
        if first is not None and last is not None and first <= last:
            length = last + 1 - first
            enough = self._kept(start, end) >= SHARE * (end - start)
            if enough and length <= GROWN * (end - start) + ROOM:
                return first, last + 1
        return self._moved(start, end)

    def _offset(self, at: int) -> int | None:
        """Where one character is."""
        place = bisect_right(self._starts, at) - 1
        if place < 0:
            return None
        old, new, length = self._blocks[place]
        return new + at - old if at < old + length else None

    def _kept(self, start: int, end: int) -> int:
        """How many characters of a stretch are in the new text."""
        kept = 0
        for place in range(max(bisect_right(self._starts, start) - 1, 0), len(self._blocks)):
            old, _, length = self._blocks[place]
            if old >= end:
                break
            kept += max(min(end, old + length) - max(start, old), 0)
        return kept

    def _moved(self, start: int, end: int) -> tuple[int, int] | None:
        """The stretch elsewhere: where it is as often in both texts, the one of the same turn."""
        surface = self.old[start:end]
        there = _occurrences(self._new, surface)
        here = _occurrences(self.old, surface)
        if len(there) != len(here) or start not in here:
            return None
        found = there[here.index(start)]
        return found, found + len(surface)


def _occurrences(text: str, surface: str) -> list[int]:
    """Where a string begins, those that lie over an earlier one left out."""
    found, at = [], text.find(surface)
    while at >= 0:
        found.append(at)
        at = text.find(surface, at + len(surface))
    return found


def _by_lines(text: str) -> list[str]:
    return _LINES.findall(text)


def _by_words(text: str) -> list[str]:
    return _WORDS.findall(text)


_STEPS: tuple[Callable[[str], Sequence[str]], ...] = (_by_lines, _by_words, list)


def _compare(old: str, new: str, a: int, b: int, step: int) -> list[Block]:
    """The equal blocks of two stretches that begin at `a` and `b`."""
    if not old or not new:
        return []
    if old == new:
        return [(a, b, len(old))]
    if step == len(_STEPS) or (_STEPS[step] is list and max(len(old), len(new)) > LETTERS):
        return []
    mine, theirs = _STEPS[step](old), _STEPS[step](new)
    head = _alike(mine, theirs)
    tail = _alike(mine[head:][::-1], theirs[head:][::-1])
    blocks: list[Block] = []
    at, to = a, b
    for i, j, equal in _parts(mine, theirs, head, tail):
        before, after = "".join(mine[i[0] : i[1]]), "".join(theirs[j[0] : j[1]])
        if equal:
            blocks.append((at, to, len(before)))
        else:
            blocks += _compare(before, after, at, to, step + 1)
        at, to = at + len(before), to + len(after)
    return blocks


Range = tuple[int, int]


def _parts(
    mine: Sequence[str], theirs: Sequence[str], head: int, tail: int
) -> list[tuple[Range, Range, bool]]:
    """The stretches of both, in order: from where to where in each, and whether they are equal."""
    last, end = len(mine) - tail, len(theirs) - tail
    found = [((0, head), (0, head), True)]
    if max(last, end) - head <= FEW:
        matcher = SequenceMatcher(None, mine[head:last], theirs[head:end], autojunk=False)
        for what, i, j, k, m in matcher.get_opcodes():
            found.append(((head + i, head + j), (head + k, head + m), what == "equal"))
    else:
        found.append(((head, last), (head, end), False))
    return [*found, ((last, len(mine)), (end, len(theirs)), True)]


def _alike(mine: Sequence[str], theirs: Sequence[str]) -> int:
    """How many of both are equal from the beginning on."""
    for place, (one, other) in enumerate(zip(mine, theirs, strict=False)):
        if one != other:
            return place
    return min(len(mine), len(theirs))


def _joined(blocks: list[Block]) -> list[Block]:
    """The blocks, those that go on from one another as one."""
    found: list[Block] = []
    for old, new, length in blocks:
        if not length:
            continue
        if found:
            a, b, size = found[-1]
            if (a + size, b + size) == (old, new):
                found[-1] = (a, b, size + length)
                continue
        found.append((old, new, length))
    return found
