"""The saved mark: shown only when every act so far is durable."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from annotator.store.trouble import AwaitedError
from annotator.tui.status import SAVED, SAVING, UNSAVED, away, sending

TYPE_CHECKING = False
if TYPE_CHECKING:
    from annotator.store.link import Reach

AWAY = "The server is away: what you decide is kept here, and sent when it is back."
"""What is said when the server is lost."""
BACK = "The server is back."
NOT_AHEAD = "The server cannot be reached, and that article was not read ahead: this one stays."
"""What is said where one cannot go on."""


class SavedMark:
    """Watches acts on their way to the log."""

    def __init__(
        self,
        wake: Callable[[Callable[[], None]], None],
        changed: Callable[[], None],
        reach: "Callable[[], Reach | None]" = lambda: None,
    ) -> None:
        """Nothing is watched yet.

        Args:
            wake: runs a function on the screen's thread.
            changed: repaints the mark.
            reach: gives how things stand with the project's server; None for a file.
        """
        self._wake = wake
        self._changed = changed
        self._reach = reach
        self._is_away = False
        self._kept = 0
        """How many acts waited at most since the server was lost."""
        self._last: Future[Any] | None = None
        self._act: Future[Any] | None = None
        self.trouble = ""
        """Why the newest acts could not be saved; "" while they can."""

    @property
    def words(self) -> str:
        """The mark."""
        if self.trouble:
            return UNSAVED
        reach = self._reach()
        if reach is not None and (reach.since or reach.waiting):
            return away(reach.waiting) if reach.since else sending(reach.waiting)
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

    def heard(self, reach: "Reach") -> str:
        """The server was lost or found, or acts wait for it; what to say of that, "" for nothing."""
        self._kept = max(self._kept, reach.waiting)
        if reach.since:
            was, self._is_away = self._is_away, True
            return "" if was else AWAY
        if reach.waiting or not (self._is_away or self._kept):
            return ""
        kept, self._kept, self._is_away = self._kept, 0, False
        return f"{BACK} {sent(kept)}".rstrip()

    def _done(self, future: "Future[Any]") -> None:
        error = None if future.cancelled() else future.exception()
        if isinstance(error, AwaitedError):  # no trouble, unless it is refused in the end
            error.sent.add_done_callback(lambda done: self._wake(lambda: self._done(done)))
            error = None
        self.trouble = str(error) if error else ("" if future is self._last else self.trouble)
        self._changed()


def sent(number: int) -> str:
    """That so many decisions were sent, a sentence; "" for none."""
    if not number:
        return ""
    return (
        "The decision kept here was sent."
        if number == 1
        else f"{number:,} decisions kept here were sent."
    )
