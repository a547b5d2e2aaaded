"""Which kind of boilerplate a line is: a chain of labels over a run of boilerplate lines.

Before anything is learned the marker lexicon and a few rules of thumb weigh in (`FIRST`). What is
learned goes by small steps along the gradient of the log likelihood, so that the first guess keeps its
weight until it was contradicted several times; how a line like it was labelled before weighs most.

How sure a label is, is measured as the articles come: each finished article is guessed before it is
learned, and what was right is counted by what the guess rests on and how probable it seemed.
"""

import math
from bisect import bisect
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple, Self

from annotator.suggest.boilerplate.memory import NEVER, Past

STAY = 1.5
"""What a line of the same kind as the one before it gains."""
_FOLLOWS = {
    ("nav", "headline"): 0.7,
    ("form_login", "headline"): 0.7,
    ("headline", "byline"): 1.0,
    ("headline", "lead"): 1.0,
}
"""What a label gains after another one, of the scheme `news`."""
_SINGLE = ("headline",)
"""Labels that gain nothing by staying: they have one line."""
STEP, WORD_STEP = 0.03, 0.2
"""What an error of probability 1 adds to the weight of a shape or place, and of a word."""
PASSES = 2
REMEMBERED = 7.0
"""What a label gains that all lines like this one were given."""
HINTED = 2.0
"""The same of a kind that is `FLEETING`."""
FLEETING = ("headline", "lead", "teaser_list", "teaser_inline")
"""What is the headline of one article is a teaser in others, and the other way round ..."""
OFTEN = 3
"""... unless lines like it were given the label in so many articles."""
DOUBT = 0.04
"""The doubt in a label that lines like this one were given once; divided by how often it was."""
TRIALS = 12.0
"""As many lines the probability counts for, against those that were guessed and then looked up."""
FADE = 0.9
"""What earlier articles still count for, when another one is looked up."""
NEW = {"marked": 0.1, "plain": 0.2}
"""By what a guess rests on, the doubt whether an article is like those learned; divided by their number
and one. What rests on a line labelled before has none."""
MODEST, COLD = 0.6, 0.4
"""The powers of a probability that fit how often such a label was right: the chain is too modest, and
more so before anything was learned."""
BANDS = (0.5, 0.7, 0.85, 0.95)
FALLBACK = ("boilerplate", "other")
"""Labels for what no other label of the scheme fits, the first that there is."""
LEAST = 0.04
"""Smaller errors of probability are passed over."""
MOST = 20_000
"""Features whose weights are kept; those with the smallest are forgotten first."""

MARKED = (
    "share_social", "form_login", "consent_legal", "comments_ui", "teaser_inline", "teaser_list",
    "subscribe", "nav", "footer", "ad", "byline", "caption", "residue",
)  # fmt: skip
"""Labels of the scheme `news` that words of the lexicon speak for."""
FIRST: dict[str, dict[str, float]] = {
    **{f"first-{label}": {label: 1.5} for label in MARKED},
    **{f"whole-{label}": {label: 1.5} for label in MARKED},
    **{f"mark-{label}-short": {label: 1.0} for label in MARKED},
    **{f"mark-{label}-long": {label: 0.5} for label in MARKED},
    "title": {"headline": 4.0},
    "title-like": {"headline": 1.0},
    "markup": {"residue": 2.0},
    "onlybullet": {"residue": 2.0},
    "core-before": {"nav": 0.6, "headline": 0.2, "byline": 0.2, "footer": -1.5, "teaser_list": 0.2},
    "core-before-2": {"headline": 1.4, "nav": -0.5, "byline": -0.5},
    "core-before-3": {"lead": 1.2, "headline": 1.0, "nav": -1.0, "byline": -1.5},
    "short-of1": {"headline": 0.4, "byline": 0.6, "caption": 0.3},
    "core-in": {"teaser_inline": 0.7, "subheading": 0.5, "caption": 0.3},
    "core-after": {"teaser_list": 1.0, "headline": -1.5, "byline": -0.5, "lead": -1.5},
    "clock": {"byline": 0.7, "teaser_list": 0.3},
    "date": {"byline": 0.7},
    "last0": {"footer": 0.6},
    "last1": {"footer": 0.4},
    "pipe": {"nav": 0.8},
    "link": {"footer": 0.3, "share_social": 0.3},
    **{
        f"seen-share{share}-{width}": {
            "headline": -4.0, "lead": -4.0, "caption": -2.0, "subheading": -2.0, "comments": -3.0, "nav": 0.5,
        }
        for share in (2, 3)
        for width in ("short", "long")
    },
}  # fmt: skip
"""What features say about labels of the scheme `news` at first. What recurs in a source is not the
headline of one article."""
_PASSED_OVER = ("from", "prev-", "next-", "near-", "passed", "text-")
"""Features, by how they begin, that tell boilerplate from the body rather than its kinds."""

