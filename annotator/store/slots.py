"""Assignments as the queue asks for them: a cache of the events about slots and pools.

Of everybody's events on one slot, or on one article's pool, the newest holds, so any order of the same
events gives the same rows.
"""

from annotator.model.annotation import Kind
from annotator.model.event import Event
from annotator.model.slot import Pool, Slot, Why
from annotator.store.engine import Connection

KINDS = (Kind.SLOT, Kind.POOL)

_SLOT = """INSERT INTO slot (annotator, n, round, why, given, event) VALUES (?,?,?,?,?,?)
           ON CONFLICT (annotator, n) DO UPDATE SET round = excluded.round, why = excluded.why,
           given = excluded.given, event = excluded.event WHERE excluded.event > slot.event"""
_POOL = """INSERT INTO pool (n, people, round, free, event) VALUES (?,?,?,0,?)
           ON CONFLICT (n) DO UPDATE SET people = excluded.people, round = excluded.round,
           event = excluded.event WHERE excluded.event > pool.event"""
_FREE = """UPDATE pool SET free = max(people -
           (SELECT count(*) FROM slot s WHERE s.n = pool.n AND s.given = 1), 0) WHERE n = ?"""
_ALL = """SELECT h.article, h.key, h.event, h.kind, h.body, a.n FROM head h
          CROSS JOIN article a ON a.id = h.article WHERE h.kind IN ('slot', 'pool')"""


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
    conn.execute(_FREE, (n,))


def fill(conn: Connection) -> None:
    """Make the cache anew from the heads, after both tables were emptied."""
    import json

    for article, key, event, kind, body, n in conn.execute(_ALL).fetchall():
        value = None if body is None else json.loads(body)
        made = Event(event, "", 0, "", article, key, "", "", "", "", Kind(kind), value, "")
        apply(conn, made, n)
