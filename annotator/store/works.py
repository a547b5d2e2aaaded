"""One annotator's current decisions on one article, from their heads."""

import gc
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from annotator.model.annotation import (
    Kind,
    Note,
    Rejection,
    Rule,
    Span,
    Stance,
    State,
    Status,
    Work,
    sort_spans,
)
from annotator.model.errors import reading_of
from annotator.model.event import Act
from annotator.model.spent import Spent
from annotator.store.engine import Row
from annotator.store.reader import Reader

STANCES, NOTES, FLAGS = "/stance", "/note", "/flag"
"""Names in `work.counts` beside the span layers' (which hold no slash)."""
LEADING = (Kind.SLOT, Kind.POOL, Kind.DECISION, Kind.RELEASE, Kind.WITHDRAWAL, Kind.SUCCESSOR)
"""Kinds about an article that come from who leads the work: part of nobody's annotations."""
FOREIGN = (Kind.SUGGESTION, Kind.SHOWN, *LEADING)
FOREIGN_SQL = ",".join(f"'{kind}'" for kind in FOREIGN)
"""Kinds that are no part of the work of the one they are filed under."""
IDLE = (Kind.TIME, *FOREIGN)
"""Kinds that annotate nothing: whoever has nothing else on an article has not begun it."""
IDLE_SQL = ",".join(f"'{kind}'" for kind in IDLE)

_OWN = "SELECT key, event, kind, body FROM head WHERE article = :article AND actor = :actor"
# suggestions, and what was shown of them, may be many and are no work: the rows on all sides of theirs
_HEADS = f"""{_OWN} AND key < '{Kind.SHOWN}:' UNION ALL
             {_OWN} AND key >= '{Kind.SHOWN};' AND key < '{Kind.SUGGESTION}:' UNION ALL
             {_OWN} AND key >= '{Kind.SUGGESTION};'"""


def work(reader: Reader, article: str, actor: str) -> Work:
    """The decisions of `actor` on the article; an empty `Work` when there are none."""
    with no_collection():
        rows = heads(reader, article, actor)
        return of_heads(article, actor, rows, bodies(rows))


def heads(reader: Reader, article: str, actor: str) -> list[Row]:
    """The rows that `actor`'s work on the article is made of: key, event, kind and body."""
    return reader.rows(_HEADS, {"article": article, "actor": actor})


def after(article: str, actor: str, rows: Iterable[Row], acts: Iterable[Act]) -> Work:
    """The work in rows of `heads` once these acts of the annotator are saved as well, in their order.

    What they change keeps the version it has in the rows.
    """
    kept = list(rows)
    found = dict(zip((row[0] for row in kept), zip(kept, bodies(kept), strict=True), strict=True))
    for draft in (draft for act in acts for draft in act.drafts if draft.article == article):
        event = found[draft.key][0][1] if draft.key in found else draft.base
        body = None if draft.body is None else dict(draft.body)
        found[draft.key] = (draft.key, event, draft.kind.value, None), body
    both = [found[key] for key in sorted(found)]
    return of_heads(article, actor, [row for row, _ in both], [body for _, body in both])


@contextmanager
def no_collection() -> Iterator[None]:
    """No garbage collection in the block: ten thousand new values would set it off in vain."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def works(reader: Reader, article: str) -> tuple[Work, ...]:
    """The decisions of everybody who worked on the article, sorted by annotator."""
    by_actor: dict[str, list[Row]] = {}
    sql = f"""SELECT actor, key, event, kind, body FROM head WHERE article = ?
              AND kind NOT IN ({FOREIGN_SQL}) ORDER BY actor, key"""
    for row in reader.rows(sql, (article,)):
        by_actor.setdefault(row[0], []).append(row[1:])
    return tuple(of_heads(article, name, rows, bodies(rows)) for name, rows in by_actor.items())


def bodies(rows: list[Row]) -> list[dict[str, Any] | None]:
    """The bodies of rows of key, event, kind and body; None for what was removed."""
    # one parse for all is several times faster than one each
    parsed: list[dict[str, Any] | None] = json.loads(
        "[" + ",".join(row[3] or "null" for row in rows) + "]"
    )
    return parsed


def of_heads(
    article: str, actor: str, rows: list[Row], values: list[dict[str, Any] | None]
) -> Work:
    """The work in rows of key, event, kind and body, with their bodies as values.

    Suggestions and what leads decide among them, which are nobody's work, are passed over.

    Raises:
        AnnotatorError: a body makes no sense, as one written by another program may.
    """
    with reading_of(actor, article):
        return _of_heads(article, actor, rows, values)


def _of_heads(
    article: str, actor: str, rows: list[Row], values: list[dict[str, Any] | None]
) -> Work:
    found: dict[str, list[tuple[str, dict[str, Any]]]] = {kind.value: [] for kind in Kind}
    for (key, _, kind, _), body in zip(rows, values, strict=True):
        if body is not None:
            found[kind].append((key, body))
    status = [Status.of(body) for _, body in found[Kind.STATUS]]
    stances = (Stance.of(body) for _, body in found[Kind.STANCE])
    begun = any(row[2] not in IDLE for row in rows)
    return Work(
        article,
        actor,
        sort_spans([Span.of(key, body) for key, body in found[Kind.SPAN]]),
        tuple(sorted(stances, key=lambda s: (s.target.ref, s.holder.ref))),
        frozenset(key.split(":", 2)[1] for key, _ in found[Kind.LOOKED]),
        tuple(sorted((Note.of(key, body) for key, body in found[Kind.NOTE]), key=_note_place)),
        status[-1] if status else Status(State.STARTED if begun else State.NEW),
        {row[0]: row[1] for row in rows if row[2] not in FOREIGN},
        _rejections(body for _, body in found[Kind.REJECTION]),
        Spent.of(next((body for _, body in found[Kind.TIME]), None)),
    )


def rules(reader: Reader, actor: str) -> tuple[Rule, ...]:
    """The rules of an annotator that stand, oldest first."""
    sql = """SELECT body FROM head WHERE article = '' AND actor = ? AND key >= 'rule:'
             AND key < 'rule;' AND kind = ? AND body IS NOT NULL ORDER BY event"""
    rows = reader.rows(sql, (actor, Kind.RULE.value))
    return tuple(Rule.of(json.loads(body)) for (body,) in rows)


def _rejections(found: Iterable[dict[str, Any]]) -> tuple[Rejection, ...]:
    made = map(Rejection.of, found)
    return tuple(sorted(made, key=lambda r: (r.start, r.end, r.layer)))


def _note_place(note: Note) -> tuple[int, int, str]:
    """Notes on the whole article first, then by place."""
    start, end = note.start, note.end
    return (-1 if start is None else start, -1 if end is None else end, note.id)
