"""What the writer does with acts that could not be saved: it keeps them aside, in order, and sends them.

Each goes to the side journal, and newer ones behind it. When that is because of a server that is away
(or anything else that passes by itself), they are sent as soon as the `link` has found it again; else
when somebody asks for it.
"""

from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from annotator.model.errors import AnnotatorError
from annotator.model.event import Act, Event
from annotator.store import log
from annotator.store.engine import Connection
from annotator.store.journal import Journal, decides
from annotator.store.saving import Chain, RefusedError
from annotator.store.trouble import AwaitedError, UnreachableError, UnsavedError

if TYPE_CHECKING:
    from annotator.store.link import Link

T = TypeVar("T")

EARLIER = "An earlier act is not saved yet; free some space or close what locks it."
BEHIND = "Earlier acts wait for the server."


class Keeping:
    """The part of `Writer` that knows of acts which are not saved; all of it is for its thread."""

    def __init__(self, chain: Chain, journal: Journal, link: "Link | None") -> None:
        self._chain = chain
        self._journal = journal
        self._link = link
        self._held = False
        """Acts go to the journal until those that are there were sent."""
        self._passing = False
        """What holds them back passes by itself."""
        self._memory: list[tuple[Act, str]] = []
        """Where they are when the journal cannot be written either."""
        self._waiting: int | None = None
        """How many decisions are in the journal; None before it was looked into."""
        self._awaited: dict[str, Future[tuple[Event, ...]]] = {}
        """For acts in the journal what tells that they were sent."""

    def _save(self, act: Act, actor: str) -> tuple[Event, ...]:
        raise NotImplementedError  # `Writer` has it

    def _asked(self, ask: Callable[[], T]) -> T:
        raise NotImplementedError  # `Writer` has it

    def _connection(self) -> Connection:
        raise NotImplementedError  # `Writer` has it

    def awaited(self, act: str) -> Future[tuple[Event, ...]]:
        """What tells that an act of the journal was sent."""
        return self._awaited.setdefault(act, Future())

    def _keep(self, act: Act, actor: str, reason: str = "") -> UnsavedError:
        """Put an act aside; the error that says so. Without a reason others wait before it."""
        reason = reason or (BEHIND if self._passing else EARLIER)
        if self._passing:
            act = self._chain.rooted(act, actor)  # another process may be the one that sends it
        self._held = True
        self._chain.doubtful = True
        try:
            self._journal.add(act, actor, reason)
        except OSError as error:
            self._memory.append((act, actor))
            return UnsavedError(
                f"{reason} Keep this program open: the act is kept in memory only, for "
                f"{self._journal.path} could not be written either ({error.strerror})."
            )
        if self._passing and self._link is not None:
            self._count(decides(act))
            self._link.nudge()
            told = f"{reason} The act is kept in {self._journal.path} until it can be sent."
            return AwaitedError(told, self.awaited(act.id))
        return UnsavedError(
            f"{reason} The act is kept in {self._journal.path} and can be sent again."
        )

    def _retry(self) -> int:
        """Send what waits; what is wrong with the server is told to who looks for it."""
        try:
            return self._send()
        except UnreachableError as error:
            self._passing = self._link is not None
            self._count(0)
            self._look_for(error)
            raise
        except AnnotatorError as error:
            if self._held:
                self._passing = False
            self._settle(error)
            raise

    def _send(self) -> int:
        saved, refused = 0, []
        self._held = True  # until all of it is saved, newer acts wait behind it
        with self._journal.taken() as entries:
            for entry in entries:
                try:
                    events = self._save(entry.act, entry.actor)
                    self._awaited.pop(entry.act.id, Future()).set_result(events)
                    saved += 1
                except RefusedError as error:
                    self._journal.set_apart(entry)
                    self._awaited.pop(entry.act.id, Future()).set_exception(error)
                    refused.append(str(error))
        while self._memory:
            self._save(*self._memory[0])
            self._memory.pop(0)
            saved += 1
        self._held = self._passing = False
        self._waiting = 0
        self._settle()
        self._count(0)
        if refused:
            raise AnnotatorError(
                f"{len(refused)} of {saved + len(refused)} acts cannot be saved in this project and "
                f"are kept in {self._journal.apart}: {refused[0]}"
            )
        return saved

    def _look_for(self, error: UnreachableError) -> None:
        """Have the server looked for."""
        if self._link is not None and error.kind == "locked":
            self._link.seek()
        elif self._link is not None:
            cause = error.__cause__
            self._link.lost(cause if isinstance(cause, Exception) else error)

    def _count(self, more: int) -> None:
        """Tell how many decisions wait."""
        if self._link is None:
            return
        if self._waiting is None:
            self._waiting = sum(entry.decides for entry in self._journal.pending())
        else:
            self._waiting += more
        self._link.kept(self._waiting)

    def _settle(self, error: AnnotatorError | None = None) -> None:
        """Tell what became of acts that are awaited here and no longer wait; with `error` of all."""
        for act, future in list(self._awaited.items()):
            events: tuple[Event, ...] = ()
            if error is None:
                events = self._asked(partial(self._of_act, act))
            del self._awaited[act]
            if events:  # another process sent it
                future.set_result(events)
            else:
                apart = f"An act was refused and is kept in {self._journal.apart}."
                future.set_exception(error or RefusedError(apart))

    def _of_act(self, act: str) -> tuple[Event, ...]:
        return log.of_act(self._connection(), act)
