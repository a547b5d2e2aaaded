"""From an act to events in the file, within one transaction: the writer's bookkeeping."""

import json
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from annotator.model.annotation import Kind, valid_name
from annotator.model.errors import AnnotatorError
from annotator.model.event import Act, Clock, Draft, Event, canonical, chain_hash
from annotator.store import conflicts, gone, log
from annotator.store.engine import Connection
from annotator.store.everybody import NEWEST, Shared
from annotator.store.heads import OLD, READ, Fold
from annotator.store.precedents import form_of
from annotator.store.proof import broken_quote
from annotator.store.works import IDLE

_ARTICLE = "SELECT a.n, t.text FROM article a JOIN article_text t ON t.n = a.n WHERE a.id = ?"
_SIZE = "SELECT n, chars FROM article WHERE id = ?"
_STANDS = "SELECT event FROM head WHERE article = ? AND actor = ? AND key = ?"
_STRICT = json.JSONEncoder(ensure_ascii=False, allow_nan=False)
_TOLD = """SELECT id, body FROM event WHERE writer = ? AND kind = 'session'
           ORDER BY seq DESC LIMIT 1"""
_LAST = "SELECT seq, hash FROM event WHERE writer = ? ORDER BY seq DESC LIMIT 1"


class RefusedError(AnnotatorError):
    """An act that can never be saved in this project, whatever the disk does."""


