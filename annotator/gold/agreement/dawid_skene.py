"""The most likely label of each item and how each annotator errs: Dawid & Skene (1979), by EM.

Applied Statistics 28(1), 20-28. Each annotator has a table of errors: how often an item of one label is
given another. Items that were rated alike are computed together.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from math import exp, fsum, inf, log
from typing import NamedTuple

SMOOTHING = 0.1
"""Added to every count of an error table, so that what never happened is not impossible."""
STOP = 1e-5
MOST = 200

Ratings = Mapping[str, str | Sequence[str]]
"""Of one item: label by annotator, or labels by one who rated it several times."""
Pattern = tuple[tuple[int, int], ...]
"""(annotator, label) by number, sorted; repeated where somebody said it repeatedly."""
Rows = list[list[float]]


class Estimate(NamedTuple):
    """What was estimated. Lists over labels are in the order of `labels`."""

    labels: tuple[str, ...]
    """Sorted."""
    priors: tuple[float, ...]
    """How frequent each label is."""
    posteriors: tuple[tuple[float, ...], ...]
    """By item, in the order they were given: how likely each label is; priors where nobody rated."""
    confusion: Mapping[str, tuple[tuple[float, ...], ...]]
    """By annotator: [true label][label said], rows adding up to 1."""
    log_likelihood: float
    rounds: int
    converged: bool
    """False when it was still changing after the most rounds allowed."""

    def best(self, item: int) -> tuple[str, float]:
        """The most likely label of an item and how likely it is; of equals the first label."""
        row = self.posteriors[item]
        return self.labels[row.index(max(row))], max(row)


def dawid_skene(
    items: Sequence[Ratings],
    labels: Collection[str] = (),
    *,
    smoothing: float = SMOOTHING,
    stop: float = STOP,
    most: int = MOST,
) -> Estimate:
    """Estimate true labels and errors together, from the shares of votes on.

    Args:
        items: the ratings of each item.
        labels: labels that could have been given too.
        smoothing: added to every count of an error table; 0 as in the paper.
        stop: ends when no item's label changes its likelihood by more.
        most: rounds, at most.
    """
    said = [_flat(item) for item in items]
    names = sorted({label for ratings in said for _, label in ratings} | set(labels))
    people = sorted({who for ratings in said for who, _ in ratings})
    number_of = {name: number for number, name in enumerate(names)}
    person_of = {name: number for number, name in enumerate(people)}
    patterns = [
        tuple(sorted((person_of[who], number_of[label]) for who, label in ratings))
        for ratings in said
    ]
    counted = sorted(Counter(pattern for pattern in patterns if pattern).items())
    if not counted:
        even = tuple(1 / len(names) for _ in names)
        return Estimate(tuple(names), even, tuple(even for _ in items), {}, 0.0, 0, True)
    model = _Model(counted, len(people), len(names), smoothing)
    rounds, converged = model.run(stop, most)
    likely = {pattern: tuple(row) for (pattern, _), row in zip(counted, model.rows, strict=True)}
    likely[()] = tuple(model.priors)
    confusion = {
        name: tuple(map(tuple, table)) for name, table in zip(people, model.errors, strict=True)
    }
    return Estimate(
        tuple(names),
        tuple(model.priors),
        tuple(likely[pattern] for pattern in patterns),
        confusion,
        model.log_likelihood,
        rounds,
        converged,
    )


def _flat(item: Ratings) -> list[tuple[str, str]]:
    found = []
    for who, labels in item.items():
        for label in [labels] if isinstance(labels, str) else labels:
            found.append((who, label))
    return found


class _Model:
    """The state of the estimation; `rows` is how likely each label is, by pattern."""

    def __init__(
        self, counted: Sequence[tuple[Pattern, int]], people: int, labels: int, smoothing: float
    ) -> None:
        self._counted = counted
        self._people = people
        self._labels = range(labels)
        self._smoothing = smoothing
        self._items = sum(count for _, count in counted)
        self.rows: Rows = [_votes(pattern, labels) for pattern, _ in counted]
        self.priors: list[float] = []
        self.errors: list[Rows] = []
        self.log_likelihood = -inf

    def run(self, stop: float, most: int) -> tuple[int, bool]:
        """Estimate in turns. How many rounds it took, and whether it came to rest."""
        for number in range(1, most + 1):
            self._maximise()
            before, self.rows = self.rows, self._expect()
            if all(
                abs(a - b) <= stop
                for old, new in zip(before, self.rows, strict=True)
                for a, b in zip(old, new, strict=True)
            ):
                return number, True
        return most, False

    def _maximise(self) -> None:
        """Priors and error tables from how likely each label is (equations 2.3 and 2.4)."""
        sums = [0.0 for _ in self._labels]
        tables = [
            [[self._smoothing for _ in self._labels] for _ in self._labels]
            for _ in range(self._people)
        ]
        for (pattern, count), row in zip(self._counted, self.rows, strict=True):
            for true in self._labels:
                weight = row[true] * count
                if weight:
                    sums[true] += weight
                    for who, label in pattern:
                        tables[who][true][label] += weight
        self.priors = [each / self._items for each in sums]
        self.errors = [[_shares(row) for row in table] for table in tables]

    def _expect(self) -> Rows:
        """How likely each label is, from priors and error tables (equation 2.5)."""
        priors = [_log(each) for each in self.priors]
        # by annotator and label said, over true labels
        logs = [
            [[_log(table[true][label]) for true in self._labels] for label in self._labels]
            for table in self.errors
        ]
        rows, likely = [], []
        for pattern, count in self._counted:
            scores = priors
            for who, label in pattern:
                scores = [a + b for a, b in zip(scores, logs[who][label], strict=True)]
            top = max(scores)
            shares = [exp(score - top) for score in scores]
            whole = sum(shares)
            rows.append([share / whole for share in shares])
            likely.append(count * (top + log(whole)))
        self.log_likelihood = fsum(likely)
        return rows


def _votes(pattern: Pattern, labels: int) -> list[float]:
    """The shares of votes, from which the estimation starts."""
    found = Counter(label for _, label in pattern)
    return [found[label] / len(pattern) for label in range(labels)]


def _shares(row: Sequence[float]) -> list[float]:
    """Parts of 1; an annotator of whom nothing is known for a label says anything."""
    whole = sum(row)
    return [each / whole for each in row] if whole else [1 / len(row) for _ in row]


def _log(share: float) -> float:
    return log(share) if share else -inf
