"""A chain of two tags, content and boilerplate, that learns by small steps, article by article.

A conditional random field (Lafferty, McCallum and Pereira 2001) whose weights follow the gradient of
the log likelihood, and are averaged over all articles as in Collins' perceptron (2002), the shipped
prior counting as `PRIOR` of them. A perceptron, which learns from mistakes alone, was measured to
lose more bodies for the same F1. Confidence is the marginal of the line (forward and backward sums).
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any, Self

PRIOR = 60
"""Articles that the shipped weights count for when averaging."""
STEP = 0.01
"""What an error of probability 1 adds to a weight."""
JUMP = 0.3
"""The share of it that the weights of steps from tag to tag get."""
LEAST = 1e-3
"""Smaller errors of probability are passed over."""
MOST = 40_000
"""Weights kept; the smallest of words are forgotten first."""
_JUMPS = ("cc", "cb", "bc", "bb")
_STEEP = (0.05, 5.0)

Features = Sequence[str]


class Tagger:
    """Tells content from boilerplate, line by line in their order; learns article by article.

    Positive weights speak for content.
    """

    def __init__(
        self,
        weights: Mapping[str, float],
        steep: float = 1.0,
        step: float = STEP,
        prior: float = PRIOR,
    ) -> None:
        """A tagger that has learned nothing yet.

        Args:
            weights: the prior's, of features and of the four steps from tag to tag (`>cb` ...).
            steep: the inverse temperature of its probabilities.
            step: what an error of probability 1 adds to a weight.
            prior: how many articles the weights count for in the average.
        """
        self._raw = dict(weights)
        self._sums: dict[str, float] = {}
        self._count = float(prior)
        self._steep = steep
        self._step = step
        self._mean: dict[str, float] | None = None

    def scores(self, article: Iterable[Features]) -> list[float]:
        """By line, what its own features say; positive for content."""
        return _emissions(self._averaged(), article)

    def marginals(self, article: Sequence[Features]) -> list[float]:
        """By line, the probability that it is boilerplate."""
        mean = self._averaged()
        emissions = [self._steep * score for score in _emissions(mean, article)]
        jumps = [self._steep * mean.get(f">{jump}", 0.0) for jump in _JUMPS]
        return _marginals(emissions, jumps)

    def learn(self, article: Sequence[Features], boilerplate: Sequence[bool]) -> None:
        """One step towards the truth about an article.

        Args:
            article: the features of its lines.
            boilerplate: by line, whether it is boilerplate.
        """
        if not article:
            return
        emissions = [self._steep * score for score in _emissions(self._raw, article)]
        jumps = [self._steep * self._raw.get(f">{jump}", 0.0) for jump in _JUMPS]
        found, steps = expected(emissions, jumps)
        self._count += 1
        for features, sure, right in zip(article, found, boilerplate, strict=True):
            if abs(sure - right) > LEAST:
                self._add(features, self._step * (sure - right))
        for jump, often in zip(_JUMPS, steps, strict=True):
            self._add([f">{jump}"], -self._step * JUMP * often)
        for one, other in pairwise(boilerplate):
            self._add([f">{_JUMPS[2 * one + other]}"], self._step * JUMP)
        self._mean = None

    def weights(self) -> dict[str, float]:
        """The averaged weights that are not 0."""
        return {name: weight for name, weight in self._averaged().items() if weight}

    @property
    def steep(self) -> float:
        """The inverse temperature."""
        return self._steep

    def dump(self) -> dict[str, Any]:
        """Everything as JSON values."""
        weights = {
            name: [round(weight, 6), round(self._sums.get(name, 0.0), 6)]
            for name, weight in sorted(self._raw.items())
        }
        return {"count": self._count, "steep": self._steep, "weights": weights}

    @classmethod
    def load(cls, dumped: Mapping[str, Any], step: float = STEP) -> Self:
        """The tagger that `dump` gave."""
        weights = dumped["weights"]
        made = cls(
            {name: float(pair[0]) for name, pair in weights.items()}, float(dumped["steep"]), step
        )
        made._sums = {name: float(pair[1]) for name, pair in weights.items() if pair[1]}
        made._count = float(dumped["count"])
        return made

    def _averaged(self) -> dict[str, float]:
        if self._mean is None:
            mean = dict(self._raw)
            for name, total in self._sums.items():
                mean[name] -= total / self._count
            self._mean = mean
            if len(mean) > MOST:
                self._forget(mean)
        return self._mean

    def _add(self, features: Iterable[str], by: float) -> None:
        raw, sums, count = self._raw, self._sums, self._count - 1
        for name in features:
            raw[name] = raw.get(name, 0.0) + by
            sums[name] = sums.get(name, 0.0) + count * by

    def _forget(self, mean: dict[str, float]) -> None:
        words = sorted((abs(weight), name) for name, weight in mean.items() if name[0] == ":")
        for _, name in words[: len(mean) - MOST * 3 // 4]:
            del mean[name]
            del self._raw[name]
            self._sums.pop(name, None)


def _emissions(weights: Mapping[str, float], article: Iterable[Features]) -> list[float]:
    get = weights.get
    return [sum([get(name, 0.0) for name in features]) for features in article]


def _marginals(emissions: Sequence[float], jumps: Sequence[float]) -> list[float]:
    """The probabilities of boilerplate."""
    return _chances(*_sums(emissions, jumps))


def _chances(forward: "Pairs", backward: "Pairs") -> list[float]:
    gaps = [c + x - b - y for (c, b), (x, y) in zip(forward, backward, strict=True)]
    return [1 / (1 + math.exp(min(gap, 500.0))) if gap > -500 else 1.0 for gap in gaps]


def expected(emissions: Sequence[float], jumps: Sequence[float]) -> tuple[list[float], list[float]]:
    """What is expected of an article.

    Args:
        emissions: by line, its score; positive for content.
        jumps: the weights of the steps from tag to tag: cc, cb, bc, bb.

    Returns:
        By line, the probability of boilerplate; by step, how often it is taken.
    """
    forward, backward = _sums(emissions, jumps)
    if not forward:
        return [], [0.0] * 4
    cc, cb, bc, bb = jumps
    totals = [0.0] * 4
    for (c, b), emission, (x, y) in zip(forward, emissions[1:], backward[1:], strict=False):
        to_c, to_b = emission / 2 + x, y - emission / 2
        logs = (c + cc + to_c, c + cb + to_b, b + bc + to_c, b + bb + to_b)
        top = max(logs)
        one, two, three, four = (math.exp(log - top) for log in logs)
        whole = one + two + three + four
        totals[0] += one / whole
        totals[1] += two / whole
        totals[2] += three / whole
        totals[3] += four / whole
    return _chances(forward, backward), totals


Pairs = list[tuple[float, float]]


def _sums(emissions: Sequence[float], jumps: Sequence[float]) -> tuple[Pairs, Pairs]:
    """By line, the logarithms of the sums over all ways to it and from it; content, boilerplate.

    An emission counts half for content and half against boilerplate.
    """
    if not emissions:
        return [], []
    cc, cb, bc, bb = jumps
    forward = [(emissions[0] / 2, -emissions[0] / 2)]
    for emission in emissions[1:]:
        c, b = forward[-1]
        forward.append((_plus(c + cc, b + bc) + emission / 2, _plus(c + cb, b + bb) - emission / 2))
    backward = [(0.0, 0.0)]
    for emission in reversed(emissions[1:]):
        half, (c, b) = emission / 2, backward[-1]
        backward.append((_plus(cc + half + c, cb - half + b), _plus(bc + half + c, bb - half + b)))
    return forward, backward[::-1]


def _plus(one: float, two: float) -> float:
    """The logarithm of the sum of two exponentials."""
    high, low = (one, two) if one >= two else (two, one)
    return high + math.log1p(math.exp(low - high))
