"""Active time: how long an annotator really worked on an article, in which layer, with how many keys."""

import time
from collections.abc import Callable, Mapping

from annotator.model.spent import Spent

PAUSE = 60.0
"""Seconds without a key after which the clock stands still (a coffee is not annotation)."""
GLANCE = 5.0
"""A visit without a decision is recorded from so many active seconds on."""


class ActiveTime:
    """Counts seconds between keys, a pause at most once, and keys; both by layer."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._spent = 0.0
        self._last = now()
        self.layer = ""
        """The layer that what comes next is spent in."""
        self._before = Spent()
        self._seconds: dict[str, float] = {}
        self._keys: dict[str, int] = {}

    def start(self, seconds: int = 0, before: Spent | None = None) -> None:
        """Begin an article that has had `seconds` of work, and `before` by layer, already."""
        self._spent = float(seconds)
        self._last = self._now()
        self._before = before or Spent()
        self._seconds.clear()
        self._keys.clear()

    def tick(self) -> None:
        """Something was done."""
        now = self._now()
        active = min(now - self._last, PAUSE)
        self._spent += active
        self._seconds[self.layer] = self._seconds.get(self.layer, 0.0) + active
        self._last = now

    def key(self, presses: int = 1) -> None:
        """A key was pressed, or several."""
        self.tick()
        self._keys[self.layer] = self._keys.get(self.layer, 0) + presses

    @property
    def seconds(self) -> int:
        """Whole seconds of active work."""
        return int(self._spent)

    @property
    def idle(self) -> float:
        """Seconds since anything was done."""
        return self._now() - self._last

    @property
    def glanced(self) -> bool:
        """Whether this visit was so short that it is worth recording only with a decision."""
        return sum(self._seconds.values()) < GLANCE

    @property
    def spent(self) -> Spent:
        """Seconds and keys by layer, all sittings together."""
        seconds = {name: round(value) for name, value in self._seconds.items()}
        return Spent(_sum(self._before.seconds, seconds), _sum(self._before.keys, self._keys))


def _sum(old: Mapping[str, int], new: Mapping[str, int]) -> dict[str, int]:
    return {name: old.get(name, 0) + new.get(name, 0) for name in sorted({*old, *new})}
