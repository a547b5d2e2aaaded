"""What a lead knows of each annotator's work: a dozen numbers side by side, and no rank made of them.

A number from fewer than `FEW` items is marked: it says little. Nothing here looks at who an annotator
is, only at counts; see `lead.quality` for where these come from.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from annotator.gold.agreement.dawid_skene import dawid_skene
from annotator.gold.agreement.formulas import Formula
from annotator.gold.agreement.pool import Pool
from annotator.gold.agreement.report import FEW_ITEMS, Figure, Kind
from annotator.gold.beside import figure
from annotator.gold.comparison import Counts, Edges, Outcome
from annotator.gold.drift import Drift

FEW = FEW_ITEMS
"""A number from fewer items is marked."""
MODEL_PEOPLE = 3
"""Dawid and Skene's model is asked from so many annotators on ..."""
MODEL_ITEMS = 50
"""... each with so many items."""


class LabelQuality(NamedTuple):
    """One label against gold."""

    label: str
    gold: int
    """How often gold has it."""
    own: int
    """How often the annotator gave it."""
    f1: float | None
    missing: float | None
    """Share of gold's that the annotator has nothing for."""
    extra: float | None
    """Share of the annotator's that gold has nothing for."""
    edges: Edges | None
    """Of spans whose label is right and whose edges are not."""

    @property
    def few(self) -> bool:
        """Whether gold and the annotator together have fewer than `FEW`."""
        return max(self.gold, self.own) < FEW


class Against(NamedTuple):
    """An annotator's work in one layer against gold."""

    f1: Figure
    """2 same / (gold + own): place and label, or target, holder and value."""
    accuracy: Figure
    """Of what both have at the same place (toward the same target), the share with gold's label."""
    partial: Figure
    """Of spans: F1 of places, where an overlap counts half; of stances as `f1`."""
    counts: Counts
    labels: tuple[LabelQuality, ...]
    """Labels that gold or the annotator used, sorted."""

    @property
    def missing(self) -> float | None:
        """Share of gold that the annotator has nothing for: under-marking."""
        return self.counts.missing_rate()

    @property
    def extra(self) -> float | None:
        """Share of the annotator's that gold has nothing for: over-marking."""
        return self.counts.extra_rate()


class Pace(NamedTuple):
    """What the work took, over articles whose time was recorded."""

    articles: int = 0
    characters: int = 0
    """Of these articles."""
    seconds: int = 0
    """Active seconds in the layer."""
    keys: int = 0
    annotations: int = 0

    @property
    def seconds_per_1000(self) -> float | None:
        """Active seconds for every 1000 characters of text; None where no time was recorded."""
        return 1000 * self.seconds / self.characters if self.characters else None

    @property
    def keys_each(self) -> float | None:
        """Keys for each annotation; None without an annotation."""
        return self.keys / self.annotations if self.annotations else None

    @property
    def few(self) -> bool:
        """Whether fewer than `FEW` annotations were made."""
        return self.annotations < FEW


class Self(NamedTuple):
    """An annotator beside their own earlier pass."""

    figure: Figure
    """The layer's headline, as with the others."""
    changed: float | None
    """Share of answers that were other ones the second time (1 - F1); None without answers."""
    days: tuple[float, float, float] | None
    """Days between the passes: least, median, most; None where no time is known."""


class Diagonal(NamedTuple):
    """How often the model believes an annotator gave a label where it is the true one."""

    label: str
    share: float
    items: float
    """How many such items it expects the annotator to have seen."""

    @property
    def few(self) -> bool:
        """Whether that is fewer than `FEW`."""
        return self.items < FEW


class LayerQuality(NamedTuple):
    """One annotator's work in one layer."""

    layer: str
    kind: Kind
    title: str
    finished: int
    """Articles of which they finished the layer."""
    others: Figure
    """Leave-one-out: the layer's headline over all pairs of them and somebody else."""
    rest: Figure
    """The same number of the others among themselves, on the articles this annotator finished too."""
    gold: Against | None
    """None where no article with gold was finished."""
    hidden: Against | None
    """The same on hidden questions alone: their gold knew nothing of this annotator."""
    again: Self | None
    pace: Pace
    diagonal: tuple[Diagonal, ...] = ()
    """Of stances, where there is enough for the model."""
    drift: Drift = Drift(0)
    """Of the agreement with the others, article by article."""
    gold_drift: Drift = Drift(0)
    """Of the F1 against gold."""


