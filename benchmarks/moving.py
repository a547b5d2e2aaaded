"""A whole project onto a server and back, merges between file and server, and who works meanwhile.

    python -m benchmarks.moving [EVENTS] [--articles N] [--data FOLDER]

A project of N articles and EVENTS events (default 30,000 and 100,000) goes onto a server and comes back
as a file; both logs and exports must be equal to what they were. Then a copy with EVENTS events of its own
is merged into the server's, while one annotator works there at ten decisions a second, and the
server's into a file. Nothing of the server's is in memory only: the folder must lie on a disk.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any

from benchmarks import merging, report
from benchmarks.engines.crowd import at
from benchmarks.engines.places import Server

PACE = 0.1
"""Seconds from one decision of the annotator to the next."""
WANTED = 250.0
"""Milliseconds that 99 of 100 of them may take."""
ARTICLE = "article/7"
NAME = "news"

ANNOTATOR = f"""
import json, select, sys, time
from annotator.model.annotation import Kind, Span
from annotator.model.event import Act, Draft
from annotator.store.project import Project

took = []
with Project.open(sys.argv[1], "annotator9") as project:
    text = project.article({ARTICLE!r}).text
    print("ready", flush=True)
    while not select.select([sys.stdin], [], [], 0)[0]:
        span = Span(f"s{{len(took)}}", "entities", "PER", len(took) % 900, len(took) % 900 + 5)
        began = time.perf_counter()
        act = Act("label", (Draft(Kind.SPAN, span.key, {ARTICLE!r}, span.body(text)),))
        project.submit(act).result()
        took.append(time.perf_counter() - began)
        time.sleep(max(0, {PACE} - took[-1]))
print(json.dumps(took))
"""


def main() -> int:
    """Measure and print; 1 when anything was lost on the way."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.moving", description=__doc__)
    parser.add_argument("events", type=int, nargs="?", default=100_000)
    parser.add_argument("--articles", type=int, default=30_000)
    parser.add_argument("--data", type=Path, help="an empty folder on the disk to be measured")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.data, prefix="moving-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # the server may run as somebody else
        os.environ["XDG_STATE_HOME"] = os.environ["XDG_CONFIG_HOME"] = str(folder / "own")
        _tell(f"a project of {options.articles:,} articles and {options.events:,} events is made")
        merging.make(folder, options.events, options.articles)
        server = Server(folder / "server")
        server.start()
        try:
            return _measured(folder, server, options.events)
        finally:
            server.close()


def _measured(folder: Path, server: Server, events: int) -> int:
    from annotator.store.project import Project

    url, one, two, back = (
        server.by_socket.format(NAME),
        folder / "one.db",
        folder / "two.db",
        folder / "back.db",
    )
    rows: list[tuple[str, ...]] = []

    def timed(what: str, do: Callable[[], Any]) -> Any:
        _tell(what)
        began, busy = time.perf_counter(), time.process_time()
        found = do()
        seconds, busy = time.perf_counter() - began, time.process_time() - busy
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        rows.append((what, f"{seconds:.1f}", f"{busy:.1f}", f"{most:,.0f} MB"))
        return found

    timed("file → server", lambda: Project.restore(one, url))
    with Project.open(url, "lead", readonly=True) as project:
        timed("server → file, a backup", lambda: project.backup(back))
    same = len({_log(one), _log(url), _log(back)}) == 1
    same &= len({_export(folder, place) for place in (one, url, back)}) == 1
    alone = _while(url, lambda: time.sleep(10))
    with Project.open(url, "lead") as project:
        at_work = _while(
            url, lambda: timed(f"{events:,} events, file → server", lambda: project.merge(two))
        )
        timed("the same again: nothing new", lambda: project.merge(two))
    with Project.open(back, "lead") as project:
        timed(f"{events:,} events, server → file", lambda: project.merge(url))
        problems = [str(each) for each in project.verify() if each.severity == "error"]
    print(f"## A project of {events:,} events between a file and a server\n\n{report.machine()}\n")
    print(report.table(("", "seconds", "of them at work", "most memory so far"), rows))
    print(
        "\n| one annotator's decisions, ms | number | p50 | p99 | longest |\n|---|--:|--:|--:|--:|"
    )
    for who, took in (("alone", alone), ("during the merge", at_work)):
        print(
            f"| {who} | {len(took)} | {at(0.5, took):.0f} | {at(0.99, took):.0f} | {max(took):.0f} |"
        )
    print(
        f"\n- logs and exports of file, server and backup are equal: {'yes' if same else '**no**'}"
    )
    print(f"- `check` of the merged file: {problems[0] if problems else 'nothing'}")
    late = report.Measured(at(0.99, at_work), "during the merge")
    print(report.verdict(f"p99 under {WANTED:.0f} ms while others merge", WANTED, [late]))
    return int(not same or bool(problems))


def _while(url: str, do: Callable[[], object]) -> list[float]:
    """Milliseconds of an annotator's decisions on a server while something is done."""
    command = [sys.executable, "-c", ANNOTATOR, url]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdout.readline()
        do()
        process.stdin.write("stop\n")
        process.stdin.close()
        return [1000 * seconds for seconds in json.loads(process.stdout.read())]


def _log(place: Path | str) -> str:
    from annotator.store.project import Project

    with Project.open(place, readonly=True) as project:
        return _sum(repr((e.id, e.hash, e.seq, e.body)) for e in project.events_after({}))


def _export(folder: Path, place: Path | str) -> str:
    out = folder / "out.jsonl"
    words = ["-m", "annotator", "export", str(place), "--format", "jsonl", "-o", str(out)]
    subprocess.run([sys.executable, *words], check=True, capture_output=True)
    digest = sha256(out.read_bytes()).hexdigest()
    out.unlink()
    return digest


def _sum(lines: Iterable[str]) -> str:
    digest = sha256()
    for line in lines:
        digest.update(line.encode())
    return digest.hexdigest()


def _tell(what: str) -> None:
    print(f"{what} ...", file=sys.stderr)


if __name__ == "__main__":
    raise SystemExit(main())
