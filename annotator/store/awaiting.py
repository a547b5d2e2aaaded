"""What waits to be saved, and whether the project's server can be reached."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING

from annotator.store import works
from annotator.store.address import Address
from annotator.store.journal import Journal, Pending
from annotator.store.part import Part

if TYPE_CHECKING:
    from annotator.model.event import Event
    from annotator.store.engine import Row
    from annotator.store.link import Link, Reach


class Awaiting(Part):
    """The part of `Project` that knows of acts which are not saved yet."""

    _journal: Journal
    _link: "Link | None"

    @property
    def reach(self) -> "Reach | None":
        """How things stand with the project's server; None for a file. Takes no time."""
        return self._link.reach if self._link is not None else None

    def watch(self, changed: "Callable[[Reach], None]") -> None:
        """A screen is open: nothing that is read shall take long, and `changed` hears how things stand.

        With a server a read waits `link.PATIENCE` seconds for an answer; from then on all reads fail at
        once until the server was found again, which is looked for in the background.

        Args:
            changed: called in another thread when the server is lost, or found, or when acts wait for it.
        """
        if self._link is not None:
            from annotator.store.link import PATIENCE

            self._link.patience = PATIENCE
            self._link.hearers.append(changed)

    def heads(self, article: str, actor: str) -> "list[Row]":
        """The rows that somebody's work on an article is made of, for `works.after`."""
        return works.heads(self._reader, article, actor)

    def pending(self) -> list[Pending]:
        """This annotator's acts on this project that are kept aside, oldest first."""
        known = "SELECT 1 FROM event WHERE act = ? LIMIT 1"
        return [p for p in self._journal.pending() if not self._reader.row(known, (p.act.id,))]

    def kept(self) -> list[Pending]:
        """The same without asking the project, so that some of them may be saved already."""
        return self._journal.pending()

    def elsewhere(self) -> list[Pending]:
        """This annotator's acts on the same project that wait for a server other than this place."""
        return self._journal.elsewhere()

    def retry(self) -> Future[int]:
        """Send the acts kept aside again, in order; the future gives how many are saved now."""
        return self._writing.retry()

    def awaited(self, act: str) -> "Future[tuple[Event, ...]]":
        """What tells that an act that is kept aside was sent."""
        return self._writing.awaited(act)

    def _home(self) -> str:
        """What a server calls the project's database; "" for a file."""
        return self._reader.home if isinstance(self.path, Address) else ""
