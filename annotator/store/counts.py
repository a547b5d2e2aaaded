"""How many articles each language and each source has, kept as they come and change."""

from collections.abc import Mapping

from annotator.store.engine import Connection
from annotator.store.reader import Reader

LANG, SOURCE = "lang", "source"
"""What is counted; also the names of the columns."""

_ADD = """INSERT INTO tally (what, value, articles) VALUES (?,?,?)
          ON CONFLICT (what, value) DO UPDATE SET articles = tally.articles + excluded.articles"""


def add(conn: Connection, what: str, more: Mapping[str, int]) -> None:
    """Count articles in, or with negative numbers out. Within a transaction."""
    conn.executemany(_ADD, [(what, value, number) for value, number in more.items() if number])


def counts(reader: Reader, what: str, limit: int | None = None) -> dict[str, int]:
    """How many articles each value has, the most frequent first; all values without a limit."""
    sql = """SELECT value, articles FROM tally WHERE what = ? AND articles > 0
             ORDER BY articles DESC, value"""
    if limit is None:
        return dict(reader.rows(sql, (what,)))
    return dict(reader.rows(f"{sql} LIMIT ?", (what, limit)))


def count(reader: Reader, what: str, value: str) -> int:
    """How many articles have one value."""
    sql = "SELECT articles FROM tally WHERE what = ? AND value = ?"
    return int(reader.value(sql, (what, value)) or 0)


def counted(reader: Reader, what: str) -> dict[str, int]:
    """The same as `counts`, counted anew: what a check compares it with."""
    column = {LANG: "lang", SOURCE: "source"}[what]
    sql = f"SELECT {column}, count(*) FROM article GROUP BY {column}"
    return dict(reader.rows(sql))
