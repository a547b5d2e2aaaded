"""The writer: one thread per process that owns the connection, so that no screen waits for a disk.

Every act is one transaction under the project's lock, whose COMMIT is durable. Its future is
done when it is durable. An act that could not be saved goes to the side journal and its future
says so; later acts queue behind it there until `retry`. Where the server of the project is away, that
comes by itself once it can be reached (`link`).
"""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from queue import SimpleQueue
from typing import TYPE_CHECKING, TypeVar

from annotator.model.errors import AnnotatorError
from annotator.model.event import Act, Event
from annotator.store import trouble
from annotator.store.address import Place
from annotator.store.engine import TROUBLE, Connection, Error, writer_connection
from annotator.store.journal import Journal
from annotator.store.keeping import Keeping
from annotator.store.lock import Lock
from annotator.store.saving import Chain, RefusedError
from annotator.store.trouble import UnreachableError
from annotator.store.trouble import UnsavedError as UnsavedError

if TYPE_CHECKING:
    from annotator.store.link import Link
    from annotator.store.taking import Offered, Taken

T = TypeVar("T")

PAINT_FIRST = 0.0015
"""Seconds an act waits before it is saved.

Screen and writer share one interpreter; begun at once, saving would delay the very label it saves by
two milliseconds, and the saved mark comes no earlier for it.
"""

ANSWER = 5.0
"""Seconds a server may take to answer a statement of an act before it counts as lost."""


@contextmanager
def transaction(conn: Connection, lock: Lock) -> Iterator[None]:
    """Lock, begin, the block, COMMIT; on any error nothing of the block happened."""
    with lock.held():
        conn.begin()
        try:
            yield
            conn.execute("COMMIT")
        except BaseException:
            with suppress(Error):
                if conn.in_transaction:
                    conn.execute("ROLLBACK")
            raise


