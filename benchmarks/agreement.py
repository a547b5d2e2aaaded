"""Measuring agreement: counted from scratch, with nothing changed, and after one edit.

    python benchmarks/agreement.py [SIZE] [--folder FOLDER]

A project of SIZE articles, three annotators each, 18 spans and two stances an annotator, who differ in
a tenth to a fifth of them. Each step runs in a process of its own, with the time it took and the most
memory.
"""

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from annotator.model.annotation import Evidence, Kind, Party, Span, Stance, State, Status
from annotator.model.article import Article
from annotator.model.event import Act, Draft

ANNOTATORS = ("ana", "iva", "petr")
WORDS = ("Sofia", "talks", "gas", "the", "commission", "said", "Monday", "a", "bridge", "over")
BLOCKS, ENTITIES, STANCES = 6, 12, 2
TARGETS = {"cold": 10.0, "warm": 0.2}
"""Seconds that each step may take."""


def articles(size: int) -> Iterator[Article]:
    rng = random.Random(5)
    for n in range(size):
        lines = [" ".join(rng.choices(WORDS, k=20)) for _ in range(2 * BLOCKS)]
        yield Article(f"a{n:06}", "\n".join(lines), lang="en", source=f"site{n % 40}.example")


def truth(text: str, rng: random.Random) -> tuple[list[tuple[str, str, int, int]], list[str]]:
    """Layer, label and offsets of spans, and the values of stances, on which all would agree."""
    spans, at = [], 0
    for number, line in enumerate(text.split("\n")):
        if number % 2:
            label = rng.choice(("teaser_list", "nav", "footer", "ad", "byline"))
            spans.append(("boilerplate", label, at, at + len(line)))
        else:
            for word in (3, 12):
                start = at + sum(len(w) + 1 for w in line.split()[:word])
                end = start + len(line.split()[word])
                spans.append(("entities", rng.choice(("PER", "ORG", "LOC")), start, end))
        at += len(line) + 1
    return spans, [rng.choice(("FAVOR", "AGAINST", "NEUTRAL")) for _ in range(STANCES)]


def drafts(name: str, text: str, who: str, n: int) -> Iterator[Draft]:
    """One annotator's work on one article."""
    rng = random.Random(n)
    spans, values = truth(text, rng)
    rng = random.Random(f"{n} {who}")
    for number, (layer, label, start, end) in enumerate(spans):
        slip = rng.random()
        if slip < 0.05:
            continue
        if slip < 0.10 and layer == "entities":
            label = rng.choice(("PER", "ORG", "LOC"))
        if slip > 0.90:
            end = min(end + 4, len(text))
        if slip > 0.95 and layer == "boilerplate":
            label = "other"
        span = Span(f"{who}{n:x}.{number}", layer, label, start, end)
        yield Draft(Kind.SPAN, span.key, name, span.body(text))
    for number, value in enumerate(values):
        if rng.random() < 0.1:
            value = rng.choice(("FAVOR", "AGAINST", "NEUTRAL", "NONE"))
        place = 40 * number + rng.randrange(3)
        target = Party("entity", f"target {number}")
        stance = Stance(target, value, evidence=(Evidence(place, place + 30),))
        yield Draft(Kind.STANCE, stance.key(who, name), name, stance.body(text))
    yield Draft(Kind.STATUS, Status.key(who, name), name, Status(State.DONE, "", 60).body())


def make(path: Path, size: int) -> None:
    """The project, an act for every twenty articles of an annotator."""
    from annotator.model.scheme_file import preset
    from annotator.store.project import Project

    with Project.create(path, preset("news"), "lead") as project:
        for _ in project.add(articles(size)):
            pass
        texts = [(article.id, article.text) for article in articles(size)]
        for first in range(0, size, 20):
            for who in ANNOTATORS:
                made = [
                    draft
                    for n, (name, text) in enumerate(texts[first : first + 20], first)
                    for draft in drafts(name, text, who, n)
                ]
                project.record(Act("label", tuple(made)), who)


def measured(path: Path, readonly: bool = False, jobs: int = 1) -> dict[str, Any]:
    from annotator.lead.measuring import measure
    from annotator.store.project import Project

    with Project.open(path, "" if readonly else "lead", readonly=readonly) as project:
        start = time.perf_counter()
        report = measure(project, jobs=jobs)
        seconds = time.perf_counter() - start
    figures = {
        f"{layer.layer}.{name}": round(figure.value, 4)
        for layer in report.layers
        for name, figure in layer.figures.items()
        if name in layer.headline and figure.value is not None
    }
    return {"seconds": round(seconds, 3), "articles": report.articles, **figures}


def cold(path: Path, jobs: int) -> dict[str, Any]:
    from annotator.store.engine import connect

    conn = connect(path, "rw")
    conn.execute("DELETE FROM statistic")
    conn.close()
    return measured(path, jobs=jobs)


def edited(path: Path) -> dict[str, Any]:
    """One annotator removes one span, then all is measured again."""
    from annotator.store.project import Project

    with Project.open(path, "lead") as project:
        work = project.work("a000007", "iva")
        span = work.spans[time.time_ns() % len(work.spans)]
        draft = Draft(Kind.SPAN, span.key, work.article, None, work.versions[span.key])
        project.record(Act("remove", (draft,)), "iva")
    return measured(path)


STEPS: dict[str, Callable[[Path], dict[str, Any]]] = {
    "cold, one process": lambda path: cold(path, 1),
    "cold": lambda path: cold(path, len(os.sched_getaffinity(0))),
    "warm": measured,
    "one changed": edited,
    "warm again": measured,
    "read-only": lambda path: measured(path, readonly=True),
}


def step(path: Path, name: str) -> dict[str, Any]:
    """One step in a process of its own."""
    command = [sys.executable, __file__, "--folder", str(path.parent), "--step", name]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def report(folder: Path, size: int) -> None:
    path = folder / "agreement.db"
    if not path.exists():
        start = time.perf_counter()
        make(path, size)
        print(f"made {size} articles in {time.perf_counter() - start:.0f} s", file=sys.stderr)
    print("| step | seconds | most memory, MB | what it says |")
    print("| --- | ---: | ---: | --- |")
    seconds = {}
    for name in STEPS:
        found = step(path, name)
        seconds[name] = found.pop("seconds")
        memory = found.pop("rss_mb")
        print(f"| {name} | {seconds[name]:.2f} | {memory} | {found} |", flush=True)
    for name, limit in TARGETS.items():
        word = "meets" if seconds[name] <= limit else "MISSES"
        print(
            f"- **{word}**: {name} under {limit} s (set for 10,000 articles): {seconds[name]:.2f}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("size", nargs="?", type=int, default=10_000)
    parser.add_argument("--folder", type=Path, help="keep the project here; else it is deleted")
    parser.add_argument("--step", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        found = STEPS[options.step](options.folder / "agreement.db")
        found["rss_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(json.dumps(found))
    elif options.folder:
        options.folder.mkdir(parents=True, exist_ok=True)
        report(options.folder, options.size)
    else:
        with tempfile.TemporaryDirectory() as folder:
            os.environ["XDG_STATE_HOME"] = folder
            report(Path(folder), options.size)


if __name__ == "__main__":
    main()
