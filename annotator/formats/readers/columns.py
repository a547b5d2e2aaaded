"""Files of token lines: which line is what, and the articles they make.

A line is a token with its columns, divided by TABs or, where there is none, by spaces; blank lines
end sentences; `-DOCSTART-` (or WikiNEuRal's `#DOCSTART`) in the first column, or in the second
after a number, begins an article; `# ...` before a sentence is a comment when it is no token line.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from annotator.formats.readers.tags import TAG
from annotator.formats.sources.decoding import coding
from annotator.formats.sources.incoming import LIMIT, Found, ReadOptions
from annotator.formats.sources.lines import numbered_lines
from annotator.formats.strict_json import BadJsonError
from annotator.model.errors import AnnotatorError

LOOKED_AT = 1000
"""Lines from which the columns are told."""
MOST_TOKENS = 1_000_000
"""Tokens of the longest article that is taken."""

_NOTHING = ("_", "-", "-X-", "O", "")
_STARTS = ("-DOCSTART-", "#DOCSTART", "#DOCSTART#")
_COMMENT = re.compile(r"#\s*[\w.:-]+\s*=\s")
_SPACES = re.compile(" +")


class Row(NamedTuple):
    """A line of a file."""

    line: int
    cells: tuple[str, ...] = ()
    """Its columns; none for a blank line, a comment and the beginning of an article."""
    is_start: bool = False
    is_comment: bool = False
    bad: str = ""
    """Why it cannot be read."""


class Token(NamedTuple):
    """A token line."""

    text: str
    tag: str
    line: int


class Columns(NamedTuple):
    """Which columns of a file are what, counted from 0."""

    token: int
    tag: int
    others: int
    """How many of the others hold anything."""
    width: int
    """How many there are."""


@dataclass(slots=True)
class Tokens:
    """The tokens of one article."""

    number: int
    """From 1; 0 in a file whose articles are not marked off."""
    line: int
    """Where it begins."""
    sentences: list[list[Token]] = field(default_factory=list)
    comments: int = 0
    bad: tuple[int, str] | None = None
    """The first line that cannot be read, and why."""
    _count: int = 0
    _size: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing was in it, not even something unreadable."""
        return not (self.sentences or self.bad)

    def refuse(self, line: int, reason: str) -> None:
        """The article cannot be taken; the first reason stays."""
        self.bad = self.bad or (line, reason)

    def add(self, row: Row, where: Columns, begins: bool) -> None:
        """The token of a line, which may begin a sentence; what is wrong with it goes to `bad`."""
        cells = row.cells
        self._check(row, where)
        token = Token("", "O", row.line)
        if len(cells) > max(where.token, where.tag):
            token = Token(cells[where.token], cells[where.tag], row.line)
        self._count += 1
        self._size += len(token.text) + 1
        if self._count > MOST_TOKENS or self._size > LIMIT:
            self.refuse(row.line, f"the article has more than {MOST_TOKENS:,} tokens or 64 MB")
            return
        if begins:
            self.sentences.append([])
        self.sentences[-1].append(token)

    def _check(self, row: Row, where: Columns) -> None:
        count = len(row.cells)
        if count == 1:
            self.refuse(row.line, "the line has one column, not a token and a tag")
        elif count != where.width:
            self.refuse(row.line, f"the line has {count} columns, not {where.width}")
        elif not TAG.fullmatch(row.cells[where.tag]):
            tag = row.cells[where.tag][:40]
            self.refuse(row.line, f"{tag!r} is no tag (O, or B-, I-, E-, S-, L-, U- and a label)")


def rows(found: Found, options: ReadOptions) -> Iterator[Row]:
    """The lines of a file, each told what it is."""
    within = False
    for number, line in numbered_lines(found.path, options):
        if isinstance(line, BadJsonError):
            yield Row(number, bad=str(line))
            continue
        row = row_of(number, line, within)
        within = bool(row.cells)
        yield row


def row_of(number: int, line: str, within: bool = False) -> Row:
    """What a line is; `within` a sentence there are no comments."""
    line = line.strip("\r\n")
    if not line.strip(" \t"):
        return Row(number)
    cells = tuple(cell.strip(" ") for cell in line.rstrip("\t").split("\t"))
    if len(cells) == 1:
        cells = tuple(_SPACES.split(line.strip(" ")))
    if cells[0] in _STARTS or (cells[0].isdigit() and cells[1:2] == ("-DOCSTART-",)):
        return Row(number, is_start=True)
    comment = not within and line.startswith("#")
    if comment and (_COMMENT.match(line) or not TAG.fullmatch(cells[-1])):
        return Row(number, is_comment=True)
    return Row(number, cells)


def head_rows(head: bytes) -> list[Row]:
    """The whole lines a file begins with; none when they are no text."""
    try:
        how = coding(head[:4], ReadOptions())
    except AnnotatorError:
        return []
    text = head[how.mark :].decode(how.codec, "replace")
    lines = text.split("\n")
    return [row_of(number, line) for number, line in enumerate(lines[: len(lines) - 1 or 1], 1)]


def columns(found: Iterable[Row]) -> Columns | None:
    """Where the tokens and the tags are; None when there is no line of two columns.

    Lines of other than the commonest number of columns do not count. The tag is in the last column that holds tags in nine lines of ten; when there is none, in the
    last. The token is in the first, or in the second when the first only counts the tokens of each
    sentence.
    """
    looked = list(islice((row for row in found if not row.bad), LOOKED_AT))
    widths = Counter(len(row.cells) for row in looked if len(row.cells) > 1)
    if not widths:
        return None
    width = widths.most_common(1)[0][0]
    lines = [row.cells for row in looked if len(row.cells) == width]
    good = [
        place
        for place in range(1, width)
        if sum(bool(TAG.fullmatch(cells[place])) for cells in lines) * 10 >= len(lines) * 9
    ]
    tag = good[-1] if good else width - 1
    token = 1 if tag > 1 and _counts(looked) else 0
    others = {
        place
        for cells in lines
        for place, value in enumerate(cells)
        if place > token and place != tag and value not in _NOTHING
    }
    return Columns(token, tag, len(others), width)


def _counts(looked: list[Row]) -> bool:
    """Whether the first column counts the tokens of each sentence, from 0 or from 1.

    A token that happens to be 1, and what says nothing in the second column, are no such counting.
    """
    lines = [row.cells for row in looked if row.cells]
    if len(lines) < 2 or all(cells[1] in _NOTHING for cells in lines if len(cells) > 1):
        return False
    place = 0
    base = -1
    for row in looked:
        if not row.cells:
            place = 0
            continue
        if base < 0:
            base = 0 if row.cells[0] == "0" else 1
        if row.cells[0] != str(place + base):
            return False
        place += 1
    return True


def articles(found: Iterable[Row], where: Columns) -> Iterator[Tokens]:
    """The articles of a file, one after another; those without tokens are passed over."""
    article = Tokens(0, 1)
    within = False
    for row in found:
        if row.is_start:
            number = article.number or 1
            if not article.is_empty:
                article.number = number
                yield article
                number += 1
            article = Tokens(number, row.line)
        elif row.bad:
            article.refuse(row.line, row.bad)
        elif row.cells:
            article.add(row, where, begins=not within)
        article.comments += row.is_comment
        within = bool(row.cells)
    if not article.is_empty:
        yield article
