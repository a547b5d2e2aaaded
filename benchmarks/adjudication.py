"""How fast adjudication is: `python -m benchmarks.adjudication [ARTICLES] [SPANS]`.

Makes a project of so many articles (10,000) with three annotators, each with 30 spans, of which about
half are disputed, then times an adjudicator's desk as a key press sees it: opening the desk, opening an
article, the next item, deciding, undo, and the whole lists. Nothing is painted.
"""

import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from annotator.lead.adjudicating import Adjudicating
from annotator.lead.adjudication_queue import Options
from annotator.lead.adjudication_report import report
from annotator.model.annotation import Kind, Span, State, Status, looked_key
from annotator.model.article import Article
from annotator.model.event import Act, Draft
from annotator.model.scheme_file import preset
from annotator.store.project import Project
from benchmarks.report import Measured, machine, p95, spread, table, verdict

NAMES = ("iva", "mila", "petar")
LABELS = ("PER", "ORG", "LOC", "EVT")
WORDS = 600
OPEN, NEXT = 100.0, 50.0
"""Milliseconds to reach."""


def article(number: int, dice: random.Random) -> Article:
    words = " ".join(f"word{dice.randrange(999)}" for _ in range(WORDS))
    return Article(f"a{number:06}", f"Title {number}\n\n{words}.\n", f"Title {number}", lang="en")


def spans(text: str, dice: random.Random, count: int) -> Iterator[list[Span | None]]:
    """What each annotator has at one place: mostly the same."""
    words = [n for n, char in enumerate(text) if char == " "]
    for place in range(count):
        first = words[1 + place * (len(words) - 4) // count]
        start, end, more = first + 1, text.index(" ", first + 1), text.index(" ", first + 2)
        label, other = dice.sample(LABELS, 2)
        kind = dice.random()
        found: list[Span | None] = [Span("", "entities", label, start, end) for _ in NAMES]
        last = found[-1]
        assert last is not None
        if kind < 0.2:
            found[-1] = None
        elif kind < 0.35:
            after = text.index(" ", more + 1) if " " in text[more + 1 :] else len(text) - 1
            found[-1] = last._replace(end=after)
        elif kind < 0.5:
            found[-1] = last._replace(label=other)
        dice.shuffle(found)
        yield found


def acts(made: Article, dice: random.Random, count: int) -> Iterator[tuple[str, Act]]:
    """Everybody's finished work on an article."""
    given = list(spans(made.text, dice, count))
    for who, name in enumerate(NAMES):
        drafts = []
        for place, each in enumerate(given):
            span = each[who]
            if span is not None:
                span = span._replace(id=f"{made.id}{who}{place:03}")
                drafts.append(Draft(Kind.SPAN, span.key, made.id, span.body(made.text)))
        for layer in ("boilerplate", "entities", "stance"):
            drafts.append(Draft(Kind.LOOKED, looked_key(name, made.id, layer), made.id, {}))
        done = Status(State.DONE, "", 60).body()
        drafts.append(Draft(Kind.STATUS, Status.key(name, made.id), made.id, done))
        yield name, Act("label", tuple(drafts))


def build(path: Path, articles: int, count: int) -> None:
    dice = random.Random(1)
    made = [article(n, dice) for n in range(articles)]
    with Project.create(path, preset("news"), "vera") as project:
        for _ in project.add(made):
            pass
        for first in range(0, articles, 100):
            wanted = [
                pair for each in made[first : first + 100] for pair in acts(each, dice, count)
            ]

            def save(conn: object, chain: object, wanted: object = wanted) -> None:
                for name, act in wanted:  # type: ignore[attr-defined]
                    chain.step(chain.save(conn, act, name))  # type: ignore[attr-defined]

            project._writing.write(save)


def timed(run: Callable[[], object]) -> float:
    """Milliseconds."""
    begun = time.perf_counter()
    run()
    return (time.perf_counter() - begun) * 1000


def measure(path: Path) -> dict[str, list[float]]:
    """Times of what a key press does."""
    found: dict[str, list[float]] = {name: [] for name in (
        "open the desk", "open an article", "the next article, laid out before",
        "next item", "decide, on to the next item", "undo", "everything as a list",
    )}  # fmt: skip
    with Project.open(path, "vera") as project:
        options = Options(audit=0)
        holder: list[Adjudicating] = []
        found["open the desk"].append(timed(lambda: holder.append(Adjudicating(project, options))))
        desk = holder[0]
        desk.begin()
        step = max(len(desk.waiting.articles) // 200, 1)
        for ready in desk.waiting.articles[::step]:
            found["open an article"].append(timed(lambda name=ready.article: desk.begin(name)))
            for _ in range(5):
                found["next item"].append(timed(desk.next))
        desk.begin(desk.waiting.articles[0].article)
        for _ in range(50):
            desk.preload()
            found["the next article, laid out before"].append(timed(desk.next_article))
            for _ in range(4):
                found["decide, on to the next item"].append(timed(desk.accept))
            found["undo"].append(timed(desk.undo))
        desk.leave()
        found["everything as a list"].append(timed(lambda: report(project, options)))
    return found


def main(arguments: list[str]) -> int:
    articles = int(arguments[0]) if arguments else 10_000
    count = int(arguments[1]) if len(arguments) > 1 else 30
    folder = Path(tempfile.mkdtemp())
    try:
        path = folder / "project.db"
        seconds = timed(lambda: build(path, articles, count)) / 1000
        found = measure(path)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{articles:,} articles × {len(NAMES)} annotators × {count} spans; {machine()}")
    print(f"(made in {seconds:.0f} s)\n")
    rows = [[name, str(len(times)), spread(times)] for name, times in found.items()]
    print(table(["what", "times", "ms (median / p95)"], rows), "\n")
    opened = Measured(p95(found["open an article"]), "p95")
    print(verdict(f"open an article within {OPEN:.0f} ms", OPEN, [opened]))
    moves = [
        Measured(p95(found[name]), name) for name in ("next item", "decide, on to the next item")
    ]
    print(verdict(f"next item within {NEXT:.0f} ms", NEXT, moves))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
