"""The gold standard of an article, made from its decisions alone: the same ones give the same gold."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from annotator.gold.adjudication import matching
from annotator.gold.adjudication.items import NOTHING, What
from annotator.gold.adjudication.variants import (
    Parties,
    evidence_code,
    parties,
    span_code,
    stance_code,
)
from annotator.model.annotation import Span, Stance, State, Status, Work, sort_spans
from annotator.model.article import Article
from annotator.model.decision import Decided, Decision, Method, Reason, Verdict
from annotator.model.scheme import Overlap, Scheme

ACTOR = "gold"


class Provenance(NamedTuple):
    """Where one gold span, stance or set of evidence comes from."""

    item: str
    event: str
    """The decision's; its id tells when."""
    decider: str
    method: Method
    adopted: tuple[str, ...]
    category: tuple[str, ...]
    votes: Mapping[str, int]
    voters: int
    posterior: float | None
    reason: Reason | None
    note: str


class Vote(NamedTuple):
    """One answer to an item with its share: a soft label."""

    code: str
    """As `items.Variant` writes it, `nothing` included."""
    number: int
    """How many gave it."""
    share: float
    """Of those who finished the layer (of evidence: who gave the value), 0 to 1."""
    gold: bool
    """Whether it was taken."""


class Votes(NamedTuple):
    """How the annotators answered one decided item."""

    item: str
    layer: str
    what: What
    method: Method
    voters: int
    votes: tuple[Vote, ...]
    """Most first; empty where an adjudicator added what nobody had."""


def holding(decisions: Iterable[Decided], scheme: Scheme | None = None) -> tuple[Decided, ...]:
    """The decisions gold is made of, oldest first: decided, and by none of the others replaced.

    Evidence counts only for the value that is gold. With a scheme, labels it has given up are read
    as their successors, here as in the other functions.
    """
    found = matching.holding(matching.current(decisions, scheme))
    decided = [each for each in found if each.decision.verdict is Verdict.DECIDED]
    values = {
        (each.decision.layer, *parties(stance)): stance.label
        for each in decided
        if (stance := each.decision.stance) is not None and not matching.is_evidence(each.decision)
    }
    return tuple(
        each
        for each in decided
        if not matching.is_evidence(each.decision)
        or (stance := each.decision.stance) is None
        or values.get((each.decision.layer, *parties(stance))) == stance.label
    )


def gold(
    article: Article,
    decisions: Iterable[Decided],
    scheme: Scheme,
    actor: str = ACTOR,
    looked: Iterable[str] = (),
) -> Work:
    """The gold work of an article from its decisions; the order they come in changes nothing.

    A span that two decisions took is there once. A stance has the evidence that was decided for its
    value. `looked` names layers that are fully decided (`progress.Progress.layers`); the work is done
    when these are all of the scheme's. `versions` has for the key of each gold span the id of its
    decision's event.
    """
    held = holding(decisions, scheme)
    spans = _spans(held)
    layers = frozenset(looked)
    done = bool(layers) and layers.issuperset(layer.name for layer in scheme.layers)
    state = State.DONE if done else State.OPEN if held else State.NEW
    return Work(
        article.id,
        actor,
        sort_spans(span for span, _ in spans),
        tuple(stance for stance, *_ in _stances(held)),
        layers,
        status=Status(state),
        versions={span.key: each.event for span, each in spans},
    )


def _spans(held: Sequence[Decided]) -> list[tuple[Span, Decided]]:
    """The gold spans with their decisions, sorted by id.

    Of equal ones the newest decision's stands. An id that comes twice (an annotator's span was taken,
    moved, and taken again in another item) is kept by the newest; the others are told apart by item.
    """
    by_place: dict[tuple[str, str, int, int], tuple[Span, Decided]] = {}
    for each in held:
        for span in each.decision.spans:
            by_place[span.layer, span.label, span.start, span.end] = span, each
    by_id: dict[str, tuple[Span, Decided]] = {}
    for span, each in sorted(by_place.values(), key=lambda pair: pair[1].event, reverse=True):
        if span.id in by_id:
            own = each.decision.item.rpartition(":")[2]
            span = span._replace(id=f"{span.id}-{own}-{span.start}-{span.end}")
        by_id[span.id] = span, each
    return [by_id[name] for name in sorted(by_id)]


