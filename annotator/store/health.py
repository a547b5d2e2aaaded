"""Where a project file lies and who has it: what can be told without reading its articles."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from annotator.model.errors import AnnotatorError
from annotator.store import opening, place
from annotator.store.journal import folder
from annotator.store.lock import FileLock


@dataclass(frozen=True, slots=True)
class Health:
    """How a project file is placed."""

    path: Path
    """Resolved."""
    size: int
    """Bytes of the file."""
    log: int
    """Bytes of SQLite's write-ahead log beside it."""
    file_system: str
    """Its type; "" where the system does not tell."""
    free: int
    """Bytes free on that disk for this user."""
    writable: bool
    """Whether this user may write the file and its folder."""
    locked: bool
    """Whether another process is writing this very moment."""


def health(path: Path) -> Health:
    """How the file at `path` is placed; AnnotatorError when there is none."""
    real = path.resolve()
    if not real.is_file():
        raise AnnotatorError(
            f"There is no project at {path}; make one with `annotator init {path}`."
        )
    log = Path(f"{real}-wal")
    return Health(
        real,
        real.stat().st_size,
        log.stat().st_size if log.exists() else 0,
        _file_system(real),
        shutil.disk_usage(real.parent).free,
        os.access(real, os.W_OK) and os.access(real.parent, os.W_OK),
        _locked(opening.lock_path(real)),
    )


def state_folder() -> tuple[Path, bool]:
    """Where decisions wait that could not be saved, and whether it can be written."""
    path = folder()
    there = next(each for each in (path, *path.parents) if each.exists())
    return path, os.access(there, os.W_OK)


def _file_system(path: Path) -> str:
    try:
        mounts = Path("/proc/self/mountinfo").read_text(errors="surrogateescape")
    except OSError:
        return ""
    return place.file_system(path, mounts)


def _locked(path: Path) -> bool:
    """Whether another process holds the lock; a lock file that is not there is not made."""
    if not path.exists() or not os.access(path, os.W_OK):
        return False
    lock = FileLock(path)
    try:
        with lock.held(0):
            return False
    except AnnotatorError:
        return True
    finally:
        lock.close()
