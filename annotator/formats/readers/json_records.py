"""JSON of other tools, a record at a time: in lines, in one array, or each over several lines.

Memory is that of one record, however large the file is.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from io import TextIOWrapper
from typing import Any

from annotator.formats.sources.decoding import coding
from annotator.formats.sources.incoming import LIMIT, Found, ReadOptions, open_file
from annotator.formats.sources.lines import numbered_lines
from annotator.formats.strict_json import BadJsonError, loads

CHUNK = 1 << 16
"""Characters read at a time."""

HEAD = 1 << 16
"""Bytes that tell how the records of a file are written."""

_MARK = '"'

_TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[\]{}"]', re.DOTALL)
"""A string, a bracket, or the quotation mark of a string that does not end here."""

Placed = tuple[str, Any]
"""Where a record is, for people, and its value or the `BadJsonError` that says why it has none."""


def records(found: Found, options: ReadOptions) -> Iterator[Placed]:
    """Every record of a file, and what is none, in order."""
    empty = True
    for placed in (_lines if in_lines(found, options) else _scanned)(found, options):
        empty = False
        yield placed
    if empty:
        yield found.where, BadJsonError("there is no record in it")


def in_lines(found: Found, options: ReadOptions) -> bool:
    """Whether a file has a record in each line, as far as its first line tells."""
    with open_file(found.path, ReadOptions(encoding=options.encoding)) as stream:
        text = _decoded(stream.read(HEAD), options).lstrip()
    first, _, rest = text.partition("\n")
    if not rest.strip():
        return not first.startswith("[")
    try:
        loads(first)
    except BadJsonError:
        over_lines = first.startswith("{") and first.rstrip().endswith(("{", "[", ","))
        return not (over_lines or first.startswith("["))
    return True


@lru_cache(maxsize=4)
def beginnings(head: bytes) -> tuple[dict[str, Any], ...]:
    """The objects that are complete in the first bytes of a file; every reader asks for them."""
    text = _decoded(head, ReadOptions())
    found = []
    try:
        for piece in _pieces(_reader_of(text)):
            value = loads(piece)
            if isinstance(value, dict):
                found.append(value)
    except BadJsonError:  # mostly as the head ends within a record
        pass
    return tuple(found)


@lru_cache(maxsize=4)
def names(head: bytes) -> frozenset[str]:
    """The names in the first object of a file, of which the head may hold a part only."""
    text = _decoded(head, ReadOptions()).lstrip()
    inside = 2 if text.startswith("[") else 1
    found, depth = [], 0
    for match in _TOKEN.finditer(text):
        token = match[0]
        if token in ("{", "["):
            depth += 1
        elif token in ("}", "]"):
            depth -= 1
            if depth < inside:
                break
        elif token == _MARK:
            break
        elif depth == inside and text[match.end() : match.end() + 9].lstrip().startswith(":"):
            found.append(token[1:-1])
    return frozenset(found)


def ours(head: bytes) -> bool:
    """Whether a file is of annotator's own formats, which are not for these readers."""
    found = beginnings(head)
    if not found:
        return b'"schema"' in head and b'"annotator' in head
    return any(str(value.get("schema", "")).startswith("annotator") for value in found)


def _lines(found: Found, options: ReadOptions) -> Iterator[Placed]:
    for number, line in numbered_lines(found.path, options):
        where = f"{found.where}:{number}"
        if isinstance(line, BadJsonError):
            yield where, line
        elif line.strip():
            yield where, _value(line)


def _scanned(found: Found, options: ReadOptions) -> Iterator[Placed]:
    """The records of a file that is an array or has records over several lines."""
    number = 0
    with open_file(found.path, options) as stream:
        how = coding(stream.peek(4)[:4], options)
        stream.read(how.mark)
        with TextIOWrapper(stream, how.codec, newline="") as text:
            try:
                for number, piece in enumerate(_pieces(text.read), 1):
                    yield f"{found.where}, record {number}", _value(piece)
            except BadJsonError as error:
                yield f"{found.where}, record {number + 1}", error
            except UnicodeError:
                reason = f"not {how.codec}; the rest of the file is not read"
                yield f"{found.where}, record {number + 1}", BadJsonError(reason)


def _value(piece: str) -> Any:
    try:
        return loads(piece)
    except BadJsonError as error:
        return error


def _pieces(read: Callable[[int], str]) -> Iterator[str]:
    """The JSON of each record: of each in the array, or one after another.

    Raises:
        BadJsonError: the text ends within a record or goes on after the last one, or a record is
            too long.
    """
    buffer = read(CHUNK)
    while buffer.isspace():
        buffer = read(CHUNK)
    outer = int(buffer.lstrip().startswith("["))
    depth = place = 0
    start = -1
    while True:
        for match in _TOKEN.finditer(buffer, place):
            token = match[0]
            if token == _MARK:
                place = match.start()
                break
            place = match.end()
            depth += (token in ("{", "[")) - (token in ("}", "]"))
            if depth < outer:
                if buffer[place:].strip() or not outer:
                    raise BadJsonError("there is more after its last bracket")
                return
            if depth == outer + 1 and start < 0 and token in ("{", "["):
                start = match.start()
            elif depth == outer and (start >= 0 or token.startswith(_MARK)):
                yield buffer[start if start >= 0 else match.start() : place]
                start = -1
        else:
            place = len(buffer)
        done = start if start >= 0 else place
        buffer, place = buffer[done:], place - done
        start = min(start, 0)
        if len(buffer) > LIMIT:
            raise BadJsonError(f"the record is longer than {LIMIT >> 20} MB")
        more = read(max(CHUNK, len(buffer)))
        if not more:
            if depth or buffer:
                raise BadJsonError("the file ends within a record")
            return
        buffer += more


def _reader_of(text: str) -> Callable[[int], str]:
    """A text as if it were read; all of it at once."""
    parts = iter((text,))
    return lambda _: next(parts, "")


def _decoded(head: bytes, options: ReadOptions) -> str:
    """The text of a file's beginning, whatever bytes in it are none: it only tells what there is."""
    how = coding(head[:4], options)
    return head[how.mark :].decode(how.codec, "replace")
