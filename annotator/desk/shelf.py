"""What files and suggesters suggest in one layer of the article on the desk, found by place.

A suggestion is open while nothing is labelled over it and it was not rejected; an open one is shown
unless another open one that comes before it (`Proposal.rank`) shares text with it. So what is shown
never overlaps, and deciding on one brings out what it hid. Painting a row costs the same with ten
thousand suggestions as with ten.
"""

from collections.abc import Callable, Iterable

from annotator.desk.editing import strip
from annotator.desk.selection import Range
from annotator.desk.sheet import Sheet
from annotator.desk.suggested import Proposal, is_rejected
from annotator.model.scheme import SpanLayer
from annotator.model.scheme_change import successor
from annotator.model.suggestion import Suggestion
from annotator.text.clusters import JOINED
from annotator.text.units import snap

CELLS = (128, 8192, 524_288)
"""Code points of the cells suggestions are filed in: the longer one is, the larger its cells."""
WIDEST = 64
"""A suggestion that lies in more cells than that is filed in larger ones, while there are any."""


class Shelf:
    """The suggestions of one layer."""

    def __init__(self, sheet: Sheet, layer: SpanLayer, found: Iterable[Suggestion]) -> None:
        self._sheet = sheet
        self._layer = layer.name
        made = (_proposal(sheet.article.text, layer, suggestion) for suggestion in found)
        kept = (proposal for proposal in made if proposal is not None)
        self._all = sorted(kept, key=lambda p: (p.start, -p.end, p.source, p.label))
        self._cells: dict[int, dict[int, list[int]]] = {size: {} for size in CELLS}
        self._first: dict[int, tuple[int, ...]] = {}
        """For each suggestion those that come before it where both are open."""
        self._labelled: dict[int, str] = {}
        """The id of a span that lay over a suggestion when it was last looked for."""
        self._revision = -1
        self._open: dict[int, bool] = {}
        for number, proposal in enumerate(self._all):
            size = _size(*proposal.range)
            for cell in _cells(*proposal.range, size):
                self._cells[size].setdefault(cell, []).append(number)

    def __bool__(self) -> bool:
        return bool(self._all)

    def shown(self, start: int, end: int) -> list[Proposal]:
        """What is shown of a stretch, in order."""
        return [
            self._all[number]
            for number in self._over(start, end)
            if self._is_open(number) and not any(map(self._is_open, self._before(number)))
        ]

    def all(self, start: int, end: int) -> list[Proposal]:
        """What there is in a stretch, decided or not, in order."""
        return [self._all[number] for number in self._over(start, end)]

    def open(self, start: int, end: int) -> list[Proposal]:
        """What is open in a stretch, shown or not, in order."""
        return [self._all[n] for n in self._over(start, end) if self._is_open(n)]

    def would_show(
        self, start: int, end: int, is_open: Callable[[Proposal], bool]
    ) -> list[Proposal]:
        """What would be shown of a stretch if these were open, in order."""
        return [
            self._all[number]
            for number in self._over(start, end)
            if is_open(self._all[number])
            and not any(is_open(self._all[n]) for n in self._before(number))
        ]

    def around(self, stretch: Range, within: Range) -> Range:
        """What may look otherwise within a stretch when something is decided in another one."""
        for _ in range(2):  # what comes out there may hide another one
            low, high = max(stretch[0], within[0]), min(stretch[1], within[1])
            if low >= high:
                break
            over = [self._all[number] for number in self._over(low, high)]
            stretch = min([low, *(p.start for p in over)]), max([high, *(p.end for p in over)])
        return stretch

    def _over(self, start: int, end: int) -> list[int]:
        """The numbers of the suggestions that share text with a stretch, in order."""
        found: set[int] = set()
        for size, cells in self._cells.items():
            wanted = _cells(start, end, size)
            few = len(wanted) <= len(cells)
            for cell in wanted if few else (cell for cell in cells if cell in wanted):
                found.update(cells.get(cell, ()))
        return sorted(n for n in found if self._all[n].start < end and self._all[n].end > start)

    def _before(self, number: int) -> tuple[int, ...]:
        if number not in self._first:
            place = (*self._all[number].rank, -number)
            over = self._over(*self._all[number].range)
            self._first[number] = tuple(n for n in over if (*self._all[n].rank, -n) > place)
        return self._first[number]

    def _is_open(self, number: int) -> bool:
        if self._revision != self._sheet.revision:
            self._revision = self._sheet.revision
            self._open.clear()
        if number not in self._open:
            proposal = self._all[number]
            self._open[number] = not self._is_labelled(number, proposal) and not is_rejected(
                self._sheet, self._layer, proposal
            )
        return self._open[number]

    def _is_labelled(self, number: int, proposal: Proposal) -> bool:
        """Whether a span of the layer shares text with a suggestion; most likely the same as before."""
        span = self._sheet.spans.get(self._labelled.get(number, ""))
        if span and span.start < proposal.end and span.end > proposal.start:
            return True
        over = self._sheet.over(self._layer, *proposal.range)
        if over:
            self._labelled[number] = over[0].id
        return bool(over)


def _proposal(text: str, layer: SpanLayer, found: Suggestion) -> Proposal | None:
    """A suggestion as the layer can have it: at whole characters, with a label that can be given.

    None where there is nothing to see. What has a label that the scheme gave up for one other
    suggests that one; without a label, or with one that cannot be given, it is unsure.
    """
    start, end = found.start, found.end
    if not 0 <= start < end <= len(text):
        return None
    if (
        text[start].isspace()
        or text[end - 1].isspace()
        or JOINED.match(text, start)
        or JOINED.match(text, end)
    ):
        start, end = strip(text, *snap(text, start, end))
        if start == end:
            return None
    label = layer.label(found.label)
    if label is not None and label.retired:
        label = layer.label(successor(layer, found.label))
    known = label is not None and not label.retired
    name = label.name if label is not None else found.label
    sure = known and found.is_sure
    return Proposal(
        start, end, name, sure, found.source, found.score, found.attrs, found.why, found.version
    )


def _size(start: int, end: int) -> int:
    """The size of the cells a stretch is filed in."""
    return next((s for s in CELLS if len(_cells(start, end, s)) <= WIDEST), CELLS[-1])


def _cells(start: int, end: int, size: int) -> range:
    """The cells of a size that a stretch, or an empty one's place, lies in."""
    return range(start // size, max(end - 1, start) // size + 1)
