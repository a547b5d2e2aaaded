"""The items of an article: what its annotators may have seen differently, with who said what.

Only those who finished a layer count in it, and only what is gold makes an item: label, place, value
and evidence. Remarks, flags, confidence, basis, origin and attributes never do; of attributes, basis
and confidence the variants carry what most of their annotators have.
"""

from collections.abc import Mapping, Sequence

from annotator.gold.adjudication import matching
from annotator.gold.adjudication.items import Item, What
from annotator.gold.adjudication.variants import (
    evidence_item,
    item_key,
    span_items,
    stance_item,
    stances_by_parties,
)
from annotator.model.annotation import Stance, State, Work
from annotator.model.article import Article
from annotator.model.decision import Decided
from annotator.model.person import is_pass
from annotator.model.scheme import Scheme, SpanLayer


def finished(work: Work, layer: str) -> bool:
    """Whether an annotator has finished a layer: looked at it or done with the article, not skipped."""
    state = work.status.state
    return state is not State.SKIPPED and (state is State.DONE or layer in work.looked)


def voters(works: Sequence[Work], layer: str) -> tuple[Work, ...]:
    """The works of those who finished a layer, sorted by name; second passes and training left out."""
    found = (work for work in works if finished(work, layer) and not is_pass(work.actor))
    return tuple(sorted(found, key=lambda work: work.actor))


def items(
    article: Article, works: Sequence[Work], scheme: Scheme, decisions: Sequence[Decided] = ()
) -> tuple[Item, ...]:
    """The items of an article in reading order: layer by layer as in the scheme, then by place.

    Stances are in the order of their first evidence, the evidence of each right after it. Works and
    decisions may come in any order. A decision is about the item with its key; else about the one
    with most of its spans; else about one that has the same variants. The item is as it was decided
    while its variants are the same, else stale. A decision that nothing else is left of makes an item
    without variants: stale where annotators had what it is about, decided where they never had.
    """
    live = matching.current(decisions, scheme)
    found: list[Item] = []
    for layer in scheme.layers:
        present = voters(works, layer.name)
        if isinstance(layer, SpanLayer):
            made = list(span_items(article, layer.name, present))
            found += matching.decided_spans(article.id, layer, made, live)
        else:
            found += _stances(article, layer.name, present, live)
    return tuple(found)


def _stances(
    article: Article, layer: str, present: Sequence[Work], decisions: Sequence[Decided]
) -> list[Item]:
    """The items of stances and of their evidence."""
    by_key = {each.decision.item: each for each in decisions if each.decision.layer == layer}
    everybody = tuple(work.actor for work in present)
    pairs: list[tuple[Item, Item | None]] = []
    for given in stances_by_parties(present).values():
        stance = stance_item(article, layer, given, everybody)
        stance = matching.decided_stance(stance, by_key.pop(stance.key, None))
        pairs.append((stance, _evidence(article, stance, given, by_key)))
    for each in list(by_key.values()):
        if matching.is_evidence(each.decision):
            continue
        lone = matching.lone_stance(article.id, each)
        if lone is not None:
            pairs.append((lone, _evidence(article, lone, (), by_key)))
    pairs.sort(key=lambda pair: (pair[0].start, pair[0].members))
    return [item for pair in pairs for item in pair if item is not None]


def _evidence(
    article: Article,
    item: Item,
    given: Sequence[tuple[str, Stance]],
    by_key: Mapping[str, Decided],
) -> Item | None:
    """The evidence of a stance whose value is decided, or not disputed by those who gave one."""
    values = {stance.label for _, stance in given}
    value = matching.decided_value(item)
    if value is None and len(values) == 1:
        value = next(iter(values))
    own = [(name, stance) for name, stance in given if stance.label == value]
    key = item_key(What.EVIDENCE, item.layer, item.article, item.members)
    decided = by_key.get(key)
    made = evidence_item(article, item.layer, own) if own else None
    if made is None:
        return matching.lone_evidence(item, decided)
    return matching.decided_stance(made, decided)
