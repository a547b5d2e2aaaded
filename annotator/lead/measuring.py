"""How far the annotators of a project agree: what the command, the screen, rounds and releases call."""

import json
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Future
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from annotator.gold.agreement.counting import FORMAT, layer_kinds
from annotator.gold.agreement.report import (
    EVERYTHING,
    Metric,
    Part,
    Report,
    Scope,
    report,
)
from annotator.model.article import text_sha256
from annotator.model.errors import AnnotatorError
from annotator.store import questions, statistics
from annotator.store.works import no_collection

if TYPE_CHECKING:
    from annotator.lead.counting import Counted, Start
    from annotator.store.project import Project

__all__ = ["EVERYTHING", "Metric", "Report", "Scope", "measure", "parts"]

Tell = Callable[[int, int], object]
"""Called with how many articles are counted, and of how many."""

BATCH = 1000
"""Articles whose counts are kept in one transaction."""
MANY = 2000
"""With fewer articles to count, starting processes would take longer than counting."""


def measure(
    project: "Project",
    scope: Scope = EVERYTHING,
    progress: Tell | None = None,
    also: Sequence[Metric] = (),
    seed: int | None = None,
    jobs: int = 1,
) -> Report:
    """Measure agreement; what did not change since the last time is not counted again.

    Works in a project that is open for reading only too, where nothing is kept for the next time.

    Args:
        project: an open project; call it in the thread that opened it.
        scope: what is measured; everything by default.
        progress: told now and then how far the counting is.
        also: coefficients that are computed on request only.
        seed: of the bootstrap, where the intervals over everything are to come from it.
        jobs: processes that may count when there is much to count; 1 is this one.

    Raises:
        AnnotatorError: the scope names a layer or article that is not there, or no possible day.
    """
    from annotator.gold.agreement import report_json

    _check(project, scope)
    state = f"{statistics.position(project)} {_fingerprint(project)}"
    # languages can be corrected without a trace in the log, so such reports are not kept
    asked = (scope, also, seed)
    name = "" if scope.languages else json.dumps(asked, ensure_ascii=False)
    kept = statistics.kept_report(project, state, name) if name else None
    if kept is not None:
        return report_json.of_json(json.loads(kept))
    with no_collection():
        counted = parts(project, scope, progress, jobs)
        made = report(counted, layer_kinds(project.scheme), scope, also, seed)
    if Metric.GAMMA in also:
        from annotator.lead.sampling import with_gamma

        made = with_gamma(project, made)
    if name and not project.readonly:
        body = json.dumps(report_json.to_json(made), ensure_ascii=False, separators=(",", ":"))
        statistics.keep_report(project, state, name, body)
    return made


def parts(
    project: "Project",
    scope: Scope = EVERYTHING,
    progress: Tell | None = None,
    jobs: int = 1,
) -> Iterator[Part]:
    """The counts of every article in scope that anybody worked on, by number.

    Only the scope's fields about articles are looked at.
    """
    fingerprint = _fingerprint(project)
    known = statistics.known(project, fingerprint)
    wanted = _wanted(project, scope)
    given, hidden = statistics.rounds(project), questions.hidden(project)
    chosen = [n for n in known.stamps if wanted is None or n in wanted]
    if not project.readonly and known.arrived != frozenset():
        statistics.begin(project, fingerprint, known)
    done = 0
    with _start(project, len(chosen) - len(known.current.intersection(chosen)), jobs) as start:
        for counted in _Counter(project, known, start).of(chosen, jobs):
            for n, name, counts in counted:
                asked = hidden.get(n, frozenset())
                yield Part(name, counts, given.get(n, {}), counts["guidelines"], asked)
            done += len(counted)
            if progress is not None:
                progress(done, len(chosen))


@contextmanager
def _start(project: "Project", missing: int, jobs: int) -> Iterator["Start"]:
    """What counts: this process, or for many articles several of their own."""
    from annotator.lead import counting

    if jobs > 1 and missing >= MANY:
        with counting.apart(project.path, jobs) as start:
            yield start
    else:
        yield counting.here(project)


