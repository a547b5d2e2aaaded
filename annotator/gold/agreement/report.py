"""What is known about how far the annotators of a project agree: the report's types.

Every number is a `Figure`: with an interval, with how much it rests on, and undefined where it is
undefined. `report` pools counts over articles and divides then; coefficients are never averaged.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

FEW_ARTICLES = 10
"""With fewer an interval is printed, but means little."""
FEW_ITEMS = 20
"""With fewer items a number says little."""
WORST = 20
"""How many articles that pull a number of a whole layer down are named; of a group a quarter."""


class Metric(StrEnum):
    """What is measured. The names are those of targets, `--fail-under` and JSON."""

    STRICT_F1 = "strict_f1"
    """Spans: same place, same label."""
    EXACT_F1 = "exact_f1"
    """Spans: same place, whatever the label."""
    PARTIAL_F1 = "partial_f1"
    """Spans: overlap counts half."""
    TYPE_F1 = "type_f1"
    """Spans: any overlap with the same label."""
    U_ALPHA = "u_alpha"
    """Krippendorff's unitizing alpha (2016) over characters."""
    U_ALPHA_BOUNDARY = "u_alpha_boundary"
    """The same of labelled or not alone."""
    CU_ALPHA = "cu_alpha"
    """The labels where both labelled; the mean over pairs."""
    CHARACTERS = "characters"
    """Share of characters both treat alike."""
    ALPHA = "alpha"
    """Krippendorff's alpha, nominal, of items that both marked."""
    ALPHA_ORDINAL = "alpha_ordinal"
    """The same on the scale the labels lie on; labels off it are left out."""
    PERCENT = "percent"
    """Share of pairs of answers that are the same."""
    AC1 = "ac1"
    """Gwet's AC1."""
    ALPHA_MARKED = "alpha_marked"
    """Alpha with "not marked" as a label of its own."""
    AC1_MARKED = "ac1_marked"
    SET_F1 = "set_f1"
    """Stance: the same targets marked."""
    EVIDENCE_F1 = "evidence_f1"
    """Characters of evidence, where both gave the same stance."""
    EVIDENCE_PARTIAL_F1 = "evidence_partial_f1"
    EVIDENCE_SHARE = "evidence_share"
    """Share of stances that have evidence."""
    KAPPA = "kappa"
    """Cohen's kappa; of several pairs the pooled one. On request, as all that follow."""
    PI = "pi"
    """Scott's pi."""
    FLEISS = "fleiss"
    """Fleiss' kappa, over items that all marked."""
    BENNETT_S = "bennett_s"
    GAMMA = "gamma"
    """Mathet's gamma on a sample."""


class Kind(StrEnum):
    """What a layer's annotations are, which decides what is measured."""

    SPANS = "spans"
    """Words and names: spans that may nest."""
    BLOCKS = "blocks"
    """Whole stretches of the page that do not overlap."""
    STANCE = "stance"


HEADLINE: Mapping[Kind, tuple[Metric, ...]] = {
    Kind.SPANS: (Metric.STRICT_F1,),
    Kind.BLOCKS: (Metric.U_ALPHA, Metric.U_ALPHA_BOUNDARY),
    Kind.STANCE: (Metric.ALPHA, Metric.SET_F1),
}
"""The number to look at first, by kind."""


class Figure(NamedTuple):
    """One number with what it rests on."""

    value: float | None
    """None where it is undefined."""
    why_undefined: str = ""
    """Why it is None, in words ("only one label was used"), or why it has no interval."""
    low: float | None = None
    """The lower end of the 95 % interval (jackknife by article); None where there is none."""
    high: float | None = None
    n_articles: int = 0
    """Articles that contribute."""
    n_items: int = 0
    """What is counted in them: spans, characters, or items somebody answered twice or more."""
    few: bool = False
    """Fewer than `FEW_ARTICLES` articles or `FEW_ITEMS` items: read with care."""


Figures = Mapping[Metric, Figure]


class Culprit(NamedTuple):
    """An article that pulls a number down."""

    article: str
    """Its id, by which it is opened."""
    value: float | None
    """The number of this article alone."""
    share: float
    """Its share of all disagreement that the number counts, 0 to 1."""


Worst = Mapping[Metric, tuple[Culprit, ...]]
"""By metric the articles that pull it down most, the worst first."""
NO_FIGURES: Figures = MappingProxyType({})
NO_WORST: Worst = MappingProxyType({})
NO_NAMES: Mapping[str, str] = MappingProxyType({})


class Row(NamedTuple):
    """The numbers of one group: a label, a pair of annotators, a round, a week ..."""

    group: tuple[str, ...]
    """The label's, round's, version's or week's name; of a pair both names."""
    figures: Figures
    worst: Worst = NO_WORST


class By(StrEnum):
    """What the numbers of a layer are told apart by."""

    LABEL = "label"
    PAIR = "pair"
    ROUND = "round"
    GUIDELINES = "guidelines"
    WEEK = "week"
    """The ISO week in which the last of those who count finished the article, as 2026-W07."""


