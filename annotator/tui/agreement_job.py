"""Long work on a project in a thread of its own, so that the screen never waits for it."""

import threading
import time
from collections.abc import Callable
from typing import Any

from annotator.store.project import Project

Tell = Callable[[int, int], object]
EVERY = 0.1
"""Seconds between two reports of how far it is."""


class Stopped(BaseException):
    """The work was given up; not an Exception, so that nothing on its way deals with it."""


class Job:
    """One piece of work with a project of its own, which it closes; told on the screen's thread."""

    def __init__(
        self,
        name: str,
        project: Callable[[], Project],
        work: Callable[[Project, Tell], Any],
        done: Callable[[Any], None],
        failed: Callable[[Exception], None],
        post: Callable[[Callable[[], None]], None],
    ) -> None:
        """Begin at once.

        Args:
            name: what is done, for people.
            project: opens the project, in the thread.
            work: the work; it gets the project and what it tells how far it is.
            done: called with what came out.
            failed: called with what went wrong instead.
            post: has a function called on the screen's thread.
        """
        self.name = name
        self.steps = self.total = 0
        """How far it is, and of how much; 0 of 0 until that is known."""
        self._project, self._work = project, work
        self._done, self._failed, self._post = done, failed, post
        self._told = 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"annotator-{name}", daemon=True)
        self._changed: Callable[[], None] = lambda: None

    def begin(self, changed: Callable[[], None]) -> None:
        """Start; `changed` is called on the screen's thread when it got further."""
        self._changed = changed
        self._thread.start()

    @property
    def running(self) -> bool:
        """Whether it is still at it, and wanted."""
        return self._thread.is_alive() and not self._stop.is_set()

    def stop(self) -> None:
        """Give the work up: nobody is told any more. It ends at its next step."""
        self._stop.set()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for the end of the thread, so many seconds at most; whether it has ended."""
        if self._thread.ident is not None:
            self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            with self._project() as project:
                found = self._work(project, self._tell)
        except Stopped:
            return
        except Exception as error:
            fault = error
            self._send(lambda: self._failed(fault))
            return
        self._send(lambda: self._done(found))

    def _send(self, function: Callable[[], None]) -> None:
        if not self._stop.is_set():
            self._post(lambda: None if self._stop.is_set() else function())

    def _tell(self, steps: int, total: int) -> None:
        if self._stop.is_set():
            raise Stopped
        self.steps, self.total = steps, total
        now = time.monotonic()
        if now - self._told >= EVERY or steps >= total:
            self._told = now
            self._send(self._changed)
