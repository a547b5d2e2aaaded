"""What learning costs, and whether it is felt: keys to the painted screen while a model is fitted.

The annotator runs in a terminal as `benchmarks.keys` runs it, in turns alone and beside a process that
fits the model of names without a pause, as low in priority as the program's own.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from benchmarks import keys
from benchmarks.report import median, p95, spread, table
from benchmarks.session import Counts, Figures
from benchmarks.terminal import homes

ARTICLES = 200
"""Articles the model is fitted to."""
PLAN = keys.Plan((keys.Cell("11 KB", 0),), Counts(right=60, label=30, down=60), rounds=1)
QUICK = keys.Plan((keys.Cell("11 KB", 0),), Counts(right=20, label=5, down=20), rounds=1)
ROUNDS = 3
ALONE, BESIDE = "alone", "while a model is fitted"
FELT, FRAME = 1.3, 16.0
"""A median this much longer counts as the same on a shared machine; or within a frame, in ms."""


def felt(path: Path, quick: bool = False) -> str:
    """Key to painted screen, alone and beside a refit."""
    taken: dict[str, list[Figures]] = {ALONE: [], BESIDE: []}
    broken = []
    for _ in range(1 if quick else ROUNDS):
        for what in taken:
            with tempfile.TemporaryDirectory() as folder:
                os.environ.update(homes(Path(folder)))
                with _refitting(path) if what == BESIDE else nullcontext():
                    plan = QUICK if quick else PLAN
                    results, failed = keys.measure(plan, [keys.OURS], Path(folder))
                taken[what] += results.values()
                broken += failed
    rows, told = [], []
    for name, take in keys.TIMED.items():
        each = {
            what: [ms for one in figures for ms in take(one)] for what, figures in taken.items()
        }
        rows.append([name, *(spread(each[what]) for what in taken)])
        ratio = median(each[BESIDE]) / median(each[ALONE])
        same = ratio <= FELT and p95(each[BESIDE]) <= max(FRAME, FELT * p95(each[ALONE]))
        told.append(
            f"- **{'meets' if same else 'MISSES'}**: {name} while a model is fitted: {ratio:.2f} times the median alone"
        )
    told += [f"- **FAILED**: {line}" for line in broken]
    head = ["key to painted screen, ms p50 / p95", *taken]
    return "\n\n".join(("## Is a refit felt", table(head, rows), "\n".join(told)))


@contextmanager
def _refitting(path: Path) -> Iterator[None]:
    """A process that fits the model over and over."""
    command = [sys.executable, "-m", "benchmarks.suggestions.refitting", str(path), str(ARTICLES)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        try:
            yield
        finally:
            process.kill()
