"""Tokens for spaCy, which give back the text to the last character and have an edge at every span.

spaCy's text is its words, each with one space behind it or none. Other white space, and a space at
which a span begins or ends, is a word of its own.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from annotator.model.annotation import Span
from annotator.text.tokens import tokens


class Tokenized:
    """A text as words and spaces, with the places of the words."""

    def __init__(self, text: str, spans: Iterable[Span], whole_tokens: bool = False) -> None:
        """Tokens are cut where spans begin and end, unless `whole_tokens` makes the spans grow."""
        self.words: list[str] = []
        self.spaces: list[bool] = []
        """Whether a single space follows each word."""
        self._text = text
        self._starts: list[int] = []
        self._ends: list[int] = []
        places = [(span.start, span.end) for span in spans]
        edges = sorted({edge for place in places for edge in place})
        self._tokens = tokens(text)
        self.cuts: list[int] = []
        """Edges inside tokens, which were cut there."""
        if whole_tokens:
            places = [self.grown(*place) for place in places]
        elif cuts := [edge for edge in edges if self._outward(edge, 0) != edge]:
            self.cuts = cuts
            self._tokens = tokens(text, cuts)
        self._build(sorted({start for start, _ in places}), sorted({end for _, end in places}))

    def grown(self, start: int, end: int) -> tuple[int, int]:
        """A place that begins and ends where tokens do."""
        return self._outward(start, 0), self._outward(end, 1)

    def range(self, start: int, end: int) -> tuple[int, int]:
        """The first word of a place, and the one after its last."""
        return bisect_left(self._starts, start), bisect_left(self._ends, end) + 1

    def _outward(self, edge: int, side: int) -> int:
        """An edge, or the start or end of the token it lies in."""
        place = bisect_right(self._tokens, (edge, -1)) - 1
        if place >= 0 and self._tokens[place][0] < edge < self._tokens[place][1]:
            return self._tokens[place][side]
        return edge

    def _build(self, begins: list[int], ends: list[int]) -> None:
        begin_at, end_at = set(begins), set(ends)
        edges = sorted(begin_at | end_at)
        place = 0
        for start, end in [*self._tokens, (len(self._text), len(self._text))]:
            if place < start and self._takes_space(place, begin_at, end_at):
                self.spaces[-1] = True
                place += 1
            for cut in [*edges[bisect_right(edges, place) : bisect_left(edges, start)], start]:
                self._add(place, cut)
                place = cut
            self._add(start, end)
            place = end

    def _takes_space(self, place: int, begin_at: set[int], end_at: set[int]) -> bool:
        """Whether what comes at a place is a space that the word before it can have behind it."""
        return (
            bool(self.words)
            and self._text[place] == " "
            and place not in begin_at
            and place + 1 not in end_at
        )

    def _add(self, start: int, end: int) -> None:
        if start < end:
            self.words.append(self._text[start:end])
            self.spaces.append(False)
            self._starts.append(start)
            self._ends.append(end)
