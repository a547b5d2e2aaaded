"""What would be decided if votes decided, and in which order to look at what is left."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, TypeVar

from annotator.gold.adjudication.items import (
    NOTHING,
    Category,
    Item,
    Proposal,
    State,
    Variant,
    What,
)
from annotator.model.decision import Method

T = TypeVar("T")

AUDIT = 0.05
"""Share of unanimous items that are looked at all the same."""
FEWEST_ANNOTATORS = 3
FEWEST_ITEMS = 50
"""What Dawid and Skene's model needs of a layer: annotators, and items of each of them."""


class Waiting(NamedTuple):
    """An article with open items, as `articles_in_order` needs it."""

    article: str
    agreement: float | None = None
    """Share of its items that are unanimous (`agreement`), or any other figure; None: unknown."""
    date: str = ""
    """ISO date, by which the oldest comes first."""


# --- votes


def majority(item: Item) -> Proposal | None:
    """What most of those who finished the layer have; None for a tie, so for two who differ, and for one.

    First whether there is anything (more than half must say so), then the label, then the place.
    Labels and places are those most often given: the confidence, the variant's share of all who
    finished the layer, can be under one half, and then no rule takes it. Where places of the label
    tie, the one that is more frequent with any label wins.
    """
    if not item.variants or len(item.voters) < 2:
        return None
    if item.category == (Category.AGREE,):
        return Proposal(item.variants[0].code, Method.UNANIMOUS, 1.0)
    label = _voted_label(item)
    variant = None if label is None else _voted_place(item, label)
    if variant is None:
        return None
    share = len(variant.annotators) / len(item.voters)
    return Proposal(variant.code, Method.MAJORITY, share)


def _voted_label(item: Item) -> str | None:
    votes: Counter[str] = Counter()
    for variant in item.variants:
        votes[label_of(variant)] += len(variant.annotators)
    without = votes.pop(NOTHING, 0)
    half = len(item.voters) / 2
    if without > half:
        return NOTHING
    return _first(votes) if without < half else None


def _voted_place(item: Item, label: str) -> Variant | None:
    """The variant of a label that most have."""
    own = [variant for variant in item.variants if label_of(variant) == label]
    most = max(len(variant.annotators) for variant in own)
    own = [variant for variant in own if len(variant.annotators) == most]
    if len(own) == 1:
        return own[0]
    votes: Counter[tuple[int, int]] = Counter()
    for variant in item.variants:
        if variant.span is not None:
            votes[variant.span.start, variant.span.end] += len(variant.annotators)
    places = {(v.span.start, v.span.end): v for v in own if v.span is not None}
    place = _first({place: votes[place] for place in places})
    return None if place is None else places[place]


def _first(votes: Mapping[T, float]) -> T | None:
    """What has the most votes; None in a tie."""
    most = max(votes.values(), default=0.0)
    best = [each for each, count in votes.items() if count == most]
    return best[0] if len(best) == 1 else None


def label_of(variant: Variant) -> str:
    """What a variant says without its place: label, value, a set of evidence, or `nothing`."""
    return variant.code if variant.span is None else variant.span.label


def common_core(item: Item) -> tuple[int, int] | None:
    """The stretch all variants of an item of spans share: to be shown where boundaries tie."""
    spans = [variant.span for variant in item.variants if variant.span is not None]
    if not spans:
        return None
    start, end = max(span.start for span in spans), min(span.end for span in spans)
    return (start, end) if start < end else None


# --- the model of Dawid and Skene


def posteriors(items: Iterable[Item]) -> dict[str, dict[str, float]]:
    """Dawid and Skene's posteriors over a whole project's items of spans and stances.

    For each item's key the probability of each label, `nothing` included; they say nothing about
    places. Annotators with fewer than 50 items in a layer are left out of it, and layers where then
    fewer than three are left.
    """
    from annotator.gold.agreement.dawid_skene import dawid_skene

    found: dict[str, dict[str, float]] = {}
    for rated in _rated(items).values():
        keys = list(rated)
        estimate = dawid_skene([rated[key] for key in keys])
        for key, row in zip(keys, estimate.posteriors, strict=True):
            found[key] = dict(zip(estimate.labels, row, strict=True))
    return found


