"""What a project on a server needs now and then: a look for damage, and to be written anew after a withdrawal.

What PostgreSQL deleted stays in its files until a table is written anew, and samples of what is in the
tables are in its statistics. Of its write-ahead log, archives of that, standby servers and backups
nothing can be promised from here: they are the administrator's.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from annotator.model.errors import AnnotatorError
from annotator.store.problems import Problem, error, note
from annotator.store.server import ServerError

if TYPE_CHECKING:
    from annotator.store.server import ServerConnection

PATIENCE_MS = 3_000
"""How long readers are waited for, in milliseconds, before a table is written anew."""
_HOLDING = ("article", "article_text", "article_fts", "title_fts", "event", "head", "precedent", "identity",
            "statistic", "lesson", "guess")  # fmt: skip
"""Tables that hold words of articles, or of what people said about them."""
_SAMPLES = "pg_catalog.pg_statistic"
_WHERE = (
    "SELECT name, pg_relation_filenode(name::regclass) FROM unnest(CAST(%s AS TEXT[])) AS t (name)"
)
_MADE = re.compile(r"\bCREATE\s+(?:UNIQUE\s+)?(?:TABLE|INDEX)\s+(?:IF NOT EXISTS\s+)?(\w+)")
_LACKING = """SELECT name FROM unnest(CAST(%s AS TEXT[])) AS t (name)
              WHERE to_regclass(name) IS NULL ORDER BY name"""
_INVALID = """SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
              WHERE NOT (i.indisvalid AND i.indisready)
              AND c.relnamespace = current_schema()::regnamespace ORDER BY 1"""
_UNSURE = """SELECT conrelid::regclass::text, conname FROM pg_constraint
             WHERE NOT convalidated AND connamespace = current_schema()::regnamespace ORDER BY 1, 2"""
_LOOSE = (
    "SELECT count(*) FROM article_text t WHERE NOT EXISTS (SELECT FROM article a WHERE a.n = t.n)"
)
_CHECKSUMS = """SELECT current_setting('data_checksums'), coalesce(checksum_failures, 0)
                FROM pg_stat_database WHERE datname = current_database()"""


def expected() -> list[str]:
    """The names of all tables and indexes of a project."""
    from annotator.store import room_on_server, words_on_server
    from annotator.store.migrations import FORMATS

    statements = (
        *(sql for step in FORMATS for sql in step),
        *room_on_server.AFTER,
        *words_on_server.TABLES,
    )
    return sorted({name for sql in statements for name in _MADE.findall(sql)})


def damage(conn: "ServerConnection") -> Iterator[Problem]:
    """What the server itself knows of damage, and what is missing."""
    for (name,) in conn.run(_LACKING, (expected(),)).fetchall():
        yield error("project", f"it lacks {name}; restore a backup.")
    for (name,) in conn.run(_INVALID).fetchall():
        yield error("project", f"its index {name} was not finished; have its owner run REINDEX.")
    for table, name in conn.run(_UNSURE).fetchall():
        yield error("project", f"nobody made sure that {table} keeps to {name}.")
    loose = conn.run(_LOOSE).fetchall()[0][0]
    if loose:
        yield error("project", f"{loose} rows of article_text refer to a missing row of article.")
    for checks, failures in conn.run(_CHECKSUMS).fetchall():
        if failures:
            yield error("project", f"its server found {failures} damaged pages in its files.")
        if checks != "on":
            yield note(
                "server", "it does not notice damage in its files: data checksums are switched off."
            )


def scrub(conn: "ServerConnection", mark: str) -> None:
    """See `Connection.scrub`: every table that held words is written anew."""
    tables = [*_HOLDING, _SAMPLES]
    try:
        before = dict(conn.run(_WHERE, (tables,)).fetchall())
        with _impatient(conn), _told(conn) as told:
            # with new statistics, which are written anew in their turn
            conn.run(f"VACUUM (FULL, ANALYZE, VERBOSE) {', '.join(_HOLDING)}")
            conn.run(f"VACUUM (FULL, VERBOSE) {_SAMPLES}")
        after = dict(conn.run(_WHERE, (tables,)).fetchall())
    except ServerError as trouble:
        raise _left(f"{trouble}", "See that nobody reads the project for long") from trouble
    if any(before[name] == after[name] for name in tables):
        raise _left("only its owner may have it written anew", "As the owner")
    if any(told):
        raise _left("somebody has read it all the while", "When that is done")
    conn.run("DELETE FROM project WHERE name = %s", (mark,))


@contextmanager
def _impatient(conn: "ServerConnection") -> Iterator[None]:
    """Waiting for a table makes all others wait, so it is not for long; being at it may take its time."""
    usual, conn.patience = conn.patience, None
    conn.run(f"SET lock_timeout = '{PATIENCE_MS}ms'")
    try:
        yield
    finally:
        conn.run("RESET lock_timeout")
        conn.patience = usual


@contextmanager
def _told(conn: "ServerConnection") -> Iterator[list[int]]:
    """The numbers of deleted rows that had to be kept, for somebody may see them still."""
    found: list[int] = []

    def take(said: Any) -> None:
        number = re.match(r"\d+", said.message_detail or "")
        if said.severity_nonlocalized == "INFO" and number:
            found.append(int(number[0]))

    conn.raw.add_notice_handler(take)
    try:
        yield found
    finally:
        conn.raw.remove_notice_handler(take)


def _left(why: str, when: str) -> AnnotatorError:
    return AnnotatorError(
        f"The words are out of the project's tables, but not yet out of its server's files ({why}). {when}, "
        "run `annotator withdraw PROJECT --finish`."
    )
