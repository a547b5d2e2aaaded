"""The saved mark: shown only when every act so far is durable."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from annotator.tui.status import SAVED, SAVING, UNSAVED


class SavedMark:
    """Watches acts on their way to the log."""

    def __init__(
        self, wake: Callable[[Callable[[], None]], None], changed: Callable[[], None]
    ) -> None:
        """`wake` runs a function on the screen's thread; `changed` repaints the mark."""
        self._wake = wake
        self._changed = changed
        self._last: Future[Any] | None = None
        self._act: Future[Any] | None = None
        self.trouble = ""
        """Why the newest acts could not be saved; "" while they can."""

    @property
    def words(self) -> str:
        """The mark."""
        if self.trouble:
            return UNSAVED
        return SAVING if self.under_way else SAVED

    @property
    def under_way(self) -> bool:
        """Whether an act is on its way to the log."""
        return self._last is not None and not self._last.done()

    def watch(self, future: "Future[Any] | None") -> None:
        """An act was sent: the mark follows it (acts are saved in order, so only the last)."""
        if future is not None and future is not self._act:
            self._act = future
            self.retried(future)

    def retried(self, future: "Future[Any]") -> None:
        """What could not be saved was sent again; the acts watched before count no more."""
        self._last = future
        future.add_done_callback(lambda done: self._wake(lambda: self._done(done)))

    def _done(self, future: "Future[Any]") -> None:
        error = None if future.cancelled() else future.exception()
        self.trouble = str(error) if error else ("" if future is self._last else self.trouble)
        self._changed()
