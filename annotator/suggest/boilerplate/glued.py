"""Boilerplate glued to a line of another kind: times, prompts for other articles, left-over markup.

Only what stands at an edge of a line is proposed, and what goes on to its end; what is inside the
running text stays, as the guidelines of the scheme `news` have it.
"""

import re
from functools import cache
from typing import NamedTuple

from annotator.suggest.boilerplate.lines import Line
from annotator.suggest.boilerplate.markers import prompts

RESIDUE, TIME, PROMPT = "residue", "byline", "teaser_inline"
"""The labels of the scheme `news` for markup, times and prompts."""
_MARKUP = (
    r"(?:</?[a-zA-Z][a-zA-Z0-9]{0,9}(?:\s[^<>\n]{0,200})?/?>|<!--[^\n]{0,200}?-->"
    r"|&(?:nbsp|amp|quot|lt|gt|laquo|raquo|mdash|ndash|hellip|shy|zwnj|#\d{1,6}|#x[0-9a-fA-F]{1,5});"
    r"|\{\{[^{}\n]{0,80}\}\}|\[/?[a-z]{1,10}\])"
)
_LEADING = re.compile(rf"(?:{_MARKUP}\s*)+")
_ANY = re.compile(_MARKUP)
_CLOCK = r"(?:[01]?\d|2[0-3]):[0-5]\d"
_TIME_FIRST = re.compile(rf"({_CLOCK})(?=[^\W\d_])")
_TIME_LAST = re.compile(rf"(?<=[^\W\d_]|[.!?»”\"])({_CLOCK})$")
_WORDY = re.compile(r"[^\W\d_]{2}")
_UNSPACED = re.compile(r"[\u3400-\u9fff]")


class Glued(NamedTuple):
    """A stretch within a line that is of another kind than the rest."""

    start: int
    end: int
    """Code points, half-open, into the article."""
    label: str
    sure: float
    why: str


def glued(line: Line, prompted: bool = True) -> list[Glued]:
    """What is glued to a line, from left to right; nothing when the whole line would be taken.

    Args:
        line: the line.
        prompted: whether to look for prompts too, which in a line of boilerplate are no news.
    """
    text = line.text
    start, found = 0, []
    left = _LEADING.match(text)
    if left:
        start = len(left[0].rstrip())
        found.append((0, start, RESIDUE, 0.95, "markup at the start"))
    end = _without_markup_at_end(text, start)
    if end < len(text) and line.end - line.start == len(text):
        found.append((end + _blank(text, end), len(text), RESIDUE, 0.95, "markup at the end"))
    if not _WORDY.search(text, start, end):
        return []
    inner = text[start:end]
    found += _times(inner, start)
    if prompted and line.end - line.start == len(text):
        found += _prompts(inner, start)
    return [
        Glued(line.start + at, line.start + stop, label, sure, why)
        for at, stop, label, sure, why in sorted(_apart(found))
    ]


Piece = tuple[int, int, str, float, str]


def _without_markup_at_end(text: str, start: int) -> int:
    """Where the markup at the end begins, without the white space before it."""
    end = len(text)
    for match in reversed(list(_ANY.finditer(text, start))):
        if text[match.end() : end].strip():
            break
        end = match.start()
    return len(text[:end].rstrip()) if end < len(text) else end


def _blank(text: str, at: int) -> int:
    return len(text[at:]) - len(text[at:].lstrip())


def _times(text: str, offset: int) -> list[Piece]:
    found: list[Piece] = []
    if first := _TIME_FIRST.match(text):
        found.append((offset, offset + first.end(), TIME, 0.9, "a time before the line"))
    if last := _TIME_LAST.search(text):
        found.append(
            (offset + last.start(1), offset + last.end(), TIME, 0.9, "a time after the line")
        )
    return found


def _prompts(text: str, offset: int) -> list[Piece]:
    """A prompt glued before a sentence, or after one with its headline to the end of the line."""
    match = _prompt().search(text)
    while match:
        at, stop = match.span("prompt")
        if at == 0:
            if stop < len(text) and _is_glued(text, stop):
                return [(offset, offset + stop, PROMPT, 0.6, "a prompt before the line")]
        elif _ends_before(text, at):
            return [(offset + at, offset + len(text), PROMPT, 0.8, "a prompt in the line")]
        match = _prompt().search(text, stop)
    return []


def _is_glued(text: str, at: int) -> bool:
    """Whether a word with a capital follows without a space: Read moreThe."""
    return text[at].isupper() and text[at - 1].islower()


def _ends_before(text: str, at: int) -> bool:
    """Whether a sentence or a quotation ends before `at`, or a word is glued to it."""
    before = text[:at].rstrip()
    if before[-1:] in '.!?…。！？»”")]':
        return len(before) > 1
    return before == text[:at] and before[-1:].islower() and text[at].isupper()


@cache
def _prompt() -> re.Pattern[str]:
    choices = []
    for phrase in prompts():
        text = r"\s+".join(map(re.escape, phrase.rstrip("*").split()))
        first = text[:1]
        # An initial capital tells a prompt from the same words within a sentence.
        cased = f"[{first.upper()}]" if first.upper() != first else first
        tail = (
            ""
            if _UNSPACED.search(phrase) or phrase.endswith("*")
            else r"(?=[:\s»›]|[A-ZА-ЯЁЇІЄҐΑ-Ω]|$)"
        )
        choices.append(f"{cased}(?i:{text[1:]}){tail}")
    return re.compile(rf"(?P<prompt>{'|'.join(choices)})")


def _apart(pieces: list[Piece]) -> list[Piece]:
    """Pieces that do not overlap, the first ones given first."""
    kept: list[Piece] = []
    for piece in pieces:
        if all(piece[1] <= other[0] or piece[0] >= other[1] for other in kept):
            kept.append(piece)
    return kept
