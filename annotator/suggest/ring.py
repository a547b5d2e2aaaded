"""The candidate ring: probable mentions without a proposed label, from the text alone.

Three sources, the later giving way to the earlier: surfaces labelled before, names in quotation
marks, runs of words with capitals. Only a stretch of the text and some context around it is read,
so that the cost is that of a screen, whatever the length of the article.
"""

from bisect import bisect_left
from collections.abc import Container, Iterator
from dataclasses import dataclass

from annotator.suggest.divide import divided
from annotator.suggest.quotes import quoted
from annotator.suggest.reading import ACRONYM, SMALL, Reading, has_case
from annotator.suggest.runs import Run, runs
from annotator.text.forms import UNSPACED, is_border
from annotator.text.lazy import pattern
from annotator.text.stems import SHORTEST_OF_SEVERAL, stem

CONTEXT = 4000
"""How many characters before and after the stretch asked about are looked at too."""
LONGEST = 7
"""How many words a surface labelled before may have to be found."""

LONGEST_UNSPACED = 12
"""How many characters it may have in a script without spaces."""

_SPACE_BEFORE = pattern(r"(?r)\s")
_SPACE_AFTER = pattern(r"\s")
_JOINS = (" ", "\u00a0", "-", " - ", ".", ". ", "\n")
_WORD_REACH = 200


@dataclass(frozen=True, slots=True)
class Candidate:
    """A probable mention: a half-open range of code points."""

    start: int
    end: int
    why: str
    """What speaks for it: "known", "quoted", "acronym" or "capitals"."""


def candidates(
    text: str, start: int = 0, end: int | None = None, known: Container[str] = frozenset()
) -> list[Candidate]:
    """The probable mentions in a text, in order, none overlapping another.

    Their edges are where an annotator would put them, and never inside a grapheme cluster. The
    cost depends on the stretch asked about, not on the text.

    Args:
        text: the text.
        start: where the stretch to look at begins; mentions that reach into it count.
        end: where it ends; None for the end of the text.
        known: the `annotator.text.forms.form_key` of surfaces labelled before.
    """
    stop = len(text) if end is None else min(end, len(text))
    low, high = _with_context(text, start, stop)
    reading = Reading(text, low, high)
    found = _merge(
        [Candidate(*span, "quoted") for span in quoted(text, low, high)],
        [_candidate(reading, run) for run in divided(reading, runs(reading), known)],
    )
    if known:
        found = _with_known(found, _known(reading, known))
    return [
        one
        for one in found
        if one.start < stop
        and one.end > start
        and is_border(text, one.start)
        and is_border(text, one.end)
    ]


def _with_context(text: str, start: int, stop: int) -> tuple[int, int]:
    """The stretch with its context, which begins and ends at white space (if any is near)."""
    low, high = max(start - CONTEXT, 0), min(stop + CONTEXT, len(text))
    if low:
        space = _SPACE_BEFORE.search(text, max(low - _WORD_REACH, 0), low)
        low = space.end() if space else low
    space = _SPACE_AFTER.search(text, high, high + _WORD_REACH)
    return low, space.start() if space else high


def _candidate(reading: Reading, run: Run) -> Candidate:
    acronym = run.first == run.last and reading.kinds[run.first] == ACRONYM
    return Candidate(reading.spans[run.first][0], run.end, "acronym" if acronym else "capitals")


def _known(reading: Reading, known: Container[str]) -> list[Candidate]:
    """The longest surfaces labelled before, from left to right."""
    stems = [stem(word, SHORTEST_OF_SEVERAL) for word in reading.words]
    found: list[Candidate] = []
    at = 0
    while at < len(stems):
        if UNSPACED.search(reading.words[at]):
            found += _known_inside(reading.text, *reading.spans[at], known)
        last = _longest_known(reading, stems, at, known)
        if last >= at and not (found and found[-1].end > reading.spans[at][0]):
            found.append(Candidate(reading.spans[at][0], reading.spans[last][1], "known"))
        at = max(last, at) + 1
    return found


def _known_inside(text: str, start: int, end: int, known: Container[str]) -> Iterator[Candidate]:
    """The surfaces known within a stretch without spaces; none of a single character."""
    place = start
    while place < end - 1:
        furthest = min(place + LONGEST_UNSPACED, end)
        right = next((at for at in range(furthest, place + 1, -1) if text[place:at] in known), 0)
        if right:
            yield Candidate(place, right, "known")
        place = right or place + 1


def _longest_known(reading: Reading, stems: list[str], at: int, known: Container[str]) -> int:
    """The last word of the longest known surface that begins at a word; -1 when there is none.

    A single word in small letters is none: Надежда was labelled, not надежда.
    """
    best = -1
    word = reading.words[at]
    capital = reading.kinds[at] != SMALL or not has_case(word)
    if capital and len(word) > 1 and stem(word) in known:
        best = at
    key = stems[at]
    for last in range(at + 1, min(at + LONGEST, len(stems))):
        if reading.gaps[last] not in _JOINS:
            break
        key = f"{key} {stems[last]}"
        if key in known:
            best = last
    return best


def _with_known(found: list[Candidate], known: list[Candidate]) -> list[Candidate]:
    """Candidates and known surfaces; those inside a longer candidate give way to it."""
    starts = [one.start for one in found]
    kept = []
    for one in known:
        at = bisect_left(starts, one.start + 1) - 1
        longer = found[at] if at >= 0 else one
        apart = longer.end <= one.start
        if apart or longer.end < one.end or (longer.start, longer.end) == (one.start, one.end):
            kept.append(one)
    return _merge(kept, found)


def _merge(first: list[Candidate], others: list[Candidate]) -> list[Candidate]:
    """The first ones, and of the others those that touch none of them; in order."""
    ends = [one.end for one in first]
    merged = list(first)
    for other in others:
        at = bisect_left(ends, other.start + 1)
        if at == len(first) or first[at].start >= other.end:
            merged.append(other)
    return sorted(merged, key=lambda one: one.start)
