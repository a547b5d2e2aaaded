"""Hidden questions: articles given to somebody because the answer is known, or was theirs before.

Whoever answers one is not told. Their answer is held against the gold that was there before; it is no
vote about that gold.
"""

from typing import NamedTuple

from annotator.model.person import is_pass, person_of
from annotator.model.slot import Why
from annotator.store.gone import HERE
from annotator.store.part import Part

_ASKED = f"""SELECT s.annotator, a.id, s.why, coalesce(w.state, ''), coalesce(w.newest, '') FROM slot s
            CROSS JOIN article a ON a.n = s.n
            LEFT JOIN work w ON w.actor = s.annotator AND w.n = s.n
            WHERE s.given = 1 AND s.why <> 'work' AND s.n {HERE} ORDER BY s.annotator, s.n"""
_OF_ARTICLE = """SELECT s.annotator FROM article a CROSS JOIN slot s INDEXED BY slot_article
                 ON s.n = a.n AND s.given = 1 WHERE a.id = ? AND s.why = 'gold'"""
_GOLD = f"SELECT n, annotator FROM slot WHERE given = 1 AND why = 'gold' AND n {HERE}"
_DONE = f"""SELECT w.actor, a.id, w.newest FROM work w CROSS JOIN article a ON a.n = w.n
            WHERE w.state = 'done' AND w.n {HERE} ORDER BY w.actor, w.n"""
_DONE_BY = f"""SELECT a.id FROM work w CROSS JOIN article a ON a.n = w.n
               WHERE w.actor = ? AND w.state = 'done' AND w.n {HERE} ORDER BY w.n"""
_SEEN = """SELECT w.actor, a.id FROM work w CROSS JOIN article a ON a.n = w.n WHERE w.state <> 'new'
           UNION SELECT s.annotator, a.id FROM slot s CROSS JOIN article a ON a.n = s.n
           WHERE s.given = 1"""


class Question(NamedTuple):
    """One hidden question."""

    person: str
    annotator: str
    """The name it is answered under: of a second pass the pass's."""
    article: str
    why: Why
    state: str
    """Where they stand with it, "" when it was not begun."""
    newest: str
    """The newest event of the answer; "" without one."""

    @property
    def is_answered(self) -> bool:
        """Whether it is done."""
        return self.state == "done"


def questions(project: Part) -> list[Question]:
    """Every hidden question that was asked, by annotator and article number."""
    return [
        Question(person_of(name)[0], name, article, Why(why), state, newest)
        for name, article, why, state, newest in project._reader.rows(_ASKED)
    ]


def asked(project: Part, article: str) -> frozenset[str]:
    """Whose work on an article answers a hidden question: no vote about the article's gold."""
    return frozenset(name for (name,) in project._reader.rows(_OF_ARTICLE, (article,)))


def hidden(project: Part) -> dict[int, frozenset[str]]:
    """By article number whose work on it answers a hidden question; most articles have nobody."""
    found: dict[int, set[str]] = {}
    for n, name in project._reader.rows(_GOLD):
        found.setdefault(n, set()).add(name)
    return {n: frozenset(names) for n, names in found.items()}


def finished_by(project: Part) -> dict[str, dict[str, str]]:
    """By person the articles they are done with in their first pass, with the newest event of each."""
    found: dict[str, dict[str, str]] = {}
    for actor, article, newest in project._reader.rows(_DONE):
        if not is_pass(actor):
            found.setdefault(actor, {})[article] = newest
    return found


def done_by(project: Part, annotator: str) -> list[str]:
    """The articles that an annotator, or a pass, is done with, in the order of the queue."""
    return [name for (name,) in project._reader.rows(_DONE_BY, (annotator,))]


def seen_by(project: Part, person: str) -> set[str]:
    """The articles somebody was given or worked on, in any pass, training too."""
    rows = project._reader.rows(_SEEN)
    return {article for name, article in rows if person_of(name)[0] == person}
