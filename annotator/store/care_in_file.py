"""What a project file needs now and then: a look for damage, and to be written anew after a withdrawal."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from annotator.model.errors import AnnotatorError
from annotator.store.engine import BUSY_SECONDS, TROUBLE
from annotator.store.problems import Problem, error
from annotator.store.words import TABLES

if TYPE_CHECKING:
    from annotator.store.engine import FileConnection

PATIENCE_MS, USUAL_MS = 3_000, BUSY_SECONDS * 1000
"""How long readers are waited for, in milliseconds, while the file is written anew, and otherwise."""


def damage(conn: "FileConnection") -> Iterator[Problem]:
    """SQLite's own check of pages, indexes and constraints."""
    for (line,) in conn.execute("PRAGMA integrity_check(20)").fetchall():
        if line != "ok":
            yield error("file", f"SQLite finds it damaged: {line}")
    for row in conn.execute("PRAGMA foreign_key_check").fetchall():
        yield error("file", f"a row of {row[0]} refers to a missing row of {row[2]}.")


def scrub(conn: "FileConnection", mark: str) -> None:
    """See `Connection.scrub`: SQLite leaves what was deleted lying in a file until it is written anew."""
    try:
        conn.execute("PRAGMA secure_delete = ON").fetchall()
        for table in TABLES.values():  # else deleted words stay until they are merged
            conn.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")
        conn.execute("VACUUM")
        _truncate(conn)
        conn.execute("DELETE FROM project WHERE name = ?", (mark,))
        _truncate(conn)
    except TROUBLE as error:
        raise AnnotatorError(
            f"The words are out of the project's tables, but not yet out of its file ({error}): free "
            "some space, close what has the project open, and run `annotator withdraw PROJECT "
            "--finish`."
        ) from error


def _truncate(conn: "FileConnection") -> None:
    """Move the write-ahead log into the file and empty it."""
    conn.execute(f"PRAGMA busy_timeout = {PATIENCE_MS}")  # the lock is held: others wait as well
    busy = conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()[0][0]
    conn.execute(f"PRAGMA busy_timeout = {USUAL_MS}")
    if busy:
        raise AnnotatorError(
            "The words are out of the project's tables, but the write-ahead log beside the file could "
            "not be emptied: close what has the project open, and run `annotator withdraw PROJECT "
            "--finish`."
        )
