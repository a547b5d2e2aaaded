"""One annotator's work on an article against the gold of the same article.

Spans are paired as agreement pairs them (`gold.agreement.matching`), stances by target and holder.
Only layers that are gold and that the annotator finished are compared: what nobody has looked at yet
is not missing. The counts of articles add up.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from annotator.gold.adjudication.making import finished
from annotator.gold.agreement.matching import Tier, match
from annotator.model.annotation import Span, Stance, Work
from annotator.model.scheme import Scheme

_NONE: Mapping[Any, int] = {}


class Outcome(StrEnum):
    """How something of an annotator's stands to gold."""

    SAME = "same"
    LABEL = "label"
    """The same place (or target and holder) with another label."""
    EDGES = "edges"
    """They overlap and have the same label."""
    BOTH = "edges and label"
    """They overlap and have different labels."""
    MISSED = "missed"
    """Gold has it and the annotator nothing."""
    EXTRA = "extra"
    """The annotator has it and gold nothing."""


_OF_TIER = {
    Tier.SAME: Outcome.SAME,
    Tier.BOUNDARY: Outcome.LABEL,
    Tier.LABEL: Outcome.EDGES,
    Tier.OVERLAP: Outcome.BOTH,
}


class SpanPair(NamedTuple):
    """A gold span and the annotator's for it; one of them is None where it has no partner."""

    layer: str
    outcome: Outcome
    gold: Span | None
    own: Span | None

    @property
    def place(self) -> tuple[int, int]:
        """The stretch of text that both cover together."""
        spans = [span for span in (self.gold, self.own) if span is not None]
        return min(span.start for span in spans), max(span.end for span in spans)

    @property
    def label(self) -> str:
        """Gold's label, else the annotator's."""
        return _label(self.gold, self.own)

    @property
    def edges(self) -> tuple[int, int]:
        """By how many code points the annotator's span is too wide at its start and at its end.

        Negative numbers are too narrow; (0, 0) where there is no pair.
        """
        if self.gold is None or self.own is None:
            return 0, 0
        return self.gold.start - self.own.start, self.own.end - self.gold.end


class StancePair(NamedTuple):
    """A gold stance and the annotator's toward the same target by the same holder."""

    layer: str
    outcome: Outcome
    """`SAME`, `LABEL`, `MISSED` or `EXTRA`."""
    gold: Stance | None
    own: Stance | None

    @property
    def place(self) -> tuple[int, int]:
        """Where its evidence begins and ends, gold's before the annotator's; (0, 0) without any."""
        for stance in (self.gold, self.own):
            if stance is not None and stance.evidence:
                return (
                    min(each.start for each in stance.evidence),
                    max(each.end for each in stance.evidence),
                )
        return 0, 0

    @property
    def label(self) -> str:
        """Gold's value, else the annotator's."""
        return _label(self.gold, self.own)


def _label(gold: Span | Stance | None, own: Span | Stance | None) -> str:
    found = gold or own
    assert found is not None, "a pair has one of both at least"
    return found.label


Difference = SpanPair | StancePair


class Comparison(NamedTuple):
    """One annotator's work on one article beside its gold."""

    article: str
    actor: str
    layers: tuple[str, ...]
    """The layers that were compared, in the scheme's order."""
    spans: tuple[SpanPair, ...]
    """By place."""
    stances: tuple[StancePair, ...]
    """By target and holder."""

    @property
    def differences(self) -> tuple[Difference, ...]:
        """What is not the same, in reading order, stances last."""
        pairs: tuple[Difference, ...] = (*self.spans, *self.stances)
        return tuple(pair for pair in pairs if pair.outcome is not Outcome.SAME)

    @property
    def alike(self) -> int:
        """How much is the same."""
        return len(self.spans) + len(self.stances) - len(self.differences)

    def counts(self) -> "dict[str, Counts]":
        """The counts of every layer that was compared."""
        return {layer: Counts.of(self._of(layer)) for layer in self.layers}

    def _of(self, layer: str) -> Iterator[Difference]:
        pairs: tuple[Difference, ...] = (*self.spans, *self.stances)
        yield from (pair for pair in pairs if pair.layer == layer)


def compare(own: Work, gold: Work, scheme: Scheme) -> Comparison:
    """Put an annotator's work beside the gold of the same article.

    Args:
        own: the annotator's.
        gold: gold, with the layers that are gold as those looked at.
        scheme: its layers are compared; a stance whose value says "not discussed" is none.
    """
    stance = scheme.stance_layer
    layers = tuple(
        layer.name
        for layer in scheme.layers
        if layer.name in gold.looked and finished(own, layer.name)
    )
    spans: list[SpanPair] = []
    for name in layers:
        if stance is None or name != stance.name:
            spans += _spans(name, own.spans, gold.spans)
    spans.sort(key=lambda pair: (*pair.place, pair.layer))
    stances: tuple[StancePair, ...] = ()
    if stance is not None and stance.name in layers:
        stances = tuple(_stances(stance.name, stance.absent, own, gold))
    return Comparison(own.article, own.actor, layers, tuple(spans), stances)


def _spans(layer: str, own: Iterable[Span], gold: Iterable[Span]) -> Iterator[SpanPair]:
    true = [span for span in gold if span.layer == layer]
    given = [span for span in own if span.layer == layer]
    found = match(true, given)
    for pair in found.pairs:
        yield SpanPair(layer, _OF_TIER[pair.tier], pair.a, pair.b)
    for span in found.missing:
        yield SpanPair(layer, Outcome.MISSED, span, None)
    for span in found.spurious:
        yield SpanPair(layer, Outcome.EXTRA, None, span)


