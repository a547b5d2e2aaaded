"""Lines of a file of any size, each decoded by itself, so that one bad line costs one line."""

from collections.abc import Generator, Iterator
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO

from annotator.formats.sources.decoding import Coding, NotTextError, coding, decode
from annotator.formats.sources.incoming import LIMIT, ReadOptions, open_file
from annotator.formats.strict_json import BadJsonError


def numbered_lines(
    path: Path, options: ReadOptions, limit: int = LIMIT
) -> Generator[tuple[int, str | BadJsonError], None, None]:
    """Each line that ends in LF with its number from 1, or why it cannot be read.

    Memory is that of one line; a line longer than `limit` bytes is skipped and said.
    """
    with open_file(path, options) as stream:
        head = stream.peek(4)[:4]
        how = coding(head, options)
        stream.read(how.mark)
        how = Coding(how.codec)
        if how.codec.startswith(("utf-16", "utf-32")):
            yield from _wide(stream, how)
        else:
            yield from _narrow(stream, how, limit)


def _narrow(stream: BinaryIO, how: Coding, limit: int) -> Iterator[tuple[int, str | BadJsonError]]:
    """Lines of an encoding in which the byte of LF is always LF."""
    number = 0
    while data := stream.readline(limit + 1):
        number += 1
        if len(data) > limit and not data.endswith(b"\n"):
            _skip_line(stream)
            yield number, BadJsonError(f"the line is longer than {limit >> 20} MB")
            continue
        try:
            yield number, decode(data, how)
        except NotTextError as error:
            yield number, BadJsonError(str(error))


def _skip_line(stream: BinaryIO) -> None:
    while data := stream.readline(1 << 20):
        if data.endswith(b"\n"):
            return


def _wide(stream: BinaryIO, how: Coding) -> Iterator[tuple[int, str | BadJsonError]]:
    """Lines of UTF-16 or UTF-32; a unit that is not text ends the reading."""
    number = 0
    try:
        with TextIOWrapper(stream, how.codec, newline="\n") as lines:
            for line in lines:
                number += 1
                yield number, line
    except UnicodeError:
        yield number + 1, BadJsonError(f"not {how.codec}; the rest of the file is not read")
