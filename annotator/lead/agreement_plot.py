"""Numbers between -1 and 1 drawn with characters: one on a scale, and many over time.

The signs tell everything without colour; the line between points is drawn in braille dots, four to a
row, so that a small change can be seen in a small window.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

VALUE, FEW, UNDEFINED = "●", "○", "?"
UP, DOWN, BETWEEN, BOTH_ENDS = "┬", "┴", "│", "─"
GUTTER = 6
"""Cells of the axis at the left."""
PITCH = 14
"""Cells from one point to the next at most."""
STEPS = (0.02, 0.05, 0.1, 0.2, 0.25, 0.5)
"""How far apart the numbers of the axis may lie."""
_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""The bits of a braille character, by row and column of its dots."""


def on_scale(value: float | None, low: float | None, high: float | None, width: int) -> str:
    """A number and its interval on a line from 0 to 1; below 0 stands at its left end.

    >>> on_scale(0.5, 0.4, 0.6, 11)
    '····├●┤····'
    """
    cells = ["·"] * width
    if value is None or width < 3:
        return "".join(cells)

    def place(number: float) -> int:
        return round(min(max(number, 0.0), 1.0) * (width - 1))

    if low is not None and high is not None:
        first, last = place(low), place(high)
        cells[first : last + 1] = ["─"] * (last - first + 1)
        cells[first], cells[last] = "├", "┤"
    cells[place(value)] = VALUE
    return "".join(cells)


class Point(NamedTuple):
    """One number in a series."""

    label: str
    """What stands below it: a week, a round."""
    value: float | None
    low: float | None = None
    high: float | None = None
    few: bool = False


class Plot(NamedTuple):
    """A drawing."""

    rows: tuple[str, ...]
    """All of the width asked for; the last is the labels'."""
    columns: tuple[int, ...]
    """The column of each point shown."""
    first: int
    """Which point is the first one shown."""
    last: int
    """The one after the last shown."""


def plot(points: Sequence[Point], width: int, height: int, here: int = 0) -> Plot:
    """Draw numbers over time, the one at `here` in view.

    Args:
        points: in order.
        width: in cells, the axis included.
        height: in rows, the axis and the labels included; 5 at least.
        here: which one must be shown, where there is not room for all.
    """
    wanted, width = width, max(width, GUTTER + 4)
    body, room = max(height - 2, 3), width - GUTTER
    pitch = max(2, min(PITCH, room // max(len(points), 1)))
    fitting = max(room // pitch, 1)
    first = max(0, min(here - fitting // 2, len(points) - fitting))
    shown = points[first : first + fitting]
    columns = [GUTTER + pitch // 2 + pitch * n for n in range(len(shown))]
    axis = _Axis.of(points, body)
    grid = [[" "] * width for _ in range(body)]
    _line(grid, axis, shown, columns)
    for column, point in zip(columns, shown, strict=True):
        _point(grid, axis, point, column)
    for row, label in axis.labels():
        grid[row][: GUTTER - 1] = list(label.rjust(GUTTER - 1))
    for row in range(body):
        ticked = any(row == each for each, _ in axis.labels())
        grid[row][GUTTER - 1] = "┤" if ticked else "│"
    base = _base(columns, width, first > 0, first + len(shown) < len(points))
    rows = ["".join(row)[:width] for row in grid]
    rows += [base, _labels(shown, columns, width, here - first)]
    cut = tuple(row[:wanted] for row in rows)
    return Plot(cut, tuple(min(c, wanted - 1) for c in columns), first, first + len(shown))


class _Axis(NamedTuple):
    """From numbers to rows; row 0 is the top."""

    low: float
    high: float
    step: float
    rows: int

    @classmethod
    def of(cls, points: Sequence[Point], rows: int) -> "_Axis":
        known = [x for p in points for x in (p.value, p.low, p.high) if x is not None]
        least, most = (min(known), max(known)) if known else (0.0, 1.0)
        for step in STEPS:
            low = _down(least, step)
            high = min(max(-_down(-most, step), low + 2 * step), max(1.0, most))
            low = min(low, high - 2 * step)
            if round((high - low) / step) <= max(rows // 2, 2):
                break
        return cls(low, high, step, rows)

    def row(self, number: float) -> int:
        """The row of a number."""
        return self.dot(number) // 4

    def dot(self, number: float) -> int:
        """The row of dots of a number, four to a row."""
        place = (self.high - number) / (self.high - self.low) * (4 * self.rows - 1)
        return max(0, min(4 * self.rows - 1, round(place)))

    def labels(self) -> Iterator[tuple[int, str]]:
        """Rows with the numbers that stand beside them."""
        count = round((self.high - self.low) / self.step)
        for n in range(count + 1):
            number = self.high - n * self.step
            yield self.row(number), f"{number:.2f}"


def _down(number: float, step: float) -> float:
    """The next multiple of a step below a number, or the number."""
    return round((number + 1e-9) / step - 0.5 + 1e-9) * step if step else number


def _line(
    grid: list[list[str]], axis: _Axis, points: Sequence[Point], columns: Sequence[int]
) -> None:
    """Dots from each point to the next one that has a number."""
    dots: dict[tuple[int, int], int] = {}
    known = [(c, p.value) for c, p in zip(columns, points, strict=True) if p.value is not None]
    for (left, one), (right, two) in pairwise(known):
        y1, y2 = axis.dot(one), axis.dot(two)
        x1, x2 = 2 * left, 2 * right
        steps = max(x2 - x1, abs(y2 - y1))
        for n in range(steps + 1):
            x, y = x1 + (x2 - x1) * n / steps, y1 + (y2 - y1) * n / steps
            cell = (round(y) // 4, round(x) // 2)
            dots[cell] = dots.get(cell, 0) | _DOTS[round(y) % 4][round(x) % 2]
    for (row, column), bits in dots.items():
        grid[row][column] = chr(0x2800 + bits)


def _point(grid: list[list[str]], axis: _Axis, point: Point, column: int) -> None:
    """A point with its interval."""
    if point.value is None:
        grid[-1][column] = UNDEFINED
        return
    if point.low is not None and point.high is not None:
        top, bottom = axis.row(point.high), axis.row(point.low)
        for row in range(top, bottom + 1):
            grid[row][column] = BETWEEN
        grid[top][column], grid[bottom][column] = UP, DOWN
        if top == bottom:
            grid[top][column] = BOTH_ENDS
    grid[axis.row(point.value)][column] = FEW if point.few else VALUE


def _base(columns: Sequence[int], width: int, before: bool, after: bool) -> str:
    """The line below, with arrows where there is more."""
    cells = [" "] * (GUTTER - 1) + ["└"] + ["─"] * (width - GUTTER)
    for column in columns:
        cells[column] = "┴"
    if before:
        cells[GUTTER] = "◂"
    if after:
        cells[-1] = "▸"
    return "".join(cells[:width])


def _labels(points: Sequence[Point], columns: Sequence[int], width: int, here: int) -> str:
    """Labels below their points, as many as do not touch; the current one always."""
    cells = [" "] * width
    order = sorted(range(len(points)), key=lambda n: (n != here, n))
    for n in order:
        label = points[n].label[: width - 1]
        start = max(min(columns[n] - len(label) // 2, width - len(label)), 0)
        around = cells[max(start - 1, 0) : start + len(label) + 1]
        if all(cell == " " for cell in around):
            cells[start : start + len(label)] = list(label)
    return "".join(cells[:width])
