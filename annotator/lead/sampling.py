"""Mathet's gamma of layers of spans: too slow for every article, so of a sample of them.

The sample follows from the articles' ids, so that the same project gives the same number.
"""

from typing import TYPE_CHECKING
from zlib import crc32

from annotator.gold.agreement.gamma import gamma
from annotator.gold.agreement.intervals import jackknife
from annotator.gold.agreement.marks import Marks, marks_of_heads
from annotator.gold.agreement.pooling import in_scope
from annotator.gold.agreement.report import (
    FEW_ARTICLES,
    FEW_ITEMS,
    Figure,
    Kind,
    LayerReport,
    Metric,
    Report,
)
from annotator.model.errors import AnnotatorError
from annotator.store import statistics

if TYPE_CHECKING:
    from annotator.store.project import Project

SAMPLE = 20
"""Articles of a layer that are looked at."""
MOST = 60
"""Articles with more spans than this, of all annotators together, are passed over."""

Sampled = dict[str, tuple[int, dict[str, Marks]]]
"""By article its length and the marks of those who finished the layer."""


def with_gamma(project: "Project", report: Report) -> Report:
    """The report with gamma among what was asked for besides.

    It is 1 less the disorder of the best alignments by the disorder of chance, each summed over the
    sample.
    """
    layers = tuple(
        layer if layer.kind is Kind.STANCE else _with_gamma(project, report, layer)
        for layer in report.layers
    )
    return report._replace(layers=layers)


def _with_gamma(project: "Project", report: Report, layer: LayerReport) -> LayerReport:
    disorders: list[tuple[float, float]] = []
    items = 0
    for length, marks in _sample(project, report, layer.layer).values():
        work = {actor: each.spans.get(layer.layer, []) for actor, each in marks.items()}
        spans = sum(map(len, work.values()))
        if not spans or spans > MOST:
            continue
        try:
            made = gamma(work, length)
        except AnnotatorError:  # too many units too close together
            continue
        disorders.append((made.observed, made.expected))
        items += spans
    found = jackknife(disorders, lambda sums: 1 - sums[0] / sums[1] if sums[1] else None)
    n = len(disorders)
    why = found.why or ("" if n else "no article of the sample can be aligned")
    few = n < FEW_ARTICLES or items < FEW_ITEMS
    figure = Figure(found.value, why, found.low, found.high, n, items, few)
    return layer._replace(on_request={**layer.on_request, Metric.GAMMA: figure})


def _sample(project: "Project", report: Report, layer: str) -> Sampled:
    from annotator.lead.measuring import parts

    who = {}
    for part in parts(project, report.scope):
        done = part.counts["layers"][layer]["done"]
        chosen = [actor for actor in done if in_scope(part, actor, report.scope)]
        if len(chosen) > 1:
            who[part.article] = chosen
    names = sorted(who, key=lambda name: (crc32(name.encode()), name))[:SAMPLE]
    return {
        article.id: (
            article.chars,
            {a: marks_of_heads(a, heads) for a, heads in article.works if a in who[article.id]},
        )
        for article in statistics.heads(project, statistics.numbers_of(project, names))
    }
