"""Offsets in other counts than code points: UTF-16 units, UTF-8 bytes, graphemes, CRLF line ends.

Everything here counts code points; these turn them into what another program counts, and back.
"""

from bisect import bisect_right
from enum import StrEnum


class Count(StrEnum):
    """What a program counts when it says where something is."""

    CODE_POINTS = "code-points"
    UTF16 = "utf-16"
    """Half of a character outside the basic plane counts too: Java, JavaScript, UIMA."""
    BYTES = "bytes"
    """Of the UTF-8 text."""
    GRAPHEMES = "graphemes"
    """What a reader takes for one character: an option of doccano."""
    CRLF = "crlf"
    """Code points of the text with every LF as CR LF."""
    LF = "lf"
    """Code points of the text with every CR LF as LF."""


class Offsets:
    """The places of one text in another count, to and from code points.

    Memory is that of the places where the two counts part, none for a text where they never do.
    """

    def __init__(self, text: str, count: Count) -> None:
        self._length = len(text)
        self._at, self._there = _partings(text, count)

    def to(self, offset: int) -> int:
        """A code point offset in the other count; one inside a unit of it is that unit's start.

        Raises:
            IndexError: the offset is not in 0 .. len(text).
        """
        if not 0 <= offset <= self._length:
            raise IndexError(f"offset {offset} in a text of {self._length} characters")
        place = bisect_right(self._at, offset)
        start, there = self._from(place)
        last = self._there[place] - 1 if place < len(self._there) else there + self._length
        return min(there + offset - start, last)

    def of(self, offset: int) -> int | None:
        """An offset of the other count in code points; None when none is there."""
        if offset < 0:
            return None
        place = bisect_right(self._there, offset)
        start, there = self._from(place)
        found = start + offset - there
        return found if found <= self._length and self.to(found) == offset else None

    def _from(self, place: int) -> tuple[int, int]:
        """Where the stretch before a parting begins, in both counts."""
        return (self._at[place - 1], self._there[place - 1]) if place else (0, 0)


def _partings(text: str, count: Count) -> tuple[list[int], list[int]]:
    """Where the counts part: code point offsets, and the other count at each, both rising."""
    at: list[int] = []
    there: list[int] = []
    lead = 0  # how far the other count is ahead
    if count is Count.GRAPHEMES:
        return _graphemes(text)
    if count is Count.CODE_POINTS or (count is not Count.LF and _never_parts(text, count)):
        return at, there
    for offset, char in enumerate(text):
        wide = _width(text, offset, char, count)
        if wide != 1:
            lead += wide - 1
            at.append(offset + 1)
            there.append(offset + 1 + lead)
    return at, there


def _never_parts(text: str, count: Count) -> bool:
    if count is Count.BYTES:
        return text.isascii()
    if count is Count.UTF16:
        return not text or max(text) <= "\uffff"
    return "\n" not in text


def _width(text: str, offset: int, char: str, count: Count) -> int:
    """How many units of the other count a code point has."""
    if count is Count.UTF16:
        return 1 + (char > "\uffff")
    if count is Count.BYTES:
        return 1 + (char > "\x7f") + (char > "\u07ff") + (char > "\uffff")
    if count is Count.CRLF:
        return 1 + (char == "\n" and text[offset - 1 : offset] != "\r")
    return int(not (char == "\n" and text[offset - 1 : offset] == "\r"))


def _graphemes(text: str) -> tuple[list[int], list[int]]:
    from annotator.text.clusters import next_grapheme  # help names the counts, and stays quick

    at: list[int] = []
    there: list[int] = []
    place = number = 0
    while place < len(text):
        following = next_grapheme(text, place)
        number += 1
        if following - place > 1:
            at.append(following)
            there.append(number)
        place = following
    return at, there
