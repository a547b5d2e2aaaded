"""What is counted: spans right, wrong and missed, by what was learnt and by how sure they are."""

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from annotator.suggest.protocol import Guess, Labelled

POINTS = (1, 2, 5, 10, 20, 50, 100, 200)
"""Numbers of articles that figures are given at."""
NEAR = (0.8, 1.25)
"""An article counts for a point when between so many times the point were learnt before it."""
BANDS = ((0.95, 1.01), (0.9, 0.95), (0.8, 0.9), (0.65, 0.8), (0.5, 0.65))

Span = tuple[int, int, str]
T = TypeVar("T")


def points(learnt: int) -> list[int]:
    """The points an article counts for before which so many were learnt; 0 is from nothing."""
    low, high = NEAR
    return [0] if not learnt else [p for p in POINTS if low * p <= learnt <= high * p]


@dataclass
class Score:
    """Exact spans with labels: right, wrong and missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def add(self, found: set[Span], gold: set[Span]) -> None:
        """Count an article."""
        self.right += len(found & gold)
        self.wrong += len(found - gold)
        self.missed += len(gold - found)

    @property
    def f1(self) -> float:
        """Micro-averaged; NaN of nothing."""
        whole = 2 * self.right + self.wrong + self.missed
        return 2 * self.right / whole if whole else float("nan")

    @property
    def precision(self) -> float:
        """Of what is suggested what is right; NaN of nothing."""
        found = self.right + self.wrong
        return self.right / found if found else float("nan")

    @property
    def recall(self) -> float:
        """Of the gold what is found; NaN of nothing."""
        gold = self.right + self.missed
        return self.right / gold if gold else float("nan")


@dataclass
class Bands:
    """Suggestions by how sure they are: [right, wrong]."""

    counts: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))

    def add(self, guesses: Iterable[Guess], gold: set[Span]) -> None:
        """Count the guesses in an article; candidates without a label are right by their edges."""
        edges = {span[:2] for span in gold}
        for guess in guesses:
            if not guess.label:
                self._count("no label, edges right", (guess.start, guess.end) in edges)
                continue
            right = (guess.start, guess.end, guess.label) in gold
            band = next((f"{low:g}" for low, high in BANDS if low <= guess.score < high), "below")
            self._count(f"score from {band}", right)
            self._count("sure" if guess.sure else "unsure", right)

    def _count(self, band: str, right: bool) -> None:
        self.counts[band][not right] += 1

    def rows(self) -> list[list[str]]:
        """Band, share of all suggestions, precision."""
        whole = sum(sum(pair) for band, pair in self.counts.items() if "sure" not in band)
        return [
            [band, f"{sum(pair):,}", f"{sum(pair) / max(whole, 1):.1%}", f"{pair[0] / sum(pair):.3f}"]
            for band, pair in sorted(self.counts.items())
        ]  # fmt: skip


class Timed:
    """CPU seconds of calls, by name."""

    def __init__(self) -> None:
        self.seconds: dict[str, list[float]] = defaultdict(list)

    def __call__(self, name: str, call: Callable[..., T], *arguments: object) -> T:
        """What the call returns; the CPU time it took is kept."""
        begun = time.process_time()
        result = call(*arguments)
        self.seconds[name].append(time.process_time() - begun)
        return result


def typed(guesses: Iterable[Guess]) -> set[Span]:
    """The guesses that have a label."""
    return {(guess.start, guess.end, guess.label) for guess in guesses if guess.label}


def gold_of(spans: Iterable[Labelled]) -> set[Span]:
    """The gold of an article."""
    return {(span.start, span.end, span.label) for span in spans}


def identities(guesses: Iterable[Guess], spans: Iterable[Labelled], into: Counter[str]) -> None:
    """Count the identities proposed with right spans: "right", "wrong" or "none"."""
    links = {(s.start, s.end, s.label): s.attrs.get("link") or s.attrs.get("xid") for s in spans}
    for guess in guesses:
        wanted = links.get((guess.start, guess.end, guess.label))
        if wanted:
            given = guess.attrs.get("link") or guess.attrs.get("xid")
            into["none" if not given else "right" if given == wanted else "wrong"] += 1
