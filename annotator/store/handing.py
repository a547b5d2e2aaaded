"""What goes into a bundle: what somebody lacks, or what one annotator may see.

A **handout** is a view of the project for one annotator, who is to be blind to the others: scheme,
guidelines, people, rounds, their own assignments, their articles with suggestions, and their own work.
It cannot consist of writers' chains, in which everybody's events follow one another, nor of chains with
bodies left out, which would still tell who marked how much where. So it holds the events themselves,
ids and all, and the copy that takes them chains them under a writer of its own (`HANDED`). Such a writer
is proved like any other and never merged anywhere: wherever the work comes back to has the originals.
Not in a handout: others' work, decisions, releases, articles open to whoever comes first.
"""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from annotator.model.annotation import Kind
from annotator.model.event import canonical
from annotator.model.person import person_of
from annotator.model.slot import Why
from annotator.store.copies import HANDED, HANDED_END
from annotator.store.engine import Row
from annotator.store.keys import Keys
from annotator.store.log import COLUMNS
from annotator.store.reader import Reader

if TYPE_CHECKING:
    from collections.abc import Mapping

OWN = (Kind.SPAN, Kind.STANCE, Kind.LOOKED, Kind.STATUS, Kind.NOTE, Kind.REJECTION, Kind.RULE,
       Kind.TIME)  # fmt: skip
"""Kinds that are somebody's own work. What was shown to them goes along where its article does: they may
have looked at others."""
COMMON = (
    Kind.SCHEME,
    Kind.GUIDELINES,
    Kind.PERSON,
    Kind.ROUND,
    Kind.FEEDBACK,
    Kind.ASSISTANCE,
)
"""Kinds about the whole project that everybody needs."""
GONE = (Kind.WITHDRAWAL, Kind.SUCCESSOR)
"""Kinds that say that an article is no longer worked on; who does not have it passes them over."""


class What(NamedTuple):
    """What is to be sent."""

    to: str = ""
    """A handout for this annotator; "" for chains as they are."""
    vector: "Mapping[str, int] | None" = None
    """How far the other side knows each writer; None when it has nothing."""
    known: Keys = Keys()
    """The articles the other side has."""
    only: str = ""
    """Only sittings in which nobody but this annotator did anything."""


def _list(kinds: tuple[Kind, ...]) -> str:
    return ",".join(f"'{kind}'" for kind in kinds)


_ME = "({0} = :me OR ({0} > :me || ' #' AND {0} < :me || ' $'))"
_ACTOR, _SLOT = _ME.format("actor"), _ME.format("substr(key, 6)")
OWN_SQL, _COMMON, _GONE = map(_list, (OWN, COMMON, GONE))
# assigned, begun, or withdrawn when it was; every article where nobody was assigned any
_MINE = """(NOT EXISTS (SELECT 1 FROM slot)
            OR EXISTS (SELECT 1 FROM slot s WHERE s.n = {n} AND s.given = 1 AND {slot})
            OR EXISTS (SELECT 1 FROM work w WHERE w.n = {n} AND {work})
            OR EXISTS (SELECT 1 FROM gone g CROSS JOIN article b ON b.n = g.n
                       CROSS JOIN head h ON h.article = b.id WHERE g.n = {n} AND g.why = 'withdrawn'
                       AND (h.key = 'slot:' || :me OR {head})))"""


def _mine(number: str) -> str:
    """SQL that holds of the number of an article that goes into a handout."""
    names = {"slot": "s.annotator", "work": "w.actor", "head": "h.actor"}
    return _MINE.format(n=number, **{name: _ME.format(column) for name, column in names.items()})


_ABOUT = _mine("(SELECT n FROM article WHERE id = e.article)")
_SPLIT = _mine("(SELECT n FROM article WHERE id = substr(e.key, 7))")
# that an article was taken back is told as well; who never had it passes that over
HANDED_OUT = f"""SELECT id, actor, article, key, base, act, verb, of, kind, body,
    CASE WHEN {_ABOUT} THEN 1 ELSE 0 END FROM event e
    WHERE id > :after AND (
        (kind IN ({_COMMON}) AND article = '')
        OR (kind IN ({OWN_SQL}) AND {_ACTOR})
        OR (kind = 'shown' AND {_ACTOR} AND {_ABOUT})
        OR (kind = 'slot' AND {_SLOT})
        OR (kind = 'suggestion' AND {_ABOUT} AND coalesce(json_extract(body, '$.for'), :me) = :me)
        OR kind IN ({_GONE})
        OR (kind = 'split' AND (key = 'splits' OR {_SPLIT})))
    ORDER BY id LIMIT :size"""
