"""The one SQLite module of the process, and connections set up the way a project file needs.

A second SQLite library in the process, or a plain `open` of the project file, would drop the file
locks other processes rely on; so every room gets SQLite from here and the file only through it.
"""

from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlite3
else:
    try:  # the one sqlite_utils picks: without the WAL-reset bug of 3.7.0-3.51.2
        from pysqlite3 import dbapi2 as sqlite3
    except ImportError:
        import sqlite3

MODULE: ModuleType = sqlite3
"""The module itself, for who must use the same one in this process."""
Connection = sqlite3.Connection
Row = tuple[Any, ...]
DatabaseError = sqlite3.DatabaseError
Error = sqlite3.Error
TROUBLE = (sqlite3.Error, UnicodeDecodeError)
"""What SQLite's calls raise: a damaged file can make even its error messages undecodable."""
VERSION: str = sqlite3.sqlite_version

APPLICATION_ID = 0x616E6E6F
"""The four letters `anno` in the file's header say whose file it is."""
BUSY_SECONDS = 30
"""How long a lock is waited for before an act counts as not saved."""
AUTOCHECKPOINT = 1000
"""Pages (4 KiB) of write-ahead log after which a commit moves them into the file."""
WRITER_CACHE, SORTER = 49_152, 12_288
"""KiB of pages the writer may hold; while it sorts an index, which takes as much again, fewer."""
JOURNAL_LIMIT = 8 * 1024 * 1024

_COMMON = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
)
_WRITE = (
    "PRAGMA synchronous = FULL",
    f"PRAGMA wal_autocheckpoint = {AUTOCHECKPOINT}",
    f"PRAGMA journal_size_limit = {JOURNAL_LIMIT}",
    f"PRAGMA cache_size = -{WRITER_CACHE}",
)
_LACKING = {
    "gone": "CREATE TEMP TABLE gone (n INTEGER PRIMARY KEY, why TEXT, event TEXT)",
    "guess": """CREATE TEMP TABLE guess (n INTEGER, actor TEXT, layer TEXT, source TEXT, version TEXT,
                doubt REAL, body TEXT)""",
    "lesson": """CREATE TEMP TABLE lesson (actor TEXT, layer TEXT, source TEXT, version TEXT,
                 learnt TEXT, saved BLOB)""",
    "arrangement": "CREATE TEMP TABLE arrangement (name TEXT, place INTEGER, n INTEGER)",
}
"""What a file of an older format, which is read as it is, lacks: nothing was withdrawn or learnt there."""
_READ = ("PRAGMA query_only = ON", "PRAGMA cache_size = -16384")


def uri(path: Path, **options: str) -> str:
    """The SQLite URI of a file, whatever characters its name holds."""
    return path.absolute().as_uri() + "?" + "&".join(f"{k}={v}" for k, v in options.items())


def connect(path: Path, mode: str, **options: str) -> Connection:
    """A connection in autocommit mode; `mode` is SQLite's "ro", "rw" or "rwc".

    Raises:
        sqlite3.Error: the file cannot be opened so; `trouble.explain` puts it in plain words.
    """
    return sqlite3.connect(
        uri(path, mode=mode, **options), uri=True, timeout=BUSY_SECONDS, isolation_level=None
    )


def writer_connection(path: Path, mode: str = "rw") -> Connection:
    """The connection of the writer thread: WAL and a durable commit."""
    return _set_up(connect(path, mode), _COMMON + _WRITE)


def reader_connection(path: Path, readonly: bool = False) -> Connection:
    """A connection for short reads, which cannot write.

    With `readonly` the file is not touched at all, not even to tidy up after a crash; on a
    read-only medium, where WAL cannot work, the file is read as immutable.
    """
    if not readonly:
        return _set_up(connect(path, "rw"), _COMMON + _READ)
    conn = connect(path, "ro")
    try:
        conn.execute("SELECT count(*) FROM sqlite_schema").fetchall()
    except sqlite3.OperationalError:
        conn.close()
        conn = connect(path, "ro", immutable="1")
    except BaseException:
        conn.close()
        raise
    known = {name for (name,) in conn.execute("SELECT name FROM sqlite_schema").fetchall()}
    lacking = (sql for name, sql in _LACKING.items() if name not in known)
    return _set_up(conn, (*lacking, *_COMMON, *_READ))


def _set_up(conn: Connection, pragmas: tuple[str, ...]) -> Connection:
    try:
        for pragma in pragmas:
            conn.execute(pragma)
    except BaseException:
        conn.close()
        raise
    return conn


def fixed_library(version: str = VERSION) -> bool:
    """Whether this SQLite is free of the WAL-reset bug (3.51.3 on, 3.50.7, 3.44.6)."""
    number = tuple(int(part) for part in version.split(".")[:3])
    return number >= (3, 51, 3) or (3, 50, 7) <= number < (3, 51) or (3, 44, 6) <= number < (3, 45)
