"""Decisions on items, ready to be saved: variants taken, something new, nothing, put off."""

from collections.abc import Sequence

from annotator.gold.adjudication.items import NOTHING, Category, Item, Variant, What
from annotator.gold.adjudication.variants import fingerprint, item_key, parties
from annotator.model.annotation import Evidence, Span, Stance, sort_spans
from annotator.model.decision import Decision, Method, Verdict


def take(item: Item, *codes: str, method: Method = Method.MANUAL) -> Decision:
    """The decision that variants of an item, by their codes, are gold; none, or `nothing`: nothing is.

    Several are for items of spans only (nesting is legal). What the adjudicator adds (note, reason,
    time) is put in with `_replace`.

    Raises:
        KeyError: the item has no such variant.
        ValueError: several variants of a stance or of evidence.
    """
    known = {variant.code: variant for variant in item.variants}
    taken = [known[code] for code in dict.fromkeys(codes) if code in known or code != NOTHING]
    if item.what is not What.SPAN and len(taken) > 1:
        raise ValueError(f"{item.key} is one {item.what}: one variant of it can be taken")
    if not taken and NOTHING in known:
        taken = [known[NOTHING]]
    spans = tuple(variant.span for variant in taken if variant.span is not None)
    one = taken[0] if taken else Variant(NOTHING, ())
    stance = one.stance if item.what is What.STANCE else _whose(item)
    return _decision(
        item,
        method,
        spans=sort_spans(spans),
        stance=stance,
        evidence=one.evidence,
        adopted=tuple(sorted({name for variant in taken for name in variant.annotators})),
        posterior=_posterior(item, codes),
    )


def _decision(
    item: Item,
    method: Method,
    verdict: Verdict = Verdict.DECIDED,
    *,
    spans: tuple[Span, ...] = (),
    stance: Stance | None = None,
    evidence: tuple[Evidence, ...] = (),
    adopted: tuple[str, ...] = (),
    posterior: float | None = None,
) -> Decision:
    """A decision with what was on the table."""
    return Decision(
        item=item.key,
        layer=item.layer,
        verdict=verdict,
        method=method,
        spans=spans,
        stance=stance,
        evidence=evidence,
        category=tuple(str(each) for each in item.category if each is not Category.AGREE),
        members=item.members,
        inputs=item.inputs,
        adopted=adopted,
        votes={variant.code: len(variant.annotators) for variant in item.variants},
        voters=len(item.voters),
        posterior=posterior,
        supersedes=item.replaced,
    )


def _whose(item: Item) -> Stance | None:
    """Whose evidence an item of evidence is about."""
    if item.what is not What.EVIDENCE:
        return None
    if item.variants:
        return item.variants[0].stance
    return None if item.decided is None else item.decided.decision.stance


def _posterior(item: Item, codes: Sequence[str]) -> float | None:
    proposal = item.proposal
    if proposal is None or proposal.method is not Method.MODEL or proposal.code not in codes:
        return None
    return proposal.confidence


def anew(
    item: Item,
    *,
    spans: Sequence[Span] = (),
    stance: Stance | None = None,
    evidence: Sequence[Evidence] = (),
) -> Decision:
    """The decision that something is gold which none of the annotators has (`Method.NEW`).

    Of an item of evidence `stance` may be left out: it is the item's.
    """
    if stance is not None:
        stance = stance._replace(evidence=())
    return _decision(
        item,
        Method.NEW,
        spans=sort_spans(spans),
        stance=stance if item.what is What.STANCE else _whose(item),
        evidence=tuple(sorted(set(evidence))),
    )


def keep(item: Item) -> Decision:
    """What was decided about a stale item is decided again, with what is on the table now.

    Raises:
        ValueError: nothing was.
    """
    if item.decided is None or item.decided.decision.verdict is not Verdict.DECIDED:
        raise ValueError(f"nothing was decided about {item.key}")
    before = item.decided.decision
    made = _decision(
        item,
        before.method if before.method is Method.NEW else Method.MANUAL,
        spans=before.spans,
        stance=before.stance,
        evidence=before.evidence,
        adopted=before.adopted,
    )
    return made._replace(reason=before.reason, note=before.note, guideline=before.guideline)


def added(article: str, span: Span) -> Decision:
    """The decision that a span is gold where no annotator has any: an item of its own.

    `article` is the article's id.
    """
    key = item_key(What.SPAN, span.layer, article, (span.key,))
    return Decision(key, span.layer, method=Method.NEW, spans=(span,), inputs=fingerprint(()))


def added_stance(article: str, layer: str, stance: Stance) -> tuple[Decision, ...]:
    """The decisions on a stance that no annotator has, and on its evidence if it has some."""
    members = parties(stance)
    bare = stance._replace(evidence=())
    made = [
        Decision(
            item_key(What.STANCE, layer, article, members),
            layer,
            method=Method.NEW,
            stance=bare,
            members=members,
            inputs=fingerprint(()),
        )
    ]
    if stance.evidence:
        key = item_key(What.EVIDENCE, layer, article, members)
        evidence = tuple(sorted(set(stance.evidence)))
        made.append(made[0]._replace(item=key, evidence=evidence))
    return tuple(made)


def discuss(item: Item) -> Decision:
    """The item is put on the list for the meeting; what was decided before no longer holds."""
    return _decision(item, Method.MANUAL, Verdict.DISCUSS, stance=_whose(item))


def skip(item: Item) -> Decision:
    """The item is passed over for now; what was decided before no longer holds."""
    return _decision(item, Method.MANUAL, Verdict.SKIPPED, stance=_whose(item))
