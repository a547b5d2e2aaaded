"""`annotator merge`: copies of a project become one, and what was done twice is settled."""

from argparse import Namespace
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from typing import Any

from annotator import config
from annotator.cli import out
from annotator.cli.bars import Bars, Phase
from annotator.cli.merge_words import happened, said, when
from annotator.cli.open import existing
from annotator.model.errors import AnnotatorError
from annotator.model.person import Role, person_of
from annotator.store.address import is_address, typed
from annotator.store.conflicts import Conflict
from annotator.store.merging import Merged
from annotator.store.project import Project

MOST = 20
"""Conflicts that are listed after a merge."""


class Stages:
    """Shows a merge's progress: a bar for each thing it does in turn."""

    def __init__(self, bars: Bars) -> None:
        self._bars = bars
        self._stack = ExitStack()
        self._phase: Phase | None = None

    def __call__(self, what: str, done: int, total: int) -> None:
        """Take note of progress."""
        if self._phase is None or self._phase.title != what:
            self.end()
            self._phase = self._stack.enter_context(
                self._bars.phase(what, total, "events" if "event" in what else "articles")
            )
        self._phase.advance(done - self._phase.things)

    def end(self) -> None:
        """Nothing more comes of the last thing."""
        self._stack.close()
        self._phase = None


def run(args: Namespace) -> int:
    """Merge, settle, list; 1 when conflicts are open."""
    path = existing(args.project)
    if args.keep and args.dry_run:
        raise AnnotatorError("--keep has no --dry-run; --conflicts lists both versions.")
    if not (args.others or args.conflicts or args.keep):
        raise AnnotatorError("Name the copies to merge, or say --conflicts to list open conflicts.")
    reading = args.dry_run or not (args.others or args.keep)
    actor = "" if reading else config.who(args.actor, config.read())
    with Project.open(path, actor, readonly=reading) as project:
        settled = [(_keep(project, side, name), side) for side, name in args.keep]
        merged, refused = merge(project, args.others, args.dry_run)
        if not args.dry_run:
            finish(project, merged)
        conflicts = project.conflicts()
    _tell(args, merged, conflicts, settled)
    code = exit_code(merged, conflicts)
    if refused is not None:
        raise refused
    return code


def exit_code(merged: Iterable[Merged], conflicts: Sequence[Conflict]) -> int:
    """1 when something is left to do: conflicts, or words to be taken out of the file, which is said."""
    troubles = [each.trouble for each in merged if each.trouble]
    for trouble in troubles:
        out.complain(trouble)
    return 1 if conflicts or troubles else 0


def _tell(
    args: Namespace,
    merged: Sequence[Merged],
    conflicts: Sequence[Conflict],
    settled: Sequence[tuple[Conflict, str]],
) -> None:
    """Print what was done; of what was settled with the side that was kept."""
    if args.json:
        out.print_json(as_json(args.project, merged, conflicts, [each for each, _ in settled]))
    else:
        for conflict, side in settled:
            sides = [said(conflict.this), said(conflict.others[0])]
            kept, left = sides if side == "this" else reversed(sides)
            out.say(f"Settled {conflict.name}: {kept}, not {left}")
        print_merged(merged, args.dry_run)
        print_conflicts(args.project, conflicts, 0 if args.conflicts else MOST)
        if args.conflicts and not conflicts:
            out.say("No open conflicts.")


def merge(
    project: Project, others: Sequence[str], dry_run: bool
) -> tuple[list[Merged], AnnotatorError | None]:
    """Merge one copy after the other, up to one that is refused; why it was.

    Raises:
        AnnotatorError: the first one is refused.
    """
    found: list[Merged] = []
    for other in others:
        _connect(other)
        with Bars() as bars:
            stages = Stages(bars)
            try:
                found.append(project.merge(other, dry_run, stages))
            except AnnotatorError as error:
                if not found:
                    raise
                return found, error
            finally:
                stages.end()
    return found, None


