"""The writer: one thread per process that owns the connection, so that no screen waits for a disk.

Every act is one transaction: file lock, BEGIN IMMEDIATE, COMMIT with synchronous=FULL. Its future is
done when it is durable. An act that could not be saved goes to the side journal and its future
says so; later acts queue behind it there until `retry`.
"""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, TypeVar

from annotator.model.errors import AnnotatorError
from annotator.model.event import Act, Event
from annotator.store import trouble
from annotator.store.engine import TROUBLE, Connection, Error, writer_connection
from annotator.store.journal import Journal
from annotator.store.lock import FileLock
from annotator.store.saving import Chain, RefusedError

if TYPE_CHECKING:
    from annotator.store.taking import Offered, Taken

T = TypeVar("T")

PAINT_FIRST = 0.0015
"""Seconds an act waits before it is saved.

Screen and writer share one interpreter; begun at once, saving would delay the very label it saves by
two milliseconds, and the saved mark comes no earlier for it.
"""
CLOSING_MS = 200
"""How long the last tidying up of the write-ahead log waits for readers, in milliseconds."""


class UnsavedError(AnnotatorError):
    """An act is not in the project; it is kept in the side journal, or in memory if that fails."""


@contextmanager
def transaction(conn: Connection, lock: FileLock) -> Iterator[None]:
    """Lock, BEGIN IMMEDIATE, the block, COMMIT; on any error nothing of the block happened."""
    with lock.held():
        conn.execute("BEGIN IMMEDIATE")
        try:
            yield
            conn.execute("COMMIT")
        except BaseException:
            with suppress(Error):
                if conn.in_transaction:
                    conn.execute("ROLLBACK")
            raise


class Writer:
    """The only one in the process that writes to a project file."""

    def __init__(self, path: Path, lock: FileLock, chain: Chain, journal: Journal) -> None:
        """Nothing is opened before the first write."""
        self._path = path
        self._lock = lock
        self._chain = chain
        self._journal = journal
        self._jobs: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._conn: Connection | None = None
        self._held = False
        self._closed = False
        self._memory: list[tuple[Act, str]] = []
        self._taken = ""

    @property
    def newest(self) -> str:
        """Id of the newest event this process wrote, "" when it wrote none."""
        return max(self._taken, *self._chain.written.values(), "")

    def submit(self, act: Act, actor: str) -> Future[tuple[Event, ...]]:
        """Save an act; the future gives its events when they are durable.

        The future raises `UnsavedError` when it could not be saved now, and another AnnotatorError when
        it never can be.
        """
        return self._do(lambda: self._submit(act, actor))

    def prepare(self, article: str, text: str) -> None:
        """Get ready for acts on an article, so that the first is saved as soon as the others."""

        def ready() -> None:
            with suppress(*TROUBLE, OSError, AnnotatorError):  # the act itself will tell
                self._chain.prepare(self._connection(), article, text)

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
        if self._thread is not None:
            self._jobs.put(None)
            self._thread.join()
            self._thread = None

    # --- in the caller's thread

    def _do(self, job: Callable[[], T]) -> Future[T]:
        if self._closed:
            raise AnnotatorError(f"{self._path} is closed.")
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
                self._conn.execute(f"PRAGMA busy_timeout = {CLOSING_MS}")
                self._conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
                self._conn.close()
            self._conn = None

    def _connection(self) -> Connection:
        if self._conn is None:
            self._conn = writer_connection(self._path)
        return self._conn

    def _transact(self, fn: Callable[[Connection], T]) -> T:
        try:
            conn = self._connection()
            with transaction(conn, self._lock):
                return fn(conn)
        except (*TROUBLE, OSError) as error:
            raise trouble.explain(error, self._path) from error

    def _save(self, act: Act, actor: str) -> tuple[Event, ...]:
        return self._chain.advance(self._transact(lambda conn: self._chain.save(conn, act, actor)))

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
            reason = "An earlier act is not saved yet; free some space or close what locks it."
            raise self._keep(act, actor, reason)
        try:
            return self._save(act, actor)
        except RefusedError:
            raise
        except AnnotatorError as error:
            raise self._keep(act, actor, str(error)) from error
        except Exception as error:  # whatever went wrong, the act must not be lost
            raise self._keep(act, actor, f"The act could not be saved: {error!r}.") from error

    def _keep(self, act: Act, actor: str, reason: str) -> UnsavedError:
        """Put an act aside; the error that says so."""
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
        return UnsavedError(
            f"{reason} The act is kept in {self._journal.path} and can be sent again."
        )

    def _retry(self) -> int:
        saved, refused = 0, []
        self._held = True  # until all of it is saved, newer acts wait behind it
        with self._journal.taken() as entries:
            for entry in entries:
                try:
                    self._save(entry.act, entry.actor)
                    saved += 1
                except RefusedError as error:
                    self._journal.set_apart(entry)
                    refused.append(str(error))
        while self._memory:
            self._save(*self._memory[0])
            self._memory.pop(0)
            saved += 1
        self._held = False
        if refused:
            raise AnnotatorError(
                f"{len(refused)} of {saved + len(refused)} acts cannot be saved in this project and "
                f"are kept in {self._journal.apart}: {refused[0]}"
            )
        return saved
