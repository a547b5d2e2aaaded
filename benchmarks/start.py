"""Start to first painted article, and `--help`, beside an empty Textual app, a bare view and SLATE.

`python -m benchmarks.start [--quick] [--only NAME ...]` prints Markdown tables and verdicts. A start
is counted from fork to the read that brought the article's first word; programs take turns, and a
first start of each, which fills the page cache, is not counted.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks import annotator_app, keys, program, texts
from benchmarks.report import Measured, machine, median, number, spread, table, verdict
from benchmarks.terminal import NoAnswerError, Terminal, clean_environment, homes

EMPTY, SIZES = "empty", ("11 KB", "10 MB")
OF_EMPTY, OF_PASS = 1.3, 3.0


def empty(_text: Path, _marks: list[texts.Mark], _folder: Path) -> program.Program:
    """The Textual app that paints the word and nothing else, whatever the text."""
    return program.empty_app(texts.FIRST)


BUILDERS: dict[str, keys.Builder] = {EMPTY: empty, **keys.BUILDERS}
COMMANDS = {
    "python -c pass": [sys.executable, "-c", "pass"],
    "annotator --help": [annotator_app.COMMAND, "--help"],
}

Times = dict[tuple[str, str], list[float]]


def starts(names: Sequence[str], runs: int, folder: Path) -> tuple[Times, list[str]]:
    """Milliseconds of each start by (size, name), and what went wrong."""
    times: Times = {(size, name): [] for size in SIZES for name in names}
    broken: dict[tuple[str, str], str] = {}
    for size in SIZES:
        text = texts.write(size, folder)
        for i in range(runs + 1):
            print(f"{size}: start {i} of {runs}", file=sys.stderr)
            for name in (*names[i % len(names) :], *names[: i % len(names)]):
                try:
                    took = _start(name, text)
                except NoAnswerError as error:
                    broken[size, name] = f"{size}: {error}"
                else:
                    times[size, name] += [took] if i else []
    return times, list(broken.values())


def _start(name: str, text: Path) -> float:
    folder = Path(tempfile.mkdtemp(dir=text.parent))
    try:
        started = BUILDERS[name](text, [], folder)
        with Terminal(started.argv, folder) as terminal:
            took = terminal.wait_for(texts.FIRST)
            terminal.settle()
            return took
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def helps(runs: int, folder: Path) -> dict[str, list[float]]:
    """Milliseconds each command of COMMANDS takes to run to its end."""
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for i in range(runs + 1):
        for name, command in COMMANDS.items():
            began = time.perf_counter()
            subprocess.run(
                command, check=True, stdout=subprocess.DEVNULL, env=clean_environment(folder)
            )
            times[name] += [(time.perf_counter() - began) * 1000] if i else []
    return times


def starts_table(times: Times) -> str:
    """Medians, 95th percentiles, best, and the ratio to the empty app."""
    rows = []
    for (size, name), it in times.items():
        beside = number(median(it) / median(times.get((size, EMPTY), [])))
        rows.append([size, name, spread(it), number(min(it, default=float("nan"))), beside])
    return table(("text", "program", "start p50 / p95, ms", "best, ms", "to the empty app"), rows)


def helps_table(times: dict[str, list[float]]) -> str:
    """Medians, 95th percentiles, best."""
    rows = [[name, spread(it), number(min(it))] for name, it in times.items()]
    return table(("command", "p50 / p95, ms", "best, ms"), rows)


def verdicts(times: Times, commands: dict[str, list[float]]) -> list[str]:
    """A line for each target: beside the empty app on a short article, beside SLATE on a long one."""

    def beside(size: str, name: str) -> list[Measured]:
        ours, theirs = times.get((size, keys.OURS), []), times.get((size, name), [])
        return [Measured(median(ours) / median(theirs), size)] if ours and theirs else []

    base, ours = (median(commands.get(name, [])) for name in COMMANDS)
    return [
        verdict(
            "first painted article of 11 KB within 1.3x of an empty Textual app",
            OF_EMPTY,
            beside("11 KB", EMPTY),
        ),
        verdict("first painted article of 10 MB before SLATE's", 1.0, beside("10 MB", keys.SLATE)),
        verdict("--help within 3x of `python -c pass`", OF_PASS, [Measured(ours / base, "--help")]),
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the benchmark and prints its report; 1 when a program failed, 0 otherwise."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.start", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="three starts instead of fifteen")
    parser.add_argument("--only", nargs="+", choices=BUILDERS, default=list(BUILDERS))
    chosen = parser.parse_args(arguments)
    runs = 3 if chosen.quick else 15
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ.update(homes(folder))  # projects are prepared in this process
        times, broken = starts(chosen.only, runs, folder)
        commands = helps(2 * runs, folder) if keys.OURS in chosen.only else {}
    print(f"## Start\n\n{machine()}.\n\n{starts_table(times)}\n")
    print(helps_table(commands), "", *verdicts(times, commands), sep="\n")
    for line in broken:
        print(f"- **FAILED**: {line}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