class Questions(NamedTuple):
    """Hidden gold questions: articles whose answer is known."""

    asked: int = 0
    answered: int = 0


class Person(NamedTuple):
    """One annotator."""

    name: str
    finished: int
    """Articles that are done (not skipped)."""
    questions: Questions
    repeats: Questions
    """Articles given again, blind."""
    layers: tuple[LayerQuality, ...]
    """Those in which they finished anything."""

    @property
    def is_drifting(self) -> bool:
        """Whether an alarm stands in a layer."""
        return any(each.drift.is_alarming or each.gold_drift.is_alarming for each in self.layers)


class QualityReport(NamedTuple):
    """Everybody's work."""

    people: tuple[Person, ...]
    """By name."""
    gold: str
    """What they are held against, in words; "" where there is no gold."""
    since: str
    """Only work finished on this day (UTC) or later; "" is all."""

    @property
    def drifting(self) -> tuple[str, ...]:
        """Names of those with an alarm that stands."""
        return tuple(person.name for person in self.people if person.is_drifting)


def against(found: Sequence[tuple[str, Counts]], kind: Kind) -> Against | None:
    """An annotator's counts of articles against gold, pooled; None without an article.

    Args:
        found: article and counts of one layer.
        kind: the layer's.
    """
    if not found:
        return None
    total = Counts.total(counts for _, counts in found)
    strict = [(name, (2 * c.many(Outcome.SAME), c.gold() + c.own())) for name, c in found]
    both = [(name, (c.many(Outcome.SAME), c.many(Outcome.SAME) + c.many(Outcome.LABEL)))
            for name, c in found]  # fmt: skip
    f1 = _ratio(strict, "nothing in gold, none given")
    spans = kind is not Kind.STANCE
    return Against(
        f1,
        _ratio(both, "no place in common"),
        _ratio([(name, c.partial) for name, c in found], f1.why_undefined) if spans else f1,
        total,
        tuple(_label(total, label) for label in total.labels),
    )


def _label(total: Counts, label: str) -> LabelQuality:
    return LabelQuality(
        label,
        total.gold(label),
        total.own(label),
        total.f1(label),
        total.missing_rate(label),
        total.extra_rate(label),
        total.wrong_edges(label),
    )


def _ratio(found: Sequence[tuple[str, tuple[int, int]]], why: str) -> Figure:
    """A share over articles, each with what is right and what there is."""
    formula = Formula(
        lambda sums: sums[0] / sums[1] if sums[1] else None,
        lambda sums: sums[1] - sums[0],
        lambda sums: sums[1],
        why,
    )
    pool = Pool(found)
    items = formula.items(pool.total) if pool.total else 0
    return figure(formula, pool, sum(1 for sums in pool.own.values() if sums[1]), items)


def diagonals(items: Sequence[Mapping[str, str]]) -> dict[str, tuple[Diagonal, ...]]:
    """How reliable each annotator is with each label, by Dawid and Skene's model.

    Args:
        items: of each target what everybody who marked it said; only those with several count.

    Returns:
        By annotator, in the order of labels. Nothing with fewer than `MODEL_PEOPLE` annotators of
        `MODEL_ITEMS` items each; who has fewer is left out.
    """
    shared = [item for item in items if len(item) > 1]
    given: dict[str, int] = {}
    for item in shared:
        for name in item:
            given[name] = given.get(name, 0) + 1
    enough = {name for name, n in given.items() if n >= MODEL_ITEMS}
    if len(enough) < MODEL_PEOPLE:
        return {}
    rated = [
        kept
        for item in shared
        if len(kept := {name: label for name, label in item.items() if name in enough}) > 1
    ]
    model = dawid_skene(rated)
    expected = {name: [0.0] * len(model.labels) for name in enough}
    for item, row in zip(rated, model.posteriors, strict=True):
        for name in item:
            expected[name] = [a + b for a, b in zip(expected[name], row, strict=True)]
    return {
        name: tuple(
            Diagonal(label, model.confusion[name][at][at], expected[name][at])
            for at, label in enumerate(model.labels)
            if expected[name][at] >= 0.5
        )
        for name in sorted(enough & model.confusion.keys())
    }
