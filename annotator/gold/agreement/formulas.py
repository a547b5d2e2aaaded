"""The metrics over sums: what an article adds, the number of a sum, and the disagreement in it.

A family makes one statistic of an article for a choice of its annotators; its formulas say what each
metric makes of the sum over articles. All sums are whole numbers.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any, NamedTuple

from annotator.gold.agreement.coefficients import ac1, alpha, ordinal, percent, specific
from annotator.gold.agreement.measures import Measure
from annotator.gold.agreement.report import LayerKind, Metric
from annotator.gold.agreement.span_scores import Measure as Reading
from annotator.gold.agreement.span_scores import Tally
from annotator.gold.agreement.table import Table, Unit

Vector = tuple[int, ...]
Who = tuple[str, ...]
"""Annotators, sorted."""


class Formula(NamedTuple):
    """What a metric makes of sums."""

    value: Callable[[Vector], float | None]
    loss: Callable[[Vector], float]
    """How much disagreement it counts, in any unit of its own."""
    items: Callable[[Vector], int]
    """How much there is that annotators can differ in."""
    why: str
    """Why it is undefined where it is, unless `explain` knows better."""
    lowest: float = 0.0
    explain: Callable[[Vector], str] | None = None


NOTHING_MARKED = "nobody marked anything"


def _ratio(above: Sequence[int], below: Sequence[int], why: str) -> Formula:
    """A share: the sum of some places of a vector divided by that of others."""

    def value(sums: Vector) -> float | None:
        whole = sum(sums[i] for i in below)
        return sum(sums[i] for i in above) / whole if whole else None

    def loss(sums: Vector) -> float:
        return sum(sums[i] for i in below) - sum(sums[i] for i in above)

    return Formula(value, loss, lambda sums: sum(sums[i] for i in below), why)


# --- spans


def _tally(reading: Reading) -> Formula:
    def doubled(sums: Vector) -> int:
        counts = Tally(*sums).counts(reading)
        return 2 * counts.correct + counts.partial

    return Formula(
        lambda sums: Tally(*sums).f1(reading),
        lambda sums: sums[0] + sums[1] - doubled(sums),
        lambda sums: sums[0] + sums[1],
        NOTHING_MARKED,
    )


SPAN_F1: Mapping[Metric, Formula] = {
    Metric.STRICT_F1: _tally(Reading.STRICT),
    Metric.EXACT_F1: _tally(Reading.EXACT),
    Metric.PARTIAL_F1: _tally(Reading.PARTIAL),
    Metric.TYPE_F1: _tally(Reading.TYPE),
}
LABEL_F1 = {name: SPAN_F1[name] for name in (Metric.STRICT_F1, Metric.PARTIAL_F1)}
"""Of one label's spans alone, where the readings of labels are all the same."""


def pairs_of(who: Iterable[str]) -> list[str]:
    """The keys of the pairs of some annotators in an article's counts; of a person's passes too."""
    return [f"{a}:{b}" for a, b in combinations(who, 2)]


def tally(counts: Mapping[str, Any], who: Who) -> Vector:
    """The spans of an article, all labels."""
    found = [counts["pairs"][pair]["all"] for pair in pairs_of(who)]
    return tuple(found[0]) if len(found) == 1 else tuple(map(sum, zip(*found, strict=True)))


def label_tallies(counts: Mapping[str, Any], who: Who) -> dict[str, Vector]:
    """The spans of an article, each label as if there were no others."""
    found: dict[str, list[list[int]]] = {}
    for pair in pairs_of(who):
        for label, one in counts["pairs"][pair]["labels"].items():
            found.setdefault(label, []).append(one)
    return {label: tuple(map(sum, zip(*many, strict=True))) for label, many in found.items()}


# --- stances


TWICE = "nobody else marked the same target"
SETS: Mapping[Metric, Formula] = {
    Metric.SET_F1: _ratio((0, 0), (1,), "nobody gave a target a position"),
    Metric.EVIDENCE_F1: _ratio((2, 2), (3,), "no evidence for a stance that two gave alike"),
    Metric.EVIDENCE_PARTIAL_F1: _ratio((4,), (5,), "no evidence for a stance that two gave alike"),
    Metric.EVIDENCE_SHARE: _ratio((6,), (7,), "nobody gave a stance"),
}
"""Of `sets`."""


def sets(counts: Mapping[str, Any], who: Who, absent: str) -> Vector:
    """Which targets were given a position, and the evidence, of an article."""
    chosen = set(who)
    both = marked = 0
    for item in counts["items"]:
        n = sum(1 for name, label in item if name in chosen and label != absent)
        both += n * (n - 1) // 2
        marked += n * (len(who) - 1)
    found = [counts["evidence"].get(pair) for pair in pairs_of(who)]
    one, two, same, n_a, n_b, equal, overlap = map(
        sum, zip(*(each for each in found if each), [0] * 7, strict=True)
    )
    shown = [counts["shown"][name] for name in who]
    given, backed = map(sum, zip(*shown, strict=True))
    return (both, marked, same, one + two, 2 * equal + overlap, n_a + n_b, backed, given)


def table(counts: Mapping[str, Any], who: Who) -> Table:
    """The labels of an article's targets, of those who marked them."""
    chosen = set(who)
    units: dict[Unit, int] = {}
    for item in counts["items"]:
        unit = tuple((name, label) for name, label in item if name in chosen)
        if unit:
            units[unit] = units.get(unit, 0) + 1
    return Table(units)


def filled(found: Table, who: Who, absent: str) -> Table:
    """The same with `absent` from those who finished without marking a target that others marked."""
    units: dict[Unit, int] = {}
    for unit, n in found.units.items():
        said = dict(unit)
        whole = tuple((name, said.get(name, absent)) for name in who)
        units[whole] = units.get(whole, 0) + n
    return Table(units)


def of_tables(measure: Measure, total: Table) -> tuple[Formula, Callable[[Table], Vector]]:
    """The formula of a coefficient, and the vectors that it takes.

    Disagreement and items are put before the coefficient's own sums.
    """
    form = measure.form(total)

    def vector(one: Table) -> Vector:
        return (*_apart(one), *form.count(one))

    def own(sums: Vector) -> Vector:
        return sums[2:]

    return (
        Formula(
            lambda sums: form.value(own(sums)).value,
            lambda sums: sums[0],
            lambda sums: sums[1],
            TWICE,
            -1.0,
            lambda sums: form.value(own(sums)).why,
        ),
        vector,
    )


def _apart(found: Table) -> tuple[int, int]:
    """Pairs of ratings that differ, and items with two or more."""
    apart = paired = 0
    for unit, n in found.units.items():
        if len(unit) > 1:
            paired += n
            apart += n * sum(1 for one, two in combinations(unit, 2) if one[1] != two[1])
    return apart, paired


def marked_measures(layer: LayerKind) -> dict[Metric, Measure]:
    """The coefficients of what two or more marked."""
    found = {
        Metric.ALPHA: alpha(),
        Metric.PERCENT: percent(),
        Metric.AC1: ac1(len(layer.labels)),
    }
    if layer.scale:
        found[Metric.ALPHA_ORDINAL] = alpha(ordinal(layer.scale))
    return found


def filled_measures(layer: LayerKind) -> dict[Metric, Measure]:
    """The coefficients with "not marked" as a label."""
    return {Metric.ALPHA_MARKED: alpha(), Metric.AC1_MARKED: ac1(len(layer.labels))}


def label_measure(label: str) -> Measure:
    """The agreement on one label."""
    return specific(label)
