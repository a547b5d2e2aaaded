"""Are the precedents those of the spans that stand? Asked in both directions, a moment at a time."""

import json
from collections.abc import Iterator

from annotator.store import precedents
from annotator.store.engine import Row
from annotator.store.problems import Problem, error
from annotator.store.reader import Reader

_MISSING = """SELECT count(*) FROM json_each(?4) j
              WHERE EXISTS (SELECT 1 FROM head h WHERE h.article = ?1 AND h.actor = ?2
                            AND h.key = j.value ->> 6 AND h.event = j.value ->> 4)
              AND NOT EXISTS (SELECT 1 FROM precedent p WHERE p.actor = ?2
                              AND p.layer = j.value ->> 1 AND p.form = j.value ->> 2
                              AND p.label = j.value ->> 3 AND p.event = j.value ->> 4
                              AND p.n = ?3 AND p.key = j.value ->> 6)"""
_FILED = """SELECT p.actor, p.layer, p.form, p.label, p.event, p.n, p.key, h.kind, h.body
            FROM precedent p LEFT JOIN article a ON a.n = p.n
            LEFT JOIN head h ON h.article = a.id AND h.actor = p.actor AND h.key = p.key
                             AND h.event = p.event
            WHERE (p.actor, p.layer, p.form, p.label, p.event) > (?,?,?,?,?)
            ORDER BY p.actor, p.layer, p.form, p.label, p.event LIMIT ?"""


def missing(reader: Reader, article: str, actor: str, heads: list[Row]) -> int:
    """How many spans among heads (key, event, kind, body) should be filed and are not.

    A span that was changed since the heads were read does not count.
    """
    n = reader.value("SELECT n FROM article WHERE id = ?", (article,))
    if n is None:
        return 0
    rows = precedents.of_heads(n, [(article, actor, *head[:4]) for head in heads])
    return int(reader.value(_MISSING, (article, actor, n, json.dumps(rows)))) if rows else 0


def check_precedents(reader: Reader) -> Iterator[Problem]:
    """Every precedent against the span it speaks of."""
    wrong = 0
    for *row, kind, body in reader.pages(_FILED, ("",) * 5):
        actor, _, _, _, event, n, key = row
        head = ("", actor, key, event, kind, body)
        wrong += body is None or precedents.of_heads(n, [head]) != [tuple(row)]
    if wrong:
        yield error("precedents", f"{wrong} are not what the log says; rebuild them.")
