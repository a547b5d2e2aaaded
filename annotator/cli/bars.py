"""Progress: bars with rate and remaining time on a terminal, a plain line now and then elsewhere."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self

from annotator.cli.out import duration, number, say

EVERY = 10.0
"""Seconds between plain lines."""

UPDATE = 0.1
"""Seconds between updates of a bar."""


class Phase:
    """One stretch of work: how much of it there is, and how many things came of it so far."""

    def __init__(self, title: str, total: int, unit: str, bar: "Any | None") -> None:
        self.title = title
        self.total = total
        """In steps; 0 when it is not known."""
        self.unit = unit
        """What the things are called."""
        self.steps = 0
        self.things = 0
        self.began = time.monotonic()
        self.seconds = 0.0
        """How long it took, once it is over."""
        self._bar = bar
        self._task = bar.add_task(title, total=total or None, rate="") if bar else None
        self._said = self.began

    def advance(self, things: int = 0, steps: int | None = None) -> None:
        """Note progress: steps of the total (bytes, rows), and things that came of them."""
        self.things += things
        self.steps += things if steps is None else steps
        now = time.monotonic()
        if now - self._said >= (EVERY if self._bar is None else UPDATE):
            self._said = now
            self._show(now)

    def end(self) -> None:
        """Stop the clock, and show the whole on a bar."""
        now = time.monotonic()
        self.seconds = now - self.began
        if self._bar is not None:
            self._show(now)

    def rate(self, now: float) -> str:
        """How many things there are and come in a second."""
        each = self.things / max(now - self.began, 1e-9)
        return f"{number(self.things)} {self.unit}, {number(round(each))}/s"

    def _show(self, now: float) -> None:
        if self._bar is not None:
            self._bar.update(self._task, completed=self.steps, rate=self.rate(now))
            return
        say(f"{self.title}: {self.rate(now)}{self._rest(now)}", err=True)

    def _rest(self, now: float) -> str:
        """Share done and time left, when the total is known."""
        if not self.total or not self.steps:
            return ""
        share = min(self.steps / self.total, 1.0)
        left = (now - self.began) * (1 - share) / share
        return f", {share:.0%}, about {duration(left)} left"


class Bars:
    """Where phases are shown: standard error."""

    def __init__(self) -> None:
        self._bar: Any | None = _progress() if _drawable() else None

    def __enter__(self) -> Self:
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    @contextmanager
    def phase(self, title: str, total: int, unit: str) -> Iterator[Phase]:
        """A phase of work; `total` in steps, 0 when it is not known."""
        phase = Phase(title, total, unit, self._bar)
        try:
            yield phase
        finally:
            phase.end()


def _drawable() -> bool:
    return sys.stderr.isatty() and os.environ.get("TERM", "") not in ("", "dumb")


def _progress() -> Any:
    """The bar: title, bar, share, what came of it at which rate, time left."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[rate]}", markup=False),
        TimeRemainingColumn(),
        console=Console(file=sys.stderr, markup=False, highlight=False, emoji=False),
    )
