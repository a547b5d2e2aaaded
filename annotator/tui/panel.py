"""What stands beside the article: legend and counts, the entities, the stance grid."""

from heapq import nsmallest

from rich.cells import cell_len, set_cell_size

from annotator.desk.desk import Desk
from annotator.desk.entities import Entity
from annotator.desk.grid import Column, Row
from annotator.model.annotation import AUTHOR
from annotator.model.scheme import Label, SpanLayer, StanceLayer
from annotator.text.visible import plain_line
from annotator.tui.lines import Line, Piece, piece
from annotator.tui.looks import label_style, tag_styles

GRID = (
    (Column.TARGET, 17),
    (Column.VALUE, 8),
    (Column.HOLDER, 6),
    (Column.BASIS, 3),
    (Column.CONFIDENCE, 1),
    (Column.EVIDENCE, 2),
)
"""The grid's columns and their cells; the target takes what is left."""
HEADINGS = {
    Column.TARGET: "target",
    Column.VALUE: "stance",
    Column.HOLDER: "holder",
    Column.BASIS: "by",
    Column.CONFIDENCE: "?",
    Column.EVIDENCE: "ev",
}

QUESTIONS = {
    Column.VALUE: "Which position?",
    Column.HOLDER: "Who takes it?",
    Column.BASIS: "How is it said?",
    Column.CONFIDENCE: "How sure are you?",
    Column.EVIDENCE: "Which evidence does not belong here?",
}
"""What a column's choices answer."""


def panel_lines(desk: Desk, width: int, height: int, layout: str) -> list[Line]:
    """The panel for the desk's layer, `width` by `height` cells."""
    layer = desk.layer
    if isinstance(layer, StanceLayer):
        legend = _values(layer, width)
        return [*grid_lines(desk, width, max(height - len(legend) - 1, 3)), (), *legend]
    lines: list[Line] = [(piece(layer.title, "bold"), piece(_looked(desk)))]
    if desk.proposals.layer is not None and desk.proposals.silence:
        lines.append((piece("no suggestions in this article", "dim"),))
    lines += [
        _label(desk, layer, label, width, layout)
        for label in layer.labels
        if not label.retired or desk.sheet.counts[layer.name, label.name]
    ]
    if layer.unit.value == "word":
        lines += [(), *_identities(desk, layer, width, height - len(lines) - 1)]
    return lines[:height]


def grid_lines(desk: Desk, width: int, height: int) -> list[Line]:
    """The stance grid, the current row in view."""
    rows = desk.stances.rows
    heading = (piece("Stance", "bold"), piece(_looked(desk)))
    titles = "  " + " ".join(set_cell_size(HEADINGS[c], w) for c, w in _columns(width))
    if not rows:
        hint = "No targets yet: label entities (2), or press enter here."
        return [heading, (piece(titles, "dim"),), (piece(hint),)][:height]
    room = max(height - 2, 1)
    top = min(max(desk.stances.row - room // 2, 0), max(len(rows) - room, 0))
    body = [_grid_row(desk, n, rows[n], width) for n in range(top, min(top + room, len(rows)))]
    return [heading, (piece(titles, "dim"),), *body][:height]


def _columns(width: int) -> list[tuple[Column, int]]:
    rest = sum(w + 1 for c, w in GRID if c is not Column.TARGET)
    return [(c, max(width - rest - 2, 8) if c is Column.TARGET else w) for c, w in GRID]


def _grid_row(desk: Desk, number: int, row: Row, width: int) -> Line:
    """One row: the current one has a mark, its column is reversed."""
    current = number == desk.stances.row
    stance = row.stance
    value = desk.stances.layer.label(stance.label) if stance else None
    texts = {
        Column.TARGET: ("gone: " if row.orphan else "") + plain_line(row.name, 80),
        Column.VALUE: stance.label if stance else "·",
        Column.HOLDER: "author"
        if row.holder == AUTHOR
        else plain_line(row.holder.name, 40) or row.holder.kind,
        Column.BASIS: stance.basis[:3] if stance else "",
        Column.CONFIDENCE: str(stance.confidence) if stance else "",
        Column.EVIDENCE: str(len(stance.evidence) or "–") if stance else "",
    }
    tag = desk.hints.tag_of_row(number)
    pieces = [(tag.ljust(2), tag_styles()[0])] if tag else [_mark(current)]
    for column, cells in _columns(width):
        style = (
            "bold reverse"
            if current and column is desk.stances.column
            else ("bold" if current else "")
        )
        if row.orphan and column is Column.TARGET:
            style = f"{style} red".strip()
        look = label_style(value.color) if value and column is Column.VALUE and not style else style
        pieces += [piece(_fit(texts[column], cells), look), piece(" ")]
    return tuple(pieces)


def _mark(current: bool) -> Piece:
    return piece("▶ " if current else "  ", "bold bright_yellow")


def _values(layer: StanceLayer, width: int) -> list[Line]:
    return [
        (piece(f"{value.key} ", label_style(value.color)), piece(_fit(value.title, width - 2)))
        for value in layer.active
    ]


def _label(desk: Desk, layer: SpanLayer, label: Label, width: int, layout: str) -> Line:
    """A label's key (and the native letter on it), title and count."""
    count = desk.sheet.counts[layer.name, label.name]
    key = label.key
    typed = ""
    if layout:
        from annotator.desk.layouts import native  # the tables are for those who need them

        typed = native(layout, key)
    if typed not in ("", key):
        key = f"{typed}→{key.upper()}"
    key = key or "–"  # retired: it is here, but no key gives it
    return (
        piece(f"{key} ", label_style(label.color)),
        piece(f"{count or '·':>4} ", "bold" if count else "dim"),
        piece(_fit(label.title, width - cell_len(key) - 6), "bold" if count else ""),
    )


def _identities(desk: Desk, layer: SpanLayer, width: int, room: int) -> list[Line]:
    """The article's entities, most mentioned first."""
    groups = desk.sheet.entities(layer.name).groups
    if not groups or room < 2:
        return []
    top = nsmallest(room - 1, groups.values(), key=lambda entity: -len(entity.spans))
    lines: list[Line] = [(piece(f"{len(groups)} entities", "bold"),)]
    for entity in top:
        label = layer.label(next(iter(entity.spans.values())).label)
        letter = (label.letter, label_style(label.color)) if label else ("?", label_style("red"))
        lines.append(
            (
                piece(f"{letter[0]} ", letter[1]),
                piece(f"{len(entity.spans):>4} ", "dim"),
                *_name(entity, width - 7),
            )
        )
    return lines


def _name(entity: Entity, width: int) -> Line:
    """What an entity is called: how the article mostly writes it, then its id if that is another."""
    name, form = plain_line(entity.name, 80), plain_line(entity.form, 80)
    if name == form or cell_len(form) + 8 > width:
        return (piece(_fit(name, width)),)
    return (piece(f"{form} "), piece(_fit(name, width - cell_len(form) - 1), "dim"))


def _looked(desk: Desk) -> str:
    return "  looked at" if desk.layer.name in desk.sheet.looked else ""


def _fit(text: str, cells: int) -> str:
    """Text in exactly so many cells, cut with an ellipsis."""
    if cell_len(text) > cells:
        return set_cell_size(text, max(cells - 1, 0)) + "…"
    return set_cell_size(text, cells)
