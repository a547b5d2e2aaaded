"""Assignments written: given, taken back, handed over, and places taken by whoever comes first.

Everything is looked up and written in one transaction, a few hundred things an act, so that repeating
it adds nothing and no place is given twice. What is built on is the version that holds, whoever made it.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from annotator.model.annotation import Kind, valid_name
from annotator.model.errors import AnnotatorError
from annotator.model.event import Act, Draft
from annotator.model.person import is_pass
from annotator.model.slot import Pool, Slot, Why
from annotator.store import slots
from annotator.store.engine import Connection
from annotator.store.gone import HERE
from annotator.store.reader import Reader

if TYPE_CHECKING:
    from concurrent.futures import Future

    from annotator.store.saving import Chain
    from annotator.store.writer import Writer

GIVE, TAKE, OPEN, CLAIM = "assign", "take back", "open", "claim"
"""Verbs of these acts."""
BATCH = 400
"""Slots in one act."""

_GIVEN = """SELECT s.given, s.event, s.round, s.why, w.state FROM article a
            LEFT JOIN slot s ON s.annotator = ?1 AND s.n = a.n
            LEFT JOIN work w ON w.actor = ?1 AND w.n = a.n WHERE a.id = ?2"""
_POOL = """SELECT p.people, p.event, p.round, p.free FROM article a LEFT JOIN pool p ON p.n = a.n
           WHERE a.id = ?"""
_FREE = f"""SELECT a.id, p.round, s.event FROM article a
            CROSS JOIN pool p ON p.n = a.n AND p.free > 0
            LEFT JOIN slot s ON s.annotator = ?1 AND s.n = a.n
            WHERE a.id IN ({{marks}}) AND a.n {HERE} AND coalesce(s.given, 0) = 0"""

_PEOPLE = """SELECT s.annotator FROM article a CROSS JOIN slot s INDEXED BY slot_article
             ON s.n = a.n AND s.given = 1 WHERE a.id = ?"""

T = TypeVar("T")
Planned = Mapping[str, Collection[str]] | None
"""Who is to have which article, those included who had it when that was planned; no later passes."""


def assign(writer: "Writer", wanted: Iterable[Slot], actor: str, planned: Planned = None) -> int:
    """Give slots; how many that added. See `Staffing.assign`."""
    return sum(_in_batches(writer, wanted, partial(_assign, actor=actor, planned=planned)))


def take_back(writer: "Writer", unwanted: Iterable[Slot], actor: str, begun: bool) -> list[Slot]:
    """Take slots back; which. See `Staffing.take_back`."""
    parts = _in_batches(writer, unwanted, partial(_take_back, actor=actor, begun=begun))
    return [slot for part in parts for slot in part]


def open_pools(writer: "Writer", wanted: Iterable[Pool], actor: str) -> int:
    """Open articles to whoever comes first; how many that changed."""
    return sum(_in_batches(writer, wanted, partial(_open, actor=actor)))


def hand_over(
    reader: Reader, writer: "Writer", giver: str, taker: str, actor: str
) -> tuple[int, int]:
    """Give one's unfinished articles to another; how many went, and how many could not."""
    if giver == taker:
        raise AnnotatorError(f"{giver} has these articles already; name somebody else.")
    valid_name(taker)
    theirs = list(slots.slots(reader, annotator=giver))
    moved = _in_batches(writer, theirs, partial(_hand_over, taker=taker, actor=actor), BATCH // 2)
    went, stayed = (sum(numbers) for numbers in zip((0, 0), *moved, strict=True))
    return went, stayed


def claim(writer: "Writer", candidates: Sequence[str], actor: str) -> str | None:
    """Take a place at the first of these articles that has one left; its id, None when none has."""
    _may_claim(actor)
    return writer.write(partial(_claim, candidates=candidates, actor=actor))


def claim_soon(writer: "Writer", article: str, actor: str) -> "Future[str | None]":
    """Take a place at an article before what is submitted next, without waiting for it."""
    _may_claim(actor)
    return writer.soon(partial(_claim, candidates=[article], actor=actor))


def _may_claim(actor: str) -> None:
    valid_name(actor)
    if is_pass(actor):
        raise AnnotatorError(f"{actor} is a later pass and takes no article by itself.")


# --- within a transaction


def _in_batches(
    writer: "Writer",
    things: Iterable[Slot] | Iterable[Pool],
    fn: Callable[..., T],
    size: int = BATCH,
) -> list[T]:
    rest = iter(things)
    found = []
    while batch := list(islice(rest, size)):
        found.append(writer.write(partial(fn, batch=batch)))
    return found


def _save(conn: Connection, chain: "Chain", verb: str, drafts: list[Draft], actor: str) -> None:
    if drafts:
        chain.step(chain.save(conn, Act(verb, tuple(drafts)), actor))


def _row(conn: Connection, slot: Slot) -> tuple[object, ...]:
    """Of a slot: whether it is given, its event, round and why, and where its annotator stands."""
    found: tuple[object, ...] | None = conn.execute(
        _GIVEN, (slot.annotator, slot.article)
    ).fetchone()
    if found is None:
        raise AnnotatorError(f"There is no article {slot.article!r} in this project.")
    return found


def _draft(slot: Slot, given: bool, event: object) -> Draft:
    body = slot.body() if given else None
    return Draft(Kind.SLOT, slot.key, slot.article, body, str(event or ""))


def _assign(
    conn: Connection, chain: "Chain", batch: list[Slot], actor: str, planned: Planned
) -> int:
    """Write those of a batch that are not given."""
    if planned is not None:
        _refuse_others(conn, {slot.article: planned[slot.article] for slot in batch})
    drafts: dict[tuple[str, str], Draft] = {}
    for slot in batch:
        valid_name(slot.annotator)
        given, event, *_ = _row(conn, slot)
        if not given:
            drafts[slot.article, slot.key] = _draft(slot, True, event)
    _save(conn, chain, GIVE, [*drafts.values()], actor)
    return len(drafts)


def _refuse_others(conn: Connection, planned: Mapping[str, Collection[str]]) -> None:
    """Whoever assigns at the same time would otherwise give articles to more people than were asked for."""
    for article, names in planned.items():
        have = {name for (name,) in conn.execute(_PEOPLE, (article,)) if not is_pass(name)}
        if have.difference(names):
            raise AnnotatorError(
                "Somebody else assigned these articles meanwhile. What was given before stays; give "
                "the command again for what is lacking."
            )


def _take_back(
    conn: Connection, chain: "Chain", batch: list[Slot], actor: str, begun: bool
) -> list[Slot]:
    """Remove those of a batch that are given and not begun, or not finished."""
    taken: dict[tuple[str, str], Slot] = {}
    drafts = []
    for slot in batch:
        given, event, of_round, why, state = _row(conn, slot)
        stays = state in slots.FINISHED if begun else state is not None
        if given and not stays and (slot.article, slot.key) not in taken:
            taken[slot.article, slot.key] = slot._replace(round=str(of_round), why=Why(str(why)))
            drafts.append(_draft(slot, False, event))
    _save(conn, chain, TAKE, drafts, actor)
    return [*taken.values()]


def _hand_over(
    conn: Connection, chain: "Chain", batch: list[Slot], taker: str, actor: str
) -> tuple[int, int]:
    """Move a batch's unfinished slots; how many went, and how many the taker has already."""
    drafts, stayed = [], 0
    for slot in batch:
        given, event, of_round, why, state = _row(conn, slot)
        if not given or state in slots.FINISHED:
            continue
        new = Slot(slot.article, taker, str(of_round), Why(str(why)))
        had, theirs, *_ = _row(conn, new)
        if had:
            stayed += 1
        else:
            drafts += [_draft(slot, False, event), _draft(new, True, theirs)]
    _save(conn, chain, GIVE, drafts, actor)
    return len(drafts) // 2, stayed


def _open(conn: Connection, chain: "Chain", batch: list[Pool], actor: str) -> int:
    """Write those of a batch that are news."""
    drafts: dict[str, Draft] = {}
    for pool in batch:
        found = conn.execute(_POOL, (pool.article,)).fetchone()
        if found is None:
            raise AnnotatorError(f"There is no article {pool.article!r} in this project.")
        people, event, of_round, _ = found
        if (people or 0, of_round or "") != (pool.people, pool.round):
            drafts[pool.article] = Draft(
                Kind.POOL, pool.key, pool.article, pool.body(), event or ""
            )
    _save(conn, chain, OPEN, [*drafts.values()], actor)
    return len(drafts)


def _claim(conn: Connection, chain: "Chain", candidates: Sequence[str], actor: str) -> str | None:
    for start in range(0, len(candidates), BATCH):
        batch = candidates[start : start + BATCH]
        marks = ",".join(f"?{place}" for place in range(2, len(batch) + 2))
        rows = conn.execute(_FREE.format(marks=marks), (actor, *batch)).fetchall()
        free = {article: (of_round, event) for article, of_round, event in rows}
        article = next((name for name in batch if name in free), None)
        if article is not None:
            of_round, event = free[article]
            _save(conn, chain, CLAIM, [_draft(Slot(article, actor, of_round), True, event)], actor)
            return article
    return None
