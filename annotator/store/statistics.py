"""What agreement counts of an article, kept as long as nobody's work on it changed.

A row of `statistic` holds an article's counts with a stamp over everybody's newest event there, the
scheme and the way of counting. Events that came from another copy can be older than what was newest
here, so whatever arrived since the last time (`pos` orders arrival) makes its article count anew too.
Row 0 says how far that is known; rows below 0 hold whole reports. All of it is a cache: it may be
emptied at any time, and a project that can only be read does without.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple
from zlib import crc32

from annotator.model.annotation import Kind
from annotator.store.engine import Connection, Row
from annotator.store.gone import HERE
from annotator.store.part import Part
from annotator.store.works import no_collection

if TYPE_CHECKING:
    from concurrent.futures import Future

PORTION = 100
"""Articles read at a time."""
WRITTEN = 500
"""Rows written with one statement."""
KEPT_REPORTS = 16
"""Whole reports that are kept at most, of one state of the project."""

_KINDS = ",".join(f"'{k}'" for k in (Kind.SPAN, Kind.STANCE, Kind.LOOKED, Kind.STATUS))
_OVERTAKING = f"{_KINDS},'{Kind.WITHDRAWAL}'"
"""Kinds of events after which an article is counted anew."""
_WORKS = f"SELECT n, actor, newest FROM work WHERE n {HERE} ORDER BY n, actor"
_STORED = "SELECT n, stamp FROM statistic WHERE n > ? ORDER BY n LIMIT ?"
_ARRIVED = f"""SELECT DISTINCT a.n FROM event e CROSS JOIN article a ON a.id = e.article
              WHERE e.pos > ? AND e.article <> '' AND e.kind IN ({_OVERTAKING})"""
_PUT = """INSERT INTO statistic (n, stamp, body) VALUES {rows}
          ON CONFLICT (n) DO UPDATE SET stamp = excluded.stamp, body = excluded.body"""


class Heads(NamedTuple):
    """An article with everybody's labels as the project keeps them."""

    n: int
    id: str
    chars: int
    works: tuple[tuple[str, list[tuple[str, str, str, Any]]], ...]
    """Of each annotator, sorted by name: key, event, kind and body (None: removed) of every head."""


class Known(NamedTuple):
    """Which articles have works, and of which the counts that are kept still hold."""

    stamps: dict[int, str]
    """Of every article anybody worked on, by number."""
    current: frozenset[int]
    """Those whose kept counts hold."""
    pos: int
    """How far the log was read for it."""
    arrived: frozenset[int] | None
    """Articles whose kept counts were overtaken since the last time; None: all there may be."""


def position(project: Part) -> int:
    """The place of the newest event in the order of arrival; it grows with every change."""
    return int(project._reader.value("SELECT max(pos) FROM event") or 0)


def known(project: Part, fingerprint: str) -> Known:
    """Compare the counts that are kept with what the project holds now.

    Args:
        project: an open project.
        fingerprint: says what is counted and how; of another one no counts hold.
    """
    pos = position(project)
    stamps = {
        n: _stamp(fingerprint, rows)
        for n, rows in groupby(project._reader.rows(_WORKS), key=lambda row: row[0])
    }
    row = project._reader.row(
        "SELECT body FROM statistic WHERE n = 0 AND stamp = ?", (fingerprint,)
    )
    if row is None:
        return Known(stamps, frozenset(), pos, None)
    arrived = frozenset(n for (n,) in project._reader.rows(_ARRIVED, (int(row[0]),)))
    kept = project._reader.pages(_STORED, (0,), size=5000)
    current = frozenset(n for n, stamp in kept if stamps.get(n) == stamp and n not in arrived)
    return Known(stamps, current, pos, arrived)


def begin(project: Part, fingerprint: str, found: Known) -> None:
    """Drop the counts that do not hold any more, and note how far that is known."""

    def run(conn: Connection) -> None:
        if found.arrived is None:
            conn.execute("DELETE FROM statistic WHERE n >= 0")
        else:
            gone = [(n,) for n in sorted(found.arrived)]
            conn.executemany("DELETE FROM statistic WHERE n = ?", gone)
        _put(conn, [(0, fingerprint, str(found.pos))])

    project._write(run)


def _stamp(fingerprint: str, rows: Iterable[Row]) -> str:
    import hashlib

    line = "\n".join(f"{actor} {newest}" for _, actor, newest in rows)
    return hashlib.sha256(f"{fingerprint}\n{line}".encode()).hexdigest()[:32]


