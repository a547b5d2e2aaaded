"""Figures from the counts of articles: each with its interval, and the articles that pull it down."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from heapq import nsmallest
from math import fsum
from typing import Any, NamedTuple

from annotator.gold.agreement import continua
from annotator.gold.agreement.coefficients import bennett, cohen, fleiss, scott
from annotator.gold.agreement.continua import LOSSES, Continua, Pairs
from annotator.gold.agreement.formulas import (
    LABEL_F1,
    SETS,
    SPAN_F1,
    Formula,
    Vector,
    Who,
    filled,
    filled_measures,
    label_measure,
    label_tallies,
    marked_measures,
    of_tables,
    sets,
    table,
    tally,
)
from annotator.gold.agreement.intervals import Interval, jackknife
from annotator.gold.agreement.measures import Measure
from annotator.gold.agreement.pool import Pool, left_out
from annotator.gold.agreement.report import (
    FEW_ARTICLES,
    FEW_ITEMS,
    NO_FIGURES,
    Culprit,
    Figure,
    Figures,
    Kind,
    LayerKind,
    Metric,
    Part,
    Row,
)
from annotator.gold.agreement.span_scores import Measure as Strictness
from annotator.gold.agreement.span_scores import Tally
from annotator.gold.agreement.table import Table

WithInterval = Callable[..., Interval]
"""`intervals.jackknife` or `intervals.bootstrap`."""


class Doc(NamedTuple):
    """An article in a layer, with those of its annotators who count."""

    article: str
    counts: Mapping[str, Any]
    """Of the layer."""
    who: Who
    part: Part


class Numbers(NamedTuple):
    """The figures of a group of articles."""

    figures: Figures
    worst: Mapping[Metric, tuple[Culprit, ...]]
    below: tuple[float, float] | None = None
    """How likely the first of them is below each of Krippendorff's limits."""
    pool: Continua | None = None
    """Of blocks: their lengths."""


Vectors = Sequence[tuple[str, Vector]]
"""Article and what it adds."""


def numbers(
    layer: LayerKind,
    docs: Sequence[Doc],
    worst: int,
    interval: WithInterval | None = None,
    known: Continua | None = None,
) -> Numbers:
    """All figures of some articles.

    Args:
        layer: what they are about.
        docs: the articles.
        worst: how many that pull a number down are named.
        interval: `jackknife` or `bootstrap`; without one the jackknife in its quickest form, which
            does not say how likely the number is below the limits.
        known: the lengths of blocks in these articles, where they were summed up before.
    """
    made, pool = _Maker(worst, interval), None
    if layer.kind is Kind.STANCE:
        _stances(made, layer, docs)
    else:
        if layer.kind is Kind.BLOCKS:
            pool = _continua(made, docs, known)
        made.all(SPAN_F1, [(doc.article, tally(doc.counts, doc.who)) for doc in docs])
    return Numbers(made.figures, made.worst, made.below, pool)


class _Maker:
    """Makes figures, one metric after the other."""

    def __init__(self, worst: int, interval: WithInterval | None) -> None:
        self.figures: dict[Metric, Figure] = {}
        self.worst: dict[Metric, tuple[Culprit, ...]] = {}
        self.below: tuple[float, float] | None = None
        self.limit, self._interval = worst, interval

    def all(self, formulas: Mapping[Metric, Formula], vectors: Vectors) -> None:
        """Figures of formulas that share their sums, with the articles that pull them down."""
        pool = Pool(vectors)
        for metric, formula in formulas.items():
            losses = {vector: formula.loss(vector) for vector in pool.counted}
            articles = sum(n for vector, n in pool.counted.items() if formula.items(vector))
            items = formula.items(pool.total) if pool.total else 0
            self.add(metric, formula, pool, articles, items)
            self.worst[metric] = _culprits(
                [(article, losses[vector]) for article, vector in vectors if losses.get(vector)],
                self.limit,
                partial(_value, formula, pool),
            )

    def add(self, metric: Metric, formula: Formula, pool: Pool, articles: int, items: int) -> None:
        """Put a figure in."""
        made = self._interval_of(formula, pool)
        why = made.why
        if made.value is None:
            said = formula.explain(pool.total) if formula.explain and pool.total else ""
            why = said or formula.why
        few = articles < FEW_ARTICLES or items < FEW_ITEMS
        self.below = made.below if not self.figures else self.below
        self.figures[metric] = Figure(made.value, why, made.low, made.high, articles, items, few)

    def _interval_of(self, formula: Formula, pool: Pool) -> Interval:
        if self._interval is None:
            return left_out(pool, formula.value, formula.lowest)
        if self._interval is jackknife:
            return jackknife(pool.all(), formula.value, total=pool.total, lowest=formula.lowest)
        return self._interval(pool.all(), formula.value)


