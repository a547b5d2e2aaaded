"""A connection to a project on a PostgreSQL server, which does what one to a file does.

All writers of a project take one lock, which lasts as long as their transaction: positions in the log,
numbers of articles and the clock rely on one order. READ COMMITTED is what makes it safe: after the
wait for the lock, every statement sees what the one before committed.
"""

import logging
import re
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING, Any, NoReturn

import psycopg
from psycopg import errors, pq
from psycopg.conninfo import conninfo_to_dict
from psycopg.sql import SQL, Identifier

from annotator.model.errors import AnnotatorError
from annotator.store import secret
from annotator.store.address import Address
from annotator.store.dialect import translate
from annotator.store.engine import APPLICATION_ID, BUSY_SECONDS, IntegrityError, OperationalError
from annotator.store.together import Together, as_asked, bound
from annotator.store.upkeep import Upkeep

if TYPE_CHECKING:
    from annotator.store.everybody import Shared

logging.getLogger("psycopg").addHandler(logging.NullHandler())
"""What goes wrong is told in a sentence of one's own: nothing of psycopg's is printed beside it."""
_DEFAULTS = {
    "application_name": "annotator",
    "connect_timeout": "10",
    # a cut line is noticed within a minute, also while nothing is sent
    "keepalives_idle": "20",
    "keepalives_interval": "5",
    "keepalives_count": "4",
    "tcp_user_timeout": "20000",
}
_SETTINGS = """SET client_min_messages = warning; SET synchronous_commit = on;
               SET default_transaction_isolation = 'read committed'; SET timezone = 'UTC'"""
_READ_ONLY = "; SET default_transaction_read_only = on"
# who is cut off in the middle must not keep the lock for as long as a network takes to find out
_WRITE = "; SET idle_in_transaction_session_timeout = '60s'"
_ROUND = 2
"""Seconds the lock is waited for at a time: a server that is gone would not answer either."""
_ANSWER = 3
"""Seconds that an answer may take beside that."""
_BEGIN = (
    f"BEGIN; SET LOCAL lock_timeout = '{_ROUND}s'; SELECT pg_advisory_xact_lock({APPLICATION_ID})"
)
_MOMENT = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_HAS = """SELECT 1 FROM pg_class WHERE relname = %s AND relkind IN ('r', 'i')
          AND relnamespace = current_schema()::regnamespace"""
_FORMAT = "SELECT value FROM project WHERE name = 'format'"
_MAKE = SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'")
_HOME = """SELECT system_identifier, (SELECT oid FROM pg_database WHERE datname = current_database())
           FROM pg_control_system()"""
# all but the server's own tables, which take twenty times as long
_COUNT = """DO $$ BEGIN EXECUTE 'ANALYZE ' || (
                SELECT string_agg(oid::regclass::text, ', ') FROM pg_class
                WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'); END $$"""
_MAY_COUNT = "SELECT has_function_privilege('count_rows()', 'EXECUTE')"
_STREAMED = 2000
_NO_CONNECTION = "08"
"""How SQL's numbers of trouble with the connection begin."""
_WITHIN = (pq.TransactionStatus.INTRANS, pq.TransactionStatus.INERROR)
_NUMBERS = count(1)
"""Of the cursors that are open at the same time."""


class ServerError(OperationalError):
    """What a server reported, as the store expects errors; `trouble` has the sentence for it."""

    def __init__(self, kind: str, said: str) -> None:
        """`kind` is one of `trouble.ON_SERVER`, `said` the server's own words, a line."""
        super().__init__(said)
        self.kind = kind
        self.slow = False
        """Whether it is lost only in that there was no answer in time."""


class NotUniqueError(ServerError, IntegrityError):
    """A row is there already."""


class _Number(psycopg.adapt.Loader):
    """Sums are whole numbers in SQLite, and `numeric` here."""

    def load(self, data: psycopg.abc.Buffer) -> int | float:
        text = bytes(data).decode()
        return float(text) if "." in text else int(text)


class _Truth(psycopg.adapt.Loader):
    """What is true is 1 in SQLite."""

    def load(self, data: psycopg.abc.Buffer) -> int:
        return int(bytes(data) == b"t")


class _Line(psycopg.Connection[Any]):
    """A connection that does not wait for ever."""

    patience: float | None = None

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """As psycopg has it, with a time limit for each answer."""
        return super().wait(gen, interval, self.patience if timeout is None else timeout)


def connect(address: Address, readonly: bool = False, database: str = "") -> "ServerConnection":
    """A connection to the project's database, or to another one on its server; in autocommit mode.

    Raises:
        ServerError: there is none to be had; `trouble.explain` puts it in plain words.
    """
    return ServerConnection(address, readonly, database)


