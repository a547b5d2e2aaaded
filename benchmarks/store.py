"""The store at a million articles: import beside a bare sqlite3 + json loop, and every read.

    python benchmarks/store.py [SIZE] [--folder FOLDER]

Each step runs in a process of its own, so that its memory can be told apart. "cold" is the first
time in a new process after the file was put out of the page cache; "warm" is the median of ten more.
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
from hashlib import sha256
from pathlib import Path
from statistics import median
from typing import Any

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from annotator.model.annotation import Kind, Span, State, Status
from annotator.model.article import Article
from annotator.model.event import Act, Draft
from annotator.store.filters import Filter

ACTOR = "ann"
CYRILLIC = "ба ве го ди жу зна ки ло мя но пе ра сто ти ул хо ция че шко ъл ят".split()
LATIN = "ba ce do fi gu hel in jo ke lo mi nor pa que ri sto tu ver wi xa".split()


def sentences(letters: list[str], rng: random.Random) -> list[str]:
    words = ["".join(rng.choices(letters, k=rng.randint(1, 4))) for _ in range(20_000)]
    weights = [1 / (rank + 10) for rank in range(len(words))]
    drawn = rng.choices(words, weights, k=12 * 8_000)
    return [" ".join(drawn[i : i + 12]).capitalize() + "." for i in range(0, len(drawn), 12)]


def generate(path: Path, size: int) -> None:
    """JSON lines in the shape of short news items, always the same for a size."""
    rng = random.Random(7)
    pools = {"bg": sentences(CYRILLIC, rng), "ru": sentences(CYRILLIC, rng)}
    pools["en"] = pools["la"] = sentences(LATIN, rng)
    langs = rng.choices(["bg", "ru", "en", "la"], [40, 40, 19, 1], k=size)
    with path.open("w", encoding="utf-8") as out:
        for n in range(size):
            lines = rng.choices(pools[langs[n]], k=6)
            value = {
                "id": f"{rng.getrandbits(64):016x}",
                "text": f"{lines[0]}\n" + " ".join(lines[1:]) + f" №{n}",
                "title": lines[0],
                "source": f"site{rng.randrange(300)}.example",
                "url": f"https://site.example/{n}",
                "date": f"2024-{1 + n % 12:02}-{1 + n % 28:02}",
                "lang": langs[n],
                "group": f"g{n // 3}",
            }
            out.write(json.dumps(value, ensure_ascii=False) + "\n")


def read(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def bare(folder: Path) -> dict[str, Any]:
    """The least there is: json, sha256, two tables with a primary key, one transaction."""
    from annotator.store.engine import sqlite3

    conn = sqlite3.connect(folder / "bare.db", isolation_level=None)
    conn.execute("PRAGMA journal_mode = WAL")
    conn.execute("""CREATE TABLE article (n INTEGER PRIMARY KEY, id TEXT, sha256 TEXT, chars INTEGER,
        title TEXT, opening TEXT, source TEXT, url TEXT, date TEXT, lang TEXT, lang_source TEXT,
        grp TEXT, meta TEXT, seal TEXT)""")
    conn.execute("CREATE TABLE article_text (n INTEGER PRIMARY KEY, text TEXT)")
    marks = ",".join("?" * 14)
    start = time.perf_counter()
    conn.execute("BEGIN")
    rows, texts, n = [], [], 0
    for n, a in enumerate(read(folder / "in.jsonl"), 1):
        digest = sha256(a["text"].encode()).hexdigest()
        rows.append((n, a["id"], digest, len(a["text"]), a["title"], "", a["source"], a["url"],
                     a["date"], a["lang"], "import", a["group"], "{}", digest[:16]))  # fmt: skip
        texts.append((n, a["text"]))
        if len(rows) == 1000:
            conn.executemany(f"INSERT INTO article VALUES ({marks})", rows)
            conn.executemany("INSERT INTO article_text VALUES (?,?)", texts)
            rows, texts = [], []
    conn.executemany(f"INSERT INTO article VALUES ({marks})", rows)
    conn.executemany("INSERT INTO article_text VALUES (?,?)", texts)
    conn.execute("COMMIT")
    conn.close()  # until then most of it lies in the write-ahead log
    return {"rows_per_s": round(n / (time.perf_counter() - start))}


def project(folder: Path) -> Any:
    from annotator.store.project import Project

    return Project.open(folder / "project.db", ACTOR)


def load(folder: Path) -> dict[str, Any]:
    from annotator.model.scheme_file import preset
    from annotator.store.project import Project

    opened = Project.create(folder / "project.db", preset("news"), ACTOR)
    start = time.perf_counter()
    with opened:
        articles = (
            Article(a["id"], a["text"], a["title"], a["source"], a["url"], a["date"], a["lang"],
                    group=a["group"])
            for a in read(folder / "in.jsonl")
        )  # fmt: skip
        n = sum(1 for _ in opened.add(articles))
    return {"rows_per_s": round(n / (time.perf_counter() - start))}


def again(folder: Path) -> dict[str, Any]:
    """The same import once more: everything is there already."""
    with project(folder) as opened:
        start = time.perf_counter()
        n = sum(
            1 for _ in opened.add(Article(a["id"], a["text"]) for a in read(folder / "in.jsonl"))
        )
        return {"rows_per_s": round(n / (time.perf_counter() - start))}


def index(folder: Path) -> dict[str, Any]:
    with project(folder) as opened:
        start, n, longest = time.perf_counter(), 0, 0.0
        while True:
            begun = time.perf_counter()
            done = opened.index_words()
            if not done:
                break
            longest = max(longest, time.perf_counter() - begun)
            n += done
        seconds = time.perf_counter() - start
        return {"rows_per_s": round(n / seconds), "longest_batch_ms": round(longest * 1000)}


def decide(folder: Path) -> dict[str, Any]:
    """A tenth of the articles get a status, one gets 10,000 spans; a thousand single acts."""
    with project(folder) as opened:
        size = opened.count()
        done = Status(State.DONE, "", 60).body()
        start, n = time.perf_counter(), 0
        for first in range(1, size, 20_000):
            names = [row.id for row in opened.page(after=first - 1, limit=2_000)]
            drafts = tuple(
                Draft(Kind.STATUS, Status.key(ACTOR, name), name, done) for name in names
            )
            n += len(opened.submit(Act("done", drafts)).result())
        bulk = n / (time.perf_counter() - start)
        row = opened.page(limit=1)[0]
        text = opened.article(row.id).text
        spans = [Span(f"{i:08x}", "entities", "PER", i % 500, i % 500 + 5) for i in range(10_000)]
        drafts = tuple(Draft(Kind.SPAN, s.key, row.id, s.body(text)) for s in spans)
        opened.submit(Act("import", drafts)).result()
        times = []
        for span in spans[:1_000]:
            act = Act("label", (Draft(Kind.SPAN, span.key + "x", row.id, span.body(text)),))
            begun = time.perf_counter()
            opened.submit(act).result()
            times.append(time.perf_counter() - begun)
        times.sort()
        return {"bulk_events_per_s": round(bulk), "act_p50_ms": round(times[500] * 1e3, 2),
                "act_p99_ms": round(times[990] * 1e3, 2)}  # fmt: skip


def raw_commit(folder: Path) -> dict[str, Any]:
    """What a durable commit of one small row costs here, whatever the program."""
    from annotator.store.engine import sqlite3

    conn = sqlite3.connect(folder / "raw.db", isolation_level=None)
    conn.execute("PRAGMA journal_mode = WAL")
    conn.execute("PRAGMA synchronous = FULL")
    conn.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, body TEXT)")
    times = []
    for _ in range(1_000):
        begun = time.perf_counter()
        conn.execute("BEGIN IMMEDIATE")
        conn.execute("INSERT INTO t (body) VALUES (?)", ("x" * 300,))
        conn.execute("COMMIT")
        times.append(time.perf_counter() - begun)
    times.sort()
    return {
        "commit_p50_ms": round(times[500] * 1e3, 2),
        "commit_p99_ms": round(times[990] * 1e3, 2),
    }


QUERIES: dict[str, Callable[[Any, int], object]] = {
    "first page": lambda p, n: p.page(),
    "page in the middle": lambda p, n: p.page(after=n // 2),
    "count": lambda p, n: p.count(),
    "next": lambda p, n: p.next(n // 2),
    "previous": lambda p, n: p.previous(n // 2),
    "one article": lambda p, n: p.article(p.page(after=n // 3, limit=1)[0].id),
    "newest by date": lambda p, n: p.page(sort="-date"),
    "one common word": lambda p, n: p.page(Filter(words="ба ")),
    "count one common word": lambda p, n: p.count(Filter(words="ба ")),
    "two words": lambda p, n: p.page(Filter(words="ба ве ")),
    "begun word (3)": lambda p, n: p.page(Filter(words="баве")),
    "begun word (5)": lambda p, n: p.page(Filter(words="баверо")),
    "phrase": lambda p, n: p.page(Filter(words='"ба ве"')),
    "rare word": lambda p, n: p.page(Filter(words=f"{n - 5}")),
    "no such word": lambda p, n: p.page(Filter(words="zzzz")),
    "word + language": lambda p, n: p.page(Filter(words="ба ", lang="ru")),
    "word + other language": lambda p, n: p.page(Filter(words="ба ", lang="en")),
    "word + group": lambda p, n: p.page(Filter(words="ба ", group="g77")),
    "language": lambda p, n: p.page(Filter(lang="bg")),
    "rare language by date": lambda p, n: p.page(Filter(lang="la"), "-date"),
    "count language": lambda p, n: p.count(Filter(lang="bg")),
    "language + new": lambda p, n: p.page(Filter(lang="bg", state="new")),
    "count language + new, to 10,000": lambda p, n: p.count(Filter(lang="bg", state="new"), 10_000),
    "count word + language, to 10,000": lambda p, n: p.count(
        Filter(words="ба ", lang="bg"), 10_000
    ),
    "source": lambda p, n: p.page(Filter(source="site7.example")),
    "source + language": lambda p, n: p.page(Filter(source="site7.example", lang="la")),
    "new": lambda p, n: p.page(Filter(state="new")),
    "count new": lambda p, n: p.count(Filter(state="new")),
    "done": lambda p, n: p.page(Filter(state="done")),
    "done by date": lambda p, n: p.page(Filter(state="done"), "-date"),
    "done + language": lambda p, n: p.page(Filter(state="done", lang="la")),
    "next new": lambda p, n: p.next(n // 2, Filter(state="new")),
    "next of word": lambda p, n: p.next(n // 2, Filter(words="ба ")),
    "group": lambda p, n: p.page(Filter(group="g77")),
    "work, 10,000 spans": lambda p, n: p.work(p.page(limit=1)[0].id),
    "last act": lambda p, n: next(p.past_acts()),
    "languages": lambda p, n: p.languages(),
    "sources": lambda p, n: p.sources(),
}


def query(folder: Path, name: str) -> dict[str, Any]:
    from annotator.store import project as _  # the import is timed with the start of the program

    begun = time.perf_counter()
    with project(folder) as opened:
        opened_at = time.perf_counter()
        size = opened.count()
        QUERIES[name](opened, size)
        cold = time.perf_counter()
        times = []
        for _ in range(10):
            start = time.perf_counter()
            QUERIES[name](opened, size)
            times.append(time.perf_counter() - start)
    return {"open_ms": round((opened_at - begun) * 1e3, 1), "cold_ms": round((cold - opened_at) * 1e3, 1),
            "warm_ms": round(median(times) * 1e3, 2)}  # fmt: skip


def care(folder: Path) -> dict[str, Any]:
    """Status report, check, rebuild, backup: what a person starts and waits for."""
    found = {}
    with project(folder) as opened:
        for name, run in (
            ("progress", opened.progress),
            ("verify", opened.verify),
            ("rebuild", opened.rebuild),
            ("documents", lambda: sum(1 for _ in opened.documents())),
        ):
            start = time.perf_counter()
            result = run()
            found[f"{name}_s"] = round(time.perf_counter() - start, 2)
            if name == "verify":
                found["problems"] = [str(problem) for problem in result]
    return found


STEPS: dict[str, Callable[[Path], dict[str, Any]]] = {
    "raw_commit": raw_commit,
    "bare": bare,
    "load": load,
    "again": again,
    "index": index,
    "decide": decide,
    "care": care,
}
OUT_OF_CACHE = (
    "import os,sys;f=os.open(sys.argv[1],0);os.posix_fadvise(f,0,0,os.POSIX_FADV_DONTNEED)"
)


def step(folder: Path, name: str, cold: bool = False) -> dict[str, Any]:
    """Run one step or query in a process of its own; its figures with the most memory it took."""
    if cold:
        for file in ("project.db", "project.db-wal"):
            if (folder / file).exists():
                subprocess.run([sys.executable, "-c", OUT_OF_CACHE, str(folder / file)], check=True)
    command = [sys.executable, __file__, "--folder", str(folder), "--step", name]
    result = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(result.stdout)  # type: ignore[no-any-return]


def in_child(folder: Path, name: str) -> None:
    found = STEPS[name](folder) if name in STEPS else query(folder, name)
    found["rss_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps(found))


def report(folder: Path, size: int, only: str) -> None:
    if not (folder / "in.jsonl").exists():
        generate(folder / "in.jsonl", size)
    if not (folder / "project.db").exists():
        for name in STEPS:
            if name != "care":
                print(f"{name:<34}", step(folder, name), flush=True)
        os.sync()
    print(f"size: {(folder / 'project.db').stat().st_size / 1e9:.2f} GB")
    for name in QUERIES:
        if only in name:
            print(f"{name:<34}", step(folder, name, cold=True), flush=True)
    if not only:
        print(f"{'care':<34}", step(folder, "care"), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("size", nargs="?", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, help="keep the files here; else they are deleted")
    parser.add_argument("--only", default="", help="only the queries with this in their name")
    parser.add_argument("--step", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        in_child(options.folder, options.step)
    elif options.folder:
        options.folder.mkdir(parents=True, exist_ok=True)
        report(options.folder, options.size, options.only)
    else:
        with tempfile.TemporaryDirectory() as folder:
            os.environ["XDG_STATE_HOME"] = folder
            report(Path(folder), options.size, options.only)


if __name__ == "__main__":
    main()
