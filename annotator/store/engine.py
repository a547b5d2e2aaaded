"""What a project is kept in: connections to a file by SQLite, and what a server's are like as well.

The store's statements are SQL that SQLite and PostgreSQL both take (`dialect`); a connection's few
methods beside `execute` are what the two do each in its own way. `server` has PostgreSQL's.

A second SQLite library in the process, or a plain `open` of the project file, would drop the file
locks other processes rely on; so every room gets SQLite from here and the file only through it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Protocol

from annotator.store.address import Address, Place

if TYPE_CHECKING:
    import sqlite3

    from annotator.store.everybody import Shared
    from annotator.store.problems import Problem
    from annotator.store.words import Words
else:
    try:  # the one sqlite_utils picks: without the WAL-reset bug of 3.7.0-3.51.2
        from pysqlite3 import dbapi2 as sqlite3
    except ImportError:
        import sqlite3

MODULE: ModuleType = sqlite3
"""The module itself, for who must use the same one in this process."""
Row = tuple[Any, ...]
DatabaseError = sqlite3.DatabaseError
Error = sqlite3.Error
OperationalError = sqlite3.OperationalError
IntegrityError = sqlite3.IntegrityError
TROUBLE = (sqlite3.Error, UnicodeDecodeError)
"""What SQLite's calls raise: a damaged file can make even its error messages undecodable."""
VERSION: str = sqlite3.sqlite_version

APPLICATION_ID = 0x616E6E6F
"""The four letters `anno` in the file's header say whose file it is."""
BUSY_SECONDS = 30
"""How long a lock is waited for before an act counts as not saved."""
AUTOCHECKPOINT, SELDOM = 1000, 16_000
"""Pages (4 KiB) of write-ahead log after which a commit moves them into the file; during an import."""
CLOSING_MS = 200
"""How long the last tidying up of the write-ahead log waits for readers, in milliseconds."""
WRITER_CACHE, SORTER = 49_152, 12_288
"""KiB of pages the writer may hold; while it sorts an index, which takes as much again, fewer."""
JOURNAL_LIMIT = 8 * 1024 * 1024


class Cursor(Protocol):
    """What a statement gives."""

    @property
    def rowcount(self) -> int:
        """How many rows it changed."""

    def fetchone(self) -> Any:
        """The next row, None at the end."""

    def fetchmany(self, size: int) -> list[Any]:
        """The next rows, at most `size`."""

    def fetchall(self) -> list[Any]:
        """All that are left."""

    def __iter__(self) -> Iterator[Any]:
        """Row by row."""


Values = Sequence[Any] | Mapping[str, Any]


class Connection(Protocol):
    """A connection to a project, in a file or on a server; outside of `begin` each statement commits."""

    patience: float | None
    """Seconds an answer of a server is waited for before it counts as lost; None: as the network lets one."""

    in_moment: bool
    """Whether what is read now is all as it was at one moment (`reading`)."""

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction was begun and neither committed nor rolled back."""

    def execute(self, sql: str, parameters: Any = (), /) -> Cursor:
        """Run a statement with its values bound."""

    def executemany(self, sql: str, parameters: Iterable[Any], /) -> Cursor:
        """Run a statement for each of these values."""

    def put(self, table: str, columns: str, rows: Iterable[Row]) -> None:
        """Put many rows into a table by the fastest way there is; within a transaction.

        `columns` are their names with commas between.
        """

    def later(self, sql: str, parameters: Iterable[Any], /) -> None:
        """Run a statement for each of these values, before anything else is run or committed."""

    def ahead(self, questions: "Iterable[tuple[str | Shared, Sequence[Any]]]") -> None:
        """Tell what will be asked soon; what is written before may not be in the answers."""

    def stream(self, sql: str, parameters: Any = ()) -> Iterator[Any]:
        """The rows of a long query, some in memory at a time; within a transaction or `reading`."""

    def close(self) -> None:
        """Let go of the project."""

    def begin(self) -> None:
        """Begin the transaction of the project's only writer."""

    def finish(self) -> None:
        """Tidy up and close, as the last thing a writer does."""

    def reading(self, name: str) -> None:
        """From now on all that is read is as it is now, until `read(name)`; for a connection that only reads."""

    def read(self, name: str) -> None:
        """End what `reading` began."""

    def has(self, name: str) -> bool:
        """Whether there is a table or an index of a name."""

    def everybody(self, what: "Shared", values: Sequence[Any] = ()) -> Cursor:
        """What a query gives of everybody's work, also where one reads one's own only."""

    def importing(self, many: bool) -> None:
        """Tell that many rows are about to come, or that they came."""

    def erasing(self) -> None:
        """What is deleted from now on must not be left lying about, as far as the engine can help it."""

    def scrub(self, mark: str) -> None:
        """Write all anew, so that nothing that was deleted is left, and take a mark out of `project`.

        Outside of a transaction; others wait meanwhile.

        Raises:
            AnnotatorError: it could not be done, or not wholly; the mark stays.
        """

    def damage(self) -> "Iterator[Problem]":
        """What the engine itself finds wrong with the project's tables; raises `TROUBLE`."""

    def make_room(self, what: str) -> None:
        """Get ready for names too long for an index, see `long_names`; within a transaction."""

    @property
    def words(self) -> "Words":
        """The index of words, which each engine keeps in its own way."""

    @property
    def format(self) -> int:
        """The format of the project's tables, as `migrations` counts them."""

    @property
    def home(self) -> str:
        """What tells a server's database from all others, however it is addressed; "" for a file."""


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


