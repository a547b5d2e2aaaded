"""What suggestions cost beside the screen: key to painted screen, start, and the coach's own times.

`python -m benchmarks.coach [--quick] [--project FILE --as NAME]` prints Markdown tables. Keys are timed
in one and the same article with suggestions off, with the suggesters' process at work, and while refits
run one after another, key by key in turns, so that what else the machine does hits all alike. The
coach's times are of one process, on a copy of the project given or of one made here, which has many
finished articles.
"""

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks import annotator_app, texts
from benchmarks.report import machine, median, number, spread, table
from benchmarks.terminal import Terminal, homes

OFF, QUIET, BUSY = "suggestions off", "suggestions on", "while refits run"
ACTOR = annotator_app.ACTOR
KEYS, STARTS, FINISHED, SAMPLE = 150, 11, 120, 50
LEFT, RIGHT = b"\x1b[D", b"\x1b[C"


def make(path: Path, finished: int) -> None:
    """A project of short articles, of which so many are finished with names labelled."""
    from annotator.model.annotation import Kind, Span, State, Status
    from annotator.model.article import Article
    from annotator.model.event import Act, Draft, new_id
    from annotator.model.scheme_file import preset
    from annotator.store.project import Project

    rng = random.Random(6)
    whole = texts.article(2 << 20).split("\n")
    with Project.create(path, preset("news"), ACTOR) as project:
        bodies = ["\n".join(rng.sample(whole, 14)) for _ in range(finished + SAMPLE)]
        found = [
            Article(f"n{n:04}", f"{texts.FIRST} {n}\n{body}", source=f"s{n % 3}", lang="bg")
            for n, body in enumerate(bodies)
        ]
        list(project.add(found))
        for article in found[:finished]:
            spans = [
                Span(new_id(), "entities", label, at, at + len(name))
                for names, label in ((texts._PEOPLE, "PER"), (texts._PLACES, "LOC"))
                for name in names
                if (at := article.text.find(name)) >= 0
            ]
            drafts = [Draft(Kind.SPAN, s.key, article.id, s.body(article.text)) for s in spans]
            key = Status.key(ACTOR, article.id)
            drafts.append(Draft(Kind.STATUS, key, article.id, Status(State.DONE).body()))
            project.submit(Act("done", tuple(drafts)))


# --- keys and starts


def opened(project: Path, folder: Path, suggest: bool) -> Terminal:
    """The interface on a copy of a project, in a folder of its own."""
    folder.mkdir()
    copy = folder / "project.db"
    shutil.copyfile(project, copy)
    config = folder / "config.toml"
    config.write_text(f"suggest = {str(suggest).lower()}\n", encoding="utf-8")
    command = [annotator_app.COMMAND, str(copy), "--as", ACTOR]
    return Terminal(command, folder, {"ANNOTATOR_CONFIG": str(config)})


@contextmanager
def refits(path: Path) -> Iterator[list[int]]:
    """Refits of the names, one after another, as the suggesters' process starts them."""
    from annotator.coach.starting import command

    over, done = threading.Event(), list[int]()

    def run() -> None:
        while not over.is_set():
            child = subprocess.Popen(
                command(path, ACTOR, ("entities", "names")),
                stdin=subprocess.PIPE,  # open until it is over: it ends with it
                stdout=subprocess.PIPE,
            )
            assert child.stdout is not None
            with child.stdout as said:
                said.read()
            if child.wait():
                raise RuntimeError("the refit failed")
            child.communicate()
            done.append(1)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield done
    finally:
        over.set()
        thread.join()


def keys(project: Path, folder: Path, count: int) -> dict[str, list[float]]:
    """Milliseconds from a key to the painted screen, by what runs beside it."""
    times: dict[str, list[float]] = {OFF: [], QUIET: [], BUSY: []}
    with (
        opened(project, folder / "off", suggest=False) as off,
        opened(project, folder / "on", suggest=True) as on,
    ):
        for terminal in (off, on):
            terminal.wait_for(texts.FIRST)
            terminal.settle(2.0)
        for n in range(count):
            for name, terminal in ((OFF, off), (QUIET, on)):
                times[name].append(terminal.press(LEFT if n % 20 >= 10 else RIGHT).painted)
        with refits(folder / "on" / "project.db") as done:
            time.sleep(1.0)
            for n in range(count):
                times[BUSY].append(on.press(LEFT if n % 20 >= 10 else RIGHT).painted)
        if not done:
            raise RuntimeError("no refit ran beside the keys")
        for terminal in (off, on):
            terminal.quit(b"\x11")
    return times