def _value(formula: Formula, pool: Pool, article: str) -> float | None:
    """The number of one article."""
    return formula.value(pool.own[article])


def _culprits(
    losses: Sequence[tuple[str, float]], limit: int, value: Callable[[str], float | None]
) -> tuple[Culprit, ...]:
    """The articles with the most disagreement, and each one's own number."""
    total = fsum(loss for _, loss in losses)
    found = nsmallest(limit, losses, key=lambda each: (-each[1], each[0]))
    return tuple(Culprit(article, value(article), loss / total) for article, loss in found)


# --- blocks


def _sums_of(doc: Doc) -> Pairs:
    if "units" in doc.counts and set(doc.who) <= set(doc.counts["done"]):
        return continua.pairs(doc.counts, doc.who)
    return continua.again(doc.counts, doc.who)


def _continua(made: _Maker, docs: Sequence[Doc], known: Continua | None) -> Continua:
    found = [(doc.article, _sums_of(doc)) for doc in docs]
    pool = known or Continua.of(found)
    losses = [(article, continua.losses(pairs)) for article, pairs in found]
    own = dict(found)
    characters = sum(loss[-1] for _, loss in losses)
    for metric, formula in pool.formulas().items():
        which = LOSSES[metric]
        made.add(metric, formula, pool.pool, len(found), characters)
        made.worst[metric] = _culprits(
            [(article, loss[which]) for article, loss in losses if loss[which]],
            made.limit,
            partial(_alone, own, metric),
        )
    return pool


def _alone(own: Mapping[str, Pairs], metric: Metric, article: str) -> float | None:
    """The number of one article."""
    pool = Continua.of([("", own[article])])
    return pool.formulas()[metric].value(pool.pool.total)


# --- stances


def _stances(made: _Maker, layer: LayerKind, docs: Sequence[Doc]) -> None:
    # equal ones are one, and found in no time
    known: dict[tuple[Table, Who], tuple[Table, Table]] = {}
    both, with_absent = [], []
    for doc in docs:
        found = table(doc.counts, doc.who)
        pair = known.get((found, doc.who))
        if pair is None:
            pair = known[found, doc.who] = (found, filled(found, doc.who, layer.absent))
        both.append((doc.article, pair[0]))
        with_absent.append((doc.article, pair[1]))
    _tables(made, marked_measures(layer), both)
    made.all(SETS, [(doc.article, sets(doc.counts, doc.who, layer.absent)) for doc in docs])
    _tables(made, filled_measures(layer), with_absent)


def _tables(
    made: _Maker, measures: Mapping[Metric, Measure], found: Sequence[tuple[str, Table]]
) -> None:
    total = Table.total(one for _, one in found)
    for metric, measure in measures.items():
        formula, vector = of_tables(measure, total)
        known = {one: vector(one) for one in {one for _, one in found}}
        made.all({metric: formula}, [(article, known[one]) for article, one in found if one])


# --- by label


