"""Articles nobody works on any more: withdrawn for good, or replaced by a newer text for the time being.

A cache of the events about that: a row for each such article, made from the heads in whatever order
their events came. What deals with the articles of a project leaves these out (`HERE`).
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from annotator.model.annotation import Kind
from annotator.model.errors import AnnotatorError
from annotator.model.event import event_time
from annotator.store.engine import Connection, Row
from annotator.store.reader import Reader

KINDS = (Kind.WITHDRAWAL, Kind.SUCCESSOR)
WITHDRAWAL_KEY, SUCCESSOR_KEY = "withdrawal", "successor"
"""The keys of such events: one of each an article and annotator."""
HERE = "NOT IN (SELECT n FROM gone)"
"""SQL that keeps an article's number to those that are there to be worked on."""
UNTOUCHED = "NOT IN (SELECT n FROM gone WHERE why = 'withdrawn')"
"""The same, with articles that were replaced."""
STAYED = """NOT IN (SELECT b.id FROM gone g CROSS JOIN article b ON b.n = g.n
            WHERE g.why = 'withdrawn')"""
"""The same asked of an article's id; true of "" too, as of what is about no article."""

_REPLACED = """SELECT event, body FROM head WHERE article = ? AND kind = 'successor'
               ORDER BY event DESC LIMIT 1"""
_OLDEST = """SELECT min(id) FROM event WHERE article = ? AND kind = 'withdrawal'
             AND body IS NOT NULL"""
_COLUMNS = {"lang": "lang", "source": "source"}
_PUT = """INSERT INTO gone (n, why, event) VALUES (?,?,?)
          ON CONFLICT (n) DO UPDATE SET why = excluded.why, event = excluded.event"""
_ALL = """SELECT DISTINCT h.article, a.n FROM head h CROSS JOIN article a ON a.id = h.article
          WHERE h.kind IN ('withdrawal', 'successor')"""
_LISTED = """SELECT a.n, a.id, g.why, g.event, e.actor, json_extract(e.body, '$.reason'),
             json_extract(e.body, '$.by') FROM gone g CROSS JOIN article a ON a.n = g.n
             JOIN event e ON e.id = g.event"""


class Why(StrEnum):
    """Why an article is left out."""

    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"


class Gone(NamedTuple):
    """An article that is left out of everything, and why."""

    n: int
    article: str
    why: Why
    event: str
    """Id of the event that says so."""
    actor: str
    """Who did it."""
    reason: str
    """Of a withdrawn one: the reason that was given, in one line."""
    by: str
    """Of a replaced one: the id of the article in its place."""

    @property
    def time(self) -> float:
        """When, in seconds since the epoch."""
        return event_time(self.event)

    @property
    def day(self) -> str:
        """When, as 2026-05-14."""
        import time

        return time.strftime("%Y-%m-%d", time.localtime(self.time))

    @property
    def sentence(self) -> str:
        """What became of it, as one sentence."""
        if self.why is Why.REPLACED:
            return f"Article {self.article!r} was replaced by {self.by!r} on {self.day}."
        reason = self.reason or "no reason was given"
        return f"Article {self.article!r} was withdrawn on {self.day}: {reason.rstrip('.')}."


# --- the cache


def refresh(conn: Connection, article: str, n: int) -> None:
    """Bring the row of an article up to date, after its heads and its events were written."""
    withdrawal = conn.execute(_OLDEST, (article,)).fetchone()[0]
    replaced = conn.execute(_REPLACED, (article,)).fetchone()
    if withdrawal is not None:
        conn.execute(_PUT, (n, Why.WITHDRAWN.value, withdrawal))
    elif replaced is not None and replaced[1] is not None:
        conn.execute(_PUT, (n, Why.REPLACED.value, replaced[0]))
    else:
        conn.execute("DELETE FROM gone WHERE n = ?", (n,))


def fill(conn: Connection) -> None:
    """Make the cache anew from the heads, after the table was emptied."""
    for article, n in conn.execute(_ALL).fetchall():
        refresh(conn, article, n)


# --- what is asked of it


def listed(reader: Reader) -> dict[str, Gone]:
    """All of them by id, in the order of arrival."""
    found = map(_gone, reader.rows(f"{_LISTED} ORDER BY a.n"))
    return {each.article: each for each in found}


def find(reader: Reader, article: str) -> Gone | None:
    """What became of an article; None when it is there."""
    row = reader.row(f"{_LISTED} WHERE a.id = ?", (article,))
    return None if row is None else _gone(row)


def withdrawal(conn: Connection, article: str) -> Gone | None:
    """The withdrawal of an article, within a transaction."""
    row = conn.execute(f"{_LISTED} WHERE a.id = ? AND g.why = 'withdrawn'", (article,)).fetchone()
    return None if row is None else _gone(row)


def count(reader: Reader, why: str = "") -> int:
    """How many articles are left out, of one kind or of all."""
    return int(reader.value("SELECT count(*) FROM gone WHERE CAST(? AS TEXT) IN ('', why)", (why,)))


def is_any(reader: Reader) -> bool:
    """Whether any article is left out."""
    return reader.row("SELECT 1 FROM gone LIMIT 1") is not None


def having(reader: Reader, what: str, value: str) -> int:
    """How many of them have one language or source (`what`: "lang" or "source")."""
    column = _COLUMNS[what]
    sql = f"SELECT count(*) FROM gone g CROSS JOIN article a ON a.n = g.n WHERE a.{column} = ?"
    return int(reader.value(sql, (value,)))


def without(reader: Reader, what: str, counted: Mapping[str, int]) -> dict[str, int]:
    """Numbers of articles by language or source ("lang", "source"), less those that are left out."""
    if not is_any(reader):
        return dict(counted)
    column = _COLUMNS[what]
    sql = f"SELECT a.{column}, count(*) FROM gone g CROSS JOIN article a ON a.n = g.n GROUP BY 1"
    less: dict[str, int] = dict(reader.rows(sql))
    left = {value: number - less.get(value, 0) for value, number in counted.items()}
    return {value: number for value, number in left.items() if number > 0}


def refuse_withdrawn(conn: Connection, article: str) -> None:
    """Raises AnnotatorError when an article was withdrawn."""
    found = withdrawal(conn, article)
    if found is not None:
        raise AnnotatorError(found.sentence)


def refusal(conn: Connection, withdrawn: str, offered: str) -> str:
    """Why an article that is offered stays out, for a withdrawn one has its id or its text."""
    found = withdrawal(conn, withdrawn)
    reason = f": {found.reason.rstrip('.')}" if found and found.reason else ""
    day = found.day if found else ""
    if withdrawn == offered:
        return f"it was withdrawn on {day}{reason}"
    return f"it has the text of {withdrawn!r}, which was withdrawn on {day}{reason}"


def _gone(row: Row) -> Gone:
    n, article, why, event, actor, reason, by = row
    return Gone(n, article, Why(why), event, actor, " ".join((reason or "").split()), by or "")
