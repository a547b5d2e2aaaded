"""The way to a project's server: whether it can be reached, and who finds it again when it cannot.

One for each open project on a server, shared by its reader and its writer. Whoever loses the connection
says so (`lost`); then a thread of its own tries again, sooner at first and seldom later, until there is
a connection, which the writer gets to send what waits. Nobody else waits for it: what is asked meanwhile
is refused at once where a screen is watching (`patience`).
"""

import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from contextlib import suppress
from typing import NamedTuple

from annotator.store import trouble
from annotator.store.address import Address
from annotator.store.engine import TROUBLE, Connection, reader_connection, writer_connection

FIRST, LONGEST = 1.0, 30.0
"""Seconds until the second try to reach the server (the first is at once), and between the last ones."""
AT_ONCE = 3.0
"""A new act makes it try at once if the last try was so many seconds ago."""
PATIENCE = 1.0
"""Seconds a screen waits for an answer, or a connection, before the server counts as lost."""
MOST = 8.0
"""The same where the server turned out to be there all the time: it is only slow."""


class Reach(NamedTuple):
    """How things stand between a project and its server."""

    since: float = 0.0
    """When it turned out that the server cannot be reached, in seconds since the epoch; 0 while it can."""
    waiting: int = 0
    """How many decisions wait in the side journal until they can be sent."""


class Link:
    """What one open project knows of the way to its server."""

    def __init__(self, address: Address, readonly: bool = False) -> None:
        """Nothing is tried before something is lost."""
        self.address = address
        self.patience: float | None = None
        """Seconds to wait for an answer; None (no screen is waiting) as long as the network lets one."""
        self.hearers: list[Callable[[Reach], None]] = []
        """Told when things change; called in any thread."""
        self.found: Callable[[Connection], None] | None = None
        """Gets the connection that was found again; without it nobody needs one."""
        self._readonly = readonly
        self._reach = Reach()
        self._why = ""
        self._mutex = threading.Lock()
        self._wake = threading.Event()
        self._seeking = False
        self._tries = 0
        self._tried = 0.0
        self._slow = False
        self._closed = False

    @property
    def reach(self) -> Reach:
        """How things stand; takes no time."""
        return self._reach

    def lost(self, error: Exception) -> None:
        """The connection is lost and there is no other one at once: somebody shall look for one."""
        self._why = str(error)
        self._slow = bool(getattr(error, "slow", False))
        self._set(since=self._reach.since or time.time())
        self.seek()

    def seek(self) -> None:
        """Try to get a connection until there is one, unless somebody does already."""
        with self._mutex:
            if self._seeking or self._closed:
                return
            self._seeking = True
        threading.Thread(target=self._seek, name="annotator-link", daemon=True).start()

    def nudge(self) -> None:
        """There is something to send: try at once, if the last try is not just over."""
        if self._seeking and time.monotonic() - self._tried > AT_ONCE:
            self._wake.set()

    def alive(self) -> None:
        """Something was saved: the next loss is a new one."""
        self._tries = 0

    def kept(self, waiting: int) -> None:
        """So many decisions wait in the side journal now."""
        self._set(waiting=waiting)

    def refuse(self) -> None:
        """Raises ServerError where the server is known to be away and somebody looks for it."""
        if self._reach.since and self._seeking:
            raise self._error(self._why)

    def connect(self, readonly: bool) -> Connection:
        """A new connection; raises ServerError when there is none, after `patience` at the latest."""
        make = reader_connection if readonly else writer_connection
        if self.patience is None:
            return make(self.address)
        self.refuse()
        return self._within(self.patience, lambda: make(self.address))

    def close(self) -> None:
        """Nobody needs a connection any more."""
        with self._mutex:
            self._closed = True
        self.found = None
        self.hearers = []
        self._wake.set()

    # --- inside

    def _set(self, since: float | None = None, waiting: int | None = None) -> None:
        with self._mutex:
            old = self._reach
            self._reach = Reach(
                old.since if since is None else since, old.waiting if waiting is None else waiting
            )
            new = self._reach
        for hearer in self.hearers if new != old else ():
            with suppress(RuntimeError):  # its screen was closed just now
                hearer(new)

    def _error(self, why: str) -> Exception:
        from annotator.store.server import ServerError  # a connection was open: it is loaded

        return ServerError("lost", why)

    def _within(self, seconds: float, make: Callable[[], Connection]) -> Connection:
        """What `make` makes, in a thread, for names and networks may be looked for in vain for long."""
        made: Future[Connection] = Future()
        mutex = threading.Lock()
        given_up = False

        def run() -> None:
            try:
                conn = make()
            except Exception as error:
                made.set_exception(error)
                return
            with mutex:
                if not given_up:
                    made.set_result(conn)
                    return
            conn.close()

        threading.Thread(target=run, name="annotator-connect", daemon=True).start()
        wait([made], seconds)
        with mutex:
            given_up = True
        if made.done():
            return made.result()
        raise self._error(f"no answer within {seconds:.0f} seconds")

    # --- in a thread of its own

    def _seek(self) -> None:
        while True:
            if self._tries:
                pause = min(FIRST * 2 ** (self._tries - 1), LONGEST)
                jitter = random.uniform(0.75, 1.25)  # noqa: S311  # not all at the same moment
                self._wake.wait(pause * jitter)
                self._wake.clear()
            if self._closed:
                break
            self._tries += 1
            self._tried = time.monotonic()
            try:
                conn = (reader_connection if self._readonly else writer_connection)(self.address)
            except (*TROUBLE, OSError) as error:
                self._why = str(error)
                continue
            with self._mutex:
                self._seeking = False
            self._is_back()
            found = self.found
            if found is None:
                conn.close()
            else:
                found(conn)
            return
        self._seeking = False

    def _is_back(self) -> None:
        if self._slow and self._tries == 1 and self.patience is not None:
            self.patience = min(2 * self.patience, MOST)
        self._set(since=0.0)


def is_lost(error: Exception) -> bool:
    """Whether an error, the store's own or as told to people, means that the connection is gone."""
    return getattr(error, "kind", "") == "lost" or isinstance(error, trouble.UnreachableError)
