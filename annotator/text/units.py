"""The units an annotator moves by and labels: graphemes, words, sentences, blocks.

Offsets are code points, ranges half-open; a unit's edges never lie inside a grapheme cluster. Every
function looks only around the place asked about, so that it costs the same in a text of any size;
absurdly long units (a word of 1,024 characters, a sentence of 2,048) are cut for it. `*_at` gives
the unit that covers an offset, `next_*` the first that starts at it or after, `prev_*` the last that
ends at it or before; None when there is none.
"""

from collections.abc import Callable

import regex

from annotator.text.clusters import (
    EXTENDERS,
    SPACES,
    border_after,
    grapheme_at,
    last_cut,
    next_cut,
    next_grapheme,
    prev_grapheme,
)
from annotator.text.lazy import pattern
from annotator.text.trim import trim

__all__ = [
    "block_at",
    "grapheme_at",
    "next_block",
    "next_grapheme",
    "next_sentence",
    "next_word",
    "prev_block",
    "prev_grapheme",
    "prev_sentence",
    "prev_word",
    "sentence_at",
    "snap",
    "step_grapheme",
    "step_word",
    "trim",
    "word_at",
]

Span = tuple[int, int]

WORD_REACH = 1024
"""A word that goes on for longer is cut."""

_UNSPACED = r"[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{Lb=SA}]&&[\p{L}\p{N}\p{M}]"
"""Scripts written without spaces: there each character is a word."""
_MARK = rf"[{EXTENDERS}\u200C]"
_BEFORE = r"\p{GCB=Prepend}"
_BASE = rf"[[\p{{L}}\p{{N}}]--\p{{ExtPict}}--{_BEFORE}--[{_UNSPACED}]]"
_LETTER = rf"{_BEFORE}*+{_BASE}{_MARK}*+"
_HYPHEN = r"['’\-\u2010\u2011\u00AD\u2060]"
_WORD = pattern(
    rf"(?={_BEFORE}*+[[{_UNSPACED}]--{_MARK}])\X{_MARK}*+"
    rf"|(?:{_LETTER})+(?:(?:{_HYPHEN}|(?<=\p{{N}})[.,:](?=\p{{N}}))(?:{_LETTER})+)*+",
    regex.V1,
)
_IN_WORD = rf"[{_BASE}{_BEFORE}{_MARK}{_HYPHEN}[{_UNSPACED}].,:]"
_ALONE = rf"[[\p{{scx=Han}}\p{{scx=Hira}}\p{{scx=Kana}}]&&\p{{L}}--{_MARK}]"
"""A word of its own wherever it stands, so that a line of them need not be read from its start."""
_AFTER_WORD = pattern(rf"[[^{_IN_WORD}]{_ALONE}]", regex.V1)
_BEFORE_WORD = pattern(rf"(?r)[[^{_IN_WORD}]{_ALONE}]", regex.V1)
_ALONE_ANY = pattern(_ALONE, regex.V1)
_STANDS_ALONE = pattern(rf"(?<!\p{{GCB=Prepend}}){_ALONE}", regex.V1)
_STARTS = rf"[{_BASE}{_BEFORE}[{_UNSPACED}]]"
_WORD_AFTER = pattern(_STARTS, regex.V1)
_WORD_BEFORE = pattern("(?r)" + _STARTS, regex.V1)
_SOLID_AFTER = pattern(f"[^{SPACES}]")
_SOLID_BEFORE = pattern(f"(?r)[^{SPACES}]")


def word_at(text: str, offset: int) -> Span | None:
    """The word at `offset`.

    Letters and digits joined by hyphens, apostrophes or, between digits, by `.` `,` `:` are one word;
    in scripts without spaces each character is one. Punctuation and symbols are none.
    """
    start, end = _word_region(text, offset)
    for match in _WORD.finditer(text[start:end]):
        if start + match.end() > offset:
            return (
                (start + match.start(), start + match.end())
                if start + match.start() <= offset
                else None
            )
    return None


def next_word(text: str, offset: int) -> Span | None:
    """The first word that starts at `offset` or after it."""
    return _next(text, offset, word_at, _WORD_AFTER)


def prev_word(text: str, offset: int) -> Span | None:
    """The last word that ends at `offset` or before it."""
    return _prev(text, offset, word_at, _WORD_BEFORE)


def sentence_at(text: str, offset: int) -> Span | None:
    """The sentence that covers `offset`, without white space around it; none between sentences."""
    from annotator.text.sentences import sentence_region  # razdel waits for its first sentence

    start, end = sentence_region(text, offset)
    found = _solid(text, start, end)
    return found if found and found[0] <= offset < found[1] else None


def next_sentence(text: str, offset: int) -> Span | None:
    """The first sentence that starts at `offset` or after it."""
    return _next(text, offset, sentence_at, _SOLID_AFTER)


