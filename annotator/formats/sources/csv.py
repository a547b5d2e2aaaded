"""Tables in CSV or TSV: a header, then a row for each article, in files of any size."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import StringIO, TextIOWrapper
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from annotator.formats.sources.decoding import Coding, coding
from annotator.formats.sources.fields import UnfitError, article_of, text_field
from annotator.formats.sources.incoming import (
    LIMIT,
    Found,
    Incoming,
    ReadOptions,
    Refusal,
    open_file,
)
from annotator.formats.strict_json import first_twice, unfit_string

if TYPE_CHECKING:
    from _csv import Reader

SAMPLE = 1 << 18
"""Bytes that are looked at to tell the delimiter."""

SAMPLE_ROWS = 50

NEARLY_ALL = 0.98
"""The share of rows that must fit before quotation marks are taken for text."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a table is written."""

    delimiter: str
    quotes: bool

    def rows(self, lines: Iterator[str]) -> "Reader":
        """A reader that finds fault rather than guess."""
        if self.quotes:
            return csv.reader(lines, delimiter=self.delimiter, strict=True)
        return csv.reader(lines, delimiter=self.delimiter, quoting=csv.QUOTE_NONE, strict=True)


class _TooLongError(Exception):
    """A line beyond the limit."""


def read(found: Found, options: ReadOptions) -> Iterator[Incoming]:
    """An article for each row; a row that is none is refused with its line and the rest goes on."""
    csv.field_size_limit(LIMIT)
    with found.path.open("rb") as stream:
        head = stream.read(SAMPLE)
    how = coding(head, options)
    dialect = sniff(_sample(head, how), found.name, options)
    raw = open_file(found.path, options)
    raw.read(how.mark)
    # Bytes that are not text become lone surrogates and are refused with their row.
    with TextIOWrapper(raw, how.codec, "surrogateescape", newline="") as lines:
        try:
            yield from _articles(dialect.rows(_lines(lines)), found, options)
        except UnicodeError:
            yield Refusal(found.where, f"the file is not {how.codec} throughout")
        except _TooLongError:
            yield Refusal(
                found.where, f"a line is longer than {LIMIT >> 20} MB; the rest is not read"
            )


def sniff(sample: str, name: str, options: ReadOptions) -> Dialect:
    """The dialect under which a sample's rows have the columns of its header.

    A header that names a text column counts first, then how many rows fit, then that there are
    several columns. Quotation marks enclose cells unless ignoring them makes nearly all rows fit.
    """
    delimiters = [options.delimiter] if options.delimiter else [",", "\t", ";", "|"]
    if not options.delimiter and PurePosixPath(name).suffix.lower() in (".tsv", ".tab"):
        delimiters = ["\t"]
    quotings = [True, False] if options.quotes is None else [options.quotes]
    dialects = [Dialect(delimiter, quotes) for quotes in quotings for delimiter in delimiters]
    return max(dialects, key=lambda dialect: _score(dialect, sample, options))


def _score(dialect: Dialect, sample: str, options: ReadOptions) -> tuple[bool, float, bool]:
    rows = dialect.rows(StringIO(sample, newline=""))
    columns: list[int] = []
    header: list[str] = []
    for _ in range(SAMPLE_ROWS):
        try:
            row = next(rows)
        except StopIteration:
            break
        except csv.Error:
            columns.append(-1)
            continue
        header = header or row
        columns += [len(row)] if row else []
    fitting = columns.count(len(header)) / len(columns) if columns else 0.0
    if not dialect.quotes and fitting < NEARLY_ALL:
        fitting = 0.0
    return bool(text_field(tuple(header), options)), fitting, len(header) > 1


def _sample(head: bytes, how: Coding) -> str:
    """The whole lines of a file's beginning."""
    text = head[how.mark :].decode(how.codec, "replace")
    return text[: text.rfind("\n") + 1] if len(head) == SAMPLE and "\n" in text else text


def _lines(stream: TextIOWrapper) -> Iterator[str]:
    while line := stream.readline(LIMIT):
        if len(line) >= LIMIT:
            raise _TooLongError
        yield line


def _articles(rows: "Reader", found: Found, options: ReadOptions) -> Iterator[Incoming]:
    table: _Table | None = None
    while True:
        where = f"{found.where}:{rows.line_num + 1}"
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield Refusal(where, f"broken row: {error}")
            continue
        if not row:
            continue
        if table:
            yield table.incoming(row, where)
            continue
        table = _Table(row, PurePosixPath(found.name).stem, options)
        if table.fault:
            yield Refusal(where, table.fault)
            return


class _Table:
    """A table's header, and what it makes of a row."""

    def __init__(self, names: list[str], stem: str, options: ReadOptions) -> None:
        self._header = [name.strip() or f"column {place}" for place, name in enumerate(names, 1)]
        self._text = text_field(tuple(self._header), options)
        self._stem, self._options = stem, options
        self.fault = self._fault()
        """Why the header makes no sense; "" when it does."""

    def incoming(self, row: list[str], where: str) -> Incoming:
        """The article of a row."""
        if len(row) != len(self._header):
            return Refusal(where, f"{len(row)} columns where the header has {len(self._header)}")
        if reason := next(filter(None, map(unfit_cell, row)), ""):
            return Refusal(where, reason)
        record = dict(zip(self._header, row, strict=True))
        try:
            article = article_of(record, self._options, self._stem)
        except UnfitError as error:
            return Refusal(where, str(error))
        # An empty cell is an absent value: a table cannot tell the two apart.
        return replace(article, meta={name: value for name, value in article.meta.items() if value})

    def _fault(self) -> str:
        if reason := next(filter(None, map(unfit_cell, self._header)), ""):
            return reason
        names = ", ".join(self._header)[:200]
        if twice := first_twice(self._header):
            return f"two columns are called {twice[:60]!r}"
        for role, name in self._options.fields.items():
            if name and name not in self._header:
                return f"no column {name!r} for {role} (there are: {names})"
        if not self._text:
            return f"no column is known to hold the text (there are: {names}); say which"
        return ""


def unfit_cell(cell: str) -> str:
    """Why a cell cannot be stored ("" when it can)."""
    reason = unfit_string(cell)
    # The decoder lets no real surrogates through, so these stand for bytes it could not read.
    return "bytes that are not text in the file's encoding" if "surrogate" in reason else reason
