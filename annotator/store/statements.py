"""The queue's queries: by which index articles are found, put together from the filter's criteria.

A criterion that few articles meet leads. Where all are common a page is first looked for nearby,
article by article, which finds it as a rule; where it does not (two common things that never go
together), the criteria's whole indexes are intersected, which takes about as long for a page as for
none.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from annotator.store.filters import FEW, Criterion, few
from annotator.store.reader import Reader

TITLE = "CASE title WHEN '' THEN opening ELSE title END"
"""What a queue shows as an article's title."""
TITLE_KEY = 16
"""Code points of it that the index of titles holds."""
NEARBY, STEP = 5000, 500
"""So many articles are looked at one by one before whole indexes are: by number, in other orders."""
COUNTED = 50_000
"""The same where they are only counted."""
MET = FEW
"""So many articles are read and sorted at most; of more, the order's index is followed."""
LISTED = 250
"""So many in one query, for SQLite looks for the name of each value among all of them."""

Params = dict[str, Any]
Source = tuple[str, Params]
"""What follows FROM, with the values of its named parameters."""

_WORK = " LEFT JOIN work w ON w.actor = :actor AND w.n = a.n"
_PLACE = """ CROSS JOIN arrangement r INDEXED BY arrangement_article
            ON r.name = :arranged AND r.n ="""
"""The place of an article whose number follows."""


@dataclass(frozen=True, slots=True)
class Order:
    """An order of articles `a`, and the place in it that a page begins behind."""

    terms: tuple[str, ...]
    """What it goes by; an index begins with the first."""
    backwards: bool
    place: tuple[Any, ...] | None
    index: str = ""
    """INDEXED BY the index that begins with the first term; "" where there is none."""
    only: str = ""
    """The condition that keeps to this stretch of an order (`arranging`), begun with AND."""
    arranged: str = ""
    """The name of the arrangement `r` it goes by, "" for columns."""

    @property
    def is_number(self) -> bool:
        """Whether it is that of arrival."""
        return self.terms == ("a.n",)

    @property
    def start(self) -> str:
        """The table whose index has the order: `article a`, or `arrangement r`."""
        return "arrangement r" if self.arranged else f"article a{self.index}"

    def by(self, number: str = "a.n") -> str:
        """The ORDER BY clause; `number` is the column that has the article's number."""
        way = "DESC" if self.backwards else "ASC"
        return ", ".join(f"{number if term == 'a.n' else term} {way}" for term in self.terms)

    def behind(self, params: Params, number: str = "a.n") -> str:
        """The condition that keeps to what lies behind the place, begun with AND."""
        if self.arranged:
            params["arranged"] = self.arranged
        if self.place is None:
            return self.only
        params.update({f"edge{at}": value for at, value in enumerate(self.place)})
        edges = ", ".join(f":edge{at}" for at in range(len(self.terms)))
        terms = ", ".join(number if term == "a.n" else term for term in self.terms)
        return f"{self.only} AND ({terms}) {'<' if self.backwards else '>'} ({edges})"


def order(reader: Reader, column: str, backwards: bool, edge: int | None) -> Order:
    """The order by a column of `article` (or `title`), behind the article number `edge`."""
    title = TITLE.replace("title", "a.title").replace("opening", "a.opening")
    terms = {"n": ("a.n",), "title": (f"substr({title}, 1, {TITLE_KEY})", title, "a.n")}.get(
        column, (f"a.{column}", "a.n")
    )
    # left to itself SQLite would sort them all; titles have none before their words are indexed
    name = f"article_{column}"
    index = f" INDEXED BY {name}" if reader.has(name) else ""
    if edge is None:
        return Order(terms, backwards, None, index)
    found = reader.row(f"SELECT {', '.join(terms)} FROM article a WHERE a.n = ?", (edge,))
    least = -1 if column == "chars" else ""
    place = found or (*[least] * (len(terms) - 1), edge)
    return Order(terms, backwards, place, index)


