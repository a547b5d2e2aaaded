"""What a source gives - articles and refusals - and what a person may say about reading it."""

import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from io import BufferedReader, FileIO
from pathlib import Path
from typing import TYPE_CHECKING

from annotator.model.article import Article
from annotator.model.errors import AnnotatorError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

LIMIT = 64 << 20
"""Bytes of the largest text or HTML file, JSON line or table row that is read."""

ROLES = ("text", "id", "title", "source", "url", "date", "lang", "group")
"""What a field of a record can be to an article."""

KINDS = ("text", "jsonl", "csv", "html", "native")
"""Kinds of sources of articles; `formats.readers.table` has those of annotations."""


def kinds() -> tuple[str, ...]:
    """All kinds of sources, those of other tools' annotations too."""
    from annotator.formats.readers.table import readers  # the table knows this module

    return (*KINDS, *readers())


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something that did not go in."""

    where: str
    """The file and, where there is one, the line: `file:line`."""
    reason: str


Incoming = Article | Refusal


@dataclass(frozen=True, slots=True)
class Found:
    """A file to read."""

    path: Path
    name: str
    """Its path inside the folder that was given, with `/`; of a single file, its name."""
    where: str
    """What to call it to a person."""
    kind: str
    """One of `KINDS`."""


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """What a person may say about the files; the defaults guess."""

    kind: str = ""
    """Read every file as this kind, whatever its name."""
    encoding: str = ""
    """Of files without a byte order mark; "" is UTF-8 or, in HTML, what the page says."""
    fields: Mapping[str, str] = field(default_factory=dict)
    """Which field of a record is the text, the id ... (`ROLES`); "" means none is."""
    delimiter: str = ""
    """Between the cells of a table; "" guesses."""
    quotes: bool | None = None
    """Whether a table's quotation marks enclose cells; None guesses."""
    title_line: bool = False
    """The first line of a text file is its title (and stays in the text)."""
    prefix: str = ""
    """Put before every id, to keep two sources with the same ids apart."""
    never: Collection[Path] = ()
    """Files not to be opened under any name, such as the project itself."""
    tick: Callable[[int], None] | None = None
    """Called with the number of bytes just read."""

    def __post_init__(self) -> None:
        unknown = sorted(set(self.fields) - set(ROLES))
        if unknown:
            raise AnnotatorError(
                f"{unknown[0]!r} is nothing a field can be; choose from {', '.join(ROLES)}."
            )
        if self.kind and self.kind not in kinds():
            raise AnnotatorError(
                f"There is no kind {self.kind!r}; choose from {', '.join(kinds())}."
            )
        if len(self.delimiter) > 1:
            raise AnnotatorError(f"A delimiter is one character, not {self.delimiter!r}.")


class _Metered(FileIO):
    """A file that tells how much was read of it."""

    tick: Callable[[int], None]

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        count = super().readinto(buffer) or 0
        self.tick(count)
        return count

    def readall(self) -> bytes:
        data = super().readall() or b""
        self.tick(len(data))
        return data


def open_file(path: Path, options: ReadOptions) -> BufferedReader:
    """The file, open for reading bytes, telling `options.tick` how it goes."""
    if options.tick is None:
        return BufferedReader(FileIO(path), 1 << 18)
    raw = _Metered(path)
    raw.tick = options.tick
    return BufferedReader(raw, 1 << 18)


def shown(path: Path) -> str:
    """A path as text, whatever bytes its name is made of."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")