Features = Sequence[str]


class Kind(NamedTuple):
    """A label and how sure it is among the labels, 0 to 1, as far as it was seen to be right."""

    label: str
    sure: float


class _Guess(NamedTuple):
    """A label before it is known how often such ones are right."""

    label: str
    chance: float
    basis: str
    """What it rests on: a key of `NEW`, or "memory"."""

    @property
    def cell(self) -> str:
        """Guesses that are counted together."""
        return f"{self.basis}{bisect(BANDS, self.chance)}"


class Kinds:
    """Tells the labels of boilerplate lines; learns article by article."""

    def __init__(self, labels: Sequence[str]) -> None:
        """`labels` are those of the layer, in its order; one at least."""
        self.labels = tuple(labels)
        self.fallback = next((name for name in FALLBACK if name in labels), self.labels[-1])
        self._weights: dict[str, dict[str, float]] = {}
        self._tried: dict[str, list[float]] = {}
        self._learned = 0

    def of_run(self, run: Sequence[Features], past: Sequence[Past] = ()) -> list[Kind]:
        """The kinds of boilerplate lines that follow one another.

        Args:
            run: by line, its features.
            past: by line, how lines like it were labelled; empty when not known.
        """
        if len(self.labels) == 1:
            return [Kind(self.labels[0], 1.0)] * len(run)
        return [Kind(guess.label, self._held(guess)) for guess in self._guesses(run, past)]

    def learn(
        self,
        runs: Sequence[tuple[Sequence[Features], Sequence[str]]],
        past: Sequence[Sequence[Past]] = (),
    ) -> None:
        """Steps towards the truth about an article: its runs of boilerplate lines and their labels.

        `past` are, by run and line, the labels of lines like it before this article.
        """
        if len(self.labels) == 1:
            return
        known = [
            (run, truth, past[at] if past else ())
            for at, (run, truth) in enumerate(runs)
            if all(label in self.labels for label in truth)
        ]
        self._try(known)
        plain = [([_telling(features) for features in run], truth) for run, truth, _ in known]
        for _ in range(PASSES):
            for run, truth in plain:
                self._towards(run, truth)
        self._learned += 1
        if len(self._weights) > MOST:
            self._forget()

    def dump(self) -> dict[str, Any]:
        """What was learned, as JSON values."""
        weights = {
            name: {label: round(weight, 6) for label, weight in sorted(several.items())}
            for name, several in sorted(self._weights.items())
        }
        tried = {
            cell: [round(n, 6) for n in counts] for cell, counts in sorted(self._tried.items())
        }
        return {
            "labels": list(self.labels), "learned": self._learned,
            "tried": tried, "weights": weights,
        }  # fmt: skip

    @classmethod
    def load(cls, dumped: Mapping[str, Any], labels: Sequence[str] = ()) -> Self:
        """The kinds that `dump` gave; `labels` are those the layer has now, if they changed."""
        made = cls(tuple(labels) or tuple(dumped["labels"]))
        made._learned = int(dumped["learned"])
        made._tried = {
            str(cell): [float(right), float(of)] for cell, (right, of) in dumped["tried"].items()
        }
        for name, several in dumped["weights"].items():
            kept = {label: float(w) for label, w in several.items() if label in made.labels}
            made._weights[name] = kept
        return made

    # --- guessing

    def _guesses(self, run: Sequence[Features], past: Sequence[Past]) -> list[_Guess]:
        before = past or [NEVER] * len(run)
        scores = [self._scores(_telling(features)) for features in run]
        fleeting = [_fleeting(*one) for one in zip(run, before, strict=True)]
        for score, one, weak in zip(scores, before, fleeting, strict=True):
            for label, share in one.given:
                if label in score and not one.content:
                    score[label] += (HINTED if weak else REMEMBERED) * share
        found = []
        for at, chances in enumerate(_marginals(scores)):
            features, one = run[at], before[at]
            label = max(self.labels, key=lambda label: chances[label])
            chance, basis = chances[label], "plain"
            if one.agreed and one.given == ((label, 1.0),) and not fleeting[at]:
                chance, basis = 1 - DOUBT / one.agreed, "memory"
            elif f"first-{label}" in features or f"whole-{label}" in features:
                basis = "marked"
            found.append(_Guess(label, chance, basis))
        return found

    def _scores(self, features: Features) -> dict[str, float]:
        scores = dict.fromkeys(self.labels, 0.0)
        scores[self.fallback] += 0.1
        for name in features:
            for label, weight in FIRST.get(name, {}).items():
                if label in scores:
                    scores[label] += weight
            for label, weight in self._weights.get(name, {}).items():
                scores[label] += weight
        return scores

    def _held(self, guess: _Guess) -> float:
        """How sure a guess is in the light of those that were looked up."""
        right, of = self._tried.get(guess.cell, (0.0, 0.0))
        if guess.basis == "memory":
            first = guess.chance
        else:
            like = 1 - NEW[guess.basis] / (self._learned + 1)
            first = like * guess.chance ** (MODEST if self._learned else COLD)
        return round((right + TRIALS * first) / (of + TRIALS), 4)

    # --- learning

    def _try(
        self, runs: Sequence[tuple[Sequence[Features], Sequence[str], Sequence[Past]]]
    ) -> None:
        """Guess what is to be learned, and count what is right."""
        for counts in self._tried.values():
            counts[:] = [FADE * count for count in counts]
        for run, truth, past in runs:
            for guess, label in zip(self._guesses(run, past), truth, strict=True):
                counts = self._tried.setdefault(guess.cell, [0.0, 0.0])
                counts[0] += guess.label == label
                counts[1] += 1

    def _towards(self, run: Sequence[Features], truth: Sequence[str]) -> None:
        found = _marginals([self._scores(features) for features in run])
        for features, chances, right in zip(run, found, truth, strict=True):
            wrong = {
                label: (label == right) - chance
                for label, chance in chances.items()
                if abs((label == right) - chance) > LEAST
            }
            for name in features:
                step = WORD_STEP if name[0] == ":" else STEP
                weights = self._weights.setdefault(name, {}) if wrong else {}
                for label, error in wrong.items():
                    weights[label] = weights.get(label, 0.0) + step * error

    def _forget(self) -> None:
        size = {name: max(map(abs, several.values())) for name, several in self._weights.items()}
        for name in sorted(size, key=lambda name: (size[name], name))[: len(size) - MOST * 3 // 4]:
            del self._weights[name]


def _fleeting(features: Features, past: Past) -> bool:
    """Whether lines like this one were of a kind that the same words have in one article only."""
    if past.label not in FLEETING or past.agreed >= OFTEN:
        return False
    lasting = ("seen-share2-", "seen-share3-", f"first-{past.label}", f"whole-{past.label}")
    return not any(name.startswith(lasting) for name in features)


def _telling(features: Features) -> list[str]:
    """The features that tell the kinds apart."""
    return [name for name in features if not name.startswith(_PASSED_OVER)]


def _marginals(scores: Sequence[Mapping[str, float]]) -> list[dict[str, float]]:
    """By line, the probability of each label in a chain with the gains of `gains_after`."""
    if not scores:
        return []
    onward = gains_after(tuple(scores[0]))
    come_from = [(to, label, gain) for label, several in onward.items() for to, gain in several]
    tops = [max(one.values()) for one in scores]
    emitted = [
        _normal({label: math.exp(score - top) for label, score in one.items()})
        for one, top in zip(scores, tops, strict=True)
    ]
    forward = [emitted[0]]
    for one in emitted[1:]:
        reached = dict.fromkeys(one, 1.0)
        for to, label, gain in come_from:
            reached[to] += gain * forward[-1][label]
        forward.append(_normal({label: p * reached[label] for label, p in one.items()}))
    found, after = [forward[-1]], dict.fromkeys(scores[0], 1.0)
    for at in range(len(scores) - 2, -1, -1):
        come = _normal({label: after[label] * p for label, p in emitted[at + 1].items()})
        after = dict.fromkeys(come, 1.0)
        for to, label, gain in come_from:
            after[label] += gain * come[to]
        found.append(_normal({label: p * after[label] for label, p in forward[at].items()}))
    return found[::-1]


@cache
def gains_after(labels: tuple[str, ...]) -> dict[str, list[tuple[str, float]]]:
    """By label, the labels that are likelier after it and by how much, as the factor less 1."""
    found: dict[str, list[tuple[str, float]]] = {label: [] for label in labels}
    for label in labels:
        if label not in _SINGLE:
            found[label].append((label, math.exp(STAY) - 1))
    for (one, other), gain in _FOLLOWS.items():
        if one in found and other in found:
            found[one].append((other, math.exp(gain) - 1))
    return found


def _normal(weights: Mapping[str, float]) -> dict[str, float]:
    whole = sum(weights.values())
    return {label: weight / whole for label, weight in weights.items()}
