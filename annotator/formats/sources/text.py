"""Text files: a file is an article, its text exactly what the bytes decode to."""

from collections.abc import Iterator
from typing import Any

from annotator.formats.sources.decoding import NotTextError, coding, decode
from annotator.formats.sources.incoming import (
    LIMIT,
    Found,
    Incoming,
    ReadOptions,
    Refusal,
    open_file,
)
from annotator.model.article import Article, unstorable


def read(found: Found, options: ReadOptions) -> Iterator[Incoming]:
    """The one article of a text file.

    Line ends stay as they are. A byte order mark is dropped and noted in the metadata, and so is
    an encoding other than UTF-8. The first line is not the title unless `title_line` says so.
    """
    with open_file(found.path, options) as stream:
        data = stream.read(LIMIT + 1)
    if len(data) > LIMIT:
        yield Refusal(found.where, f"the file is larger than {LIMIT >> 20} MB")
        return
    how = coding(data[:4], options)
    try:
        text = decode(data, how)
    except NotTextError as error:
        yield Refusal(f"{found.where}:{error.line}", str(error))
        return
    if reason := unstorable(text):
        line = 1 + text.count("\n", 0, max(0, text.find("\0")))
        yield Refusal(f"{found.where}:{line}", reason)
        return
    meta: dict[str, Any] = {"bom": True} if how.mark else {}
    if how.codec != "utf-8":
        meta["encoding"] = how.codec
    title = _first_line(text) if options.title_line else ""
    yield Article(options.prefix + ident(found), text, title=title, meta=meta)


def ident(found: Found) -> str:
    """A file's id: its path without `.txt`; other suffixes stay, so that no two files share one."""
    stem = found.name.removesuffix(".txt")
    if stem == found.name or not stem or stem.endswith("/"):
        return found.name
    twin = found.path.with_name(found.path.name.removesuffix(".txt"))
    return found.name if twin.is_file() else stem


def _first_line(text: str) -> str:
    return next(line.strip() for line in text.split("\n") if line.strip())
