"""An article as one line of a list."""

from rich.cells import cell_len, set_cell_size

from annotator.model.annotation import State
from annotator.store.beside import Beside, Far
from annotator.store.queue import QueueRow
from annotator.text.visible import plain_line
from annotator.tui.lines import Line, piece

MARKS = {State.NEW: " ", State.STARTED: "…", State.OPEN: "o", State.DONE: "✓", State.SKIPPED: "×"}
FAR = {Far.FINISHED: "✓", Far.BEGUN: "…", Far.HAS: "="}
"""How far others are; with a name, who only has the article needs no mark."""
WIDE = 100
"""Cells from which on a line has the source, and the names of others."""


def article_line(row: QueueRow, chosen: bool, width: int, others: Beside | None = None) -> Line:
    """State, number, title, language, source, length, who else is at it, what was done.

    Without `others` there is no column for them.
    """
    style = "bold reverse" if chosen else ""
    done = " ".join(f"{name[:1].upper()}{n}" for name, n in row.counts.items() if n)
    marked = ("!" if row.flags else "") + (";" if row.notes else "")
    looked = "".join(name[:1] for name in sorted(row.looked))
    wide = width >= WIDE
    source = _fit(plain_line(row.source, 30), 14) + " " if wide else ""
    right = f" {_fit(plain_line(row.lang, 7), 7)} {source}{row.chars:>8,} "
    if others is not None:
        cells = 20 if wide else 10
        right += _fit(others_at(others, cells), cells) + " "
    right += _fit(f"{marked}{done}{' ·' + looked if looked else ''}", 20 if wide else 14)
    left = f"{'▶' if chosen else ' '}{MARKS[row.state]} {row.n:>7,} "
    room = max(width - cell_len(left) - cell_len(right), 8)
    title = _fit(plain_line(row.title, 300) or plain_line(row.id, 300), room)
    return (piece(left, style), piece(title, style or "bold"), piece(right, style or "dim"))


def others_at(found: Beside, cells: int) -> str:
    """Who else is at an article, by name where that fits, else how many; and the places left.

    `anna✓` has finished it, `anna…` begun, `anna` has it, `+1` is a place that anybody may take.
    """
    left = [f"+{found.free}"] if found.free else []
    names = [f"{plain_line(name, 64)}{_mark(far)}" for name, far in found.people.items()]
    said = " ".join([*names, *left])
    if cell_len(said) <= cells:
        return said
    number = {far: sum(each is far for each in found.people.values()) for far in FAR}
    return " ".join([*(f"{FAR[far]}{n}" for far, n in number.items() if n), *left])


def _mark(far: Far) -> str:
    return "" if far is Far.HAS else FAR[far]


def _fit(text: str, cells: int) -> str:
    if cell_len(text) > cells:
        return set_cell_size(text, max(cells - 1, 0)) + "…"
    return set_cell_size(text, cells)
