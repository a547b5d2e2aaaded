"""Undo and redo of what was decided in many articles at once: an act for each article, many saved together."""

from collections.abc import Iterator
from typing import NamedTuple

from annotator.lead.taking_back import UNDO, TakingBack
from annotator.model.event import Act, Change, Draft, PastAct
from annotator.store import adjudicated
from annotator.store.project import Project

BATCH = 50
"""Articles saved in one transaction."""


class Turned(NamedTuple):
    """How far it is."""

    articles: int = 0
    left: int = 0
    """Items that were left as they are, as somebody else has decided them since."""

    def said(self, verb: str, done: bool) -> str:
        """In words."""
        what = "taken back" if verb == UNDO else "done again"
        where = "1 article" if self.articles == 1 else f"{self.articles} articles"
        since = f"; {self.left} items that somebody else decided since stay" if self.left else ""
        return f"{what.capitalize()} in {where}{since}{'.' if done else ' …'}"


def turn(project: Project, past: TakingBack, verb: str, first: PastAct) -> Iterator[Turned]:
    """Take all acts of a whole back, or do them again; gives how far it is after each article.

    When it is given up half-way the rest stays, and is what undo (or redo) comes to next.
    """
    found, acts = Turned(), list[Act]()
    act: PastAct | None = first
    while act is not None:
        whole = adjudicated.past_act(project, act.id)
        changes = list(whole.changes) if whole else []
        made, left = _act(project, verb, act, changes)
        if made.drafts:
            past.note(made.id)
            acts.append(made)
        if len(acts) >= BATCH:
            adjudicated.record_all(project, acts)
            acts.clear()
        found = Turned(found.articles + bool(made.drafts), found.left + left)
        act = past.more(verb, act)
        if act is None and acts:
            adjudicated.record_all(project, acts)
            acts.clear()
        yield found


def _act(project: Project, verb: str, past: PastAct, changes: list[Change]) -> tuple[Act, int]:
    """The act that turns one, and how many of its items somebody else has decided since."""
    drafts: list[Draft] = []
    article = changes[0].article if changes else ""
    standing = {each.decision.key: each for each in project.decisions(article)}
    own = adjudicated.last_events(project, article)
    for change in changes:
        now, mine = standing.get(change.key), own.get(change.key, "")
        if now is not None and now.actor != project.actor and now.event > mine:
            continue
        body = change.before if verb == UNDO else change.after
        drafts.append(Draft(change.kind, change.key, article, body, mine))
    return Act(verb, tuple(drafts), past.id), len(changes) - len(drafts)