def starts(project: Path, folder: Path, count: int) -> dict[str, list[float]]:
    """Milliseconds from fork to the first painted article, and from the quitting key to the end."""
    times: dict[str, list[float]] = {}
    for n in range(count):
        for name, suggest in ((OFF, False), (QUIET, True)):
            with opened(project, folder / f"{n}{suggest}", suggest) as terminal:
                took = terminal.wait_for(texts.FIRST)
                terminal.settle(1.0)
                began = time.perf_counter()
                terminal.quit(b"\x11")
                if n:  # the first one fills the page cache
                    times.setdefault(f"start, {name}", []).append(took)
                    ended = (time.perf_counter() - began) * 1000
                    times.setdefault(f"quit, {name}", []).append(ended)
    return times


# --- the coach


def timed(function: Callable[[], object]) -> float:
    """Milliseconds of processor time that a call takes."""
    began = time.process_time()
    function()
    return (time.process_time() - began) * 1000


def coach(path: Path, actor: str) -> dict[str, list[float]]:
    """Milliseconds of processor time of each step, and kilobytes of lessons, by name."""
    from annotator.coach.learning import Coach
    from annotator.coach.steps import tell
    from annotator.store.project import Project

    times: dict[str, list[float]] = {}
    with Project.open(path, actor) as project:
        project.drop_lessons()
        learner = Coach(project)
        times["look"] = [timed(learner.look)]
        for pupil in list(learner.pupils):
            name = "/".join(pupil.bound.key)
            for found in learner.unlearnt(pupil):
                times.setdefault(f"learn {name}", []).append(timed(lambda: tell(pupil, found)))  # noqa: B023  (called at once)
            times[f"refit {name}"] = [timed(lambda: learner.refit(pupil))]  # noqa: B023  (the same)
            lesson = project.lesson(*pupil.bound.key)
            times[f"KB {name}"] = [len(lesson.saved) / 1024] if lesson else []
        times["load all"] = [timed(lambda: Coach(project))]
        rows = [row for row in project.page(limit=1000) if row.state not in ("done", "skipped")]
        for row in rows[:SAMPLE]:
            for step in learner.plan([row.id]):
                name = f"suggest and keep {'/'.join(step.pupil.bound.key)}"
                times.setdefault(name, []).append(timed(lambda: learner.suggest(step)))  # noqa: B023  (the same)
        times["plan six"] = [timed(lambda: learner.plan([r.id for r in rows[:6]])) for _ in "12345"]
    return times


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the benchmark and prints its report."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.coach", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few keys, starts and articles")
    parser.add_argument("--project", type=Path, help="a project with finished articles")
    parser.add_argument("--as", dest="actor", default=ACTOR, help="whose work is learnt from")
    parser.add_argument("--coach-only", action="store_true", help="no keys and starts")
    chosen = parser.parse_args(arguments)
    n_keys, n_starts, finished = (20, 3, 20) if chosen.quick else (KEYS, STARTS, FINISHED)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ.update(homes(folder))
        made = folder / "made.db"
        if not chosen.coach_only or chosen.project is None:
            make(made, finished)
        figures: dict[str, list[float]] = {}
        if not chosen.coach_only:
            figures |= {f"key, {k}": v for k, v in keys(made, folder, n_keys).items()}
            figures |= starts(made, folder, n_starts)
        copy = folder / "copy.db"
        if chosen.project is None:
            shutil.copyfile(made, copy)
        else:
            from annotator.store.project import Project

            with Project.open(chosen.project, readonly=True) as project:
                project.backup(copy)
        own = coach(copy, chosen.actor)
    print(f"## The coach\n\n{machine()}.\n")
    rows = [[k, spread(v), number(max(v, default=float("nan")))] for k, v in figures.items()]
    if rows:
        print(table(("beside the screen", "p50 / p95, ms", "worst, ms"), rows), end="\n\n")
    rows = [[k, spread(v), number(median(v)), str(len(v))] for k, v in own.items()]
    print(table(("the coach, ms of CPU (KB: size)", "p50 / p95", "p50", "times"), rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
