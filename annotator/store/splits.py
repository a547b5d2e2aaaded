"""The splits of the articles: heads without an article, one key an article, the newest event holds.

They are no decisions about a text: no article is begun by them, no screen shows them and undo does
not reach them. An article that has a split keeps it.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

from annotator.model.annotation import Kind
from annotator.model.errors import AnnotatorError
from annotator.model.event import Act, Draft
from annotator.model.split import PREFIX, Assigned, valid_split
from annotator.store.engine import Connection, Row
from annotator.store.reader import Reader

if TYPE_CHECKING:
    from annotator.store.saving import Chain
    from annotator.store.writer import Writer

VERB = "splits"
"""The verb of these acts ("split" is what cuts a span in two at the desk)."""
SETTINGS_KEY = "splits"
"""The key of how the project was split last, which is how its next articles are split."""
BATCH = 500
"""Articles in one act, and in one query."""

_END = PREFIX[:-1] + chr(ord(PREFIX[-1]) + 1)
# one step of the index for each annotator, however many heads they have
_ACTORS = """WITH RECURSIVE known(actor) AS (
                 SELECT min(actor) FROM head WHERE article = '' UNION ALL
                 SELECT (SELECT min(actor) FROM head WHERE article = '' AND actor > known.actor)
                 FROM known WHERE known.actor IS NOT NULL)
             SELECT actor FROM known WHERE actor IS NOT NULL"""
_COLUMNS = "SELECT key, event, body FROM head WHERE article = '' AND actor = ?"
_ALL = f"{_COLUMNS} AND key > ? AND key < '{_END}' ORDER BY key LIMIT ?"

Rows = Callable[[str, Sequence[Any]], list[Row]]
"""Runs a query."""
Heads = dict[str, tuple[str, str | None]]
"""By key the newest event, whoever wrote it, and its body as JSON."""


def splits(reader: Reader, ids: Iterable[str] | None = None) -> dict[str, str]:
    """The splits of some articles, or of all, by id; articles without one are left out."""
    return {name: each.split for name, each in assigned(reader, ids).items()}


def assigned(reader: Reader, ids: Iterable[str] | None = None) -> dict[str, Assigned]:
    """The same, with what each article was kept together with."""
    rows = _every(reader) if ids is None else _of(reader.rows, ids)
    standing = {key: Assigned.of(key, json.loads(body)) for key, (_, body) in rows.items() if body}
    return {each.article: each for each in standing.values()}


def settings(reader: Reader) -> dict[str, Any]:
    """How the project was split last; {} when it never was."""
    _, body = _standing(reader.rows, [SETTINGS_KEY]).get(SETTINGS_KEY, ("", None))
    found: dict[str, Any] = json.loads(body) if body else {}
    return found


def assign(
    writer: "Writer",
    wanted: Iterable[Assigned],
    actor: str,
    settings: Mapping[str, Any] | None = None,
    saved: Callable[[int], object] = int,
) -> int:
    """Give articles a split, `BATCH` in a transaction; how many had none before.

    Args:
        writer: the project's.
        wanted: the articles; those that have a split keep the one they have.
        actor: who does it.
        settings: how it was decided, to be remembered.
        saved: called with the number of articles of each transaction, once it is durable.

    Raises:
        AnnotatorError: no such article, or a name that cannot be a split's.
    """
    if settings is not None:
        writer.write(partial(_remember, body=settings, actor=actor))
    number = 0
    rest = iter(wanted)
    while batch := list(islice(rest, BATCH)):
        number += writer.write(partial(_assign, batch=batch, actor=actor))
        saved(len(batch))
    return number


def _remember(conn: Connection, chain: "Chain", body: Mapping[str, Any], actor: str) -> None:
    """Keep how the project is split, when that is news."""
    event, now = _standing(_rows(conn), [SETTINGS_KEY]).get(SETTINGS_KEY, ("", None))
    if now is None or json.loads(now) != body:
        draft = Draft(Kind.SPLIT, SETTINGS_KEY, "", body, event)
        chain.step(chain.save(conn, Act(VERB, (draft,)), actor))


def _assign(conn: Connection, chain: "Chain", batch: list[Assigned], actor: str) -> int:
    """Write those of a batch that have no split."""
    rows = _rows(conn)
    new = {each.article: each for each in reversed(batch)}
    marks = _marks(new)
    found = rows(f"SELECT id FROM article WHERE id IN ({marks})", [*new])
    known = {name for (name,) in found}
    for name in new:
        if name not in known:
            raise AnnotatorError(f"There is no article {name!r} in this project.")
    heads = _of(rows, new)
    drafts = []
    for name in sorted(new):
        event, body = heads.get(new[name].key, ("", None))
        if body is None:
            valid_split(new[name].split)
            drafts.append(Draft(Kind.SPLIT, new[name].key, "", new[name].body(), event))
    if drafts:
        chain.step(chain.save(conn, Act(VERB, tuple(drafts)), actor))
    return len(drafts)


def _every(reader: Reader) -> Heads:
    found: Heads = {}
    for (actor,) in reader.rows(_ACTORS):
        _newest(found, reader.pages(_ALL, (PREFIX,), fixed=(actor,)))
    return found


def _of(rows: Rows, ids: Iterable[str]) -> Heads:
    found: Heads = {}
    rest = iter(ids)
    while batch := list(islice(rest, BATCH)):
        found.update(_standing(rows, [PREFIX + name for name in batch]))
    return found


def _standing(rows: Rows, keys: list[str]) -> Heads:
    found: Heads = {}
    marks = _marks(keys)
    for (actor,) in rows(_ACTORS, ()):
        _newest(found, rows(f"{_COLUMNS} AND key IN ({marks})", (actor, *keys)))
    return found


def _newest(found: Heads, rows: Iterable[Row]) -> None:
    for key, event, body in rows:
        if key not in found or found[key][0] < event:
            found[key] = (event, body)


def _rows(conn: Connection) -> Rows:
    return lambda sql, params: conn.execute(sql, params).fetchall()


def _marks(values: Iterable[object]) -> str:
    return ",".join("?" for _ in values)
