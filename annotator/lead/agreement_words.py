"""Agreement in words: the names of numbers, and what each means to somebody who never heard of it."""

from collections.abc import Mapping
from typing import NamedTuple

from annotator.gold.agreement.report import By, Figure, Metric

TITLES: Mapping[Metric, str] = {
    Metric.STRICT_F1: "strict F1",
    Metric.EXACT_F1: "boundary F1",
    Metric.PARTIAL_F1: "partial F1",
    Metric.TYPE_F1: "type F1",
    Metric.U_ALPHA: "uα (2016)",
    Metric.U_ALPHA_BOUNDARY: "|uα boundaries",
    Metric.CU_ALPHA: "cuα labels",
    Metric.CHARACTERS: "characters alike",
    Metric.ALPHA: "alpha",
    Metric.ALPHA_ORDINAL: "alpha, ordinal",
    Metric.PERCENT: "agreement",
    Metric.AC1: "AC1",
    Metric.ALPHA_MARKED: "alpha, unmarked too",
    Metric.AC1_MARKED: "AC1, unmarked too",
    Metric.SET_F1: "same targets F1",
    Metric.EVIDENCE_F1: "evidence F1",
    Metric.EVIDENCE_PARTIAL_F1: "evidence partial F1",
    Metric.EVIDENCE_SHARE: "have evidence",
    Metric.KAPPA: "Cohen's kappa",
    Metric.PI: "Scott's pi",
    Metric.FLEISS: "Fleiss' kappa",
    Metric.BENNETT_S: "Bennett's S",
    Metric.GAMMA: "gamma, of a sample",
}
_SPANS = (Metric.STRICT_F1, Metric.EXACT_F1, Metric.PARTIAL_F1, Metric.TYPE_F1, Metric.GAMMA)
_COUNTED = {
    **dict.fromkeys(_SPANS, "spans"),
    Metric.U_ALPHA: "characters",
    Metric.U_ALPHA_BOUNDARY: "characters",
    Metric.CU_ALPHA: "characters",
    Metric.CHARACTERS: "characters",
    Metric.SET_F1: "marked targets",
    Metric.EVIDENCE_F1: "characters",
    Metric.EVIDENCE_PARTIAL_F1: "pieces",
    Metric.EVIDENCE_SHARE: "stances",
}
GROUP = {By.LABEL: "label", By.PAIR: "pair", By.ROUND: "round", By.GUIDELINES: "guidelines",
         By.WEEK: "week"}  # fmt: skip
UNDEFINED = "—"


class Meaning(NamedTuple):
    """A number explained."""

    what: str
    """What it is."""
    counts: str
    """What it counts."""
    read: str
    """How to read it."""


_F1 = (
    "From 0, nothing in common, to 1, all the same. F1 has no scale of its own: set a target for the "
    "project and see whether the lower end of the interval reaches it."
)
_ALPHA = (
    "1 is perfect, 0 is what chance would give, below 0 is worse than chance. Krippendorff: rely on it "
    "from .800 on, draw tentative conclusions from .667 on, not below. Judge the lower end of the "
    "interval."
)
_SHARE = "A plain share, from 0 to 1, not corrected for chance: where one label is frequent it is high anyhow."
_COMPARE = (
    "For comparison with other work: 1 is perfect, 0 is what chance would give. It misleads where one "
    "label is very frequent."
)
_PAIRS = "Spans of every two annotators of an article, matched one to one; 2 × agreed ÷ all spans of both."
_CHARACTERS = (
    "Characters of the articles, each stretch as long as it is; gaps between labels count too."
)
_ANSWERS = "Answers on targets (with their holders) that two or more annotators marked."

