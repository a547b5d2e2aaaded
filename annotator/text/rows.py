"""Wrapping: where the rows of a text begin on a screen of a given width.

A row's width is what `rich.cells` counts for `visible(row)`, which is what Textual paints. Offsets
are code points, half-open; columns and widths are cells.
"""

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import accumulate

from rich.cells import cell_len

from annotator.text.clusters import CLUSTER, EXTENDERS
from annotator.text.lazy import pattern
from annotator.text.visible import MARKS, visible

_LONGEST = 1024
"""A row holds at most this many code points beyond 16 a cell, whatever their width."""

_ATTACHES = pattern(rf"[{EXTENDERS}\p{{GCB=Prepend}}\p{{RI}}\p{{GCB=L}}\p{{GCB=V}}\p{{GCB=T}}]")
_NOT_FIRST = frozenset(
    "，。、；：！？）」』】》〉〕”’…—～・ーぁぃぅぇぉっゃゅょァィゥェォッャュョ々!?,.:;)]}»"
)
"""What East Asian typesetting does not begin a row with."""
_NOT_LAST = frozenset("（「『【《〈〔“‘([{«")


_even_seen: set[str] = set(map(chr, range(0x20, 0x7F)))
"""Characters known to be one cell and one cluster; it grows with the texts seen."""


class Rows:
    """The rows of one text at one width: they join to the text, and a newline ends its row."""

    __slots__ = ("_length", "_starts")

    def __init__(self, starts: "array[int]", length: int) -> None:
        self._starts = starts
        self._length = length

    def __len__(self) -> int:
        return len(self._starts)

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return (self.span(row) for row in range(len(self)))

    def row_of(self, offset: int) -> int:
        """The row that holds `offset`; the last one for the text's end and beyond."""
        return max(bisect_right(self._starts, offset) - 1, 0)

    def span(self, row: int) -> tuple[int, int]:
        """Where a row starts and ends, its newline and trailing space included.

        Raises:
            IndexError: there is no such row.
        """
        if not 0 <= row < len(self._starts):
            raise IndexError(f"row {row} of {len(self._starts)}")
        following = row + 1
        end = self._starts[following] if following < len(self._starts) else self._length
        return self._starts[row], end

    def joined(self, first: Iterable[tuple[int, int]]) -> "Rows":
        """These rows with some runs of them, given as (first, last) in order, made one row each."""
        starts, done = array(self._starts.typecode), 0
        for top, last in first:
            starts += self._starts[done : top + 1]
            done = last + 1
        return Rows(starts + self._starts[done:], self._length)


def wrap(text: str, width: int) -> Rows:
    """Break a text into rows of at most `width` cells.

    Rows break after a space, in East Asian text also between characters, and where there is neither,
    between grapheme clusters. One space may hang beyond the width; `painted` leaves it out. Only a
    cluster wider than `width` is ever cut, and a single character wider than `width` (one cell)
    stands on a row of its own. An empty text has one empty row.
    """
    return Rows(_Wrapper(text, max(width, 1)).starts(), len(text))


def painted(text: str, start: int, end: int, width: int) -> int:
    """The end of what is painted of a row: without its newline (LF, CR LF) and a hanging space."""
    end = start + _shown_length(text, start, end)
    if end > start and text[end - 1] == " " and cells(text[start:end]) > width:
        end -= 1
    return end


def cells(text: str) -> int:
    """How many cells a text takes when painted through `visible`."""
    return len(text) if is_plain(text) else cell_len(visible(text))


def is_plain(text: str) -> bool:
    """Whether every character is one cell and one cluster, so that columns are offsets."""
    if _even_seen.issuperset(text):
        return True
    uneven = _uneven(text)
    _even_seen.update(set(text).difference(uneven))
    return not uneven


def clusters(text: str, start: int, end: int) -> list[tuple[int, int, int]]:
    """The grapheme clusters of a row as (start, end, cells); their cells add up to the row's."""
    piece = text[start:end]
    if is_plain(piece):
        return [(offset, offset + 1, 1) for offset in range(start, end)]
    shown = visible(piece)
    return [
        (start + match.start(), start + match.end(), cell_len(shown[match.start() : match.end()]))
        for match in CLUSTER.finditer(piece)
    ]


def column_of(text: str, row_start: int, offset: int) -> int:
    """The cell of its row in which the cluster at `offset` begins."""
    return cells(text[row_start:offset])


def offset_at(text: str, row_start: int, row_end: int, column: int) -> int:
    """The offset of the cluster painted at a column; past the row's end its last cluster.

    The result lies in the row (for an empty one: at its start), so that a cursor moved up or down
    stays on the row it was moved to.
    """
    here = row_start
    cell = 0
    for start, _end, size in clusters(text, row_start, row_end):
        here = start
        cell += size
        if cell > column:
            break
    return here


def _shown_length(text: str, start: int, end: int) -> int:
    """The length of a line or row without the newline it may end with."""
    if end > start and text[end - 1] == "\n":
        end -= 1
        if end > start and text[end - 1] == "\r":
            end -= 1
    return end - start


def _uneven(text: str) -> str:
    """The characters of a text that are not simply one cell and one cluster."""
    return "".join(character for character in set(text) if not _even(character))


