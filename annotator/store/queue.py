"""The queue: which articles there are, in order, a page at a time, and what comes next.

Pages are found by the last row's place in the order, never by counting rows off, so the ten
thousandth page costs what the first does.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from annotator.model.annotation import State
from annotator.model.errors import AnnotatorError
from annotator.store import counts
from annotator.store.engine import Row
from annotator.store.filters import ALL, Criterion, Filter, criteria, few
from annotator.store.heads import NOTES, STANCES
from annotator.store.reader import Reader

SORTS = {"number": "n", "date": "date", "source": "source"}
"""Orders of a queue; with "-" before the name, backwards. Within equal ones by number."""

_COLUMNS = """a.n, a.id, a.title, a.opening, a.lang, a.source, a.date, a.grp, a.chars,
              w.state, w.seconds, w.counts, w.looked"""


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One article as a queue shows it to one annotator."""

    n: int
    """Its number in this file, from 1 in the order of arrival."""
    id: str
    title: str
    """Its title, else the beginning of its text."""
    lang: str
    source: str
    date: str
    group: str
    chars: int
    """Length in code points."""
    state: State = State.NEW
    seconds: int = 0
    """Active time the annotator spent on it."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """Annotations in each layer that has any."""
    notes: int = 0
    looked: frozenset[str] = frozenset()
    """Layers declared looked at."""


Place = tuple[Any, int]
"""Where a row stands in an order: its value and its number."""


def page(
    reader: Reader,
    actor: str,
    where: Filter = ALL,
    sort: str = "number",
    after: QueueRow | int | None = None,
    before: QueueRow | int | None = None,
    limit: int = 50,
    stance_layer: str = "stance",
) -> list[QueueRow]:
    """Rows of the queue, at most `limit`: from the start, or next after or before a row.

    `after` and `before` are a row or an article's number; with "number" as the order the article
    need not be in the queue itself. Raises AnnotatorError on an unknown order.
    """
    column = SORTS.get(sort.removeprefix("-"))
    if column is None:
        raise AnnotatorError(f"There is no order {sort!r}; there are {', '.join(SORTS)}.")
    edge = before if before is not None else after
    backwards = sort.startswith("-") != (before is not None)
    place = None if edge is None else _place(reader, column, edge)
    sql, params = _statement(reader, criteria(where, actor), actor, column, place, backwards)
    rows = reader.rows(sql, {**params, "limit": limit})
    found = [_row(row, stance_layer) for row in rows]
    return found[::-1] if before is not None else found


def count(reader: Reader, actor: str, where: Filter = ALL, limit: int = 0) -> int:
    """How many articles a filter lets through; counted no further than `limit` when it is given."""
    found = criteria(where, actor)
    if not found:
        return int(reader.value("SELECT max(n) FROM article") or 0)
    if where.state == State.NEW and len(found) == 1 and not limit:
        sql = "SELECT ifnull((SELECT max(n) FROM article), 0) - count(*) FROM work WHERE actor = ?"
        return int(reader.value(sql, (actor,)))
    if len(found) == 1 and not limit and (where.lang or where.source):
        what = counts.LANG if where.lang else counts.SOURCE
        return counts.count(reader, what, where.lang or where.source)
    bound = "LIMIT :limit" if limit else ""
    lead = few(reader, found) or found[0]
    body, params = _joined(lead, [c for c in found if c is not lead], None)
    # the indexes alone have the answer
    body = body.replace(f" CROSS JOIN article a ON a.n = {lead.number}", "")
    sql = f"SELECT count(*) FROM (SELECT 1 FROM {body} {bound})"
    return int(reader.value(sql, {**params, "limit": limit}))


def row(reader: Reader, actor: str, article: str, stance_layer: str = "stance") -> QueueRow | None:
    """The row of one article by its id, None when there is none."""
    sql = f"""SELECT {_COLUMNS} FROM article a LEFT JOIN work w ON w.actor = ? AND w.n = a.n
              WHERE a.id = ?"""
    found = reader.row(sql, (actor, article))
    return None if found is None else _row(found, stance_layer)


def _row(row: Row, stance_layer: str) -> QueueRow:
    n, name, title, opening, lang, source, date, group, chars, state, seconds, counts, looked = row
    if state is None:
        return QueueRow(n, name, title or opening, lang, source, date, group, chars)
    numbers: dict[str, int] = json.loads(counts)
    notes = numbers.pop(NOTES, 0)
    if STANCES in numbers:
        numbers[stance_layer] = numbers.pop(STANCES)
    return QueueRow(n, name, title or opening, lang, source, date, group, chars, State(state),
                    seconds, numbers, notes, frozenset(json.loads(looked)))  # fmt: skip


def _place(reader: Reader, column: str, edge: QueueRow | int) -> Place:
    n = edge if isinstance(edge, int) else edge.n
    if column == "n":
        return (n, n)
    value = reader.value(f"SELECT {column} FROM article WHERE n = ?", (n,))
    return (value if value is not None else "", n)


def _statement(
    reader: Reader,
    found: list[Criterion],
    actor: str,
    column: str,
    place: Place | None,
    backwards: bool,
) -> tuple[str, dict[str, Any]]:
    """The query for a page, and its parameters but the limit."""
    lead = few(reader, found)
    if lead is None and column == "n" and found and "NOT EXISTS" not in found[0].start:
        lead = found[0]  # its index gives numbers in order
    body, params = _joined(lead, [c for c in found if c is not lead], column)
    number = lead.number if lead else "a.n"
    order = "DESC" if backwards else "ASC"
    sign = "<" if backwards else ">"
    if column == "n":
        edge, by = f"{number} {sign} :n", f"{number} {order}"
    else:
        edge, by = f"(a.{column}, a.n) {sign} (:value, :n)", f"a.{column} {order}, a.n {order}"
    if place is not None:
        body += f" AND {edge}"
        params |= {"value": place[0], "n": place[1]}
    body = body.replace("{work}", "LEFT JOIN work w ON w.actor = :actor AND w.n = a.n")
    sql = f"SELECT {_COLUMNS} FROM {body} ORDER BY {by} LIMIT :limit"
    return sql, {**params, "actor": actor}


def _joined(
    lead: Criterion | None, tests: list[Criterion], column: str | None
) -> tuple[str, dict[str, Any]]:
    """FROM and WHERE: the leading criterion joined to the article, the others as tests of it."""
    params: dict[str, Any] = {}
    work = " {work}" if column else ""
    if lead is None:
        start = f"article a{work} WHERE 1"
    else:
        table, _, condition = _named(lead.start, lead.params, params).partition(" WHERE ")
        start = f"{table} CROSS JOIN article a ON a.n = {lead.number}{work} WHERE {condition}"
    for criterion in tests:
        if lead is None:
            test = criterion.plain or criterion.test
        else:  # by the leading number, so that only articles that pass are looked up
            test = criterion.test.replace("a.n", lead.number)
        start += " AND " + _named(test, criterion.params, params)
    return start, params


def _named(sql: str, values: tuple[Any, ...], params: dict[str, Any]) -> str:
    """The SQL with each question mark made a named parameter."""
    for value in values:
        name = f"p{len(params)}"
        params[name] = value
        sql = sql.replace("?", f":{name}", 1)
    return sql
