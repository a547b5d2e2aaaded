"""What happened to articles while somebody worked on them in another copy: told after a merge."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from annotator.model.person import person_of
from annotator.store.engine import Row
from annotator.store.handing import OWN_SQL
from annotator.store.reader import Reader

_CAME = f"""SELECT DISTINCT article, actor, writer FROM event
           WHERE pos > ? AND article <> '' AND kind IN ({OWN_SQL}, 'slot')"""
_GONE = """SELECT a.id, g.why FROM gone g CROSS JOIN article a ON a.n = g.n WHERE a.id IN ({marks})
           ORDER BY a.id"""
_TAKEN = """SELECT a.id, s.annotator FROM article a CROSS JOIN slot s ON s.n = a.n AND s.given = 0
            WHERE a.id IN ({marks}) ORDER BY a.id, s.annotator"""
_CROWDED = """SELECT a.id FROM article a CROSS JOIN pool p ON p.n = a.n AND p.people > 0
              CROSS JOIN slot s ON s.n = a.n AND s.given = 1 AND instr(s.annotator, ' #') = 0
              WHERE a.id IN ({marks}) GROUP BY a.id, p.people HAVING count(*) > p.people ORDER BY a.id"""
_TOOK = """SELECT a.id, s.annotator FROM event e CROSS JOIN slot s ON s.event = e.id AND s.given = 0
           CROSS JOIN article a ON a.n = s.n WHERE e.pos > ? AND e.kind = 'slot'
           ORDER BY a.id, s.annotator"""
_PAGE = 500


class Meanwhile(NamedTuple):
    """What changed in the project while work that came in was done elsewhere."""

    withdrawn: tuple[str, ...] = ()
    """Articles that were withdrawn: what was decided on them is erased as well."""
    replaced: tuple[str, ...] = ()
    """Articles with a newer text in their place; the work stays with the older one."""
    taken: tuple[tuple[str, str], ...] = ()
    """Articles and annotators who are not to do them any more; the work stays."""
    crowded: tuple[str, ...] = ()
    """Articles open to whoever comes first that more people took by now than were asked for."""
    kept: int = 0
    """How many articles have another language or other data there, which this role may not change here."""
    scheme: str = ""
    """Name and version of the scheme that was worked with, where the project has a newer one."""


def worked(reader: Reader, after: int, writers: Iterable[str]) -> Meanwhile:
    """What became of articles on which work came in.

    Args:
        reader: of the project into which it came.
        after: the place in the log behind which the work lies.
        writers: who wrote it; others may have saved something at the same time.
    """
    theirs = frozenset(writers)
    pairs = {
        (a, person_of(actor)[0]) for a, actor, w in reader.rows(_CAME, (after,)) if w in theirs
    }
    names = sorted({article for article, _ in pairs})
    gone = list(_of(reader, _GONE, names))
    return Meanwhile(
        tuple(name for name, why in gone if why == "withdrawn"),
        tuple(name for name, why in gone if why != "withdrawn"),
        tuple((name, who) for name, who in _of(reader, _TAKEN, names) if (name, who) in pairs),
        tuple(name for (name,) in _of(reader, _CROWDED, names)),
    )


def fetched(reader: Reader, after: int) -> Meanwhile:
    """What was taken back from the annotator of a copy that was handed out."""
    return Meanwhile(taken=tuple((name, who) for name, who in reader.rows(_TOOK, (after,))))


def _of(reader: Reader, sql: str, names: list[str]) -> Iterator[Row]:
    rest = iter(names)
    while some := list(islice(rest, _PAGE)):
        yield from reader.rows(sql.format(marks=",".join("?" * len(some))), some)