class _Counter:
    """Gives the counts of articles: those that are kept, or new ones, which it keeps."""

    def __init__(self, project: "Project", known: statistics.Known, start: "Start") -> None:
        self._project, self._known, self._start = project, known, start
        self._rows: list[tuple[int, str, str]] = []
        self._sent: list[Future[None]] = []

    def of(self, numbers: list[int], ahead: int) -> Iterator[list[tuple[int, str, Any]]]:
        """Number, id and counts of some articles, in order, some at a time.

        Args:
            numbers: of the articles.
            ahead: about so many lots are being counted while one is given.
        """
        waiting: deque[tuple[list[int], Future[list[Counted]] | None]] = deque()
        for first in range(0, len(numbers), statistics.PORTION):
            lot = numbers[first : first + statistics.PORTION]
            missing = [n for n in lot if n not in self._known.current]
            waiting.append((lot, self._start(missing) if missing else None))
            if len(waiting) > (2 * ahead if ahead > 1 else 0):
                yield self._next(*waiting.popleft())
        while waiting:
            yield self._next(*waiting.popleft())
        self._send(0)
        for each in self._sent:
            each.result()

    def _next(
        self, numbers: list[int], missing: "Future[list[Counted]] | None"
    ) -> list[tuple[int, str, Any]]:
        """One lot, once it is counted."""
        try:
            new = [] if missing is None else missing.result()
        except BrokenExecutor as error:
            raise AnnotatorError(
                "A process that counts articles died, for want of memory as a rule; what was "
                "counted is kept, so run the command again."
            ) from error
        if not self._project.readonly:
            self._rows += [(n, self._known.stamps[n], body) for n, _, body in new]
            self._send(BATCH)
        old = [n for n in numbers if n in self._known.current]
        found = {n: (name, body) for n, name, body in new}
        found.update(statistics.stored(self._project, old))
        bodies = json.loads("[" + ",".join(found[n][1] for n in numbers) + "]")
        return [(n, found[n][0], body) for n, body in zip(numbers, bodies, strict=True)]

    def _send(self, least: int) -> None:
        """Have what was counted anew written while more is counted."""
        if len(self._rows) > least:
            rows, self._rows = self._rows, []
            self._sent.append(statistics.put(self._project, rows))


def _fingerprint(project: "Project") -> str:
    """What is counted and how: counts and reports made otherwise do not hold."""
    from annotator import __version__

    scheme = project.scheme
    return f"{__version__}/{FORMAT}/{text_sha256(scheme.toml)[:16]}"


def _wanted(project: "Project", scope: Scope) -> frozenset[int] | None:
    """The numbers of the articles in scope; None is all of them."""
    if not (scope.articles or scope.languages or scope.sources or scope.splits):
        return None
    names = set(scope.articles)
    split = project.splits() if scope.splits else {}
    return frozenset(
        n
        for n, name, lang, source in statistics.described(project)
        if (not names or name in names)
        and (not scope.languages or lang in scope.languages)
        and (not scope.sources or source in scope.sources)
        and (not scope.splits or split.get(name, "") in scope.splits)
    )


def _check(project: "Project", scope: Scope) -> None:
    from datetime import date

    known = [layer.name for layer in project.scheme.layers]
    for name in scope.layers:
        if name not in known:
            raise AnnotatorError(f"There is no layer {name!r}; the scheme has: {', '.join(known)}.")
    for name in scope.articles:
        project.article(name)
    _check_names(project, scope)
    for day in (scope.since, scope.until):
        try:
            if day:
                date.fromisoformat(day)
        except ValueError as error:
            raise AnnotatorError(f"{day!r} is no day; write it as 2026-02-14.") from error


def _check_names(project: "Project", scope: Scope) -> None:
    """A name that is not there is a slip: nothing measured would look like nothing done."""
    from annotator.model.person import person_of
    from annotator.store.guidelines import named

    rounds = project.rounds() if scope.rounds else {}
    for name in scope.rounds:
        if name not in rounds and next(iter(project.slots(round_name=name)), None) is None:
            known = ", ".join(rounds) or "none yet"
            raise AnnotatorError(f"There is no round {name!r}; there are: {known}.")
    versions = project.guideline_log() if scope.guidelines else []
    for name in scope.guidelines:
        named(versions, name)
    worked = {person_of(name)[0] for name in project.actors()} if scope.annotators else set()
    for name in sorted({*scope.annotators} - worked - {*project.people()}):
        known = ", ".join(sorted(worked)) or "nobody yet"
        raise AnnotatorError(f"Nobody named {name} worked on this project ({known}).")
