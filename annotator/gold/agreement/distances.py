"""How far two labels are apart: not the same, on an order, as numbers, or as somebody says."""

import re
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import combinations
from math import lcm
from typing import NamedTuple

Weights = Callable[[int, int], int]
"""The distance of two labels by their numbers, the lower first, in some whole unit."""

_NUMBER = re.compile(r"[+-]?[0-9]{1,18}(?:\.[0-9]{1,18})?")


class Distance(NamedTuple):
    """How far labels are apart."""

    name: str
    weights: Callable[[Sequence[str]], Weights | None]
    """The distances of these labels; None when they depend on how often each was used (ordinal).

    Raises ValueError, in words for people, when the labels have no such distance.
    """
    scale: tuple[str, ...] | None = None
    """The labels that have a place, in order; ratings with others are left out."""


NOMINAL = Distance("nominal", lambda _: lambda _a, _b: 1)
"""Another label is another label."""


def ordinal(scale: Sequence[str]) -> Distance:
    """Krippendorff's ordinal distance: the ratings that lie between two labels, squared.

    Args:
        scale: the labels in order, such as against, neutral, favor. Others are left out.

    Raises:
        ValueError: a label occurs twice.
    """
    if len(set(scale)) < len(scale):
        raise ValueError("a label has one place on a scale")
    return Distance("ordinal", lambda _: None, tuple(scale))


def between(apart: Callable[[str, str], float | Fraction], name: str = "weighted") -> Distance:
    """A distance of one's own: 0 for the same, the same both ways round."""

    def weights(names: Sequence[str]) -> Weights:
        return _whole(names, lambda a, b: Fraction(apart(a, b)))

    return Distance(name, weights)


def _whole(names: Sequence[str], apart: Callable[[str, str], Fraction]) -> Weights:
    """Distances times what makes them all whole."""
    exact = {(a, b): apart(names[a], names[b]) for a, b in combinations(range(len(names)), 2)}
    unit = lcm(*(each.denominator for each in exact.values()))
    whole = {cell: int(each * unit) for cell, each in exact.items()}
    return lambda a, b: whole[a, b]


def _number(label: str) -> Fraction:
    if not _NUMBER.fullmatch(label):
        raise ValueError("not all labels are numbers")
    return Fraction(label)


def _interval(a: str, b: str) -> Fraction:
    return (_number(a) - _number(b)) ** 2


def _ratio(a: str, b: str) -> Fraction:
    one, other = _number(a), _number(b)
    if one < 0 or other < 0:
        raise ValueError("not all labels are numbers from 0 up")
    return ((one - other) / (one + other)) ** 2 if one + other else Fraction(0)


INTERVAL = between(_interval, "interval")
"""Labels are numbers; (a - b)^2."""
RATIO = between(_ratio, "ratio")
"""Labels are numbers from 0 up; ((a - b)/(a + b))^2."""