class LeftOut(NamedTuple):
    """Work that is not counted in a layer, and why."""

    reason: str
    annotator: str
    articles: tuple[str, ...]
    """Ids, sorted."""


class Confusion(NamedTuple):
    """How often which label met which: over all pairs, each pair of annotators in both orders."""

    labels: tuple[str, ...]
    """Rows and columns; "" last is nothing (the other one has no span there)."""
    counts: tuple[tuple[int, ...], ...]
    """Symmetric; what is equal stands on the diagonal, each agreement counted twice as well."""


class Reading(NamedTuple):
    """What the headline coefficient of a layer means, judged by the lower end of its interval."""

    text: str
    below_667: float | None = None
    """Share of resamples by article with the coefficient below .667; None without a coefficient."""
    below_800: float | None = None


class Again(NamedTuple):
    """One annotator beside their own earlier pass: numbers, and how far apart the passes were."""

    annotator: str
    figures: Figures
    days: tuple[float, float, float] | None
    """Days between the passes: least, median, most; None where no time is known."""
    worst: Worst = NO_WORST


class LayerReport(NamedTuple):
    """How far the annotators agree in one layer."""

    layer: str
    kind: Kind
    title: str
    headline: tuple[Metric, ...]
    figures: Figures
    """Over everything: the headline and what is always shown beside it."""
    worst: Worst
    by: Mapping[By, tuple[Row, ...]]
    by_article: tuple[Culprit, ...]
    """The articles that disagree most (200 at most), each with its own headline; the worst first."""
    confusion: Confusion
    counts: Mapping[str, int]
    """Spans: correct, incorrect, partial, missing, spurious (strict); stance: marked_both ..."""
    annotators: tuple[str, ...]
    """Who finished this layer of an article that somebody else finished too."""
    articles: int
    """Articles that two or more finished."""
    single: int
    """Articles that one annotator alone finished: they measure nothing."""
    agreed_empty: int
    """Articles (of `articles`) in which all who finished found nothing."""
    left_out: tuple[LeftOut, ...]
    skewed: str = ""
    """A warning where one label is so frequent that coefficients mislead; "" where none is."""
    reading: Reading = Reading("")
    again: tuple[Again, ...] = ()
    """Self-agreement, by annotator."""
    on_request: Figures = NO_FIGURES
    """What was asked for besides (`--also`)."""


class Scope(NamedTuple):
    """What is measured: every field narrows it; empty ones do not."""

    layers: tuple[str, ...] = ()
    annotators: tuple[str, ...] = ()
    rounds: tuple[str, ...] = ()
    """Only work done in slots of these rounds."""
    guidelines: tuple[str, ...] = ()
    """Only work done under these versions of the guidelines."""
    splits: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    since: str = ""
    """Only work finished on this day or later (2026-02-14, in UTC)."""
    until: str = ""
    """Only work finished on this day or before."""
    articles: tuple[str, ...] = ()


EVERYTHING = Scope()


class Report(NamedTuple):
    """How far the annotators of a project agree."""

    layers: tuple[LayerReport, ...]
    scope: Scope
    articles: int
    """Articles in scope that anybody worked on."""

    def layer(self, name: str) -> LayerReport | None:
        """The report on a layer, None when it is not in it."""
        return next((layer for layer in self.layers if layer.layer == name), None)


class Part(NamedTuple):
    """One article's counts (`counting.count`), and what they are grouped by."""

    article: str
    counts: Mapping[str, Any]
    rounds: Mapping[str, str] = NO_NAMES
    """The round of each annotator's slot; annotators without one are left out."""
    guidelines: Mapping[str, str] = NO_NAMES
    """The version of the guidelines each annotator worked under, where it is known."""
    hidden: frozenset[str] = frozenset()
    """Whose work here answers a hidden question: it is compared with nobody's."""


class LayerKind(NamedTuple):
    """What a report needs to know of a layer."""

    name: str
    kind: Kind
    title: str
    labels: tuple[str, ...]
    """All labels, retired ones last."""
    scale: tuple[str, ...] = ()
    """Labels of a stance layer that lie on a scale, from one end to the other."""
    absent: str = ""
    """The label of a stance layer that says "not discussed"; whoever did not mark a target said so too."""


def report(
    parts: Iterable[Part],
    layers: Iterable[LayerKind],
    scope: Scope = EVERYTHING,
    also: Sequence[Metric] = (),
    seed: int | None = None,
) -> Report:
    """Pool the counts of articles, in any order: the same report whatever the order.

    Args:
        parts: the articles that are in scope by what they are themselves.
        layers: the scheme's layers (`counting.layer_kinds`).
        scope: whose work counts; its fields about articles are not looked at here.
        also: coefficients that are computed on request only.
        seed: of the bootstrap, where the intervals over everything are to come from it.
    """
    from functools import partial

    from annotator.gold.agreement.intervals import bootstrap, jackknife
    from annotator.gold.agreement.pooling import pooled

    interval = jackknife if seed is None else partial(bootstrap, seed=seed)
    return pooled(parts, tuple(layers), scope, also, interval)