def _stances(held: Sequence[Decided]) -> list[tuple[Stance, Decided, Decided | None]]:
    """The gold stances, sorted by target and holder, with the decisions on value and evidence."""
    values: dict[Parties, tuple[Stance, Decided]] = {}
    shown: dict[Parties, Decided] = {}
    for each in held:
        stance = each.decision.stance
        if stance is None:
            continue
        if matching.is_evidence(each.decision):
            shown[parties(stance)] = each
        else:
            values[parties(stance)] = stance, each
    found: list[tuple[Stance, Decided, Decided | None]] = []
    for what in sorted(values):
        stance, each = values[what]
        evidence = shown.get(what)
        if evidence is not None:
            stance = stance._replace(evidence=evidence.decision.evidence)
        found.append((stance, each, evidence))
    return found


# --- where it comes from, and how the annotators voted


def provenance(decisions: Iterable[Decided], scheme: Scheme | None = None) -> dict[str, Provenance]:
    """Where the gold comes from.

    Each span is found by `Span.key`, each stance by `stance_key`, its evidence by `evidence_key`.
    """
    held = holding(decisions, scheme)
    found = {span.key: _provenance(each) for span, each in _spans(held)}
    for stance, each, evidence in _stances(held):
        found[stance_key(stance)] = _provenance(each)
        if evidence is not None:
            found[evidence_key(stance)] = _provenance(evidence)
    return found


def stance_key(stance: Stance) -> str:
    """The name `provenance` has for a stance."""
    return "stance:" + "\0".join(parties(stance))


def evidence_key(stance: Stance) -> str:
    """The name `provenance` has for a stance's evidence."""
    return "evidence:" + "\0".join(parties(stance))


def _provenance(decided: Decided) -> Provenance:
    decision = decided.decision
    return Provenance(
        decision.item,
        decided.event,
        decided.actor,
        decision.method,
        decision.adopted,
        decision.category,
        decision.votes,
        decision.voters,
        decision.posterior,
        decision.reason,
        decision.note,
    )


def votes(decisions: Iterable[Decided], scheme: Scheme | None = None) -> tuple[Votes, ...]:
    """The soft labels of every decided item, sorted by item key; those decided as nothing too."""
    held = sorted(holding(decisions, scheme), key=lambda each: each.decision.item)
    return tuple(_votes(each.decision) for each in held)


def _votes(decision: Decision) -> Votes:
    what, taken = _taken(decision)
    counts = sorted(decision.votes.items(), key=lambda vote: (-vote[1], vote[0]))
    voters = decision.voters or 1
    shares = (Vote(code, count, count / voters, code in taken) for code, count in counts)
    return Votes(
        decision.item, decision.layer, what, decision.method, decision.voters, tuple(shares)
    )


def _taken(decision: Decision) -> tuple[What, set[str]]:
    """What sort of item a decision is about, and the codes of what is gold of it."""
    if matching.is_evidence(decision):
        return What.EVIDENCE, {evidence_code(decision.evidence)}
    if decision.stance is not None:
        return What.STANCE, {stance_code(decision.stance.label)}
    spans = {span_code(span) for span in decision.spans}
    about_spans = spans or any(member.startswith("span:") for member in decision.members)
    return What.SPAN if about_spans else What.STANCE, spans or {NOTHING}


# --- what cannot stand together


def clashes(work: Work, scheme: Scheme) -> tuple[tuple[str, str], ...]:
    """Pairs of ids of spans that the scheme does not let stand together, in the order of places.

    They come from decisions on neighbouring items: in a layer without overlap spans that share text,
    in a nested one spans that cross.
    """
    found: list[tuple[str, str]] = []
    for layer in scheme.span_layers:
        if layer.overlap is not Overlap.ANY:
            own = [span for span in work.spans if span.layer == layer.name]
            found += _clashing(own, nested=layer.overlap is Overlap.NESTED)
    return tuple(found)


def _clashing(spans: Sequence[Span], *, nested: bool) -> Iterator[tuple[str, str]]:
    active: list[Span] = []
    for span in spans:  # sorted by start, longest first
        active = [other for other in active if other.end > span.start]
        for other in active:
            if not nested or (other.start < span.start and other.end < span.end):
                yield other.id, span.id
        active.append(span)
