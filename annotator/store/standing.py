"""What holds of things that several people may set.

Of people, rounds, guidelines and the like there is one of each, which anybody may change or remove: the
newest event of a key holds, whoever made it (`standing`). Decisions on items are opinions of those who
made them: who takes theirs back takes away nothing but it, so that what another had decided holds
again (`opinions`). Both are functions of everybody's heads, and so of the set of events alone.
"""

import json
from typing import Any

from annotator.store.engine import Row
from annotator.store.reader import Reader

# one step of the index for each annotator, however many heads they have
_SQL = """WITH RECURSIVE known(actor) AS (
              SELECT min(actor) FROM head WHERE article = :article UNION ALL
              SELECT (SELECT min(actor) FROM head WHERE article = :article AND actor > known.actor)
              FROM known WHERE known.actor IS NOT NULL)
          SELECT h.key, h.event, h.actor, h.body FROM known CROSS JOIN head h
          ON h.article = :article AND h.actor = known.actor AND h.key >= :first AND h.key < :last
          ORDER BY h.event"""

Standing = tuple[str, str, str, dict[str, Any]]
"""Key, event, actor and body."""


def standing(reader: Reader, article: str, prefix: str) -> list[Standing]:
    """The things of an article ("" for the project's) whose keys begin so, sorted by key.

    What its newest event removed is left out.
    """
    newest: dict[str, Row] = {row[0]: row for row in _heads(reader, article, prefix)}
    return [
        (key, event, actor, json.loads(body))
        for key, event, actor, body in sorted(newest.values())
        if body is not None
    ]


def opinions(reader: Reader, article: str, prefix: str) -> dict[str, list[Standing]]:
    """By key, sorted, what everybody says of it now, oldest first; who took theirs back says nothing."""
    found: dict[str, list[Standing]] = {}
    for key, event, actor, body in _heads(reader, article, prefix):
        if body is not None:
            found.setdefault(key, []).append((key, event, actor, json.loads(body)))
    return dict(sorted(found.items()))


def _heads(reader: Reader, article: str, prefix: str) -> list[Row]:
    """Everybody's heads of the keys that begin so, oldest first."""
    last = prefix[:-1] + chr(ord(prefix[-1]) + 1)
    return reader.rows(_SQL, {"article": article, "first": prefix, "last": last})
