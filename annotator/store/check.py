"""`annotator check`: is everything in the project what was put there?

SQLite's own checks do not see a flipped bit in a text or a label; the chains and hashes here do.
"""

import functools
from collections.abc import Iterator
from pathlib import Path

from annotator.model.errors import AnnotatorError
from annotator.store import engine, opening
from annotator.store.check_coaching import check_coaching
from annotator.store.check_identities import check_identities
from annotator.store.check_log import check_log
from annotator.store.check_precedents import check_precedents
from annotator.store.check_state import check_articles, check_conflicts, check_gone, check_heads
from annotator.store.header import CURRENT
from annotator.store.problems import Problem, Severity, error, note, warning
from annotator.store.reader import Reader
from annotator.store.words import unindexed

FLOOD = 200
"""No more findings than this of one part are listed; a broken file breaks everywhere."""


def verify(path: Path, newest: str = "", readonly: bool = True) -> list[Problem]:
    """All that is wrong with the project file at `path`; nothing when it is sound.

    Reads only, in short queries, so that others can go on working. `newest` is the id of an event
    that is known to have been in this file: a file put back from an older copy lacks it.
    """
    found: list[Problem] = []
    try:
        reader = Reader(path, readonly)
    except AnnotatorError as trouble:
        return [error("file", str(trouble))]
    # a damaged text must be compared, not stop the check
    reader.conn.text_factory = functools.partial(str, encoding="utf-8", errors="replace")
    for part in (
        *(_sqlite, check_log, check_articles, check_gone, check_heads, check_conflicts),
        *(_caches, _scheme, _library),
    ):
        try:
            found.extend(_some(part(reader)))
        except AnnotatorError as trouble:
            found.append(error("file", str(trouble)))
        except (ValueError, TypeError, LookupError, AttributeError) as trouble:
            found.append(error("file", f"damaged data stopped a check: {trouble!r}."))
    if newest and not reader.row("SELECT 1 FROM event WHERE id = ?", (newest,)):
        found.append(
            error("file", "it lacks events it once had; was an older copy put in its place?")
        )
    reader.close()
    return found


def errors(path: Path) -> list[str]:
    """The errors alone, as sentences."""
    return [str(problem) for problem in verify(path) if problem.severity is Severity.ERROR]


def _some(problems: Iterator[Problem]) -> Iterator[Problem]:
    for number, problem in enumerate(problems):
        if number == FLOOD:
            yield error("check", f"there are more than {FLOOD} findings of this kind.")
            return
        yield problem


def _sqlite(reader: Reader) -> Iterator[Problem]:
    """SQLite's own check of pages, indexes and constraints."""
    for (line,) in reader.rows("PRAGMA integrity_check(20)"):
        if line != "ok":
            yield error("file", f"SQLite finds it damaged: {line}")
    for row in reader.rows("PRAGMA foreign_key_check"):
        yield error("file", f"a row of {row[0]} refers to a missing row of {row[2]}.")


def _caches(reader: Reader) -> Iterator[Problem]:
    """What is filed of the spans, and what was learnt of them.

    An older format lacks it, and it is made when that is opened.
    """
    if reader.value("PRAGMA user_version") == CURRENT:
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


def _library(_reader: Reader) -> Iterator[Problem]:
    if not engine.fixed_library():
        yield warning(
            "SQLite",
            f"version {engine.VERSION} can damage files; install `pysqlite3` 0.6.1 or later.",
        )
