"""The lines of an article as the boilerplate layer cuts them, and what makes two lines alike."""

import re
from hashlib import blake2b
from typing import NamedTuple

from annotator.text.units import block_at

LONGEST = 4_000
"""Characters of a line that are looked at: what a line is shows in its first ones."""
_NUMBER = re.compile(r"\d+")
_SPACE = re.compile(r"\s+")


class Line(NamedTuple):
    """A block of an article: a line without the white space around it."""

    start: int
    end: int
    """Code points, half-open, into the article."""
    text: str
    """The line; of a huge one its first `LONGEST` characters."""


def lines_of(text: str) -> list[Line]:
    """The blocks of a text in order; lines of nothing but white space are none.

    They are those the desk moves by and labels in a layer whose unit is the block.
    """
    found: list[Line] = []
    place = 0
    while place <= len(text):
        stop = text.find("\n", place)
        stop = len(text) if stop < 0 else stop
        block = block_at(text, place) if stop > place else None
        if block:
            start, end = block
            found.append(Line(start, end, text[start : min(end, start + LONGEST)]))
        place = stop + 1
    return found


def alike(line: str) -> str:
    """The line as it counts for recurrence: lower case, every number 0, every white space one space.

    "Преди 13 минути" and "преди 56 минути" are alike.
    """
    return _NUMBER.sub("0", _SPACE.sub(" ", line.strip())).casefold()


def line_key(line: str) -> str:
    """A short key of a line, the same for lines that are alike: 12 hexadecimal digits."""
    raw = alike(line).encode("utf-8", "surrogatepass")
    return blake2b(raw, digest_size=6).hexdigest()
