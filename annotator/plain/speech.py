"""What the plain mode says of where one is and what is labelled there, in plain lines."""

from collections.abc import Iterator

from annotator.desk.desk import Desk
from annotator.desk.grid import Row
from annotator.desk.selection import Range
from annotator.desk.stances import CONFIDENCE
from annotator.desk.suggested import Proposal
from annotator.model.annotation import AUTHOR, Party, Span
from annotator.model.scheme import Label, StanceLayer, Unit
from annotator.plain.places import Places, number_at
from annotator.text import units
from annotator.text.visible import plain_line

AROUND = 300
"""Code points of the block that are read on either side of the cursor's unit."""
LONG, ENDS = 600, 200
"""Of a unit longer than this only so many code points at both ends are read."""
ANY = 100_000
"""A limit for lines that are to be read whole."""
SURFACE = 60
"""Cells of an annotation's text."""


def where(desk: Desk, places: Places) -> str:
    """Block, sentence and word, then the block's text with the current unit in brackets."""
    start, end = desk.caret.target
    number, block = places.block(start)
    said = [f"Block {number} of {len(places.blocks)}"]
    unit = desk.caret.unit
    if unit is Unit.SENTENCE:
        parts = places.sentences(block)
        said.append(f"sentence {number_at(parts, start)} of {len(parts)}")
    elif unit in (Unit.WORD, Unit.GRAPHEME):
        parts = places.words(block)
        said.append(f"word {number_at(parts, start)} of {len(parts)}")
    if desk.caret.selecting:
        said.append("select mode")
    return f"{', '.join(said)}: {bracketed(desk.caret.text, (start, end), block)}"


def bracketed(text: str, unit: Range, block: Range) -> str:
    """The text round a unit, the unit in brackets; what is too long is cut with an ellipsis."""
    start, end = unit
    low = units.snap(text, max(min(block[0], start), start - AROUND), start)[0]
    high = (
        units.snap(text, end, min(max(block[1], end), end + AROUND))[1] if end < len(text) else end
    )
    before = ("… " if low > block[0] else "") + text[low:start]
    after = text[end:high] + (" …" if high < block[1] else "")
    return plain_line(f"{before}[{_middle(text, start, end)}]{after}", ANY)


def _middle(text: str, start: int, end: int) -> str:
    if end - start <= LONG:
        return text[start:end]
    first = units.snap(text, start, start + ENDS)[1]
    last = units.snap(text, end - ENDS, end)[0]
    return f"{text[start:first]} … {text[last:end]}"


def labelled(desk: Desk, places: Places) -> str:
    """What is labelled where one is; in the stance layer the row one is on."""
    if isinstance(desk.layer, StanceLayer):
        return row_line(desk, desk.stances.row)
    start, end = desk.caret.target
    over = desk.sheet.over(desk.layer.name, start, max(end, start + 1))
    if not over:
        found = desk.proposals.here
        return f"No label here in {desk.layer.title}." if found is None else suggested(desk, found)
    more = f"; {len(over) - 5} more" if len(over) > 5 else ""
    return f"Here: {'; '.join(span_line(desk, places, span) for span in over[:5])}{more}."


def suggested(desk: Desk, found: Proposal) -> str:
    """What is suggested where one is, and what to say to it."""
    text = surface(desk.caret.text, *found.range)
    if not found.label:
        return f"Perhaps something: {found.told} “{text}”; a label labels it, remove rejects it."
    why = f" {found.reason}" if found.why else ""
    return f"Suggested: {found.told} “{text}”; enter labels it, remove rejects it.{why}"


def span_line(desk: Desk, places: Places, span: Span) -> str:
    """A span's label and text; of a run of blocks its numbers."""
    if span.end - span.start > SURFACE:
        first, last = places.block(span.start)[0], places.block(span.end - 1)[0]
        if first != last:
            return f"{span.label}, blocks {first} to {last}"
    return f"{span.label} “{surface(desk.caret.text, span.start, span.end)}”"


def surface(text: str, start: int, end: int) -> str:
    """A stretch of the text for a list."""
    return plain_line(text[start : min(end, start + 4 * SURFACE)], SURFACE)


def row_line(desk: Desk, number: int) -> str:
    """A row of the stance grid."""
    rows = desk.stances.rows
    if not rows:
        return "No targets yet: label entities first, or add one with: target WORDS."
    row = rows[number]
    name = plain_line(row.target.name, SURFACE)
    gone = " (gone)" if row.orphan else ""
    return f"Row {number + 1} of {len(rows)}: {name}{gone}, {party(row.holder)}: {stance(row)}."


def stance(row: Row) -> str:
    """A row's value, how it is said, how sure one is, how much evidence there is."""
    found = row.stance
    if found is None:
        return "no value"
    sure = CONFIDENCE.get(found.confidence, str(found.confidence))
    return (
        f"{found.label}, {found.basis}, {sure}, {count(len(found.evidence), 'piece')} of evidence"
    )


def party(holder: Party) -> str:
    """Who takes a position."""
    if holder == AUTHOR:
        return "the author"
    return f"{holder.kind} {plain_line(holder.name, SURFACE)}".rstrip()


def count(number: int, what: str) -> str:
    """A number of things."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def legend(labels: tuple[Label, ...]) -> Iterator[str]:
    """The labels with their letters."""
    for label in labels:
        if label.key:
            yield f"{label.key}  {label.name}: {plain_line(label.title, SURFACE)}"


def in_rows(words: list[str], width: int = 72) -> Iterator[str]:
    """Short texts in lines of about so many characters."""
    line = ""
    for word in words:
        if line and len(line) + len(word) + 2 > width:
            yield line
            line = ""
        line = f"{line}  {word}" if line else word
    if line:
        yield line
