"""How many articles of a split have a near copy where a model learns."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from annotator.gold.duplicates import Copies

TRAIN = "train"


class Leak(NamedTuple):
    """What a split shares with the one that is learnt from."""

    split: str
    articles: int
    """How many it has."""
    leaking: int
    """How many of them have a near copy in `train`."""
    random: float
    """How many would have, on average, had every article been put somewhere by chance."""


def leaks(splits: Mapping[str, str], copies: Copies, train: str = TRAIN) -> list[Leak]:
    """What each other split shares with `train`, sorted by name.

    The random assignment it is held against keeps the sizes of the splits; its figure is the
    expected value, so it needs no dice.
    """
    sizes = Counter(splits.values())
    found: Counter[str] = Counter()
    chance = 0.0
    for name, near, in_train in _copied(splits, copies, train):
        if in_train:
            found[splits[name]] += 1
        chance += _chance(near, sizes[train], len(splits))
    return [
        Leak(split, size, found[split], chance * size / len(splits))
        for split, size in sorted(sizes.items())
        if split != train
    ]


def leaking(splits: Mapping[str, str], copies: Copies, train: str = TRAIN) -> Iterator[str]:
    """The articles outside `train` that have a near copy in it."""
    for name, _, in_train in _copied(splits, copies, train):
        if in_train and splits[name] != train:
            yield name


def _copied(
    splits: Mapping[str, str], copies: Copies, train: str
) -> Iterator[tuple[str, int, int]]:
    """Each article with a near copy: how many copies it has, and how many of them in `train`."""
    group = {names[0]: names for names in copies.same}
    around: dict[str, list[str]] = {names[0]: [] for names in copies.same}
    for pair in copies.near:
        around.setdefault(pair.a, []).append(pair.b)
        around.setdefault(pair.b, []).append(pair.a)
    counted = {first: _counted(group.get(first, (first,)), splits, train) for first in around}
    for first, near in around.items():
        others = [counted[name] for name in near]
        here = counted[first]
        number = here[0] + sum(there for there, _ in others)
        in_train = here[1] + sum(learnt for _, learnt in others)
        for name in group.get(first, (first,)):
            if name in splits:
                yield name, number - 1, in_train - (splits[name] == train)


def _counted(names: tuple[str, ...], splits: Mapping[str, str], train: str) -> tuple[int, int]:
    """How many of the articles have a split, and how many are in `train`."""
    found = [splits[name] for name in names if name in splits]
    return len(found), found.count(train)


def _chance(near: int, train: int, articles: int) -> float:
    """How likely an article outside `train` has one of its copies there, had chance decided."""
    none = 1.0
    for number in range(near):
        left = articles - 1 - number
        none *= max(left - train, 0) / left
    return 1 - none
