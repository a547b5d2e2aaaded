"""What of the queue lies ahead: the unfinished articles in its order, going round once."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from annotator.model.annotation import State
from annotator.store.queue import QueueRow

if TYPE_CHECKING:
    from annotator.tui.work import WorkList

FINISHED = (State.DONE, State.SKIPPED)
UNFINISHED = (State.NEW, State.STARTED, State.OPEN)
PAGE = 100
OFFERED = 20
"""So many open articles are looked at in one try to get a place."""


def upcoming(work: "WorkList", here: QueueRow, count: int, later: Collection[str]) -> list[str]:
    """The next unfinished articles behind one, at most `count`; each is there once.

    Those of `later` are passed over: they come out of turn.
    """
    near = work.project.page(work.where, work.sort, after=here, limit=3 * count)
    rows = [row for row in near if row.state not in FINISHED and row.id not in later][:count]
    found = [row.id for row in rows]
    row: QueueRow | None = rows[-1] if rows else here
    while row is not None and len(found) < count:
        name = to_do_after(work, row, later)
        if name is None or name == here.id or name in found:
            break
        found.append(name)
        row = work.project.row(name)
    left = count - len(found)
    if left and work.where.assigned and work.where.assigned == work.usual.assigned:
        where = work.where._replace(assigned="open")  # of these places will be taken
        found += [each.id for each in work.project.page(where, work.sort, after=here, limit=left)]
    return found


def to_do_after(work: "WorkList", here: QueueRow | None, later: Collection[str]) -> str | None:
    """The next unfinished article in the queue's order, from the start again at its end."""
    found = _to_do(work, here, None, later)
    return found if found or here is None else _to_do(work, None, here, later)


def _to_do(
    work: "WorkList", row: QueueRow | None, stop: QueueRow | None, later: Collection[str]
) -> str | None:
    """The first unfinished article after a row (None: of all), looked for up to another.

    Those of `later` are passed over: they come out of turn.
    """
    rows = work.project.page(work.where, work.sort, after=row, limit=PAGE)
    for row in rows:
        if stop is not None and row.n == stop.n:
            return None
        if row.state not in FINISHED and row.id not in later:
            return row.id
    if len(rows) < PAGE or work.where.state in FINISHED:
        return None
    # many are finished: by their states the others are found without a look at each
    first = [_first_of(work, state, rows[-1], later) for state in UNFINISHED]
    found = [one for one in (stop, *first) if one is not None]
    nearest = (max if work.sort.startswith("-") else min)(
        found, key=lambda row: work.project.place_in(row, work.sort), default=None
    )
    return None if nearest is None or nearest is stop else nearest.id


def claimed(work: "WorkList", here: QueueRow | None) -> str | None:
    """An article of the pools that the queue's filter lets through, with a place taken in it."""
    if not work.where.assigned or work.where.assigned != work.usual.assigned:
        return None
    where = work.where._replace(assigned="open")
    for start in (None,) if here is None else (here, None):
        row = start
        while rows := work.project.page(where, work.sort, after=row, limit=OFFERED):
            found = work.project.claim([row.id for row in rows])
            if found is not None:
                return found
            row = rows[-1]  # others were faster
    return None


def _first_of(
    work: "WorkList", state: State, after: QueueRow, later: Collection[str]
) -> QueueRow | None:
    """The next article of the queue that is in a state, those of `later` passed over."""
    if work.where.state not in ("", state):
        return None
    where = work.where._replace(state=str(state))
    found = work.project.next(after, where, work.sort)
    while found is not None and found.id in later:
        found = work.project.next(found, where, work.sort)
    return found
