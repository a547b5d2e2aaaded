"""Merging: a copy of the project becomes one with it again, as the union of their articles and logs.

All of the other copy is checked before anything is written. Then its new articles go in, and its new
events, a few thousand in a transaction: each writer's in sequence, each transaction with the caches
brought up to date. So a merge that is killed leaves a sound project, and the next one goes on.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import closing, suppress
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from annotator.model.annotation import Kind
from annotator.model.errors import AnnotatorError
from annotator.model.event import Event
from annotator.store import log, long_names, merging_articles, opening
from annotator.store.address import Place, place_of
from annotator.store.copies import Copy
from annotator.store.engine import TROUBLE, Connection, DatabaseError, FileConnection, Row
from annotator.store.erasure import erased, erased_text
from annotator.store.heads import Fold
from annotator.store.meanwhile import Meanwhile, fetched, worked
from annotator.store.merging_refused import (
    may_bring_in,
    refuse_forbidden,
    refuse_lost,
    refuse_other,
    refuse_part,
    refuse_whole,
    was_handed_out,
)

if TYPE_CHECKING:
    from annotator.store.part import Part

BATCH = 5000
"""Events in one transaction."""
HOLD, SMALLEST = 0.05, 20
"""On a server, where others wait meanwhile: for how many seconds a transaction shall hold the project's
lock, by as many events as that allows; and the fewest."""

_NEWEST = "SELECT writer, max(seq) FROM event WHERE writer IN ({marks}) GROUP BY writer"
_BEFORE = """SELECT (SELECT count(*) FROM (SELECT DISTINCT article, actor, key FROM conflict) c),
             coalesce(max(pos), 0) FROM event"""
_NUMBERS = "SELECT id, n FROM article WHERE id IN ({marks})"
_WITHDRAWN = """SELECT a.id, g.event FROM gone g CROSS JOIN article a ON a.n = g.n
                WHERE g.why = 'withdrawn'"""
_TOGETHER = 500
_WITHDRAWING = "SELECT writer FROM event WHERE kind = 'withdrawal'"

Said = Callable[[str, int, int], object]


class Merged(NamedTuple):
    """What came in from another copy, or would have."""

    other: str
    """The other copy, as it was named."""
    events: int
    by: Mapping[str, int]
    """How many of the events are whose, sorted by name; sessions of the program left out."""
    articles: int
    """New ones."""
    settled: int
    """Articles whose title, source or other data, or language, differed and are the other's now."""
    conflicts: int
    """Things in conflict that were not before; 0 when nothing was written."""
    scheme: str
    """Name and version of the scheme that holds now, if that has become another; else ""."""
    trouble: str = ""
    """Why the file could not be written anew without words of withdrawn articles, where it was due."""
    meanwhile: Meanwhile = Meanwhile()
    """What has happened here to articles that were worked on there."""


def merge(project: "Part", other: Place | str, dry_run: bool, said: Said) -> Merged:
    """Take in another copy of a project, see `Project.merge`."""
    place = place_of(other)
    if place == project.path or (isinstance(place, Path) and place.resolve() == project.path):
        raise AnnotatorError(f"{other} is the project itself; name another copy of it.")
    with closing(Copy(place, str(other))) as copy:
        refuse_other(project, copy)
        if was_handed_out(project._reader) and not was_handed_out(copy.reader):
            from annotator.store import checking_out

            return checking_out.fetch(project, copy, dry_run, said)
        refuse_part(copy.reader, copy.shown)
        theirs = opening.scheme(copy.reader)
        merged = take(project, copy, dry_run, said)
        if merged.events and theirs.version != project.scheme.version:
            older = f"{theirs.name} {theirs.version}"
            return merged._replace(meanwhile=merged.meanwhile._replace(scheme=older))
        return merged


def take(project: "Part", copy: Copy, dry_run: bool, said: Said) -> Merged:
    """Check a copy, then take in what the project lacks of it."""
    refuse_other(project, copy)
    total = int(copy.reader.value("SELECT max(pos) FROM event") or 0)
    found = merging_articles.compare(project._reader, copy, partial(said, "comparing articles"))
    checked = copy.check_events(project._reader, lambda done: said("checking events", done, total))
    refuse_lost(project, copy)
    refuse_whole(project, copy)
    allowed = refuse_forbidden(project, copy, checked, found)
    kept, found = found.changed - allowed.changed, allowed
    merged = Merged(copy.shown, checked.events, checked.by, found.new, found.changed, 0, "")
    if dry_run:
        return merged
    if not (checked.events or found.new or found.changed):
        # which a merge that was interrupted may have left to do
        return merged._replace(trouble=_scrub(project))
    before = project._reader.rows(_BEFORE)[0]
    known = log.vector(project._reader)
    writers = {w for w, newest in copy.vector().items() if newest > known.get(w, 0)}
    try:
        for done in merging_articles.take(project, copy, found):
            said("articles", done, found.new)
        _take_events(project, copy, checked.events, said)
        trouble = _scrub(project)
    finally:
        _usual(project, checked.events + found.new)
    conflicts, _ = project._reader.rows(_BEFORE)[0]
    scheme = opening.scheme(project._reader)
    news = scheme != getattr(project, "scheme", scheme)  # a project that is being made has none
    project.scheme = scheme
    handed = was_handed_out(project._reader)
    told = fetched if handed else partial(worked, writers=writers)
    return merged._replace(
        conflicts=max(conflicts - before[0], 0),
        scheme=f"{scheme.name} {scheme.version}" if news else "",
        trouble=trouble,
        meanwhile=told(project._reader, before[1])._replace(kept=kept),
    )


