"""Key to painted screen: the annotator, SLATE and a bare Textual view, interleaved.

`python -m benchmarks.keys [--quick] [--only NAME ...]` prints a Markdown table and verdicts against
the targets. The programs run at the same time and take turns key by key, each key followed by its
silence, so that what else the machine does hits all alike. Every run looks at the screen and the
disk: a key that did not move the cursor or save the label fails instead of looking fast.
"""

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import annotator_app, program, slate, texts
from benchmarks.program import Program
from benchmarks.report import Measured, machine, mean, median, number, p95, spread, table, verdict
from benchmarks.session import Counts, Figures, WrongResultError, run
from benchmarks.terminal import NoAnswerError, homes

OURS, BARE, SLATE = "annotator", "bare", "slate"
MOVES_OF_SLATE, LABELS_OF_SLATE, OF_BARE = 0.5, 0.75, 1.3
FRAME = 16.0
"""Milliseconds: a frame at 60 Hz."""
GROWTH = 1.3
"""How much slower than on the smallest article still counts as equal on a shared machine."""

PAINTED, SAVED = "label painted", "label saved"
MOVES = ("right", "down")
TIMED: dict[str, Callable[[Figures], list[float]]] = {
    "right": lambda figures: figures.settled("right"),
    "down": lambda figures: figures.settled("down"),
    PAINTED: lambda figures: figures.painted("label"),
    SAVED: lambda figures: figures.settled("label"),
}
COSTS = ("CPU ms a key", "bytes a key")

Builder = Callable[[Path, list[texts.Mark], Path], Program]


