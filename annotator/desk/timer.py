"""Active time: how long an annotator really worked on an article."""

import time
from collections.abc import Callable

PAUSE = 60.0
"""Seconds without a key after which the clock stands still (a coffee is not annotation)."""


class ActiveTime:
    """Counts seconds between keys, a pause at most once."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._spent = 0.0
        self._last = now()

    def start(self, seconds: int = 0) -> None:
        """Begin an article that has had `seconds` of work already."""
        self._spent = float(seconds)
        self._last = self._now()

    def tick(self) -> None:
        """A key was pressed."""
        now = self._now()
        self._spent += min(now - self._last, PAUSE)
        self._last = now

    @property
    def seconds(self) -> int:
        """Whole seconds of active work."""
        return int(self._spent)
