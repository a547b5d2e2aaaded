"""Is the log whole? Chains, holes, ids, and what events speak of."""

from collections.abc import Iterator

from annotator.model.event import Event
from annotator.store import log
from annotator.store.engine import Row
from annotator.store.erasure import erased_by
from annotator.store.problems import Problem, error
from annotator.store.reader import Reader

_EVENTS = f"SELECT seq, {log.COLUMNS} FROM event WHERE writer = ? AND seq > ? ORDER BY seq LIMIT ?"


def check_log(reader: Reader) -> Iterator[Problem]:
    """Every writer's chain from its first event, then articles that are missing."""
    for (writer,) in reader.pages(
        "SELECT DISTINCT writer FROM event WHERE writer > ? ORDER BY writer LIMIT ?", ("",)
    ):
        yield from _chain(reader, writer)
    for (article,) in reader.rows(
        """SELECT DISTINCT article FROM event WHERE article <> ''
           AND article NOT IN (SELECT id FROM article) LIMIT 100"""
    ):
        yield error(f"article {article!r}", "events speak of it, but it is not in the project.")


def _chain(reader: Reader, writer: str) -> Iterator[Problem]:
    where = f"writer {writer}"
    last_hash, last_id, seq = "", "", 0
    for row in reader.pages(_EVENTS, (0,), fixed=(writer,)):
        seq += 1
        if row[0] != seq:
            yield error(where, f"events {seq} to {row[0] - 1} are missing.")
            seq = row[0]
        event = _event(row[1:])
        if isinstance(event, Problem):
            yield event
        elif event.hash != log.expected_hash(last_hash, event) and not _is_withdrawn(reader, row):
            yield error(f"event {event.id}", "it is not what was written: its hash does not hold.")
        elif event.id <= last_id:
            yield error(f"event {event.id}", "it has an id older than the event before it.")
        last_hash, last_id = row[13], row[1]


def _is_withdrawn(reader: Reader, row: Row) -> bool:
    """Whether an event's body was erased, and the withdrawal that it names says so."""
    withdrawal = erased_by(row[12])
    sql = """SELECT 1 FROM event WHERE id = ? AND article = ? AND kind = 'withdrawal'
             AND body IS NOT NULL"""
    return bool(withdrawal) and reader.row(sql, (withdrawal, row[5])) is not None


def _event(row: Row) -> Event | Problem:
    try:
        return log.event_of(row)
    except ValueError as trouble:
        return error(f"event {row[0]}", f"it cannot be read: {trouble}.")
