"""Backups: a whole, consistent copy while others go on working.

From a file to a file by SQLite's own means; between a file and a server row by row (`moving`).
"""

import os
import secrets
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from annotator.model.errors import AnnotatorError
from annotator.store import place, trouble
from annotator.store.address import Place
from annotator.store.engine import TROUBLE, connect
from annotator.store.header import file_format

if TYPE_CHECKING:
    from annotator.store.merging import Said

Verify = Callable[[Path], Sequence[str]]
"""Gives what is wrong with a project file, nothing when it is sound."""


def whole(source: Place, target: Place, said: "Said") -> Place:
    """Make a project that is the same as another one, where there is none; its place.

    Raises:
        AnnotatorError: the place is taken, the project is damaged or cannot be read whole, or there is
            no room; nothing was made then.
    """
    if isinstance(source, Path) and isinstance(target, Path):
        from annotator.store import check, opening

        return copy(opening.check_file(source, readonly=True), target, check.errors)
    from annotator.store import moving

    return moving.copy(source, target, said)


def copy(source: Path, target: Path, verify: Verify) -> Path:
    """A compact copy of a project file at `target`, checked before it gets its name.

    Others may write meanwhile: the copy holds what was committed when it began.

    Raises:
        AnnotatorError: the target exists, there is no room, or the copy is not sound.
    """
    real = place.fresh(target)
    part = real.with_name(f".{real.name}.{secrets.token_hex(4)}.part")
    try:
        with closing(connect(source, "ro")) as conn:
            file_format(conn, source)
            conn.execute("VACUUM INTO ?", (str(part),))
        found = verify(part)
        if found:
            raise AnnotatorError(f"The copy of {source} is not sound, so none was kept: {found[0]}")
        _to_disk(part)
        _name(part, real)
        _to_disk(real.parent)
    except (*TROUBLE, OSError) as error:
        raise _unmade(error, source, target) from error
    finally:
        for name in (part, Path(f"{part}-wal"), Path(f"{part}-shm"), Path(f"{part}-journal")):
            with suppress(OSError):
                name.unlink()
    return real


def _unmade(error: Exception, source: Path, target: Path) -> AnnotatorError:
    text = str(error)
    if isinstance(error, FileExistsError):
        return AnnotatorError(f"{target} exists already; nothing was changed.")
    if isinstance(error, OSError) or "full" in text or "I/O" in text:
        return AnnotatorError(f"No copy could be made at {target}: {text}; is there room for it?")
    return trouble.explain(error, source)


def _name(part: Path, real: Path) -> None:
    """Give a finished copy its name, never taking the place of a file made meanwhile."""
    try:
        os.link(part, real)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if os.path.lexists(real):
            raise FileExistsError(str(real)) from None
        os.rename(part, real)


def _to_disk(path: Path) -> None:
    """Wait until a new file, or a folder's list of names, is on the disk.

    Only for a file no SQLite connection of this process has open.
    """
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
