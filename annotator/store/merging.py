"""Merging: a copy of the project becomes one with it again, as the union of their articles and logs.

All of the other copy is checked before anything is written. Then its new articles go in, and its new
events, a few thousand in a transaction: each writer's in sequence, each transaction with the caches
brought up to date. So a merge that is killed leaves a sound project, and the next one goes on.
"""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import closing
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from annotator.model.errors import AnnotatorError
from annotator.model.event import Event
from annotator.store import log, merging_articles, opening
from annotator.store.copies import HANDED, HANDED_END, Copy
from annotator.store.engine import AUTOCHECKPOINT, Connection, DatabaseError, Row
from annotator.store.heads import Fold
from annotator.store.reader import Reader

if TYPE_CHECKING:
    from annotator.store.part import Part

BATCH = 5000
"""Events in one transaction."""
SELDOM = 16_000
"""Pages of write-ahead log after which it is moved into the file meanwhile."""

_INSERT = f"INSERT INTO event ({log.COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)"
_NEWEST = "SELECT max(seq) FROM event WHERE writer = ?"
_CONFLICTS = "SELECT count(*) FROM (SELECT DISTINCT article, actor, key FROM conflict)"
_NUMBER = "SELECT n FROM article WHERE id = ?"
_WITHDRAWN = "SELECT DISTINCT article FROM head WHERE kind = 'withdrawal'"
_WITHDRAWING = "SELECT writer FROM event WHERE kind = 'withdrawal'"
_HANDED = f"SELECT 1 FROM event WHERE writer >= '{HANDED}' AND writer < '{HANDED_END}' LIMIT 1"

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


def merge(project: "Part", other: Path | str, dry_run: bool, said: Said) -> Merged:
    """Take in another copy of a project, see `Project.merge`."""
    path = Path(other)
    if path.exists() and path.resolve() == project.path:
        raise AnnotatorError(f"{other} is the project itself; name another copy of it.")
    with closing(Copy(path, str(other))) as copy:
        return take(project, copy, dry_run, said)


def take(project: "Part", copy: Copy, dry_run: bool, said: Said) -> Merged:
    """Check a copy, then take in what the project lacks of it."""
    _refuse_other(project, copy)
    total = int(copy.reader.value("SELECT max(pos) FROM event") or 0)
    found = merging_articles.compare(project._reader, copy, partial(said, "comparing articles"))
    checked = copy.check_events(project._reader, lambda done: said("checking events", done, total))
    _refuse_lost(project, copy)
    _refuse_whole(project, copy)
    merged = Merged(copy.shown, checked.events, dict(sorted(checked.by.items())), found.new,
                    found.changed, 0, "")  # fmt: skip
    if dry_run:
        return merged
    if not (checked.events or found.new or found.changed):
        # which a merge that was interrupted may have left to do
        return merged._replace(trouble=_scrub(project))
    before = project._reader.value(_CONFLICTS)
    writing = project._writing
    try:
        for done in merging_articles.take(project, copy, found):
            said("articles", done, found.new)
        _take_events(project, copy, checked.events, said)
        trouble = _scrub(project)
    finally:
        usual = f"PRAGMA wal_autocheckpoint = {AUTOCHECKPOINT}"
        writing.start(lambda conn: conn.execute(usual).fetchall())
    after = project._reader.value(_CONFLICTS)
    scheme = opening.scheme(project._reader)
    news = scheme != getattr(project, "scheme", scheme)  # a project that is being made has none
    project.scheme = scheme
    return merged._replace(
        conflicts=max(after - before, 0),
        scheme=f"{scheme.name} {scheme.version}" if news else "",
        trouble=trouble,
    )


def _take_events(project: "Part", copy: Copy, total: int, said: Said) -> None:
    """Write the events that are new; a batch is read while the one before is made durable."""
    numbers: dict[str, int] = {}
    done = 0
    saving: tuple[Future[None], int] | None = None
    emptied = merging_articles.withdrawn(project._reader, copy)
    for batch in _batches(copy, log.vector(project._reader)):
        events = [(log.event_of(row), row) for row in batch]
        if saving is not None:
            saving[0].result()
            done += saving[1]
            said("events", done, total)
        if len(numbers) > 20 * BATCH:
            numbers = {}
        write = partial(write_batch, events=events, numbers=numbers, emptied=emptied)
        saving, emptied = (project._writing.start(write), len(batch)), []
    if saving is not None:
        saving[0].result()
        said("events", done + saving[1], total)


