"""Key to painted screen: the annotator, SLATE and a bare Textual view, interleaved.

`python -m benchmarks.keys [--quick] [--only NAME ...]` prints a Markdown table and verdicts against
the targets. Every key is followed by its program's own silence before the next, every program runs
in each round, and every run ends with a look at the screen and the disk: a key that did not move
the cursor or save the label fails the benchmark instead of looking fast.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import annotator_app, program, slate, texts
from benchmarks.program import Program
from benchmarks.report import Measured, machine, median, number, p95, spread, table, verdict
from benchmarks.session import Counts, Figures, WrongResultError, run
from benchmarks.terminal import NoAnswerError

OURS, BARE, SLATE = "annotator", "bare", "slate"
MOVES_OF_SLATE, LABELS_OF_SLATE, OF_BARE = 0.5, 0.75, 1.3
FRAME = 16.0
"""Milliseconds: a frame at 60 Hz."""
GROWTH = 1.3
"""How much slower than on the smallest article still counts as equal on a shared machine."""

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
            for name in (*names[i % len(names) :], *names[: i % len(names)]):
                print(f"{cell}: {name}, round {i + 1} of {plan.rounds}", file=sys.stderr)
                figures = results.setdefault((cell, name), Figures())
                try:
                    _once(name, path, marks, words, plan.counts, cell, figures)
                except (NoAnswerError, WrongResultError) as error:
                    broken[cell, name] = f"{cell}: {error}"
    return results, list(broken.values())


def _once(
    name: str,
    path: Path,
    marks: list[texts.Mark],
    words: list[str],
    counts: Counts,
    cell: Cell,
    into: Figures,
) -> None:
    folder = Path(tempfile.mkdtemp(dir=path.parent))
    try:
        started = BUILDERS[name](path, marks, folder)
        run(started, words, counts, folder, cell.text == texts.ONE_LINE, into)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def figures_table(results: Results) -> str:
    """Medians and 95th percentiles of everything measured."""
    head = (
        *("text", "spans", "program", "right p50 / p95", "down p50 / p95", "label p50 / p95"),
        *("label, first byte", "CPU ms a key", "bytes a key"),
    )
    rows = []
    for (cell, name), it in results.items():
        timed = [spread(it.settled(key)) for key in ("right", "down", "label")]
        rest = [
            spread(it.first("label")),
            number(median(it.cpu)),
            f"{median(it.size('right')):.0f}",
        ]
        rows.append([cell.text, f"{cell.spans:,}", name, *timed, *rest])
    return table(head, rows)


def ratios_table(results: Results) -> str:
    """The annotator's medians over the others'."""
    head = ("text", "spans", "beside", "right", "down", "label")
    rows = []
    for cell, name in results:
        if name != OURS and (cell, OURS) in results:
            found = [number(_ratio(results, cell, name, key)) for key in ("right", "down", "label")]
            rows.append([cell.text, f"{cell.spans:,}", name, *found])
    return table(head, rows)


def verdicts(results: Results) -> list[str]:
    """A line for each target."""
    cells = [cell for cell, name in results if name == OURS]
    moves, labels, every = ("right", "down"), ("label",), ("right", "down", "label")
    return [
        verdict("moves within 0.5x of SLATE's median", MOVES_OF_SLATE, _all(results, SLATE, moves)),
        verdict("labels within 0.75x of SLATE's", LABELS_OF_SLATE, _all(results, SLATE, labels)),
        verdict("all keys within 1.3x of a bare Textual view", OF_BARE, _all(results, BARE, every)),
        verdict("95th percentile under 16 ms", FRAME, _tails(results, cells)),
        verdict("no growth with the article (1.3x)", GROWTH, _growth(results, cells)),
    ]


def _ratio(results: Results, cell: Cell, other: str, key: str) -> float:
    theirs = median(results[cell, other].settled(key))
    return median(results[cell, OURS].settled(key)) / theirs


def _all(results: Results, other: str, keys: Sequence[str]) -> Iterator[Measured]:
    for cell, name in results:
        if name == other and (cell, OURS) in results:
            for key in keys:
                yield Measured(_ratio(results, cell, other, key), f"{key}, {cell}")


def _tails(results: Results, cells: list[Cell]) -> Iterator[Measured]:
    for cell in cells:
        for key in ("right", "down", "label"):
            yield Measured(p95(results[cell, OURS].settled(key)), f"{key}, {cell}")


def _growth(results: Results, cells: list[Cell]) -> Iterator[Measured]:
    for cell in cells:
        small = Cell("11 KB", cell.spans)
        if cell != small and small in cells:
            for key in ("right", "down", "label"):
                base = median(results[small, OURS].settled(key))
                yield Measured(median(results[cell, OURS].settled(key)) / base, f"{key}, {cell}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the benchmark and prints its report; 1 when a program failed, 0 otherwise."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.keys", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="four cells, one round, few keys")
    parser.add_argument("--only", nargs="+", choices=BUILDERS, default=list(BUILDERS))
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        plan = QUICK if chosen.quick else FULL
        results, broken = measure(plan, chosen.only, Path(folder))
    print(f"## Key to painted screen\n\nMilliseconds, settled; {machine()}.\n")
    print(figures_table(results), "\n\nThe annotator's medians over the others':\n", sep="")
    print(ratios_table(results), "", *verdicts(results), sep="\n")
    for line in broken:
        print(f"- **FAILED**: {line}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
