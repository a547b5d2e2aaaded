"""Merging two copies of a project, beside a bare sqlite3 INSERT of the same events.

    python -m benchmarks.merging [SIZE] [--folder FOLDER] [--articles N]

Two copies that share their articles and SIZE events each that the other lacks (default 1,000,000) are
made one. The bare loop inserts the very rows, read beforehand, in the same batches and with the same
durability, into an event table with the same indexes that holds the first copy's events already; it
checks nothing and keeps no caches. Each step runs in a process of its own, so that its memory can be
told apart.
"""

import argparse
import json
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

SITTING = 400
"""Events of one process."""
ON_ONE = 20
"""Of them on one article."""
TEXT = "Иван Петров се срещна с Мария Иванова в Пхенян. " * 20
BATCH = 5000


def connect(path: Path) -> Any:
    """A connection that writes as the project's does."""
    from annotator.store.engine import writer_connection

    conn = writer_connection(path)
    conn.execute("PRAGMA wal_autocheckpoint = 16000")
    return conn


def rows(seed: int, size: int, articles: int) -> Iterator[tuple[Any, ...]]:
    """Events of eight annotators in sittings of `SITTING`; a fifth of them edit an earlier one."""
    from annotator.model.event import Clock, canonical

    rng = random.Random(seed)
    clock = Clock(lambda: 1_790_000_000.0)
    writer = last = actor = article = ""
    seq = 0
    made: list[tuple[str, str]] = []
    for number in range(size):
        if number % SITTING == 0:
            writer, seq, last = str(uuid.UUID(int=rng.getrandbits(128), version=4)), 0, ""
            actor = f"annotator{rng.randrange(8)}"
        if number % ON_ONE == 0:
            article, made = f"site{rng.randrange(300)}.example/{rng.randrange(articles)}", []
            article = f"article/{rng.randrange(articles)}"
        start = rng.randrange(900)
        key, base = f"span:{rng.getrandbits(64):016x}", ""
        if made and rng.random() < 0.2:
            key, base = made.pop(rng.randrange(len(made)))
        body = {"layer": "entities", "label": rng.choice(("PER", "ORG", "LOC")), "start": start,
                "end": start + 9, "text": TEXT[start : start + 9]}  # fmt: skip
        seq += 1
        event = (clock.next(), writer, seq, actor, article, key, base, f"{rng.getrandbits(64):016x}",
                 "label", "", "span", canonical(body))  # fmt: skip
        line = json.dumps([last, *event], ensure_ascii=False, separators=(",", ":"))
        last = sha256(line.encode()).hexdigest()
        made.append((key, event[0]))
        yield (*event, last)


def fill(path: Path, seed: int, size: int, articles: int, caches: bool) -> None:
    """Put events into a project; with its caches only where they are needed."""
    from annotator.store import log
    from annotator.store.rebuild import rebuild

    conn = connect(path)
    found = rows(seed, size, articles)
    while batch := list(islice(found, 50_000)):
        conn.execute("BEGIN IMMEDIATE")
        conn.executemany(log.INSERT, batch)
        conn.execute("COMMIT")
    if caches:
        conn.execute("BEGIN IMMEDIATE")
        rebuild(conn)
        conn.execute("COMMIT")
    conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    conn.close()


def make(folder: Path, size: int, articles: int) -> dict[str, float]:
    """The two copies."""
    from annotator.model.article import Article
    from annotator.model.scheme_file import preset
    from annotator.store.project import Project

    one, two = folder / "one.db", folder / "two.db"
    with Project.create(one, preset("news"), "lead") as project:
        offered = (Article(f"article/{n}", f"{TEXT}№{n}", lang="bg") for n in range(articles))
        for _ in project.add(offered):
            pass
    shutil.copy(one, two)
    fill(one, 1, size, articles, caches=True)
    fill(two, 2, size, articles, caches=False)
    return {}


def bare(folder: Path, attached: bool = False) -> dict[str, float]:
    """The least there is: the events into an event table, from rows at hand or an attached file."""
    from annotator.store import log

    path = folder / "bare.db"
    shutil.copy(folder / "one.db", path)
    conn = connect(path)
    conn.execute("ATTACH ? AS two", (str(folder / "two.db"),))
    seconds = 0.0
    count = 0
    after = ("", 0)
    if attached:
        writers = [w for (w,) in conn.execute("SELECT DISTINCT writer FROM two.event ORDER BY 1")]
        sql = f"""INSERT INTO event ({log.COLUMNS}) SELECT {log.COLUMNS} FROM two.event WHERE writer >= ?
                  AND writer <= ? AND writer NOT IN (SELECT writer FROM main.event) ORDER BY writer, seq"""
        each = BATCH // SITTING
        for first in range(0, len(writers), each):
            some = writers[first : first + each]
            began = time.perf_counter()
            conn.execute("BEGIN IMMEDIATE")
            count += conn.execute(sql, (some[0], some[-1])).rowcount
            conn.execute("COMMIT")
            seconds += time.perf_counter() - began
        return {"events": count, "seconds": seconds}
    sql = f"""SELECT {log.COLUMNS} FROM two.event e WHERE (writer, seq) > (?, ?)
              AND NOT EXISTS (SELECT 1 FROM main.event m WHERE m.id = e.id) ORDER BY writer, seq LIMIT ?"""
    while batch := conn.execute(sql, (*after, BATCH)).fetchall():
        after = batch[-1][1:3]
        began = time.perf_counter()
        conn.execute("BEGIN IMMEDIATE")
        conn.executemany(log.INSERT, batch)
        conn.execute("COMMIT")
        seconds += time.perf_counter() - began
        count += len(batch)
    conn.close()
    return {"events": count, "seconds": seconds}


