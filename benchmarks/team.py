"""Assigning articles, and the queue of who was assigned some, in a large project.

    python -m benchmarks.team [SIZE]

A project of SIZE short articles (100,000): half of them assigned to two of three people each, the rest open
to whoever comes first. The first person has finished a tenth of theirs.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from annotator.gold.assigning import read_overlap
from annotator.lead import assigning
from annotator.lead.assigning import Request
from annotator.model.annotation import Kind, State, Status
from annotator.model.article import Article
from annotator.model.event import Act, Draft
from annotator.model.scheme_file import preset
from annotator.model.slot import Pool, Round
from annotator.store.filters import Filter
from annotator.store.project import Project
from annotator.tui.work import WorkList
from benchmarks import report

PEOPLE = ("boris", "iva", "vera")
TEXT = "Кметът откри моста край Русе, а жителите са против. " * 40
REPEATS = 9


def build(path: Path, size: int) -> float:
    """Make the project; how many assignments were written a second."""
    half = size // 2
    with Project.create(path, preset("news"), "lead") as project:
        for _ in project.add(
            Article(f"a{n:07}", f"{n} {TEXT}", lang="bg" if n < half else "mk") for n in range(size)
        ):
            pass
        project.set_round(Round("main"))
        start = time.perf_counter()
        request = Request(PEOPLE, read_overlap("2"), "main", Filter(lang="bg"))
        done = assigning.assign(project, request, dry_run=False)
        rate = done.slots / (time.perf_counter() - start)
        project.open_pools(Pool(f"a{n:07}", 2, "main") for n in range(half, size))
        mine = [slot.article for slot in project.slots(annotator="iva")]
        for at in range(0, len(mine) // 10, 500):
            drafts = tuple(
                Draft(Kind.STATUS, Status.key("iva", name), name, Status(State.DONE).body())
                for name in mine[at : at + 500]
            )
            project.submit(Act("done", drafts), "iva").result()
    return rate


def median(fn: Callable[[], object]) -> str:
    """Milliseconds a call takes: the median of some."""
    spent = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        fn()
        spent.append((time.perf_counter() - start) * 1000)
    return report.number(report.median(spent))


def measure(path: Path) -> list[tuple[str, str]]:
    """What each step takes, in milliseconds."""
    with Project.open(path, "iva") as project:
        work = WorkList(project)
        mine = [slot.article for slot in project.slots(annotator="iva")]
        far = mine[len(mine) // 2]

        def claim() -> None:
            rows = project.page(Filter(assigned="open"), limit=20)
            assert project.claim([row.id for row in rows]) is not None

        return [
            ("what the queue begins with (`WorkList`)", median(lambda: WorkList(project))),
            ("the next of one's own", median(lambda: work.next_to_do(far))),
            ("the same from the end, round to the first", median(lambda: work.next_to_do(mine[-1]))),
            ("a page of `assigned:me`", median(lambda: project.page(Filter(assigned="me")))),
            ("a page of `assigned:open`", median(lambda: project.page(Filter(assigned="open")))),
            ("a page of `assigned:no` (there are none)",
             median(lambda: project.page(Filter(assigned="no")))),
            ("a page of a round", median(lambda: project.page(Filter(round="main")))),
            ("a place taken, durable", median(claim)),
            ("loads of all (`assign --list`)", median(project.loads)),
            ("how often each two meet", median(project.met)),
        ]  # fmt: skip


def main() -> int:
    """Build, measure, print."""
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "team.db"
        rate = build(path, size)
        rows = [(f"assignments written a second: {rate:,.0f}", ""), *measure(path)]
    print(f"{size:,} articles, {report.machine()}\n")
    print(report.table(("step", "ms"), rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
