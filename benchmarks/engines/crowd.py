"""Many annotators at once, each a process of its own, forked from one that has imported everything.

Each opens the project, listens to what others do as the screens do, and decides: nine spans on an
article, then that it is done, then the next article is read. What is timed is from the key's act being
given to the store (`submit`) until it is durable.
"""

import math
import multiprocessing
import random
import time
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from itertools import count
from multiprocessing.synchronize import Barrier
from typing import Any

from annotator.model.annotation import Kind, Span, State, Status
from annotator.model.event import Act, Draft
from annotator.store.beside import beside
from annotator.store.live import Listener
from annotator.store.notices import Heard
from annotator.store.project import Project
from annotator.store.reader import Reader
from benchmarks.engines.places import Engine, Server

SPANS = 9
"""Decisions on an article before the one that it is done."""
LIMIT = 180.0
"""Seconds for all to open the project, and to save what they decided in the end."""
NEAR = 20
"""Articles on an annotator's screen of which is asked who else is there."""
_FORK = multiprocessing.get_context("fork")


@dataclass
class Crowd:
    """What a run came to; times in milliseconds."""

    engine: str
    people: int
    seconds: float
    took: list[float] = field(default_factory=list)
    """From submit to durable, in no order."""
    late: list[float] = field(default_factory=list)
    """By how much a key came too late, because its process got no processor."""
    errors: list[str] = field(default_factory=list)
    heard: int = 0
    """How often an annotator was told what others did."""
    lost: int = 0
    """Acknowledged decisions that are not in the log; below 0: there more than once."""
    connections: int = 0
    """To the server, with all at work."""
    ours: float = 0.0
    """Seconds of processor time of the annotators' processes."""
    servers: float = 0.0
    """The same of the server's."""

    @property
    def rate(self) -> float:
        """Acts a second."""
        return len(self.took) / self.seconds

    @property
    def cost(self) -> tuple[float, float]:
        """Milliseconds of processor time an act took: ours, and the server's."""
        acts = len(self.took) or math.nan
        return self.ours * 1e3 / acts, self.servers * 1e3 / acts


def at(share: float, values: Sequence[float]) -> float:
    """The value that a share (0 to 1) of the values do not exceed; NaN of nothing."""
    return sorted(values)[max(math.ceil(share * len(values)), 1) - 1] if values else math.nan


class Hand:
    """One annotator's way through the articles."""

    def __init__(self, project: Project, first: int) -> None:
        self._project = project
        self._after = first
        self._made = 0
        self._turn()

    def act(self) -> Act:
        """The next decision."""
        self._made += 1
        if self._made % (SPANS + 1) == 0:
            key = Status.key(self._project.actor, self._article.id)
            body = Status(State.DONE, "", 30).body()
            return Act("done", (Draft(Kind.STATUS, key, self._article.id, body),))
        start = 7 * self._made % (len(self._article.text) - 5)
        span = Span(f"{self._made:08x}", "entities", "PER", start, start + 5)
        draft = Draft(Kind.SPAN, span.key, self._article.id, span.body(self._article.text))
        return Act("label", (draft,))

    def rest(self) -> None:
        """What comes after a decision: after the last on an article, the next article."""
        if self._made % (SPANS + 1) == 0:
            self._turn()

    def _turn(self) -> None:
        row = self._project.next(self._after) or self._project.next(0)
        assert row is not None
        self._after = row.n
        self._article = self._project.article(row.id)
        self._project.work(row.id)
        self._project.prepare(self._article)


def run(
    engine: Engine, name: str, people: int, seconds: float, server: Server | None, pace: float = 1.0
) -> Crowd:
    """Let so many annotate a project, each at one decision in `pace` seconds; 0: as fast as they can.

    Args:
        engine: where the project is.
        name: its name there.
        people: how many.
        seconds: how long.
        server: to ask how many connections there are; None for a file.
        pace: seconds from one decision of an annotator to the next.
    """
    found = Crowd(engine.name, people, seconds)
    place = engine.place(name)
    with Project.open(place) as project:
        before, size = sum(project.vector().values()), project.last_number()
    ready = _FORK.Barrier(people + 1)
    results = _FORK.SimpleQueue()
    stem = f"{engine.name[-3:]}{people}{'p' if pace else 'u'}{time.time_ns() % 10**9}"
    children = [
        _FORK.Process(
            target=_annotate, daemon=True,
            args=(place, f"{stem}-{n}", n * size // people, ready, seconds, pace, results),
        )
        for n in range(people)
    ]  # fmt: skip
    for child in children:
        child.start()
    ready.wait(LIMIT)
    spent = server.spent() if server else 0.0
    time.sleep(seconds / 2)
    found.connections = server.connections() if server else 0
    for number in range(people):
        took, late, errors, heard, ours = results.get()
        if number == 0 and server:  # the first who is done: all are still connected
            found.servers = server.spent() - spent
        found.took += took
        found.late += late
        found.errors += errors
        found.heard += heard
        found.ours += ours
    for child in children:
        child.join(LIMIT)
    with Project.open(place) as project:
        saved = sum(project.vector().values()) - before
    found.lost = len(found.took) + people - saved  # each process writes one event about itself
    return found


def _annotate(
    place: str, actor: str, first: int, ready: Barrier, seconds: float, pace: float, results: Any
) -> None:
    """In a process of its own: open, wait for the others, decide; tell times and errors."""
    took: list[float] = []
    late: list[float] = []
    errors: list[str] = []
    told, spent, begun = 0, 0.0, False

    def hear(news: Sequence[Heard], reader: Reader) -> None:
        nonlocal told
        told += bool(news)
        beside(reader, actor, range(first + 1, first + NEAR + 1))

    try:
        with Project.open(place, actor) as project:
            listener = Listener(project.path)
            listener.add(hear)
            hand = Hand(project, first)
            ready.wait(LIMIT)
            begun = True
            spent = time.process_time()
            phase = random.Random(actor).random() * pace
            pending = _decide(project, hand, seconds, pace, phase, took, late)
            failed = (future.exception(LIMIT) for future in pending)
            errors += [str(error) for error in failed if error is not None]
            spent = time.process_time() - spent
            listener.close()
    except Exception as error:
        if not begun:
            ready.abort()  # nobody waits for this one
        errors.append(repr(error))
    results.put((took, late, errors, told, spent))


def _decide(
    project: Project, hand: Hand, seconds: float, pace: float, phase: float, took: list[float],
    late: list[float],
) -> list[Future[Any]]:  # fmt: skip
    """One decision every `pace` seconds, whatever became of those before, or one after the other."""
    begun = time.perf_counter() + phase
    pending = []
    for number in range(round(seconds / pace)) if pace else count():
        due = begun + number * pace
        if pace:
            time.sleep(max(due - time.perf_counter(), 0))
            late.append((time.perf_counter() - due) * 1e3)
        elif time.perf_counter() - begun > seconds:
            break
        pending.append(_submit(project, hand.act(), took))
        if not pace and pending[-1].exception(LIMIT):
            break
        hand.rest()
    return pending


def _submit(project: Project, act: Act, took: list[float]) -> Future[Any]:
    """Save an act; its milliseconds are noted as soon as it is durable."""
    begun = time.perf_counter()

    def done(future: Future[Any]) -> None:
        if future.exception() is None:
            took.append((time.perf_counter() - begun) * 1e3)

    future = project.submit(act)
    future.add_done_callback(done)
    return future
