"""Finding articles: words in the whole project with their place, titles, and what was worked on."""

from dataclasses import dataclass

from annotator.store import queue
from annotator.store.gone import HERE
from annotator.store.queue import QueueRow
from annotator.store.reader import Reader
from annotator.store.statements import TITLE

BEFORE, AFTER = 40, 120
"""Code points of a snippet before the match, and from its start on."""

_HITS = f"""SELECT a.n, a.id, {TITLE}, t.text FROM
                (SELECT rowid AS n FROM article_fts WHERE article_fts MATCH ? AND rowid > ?
                 AND rowid {HERE} ORDER BY rowid LIMIT ?) f
            CROSS JOIN article a ON a.n = f.n CROSS JOIN article_text t ON t.n = a.n"""
_TITLED = f"""(SELECT rowid AS n FROM title_fts WHERE title_fts MATCH :words AND rowid > :n
              AND rowid {HERE} ORDER BY rowid LIMIT :limit) f CROSS JOIN article a ON a.n = f.n
             LEFT JOIN work w ON w.actor = :actor AND w.n = a.n"""
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
    from annotator.store.words import pieces, query

    match, wanted = query(words), pieces(words)
    if not match:
        return []
    n = after if isinstance(after, int) else after.n
    return [
        _hit(number, name, title, text, place(text, wanted) or (0, 0))
        for number, name, title, text in reader.rows(_HITS, (match, n, limit))
    ]


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
    from annotator.store.words import title_query

    named = queue.row(reader, actor, words.strip(), stance_layer)
    if named is not None and not named.chars:
        named = None  # it was withdrawn
    match = title_query(words)
    params = {"words": match, "actor": actor, "limit": limit, "n": after}
    found = queue.rows(reader, _TITLED, params, stance_layer) if match else []
    if named is None:
        return found
    return [*([] if after else [named]), *(row for row in found if row.n != named.n)]


def recent(reader: Reader, actor: str, limit: int, stance_layer: str = "stance") -> list[QueueRow]:
    """The articles an annotator decided something about last, newest first."""
    return queue.rows(reader, _RECENT, {"actor": actor, "limit": limit}, stance_layer)
