"""An article as one line of a list."""

from rich.cells import cell_len, set_cell_size

from annotator.model.annotation import State
from annotator.store.queue import QueueRow
from annotator.text.visible import plain_line
from annotator.tui.lines import Line, piece

MARKS = {State.NEW: " ", State.STARTED: "…", State.OPEN: "o", State.DONE: "✓", State.SKIPPED: "×"}


def article_line(row: QueueRow, chosen: bool, width: int) -> Line:
    """State, number, title, language, source, length, what was done."""
    style = "bold reverse" if chosen else ""
    done = " ".join(f"{name[:1].upper()}{n}" for name, n in row.counts.items() if n)
    marked = ("!" if row.flags else "") + (";" if row.notes else "")
    looked = "".join(name[:1] for name in sorted(row.looked))
    wide = width >= 100
    source = _fit(plain_line(row.source, 30), 14) + " " if wide else ""
    right = f" {_fit(plain_line(row.lang, 7), 7)} {source}{row.chars:>8,} "
    right += _fit(f"{marked}{done}{' ·' + looked if looked else ''}", 20 if wide else 14)
    left = f"{'▶' if chosen else ' '}{MARKS[row.state]} {row.n:>7,} "
    room = max(width - cell_len(left) - cell_len(right), 8)
    title = _fit(plain_line(row.title, 300) or plain_line(row.id, 300), room)
    return (piece(left, style), piece(title, style or "bold"), piece(right, style or "dim"))


def _fit(text: str, cells: int) -> str:
    if cell_len(text) > cells:
        return set_cell_size(text, max(cells - 1, 0)) + "…"
    return set_cell_size(text, cells)
