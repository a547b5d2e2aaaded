"""Export and import of formats beside a bare sqlite3 + json loop over the same rows.

    python -m benchmarks.formats [SIZE] [--only FORMAT ...]

Every article has six entities and two blocks of boilerplate by one annotator, who finished it. Each step
runs in a process of its own, so that its peak memory can be told apart; the bare loop reads the same rows
of the same project (texts, current decisions) and writes one JSON object an article, nothing proved.
"""

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from annotator.formats.document import Document
from annotator.formats.registry import export
from annotator.formats.table import named
from annotator.model.annotation import Span, State, Status, Work
from annotator.model.article import Article
from annotator.model.scheme_file import preset
from annotator.store.project import Project
from annotator.store.taking import Offered
from benchmarks import report, store

ACTOR = "ann"
FORMATS = (
    *("jsonl", "hf", "iob2", "conllu", "slavicner", "brat", "label-studio", "doccano", "prodigy"),
    *("stance-tsv", "cleaneval", "cas-json", "spacy", "w3c", "standoff", "html"),
)
READ_BACK = ("jsonl", "hf", "slavicner", "brat", "label-studio", "doccano", "prodigy", "cas-json")
HALF = 0.5
SENTENCES = 24
"""In each article: about 1,700 characters, the mean of the news articles in SlavicNER."""


def decided(article: Article) -> Work:
    """The same decisions for the same text: names where capitals are, two blocks of boilerplate."""
    text, spans, place = article.text, [], 0
    lines = text.split("\n")
    spans.append(Span(f"b-{article.id}", "boilerplate", "headline", 0, len(lines[0])))
    for number in range(6):
        end = text.find(" ", place)
        if end <= place:
            break
        label = ("PER", "ORG", "LOC")[number % 3]
        spans.append(Span(f"e{number}-{article.id}", "entities", label, place, end))
        place = end + 1
    looked = frozenset({"boilerplate", "entities", "stance"})
    return Work(article.id, ACTOR, tuple(spans), (), looked, (), Status(State.DONE, "", 60))


def build(folder: Path, size: int) -> dict[str, Any]:
    """The project to export."""
    store.generate(folder / "in.jsonl", size, hashed=False, sentences_each=SENTENCES)
    with Project.create(folder / "project.db", preset("news"), ACTOR) as project:
        articles = map(store.article_of, store.read(folder / "in.jsonl"))
        sum(1 for _ in project.add(articles))
        portion: list[Offered] = []
        for article in project.articles():
            portion.append(Offered(article.id, article.text, decided(article)))
            if len(portion) == 200:
                project.take(portion)
                portion = []
        project.take(portion)
        return {"articles": project.count()}


def bare_export(folder: Path, _name: str) -> dict[str, Any]:
    """Read and write the same rows with nothing but sqlite3 and json."""
    from annotator.store.engine import sqlite3

    conn = sqlite3.connect(folder / "project.db")
    start, count = time.perf_counter(), 0
    rows = conn.execute("""SELECT a.id, a.title, a.source, a.url, a.date, a.lang, a.grp, a.meta,
        t.text, h.key, h.kind, h.body FROM article a JOIN article_text t ON t.n = a.n
        LEFT JOIN head h ON h.article = a.id ORDER BY a.id""")
    with (folder / "bare.jsonl").open("w", encoding="utf-8") as out:
        for _, group in groupby(rows, key=lambda row: row[0]):
            heads = list(group)
            value = {
                "article": heads[0][:9],
                "decisions": [
                    {"key": h[9], "kind": h[10], **json.loads(h[11])} for h in heads if h[11]
                ],
            }
            out.write(json.dumps(value, ensure_ascii=False, sort_keys=True) + "\n")
            count += 1
    return {"rate": count / (time.perf_counter() - start)}


def our_export(folder: Path, name: str) -> dict[str, Any]:
    """Export in one format, as the command does."""
    target = folder / f"out-{name}{named(name).suffix}"
    with Project.open(folder / "project.db", readonly=True) as project:
        start, count = time.perf_counter(), project.count()
        export(name, _documents(project), project.scheme, target)
        seconds = time.perf_counter() - start
    files = [target] if target.is_file() else [f for f in target.rglob("*") if f.is_file()]
    size = sum(f.stat().st_size for f in files)
    return {"rate": count / seconds, "megabytes": size / 1e6, "path": str(target)}


def _documents(project: Project) -> Iterator[Document]:
    for stored in project.documents():
        yield Document(stored.article, stored.works, stored.recorded, stored.sha256, stored.split)


