"""How an annotator's labels and gold are drawn: below each row of text a line of theirs, one of gold."""

import unicodedata
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from annotator.gold.comparison import Difference, StancePair
from annotator.lead.feedback import Feedback, surface, told
from annotator.model.scheme import Scheme, SpanLayer, Unit
from annotator.text import units
from annotator.text.rows import Rows, cells, painted, wrap
from annotator.text.visible import plain_line
from annotator.tui.adjudicate_sight import fit
from annotator.tui.lines import Line, Piece, piece
from annotator.tui.looks import label_style

READ = 90
"""Text is never wider, in cells."""
GUTTER = 7
"""Cells left of the text for whose line it is."""
LETTERS, HEAD = 10, " you gold"
"""Cells left of the text for the letters of blocks, and what stands above them."""
BAR, POINT = "═", "▸"
Range = tuple[int, int]


class Mark(NamedTuple):
    """A stretch as it is drawn."""

    start: int
    end: int
    letter: str
    color: str
    chosen: bool
    """Whether it belongs to the difference at hand."""


class Beside:
    """One article with its differences, and what is seen of it."""

    def __init__(self, found: Feedback, scheme: Scheme) -> None:
        self.scheme = scheme
        self.show(found)

    def show(self, found: Feedback) -> None:
        """Go to an article."""
        self.found = found
        self.pairs = found.comparison.differences
        self.at = 0
        self._shift = 0
        self._rows: tuple[int, Rows] = (0, wrap("", 1))

    @property
    def current(self) -> Difference | None:
        """The difference at hand; None when nothing differs."""
        return self.pairs[self.at] if self.pairs else None

    def step(self, by: int) -> None:
        """To another difference; stays at the first and the last."""
        self.at = max(min(self.at + by, len(self.pairs) - 1), 0)
        self._shift = 0

    def scroll(self, rows: int) -> None:
        """Look elsewhere in the text, until the next step."""
        self._shift += rows

    # --- drawing

    def heading(self, width: int) -> list[Line]:
        """Two lines on the difference at hand."""
        pair = self.current
        if pair is None:
            words = "Nothing differs: all of your labels here are gold, and nothing is missing."
            return [(piece(f" {words}", "bold"),), ()]
        layer = self.scheme.layer(pair.layer)
        title = plain_line(layer.title if layer else pair.layer, 30)
        first = f" {self.at + 1}/{len(self.pairs)} {title} "
        said = plain_line(told(pair), 200)
        about = f"“{plain_line(surface(pair, self.found.article.text), 400)}”"
        if isinstance(pair, StancePair):
            about += self._shown_by(pair)
        return [
            (piece(first, "bold reverse"), piece(f" {said}", "bold")),
            (piece(" " + fit(about, max(width - 2, 1))),),
        ]

    def _shown_by(self, pair: StancePair) -> str:
        """The first evidence of both, which may stand far apart in the text."""
        text, said = self.found.article.text, ""
        for who, stance in (("you", pair.own), ("gold", pair.gold)):
            if stance is not None and stance.evidence:
                start, end = stance.evidence[0][:2]
                said += f"   {who} “{fit(plain_line(text[start:end], 200), 24).rstrip()}”"
        return said

    def lines(self, width: int, height: int) -> list[Line]:
        """The text around the difference with both lines of labels."""
        head: list[Line] = [(piece(HEAD, "bold"),)] if self._is_coarse else []
        return [*head, *self._body(width, height - len(head))][:height]

    def _body(self, width: int, height: int) -> list[Line]:
        gutter = LETTERS if self._is_coarse else GUTTER
        room = max(min(width - gutter - 1, READ), 8)
        rows = self._wrapped(room)
        pair = self.current
        first = rows.row_of(pair.place[0]) if pair is not None else 0
        top = max(min(first - height // 4 + self._shift, len(rows) - 1), 0)
        found: list[Line] = []
        own, gold = self._marks()
        for row in range(top, len(rows)):
            if len(found) >= height:
                break
            found += self._row(rows.span(row), room, own, gold)
        if pair is not None and not self._shift:
            found = self._kept_in_view(found, rows, (top, first), room, height, (own, gold))
        return found[:height]

    def _kept_in_view(
        self,
        found: list[Line],
        rows: Rows,
        place: Range,
        room: int,
        height: int,
        marks: tuple[list[Mark], list[Mark]],
    ) -> list[Line]:
        """Leave rows before the difference out until it is on screen whole, as far as it fits."""
        top, first = place
        before = sum(len(self._row(rows.span(row), room, *marks)) for row in range(top, first))
        need = len(self._row(rows.span(first), room, *marks)) + 2
        drop = max(before + need - height, 0)
        return found[drop:] if drop else found

    def _wrapped(self, room: int) -> Rows:
        if self._rows[0] != room:
            self._rows = (room, wrap(self.found.article.text, room))
        return self._rows[1]

    def _marks(self) -> tuple[list[Mark], list[Mark]]:
        """What is drawn of the annotator and of gold in the layer at hand."""
        pair = self.current
        layer = pair.layer if pair is not None else self._first_layer()
        stance = self.scheme.stance_layer
        if stance is not None and layer == stance.name:
            return self._evidence(pair)
        chosen = {id(span) for span in (pair.own, pair.gold)} if pair is not None else set()
        made = []
        for work in (self.found.own, self.found.gold):
            spans = sorted(
                (s for s in work.spans if s.layer == layer), key=lambda s: s.start - s.end
            )
            made.append(
                [Mark(s.start, s.end, *self._look(layer, s.label), id(s) in chosen) for s in spans]
            )
        return made[0], made[1]

    def _evidence(self, pair: Difference | None) -> tuple[list[Mark], list[Mark]]:
        """The evidence of the stance at hand."""
        if not isinstance(pair, StancePair):
            return [], []
        made = []
        for stance in (pair.own, pair.gold):
            look = self._look(pair.layer, stance.label) if stance is not None else ("", "")
            evidence = stance.evidence if stance is not None else ()
            made.append([Mark(e.start, e.end, *look, True) for e in evidence])
        return made[0], made[1]

    def _first_layer(self) -> str:
        layers = self.found.comparison.layers
        spans = [layer.name for layer in self.scheme.span_layers if layer.name in layers]
        return (spans or list(layers) or [""])[-1]

    def _look(self, layer: str, name: str) -> tuple[str, str]:
        """Letter and colour of a label."""
        known = self.scheme.layer(layer)
        label = known.label(name) if known is not None else None
        return (label.letter, label.color) if label is not None else ("?", "")

    # --- rows

    @property
    def _is_coarse(self) -> bool:
        """Whether labels cover whole rows, so that letters left of them say more than bars."""
        pair = self.current
        layer = self.scheme.layer(pair.layer if pair is not None else self._first_layer())
        return isinstance(layer, SpanLayer) and layer.unit in (Unit.BLOCK, Unit.SENTENCE)

    def _row(
        self, stretch: Range, room: int, own: Sequence[Mark], gold: Sequence[Mark]
    ) -> list[Line]:
        """A row of text and, where anything is marked in it, what."""
        here = [
            [m for m in side if m.start < stretch[1] and m.end > stretch[0]] for side in (own, gold)
        ]
        text = tuple(self._text(stretch, room, [*here[0], *here[1]]))
        if self._is_coarse:
            letters = [side[-1] if side else None for side in here]
            return [(*_letters(letters[0], letters[1]), *text)]
        lines: list[Line] = [(piece(" " * GUTTER), *text)]
        if here[0] or here[1]:
            for who, side in zip(("you", "gold"), here, strict=True):
                chosen = any(mark.chosen for mark in side)
                head = piece(
                    fit(f"{POINT if chosen else ' '}{who}", GUTTER), "bold" if chosen else ""
                )
                lines.append((head, *self._bars(side, stretch)))
        return lines

    def _text(self, stretch: Range, room: int, marks: Sequence[Mark]) -> list[Piece]:
        """A row's words, those at hand underlined."""
        text = self.found.article.text
        start, end = stretch[0], painted(text, *stretch, room)
        places = [(m.start, m.end) for m in marks if m.chosen]
        borders = {start, end}
        for place in places:
            borders.update(units.snap(text, x, x)[0] for x in place if start < x < end)
        return [
            piece(text[a:b], "bold underline" if any(s < b and e > a for s, e in places) else "")
            for a, b in pairwise(sorted(borders))
        ]

    def _bars(self, marks: Sequence[Mark], stretch: Range) -> list[Piece]:
        """A bar below each stretch, its letter first; shorter ones over longer ones.

        Where a row runs from right to left, nothing would stand below its place: there the words are
        repeated.
        """
        text = self.found.article.text
        row = text[stretch[0] : stretch[1]].rstrip("\r\n ")
        if _right_to_left(row):
            return [
                piece(
                    f"{m.letter} “{plain_line(text[max(m.start, stretch[0]) : min(m.end, stretch[1])], 60)}”  ",
                    label_style(m.color),
                )
                for m in sorted(marks)
            ]
        width = cells(row)
        cellsof: list[tuple[str, Mark | None]] = [(" ", None)] * width
        for mark in marks:
            first = units.snap(text, max(mark.start, stretch[0]), max(mark.start, stretch[0]))[0]
            left = cells(text[stretch[0] : first])
            right = max(cells(text[stretch[0] : min(mark.end, stretch[0] + len(row))]), left + 1)
            begins = mark.start >= stretch[0]
            for column in range(left, min(right, width)):
                sign = mark.letter if begins and column == left else BAR
                cellsof[column] = (sign, mark)
        found: list[Piece] = []
        for sign, of in cellsof:
            style = label_style(of.color) if of is not None else ""
            if found and found[-1][1] == piece("", style)[1]:
                found[-1] = (found[-1][0] + sign, found[-1][1])
            else:
                found.append(piece(sign, style))
        return found


def _letters(own: Mark | None, gold: Mark | None) -> list[Piece]:
    """Both letters of a row of a block, and a sign where they differ."""
    differs = (own and own.letter) != (gold and gold.letter)
    chosen = any(mark is not None and mark.chosen for mark in (own, gold))
    return [
        piece(POINT if chosen else " ", "bold"),
        piece(own.letter if own else "·", label_style(own.color) if own else "dim"),
        piece(" ≠ " if differs else "   ", "bold"),
        piece(gold.letter if gold else "·", label_style(gold.color) if gold else "dim"),
        piece(" " * (LETTERS - 6)),
    ]


def _right_to_left(row: str) -> bool:
    if row.isascii():
        return False
    return any(unicodedata.bidirectional(char) in ("R", "AL", "AN") for char in row)
