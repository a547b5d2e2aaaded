"""What agreement counts of one article: whole numbers as JSON values, which add up over articles.

Nothing is chosen here but who counts in a layer: the annotators who finished it. Every pair of them is
counted by itself, so that any annotators, rounds or weeks can be pooled from the same counts later. The
counts of one article look so (`FORMAT` changes with them)::

    {"at": {"ana": EVENT, ...},                    the newest event of each annotator's work
     "layers": {"entities": {
        "done": ["ana", "iva"],                    who finished, later passes apart
        "out": {"petr": "not finished"},           who worked on the article and does not count
        "again": [["ana", "ana", "ana #2"]],       a person and two successive passes of theirs
        "pairs": {"ana:iva": ...},                 of spans: `SpanCounts.facts`
        "units": ..., "again_units": {...},        of blocks: `Unitized.facts`
        "items": [[["ana", "FAVOR"], ...], ...],   of stances: what was said of each target and holder
        "evidence": {"ana:iva": [...]},            and `EVIDENCE` where two said the same
        "shown": {"ana": [2, 1]}}}}                stances, and those with evidence
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations, pairwise
from typing import Any

from annotator.gold.agreement.marks import Marks, Said, Stretch
from annotator.gold.agreement.report import Kind, LayerKind
from annotator.gold.agreement.span_scores import SpanCounts, Tally, count_chars, count_spans
from annotator.gold.agreement.unitizing import unitize
from annotator.model.annotation import State
from annotator.model.person import TRAINING, person_of
from annotator.model.scheme import Overlap, Scheme, SpanLayer, StanceLayer, Unit

FORMAT = 1
"""Raised with every change of what is counted, so that older counts are made anew."""

NOT_FINISHED = "not finished"
SKIPPED = "skipped"

SCALE = ("AGAINST", "NEUTRAL", "FAVOR")
"""The scale of stances; MIXED and NONE lie off it."""
_USUAL = {*SCALE, "MIXED", "NONE"}

EVIDENCE = ("characters_a", "characters_b", "characters_both", "n_a", "n_b", "same", "overlap")
"""What an entry of `evidence` holds."""

Counts = dict[str, Any]
NO_SPANS = Tally()


def layer_kinds(scheme: Scheme) -> tuple[LayerKind, ...]:
    """The scheme's layers as a report sees them."""
    return tuple(_layer_kind(layer) for layer in scheme.layers)


def _layer_kind(layer: SpanLayer | StanceLayer) -> LayerKind:
    labels = [label.name for label in sorted(layer.labels, key=lambda label: label.retired)]
    if isinstance(layer, StanceLayer):
        scale = SCALE if set(SCALE) <= set(labels) <= _USUAL else ()
        return LayerKind(layer.name, Kind.STANCE, layer.title, tuple(labels), scale, layer.absent)
    coarse = layer.unit in (Unit.BLOCK, Unit.SENTENCE) and layer.overlap is Overlap.NONE
    kind = Kind.BLOCKS if coarse else Kind.SPANS
    return LayerKind(layer.name, kind, layer.title, tuple(labels))


def count(length: int, layers: Iterable[LayerKind], marks: Iterable[Marks]) -> Counts:
    """The counts of one article.

    Args:
        length: of its text, in code points.
        layers: what is counted (`layer_kinds`).
        marks: everybody's, in any order; what was done for training is passed over.
    """
    named = {
        each.actor: each
        for each in sorted(marks, key=lambda m: m.actor)
        if person_of(each.actor)[1] != TRAINING and each.begun
    }
    return {
        "at": {actor: each.at for actor, each in named.items()},
        "layers": {layer.name: _layer(length, layer, named) for layer in layers},
    }