_ARTICLES = "SELECT id, sha256 FROM article a WHERE {which} ORDER BY id"
_ORIGINAL = f"NOT (writer >= '{HANDED}' AND writer < '{HANDED_END}')"
"""SQL that leaves out the writers of handouts."""
_WRITERS = f"""SELECT writer FROM event WHERE {_ORIGINAL}
               GROUP BY writer HAVING count(*) FILTER (WHERE kind <> 'session' AND {_ACTOR}) > 0"""
_MIXED = f"SELECT DISTINCT writer FROM event WHERE kind <> 'session' AND NOT {_ACTOR}"


def handed_out(reader: Reader, name: str) -> Iterator[Row]:
    """The events of a handout: id, actor, article, key, base, act, verb, of, kind, body; by id."""
    params = {"me": name, "after": "", "size": 500}
    while True:
        page = reader.rows(HANDED_OUT, params)
        for row in page:
            yield _masked(row[:10], name, is_theirs=bool(row[10]))
        if len(page) < 500:
            return
        params["after"] = page[-1][0]


def _masked(row: Row, name: str, is_theirs: bool) -> Row:
    """An event as somebody may see it.

    A hidden question looks like any other assignment to who is asked it. Who else had an article that
    was replaced, and why one that is not theirs was withdrawn, is not for everybody.
    """
    kind, body = row[8], row[9]
    if body is None or kind not in (Kind.SLOT, Kind.SUCCESSOR, Kind.WITHDRAWAL):
        return row
    if kind == Kind.SLOT:
        return (*row[:9], body.replace(f'"why":"{Why.GOLD}"', f'"why":"{Why.WORK}"'))
    value = json.loads(body)
    if kind == Kind.SUCCESSOR and "slots" in value:
        value["slots"] = [each for each in value["slots"] if person_of(each)[0] == name]
    elif kind == Kind.WITHDRAWAL and not is_theirs:
        value["reason"] = ""
    return (*row[:9], canonical(value))


def articles_for(reader: Reader, name: str) -> list[tuple[str, str]]:
    """Id and SHA-256 of the articles of a handout: the assigned and begun ones; all if none is."""
    sql = _ARTICLES.format(which=_mine("a.n"))
    return list(reader.rows(sql, {"me": name}))


def all_articles(reader: Reader) -> Iterator[tuple[str, str]]:
    """Id and SHA-256 of every article, sorted by id."""
    sql = "SELECT id, sha256 FROM article WHERE id > ? ORDER BY id LIMIT ?"
    yield from reader.pages(sql, ("",), size=2000)


def writers(reader: Reader, what: What) -> tuple[dict[str, tuple[int, int]], int]:
    """From which event to which of every writer something is to be sent, and how many are left out.

    Left out are sittings in which the one annotator whose work is wanted is not alone.
    """
    known = what.vector or {}
    sql = f"SELECT writer, max(seq) FROM event WHERE {_ORIGINAL} GROUP BY writer ORDER BY writer"
    found = {
        w: (known.get(w, 0), newest) for w, newest in reader.rows(sql) if newest > known.get(w, 0)
    }
    if not what.only:
        return found, 0
    me = {"me": what.only}
    some = {writer for (writer,) in reader.rows(_WRITERS, me)}
    others = {writer for (writer,) in reader.rows(_MIXED, me)}
    left_out = sum(1 for writer in some & others if writer in found)
    return {w: part for w, part in found.items() if w in some - others}, left_out


def events(reader: Reader, parts: "Mapping[str, tuple[int, int]]") -> Iterator[Row]:
    """Rows of `log.COLUMNS` of parts of chains, by writer and sequence."""
    sql = f"SELECT seq, {COLUMNS} FROM event WHERE writer = ? AND seq <= ? AND seq > ? ORDER BY seq LIMIT ?"
    for writer, (after, newest) in sorted(parts.items()):
        for row in reader.pages(sql, (after,), fixed=(writer, newest)):
            yield row[1:]
