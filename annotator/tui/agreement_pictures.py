"""The confusion of labels as a heat map, and numbers over time as a plot, each with a cursor."""

from collections.abc import Sequence

from annotator.gold.agreement.report import By, Figure, LayerReport, Metric, Row
from annotator.lead.agreement_heat import Cell, HeatMap, heat_map, name
from annotator.lead.agreement_plot import Point, plot
from annotator.lead.agreement_tracing import Asked
from annotator.lead.agreement_words import TITLES
from annotator.text.visible import plain_line
from annotator.tui.adjudicate_sight import fit
from annotator.tui.agreement_place import CURSOR, MARK, Link, Number, Place, moved, window
from annotator.tui.lines import Line, Piece, piece

NAMES = 22
"""Cells of the rows' names at most."""


class Heat(Place):
    """Which label met which."""

    name = "Confusion"
    hint = "↑↓←→ cells  ⏎ articles  F2 explain  tab table  1-9 layer  esc back  F1 keys"

    def __init__(self, layer: LayerReport) -> None:
        self._layer = layer
        self._of = layer.confusion
        self.row = self.column = 0
        self._top = 0
        self._page = 10
        self._to_first_confusion()

    def _to_first_confusion(self) -> None:
        """Begin at the cell that is most frequent beside the diagonal."""
        counts = self._of.counts
        off = [(-n, i, j) for i, row in enumerate(counts) for j, n in enumerate(row) if i < j]
        if off:
            _, self.row, self.column = min(off)

    def go(self, motion: str) -> None:
        """A cell on."""
        size = len(self._of.labels)
        if motion in ("left", "right"):
            step = 1 if motion == "right" else -1
            self.column = max(0, min(self.column + step, size - 1))
        else:
            self.row = moved(self.row, motion, size, self._page)

    @property
    def link(self) -> Link | None:
        """The cell under the cursor."""
        if not self._of.labels:
            return None
        one, other = self._of.labels[self.row], self._of.labels[self.column]
        row = self._of.counts[self.row]
        met = "and itself" if self.row == self.column else f"and {name(other)}"
        asked = Asked(self._layer.layer, cell=(one, other))
        return Number(f"{name(one)} {met}", asked, times=row[self.column], whole=sum(row))

    def lines(self, width: int, height: int) -> list[Line]:
        """Heads, a line for each label, and what the shades mean."""
        labels = [plain_line(name(label), NAMES) for label in self._of.labels]
        if not labels:
            return [(), (piece("  No two labels met."),)]
        gutter = min(max(len(label) for label in labels), NAMES, max(width // 4, 8)) + 6
        made = heat_map(self._of, width - gutter, self.column)
        room = max(height - 4, 1)
        self._page = max(room - 1, 1)
        self._top = window(self.row, self._top, len(labels), room)
        lines: list[Line] = [self._heads(made, gutter)]
        for n in range(self._top, min(self._top + room, len(labels))):
            lines.append(self._line(made, n, labels[n], gutter))
        below = "  Share of the row: ░ to a quarter  ▒ to half  ▓ to three quarters  █ more"
        lines += [(), (piece(below, "dim"),)]
        return lines[:height]

    def _heads(self, made: HeatMap, gutter: int) -> Line:
        more = "‹" if made.columns.start else " "
        found: list[Piece] = [piece(" " * (gutter - 1) + more, "dim")]
        for n, head in zip(made.columns, made.heads, strict=True):
            style = "bold underline" if n == self.column else "bold"
            text = fit(plain_line(head, made.width - 2), made.width - 2)
            found += [piece("  "), piece(text, style)]
        if made.columns.stop < len(self._of.labels):
            found.append(piece("›", "dim"))
        return tuple(found)

    def _line(self, made: HeatMap, row: int, label: str, gutter: int) -> Line:
        here = row == self.row
        head = f"{row + 1:>2} {label}"
        found: list[Piece] = [
            piece("▶ " if here else "  ", MARK),
            piece(fit(head, gutter - 2), "bold" if here else ""),
        ]
        for n, cell in zip(made.columns, made.rows[row], strict=True):
            found += _cell(cell, made.width, here and n == self.column)
        return tuple(found)


def _cell(cell: Cell, width: int, chosen: bool) -> list[Piece]:
    """A cell: two blanks, the shade twice, the number at the right."""
    room = max(width - 4, 1)
    style = CURSOR if chosen else "bold" if cell.same else ""
    return [piece("  "), piece(cell.shade * 2, style), piece(cell.number.rjust(room), style)]


class Series(Place):
    """Numbers over weeks, or over rounds."""

    hint = "←→ points  ↑↓ measure  ⏎ articles  F2 explain  tab table  esc back  F1 keys"

    def __init__(self, layer: LayerReport, by: By, title: str) -> None:
        self.name = title
        self._layer, self._by = layer, by
        self._rows: Sequence[Row] = layer.by[by]
        known = {metric for row in self._rows for metric in row.figures}
        self._metrics = [metric for metric in layer.figures if metric in known]
        self.metric = 0
        self.here = max(len(self._rows) - 1, 0)

    def go(self, motion: str) -> None:
        """A point on, or another measure."""
        if motion in ("up", "down"):
            step = 1 if motion == "down" else -1
            self.metric = (self.metric + step) % max(len(self._metrics), 1)
        else:
            as_rows = {"left": "up", "right": "down"}
            self.here = moved(self.here, as_rows.get(motion, motion), len(self._rows), 10)

    @property
    def link(self) -> Link | None:
        """The point under the cursor."""
        if not self._rows or not self._metrics:
            return None
        row, metric = self._rows[self.here], self._metrics[self.metric]
        asked = Asked(self._layer.layer, metric, self._by, row.group)
        figure = row.figures.get(metric)
        title = f"{TITLES[metric]}, {' '.join(row.group)}"
        return Number(title, asked, figure, kept=row.worst.get(metric, ()))

    def lines(self, width: int, height: int) -> list[Line]:
        """The plot of one measure."""
        if not self._rows or not self._metrics:
            return [(), (piece("  It is not known when this work was done."),)]
        metric = self._metrics[self.metric]
        found = plot(self._points(metric), width - 2, max(min(height - 2, 22), 5), self.here)
        column = found.columns[self.here - found.first]
        head = f"  {TITLES[metric]}   measure {self.metric + 1} of {len(self._metrics)}   "
        signs = "● value  ┬┴ 95 % interval  ○ few"
        lines: list[Line] = [(piece(head, "bold"), piece(signs, "dim"))]
        for n, text in enumerate(found.rows):
            size = len(plain_line(self._label(self.here), width)) if n == len(found.rows) - 1 else 1
            start = max(column - size // 2, 0) if size > 1 else column
            lines.append(_with_cursor(text, start, size))
        return lines[:height]

    def _points(self, metric: Metric) -> list[Point]:
        rows = enumerate(self._rows)
        return [_point(self._label(n), row.figures.get(metric)) for n, row in rows]

    def _label(self, n: int) -> str:
        """Short, safe and one cell a character where it can be: the year only where it changes."""
        label = plain_line(" ".join(self._rows[n].group), 12)
        if self._by is not By.WEEK:
            return label if label.isascii() else f"{n + 1}"
        before = self._rows[n - 1].group[0][:4] if n else ""
        year, _, week = label.partition("-")
        return label if n == 0 or year != before else week


def _point(label: str, figure: Figure | None) -> Point:
    if figure is None:
        return Point(label, None)
    return Point(label, figure.value, figure.low, figure.high, figure.few)


def _with_cursor(text: str, start: int, size: int) -> Line:
    """A row of the plot, the column of the current point set off."""
    end = start + size
    return (
        piece("  " + text[:start]),
        piece(text[start:end], CURSOR),
        piece(text[end:]),
    )