def attempts(reader: Reader, found: list[Criterion], by: Order, limit: int) -> Iterator[Source]:
    """Sources of a page of `limit` rows, `article a` joined to `work w`, with ORDER BY and LIMIT.

    The first that gives a whole page is enough; else the last one's rows are the page.
    """
    lead = few(reader, found)
    if lead is None and by.is_number and found and found[0].leads and found[0].ordered:
        lead = found[0]  # its index gives numbers in order
        is_direct = len(found) == 1
    else:
        is_direct = lead is not None or not found or not any(c.leads for c in found)
    if not is_direct:
        yield _nearby_numbers(reader, found, lead, by) if by.is_number else _nearby(found, by)
        yield _met(reader, found, by, limit)
        return
    others = [c for c in found if c is not lead]
    if by.arranged:
        yield _placed(lead, others, by)
        return
    source, params = _joined(lead, others, _WORK, by.start)
    number = lead.number if lead else "a.n"
    source += by.behind(params, number)
    yield f"{source} ORDER BY {by.by(number)} LIMIT :limit", params


def _nearby_numbers(
    reader: Reader, found: list[Criterion], lead: Criterion | None, by: Order
) -> Source:
    """Of the next numbers those that meet the criteria."""
    source, params = _joined(lead, [c for c in found if c is not lead], _WORK)
    number = lead.number if lead else "a.n"
    source += by.behind(params, number)
    if by.place is not None:
        start = by.place[-1]
    else:
        start = reader.value("SELECT max(n) FROM article") if by.backwards else 0
    params["far"] = (start or 0) + (-NEARBY if by.backwards else NEARBY)
    source += f" AND {number} {'>' if by.backwards else '<'} :far"
    return f"{source} ORDER BY {by.by(number)} LIMIT :limit", params


def _nearby(found: list[Criterion], by: Order) -> Source:
    """Of the next articles in an order those that meet the criteria."""
    params: Params = {"step": STEP}
    behind, order_by = by.behind(params), by.by()
    # asked of indexes, so that only what passes is looked up
    tests = "".join(_test(criterion, "b.n", params) for criterion in found)
    known = "n, place" if by.arranged else "n"
    inner = f"SELECT {known} FROM {by.start} WHERE true{behind} ORDER BY {order_by} LIMIT :step"
    passed = f"SELECT {known} FROM ({inner}) b WHERE true{tests}"
    alias = "r" if by.arranged else "c"
    source = f"({passed}) {alias} CROSS JOIN article a ON a.n = {alias}.n{_WORK}"
    return f"{source} ORDER BY {order_by} LIMIT :limit", params


def _placed(lead: Criterion | None, tests: list[Criterion], by: Order) -> Source:
    """What a criterion leads to, or everything, in an arranged order."""
    params: Params = {}
    start, number = "arrangement r WHERE true", "r.n"
    if lead is not None:
        table, _, condition = named(lead.start, lead.params, params).partition(" WHERE ")
        start, number = f"{table}{_PLACE} {lead.number} WHERE {condition}", lead.number
    start += "".join(_test(criterion, number, params) for criterion in tests)
    return _page_of(start, params, by)


def _page_of(start: str, params: Params, by: Order) -> Source:
    """A page of an arranged order: no more articles than that are looked up."""
    order_by = by.by()
    start += f" AND r.n > 0{by.behind(params)}"  # not the row that says how far it is arranged
    inner = f"SELECT r.n, r.place FROM {start} ORDER BY {order_by} LIMIT :limit"
    return f"({inner}) r CROSS JOIN article a ON a.n = r.n{_WORK} ORDER BY {order_by}", params


def _met(reader: Reader, found: list[Criterion], by: Order, limit: int) -> Source:
    """All that meet the criteria, by their whole indexes."""
    params: Params = {}
    if by.is_number:
        edge = by.behind(params, "m.n")
        met = f"SELECT m.n FROM {_meeting(found, params)}{edge} ORDER BY {by.by('m.n')}"
        source = f"({met} LIMIT :limit) b CROSS JOIN article a ON a.n = b.n{_WORK}"
        return f"{source} ORDER BY {by.by()}", params
    meeting = f"SELECT m.n FROM {_meeting(found, params)}"
    numbers = [n for (n,) in reader.rows(f"{meeting} LIMIT {MET + 1}", params)]
    if len(numbers) > MET:
        if by.arranged:
            return _page_of(f"arrangement r WHERE +r.n IN ({meeting})", params, by)
        source = f"{by.start}{_WORK} WHERE +a.n IN ({meeting})"
        return f"{source}{by.behind(params)} ORDER BY {by.by()} LIMIT :limit", params
    if len(numbers) > LISTED:
        parts = [numbers[at : at + LISTED] for at in range(0, len(numbers), LISTED)]
        numbers = [n for part in parts for n in _first(reader, part, by, limit)]
    return _listed(numbers, by)