def labels(
    layer: LayerKind, docs: Sequence[Doc], worst: int, pool: Continua | None
) -> tuple[Row, ...]:
    """The figures of every label that anybody used, in the scheme's order; `pool` as in `Numbers`."""
    rows = _stance_labels(docs) if layer.kind is Kind.STANCE else _span_labels(docs, pool)
    names = [name for name in layer.labels if name in rows]
    made = []
    for name in (*names, *sorted(rows.keys() - set(names))):
        maker = _Maker(worst, None)
        rows[name](maker)
        made.append(Row((name,), maker.figures, maker.worst))
    return tuple(made)


Fill = Callable[[_Maker], None]


def _stance_labels(docs: Sequence[Doc]) -> dict[str, Fill]:
    both = [(doc.article, table(doc.counts, doc.who)) for doc in docs]
    total = Table.total(found for _, found in both)

    def fill(label: str) -> Fill:
        return lambda made: _one_label(made, label, both, total)

    return {label: fill(label) for label in total.labels}


def _one_label(made: _Maker, label: str, both: Sequence[tuple[str, Table]], total: Table) -> None:
    """Agreement on one label: sums of two numbers, those that agree and those that might."""
    form = label_measure(label).form(total)
    formula = Formula(
        lambda sums: form.value(sums).value,
        lambda sums: sums[1] - sums[0],
        lambda sums: sums[1],
        "nobody else marked a target that has this label",
    )
    vectors = [(article, form.count(found)) for article, found in both if found]
    made.all({Metric.PERCENT: formula}, [each for each in vectors if any(each[1])])


def _span_labels(docs: Sequence[Doc], pool: Continua | None) -> dict[str, Fill]:
    found: dict[str, list[tuple[str, Vector]]] = {}
    for doc in docs:
        for label, sums in label_tallies(doc.counts, doc.who).items():
            found.setdefault(label, []).append((doc.article, sums))
    length = continua.label_lengths(_sums_of(doc) for doc in docs) if pool else Counter()

    def fill(label: str) -> Fill:
        def run(made: _Maker) -> None:
            if pool is not None:
                articles = len(found[label])
                made.add(Metric.U_ALPHA, pool.label(label), pool.pool, articles, length[label])
            made.all(LABEL_F1, found[label])

        return run

    return {label: fill(label) for label in found}


def span_counts(docs: Iterable[Doc]) -> dict[str, int]:
    """COR, INC (same place, other label), PAR (overlap), MIS and SPU over all pairs."""
    found = Tally(*Pool([(doc.article, tally(doc.counts, doc.who)) for doc in docs]).total)
    strict, partial = found.counts(Strictness.STRICT), found.counts(Strictness.PARTIAL)
    return {
        "correct": strict.correct,
        "incorrect": strict.incorrect - partial.partial,
        "partial": partial.partial,
        "missing": strict.missing,
        "spurious": strict.spurious,
    }


def metrics(layer: LayerKind) -> tuple[Metric, ...]:
    """What can be measured in a layer, on request too."""
    if layer.kind is Kind.STANCE:
        return (*marked_measures(layer), *SETS, *filled_measures(layer), *ON_REQUEST)
    own = LOSSES if layer.kind is Kind.BLOCKS else ()
    return (*own, *SPAN_F1, Metric.GAMMA)


# --- on request

ON_REQUEST: Mapping[Metric, Callable[[LayerKind], Measure]] = {
    Metric.KAPPA: lambda _: cohen(),
    Metric.PI: lambda _: scott(),
    Metric.FLEISS: lambda _: fleiss(),
    Metric.BENNETT_S: lambda layer: bennett(len(layer.labels)),
}
"""Coefficients of the literature, of stances."""


def on_request(
    layer: LayerKind, docs: Sequence[Doc], also: Sequence[Metric], interval: WithInterval
) -> Figures:
    """What was asked for besides."""
    wanted = {name: ON_REQUEST[name](layer) for name in also if name in ON_REQUEST}
    if layer.kind is not Kind.STANCE or not wanted:
        return NO_FIGURES
    made = _Maker(0, interval)
    _tables(made, wanted, [(doc.article, table(doc.counts, doc.who)) for doc in docs])
    return made.figures
