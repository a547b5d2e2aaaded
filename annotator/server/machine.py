"""Accounts, files and signals: what a server needs of the machine beside PostgreSQL."""

import errno
import os
import pwd
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from annotator.model.errors import AnnotatorError

_FULL = {errno.ENOSPC: "is full", errno.EDQUOT: "has no room left for you"}


def refuse_root() -> None:
    """Raises AnnotatorError when this process is root's."""
    if os.geteuid() == 0:
        raise AnnotatorError(
            "PostgreSQL does not run as root: run this as an ordinary user, such as with "
            "sudo -u NAME, in a folder that belongs to that user."
        )


def account() -> str:
    """The account of this process; raises AnnotatorError when it has no name."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        raise AnnotatorError(
            f"The account {os.geteuid()} has no name on this machine, which PostgreSQL needs."
        ) from None


def owner(path: Path) -> str:
    """Whose a file or a folder is."""
    number = path.stat().st_uid
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"account {number}"


@contextmanager
def room(folder: Path) -> Iterator[None]:
    """In the block, a full disk is told as a person may be told it (AnnotatorError)."""
    try:
        yield
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise AnnotatorError(
            f"The disk of {folder} {_FULL[error.errno]}: make room, then try again."
        ) from error


def write(path: Path, text: str) -> None:
    """Put a file in its place whole and durable, readable by its owner only.

    Raises:
        AnnotatorError: the disk is full.
    """
    new = path.with_name(f"{path.name}.new")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    with room(path.parent):
        new.unlink(missing_ok=True)
        descriptor = os.open(new, flags, 0o600)
        with open(descriptor, "w", encoding="utf-8", errors="surrogateescape") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)


def sync(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


Child = subprocess.Popen[bytes]


@contextmanager
def ending_by_signal() -> Iterator[Callable[[Child], None]]:
    """In the block, SIGTERM, SIGINT and SIGHUP end a child in order, and not this process.

    Yields:
        What names the child, once there is one; a signal that came before is passed on then.
    """
    children: list[Child] = []
    asked = False

    def end(*_: object) -> None:
        nonlocal asked
        asked = True
        for child in children:
            child.send_signal(signal.SIGINT)  # PostgreSQL's order to put everybody off and end

    def name(child: Child) -> None:
        children.append(child)
        if asked:
            end()

    numbers = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    before = {each: signal.getsignal(each) for each in numbers}
    for each in numbers:
        if before[each] is not signal.SIG_IGN:  # nohup
            signal.signal(each, end)
    try:
        yield name
    finally:
        for each, handler in before.items():
            with suppress(TypeError):  # one that was not set from Python
                signal.signal(each, handler)