class ServerConnection(Together, Upkeep):
    """See `engine.Connection`, whose methods these are."""

    raw: _Line

    def __init__(self, address: Address, readonly: bool = False, database: str = "") -> None:
        """Connect; raises ServerError."""
        super().__init__()
        try:
            given = conninfo_to_dict(address.url)
            options = {name: text for name, text in _DEFAULTS.items() if name not in given}
            if database:
                options["dbname"] = database
            if password := secret.kept(address):
                options["password"] = password
            self.raw = _Line.connect(address.url, autocommit=True, **options)  # type: ignore[arg-type]  # libpq's own options, all text
        except psycopg.Error as error:
            _told(error, connecting=True)
        self.raw.adapters.register_loader("numeric", _Number)
        self.raw.adapters.register_loader("bool", _Truth)
        self.in_moment = False
        """Whether what is read now belongs to one moment (`reading`)."""
        self.run(_SETTINGS + (_READ_ONLY if readonly else _WRITE))

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction was begun and neither committed nor rolled back."""
        return self.raw.info.transaction_status in _WITHIN

    @property
    def patience(self) -> float | None:
        """Seconds an answer is waited for before the server counts as lost."""
        return self.raw.patience

    @patience.setter
    def patience(self, seconds: float | None) -> None:
        self.raw.patience = seconds

    def execute(self, sql: str, parameters: Any = (), /) -> psycopg.Cursor[Any]:
        """Run a statement of the store."""
        found = self._answer(sql, parameters)
        return self.run(translate(sql), bound(sql, parameters)) if found is None else found

    def executemany(self, sql: str, parameters: Iterable[Any], /) -> psycopg.Cursor[Any]:
        """Run a statement for each of these values, all sent at once."""
        cursor = self.raw.cursor()
        try:
            self._send()
            cursor.executemany(translate(sql), [bound(sql, each) for each in parameters])
        except psycopg.Error as error:
            _told(error)
        return cursor

    def ahead(self, questions: "Iterable[tuple[str | Shared, Sequence[Any]]]") -> None:
        """Ask what will be asked soon, all together."""
        try:
            super().ahead(questions)
        except psycopg.Error as error:
            _told(error)

    def put(self, table: str, columns: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """Put many rows into a table, by COPY."""
        names = SQL(", ").join(map(Identifier, columns.split(", ")))
        into = SQL("COPY {} ({}) FROM STDIN").format(Identifier(table), names)
        try:
            self._send()
            with self.raw.cursor() as cursor, cursor.copy(into) as copy:
                for row in rows:
                    copy.write_row(row)
        except psycopg.Error as error:
            _told(error)

    def stream(self, sql: str, parameters: Any = ()) -> Iterator[Any]:
        """The rows of a long query, some in memory at a time; within a transaction."""
        try:
            self._send()
            with self.raw.cursor(f"rows_{next(_NUMBERS)}") as cursor:
                cursor.itersize = _STREAMED
                cursor.execute(translate(sql), bound(sql, parameters))
                yield from cursor
        except psycopg.Error as error:
            _told(error)

    def close(self) -> None:
        """Let go; what was not committed did not happen."""
        self.raw.close()

    def finish(self) -> None:
        """There is nothing to tidy up."""
        self.close()

    def begin(self) -> None:
        """Begin the transaction of the project's only writer: waits for who writes now."""
        until = time.monotonic() + BUSY_SECONDS
        usual, self.patience = self.patience, _ROUND + _ANSWER
        try:
            while True:
                try:
                    self.run(_BEGIN)
                    return
                except ServerError as error:
                    if self.in_transaction:
                        self.run("ROLLBACK")
                    if error.kind != "locked" or time.monotonic() > until:
                        raise
        finally:
            self.patience = usual

    def reading(self, name: str) -> None:  # noqa: ARG002  # as with a file, where it is needed
        """All that is read from now on is as it is at the first query, until `read`."""
        self.run(_MOMENT)
        self.in_moment = True

    def read(self, name: str) -> None:  # noqa: ARG002  # likewise
        """End what `reading` began."""
        self.in_moment = False
        self.run("COMMIT")

    def has(self, name: str) -> bool:
        """Whether there is a table or an index of a name."""
        return self.run(_HAS, (name,)).fetchone() is not None

    def everybody(self, what: "Shared", values: Sequence[Any] = ()) -> psycopg.Cursor[Any]:
        """What a query gives of everybody's work: a function of its name has it."""
        found = self._answer(what, values)
        return self.run(*as_asked(what, values)) if found is None else found

    def importing(self, many: bool) -> None:
        """Many rows came: have them counted, for the planner goes by how many there are."""
        if many:
            return
        if not self.has("account"):
            self.run(_COUNT)
        elif self.run(_MAY_COUNT).fetchone() == (1,):  # only the owner may, so it is done as they
            self.run("SELECT count_rows()")

    @property
    def format(self) -> int:
        """The format of the tables; 0 where there are none."""
        if not self.has("project"):
            return 0
        row = self.run(_FORMAT).fetchone()
        return int(row[0]) if row else 0

    @property
    def exposed_to(self) -> str:
        """The server's host, when what goes there over a network is not encrypted; else ""."""
        host, there = self.raw.info.host, self.raw.info.hostaddr
        is_here = host.startswith(("/", "@")) or there.startswith("127.") or there == "::1"
        return "" if is_here or self.raw.pgconn.ssl_in_use else host

    @property
    def version(self) -> int:
        """The server's version, as in 150018."""
        return self.raw.info.server_version

    @property
    def encoding(self) -> str:
        """How the database keeps texts."""
        return self.raw.info.parameter_status("server_encoding") or ""

    @property
    def home(self) -> str:
        """What tells this database from all others, however it is addressed; "" where that is secret."""
        try:
            row = self.run(_HOME).fetchone()
        except ServerError as error:
            if error.kind != "forbidden":
                raise
            return ""
        return f"{row[0]}/{row[1]}" if row else ""

    def make_database(self, name: str) -> None:
        """Make a database for a project."""
        self.run(_MAKE.format(Identifier(name)))

    def run(self, sql: Any, parameters: Any = None) -> psycopg.Cursor[Any]:
        """Run a statement in PostgreSQL's own words; raises ServerError."""
        try:
            return self._run(sql, parameters)
        except psycopg.Error as error:
            _told(error)


