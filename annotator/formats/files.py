"""Files written whole or not at all: a temporary neighbour, fsync, then one rename."""

import errno
import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Protocol, Self

from annotator.model.errors import AnnotatorError

BUFFER = 1 << 20
"""Bytes collected before they go to the disk."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some bytes of one of the files an export makes."""

    data: bytes
    file: str = ""
    """"" for the file asked for; else a suffix put after its name or, in a folder, a file name."""
    last: bool = False
    """Nothing more comes for this file, which may be closed."""


class Output(Protocol):
    """Where parts go; leaving it without an error puts everything in place at once."""

    is_folder: bool

    @property
    def hashes(self) -> dict[str, str]:
        """The SHA-256 of what each file has so far, in hexadecimal, by its name, sorted."""

    def __enter__(self) -> Self:
        """Begin."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Put everything in place or, after an error, leave no trace."""

    def write(self, part: Part) -> None:
        """Take some bytes."""


class FileOutput:
    """One file, and its side files if a format has any (`name` + suffix)."""

    is_folder = False

    def __init__(self, path: Path) -> None:
        self._path = Path(os.path.realpath(path))
        if self._path.exists() and not self._path.is_file():
            raise AnnotatorError(f"{path} is not a regular file: choose another name.")
        self._open: dict[str, tuple[BinaryIO, Path]] = {}
        self._sums = _Sums()

    @property
    def hashes(self) -> dict[str, str]:
        """As `Output.hashes`."""
        return self._sums.named(self._path.name)

    def __enter__(self) -> Self:
        """Begin; the file asked for exists afterwards, even when no part comes."""
        self._stream("")
        self._sums.add(Part(b""))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Rename all files into place, or remove the temporary ones."""
        try:
            if kind is None:
                self._commit()
        finally:
            for stream, temporary in self._open.values():
                with suppress(OSError):
                    stream.close()
                temporary.unlink(missing_ok=True)

    def write(self, part: Part) -> None:
        """Take some bytes for the file or one of its side files."""
        stream = self._stream(part.file)
        self._sums.add(part)
        with _plain(self._path):
            stream.write(part.data)

    def _stream(self, suffix: str) -> BinaryIO:
        if suffix not in self._open:
            with _plain(self._path):
                self._open[suffix] = _temporary(self._path)
        return self._open[suffix][0]

    def _commit(self) -> None:
        """Side files first, so that the file itself never appears without them."""
        with _plain(self._path):
            for stream, _ in self._open.values():
                _settle(stream)
            for suffix, (_, temporary) in sorted(self._open.items(), reverse=True):
                temporary.replace(self._path.with_name(self._path.name + suffix))
            _settle_folder(self._path.parent)


class FolderOutput:
    """A folder of files: filled under another name, then renamed."""

    is_folder = True

    def __init__(self, path: Path) -> None:
        self._path = Path(os.path.realpath(path))
        if self._path.exists() and (not self._path.is_dir() or any(self._path.iterdir())):
            raise AnnotatorError(f"{path} exists and is not an empty folder: choose another name.")
        self._folder = _neighbour(self._path)
        self._open: dict[str, BinaryIO] = {}
        self._sums = _Sums()

    @property
    def hashes(self) -> dict[str, str]:
        """As `Output.hashes`."""
        return self._sums.named()

    def __enter__(self) -> Self:
        """Begin: make the folder under its temporary name."""
        with _plain(self._path):
            self._folder.mkdir()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Rename the folder into place, or remove it."""
        try:
            if kind is None:
                self._commit()
        finally:
            for stream in self._open.values():
                with suppress(OSError):
                    stream.close()
            shutil.rmtree(self._folder, ignore_errors=True)

    def write(self, part: Part) -> None:
        """Take some bytes for the file called `part.file`, which is new in the folder."""
        self._sums.add(part)
        with _plain(self._path):
            if part.file not in self._open:
                place = self._folder / part.file
                place.parent.mkdir(parents=True, exist_ok=True)
                self._open[part.file] = place.open("xb", BUFFER)
            self._open[part.file].write(part.data)
            if part.last:
                _settle(self._open[part.file])
                del self._open[part.file]

    def _commit(self) -> None:
        with _plain(self._path):
            for stream in self._open.values():
                _settle(stream)
            for folder, _, _ in os.walk(self._folder):
                _settle_folder(Path(folder))
            self._folder.replace(self._path)
            _settle_folder(self._path.parent)


class HashOutput:
    """Nowhere: only the hashes of what would have been written."""

    def __init__(self, name: str, is_folder: bool) -> None:
        self.is_folder = is_folder
        self._name = name
        self._sums = _Sums()

    def __enter__(self) -> Self:
        """Begin."""
        if not self.is_folder:
            self._sums.add(Part(b""))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Nothing is to be put in place."""

    @property
    def hashes(self) -> dict[str, str]:
        """As `Output.hashes`."""
        return self._sums.named("" if self.is_folder else self._name)

    def write(self, part: Part) -> None:
        """Take some bytes."""
        self._sums.add(part)


class _Sums:
    """Running SHA-256 sums; of a file that is closed only the sum is kept."""

    def __init__(self) -> None:
        self._running: dict[str, Any] = {}
        self._closed: dict[str, str] = {}

    def add(self, part: Part) -> None:
        """Take some bytes of a file into its sum."""
        running = self._running.setdefault(part.file, hashlib.sha256())
        running.update(part.data)
        if part.last:
            self._closed[part.file] = self._running.pop(part.file).hexdigest()

    def named(self, name: str = "") -> dict[str, str]:
        """The sums by name, which is put before each suffix."""
        found = {**self._closed, **{file: sum_.hexdigest() for file, sum_ in self._running.items()}}
        return {name + file: found[file] for file in sorted(found)}


@contextmanager
def _plain(path: Path) -> Iterator[None]:
    """Turn what the file system refuses into a sentence."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise AnnotatorError(
                f"The disk is full: {path} was not written. Free some space and export again."
            ) from error
        raise AnnotatorError(f"{path} cannot be written: {error.strerror or error}.") from error


def _neighbour(path: Path) -> Path:
    """A free hidden name in the same folder, so that the rename stays on one file system."""
    return path.with_name(f".{path.name[:100]}.{secrets.token_hex(6)}.part")


def _temporary(path: Path) -> tuple[BinaryIO, Path]:
    """A new file beside `path`, with the permissions the umask gives."""
    temporary = _neighbour(path)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    return os.fdopen(descriptor, "wb", BUFFER), temporary


def _settle(stream: BinaryIO) -> None:
    """Write out, wait for the disk, close."""
    stream.flush()
    os.fsync(stream.fileno())
    stream.close()


def _settle_folder(folder: Path) -> None:
    """Wait until the disk has the folder's names; file systems that cannot are left alone."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
