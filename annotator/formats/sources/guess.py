"""Which files there are and what kind each is: by its suffix, then by what it begins with."""

import os
import re
import stat
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path, PurePath

from annotator.formats.document import Document
from annotator.formats.sources.incoming import LIMIT, Found, Incoming, ReadOptions, Refusal, shown
from annotator.model.errors import AnnotatorError

SUFFIXES = {
    **dict.fromkeys((".txt", ".text", ".md"), "text"),
    **dict.fromkeys((".jsonl", ".ndjson", ".json"), "jsonl"),
    **dict.fromkeys((".csv", ".tsv", ".tab"), "csv"),
    **dict.fromkeys((".html", ".htm", ".xhtml"), "html"),
}
"""The kind of file each suffix stands for, whatever its case."""

_DATABASES = frozenset((".db", ".sqlite", ".sqlite3", ".db3"))
"""Never opened here: closing such a file would drop the locks of whoever has it open."""

SIDE_FILES = (".scheme.toml", ".scheme.md", ".offsets.tsv")
"""What lies beside exports; in a folder it is passed over."""

_HEADS = (
    (b"\x1f\x8b", "it is compressed (gzip): unpack it first"),
    (b"PK\x03\x04", "it is a zip archive: unpack it first"),
    (b"BZh", "it is compressed (bzip2): unpack it first"),
    (b"\xfd7zXZ", "it is compressed (xz): unpack it first"),
    (b"(\xb5/\xfd", "it is compressed (zstd): unpack it first"),
    (b"%PDF", "it is a PDF, which is not read"),
    (b"SQLite format 3\0", "it is an SQLite database: import its table"),
)
"""First bytes of files that are not read, and what to say."""


_OWN = re.compile(rb"""(?<!\\)"schema"\s*:\s*"annotator/""")

_READERS = {
    "text": "annotator.formats.sources.text",
    "jsonl": "annotator.formats.sources.jsonl",
    "csv": "annotator.formats.sources.csv",
    "html": "annotator.formats.sources.html",
    "native": "annotator.formats.native_read",
}


def read(path: Path, options: ReadOptions | None = None) -> Iterator[Incoming | Document]:
    """Every article of a file or, in a folder, of all files in it, in the order of their names.

    Files of annotator's own format give documents, which hold decisions beside the article. Hidden
    files are passed over; every other file that is not read is a refusal.

    Raises:
        AnnotatorError: nothing is there, or nothing that could be read.
    """
    options = options or ReadOptions()
    found_any = False
    for found in find(path, options):
        found_any = True
        if isinstance(found, Refusal):
            yield found
        else:
            yield from _read(found, options)
    if not found_any:
        raise AnnotatorError(f"There are no files to import in {shown(path)}.")


def find(path: Path, options: ReadOptions) -> Iterator[Found | Refusal]:
    """The files under a path with their kinds, and those that are not read with the reason.

    Raises:
        AnnotatorError: there is no such path.
    """
    if not os.path.exists(path):
        raise AnnotatorError(f"There is no file or folder {shown(path)}.")
    never = frozenset(_identity(other) for other in options.never if os.path.exists(other))
    if not path.is_dir():
        yield _found(path, path.name, options, never, alone=True)
        return
    for name in _walk(path):
        yield _found(path / name, name, options, never, alone=False)


def total_bytes(path: Path, options: ReadOptions | None = None) -> int:
    """The size of all files `read` would read, for a progress bar."""
    options = options or ReadOptions()
    found = [f for f in find(path, options) if isinstance(f, Found)]
    return sum(f.path.stat().st_size for f in found)


def _walk(folder: Path) -> Iterator[str]:
    """Paths of what is in a folder by name, inner folders in their place; links are not followed.

    Inner folders that cannot be opened come out as if they were files.
    """
    waiting = ["."]
    while waiting:
        name = waiting.pop()
        if (folder / name).is_symlink() or not (folder / name).is_dir():
            yield name
            continue
        try:
            entries = sorted(os.listdir(folder / name), reverse=True)
        except OSError:
            yield name
            continue
        inside = "" if name == "." else f"{name}/"
        waiting += [inside + entry for entry in entries if _wanted(entry)]


def _wanted(entry: str) -> bool:
    return not (entry.startswith(".") or entry.endswith(SIDE_FILES))


def _found(
    path: Path, name: str, options: ReadOptions, never: frozenset[tuple[int, int]], alone: bool
) -> Found | Refusal:
    where = shown(path)
    try:
        name.encode()
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            return Refusal(where, "it is a folder that cannot be opened, or a link to a folder")
        if not stat.S_ISREG(mode):
            return Refusal(where, "it is not a regular file")
        if _identity(path) in never:
            return Refusal(where, "it is the project itself")
        return _of_kind(Found(path, name, where, ""), options, alone)
    except UnicodeEncodeError:
        return Refusal(where, "its name is not UTF-8")
    except OSError as error:
        return Refusal(where, f"it cannot be read: {error.strerror or error}")


def _of_kind(found: Found, options: ReadOptions, alone: bool) -> Found | Refusal:
    suffix = PurePath(found.name).suffix.lower()
    if suffix in _DATABASES or suffix.startswith(".db-"):
        return Refusal(found.where, "it is named like a database: import its table")
    if options.kind:
        return replace(found, kind=options.kind)
    if not (alone or suffix in SUFFIXES or not suffix):
        return Refusal(found.where, f"files ending in {suffix[:20]!r} are not read")
    with found.path.open("rb") as stream:
        head = stream.read(4096)
    for magic, reason in _HEADS:
        if head.startswith(magic):
            return Refusal(found.where, reason)
    kind = SUFFIXES.get(suffix) or _kind(head)
    return replace(found, kind="native" if kind == "jsonl" and _native(found.path) else kind)


def _kind(head: bytes) -> str:
    """The kind of a file from its beginning."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start[:15].lower().startswith((b"<!doctype html", b"<html")):
        return "html"
    return "jsonl" if start.startswith(b"{") else "text"


def _native(path: Path) -> bool:
    """Whether the first line of JSON is one of annotator's own."""
    with path.open("rb") as stream:
        return bool(_OWN.search(stream.readline(LIMIT)))


def _reader(kind: str) -> Callable[[Found, ReadOptions], Iterator[Incoming | Document]]:
    """The reader of a kind, imported when it is needed: the HTML parser is not for everyone."""
    return import_module(_READERS[kind]).read  # type: ignore[no-any-return]


def _read(found: Found, options: ReadOptions) -> Iterator[Incoming | Document]:
    try:
        yield from _reader(found.kind)(found, options)
    except OSError as error:
        yield Refusal(found.where, f"it cannot be read: {error.strerror or error}")


def _identity(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_dev, status.st_ino
