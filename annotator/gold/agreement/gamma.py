"""Gamma: agreement of several annotators on units that may overlap and nest, with their best alignment.

An alignment puts every unit of every annotator in exactly one unitary alignment, which holds one unit of
each annotator at most. Its disorder is the mean dissimilarity within unitary alignments, where a pair of
which one or both are missing costs 1, per unit that an annotator has on average. γ = 1 - δ_best / δ_expected, where δ_expected is the
mean disorder of resampled work: every annotator gets the work of one drawn at random, shifted along the
text by a random distance and wrapped around its end; no two shifts are nearer than a mean unit's length.

The best alignment is found exactly, which takes long where many units lie close together: beyond a limit
it is refused. γ depends on chance through the samples, so that seed and number belong beside it. It is for
a sample of articles, on request.

The resampling is that of the paper. Others resample otherwise, and their γ differs: pygamma-agreement
draws units from a model of the work unless told not to, and the authors' program halves the distance.

Source: Mathet, Widlöcher, Métivier (2015), The unified and holistic method gamma (γ) for inter-annotator
agreement measure and alignment, Computational Linguistics 41(3):437-479.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from random import Random
from typing import NamedTuple

from annotator.gold.agreement.matching import S, place
from annotator.model.errors import AnnotatorError

SAMPLES = 30
"""How much resampled work the expected disorder rests on."""
MOST_CANDIDATES = 60_000
"""Unitary alignments that are weighed in one article; more are refused."""
MOST_STATES = 20_000
"""Half-made alignments that are kept at a time; more are refused."""
TRIES = 50
"""How often a shift is drawn again that lies too near to another annotator's."""

Placed = tuple[float, float, str]
"""Start, end, label; code points, or any other measure of place."""
Row = tuple[Placed | None, ...]
"""A unitary alignment: of each annotator a unit or none."""


class Weights(NamedTuple):
    """How dissimilarities count; a missing unit costs 1."""

    position: float = 1.0
    """α."""
    label: float = 1.0
    """β: what different labels cost."""

    def between(self, u: Placed, v: Placed) -> float:
        """The dissimilarity of two units: α ((|Δs| + |Δe|) / (len u + len v))² + β [labels differ]."""
        apart = abs(u[0] - v[0]) + abs(u[1] - v[1])
        position = (apart / ((u[1] - u[0]) + (v[1] - v[0]))) ** 2
        return self.position * position + (self.label if u[2] != v[2] else 0.0)


EQUAL = Weights()


class Alignment(NamedTuple):
    """The best alignment of some work."""

    rows: tuple[Row, ...]
    """In order of position; a column for each annotator, sorted by name."""
    disorder: float


class Gamma(NamedTuple):
    """γ, and how it was arrived at."""

    value: float | None
    """None where nobody marked anything, or resampled work agrees perfectly as well."""
    observed: float
    """Disorder of the best alignment."""
    expected: float
    """Mean disorder of the samples."""
    samples: int
    seed: int


def gamma(
    work: Mapping[str, Iterable[S]],
    length: float = 0,
    weights: Weights = EQUAL,
    samples: int = SAMPLES,
    seed: int = 0,
) -> Gamma:
    """γ of the work on one article.

    Args:
        work: the spans of two annotators or more; who found nothing has none.
        length: of the text, along which samples are shifted; 0 takes where the last span ends.
        weights: of place and label.
        samples: how many are drawn.
        seed: of the draws; the same seed gives the same γ, whatever the order of spans.

    Raises:
        AnnotatorError: too many units lie too close together.
        ValueError: fewer than two annotators, or no sample.
    """
    if samples < 1:
        raise ValueError("the expected disorder needs a sample")
    columns = _columns(work)
    observed = _best(columns, weights).disorder
    filled = [unit for column in columns for unit in column]
    if not filled:
        return Gamma(None, 0.0, 0.0, samples, seed)
    around = max(length, max(unit[1] for unit in filled))
    random = Random(seed)  # noqa: S311 - not about secrets
    drawn = [_best(_shifted(columns, around, random), weights).disorder for _ in range(samples)]
    expected = sum(drawn) / samples
    value = 1 - observed / expected if expected else None
    return Gamma(value, observed, expected, samples, seed)


def best_alignment(work: Mapping[str, Iterable[S]], weights: Weights = EQUAL) -> Alignment:
    """The alignment with the least disorder.

    Raises:
        AnnotatorError: too many units lie too close together.
        ValueError: fewer than two annotators.
    """
    return _best(_columns(work), weights)


def _columns(work: Mapping[str, Iterable[S]]) -> list[list[Placed]]:
    if len(work) < 2:
        raise ValueError("an alignment needs two annotators")
    columns: list[list[Placed]] = [sorted(map(place, work[who])) for who in sorted(work)]
    if any(start >= end for column in columns for start, end, _ in column):
        raise ValueError("a unit must have a length")
    return columns


def _shifted(columns: Sequence[list[Placed]], around: float, random: Random) -> list[list[Placed]]:
    """A sample: for each annotator somebody's units, moved by distances that differ enough."""
    sizes = [end - start for column in columns for start, end, _ in column]
    least = sum(sizes) / len(sizes)
    shifts: list[float] = []
    sample = []
    for _ in columns:
        for _ in range(TRIES):
            shift = random.random() * around
            if all(least <= abs(shift - other) <= around - least for other in shifts):
                break
        shifts.append(shift)
        drawn = random.choice(columns)
        moved = (((start + shift) % around, end - start, label) for start, end, label in drawn)
        sample.append(sorted((start, start + size, label) for start, size, label in moved))
    return sample


