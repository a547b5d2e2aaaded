"""What an adjudicator decides about: items, made from several annotators' work on one article.

An item is one thing the annotators may have seen differently: a cluster of spans of one layer with at
most one span of each annotator, a stance of a holder toward a target, or the evidence of a stance on
whose value all agree.
"""

from enum import StrEnum
from typing import NamedTuple

from annotator.model.annotation import Evidence, Span, Stance
from annotator.model.decision import Decided, Method


class What(StrEnum):
    """What sort of thing an item is."""

    SPAN = "span"
    STANCE = "stance"
    EVIDENCE = "evidence"


class Category(StrEnum):
    """How the annotators of an item differ; several may hold at once."""

    AGREE = "agree"
    MISSING = "missing"
    """Somebody finished the layer without it."""
    BOUNDARY = "boundary"
    TRIM = "trim"
    """Beside `BOUNDARY`: only white space, punctuation or an article at the edges differs."""
    LABEL = "label"
    STANCE = "stance"
    EVIDENCE = "evidence"
    TARGET_MISSING = "target-missing"
    """Somebody finished the stance layer without this target and holder."""
    SINGLE = "single"
    """Only one annotator finished the layer: a review of their work."""


class State(StrEnum):
    """Where an item stands."""

    OPEN = "open"
    DECIDED = "decided"
    DISCUSS = "discuss"
    SKIPPED = "skipped"
    STALE = "stale"
    """Decided once, but the variants on the table are others now. (What was to be discussed stays
    so, and what was passed over is open again.)"""


class Variant(NamedTuple):
    """One answer that annotators gave to an item."""

    code: str
    """The answer in one line, equal for equal answers: `ORG 10-21`, `favor`, `10-21 40-55`; `nothing`
    for who finished the layer without it."""
    annotators: tuple[str, ...]
    """Who gave it, sorted."""
    span: Span | None = None
    """The first such annotator's span, with the values of attributes that most of them have."""
    stance: Stance | None = None
    """Of a stance the first such annotator's, with the basis and confidence that most of them have,
    without evidence and remark. Of evidence: whose evidence it is."""
    evidence: tuple[Evidence, ...] = ()


NOTHING = "nothing"


class Proposal(NamedTuple):
    """What a rule or model would take; shown, never taken by itself."""

    code: str
    """The variant's."""
    method: Method
    confidence: float
    """Share of the votes, or the model's posterior."""


class Item(NamedTuple):
    """One thing to decide about in one article."""

    key: str
    """`item:`, the layer (or `evidence`), a colon and 16 hexadecimal digits over the article's id and
    the members: no two items of a project share one."""
    article: str
    layer: str
    """The span layer's or the stance layer's name (of evidence the stance layer's)."""
    what: What
    start: int
    end: int
    """The stretch of text that all variants together cover; 0 and 0 for a stance without evidence."""
    variants: tuple[Variant, ...]
    """Most votes first, then by place and code; `nothing`, when anybody gave it, last. None at all
    where only a decision is left: what it was about has gone, or an adjudicator added it."""
    voters: tuple[str, ...]
    """Annotators who finished the layer, sorted: who of them is in no variant gave `nothing`."""
    category: tuple[Category, ...]
    members: tuple[str, ...]
    """Sorted keys of the annotators' spans in it (where only a decision is left, of those it was
    about); for a stance the target's and holder's `ref`."""
    inputs: str
    """Fingerprint of the set of variants' codes (of evidence with the stance's value): 16 hexadecimal
    digits. Who gave them does not count, so one more who agrees with a variant changes nothing."""
    state: State = State.OPEN
    decided: Decided | None = None
    """The decision that stands, or stood before the item became stale."""
    proposal: Proposal | None = None
    others: tuple[Decided, ...] = ()
    """Further decisions about the same members (of items that grew together): a new one supersedes
    them."""

    @property
    def replaced(self) -> tuple[str, ...]:
        """Ids of the events that a new decision on this item supersedes.

        These are the ones about it that have other keys, and what they and the last one superseded.
        """
        known = self.others if self.decided is None else (self.decided, *self.others)
        found = {
            one.event
            for each in known
            if each.decision.item != self.key
            for one in (each, *each.disputed)
        }
        for each in known:
            found.update(each.decision.supersedes)
        return tuple(sorted(found))
