"""The fold: from events to the current state (`head`) and what is seen of it elsewhere.

All are caches. A head is the newest event of its annotator, article and key; a row of `work` (the
queue's view) is a function of that annotator's heads on that article, a row of `precedent` one of a
span's head. So any order of the same events gives the same
rows, which is what lets two copies of a project be merged as a union of their logs.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from annotator.model.annotation import Kind, State, Status, looked_key
from annotator.model.event import Event, canonical
from annotator.store import identities, precedents, slots
from annotator.store.engine import Connection, Row
from annotator.store.precedents import row_of
from annotator.store.works import FLAGS, IDLE, NOTES, STANCES

_OLD = "SELECT event, kind, body FROM head WHERE article = ? AND actor = ? AND key = ?"
_HEAD = """INSERT INTO head (article, actor, key, event, kind, body) VALUES (?,?,?,?,?,?)
           ON CONFLICT (article, actor, key) DO UPDATE SET
           event = excluded.event, kind = excluded.kind, body = excluded.body
           WHERE excluded.event > head.event"""
_WORK = """INSERT INTO work (actor, n, state, seconds, newest, counts, looked) VALUES (?,?,?,?,?,?,?)
           ON CONFLICT (actor, n) DO UPDATE SET state = excluded.state, seconds = excluded.seconds,
           newest = excluded.newest, counts = excluded.counts, looked = excluded.looked"""
_READ = "SELECT state, seconds, newest, counts, looked FROM work WHERE actor = ? AND n = ?"

Thing = tuple[str, str, str, Mapping[str, Any] | None]
"""article, actor, key and kind's body of a head, as a tally counts it."""


@dataclass(slots=True)
class Tally:
    """What the queue shows of one annotator's decisions on one article."""

    state: str = State.STARTED.value
    seconds: int = 0
    newest: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    looked: set[str] = field(default_factory=set)

    def count(self, head: Row, sign: int = 1) -> None:
        """Count a head (article, actor, key, event, kind, body as a value) in, or out again."""
        article, actor, key, event, kind, body = head
        self.newest = max(self.newest, event)
        if body is None or not isinstance(body, dict):
            return
        name = _counted(kind, body)
        if name:
            left = self.counts.pop(name, 0) + sign
            if left:
                self.counts[name] = left
        elif kind == Kind.LOOKED:
            layer = key.split(":", 2)[1] if ":" in key else ""
            if key == looked_key(actor, article, layer):
                (self.looked.add if sign > 0 else self.looked.discard)(layer)
        elif kind == Kind.STATUS and key == Status.key(actor, article):
            self.state = str(body.get("state", "")) if sign > 0 else State.STARTED.value
            self.seconds = int(body.get("seconds", 0)) if sign > 0 else 0

    def row(self) -> Row:
        """The columns of `work` after actor and n."""
        looked = json.dumps(sorted(self.looked), ensure_ascii=False, separators=(",", ":"))
        return (self.state, self.seconds, self.newest, canonical(self.counts), looked)

    @classmethod
    def of(cls, row: Row) -> "Tally":
        """The tally in a row of `work` (without actor and n)."""
        return cls(row[0], row[1], row[2], json.loads(row[3]), set(json.loads(row[4])))


def _counted(kind: str, body: Mapping[str, Any]) -> str:
    """The name under which `work.counts` counts a head; "" when it does not."""
    if kind == Kind.SPAN:
        return str(body.get("layer", ""))
    if kind == Kind.NOTE:
        return FLAGS if body.get("flag") else NOTES
    return STANCES if kind == Kind.STANCE else ""


def tally(heads: Iterable[Row]) -> Tally:
    """The tally of all heads of one annotator and article (bodies as JSON text)."""
    result = Tally()
    for head in heads:
        if head[4] not in IDLE:  # an article that was looked at is not begun
            result.count((*head[:5], None if head[5] is None else json.loads(head[5])))
    return result


class Fold:
    """Applies events to `head` and `work` within one write transaction; `flush` ends it."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn
        self._tallies: dict[tuple[str, int], Tally] = {}

    def apply(self, event: Event, n: int | None) -> None:
        """Apply an event; `n` is its article's number, None when it is about no article here."""
        if event.kind is Kind.SESSION:
            return
        place = (event.article, event.actor, event.key)
        old = self._conn.execute(_OLD, place).fetchone()
        if old is not None and old[0] >= event.id:
            return
        text = None if event.body is None else canonical(event.body)
        self._conn.execute(_HEAD, (*place, event.id, event.kind.value, text))
        if n is not None and event.kind in slots.KINDS:
            slots.apply(self._conn, event, n)
        if n is None or event.kind in IDLE:
            return
        now = self._tally(event.actor, n)
        if old is not None and old[2] is not None:
            before = json.loads(old[2])
            now.count((*place, old[0], old[1], before), -1)
            if old[1] == Kind.SPAN:
                precedents.remove(self._conn, row_of(event.actor, n, event.key, old[0], before))
                identities.remove(self._conn, identities.row_of(event.actor, before))
        now.count((*place, event.id, event.kind.value, event.body))
        if event.kind is Kind.SPAN:
            precedents.add(self._conn, row_of(event.actor, n, event.key, event.id, event.body))
            identities.add(self._conn, identities.row_of(event.actor, event.body))

    def flush(self) -> None:
        """Write the rows of `work` that changed."""
        for place, now in self._tallies.items():
            self._conn.execute(_WORK, (*place, *now.row()))
        self._tallies.clear()

    def _tally(self, actor: str, n: int) -> Tally:
        found = self._tallies.get((actor, n))
        if found is None:
            row = self._conn.execute(_READ, (actor, n)).fetchone()
            found = self._tallies[actor, n] = Tally() if row is None else Tally.of(row)
        return found