@lru_cache(16384)
def _size(character: str) -> int:
    return cell_len(visible(character))


def _cluster_size(cluster: str) -> int:
    """Cells of a cluster; kept for the next time unless it is of an absurd length."""
    return _size(cluster) if len(cluster) <= MARKS else cells(cluster)


@lru_cache(16384)
def _even(character: str) -> bool:
    return character not in "\r\n" and _size(character) == 1 and not _ATTACHES.match(character)


def _finder(characters: str) -> "re.Pattern[str] | None":
    return re.compile(f"[{re.escape(characters)}]") if characters else None


class _Wrapper:
    """One run of `wrap`: knows which characters of this text need care, and where the next one is."""

    def __init__(self, text: str, width: int) -> None:
        self.text, self.width = text, width
        uneven = _uneven(text).replace("\n", "").replace("\r", "")
        self._wide = _finder(uneven)
        self._attaching = _finder("".join(filter(_ATTACHES.match, uneven)))
        self._next_wide = self._next_attaching = -1

    def starts(self) -> "array[int]":
        """The offset of each row's first character."""
        text, starts = self.text, array("I", [0])
        start, length, width = 0, len(self.text), self.width
        while start < length:
            newline = text.find("\n", start)
            after = length if newline < 0 else newline + 1
            stop = start + _shown_length(text, start, after)
            while stop - start > width or self._crowded(start, stop):
                cut = self._cut(start, stop)
                if cut >= stop:
                    break
                starts.append(cut)
                start = cut
            start = after
            if start < length:
                starts.append(start)
        return starts

    def _crowded(self, start: int, stop: int) -> bool:
        """Whether a line that is short enough in characters may still be too wide."""
        return self._wide is not None and self._wide_after(start) < stop

    def _wide_after(self, start: int) -> int:
        if self._wide is not None and self._next_wide < start:
            match = self._wide.search(self.text, start)
            self._next_wide = match.start() if match else len(self.text) + 1
        return self._next_wide if self._wide is not None else len(self.text) + 1

    def _attaching_after(self, start: int) -> int:
        if self._attaching is not None and self._next_attaching < start:
            match = self._attaching.search(self.text, start)
            self._next_attaching = match.start() if match else len(self.text) + 1
        return self._next_attaching if self._attaching is not None else len(self.text) + 1

    def _cut(self, start: int, stop: int) -> int:
        """Where the row that begins at `start` ends; `stop` or more when the line's rest fits."""
        reach = start + self.width + 1  # one character more: a space may hang, a mark may follow
        if self._wide_after(start) > reach:
            space = self.text.rfind(" ", start, reach)
            return space + 1 if space >= 0 else reach - 1
        if self._attaching_after(start) > reach:
            return self._cut_plain(start, min(stop, reach))
        return self._cut_clusters(start, stop)

    def _cut_plain(self, start: int, stop: int) -> int:
        """The cut where every character is a cluster, of one cell or two."""
        piece = self.text[start:stop]
        ends = list(accumulate(map(_size, piece)))
        fits = max(bisect_right(ends, self.width), 1)
        if fits == len(piece):
            return stop
        return start + _break(piece, [size > 1 for size in map(_size, piece)], fits)

    def _cut_clusters(self, start: int, stop: int) -> int:
        """The cut where clusters have to be found first."""
        longest = 16 * self.width + _LONGEST
        reach = 4 * self.width + 32
        while True:
            end = min(stop, start + reach)
            cut = self._cut_within(start, end, final=end == stop or reach >= longest)
            if cut:
                return cut
            reach = min(reach * 4, longest)

    def _cut_within(self, start: int, end: int, final: bool) -> int:
        """The cut before `end`; 0 when more of the text has to be seen to find it."""
        pieces: list[str] = []
        wide: list[bool] = []
        used = 0
        for match in CLUSTER.finditer(self.text[start:end]):
            size = _cluster_size(match[0])
            if used + size > self.width:
                if not pieces:
                    return start + self._cut_cluster(match[0])
                if start + match.end() == end and not final:
                    return 0  # the cluster may go on and be another one
                kept = _break([*pieces, match[0]], [*wide, size > 1], len(pieces))
                return start + sum(map(len, pieces[:kept])) + (kept > len(pieces))
            pieces.append(match[0])
            wide.append(size > 1)
            used += size
        return end if final else 0

    def _cut_cluster(self, cluster: str) -> int:
        """How much of a cluster wider than the row goes on it: at least one character."""
        fits = bisect_right(range(len(cluster)), self.width, key=lambda n: cells(cluster[:n])) - 1
        while fits > 1 and cells(cluster[:fits]) > self.width:
            fits -= 1
        return max(fits, 1)


def _break(pieces: "str | list[str]", wide: list[bool], fits: int) -> int:
    """How many of the pieces stay on the row, when the first `fits` fit and one more does not."""
    if pieces[fits] == " ":
        return fits + 1
    for kept in range(fits, 0, -1):
        left, right = pieces[kept - 1], pieces[kept]
        if left == " ":
            return kept
        if (wide[kept - 1] or wide[kept]) and right not in _NOT_FIRST and left not in _NOT_LAST:
            return kept
    return fits
