"""Where a project lies and who has it: what can be told without reading its articles."""

import os
import shutil
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from annotator.model.errors import AnnotatorError
from annotator.store import place, trouble
from annotator.store.address import Address, missing
from annotator.store.engine import TROUBLE
from annotator.store.journal import folder
from annotator.store.lock import FileLock, lock_path

if TYPE_CHECKING:
    from annotator.store.server import ServerConnection

_TRIES = 3
_TOLD = """SELECT coalesce((SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl), ''),
           CAST(session_user AS TEXT), pg_database_size(current_database()),
           count(*) FILTER (WHERE datname = current_database()),
           count(*) FILTER (WHERE datname IS NOT NULL),
           CAST(current_setting('max_connections') AS INTEGER) FROM pg_stat_activity"""


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
        raise missing(path)
    log = Path(f"{real}-wal")
    return Health(
        real,
        real.stat().st_size,
        log.stat().st_size if log.exists() else 0,
        _file_system(real),
        shutil.disk_usage(real.parent).free,
        os.access(real, os.W_OK) and os.access(real.parent, os.W_OK),
        _locked(lock_path(real)),
    )


@dataclass(frozen=True, slots=True)
class Far:
    """How the server of a project is reached."""

    version: int
    """Of PostgreSQL, such as 18."""
    exposed_to: str
    """The server's host when what goes there can be read on the way; "" when it cannot."""
    encrypted: str
    """By which version of TLS what goes there is encrypted; "" when it is not."""
    milliseconds: float
    """That an answer takes, the best of some."""
    name: str
    """The annotator this login's work is kept under; "" for an owner without an account."""
    role: str
    """What the account may do; "" without one."""
    login: str
    """As whom the server knows this connection."""
    size: int
    """Bytes of the project's database."""
    here: int
    """Connections to the project, this one among them."""
    connections: int
    """Connections to all of the server."""
    most: int
    """How many the server takes."""


def far(address: Address) -> Far:
    """How the server of a project is reached; AnnotatorError when it is not."""
    from annotator.store import accounts, server

    try:
        with closing(server.connect(address, readonly=True)) as conn:
            account = accounts.account(conn)
            name, role = (account.name, str(account.role)) if account is not None else ("", "")
            tls, *told = conn.run(_TOLD).fetchall()[0]
            way = (conn.exposed_to, tls, _answer(conn))
            return Far(conn.version // 10_000, *way, name, role, *told)
    except TROUBLE as error:
        raise trouble.explain(error, address) from error


def _answer(conn: "ServerConnection") -> float:
    took = []
    for _ in range(_TRIES):
        begun = time.perf_counter()
        conn.run("SELECT 1").fetchone()
        took.append((time.perf_counter() - begun) * 1000)
    return min(took)


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
