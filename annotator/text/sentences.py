"""Sentences in the middle of a text of any size: razdel's rules, asked one place at a time.

razdel decides from ten characters each side whether a sentence ends, so that a place can be judged
where it stands. (Its one longer memory, that a run of list numbers of over 20 characters is no list,
is left out.) A line break always ends a sentence. Offsets are code points, ranges half-open.
"""

from collections.abc import Iterator
from functools import lru_cache

import regex
from razdel import sentenize
from razdel.segmenters.punct import GENERIC_QUOTES
from razdel.segmenters.sentenize import BULLET_BOUNDS, BULLET_SIZE, DELIMITERS, SentSplit

from annotator.text.clusters import SPACES, border_after, last_cut, next_cut
from annotator.text.lazy import pattern

REACH = 2048
"""A sentence that goes on for longer is cut, at a space when there is one."""

_BACK = 48
_CLOSERS = "".join(mark for mark in DELIMITERS if mark not in GENERIC_QUOTES)
_ENDS = (
    rf"\n|(?<=[{regex.escape(DELIMITERS)}(])[{SPACES}]"
    # razdel never divides before one of these; saying so here spares it most dotted lines.
    rf"(?![{SPACES}]{{,8}}[{regex.escape(_CLOSERS)}])"
)
_ENDS_BEFORE = pattern("(?r)" + _ENDS)
_ENDS_AFTER = pattern(_ENDS)
_SPACE = pattern(f"[{SPACES}]")


def sentence_region(text: str, offset: int) -> tuple[int, int]:
    """The stretch around `offset` that holds one sentence and white space, newline included."""
    sure, following = _end_before(text, offset), _end_after(text, offset)

    def place(point: int) -> int:
        space = _SPACE.search(text, point, point + 256)
        return int(space.start()) if space else border_after(text, point)

    start = last_cut(offset, sure, REACH, place)
    return start, min(next_cut(offset, sure, following, REACH, place), len(text))


def _end_before(text: str, offset: int) -> int:
    """The last place at or before `offset` where a sentence ended, as `last_cut` wants it."""
    lowest = max(offset - 3 * REACH, 0)
    for match in _ENDS_BEFORE.finditer(text, lowest, offset + 1):
        place: int = match.start()
        if text[place] != "\n":
            if ends_at(text, place):
                return place
        elif place < offset:
            return place + 1
    return lowest - 1 if lowest else 0


def _end_after(text: str, offset: int) -> int:
    """The first place after `offset` where a sentence ends, as `next_cut` wants it."""
    highest = offset + 3 * REACH
    for match in _ENDS_AFTER.finditer(text, offset, highest):
        place: int = match.start()
        if text[place] == "\n":
            return place + 1
        if place > offset and ends_at(text, place):
            return place
    return min(highest, len(text))


def each_end(text: str) -> Iterator[int]:
    """Where the sentences of a whole text end, in order; line breaks and the text's end included."""
    for match in _ENDS_AFTER.finditer(text):
        place = match.start()
        if text[place] == "\n" or ends_at(text, place):
            yield place
    yield len(text)


def ends_at(text: str, space: int, lists: bool = True) -> bool:
    """Whether a sentence ends before the white space at `space`.

    Args:
        text: the text.
        space: an offset with white space there and something else before it.
        lists: keep the number of a list item ("1. First") with its text.
    """
    base = text.rfind("\n", max(space - _BACK, 0), space) + 1 or max(space - _BACK, 0)
    left = text[base:space]
    right, _, _ = text[space : space + sentenize.split.window].partition("\n")
    found = None
    for match in sentenize.split.re.finditer(left):
        found = match
    if found is None or found.end() != len(left):
        return False
    start = found.start()
    since = 0
    if found[1] in BULLET_BOUNDS and lists:
        since = _item_start(text, base, base + start) - base
    buffer = left[since:start] if lists else "." * (BULLET_SIZE + 1)
    return not _goes_on(
        left[max(start - sentenize.split.window, 0) : start], found[1], right, buffer
    )


def _item_start(text: str, base: int, end: int) -> int:
    """Where the sentence that might be a list number began; `base` when before or at it."""
    for place in range(end - 1, max(base, end - BULLET_SIZE - 1), -1):
        if text[place].isspace() and not text[place - 1].isspace() and ends_at(text, place, False):
            return place
    return base


@lru_cache(4096)
def _goes_on(left: str, delimiter: str, right: str, buffer: str) -> bool:
    """What razdel decides at one delimiter."""
    return bool(sentenize.join(SentSplit(left, delimiter, right, buffer)))
