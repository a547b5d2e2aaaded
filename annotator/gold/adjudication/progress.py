"""How far adjudication has come: of an article, and of many together."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from annotator.gold.adjudication.items import Item
from annotator.gold.adjudication.items import State as ItemState
from annotator.gold.adjudication.making import voters
from annotator.gold.adjudication.proposals import AUDIT, acceptable, agreement, to_decide
from annotator.model.annotation import Work
from annotator.model.scheme import Scheme


class Stage(StrEnum):
    """Where an article stands on its way to gold."""

    ANNOTATING = "annotating"
    """Fewer annotators than wanted have finished it."""
    READY = "ready"
    """Enough have finished, nothing is decided yet."""
    ADJUDICATING = "adjudicating"
    ADJUDICATED = "adjudicated"
    """Enough have finished and every item is decided; so too where there is nothing to decide."""
    STALE = "stale"
    """Something that was decided has other variants on the table now."""


class Progress(NamedTuple):
    """How far one article has come."""

    article: str
    stage: Stage
    items: int
    states: Mapping[str, int]
    """Items by `State`."""
    categories: Mapping[str, int]
    """Items by `Category`; one with several counts in each."""
    methods: Mapping[str, int]
    """Decided items by `Method`."""
    layers: tuple[str, ...]
    """Layers that somebody finished and whose items are all decided, in the scheme's order."""
    acceptable: int
    """Unanimous items that would be accepted without a look."""
    left: int
    """Items a person has to look at."""
    agreement: float | None
    """`proposals.agreement`."""


class Total(NamedTuple):
    """How far many articles have come."""

    articles: int
    stages: Mapping[str, int]
    items: int
    states: Mapping[str, int]
    categories: Mapping[str, int]
    methods: Mapping[str, int]
    acceptable: int
    left: int


def progress(
    article: str,
    works: Sequence[Work],
    items: Sequence[Item],
    scheme: Scheme,
    wanted: int = 2,
    audit: float = AUDIT,
    seed: int = 0,
) -> Progress:
    """How far an article has come; `wanted` is how many annotators must have finished every layer."""
    present = {layer.name: len(voters(works, layer.name)) for layer in scheme.layers}
    open_in = {item.layer for item in items if item.state is not ItemState.DECIDED}
    layers = tuple(name for name, count in present.items() if count and name not in open_in)
    enough = bool(present) and min(present.values()) >= wanted
    return Progress(
        article=article,
        stage=_stage(items, enough),
        items=len(items),
        states=_counted(item.state for item in items),
        categories=_counted(each for item in items for each in item.category),
        methods=_counted(
            item.decided.decision.method
            for item in items
            if item.decided is not None and item.state is ItemState.DECIDED
        ),
        layers=layers,
        acceptable=sum(acceptable(item, audit, seed) for item in items),
        left=len(to_decide(items, audit, seed)),
        agreement=agreement(items),
    )


def _stage(items: Sequence[Item], enough: bool) -> Stage:
    if any(item.state is ItemState.STALE for item in items):
        return Stage.STALE
    if enough and all(item.state is ItemState.DECIDED for item in items):
        return Stage.ADJUDICATED
    if any(item.state is not ItemState.OPEN for item in items):
        return Stage.ADJUDICATING
    return Stage.READY if enough else Stage.ANNOTATING


def _counted(values: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(map(str, values)).items()))


def total(progresses: Iterable[Progress]) -> Total:
    """Articles' figures added up."""
    each = list(progresses)
    return Total(
        articles=len(each),
        stages=_counted(one.stage for one in each),
        items=sum(one.items for one in each),
        states=_added(one.states for one in each),
        categories=_added(one.categories for one in each),
        methods=_added(one.methods for one in each),
        acceptable=sum(one.acceptable for one in each),
        left=sum(one.left for one in each),
    )


def _added(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for one in counts:
        found.update(one)
    return dict(sorted(found.items()))