class Writer(Keeping):
    """The only one in the process that writes to a project."""

    def __init__(
        self, path: Place, lock: Lock, chain: Chain, journal: Journal, link: "Link | None" = None
    ) -> None:
        """Nothing is opened before the first write; `link` is the way to the project's server."""
        super().__init__(chain, journal, link)
        self._path = path
        self._lock = lock
        self._jobs: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._conn: Connection | None = None
        self._closed = False
        self._taken = ""
        if link is not None:
            link.found = self._found

    @property
    def name(self) -> str:
        """The name under which this process writes: a UUID."""
        return self._chain.writer

    @property
    def newest(self) -> str:
        """Id of the newest event this process wrote, "" when it wrote none."""
        return max(self._taken, *self._chain.written.values(), "")

    def submit(self, act: Act, actor: str) -> Future[tuple[Event, ...]]:
        """Save an act; the future gives its events when they are durable.

        The future raises `UnsavedError` when it could not be saved now (`AwaitedError` where it will be
        without anybody's doing), and another AnnotatorError when it never can be.
        """
        return self._do(lambda: self._submit(act, actor))

    def prepare(self, article: str, text: str) -> None:
        """Get ready for acts on an article, so that the first is saved as soon as the others."""

        def ready() -> None:
            if self._passing:
                return
            with suppress(OSError, AnnotatorError):  # the act itself will tell
                self._asked(lambda: self._chain.prepare(self._connection(), article, text))

        self._do(ready)

    def start(self, fn: Callable[[Connection], T]) -> Future[T]:
        """Run `fn` in a write transaction; the future gives its result once it is durable."""
        return self._do(lambda: self._transact(fn))

    def call(self, fn: Callable[[Connection], T]) -> T:
        """Run `fn` in a write transaction and wait for its result; raises AnnotatorError."""
        return self.start(fn).result()

    def take(self, offered: "Sequence[Offered]", by: str) -> "list[Taken]":
        """Write decisions that come from a file, in one transaction; raises AnnotatorError."""
        from annotator.store import taking

        return self.write(lambda conn, chain: taking.take(conn, chain, offered, by))

    def write(self, fn: Callable[[Connection, Chain], T]) -> T:
        """Run `fn`, which writes acts of several annotators, in one transaction and wait for it."""
        return self._do(lambda: self._write(fn)).result()

    def soon(self, fn: Callable[[Connection, Chain], T]) -> Future[T]:
        """The same behind what the key just pressed paints; the future gives its result."""
        self._do(lambda: time.sleep(PAINT_FIRST))
        return self._do(lambda: self._write(fn))

    def alone(self, fn: Callable[[Connection], T]) -> T:
        """Run `fn` with the file to itself, outside of a transaction, and wait; raises AnnotatorError."""

        def run() -> T:
            conn = self._connection()
            with self._lock.held():
                return fn(conn)

        return self._do(run).result()

    def retry(self) -> Future[int]:
        """Send what waits in the side journal again, in order; the future gives how many acts."""
        return self._do(self._retry)

    def close(self) -> None:
        """Finish what was submitted, tidy up the file and end the thread."""
        self._closed = True
        if self._link is not None:
            self._link.close()
        if self._thread is not None:
            self._jobs.put(None)
            self._thread.join()
            self._thread = None

    # --- in the caller's thread

    def _do(self, job: Callable[[], T]) -> Future[T]:
        if self._closed:
            raise AnnotatorError(f"{self._path} is closed.")
        return self._put(job)

    def _put(self, job: Callable[[], T]) -> Future[T]:
        future: Future[T] = Future()
        future.set_running_or_notify_cancel()  # what is submitted is saved; no screen takes it back

        def run() -> None:
            try:
                future.set_result(job())
            except Exception as error:
                future.set_exception(error)

        self._jobs.put(run)
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="annotator-writer", daemon=True)
            self._thread.start()
        return future

    # --- in the writer's thread

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()
        if self._conn is not None:
            with suppress(Error, AnnotatorError), self._lock.held():
                self._conn.finish()
            self._conn = None

    def _connection(self) -> Connection:
        if self._conn is None:
            link = self._link
            self._conn = link.connect(False) if link else writer_connection(self._path)
        return self._conn

    def _asked(self, ask: Callable[[], T]) -> T:
        """What `ask` gives; what is wrong in plain words, and a connection that is lost thrown away."""
        try:
            return ask()
        except (*TROUBLE, OSError) as error:
            told = trouble.explain(error, self._path)
            if isinstance(told, UnreachableError) and told.kind == "lost":
                self._chain.doubtful = True
                conn, self._conn = self._conn, None
                if conn is not None:
                    conn.close()
            raise told from error

    def _transact(self, fn: Callable[[Connection], T], act: bool = False) -> T:
        """Run `fn` in a transaction; once again where the connection turns out to be lost.

        That is what a server leaves behind that was started anew. What is not an act, which is known by
        its id, is only done again if the transaction had not begun.
        """
        begun = False

        def run() -> T:
            nonlocal begun
            conn = self._connection()
            with transaction(conn, self._lock):
                begun, conn.patience = True, ANSWER if act else None
                return fn(conn)

        was_open = self._conn is not None
        try:
            return self._asked(run)
        except UnreachableError as error:
            is_lost = (
                was_open and self._conn is None and not getattr(error.__cause__, "slow", False)
            )
            if not is_lost or (begun and not act):
                raise
        return self._asked(run)

    def _save(self, act: Act, actor: str) -> tuple[Event, ...]:
        def save(conn: Connection) -> tuple[Event, ...]:
            return self._chain.save(conn, act, actor)

        events = self._chain.advance(self._transact(save, act=True))
        if self._link is not None:
            self._link.alive()
        return events

    def _write(self, fn: Callable[[Connection, Chain], T]) -> T:
        try:
            result = self._transact(lambda conn: fn(conn, self._chain))
            self._taken = self._chain.newest
            return result
        except BaseException:
            self._chain.doubtful = True
            raise

    def _submit(self, act: Act, actor: str) -> tuple[Event, ...]:
        time.sleep(PAINT_FIRST)
        if self._held:
            raise self._keep(act, actor)
        try:
            return self._save(act, actor)
        except RefusedError:
            raise
        except UnreachableError as error:
            self._passing = self._link is not None
            kept = self._keep(act, actor, str(error))
            self._look_for(error)
            raise kept from error
        except AnnotatorError as error:
            raise self._keep(act, actor, str(error)) from error
        except Exception as error:  # whatever went wrong, the act must not be lost
            raise self._keep(act, actor, f"The act could not be saved: {error!r}.") from error

    # --- a server that was found again

    def _found(self, conn: Connection) -> None:
        """There is a connection again (called in the link's thread)."""
        if self._closed or self._thread is None:
            conn.close()
        else:
            self._put(lambda: self._adopt(conn))

    def _adopt(self, conn: Connection) -> None:
        if self._conn is None:
            self._conn = conn
        else:
            conn.close()
        if self._held:
            with suppress(AnnotatorError):  # who waits is told
                self._retry()
