"""Counting articles for agreement: here, or in processes of their own when there are many.

A process opens the project for reading only and gives counts back as JSON.
"""

import json
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import TYPE_CHECKING

from annotator.gold.agreement.counting import count, layer_kinds
from annotator.gold.agreement.marks import marks_of_heads
from annotator.store import statistics
from annotator.store.address import Place
from annotator.store.guidelines import versions_of
from annotator.store.secret import keep, kept
from annotator.store.works import no_collection

if TYPE_CHECKING:
    from annotator.store.project import Project

Counted = tuple[int, str, str]
"""Number and id of an article, and its counts as JSON."""
Start = Callable[[Sequence[int]], "Future[list[Counted]]"]
"""Begins to count some articles."""

_counting: "Counting | None" = None
"""In a process that only counts: what it counts with."""


class Counting:
    """Counts articles of one project."""

    def __init__(self, project: "Project") -> None:
        """Read under which guidelines everybody worked."""
        self._project = project
        self._kinds = layer_kinds(project.scheme)
        self._versions = versions_of(project)

    def of(self, numbers: Sequence[int]) -> list[Counted]:
        """Count some articles, in order."""
        found = []
        for article in statistics.heads(self._project, numbers):
            marks = [marks_of_heads(actor, heads) for actor, heads in article.works]
            found.append((article, count(article.chars, self._kinds, marks)))
        events = {each for _, counts in found for each in counts["at"].values()}
        versions = self._versions.of_events(sorted(events - {""}))
        for _, counts in found:
            at = counts["at"].items()
            counts["guidelines"] = {actor: versions.get(event, "") for actor, event in at}
        return [(a.n, a.id, json.dumps(counts, separators=(",", ":"))) for a, counts in found]


def here(project: "Project") -> Start:
    """Counts at once, in this process."""
    counting = Counting(project)

    def start(numbers: Sequence[int]) -> "Future[list[Counted]]":
        future: Future[list[Counted]] = Future()
        future.set_result(counting.of(numbers))
        return future

    return start


@contextmanager
def apart(path: Place, jobs: int) -> Iterator[Start]:
    """Counts in so many processes of their own, which end with the block."""
    pool = ProcessPoolExecutor(jobs, get_context("spawn"), _prepare, (str(path), kept(path)))

    def start(numbers: Sequence[int]) -> "Future[list[Counted]]":
        # Ctrl-C reaches every process of a terminal; those that are started with it blocked leave
        # the answer to this one
        is_main = threading.current_thread() is threading.main_thread()
        old = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT}) if is_main else None
        try:
            return pool.submit(_count, list(numbers))
        finally:
            if old is not None:
                signal.pthread_sigmask(signal.SIG_SETMASK, old)

    try:
        yield start
    finally:
        pool.shutdown(cancel_futures=True)


def _prepare(path: str, password: str) -> None:
    """Open the project once in a new process, which ends when the one that started it does."""
    from annotator.store.address import place_of
    from annotator.store.project import Project

    keep(place_of(path), password)

    global _counting
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _counting = Counting(Project.open(path, readonly=True))


def _count(numbers: list[int]) -> list[Counted]:
    assert _counting is not None, "prepared first"
    with no_collection():
        return _counting.of(numbers)


def _end_with_parent() -> None:
    """A pool's process that lost its parent would wait for work for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
