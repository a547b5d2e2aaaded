"""What `annotator assign` says: what was added, who has how much, who meets whom."""

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from annotator.cli import out
from annotator.lead.assigning import Report
from annotator.store.project import Project

MOST = 12
"""Of more people than this only the fewest and the most meetings are said."""


def show(report: Report, dry_run: bool, pool: bool) -> None:
    """Print what was done, or would be."""
    would = " would be" if dry_run else ""
    if report.left_out:
        out.say(f"{out.counted(report.left_out, 'article')} of earlier pilots left out.")
    chosen = out.counted(report.articles, "article")
    if pool:
        out.say(f"{chosen} chosen; {out.number(report.slots)} of them{would} opened anew.")
        return
    out.say(f"{chosen} chosen; {out.counted(report.slots, 'assignment')}{would} added.")
    people = [f"{out.counted(n, 'article')} by {k}" for k, n in sorted(report.people.items())]
    if people:
        out.say(f"Annotated by so many people{' then' if dry_run else ''}: {', '.join(people)}.")
    rows = [(name, out.number(report.added[name]), out.number(load))
            for name, load in report.load.items()]  # fmt: skip
    out.table("People", ("name", "added>", "in all>"), rows)
    _meetings(report)


def _meetings(report: Report) -> None:
    names = sorted(report.load)
    pairs = {pair: report.met.get(pair, 0) for pair in combinations(names, 2)}
    if not pairs:
        return
    if len(names) > MOST:
        out.say(
            f"Every two have {min(pairs.values())} to {max(pairs.values())} articles in common."
        )
        return
    rows = [(name, *(_cell(pairs, name, other) for other in names)) for name in names]
    out.table("Articles in common", ("", *(f"{name}>" for name in names)), rows)


def _cell(pairs: dict[tuple[str, str], int], name: str, other: str) -> str:
    if name == other:
        return ""
    return out.number(pairs[min(name, other), max(name, other)])


def json(report: Report, dry_run: bool) -> dict[str, Any]:
    """The same for programs."""
    return {
        "dry_run": dry_run,
        "articles": report.articles,
        "left_out": report.left_out,
        "added": report.slots,
        "people": {
            name: {"added": report.added[name], "assigned": load}
            for name, load in report.load.items()
        },
        "by_people": {str(count): n for count, n in sorted(report.people.items())},
        "pairs": [[a, b, n] for (a, b), n in sorted(report.met.items())],
    }


def show_list(project: Project, as_json: bool) -> None:
    """Print who has how much, and how much is open to whoever comes first."""
    loads = project.loads()
    open_to, places, over = _pools(project)
    if as_json:
        out.print_json({
            "people": {
                name: {"assigned": load.assigned, "begun": load.begun, "done": load.done,
                       "skipped": load.skipped, "left": load.left}
                for name, load in loads.items()
            },
            "pool": {"articles": open_to, "free": places, "over": over},
        })  # fmt: skip
        return
    if not (loads or open_to):
        out.say("Nothing is assigned: everybody's queue has every article.")
        return
    rows = [
        (name, *map(out.number, (each.assigned, each.begun, each.done, each.skipped, each.left)))
        for name, each in loads.items()
    ]
    out.table("Assigned", ("name", "articles>", "begun>", "done>", "skipped>", "left>"), rows)
    if open_to:
        out.say(
            f"Open to whoever comes first: {out.counted(open_to, 'article')}, "
            f"with {out.counted(places, 'place')} left."
        )
    for article in over:
        out.say(f"{article} has more people than it was open to: copies of the project were apart.")


def _pools(project: Project) -> tuple[int, int, list[str]]:
    """How many articles are in pools, how many places are left, and which have too many people."""
    articles, places, over = 0, 0, []
    for pool, have in _having(project):
        articles += 1
        places += max(pool - len(have[1]), 0)
        if len(have[1]) > pool:
            over.append(have[0])
    return articles, places, over


def _having(project: Project) -> Iterator[tuple[int, tuple[str, tuple[str, ...]]]]:
    batch: list[Any] = []
    for pool in (*project.pools(), None):
        if pool is None or len(batch) == 500:
            people: dict[str, list[str]] = {each.article: [] for each in batch}
            for slot in project.slots(people, passes=False):
                people[slot.article].append(slot.annotator)
            for each in batch:
                yield each.people, (each.article, tuple(people[each.article]))
            batch = []
        if pool is not None:
            batch.append(pool)
