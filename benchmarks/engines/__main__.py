"""`python -m benchmarks.engines [--quick]`: a project in a file and on a server, side by side."""

import argparse
import os
import signal
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from annotator.store.project import Project
from benchmarks import report
from benchmarks.engines import crowd, line, places, reading
from benchmarks.engines.crowd import Crowd, at
from benchmarks.engines.places import Engine, Server
from benchmarks.report import Measured
from benchmarks.store import generate

WANTED = 250.0
"""Milliseconds that 99 of 100 acts of 64 annotators may take (p99) on either engine."""
AT_ONCE = 100.0
"""Milliseconds that opening a project, a page, a word or an article may take (median)."""
MOST = 64
PEOPLE, FEW = (1, 8, 32, MOST), (1, 8)
"""How many annotate at one decision a second; without a pause."""
SIZE, LARGE = 10_000, 200_000
NAME = "news"
PARTS = ("import", "read", "pace", "flat", "line", "act")


class Run:
    """What all parts need."""

    def __init__(
        self, options: argparse.Namespace, folder: Path, engines: Sequence[Engine], server: Server
    ) -> None:
        self.options = options
        self.folder = folder
        self.engines = engines
        self.server = server
        self.verdicts: list[str] = []
        self.wrong = 0
        """How much was lost, doubled or damaged: that is never a matter of speed."""

    def server_of(self, engine: Engine) -> Server | None:
        """The server to be asked about an engine's connections."""
        return None if engine is self.engines[0] else self.server

    def source(self, size: int) -> Path:
        """Articles to be imported."""
        path = self.folder / f"{size}.jsonl"
        if not path.exists():
            _progress(f"{size:,} articles are made up")
            generate(path, size, hashed=False)
        return path


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 1 when anything was lost or damaged, or the server does not start."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engines", description=__doc__)
    parser.add_argument("--data", type=Path, help="an empty folder on the disk to be measured")
    parser.add_argument("--quick", action="store_true", help="few people, a few seconds each")
    parser.add_argument("--large", action="store_true", help=f"read {LARGE:,} articles as well")
    parser.add_argument(
        "--people",
        nargs="+",
        type=int,
        metavar="N",
        help=f"how many annotate at a pace (default: {' '.join(map(str, PEOPLE))})",
    )
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, metavar="PART",
                        help=f"some of: {', '.join(PARTS)}")  # fmt: skip
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with tempfile.TemporaryDirectory(dir=options.data, prefix="engines-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # the server may run as somebody else
        os.environ["XDG_STATE_HOME"] = os.environ["XDG_CONFIG_HOME"] = str(folder / "own")
        try:
            with places.engines(folder) as (engines, server):
                return _measured(Run(options, folder, engines, server))
        except RuntimeError as error:
            print(error, file=sys.stderr)
            return 1


def _measured(run: Run) -> int:
    version = str(run.server.ask("SHOW server_version")[0][0]).split()[0]
    print(
        f"# Both engines\n\n{report.machine()}, PostgreSQL {version}; fsync on for both, {run.folder.parent}"
    )
    parts: dict[str, Callable[[Run], None]] = {
        "import": _import, "read": _read, "pace": _pace, "flat": _flat, "line": _line, "act": _act,
    }  # fmt: skip
    if "import" not in run.options.only:
        for engine in run.engines[:2]:
            reading.load(engine, NAME, run.source(SIZE))
    for name, part in parts.items():
        if name in run.options.only:
            part(run)
            sys.stdout.flush()
    _sound(run)
    print("\n## What was wanted\n")
    print("\n".join(run.verdicts))
    return min(run.wrong, 1)


# --- parts -----------------------------------------------------------------------------------------


def _import(run: Run) -> None:
    """The project in the file, and by the socket; that by TCP is made only to be measured."""
    rows = []
    for engine, name in zip(run.engines, (NAME, NAME, "other"), strict=True):
        _progress(f"import: {engine.name}")
        articles, words = reading.load(engine, name, run.source(SIZE))
        rows.append([engine.name, f"{articles:,.0f}", f"{words:,.0f}", f"{SIZE / articles:.1f}"])
    _print(f"Import of {SIZE:,} articles", ["engine", "articles/s", "words indexed, articles/s", "seconds"], rows)  # fmt: skip


def _read(run: Run) -> None:
    _ask(run, NAME, SIZE)
    if not run.options.large:
        return
    for engine in run.engines[:2]:
        _progress(f"import of {LARGE:,}: {engine.name}")
        articles, words = reading.load(engine, "large", run.source(LARGE))
        told = f"{articles:,.0f} imported, {words:,.0f} indexed a second"
        print(f"\n{LARGE:,} articles, {engine.name}: {told}")
    _ask(run, "large", LARGE)


def _ask(run: Run, name: str, size: int) -> None:
    _progress("reading")
    head = ["median / p95, ms", *(engine.name for engine in run.engines)]
    found = reading.measure(run.engines, name, 5 if run.options.quick else 30)
    _print(f"Reading {size:,} articles", head, (each.row for each in found))
    for number, engine in enumerate(run.engines):
        run.verdicts.append(
            report.verdict(
                f"{engine.name}: {size:,} articles: each under {AT_ONCE:.0f} ms (median)", AT_ONCE,
                (Measured(report.median(x.times[number]), x.what) for x in found
                 if x.what != reading.IN_NEW),
            )
        )  # fmt: skip


def _pace(run: Run) -> None:
    """At one decision a second each."""
    found = [
        _crowd(run, engine, people, _seconds(run, people), 1.0)
        for people in run.options.people or (FEW if run.options.quick else PEOPLE)
        for engine in run.engines
    ]
    _print("One decision a second each, ms from submit to durable", _HEAD, map(_row, found))
    print("\nEach annotator is a process of its own, forked from one, with a connection to read, one to "
          "write\nand one to hear what others do. *Late*: p99 by how much a key came too late, for want of a "
          "processor.")  # fmt: skip
    for engine in run.engines:
        mine = [each for each in found if each.engine == engine.name]
        run.verdicts.append(
            report.verdict(f"{engine.name}: no error, no lock that was not got", 0,
                           (Measured(len(each.errors), _who(each)) for each in mine))
        )  # fmt: skip
        run.verdicts.append(
            report.verdict(f"{engine.name}: {MOST} annotators, p99 under {WANTED:.0f} ms", WANTED,
                           (Measured(at(0.99, x.took), _who(x)) for x in mine if x.people == MOST))
        )  # fmt: skip


def _flat(run: Run) -> None:
    """As fast as they can."""
    found = [
        _crowd(run, engine, people, 3 if run.options.quick else 10, 0)
        for people in FEW
        for engine in run.engines
    ]
    _print("Without a pause, each waiting for its last act, ms", _HEAD, map(_row, found))


def _line(run: Run) -> None:
    _progress("a line with a delay")
    head = [
        "over a line with a delay each way of",
        "round trips",
        *(f"{ms} ms" for ms in line.DELAYS),
    ]
    repeats = 5 if run.options.quick else 20
    _print(
        "A server far away, median ms",
        head,
        line.measure(run.server, run.engines[2], NAME, repeats),
    )


def _act(run: Run) -> None:
    _progress("statements")
    rows = line.statements(run.server, run.engines[1], NAME)
    _print(
        "What an act asks of the server", ["act", "statement", "times", "ms on the server"], rows
    )


def _sound(run: Run) -> None:
    """The projects are whole after all that."""
    for engine in run.engines[:2]:
        _progress(f"check: {engine.name}")
        with Project.open(engine.place(NAME)) as project:
            problems = [str(each) for each in project.verify()]
        run.wrong += len(problems)
        told = f"MISSES**: {problems[0]}" if problems else "meets**"
        run.verdicts.append(f"- **{told}: {engine.name}: `check` finds nothing")


# --- inside ----------------------------------------------------------------------------------------

_HEAD = ("annotators", "engine", "acts", "acts/s", "errors", "lost", "p50", "p95", "p99", "max",
         "late", "CPU, ms an act", "connections")  # fmt: skip


def _seconds(run: Run, people: int) -> float:
    if run.options.quick:
        return 4
    return 60 if people == MOST else 30


def _crowd(run: Run, engine: Engine, people: int, seconds: float, pace: float) -> Crowd:
    _progress(f"{people} annotators, {'paced' if pace else 'without a pause'}: {engine.name}")
    found = crowd.run(engine, NAME, people, seconds, run.server_of(engine), pace)
    run.wrong += found.lost != 0
    for error in sorted(set(found.errors))[:3]:
        print(f"- {engine.name}, {people}: {error}", file=sys.stderr)
    return found


def _who(found: Crowd) -> str:
    return f"{found.people} annotators"


def _row(found: Crowd) -> list[str]:
    times = [report.number(at(share, found.took)) for share in (0.5, 0.95, 0.99, 1.0)]
    return [
        str(found.people), found.engine, f"{len(found.took):,}", report.number(found.rate),
        str(len(found.errors)), str(found.lost), *times, report.number(at(0.99, found.late)),
        " + ".join(map(report.number, found.cost)), str(found.connections or "—"),
    ]  # fmt: skip


def _print(title: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    print(f"\n## {title}\n\n{report.table(head, rows)}")


def _progress(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
