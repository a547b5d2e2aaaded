"""Grapheme clusters: what a reader takes for one character, found without reading the whole text.

The rules are those of Unicode (UAX #29, extended grapheme clusters) with one addition: a combining
mark always belongs to the character before it, also the few Burmese and Tai ones UAX #29 leaves
alone, because terminals paint them there. Offsets are code points, ranges half-open.
"""

from collections.abc import Callable

import regex

from annotator.text.lazy import pattern

SPACES = r"\s\x1C-\x1F"
"""Character class content: white space as `str.isspace` has it."""
EXTENDERS = r"\p{M}\p{GCB=Extend}\p{GCB=SpacingMark}\u200D"
"""Character class content: what never starts a cluster after an ordinary character."""

CLUSTER = pattern(
    # Flags are spelt out: \X counts back through a whole run of them for each one it takes.
    rf"(?:\p{{RI}}{{1,2}}|(?![\p{{GCB=Control}}\r\n])\X)[{EXTENDERS}]*+|\r\n|.",
    regex.DOTALL,
)
"""Matches one cluster at a cluster's border."""

JOINED = pattern(
    rf"[{EXTENDERS}\p{{GCB=V}}\p{{GCB=T}}]"
    r"|(?<=\p{GCB=L})[\p{GCB=L}\p{GCB=LV}\p{GCB=LVT}]"
    r"|(?<=\p{RI})\p{RI}"
    rf"|(?<=[{EXTENDERS}])[\p{{ExtPict}}\p{{InCB=Consonant}}]"
    r"|(?<=\r)\n"
    r"|(?<=\p{GCB=Prepend})."
)
"""Matches where, judged by two neighbours alone, a cluster might go on; elsewhere a border is sure."""

REACH = 512
"""A run without a sure border is cut at multiples of this, so that no look-up goes far."""


def last_cut(offset: int, sure: int, grid: int, place: Callable[[int], int]) -> int:
    """The last border at or before `offset`: the last sure one, or a cut through an endless unit.

    A multiple of `grid` with no sure border in the `grid` characters up to it is a cut, moved by
    `place` to where it hurts least. As this depends on the text alone, every look-up, from wherever
    it comes, finds the same borders.

    Args:
        offset: where to look from.
        sure: the last sure border at or before `offset`; any value below `offset - 3 * grid` when
            none was found down to there.
        grid: the longest a unit may grow, roughly.
        place: from a multiple of `grid` to the cut, less than `grid` further on.
    """
    point = offset // grid * grid
    while point - sure >= grid:
        if (cut := place(point)) <= offset:
            return cut
        point -= grid
    return max(sure, 0)


def next_cut(offset: int, sure: int, following: int, grid: int, place: Callable[[int], int]) -> int:
    """The first border after `offset`, as `last_cut` defines borders.

    Args:
        offset: where to look from.
        sure: the last sure border at or before `offset`, as for `last_cut`.
        following: the first sure border after it; when none was found, any value above
            `offset + 2 * grid`.
        grid: as for `last_cut`.
        place: as for `last_cut`.
    """
    point = offset // grid * grid
    while point < following:
        if point - sure >= grid and (cut := place(point)) > offset:
            return min(cut, following)
        point += grid
    return following


def _anchor(text: str, offset: int) -> int:
    """A cluster's border at or before `offset`, usually the nearest."""
    lowest = max(offset - 3 * REACH - 1, 0)
    sure = offset
    while sure > lowest and JOINED.match(text, sure):
        sure -= 1
    if sure == lowest > 0:
        sure -= 1
    return last_cut(offset, sure, REACH, lambda point: point)


def _split_at(text: str, start: int, end: int) -> int:
    """The end of a cluster, moved to the cut through it when it is endless."""
    for point in range((start // REACH + 1) * REACH, end, REACH):
        if _anchor(text, point) == point:
            return point
    return end


def grapheme_at(text: str, offset: int) -> tuple[int, int]:
    """The cluster that covers `offset`; at the text's end the empty range there.

    Raises:
        IndexError: `offset` is not in 0 .. len(text).
    """
    if not 0 <= offset <= len(text):
        raise IndexError(f"offset {offset} in a text of {len(text)} characters")
    if offset == len(text):
        return offset, offset
    anchor = _anchor(text, offset)
    window = text[anchor : offset + 3 * REACH]
    start = end = 0
    for match in CLUSTER.finditer(window):
        start, end = match.span()
        if anchor + end > offset:
            break
    return anchor + start, _split_at(text, anchor + start, anchor + end)


def border_after(text: str, offset: int) -> int:
    """The first cluster border at or after `offset`; the text's end for anything beyond."""
    offset = min(offset, len(text))
    start, end = grapheme_at(text, offset)
    return offset if start == offset else end


def next_grapheme(text: str, offset: int) -> int:
    """The first cluster border after `offset`; the text's end stays where it is."""
    return grapheme_at(text, offset)[1]


def prev_grapheme(text: str, offset: int) -> int:
    """The last cluster border before `offset`; 0 stays 0."""
    return grapheme_at(text, offset - 1)[0] if offset > 0 else 0
