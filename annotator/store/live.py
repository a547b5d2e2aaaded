"""What others do to a project, told as it happens.

A server tells it with each commit (`notices`). In a file a look at its version once a second tells
whether there is anything new, and the log then says the same of it. A thread hears it, on a connection
of its own, and passes it on at most once a second; screens do nothing but wait to be told.
"""

import os
import select
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Protocol

from annotator.model.errors import AnnotatorError
from annotator.model.person import person_of
from annotator.store.address import Address, Place
from annotator.store.engine import TROUBLE
from annotator.store.link import is_lost
from annotator.store.notices import ANYTHING, ARTICLES, MANY, SILENT_SQL, Heard, sort_of
from annotator.store.reader import Reader

PAUSE = 1.0
"""Seconds from one telling to the next; what is heard meanwhile is told together."""
EVERY = 1.0
"""Seconds between two looks at a file."""
SOON, LATE = 0.5, 10.0
"""Seconds until a lost server is tried again: at first, and at most (each time twice as long)."""
PATIENCE = 1.0
"""Seconds that closing waits for the thread, which may wait for a server that is gone."""
FEW = 100
"""So many changes are told one by one."""

Hearer = Callable[[Sequence[Heard], Reader], float | None]
"""Told what was heard, in the listener's thread, with a reader for short questions there and then.

The first thing it is told is that anything may have changed. It may give the seconds after which it
wants to be called again, also when nothing is heard.
"""

Job = Callable[[Reader], object]
"""Something to be done in that thread."""

_NEW = f"""SELECT e.kind, e.verb, e.actor, e.writer, a.n FROM event e
           LEFT JOIN article a ON a.id = e.article
           WHERE e.pos > ? AND e.pos <= ? AND e.kind NOT IN ({SILENT_SQL}) ORDER BY e.pos"""


class Ear(Protocol):
    """A connection that hears, for one thread; all of it may raise AnnotatorError or an `Error`."""

    every: float | None
    """Seconds after which it has to look for itself; None where it is told."""

    @property
    def reader(self) -> Reader:
        """For short questions."""

    @property
    def descriptors(self) -> Sequence[int]:
        """What becomes readable when there is something to hear."""

    def heard(self) -> Sequence[Heard]:
        """What came in since the last time."""

    def close(self) -> None:
        """Hear no more."""


def ear_of(place: Place, readonly: bool = False) -> Ear:
    """An ear at a project; raises AnnotatorError when there is none to be had now."""
    if isinstance(place, Address):
        from annotator.store.live_on_server import ServerEar

        return ServerEar(place)
    return FileEar(place, readonly)


