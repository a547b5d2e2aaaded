"""Decisions that rules make: unanimous items accepted, and on request those a majority or model decides."""

from collections.abc import Iterable
from typing import NamedTuple

from annotator.gold.adjudication.items import Category, Item, State
from annotator.gold.adjudication.proposals import AUDIT, acceptable
from annotator.gold.adjudication.taking import take
from annotator.model.decision import Decision, Method


class Rules(NamedTuple):
    """What is decided without a person."""

    unanimous: bool = True
    majority: float | None = None
    """Take proposals of votes with more than this share (0.5: more than half); None: never."""
    posterior: float | None = None
    """Take proposals of the model with at least this posterior; None: never. It knows nothing of
    boundaries: where those differ, a person decides."""
    audit: float = AUDIT
    """Share of unanimous items left to a person."""
    seed: int = 0


STANDARD = Rules()


def automatic(items: Iterable[Item], rules: Rules = STANDARD) -> tuple[Decision, ...]:
    """Decisions on undecided items, to be saved as one act.

    Never on decided, stale, put-off or passed-over ones, nor on a review of one annotator's work,
    nor on unanimous ones of the audit sample. Proposals are those the items carry
    (`proposals.proposed`).
    """
    found = (_decided(item, rules) for item in items)
    return tuple(decision for decision in found if decision is not None)


def _decided(item: Item, rules: Rules) -> Decision | None:
    if item.state is not State.OPEN or item.decided is not None or not item.variants:
        return None
    if item.category == (Category.AGREE,):
        if rules.unanimous and acceptable(item, rules.audit, rules.seed):
            return take(item, item.variants[0].code, method=Method.UNANIMOUS)
        return None
    proposal = item.proposal
    if proposal is None or not _sure(item, rules):
        return None
    return take(item, proposal.code, method=proposal.method)


def _sure(item: Item, rules: Rules) -> bool:
    proposal = item.proposal
    if proposal is None or Category.SINGLE in item.category:
        return False
    if proposal.method is Method.MAJORITY:
        return rules.majority is not None and proposal.confidence > rules.majority
    if proposal.method is Method.MODEL:
        sure = rules.posterior is not None and proposal.confidence >= rules.posterior
        return sure and Category.BOUNDARY not in item.category
    return False
