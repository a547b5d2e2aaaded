"""What one person waits for: importing, opening, pages, words, an article, beside each other.

The engines take turns query by query, so that what else the machine does hits all alike.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from annotator.model.annotation import Kind, Span
from annotator.model.event import Act, Draft
from annotator.model.scheme_file import preset
from annotator.store.filters import Filter
from annotator.store.project import Project
from benchmarks import report
from benchmarks.engines.places import Engine
from benchmarks.store import article_of, read

ACTOR = "reader"
SPANS = 50
"""On the article whose work is asked for."""
IN_NEW = "opening in a new process, imports included"
_OPEN = """import sys, time
begun = time.perf_counter()
from annotator.store.project import Project
with Project.open(sys.argv[1], "reader") as project:
    project.row(sys.argv[2])
    print((time.perf_counter() - begun) * 1e3)
"""


class Asked(NamedTuple):
    """What was asked, and the milliseconds it took, of each engine."""

    what: str
    times: list[list[float]]

    @property
    def row(self) -> list[str]:
        """A row of the table: median and 95th percentile."""
        return [self.what, *map(report.spread, self.times)]


def load(engine: Engine, name: str, source: Path) -> tuple[float, float]:
    """Make a project of articles in a file; articles imported and words indexed a second."""
    begun = time.perf_counter()
    with Project.create(engine.place(name), preset("news"), ACTOR) as project:
        for _ in project.add(map(article_of, read(source))):
            pass
        size = project.count()
        between = time.perf_counter()
        while project.index_words():
            pass
        ended = time.perf_counter()
        row = project.next(size // 2)
        assert row is not None
        text = project.article(row.id).text
        spans = [Span(f"{n:08x}", "entities", "PER", n, n + 5) for n in range(SPANS)]
        drafts = tuple(Draft(Kind.SPAN, s.key, row.id, s.body(text)) for s in spans)
        project.submit(Act("import", drafts)).result()
    return size / (between - begun), size / (ended - between)


def asked(n: int) -> dict[str, Callable[[Project], object]]:
    """What is asked of a project of `n` articles."""
    return {
        "the first page": lambda p: p.page(),
        "a page in the middle": lambda p: p.page(after=n // 2),
        "a page of a language, new to me": lambda p: p.page(Filter(lang="bg", state="new")),
        "how many are left": lambda p: p.count(Filter(state="new")),
        "the next article": lambda p: p.next(n // 2),
        "a common word": lambda p: p.page(Filter(words="ба ")),
        "a word's beginning": lambda p: p.page(Filter(words="баве")),
        "a phrase": lambda p: p.page(Filter(words='"ба ве"')),
        "a word with its places": lambda p: p.search("ба ", 30),
        "an article": lambda p: p.article(_middle(p, n)),
        f"one's work on it ({SPANS} spans)": lambda p: p.work(_middle(p, n)),
        "one's last act": lambda p: next(p.past_acts()),
        "progress": lambda p: p.progress(),
    }


_ids: dict[tuple[str, int], str] = {}


def _middle(project: Project, n: int) -> str:
    """The id of the article in the middle, asked for once."""
    key = (str(project.path), n)
    if key not in _ids:
        row = project.next(n // 2)
        assert row is not None
        _ids[key] = row.id
    return _ids[key]


def measure(engines: Sequence[Engine], name: str, repeats: int) -> list[Asked]:
    """Everything that is asked of a project, so many times of each engine."""
    projects = [Project.open(engine.place(name), ACTOR) for engine in engines]
    size = projects[0].count()
    found = [_from_nothing(engines, name, projects[0], repeats), _opening(engines, name, repeats)]
    for what, ask in asked(size).items():
        times: list[list[float]] = [[] for _ in engines]
        for turn in range(repeats + 1):
            for project, mine in zip(projects, times, strict=True):
                begun = time.perf_counter()
                ask(project)
                if turn:  # the first one is cold
                    mine.append((time.perf_counter() - begun) * 1e3)
        found.append(Asked(what, times))
    for project in projects:
        project.close()
    return found


def _opening(engines: Sequence[Engine], name: str, repeats: int) -> Asked:
    times: list[list[float]] = [[] for _ in engines]
    for _ in range(repeats):
        for engine, mine in zip(engines, times, strict=True):
            begun = time.perf_counter()
            project = Project.open(engine.place(name), ACTOR)
            mine.append((time.perf_counter() - begun) * 1e3)
            project.close()
    return Asked("opening the project", times)


def _from_nothing(engines: Sequence[Engine], name: str, known: Project, repeats: int) -> Asked:
    """Opening and one row in a process that has imported nothing."""
    row = known.next(0)
    assert row is not None
    times: list[list[float]] = [[] for _ in engines]
    for _ in range(max(repeats // 5, 3)):
        for engine, mine in zip(engines, times, strict=True):
            words = [sys.executable, "-c", _OPEN, engine.place(name), row.id]
            done = subprocess.run(words, check=True, capture_output=True, env=os.environ)
            mine.append(json.loads(done.stdout))
    return Asked(IN_NEW, times)
