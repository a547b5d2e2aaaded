"""What the same gold costs in two other tools, from what their keys do.

SLATE 1.1.3: tokens are the stretches between white space; digits are a count; `;` moves over line
ends; a cursor that was extended stays as wide, and `l` gives back one token a press (with a count
it gives back too many); J, :, I and O make it one token (line start and end, first and last line);
a label is SPACE and a letter. Its annotator counts perfectly and always finds the cheapest way. A
span counts as right when its tokens are marked, punctuation and all, as SLATE cannot cut tokens.

The mouse: a drag and a key for each stretch (keystroke-level model: K 0.28 s, P 1.1, H 0.4, B 0.1).
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from benchmarks.keystrokes.gold import GoldArticle, Piece

KEY, POINT, HOME, BUTTON = 0.28, 1.1, 0.4, 0.1
"""Seconds of the keystroke-level model."""
DRAG = HOME + POINT + BUTTON + POINT + BUTTON + HOME
"""To the mouse, to one end, press, to the other, let go, back to the keys."""
LABEL = 2
"""SPACE and a letter."""


class State(NamedTuple):
    """SLATE's cursor: first and last token (or line), both counted through the text."""

    first: int
    last: int


def counted(distance: int) -> int:
    """Keys of a motion over so many units: a count, when it is more than one, and the key."""
    distance = abs(distance)
    return 0 if distance == 0 else 1 if distance == 1 else len(str(distance)) + 1


class Slate:
    """SLATE on one text, in token mode."""

    def __init__(self, text: str) -> None:
        self.text = text
        spans = [m.span() for m in re.finditer(r"\S+", text)]
        self.starts = [start for start, _ in spans]
        lines = _line_numbers(text, self.starts)
        self.line_first = {line: n for n, line in reversed(list(enumerate(lines)))}
        self.line_last = {line: n for n, line in enumerate(lines)}
        self.lines = lines
        order = sorted(self.line_first)
        self.place = {line: n for n, line in enumerate(order)}

    def tokens(self, piece: Piece) -> State:
        """The tokens a stretch lies in."""
        first = bisect_right(self.starts, piece.start) - 1
        return State(max(first, 0), max(bisect_right(self.starts, piece.end - 1) - 1, 0))

    def walk(self, here: State, goal: State) -> int:
        """Keys to make the cursor cover `goal`, by counting tokens or lines."""
        ways = []
        for keys, at in self._collapses(here):
            ways.append(keys + self._move(at, goal))
        return min(ways)

    def _collapses(self, here: State) -> Iterable[tuple[int, State]]:
        """The cursor as it is, or made one token by a jump first."""
        last = len(self.lines) - 1
        yield 0, here
        if self.lines[here.first] == self.lines[here.last]:
            for jump in (self.line_first, self.line_last):
                yield 1, State(*[jump[self.lines[here.first]]] * 2)
        for line in (self.lines[0], self.lines[last]):
            column = min(
                here.first - self.line_first[self.lines[here.first]], self._length(line) - 1
            )
            yield 1, State(*[self.line_first[line] + column] * 2)

    def _move(self, at: State, goal: State) -> int:
        width, wanted = at.last - at.first, goal.last - goal.first
        fit = counted(wanted - width) if wanted >= width else width - wanted
        return min(counted(goal.first - at.first), self._by_lines(at, goal)) + fit

    def _by_lines(self, at: State, goal: State) -> int:
        """Lines down or up, then along the line; the token's place in its line is kept."""
        here, there = self.lines[at.first], self.lines[goal.first]
        down = self.place[there] - self.place[here]
        if down == 0 or at.first != at.last:
            return 99
        column = min(at.first - self.line_first[here], self._length(there) - 1)
        landed = self.line_first[there] + column
        along = counted(goal.first - landed)
        start = 1 + counted(goal.first - self.line_first[there])
        end = 1 + counted(goal.first - self.line_last[there])
        return counted(down) + min(along, start, end)

    def _length(self, line: int) -> int:
        return self.line_last[line] - self.line_first[line] + 1


def _line_numbers(text: str, starts: Sequence[int]) -> list[int]:
    numbers, line, at = [], 0, 0
    for start in starts:
        line += text.count("\n", at, start)
        numbers.append(line)
        at = start
    return numbers


def slate_words(article: GoldArticle) -> list[int]:
    """Keys of each span by walking over counted words."""
    slate, here, keys = Slate(article.text), State(0, 0), []
    for piece in article.pieces:
        goal = slate.tokens(piece)
        keys.append(slate.walk(here, goal) + LABEL)
        here = goal
    return keys


def slate_search(article: GoldArticle) -> list[int]:
    r"""Keys of each span by walking or searching, whichever is less.

    A search is `\`, the characters, ENTER and `n` for each hit up to the right one; the last query
    stays, so that the next occurrence is one `n`. It is granted every script here, although SLATE
    drops what is not ASCII.
    """
    slate, here, keys, query = Slate(article.text), State(0, 0), [], ""
    for piece in article.pieces:
        goal = slate.tokens(piece)
        best, kept = slate.walk(here, goal), query
        for found, cost in _searches(slate, article.text, here, goal, query):
            if cost < best:
                best, kept = cost, found
        keys.append(best + LABEL)
        here, query = goal, kept
    return keys


def _searches(
    slate: Slate, text: str, here: State, goal: State, query: str
) -> Iterable[tuple[str, int]]:
    """Queries that reach a token, with their keys; the standing query first."""
    start = slate.starts[goal.first]
    wide = counted(goal.last - goal.first)
    after = slate.starts[here.first] + 1
    if query and text.startswith(query, start):
        yield query, _hits(text, query, after, start) + wide
    for size in range(1, 9):
        wanted = text[start : start + size]
        if len(wanted) == size and start >= after:
            new = 1 if query else 0  # the old one has to be cleared
            yield wanted, 1 + new + size + 1 + _hits(text, wanted, after, start) + wide


def _hits(text: str, query: str, after: int, start: int) -> int:
    """Presses of `n` from after the cursor to the hit at `start`; many when it is behind."""
    return text.count(query, after, start) + 1 if start >= after else 99


def slate_lines(article: GoldArticle, lines: Sequence[tuple[int, int]]) -> list[int]:
    """Keys of each run of lines in a session of its own in line mode, where ; and o are lines."""
    starts = [start for start, _ in lines]
    last = len(lines) - 1
    here, keys = State(0, 0), []
    for piece in article.pieces:
        goal = State(bisect_right(starts, piece.start) - 1, bisect_right(starts, piece.end - 1) - 1)
        ways = []
        for cost, at in ((0, here), (1, State(0, 0)), (1, State(last, last))):
            width, wanted = at.last - at.first, goal.last - goal.first
            fit = 2 if goal.last == last and wanted > width else 99  # 0 and the key: to the end
            fit = min(fit, counted(wanted - width) if wanted >= width else width - wanted)
            ways.append(cost + counted(goal.first - at.first) + fit)
        keys.append(min(ways) + LABEL)
        here = goal
    return keys


def mouse_seconds(count: int) -> float:
    """Seconds of a mouse tool for so many stretches: a drag and a key each."""
    return count * (DRAG + KEY)