@dataclass(slots=True)
class Chain:
    """One process start: its writer id and how far its chain of events has got."""

    session: Callable[[], Mapping[str, Any]]
    """Gives the body of the session event that precedes the first act, and any act before which it
    has become another: the process has learnt of another scheme or other guidelines."""
    clock: Clock = field(default_factory=Clock)
    writer: str = field(default_factory=lambda: str(uuid.uuid4()))
    seq: int = 0
    last: str = ""
    """Hash of the newest event."""
    written: dict[tuple[str, str, str], str] = field(default_factory=dict)
    """For each annotator, article and key this process wrote: the id of its newest event."""
    newest: str = ""
    """Id of the newest event."""
    told: tuple[str, Mapping[str, Any]] | None = None
    """Id and body of the newest session event; None before the first."""
    doubtful: bool = False
    """A commit failed: whether it took effect must be read from the file."""
    _article: tuple[str, int, str] = ("", 0, "")
    _asked: str = ""
    """The article whose text was asked for in this act."""

    def save(self, conn: Connection, act: Act, actor: str, by: str = "") -> tuple[Event, ...]:
        """Append an act's events and bring the caches up to date; call `advance` after the commit.

        An act that is in the log already is not written again. `by` is who began this process,
        when that is somebody else than the actor.

        Raises:
            RefusedError: the act can never be saved: unknown article, offsets that do not hold ...
        """
        _check(act, actor)
        if self.doubtful:
            self._read_back(conn)
        conn.ahead(self._questions(act, actor))
        saved = log.of_act(conn, act.id)
        if saved:
            return saved
        self.clock.seen(log.newest_id(conn))
        events: list[Event] = []
        session = self.session()
        if self.told is None or self.told[1] != session:
            draft = Draft(Kind.SESSION, f"session:{self.writer}", "", session)
            base = self.told[0] if self.told else ""
            events.append(self._event(Act("session", ()), draft, by or actor, base, events))
        self._asked = ""
        fold = Fold(conn)
        own: dict[tuple[str, str], str] = {}
        for draft in act.drafts:
            n = self._number(conn, draft)
            place = (draft.article, draft.key)
            base = own.get(place) or self._base(conn, draft, actor)
            whole = conflicts.marked(conn, act, draft, actor)
            events.append(self._event(whole, draft, actor, base, events))
            own[place] = events[-1].id
            fold.apply(events[-1], n)
        log.insert(conn, events)
        fold.flush()
        return tuple(events)

    def advance(self, events: tuple[Event, ...]) -> tuple[Event, ...]:
        """Take note that these events are durable; gives those of the act."""
        self.step(events)
        for event in events:
            self.written[event.actor, event.article, event.key] = event.id
        return tuple(event for event in events if event.kind is not Kind.SESSION)

    def step(self, events: tuple[Event, ...]) -> None:
        """Go on behind these events in the same transaction, whose failure makes this doubtful."""
        for event in events:
            if event.writer == self.writer and event.seq > self.seq:
                self.seq, self.last, self.newest = event.seq, event.hash, event.id
                if event.kind is Kind.SESSION and event.body is not None:
                    self.told = event.id, event.body

    def _questions(self, act: Act, actor: str) -> Iterator[tuple[str | Shared, tuple[Any, ...]]]:
        """What `save` will ask of the project, as far as can be told."""
        yield log.OF_ACT, (act.id,)
        yield NEWEST, ()
        for draft in act.drafts:
            place = (draft.article, actor, draft.key)
            yield conflicts.OPEN, place
            yield OLD, place
            if draft.article:
                yield _SIZE, (draft.article,)
            if draft.article == self._article[0] and draft.kind not in IDLE:
                yield READ, (actor, self._article[1])

    def rooted(self, act: Act, actor: str) -> Act:
        """An act whose drafts name the versions they build on, as far as this process wrote them."""
        drafts = tuple(
            draft._replace(
                base=max(draft.base, self.written.get((actor, draft.article, draft.key), ""))
            )
            for draft in act.drafts
        )
        return replace(act, drafts=drafts)

    def _read_back(self, conn: Connection) -> None:
        row = conn.execute(_LAST, (self.writer,)).fetchone()
        self.seq, self.last = row or (0, "")
        told = conn.execute(_TOLD, (self.writer,)).fetchone()
        self.told = None if told is None else (told[0], json.loads(told[1]))
        self.doubtful = False

    def prepare(self, conn: Connection, article: str, text: str) -> None:
        """Have an article at hand, its text as read from this project, before the first act on it."""
        form_of("A")  # what it takes is loaded now
        row = conn.execute(_SIZE, (article,)).fetchone()
        if row and row[1] == len(text):
            self._article = (article, row[0], text)

    def _number(self, conn: Connection, draft: Draft) -> int | None:
        """The article's number, after proving the draft's offsets against its text."""
        if not draft.article:
            return None
        if self._asked != draft.article:
            self._stands(conn, draft)
        if self._article[0] != draft.article:
            row = conn.execute(_ARTICLE, (draft.article,)).fetchone()
            if row is None:
                raise RefusedError(f"There is no article {draft.article!r} in this project.")
            self._article = (draft.article, *row)
        where = broken_quote(draft.body, self._article[2])
        if where:
            raise RefusedError(
                f"Offsets {where} of {draft.key} do not cut what it quotes out of article "
                f"{draft.article!r}; nothing was saved."
            )
        return self._article[1]

    def _stands(self, conn: Connection, draft: Draft) -> None:
        """Refuse what is about an article that was withdrawn, perhaps while it was on screen."""
        self._asked = draft.article
        row = conn.execute(_SIZE, (draft.article,)).fetchone()
        if row and not row[1] and draft.kind is not Kind.WITHDRAWAL:
            found = gone.withdrawal(conn, draft.article)
            told = found.sentence if found else f"Article {draft.article!r} has no text."
            raise RefusedError(f"{told} Nothing was saved.")
        if not row or row[1] != len(self._article[2]):
            self._article = ("", 0, "")

    def _event(self, act: Act, draft: Draft, actor: str, base: str, before: list[Event]) -> Event:
        """The event for a draft, chained to the newest of `before` or of this writer."""
        body = draft.body
        values = (self.clock.next(), self.writer, self.seq + len(before) + 1, actor, draft.article,
                  draft.key, base, act.id, act.verb, act.of)  # fmt: skip
        previous = before[-1].hash if before else self.last
        digest = chain_hash(previous, (*values, draft.kind.value, canonical(body)))
        return Event(*values, draft.kind, body, digest)

    def _base(self, conn: Connection, draft: Draft, actor: str) -> str:
        """The version a draft builds on: the screen's, or a newer one of this very process.

        A second key press may be made before the first one's id is known to the screen. No screen
        holds the versions of rules, so theirs is the one that stands.
        """
        base = max(draft.base, self.written.get((actor, draft.article, draft.key), ""))
        if base or draft.kind is not Kind.RULE:
            return base
        row = conn.execute(_STANDS, (draft.article, actor, draft.key)).fetchone()
        return row[0] if row else ""


def _check(act: Act, actor: str) -> None:
    """Raises RefusedError when an act can never be stored."""
    try:
        valid_name(actor)
        for draft in act.drafts:
            body = _STRICT.encode(draft.body)
            names = draft.key + draft.article + act.verb + act.of + act.id
            (body + names).encode("utf-8")
            if "\0" in names or "\\u0000" in body:
                raise RefusedError(f"{draft.key!r} holds a NUL character and cannot be saved.")
    except RefusedError:
        raise
    except AnnotatorError as error:
        raise RefusedError(str(error)) from error
    except (TypeError, ValueError, RecursionError) as error:
        raise RefusedError(f"What was decided cannot be stored as JSON: {error}.") from error
