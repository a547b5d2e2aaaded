"""Bundles: a part of a project as one file that can be mailed, checked to the last byte.

Two lines of text and a gzip stream: what it is, the SHA-256 of all that follows, then JSON, a line
each: the manifest, the articles, the events, and how many there were. (`tail -n +3 FILE | gunzip` shows
it.) A file in which any byte differs is refused before anything of it is looked at, and a stream that
unpacks to more than it should is left as soon as that is noticed.
"""

import gzip
import json
import os
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, NamedTuple

from annotator.model.errors import AnnotatorError

MAGIC = b"annotator bundle 1\n"
_BEGIN = b"annotator bundle "
DIGEST = 64
LINE_LIMIT = 256 * 1024 * 1024
"""Bytes of a line, which holds a text at most."""
ROOM, RATIO = 64 * 1024 * 1024, 100
"""A bundle unpacks to no more than so many bytes, and so many times its own."""
_CHUNK = 1 << 20
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)


class Manifest(NamedTuple):
    """What a bundle says about itself."""

    project: str
    """The project's id."""
    scheme: str
    """Name of the project's scheme, for people."""
    by: str
    """Who made it."""
    made: str
    """When, as 2026-05-14T09:30:00Z."""
    to: str
    """For whom it was made, when it is a handout: a view of the project for one annotator; else ""."""
    articles: int
    events: int
    vector: Mapping[str, int]
    """How far its sender knew each writer."""
    known: str
    """The articles its sender had, as `keys.packed` writes them."""


class Sent(NamedTuple):
    """What was written into a bundle."""

    path: Path
    articles: int
    events: int
    size: int
    """Bytes."""
    left_out: int
    """Sittings with somebody's work that are not in it because others' work is in them too."""


class _Digesting:
    """A file that what is written to is hashed."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.digest = sha256()

    def write(self, data: bytes) -> int:
        self.digest.update(data)
        return self._stream.write(data)

    def flush(self) -> None:
        self._stream.flush()


class Output:
    """A bundle being written."""

    def __init__(self, stream: gzip.GzipFile) -> None:
        self._stream = stream

    def line(self, value: object) -> None:
        """Write one JSON value."""
        self._stream.write(_JSON.encode(value).encode() + b"\n")


@contextmanager
def writing(path: Path) -> Iterator[Output]:
    """A new bundle at `path`, on the disk when the block ends; nothing is left when it fails.

    Raises:
        AnnotatorError: there is a file already, or it cannot be written.
    """
    made = False
    try:
        with path.open("xb") as file:
            made = True
            file.write(MAGIC + b"0" * DIGEST + b"\n")
            hashed = _Digesting(file)
            with gzip.GzipFile("", "wb", 5, hashed, mtime=0) as stream:
                yield Output(stream)
            file.seek(len(MAGIC))
            file.write(hashed.digest.hexdigest().encode())
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        raise AnnotatorError(f"{path} exists already; nothing was written.") from None
    except BaseException as error:
        if made:
            with suppress(OSError):
                path.unlink()
        if isinstance(error, OSError):
            raise AnnotatorError(f"{path} cannot be written: {error.strerror}.") from error
        raise


@contextmanager
def reading(path: Path) -> "Iterator[tuple[Manifest, Iterator[Any]]]":
    """A bundle's manifest and the values after it, once all its bytes are proved.

    Raises:
        AnnotatorError: it is no bundle, a damaged one, or one of a newer format.
    """
    try:
        with path.open("rb") as file:
            size = _prove(file, path)
            with gzip.GzipFile(fileobj=file, mode="rb") as stream:
                values = _values(stream, path, ROOM + RATIO * size)
                yield _manifest(next(values, None), path), values
    except FileNotFoundError:
        raise AnnotatorError(f"There is no file {path}.") from None
    except IsADirectoryError:
        raise AnnotatorError(f"{path} is a folder, not a bundle.") from None
    except OSError as error:
        if isinstance(error, gzip.BadGzipFile) or error.strerror is None:
            raise damaged(path) from error
        raise AnnotatorError(f"{path} cannot be read: {error.strerror}.") from error


def damaged(path: Path | str) -> AnnotatorError:
    """The sentence for a bundle that is not what was sent."""
    return AnnotatorError(
        f"{path} is damaged: it is not what was sent. Nothing was taken from it; have it sent again."
    )


def _prove(file: IO[bytes], path: Path) -> int:
    """Hash the whole file, then stand where the stream begins; the stream's bytes."""
    head = file.read(len(MAGIC) + DIGEST + 1)
    if not head.startswith(MAGIC):
        if head.startswith(_BEGIN) and head[len(_BEGIN) : len(MAGIC) - 1].isdigit():
            raise AnnotatorError(
                f"{path} is damaged or was made by a newer annotator; have it sent again or upgrade."
            )
        raise AnnotatorError(f"{path} is no annotator bundle, or its beginning is damaged.")
    digest = sha256()
    size = 0
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
    if head[len(MAGIC) :] != digest.hexdigest().encode() + b"\n":
        raise damaged(path)
    file.seek(len(head))
    return size


def _values(stream: gzip.GzipFile, path: Path, most: int) -> Iterator[Any]:
    total = 0
    while True:
        try:
            line = stream.readline(LINE_LIMIT)
            total += len(line)
            if not line:
                return
            if total > most or not line.endswith(b"\n"):
                raise AnnotatorError(f"{path} unpacks to far more than a bundle does; it was left.")
            value = json.loads(line, parse_constant=_refused)
        except (ValueError, EOFError, RecursionError, zlib.error) as error:
            raise damaged(path) from error
        yield value


def _refused(name: str) -> None:
    raise ValueError(name)


def _manifest(value: Any, path: Path) -> Manifest:
    try:
        made = Manifest(**value)
        "".join((made.project, made.scheme, made.by, made.made, made.to, made.known)).encode()
        numbers = (made.articles, made.events, *made.vector.values())
        ok = all(isinstance(number, int) for number in numbers)
    except (TypeError, AttributeError, UnicodeEncodeError) as error:
        raise damaged(path) from error
    if not ok:
        raise damaged(path)
    return made
