"""An article's gold from what adjudicators decided, layer by layer, with where it comes from."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from annotator.gold.adjudication import folding, making, matching, progress
from annotator.model.annotation import State, Status, Work
from annotator.model.decision import Decided
from annotator.model.person import is_pass
from annotator.model.release import ACTOR, Golden, GoldItem
from annotator.model.scheme import Scheme
from annotator.store import questions

if TYPE_CHECKING:
    from annotator.store.documents import Stored
    from annotator.store.project import Project

CLASHING = "clashing"
"""Beside the items' states: pairs of gold spans that the scheme does not let stand together."""


def voters(project: "Project", article: str, works: Iterable[Work]) -> tuple[Work, ...]:
    """Those works on an article that say what its gold is.

    Later passes of a person and training are nobody's vote, nor are answers to hidden questions.
    """
    return tuple(w for w in unasked(project, article, works) if not is_pass(w.actor))


def unasked(project: "Project", article: str, works: Iterable[Work]) -> tuple[Work, ...]:
    """The works on an article without answers to hidden questions.

    Those are held against gold that was there before, and would open again what was decided.
    """
    asked = questions.asked(project, article)
    return tuple(work for work in works if work.actor not in asked)


def gild(project: "Project", stored: "Stored") -> Golden:
    """The gold of one article: of the layers that somebody finished and that are decided to the end.

    A layer with an open, put-off or stale item is no gold at all: half a layer would say "nothing"
    where nobody has decided yet. Who counts is said by `voters`.
    """
    scheme, article = project.scheme, stored.article
    works = voters(project, article.id, stored.works)
    decisions = project.decisions(article.id)
    if not works and not decisions:
        return Golden(None)
    items = making.items(article, works, scheme, decisions)
    told = progress.progress(article.id, works, items, scheme, wanted=1)
    begun = {layer.name for layer in scheme.layers if making.voters(works, layer.name)}
    undecided = tuple(
        layer.name
        for layer in scheme.layers
        if layer.name in begun and layer.name not in told.layers
    )
    if not told.layers:
        return Golden(None, (), undecided, told.states)
    made = folding.gold(article, decisions, scheme, ACTOR, told.layers)
    stance = scheme.stance_layer
    is_whole = len(told.layers) == len(scheme.layers)
    work = replace(
        made,
        spans=tuple(span for span in made.spans if span.layer in told.layers),
        stances=made.stances if stance is not None and stance.name in told.layers else (),
        looked=frozenset(told.layers),
        status=Status(State.DONE if is_whole else State.STARTED),
        versions=_newest(decisions, told.layers),
    )
    clashing = len(folding.clashes(work, scheme))
    states = {**told.states, **({CLASHING: clashing} if clashing else {})}
    return Golden(work, _items(decisions, told.layers, scheme), undecided, states)


def _newest(decisions: tuple[Decided, ...], layers: tuple[str, ...]) -> dict[str, str]:
    """The newest decision the gold is made of; {} where nothing had to be decided."""
    events = (each.event for each in decisions if each.decision.layer in layers)
    newest = max(events, default="")
    return {ACTOR: newest} if newest else {}


def _items(
    decisions: tuple[Decided, ...], layers: tuple[str, ...], scheme: Scheme
) -> tuple[GoldItem, ...]:
    """Where the gold of these layers comes from, by item key."""
    spans: dict[str, list[str]] = {}
    for key, told in folding.provenance(decisions, scheme).items():
        if key.startswith("span:"):
            spans.setdefault(told.item, []).append(key.removeprefix("span:"))
    votes = {told.item: told for told in folding.votes(decisions, scheme)}
    found = (
        _item(each, spans.get(each.decision.item, []), votes[each.decision.item], scheme)
        for each in folding.holding(decisions, scheme)
        if each.decision.layer in layers
    )
    return tuple(sorted(found, key=lambda item: item.item))


def _item(decided: Decided, spans: list[str], votes: folding.Votes, scheme: Scheme) -> GoldItem:
    decision, stance = decided.decision, decided.decision.stance
    layer = scheme.stance_layer
    return GoldItem(
        decision.item,
        decision.layer,
        str(decision.method),
        tuple(sorted(spans)),
        None if stance is None else (stance.target, stance.holder),
        matching.is_evidence(decision),
        decided.actor,
        decision.adopted,
        decision.category,
        {vote.code: vote.number for vote in votes.votes},
        tuple(vote.code for vote in votes.votes if vote.gold),
        decision.voters,
        "" if decision.reason is None else str(decision.reason),
        decision.members if layer is not None and decision.layer == layer.name else (),
        decision.posterior,
    )