MEANINGS: Mapping[Metric, Meaning] = {
    Metric.STRICT_F1: Meaning("How often two annotators marked the same place with the same label.", _PAIRS, _F1),
    Metric.EXACT_F1: Meaning("How often two annotators marked the same place, whatever the label.", _PAIRS,
        f"{_F1} Much higher than strict F1: the trouble is with labels."),
    Metric.PARTIAL_F1: Meaning("How often two annotators marked the same place or at least overlapping ones; an overlap counts half.", _PAIRS,
        f"{_F1} Much higher than strict F1: the trouble is with boundaries."),
    Metric.TYPE_F1: Meaning("How often two annotators marked overlapping places with the same label.", _PAIRS, _F1),
    Metric.U_ALPHA: Meaning("Krippendorff's unitizing alpha of 2016: the same stretches with the same labels, corrected for chance.", _CHARACTERS, _ALPHA),
    Metric.U_ALPHA_BOUNDARY: Meaning("The same of labelled or not alone, whatever the label.", _CHARACTERS,
        f"{_ALPHA} Low: the trouble is with finding. High beside a low cuα: with labels."),
    Metric.CU_ALPHA: Meaning("The labels alone, where two annotators both labelled; the mean over pairs.", _CHARACTERS, _ALPHA),
    Metric.CHARACTERS: Meaning("The share of characters to which two annotators give the same label, or none.", _CHARACTERS, _SHARE),
    Metric.ALPHA: Meaning("Krippendorff's alpha of the values given to a target, corrected for chance.", _ANSWERS, _ALPHA),
    Metric.ALPHA_ORDINAL: Meaning("The same on the scale against, neutral, favour: one step apart is less bad than two.", f"{_ANSWERS} Labels off the scale are left out.", _ALPHA),
    Metric.PERCENT: Meaning("The share of pairs of answers that are the same; of a label, how often the others said it too.", _ANSWERS, _SHARE),
    Metric.AC1: Meaning("Gwet's AC1: agreement corrected for chance in a way that does not fall where one label is very frequent.", _ANSWERS,
        "1 is perfect, 0 is chance. Read it beside alpha where labels are skewed; it can look high when annotators are merely lazy."),
    Metric.ALPHA_MARKED: Meaning("Alpha in which a target that somebody did not mark counts as “not discussed”.", "Answers on all targets that anybody marked.", _ALPHA),
    Metric.AC1_MARKED: Meaning("AC1 in which a target that somebody did not mark counts as “not discussed”.", "Answers on all targets that anybody marked.",
        "1 is perfect, 0 is chance. Read it beside alpha where labels are skewed."),
    Metric.SET_F1: Meaning("Whether two annotators gave the same targets a position at all.", "Targets (with their holders) of every two annotators.", _F1),
    Metric.EVIDENCE_F1: Meaning("How far the evidence is the same, by characters.", "Only targets to which both gave the same value.", _F1),
    Metric.EVIDENCE_PARTIAL_F1: Meaning("How many pieces of evidence are the same; an overlap counts half.", "Only targets to which both gave the same value.", _F1),
    Metric.EVIDENCE_SHARE: Meaning("How many of the stances have evidence at all.", "All stances of those who count.", "A plain share, from 0 to 1; no agreement."),
    Metric.KAPPA: Meaning("Cohen's kappa (1960): chance by each annotator's own habits; of several pairs the pooled one.", _ANSWERS, _COMPARE),
    Metric.PI: Meaning("Scott's pi (1955): chance by the labels of both together.", _ANSWERS, _COMPARE),
    Metric.FLEISS: Meaning("Fleiss' kappa (1971).", "Only targets that all annotators marked.", _COMPARE),
    Metric.BENNETT_S: Meaning("Bennett's S (1954): chance as if all labels were equally likely.", _ANSWERS, _COMPARE),
    Metric.GAMMA: Meaning("Mathet's gamma (2015) on a sample of articles.", "Spans of all annotators at once, aligned.", "1 is perfect, 0 is what chance would give."),
}  # fmt: skip
FEW = "It rests on few articles or items (below 10 or 20): read it with care, one more article may move it."


def decimal(number: float | None) -> str:
    """A number between -1 and 1 to three places, as the field writes them: .713; a dash for None."""
    return UNDEFINED if number is None else f"{number:.3f}".replace("0.", ".", 1)


def interval(figure: Figure) -> str:
    """The interval in words; "" where there is none."""
    if figure.low is None or figure.high is None:
        return ""
    return f"{decimal(figure.low)} to {decimal(figure.high)}"


def counted(metric: Metric) -> str:
    """What `Figure.n_items` counts for a number."""
    return _COUNTED.get(metric, "targets")


def share(part: float) -> str:
    """A share of all disagreement as people read it: 12.5%."""
    return f"{part:.1%}"
