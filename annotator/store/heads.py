"""The fold: from events to the current state (`head`) and what is seen of it elsewhere.

All are caches. A head is the newest event of its annotator, article and key; a row of `work` (the
queue's view) is a function of that annotator's heads on that article, a row of `precedent` one of a
span's head. So any order of the same events gives the same
rows, which is what lets two copies of a project be merged as a union of their logs.

An event whose body was erased (`erasure`) makes a head without a body, as one that removes does.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from annotator.model.annotation import Kind, State, Status, looked_key
from annotator.model.event import Event, canonical
from annotator.store import conflicts, gone, identities, precedents, slots
from annotator.store.engine import Connection, Row
from annotator.store.erasure import is_erased
from annotator.store.precedents import row_of
from annotator.store.works import FLAGS, IDLE, NOTES, STANCES

OLD = "SELECT event, kind, body FROM head WHERE article = ? AND actor = ? AND key = ?"
_HEAD = """INSERT INTO head (article, actor, key, event, kind, body) VALUES (?,?,?,?,?,?)
           ON CONFLICT (article, actor, key) DO UPDATE SET
           event = excluded.event, kind = excluded.kind, body = excluded.body
           WHERE excluded.event > head.event"""
_WORK = """INSERT INTO work (actor, n, state, seconds, newest, counts, looked) VALUES (?,?,?,?,?,?,?)
           ON CONFLICT (actor, n) DO UPDATE SET state = excluded.state, seconds = excluded.seconds,
           newest = excluded.newest, counts = excluded.counts, looked = excluded.looked"""
READ = "SELECT state, seconds, newest, counts, looked FROM work WHERE actor = ? AND n = ?"
_STAND = """SELECT article, actor, key, event, kind, body FROM head
            WHERE (article, actor, key) IN (VALUES {rows})"""
_READ_MANY = """SELECT actor, n, state, seconds, newest, counts, looked FROM work
                WHERE (actor, n) IN (VALUES {rows})"""
_TOGETHER = 200
"""Places asked for in one question."""

Place = tuple[str, str, str]
"""Article, actor and key."""


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


def _place(item: tuple[tuple[str, int], Tally]) -> tuple[str, int]:
    return item[0]


class Fold:
    """Applies events to the caches within one write transaction; `flush` ends it.

    What changes is kept until then and written together, which is what makes merging fast. Only
    conflicts and assignments are written at once.
    """

    def __init__(self, conn: Connection) -> None:
        self._conn = conn
        self._heads: dict[Place, tuple[str, str, str | None]] = {}
        self._tallies: dict[tuple[str, int], Tally] = {}
        self._filed: dict[Row, Row] = {}
        self._unfiled: list[Row] = []
        self._uses: Counter[Row] = Counter()
        self._gone: dict[str, int] = {}
        self._stand: dict[Place, tuple[str, str, str | None] | None] = {}
        self._counted: dict[tuple[str, int], Tally] = {}

    def expect(self, events: Sequence[tuple[Event, int | None]]) -> None:
        """Ask in a few questions for all that `apply` will ask about events and their articles' numbers.

        To a server each question is a way there and back, while others wait.
        """
        places = sorted(
            {(e.article, e.actor, e.key) for e, _ in events if e.kind is not Kind.SESSION}
        )
        for start in range(0, len(places), _TOGETHER):
            some = places[start : start + _TOGETHER]
            self._stand.update(dict.fromkeys(some))
            sql = _STAND.format(rows=",".join(["(?,?,?)"] * len(some)))
            for row in self._conn.execute(sql, [part for each in some for part in each]).fetchall():
                self._stand[row[:3]] = row[3:]
        works = sorted({(e.actor, n) for e, n in events if n is not None and e.kind not in IDLE})
        for start in range(0, len(works), _TOGETHER):
            pairs = works[start : start + _TOGETHER]
            self._counted.update({pair: Tally() for pair in pairs})
            sql = _READ_MANY.format(rows=",".join(["(?,?)"] * len(pairs)))
            for row in self._conn.execute(
                sql, [part for each in pairs for part in each]
            ).fetchall():
                self._counted[row[:2]] = Tally.of(row[2:])

    def apply(self, event: Event, n: int | None, said: str | None = None) -> None:
        """Apply an event; `n` is its article's number, None when it is about no article here.

        `said` is its body as the log has it, where that is at hand.
        """
        if event.kind is Kind.SESSION:
            return
        place = (event.article, event.actor, event.key)
        old = self._head(place)
        if old is not None:
            conflicts.meet(self._conn, event, old[0])
        gone_body = is_erased(event.body)
        if (
            n is not None and not gone_body and event.kind in gone.KINDS
        ):  # of withdrawals the oldest holds
            self._gone[event.article] = n
        if old is not None and old[0] >= event.id:
            return
        body = None if gone_body else event.body
        text = None if body is None else (said or canonical(body))
        self._heads[place] = (event.id, event.kind.value, text)
        if n is not None and not gone_body and event.kind in slots.KINDS:
            slots.apply(self._conn, event, n)
        if n is None or event.kind in IDLE:
            return
        before = None if old is None or old[2] is None else json.loads(old[2])
        if old is not None and before is not None and old[1] == Kind.SPAN:
            self._unfile(row_of(event.actor, n, event.key, old[0], before))
            self._use(identities.row_of(event.actor, before), -1)
        if gone_body:  # nothing is counted of an article that was withdrawn
            return
        now = self._tally(event.actor, n)
        if old is not None and before is not None:
            now.count((*place, old[0], old[1], before), -1)
        now.count((*place, event.id, event.kind.value, body))
        if event.kind is Kind.SPAN:
            self._file(row_of(event.actor, n, event.key, event.id, body))
            self._use(identities.row_of(event.actor, body), 1)

    def flush(self) -> None:
        """Write what changed."""
        # in the order of the tables, so that a large flush goes through them once
        rows = ((*place, *head) for place, head in sorted(self._heads.items()))
        self._conn.later(_HEAD, rows)
        for row in self._unfiled:
            precedents.remove(self._conn, row)
        precedents.fill(self._conn, [self._filed[key] for key in sorted(self._filed)])
        for row, uses in self._uses.items():
            for _ in range(-uses):
                identities.remove(self._conn, row)
        identities.fill(self._conn, {row: uses for row, uses in self._uses.items() if uses > 0})
        rows = ((*place, *now.row()) for place, now in sorted(self._tallies.items(), key=_place))
        self._conn.later(_WORK, rows)
        for article, n in self._gone.items():
            gone.refresh(self._conn, article, n)
        for kept in (
            self._heads,
            self._tallies,
            self._filed,
            self._unfiled,
            self._uses,
            self._gone,
            self._stand,
            self._counted,
        ):
            kept.clear()

    def _head(self, place: Place) -> tuple[str, str, str | None] | None:
        """Event, kind and body of what stands now."""
        found = self._heads.get(place)
        if found is not None:
            return found
        if place in self._stand:
            return self._stand[place]
        asked: tuple[str, str, str | None] | None = self._conn.execute(OLD, place).fetchone()
        return asked

    def _file(self, row: Row | None) -> None:
        if row is not None:
            self._filed[row[:5]] = row

    def _unfile(self, row: Row | None) -> None:
        if row is not None and self._filed.pop(row[:5], None) is None:
            self._unfiled.append(row)

    def _use(self, row: Row | None, number: int) -> None:
        if row is not None:
            self._uses[row] += number

    def _tally(self, actor: str, n: int) -> Tally:
        found = self._tallies.get((actor, n))
        if found is None and (actor, n) in self._counted:
            found = self._tallies[actor, n] = self._counted.pop((actor, n))
        elif found is None:
            row = self._conn.execute(READ, (actor, n)).fetchone()
            found = self._tallies[actor, n] = Tally() if row is None else Tally.of(row)
        return found
