"""The lock file beside a project: one writer at a time, first come first served by the kernel.

SQLite's own busy handler lets a waiting process starve, and versions before 3.51.3 can damage a
file when two processes checkpoint; a `flock` round every transaction, checkpoint and close of a
writer settles both.
"""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from annotator.model.errors import AnnotatorError
from annotator.store.address import Address, Place
from annotator.store.engine import BUSY_SECONDS

if TYPE_CHECKING:
    from annotator.store.link import Link


class Lock(Protocol):
    """One writer of a project at a time."""

    def held(self, seconds: float = BUSY_SECONDS) -> AbstractContextManager[None]:
        """Hold it in the block; raises AnnotatorError when others kept it for `seconds`."""

    def close(self) -> None:
        """Give it back for good."""


def lock_path(path: Path) -> Path:
    """The lock file of a project file."""
    return Path(f"{path}.lock")


def lock_of(place: Place) -> Lock:
    """The lock of a project; raises AnnotatorError when it cannot be made."""
    if isinstance(place, Address):
        from annotator.store.server import ServerLock

        return ServerLock()
    return FileLock(lock_path(place))


def link_of(place: Place, readonly: bool) -> "Link | None":
    """The way to a project's server; None for a file."""
    if isinstance(place, Address):
        from annotator.store.link import Link

        return Link(place, readonly)
    return None


class FileLock:
    """An exclusive lock between processes; within a process each project has its own."""

    def __init__(self, path: Path) -> None:
        """Lock `path`, which is created when it is not there (the project file itself never is)."""
        self.path = path
        try:
            self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        except OSError as error:
            raise AnnotatorError(
                f"The lock file {path} cannot be made: {error.strerror}; make its folder writable, "
                "or open the project read-only."
            ) from error
        self._waiter: _Waiter | None = None

    @contextmanager
    def held(self, seconds: float = BUSY_SECONDS) -> Iterator[None]:
        """Hold the lock in the block.

        Raises:
            AnnotatorError: another process kept it for longer than `seconds`.
        """
        self._acquire(seconds)
        try:
            yield
        finally:
            fcntl.flock(self._fd, fcntl.LOCK_UN)

    def close(self) -> None:
        """Give the lock file back; it stays in the folder, empty."""
        if self._waiter is None:  # else its thread still uses the descriptor
            with suppress(OSError):
                os.close(self._fd)

    def _acquire(self, seconds: float) -> None:
        if self._waiter is None or self._waiter.gone:
            self._waiter = None
            try:
                fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                self._waiter = _Waiter(self._fd)
        # flock has no timeout: a thread queues in the kernel, this one waits for the thread. A
        # waiter that was given up may still get the lock for the next caller.
        if not self._waiter.wait(seconds):
            raise AnnotatorError(
                f"Another process has kept {self.path} locked for {seconds:.0f} seconds; "
                "close it, then save again."
            )
        self._waiter = None


class _Waiter:
    """A thread waiting for the lock in the kernel's queue."""

    def __init__(self, fd: int) -> None:
        self.gone = False
        """Got the lock when nobody wanted it any more, and gave it back."""
        self._fd = fd
        self._got = False
        self._wanted = True
        self._mutex = threading.Lock()
        self._done = threading.Event()
        threading.Thread(target=self._run, name="lock-waiter", daemon=True).start()

    def _run(self) -> None:
        fcntl.flock(self._fd, fcntl.LOCK_EX)
        with self._mutex:
            self._got = self._wanted
            self.gone = not self._wanted
            if self.gone:
                fcntl.flock(self._fd, fcntl.LOCK_UN)
        self._done.set()

    def wait(self, seconds: float) -> bool:
        """Whether the lock was got within `seconds`; if not, it is given up."""
        with self._mutex:
            self._wanted = not self.gone
        self._done.wait(seconds)
        with self._mutex:
            self._wanted = self._got
        return self._got
