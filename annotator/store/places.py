"""Where in a text the words of a search stand.

The word index tells which articles have them and keeps no texts, so the place is looked for again:
letters compared as the index compares them, then (accents and all) a little more loosely.
"""

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from functools import lru_cache

import regex

from annotator.store.words import HIDDEN, SPACELESS, Piece, tokens

REACH = 1_000_000
"""Code points of a text that are searched for the place."""
_WINDOW, _BEFORE, _AFTER = 8192, 64, 512
_LETTER = rf"[[\p{{L}}\p{{N}}\p{{Mn}}\p{{Mc}}\p{{Co}}]--[{SPACELESS}]]"

Fold = Callable[[str], str]


def _close(text: str) -> str:
    """As the index does it."""
    if text.isascii():
        return text.lower()
    return HIDDEN.sub("", unicodedata.normalize("NFKC", text)).casefold()


def _loose(text: str) -> str:
    """Without accents."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", HIDDEN.sub("", text)).casefold()
    return "".join(c for c in apart if unicodedata.category(c) != "Mn")


def place(text: str, pieces: list[Piece]) -> tuple[int, int] | None:
    """The first place of the longest of the pieces that is in the text; None when none is."""
    for piece in sorted(pieces, key=lambda piece: -len(piece.words)):
        for fold in (_close, _loose):
            found = _find(text, _pattern(piece, fold), fold)
            if found is not None:
                return found
    return None


@lru_cache(maxsize=64)
def _pattern(piece: Piece, fold: Fold) -> "regex.Pattern[str]":
    """The words of a piece, one after another, with anything but letters between."""
    gap = r"[^\p{L}\p{N}]*+"
    words = [regex.escape(word) for word in tokens(fold(piece.words))]
    end = "" if piece.begun else _border(words[-1][-1:] if words else "", f"(?!{_LETTER})")
    start = _border(words[0][:1] if words else "", f"(?<!{_LETTER})")
    return regex.compile(start + gap.join(words) + end, regex.VERSION1)


def _border(letter: str, border: str) -> str:
    """A word's border, where its script has such."""
    return "" if regex.match(f"[{SPACELESS}]", letter) else border


def _find(text: str, pattern: "regex.Pattern[str]", fold: Fold) -> tuple[int, int] | None:
    for at, window in _windows(text):
        match = pattern.search(fold(window))
        if match and match.end() > match.start():
            start, end = _unfolded(window, fold, *match.span())
            return at + start, at + end
    return None


def _windows(text: str) -> Iterator[tuple[int, str]]:
    for start in range(0, min(len(text), REACH), _WINDOW):
        low = max(start - _BEFORE, 0)
        yield low, text[low : start + _WINDOW + _AFTER]


def _unfolded(text: str, fold: Fold, start: int, end: int) -> tuple[int, int]:
    """The stretch of `text` that `start`-`end` of it folded came from, accents included."""
    if text.isascii():
        return start, end
    lengths = range(len(text) + 1)

    def folded(length: int) -> int:
        return len(fold(text[:length]))

    left = bisect_left(lengths, start + 1, key=folded) - 1
    right = bisect_right(lengths, end, key=folded) - 1
    while right > left + 1 and HIDDEN.fullmatch(text[right - 1]):
        right -= 1
    return left, right