def bare_import(folder: Path, _name: str) -> dict[str, Any]:
    """The lines of the bare export into two tables, in one transaction."""
    from annotator.store.engine import sqlite3

    conn = sqlite3.connect(folder / "bare.db", isolation_level=None)
    conn.execute("PRAGMA journal_mode = WAL")
    conn.execute("CREATE TABLE article (id TEXT PRIMARY KEY, text TEXT, meta TEXT)")
    conn.execute("CREATE TABLE decision (article TEXT, key TEXT, body TEXT)")
    start, count = time.perf_counter(), 0
    conn.execute("BEGIN")
    with (folder / "bare.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            value = json.loads(line)
            article = value["article"]
            conn.execute(
                "INSERT INTO article VALUES (?,?,?)",
                (article[0], article[8], json.dumps(article[1:8])),
            )
            rows = [(article[0], d["key"], json.dumps(d)) for d in value["decisions"]]
            conn.executemany("INSERT INTO decision VALUES (?,?,?)", rows)
            count += 1
    conn.execute("COMMIT")
    conn.close()
    return {"rate": count / (time.perf_counter() - start)}


def bare_articles(folder: Path, _name: str) -> dict[str, Any]:
    """The articles alone into the tables a project has for them, by the least there is."""
    start = time.perf_counter()
    made = store.Bare(folder / "bare-articles.db")
    made.add(store.read(folder / "in.jsonl"))
    made.close()
    return {"rate": made.n / (time.perf_counter() - start)}


def our_articles(folder: Path, _name: str) -> dict[str, Any]:
    """The same lines through `annotator import`; passes are left out."""
    return _imported(folder / "articles.db", folder / "in.jsonl")


def our_import(folder: Path, name: str) -> dict[str, Any]:
    """The export of a format into a new project, by the command itself; passes are left out."""
    target = folder / f"out-{name}{named(name).suffix}"
    more = ("--new-labels",) if name == "slavicner" else ()
    return _imported(folder / f"back-{name}.db", target, *more)


def _imported(made: Path, source: Path, *more: str) -> dict[str, Any]:
    # sqlite-utils imports pandas where that is installed, as it is here for `datasets`
    code = "import sys; sys.modules['pandas'] = None; from annotator.cli import run; run()"
    command = [sys.executable, "-c", code, "import", str(made), str(source), "--no-languages"]
    command += ["--as", ACTOR, "--json", *more]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        return {"rate": float("nan"), "failed": (done.stderr or done.stdout)[:300]}
    told = json.loads(done.stdout)
    return {"rate": told["articles"]["new"] / told["seconds"]["articles"]}


def spacy_convert(folder: Path, _name: str) -> dict[str, Any]:
    """SpaCy's own converter over our IOB2 export, for the DocBin format."""
    source = folder / "out-iob2.iob2"
    (folder / "converted").mkdir(exist_ok=True)
    copy = folder / "converted" / "in.iob"
    shutil.copy(source, copy)
    start = time.perf_counter()
    command = [sys.executable, "-m", "spacy", "convert", str(copy), str(folder / "converted")]
    subprocess.run([*command, "-c", "ner", "-n", "1"], check=True, capture_output=True)
    seconds = time.perf_counter() - start
    count = source.read_bytes().count(b"-DOCSTART-")
    return {"rate": count / seconds}


STEPS: dict[str, Callable[[Path, str], dict[str, Any]]] = {
    "build": lambda folder, size: build(folder, int(size)),
    "bare-export": bare_export,
    "export": our_export,
    "bare-import": bare_import,
    "import": our_import,
    "bare-articles": bare_articles,
    "articles": our_articles,
    "spacy-convert": spacy_convert,
}


def step(folder: Path, what: str, name: str = "") -> dict[str, Any]:
    """One step in a process of its own, with its peak memory in MB."""
    command = [sys.executable, "-m", "benchmarks.formats", "--step", what, name, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        return {"rate": float("nan"), "failed": done.stderr[-300:], "peak": float("nan")}
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def run(size: int, only: list[str], folder: Path) -> int:
    """Everything; 1 when something failed."""
    print(f"## Formats\n\n{size:,} articles with 7 decisions each; {report.machine()}.\n")
    step(folder, "build", str(size))
    bare_out, bare_in = step(folder, "bare-export"), step(folder, "bare-import")
    rows, failed, ratios = [], [], []
    for name in only:
        out = step(folder, "export", name)
        back = step(folder, "import", name) if name in READ_BACK else None
        for result in filter(None, (out, back)):
            if "failed" in result:
                failed.append(f"{name}: {result['failed']}")
        ratio = out["rate"] / bare_out["rate"]
        cells = [name, report.number(out["rate"]), report.number(ratio), report.number(out["peak"])]
        if back is not None:
            cells += [report.number(back["rate"]), report.number(back["rate"] / bare_in["rate"])]
            cells.append(report.number(back["peak"]))
        rows.append(cells + ["–"] * (7 - len(cells)))
        if name == "jsonl":
            ratios += [report.Measured(HALF / ratio, "export")]
    rows.append(["bare loop", report.number(bare_out["rate"]), "1.00", report.number(bare_out["peak"]),
                 report.number(bare_in["rate"]), "1.00", report.number(bare_in["peak"])])  # fmt: skip
    plain, bare_plain = step(folder, "articles"), step(folder, "bare-articles")
    ratios += [report.Measured(HALF * bare_plain["rate"] / plain["rate"], "import of articles")]
    rows.append(["articles alone", *"–––", report.number(plain["rate"]),
                 report.number(plain["rate"] / bare_plain["rate"]), report.number(plain["peak"])])  # fmt: skip
    if {"spacy", "iob2"} <= set(only):
        rate = step(folder, "spacy-convert")["rate"]
        rows.append(["spaCy's converter", report.number(rate), *"–––––"])
    head = ("format", "export, articles/s", "of bare", "peak MB", "import/s", "of bare", "peak MB")
    print(report.table(head, rows), "", sep="\n")
    print(report.verdict("JSONL at half the bare rate (1 is just that)", 1.0, ratios))
    for line in failed:
        print(f"- **FAILED**: {line}")
    return 1 if failed else 0


def main(arguments: list[str] | None = None) -> int:
    """Parse the arguments and run."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.formats", description=__doc__)
    parser.add_argument("size", nargs="?", type=int, default=20_000)
    parser.add_argument("--only", nargs="+", default=list(FORMATS))
    parser.add_argument("--quick", action="store_true", help="2,000 articles")
    parser.add_argument("--step", nargs=3, help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if chosen.step:
        what, name, folder = chosen.step
        result = STEPS[what](Path(folder), name)
        own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        print(
            json.dumps(
                {**result, "peak": (child if what in ("import", "articles") else own) / 1024}
            )
        )
        return 0
    with tempfile.TemporaryDirectory() as name:
        return run(2_000 if chosen.quick else chosen.size, chosen.only, Path(name))


if __name__ == "__main__":
    sys.exit(main())
