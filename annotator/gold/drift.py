"""Whether an annotator has become worse than they were: a rolling mean and a chart of means.

The annotator's first articles are the baseline. From there on a mean over the last articles, and an
exponentially weighted one that reacts sooner (Roberts 1959, Technometrics 1, 239-250), are held
against it: three standard errors below it is an alarm. The standard error counts that the baseline
itself is an estimate, without which a steady annotator would sooner or later be accused.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby
from math import fsum, sqrt
from typing import NamedTuple

WINDOW = 50
"""Articles in the baseline, and in the rolling mean."""
WEIGHT = 0.2
"""What the newest article weighs in the weighted mean (lambda)."""
SIGMAS = 3.0
"""So many standard errors below the baseline is an alarm."""
LEAST = 0.02
"""The standard deviation of an article is taken to be no less: who was perfect fifty times may err."""

LASTING = 5
"""A mean must be below for so many articles: one hard article is no drift."""

ROLLING, WEIGHTED = "rolling", "weighted"


class Point(NamedTuple):
    """One article."""

    article: str
    at: str
    """What the points are sorted by: the id of the event that finished it."""
    good: int
    """Numerator of the article's number: twice what is right ..."""
    all: int
    """... and its denominator; an article with 0 says nothing and is passed over."""
    version: str = ""
    """Of the guidelines it was done under."""

    @property
    def value(self) -> float:
        """The article's number, 0 to 1."""
        return self.good / self.all


class Alarm(NamedTuple):
    """A mean that fell below its limit."""

    by: str
    """`ROLLING` or `WEIGHTED`."""
    article: str
    """With which article it fell."""
    number: int
    """The how manieth that is, from 1."""
    value: float
    """The mean then."""
    limit: float
    stands: bool
    """Whether it is still below after the newest article."""


class Version(NamedTuple):
    """The number under one version of the guidelines, pooled."""

    version: str
    value: float
    articles: int


class Drift(NamedTuple):
    """How an annotator's number went over time."""

    articles: int
    """Articles with a number."""
    baseline: float | None = None
    """The mean of the first `WINDOW` articles; None when there are not so many and one more."""
    sigma: float = 0.0
    """Standard deviation of an article in the baseline."""
    rolling: float | None = None
    """The pooled number of the last `WINDOW` articles; None of fewer."""
    weighted: float | None = None
    alarms: tuple[Alarm, ...] = ()
    """The first of every stretch below a limit, in the order of articles."""
    versions: tuple[Version, ...] = ()
    """By version, in the order in which they were first used."""

    @property
    def is_alarming(self) -> bool:
        """Whether an alarm stands."""
        return any(alarm.stands for alarm in self.alarms)


def drift(
    points: Iterable[Point],
    window: int = WINDOW,
    weight: float = WEIGHT,
    sigmas: float = SIGMAS,
) -> Drift:
    """How a number went; the order of the points does not matter.

    A new major version of the guidelines (1.4 to 2.0) is another task: its articles have a baseline
    of their own, and the drift is the newest such stretch's.

    Args:
        points: the articles.
        window: articles in the baseline and in the rolling mean.
        weight: of the newest article in the weighted mean.
        sigmas: standard errors below the baseline that make an alarm.
    """
    found = sorted((point for point in points if point.all), key=lambda p: (p.at, p.article))
    versions = _versions(found)
    recent = found[-window:]
    pooled = _pooled(recent) if len(recent) == window else None
    stretch = _newest_stretch(found)
    if len(stretch) <= window:
        return Drift(len(found), rolling=pooled, versions=versions)
    values = [point.value for point in stretch]
    mean = fsum(values[:window]) / window
    spread = sqrt(fsum((each - mean) ** 2 for each in values[:window]) / (window - 1))
    sigma = max(spread, LEAST)
    slow = _rolling(values, mean, sigma, window, sigmas)
    quick = _weighted(values, mean, sigma, window, weight, sigmas)
    alarms = [*_alarms(ROLLING, stretch, slow), *_alarms(WEIGHTED, stretch, quick)]
    alarms.sort(key=lambda alarm: (alarm.number, alarm.by))
    last = quick[-1].value
    return Drift(len(found), mean, sigma, pooled, last, tuple(alarms), versions)


class _Step(NamedTuple):
    place: int
    """Of the article among the points."""
    value: float
    limit: float


def _rolling(
    values: Sequence[float], mean: float, sigma: float, window: int, sigmas: float
) -> list[_Step]:
    """The mean of every `window` articles that lie wholly after the baseline."""
    limit = mean - sigmas * sigma * sqrt(2 / window)
    return [
        _Step(end - 1, fsum(values[end - window : end]) / window, limit)
        for end in range(2 * window, len(values) + 1)
    ]


def _weighted(
    values: Sequence[float], mean: float, sigma: float, window: int, weight: float, sigmas: float
) -> list[_Step]:
    """The weighted mean after every article past the baseline."""
    steps, value = [], mean
    for number, each in enumerate(values[window:], 1):
        value = weight * each + (1 - weight) * value
        share = weight / (2 - weight) * (1 - (1 - weight) ** (2 * number))
        known = (1 - (1 - weight) ** number) ** 2 / window
        steps.append(_Step(window + number - 1, value, mean - sigmas * sigma * sqrt(share + known)))
    return steps


def _alarms(by: str, points: Sequence[Point], steps: Sequence[_Step]) -> list[Alarm]:
    found: list[Alarm] = []
    for below, run in groupby(steps, key=lambda step: step.value < step.limit):
        stretch = list(run)
        if below and len(stretch) >= LASTING:
            first = stretch[0]
            article = points[first.place].article
            stands = stretch[-1] is steps[-1]
            found.append(Alarm(by, article, first.place + 1, first.value, first.limit, stands))
    return found


def _newest_stretch(points: Sequence[Point]) -> list[Point]:
    """The points under the newest major version of the guidelines."""
    if not points:
        return []
    newest = _major(points[-1])
    return [point for point in points if _major(point) == newest]


def _major(point: Point) -> str:
    return point.version.partition(".")[0]


def _versions(points: Iterable[Point]) -> tuple[Version, ...]:
    by_version: dict[str, list[Point]] = {}
    for point in points:
        by_version.setdefault(point.version, []).append(point)
    return tuple(
        Version(version, _pooled(found), len(found)) for version, found in by_version.items()
    )


def _pooled(points: Sequence[Point]) -> float:
    return sum(point.good for point in points) / sum(point.all for point in points)
