"""Where names stand in a text that only says which names are in it."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import regex

from annotator.formats.claims import Claim

_WORD = regex.compile(r"[\w\p{M}]")
_SPACES = regex.compile(r"\s+")


class Mention(NamedTuple):
    """A name as a list has it."""

    text: str
    label: str
    attrs: Mapping[str, Any]


def occurrences(text: str, mentions: Iterable[Mention]) -> tuple[list[Claim], int]:
    """Claims on every whole word that is a mention, in order, and how many mentions gave none.

    Longer mentions come first, and what they take no other takes; of two lines for one mention the
    first one does. A space in a mention is any white space in the text.
    """
    taken = _Taken()
    claims: list[Claim] = []
    missing = 0
    for mention in sorted(mentions, key=lambda each: -len(each.text)):
        found = False
        for match in _pattern(mention.text).finditer(text):
            start, end = match.span()
            if taken.take(start, end):
                claims.append(Claim(start, end, mention.label, match[0], attrs=mention.attrs))
                found = True
        missing += not found
    return sorted(claims, key=lambda claim: claim.start), missing


class _Taken:
    """Stretches of a text that do not overlap."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []

    def take(self, start: int, end: int) -> bool:
        """Take a stretch, unless part of it is taken."""
        place = bisect_right(self._starts, start)
        if (place and self._ends[place - 1] > start) or (
            place < len(self._starts) and self._starts[place] < end
        ):
            return False
        self._starts.insert(place, start)
        self._ends.insert(place, end)
        return True


def _pattern(mention: str) -> "regex.Pattern[str]":
    """Matches a mention where it is no part of a longer word."""
    words = _SPACES.split(mention.strip())
    before = r"(?<![\w\p{M}])" if _WORD.match(words[0]) else ""
    after = r"(?![\w\p{M}])" if _WORD.match(words[-1][-1]) else r"(?!\p{M})"
    return regex.compile(before + r"\s+".join(map(regex.escape, words)) + after)
