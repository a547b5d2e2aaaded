"""A server that is far away: what each step takes over a line with a delay, and what an act asks of it.

The line is a proxy in a process of its own. The statements are those that the server itself noted, with
its own milliseconds; what is left of an act's time are round trips and our own work.
"""

import importlib.util
import multiprocessing
import re
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self
from urllib.parse import urlsplit

from annotator.store.filters import Filter
from annotator.store.project import Project
from benchmarks import report
from benchmarks.engines.crowd import SPANS, Hand
from benchmarks.engines.places import LOGGED, Engine, Server

DELAYS = (0, 5, 20)
"""Milliseconds each way."""
QUIET = 0.05
"""Seconds after which what a step began in the background is over."""
WIDTH = 100
"""Characters of a statement that are shown."""
_FORK = multiprocessing.get_context("fork")
_PROXY = Path(__file__).resolve().parents[2] / "tests" / "cut_proxy.py"


class Line:
    """A delaying line to a port of this machine, in a process of its own."""

    def __init__(self, port: int, delay: float) -> None:
        """`delay` is in seconds, each way."""
        self._ask, theirs = _FORK.Pipe()
        self._process = _FORK.Process(target=_stand, args=(port, delay, theirs), daemon=True)
        self._process.start()
        self.port: int = self._ask.recv()

    @property
    def trips(self) -> int:
        """Round trips so far."""
        self._ask.send(0)
        return int(self._ask.recv())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.terminate()
        self._process.join()


def _stand(port: int, delay: float, ask: Connection) -> None:
    spec = importlib.util.spec_from_file_location("cut_proxy", _PROXY)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    proxy = module.CutProxy(port, delay)
    ask.send(proxy.port)
    while True:
        ask.recv()
        ask.send(proxy.trips)


class Step(NamedTuple):
    """One thing that was done over a line."""

    what: str
    trips: float
    ms: float


def measure(server: Server, engine: Engine, name: str, repeats: int) -> list[list[str]]:
    """Rows of the table: each step's round trips, and its milliseconds at each delay."""
    found = [_steps(server, engine, name, delay / 1e3, repeats) for delay in DELAYS]
    return [
        [steps[0].what, f"{steps[0].trips:.0f}", *(report.number(step.ms) for step in steps)]
        for steps in zip(*found, strict=True)
    ]


def _steps(server: Server, engine: Engine, name: str, delay: float, repeats: int) -> list[Step]:
    with Line(server.port, delay) as line:
        place = engine.place(name)
        far = place.replace(f":{urlsplit(place).port}/", f":{line.port}/")
        found: list[Step] = []

        def step(what: str, do: Callable[[], Any], times: int = repeats) -> Any:
            result, spent, trips = None, [], []
            for _ in range(times):
                time.sleep(QUIET)
                first, begun = line.trips, time.perf_counter()
                result = do()
                spent.append((time.perf_counter() - begun) * 1e3)
                trips.append(line.trips - first)
            found.append(Step(what, report.median(trips), report.median(spent)))
            return result

        actor = f"far{delay * 1e3:.0f}-{time.time_ns() % 10**9}"
        project = step("opening the project", lambda: Project.open(far, actor), 1)
        size = project.last_number()
        hand = Hand(project, size // 3)  # an article that is read and prepared
        time.sleep(10 * delay + QUIET)  # which goes on in the background

        def decide() -> None:
            act = hand.act()
            project.submit(act).result()
            if act.verb == "label":
                return
            hand.rest()
            time.sleep(10 * delay + QUIET)

        step("one's first act (a connection was there)", decide, 1)
        step("an act, durable", decide)
        row = project.next(size // 2)
        step("the first page of the queue", project.page)
        step(
            "a page of a language, new to me", lambda: project.page(Filter(lang="bg", state="new"))
        )
        step("a page of a word", lambda: project.page(Filter(words="ба ")))
        step("the next article's row", lambda: project.next(size // 2))
        step("an article", lambda: project.article(row.id))
        step("one's work on it", lambda: project.work(row.id))
        step("closing", project.close, 1)
    return found


_NOTED = re.compile(r"^\S+ \S+ \S+ \[\d+\] LOG:  duration: ([\d.]+) ms(?:  (\w+)[^:]*: (.*))?$")


class Noted(NamedTuple):
    """A statement as the server noted it."""

    how: str
    """`statement`, `parse`, `bind` or `execute`."""
    sql: str
    ms: float


def noted(log: str) -> list[Noted]:
    """The statements in a server's log, in order."""
    found: list[Noted] = []
    for line in log.splitlines():
        told = _NOTED.match(line)
        if told and told[2]:
            found.append(Noted(told[2], told[3], float(told[1])))
        elif line.startswith("\t") and found:
            found[-1] = found[-1]._replace(sql=found[-1].sql + line)
    return [each._replace(sql=" ".join(each.sql.split())) for each in found]


def statements(server: Server, engine: Engine, name: str) -> list[list[str]]:
    """Rows of the table: what one act asks of the server, with how often and how long."""
    place = engine.place(name)
    place += ("&" if "?" in place else "?") + f"options={LOGGED}"
    said: dict[str, list[Noted]] = {}
    with Project.open(place, f"noted-{time.time_ns() % 10**9}") as project:
        hand = Hand(project, project.last_number() // 4)
        for _ in range(3 * (SPANS + 1)):  # the last of a sort counts: its statements are prepared
            time.sleep(QUIET)
            start = server.log.stat().st_size
            act = hand.act()
            project.submit(act).result()
            time.sleep(QUIET)
            said[act.verb] = noted(server.log.read_bytes()[start:].decode())
            hand.rest()
    return [row for verb, found in said.items() for row in _table(verb, found)]


def _table(verb: str, found: list[Noted]) -> list[list[str]]:
    counts: dict[str, list[float]] = {}
    for each in found:
        times = counts.setdefault(each.sql[:WIDTH], [0, 0.0])
        times[0] += each.how in ("statement", "execute")
        times[1] += each.ms
    return [
        [verb, f"`{sql.replace('|', '/')}`", f"{times:.0f}", report.number(ms)]
        for sql, (times, ms) in counts.items()
    ]
