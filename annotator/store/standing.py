"""What holds of things that several people may set: of each key the newest event, whoever made it."""

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
    last = prefix[:-1] + chr(ord(prefix[-1]) + 1)
    params = {"article": article, "first": prefix, "last": last}
    newest: dict[str, Row] = {row[0]: row for row in reader.rows(_SQL, params)}
    return [
        (key, event, actor, json.loads(body))
        for key, event, actor, body in sorted(newest.values())
        if body is not None
    ]
