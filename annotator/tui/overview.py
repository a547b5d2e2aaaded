"""The map beside the article: one column for all of it, where boilerplate is and where one is."""

from annotator.desk.desk import Desk
from annotator.model.scheme import Unit

TEXT, NOISE = " ", "░"
HERE, NOISE_HERE = "▐", "▓"
"""The same within the window; boilerplate is where it fills at least half of a line's share."""


class Overview:
    """Signs for the lines of the window, each standing for a share of the article's rows."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._noise: list[bool] = []
        self._made: object = None

    def update(self) -> list[int]:
        """Read where boilerplate is now; the lines whose sign has changed."""
        desk = self._desk
        wanted = (
            desk.sheet.article.id,
            desk.sheet.revision,
            len(desk.caret.rows),
            desk.window.height,
        )
        if wanted == self._made:
            return []
        old, self._made, self._noise = self._noise, wanted, self._shares()
        if len(old) != len(self._noise):
            return list(range(len(self._noise)))
        return [y for y, (a, b) in enumerate(zip(old, self._noise, strict=True)) if a != b]

    def sign(self, y: int) -> str:
        """The sign beside line `y` of the window."""
        rows, window = len(self._desk.caret.rows), self._desk.window
        if rows <= window.height:
            return TEXT
        first = window.top * window.height // rows
        last = max((window.top + window.height) * window.height // rows - 1, first)
        noise = y < len(self._noise) and self._noise[y]
        if first <= y <= last:
            return NOISE_HERE if noise else HERE
        return NOISE if noise else TEXT

    def _shares(self) -> list[bool]:
        """For each line whether half of the rows it stands for, or more, are boilerplate."""
        desk, rows = self._desk, self._desk.caret.rows
        height, count = desk.window.height, len(rows)
        layers = {x.name for x in desk.scheme.span_layers if x.unit is Unit.BLOCK}
        marked = [0] * height
        if count <= height or not layers:
            return [False] * height
        for span in desk.sheet.spans.values():
            if span.layer in layers:
                _fill(marked, rows.row_of(span.start), rows.row_of(span.end - 1) + 1, count)
        return [2 * marked[y] * height >= count for y in range(height)]


def _fill(marked: list[int], first: int, end: int, count: int) -> None:
    """Add rows `first`-`end` of `count` to the lines they belong to."""
    height = len(marked)
    line = first * height // count
    while first < end and line < height:
        beyond = min(-(-(line + 1) * count // height), end)
        marked[line] += beyond - first
        first, line = max(beyond, first), line + 1