def merge(folder: Path) -> dict[str, float]:
    """What `annotator merge` does, from opening the project on."""
    from annotator.store.project import Project

    shutil.copy(folder / "one.db", folder / "merged.db")
    phases: dict[str, float] = {}
    began = time.perf_counter()
    with Project.open(folder / "merged.db", "lead") as project:
        opened = memory()

        def said(what: str, _done: int, _total: int) -> None:
            phases[what] = time.perf_counter() - began

        done = project.merge(folder / "two.db", said=said)
    seconds = time.perf_counter() - began
    return {"events": done.events, "seconds": seconds, "checked": phases["checking events"],
            "opened": opened, "conflicts": done.conflicts}  # fmt: skip


def again(folder: Path) -> dict[str, float]:
    """Merging once more, when there is nothing new."""
    from annotator.store.project import Project

    began = time.perf_counter()
    with Project.open(folder / "merged.db", "lead") as project:
        done = project.merge(folder / "two.db")
    return {"events": done.events, "seconds": time.perf_counter() - began}


def rebuild(folder: Path) -> dict[str, float]:
    """The caches made anew from the merged log: they must be the same."""
    from annotator.store.project import Project

    tables = ("head", "work", "precedent", "identity", "conflict")
    with Project.open(folder / "merged.db", "lead") as project:
        before = [_sum(project, table) for table in tables]
        began = time.perf_counter()
        project.rebuild()
        seconds = time.perf_counter() - began
        same = before == [_sum(project, table) for table in tables]
        events = project._reader.value("SELECT count(*) FROM event")
    return {"events": events, "seconds": seconds, "same": same}


def _sum(project: Any, table: str) -> str:
    digest = sha256()
    for row in project._reader.conn.execute(f"SELECT * FROM {table}"):
        digest.update(repr(row).encode())
    return digest.hexdigest()


def memory() -> float:
    """The most memory this process has used, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


STEPS: dict[str, Callable[[Path], dict[str, float]]] = {
    "bare": bare,
    "attached": lambda folder: bare(folder, attached=True),
    "merge": merge,
    "again": again,
    "rebuild": rebuild,
}


def step(name: str, folder: Path, *more: str) -> dict[str, Any]:
    """Run a step in a process of its own."""
    print(f"{name} ...", file=sys.stderr)
    command = [sys.executable, __file__, "--step", name, "--folder", str(folder), *more]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout))


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("size", type=int, nargs="?", default=1_000_000)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--step")
    args = parser.parse_args()
    if args.step:
        made = args.step == "make"
        found = (
            make(args.folder, args.size, args.articles) if made else STEPS[args.step](args.folder)
        )
        print(json.dumps({**found, "memory": memory()}))
        return 0
    with tempfile.TemporaryDirectory(dir=args.folder) as name:
        folder = Path(name)
        step("make", folder, str(args.size), "--articles", str(args.articles))
        found = {what: step(what, folder) for what in STEPS}
    report(args.size, found)
    return 0


def report(size: int, found: dict[str, dict[str, Any]]) -> None:
    """Markdown."""
    rate = {name: each["events"] / each["seconds"] for name, each in found.items()}
    share = rate["merge"] / rate["bare"]
    titles = {
        "bare": "bare INSERT of the same rows",
        "attached": "bare INSERT ... SELECT from the attached file",
        "merge": "merge, checks and caches included",
        "again": "merge again, nothing new",
        "rebuild": "caches anew from the whole log",
    }
    print(f"## Merging two copies with {size:,} events of their own each\n")
    print("| | events | seconds | events a second | most memory |\n|---|--:|--:|--:|--:|")
    for name, title in titles.items():
        each = found[name]
        print(f"| {title} | {each['events']:,} | {each['seconds']:.1f} | {rate[name]:,.0f} | "
              f"{each['memory']:.0f} MB |")  # fmt: skip
    print(f"\nChecking the other copy took {found['merge']['checked']:.1f} s of the merge; it used "
          f"{found['merge']['opened']:.0f} MB when the project was open.")  # fmt: skip
    print(f"\n- the caches are those made anew: {'yes' if found['rebuild']['same'] else '**no**'}")
    met = "met" if share >= 0.25 else "**missed**"
    print(f"- a quarter of the bare rate: {share:.2f} of it, {met}")


if __name__ == "__main__":
    sys.exit(main())