def _usual(project: "Part", came: int) -> None:
    """Have the project go on as before an import; on a server, where so many things came, count them."""
    if isinstance(project.path, Path) or came >= BATCH:
        with suppress(AnnotatorError, *TROUBLE):  # whatever ended the merge is told
            project._writing.alone(lambda conn: conn.importing(many=False))


class _Pace:
    """How many events are written together."""

    def __init__(self, place: Place) -> None:
        self._alone = isinstance(place, Path)
        self.size = BATCH if self._alone else min(BATCH, 500)

    def took(self, events: int, seconds: float) -> None:
        """So many events were written in so many seconds."""
        if not self._alone:
            fits = int(events * HOLD / max(seconds, 0.001))
            self.size = min(BATCH, max(SMALLEST, min(2 * self.size, fits)))


def _take_events(project: "Part", copy: Copy, total: int, said: Said) -> None:
    """Write the events that are new; a batch is read while the one before is made durable."""
    numbers: dict[str, int] = {}
    done = 0
    saving: tuple[Future[float], int] | None = None
    pace = _Pace(project.path)
    emptied = merging_articles.withdrawn(project._reader, copy)
    for batch in _batches(copy, log.vector(project._reader), pace):
        events = [(log.event_of(row), row) for row in batch]
        if saving is not None:
            pace.took(saving[1], saving[0].result())
            done += saving[1]
            said("events", done, total)
        if len(numbers) > 20 * BATCH:
            numbers = {}
        write = partial(_timed, events=events, numbers=numbers, emptied=emptied)
        saving, emptied = (project._writing.start(write), len(batch)), []
    if saving is not None:
        saving[0].result()
        said("events", done + saving[1], total)


def _timed(conn: Connection, **what: Any) -> float:
    """Write a batch; how many seconds that took, which others waited."""
    began = time.monotonic()
    write_batch(conn, **what)
    return time.monotonic() - began


def _batches(copy: Copy, ours: Mapping[str, int], pace: _Pace) -> Iterator[list[Row]]:
    """The events that are new, in the portions that are written together.

    The sittings that withdrew articles are the first, whole: they say what is erased in the others.
    """
    first = {writer for (writer,) in copy.reader.rows(_WITHDRAWING)}
    withdrawing = list(copy.new_events(ours, first))
    if withdrawing:
        yield withdrawing
    rest = copy.new_events(ours, set(copy.vector()) - first)
    while batch := list(islice(rest, pace.size)):
        yield batch


def write_batch(
    conn: Connection,
    events: list[tuple[Event, Row]],
    numbers: dict[str, int],
    emptied: list[Row],
) -> None:
    """Write events and bring the caches up to date; the caller holds lock and transaction.

    `numbers` keeps the numbers of articles from batch to batch; `emptied` are articles of which the
    events say that they were withdrawn.
    """
    if emptied:
        merging_articles.write(conn, emptied, [])
    conn.importing(many=True)
    # another process may merge the same copy
    known = dict(_found(conn, _NEWEST, {row[1] for _, row in events}))
    gone = dict(conn.execute(_WITHDRAWN).fetchall())
    new = [_emptied(*each, gone) for each in events if each[1][2] > known.get(each[1][1], 0)]
    numbers.update(_found(conn, _NUMBERS, {e.article for e, _ in new if e.article not in numbers}))
    long_names.of_events(conn, ((event.article, event.key) for event, _ in new))
    try:
        conn.executemany(log.INSERT, (row for _, row in new))
    except DatabaseError as error:
        if "UNIQUE" not in str(error):
            raise
        raise AnnotatorError(
            "An event of the other copy has the id of another one of this project: one of them was "
            "tampered with; run `annotator check` on both."
        ) from error
    fold = Fold(conn)
    placed = [(event, numbers.get(event.article)) for event, _ in new]
    if not isinstance(conn, FileConnection):
        fold.expect(placed)
    for (event, n), (_, row) in zip(placed, new, strict=True):
        fold.apply(event, n, row[11])
    fold.flush()
    withdrawn = sorted({event.article for event, _ in new if event.kind is Kind.WITHDRAWAL})
    if withdrawn:
        from annotator.store import withdrawing

        withdrawing.erase(conn, withdrawn)


def _emptied(event: Event, row: Row, gone: Mapping[str, str]) -> tuple[Event, Row]:
    """An event as it comes in: what is about an article that was withdrawn here comes without words."""
    withdrawal = gone.get(event.article)
    if withdrawal is None or event.body is None or event.kind is Kind.WITHDRAWAL:
        return event, row
    return event._replace(body=erased(withdrawal)), (*row[:11], erased_text(withdrawal), row[12])


def _found(conn: Connection, sql: str, names: Iterable[str]) -> Iterator[tuple[str, int]]:
    """What a question with a list of names gives, a few hundred of them at a time."""
    rest = iter(sorted(names))
    while some := list(islice(rest, _TOGETHER)):
        yield from conn.execute(sql.format(marks=",".join("?" * len(some))), some).fetchall()


def _scrub(project: "Part") -> str:
    """Write the file anew where words of withdrawn articles may still lie in it; why that failed."""
    from annotator.store import withdrawing

    if not may_bring_in(project._reader):
        return ""
    try:
        withdrawing.scrub(project)
    except AnnotatorError as error:
        return str(error)
    return ""