class _Node(NamedTuple):
    """A unit with its annotator's column, in order of position over all."""

    unit: Placed
    column: int


class _Candidate(NamedTuple):
    """A unitary alignment of two units or more that is better than leaving them alone."""

    members: tuple[int, ...]
    """Indices of nodes, ascending."""
    gain: float
    """What it saves, in sums of dissimilarities over pairs."""


def _best(columns: Sequence[list[Placed]], weights: Weights) -> Alignment:
    """The alignment that saves most against every unit standing alone."""
    n = len(columns)
    nodes = sorted(
        (_Node(unit, number) for number, column in enumerate(columns) for unit in column),
        key=lambda node: (*node.unit, node.column),
    )
    if not nodes:
        return Alignment((), 0.0)
    groups = _search(len(nodes), _candidates(nodes, n, weights))
    rows = [_row(nodes, group, n) for group in groups]
    total = sum(_cost(row, weights) for row in rows)
    return Alignment(tuple(rows), total / (n * (n - 1) / 2) / (len(nodes) / n))


def _row(nodes: list[_Node], group: tuple[int, ...], n: int) -> Row:
    row: list[Placed | None] = [None] * n
    for index in group:
        row[nodes[index].column] = nodes[index].unit
    return tuple(row)


def _cost(row: Row, weights: Weights) -> float:
    """The sum of dissimilarities over all pairs of annotators."""
    total = 0.0
    for u, v in combinations(row, 2):
        total += weights.between(u, v) if u and v else 1
    return total


def _near(nodes: list[_Node], most: float, weights: Weights) -> list[dict[int, float]]:
    """For every unit later ones of other annotators that are not too far, with their dissimilarity."""
    near: list[dict[int, float]] = [{} for _ in nodes]
    for (i, node), (j, other) in combinations(enumerate(nodes), 2):
        if node.column != other.column:
            cost = weights.between(node.unit, other.unit)
            if cost < most:
                near[i][j] = cost
    return near


def _candidates(nodes: list[_Node], n: int, weights: Weights) -> list[list[_Candidate]]:
    """By their first unit the unitary alignments that can be part of a best one.

    With p pairs of annotators k units alone cost k p; together they cost the dissimilarities of their
    k (k - 1) / 2 pairs and 1 for each other pair. A unit whose dissimilarities to the others sum up to
    p + k - 1 or more is better left alone.

    Raises:
        AnnotatorError: there are too many.
    """
    p = n * (n - 1) // 2
    most = p + n - 1
    near = _near(nodes, most, weights)
    found: list[list[_Candidate]] = [[] for _ in nodes]
    left = MOST_CANDIDATES
    for first in range(len(nodes)):
        growing: list[tuple[tuple[int, ...], tuple[float, ...]]] = [((first,), (0.0,))]
        while growing:
            members, sums = growing.pop()
            for j in near[first]:
                if j <= members[-1] or any(nodes[i].column == nodes[j].column for i in members):
                    continue
                costs = [near[i].get(j, most) for i in members]
                joined = (*(a + b for a, b in zip(sums, costs, strict=True)), sum(costs))
                if max(joined) >= most:
                    continue
                k = len(joined)
                growing.append(((*members, j), joined))
                left -= 1
                if max(joined) < p + k - 1:
                    gain = (k - 1) * p + k * (k - 1) / 2 - sum(joined) / 2
                    found[first].append(_Candidate((*members, j), gain))
                if not left:
                    raise AnnotatorError(_TOO_MUCH)
    return found


_TOO_MUCH = (
    "Gamma would take too long here: too many spans lie close together; use a smaller sample."
)


class _Chosen(NamedTuple):
    """The last unitary alignment of a half-made alignment, and those before it."""

    members: tuple[int, ...]
    before: "_Chosen | None"


_State = tuple[float, _Chosen | None]
"""What the choices gain so far, and they themselves."""


def _search(n: int, candidates: list[list[_Candidate]]) -> list[tuple[int, ...]]:
    """The disjoint candidates that gain most together, and what is left alone; by first unit.

    Goes through the units in order of position. All that matters of the choices made so far is which
    later units they have used up, which are few, since alignments are local; of several ways to use up
    the same units only the best is kept, so that the result is exact.
    """
    states: dict[int, _State] = {0: (0.0, None)}
    for unit in range(n):
        after: dict[int, _State] = {}
        for used, (gain, chosen) in states.items():
            options = [(used >> 1, gain, chosen)]
            if not used & 1:
                options[0] = (used >> 1, gain, _Chosen((unit,), chosen))
                for one in candidates[unit]:
                    bits = sum(1 << (member - unit) for member in one.members)
                    if not bits & used:
                        options.append(
                            ((used | bits) >> 1, gain + one.gain, _Chosen(one.members, chosen))
                        )
            for left, value, choice in options:
                if left not in after or value > after[left][0]:
                    after[left] = (value, choice)
        if len(after) > MOST_STATES:
            raise AnnotatorError(_TOO_MUCH)
        states = after
    chosen = states[0][1]
    groups = []
    while chosen:
        groups.append(chosen.members)
        chosen = chosen.before
    return groups[::-1]
