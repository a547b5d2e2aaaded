"""Sittings at a server: also those of the same annotator on another machine.

A sitting holds an advisory lock, its key made of the annotator's name, on the connection that hears
what others do; so it ends with its process, or its line, however that happens. Others of that name are
looked for among the server's locks, in the listener's thread: when the sitting begins, when one is told
to begin or to end, and as long as there is one now and then, for a process that was killed tells nothing.
"""

import json
import threading
from collections.abc import Sequence
from hashlib import sha256
from types import TracebackType
from typing import Self

from annotator.store.address import Address
from annotator.store.live import Listener
from annotator.store.notices import ANYTHING, CHANNEL, SITTING, Heard
from annotator.store.reader import Reader

AGAIN = 2.0
"""Seconds until it is looked again whether the other one is still there."""

_BEGIN = "SELECT pg_try_advisory_lock_shared(?)"  # nobody ever waits for it
_END = "SELECT pg_advisory_unlock_shared(?)"
_TELL = f"SELECT pg_notify('{CHANNEL}', ?)"
_OTHERS = """SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1
             AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
             AND classid::bigint = ? AND objid::bigint = ? AND pid <> pg_backend_pid()"""


class ServerSitting:
    """One annotator at one screen of a project on a server (`sittings.Sitting`)."""

    def __init__(self, address: Address, person: str, listener: Listener | None = None) -> None:
        """Begin; with a listener of its own where the project's is not given."""
        self._person = person
        digest = sha256(f"sitting {person}".encode()).digest()
        self._key = int.from_bytes(digest[:8], signed=True)
        self._halves = tuple(int.from_bytes(half) for half in (digest[:4], digest[4:8]))
        self._own = listener is None
        self._listener = listener or Listener(address)
        self._known = threading.Event()
        self._closed = False
        self._held: Reader | None = None
        """Over the connection that has the lock."""
        self.alone = True
        """Whether no other sitting of the same name goes on, when that was last looked at."""
        self.was_alone = True
        """The same at its beginning."""
        self._listener.add(self._hear)

    def settle(self, seconds: float) -> bool:
        """See `Sitting`."""
        return self._known.wait(seconds)

    def close(self) -> None:
        """The sitting ends; a second call does nothing."""
        if not self._closed:
            self._closed = True
            self._listener.remove(self._hear)
            self._listener.do(self._leave)
            if self._own:
                self._listener.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # --- in the listener's thread

    def _hear(self, news: Sequence[Heard], reader: Reader) -> float | None:
        if self._closed:
            return None
        new = any(each.what == ANYTHING for each in news)
        if self._held is not reader:
            reader.rows(_BEGIN, (self._key,))
            self._held = reader
            self._tell(reader)
        if new or not news or any((x.what, x.who) == (SITTING, self._person) for x in news):
            self.alone = not reader.value(_OTHERS, self._halves)
            if not self._known.is_set():
                self.was_alone = self.alone
                self._known.set()
        return None if self.alone else AGAIN

    def _leave(self, reader: Reader) -> None:
        if self._held is reader:
            reader.rows(_END, (self._key,))
            self._tell(reader)

    def _tell(self, reader: Reader) -> None:
        """Have the others look again."""
        reader.rows(_TELL, (json.dumps({"what": SITTING, "who": self._person}),))
