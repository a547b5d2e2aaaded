"""Names that are longer than what an index of a server takes, so that a server refuses no project of a file's.

A row of a B-tree has room for 2,704 bytes, and articles' ids may have 1,000 characters of four bytes, their
sources and dates any number. So before one that is too long comes, the server's indexes that it would be
in are replaced by ones over hashes (`Connection.make_room`): of any length, but no order comes from them,
and an article's decisions are found by the article alone. Projects with usual names never pay for that.

Nothing of the kind is needed for names of layers, labels, people, rounds and suggesters, which have
limits of their own, nor for what is filed of spans: that is left out where it is too long (`is_filed`).
"""

from collections.abc import Iterable

from annotator.store.engine import Connection, Row
from annotator.store.reader import Reader

LONGEST = 1000
"""Bytes (UTF-8) of one such name: an id, a source, a date."""
PLACE = 2300
"""Bytes of an article's id and a key together, which are in one index with an annotator and an event."""
FILED = 2200
"""Bytes of all texts by which something is filed."""

_COLUMNS = {"id": 0, "source": 5, "date": 7, "lang": 8, "grp": 10}
"""Where they stand in a row of `article` without its number."""
_ANY = " OR ".join(f"length({name}) > {LONGEST // 4}" for name in _COLUMNS)
_FEWEST = PLACE // 4
_HALF = FILED // 8
"""Code points from which on an article's id and a key, and a form with others, may have too many bytes."""
_ARTICLES = f"""SELECT id, '', '', '', '', source, '', date, lang, '', grp FROM article
                WHERE {_ANY}"""
_EVENTS = f"SELECT article, key FROM event WHERE length(article) + length(key) > {_FEWEST}"
_FILED = f"""SELECT layer, form, '', '', label FROM precedent
             WHERE length(form) + length(label) > {_HALF}
             UNION ALL SELECT layer, form, xid, lemma, label FROM identity
             WHERE length(form) + length(xid) + length(lemma) + length(label) > {_HALF}"""
WHAT = tuple(_COLUMNS)
"""What may be too long, as `Connection.make_room` is told it."""


def of_articles(conn: Connection, rows: Iterable[Row]) -> None:
    """Make room for articles, rows of `article` without the number, before they are written."""
    found = list(rows)
    for what, at in _COLUMNS.items():
        if any(_size(row[at], LONGEST) > LONGEST for row in found):
            conn.make_room(what)


def of_events(conn: Connection, places: Iterable[tuple[str, str]]) -> None:
    """Make room for events, each by article and key, before they are written."""
    if any(_size(article + key, PLACE) > PLACE for article, key in places):
        conn.make_room("id")


def of_project(reader: Reader, conn: Connection) -> None:
    """Make room for all of another project."""
    of_articles(conn, reader.rows(_ARTICLES))
    of_events(conn, reader.rows(_EVENTS))


def is_overfull(reader: Reader) -> bool:
    """Whether a project has something filed that is too long for it, by an older version."""
    return not all(is_filed(*texts) for texts in reader.rows(_FILED))


def is_filed(*texts: str) -> bool:
    """Whether something is short enough to be filed by these texts and an annotator's name."""
    return _size("".join(texts), FILED) <= FILED


def _size(text: str, least: int) -> int:
    """Bytes of a text; of one that cannot have more than `least`, perhaps fewer."""
    return len(text.encode(errors="surrogatepass")) if len(text) * 4 > least else len(text)
