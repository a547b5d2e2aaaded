"""What a row of the article looks like: pieces of text, each with one look."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise

from rich.cells import cell_len
from rich.style import Style

from annotator.desk.desk import Desk
from annotator.model.annotation import Span
from annotator.model.scheme import SpanLayer, Unit
from annotator.text import units
from annotator.text.visible import visible
from annotator.tui.lines import Piece
from annotator.tui.looks import colorless, look, tag_styles

Range = tuple[int, int]
RowSpans = Sequence[tuple[SpanLayer, Sequence[Span]]]
"""For each layer its spans over a row, in reading order."""


@dataclass(slots=True)
class Painter:
    """Paints rows of the article on a desk."""

    desk: Desk
    matches: list[Range] = field(default_factory=list)
    """Search matches to show."""

    def row(self, start: int, end: int, spans: RowSpans) -> list[Piece]:
        """The pieces of the row `start`-`end` with these spans over it, its newline left out."""
        desk = self.desk
        text = desk.caret.text
        if end > start and text[end - 1] == "\n":
            end -= 2 if end - start > 1 and text[end - 2] == "\r" else 1
        marks = list(self._marks(start, end, spans))
        tags = desk.hints.between(start, end) if desk.hints.active else []
        shown = visible(text[start:end])
        if not marks and not tags:
            return [(shown, _PLAIN)]
        simple = shown.isascii() or _CLUSTERED.search(shown) is None
        covered = {at: (tag, _cover(text, at, end, len(tag), simple)) for at, tag in tags}
        borders = {start, end, *covered, *(cut for _, cut in covered.values())}
        for first, last, _ in marks:
            for border in (first, last):
                if start < border < end:
                    borders.add(border if simple else units.snap(text, border, border)[0])
        edges, plain = sorted(borders), colorless()
        pieces: list[Piece] = []
        hidden = start
        for a, b in pairwise(edges):
            if a in covered:
                tag, hidden = covered[a]
                tag = tag.ljust(cell_len(shown[a - start : hidden - start]))
                strong, weak = tag_styles()
                pieces.append((tag[0], strong))
                pieces.append((tag[1:], weak if tag[1:].strip() else _PLAIN))
            elif a >= hidden:
                look_of = tuple([m for f, t, m in marks if f < b and t > a])
                pieces.append((shown[a - start : b - start], _style(look_of, plain)))
        return pieces

    def _marks(self, start: int, end: int, spans: RowSpans) -> Iterable[tuple[int, int, str]]:
        """What lies over the row: spans of every layer, evidence, matches, caret, selection."""
        desk = self.desk
        for layer, over in spans:
            for span in over:
                yield span.start, span.end, _span_mark(layer, span)
        if desk.hand is desk.stances:
            yield from self._stance_marks(start, end)
        for proposal in desk.proposals.between(start, end):
            label = desk.layer.label(proposal.label)
            color = label.color if label else "red" if proposal.label else ""
            yield *proposal.range, f"{'p' if proposal.sure else 'q'}:{color}"
        for pick in desk.picks.between(start, end):
            yield *pick, "selection"
        for first, last in self.matches:
            if first < end and last > start:
                yield first, last, "match"
        caret = desk.caret
        if caret.selection is not None:
            yield *caret.selection.range, "selection"
        elif caret.range[0] < end and caret.range[1] > start:
            yield *caret.range, "word" if caret.unit is Unit.WORD else "block"

    def _stance_marks(self, start: int, end: int) -> Iterable[tuple[int, int, str]]:
        row = self.desk.stances.current
        if row is None:
            return
        for first, last in self.desk.stances.mentions(row):
            if first < end and last > start:
                yield first, last, "mention"
        for evidence in row.stance.evidence if row.stance else ():
            if evidence.start < end and evidence.end > start:
                yield evidence.start, evidence.end, "evidence"


_PLAIN = Style()


_CLUSTERED = re.compile(
    "[^\x00-\u02ff\u0370-\u0482\u048a-\u0590\u2010-\u2027\u2030-\u205e\u20a0-\u20c0\u2400-\u2426]"
)
"""A character that may belong to one of several code points (all of these stand alone)."""


def _span_mark(layer: SpanLayer, span: Span) -> str:
    label = layer.label(span.label)
    kind = "b" if layer.unit is Unit.BLOCK else "e"
    return f"{kind}:{label.color if label else 'red'}"


def _cover(text: str, at: int, end: int, size: int, simple: bool) -> int:
    """Where the text ends that a tag of `size` cells at an offset hides."""
    if simple:
        return min(at + size, end)
    cut = at
    while cut < end and cell_len(visible(text[at:cut])) < size:
        cut = max(units.grapheme_at(text, cut)[1], cut + 1)
    return min(cut, end)


@cache
def _style(marks: tuple[str, ...], plain: bool) -> Style:
    """One look out of everything that lies over a piece."""
    names = set(marks)
    entities = [m for m in marks if m.startswith("e:")]
    blocks = [m for m in marks if m.startswith("b:")]
    proposed = [m for m in marks if m.startswith(("p:", "q:"))]
    weak = bool(blocks) or any(m.startswith("q:") for m in proposed)
    color = (entities or proposed or blocks or ["::"])[-1].split(":", 1)[1].strip(":")
    if "match" in names and not entities:
        color = "yellow"
    return look(
        "" if plain else color,
        weak and not entities and not names & {"block", "word", "selection"},
        min(len(entities), 2) or ("evidence" in names),
        bool(names & {"block", "word", "selection", "mention"}),
        bool(names & {"word", "selection", "match"}),
        "evidence" in names or bool(proposed),
    )
