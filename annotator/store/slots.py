"""Assignments as the queue asks for them: a cache of the events about slots and pools.

Of everybody's events on one slot, or on one article's pool, the newest holds, so any order of the same
events gives the same rows.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from annotator.model.annotation import Kind
from annotator.model.event import Event
from annotator.model.person import is_pass, person_of
from annotator.model.slot import Pool, Slot, Why
from annotator.store.engine import Connection, Row
from annotator.store.everybody import LOADS
from annotator.store.gone import HERE, UNTOUCHED
from annotator.store.reader import Reader

KINDS = (Kind.SLOT, Kind.POOL)

_SLOT = """INSERT INTO slot (annotator, n, round, why, given, event) VALUES (?,?,?,?,?,?)
           ON CONFLICT (annotator, n) DO UPDATE SET round = excluded.round, why = excluded.why,
           given = excluded.given, event = excluded.event WHERE excluded.event > slot.event"""
_POOL = """INSERT INTO pool (n, people, round, free, event) VALUES (?,?,?,0,?)
           ON CONFLICT (n) DO UPDATE SET people = excluded.people, round = excluded.round,
           event = excluded.event WHERE excluded.event > pool.event"""
_PEOPLE = "SELECT people FROM pool WHERE n = ?"
_HAVE = "SELECT annotator FROM slot WHERE n = ? AND given = 1"
_FREE = "UPDATE pool SET free = ? WHERE n = ?"
_ALL = f"""SELECT h.article, h.key, h.event, h.kind, h.body, a.n FROM head h
          CROSS JOIN article a ON a.id = h.article WHERE h.kind IN ('slot', 'pool')
          AND a.n {UNTOUCHED}"""
_SLOTS = """SELECT s.n, s.annotator, a.id, s.round, s.why FROM slot s{index}
            CROSS JOIN article a ON a.n = s.n
            WHERE (s.n, s.annotator) > (?, ?) AND s.n >= ? AND s.given = 1
            AND s.n NOT IN (SELECT n FROM gone){where}
            ORDER BY s.n, s.annotator LIMIT ?"""
_POOLS = """SELECT p.n, a.id, p.people, p.round FROM pool p CROSS JOIN article a ON a.n = p.n
            WHERE p.n > ? AND p.people > 0 AND p.n NOT IN (SELECT n FROM gone){where} ORDER BY p.n LIMIT ?"""
_MET = f"""SELECT s.annotator, t.annotator, count(*) FROM slot s CROSS JOIN slot t
          ON t.n = s.n AND t.given = 1 AND t.annotator > s.annotator
          WHERE s.given = 1 AND s.n {HERE} GROUP BY 1, 2 ORDER BY 1, 2"""
_PASSES = f"""SELECT a.id, s.annotator, s.round, s.why, w.state FROM slot s
             CROSS JOIN article a ON a.n = s.n
             LEFT JOIN work w ON w.actor = s.annotator AND w.n = s.n
             WHERE s.annotator > ? AND s.annotator < ? AND s.given = 1 AND s.n {HERE}
             ORDER BY s.event"""
_QUESTIONS = f"""SELECT a.id, s.annotator, s.round, s.why FROM slot s CROSS JOIN article a ON a.n = s.n
                WHERE s.annotator = ? AND s.given = 1 AND s.why = '{Why.GOLD}' AND s.n {HERE}
                AND NOT EXISTS (SELECT 1 FROM work w WHERE w.actor = s.annotator AND w.n = s.n
                                AND w.state <> 'new') ORDER BY s.event"""
_LEFT = f"""SELECT count(*) FROM slot s WHERE s.annotator = ? AND s.given = 1 AND s.n {HERE}
           AND NOT EXISTS (SELECT 1 FROM work w WHERE w.actor = s.annotator AND w.n = s.n
                           AND w.state IN ('done', 'skipped'))"""
BATCH = 500
"""Articles in one query."""
FINISHED = ("done", "skipped")


class Staffed(NamedTuple):
    """Who has an article, later passes left out."""

    article: str
    people: tuple[str, ...] = ()
    """Their names, sorted."""
    rounds: frozenset[str] = frozenset()
    """The rounds it is in."""
    pool: int = 0
    """To how many people in all it is open, 0: to nobody."""


class Load(NamedTuple):
    """What somebody was assigned, and how far they are."""

    assigned: int = 0
    begun: int = 0
    """Those of them they decided something about, finished or not."""
    done: int = 0
    skipped: int = 0

    @property
    def left(self) -> int:
        """How many are still to be finished."""
        return self.assigned - self.done - self.skipped


def apply(conn: Connection, event: Event, n: int) -> None:
    """Bring the cache up to date with an event about article number `n`."""
    if event.kind is Kind.SLOT:
        removed = event.body is None
        slot = Slot.of(event.article, event.key, event.body or {})
        why = str(Why.WORK if removed else slot.why)
        conn.execute(_SLOT, (slot.annotator, n, slot.round, why, int(not removed), event.id))
    else:
        pool = Pool.of(event.article, event.body or {"people": 0})
        conn.execute(_POOL, (n, pool.people, pool.round, event.id))
    open_to = conn.execute(_PEOPLE, (n,)).fetchone()
    if open_to is not None:
        have = sum(not is_pass(name) for (name,) in conn.execute(_HAVE, (n,)).fetchall())
        conn.execute(_FREE, (max(open_to[0] - have, 0), n))


def fill(conn: Connection) -> None:
    """Make the cache anew from the heads, after both tables were emptied."""
    for article, key, event, kind, body, n in conn.execute(_ALL).fetchall():
        value = None if body is None else json.loads(body)
        made = Event(event, "", 0, "", article, key, "", "", "", "", Kind(kind), value, "")
        apply(conn, made, n)


# --- what is asked of it


def slots(
    reader: Reader,
    articles: Iterable[str] | None = None,
    annotator: str = "",
    round_name: str = "",
    passes: bool = True,
) -> Iterator[Slot]:
    """The slots that stand, by article number and annotator; see `Staffing.slots`."""
    where, fixed = "", []
    if annotator:
        where, fixed = " AND s.annotator = ?", [annotator]
    if round_name:
        where, fixed = f"{where} AND s.round = ? AND s.round <> ''", [*fixed, round_name]
    rows = _all(reader, where, fixed) if articles is None else _of(reader, articles, where, fixed)
    for _, name, article, of_round, why in rows:
        if passes or not is_pass(name):
            yield Slot(article, name, of_round, Why(why))


def _all(reader: Reader, where: str, fixed: list[str]) -> Iterator[Row]:
    # an annotator's own come by the primary key, a round's by its index
    index = "" if where else " INDEXED BY slot_article"
    sql = _SLOTS.format(index=index, where=where)
    after: tuple[int, str] = (0, "")
    while page := reader.rows(sql, (*after, after[0], *fixed, BATCH)):
        yield from page
        after = page[-1][:2]


def _of(reader: Reader, articles: Iterable[str], where: str, fixed: list[str]) -> Iterator[Row]:
    rest = iter(articles)
    while batch := list(islice(rest, BATCH)):
        marks = _marks(batch)
        sql = f"""SELECT s.n, s.annotator, a.id, s.round, s.why FROM article a
                  CROSS JOIN slot s INDEXED BY slot_article ON s.n = a.n AND s.given = 1
                  WHERE a.id IN ({marks}){where} ORDER BY s.n, s.annotator"""
        yield from reader.rows(sql, (*batch, *fixed))


def staffed(reader: Reader, numbers: Sequence[int]) -> dict[int, Staffed]:
    """Who has which of these articles, by number; also those that nobody has."""
    found: dict[int, Staffed] = {}
    for start in range(0, len(numbers), BATCH):
        batch = numbers[start : start + BATCH]
        marks = _marks(batch)
        for n, article, people, of_round in reader.rows(
            f"""SELECT a.n, a.id, coalesce(p.people, 0), coalesce(p.round, '') FROM article a
                LEFT JOIN pool p ON p.n = a.n WHERE a.n IN ({marks})""",
            batch,
        ):
            rounds = frozenset({of_round} - {""}) if people else frozenset()
            found[n] = Staffed(article, (), rounds, people)
        for n, name, of_round in reader.rows(
            f"""SELECT n, annotator, round FROM slot INDEXED BY slot_article
                WHERE n IN ({marks}) AND given = 1 ORDER BY n, annotator""",
            batch,
        ):
            if not is_pass(name):
                old = found[n]
                found[n] = old._replace(
                    people=(*old.people, name), rounds=old.rounds | ({of_round} - {""})
                )
    return found


def loads(reader: Reader) -> dict[str, Load]:
    """What everybody was assigned, by name; passes left out."""
    rows = reader.everybody(LOADS)
    return {name: Load(*numbers) for name, *numbers in rows if not is_pass(name)}


def met(reader: Reader) -> dict[tuple[str, str], int]:
    """How many articles each two have in common, by their names in order; passes left out."""
    rows = reader.rows(_MET)
    return {(a, b): count for a, b, count in rows if not (is_pass(a) or is_pass(b))}


def pools(reader: Reader, round_name: str = "") -> Iterator[Pool]:
    """The pools that are open to somebody or were, by article number."""
    where = " AND p.round = ?" if round_name else ""
    sql, after = _POOLS.format(where=where), 0
    while page := reader.rows(sql, (after, *([round_name] if round_name else []), BATCH)):
        yield from (Pool(article, people, of_round) for _, article, people, of_round in page)
        after = page[-1][0]


def passes(reader: Reader, person: str, finished: bool = True) -> list[Slot]:
    """A person's later passes, in the order of assignment; without `finished` those to be done."""
    return [
        Slot(article, name, of_round, Why(why))
        for article, name, of_round, why, state in reader.rows(
            _PASSES, (f"{person} #", f"{person} $")
        )
        if person_of(name)[0] == person and (finished or state not in FINISHED)
    ]


def questions(reader: Reader, annotator: str) -> list[Slot]:
    """The hidden questions that somebody has not begun, in the order of assignment."""
    rows = reader.rows(_QUESTIONS, (annotator,))
    return [Slot(article, name, of_round, Why(why)) for article, name, of_round, why in rows]


def left(reader: Reader, annotator: str) -> int:
    """How many articles somebody was assigned and has not finished."""
    return int(reader.value(_LEFT, (annotator,)) or 0)


def _marks(values: Iterable[object]) -> str:
    return ",".join("?" for _ in values)
