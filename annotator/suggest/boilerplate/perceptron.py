"""A structured averaged perceptron of two tags, content and boilerplate, decoded by Viterbi.

After Collins (2002), Discriminative training methods for hidden Markov models; weights are averaged
over all articles, the shipped prior counting as `PRIOR` of them. Confidence is the marginal of the
line (forward and backward sums) at a temperature that is fitted as articles come in.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any, Self

PRIOR = 60
"""Articles that the shipped weights count for when averaging."""
STEP = 0.5
"""What an update adds to a weight."""
MARGIN = 1.0
"""How much the truth must win by, a line."""
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
            step: what an update adds to a weight.
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

    def learn(
        self, article: Sequence[Features], boilerplate: Sequence[bool], sizes: Sequence[float] = ()
    ) -> None:
        """One step towards the truth about an article.

        Args:
            article: the features of its lines.
            boilerplate: by line, whether it is boilerplate.
            sizes: by line, the margin the truth must win by; 1 each when empty.
        """
        if not article:
            return
        margins = list(sizes) or [MARGIN] * len(article)
        emissions = _emissions(self._raw, article)
        for at, is_boilerplate in enumerate(boilerplate):
            emissions[at] += margins[at] if is_boilerplate else -margins[at]
        jumps = [self._raw.get(f">{jump}", 0.0) for jump in _JUMPS]
        guess = _viterbi(emissions, jumps)
        self._count += 1
        if guess == list(boilerplate):
            return
        for features, wrong, right in zip(article, guess, boilerplate, strict=True):
            if wrong != right:
                self._add(features, -self._step if right else self._step)
        self._add(_path(boilerplate), self._step)
        self._add(_path(guess), -self._step)
        self._mean = None

    def fit(
        self, marginals: Sequence[float], boilerplate: Sequence[bool], rate: float = 0.02
    ) -> None:
        """Move the temperature towards what the probabilities turned out to be worth."""
        slope = 0.0
        for sure, right in zip(marginals, boilerplate, strict=True):
            sure = min(max(sure, 1e-4), 1 - 1e-4)
            slope += (float(right) - sure) * math.log(sure / (1 - sure))
        slope /= max(len(marginals), 1)
        self._steep *= math.exp(max(min(rate * slope, 0.1), -0.1))
        self._steep = min(max(self._steep, _STEEP[0]), _STEEP[1])

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


def _path(tags: Sequence[bool]) -> list[str]:
    letters = ["b" if tag else "c" for tag in tags]
    return [f">{one}{two}" for one, two in pairwise(letters)]


def _viterbi(emissions: Sequence[float], jumps: Sequence[float]) -> list[bool]:
    """The best tags, True for boilerplate; an emission counts for content, and against it halved."""
    cc, cb, bc, bb = jumps
    content, boiler = emissions[0] / 2, -emissions[0] / 2
    back: list[tuple[bool, bool]] = []
    for emission in emissions[1:]:
        to_content = (boiler + bc > content + cc, boiler + bb > content + cb)
        back.append(to_content)
        content, boiler = (
            max(content + cc, boiler + bc) + emission / 2,
            max(content + cb, boiler + bb) - emission / 2,
        )
    tags = [boiler > content]
    for from_content, from_boiler in reversed(back):
        tags.append(from_boiler if tags[-1] else from_content)
    return tags[::-1]


def _marginals(emissions: Sequence[float], jumps: Sequence[float]) -> list[float]:
    """The probabilities of boilerplate, by sums forward and backward in log space."""
    if not emissions:
        return []
    cc, cb, bc, bb = jumps
    forward = [(emissions[0] / 2, -emissions[0] / 2)]
    for emission in emissions[1:]:
        c, b = forward[-1]
        forward.append((_plus(c + cc, b + bc) + emission / 2, _plus(c + cb, b + bb) - emission / 2))
    result = [0.0] * len(emissions)
    c = b = 0.0
    for at in range(len(emissions) - 1, -1, -1):
        gap = forward[at][0] + c - forward[at][1] - b
        result[at] = 1 / (1 + math.exp(min(gap, 500.0))) if gap > -500 else 1.0
        half = emissions[at] / 2
        c, b = _plus(cc + half + c, cb - half + b), _plus(bc + half + c, bb - half + b)
    return result


def _plus(one: float, two: float) -> float:
    """The logarithm of the sum of two exponentials."""
    high, low = (one, two) if one >= two else (two, one)
    return high + math.log1p(math.exp(low - high))
