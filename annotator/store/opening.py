"""Making a project file and opening one: checks, the header, the scheme."""

import json
import os
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from annotator import __version__
from annotator.model.annotation import Kind, valid_name
from annotator.model.errors import AnnotatorError
from annotator.model.event import Act, Draft
from annotator.model.scheme import Scheme
from annotator.model.scheme_file import parse
from annotator.store import place, trouble
from annotator.store.address import Address, Place
from annotator.store.engine import TROUBLE, Connection, file_reader, file_writer
from annotator.store.header import CURRENT, file_format
from annotator.store.lock import FileLock, lock_path
from annotator.store.reader import Reader

SCHEME_KEY = "scheme"
GUIDELINES_KEY = "guidelines"
"""`model.guideline_version.KEY`, which start-up need not load; a test keeps the two alike."""

_SCHEME = """WITH RECURSIVE known(actor) AS (
                 SELECT min(actor) FROM head WHERE article = '' UNION ALL
                 SELECT (SELECT min(actor) FROM head WHERE article = '' AND actor > known.actor)
                 FROM known WHERE known.actor IS NOT NULL)
             SELECT h.key, h.body FROM known CROSS JOIN head h
             ON h.article = '' AND h.actor = known.actor AND h.key IN (?, ?)
             WHERE h.body IS NOT NULL ORDER BY h.event"""
"""The schemes and guidelines people gave, newest last, a step of the index for each of them: there may
be a million other things that are about no article."""


_HANDED = "SELECT value FROM project WHERE name = 'handed'"


def create(path: Place, scheme: Scheme, actor: str) -> Place:
    """Make a project with a scheme; its place, a path resolved.

    Raises:
        AnnotatorError: the place is taken or cannot be written, or the name is not possible.
    """
    valid_name(actor)
    if isinstance(path, Address):
        from annotator.store import hosting

        hosting.create(path, lambda conn: _fill(conn, scheme, actor))
        return path
    real = place.fresh(path)
    lock = FileLock(lock_path(real))
    try:
        with lock.held():
            place.fresh(path)  # nobody else made it while the lock was waited for
            try:
                _build(real, scheme, actor)
            except BaseException:
                _remove(real)
                raise
    except (*TROUBLE, OSError) as error:
        raise trouble.explain(error, path) from error
    finally:
        lock.close()
    return real


def _build(path: Path, scheme: Scheme, actor: str) -> None:
    """Tables, an id and the scheme, in one transaction; the caller holds the lock."""
    from annotator.store.migrations import migrate

    with closing(file_writer(path, "rwc")) as conn:
        conn.execute("PRAGMA journal_mode = WAL").fetchall()
        conn.begin()
        migrate(conn)
        _fill(conn, scheme, actor)
        conn.execute("COMMIT")


def _fill(conn: Connection, scheme: Scheme, actor: str) -> None:
    """An id and the scheme for empty tables; within a transaction."""
    from uuid import uuid4  # a project is made once, and opened often

    from annotator.store.saving import Chain

    conn.execute("INSERT INTO project (name, value) VALUES ('id', ?)", (str(uuid4()),))
    Chain(lambda: session_body(scheme)).save(conn, scheme_act(scheme), actor)


def _remove(path: Path) -> None:
    """Take away a file whose making failed; there was nothing there before."""
    for name in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
        with suppress(OSError):
            os.unlink(name)


def handed_to(path: Path) -> str:
    """Whom a copy was made for (`receiving.FOR`); "" for a whole project, and for what is none."""
    with suppress(*TROUBLE, OSError), closing(file_reader(path, readonly=True)) as conn:
        return "".join(value for (value,) in conn.execute(_HANDED).fetchall())
    return ""


def check(path: Place, readonly: bool) -> Place:
    """The place of a project that can be opened, brought up to date if it was older; a path resolved.

    Raises:
        AnnotatorError: it cannot be opened; the sentence says why.
    """
    if isinstance(path, Address):
        from annotator.store import hosting

        hosting.check(path, readonly)
        return path
    return check_file(path, readonly)


def check_file(path: Path, readonly: bool) -> Path:
    """The same of a file."""
    real = place.existing(path, readonly)
    try:
        with closing(file_reader(real, readonly)) as conn:
            version = file_format(conn, path)
            mode = conn.execute("PRAGMA journal_mode").fetchall()[0][0]
            if readonly or (version == CURRENT and mode == "wal"):
                return real
        _update(real)
    except (*TROUBLE, OSError) as error:
        raise trouble.explain(error, path) from error
    except ValueError as error:
        raise AnnotatorError(
            f"{path} holds damaged data and cannot be brought to the current format ({error}); "
            "restore a backup."
        ) from error
    return real


def _update(path: Path) -> None:
    """Bring an older file, or one restored from a backup, to the current format and WAL."""
    from annotator.store.migrations import migrate
    from annotator.store.writer import transaction

    lock = FileLock(lock_path(path))
    conn = file_writer(path)
    try:
        with lock.held():
            conn.execute("PRAGMA journal_mode = WAL").fetchall()
        with transaction(conn, lock):
            if file_format(conn, path) < CURRENT:
                migrate(conn)
        with lock.held():
            conn.close()
    finally:
        lock.close()


def scheme_act(scheme: Scheme) -> Act:
    """The act that makes a scheme the project's."""
    return Act("scheme", (Draft(Kind.SCHEME, SCHEME_KEY, "", scheme_body(scheme)),))


def scheme_body(scheme: Scheme) -> dict[str, Any]:
    """A scheme as an event keeps it."""
    return {
        "name": scheme.name,
        "version": scheme.version,
        "toml": scheme.toml,
        "guidelines": scheme.guidelines,
    }


def session_body(scheme: Scheme) -> dict[str, Any]:
    """What the log keeps about a process: the tool, scheme and guidelines it worked with."""
    return {
        "tool": f"annotator {__version__}",
        "scheme": {"name": scheme.name, "version": scheme.version},
        "guidelines": scheme.guidelines_version or str(scheme.version),
    }


def scheme(reader: Reader) -> Scheme:
    """The project's scheme, the newest anybody gave it, with the guidelines that hold."""
    found: dict[str, str] = dict(reader.rows(_SCHEME, (SCHEME_KEY, GUIDELINES_KEY)))
    if SCHEME_KEY not in found:
        raise AnnotatorError(f"{reader.path} holds no scheme; restore a backup.")
    body = json.loads(found[SCHEME_KEY])
    made = parse(body["toml"], body["guidelines"], f"the scheme in {reader.path.name}")
    if GUIDELINES_KEY not in found:
        return made
    told = json.loads(found[GUIDELINES_KEY])
    return replace(made, guidelines=told["text"], guidelines_version=told["version"])
