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
    """Decided once, but the variants on the table are others now."""


class Variant(NamedTuple):
    """One answer that annotators gave to an item."""

    code: str
    """The answer in one line, equal for equal answers: `ORG 10-21`, `favor`, `10-21 40-55`; `nothing`
    for who finished the layer without it."""
    annotators: tuple[str, ...]
    """Who gave it, sorted."""
    span: Span | None = None
    """The first such annotator's span."""
    stance: Stance | None = None
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
    """`item:`, the layer (or `evidence`), a colon and 16 hexadecimal digits over the members."""
    article: str
    layer: str
    """The span layer's or the stance layer's name (of evidence the stance layer's)."""
    what: What
    start: int
    end: int
    """The stretch of text that all variants together cover; 0 and 0 for a stance without evidence."""
    variants: tuple[Variant, ...]
    """Most votes first, then by place and code; `nothing`, when anybody gave it, last."""
    voters: tuple[str, ...]
    """Annotators who finished the layer, sorted: who of them is in no variant gave `nothing`."""
    category: tuple[Category, ...]
    members: tuple[str, ...]
    """Sorted keys of the annotators' spans in it; for a stance the target's and holder's `ref`."""
    inputs: str
    """Fingerprint of the set of variants' codes: 16 hexadecimal digits."""
    state: State = State.OPEN
    decided: Decided | None = None
    """The decision that stands, or stood before the item became stale."""
    proposal: Proposal | None = None
    others: tuple[Decided, ...] = ()
    """Further decisions about the same members (of items that grew together): a new one supersedes
    them."""
