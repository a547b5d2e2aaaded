"""Hidden questions: articles slipped into somebody's work to see how they work.

Gold questions are articles whose gold is known and which the annotator never saw. Re-asks are articles
that they finished some time ago, given once more as a pass of its own. Annotators are not told.
"""

import math
import time
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from annotator.lead.known_gold import Gold
from annotator.model.errors import AnnotatorError
from annotator.model.event import event_time
from annotator.model.person import pass_name
from annotator.model.slot import Slot, Why
from annotator.store import questions
from annotator.store.address import typed

if TYPE_CHECKING:
    from annotator.store.project import Project

DAY = 24 * 3600.0
AFTER_DAYS = 14.0
"""An article is asked again after so many days, unless said otherwise."""


class Asked(NamedTuple):
    """What somebody is asked."""

    name: str
    had: int
    """Questions of this sort they had already."""
    wanted: int
    """How many the share makes in all."""
    slots: tuple[Slot, ...]
    """The new ones: fewer than lack where there are not enough articles."""

    @property
    def lacking(self) -> int:
        """How many more there should be than can be."""
        return max(self.wanted - self.had - len(self.slots), 0)


def ask_gold(
    project: "Project", gold: Gold, share: float, people: Collection[str], seed: int = 0
) -> list[Asked]:
    """Which gold questions everybody is to get; `give` gives them.

    Safe to repeat: who has their share already gets none.

    Args:
        project: an open project.
        gold: whose articles are asked.
        share: of a person's other assignments, 0 to 1.
        people: who is asked.
        seed: draws the articles.

    Raises:
        AnnotatorError: no share, or somebody has no assignments in which questions could hide.
    """
    _valid(share)
    articles = gold.articles()
    had = _count(project, Why.GOLD)
    found = []
    for name in people:
        rounds = Counter(s.round for s in project.slots(annotator=name) if s.why is Why.WORK)
        work = rounds.total()
        if not work:
            raise AnnotatorError(
                f"{name} has no assignments among which a question could hide: give them articles "
                f"first, with `annotator assign {typed(project.path)} --to {name}`."
            )
        wanted = math.ceil(share * work)
        seen = questions.seen_by(project, name)
        fresh = _drawn((each for each in articles if each not in seen), seed, name)
        new = fresh[: max(wanted - had.get(name, 0), 0)]
        usual = max(rounds, key=lambda each: (rounds[each], each))  # else it would stand out
        slots = tuple(Slot(article, name, usual, Why.GOLD) for article in new)
        found.append(Asked(name, had.get(name, 0), wanted, slots))
    return found


def ask_again(
    project: "Project",
    share: float,
    people: Collection[str],
    after_days: float = AFTER_DAYS,
    seed: int = 0,
    now: float | None = None,
) -> list[Asked]:
    """Which articles everybody is to do once more; `give` gives them.

    Articles that were released come last, as their annotators may have looked at the gold.

    Args:
        project: an open project.
        share: of the articles that a person finished, 0 to 1.
        people: who is asked.
        after_days: only articles finished so many days ago or earlier.
        seed: draws the articles.
        now: seconds since the epoch; the present by default.

    Raises:
        AnnotatorError: no share, or a negative number of days.
    """
    _valid(share)
    if not after_days >= 0:
        raise AnnotatorError("--after-days is a number of days: 0 or more.")
    limit = (time.time() if now is None else now) - after_days * DAY
    finished = questions.finished_by(project)
    had = _count(project, Why.AGAIN)
    shown = _released(project)
    found = []
    for name in people:
        done = finished.get(name, {})
        second = pass_name(name, 2)
        begun = {slot.article for slot in project.slots(annotator=second)}
        old = [
            article
            for article, newest in done.items()
            if event_time(newest) <= limit and article not in begun
        ]
        drawn = sorted(_drawn(old, seed, name), key=lambda article: article in shown)
        wanted = math.ceil(share * len(done))
        new = drawn[: max(wanted - had.get(name, 0), 0)]
        slots = tuple(Slot(article, second, why=Why.AGAIN) for article in new)
        found.append(Asked(name, had.get(name, 0), wanted, slots))
    return found


def give(project: "Project", asked: Iterable[Asked]) -> int:
    """Ask; how many questions that added."""
    return project.assign(slot for each in asked for slot in each.slots)


def who_can(project: "Project", names: Sequence[str]) -> list[str]:
    """These people; without names everybody who was assigned anything or finished an article.

    Raises:
        AnnotatorError: one is not known in this project, or nobody is.
    """
    known = {*project.loads(), *questions.finished_by(project), *project.people()}
    for name in names:
        if name not in known:
            listed = ", ".join(sorted(known)) or "nobody yet"
            raise AnnotatorError(f"{name} does not work on {project.path.name}; there is {listed}.")
    active = {*project.loads(), *questions.finished_by(project)}
    if not names and not active:
        raise AnnotatorError(f"Nobody has worked on {project.path.name} yet.")
    return sorted({*names} or active)


def _valid(share: float) -> None:
    if not 0 < share <= 1:
        raise AnnotatorError("Say what share is asked: above 0 and at most 1, such as 0.04.")


def _drawn(articles: Iterable[str], seed: int, name: str) -> list[str]:
    """Articles in an order that looks like chance and is always the same for a seed and a person."""

    def rank(article: str) -> bytes:
        return sha256(f"{seed}\0{name}\0{article}".encode()).digest()

    return sorted(articles, key=rank)


def _count(project: "Project", why: Why) -> dict[str, int]:
    found: dict[str, int] = {}
    for each in questions.questions(project):
        if each.why is why:
            found[each.person] = found.get(each.person, 0) + 1
    return found


def _released(project: "Project") -> set[str]:
    from annotator.store import released_gold

    releases = project.releases()[-1:]
    return {name for each in releases for name in released_gold.articles_of(project, each)}