class Listener:
    """Hears what others do to a project, in a thread that begins with the first hearer."""

    def __init__(
        self,
        place: Place,
        readonly: bool = False,
        own: Callable[[], str] = str,
        pause: float | None = None,
        lost: Callable[[Exception], object] | None = None,
    ) -> None:
        """Nothing is opened yet.

        Args:
            place: the project's.
            readonly: whether a file is only read (`Project.open`).
            own: gives this process's `Chain.writer` ("" while it wrote nothing): of what it does itself
                nothing is told.
            pause: seconds from one telling to the next, usually `PAUSE`.
            lost: told in the thread when a server that was heard is not any more, which a screen
                would else learn from the next key only.
        """
        self._lost = lost
        self._place, self._readonly, self._own = place, readonly, own
        self._pause = PAUSE if pause is None else pause
        self._hearers: list[Hearer] = []
        self._fresh: list[Hearer] = []
        """Those of them that were told nothing yet on this connection."""
        self._jobs: list[Job] = []
        self._mutex = threading.Lock()
        self._bell = _Bell()
        self._thread: threading.Thread | None = None
        self._ended = False

    def add(self, hearer: Hearer) -> None:
        """Have something called when others did anything, until `remove` or `close`."""
        with self._mutex:
            self._hearers.append(hearer)
            self._fresh.append(hearer)
            if self._thread is None and not self._ended:
                self._thread = threading.Thread(
                    target=self._run, name="annotator-listener", daemon=True
                )
                self._thread.start()
        self._bell.ring()

    def remove(self, hearer: Hearer) -> None:
        """Tell one no more; a telling that is under way may still reach it."""
        with self._mutex:
            self._hearers = [each for each in self._hearers if each != hearer]
            self._fresh = [each for each in self._fresh if each != hearer]

    def do(self, job: Job) -> None:
        """Have something done in the thread, if there is a connection; it is left out otherwise."""
        with self._mutex:
            self._jobs.append(job)
        self._bell.ring()

    def close(self) -> None:
        """Hear no more, once the jobs are done that were given; a second call does nothing."""
        with self._mutex:
            self._ended = True
            thread, self._thread = self._thread, None
        if thread is None:
            return
        self._bell.ring()
        thread.join(PATIENCE)
        if not thread.is_alive():  # else it still uses the bell
            self._bell.close()

    # --- in the thread

    def _run(self) -> None:
        wait = SOON
        while not self._ended:
            begun, heard = time.monotonic(), False
            try:
                with closing(ear_of(self._place, self._readonly)) as ear:
                    heard = True
                    self._listen(ear)
            except (AnnotatorError, *TROUBLE) as error:
                if heard and self._lost is not None and is_lost(error):
                    self._lost(error)
                wait = SOON if time.monotonic() - begun > LATE else wait
                self._bell.wait((), wait)
                wait = min(2 * wait, LATE)

    def _listen(self, ear: Ear) -> None:
        """Tell what is heard, until the end."""
        with self._mutex:
            self._fresh = list(self._hearers)  # anything may have been missed
            self._jobs.clear()
        news: Sequence[Heard] = ()
        again: dict[Hearer, float] = {}
        rest = 0.0
        while True:
            for job in self._due_jobs():
                job(ear.reader)
            if self._ended:
                return
            self._tell(ear.reader, news, again)
            self._wait(ear, rest, again)
            found = ear.heard() if time.monotonic() >= rest else ()
            rest = time.monotonic() + self._pause if found else rest
            news = self._of_others(found)

    def _wait(self, ear: Ear, rest: float, again: Mapping[Hearer, float]) -> None:
        """Wait for the next thing to hear or to do, through a pause and while there is nothing."""
        now = time.monotonic()
        resting = now < rest
        until = [*again.values()]
        until += [rest] if resting else []
        until += [now + ear.every] if ear.every is not None else []
        seconds = max(min(until) - now, 0.0) if until else None
        # what comes in a pause is left where it is: all of it wakes the thread once
        self._bell.wait(() if resting else ear.descriptors, seconds)

    def _due_jobs(self) -> list[Job]:
        with self._mutex:
            jobs, self._jobs = self._jobs, []
        return jobs

    def _of_others(self, found: Sequence[Heard]) -> Sequence[Heard]:
        """What others did; of very much only that it is much."""
        own = self._own()
        others = list(dict.fromkeys(each for each in found if not own or each.by != own))
        return others if len(others) <= FEW else [Heard(MANY)]

    def _tell(self, reader: Reader, news: Sequence[Heard], again: dict[Hearer, float]) -> None:
        with self._mutex:
            fresh, self._fresh = self._fresh, []
            hearers = list(self._hearers)
        now = time.monotonic()
        for hearer in hearers:
            said = (Heard(ANYTHING),) if hearer in fresh else news
            if said or again.get(hearer, now + 1) <= now:
                seconds = hearer(said, reader)
                again.pop(hearer, None)
                if seconds is not None:
                    again[hearer] = time.monotonic() + seconds
        for gone in again.keys() - set(hearers):
            del again[gone]


class FileEar:
    """Looks whether there is anything new in a file's log."""

    every: float | None = EVERY
    descriptors: Sequence[int] = ()

    def __init__(self, path: Path, readonly: bool) -> None:
        """Raises AnnotatorError when the file cannot be read."""
        self.reader = Reader(path, readonly)
        self._version = self._seen()
        self._pos, self._articles = self._end()

    def _seen(self) -> int:
        """Another number when another connection has written."""
        return int(self.reader.value("PRAGMA data_version"))

    def _end(self) -> tuple[int, int]:
        """The newest place in the log and the newest article's number."""
        sql = "SELECT (SELECT max(pos) FROM event), (SELECT max(n) FROM article)"
        pos, articles = self.reader.rows(sql)[0]
        return pos or 0, articles or 0

    def heard(self) -> list[Heard]:
        """What is new in the log."""
        version = self._seen()
        if version == self._version:
            return []
        self._version = version
        before = self._pos, self._articles
        self._pos, self._articles = self._end()
        found = [Heard(ARTICLES)] * (self._articles != before[1])
        if self._pos - before[0] > FEW:
            return [*found, Heard(MANY)]
        rows = self.reader.rows(_NEW, (before[0], self._pos))
        for kind, verb, actor, writer, n in rows:
            found.append(Heard(sort_of(kind, verb), n or 0, person_of(actor)[0], writer))
        return found

    def close(self) -> None:
        """The project itself is still open: nothing is tidied up here."""
        self.reader.close()


class _Bell:
    """Wakes a thread that waits for something else as well."""

    def __init__(self) -> None:
        self._out, self._in = os.pipe()
        os.set_blocking(self._out, False)
        os.set_blocking(self._in, False)

    def ring(self) -> None:
        """Wake it, now or as soon as it waits."""
        with suppress(OSError):  # it is closed, or rings already
            os.write(self._in, b"!")

    def wait(self, descriptors: Iterable[int], seconds: float | None) -> None:
        """Wait until it rings, or one of these can be read, or so many seconds (None: for ever)."""
        waiting = select.poll()
        for each in (self._out, *descriptors):
            waiting.register(each, select.POLLIN)
        waiting.poll(None if seconds is None else seconds * 1000)
        with suppress(OSError):
            os.read(self._out, 1024)

    def close(self) -> None:
        """Nobody waits any more."""
        for each in (self._in, self._out):
            with suppress(OSError):
                os.close(each)
