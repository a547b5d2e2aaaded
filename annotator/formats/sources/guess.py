"""Which files there are and what kind each is: by its suffix, then by what it begins with."""

import os
import re
import stat
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path, PurePath

from annotator.formats.claims import Record
from annotator.formats.document import Document
from annotator.formats.readers.table import HEAD, kind_of_file, kind_of_folder, readers, suffixes
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

SIDE_FILES = (
    *(".scheme.toml", ".scheme.md", ".offsets.tsv", ".manifest.json", ".sha256"),
    *(".config.xml", "annotation.conf", "visual.conf", "SHA256SUMS"),
)
"""What lies beside exports and other tools' files; in a folder it is passed over."""

_OF_EXPORTS = frozenset(
    (
        *("manifest.json", "SHA256SUMS", "index.tsv", "index.html", "TypeSystem.xml"),
        "croissant.json",
    )
)
"""What a folder that annotator exported holds beside the articles: passed over where the sums are."""

_BESIDE_ANN = (".txt", ".json")
"""What belongs to a brat file `NAME.ann` and is read with it, or not at all."""

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

Read = Incoming | Document | Record
"""What a source gives."""

_READERS = {
    "text": "annotator.formats.sources.text",
    "jsonl": "annotator.formats.sources.jsonl",
    "csv": "annotator.formats.sources.csv",
    "html": "annotator.formats.sources.html",
    "native": "annotator.formats.readers.native",
}


def read(path: Path, options: ReadOptions | None = None) -> Iterator[Read]:
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
    whole = options.kind if _reads_folders(options.kind) else ""
    if whole := whole or ("" if options.kind else kind_of_folder(path)):
        yield Found(path, path.name, shown(path), whole)
        return
    for name in _walk(path):
        yield _found(path / name, name, options, never, alone=False)


def size(path: Path) -> int:
    """Bytes of a file, or of all files in a folder."""
    if path.is_dir():
        return sum(each.stat().st_size for each in path.rglob("*") if each.is_file())
    return path.stat().st_size


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
        stems = {entry.removesuffix(".ann") for entry in entries if entry.endswith(".ann")}
        ours = _OF_EXPORTS if "SHA256SUMS" in entries else frozenset()
        waiting += [inside + each for each in entries if each not in ours and _wanted(each, stems)]


def _wanted(entry: str, annotated: set[str]) -> bool:
    """Whether a file is read by itself; `annotated` are the names that have a file of brat's."""
    stem, suffix = os.path.splitext(entry)
    if suffix in _BESIDE_ANN and stem in annotated:
        return False
    return not (entry.startswith(".") or entry.endswith(SIDE_FILES))


def _reads_folders(kind: str) -> bool:
    return kind in readers() and readers()[kind].folder


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
    if not (alone or suffix in SUFFIXES or not suffix or suffix in suffixes()):
        return Refusal(found.where, f"files ending in {suffix[:20]!r} are not read")
    with found.path.open("rb") as stream:
        head = stream.read(HEAD)
    for magic, reason in _HEADS:
        if head.startswith(magic):
            return Refusal(found.where, reason)
    if suffix in suffixes() and (foreign := kind_of_file(head, found.name)):
        return replace(found, kind=foreign)
    if suffix in suffixes() - SUFFIXES.keys():
        told = f"it is none of the kinds of files ending in {suffix} that are read"
        return Refusal(found.where, told if alone else f"files ending in {suffix!r} are not read")
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


def _reader(kind: str) -> Callable[[Found, ReadOptions], Iterator[Read]]:
    """The reader of a kind, imported when it is needed: the HTML parser is not for everyone."""
    if kind in readers():
        return readers()[kind].load().read
    return import_module(_READERS[kind]).read  # type: ignore[no-any-return]  # a module's attribute


def _read(found: Found, options: ReadOptions) -> Iterator[Read]:
    try:
        yield from _reader(found.kind)(found, options)
    except OSError as error:
        yield Refusal(found.where, f"it cannot be read: {error.strerror or error}")


def _identity(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_dev, status.st_ino
