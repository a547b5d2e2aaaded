"""What a selection sheds at its edges: white space and punctuation that is not part of a name."""

import regex

from annotator.text.clusters import SPACES, grapheme_at
from annotator.text.lazy import pattern

LONGEST = 1000
"""How far the partner of a quote or bracket is looked for, in code points."""

_CLOSING = {
    "(": ")", "[": "]", "{": "}", "«": "»", "»": "«", "“": "”“", "”": "”", "‘": "’", "’": "’",
    "„": "“”", "‚": "‘’", "‹": "›", "›": "‹", '"': '"', "'": "'", "《": "》", "〈": "〉", "「": "」",
    "『": "』", "【": "】", "（": "）", "［": "］", "〔": "〕",
}  # fmt: skip
"""What may close a quote or bracket; angle quotes may be turned round, and “ is used for both ends."""
_OPENING = {
    closer: "".join(opener for opener, closers in _CLOSING.items() if closer in closers)
    for closer in "".join(_CLOSING.values())
}
_EDGE = pattern(rf"[{SPACES}\p{{P}}|<>=~^`[\p{{DI}}--\p{{L}}]--[#@%&§‰№]]", regex.V1)
"""What may be shed: not the # of a hashtag, a per cent sign, the plus of a brand."""
_SHORT = pattern(
    # Dotted letters (U.S., т.е., Н.Р.) and the short forms that end names or dates.
    r"(?r)(?<!\p{L})(?:(?:\p{L}{1,3}\.[ \u00A0]?)+\p{L}{1,3}|\p{Lu}|Inc|Ltd|Co|Corp|Bros|Jr|Sr|Nr|No"
    r"|гг?|ул|пл|бул|обл|руб|лв|тыс|млн|млрд|др|пр|ст|св|им)\Z"
)


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """A range without white space and punctuation at its edges, never empty.

    A quote or bracket stays when its partner is inside (`ООО «Вест»`), unless the two enclose
    everything. The full stop of dotted letters and of a few short forms (`U.S.`, `Inc.`, `г.`)
    stays. A range of nothing but punctuation only loses white space; one of nothing but white space
    stays as it is. Grapheme clusters are never cut.
    """
    left, right = start, end
    while left < right:
        near = left - start < LONGEST  # beyond that, a tower of brackets is not a name
        if near and _encloses(text, left, right):
            left, right = left + 1, right - 1
        elif _sheds_left(text, left, right, near):
            left += 1
        elif _sheds_right(text, left, right):
            right -= 1
        else:
            return _whole(text, left, right, start, end)
    return _without_space(text, start, end)


def _encloses(text: str, left: int, right: int) -> bool:
    """Whether the quote or bracket at `left` is closed by the character before `right` only."""
    if right - left < 2 or text[right - 1] not in _CLOSING.get(text[left], ""):
        return False
    return _partner(text, left, right) in (right - 1, -1)


def _partner(text: str, left: int, right: int) -> int:
    """Where the quote or bracket that opens at `left` is closed, -1 when it is not (nearby)."""
    opener, depth = text[left], 0
    closers = _CLOSING[opener]
    for offset in range(left + 1, min(right, left + LONGEST)):
        if text[offset] in closers:
            if not depth:
                return offset
            depth -= 1
        elif text[offset] == opener:
            depth += 1
    return -1


def _sheds_left(text: str, left: int, right: int, near: bool) -> bool:
    character = text[left]
    if not _EDGE.match(character):
        return False
    return character not in _CLOSING or not near or _partner(text, left, right) < 0


def _sheds_right(text: str, left: int, right: int) -> bool:
    character = text[right - 1]
    if not _EDGE.match(character):
        return False
    if character == ".":
        return not _SHORT.search(text, max(left, right - 24), right - 1)
    if character not in _OPENING:
        return True
    openers = _OPENING[character]
    inside = text[max(left, right - LONGEST) : right - 1]
    opened = sum(map(inside.count, openers))
    if character in openers:  # it opens and closes alike
        return opened % 2 == 0
    return opened <= inside.count(character)


def _whole(text: str, left: int, right: int, start: int, end: int) -> tuple[int, int]:
    """The range widened to whole clusters, but not beyond the one it was cut from."""
    left = max(grapheme_at(text, left)[0], start)
    last = grapheme_at(text, right - 1)[1]
    return left, min(max(last, right), end)


def _without_space(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    if not piece or piece.isspace():
        return start, end
    left = start + len(piece) - len(piece.lstrip())
    return _whole(text, left, left + len(piece.strip()), start, end)