class FileConnection(sqlite3.Connection):
    """A connection to a project file."""

    patience: float | None = None
    in_moment = False

    def begin(self) -> None:
        """Begin the transaction of the file's only writer; who calls holds the lock."""
        self.execute("BEGIN IMMEDIATE")

    def finish(self) -> None:
        """Move the write-ahead log into the file and close; who calls holds the lock."""
        self.execute(f"PRAGMA busy_timeout = {CLOSING_MS}")
        self.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        self.close()

    def put(self, table: str, columns: str, rows: Iterable[Row]) -> None:
        """Put many rows into a table."""
        marks = ",".join("?" * (columns.count(",") + 1))
        self.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)

    def later(self, sql: str, parameters: Iterable[Any], /) -> None:
        """Run it now: a file is near."""
        self.executemany(sql, parameters)

    def ahead(self, questions: "Iterable[tuple[str | Shared, Sequence[Any]]]") -> None:
        """Nothing is gained by asking a file before."""

    def stream(self, sql: str, parameters: Any = ()) -> Iterator[Any]:
        """The rows of a long query, as they are asked for."""
        return self.execute(sql, parameters)

    def reading(self, name: str) -> None:
        """See `Connection`: this connection cannot write, so nobody is kept waiting."""
        self.execute(f"SAVEPOINT {name}")

    def read(self, name: str) -> None:
        """See `Connection`."""
        self.execute(f"RELEASE {name}")

    def has(self, name: str) -> bool:
        """Whether there is a table or an index of a name."""
        sql = "SELECT 1 FROM sqlite_schema WHERE name = ?"
        return self.execute(sql, (name,)).fetchone() is not None

    def everybody(self, what: "Shared", values: Sequence[Any] = ()) -> Cursor:
        """See `Connection`: who can read a file reads all of it."""
        return self.execute(what.sql, values)

    def importing(self, many: bool) -> None:
        """Seldom or as usual move the write-ahead log into the file."""
        number = SELDOM if many else AUTOCHECKPOINT
        self.execute(f"PRAGMA wal_autocheckpoint = {number}").fetchall()

    def erasing(self) -> None:
        """Overwrite what is deleted."""
        self.execute("PRAGMA secure_delete = ON").fetchall()

    def scrub(self, mark: str) -> None:
        """See `Connection`."""
        from annotator.store import care_in_file

        care_in_file.scrub(self, mark)

    def damage(self) -> "Iterator[Problem]":
        """What SQLite finds."""
        from annotator.store import care_in_file

        return care_in_file.damage(self)

    def make_room(self, what: str) -> None:
        """A file's indexes take names of any length."""

    @property
    def home(self) -> str:
        """See `Connection`."""
        return ""

    @property
    def words(self) -> "Words":
        """The index of words."""
        from annotator.store.words_in_file import INDEX

        return INDEX

    @property
    def format(self) -> int:
        """The format of the file."""
        return int(self.execute("PRAGMA user_version").fetchone()[0])


def connect(path: Path, mode: str, **options: str) -> FileConnection:
    """A connection in autocommit mode; `mode` is SQLite's "ro", "rw" or "rwc".

    Raises:
        sqlite3.Error: the file cannot be opened so; `trouble.explain` puts it in plain words.
    """
    return sqlite3.connect(
        uri(path, mode=mode, **options),
        uri=True,
        timeout=BUSY_SECONDS,
        isolation_level=None,
        factory=FileConnection,
    )


def writer_connection(place: Place) -> Connection:
    """The connection of the writer thread, whose commits are durable."""
    if isinstance(place, Address):
        from annotator.store import server

        return server.connect(place)
    return file_writer(place)


def file_writer(path: Path, mode: str = "rw") -> FileConnection:
    """The same to a file: WAL and a durable commit."""
    return _set_up(connect(path, mode), _COMMON + _WRITE)


def reader_connection(place: Place, readonly: bool = False) -> Connection:
    """A connection for short reads, which cannot write.

    With `readonly` a file is not touched at all, not even to tidy up after a crash; on a
    read-only medium, where WAL cannot work, the file is read as immutable.
    """
    if isinstance(place, Address):
        from annotator.store import server

        return server.connect(place, readonly=True)
    return file_reader(place, readonly)


def file_reader(path: Path, readonly: bool = False) -> FileConnection:
    """The same to a file."""
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


def _set_up(conn: FileConnection, pragmas: tuple[str, ...]) -> FileConnection:
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
