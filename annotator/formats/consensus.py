"""One gold standard from several annotators, by counting what they agree on.

This decides nothing that people did not decide: `agreed` keeps what all of them have, `majority`
what more than half of them have. What falls away is counted. Adjudication is a person's work.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from annotator.formats.document import Document
from annotator.formats.losses import Losses
from annotator.model.annotation import Span, Stance, State, Status, Work, sort_spans
from annotator.model.errors import AnnotatorError
from annotator.model.scheme import Layer, Scheme, SpanLayer

POLICIES = ("agreed", "majority")
"""What a thing needs to be gold: everybody, or more than half of those who looked at its layer."""

ACTOR = "gold"
"""The name gold decisions go out under."""

T = TypeVar("T", Span, Stance)


def check(policy: str) -> None:
    """AnnotatorError for a policy that there is not; "" is none and fine."""
    if policy and policy not in POLICIES:
        raise AnnotatorError(
            f"There is no policy {policy!r} for gold; use {' or '.join(POLICIES)}."
        )


def gold(document: Document, scheme: Scheme, policy: str, losses: Losses) -> Document:
    """The document with one work, of `ACTOR`: what enough annotators have in each layer.

    Only annotators who finished the article or declared the layer looked at count for a layer. A
    span is the same for two of them when layer, place and label are; a stance when target, holder
    and value are. Details (attributes, evidence) are those of the first annotator by name who has it.
    """
    works = [work for work in document.works if work.status.state is not State.SKIPPED]
    spans: list[Span] = []
    stances: list[Stance] = []
    looked: set[str] = set()
    alone = False
    for layer in scheme.layers:
        voters = [w for w in works if layer.name in w.looked or w.status.state is State.DONE]
        _note_others(document, layer, voters, losses)
        if not voters:
            continue
        looked.add(layer.name)
        alone |= len(voters) == 1
        need = len(voters) if policy == "agreed" else len(voters) // 2 + 1
        if layer is scheme.stance_layer:
            said = [(work.actor, _stance_id(s), s) for work in voters for s in work.stances]
            stances += _kept(said, need, document, losses, "stance")
        else:
            named = layer.name
            marked = [
                (w.actor, _span_id(s), s) for w in voters for s in w.spans if s.layer == named
            ]
            spans += _kept(marked, need, document, losses, f"{named} span")
    losses.add("note or flag", document.article.id, sum(len(w.notes) for w in document.works))
    if alone:
        losses.add("gold from one annotator only", document.article.id)
    if not looked:
        return replace(document, works=(), recorded={})
    done = all(layer.name in looked for layer in scheme.layers)
    status = Status(State.DONE if done else State.STARTED)
    work = Work(
        document.article.id,
        ACTOR,
        sort_spans(spans),
        tuple(sorted(stances, key=lambda s: (s.target.ref, s.holder.ref))),
        frozenset(looked),
        status=status,
        versions={ACTOR: max(_versions(document.works), default="")},
    )
    return replace(document, works=(work,), recorded={})


def _note_others(document: Document, layer: Layer, voters: Sequence[Work], losses: Losses) -> None:
    """Count what annotators who do not vote on a layer have in it."""
    for work in document.works:
        if work in voters:
            continue
        if isinstance(layer, SpanLayer):
            count = sum(span.layer == layer.name for span in work.spans)
        else:
            count = len(work.stances)
        what = f"{layer.name} of an annotator who had not finished it"
        losses.add(what, f"{document.article.id}: {work.actor}", count)


def _versions(works: Sequence[Work]) -> Iterator[str]:
    """The ids of the events that works are made of."""
    for work in works:
        yield from (event for key, event in work.versions.items() if not key.startswith("time:"))


def _span_id(span: Span) -> Hashable:
    return span.layer, span.start, span.end, span.label


def _stance_id(stance: Stance) -> Hashable:
    return stance.target.ref, stance.holder.ref, stance.label


def _kept(
    things: Sequence[tuple[str, Hashable, T]],
    need: int,
    document: Document,
    losses: Losses,
    what: str,
) -> Iterable[T]:
    """The first of each that enough annotators have; the others are counted once each."""
    votes = Counter(key for _, key in {(actor, key) for actor, key, _ in things})
    first: dict[Hashable, T] = {}
    for _, key, thing in things:
        first.setdefault(key, thing)
    for key in first:
        if votes[key] < need:
            losses.add(
                f"{what} without enough agreement", f"{document.article.id}: {first[key].label}"
            )
    return [thing for key, thing in first.items() if votes[key] >= need]
