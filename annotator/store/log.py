"""The event log: rows to events and back. It only ever grows."""

import json
from collections.abc import Collection, Iterator, Mapping

from annotator.model.annotation import Kind
from annotator.model.event import Change, Event, PastAct, canonical, chain_hash
from annotator.store import long_names
from annotator.store.engine import Connection, Row
from annotator.store.everybody import NEWEST
from annotator.store.gone import STAYED
from annotator.store.reader import Reader
from annotator.store.works import FOREIGN_SQL

COLUMNS = "id, writer, seq, actor, article, key, base, act, verb, of, kind, body, hash"
INSERT = f"INSERT INTO event ({COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)"
"""Appends a row of `COLUMNS`. Its place, the one after the last, the engine gives: places in the log
have no gap, and the last one is the number of events."""
OF_ACT = f"SELECT {COLUMNS} FROM event WHERE act = ? ORDER BY id"
_PAGE = 64


def expected_hash(previous: str, event: Event) -> str:
    """The hash an event must have after the writer's `previous` one."""
    values = _values(event)
    return chain_hash(previous, (*values[:11], canonical(event.body)))


def insert(conn: Connection, events: Collection[Event]) -> None:
    """Append events; the caller holds the lock and a transaction."""
    long_names.of_events(conn, ((e.article, e.key) for e in events))
    conn.later(
        INSERT,
        ((*_values(e), None if e.body is None else canonical(e.body), e.hash) for e in events),
    )


def _values(event: Event) -> tuple[str | int, ...]:
    """The first eleven of `COLUMNS`."""
    return (
        event.id, event.writer, event.seq, event.actor, event.article, event.key, event.base,
        event.act, event.verb, event.of, event.kind.value,
    )  # fmt: skip


def event_of(row: Row) -> Event:
    """The event in a row of `COLUMNS`; raises ValueError when it is damaged."""
    body = None if row[11] is None else json.loads(row[11])
    id_, writer, seq, actor, article, key, base, act, verb, of, kind = row[:11]
    return Event(
        id_, writer, seq, actor, article, key, base, act, verb, of, Kind(kind), body, row[12]
    )


def of_act(conn: Connection, act: str) -> tuple[Event, ...]:
    """The events of an act, () when it is not in the log."""
    return tuple(event_of(row) for row in conn.execute(OF_ACT, (act,)).fetchall())


def newest_id(conn: Connection) -> str:
    """The largest event id in the file, "" when there is none."""
    return conn.everybody(NEWEST).fetchall()[0][0] or ""


def vector(reader: Reader) -> dict[str, int]:
    """How far this copy knows each writer: its newest sequence number."""
    return dict(reader.rows("SELECT writer, max(seq) FROM event GROUP BY writer ORDER BY writer"))


def events_after(reader: Reader, known: Mapping[str, int]) -> Iterator[Event]:
    """The events a copy that is at `known` lacks, each writer's in sequence."""
    sql = f"SELECT seq, {COLUMNS} FROM event WHERE writer = ? AND seq > ? ORDER BY seq LIMIT ?"
    for writer, newest in sorted(vector(reader).items()):
        start = known.get(writer, 0)
        if newest > start:
            for row in reader.pages(sql, (start,), fixed=(writer,)):
                yield event_of(row[1:])


def history(reader: Reader, article: str, actor: str = "") -> list[Event]:
    """All events on an article, oldest first; of one annotator when one is named."""
    sql = f"SELECT {COLUMNS} FROM event WHERE article = ?"
    rows = (
        reader.rows(f"{sql} AND actor = ? ORDER BY id", (article, actor))
        if actor
        else reader.rows(f"{sql} ORDER BY id", (article,))
    )
    return [event_of(row) for row in rows]


def past_acts(
    reader: Reader, actor: str, before: str = "", without: Collection[str] = ()
) -> Iterator[PastAct]:
    """An annotator's acts on articles and their rules, newest first, read a few at a time.

    `before` is an act's id: only older acts are given; those with a verb in `without` are passed
    over. Schemes and sessions are not among them, nor what leads decide.
    """
    top = reader.value("SELECT max(id) FROM event WHERE act = ?", (before,)) if before else None
    top = top or "g"  # after every id
    seen = {before}
    where = f"AND verb NOT IN ({','.join('?' * len(without))})" if without else ""
    sql = f"""SELECT id, act FROM event WHERE actor = ? AND id < ?
              AND (article <> '' OR kind = ?) AND article {STAYED} AND kind NOT IN ({FOREIGN_SQL})
              {where} ORDER BY id DESC LIMIT ?"""
    while True:
        page = reader.rows(sql, (actor, top, Kind.RULE.value, *without, _PAGE))
        for _, act in page:
            if act not in seen:
                seen.add(act)
                yield _past_act(reader, act)
        if len(page) < _PAGE:
            return
        top = page[-1][0]


def _past_act(reader: Reader, act: str) -> PastAct:
    """An act with what each of its events replaced: the body of its base."""
    sql = f"""SELECT e.verb, e.of, e.kind, e.key, e.article, e.body, b.body
             FROM event e LEFT JOIN event b ON b.id = e.base
             WHERE e.act = ? AND e.article {STAYED} ORDER BY e.id"""
    rows = reader.rows(sql, (act,))
    changes = tuple(
        Change(Kind(kind), key, article, _body(before), _body(after))
        for _, _, kind, key, article, after, before in rows
    )
    return PastAct(act, rows[0][0], rows[0][1], changes)


def _body(text: str | None) -> Mapping[str, object] | None:
    return None if text is None else json.loads(text)