def _layer(length: int, layer: LayerKind, named: Mapping[str, Marks]) -> Counts:
    finished = {actor: each for actor, each in named.items() if each.finished(layer.name)}
    done = [actor for actor in finished if person_of(actor)[1] == 1]
    again = _again(finished)
    counts: Counts = {
        "done": done,
        "out": {
            actor: SKIPPED if each.state == State.SKIPPED else NOT_FINISHED
            for actor, each in named.items()
            if actor not in finished and person_of(actor)[1] == 1
        },
        "again": again,
    }
    pairs = [*combinations(done, 2), *((first, second) for _, first, second in again)]
    if layer.kind is Kind.STANCE:
        return counts | _stances(finished, pairs)
    spans = {actor: each.spans.get(layer.name, []) for actor, each in finished.items()}
    counts["pairs"] = {f"{a}:{b}": compared(spans[a], spans[b]).facts() for a, b in pairs}
    if layer.kind is Kind.BLOCKS:
        if len(done) > 1:
            counts["units"] = unitize(length, {actor: spans[actor] for actor in done}).facts()
        counts["again_units"] = {
            f"{a}:{b}": unitize(length, {a: spans[a], b: spans[b]}).facts() for _, a, b in again
        }
    return counts


def compared(a: Sequence[Stretch], b: Sequence[Stretch]) -> SpanCounts:
    """What `count_spans` gives, quicker where most spans are the same: these pair off first anyhow."""
    common = set(a).intersection(b)
    rest_a, rest_b = ([s for s in each if s not in common] for each in (a, b))
    if len(a) - len(rest_a) != len(common) or len(b) - len(rest_b) != len(common):
        return count_spans(a, b)  # one of them has the same span twice
    rest = count_spans(rest_a, rest_b)
    if not common:
        return rest
    labels, confusion = dict(rest.labels), dict(rest.confusion)
    for label, n in Counter(label for _, _, label in common).items():
        labels[label] = labels.get(label, NO_SPANS) + Tally(n, n, n)
        confusion[label, label] = confusion.get((label, label), 0) + n
    every = rest.all + Tally(len(common), len(common), len(common))
    return SpanCounts(1, 0, every, labels, confusion)


def _again(finished: Iterable[str]) -> list[list[str]]:
    """Every two successive passes that a person finished."""
    passes: dict[str, list[tuple[int, str]]] = {}
    for actor in finished:
        person, number = person_of(actor)
        passes.setdefault(person, []).append((int(number), actor))
    return [
        [person, first, second]
        for person, found in sorted(passes.items())
        for (_, first), (_, second) in pairwise(sorted(found))
    ]


def _stances(finished: Mapping[str, Marks], pairs: Sequence[tuple[str, str]]) -> Counts:
    items: dict[tuple[str, str], dict[str, str]] = {}
    for actor, each in finished.items():
        for place, said in each.stances.items():
            items.setdefault(place, {})[actor] = said.label
    evidence = {f"{a}:{b}": _evidence(finished[a], finished[b]) for a, b in pairs}
    return {
        "items": sorted([list(rating) for rating in sorted(i.items())] for i in items.values()),
        "evidence": {pair: found for pair, found in evidence.items() if any(found)},
        "shown": {
            actor: [len(each.stances), sum(bool(s.evidence) for s in each.stances.values())]
            for actor, each in finished.items()
        },
    }


def _evidence(a: Marks, b: Marks) -> list[int]:
    """The evidence of two annotators where both said the same of a target and holder."""
    sums = [0] * len(EVIDENCE)
    for place, said in a.stances.items():
        other = b.stances.get(place)
        if other is None or other.label != said.label or not (said.evidence or other.evidence):
            continue
        sums = [old + new for old, new in zip(sums, _compared(said, other), strict=True)]
    return sums


def _compared(said: Said, other: Said) -> tuple[int, ...]:
    """The evidence two annotators gave for one stance, as `EVIDENCE` names the numbers."""
    if len(said.evidence) == len(other.evidence) == 1:  # as a rule, and then it is simple
        (start, end), (begin, stop) = said.evidence[0], other.evidence[0]
        both = max(0, min(end, stop) - max(start, begin))
        same = said.evidence == other.evidence
        return (end - start, stop - begin, both, 1, 1, int(same), int(both > 0 and not same))
    ours = [(start, end, "") for start, end in said.evidence]
    theirs = [(start, end, "") for start, end in other.evidence]
    length = max(end for _, end, _ in ours + theirs)
    chars, spans = count_chars(length, ours, theirs), count_spans(ours, theirs).all
    return (chars.a, chars.b, chars.both, spans.n_a, spans.n_b, spans.same, spans.label)