def stored(project: Part, numbers: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Id and counts (as JSON) of some articles; those that have none are left out."""
    if not numbers:
        return {}
    marks = ",".join("?" * len(numbers))
    sql = f"""SELECT s.n, a.id, s.body FROM statistic s CROSS JOIN article a ON a.n = s.n
              WHERE s.n IN ({marks})"""
    return {n: (name, body) for n, name, body in project._reader.rows(sql, numbers)}


def heads(project: Part, numbers: Sequence[int]) -> Iterator[Heads]:
    """Some articles with everybody's labels, read at once."""
    if not numbers:
        return
    marks = ",".join("?" * len(numbers))
    articles = project._reader.rows(
        f"SELECT id, n, chars FROM article WHERE n IN ({marks})", numbers
    )
    sql = f"""SELECT article, actor, key, event, kind, body FROM head
              WHERE article IN ({marks}) AND kind IN ({_KINDS}) ORDER BY article, actor, key"""
    with no_collection():
        rows = project._reader.rows(sql, [name for name, _, _ in articles])
        # one parse for all is several times faster than one each
        bodies = json.loads("[" + ",".join(row[5] or "null" for row in rows) + "]")
        found: dict[str, dict[str, list[tuple[str, str, str, Any]]]] = {}
        for (article, actor, key, event, kind, _), body in zip(rows, bodies, strict=True):
            mine = found.setdefault(article, {}).setdefault(actor, [])
            mine.append((key, event, kind, body))
    for name, n, chars in sorted(articles, key=lambda row: int(row[1])):
        yield Heads(n, name, chars, tuple(found.get(name, {}).items()))


def rounds(project: Part) -> dict[int, dict[str, str]]:
    """The rounds in which annotators were given articles, by article number and annotator."""
    found: dict[int, dict[str, str]] = {}
    for annotator, n, name in project._reader.rows(
        "SELECT annotator, n, round FROM slot WHERE given = 1 AND round <> ''"
    ):
        found.setdefault(n, {})[annotator] = name
    return found


def put(project: Part, rows: Sequence[tuple[int, str, str]]) -> "Future[None]":
    """Keep the counts of articles: number, stamp and counts as JSON; done when it is durable."""
    return project._writing.start(lambda conn: _put(conn, rows))


def _put(conn: Connection, rows: Sequence[tuple[int, str, str]]) -> None:
    # many in one statement: between two SQLite would wait for the thread that counts on meanwhile
    for first in range(0, len(rows), WRITTEN):
        some = rows[first : first + WRITTEN]
        sql = _PUT.format(rows=",".join(["(?,?,?)"] * len(some)))
        conn.execute(sql, [value for row in some for value in row])


def numbers_of(project: Part, articles: Sequence[str]) -> list[int]:
    """The numbers of some articles, a few hundred at most."""
    if not articles:
        return []
    marks = ",".join("?" * len(articles))
    return [
        n for (n,) in project._reader.rows(f"SELECT n FROM article WHERE id IN ({marks})", articles)
    ]


def described(project: Part) -> Iterator[tuple[int, str, str, str]]:
    """Number, id, language and source of every article, by number."""
    sql = "SELECT n, id, lang, source FROM article WHERE n > ? ORDER BY n LIMIT ?"
    yield from project._reader.pages(sql, (0,), size=5000)


def kept_report(project: Part, state: str, scope: str) -> str | None:
    """A whole report as JSON, of this very state of the project; None when there is none."""
    row = project._reader.row("SELECT stamp, body FROM statistic WHERE n = ?", (_number(scope),))
    return str(row[1]) if row and row[0] == f"{state} {scope}" else None


def keep_report(project: Part, state: str, scope: str, body: str) -> None:
    """Keep a whole report; reports on other states of the project go."""

    def run(conn: Connection) -> None:
        others = "DELETE FROM statistic WHERE n < 0 AND substr(stamp, 1, ?) <> ?"
        conn.execute(others, (len(state) + 1, f"{state} "))
        number = conn.execute("SELECT count(*) FROM statistic WHERE n < 0").fetchone()[0]
        if number >= KEPT_REPORTS:
            conn.execute("DELETE FROM statistic WHERE n < 0")
        _put(conn, [(_number(scope), f"{state} {scope}", body)])

    project._write(run)


def _number(scope: str) -> int:
    return -1 - crc32(scope.encode())