class ServerLock:
    """The lock of one project object: between processes the transaction itself takes one."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()

    @contextmanager
    def held(self, seconds: float = BUSY_SECONDS) -> Iterator[None]:
        """Hold the lock in the block; raises AnnotatorError after `seconds`."""
        if not self._mutex.acquire(timeout=seconds):
            raise AnnotatorError(
                f"The project has been busy for {seconds:.0f} seconds; save again in a while."
            )
        try:
            yield
        finally:
            self._mutex.release()

    def close(self) -> None:
        """Nothing is left of it."""


_KINDS: tuple[tuple[type[psycopg.Error], str], ...] = (
    (errors.InsufficientPrivilege, "forbidden"),
    (errors.ReadOnlySqlTransaction, "forbidden"),
    (errors.LockNotAvailable, "locked"),
    (errors.DiskFull, "full"),
    (errors.ProgramLimitExceeded, "long"),
    (errors.UndefinedTable, "no project"),
    (errors.InvalidCatalogName, "no database"),
    (errors.InvalidPassword, "password"),
    (errors.InvalidAuthorizationSpecification, "password"),
    (errors.TooManyConnections, "crowded"),
    (errors.AdminShutdown, "lost"),
    (errors.CrashShutdown, "lost"),
    (errors.CannotConnectNow, "lost"),
    (errors.IdleInTransactionSessionTimeout, "lost"),
    (errors.IdleSessionTimeout, "lost"),
)


_CHATTER = re.compile(
    r"\bconnection (?:failed|is bad): |\bfe_sendauth: | Is the server running (?:on that host|locally) and accepting [^?]*\?"
)
"""What libpq says around the reason, which helps nobody."""


def _told(error: psycopg.Error, connecting: bool = False) -> NoReturn:
    """Raise what the store expects for an error of psycopg."""
    text = _CHATTER.sub("", " ".join(str(error).split()))
    if isinstance(error, errors.UniqueViolation):
        raise NotUniqueError("other", f"UNIQUE constraint failed: {text}") from error
    for kind, name in _KINDS:
        if isinstance(error, kind):
            raise ServerError(name, text) from error
    state = error.sqlstate or _NO_CONNECTION
    if isinstance(error, psycopg.OperationalError) and (
        connecting or state.startswith(_NO_CONNECTION)
    ):
        slow = isinstance(error, errors._WaitTimeout)
        made = ServerError(
            _unconnected(text) if connecting else "lost", "no answer" if slow else text
        )
        made.slow = slow
        raise made from error
    raise ServerError("other", text) from error


_UNKNOWN = ("no password supplied", "password authentication failed", "role", "permission denied")
"""What libpq says of somebody who may not connect."""
_UNSAFE = ("does not support SSL", "SSL error", "certificate", "sslmode", "SSL was required")
"""What libpq says of a connection that would not be as safe as the address asks."""


def _unconnected(text: str) -> str:
    """Why there is no connection: the server's words are all that is told of it."""
    if "does not exist" in text and "database" in text:
        return "no database"
    if any(part in text for part in _UNSAFE):
        return "unsafe"
    if any(part in text for part in _UNKNOWN):
        return "password"
    if "too many" in text or "remaining connection slots" in text:
        return "crowded"
    return "lost"
