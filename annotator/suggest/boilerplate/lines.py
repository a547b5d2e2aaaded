"""The lines of an article as the boilerplate layer cuts them, and what makes two lines alike."""

import re
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

from annotator.text.units import block_at

LONGEST = 4_000
"""Characters of a line that are looked at: what a line is shows in its first ones."""
KEY = 12
"""Hexadecimal digits of a key."""
SEVERAL, MANY = 5, 24
"""Lines of fewer words, and of more, are either alike or not."""
PARTS = 8
"""Into so many stretches longer lines are cut."""
SHORTEST = 16
"""What two lines have in common must have so many characters."""
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_WORD = re.compile(r"\w+")
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
    """The line as it counts for recurrence: its words in lower case, every number 0, one space between.

    "Преди 13 минути" and "преди 56 минути!" are alike; a line without words is as it is written.
    """
    plain = _NUMBER.sub("0", line).casefold()
    return " ".join(_WORD.findall(plain)) or _SPACE.sub(" ", plain.strip())


@lru_cache(maxsize=16_384)
def line_key(line: str) -> str:
    """A short key of a line, the same for lines that are alike: 12 hexadecimal digits."""
    return _key(alike(line))


@lru_cache(maxsize=16_384)
def near_keys(line: str) -> tuple[str, ...]:
    """Keys that a line of `SEVERAL` to `MANY` words shares with lines that differ a little.

    Each is the `line_key` of the line without one of its words; in longer lines without one of
    `PARTS` stretches. Lines of which one has a word more than the other, or another word in its
    place, share one of them, or one's is the other's `line_key`.
    """
    words = alike(line).split(" ")
    count = len(words)
    if not SEVERAL <= count <= MANY:
        return ()
    parts = min(count, PARTS)
    cuts = [(at * count // parts, (at + 1) * count // parts) for at in range(parts)]
    rests = (" ".join(words[:start] + words[stop:]) for start, stop in cuts)
    return tuple({_key(rest): None for rest in rests if len(rest) >= SHORTEST})


def _key(plain: str) -> str:
    return blake2b(plain.encode("utf-8", "surrogatepass"), digest_size=KEY // 2).hexdigest()
