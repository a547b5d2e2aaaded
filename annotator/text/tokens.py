r"""The tokenizer of the column formats: tokens and sentences of a whole text.

`annotator-tok/1` is a pattern of our own: web and mail addresses, numbers with separators, words
joined by hyphens and apostrophes, dots in a row, and else one grapheme cluster a token; in scripts
without spaces each character is a token. Sentences end at line breaks and where razdel says so
inside a line. A changed pattern needs a new name: exports and releases record it.
"""

from collections.abc import Iterable

import regex

from annotator.text.clusters import EXTENDERS, SPACES
from annotator.text.lazy import pattern
from annotator.text.sentences import each_end

TOKENIZER = "annotator-tok/1"
"""Name and version of the tokenizer, for manifests."""

_UNSPACED = r"[[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{Lb=SA}]&&[\p{L}\p{N}]]"
_LETTER = rf"[[\p{{L}}\p{{N}}]--{_UNSPACED}]"
# Lengths are bounded where a failed attempt would be repeated at the next character.
_TOKEN = pattern(
    rf"""(?:https?://|www\.)[^\s<>"'“”„«»]{{1,2000}}[^\s<>"'“”„«».,;:!?)\]]
    | [\p{{L}}\p{{N}}._%+\-]{{1,64}}+@[\p{{L}}\p{{N}}.\-]{{1,255}}\.\p{{L}}{{2,}}
    | \p{{N}}+(?:[.,:]\p{{N}}+)+
    | (?:{_LETTER}\p{{M}}*+)+(?:['’\u02BC\-\u2010\u2011](?:{_LETTER}\p{{M}}*+)+)*+
    | \.{{2,}}
    | …
    | \p{{GCB=Prepend}}(?=[{SPACES}])
    | \p{{RI}}{{1,2}}[{EXTENDERS}]*+
    | (?=[^{SPACES}])\X[{EXTENDERS}]*+""",
    regex.V1 | regex.VERBOSE,
)


def tokens(text: str, edges: Iterable[int] = ()) -> list[tuple[int, int]]:
    """The tokens of a text, in order, as half-open ranges; none is empty or holds white space.

    Args:
        text: the text.
        edges: offsets where a token is cut although it would go on, such as span edges.
    """
    found = [match.span() for match in _TOKEN.finditer(text)]
    cuts = sorted(set(edges))
    return _cut(found, cuts) if cuts else found


def sentences(text: str, keep: Iterable[tuple[int, int]] = ()) -> list[tuple[int, int]]:
    """The sentences of a text, in order, without white space around them.

    Args:
        text: the text.
        keep: ranges that must not be divided, such as entities; sentences they cross become one.
    """
    found: list[tuple[int, int]] = []
    begin = 0
    for end in each_end(text):
        piece = text[begin:end]
        inner = piece.strip()
        if inner:
            start = begin + len(piece) - len(piece.lstrip())
            found.append((start, start + len(inner)))
        begin = end
    return _merge(found, sorted(keep))


def _cut(found: list[tuple[int, int]], cuts: list[int]) -> list[tuple[int, int]]:
    """Tokens divided at the cuts that lie inside them."""
    result: list[tuple[int, int]] = []
    following = 0
    for start, end in found:
        while following < len(cuts) and cuts[following] < end:
            if cuts[following] > start:
                result.append((start, cuts[following]))
                start = cuts[following]
            following += 1
        result.append((start, end))
    return result


def _merge(found: list[tuple[int, int]], keep: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Sentences joined where a kept range reaches from one into the next."""
    result: list[tuple[int, int]] = []
    following, kept_to = 0, 0
    for start, end in found:
        while following < len(keep) and keep[following][0] < start:
            kept_to = max(kept_to, keep[following][1])
            following += 1
        if result and kept_to > start:
            result[-1] = (result[-1][0], end)
        else:
            result.append((start, end))
    return result
