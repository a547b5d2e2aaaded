"""What there is to learn from an annotator, and what suggesters have learnt: caches of one annotator's."""

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

from annotator.model.annotation import Body, Kind, Rejection, Span, State, sort_spans
from annotator.model.suggestion import valid_source
from annotator.store.articles import READ, article_of
from annotator.store.engine import Connection, Row
from annotator.store.gone import HERE
from annotator.store.reader import Reader
from annotator.store.splits import splits
from annotator.store.suggestions import HELD_OUT
from annotator.store.works import bodies, no_collection

if TYPE_CHECKING:
    from annotator.store.coaching import FinishedLayer, Lesson

_PORTION = 20
"""Articles in memory at a time."""
_FINISHED = f"""SELECT w.n, a.id, w.newest, w.state, w.looked FROM work w
    CROSS JOIN article a ON a.n = w.n WHERE w.actor = ? AND w.n {HERE}
    AND (w.state = 'done' OR w.state <> 'skipped' AND w.looked <> '[]')"""
_OWN = """SELECT article, key, event, kind, body FROM head
          WHERE article IN ({marks}) AND actor = ? AND body IS NOT NULL
          AND key >= '{kind}:' AND key < '{kind};'"""
_COLUMNS = "layer, source, version, learnt"
_LISTED = f"SELECT {_COLUMNS} FROM lesson WHERE actor = ? ORDER BY layer, source"
_ONE = f"SELECT {_COLUMNS}, saved FROM lesson WHERE actor = ? AND layer = ? AND source = ?"
_KEEP = """INSERT INTO lesson (actor, layer, source, version, learnt, saved) VALUES (?,?,?,?,?,?)
           ON CONFLICT (actor, layer, source) DO UPDATE SET version = excluded.version,
           learnt = excluded.learnt, saved = excluded.saved"""
_WITHDRAWN = "SELECT n FROM gone WHERE why = 'withdrawn'"
_THESE = "actor = ? AND CAST(? AS TEXT) IN ('', layer) AND CAST(? AS TEXT) IN ('', source)"


# --- what there is to learn


def stamps(reader: Reader, actor: str, layer: str) -> dict[int, str]:
    """The articles in which an annotator finished a layer, see `Coaching.finished_stamps`."""
    rows = reader.rows(f"{_FINISHED} ORDER BY w.newest", (actor,))
    return {n: stamp for n, _, stamp in _to_learn(reader, rows, layer)}


def _to_learn(reader: Reader, rows: list[Row], layer: str) -> list[Row]:
    """Number, id and stamp of the articles in which a layer is finished, but for those held out."""
    found = [row[:3] for row in rows if row[3] == State.DONE or layer in json.loads(row[4])]
    split = splits(reader, [row[1] for row in found])
    return [row for row in found if split.get(row[1]) != HELD_OUT]


def finished(
    reader: Reader, actor: str, layer: str, numbers: Iterable[int]
) -> "Iterator[FinishedLayer]":
    """Those of the articles in which a layer is finished, see `Coaching.finished_layers`."""
    rest = iter(numbers)
    while some := list(islice(rest, _PORTION)):
        with no_collection():
            found = _portion(reader, actor, layer, some)
        yield from (found[n] for n in some if n in found)


def _portion(
    reader: Reader, actor: str, layer: str, numbers: list[int]
) -> "dict[int, FinishedLayer]":
    from annotator.store.coaching import FinishedLayer

    marks = ",".join("?" * len(numbers))
    # the stamps first: work that comes in between is newer than its stamp, and so learnt once more
    rows = reader.rows(f"{_FINISHED} AND w.n IN ({marks})", (actor, *numbers))
    rows = _to_learn(reader, rows, layer)
    names = [row[1] for row in rows]
    if not names:
        return {}
    marks = ",".join("?" * len(names))
    texts = reader.rows(f"{READ} WHERE a.id IN ({marks})", names)
    articles = {row[0]: article_of(row) for row in texts}
    spans = {name: list[Span]() for name in names}
    rejected = {name: list[Rejection]() for name in names}
    for name, key, body in _heads(reader, actor, names, Kind.SPAN):
        if body["layer"] == layer:
            spans[name].append(Span.of(key, body))
    for name, _, body in _heads(reader, actor, names, Kind.REJECTION):
        if body["layer"] == layer:
            rejected[name].append(Rejection.of(body))
    return {
        n: FinishedLayer(n, stamp, articles[name], sort_spans(spans[name]), _sorted(rejected[name]))
        for n, name, stamp in rows
        if name in articles and articles[name].text
    }