def _batches(copy: Copy, ours: Mapping[str, int]) -> Iterator[list[Row]]:
    """The events that are new, in the portions that are written together.

    The sittings that withdrew articles are the first, whole: they say what is erased in the others.
    """
    first = {writer for (writer,) in copy.reader.rows(_WITHDRAWING)}
    withdrawing = list(_new_events(copy, ours, first))
    if withdrawing:
        yield withdrawing
    rest = _new_events(copy, ours, set(copy.vector()) - first)
    while batch := list(islice(rest, BATCH)):
        yield batch


def _new_events(copy: Copy, ours: Mapping[str, int], writers: set[str]) -> Iterator[Row]:
    newest = copy.vector()
    for writer in sorted(writers):
        if newest[writer] > ours.get(writer, 0) and copy.gives(writer):
            yield from copy.events(writer, ours.get(writer, 0))


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
    merging_articles.write(conn, emptied, [])
    conn.execute(f"PRAGMA wal_autocheckpoint = {SELDOM}")
    known: dict[str, int] = {}
    for _, row in events:
        if row[1] not in known:  # another process may merge the same copy
            known[row[1]] = conn.execute(_NEWEST, (row[1],)).fetchone()[0] or 0
    new = [each for each in events if each[1][2] > known[each[1][1]]]
    try:
        conn.executemany(_INSERT, (row for _, row in new))
    except DatabaseError as error:
        if "UNIQUE" not in str(error):
            raise
        raise AnnotatorError(
            "An event of the other copy has the id of another one of this project: one of them was "
            "tampered with; run `annotator check` on both."
        ) from error
    fold = Fold(conn)
    for event, row in new:
        n = _number(conn, event.article, numbers) if event.article else None
        fold.apply(event, n, row[11])
    fold.flush()
    erase(conn, {event.article for event, _ in new})


def _number(conn: Connection, article: str, numbers: dict[str, int]) -> int:
    found = numbers.get(article)
    if found is None:
        found = numbers[article] = conn.execute(_NUMBER, (article,)).fetchall()[0][0]
    return found


def erase(conn: Connection, touched: set[str]) -> None:
    """Erase again what is left of those of the articles that somebody withdrew."""
    withdrawn = sorted(touched.intersection(name for (name,) in conn.execute(_WITHDRAWN)))
    if withdrawn:
        from annotator.store import withdrawing

        withdrawing.erase(conn, withdrawn)


def _scrub(project: "Part") -> str:
    """Write the file anew where words of withdrawn articles may still lie in it; why that failed."""
    from annotator.store import withdrawing

    try:
        withdrawing.scrub(project)
    except AnnotatorError as error:
        return str(error)
    return ""


# --- what cannot be merged


def _refuse_other(project: "Part", copy: Copy) -> None:
    if copy.id != project.id:
        raise AnnotatorError(
            f"{copy.shown} is another project, not a copy of {project.path.name}: bring its work in "
            f"with `annotator export {copy.shown} --format jsonl -o work.jsonl` and `annotator import "
            f"{project.path.name} work.jsonl`."
        )


def _refuse_lost(project: "Part", copy: Copy) -> None:
    """Refuse events about articles that neither has."""
    for name in copy.lost_articles():
        if project._reader.row(_NUMBER, (name,)) is None:
            raise AnnotatorError(
                f"{copy.shown} is damaged: its events speak of article {name!r}, which it does not "
                "have. Nothing was taken from it; ask for another copy."
            )


def was_handed_out(reader: Reader) -> bool:
    """Whether a copy was made for one annotator and holds only what that one may see."""
    return reader.row(_HANDED) is not None


def _refuse_whole(project: "Part", copy: Copy) -> None:
    """Refuse what a handed-out copy holds copies of already, under writers of its own."""
    if not was_handed_out(project._reader):
        return
    for row in _new_events(copy, log.vector(project._reader), set(copy.vector())):
        if project._reader.row("SELECT 1 FROM event WHERE id = ?", (row[0],)):
            if copy.is_partial or was_handed_out(copy.reader):
                raise AnnotatorError(
                    f"{copy.shown} has work that {project.path.name} was handed out as well: send both "
                    "to the whole copy (annotator send), and receive a new handout from there."
                )
            raise AnnotatorError(
                f"{project.path.name} was handed out and holds a part of the project, {copy.shown} more "
                f"of it: merge the other way round (annotator merge {copy.shown} {project.path.name})."
            )
