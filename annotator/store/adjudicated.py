"""What adjudication asks of a project: which articles are ready for it, and its own past acts."""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from annotator.model.annotation import Kind, State
from annotator.model.decision import Decided, Decision
from annotator.model.event import Act, Change, PastAct
from annotator.model.person import is_pass, person_of
from annotator.model.slot import Why
from annotator.store.engine import Connection
from annotator.store.gone import HERE, STAYED
from annotator.store.journal import folder
from annotator.store.journal import stem as file_stem
from annotator.store.project import Project
from annotator.store.saving import Chain

_PAGE = 64
_WORK = f"""SELECT n, actor, state, looked FROM work WHERE state <> ? AND n {HERE}
            ORDER BY n, actor"""
_SLOTS = "SELECT n, annotator FROM slot WHERE given = 1 AND why = ?"
_POOLS = "SELECT n, people FROM pool"
_IDS = "SELECT n, id FROM article"
_MINE = """SELECT id, act FROM event WHERE actor = ? AND id < ? AND kind = ?
           ORDER BY id DESC LIMIT ?"""
_EVENTS = "SELECT event FROM head WHERE article = ? ORDER BY actor, key"
_HEADS = """SELECT article, key, actor, event, body FROM head
            WHERE kind = 'decision' AND body IS NOT NULL ORDER BY article, key, event"""
_OWN = """SELECT key, event, body FROM head
          WHERE article = ? AND actor = ? AND kind = 'decision'"""
_PAST = f"""SELECT e.verb, e.of, e.kind, e.key, e.article, e.body, b.body
            FROM event e LEFT JOIN event b ON b.id = e.base AND b.actor = e.actor
            WHERE e.act = ? AND e.article {STAYED} ORDER BY e.id"""
_TOUCHED = "SELECT DISTINCT article FROM head WHERE kind = 'decision'"

DEFAULT_WANTED = 2
"""How many annotators make an article ready, where neither slots nor an option say it."""


class Ready(NamedTuple):
    """An article with the annotators who finished it."""

    n: int
    """Its number, the order of arrival."""
    article: str
    finished: tuple[str, ...]
    """Names, sorted; later passes and training are not among them."""
    wanted: int
    """How many annotators it needs."""

    @property
    def is_ready(self) -> bool:
        """Whether as many have finished it as are wanted."""
        return len(self.finished) >= self.wanted


def finished(project: Project, wanted: int = 0) -> list[Ready]:
    """The articles that anybody has finished, by number.

    An annotator has finished an article that they called done, or of which they looked at every
    layer; who skipped it is not waited for, nor are answers to hidden questions.

    Args:
        project: Where they are.
        wanted: How many annotators make an article ready; 0 means those with a slot (or, of an
            article that is open to several, as many as it is open to), and where there are none two.
    """
    reader = project._reader
    layers = {layer.name for layer in project.scheme.layers}
    asked = set(reader.rows(_SLOTS, (Why.GOLD.value,)))  # their answers are no votes
    done: dict[int, list[str]] = {}
    skipped: dict[int, int] = {}
    for n, actor, state, looked in reader.rows(_WORK, (State.NEW.value,)):
        if is_pass(actor) or (n, actor) in asked:
            continue
        if state == State.SKIPPED:
            skipped[n] = skipped.get(n, 0) + 1
        elif state == State.DONE or (looked != "[]" and layers <= set(json.loads(looked))):
            done.setdefault(n, []).append(actor)
    needed = {} if wanted else _needed(project)
    names: dict[int, str] = dict(reader.rows(_IDS)) if done else {}
    return [
        Ready(n, names[n], tuple(actors), wanted or _least(needed.get(n, 0), skipped.get(n, 0)))
        for n, actors in done.items()
    ]


def _needed(project: Project) -> dict[int, int]:
    """How many annotators each article with slots is for."""
    found: dict[int, int] = {}
    for n, annotator in project._reader.rows(_SLOTS, (Why.WORK.value,)):
        if not is_pass(annotator):
            found[n] = found.get(n, 0) + 1
    for n, people in project._reader.rows(_POOLS):
        found[n] = max(found.get(n, 0), people)
    return found


def _least(needed: int, skipped: int) -> int:
    return max(needed - skipped, 1) if needed else DEFAULT_WANTED