def _heads(
    reader: Reader, actor: str, names: list[str], kind: Kind
) -> Iterator[tuple[str, str, Body]]:
    """Article, key and body of an annotator's things of a kind."""
    sql = _OWN.format(marks=",".join("?" * len(names)), kind=kind)
    rows = reader.rows(sql, (*names, actor))
    for row, body in zip(rows, bodies([row[1:] for row in rows]), strict=True):
        if body is not None:
            yield row[0], row[1], body


def _sorted(found: list[Rejection]) -> tuple[Rejection, ...]:
    return tuple(sorted(found, key=lambda r: (r.start, r.end)))


# --- what was learnt


def one(reader: Reader, actor: str, layer: str, source: str) -> "Lesson | None":
    """What a suggester learnt; None when nothing is kept, or what is kept cannot be read."""
    rows = reader.rows(_ONE, (actor, layer, source))
    return next((made for row in rows if (made := of_row(row)) is not None), None)


def listed(reader: Reader, actor: str) -> "list[Lesson]":
    """What all of an annotator's suggesters learnt, without the bytes."""
    made = (of_row((*row, b"")) for row in reader.rows(_LISTED, (actor,)))
    return [lesson for lesson in made if lesson is not None]


def of_row(row: Row) -> "Lesson | None":
    """The lesson in a row of layer, source, version, articles and bytes; None when it is damaged."""
    from annotator.store.coaching import Lesson

    layer, source, version, learnt, saved = row
    try:
        known = {int(n): str(stamp) for n, stamp in json.loads(learnt).items()}
    except (ValueError, AttributeError):
        return None
    return Lesson(layer, source, version, known, bytes(saved))


def keep(conn: Connection, actor: str, lesson: "Lesson") -> None:
    """Keep what a suggester learnt; the caller holds lock and transaction.

    What learnt from an article that was withdrawn meanwhile is not kept: it may hold words of it.
    """
    valid_source(lesson.source)
    if any(n in lesson.learnt for (n,) in conn.execute(_WITHDRAWN).fetchall()):
        return
    learnt = json.dumps({str(n): stamp for n, stamp in lesson.learnt.items()})
    row = (actor, lesson.layer, lesson.source, lesson.version, learnt, lesson.saved)
    conn.execute(_KEEP, row)


def drop(conn: Connection, actor: str, layer: str, source: str) -> tuple[int, int]:
    """Forget an annotator's lessons and guesses, see `Coaching.drop_lessons`."""
    these = (actor, layer, source)
    articles = conn.execute(f"SELECT count(DISTINCT n) FROM guess WHERE {_THESE}", these).fetchone()
    conn.execute(f"DELETE FROM guess WHERE {_THESE}", these)
    lessons = conn.execute(f"DELETE FROM lesson WHERE {_THESE}", these).rowcount
    return lessons, articles[0]


def withdrawn(reader: Reader) -> int:
    """How many articles were withdrawn."""
    return int(reader.value("SELECT count(*) FROM gone WHERE why = 'withdrawn'"))


def tidy(conn: Connection) -> None:
    """Forget what cannot be read; within a transaction."""
    for actor, *row in conn.execute(f"SELECT actor, {_COLUMNS} FROM lesson").fetchall():
        if of_row((*row, b"")) is None:
            these = (actor, *row[:2])
            conn.execute("DELETE FROM lesson WHERE actor = ? AND layer = ? AND source = ?", these)
