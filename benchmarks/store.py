"""The store at a million articles: import beside a bare sqlite3 + json loop, and every read.

    python benchmarks/store.py [SIZE] [--folder FOLDER]

Each step runs in a process of its own, so that its memory can be told apart. "cold" is the first
time in a new process after the file was put out of the page cache; "warm" is the median of ten more.
"""

import argparse
import json
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from hashlib import sha256
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from annotator.model.annotation import Kind, Span, State, Status
from annotator.model.article import Article
from annotator.model.event import Act, Draft
from annotator.store.coaching import Lesson
from annotator.store.filters import Filter

ACTOR = "ann"
PORTION = 25_000
"""Rows that the two imports write by turns."""
CYRILLIC = re.findall(r"\w+", "ба ве го ди жу зна ки ло мя но пе ра сто ти ул хо ция че шко ъл ят")
LATIN = re.findall(r"\w+", "ba ce do fi gu hel in jo ke lo mi nor pa que ri sto tu ver wi xa")


def sentences(letters: list[str], rng: random.Random) -> list[str]:
    words = ["".join(rng.choices(letters, k=rng.randint(1, 4))) for _ in range(20_000)]
    weights = [1 / (rank + 10) for rank in range(len(words))]
    drawn = rng.choices(words, weights, k=12 * 8_000)
    return [" ".join(drawn[i : i + 12]).capitalize() + "." for i in range(0, len(drawn), 12)]


def generate(path: Path, size: int, hashed: bool, sentences_each: int = 6) -> None:
    """JSON lines in the shape of short news items, always the same for a size.

    Ids are paths on their sites, or with `hashed` random, which costs an index the most.
    """
    rng = random.Random(7)
    pools = {"bg": sentences(CYRILLIC, rng), "ru": sentences(CYRILLIC, rng)}
    pools["en"] = pools["la"] = sentences(LATIN, rng)
    langs = rng.choices(["bg", "ru", "en", "la"], [40, 40, 19, 1], k=size)
    with path.open("w", encoding="utf-8") as out:
        for n in range(size):
            lines = rng.choices(pools[langs[n]], k=sentences_each)
            source = f"site{rng.randrange(300)}.example"
            value = {
                "id": f"{rng.getrandbits(64):016x}" if hashed else f"{source}/{n}",
                "text": f"{lines[0]}\n" + " ".join(lines[1:]) + f" №{n}",
                "title": lines[0],
                "source": source,
                "url": f"https://{source}/{n}",
                "date": f"2024-{1 + n % 12:02}-{1 + n % 28:02}",
                "lang": langs[n],
                "group": f"g{n // 3}",
            }
            out.write(json.dumps(value, ensure_ascii=False) + "\n")


