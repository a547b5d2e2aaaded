"""What somebody at their desk is to know of what others did meanwhile."""

from collections.abc import Sequence
from typing import NamedTuple

from annotator.store.gone import HERE
from annotator.store.notices import ANYTHING, ARTICLES, ASSIGNED, CLAIM, MANY, Heard
from annotator.store.reader import Reader

_ASSIGNED = f"""SELECT count(*) FROM slot s CROSS JOIN event e ON e.id = s.event
                WHERE s.annotator = ? AND s.given = 1 AND e.actor <> s.annotator AND s.n {HERE}"""
_TAKEN = """SELECT a.n FROM article a CROSS JOIN pool p ON p.n = a.n AND p.people > 0 AND p.free <= 0
            WHERE a.id = ?2
            AND NOT EXISTS (SELECT 1 FROM slot s WHERE s.annotator = ?1 AND s.n = a.n AND s.given = 1)
            AND NOT EXISTS (SELECT 1 FROM work w WHERE w.actor = ?1 AND w.n = a.n)"""
UNCLEAR = (ANYTHING, MANY)


class News(NamedTuple):
    """What was asked, as far as what was heard gave a reason to."""

    assigned: int | None = None
    """How many articles others assigned to this annotator."""
    taken: bool = False
    """Whether somebody now took the last place in the article at hand, which is open to whoever comes
    first, and this annotator has none and has not begun it."""
    last: int | None = None
    """The number of the newest article."""


def ask(reader: Reader, news: Sequence[Heard], annotator: str, article: str) -> News:
    """Look at what others may have changed for somebody who is at an article ("": at none)."""
    sorts = {each.what for each in news}
    assigned = taken = last = None
    if sorts & {ASSIGNED, *UNCLEAR}:
        assigned = int(reader.value(_ASSIGNED, (annotator,)))
    if sorts & {ARTICLES, *UNCLEAR}:
        last = int(reader.value("SELECT max(n) FROM article") or 0)
    places = {each.n for each in news if each.what in (ASSIGNED, CLAIM)}
    if article and places:
        taken = reader.value(_TAKEN, (annotator, article))
    return News(assigned, taken in places, last)
