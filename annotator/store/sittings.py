"""Sittings: whether the same annotator has the project open in another window.

An annotator's sitting at a file holds a read lock on one byte of the lock file, chosen by their name,
for as long as it lasts: a lock of the open file (OFD), which ends with the process however that dies,
and which the writers' `flock` on the same file knows nothing of. Nobody waits for it and nothing depends
on it; it only tells. Where there are no such locks every sitting is alone. `sittings_on_server` has
those at a server.
"""

import fcntl
import os
import struct
import time
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

from annotator.store.address import Address, Place
from annotator.store.lock import lock_path

if TYPE_CHECKING:
    from annotator.store.live import Listener

_FLOCK = "hhqqi4x"
"""`struct flock` of 64-bit Linux: type, whence, start, length, process."""
_TRIES = 20
_PAUSE = 0.005
"""So often, so many seconds apart, it is tried while another sitting begins at the very moment."""


class Sitting(Protocol):
    """One annotator at one screen, from begin to close."""

    @property
    def was_alone(self) -> bool:
        """Whether nobody of that name sat at the project when this sitting began, as far as is known."""

    @property
    def alone(self) -> bool:
        """Whether no other sitting of the same name goes on now; takes a few microseconds."""

    def settle(self, seconds: float) -> bool:
        """Wait until it is known whether it was alone, so many seconds at most; whether it is."""

    def close(self) -> None:
        """The sitting ends; a second call does nothing."""

    def __enter__(self) -> Self:
        """For a block of code."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """It ends."""


def sit(place: Place, person: str, listener: "Listener | None" = None) -> Sitting:
    """Begin a sitting of a person at a project; `listener` is the project's own on a server."""
    if isinstance(place, Address):
        from annotator.store.sittings_on_server import ServerSitting

        return ServerSitting(place, person, listener)
    return FileSitting(lock_path(place), person)


class FileSitting:
    """A sitting at a project file."""

    def __init__(self, path: Path, person: str) -> None:
        """Begin: `path` is the project's lock file, `person` who sits."""
        self._fd = -1
        digest = sha256(person.encode()).digest()
        self._byte = 1 + int.from_bytes(digest[:7])
        self.was_alone = True
        """Whether nobody of that name sat at the project when this sitting began."""
        if not hasattr(fcntl, "F_OFD_SETLK"):
            return
        with suppress(OSError):
            self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
            self._begin()

    def _begin(self) -> None:
        for _ in range(_TRIES):
            self.was_alone = self._set(fcntl.F_WRLCK)
            if self._set(fcntl.F_RDLCK):
                return
            time.sleep(_PAUSE)

    @property
    def alone(self) -> bool:
        """Whether no other sitting of the same name goes on now; takes a few microseconds."""
        if self._fd < 0:
            return True
        try:
            asked = struct.pack(_FLOCK, fcntl.F_WRLCK, os.SEEK_SET, self._byte, 1, 0)
            answer = fcntl.fcntl(self._fd, fcntl.F_OFD_GETLK, asked)
        except OSError:
            return True
        return bool(struct.unpack(_FLOCK, answer)[0] == fcntl.F_UNLCK)

    def settle(self, seconds: float) -> bool:  # noqa: ARG002  # a server has to be asked
        """It is known at once."""
        return True

    def close(self) -> None:
        """The sitting ends; a second call does nothing."""
        fd, self._fd = self._fd, -1
        if fd >= 0:
            with suppress(OSError):
                os.close(fd)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _set(self, kind: int) -> bool:
        """Get a lock of a kind on the byte, or change the one held; False when another is there."""
        asked = struct.pack(_FLOCK, kind, os.SEEK_SET, self._byte, 1, 0)
        try:
            fcntl.fcntl(self._fd, fcntl.F_OFD_SETLK, asked)
        except BlockingIOError:
            return False
        return True