def read(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


class Bare:
    """The least there is: json, sha256, two tables with a primary key, one transaction."""

    def __init__(self, path: Path) -> None:
        from annotator.store.engine import sqlite3

        self.conn = sqlite3.connect(path, isolation_level=None)
        self.conn.execute("PRAGMA journal_mode = WAL")
        self.conn.execute("""CREATE TABLE article (n INTEGER PRIMARY KEY, id TEXT, sha256 TEXT,
            chars INTEGER, title TEXT, opening TEXT, source TEXT, url TEXT, date TEXT, lang TEXT,
            lang_source TEXT, grp TEXT, meta TEXT, seal TEXT)""")
        self.conn.execute("CREATE TABLE article_text (n INTEGER PRIMARY KEY, text TEXT)")
        self.conn.execute("BEGIN")
        self.n = 0

    def add(self, articles: Iterator[dict[str, str]]) -> None:
        """Write them, a thousand at a time."""
        marks = ",".join("?" * 14)
        while portion := list(islice(articles, 1000)):
            rows, texts = [], []
            for a in portion:
                self.n += 1
                digest = sha256(a["text"].encode()).hexdigest()
                rows.append((self.n, a["id"], digest, len(a["text"]), a["title"], "", a["source"],
                             a["url"], a["date"], a["lang"], "import", a["group"], "{}",
                             digest[:16]))  # fmt: skip
                texts.append((self.n, a["text"]))
            self.conn.executemany(f"INSERT INTO article VALUES ({marks})", rows)
            self.conn.executemany("INSERT INTO article_text VALUES (?,?)", texts)

    def close(self) -> None:
        """Until then most of it lies in the write-ahead log."""
        self.conn.execute("COMMIT")
        self.conn.close()


def project(folder: Path) -> Any:
    from annotator.store.project import Project

    return Project.open(folder / "project.db", ACTOR)


def load(folder: Path) -> dict[str, Any]:
    """Import, and the bare loop on the same rows by turns, so that both meet the same machine."""
    from annotator.model.scheme_file import preset
    from annotator.store.project import Project

    opened = Project.create(folder / "project.db", preset("news"), ACTOR)
    bare = Bare(folder / "bare.db")
    ours, theirs, n, size = 0.0, 0.0, 0, 0
    with (folder / "in.jsonl").open("rb") as one, (folder / "in.jsonl").open("rb") as two:
        while bare.n == size:
            size += PORTION
            start = time.perf_counter()
            bare.add(map(json.loads, islice(one, PORTION)))
            between = time.perf_counter()
            articles = (article_of(json.loads(line)) for line in islice(two, PORTION))
            n += sum(1 for _ in opened.add(articles))
            theirs += between - start
            ours += time.perf_counter() - between
    start = time.perf_counter()
    bare.close()
    between = time.perf_counter()
    opened.close()
    theirs += between - start
    ours += time.perf_counter() - between
    for name in ("bare.db", "bare.db-wal", "bare.db-shm"):
        (folder / name).unlink(missing_ok=True)
    return {"rows_per_s": round(n / ours), "bare_rows_per_s": round(n / theirs),
            "of_bare": round(theirs / ours, 2)}  # fmt: skip


def article_of(value: dict[str, str]) -> Article:
    return Article(value["id"], value["text"], value["title"], value["source"], value["url"],
                   value["date"], value["lang"], group=value["group"])  # fmt: skip


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
        spans = [Span(f"{i:08x}", "entities", "PER", i % 400, i % 400 + 5) for i in range(10_000)]
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


def queries(n: int) -> dict[str, Callable[[Any], object]]:
    """What is asked of a project of `n` articles."""
    return {
        "first page": lambda p: p.page(),
        "page in the middle": lambda p: p.page(after=n // 2),
        "count": lambda p: p.count(),
        "next": lambda p: p.next(n // 2),
        "previous": lambda p: p.previous(n // 2),
        "one article": lambda p: p.article(p.page(after=n // 3, limit=1)[0].id),
        "newest by date": lambda p: p.page(sort="-date"),
        "one common word": lambda p: p.page(Filter(words="ба ")),
        "count one common word": lambda p: p.count(Filter(words="ба ")),
        "two words": lambda p: p.page(Filter(words="ба ве ")),
        "begun word (3)": lambda p: p.page(Filter(words="баве")),
        "begun word (5)": lambda p: p.page(Filter(words="баверо")),
        "phrase": lambda p: p.page(Filter(words='"ба ве"')),
        "rare word": lambda p: p.page(Filter(words=f"{n - 5}")),
        "no such word": lambda p: p.page(Filter(words="zzzz")),
        "word + language": lambda p: p.page(Filter(words="ба ", lang="ru")),
        "word + other language": lambda p: p.page(Filter(words="ба ", lang="en")),
        "word + other language by date": lambda p: p.page(Filter(words="ба ", lang="en"), "date"),
        "word by title": lambda p: p.page(Filter(words="ба "), "title"),
        "by title": lambda p: p.page(sort="title"),
        "by event": lambda p: p.page(sort="event"),
        "by event, in the middle": lambda p: p.page(sort="event", after=n // 2),
        "by event, the last": lambda p: p.page(sort="-event"),
        "by event, behind the last": lambda p: p.page(sort="event", after=n),
        "uncertain, the last": lambda p: p.page(sort="-uncertain"),
        "random": lambda p: p.page(sort="random:7"),
        "random, in the middle": lambda p: p.page(sort="random:7", after=n // 2),
        "random, the last": lambda p: p.page(sort="-random:7"),
        "random + language": lambda p: p.page(Filter(lang="la"), "random:7"),
        "random + word": lambda p: p.page(Filter(words="ба "), "random:7"),
        "random + new": lambda p: p.page(Filter(state="new"), "random:7"),
        "uncertain": lambda p: p.page(sort="uncertain"),
        "uncertain, in the middle": lambda p: p.page(sort="uncertain", after=n // 2),
        "uncertain + new": lambda p: p.page(Filter(state="new"), "uncertain"),
        "long, by length": lambda p: p.page(Filter(long=">500"), "-length"),
        "flagged": lambda p: p.page(Filter(flag="yes")),
        "recent": lambda p: p.recent(),
        "titles (1 letter)": lambda p: p.titled("б"),
        "titles (2 words)": lambda p: p.titled("ба ве"),
        "search with places": lambda p: p.search("ба ", 30),
        "word + group": lambda p: p.page(Filter(words="ба ", group="g77")),
        "language": lambda p: p.page(Filter(lang="bg")),
        "rare language by date": lambda p: p.page(Filter(lang="la"), "-date"),
        "count language": lambda p: p.count(Filter(lang="bg")),
        "language + new": lambda p: p.page(Filter(lang="bg", state="new")),
        "count language + new, to 10,000": lambda p: p.count(
            Filter(lang="bg", state="new"), 10_000
        ),
        "count word + language, to 10,000": lambda p: p.count(
            Filter(words="ба ", lang="bg"), 10_000
        ),
        "source": lambda p: p.page(Filter(source="site7.example")),
        "source + language": lambda p: p.page(Filter(source="site7.example", lang="la")),
        "new": lambda p: p.page(Filter(state="new")),
        "count new": lambda p: p.count(Filter(state="new")),
        "done": lambda p: p.page(Filter(state="done")),
        "done by date": lambda p: p.page(Filter(state="done"), "-date"),
        "done + language": lambda p: p.page(Filter(state="done", lang="la")),
        "next new": lambda p: p.next(n // 2, Filter(state="new")),
        "next of word": lambda p: p.next(n // 2, Filter(words="ба ")),
        "group": lambda p: p.page(Filter(group="g77")),
        "work, 10,000 spans": lambda p: p.work(p.page(limit=1)[0].id),
        "last act": lambda p: next(p.past_acts()),
        "languages": lambda p: p.languages(),
        "sources": lambda p: p.sources(),
    }


def query(folder: Path, name: str) -> dict[str, Any]:
    from annotator.store import project as _  # the import is timed with the start of the program

    begun = time.perf_counter()
    with project(folder) as opened:
        opened_at = time.perf_counter()
        ask = queries(opened.count())[name]
        ask(opened)
        cold = time.perf_counter()
        times = []
        for _ in range(10):
            start = time.perf_counter()
            ask(opened)
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


def arrange(folder: Path) -> dict[str, Any]:
    """The orders that no column has: shuffled, and some thousand guessed for the least sure first."""
    rng, found = random.Random(1), dict[str, Any]()
    with project(folder) as opened:
        newest = opened.last_number()
        sample = rng.sample(range(1, newest + 1), min(newest, 2000))
        opened.keep_lesson(Lesson("entities", "names", "1", {}, b""))
        for row in (opened.page(after=n - 1, limit=1)[0] for n in sorted(sample)):
            opened.keep_guesses(row.id, "entities", "names", "1", rng.random(), ())
        for name, run in (
            ("random", lambda: sum(iter(partial(opened.arrange, "random:7"), 0))),
            ("uncertain", opened.arrange_uncertain),
        ):
            start = time.perf_counter()
            found[name] = run()
            found[f"{name}_s"] = round(time.perf_counter() - start, 2)
    return found


STEPS: dict[str, Callable[[Path], dict[str, Any]]] = {
    "raw_commit": raw_commit,
    "load": load,
    "again": again,
    "index": index,
    "decide": decide,
    "arrange": arrange,
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
    return json.loads(result.stdout)


def in_child(folder: Path, name: str) -> None:
    found = STEPS[name](folder) if name in STEPS else query(folder, name)
    found["rss_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps(found))


def report(folder: Path, size: int, only: str, hashed: bool) -> None:
    if not (folder / "in.jsonl").exists():
        generate(folder / "in.jsonl", size, hashed)
    if not (folder / "project.db").exists():
        for name in STEPS:
            if name != "care":
                print(f"{name:<34}", step(folder, name), flush=True)
        os.sync()
    print(f"size: {(folder / 'project.db').stat().st_size / 1e9:.2f} GB")
    for name in queries(size):
        if only in name:
            print(f"{name:<34}", step(folder, name, cold=True), flush=True)
    if not only:
        print(f"{'care':<34}", step(folder, "care"), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("size", nargs="?", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, help="keep the files here; else they are deleted")
    parser.add_argument("--only", default="", help="only the queries with this in their name")
    parser.add_argument("--hashed", action="store_true", help="random ids instead of paths")
    parser.add_argument("--step", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        in_child(options.folder, options.step)
    elif options.folder:
        options.folder.mkdir(parents=True, exist_ok=True)
        report(options.folder, options.size, options.only, options.hashed)
    else:
        with tempfile.TemporaryDirectory() as folder:
            os.environ["XDG_STATE_HOME"] = folder
            report(Path(folder), options.size, options.only, options.hashed)


if __name__ == "__main__":
    main()