@dataclass(frozen=True, slots=True)
class Cell:
    """One text with one number of spans."""

    text: str
    spans: int

    def __str__(self) -> str:
        return f"{self.text}, {self.spans:,} spans"


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run."""

    cells: tuple[Cell, ...]
    counts: Counts
    rounds: int


FULL = Plan(
    (
        *(Cell(name, spans) for name in texts.SIZES for spans in (0, 1_000, 10_000)),
        *(Cell(texts.ONE_LINE, spans) for spans in (0, 10_000)),
    ),
    Counts(right=60, label=30, down=100),
    rounds=3,
)
QUICK = Plan(
    tuple(Cell(name, spans) for name in ("11 KB", "10 MB") for spans in (0, 10_000)),
    Counts(right=30, label=10, down=60),
    rounds=1,
)


def bare(text: Path, marks: list[texts.Mark], folder: Path) -> Program:
    """The bare view with the same words marked."""
    listed = folder / "marks.txt"
    listed.write_text("\n".join(str(mark.start) for mark in marks))
    return program.bare_view(text, listed)


BUILDERS: dict[str, Builder] = {OURS: annotator_app.program, BARE: bare, SLATE: slate.prepare}

Results = dict[tuple[Cell, str], Figures]


def measure(plan: Plan, names: Sequence[str], folder: Path) -> tuple[Results, list[str]]:
    """Runs every program in every cell and round; returns the figures and what went wrong."""
    results: Results = {}
    broken: dict[tuple[Cell, str], str] = {}
    for cell in plan.cells:
        path = texts.write(cell.text, folder)
        text = path.read_text(encoding="utf-8")
        walked = plan.counts.right + 2 * plan.counts.label + 1_000  # and the rows below
        words, marks = texts.first_words(text, walked), texts.marks(text, cell.spans)
        del text
        for i in range(plan.rounds):
            print(f"{cell}, round {i + 1} of {plan.rounds}", file=sys.stderr)
            jobs: dict[str, Iterator[None]] = {}
            for name in names:
                figures = results.setdefault((cell, name), Figures())
                jobs[name] = _job(name, path, marks, words, plan.counts, cell, figures)
            for name, error in take_turns(jobs).items():
                broken[cell, name] = f"{cell}: {error}"
    return results, list(broken.values())


def take_turns(jobs: dict[str, Iterator[None]]) -> dict[str, str]:
    """Lets each job press a key in turn, until all have ended; returns what went wrong."""
    failed = {}
    while jobs:
        for name, job in list(jobs.items()):
            try:
                next(job)
            except StopIteration:
                del jobs[name]
            except (NoAnswerError, WrongResultError) as error:
                failed[name] = str(error)
                del jobs[name]
    return failed


def _job(
    name: str,
    path: Path,
    marks: list[texts.Mark],
    words: list[str],
    counts: Counts,
    cell: Cell,
    into: Figures,
) -> Iterator[None]:
    folder = Path(tempfile.mkdtemp(dir=path.parent))
    try:
        started = BUILDERS[name](path, marks, folder)
        yield from run(started, words, counts, folder, cell.text == texts.ONE_LINE, into)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def figures_table(results: Results) -> str:
    """Medians and 95th percentiles of everything measured."""
    head = ("text", "spans", "program", *(f"{what} p50 / p95" for what in TIMED), *COSTS)
    rows = []
    for (cell, name), it in results.items():
        timed = [spread(take(it)) for take in TIMED.values()]
        costs = [number(mean(it.cpu)), f"{median(it.size('right')):.0f}"]
        rows.append([cell.text, f"{cell.spans:,}", name, *timed, *costs])
    return table(head, rows)


def ratios_table(results: Results) -> str:
    """The annotator's medians over the others'."""
    rows = []
    for cell, name in results:
        if name != OURS and (cell, OURS) in results:
            found = [number(_ratio(results, cell, name, what)) for what in TIMED]
            rows.append([cell.text, f"{cell.spans:,}", name, *found])
    return table(("text", "spans", "beside", *TIMED), rows)


def verdicts(results: Results) -> list[str]:
    """A line for each target."""
    seen = (*MOVES, PAINTED)
    return [
        verdict("moves within 0.5x of SLATE", MOVES_OF_SLATE, _beside(results, SLATE, MOVES)),
        verdict(
            "labels painted, 0.75x of SLATE", LABELS_OF_SLATE, _beside(results, SLATE, [PAINTED])
        ),
        verdict("labels saved, 0.75x of SLATE", LABELS_OF_SLATE, _beside(results, SLATE, [SAVED])),
        verdict(
            "all painted within 1.3x of a bare Textual view", OF_BARE, _beside(results, BARE, seen)
        ),
        verdict("95th percentile painted under 16 ms", FRAME, _tails(results, seen)),
        verdict("95th percentile saved under 16 ms", FRAME, _tails(results, [SAVED])),
        verdict("no growth with the article (1.3x)", GROWTH, _growth(results)),
    ]


def _ratio(results: Results, cell: Cell, other: str, what: str) -> float:
    ours, theirs = (median(TIMED[what](results[cell, name])) for name in (OURS, other))
    return ours / theirs


def _beside(results: Results, other: str, timed: Sequence[str]) -> Iterator[Measured]:
    for cell, name in results:
        if name == other and (cell, OURS) in results:
            for what in timed:
                yield Measured(_ratio(results, cell, other, what), f"{what}, {cell}")


def _tails(results: Results, timed: Sequence[str]) -> Iterator[Measured]:
    for (cell, name), it in results.items():
        if name == OURS:
            for what in timed:
                yield Measured(p95(TIMED[what](it)), f"{what}, {cell}")


def _growth(results: Results) -> Iterator[Measured]:
    for (cell, name), it in results.items():
        small = results.get((Cell("11 KB", cell.spans), OURS))
        if name == OURS and small is not None and small is not it:
            for what, take in TIMED.items():
                yield Measured(median(take(it)) / median(take(small)), f"{what}, {cell}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the benchmark and prints its report; 1 when a program failed, 0 otherwise."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.keys", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="four cells, one round, few keys")
    parser.add_argument("--only", nargs="+", choices=BUILDERS, default=list(BUILDERS))
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(homes(Path(folder)))  # projects are prepared in this process
        plan = QUICK if chosen.quick else FULL
        results, broken = measure(plan, chosen.only, Path(folder))
    print(f"## Key to painted screen\n\nMilliseconds; {machine()}.\n")
    print(figures_table(results), "\n\nThe annotator's medians over the others':\n", sep="")
    print(ratios_table(results), "", *verdicts(results), sep="\n")
    for line in broken:
        print(f"- **FAILED**: {line}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