def _first(reader: Reader, numbers: list[int], by: Order, limit: int) -> list[int]:
    """Those of some articles that a page may have: the first behind the place."""
    source, params = _listed(numbers, by)
    rows = reader.rows(f"SELECT a.n FROM {source}", {**params, "actor": "", "limit": limit})
    return [n for (n,) in rows]


def _listed(numbers: list[int], by: Order) -> Source:
    """A page of articles given by their numbers."""
    params: Params = {f"met{at}": n for at, n in enumerate(numbers or [0])}  # none has number 0
    source = f"(VALUES {','.join(f'(:{name})' for name in params)}) j"
    if by.arranged:
        return _page_of(f"{source}{_PLACE} j.column1 WHERE true", params, by)
    source += f" CROSS JOIN article a ON a.n = j.column1{_WORK} WHERE true"
    return f"{source}{by.behind(params)} ORDER BY {by.by()} LIMIT :limit", params


def _meeting(found: list[Criterion], params: Params) -> str:
    """FROM clause of the numbers `m.n` of all articles that meet the criteria, with its WHERE."""
    sets = " INTERSECT ".join(
        named(f"SELECT {c.number} AS n FROM {c.start}", c.params, params) for c in found if c.leads
    )
    tests = "".join(_test(c, "m.n", params) for c in found if not c.leads)
    return f"({sets}) m WHERE true{tests}"


def count(reader: Reader, found: list[Criterion], limit: int) -> int:
    """How many articles meet the criteria (at least one); not beyond `limit` when it is given."""
    lead = few(reader, found)
    positive = [criterion for criterion in found if criterion.leads]
    if lead is None and len(positive) > 1:
        if limit and positive[0].ordered:
            near = f" AND {positive[0].number} < {COUNTED}"
            if _counted(reader, found, positive[0], near, limit) == limit:
                return limit
        params: Params = {}
        bound = f" LIMIT {limit}" if limit else ""
        sql = f"SELECT count(*) FROM (SELECT 1 FROM {_meeting(found, params)}{bound}) c"
        return int(reader.value(sql, params))
    return _counted(reader, found, lead or found[0], "", limit)


def _counted(reader: Reader, found: list[Criterion], lead: Criterion, near: str, limit: int) -> int:
    source, params = _joined(lead, [c for c in found if c is not lead])
    # the indexes alone have the answer
    source = source.replace(f" CROSS JOIN article a ON a.n = {lead.number}", "")
    bound = f" LIMIT {limit}" if limit else ""
    sql = f"SELECT count(*) FROM (SELECT 1 FROM {source}{near}{bound}) c"
    return int(reader.value(sql, params))


def _joined(
    lead: Criterion | None, tests: list[Criterion], work: str = "", articles: str = "article a"
) -> Source:
    """The leading criterion joined to the article, the others as tests of it.

    Where none leads, `articles` gives them all.
    """
    params: Params = {}
    if lead is None:
        start = f"{articles}{work} WHERE true"
    else:
        table, _, condition = named(lead.start, lead.params, params).partition(" WHERE ")
        start = f"{table} CROSS JOIN article a ON a.n = {lead.number}{work} WHERE {condition}"
    # by the leading number, so that only articles that pass are looked up
    number = lead.number if lead else "a.n"
    return start + "".join(_test(criterion, number, params) for criterion in tests), params


def _test(criterion: Criterion, number: str, params: Params) -> str:
    """A criterion as a test of the article with a number; of its row, where that is read anyway."""
    test = (number == "a.n" and criterion.plain) or criterion.test.replace("a.n", number)
    return " AND " + named(test, criterion.params, params)


def named(sql: str, values: tuple[Any, ...], params: Params) -> str:
    """The SQL with each question mark made a named parameter."""
    for value in values:
        name = f"p{len(params)}"
        params[name] = value
        sql = sql.replace("?", f":{name}", 1)
    return sql
