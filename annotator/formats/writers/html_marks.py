"""Marks in a text as HTML: elements inside each other, and divided where marks cross.

The text inside the elements is the article's, character for character, so that it can be copied;
what a mark means is an attribute that the style shows beside it.
"""

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import pairwise
from typing import NamedTuple

from annotator.text.visible import visible


class Mark(NamedTuple):
    """A stretch of text that something is said about."""

    start: int
    end: int
    ident: str
    """What links lead to."""
    classes: str
    label: str
    """Foreign text, to be shown at its end or, of a `block`, at its beginning."""
    title: str = ""
    """What is shown when it is pointed at; foreign text."""
    block: bool = False


def shown(text: str) -> str:
    """A text as it may be shown, as long as it is; its line feeds stay, for lines to be lines."""
    seen = visible(text)
    if "\n" not in text:
        return seen
    return "".join("\n" if char == "\n" else seen[n] for n, char in enumerate(text))


def escaped(text: str) -> str:
    """Foreign text in one line of HTML, or in an attribute."""
    return escape(visible(text))


def marked(text: str, marks: Iterable[Mark]) -> str:
    """A text with marks, as HTML."""
    return "".join(_Writer(shown(text), sorted(marks, key=_order)).pieces())


def _order(mark: Mark) -> tuple[int, int, bool, str]:
    """Longer ones outside, blocks before others."""
    return mark.start, -mark.end, not mark.block, mark.ident


class _Writer:
    """Writes a text once through."""

    def __init__(self, text: str, marks: Sequence[Mark]) -> None:
        self._text = text
        self._marks = marks
        self._pieces: list[str] = []
        self._open: list[Mark] = []
        self._tags: dict[Mark, list[tuple[int, int]]] = {}
        """For each mark the pieces that open it, each with how many marks it lies in."""

    def pieces(self) -> list[str]:
        """All of it, opening tags and closing tags among the text."""
        edges = {0, len(self._text)}
        edges.update(*((mark.start, mark.end) for mark in self._marks))
        following = 0
        for start, end in pairwise(sorted(edges)):
            self._close(start)
            while following < len(self._marks) and self._marks[following].start == start:
                self._begin(self._marks[following])
                following += 1
            self._pieces.append(escape(self._text[start:end]))
        self._close(len(self._text))
        for mark, tags in self._tags.items():
            for number, (place, depth) in enumerate(tags):
                self._pieces[place] = _tag(mark, number, len(tags), depth)
        return self._pieces

    def _begin(self, mark: Mark) -> None:
        depth = sum(not each.block for each in self._open)
        self._tags.setdefault(mark, []).append((len(self._pieces), depth))
        self._pieces.append("")
        self._open.append(mark)

    def _close(self, place: int) -> None:
        """Close what ends here; what lies in it and goes on is closed and opened again."""
        first = next((n for n, mark in enumerate(self._open) if mark.end <= place), None)
        if first is None:
            return
        crossing = [mark for mark in self._open[first:] if mark.end > place]
        self._pieces.append("</span>" * (len(self._open) - first))
        del self._open[first:]
        for mark in crossing:
            self._begin(mark)


def _tag(mark: Mark, number: int, parts: int, depth: int) -> str:
    """The tag that opens one part of a mark; `number` counts from 0."""
    classes = " ".join(_classes(mark, number, parts, depth))
    attributes = [f'class="{classes}"']
    if number == 0:
        attributes.append(f'id="{mark.ident}"')
    if number == (0 if mark.block else parts - 1):
        attributes.append(f'data-label="{escaped(mark.label)}"')
    if mark.title:
        attributes.append(f'title="{escaped(mark.title)}"')
    return f"<span {' '.join(attributes)}>"


def _classes(mark: Mark, number: int, parts: int, depth: int) -> Iterator[str]:
    yield mark.classes
    if not mark.block:
        yield f"d{min(depth, 3)}"
    if number:
        yield "from"
    if number < parts - 1:
        yield "on"