def _rated(items: Iterable[Item]) -> dict[str, dict[str, dict[str, str]]]:
    """By layer and item what each annotator said, of those that the model can be asked about."""
    layers: dict[str, dict[str, dict[str, str]]] = {}
    for item in items:
        if item.what is not What.EVIDENCE and len(item.voters) > 1:
            said = {name: label_of(v) for v in item.variants for name in v.annotators}
            layers.setdefault(item.layer, {})[item.key] = said
    found = {}
    for layer, rated in layers.items():
        counts = Counter(name for said in rated.values() for name in said)
        known = {name for name, count in counts.items() if count >= FEWEST_ITEMS}
        if len(known) < FEWEST_ANNOTATORS:
            continue
        kept = {key: {n: x for n, x in said.items() if n in known} for key, said in rated.items()}
        found[layer] = {key: said for key, said in kept.items() if said}
    return found


def _modelled(item: Item, likely: Mapping[str, float]) -> Proposal | None:
    """What the model takes for the likeliest of an item's labels, at the place most have."""
    labels = {label_of(variant): likely.get(label_of(variant), 0.0) for variant in item.variants}
    label = _first(labels)
    variant = None if label is None else _voted_place(item, label)
    if variant is None:
        return None
    return Proposal(variant.code, Method.MODEL, labels[label_of(variant)])


def proposed(
    items: Iterable[Item], posteriors: Mapping[str, Mapping[str, float]] | None = None
) -> tuple[Item, ...]:
    """The items with their proposals: the model's where `posteriors` has the item's key, else votes'.

    What all agree on is proposed as such.
    """
    return tuple(item._replace(proposal=_proposal(item, posteriors or {})) for item in items)


def _proposal(item: Item, posteriors: Mapping[str, Mapping[str, float]]) -> Proposal | None:
    likely = posteriors.get(item.key)
    if likely is None or Category.AGREE in item.category:
        return majority(item)
    return _modelled(item, likely)


# --- what is left, and in which order


def audited(key: str, share: float = AUDIT, seed: int = 0) -> bool:
    """Whether an item belongs to the sample that is looked at although all agree; by its key alone."""
    if share <= 0:
        return False
    digest = hashlib.sha256(f"{seed}\0{key}".encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big") < share * 2**64


def acceptable(item: Item, share: float = AUDIT, seed: int = 0) -> bool:
    """Whether an item is unanimous, undecided and outside the audit sample: accepted without a look."""
    return (
        item.category == (Category.AGREE,)
        and item.state is State.OPEN
        and item.decided is None
        and not audited(item.key, share, seed)
    )


def to_decide(items: Iterable[Item], share: float = AUDIT, seed: int = 0) -> tuple[Item, ...]:
    """What a person has to look at, in reading order: open or stale, and not `acceptable`."""
    return tuple(
        item
        for item in items
        if item.state in (State.OPEN, State.STALE) and not acceptable(item, share, seed)
    )


def in_order(items: Sequence[Item]) -> tuple[Item, ...]:
    """Items in the order of work: the surest proposals first, without one last, else reading order."""
    return tuple(sorted(items, key=lambda i: -i.proposal.confidence if i.proposal else 0.0))


def agreement(items: Iterable[Item]) -> float | None:
    """Share of the items of two or more voters that are unanimous; None without any."""
    shared = [item for item in items if len(item.voters) > 1]
    if not shared:
        return None
    return sum(Category.AGREE in item.category for item in shared) / len(shared)


def articles_in_order(articles: Iterable[Waiting], by: str = "agreement") -> tuple[str, ...]:
    """Ids of articles, lowest agreement first (`agreement`), or oldest first (`date`).

    Those without the figure come last, in the order they came in.
    """
    return tuple(waiting.article for waiting in sorted(articles, key=_ORDERS[by]))


def _by_agreement(waiting: Waiting) -> tuple[bool, float]:
    return waiting.agreement is None, waiting.agreement or 0.0


def _by_date(waiting: Waiting) -> tuple[bool, str]:
    return not waiting.date, waiting.date


_ORDERS = {"agreement": _by_agreement, "date": _by_date}