def _stances(layer: str, absent: str, own: Work, gold: Work) -> Iterator[StancePair]:
    given, true = (
        {(each.target.ref, each.holder.ref): each for each in work.stances if each.label != absent}
        for work in (own, gold)
    )
    for place in sorted(given.keys() | true.keys()):
        ours, theirs = given.get(place), true.get(place)
        if theirs is None:
            outcome = Outcome.EXTRA
        elif ours is None:
            outcome = Outcome.MISSED
        else:
            outcome = Outcome.SAME if ours.label == theirs.label else Outcome.LABEL
        yield StancePair(layer, outcome, theirs, ours)


class Edges(NamedTuple):
    """How an annotator's edges lie, over the spans whose label is right and whose edges are not."""

    spans: int
    """So many spans."""
    start: float
    """The median of by how many code points they are too wide at the start; below 0 too narrow."""
    end: float
    wide: int
    """Spans too wide at an edge and at none too narrow."""
    narrow: int
    """Spans too narrow at an edge and at none too wide."""


class Counts(NamedTuple):
    """What was found in one layer of articles; `+` adds articles, in any order."""

    articles: int = 0
    outcomes: Mapping[tuple[Outcome, str, str], int] = _NONE
    """By outcome, gold label and the annotator's label; "" where there is none."""
    edges: Mapping[tuple[str, int, int], int] = _NONE
    """By label and `SpanPair.edges`: how often edges are wrong just so (of `EDGES` only)."""

    @classmethod
    def of(cls, pairs: Iterable[Difference]) -> "Counts":
        """The counts of one layer of one article."""
        outcomes: Counter[tuple[Outcome, str, str]] = Counter()
        edges: Counter[tuple[str, int, int]] = Counter()
        for pair in pairs:
            true = pair.gold.label if pair.gold is not None else ""
            given = pair.own.label if pair.own is not None else ""
            outcomes[pair.outcome, true, given] += 1
            if pair.outcome is Outcome.EDGES and isinstance(pair, SpanPair):
                edges[true, *pair.edges] += 1
        return cls(1, dict(outcomes), dict(edges))

    @classmethod
    def total(cls, counts: Iterable["Counts"]) -> "Counts":
        """All of them together."""
        articles = 0
        outcomes: Counter[tuple[Outcome, str, str]] = Counter()
        edges: Counter[tuple[str, int, int]] = Counter()
        for each in counts:
            articles += each.articles
            outcomes.update(each.outcomes)
            edges.update(each.edges)
        return cls(articles, dict(outcomes), dict(edges))

    def __add__(self, other: "Counts") -> "Counts":  # type: ignore[override]  # sums, not a longer tuple
        return Counts.total((self, other))

    def many(self, outcome: Outcome, label: str = "") -> int:
        """How often something came out so; of one label: of gold's, and of extra ones the annotator's."""
        return sum(
            n
            for (found, true, given), n in self.outcomes.items()
            if found is outcome and label in ("", true or given)
        )

    def gold(self, label: str = "") -> int:
        """How many things are gold, with a label if one is named."""
        return sum(n for (_, t, _), n in self.outcomes.items() if t and label in ("", t))

    def own(self, label: str = "") -> int:
        """How many things the annotator has, with a label if one is named."""
        return sum(n for (*_, g), n in self.outcomes.items() if g and label in ("", g))

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels that gold or the annotator used, sorted."""
        return tuple(sorted({name for _, *two in self.outcomes for name in two if name}))

    def f1(self, label: str = "") -> float | None:
        """2 same / (gold + own), same place and label; None where neither has anything."""
        both = self.gold(label) + self.own(label)
        return 2 * self.many(Outcome.SAME, label) / both if both else None

    @property
    def partial(self) -> tuple[int, int]:
        """Twice the spans whose place is right, an overlap counting half, and gold + own."""
        right = self.many(Outcome.SAME) + self.many(Outcome.LABEL)
        over = self.many(Outcome.EDGES) + self.many(Outcome.BOTH)
        return 2 * right + over, self.gold() + self.own()

    @property
    def accuracy(self) -> float | None:
        """Of what both marked at the same place, the share with gold's label; None without any."""
        same, other = self.many(Outcome.SAME), self.many(Outcome.LABEL)
        return same / (same + other) if same + other else None

    def missing_rate(self, label: str = "") -> float | None:
        """The share of gold that the annotator has nothing for; None without gold."""
        gold = self.gold(label)
        return self.many(Outcome.MISSED, label) / gold if gold else None

    def extra_rate(self, label: str = "") -> float | None:
        """The share of the annotator's that gold has nothing for; None where they have none."""
        own = self.own(label)
        return self.many(Outcome.EXTRA, label) / own if own else None

    def wrong_edges(self, label: str = "") -> Edges | None:
        """How the edges lie where they are wrong; None where none are."""
        found = {key: n for key, n in self.edges.items() if label in ("", key[0])}
        if not found:
            return None
        wide = sum(n for (_, *at), n in found.items() if min(at) >= 0)
        narrow = sum(n for (_, *at), n in found.items() if max(at) <= 0)
        starts = Counter[int]()
        ends = Counter[int]()
        for (_, start, end), n in found.items():
            starts[start] += n
            ends[end] += n
        return Edges(sum(found.values()), _median(starts), _median(ends), wide, narrow)


def _median(counted: Mapping[int, int]) -> float:
    """The median of numbers that occur so often."""
    whole = sum(counted.values())
    wanted = (whole - 1) // 2, whole // 2
    found, past = [], 0
    for value, n in sorted(counted.items()):
        found += [value for place in wanted if past <= place < past + n]
        past += n
    return sum(found) / 2
