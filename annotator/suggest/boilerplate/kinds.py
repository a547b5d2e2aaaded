"""Which kind of boilerplate a line is: a perceptron over a run of boilerplate lines.

Before anything is learned the marker lexicon and a few rules of thumb weigh in (`FIRST`).
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Self

STAY = 1.0
"""What a line of the same kind as the one before it gains."""
STEP = 0.3
PASSES = 2
FALLBACK = ("boilerplate", "other")
"""Labels for what no other label of the scheme fits, the first that there is."""
MOST = 60_000
"""Weights kept; the smallest are forgotten first."""

_MARKED = (
    "share_social", "form_login", "consent_legal", "comments_ui", "teaser_inline", "teaser_list",
    "subscribe", "nav", "footer", "ad", "byline", "caption", "residue",
)  # fmt: skip
FIRST: dict[str, dict[str, float]] = {
    **{f"first-{label}": {label: 1.5} for label in _MARKED},
    **{f"whole-{label}": {label: 1.5} for label in _MARKED},
    **{f"mark-{label}-short": {label: 1.0} for label in _MARKED},
    **{f"mark-{label}-long": {label: 0.5} for label in _MARKED},
    "title": {"headline": 4.0},
    "title-like": {"headline": 1.0},
    "markup": {"residue": 2.0},
    "onlybullet": {"residue": 0.5},
    "core-before": {"nav": 0.6, "headline": 0.2, "byline": 0.2, "footer": -1.5, "teaser_list": 0.2},
    "core-before-2": {"headline": 1.2},
    "core-before-3": {"lead": 1.2, "headline": 0.5},
    "short-of1": {"headline": 0.4, "byline": 0.6, "caption": 0.3},
    "core-in": {"teaser_inline": 0.7, "subheading": 0.5, "caption": 0.3},
    "core-after": {"teaser_list": 1.0, "headline": -1.5, "byline": -0.5, "lead": -1.5},
    "clock": {"byline": 0.7, "teaser_list": 0.3},
    "date": {"byline": 0.7},
    "last0": {"footer": 0.6},
    "last1": {"footer": 0.4},
    "pipe": {"nav": 0.8},
    "link": {"footer": 0.3, "share_social": 0.3},
}
"""What features say about labels of the scheme `news` at first."""

Features = Sequence[str]


class Kind(NamedTuple):
    """A label and how sure it is among the labels, 0 to 1."""

    label: str
    sure: float


class Kinds:
    """Tells the labels of boilerplate lines; learns article by article."""

    def __init__(self, labels: Sequence[str]) -> None:
        """`labels` are those of the layer, in its order; one at least."""
        self.labels = tuple(labels)
        self.fallback = next((name for name in FALLBACK if name in labels), self.labels[-1])
        self._raw: dict[str, dict[str, float]] = {}
        self._sums: dict[str, dict[str, float]] = {}
        self._count = 1.0

    def of_run(self, run: Sequence[Features]) -> list[Kind]:
        """The kinds of boilerplate lines that follow one another."""
        if not run:
            return []
        if len(self.labels) == 1:
            return [Kind(self.labels[0], 1.0)] * len(run)
        scores = [self._scores(features, mean=True) for features in run]
        best = self._best(scores)
        kinds = []
        for at, label in enumerate(best):
            pull = dict(scores[at])
            for neighbour in (at - 1, at + 1):
                if 0 <= neighbour < len(best):
                    pull[best[neighbour]] += STAY
            kinds.append(Kind(label, _softmax(pull, label)))
        return kinds

    def learn(self, runs: Sequence[tuple[Sequence[Features], Sequence[str]]]) -> None:
        """Steps towards the truth about an article: its runs of boilerplate lines and their labels."""
        if len(self.labels) == 1:
            return
        for _ in range(PASSES):
            self._count += 1
            for run, truth in runs:
                if all(label in self.labels for label in truth):
                    self._towards(run, truth)
        if len(self._raw) > MOST:
            self._forget()

    def dump(self) -> dict[str, Any]:
        """What was learned, as JSON values."""
        weights = {
            name: {
                label: [round(weight, 6), round(self._sums[name][label], 6)]
                for label, weight in sorted(several.items())
            }
            for name, several in sorted(self._raw.items())
        }
        return {"labels": list(self.labels), "count": self._count, "weights": weights}

    @classmethod
    def load(cls, dumped: Mapping[str, Any], labels: Sequence[str] = ()) -> Self:
        """The kinds that `dump` gave; `labels` are those the layer has now, if they changed."""
        made = cls(tuple(labels) or tuple(dumped["labels"]))
        made._count = float(dumped["count"])
        for name, several in dumped["weights"].items():
            kept = {label: pair for label, pair in several.items() if label in made.labels}
            made._raw[name] = {label: float(pair[0]) for label, pair in kept.items()}
            made._sums[name] = {label: float(pair[1]) for label, pair in kept.items()}
        return made

    def _scores(self, features: Features, mean: bool) -> dict[str, float]:
        scores = dict.fromkeys(self.labels, 0.0)
        scores[self.fallback] += 0.1
        for name in features:
            for label, weight in FIRST.get(name, {}).items():
                if label in scores:
                    scores[label] += weight
            learned = self._raw.get(name)
            if learned:
                sums = self._sums[name]
                for label, weight in learned.items():
                    scores[label] += weight - sums[label] / self._count if mean else weight
        return scores

    def _best(self, scores: Sequence[Mapping[str, float]]) -> list[str]:
        """The labels of the best way through; only staying with a label is worth anything."""
        total = dict(scores[0])
        back: list[dict[str, str]] = []
        for score in scores[1:]:
            top = max(self.labels, key=lambda label: total[label])
            came = {
                label: label if total[label] + STAY >= total[top] else top for label in self.labels
            }
            total = {
                label: score[label] + total[came[label]] + (STAY if came[label] == label else 0.0)
                for label in self.labels
            }
            back.append(came)
        best = [max(self.labels, key=lambda label: total[label])]
        for came in reversed(back):
            best.append(came[best[-1]])
        return best[::-1]

    def _towards(self, run: Sequence[Features], truth: Sequence[str]) -> None:
        scores = [self._scores(features, mean=False) for features in run]
        for score, label in zip(scores, truth, strict=True):
            score[label] -= 1.0
        for features, guess, label in zip(run, self._best(scores), truth, strict=True):
            if guess != label:
                for name in features:
                    self._add(name, label, STEP)
                    self._add(name, guess, -STEP)

    def _add(self, name: str, label: str, by: float) -> None:
        raw, sums = self._raw.setdefault(name, {}), self._sums.setdefault(name, {})
        raw[label] = raw.get(label, 0.0) + by
        sums[label] = sums.get(label, 0.0) + by * (self._count - 1)

    def _forget(self) -> None:
        size = {name: max(map(abs, several.values())) for name, several in self._raw.items()}
        for name in sorted(size, key=lambda name: (size[name], name))[: len(size) - MOST * 3 // 4]:
            del self._raw[name], self._sums[name]


def _softmax(scores: Mapping[str, float], label: str) -> float:
    top = max(scores.values())
    return math.exp(scores[label] - top) / sum(math.exp(score - top) for score in scores.values())
