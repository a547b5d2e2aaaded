"""Lines that stand again in other articles of the source, and the versions of things in many articles.

Texts are read a few at a time and looked through for the lines' longest word first, so that a source
of a thousand articles is done within a key.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from annotator.model.annotation import Kind, State
from annotator.store import gone
from annotator.store.assistance import current
from annotator.store.reader import Reader
from annotator.store.splits import splits
from annotator.store.suggestions import HELD_OUT
from annotator.text.alike import landmark, look
from annotator.text.units import block_at, next_block

MOST = 1000
"""Articles of a source that are looked through, the nearest in number to the one at hand."""
READ = 100
"""Texts read at once."""
_FINISHED = f"('{State.DONE}', '{State.SKIPPED}')"
_FREE = f"""a.source = :source AND a.n <> :here AND a.n {gone.HERE} AND NOT EXISTS (
    SELECT 1 FROM work w WHERE w.actor = :actor AND w.n = a.n AND w.state IN {_FINISHED})"""
_MINE = " AND EXISTS (SELECT 1 FROM slot s WHERE s.annotator = :actor AND s.n = a.n)"
_DECIDED = " UNION ALL ".join(
    f"""SELECT body FROM head WHERE article = :article AND actor = :actor
        AND key >= '{kind}:' AND key < '{kind};' AND body IS NOT NULL"""
    for kind in (Kind.SPAN, Kind.REJECTION)
)
_HEAD = "SELECT event, body FROM head WHERE article = ? AND actor = ? AND key = ?"

Stretch = tuple[int, int]


class Found(NamedTuple):
    """An article with lines like those looked for."""

    article: str
    text: str
    places: tuple[Stretch, ...]
    """The lines on which nothing is labelled nor was turned down, in reading order."""


class Recurring(NamedTuple):
    """What was found."""

    found: tuple[Found, ...]
    all: bool = True
    """False when the source has more articles than were looked through."""


def recurring(
    reader: Reader, actor: str, article: str, layer: str, lines: Collection[str], queue: bool
) -> Recurring:
    """Where lines that look (`text.alike.look`) like some of an article's stand in its source.

    Looked through are the other articles that this annotator has not finished and may be helped in;
    with a `queue` only those assigned to them. Lines on which they labelled something in the layer, or
    turned a suggestion down, are left out.
    """
    row = reader.row("SELECT n, source FROM article WHERE id = ?", (article,))
    helped = current(reader)
    if row is None or layer in helped.off:
        return Recurring(())
    numbers = _numbers(reader, actor, row[0], row[1], queue)
    marks = {line: landmark(line) for line in lines}
    found = []
    for n, name, text in _texts(reader, [n for n, _ in numbers[:MOST]]):
        places = _places(text, marks)
        if places:
            found.append((n, Found(name, text, places)))
    held = splits(reader, [each.article for _, each in found])
    begun = {n for n, has_work in numbers if has_work}
    free = (
        each._replace(places=_unlabelled(reader, actor, layer, each)) if n in begun else each
        for n, each in found
        if held.get(each.article) != HELD_OUT and not helped.is_blind(each.article)
    )
    return Recurring(tuple(each for each in free if each.places), len(numbers) <= MOST)


def versions(
    reader: Reader, actor: str, things: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], tuple[str, Mapping[str, Any] | None]]:
    """For articles and keys what an annotator's version there is: its event's id and its body."""
    found = {}
    for article, key in things:
        row = reader.row(_HEAD, (article, actor, key))
        if row is not None:
            found[article, key] = (row[0], None if row[1] is None else json.loads(row[1]))
    return found


def _numbers(
    reader: Reader, actor: str, here: int, source: str, queue: bool
) -> list[tuple[int, bool]]:
    """The articles to look through, the nearest first, and whether the annotator has begun them."""
    where = f"{_FREE}{_MINE}" if queue else _FREE
    sql = f"""SELECT a.n, CASE WHEN EXISTS (SELECT 1 FROM work w WHERE w.actor = :actor
              AND w.n = a.n) THEN 1 ELSE 0 END FROM article a WHERE {where}
              ORDER BY abs(a.n - :here), a.n LIMIT :most"""
    values = {"source": source, "here": here, "actor": actor, "most": MOST + 1}
    return [(n, bool(begun)) for n, begun in reader.rows(sql, values)]


def _texts(reader: Reader, numbers: Sequence[int]) -> Iterator[tuple[int, str, str]]:
    """Numbers, ids and texts, read a few at a time."""
    for start in range(0, len(numbers), READ):
        some = sorted(numbers[start : start + READ])
        marks = ",".join("?" * len(some))
        yield from reader.rows(
            f"""SELECT a.n, a.id, t.text FROM article_text t JOIN article a ON a.n = t.n
                WHERE t.n IN ({marks}) ORDER BY t.n""",
            some,
        )


def _places(text: str, marks: Mapping[str, str]) -> tuple[Stretch, ...]:
    """The lines of a text that look like one of some, given with their landmarks."""
    plain = text.casefold()
    wanted = {line: mark for line, mark in marks.items() if mark in plain}
    if not wanted:
        return ()
    whole = len(plain) != len(text) or not all(wanted.values())
    lines = _lines(text) if whole else _lines_with(text, plain, set(wanted.values()))
    return tuple(sorted({place for place in lines if look(text[slice(*place)]) in wanted}))


def _lines(text: str) -> Iterator[Stretch]:
    """All lines that show something."""
    place = next_block(text, 0)
    while place is not None:
        yield place
        place = next_block(text, place[1])


def _lines_with(text: str, plain: str, marks: Collection[str]) -> Iterator[Stretch]:
    """The lines that have one of some words; `plain` is the text case-folded, as long as it."""
    for mark in marks:
        at = plain.find(mark)
        while at >= 0:
            place = block_at(text, at)
            if place is not None:
                yield place
            at = plain.find(mark, max(place[1] if place else 0, at + 1))


def _unlabelled(reader: Reader, actor: str, layer: str, found: Found) -> tuple[Stretch, ...]:
    """Those of the places over which the annotator has no span of the layer, nor rejected one."""
    rows = reader.rows(_DECIDED, {"article": found.article, "actor": actor})
    decided = [
        (body["start"], body["end"])
        for body in (json.loads(text) for (text,) in rows)
        if body["layer"] == layer
    ]
    return tuple(
        place
        for place in found.places
        if not any(start < place[1] and end > place[0] for start, end in decided)
    )