def stamp(project: Project, article: str) -> str:
    """A fingerprint of all that holds on an article; another one means that something changed.

    A merge can bring older events than are known, so the newest one would not do.
    """
    events = "".join(event for (event,) in project._reader.rows(_EVENTS, (article,)))
    return hashlib.sha256(events.encode()).hexdigest()[:16]


def remembered_counts(project: Project, what: str) -> dict[str, tuple[str, int]]:
    """For each article its stamp and how many open items it had then, as this machine remembers.

    `what` says how they were counted. What cannot be read is nothing.
    """
    with suppress(OSError, ValueError, KeyError, TypeError):
        found = json.loads(_counts_file(project).read_text("utf-8"))
        if found["what"] == what:
            return {name: (str(mark), int(count)) for name, (mark, count) in found["left"].items()}
    return {}


def remember_counts(project: Project, what: str, left: Mapping[str, tuple[str, int]]) -> None:
    """Remember how many open items articles have, so that finished ones are passed over quickly."""
    with suppress(OSError):
        file = _counts_file(project)
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = file.with_suffix(f".{os.getpid()}")
        part.write_text(json.dumps({"what": what, "left": dict(left)}), "utf-8")
        os.replace(part, file)


def _counts_file(project: Project) -> Path:
    return folder() / f"{file_stem(project.id, project.actor)}.adjudicated"


def touched(project: Project) -> set[str]:
    """The articles of which anything was decided."""
    return {row[0] for row in project._reader.rows(_TOUCHED)}


def past_decisions(project: Project, before: str = "g") -> Iterator[PastAct]:
    """This person's acts on items, undone ones and undo among them, newest first, read as needed.

    `before` is an event's id: only acts with older events are given.
    """
    top, seen = before, set[str]()
    while True:
        params = (project.actor, top, Kind.DECISION.value, _PAGE)
        page = project._reader.rows(_MINE, params)
        for _, act in page:
            if act not in seen:
                seen.add(act)
                yield _past(project, act)
        if len(page) < _PAGE:
            return
        top = page[-1][0]


def past_act(project: Project, act: str) -> PastAct | None:
    """One act by its id, None when it is not in the log."""
    found = _past(project, act)
    return found if found.verb else None


def _past(project: Project, act: str) -> PastAct:
    """An act with what each of its events replaced of the same person's: others' opinions stay theirs.

    The verb is "" where nothing is left of it.
    """
    rows = project._reader.rows(_PAST, (act,))
    changes = tuple(
        Change(
            Kind(kind),
            key,
            article,
            None if before is None else json.loads(before),
            None if after is None else json.loads(after),
        )
        for _, _, kind, key, article, after, before in rows
    )
    return PastAct(act, rows[0][0] if rows else "", rows[0][1] if rows else "", changes)


def opinions(project: Project, article: str) -> dict[str, Decided]:
    """What this person decided about an article's items, by key, whether it holds or not."""
    rows = project._reader.rows(_OWN, (article, project.actor))
    return {
        key: Decided(Decision.of(key, json.loads(body)), event, project.actor)
        for key, event, body in rows
        if body is not None
    }


def last_events(project: Project, article: str) -> dict[str, str]:
    """By key the ids of this person's last events on an article's items, taken back or not."""
    rows = project._reader.rows(_OWN, (article, project.actor))
    return {key: event for key, event, _ in rows}


def record_all(project: Project, acts: Sequence[Act]) -> None:
    """Save acts now, all of them or none; raises AnnotatorError."""

    def save(conn: Connection, chain: Chain) -> None:
        for act in acts:
            chain.step(chain.save(conn, act, project.actor))

    project._writing.write(save)


def decision_heads(project: Project) -> Iterator[tuple[str, str, str, str, dict[str, Any]]]:
    """Everybody's own last decision on every item: article, key, actor, event and body.

    Sorted by article; of one item the decisions of several people may differ, the newest holds.
    """
    for article, key, actor, event, body in project._reader.rows(_HEADS):
        yield article, key, actor, event, json.loads(body)


def begun_by(project: Project, person: str) -> set[int]:
    """Numbers of the articles somebody has annotated, or begun to, in whichever of their passes."""
    rows = project._reader.rows("SELECT DISTINCT actor FROM work")
    names = [actor for (actor,) in rows if person_of(actor)[0] == person]
    if not names:
        return set()
    marks = ",".join("?" * len(names))
    return {
        n for (n,) in project._reader.rows(f"SELECT n FROM work WHERE actor IN ({marks})", names)
    }
