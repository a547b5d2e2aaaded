"""Whether a server runs on a folder: what PostgreSQL wrote about itself, and a lock that it inherits.

PostgreSQL knows its own by a file with a process number, which after a power cut may by chance be that
of another process (in a container it often is). So the server also inherits an open file with a `flock`:
as long as one of its processes lives, nobody else has the lock.
"""

import errno
import fcntl
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from annotator.model.errors import AnnotatorError


class Noted(NamedTuple):
    """What a running server tells in its `postmaster.pid`."""

    pid: int
    since: float
    """Seconds since the epoch."""
    is_ready: bool
    """Whether it takes connections: not while it starts, recovers or ends."""


def noted(data: Path) -> Noted | None:
    """What the file says; None where there is none, or none that can be read yet."""
    try:
        lines = (data / "postmaster.pid").read_text(errors="replace").split("\n")
        ready = len(lines) > 7 and lines[7].strip() == "ready"
        return Noted(int(lines[0]), float(lines[2]), ready)
    except (FileNotFoundError, NotADirectoryError, ValueError, IndexError):
        return None


def is_alive(pid: int) -> bool:
    """Whether there is a process of this number."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # it is another account's
    return True


def is_server_of(pid: int, data: Path) -> bool:
    """Whether a process is a PostgreSQL on these data; its number alone may be another's by now."""
    if not is_alive(pid):
        return False
    about = Path("/proc", str(pid))
    if about.is_dir():
        try:
            named = (about / "comm").read_text().strip() == "postgres"
            if not named or about.stat().st_uid != data.stat().st_uid:
                return False
            return os.path.samefile(about / "cwd", data)
        except PermissionError:
            return True  # a root that may not look further
        except OSError:
            return False  # it ended meanwhile
    with suppress(OSError):  # a system without /proc
        told = subprocess.run(["ps", "-p", str(pid), "-o", "comm="], capture_output=True, text=True)
        return told.stdout.strip().endswith("postgres")
    return True  # it cannot be told, and nothing is done to it


def is_held(lock: Path) -> bool:
    """Whether somebody has the lock: a server, or who is starting one."""
    try:
        descriptor = os.open(lock, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


@contextmanager
def hold(lock: Path) -> Iterator[int]:
    """Hold the lock in the block, and as long as a process lives that its descriptor was given to.

    Raises:
        BlockingIOError: somebody has it.
        AnnotatorError: the file cannot be made.
    """
    flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
    try:
        descriptor = os.open(lock, flags, 0o600)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise AnnotatorError(f"The disk of {lock.parent} is full: make room.") from error
        raise
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield descriptor
    finally:
        os.close(descriptor)
