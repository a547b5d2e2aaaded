"""Files written whole or not at all: a temporary neighbour, fsync, then one rename."""

import errno
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Protocol, Self

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

    def __init__(self, path: Path) -> None:
        self._path = Path(os.path.realpath(path))
        if self._path.exists() and not self._path.is_file():
            raise AnnotatorError(f"{path} is not a regular file: choose another name.")
        self._open: dict[str, tuple[BinaryIO, Path]] = {}

    def __enter__(self) -> Self:
        """Begin; the file asked for exists afterwards, even when no part comes."""
        self._stream("")
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

    def __init__(self, path: Path) -> None:
        self._path = Path(os.path.realpath(path))
        if self._path.exists() and (not self._path.is_dir() or any(self._path.iterdir())):
            raise AnnotatorError(f"{path} exists and is not an empty folder: choose another name.")
        self._folder = _neighbour(self._path)
        self._open: dict[str, BinaryIO] = {}

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
        with _plain(self._path):
            if part.file not in self._open:
                self._open[part.file] = (self._folder / part.file).open("xb", BUFFER)
            self._open[part.file].write(part.data)
            if part.last:
                _settle(self._open[part.file])
                del self._open[part.file]

    def _commit(self) -> None:
        with _plain(self._path):
            for stream in self._open.values():
                _settle(stream)
            _settle_folder(self._folder)
            self._folder.replace(self._path)
            _settle_folder(self._path.parent)


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
