"""Articles with everybody's decisions, in a stream: what an export is made from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from annotator.model.annotation import Work
from annotator.model.article import Article
from annotator.store.articles import READ, article_of
from annotator.store.engine import Row
from annotator.store.gone import HERE
from annotator.store.reader import Reader
from annotator.store.splits import splits
from annotator.store.works import FOREIGN_SQL, bodies, no_collection, of_heads

_PORTION = 50
"""Articles in memory at a time."""


@dataclass(frozen=True, slots=True)
class Stored:
    """An article as the project holds it, with what its decisions recorded of its text."""

    article: Article
    works: tuple[Work, ...]
    """One for each annotator who decided anything, sorted by name."""
    recorded: Mapping[tuple[str, str], Mapping[str, Any]]
    """The bodies of all current decisions, by annotator and key."""
    sha256: str
    """The SHA-256 of the text as it came in."""
    split: str = ""
    """Where it goes in a data set: train, dev, test ...; "" when nobody said."""


def documents(reader: Reader, after: str = "", worked: bool = False) -> Iterator[Stored]:
    """All articles after an id, sorted by id (code points); only those with decisions if `worked`.

    Without those that were withdrawn or replaced.
    """
    had = (
        "AND EXISTS (SELECT 1 FROM head h WHERE h.article = a.id "
        f"AND h.kind NOT IN ({FOREIGN_SQL}))"
        if worked
        else ""
    )
    sql = f"{READ} WHERE a.id > ? AND a.n {HERE} {had} ORDER BY a.id LIMIT ?"
    while True:
        with no_collection():
            rows = reader.rows(sql, (after, _PORTION))
            names = [row[0] for row in rows]
            heads, split = _heads(reader, names), splits(reader, names)
            made = [_stored(row, heads.get(row[0], []), split.get(row[0], "")) for row in rows]
        yield from made
        if len(rows) < _PORTION:
            return
        after = rows[-1][0]


def _heads(reader: Reader, names: list[str]) -> dict[str, list[Row]]:
    """Rows of actor, key, event, kind and body for each of the articles, sorted by actor."""
    if not names:
        return {}
    marks = ",".join("?" * len(names))
    sql = f"""SELECT article, actor, key, event, kind, body FROM head WHERE article IN ({marks})
              AND kind NOT IN ({FOREIGN_SQL}) ORDER BY article, actor, key"""
    found = groupby(reader.rows(sql, names), key=lambda row: row[0])
    return {article: [row[1:] for row in group] for article, group in found}


def _stored(row: Row, heads: list[Row], split: str) -> Stored:
    article = article_of(row)
    recorded: dict[tuple[str, str], Mapping[str, Any]] = {}
    works = []
    for actor, group in groupby(heads, key=lambda head: head[0]):
        own = [head[1:] for head in group]
        values = bodies(own)
        works.append(of_heads(article.id, actor, own, values))
        keyed = zip(own, values, strict=True)
        recorded.update({(actor, head[0]): body for head, body in keyed if body is not None})
    return Stored(article, tuple(works), recorded, row[10], split)
