"""What suggesters find in articles, kept for one annotator: a cache that may be emptied at any time.

A row holds all that one source guesses in one layer of an article. A row that cannot be read is taken
for none: the next time the suggester looks at the article it is written anew.
"""

import json
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from annotator.model.errors import AnnotatorError
from annotator.model.spent import NOTHING
from annotator.model.suggestion import Suggestion, valid_source
from annotator.store.engine import Connection, Row
from annotator.store.reader import Reader

if TYPE_CHECKING:
    from annotator.store.coaching import Guessed

_PORTION = 200
_KEPT = """SELECT a.id, g.n, g.layer, g.source, g.version, g.doubt FROM article a
           CROSS JOIN guess g ON g.n = a.n AND g.actor = ? WHERE a.id IN ({marks})
           ORDER BY g.n, g.layer, g.source"""
_SIZE = "SELECT n, chars FROM article WHERE id = ?"
_PUT = """INSERT INTO guess (n, actor, layer, source, version, doubt, body)
          VALUES (?,?,?,?,?,?,?) ON CONFLICT (n, actor, layer, source) DO UPDATE SET
          version = excluded.version, doubt = excluded.doubt, body = excluded.body"""
_BODY = json.JSONEncoder(separators=(",", ":"), allow_nan=False)


def kept(reader: Reader, actor: str, articles: Iterable[str]) -> "dict[str, list[Guessed]]":
    """What is kept of guesses in articles, see `Coaching.guessed`."""
    from annotator.store.coaching import Guessed

    found: dict[str, list[Guessed]] = {}
    rest = iter(articles)
    while some := list(islice(rest, _PORTION)):
        sql = _KEPT.format(marks=",".join("?" * len(some)))
        for article, *row in reader.rows(sql, (actor, *some)):
            found.setdefault(article, []).append(Guessed(*row))
    return found


def read(rows: Iterable[Row]) -> Iterator[Suggestion]:
    """The suggestions in rows of `suggestions.FOUND`; what is damaged is passed over."""
    for layer, source, version, body in rows:
        try:
            yield from [_suggestion(layer, source, version, each) for each in json.loads(body)]
        except (ValueError, TypeError):
            continue


def is_sound(row: Row, chars: int) -> bool:
    """Whether a row of layer, source, version and body can be read and lies in a text so long."""
    layer, source, version, body = row
    try:
        found = [_suggestion(layer, source, version, each) for each in json.loads(body)]
        return all(0 <= each.start < each.end <= chars for each in found)
    except (ValueError, TypeError):
        return False


def tidy(conn: Connection) -> None:
    """Forget what cannot be read or is about no article of the project; within a transaction."""
    sql = """SELECT g.n, g.actor, g.layer, g.source, g.version, g.body, coalesce(a.chars, 0)
             FROM guess g LEFT JOIN article a ON a.n = g.n"""
    rows = conn.execute(sql).fetchall()
    unsound = [row[:4] for row in rows if not row[6] or not is_sound(row[2:6], row[6])]
    forget = "DELETE FROM guess WHERE n = ? AND actor = ? AND layer = ? AND source = ?"
    conn.executemany(forget, unsound)


def _suggestion(layer: str, source: str, version: str, item: Sequence[Any]) -> Suggestion:
    start, end, label, score, attrs, why, sure = item
    if not (0 <= start < end and isinstance(label, str)):
        raise ValueError("it has no place or label")
    filled = attrs or NOTHING
    return Suggestion(layer, label, start, end, source, score, filled, "", sure, why, version)


def keeping(
    actor: str, article: str, found: Sequence[Suggestion], *named: str | float
) -> Callable[[Connection], None]:
    """What writes guesses in place of a source's former ones, within a transaction.

    Args:
        actor: whom they are for.
        article: its id.
        found: the guesses; none is worth a row too: the source has looked.
        named: layer, source, version and doubt.

    Raises:
        AnnotatorError: they cannot be kept; and, when it is run, there is no such article or they do
            not lie in its text.
    """
    layer, source, version, doubt = named
    valid_source(str(source))
    if not math.isfinite(float(doubt)):
        raise AnnotatorError(f"{source} gives {doubt} as its doubt, which is no number.")
    body = _body(str(source), found)

    def keep(conn: Connection) -> None:
        row = conn.execute(_SIZE, (article,)).fetchone()
        if row is None:
            raise AnnotatorError(f"There is no article {article!r} in this project.")
        n, chars = row
        if not chars:  # withdrawn meanwhile: not a word of it is kept
            return
        for each in found:
            if not 0 <= each.start < each.end <= chars:
                raise AnnotatorError(
                    f"{source} suggests {each.start}-{each.end} in article {article!r}, which has "
                    f"{chars} characters: nothing of it is kept."
                )
        conn.execute(_PUT, (n, actor, layer, source, version, doubt, body))

    return keep


def _body(source: str, found: Sequence[Suggestion]) -> str:
    items = [
        [s.start, s.end, s.label, s.score, dict(s.attrs), s.why, s.sure]
        for s in sorted(found, key=lambda s: (s.start, -s.end, s.label))
    ]
    try:
        return _BODY.encode(items)
    except (TypeError, ValueError, RecursionError) as error:
        raise AnnotatorError(f"What {source} suggests cannot be kept as JSON: {error}.") from error
