"""Are the precedents those of the spans that stand? Asked in both directions, a moment at a time."""

from collections.abc import Iterator
from itertools import chain

from annotator.store import precedents
from annotator.store.engine import Row
from annotator.store.problems import Problem, error
from annotator.store.reader import Reader

_PORTION = 100
_MISSING = """WITH j (layer, form, label, event, key) AS (VALUES {rows})
              SELECT count(*) FROM j
              WHERE EXISTS (SELECT 1 FROM head h WHERE h.article = ? AND h.actor = ?
                            AND h.key = j.key AND h.event = j.event)
              AND NOT EXISTS (SELECT 1 FROM precedent p WHERE p.actor = ?
                              AND p.layer = j.layer AND p.form = j.form
                              AND p.label = j.label AND p.event = j.event
                              AND p.n = ? AND p.key = j.key)"""
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
    found = 0
    for at in range(0, len(rows), _PORTION):
        some = [(*row[1:5], row[6]) for row in rows[at : at + _PORTION]]
        sql = _MISSING.format(rows=",".join(["(?,?,?,?,?)"] * len(some)))
        found += reader.value(sql, (*chain.from_iterable(some), article, actor, actor, n))
    return found


def check_precedents(reader: Reader) -> Iterator[Problem]:
    """Every precedent against the span it speaks of."""
    wrong = 0
    for *row, kind, body in reader.pages(_FILED, ("",) * 5):
        actor, _, _, _, event, n, key = row
        head = ("", actor, key, event, kind, body)
        wrong += body is None or precedents.of_heads(n, [head]) != [tuple(row)]
    if wrong:
        yield error("precedents", f"{wrong} are not what the log says; rebuild them.")