def prev_sentence(text: str, offset: int) -> Span | None:
    """The last sentence that ends at `offset` or before it."""
    return _prev(text, offset, sentence_at, _SOLID_BEFORE)


def block_at(text: str, offset: int) -> Span | None:
    """The block of the line `offset` is in: the line without white space around it.

    The newline counts as part of its line. A line of nothing but white space has no block.
    """
    start = text.rfind("\n", 0, offset) + 1
    end = text.find("\n", offset)
    return _solid(text, start, len(text) if end < 0 else end)


def next_block(text: str, offset: int) -> Span | None:
    """The first block that starts at `offset` or after it."""
    return _next(text, offset, block_at, _SOLID_AFTER)


def prev_block(text: str, offset: int) -> Span | None:
    """The last block that ends at `offset` or before it."""
    return _prev(text, offset, block_at, _SOLID_BEFORE)


def step_grapheme(text: str, offset: int, by: int) -> int:
    """The cluster border `by` clusters after (or, negative, before) `offset`, within the text."""
    for _ in range(abs(by)):
        offset = next_grapheme(text, offset) if by > 0 else prev_grapheme(text, offset)
    return offset


def step_word(text: str, offset: int, by: int, end: bool = True) -> int:
    """Move the edge of a selection by words.

    Args:
        text: the text.
        offset: where the edge is.
        by: how many words, negative towards the start.
        end: whether it is a right edge, which stops at the ends of words; a left one at their starts.

    Returns:
        The new edge; as far as there are words.
    """
    for _ in range(abs(by)):
        word = (
            _word_after_edge(text, offset, end) if by > 0 else _word_before_edge(text, offset, end)
        )
        if word is None:
            break
        offset = word[1] if end else word[0]
    return offset


def snap(text: str, start: int, end: int) -> Span:
    """A range widened so that it cuts no grapheme cluster."""
    left = grapheme_at(text, start)[0]
    right_start, right_end = grapheme_at(text, end)
    return left, end if right_start == end else right_end


def _word_after_edge(text: str, offset: int, end: bool) -> Span | None:
    """The first word whose end (or start) lies after `offset`."""
    word = word_at(text, offset) if offset < len(text) else None
    if word and end:
        return word
    return next_word(text, word[1] if word else offset + (not end))


def _word_before_edge(text: str, offset: int, end: bool) -> Span | None:
    """The last word whose end (or start) lies before `offset`."""
    word = word_at(text, offset - 1) if offset > 0 else None
    if word and not end:
        return word
    return prev_word(text, word[0] if word else offset)


def _word_region(text: str, offset: int) -> Span:
    """A stretch around `offset` that no word crosses."""
    lowest, highest = max(offset - 3 * WORD_REACH, 0), offset + 3 * WORD_REACH
    sure, following = (
        _word_edge_before(text, offset, lowest),
        _word_edge_after(text, offset, highest),
    )

    def place(point: int) -> int:
        return border_after(text, point)

    start = last_cut(offset, sure, WORD_REACH, place)
    return start, min(next_cut(offset, sure, following, WORD_REACH, place), len(text))


def _word_edge_before(text: str, offset: int, lowest: int) -> int:
    """The last place at or before `offset` that no word crosses, as `last_cut` wants it."""
    if _STANDS_ALONE.match(text, offset):
        return offset
    for match in _BEFORE_WORD.finditer(text, lowest, offset):
        if _STANDS_ALONE.match(text, match.start()):
            return int(match.start())
        if not _ALONE_ANY.match(match[0]):
            return int(match.end())
    return lowest - 1 if lowest else 0


def _word_edge_after(text: str, offset: int, highest: int) -> int:
    """The first place after `offset` that no word crosses, as `next_cut` wants it."""
    for match in _AFTER_WORD.finditer(text, offset, highest):
        if _STANDS_ALONE.match(text, match.start()):
            if match.start() > offset:
                return int(match.start())
        elif not _ALONE_ANY.match(match[0]):
            return int(match.end())
    return highest


def _solid(text: str, start: int, end: int) -> Span | None:
    """A range without white space at its ends; None when there is nothing else in it."""
    first = _SOLID_AFTER.search(text, start, end)
    last = _SOLID_BEFORE.search(text, start, end)
    return snap(text, first.start(), last.end()) if first and last else None


UnitAt = Callable[[str, int], Span | None]


def _next(text: str, offset: int, unit_at: UnitAt, solid: "regex.Pattern[str]") -> Span | None:
    place = offset
    while found := solid.search(text, place):
        unit = unit_at(text, found.start())
        if unit and unit[0] >= offset:
            return unit
        place = max(unit[1] if unit else 0, found.end())
    return None


def _prev(text: str, offset: int, unit_at: UnitAt, solid: "regex.Pattern[str]") -> Span | None:
    place = offset
    while found := solid.search(text, 0, place):
        unit = unit_at(text, found.start())
        if unit and unit[1] <= offset:
            return unit
        place = min(unit[0] if unit else place, found.start())
    return None
