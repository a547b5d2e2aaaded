"""The article's items as a table: a row each, a column for each annotator, what is gold last."""

from annotator.gold.adjudication.items import NOTHING, Item, State, What
from annotator.lead.adjudication_filter import answer_of
from annotator.tui.adjudicate_sight import Sight, fit
from annotator.tui.lines import Line, Piece, piece
from annotator.tui.looks import label_style

CELL = 10
"""Cells of an annotator's answer."""
DONE = {
    State.OPEN: "",
    State.DECIDED: "✓",
    State.DISCUSS: "?",
    State.SKIPPED: "»",
    State.STALE: "!",
}
"""Signs of an item's state."""


def table(sight: Sight, item: Item, width: int, height: int) -> list[Line]:
    """The items to go through that are of the current one's layer, the current one in view."""
    desk = sight.desk
    if desk.table is None:
        return []
    rows = [desk.table.by_key[key] for key in desk.order]
    rows = [row for row in rows if (row.layer, row.what) == (item.layer, item.what)]
    voters = sight.voters(item)
    cell = min(CELL, max((width - 24) // (len(voters) + 1), 4))
    first = max(width - cell * (len(voters) + 1) - 4, 8)
    what = "evidence of" if item.what is What.EVIDENCE else "target" if _is_stance(item) else "text"
    heads = [piece(fit(f"   {what}", first + 3), "dim")]
    heads += [piece(fit(shown, cell), "bold") for shown, _ in voters]
    lines: list[Line] = [(*heads, piece("gold", "bold"))]
    room = max(height - 1 - (6 if item.what is not What.SPAN else 0), 1)
    here = next((n for n, row in enumerate(rows) if row.key == item.key), 0)
    top = max(min(here - room // 2, len(rows) - room), 0)
    for row in rows[top : top + room]:
        lines.append(_row(sight, row, row.key == item.key, [n for _, n in voters], first, cell))
    if item.what is not What.SPAN:
        lines += _evidence(sight, item, width)
    return lines[:height]


def _evidence(sight: Sight, item: Item, width: int) -> list[Line]:
    """What each annotator quotes for the current item."""
    lines: list[Line] = [()]
    for shown, name in sight.voters(item):
        code = answer_of(item, name)
        variant = next((v for v in item.variants if v.code == code), None)
        stance = sight.desk.table.stance_of(item, name) if sight.desk.table else None
        said = sight.said(item, variant) if variant else "nothing"
        label = label_style(sight.color(item, variant) if variant else "")
        head = (
            piece(f" {shown}  ", "bold"),
            piece(fit(stance.label if stance else said, 9), label),
        )
        quotes = stance.evidence if stance else ()
        room = max(width - 16 - len(shown), 8)
        if not quotes:
            lines.append(head)
        for n, quote in enumerate(quotes):
            words = f"“{sight.surface(quote.start, quote.end, room)}”"
            left = head if n == 0 else (piece(" " * (len(shown) + 12)),)
            lines.append((*left, piece(f" {words}")))
    return lines


def _is_stance(item: Item) -> bool:
    return item.what is What.STANCE


def _row(sight: Sight, item: Item, current: bool, voters: list[str], first: int, cell: int) -> Line:
    name = fit(name_of(sight, item, first - 1), first - 1)
    pieces: list[Piece] = [
        piece("▶" if current else " ", "bold bright_yellow"),
        piece(f"{DONE[item.state] or ' '} ", "bold"),
        piece(name + " ", "bold reverse" if current else ""),
    ]
    for annotator in voters:
        pieces.append(_answer(sight, item, answer_of(item, annotator), cell))
    pieces.append(_gold(sight, item, cell))
    return tuple(pieces)


def _answer(sight: Sight, item: Item, code: str, cell: int) -> Piece:
    """What an annotator says to an item."""
    variant = next((v for v in item.variants if v.code == code), None)
    if variant is None or code == NOTHING:
        return piece(fit("–" if variant else "", cell), "dim")
    number = item.variants.index(variant) + 1
    said = (
        f"{number} {sight.said(item, variant)}"
        if len(item.variants) > 1
        else sight.said(item, variant)
    )
    if item.what is What.EVIDENCE:
        said = f"{number} {len(variant.evidence)}×"
    style = label_style(sight.color(item, variant))
    return piece(fit(said, cell - 1) + " ", style)


def _gold(sight: Sight, item: Item, cell: int) -> Piece:
    """What was decided, or in brackets what is proposed."""
    decided = item.decided
    if decided is not None and item.state is State.DECIDED:
        decision = decided.decision
        if item.what is What.EVIDENCE:
            said = f"{len(decision.evidence)}×"
        elif item.what is What.STANCE:
            said = decision.stance.label if decision.stance else "–"
        else:
            said = " ".join(span.label for span in decision.spans) or "–"
        return piece(fit(said, cell), "bold")
    proposed = sight.desk.proposal if item is sight.desk.item else None
    return piece(fit(f"({sight.said(item, proposed)})" if proposed else "", cell), "dim")


def name_of(sight: Sight, item: Item, room: int) -> str:
    """What an item is about: its text, or target and holder."""
    stance = next((v.stance for v in item.variants if v.stance), None)
    if stance is None and item.decided is not None:
        stance = item.decided.decision.stance
    if item.what is What.SPAN or stance is None:
        return sight.surface(item.start, item.end, room)
    holder = (
        "" if stance.holder.kind == "author" else f" ({stance.holder.name or stance.holder.kind})"
    )
    return sight_line(stance.target.name + holder, room)


def sight_line(words: str, room: int) -> str:
    """Foreign words in one line of at most so many cells."""
    from annotator.text.visible import plain_line

    return fit(plain_line(words, 4 * room), room).rstrip()
