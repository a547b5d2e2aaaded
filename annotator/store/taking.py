"""Decisions that come in from a file: each annotator's work on an article as one act of theirs.

The act's id is made from what it says, so the same version of somebody's work is written once,
whatever came after it. A newer version replaces what an earlier import brought; where the annotator
worked on the article in this very project, that work stays.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from annotator.model.annotation import Kind, State, Status, Work, looked_key
from annotator.model.errors import AnnotatorError
from annotator.model.event import Act, Draft, canonical
from annotator.store import log
from annotator.store.engine import Connection, Row
from annotator.store.saving import Chain, RefusedError
from annotator.store.works import IDLE_SQL

VERB = "import"
"""The verb of these acts."""

_HEADS = f"""SELECT h.key, h.kind, h.event, h.body, e.verb FROM head h JOIN event e ON e.id = h.event
             WHERE h.article = ? AND h.actor = ? AND h.kind NOT IN ({IDLE_SQL}) ORDER BY h.key"""

Things = dict[str, tuple[Kind, Mapping[str, Any] | None]]
"""What somebody decided: by key its kind and body."""


class Fate(StrEnum):
    """What became of somebody's work on an article."""

    TAKEN = "taken"
    UNCHANGED = "unchanged"
    """It is here already, or this version of it was; nothing was written."""
    DIFFERS = "differs"
    """The annotator worked on the article in this project and came to something else, which stays."""
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Offered:
    """Somebody's work on an article, from a file."""

    article: str
    """The article's id in this project."""
    text: str
    work: Work
    layers: frozenset[str] | None = None
    """The layers the file speaks of, when it says nothing of the others: these stay as they are.
    None for a file of all the annotator decided."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of it."""

    article: str
    actor: str
    fate: Fate
    reason: str = ""
    """Why it was refused."""


def take(conn: Connection, chain: Chain, offered: Iterable[Offered], by: str) -> list[Taken]:
    """Write works; the caller holds lock and transaction, and marks the chain doubtful on failure.

    `by` is who imports; the acts are those of the works' own annotators.
    """
    return [_take(conn, chain, each, by) for each in offered]


def _take(conn: Connection, chain: Chain, offered: Offered, by: str) -> Taken:
    article, actor = offered.article, offered.work.actor
    try:
        things = decided(offered)
        act_id = _version(article, actor, things)
        heads = conn.execute(_HEADS, (article, actor)).fetchall()
        if offered.layers is None:
            heads = _without_rejections(things, heads)
        else:
            things, heads = _of_layers(things, heads, offered.layers)
        drafts = _drafts(article, things, heads)
        if not drafts or log.of_act(conn, act_id):
            return Taken(article, actor, Fate.UNCHANGED)
        if any(verb != VERB for *_, verb in heads):
            return Taken(article, actor, Fate.DIFFERS)
        _save(conn, chain, Act(VERB, drafts, id=act_id), actor, by)
    except AnnotatorError as error:
        return Taken(article, actor, Fate.REFUSED, str(error))
    return Taken(article, actor, Fate.TAKEN)


def _save(conn: Connection, chain: Chain, act: Act, actor: str, by: str) -> None:
    """Write one act of many; one that is refused leaves the others as they are."""
    conn.execute("SAVEPOINT work")
    try:
        chain.step(chain.save(conn, act, actor, by))
    except RefusedError:
        conn.execute("ROLLBACK TO work")
        raise
    finally:
        if conn.in_transaction:  # SQLite itself rolls back on a full disk
            conn.execute("RELEASE work")


def decided(offered: Offered) -> Things:
    """Everything a work says, as the log keeps it; raises AnnotatorError on bad offsets."""
    article, text, work = offered.article, offered.text, offered.work
    things: Things = {span.key: (Kind.SPAN, span.body(text)) for span in work.spans}
    for stance in work.stances:
        things[stance.key(work.actor, article)] = (Kind.STANCE, stance.body(text))
    for layer in work.looked:
        things[looked_key(work.actor, article, layer)] = (Kind.LOOKED, {"layer": layer})
    for note in work.notes:
        things[note.key] = (Kind.NOTE, note.body(text))
    if work.status.state not in (State.NEW, State.STARTED):
        things[Status.key(work.actor, article)] = (Kind.STATUS, work.status.body())
    elif not things and work.status.state is State.STARTED:
        # nothing stands any more, but the annotator began: a removed status says so
        things[Status.key(work.actor, article)] = (Kind.STATUS, None)
    return things


def _version(article: str, actor: str, things: Things) -> str:
    """The id of the act that brings exactly this: 16 hexadecimal digits."""
    bodies = {key: body for key, (_, body) in things.items()}
    line = canonical({"article": article, "actor": actor, "things": bodies})
    return hashlib.sha256(line.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _without_rejections(things: Things, heads: list[Row]) -> list[Row]:
    """The heads that a file speaks of: it brings no rejections, so those that are here stay.

    They say by themselves that the annotator began, which a removed status then need not.
    """
    kept = [head for head in heads if head[1] != Kind.REJECTION]
    if len(kept) < len(heads):
        for key in [key for key, (_, body) in things.items() if body is None]:
            del things[key]
    return kept


def _of_layers(
    things: Things, heads: list[Row], layers: frozenset[str]
) -> tuple[Things, list[Row]]:
    """The part of a work, and of what is here, that is about some layers of spans.

    A status goes in only where nothing is here yet: a file about one layer finishes no article that
    somebody works on.
    """
    kept: Things = {
        key: (kind, body)
        for key, (kind, body) in things.items()
        if body is not None and (kind is not Kind.STATUS or not heads)
    }
    about = [head for head in heads if head[0] in kept or _layer(head) in layers]
    return kept, about


def _layer(head: Row) -> str:
    """The layer a head is about: of spans that stand, and of layers looked at; "" for others."""
    key, kind, _, body, _ = head
    if kind == Kind.LOOKED:
        return str(key.split(":", 2)[1])
    return str(json.loads(body).get("layer", "")) if kind == Kind.SPAN and body else ""


def _drafts(article: str, things: Things, heads: list[Row]) -> tuple[Draft, ...]:
    """What has to be written so that the heads say what the work says."""
    now = {key: (Kind(kind), event, body) for key, kind, event, body, _ in heads}
    drafts = [
        Draft(kind, key, article, body, now[key][1] if key in now else "")
        for key, (kind, body) in things.items()
        if key not in now or now[key][2] != _stored(body)
    ]
    gone = [
        Draft(kind, key, article, None, event)
        for key, (kind, event, body) in now.items()
        if key not in things and body is not None
    ]
    return (*drafts, *gone)


def _stored(body: Mapping[str, Any] | None) -> str | None:
    return None if body is None else canonical(body)
