"""One gold standard from several annotators, by counting what they agree on.

Votes decide nothing that people did not decide: `agreed` keeps what all of them have, `majority`
what more than half of them have. What falls away is counted. Adjudication is a person's work: its
gold, `adjudicated`, comes with the documents and is only put in the annotators' place here.
"""

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from annotator.formats.document import Document
from annotator.formats.losses import Losses
from annotator.model.annotation import Span, Stance, State, Status, Work, sort_spans
from annotator.model.decision import Method
from annotator.model.errors import AnnotatorError
from annotator.model.release import ACTOR, ADJUDICATED, Golden, GoldItem
from annotator.model.scheme import Layer, Scheme, SpanLayer

POLICIES = (ADJUDICATED, "majority", "agreed")
"""What a thing needs to be gold: a decision, or more than half, or all of who looked at its layer."""

T = TypeVar("T", Span, Stance)


def check(policy: str) -> None:
    """AnnotatorError for a policy that there is not; "" is none and fine."""
    if policy and policy not in POLICIES:
        raise AnnotatorError(
            f"There is no policy {policy!r} for gold; use adjudicated, majority or agreed."
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
    items: list[GoldItem] = []
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
            kept = _kept(said, need, document, losses, "stance")
            stances += kept
            items += _stance_items(layer.name, said, kept, len(voters))
        else:
            named = layer.name
            marked = [
                (w.actor, _span_id(s), s) for w in voters for s in w.spans if s.layer == named
            ]
            found = _kept(marked, need, document, losses, f"{named} span")
            spans += found
            items += _span_items(named, marked, found, len(voters))
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
    return replace(document, works=(work,), recorded={}, items=tuple(items))


def adjudicated(document: Document, losses: Losses) -> Document:
    """The document with the gold that adjudicators made of it; what is not gold yet is counted."""
    made, article = document.gold, document.article.id
    if made is None:
        made = Golden(None)
    for layer in made.undecided:
        losses.add(f"{layer} that is not decided to the end", article)
    losses.add("note or flag", article, sum(len(work.notes) for work in document.works))
    if made.work is None:
        if document.works and not made.undecided:
            losses.add("article of which nobody finished a layer", article)
        return replace(document, works=(), recorded={}, gold=None)
    return replace(document, works=(made.work,), recorded={}, items=made.items, gold=None)


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
) -> list[T]:
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


Said = Sequence[tuple[str, Hashable, T]]


def _span_items(
    layer: str, said: Said[Span], kept: Sequence[Span], voters: int
) -> Iterator[GoldItem]:
    """Where spans come from: who had each, kept or not, in the order of the text."""
    gold = {_span_id(span): span.id for span in kept}
    for key, names, span in _voted(said):
        code = f"{span.label} {span.start}-{span.end}"
        item = _item(layer, code, code, names, voters, key in gold)
        yield item._replace(spans=(gold[key],) if key in gold else ())


def _stance_items(
    layer: str, said: Said[Stance], kept: Sequence[Stance], voters: int
) -> Iterator[GoldItem]:
    """Where stances come from: of each holder toward a target who said what."""
    gold = {_stance_id(stance) for stance in kept}
    for key, names, stance in _voted(said):
        name = f"{stance.target.ref} {stance.holder.ref} {stance.label}"
        item = _item(layer, name, stance.label, names, voters, key in gold)
        parties = (stance.target, stance.holder)
        about = tuple(sorted(party.ref for party in parties))
        yield item._replace(stance=parties if key in gold else None, about=about)


def _voted(said: Said[T]) -> list[tuple[Hashable, tuple[str, ...], T]]:
    """Each different thing with who had it, by its key."""
    names: dict[Hashable, set[str]] = {}
    first: dict[Hashable, T] = {}
    for actor, key, thing in said:
        names.setdefault(key, set()).add(actor)
        first.setdefault(key, thing)
    return [(key, tuple(sorted(names[key])), first[key]) for key in sorted(first, key=repr)]


def _item(
    layer: str, name: str, code: str, names: tuple[str, ...], voters: int, kept: bool
) -> GoldItem:
    others = voters - len(names)
    votes = {code: len(names), **({"nothing": others} if others else {})}
    return GoldItem(
        f"votes:{layer}:{name}",
        layer,
        str(Method.MAJORITY if others else Method.UNANIMOUS),
        adopted=names if kept else (),
        votes=votes,
        taken=(code if kept else "nothing",),
        voters=voters,
    )
