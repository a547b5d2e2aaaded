"""The text with an item's variants below its lines, or as columns beside them."""

import unicodedata
from collections.abc import Sequence
from itertools import pairwise

from rich.cells import cell_len

from annotator.gold.adjudication.items import Item
from annotator.model.scheme import SpanLayer, Unit
from annotator.text import units
from annotator.text.rows import Rows, cells, painted
from annotator.tui.adjudicate_sight import Mark, Range, Sight, fit
from annotator.tui.lines import Line, Piece, piece
from annotator.tui.looks import colorless, label_style

LABEL = 9
"""Cells of a variant's label beside its mark."""
BAR, EDGE = "═", "═"
COVERED, BEGINS = "│", "┌"
TALL = 3
"""Rows from which on a block is shown as columns."""
READ = 90
"""Text is never wider, in cells."""


def inline(sight: Sight, item: Item, width: int, height: int) -> list[Line]:
    """The item's lines with marks below, and as much of the text around as there is room for.

    What lies between stretches far apart is left out; what is too high even so comes as columns.
    """
    marks = _shown(sight, item)
    gutter = 4 + max([cell_len(mark.who) for mark in marks] + [1]) + 1 + LABEL
    gutter = min(gutter, max(width // 2, 8))
    room = max(min(width - gutter - 1, READ), 8)
    rows = sight.rows(room)
    covered = _covered(sight, item, rows)
    layer = sight.desk.project.scheme.layer(item.layer)
    if isinstance(layer, SpanLayer) and layer.unit is Unit.BLOCK and len(covered) > TALL:
        return columns(sight, item, width, height)
    blocks: list[list[Line]] = []
    for row in covered:
        if blocks and row - 1 not in covered:
            blocks.append([(piece(fit(" ⋮", gutter), "dim"),)])
        blocks.append(_text_line(sight, item, rows.span(row), gutter, room))
        blocks[-1] += _mark_lines(sight, marks, rows.span(row), gutter, row == covered[-1])
    found = [line for block in blocks for line in block]
    if len(found) > height and len(covered) > 1:
        return columns(sight, item, width, height)
    return _with_context(sight, found, rows, (covered[0], covered[-1]), gutter, room, height)


def columns(sight: Sight, item: Item, width: int, height: int) -> list[Line]:
    """The text with a column for each annotator left of it, and one for what is pointed at."""
    voters = sight.voters(item)
    size = max([cell_len(shown) for shown, _ in voters] + [1])
    size = min(size, 6) + 1
    gutter = min(size * (len(voters) + 1) + 2, max(width // 2, 6))
    room = max(min(width - gutter - 1, READ), 8)
    rows = sight.rows(room)
    first, last = _row_range(sight, item, rows)
    heads = "".join(fit(shown, size) for shown, _ in voters)
    lines: list[Line] = [(piece(fit(f" {heads}▸", gutter), "bold"),)]
    body = max(height - 1, 1)
    top = _top(first, last, len(rows), body)
    for row in range(top, min(top + body, len(rows))):
        stretch = rows.span(row)
        beside: list[Piece] = [piece(" ")]
        for _, name in voters:
            beside.append(_cell(_of_annotator(sight, item, name), stretch, size))
        beside.append(_cell(_pointed(sight, item), stretch, 2))
        used = sum(cell_len(text) for text, _ in beside)
        beside.append(piece(" " * max(gutter - used, 0)))
        lines.append((*beside, *_pieces(sight, item, stretch, room)))
    return lines[:height]


def _top(first: int, last: int, count: int, height: int) -> int:
    """The first row shown so that an item is in view with something before it."""
    if last - first + 1 >= height:
        return max(first - 1, 0)
    before = (height - (last - first + 1)) // 2
    return max(min(first - before, count - height), 0)


def _of_annotator(sight: Sight, item: Item, name: str) -> Mark | None:
    """The variant of an annotator as a mark."""
    for variant, mark in zip(item.variants, sight.marks(item), strict=True):
        if name in variant.annotators:
            return mark
    return None


def _pointed(sight: Sight, item: Item) -> Mark | None:
    return next((mark for mark in _shown(sight, item) if mark.pointed), None)


def _cell(mark: Mark | None, stretch: Range, size: int) -> Piece:
    """What stands in an annotator's column beside a row: where it begins the label's first letter."""
    if mark is None:
        return piece(fit("·", size), "dim")
    for start, end in mark.stretches:
        if start < stretch[1] and end > stretch[0]:
            begins = stretch[0] <= start < stretch[1]
            sign = (mark.label[:1].upper() or BEGINS) if begins else COVERED
            return piece(fit(sign, size), label_style(mark.color))
    return piece(fit("·" if not mark.stretches else " ", size), "dim")


# --- what is marked


def _shown(sight: Sight, item: Item) -> list[Mark]:
    """The variants as marks, or what is being edited under them."""
    marks = sight.marks(item) or _gold(sight, item)
    editing = sight.editing
    if editing is None or editing.item.key != item.key:
        return marks
    label = sight.label(item, editing.label)
    said = editing.label if editing.layer.name == item.layer else ""
    ranges = tuple(each.range for each in editing.stretches)
    who = "new" if editing.is_new else "edit"
    edited = Mark("e", who, said, label.color if label else "", ranges, True, False, False)
    return [*marks, edited]


def _gold(sight: Sight, item: Item) -> list[Mark]:
    """What is gold of an item that no annotator has a variant of."""
    if item.decided is None:
        return []
    decision, found = item.decided.decision, list[Mark]()
    for span in decision.spans:
        label = sight.label(item, span.label)
        color = label.color if label else ""
        stretch = ((span.start, span.end),)
        found.append(Mark("", "gold", span.label, color, stretch, False, False, False))
    if decision.evidence:
        ranges = tuple((each.start, each.end) for each in decision.evidence)
        found.append(Mark("", "gold", "evidence", "", ranges, False, False, False))
    return found


def _covered(sight: Sight, item: Item, rows: Rows) -> list[int]:
    """The rows that the variants (and the edited one) stand on, in order."""
    found: set[int] = set()
    for start, end in _ranges(sight, item):
        found.update(range(rows.row_of(start), rows.row_of(max(end - 1, start)) + 1))
    return sorted(found)


def _row_range(sight: Sight, item: Item, rows: Rows) -> Range:
    """First and last of these rows."""
    covered = _covered(sight, item, rows)
    return covered[0], covered[-1]


def _ranges(sight: Sight, item: Item) -> list[Range]:
    """The stretches to be seen: of what is edited above all the one held."""
    ranges = [stretch for mark in _shown(sight, item) for stretch in mark.stretches]
    if sight.editing is not None and sight.editing.edges:
        held = sight.editing.held.range
        ranges = [held, *(r for r in ranges if r[0] < held[1] and r[1] > held[0])]
    decided = item.decided.decision if item.decided else None
    if decided and not item.variants:
        ranges += [(span.start, span.end) for span in decided.spans]
        ranges += [(each.start, each.end) for each in decided.evidence]
    return ranges or [(item.start, max(item.end, item.start))]


def _with_context(
    sight: Sight,
    found: list[Line],
    rows: Rows,
    shown: Range,
    gutter: int,
    room: int,
    height: int,
) -> list[Line]:
    """The item's lines with text before and after them."""
    first, last = shown
    spare = max(height - len(found), 0)
    before = min(first, spare // 2)
    after = min(len(rows) - 1 - last, spare - before)
    before = min(first, spare - after)
    context = {
        row: (piece(" " * gutter), *_plain_row(sight, rows.span(row), room))
        for row in (*range(first - before, first), *range(last + 1, last + 1 + after))
    }
    above = [context[row] for row in range(first - before, first)]
    below = [context[row] for row in range(last + 1, last + 1 + after)]
    return [*above, *found, *below][:height]


def _plain_row(sight: Sight, stretch: Range, room: int) -> list[Piece]:
    start, end = stretch
    return [piece(sight.text[start : painted(sight.text, start, end, room)], "dim")]


def _text_line(sight: Sight, item: Item, stretch: Range, gutter: int, room: int) -> list[Line]:
    return [(piece(" " * gutter), *_pieces(sight, item, stretch, room))]


def _pieces(sight: Sight, item: Item, stretch: Range, room: int) -> list[Piece]:
    """A row of the text: what any variant covers underlined, what is pointed at bold as well."""
    text = sight.text
    start, end = stretch[0], painted(text, *stretch, room)
    marks = _shown(sight, item)
    borders = {start, end}
    for mark in marks:
        for a, b in mark.stretches:
            borders.update(units.snap(text, x, x)[0] for x in (a, b) if start < x < end)
    found: list[Piece] = []
    for a, b in pairwise(sorted(borders)):
        over = [m for m in marks if any(s < b and e > a for s, e in m.stretches)]
        found.append(piece(text[a:b], _style(over)))
    return found


def _style(over: Sequence[Mark]) -> str:
    if not over:
        return ""
    if any(mark.number == "e" for mark in over):
        return "bold reverse"
    if any(mark.pointed for mark in over):
        return "bold underline"
    return "underline"


def _mark_lines(
    sight: Sight, marks: Sequence[Mark], stretch: Range, gutter: int, last: bool
) -> list[Line]:
    """A line for each variant on a row: who, what, and from where to where."""
    found: list[Line] = []
    for mark in marks:
        here = [s for s in mark.stretches if s[0] < stretch[1] and s[1] > stretch[0]]
        if here or (last and not mark.stretches):
            found.append((*_head(mark, gutter), *_bars(sight, mark, here, stretch)))
    return found


def _head(mark: Mark, gutter: int) -> list[Piece]:
    """Pointer, number, annotators and label of a variant."""
    sign = "▸" if mark.pointed else "+" if mark.picked else " "
    left = f"{sign}{mark.number} {mark.who} "
    label = "" if mark.label == "evidence" else mark.label
    room = max(gutter - LABEL, 1)
    return [
        piece(fit(left, room), "bold" if mark.pointed else ""),
        piece(fit(label, gutter - room - 1) + " ", label_style(mark.color)),
    ]


def _bars(sight: Sight, mark: Mark, here: Sequence[Range], stretch: Range) -> list[Piece]:
    """A bar below each stretch of a variant on a row.

    Where the row runs from right to left the terminal orders its characters anew, so that nothing
    stands below its place: there the words themselves are repeated.
    """
    text, color = sight.text, "" if colorless() else mark.color
    style = f"bold {color}".strip() if color not in ("gray",) else "bold"
    row = text[stretch[0] : stretch[1]].rstrip("\r\n ")
    if not here:
        return []
    if _right_to_left(row):
        quoted = "  ".join(f"“{sight.surface(s, e, 60)}”" for s, e in here)
        return [piece(quoted, style)]
    found: list[Piece] = []
    column = 0
    for start, end in sorted(here):
        first = units.snap(text, max(start, stretch[0]), max(start, stretch[0]))[0]
        left = cells(text[stretch[0] : first])
        right = cells(text[stretch[0] : min(end, stretch[0] + len(row))])
        if left > column:
            found.append(piece(" " * (left - column)))
        size = max(right - max(left, column), 1)
        found.append(piece(BAR * size, style))
        column = max(left, column) + size
    return found


def _right_to_left(row: str) -> bool:
    if row.isascii():
        return False
    return any(unicodedata.bidirectional(char) in ("R", "AL", "AN") for char in row)
