"""How far one annotator agrees with the others: pairs that have this annotator in them, pooled.

Made from the counts of agreement (`gold.agreement.counting`), so that the numbers are those of the
agreement report for the same pairs.
"""

from collections.abc import Collection, Mapping, Sequence
from itertools import combinations
from typing import Any, NamedTuple

from annotator.gold.agreement import continua
from annotator.gold.agreement.formulas import SPAN_F1, Formula, of_tables, tally
from annotator.gold.agreement.measures import Measure
from annotator.gold.agreement.pool import Pool, left_out
from annotator.gold.agreement.report import (
    FEW_ARTICLES,
    FEW_ITEMS,
    HEADLINE,
    Figure,
    Kind,
    LayerKind,
    Metric,
)
from annotator.gold.agreement.span_scores import Measure as Reading
from annotator.gold.agreement.span_scores import Tally
from annotator.gold.agreement.table import Table, Unit

Pairs = Sequence[tuple[str, str]]
Counts = Mapping[str, Any]


class Doc(NamedTuple):
    """An article in a layer, and the pairs of annotators that are looked at."""

    article: str
    counts: Counts
    """Of the layer, as `counting.count` gives them."""
    pairs: Pairs


def with_others(counts: Counts, annotator: str, hidden: Collection[str] = ()) -> Pairs:
    """The pairs of an article that have an annotator in them.

    Nobody is compared with those who answered a hidden question there (`hidden`).
    """
    done = [name for name in counts["done"] if name not in hidden]
    if annotator not in done:
        return ()
    return [(min(annotator, o), max(annotator, o)) for o in done if o != annotator]


def without(counts: Counts, annotator: str, hidden: Collection[str] = ()) -> Pairs:
    """The pairs of an article that do not."""
    out = {annotator, *hidden}
    return list(combinations([name for name in counts["done"] if name not in out], 2))


def beside(layer: LayerKind, docs: Sequence[Doc]) -> Figure:
    """The layer's headline over pairs: strict F1, unitizing alpha, or alpha of the same targets."""
    held = [doc for doc in docs if doc.pairs]
    if layer.kind is Kind.BLOCKS:
        return _blocks(held)
    if layer.kind is Kind.STANCE:
        from annotator.gold.agreement.coefficients import alpha

        return _stances(held, alpha())
    vectors = [(doc.article, _tally(doc)) for doc in held]
    pool = Pool(vectors)
    formula = SPAN_F1[Metric.STRICT_F1]
    items = formula.items(pool.total) if pool.total else 0
    return figure(formula, pool, sum(1 for v in pool.own.values() if formula.items(v)), items)


def headline(layer: LayerKind) -> Metric:
    """What `beside` measures in a layer."""
    return HEADLINE[layer.kind][0]


def agreed(layer: LayerKind, doc: Doc) -> tuple[int, int]:
    """One article's agreement as a fraction that is never undefined by chance: an F1.

    Twice what is the same, and all that both have: spans with their labels, places of blocks (an
    overlap counts half), stances with their values. (0, 0) where nobody has anything.
    """
    if layer.kind is Kind.STANCE:
        return _stance_f1(layer, doc)
    if not doc.pairs:
        return 0, 0
    found = Tally(*_tally(doc))
    measure = Reading.PARTIAL if layer.kind is Kind.BLOCKS else Reading.STRICT
    counts = found.counts(measure)
    return 2 * counts.correct + counts.partial, found.n_a + found.n_b


def figure(formula: Formula, pool: Pool, articles: int, items: int) -> Figure:
    """A number over pooled sums, with its jackknife interval."""
    made = left_out(pool, formula.value, formula.lowest)
    why = ""
    if made.value is None:
        said = formula.explain(pool.total) if formula.explain and pool.total else ""
        why = said or formula.why
    few = articles < FEW_ARTICLES or items < FEW_ITEMS
    return Figure(made.value, why, made.low, made.high, articles, items, few)


def _tally(doc: Doc) -> tuple[int, ...]:
    found = [tally(doc.counts, pair) for pair in doc.pairs]
    return tuple(map(sum, zip(*found, strict=True)))


def _blocks(docs: Sequence[Doc]) -> Figure:
    found: list[tuple[str, continua.Pairs]] = [
        (doc.article, [each for pair in doc.pairs for each in continua.pairs(doc.counts, pair)])
        for doc in docs
    ]
    made = continua.Continua.of(found)
    formula = made.formulas()[Metric.U_ALPHA]
    characters = sum(continua.losses(pairs)[-1] for _, pairs in found)
    return figure(formula, made.pool, len(found), characters)


def _stances(docs: Sequence[Doc], measure: Measure) -> Figure:
    tables = [(doc.article, _table(doc)) for doc in docs]
    formula, vector = of_tables(measure, Table.total(table for _, table in tables))
    pool = Pool([(article, vector(table)) for article, table in tables if table])
    items = formula.items(pool.total) if pool.total else 0
    return figure(formula, pool, sum(1 for v in pool.own.values() if formula.items(v)), items)


def _table(doc: Doc) -> Table:
    """Every pair's answers to a target as an item of their own."""
    units: dict[Unit, int] = {}
    for item in doc.counts["items"]:
        said = dict(map(tuple, item))
        for pair in doc.pairs:
            unit = tuple((name, said[name]) for name in pair if name in said)
            if len(unit) == 2:
                units[unit] = units.get(unit, 0) + 1
    return Table(units)


def _stance_f1(layer: LayerKind, doc: Doc) -> tuple[int, int]:
    same = both = 0
    for item in doc.counts["items"]:
        said = {name: label for name, label in item if label != layer.absent}
        for a, b in doc.pairs:
            both += (a in said) + (b in said)
            same += a in said and said[a] == said.get(b)
    return 2 * same, both


def again(counts: Counts, person: str) -> Pairs:
    """The pairs of a person's successive passes over an article."""
    return [(first, second) for who, first, second in counts["again"] if who == person]


def beside_self(layer: LayerKind, docs: Sequence[Doc]) -> Figure:
    """The same as `beside` of pairs of passes (`again`)."""
    if layer.kind is not Kind.BLOCKS:
        return beside(layer, docs)
    held = [doc for doc in docs if doc.pairs]
    found = [(doc.article, _own_sums(doc)) for doc in held]
    made = continua.Continua.of(found)
    characters = sum(continua.losses(pairs)[-1] for _, pairs in found)
    return figure(made.formulas()[Metric.U_ALPHA], made.pool, len(found), characters)


def _own_sums(doc: Doc) -> continua.Pairs:
    return [each for pair in doc.pairs for each in continua.again(doc.counts, pair)]
