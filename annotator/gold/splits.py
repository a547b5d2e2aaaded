"""Which split each article goes to: whole components, the same ones in every run, for good.

An article that has a split keeps it. A new one goes where its component is; components that are new
are dealt out, the largest first, each to the split that leaves the smallest gaps to the ratios over
all articles, over its languages and over its sources there. Among equally large ones the order is that of
SHA-256 over the seed and the component's key, so neither the order of import nor chance matters.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

from annotator.gold.components import TOGETHER, Component, Entry, components, made_of
from annotator.gold.duplicates import Copies
from annotator.gold.leaks import TRAIN
from annotator.model.errors import AnnotatorError
from annotator.model.split import Assigned, valid_split

TEST = "test"
"""Where an event that is held out goes."""
RATIOS = {TRAIN: 0.8, "dev": 0.1, TEST: 0.1}
FEW = 5
"""So many articles may hold together in any case, however small the project."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How a project is split; its next articles are too, unless something else is said."""

    ratios: Mapping[str, float] = field(default_factory=lambda: dict(RATIOS))
    """Shares of the whole, which need not add up to 1; an earlier split comes first."""
    seed: int = 0
    together: tuple[str, ...] = ()
    """By which of `components.TOGETHER` articles stay together."""
    topics: tuple[str, ...] = ()
    """Events that are held out for the test, whole."""
    duplicates: bool = True
    """Near copies stay together."""

    @property
    def train(self) -> str:
        """The split that is learnt from: the one called train, else the largest."""
        return TRAIN if TRAIN in self.ratios else max(self.ratios, key=self.ratios.__getitem__)

    @property
    def shares(self) -> dict[str, float]:
        """The ratios, made to add up to 1; held-out events leave the test nothing else."""
        kept = {s: r for s, r in self.ratios.items() if not (self.topics and s == TEST)}
        total = sum(kept.values())
        if not total:
            raise AnnotatorError(f"With events held out, --ratios must name more than {TEST}.")
        return {split: ratio / total for split, ratio in kept.items()}

    def rank(self, split: str) -> tuple[int, str]:
        """The order of splits: as the ratios name them, then others."""
        names = list(self.ratios)
        return (names.index(split) if split in names else len(names), split)

    def body(self) -> dict[str, Any]:
        """As the project remembers it."""
        return {
            "ratios": [[split, ratio] for split, ratio in self.ratios.items()],
            "seed": self.seed,
            "together": list(self.together),
            "topics": list(self.topics),
            "duplicates": self.duplicates,
        }

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> "Settings":
        """What a project remembers; raises AnnotatorError when that makes no sense."""
        try:
            ratios = {valid_split(str(split)): float(ratio) for split, ratio in body["ratios"]}
            together = tuple(what for what in body["together"] if what in TOGETHER)
            topics = tuple(map(str, body["topics"]))
            return cls(ratios, int(body["seed"]), together, topics, bool(body["duplicates"]))
        except (KeyError, TypeError, ValueError) as error:
            raise AnnotatorError(
                "How this project was split cannot be read; say --ratios, --seed and --together."
            ) from error


def read_ratios(words: str) -> dict[str, float]:
    """Ratios such as `train=0.8,dev=0.1,test=0.1`.

    Raises:
        AnnotatorError: a name or number is missing or no good, or all ratios are 0.
    """
    found: dict[str, float] = {}
    for word in words.split(","):
        name, sign, value = word.strip().partition("=")
        try:
            ratio = float(value) if sign else math.nan
        except ValueError:
            ratio = math.nan
        if not 0 <= ratio < math.inf:
            raise AnnotatorError(
                f"{word.strip()!r} is no ratio: write them as train=0.8,dev=0.1,test=0.1."
            )
        if name in found:
            raise AnnotatorError(f"The split {name!r} has two ratios; give it one.")
        found[valid_split(name)] = ratio
    if not sum(found.values()):
        raise AnnotatorError(
            "One ratio at least must be above 0, as in train=0.8,dev=0.1,test=0.1."
        )
    return found


@dataclass(frozen=True, slots=True)
class Plan:
    """Where every article goes."""

    settings: Settings
    splits: Mapping[str, str]
    """By article."""
    new: tuple[Assigned, ...]
    """Articles that had no split, components one after the other."""
    components: tuple[Component, ...]
    """The largest first."""
    torn: tuple[Component, ...]
    """Those whose articles have different splits from before, and keep them."""


def plan(
    entries: Iterable[Entry],
    copies: Copies,
    settings: Settings,
    frozen: Mapping[str, Assigned],
    allow_large: bool = False,
) -> Plan:
    """Give every article a split. Nothing but the arguments' values matters, no order of theirs.

    Args:
        entries: all articles.
        copies: which of them are near copies.
        settings: how to split them.
        frozen: the splits that articles have already, by id.
        allow_large: components larger than their split is to be are dealt out all the same.

    Raises:
        AnnotatorError: a component is larger than its split is to be, or an event that is to be
            held out is unknown, or it or what is kept together with it is in another split.
    """
    found = components(entries, copies, settings.together, settings.topics)
    _refuse_topics(found, copies, settings, frozen)
    dealer = _Dealer(settings, found, frozen)
    splits: dict[str, str] = {}
    new: list[Assigned] = []
    torn: list[Component] = []
    for component in sorted(found, key=lambda each: _order(each, settings.seed)):
        had = [frozen[entry.id] for entry in component.members if entry.id in frozen]
        names = {assigned.split for assigned in had}
        if len(names) > 1:
            torn.append(component)
        key = component.key
        if component.topic:
            split = TEST
        elif had:
            split = min(names, key=settings.rank)
        else:
            split = dealer.deal(component)
            if not allow_large and component.size > max(FEW, dealer.wanted(split)):
                raise AnnotatorError(_too_large(component, split, settings, copies, dealer))
        key = min((a.component for a in had if a.split == split and a.component), default=key)
        for entry in component.members:
            splits[entry.id] = frozen[entry.id].split if entry.id in frozen else split
            if entry.id not in frozen:
                new.append(Assigned(entry.id, split, key))
    return Plan(settings, splits, tuple(new), _largest_first(found), tuple(torn))