def _connect(other: str) -> None:
    """Ask for a password now, where the other copy is on a server that wants one."""
    if is_address(other):
        from annotator.cli import connecting

        connecting.prepare(Namespace(project=other))


def finish(project: Project, merged: Iterable[Merged]) -> None:
    """Find the languages of articles that came in, now or before an interruption; index their words."""
    if not project.may_bring_in():
        return
    if any(each.articles for each in merged) or project.unindexed():
        from collections import Counter

        from annotator.cli import passes

        with Bars() as bars:
            passes.detect_languages(project, bars, passes.processors(), Counter())
            passes.index_words(project, bars)


def _keep(project: Project, side: str, name: str) -> Conflict:
    if side not in ("this", "other"):
        raise AnnotatorError(f"--keep takes this or other, then a conflict; not {side!r}.")
    from annotator.store import conflicts

    whose = conflicts.found(project, name).actor
    if person_of(whose)[0] != person_of(project.actor)[0]:
        project.require(Role.LEAD, f"settle conflicts in the work of {whose}")
    return project.keep(name, side == "other")


# --- reports


def print_merged(merged: Sequence[Merged], dry_run: bool) -> None:
    """A line for each copy, then who did how much of what came in."""
    verb = "would bring in" if dry_run else "brought in"
    by: dict[str, int] = {}
    for each in merged:
        if not (each.events or each.articles or each.settled):
            out.say(f"{each.other}: nothing new.")
            continue
        more = f", other data of {out.counted(each.settled, 'article')}" if each.settled else ""
        events = sum(each.by.values()) or each.events  # beginnings of sittings are nobody's
        out.say(
            f"{each.other}: {verb} {out.counted(events, 'event')} and "
            f"{out.counted(each.articles, 'article')}{more}."
        )
        if each.scheme:
            out.say(f"The scheme is now {each.scheme}.")
        for line in happened(each.meanwhile):
            out.say(line)
        for name, number in each.by.items():
            by[name] = by.get(name, 0) + number
    if by:
        rows = ((name, out.number(by[name])) for name in sorted(by))
        out.table("What came in", ("annotator", "events>"), rows)


def print_conflicts(project: str, conflicts: Sequence[Conflict], most: int) -> None:
    """The open conflicts with both versions; `most` of them, all for 0."""
    if not conflicts:
        return
    shown = conflicts[:most] if most else conflicts
    rows = (
        (
            each.name,
            each.article or "(the project)",
            each.actor,
            f"{said(each.this)} ({when(each.this)})",
            " | ".join(f"{said(other)} ({when(other)})" for other in each.others),
        )
        for each in shown
    )
    columns = ("conflict", "article", "annotator", "this holds", "other")
    out.table("Changed in two copies", columns, rows)
    if len(shown) < len(conflicts):
        out.say(
            f"{out.number(len(conflicts) - len(shown))} more: `annotator merge {typed(project)} --conflicts`."
        )
    out.say(
        f"{out.counted(len(conflicts), 'open conflict')}: settle each with `annotator merge {typed(project)} "
        "--keep this|other CONFLICT`, or change the thing again."
    )


def as_json(
    project: str,
    merged: Iterable[Merged],
    conflicts: Iterable[Conflict],
    settled: Iterable[Conflict] = (),
) -> dict[str, Any]:
    """The same as a value."""
    return {
        "project": project,
        "merged": [{**each._asdict(), "meanwhile": each.meanwhile._asdict()} for each in merged],
        "settled": [each.name for each in settled],
        "conflicts": [conflict_json(each) for each in conflicts],
    }


def conflict_json(conflict: Conflict) -> dict[str, Any]:
    """A conflict as a value, times in seconds since the epoch."""
    sides = [
        {"event": side.event, "kind": str(side.kind), "body": side.body, "verb": side.verb,
         "writer": side.writer, "time": side.time}
        for side in (conflict.this, *conflict.others)
    ]  # fmt: skip
    return {
        "conflict": conflict.name,
        "article": conflict.article,
        "annotator": conflict.actor,
        "key": conflict.key,
        "this": sides[0],
        "others": sides[1:],
    }
