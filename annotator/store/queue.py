"""The queue: which articles there are, in order, a page at a time, and what comes next.

Pages are found by the last row's place in the order, never by counting rows off, so the ten
thousandth page costs what the first does.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from annotator.model.annotation import State
from annotator.model.spent import NOTHING
from annotator.store import counts, gone, statements
from annotator.store.engine import Row
from annotator.store.filters import ALL, Criterion, Filter, criteria
from annotator.store.reader import Reader
from annotator.store.works import FLAGS, NOTES, STANCES

SORTS = {"number": "n", "date": "date", "source": "source", "length": "chars", "title": "title"}
"""Orders of a queue by a column; with "-" before the name, backwards. Within equal ones by number."""
ORDERS = ("number", "date", "source", "event", "length", "title", "random", "uncertain")
"""All orders; `random` may have a seed, as in `random:7`. `arranging` says more of those in no column."""

_HERE = Criterion(f"article v WHERE v.n {gone.HERE}", "v.n", f"a.n {gone.HERE}", (), leads=False)
_COLUMNS = """a.n, a.id, a.title, a.opening, a.lang, a.source, a.date, a.grp, a.chars,
              w.state, w.seconds, w.counts, w.looked"""


class QueueRow(NamedTuple):
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
    counts: Mapping[str, int] = NOTHING
    """Annotations in each layer that has any."""
    notes: int = 0
    looked: frozenset[str] = frozenset()
    """Layers declared looked at."""
    flags: int = 0


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
    edge = before if before is not None else after
    backwards = sort.startswith("-") != (before is not None)
    number = edge if isinstance(edge, int | None) else edge.n
    met = _criteria(reader, where, actor)
    found: list[QueueRow] = []
    for by, only in _legs(reader, actor, sort, backwards, number):
        asked = sorted([*met, *only], key=lambda criterion: not criterion.leads) if only else met
        left = limit - len(found)
        named = {"actor": actor, "limit": left}
        part: list[QueueRow] = []
        for source, params in statements.attempts(reader, asked, by, left):
            part = rows(reader, source, {**params, **named}, stance_layer)
            if len(part) == left:
                break
        found += part
        if len(found) == limit:
            break
    return found[::-1] if before is not None else found


def _legs(
    reader: Reader, actor: str, sort: str, backwards: bool, edge: int | None
) -> "Iterable[tuple[statements.Order, tuple[Criterion, ...]]]":
    """The stretches of an order behind an article's number; that of a column has one."""
    column = SORTS.get(sort.removeprefix("-"))
    if column is not None:
        return [(statements.order(reader, column, backwards, edge), ())]
    from annotator.store import arranging

    return arranging.legs(reader, actor, sort, backwards, edge)


def _criteria(reader: Reader, where: Filter, actor: str) -> list[Criterion]:
    """The filter's conditions, and that nothing withdrawn or replaced is among the articles."""
    found = criteria(reader, where, actor)
    return [*found, _HERE] if gone.is_any(reader) else found


def count(reader: Reader, actor: str, where: Filter = ALL, limit: int = 0) -> int:
    """How many articles a filter lets through; counted no further than `limit` when it is given."""
    found = criteria(reader, where, actor)
    if not found:
        return int(reader.value("SELECT max(n) FROM article") or 0) - gone.count(reader)
    if where.state == State.NEW and len(found) == 1 and not limit:
        sql = f"""SELECT coalesce((SELECT max(n) FROM article), 0) - (SELECT count(*) FROM gone)
                  - count(*) FROM work WHERE actor = ? AND n {gone.HERE}"""
        return int(reader.value(sql, (actor,)))
    if len(found) == 1 and not limit and (where.lang or where.source):
        what = counts.LANG if where.lang else counts.SOURCE
        value = where.lang or where.source
        return counts.count(reader, what, value) - gone.having(reader, what, value)
    return statements.count(reader, _criteria(reader, where, actor), limit)


def row(reader: Reader, actor: str, article: str, stance_layer: str = "stance") -> QueueRow | None:
    """The row of one article by its id, None when there is none."""
    sql = f"""SELECT {_COLUMNS} FROM article a LEFT JOIN work w ON w.actor = ? AND w.n = a.n
              WHERE a.id = ?"""
    found = reader.row(sql, (actor, article))
    return None if found is None else _row(found, stance_layer)


def rows(
    reader: Reader, source: str, params: dict[str, Any], stance_layer: str = "stance"
) -> list[QueueRow]:
    """The queue's rows for a FROM clause that joins an article `a` and a row of work `w`."""
    return [
        _row(row, stance_layer) for row in reader.rows(f"SELECT {_COLUMNS} FROM {source}", params)
    ]


def _row(row: Row, stance_layer: str) -> QueueRow:
    n, name, title, opening, lang, source, date, group, chars, state, seconds, counts, looked = row
    if state is None:
        return QueueRow(n, name, title or opening, lang, source, date, group, chars)
    numbers: dict[str, int] = json.loads(counts)
    flags, notes = numbers.pop(FLAGS, 0), numbers.pop(NOTES, 0)
    if STANCES in numbers:
        numbers[stance_layer] = numbers.pop(STANCES)
    return QueueRow(n, name, title or opening, lang, source, date, group, chars, State(state),
                    seconds, numbers, notes, frozenset(json.loads(looked)), flags)  # fmt: skip
