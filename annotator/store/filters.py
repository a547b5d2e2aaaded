"""From a filter to SQL: which articles a queue shows, and which index leads to them.

Values are always bound. A criterion few articles meet leads; where all are common, the order of the
queue leads and the criteria are tried article by article, which meets a page's worth soon. (SQLite's
own planner knows nothing of how common a value is; `CROSS JOIN` and unary plus tell it.)
"""

from dataclasses import dataclass
from typing import Any

from annotator.model.annotation import State
from annotator.store.reader import Reader

FEW = 2000
"""A criterion met by fewer articles than this leads, whatever the order."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which articles a queue shows; what is left empty does not matter."""

    words: str = ""
    """Words of title or text, all of them; "in quotes" one after another; the last may be begun."""
    state: str = ""
    """Where the annotator stands: a value of `model.annotation.State`."""
    lang: str = ""
    source: str = ""
    group: str = ""


ALL = Filter()


@dataclass(frozen=True, slots=True)
class Criterion:
    """One condition: as a table to start from, and as a test of article `a`."""

    start: str
    """FROM-clause item and, after " WHERE ", its condition; its rows have the article's `n`."""
    number: str
    """The column of `start` that is the article's number, in whose order it can be read."""
    test: str
    """Asks an index; of the article's row it needs the number only."""
    params: tuple[Any, ...]
    plain: str = ""
    """The same asked of the row, where that is read anyway."""


def criteria(where: Filter, actor: str) -> list[Criterion]:
    """The conditions of a filter for one annotator, most telling first."""
    found = []
    if where.words.strip():
        from annotator.store import words  # its patterns wait for the first search

        match = words.query(where.words)
        found.append(_words(match) if match else _nothing())
    if where.group:
        found.append(_column("grp", where.group, partial=True))
    if where.state and where.state != State.NEW:
        found.append(
            Criterion(
                "work s WHERE s.actor = ? AND s.state = ?",
                "s.n",
                "(SELECT +s.state FROM work s WHERE s.actor = ? AND s.n = a.n) = ?",
                (actor, where.state),
            )
        )
    found += [_column(name, value) for name, value in
              (("source", where.source), ("lang", where.lang)) if value]  # fmt: skip
    if where.state == State.NEW:
        found.append(
            Criterion(
                "article f WHERE NOT EXISTS (SELECT 1 FROM work s WHERE s.actor = ? AND s.n = f.n)",
                "f.n",
                "NOT EXISTS (SELECT 1 FROM work s WHERE s.actor = ? AND s.n = a.n)",
                (actor,),
            )
        )
    return found


def _column(name: str, value: str, partial: bool = False) -> Criterion:
    """A column with an index of its own, which gives numbers in order and tests without the row."""
    condition = f"t.{name} = ?"
    if partial:  # SQLite uses a partial index where the query repeats its condition
        condition += f" AND t.{name} <> ''"
    table = f"article t WHERE {condition}"
    start = table.replace(" t ", " l ").replace("t.", "l.")  # it may lead beside its like as a test
    indexed = table.replace(" t ", f" t INDEXED BY article_{name} ")  # SQLite would read the row
    # not EXISTS: SQLite would make it a join, and that after the article's row was read
    test = f"(SELECT 1 FROM {indexed} AND t.n = a.n) IS NOT NULL"
    return Criterion(start, "l.n", test, (value,), f"+a.{name} = ?")


def _words(match: str) -> Criterion:
    table = "article_fts WHERE article_fts MATCH ?"
    test = """(SELECT 1 FROM article_fts WHERE article_fts MATCH ? AND article_fts.rowid = a.n)
              IS NOT NULL"""
    return Criterion(table, "article_fts.rowid", test, (match,))


def _nothing() -> Criterion:
    """Words were asked for, but nothing that can be looked up."""
    return Criterion("article z WHERE z.n < 0", "z.n", "a.n < 0", ())


def count_up_to(reader: Reader, criterion: Criterion, limit: int) -> int:
    """How many articles meet a criterion, counted no further than `limit`."""
    sql = f"SELECT count(*) FROM (SELECT 1 FROM {criterion.start} LIMIT ?)"
    return int(reader.value(sql, (*criterion.params, limit)))


def few(reader: Reader, found: list[Criterion]) -> Criterion | None:
    """The first criterion that few articles meet, None when all are common."""
    for criterion in found:
        if "NOT EXISTS" in criterion.start:
            continue
        if count_up_to(reader, criterion, FEW) < FEW:
            return criterion
    return None
