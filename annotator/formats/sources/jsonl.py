"""JSON lines: a record a line, in files of any size; small files of plain JSON too."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import PurePosixPath
from typing import Any

from annotator.formats.sources.decoding import NotTextError, coding, decode
from annotator.formats.sources.fields import UnfitError, article_of
from annotator.formats.sources.incoming import (
    LIMIT,
    Found,
    Incoming,
    ReadOptions,
    Refusal,
    open_file,
)
from annotator.formats.sources.lines import numbered_lines
from annotator.formats.strict_json import BadJsonError, loads


def read(found: Found, options: ReadOptions) -> Iterator[Incoming]:
    """An article for each record; a line that is none is refused and the rest goes on.

    A file that is one JSON list or object over several lines is read whole, up to 64 MB.
    """
    stem = PurePosixPath(found.name).stem
    whole = _whole(found, options)
    if whole is not None:
        for place, value in enumerate(whole, 1):
            yield _incoming(value, f"{found.where}, record {place}", stem, options)
        return
    for number, line in numbered_lines(found.path, options):
        where = f"{found.where}:{number}"
        if isinstance(line, BadJsonError):
            yield Refusal(where, str(line))
        elif line.strip():
            try:
                value = loads(line)
            except BadJsonError as error:
                yield Refusal(where, str(error))
            else:
                yield _incoming(value, where, stem, options)


def _whole(found: Found, options: ReadOptions) -> list[Any] | None:
    """The records of a file that is one JSON value; None for one of lines."""
    with closing(numbered_lines(found.path, _quiet(options))) as lines:
        first = next((line for _, line in lines if str(line).strip()), "")
    if isinstance(first, BadJsonError) or not first.lstrip().startswith(("[", "{")):
        return None
    try:
        value = loads(first)
    except BadJsonError:
        value = None
    if value is None:
        value = _load_file(found, options)
    elif isinstance(value, dict):
        return None
    if isinstance(value, dict):
        return [value]
    return value if isinstance(value, list) else None


def _load_file(found: Found, options: ReadOptions) -> Any:
    """The one JSON value of a whole file; None when it is too large or not one."""
    if found.path.stat().st_size > LIMIT:
        return None
    with open_file(found.path, _quiet(options)) as stream:
        data = stream.read(LIMIT)
    try:
        return loads(decode(data, coding(data[:4], options)))
    except (NotTextError, BadJsonError):
        return None


def _quiet(options: ReadOptions) -> ReadOptions:
    """The same without the meter, for a look ahead."""
    return ReadOptions(encoding=options.encoding)


def _incoming(value: Any, where: str, stem: str, options: ReadOptions) -> Incoming:
    if not isinstance(value, dict):
        return Refusal(where, "not a JSON object")
    if str(value.get("schema", "")).startswith("annotator/"):
        return Refusal(where, "a line of annotator's own format among others")
    try:
        return article_of(value, options, stem)
    except UnfitError as error:
        return Refusal(where, str(error))
