"""Acts that reach beyond the article on the desk, and taking them back whole."""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from annotator.desk.everywhere import ORIGIN, VERB
from annotator.desk.history import UNDO
from annotator.model.annotation import Kind, State, Status
from annotator.model.event import Change, Draft, PastAct

if TYPE_CHECKING:
    from annotator.desk.desk import Desk

Body = Any
Versions = dict[tuple[str, str], tuple[str, Body]]
"""For articles and keys the version there is: its id and its body."""


def beyond(desk: "Desk", drafts: Sequence[Draft]) -> list[Change]:
    """What an act's drafts change in other articles than the one on the desk."""
    here = desk.sheet.article.id
    others = [draft for draft in drafts if draft.article not in ("", here)]
    if not others:
        return []
    now = _versions(desk, [(draft.article, draft.key) for draft in others])
    return [
        Change(d.kind, d.key, d.article, now.get((d.article, d.key), ("", None))[1], d.body)
        for d in others
    ]


def back(desk: "Desk", past: PastAct, verb: str) -> tuple[Draft, ...]:
    """What undoes or redoes an act, left out what has changed since.

    The article of an act that was about one is opened; what `everywhere` did is taken back from afar.
    """
    articles = list(dict.fromkeys(change.article for change in past.changes if change.article))
    if articles and desk.sheet.article.id not in articles and past.verb != VERB:
        desk.open(articles[0])
    sheet = desk.sheet
    others = [c for c in past.changes if c.article not in ("", sheet.article.id)]
    now = _versions(desk, [(change.article, change.key) for change in others]) if others else {}
    closed = _finished(desk, {change.article for change in others})
    drafts = []
    for change in past.changes:
        old, new = change.before, change.after
        if verb == UNDO:
            old, new = new, old
        if change.kind is Kind.RULE:
            if desk.proposals.body(change.key) == old:
                drafts.append(Draft(change.kind, change.key, "", new))
        elif change.article == sheet.article.id:
            if sheet.body(change.kind, change.key) == old:
                drafts.append(sheet.draft_back(change, new))
        elif change.article not in closed:
            event, body = now.get((change.article, change.key), ("", None))
            if body == old:
                drafts.append(Draft(change.kind, change.key, change.article, new, event))
    return tuple(sorted(drafts, key=lambda draft: draft.article != sheet.article.id))


def is_from_afar(change: Change) -> bool:
    """Whether a label came to an article, or went, because its line was labelled in another one."""
    one_side = (change.before is None) != (change.after is None)
    body = change.before or change.after
    return one_side and body is not None and body.get("origin") == ORIGIN


def told(past: PastAct) -> str:
    """What an act was, for people; of one in many articles in how many."""
    number = len({change.article for change in past.changes if change.article})
    return f"{past.verb}, in {number:,} articles" if number > 1 else past.verb


def _finished(desk: "Desk", articles: Collection[str]) -> set[str]:
    """Those of other articles that were finished since: another sitting's last word on them."""
    keys = [(article, Status.key(desk.sheet.actor, article)) for article in articles]
    now = _versions(desk, keys) if keys else {}
    return {
        article
        for (article, _), (_, body) in now.items()
        if body is not None and body["state"] in (State.DONE, State.SKIPPED)
    }


def _versions(desk: "Desk", things: list[tuple[str, str]]) -> Versions:
    """What is in the log, and in acts on their way there."""
    found = dict(desk.log.versions(things))
    wanted = set(things)
    for act in desk.waiting():
        for draft in act.drafts:
            place = (draft.article, draft.key)
            if place in wanted:
                found[place] = (found.get(place, ("", None))[0], draft.body)
    return found
