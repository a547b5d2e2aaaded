"""Finding articles: words in the whole project with their place, titles, and what was worked on."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from annotator.model.article import unstorable
from annotator.store import queue
from annotator.store.gone import HERE
from annotator.store.queue import QueueRow
from annotator.store.reader import Reader
from annotator.store.statements import TITLE, Params, named

if TYPE_CHECKING:
    from annotator.store.words import Sought

BEFORE, AFTER = 40, 120
"""Code points of a snippet before the match, and from its start on."""

_RECENT = """(SELECT * FROM work WHERE actor = :actor ORDER BY newest DESC LIMIT :limit) w
             CROSS JOIN article a ON a.n = w.n ORDER BY w.newest DESC"""


@dataclass(frozen=True, slots=True)
class Hit:
    """An article with the words of a search, and the place of them."""

    n: int
    article: str
    title: str
    """Its title, else the beginning of its text."""
    start: int
    end: int
    """The place in the text; 0 and 0 when only the title has the words."""
    snippet: str
    """The text around the place, white space as blanks."""
    at: int
    """Where in the snippet the place begins."""


def search(reader: Reader, words: str, limit: int, after: Hit | int = 0) -> list[Hit]:
    """The articles with all these words, by number: at most `limit`, those after a hit or number.

    Words in double quotes, or joined by hyphens, must follow one another; the last may be begun.
    """
    from annotator.store.places import place
    from annotator.store.words import pieces, sought

    having = sought(reader, words)
    if having is None:
        return []
    params: Params = {"n": after if isinstance(after, int) else after.n, "limit": limit}
    source = _next(having, params)
    sql = f"""SELECT a.n, a.id, {TITLE}, t.text FROM {source}
              CROSS JOIN article_text t ON t.n = a.n"""
    wanted = pieces(words)
    return [
        _hit(number, name, title, text, place(text, wanted) or (0, 0))
        for number, name, title, text in sorted(reader.rows(sql, params))
    ]


def _next(having: "Sought", params: Params) -> str:
    """FROM clause of the next articles `a` with words, those behind number `:n`, at most `:limit`."""
    start, number = named(having.start, having.params, params), having.number
    return f"""(SELECT {number} AS n FROM {start} AND {number} > :n AND {number} {HERE}
                ORDER BY {number} LIMIT :limit) f CROSS JOIN article a ON a.n = f.n"""


def _hit(n: int, name: str, title: str, text: str, found: tuple[int, int]) -> Hit:
    start, end = found
    low = max(start - BEFORE, 0)
    if low:  # a snippet begins with a word where it can
        low = next((at + 1 for at in range(low, start) if text[at].isspace()), low)
    snippet = "".join(" " if c.isspace() else c for c in text[low : max(start + AFTER, end)])
    return Hit(n, name, title, start, end, snippet, start - low)


def titled(
    reader: Reader, actor: str, words: str, limit: int, after: int, stance_layer: str = "stance"
) -> list[QueueRow]:
    """Articles whose title (else its text's first line) has words that begin so; by number.

    An article of which the words are the id comes first; `after` is the last number seen.
    """
    from annotator.store.words import sought_in_titles

    name = words.strip()
    known = None if unstorable(name) else queue.row(reader, actor, name, stance_layer)
    if known is not None and not known.chars:
        known = None  # it was withdrawn
    having = sought_in_titles(reader, words)
    found = []
    if having is not None:
        params: Params = {"actor": actor, "limit": limit, "n": after}
        source = _next(having, params)
        work = "LEFT JOIN work w ON w.actor = :actor AND w.n = a.n"
        found = sorted(queue.rows(reader, f"{source} {work}", params, stance_layer), key=_number)
    if known is None:
        return found
    return [*([] if after else [known]), *(row for row in found if row.n != known.n)]


def _number(row: QueueRow) -> int:
    return row.n


def recent(reader: Reader, actor: str, limit: int, stance_layer: str = "stance") -> list[QueueRow]:
    """The articles an annotator decided something about last, newest first."""
    return queue.rows(reader, _RECENT, {"actor": actor, "limit": limit}, stance_layer)
