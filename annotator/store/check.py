"""`annotator check`: is everything in the project what was put there?

SQLite's own checks do not see a flipped bit in a text or a label; the chains and hashes here do.
"""

import functools
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from annotator.model.errors import AnnotatorError
from annotator.store import engine, opening
from annotator.store.address import Place
from annotator.store.check_coaching import check_coaching
from annotator.store.check_identities import check_identities
from annotator.store.check_log import check_log
from annotator.store.check_precedents import check_precedents
from annotator.store.check_state import check_articles, check_conflicts, check_gone, check_heads
from annotator.store.engine import FileConnection
from annotator.store.header import CURRENT
from annotator.store.merging_refused import refuse_part
from annotator.store.problems import Problem, Severity, error, note, warning
from annotator.store.reader import Reader
from annotator.store.trouble import explain
from annotator.store.words import unindexed

FLOOD = 200
"""No more findings than this of one part are listed; a broken file breaks everywhere."""


def verify(path: Place, newest: str = "", readonly: bool = True) -> list[Problem]:
    """All that is wrong with the project at `path`; nothing when it is sound.

    Reads only, in short queries, so that others can go on working. `newest` is the id of an event
    that is known to have been in this file: a file put back from an older copy lacks it.

    Raises:
        AnnotatorError: whoever asks sees a part of the project only, which would seem damaged.
    """
    try:
        reader = Reader(path, readonly)
    except AnnotatorError as trouble:
        return _named([error("file", str(trouble))], path)
    with closing(reader):
        refuse_part(reader, str(path))
        found = _found(reader)
        if newest and not reader.row("SELECT 1 FROM event WHERE id = ?", (newest,)):
            found.append(
                error("file", "it lacks events it once had; was an older copy put in its place?")
            )
    return _named(found, path)


def _named(found: list[Problem], path: Place) -> list[Problem]:
    """Findings as they are said: what is about all of it is not about a file everywhere."""
    if isinstance(path, Path):
        return found
    return [replace(each, where="project") if each.where == "file" else each for each in found]


def _found(reader: Reader) -> list[Problem]:
    """What is wrong with what a reader reads."""
    found: list[Problem] = []
    if isinstance(reader.conn, FileConnection):
        # a damaged text must be compared, not stop the check
        reader.conn.text_factory = functools.partial(str, encoding="utf-8", errors="replace")
    for part in (
        *(_engine, check_log, check_articles, check_gone, check_heads, check_conflicts),
        *(_caches, _scheme, _library),
    ):
        try:
            found.extend(_some(part(reader)))
        except AnnotatorError as trouble:
            found.append(error("file", str(trouble)))
        except (ValueError, TypeError, LookupError, AttributeError) as trouble:
            found.append(error("file", f"damaged data stopped a check: {trouble!r}."))
    return found


def errors(path: Place) -> list[str]:
    """The errors alone, as sentences."""
    return _serious(verify(path))


def errors_in(reader: Reader) -> list[str]:
    """The same of what a reader sees, which may be a transaction that is not committed yet."""
    return _serious(_found(reader))


def _serious(problems: list[Problem]) -> list[str]:
    return [str(problem) for problem in problems if problem.severity is Severity.ERROR]


def _some(problems: Iterator[Problem]) -> Iterator[Problem]:
    for number, problem in enumerate(problems):
        if number == FLOOD:
            yield error("check", f"there are more than {FLOOD} findings of this kind.")
            return
        yield problem


def _engine(reader: Reader) -> Iterator[Problem]:
    """What the engine itself knows of damage to pages, indexes and constraints."""
    try:
        yield from reader.conn.damage()
    except engine.TROUBLE as trouble:
        raise explain(trouble, reader.path) from trouble


def _caches(reader: Reader) -> Iterator[Problem]:
    """What is filed of the spans, and what was learnt of them.

    An older format lacks it, and it is made when that is opened.
    """
    if reader.format == CURRENT:
        yield from check_precedents(reader)
        yield from check_identities(reader)
        yield from check_coaching(reader)


def _scheme(reader: Reader) -> Iterator[Problem]:
    """The project's id and scheme can be read."""
    if not reader.value("SELECT value FROM project WHERE name = 'id'"):
        yield error("file", "it has lost its project id.")
    opening.scheme(reader)
    left = unindexed(reader)
    if left:
        yield note("word index", f"{left} articles cannot be found by their words yet.")


def _library(reader: Reader) -> Iterator[Problem]:
    if isinstance(reader.conn, FileConnection) and not engine.fixed_library():
        yield warning(
            "SQLite",
            f"version {engine.VERSION} can damage files; install `pysqlite3` 0.6.1 or later.",
        )
