"""The confusion of labels as a heat map: shades for the eye, numbers to be sure, colour for neither."""

from typing import NamedTuple

from annotator.gold.agreement.report import Confusion

SHADES = " ░▒▓█"
NOTHING = "(nothing)"
NEVER = "·"
"""Stands for a pair of labels that never met."""
LEAST = 9
"""Cells of a column at least."""


def shade(number: int, whole: int) -> str:
    """How dark a cell is by its share of the row: a blank only for 0, the darkest above three quarters."""
    if not number or whole <= 0:
        return " "
    return SHADES[max(1, min(len(SHADES) - 1, -(-number * 4 // whole)))]


def name(label: str) -> str:
    """A label of the confusion for people."""
    return label or NOTHING


class Cell(NamedTuple):
    """One cell as it is drawn."""

    shade: str
    number: str
    """With its thousands apart; `NEVER` for 0."""
    same: bool
    """Whether it is on the diagonal, where both said the same."""


class HeatMap(NamedTuple):
    """The part of a confusion that fits."""

    columns: range
    """The columns shown."""
    width: int
    """Cells of each column, the gap before it included."""
    heads: tuple[str, ...]
    """Their heads: the number of the label, and as much of its name as fits."""
    rows: tuple[tuple[Cell, ...], ...]
    """All rows, each with the cells of the columns shown."""


def heat_map(confusion: Confusion, room: int, column: int = 0) -> HeatMap:
    """Lay out a confusion in so many cells (without the rows' names), with a column in view.

    Every row is there; the caller shows those there is room for.
    """
    labels = list(map(name, confusion.labels))
    most = max((len(f"{n:,}") for row in confusion.counts for n in row), default=1)
    width = max(most + 4, LEAST)
    fitting = max(room // width, 1)
    if labels and fitting >= len(labels):  # spend what is left on the heads
        width = min(max(room // len(labels), width), max(map(len, labels)) + 5, 14)
        width = max(width, most + 4, LEAST)
    first = max(0, min(column - fitting // 2, len(labels) - fitting))
    columns = range(first, min(first + fitting, len(labels)))
    heads = tuple(f"{n + 1} {labels[n]}"[: width - 2] for n in columns)
    rows = tuple(
        tuple(_cell(row[n], sum(row), n == place) for n in columns)
        for place, row in enumerate(confusion.counts)
    )
    return HeatMap(columns, width, heads, rows)


def _cell(number: int, whole: int, same: bool) -> Cell:
    return Cell(shade(number, whole), f"{number:,}" if number else NEVER, same)
