"""Making a project on a server, and opening one: its database, tables and format."""

from collections.abc import Callable
from contextlib import closing

from psycopg.sql import SQL, Identifier

from annotator.model.errors import AnnotatorError
from annotator.store import server, trouble
from annotator.store.address import Address, missing
from annotator.store.engine import TROUBLE
from annotator.store.header import CURRENT, refuse_newer
from annotator.store.server import ServerConnection

OLDEST = 150_000
"""The oldest PostgreSQL that will do, as it tells its own version: before 15 anybody could put
functions of their own among a database's."""

_FUNCTIONS = (
    # what a path leads to in a JSON text, as text
    """CREATE FUNCTION json_extract(body text, path text) RETURNS text
       LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
       $$ SELECT body::json #>> string_to_array(
              ltrim(replace(replace(substr(path, 2), '[', '.'), ']', ''), '.'), '.') $$""",
    # the order of arrival has no gaps: whoever appends holds the project's lock
    """CREATE FUNCTION next_position() RETURNS bigint LANGUAGE sql VOLATILE AS
       $$ SELECT coalesce(max(pos), 0) + 1 FROM event $$""",
)
_AFTER = ("ALTER TABLE event ALTER COLUMN pos SET DEFAULT next_position()",)
_SET_FORMAT = """INSERT INTO project (name, value) VALUES ('format', ?)
                 ON CONFLICT (name) DO UPDATE SET value = excluded.value"""


def create(address: Address, fill: Callable[[ServerConnection], object]) -> None:
    """Make the tables of a project in an empty database, which is made too if there is none.

    Args:
        address: where.
        fill: writes what a new project begins with, in the same transaction.

    Raises:
        AnnotatorError: there is a project or something else, or this role may not.
    """
    try:
        with closing(_to_new(address)) as conn:
            _refuse_old(conn, address)
            conn.begin()
            if not _is_empty(conn):
                raise AnnotatorError(
                    f"{address} holds tables already; nothing was changed. Choose another name."
                )
            _build(conn)
            fill(conn)
            conn.execute("COMMIT")
            conn.importing(many=False)
    except TROUBLE as error:
        raise trouble.explain(error, address) from error


def is_there(address: Address) -> bool:
    """Whether there is a project; raises AnnotatorError when its server cannot be asked."""
    try:
        with closing(server.connect(address, readonly=True)) as conn:
            return conn.format > 0
    except server.ServerError as error:
        if error.kind == "no database":
            return False
        raise trouble.explain(error, address) from error


def check(address: Address, readonly: bool) -> None:
    """See that a project can be opened, as `checked` does."""
    checked(address, readonly).close()


def checked(address: Address, readonly: bool) -> ServerConnection:
    """A connection that reads a project, which is brought up to date if it was older.

    Raises:
        AnnotatorError: it cannot be opened; the sentence says why.
    """
    try:
        conn = server.connect(address, readonly=True)
        try:
            _refuse_old(conn, address)
            version = conn.format
            if not version:
                raise missing(address)
            refuse_newer(version, address)
            if version == CURRENT or readonly:
                return conn
        except BaseException:
            conn.close()
            raise
        conn.close()  # its tables are about to change
        _update(address)
        return server.connect(address, readonly=True)
    except TROUBLE as error:
        raise trouble.explain(error, address) from error


def _update(address: Address) -> None:
    from annotator.store.rebuild import rebuild

    with closing(server.connect(address)) as conn:
        conn.begin()
        _steps(conn, conn.format)
        rebuild(conn)
        conn.execute("COMMIT")


def _build(conn: ServerConnection) -> None:
    from annotator.store import everybody, notices, room_on_server, words_on_server

    conn.run(_FUNCTIONS[0])
    _steps(conn, 0)
    conn.run(_FUNCTIONS[1])
    schema = Identifier(conn.run("SELECT current_schema()").fetchall()[0][0])
    for shared in everybody.ALL:
        conn.run(SQL(everybody.function(shared)).format(schema=schema))
    conn.run(SQL(room_on_server.FUNCTION).format(schema=schema))
    for statement in (*_AFTER, *room_on_server.AFTER, *words_on_server.TABLES, *notices.TRIGGERS):
        conn.run(statement)


def _steps(conn: ServerConnection, version: int) -> None:
    from annotator.store.migrations import FORMATS

    for statements in FORMATS[version + 1 :]:
        for statement in statements:
            conn.execute(statement)
    conn.execute(_SET_FORMAT, (str(CURRENT),))


def _to_new(address: Address) -> ServerConnection:
    """A connection to a database that is made when there is none."""
    try:
        return server.connect(address)
    except server.ServerError as error:
        if error.kind != "no database":
            raise
    with closing(server.connect(address, database="postgres")) as conn:
        conn.make_database(address.name)
    return server.connect(address)


def _is_empty(conn: ServerConnection) -> bool:
    sql = """SELECT 1 FROM pg_class WHERE relnamespace = current_schema()::regnamespace
             AND relkind IN ('r', 'v', 'm', 'f', 'p') LIMIT 1"""
    return conn.execute(sql).fetchone() is None


def _refuse_old(conn: ServerConnection, address: Address) -> None:
    if conn.version < OLDEST:
        raise AnnotatorError(
            f"{address} is on PostgreSQL {conn.version // 10_000}, and a project needs "
            f"{OLDEST // 10_000} or newer."
        )
    if conn.encoding != "UTF8":
        raise AnnotatorError(
            f"{address} keeps texts as {conn.encoding}, and a project needs UTF8: make its database "
            "with ENCODING 'UTF8' TEMPLATE template0."
        )
