"""Commands that say who or what an annotation is about, and which articles there are."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from annotator.desk.identity import give, subject
from annotator.plain.speech import count
from annotator.text.visible import plain_line

if TYPE_CHECKING:
    from annotator.plain.session import Session

NONE = "-"
"""Given as an identity, it takes the identity away."""
AHEAD = 10
"""Articles that `queue` tells."""


def identity(session: "Session", rest: str) -> bool:
    """Give an annotation's entity an id and perhaps a lemma; without words, tell what it has."""
    about = subject(session.desk)
    if about is None:
        return False
    xid, _, lemma = rest.partition(" ")
    if not xid:
        has = ", ".join(x for x in (about.xid, about.lemma) if x) or "no identity"
        name = plain_line(about.surface, 60)
        session.say(f"{name}: {plain_line(has, 80)}, {count(about.mentions, 'mention')}.")
        return False
    if xid == NONE:
        give(session.desk, about, "", "")
    else:
        give(session.desk, about, xid, lemma or about.lemma)
    return True


def queue(session: "Session", _rest: str) -> bool:
    """This article and the next ones, with their ids."""
    found: str | None = session.desk.sheet.article.id
    for _ in range(AHEAD):
        if found is None:
            return False
        article = session.way.article(found)
        title = plain_line(article.title or article.text.strip()[:300].partition("\n")[0], 60)
        session.say(f"{plain_line(found, 60)}: {title}")
        found = session.way.neighbour(1, found)
    return False


COMMANDS: dict[str, Callable[["Session", str], bool]] = {"identity": identity, "queue": queue}