def _largest_first(found: Iterable[Component]) -> tuple[Component, ...]:
    return tuple(sorted(found, key=lambda each: (-each.size, each.key)))


def _order(component: Component, seed: int) -> tuple[int, str]:
    digest = sha256(f"{seed}:{component.key}".encode("utf-8", "surrogatepass")).hexdigest()
    return -component.size, digest


Cell = tuple[str, ...]
"""() for all articles, (language,) or (language, source)."""


def _cells(component: Component) -> Iterator[tuple[Cell, int]]:
    """How many of a component's articles are in each cell."""
    counted: Counter[Cell] = Counter()
    for entry in component.members:
        counted[entry.lang,] += 1
        if entry.source:
            counted[entry.lang, entry.source] += 1
    yield (), component.size
    yield from counted.items()


class _Dealer:
    """How much each split lacks, over all articles and in each cell."""

    def __init__(
        self, settings: Settings, found: Sequence[Component], frozen: Mapping[str, Assigned]
    ) -> None:
        shares = settings.shares
        self.splits = list(shares)
        self._shares = list(shares.values())
        self._totals: Counter[Cell] = Counter()
        self._gaps: dict[Cell, list[float]] = {}
        free = [component for component in found if not component.topic]
        for component in free:
            self._totals.update(dict(_cells(component)))
        for cell, total in self._totals.items():
            self._gaps[cell] = [total * share for share in self._shares]
        for component in free:
            had: dict[str, list[Entry]] = {}
            for entry in component.members:
                if entry.id in frozen:
                    had.setdefault(frozen[entry.id].split, []).append(entry)
            for split, members in had.items():
                self._count(replace(component, members=tuple(members)), split)

    @property
    def articles(self) -> int:
        """How many articles are dealt out, or were before."""
        return self._totals[()]

    def wanted(self, split: str) -> float:
        """How many articles a split is to have."""
        return self.articles * self._shares[self.splits.index(split)]

    def deal(self, component: Component) -> str:
        """The split for a component: one with room for it, if any has.

        So no split ends more than one component above or below its ratio.
        """
        gaps = self._gaps[()]
        numbers = range(len(gaps))
        room = [number for number in numbers if gaps[number] >= component.size]
        if room:
            # squared gaps shrink most where count times gap is largest
            cells = [
                (self._gaps[cell], count)
                for cell, count in _cells(component)
                if not cell or count < self._totals[cell]
            ]
            scores = {n: sum(count * each[n] for each, count in cells) for n in room}
            best = max(room, key=lambda n: (round(scores[n], 6), -n))
        else:
            best = max(numbers, key=lambda n: (round(gaps[n], 6), -n))
        self._count(component, self.splits[best])
        return self.splits[best]

    def _count(self, component: Component, split: str) -> None:
        if split in self.splits:
            number = self.splits.index(split)
            for cell, count in _cells(component):
                self._gaps[cell][number] -= count


def _refuse_topics(
    found: Sequence[Component], copies: Copies, settings: Settings, frozen: Mapping[str, Assigned]
) -> None:
    """Raises AnnotatorError when an event cannot be held out.

    With its near copies, that is: one in train would leak into the test for good. Where every
    article has its split already nothing is written, so an event that is held out stays so.
    """
    for topic in settings.topics:
        whole = next((c for c in found if any(e.group == topic for e in c.members)), None)
        if whole is None:
            raise AnnotatorError(
                f"No article is about the event {topic!r}; events come in as an article's group."
            )
        had = {e.id: frozen[e.id].split for e in whole.members if e.id in frozen}
        own = [e.id for e in whole.members if e.group == topic]
        settled = len(had) == whole.size and any(had[name] == TEST for name in own)
        outside = [name for name, split in had.items() if split != TEST]
        if outside and not settled:
            raise AnnotatorError(_not_held_out(topic, own, outside, copies, had))


def _not_held_out(
    topic: str, own: list[str], outside: list[str], copies: Copies, had: Mapping[str, str]
) -> str:
    """The sentence that says which article keeps an event from being held out, and what to do."""
    name = next((name for name in outside if name in own), outside[0])
    who = f"article {name!r} of it"
    if name not in own:
        near = {b if a == name else a for a, b in copies.links() if name in (a, b)}
        other = next((each for each in own if each in near), own[0])
        who = f"article {name!r}, with which {other!r} of it is kept together,"
    return (
        f"The event {topic!r} cannot be held out: {who} is in {had[name]} already, and a split "
        "once given stays. Hold out another event, or none with --by-topic ''."
    )


def _too_large(
    component: Component, split: str, settings: Settings, copies: Copies, dealer: _Dealer
) -> str:
    """The sentence that says which component is too large, and what it is made of."""
    return (
        f"{component.size} of {dealer.articles} articles hold together, but {split} is to have "
        f"{dealer.wanted(split):.0f}: {made_of(component, settings.together, copies)}. Keep less "
        "--together, hold an event out with --by-topic, give other --ratios, or say --allow-large."
    )
