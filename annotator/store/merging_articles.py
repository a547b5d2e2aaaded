"""The articles of two copies: a union by id, and the same outcome whichever is merged into which.

A text never changes, so one id with two texts cannot be merged. Of other data the row with the smaller
seal holds, seals compared as they are once an article is withdrawn and then as they are. Of languages
holds what a user said before what came with the article, and that before what was detected; of two
such the one later in the alphabet.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from annotator.model.article import text_sha256, unstorable
from annotator.model.errors import AnnotatorError
from annotator.store import counts, long_names, words
from annotator.store.address import typed
from annotator.store.articles import opening, seal
from annotator.store.copies import Copy
from annotator.store.engine import Connection, Row
from annotator.store.languages import USER
from annotator.store.reader import Reader

if TYPE_CHECKING:
    from annotator.store.part import Part

BATCH = 500
"""Articles compared or written together."""
_RANKS = {"": 0, USER: 3, "import": 2}
_COLUMNS = (
    "id, sha256, chars, title, opening, source, url, date, lang, lang_source, grp, meta, seal"
)
_MANY = f"SELECT {_COLUMNS} FROM article WHERE id > ? ORDER BY id LIMIT ?"
_WHOLE = """SELECT {columns}, t.text FROM article a LEFT JOIN article_text t ON t.n = a.n
            WHERE a.id IN ({marks}) ORDER BY a.id"""
_INSERT = f"INSERT INTO article (n, {_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
_SEALED = """UPDATE article SET title = ?, opening = ?, source = ?, url = ?, date = ?, grp = ?,
             meta = ?, seal = ? WHERE n = ?"""
_LANG = "UPDATE article SET lang = ?, lang_source = ? WHERE n = ?"


class Compared(NamedTuple):
    """What another copy's articles would change."""

    new: int
    changed: int


def rank(lang: str, source: str) -> tuple[bool, int, str, str]:
    """By which of two languages of an article holds: the larger one."""
    return (bool(lang), _RANKS.get(source, 1), source, lang)


def compare(ours: Reader, copy: Copy, said: Callable[[int, int], object]) -> Compared:
    """How many articles of a copy are new and how many have other data; new ones are checked.

    Raises:
        AnnotatorError: an article has another text there, or one is damaged.
    """
    total = int(copy.reader.value("SELECT max(n) FROM article") or 0)
    new = changed = done = 0
    other: list[str] = []
    for page in _pages(copy):
        mine = _ours(ours.rows, page)
        fresh = [row[0] for row in page if row[0] not in mine]
        for row in page:
            have = mine.get(row[0])
            if have is not None:
                if have[2] != row[1]:
                    other.append(row[0])
                sealed, tongue = _news(have[1:], row)
                if sealed:
                    _check_seal(copy, row)
                changed += sealed or tongue
        for whole in _whole(copy, fresh):
            _check(copy, whole)
        new += len(fresh)
        done += len(page)
        said(done, total)
    if other:
        raise _two_texts(ours, copy, other)
    return Compared(new, changed)


def take(project: "Part", copy: Copy, found: Compared) -> Iterator[int]:
    """Write what is new or holds of a copy's articles; how many new ones so far, a batch at a time.

    But for new ones that were withdrawn there (`withdrawn`): they go in with the event that says so.
    """
    if not (found.new or found.changed):
        return
    done = 0
    for page in _pages(copy):
        mine = _ours(project._reader.rows, page)
        fresh = [row[0] for row in page if row[0] not in mine and row[2]]
        known = [row for row in page if row[0] in mine and any(_news(mine[row[0]][1:], row))]
        if fresh or known:
            whole = list(_whole(copy, fresh))
            project._writing.start(partial(write, whole=whole, known=known)).result()
            done += len(fresh)
            yield done


def withdrawn(ours: Reader, copy: Copy) -> list[Row]:
    """The copy's articles that a project lacks and that were withdrawn there, as `write` takes them."""
    names = [name for (name,) in copy.reader.rows("SELECT id FROM article WHERE chars = 0")]
    return [row for row in _whole(copy, names) if not _ours(ours.rows, [row])]


def write(conn: Connection, whole: list[Row], known: list[Row]) -> None:
    """Write articles that are new, and data of those that are known; within a transaction."""
    there = _ours(lambda sql, params: conn.execute(sql, params).fetchall(), [*whole, *known])
    new = [row for row in whole if row[0] not in there]
    n: int = conn.execute("SELECT coalesce(max(n), 0) FROM article").fetchone()[0]
    langs: Counter[str] = Counter(row[8] for row in new)
    sources: Counter[str] = Counter(row[5] for row in new)
    long_names.of_articles(conn, [*new, *known])
    conn.executemany(_INSERT, ((n + i, *row[:13]) for i, row in enumerate(new, 1)))
    texts = ((n + i, row[13]) for i, row in enumerate(new, 1))
    conn.executemany("INSERT INTO article_text (n, text) VALUES (?,?)", texts)
    for row in known:
        number, *have = there[row[0]]
        sealed, tongue = _news(tuple(have), row)
        if sealed:
            title, *others = _settled(tuple(have), row)
            text = conn.execute("SELECT text FROM article_text WHERE n = ?", (number,)).fetchone()[
                0
            ]
            first = "" if title else opening(text)
            words.index_anew(conn, number, (have[3], have[4], text), (title, first, text))
            conn.execute(_SEALED, (title, first, *others, number))
            sources.update({row[5]: 1})
            sources.subtract({have[5]: 1})
        if tongue:
            conn.execute(_LANG, (row[8], row[9], number))
            langs.update({row[8]: 1})
            langs.subtract({have[8]: 1})
    counts.add(conn, counts.LANG, langs)
    counts.add(conn, counts.SOURCE, sources)


def _news(have: Row, row: Row) -> tuple[bool, bool]:
    """Whether the other copy's sealed data hold, and whether its language does."""
    tongue = rank(row[8], row[9]) > rank(have[8], have[9])
    if have[12] == row[12]:
        return False, tongue
    mine, theirs = _order(have), _order(row)
    if bool(have[2]) != bool(row[2]):  # one of them was withdrawn: of it only these are left
        return theirs[0] < mine[0], tongue
    return theirs < mine, tongue


def _order(row: Row) -> tuple[str, str]:
    """By which of two rows holds, the smaller one: the seal it has once withdrawn, then its own."""
    return seal(row[0], "", row[5], "", row[7], "", "{}", row[1]), row[12]


def _settled(have: Row, row: Row) -> Row:
    """Title, source, url, date, group, meta and seal of an article in which the other's data hold."""
    if bool(have[2]) == bool(row[2]):
        return (row[3], *row[5:8], *row[10:13])
    title, url, group, meta = have[3], have[6], have[10], have[11]
    sealed = seal(have[0], title, row[5], url, row[7], group, meta, have[1])
    return (title, row[5], url, row[7], group, meta, sealed)


def _pages(copy: Copy) -> Iterator[list[Row]]:
    rows = copy.reader.pages(_MANY, ("",), size=BATCH)
    while page := list(islice(rows, BATCH)):
        yield page


def _ours(rows: Callable[[str, list[str]], list[Row]], page: Iterable[Row]) -> dict[str, Row]:
    """Number and columns of those of some articles that a project has, by id."""
    ids = [row[0] for row in page]
    if not ids:
        return {}
    marks = ",".join("?" * len(ids))
    sql = f"SELECT n, {_COLUMNS} FROM article WHERE id IN ({marks})"
    return {row[1]: row for row in rows(sql, ids)}


def _whole(copy: Copy, ids: list[str]) -> Iterator[Row]:
    """Columns and texts of articles, sorted by id, a few in memory at a time."""
    columns = ", ".join(f"a.{name}" for name in _COLUMNS.split(", "))
    rest = iter(ids)
    while some := list(islice(rest, 50)):
        sql = _WHOLE.format(columns=columns, marks=",".join("?" * len(some)))
        yield from copy.reader.rows(sql, some)


def _check_seal(copy: Copy, row: Row) -> None:
    if seal(row[0], row[3], *row[5:8], *row[10:12], row[1]) != row[12]:
        raise _damaged(copy, row[0], "its title, source or other data are not those that came in")
    try:
        meta = json.loads(row[11])
    except ValueError:
        meta = None
    if not isinstance(meta, dict) or "\0" in "".join(row[3:12]) or not row[8].isascii():
        raise _damaged(copy, row[0], "its title, source or other data are none that can come in")


def _check(copy: Copy, row: Row) -> None:
    """That a new article is what came in there."""
    text = row[13]
    _check_seal(copy, row)
    if text is None or (
        ((text_sha256(text), len(text)) != row[1:3] or unstorable(text))
        and not copy.is_withdrawn(row[0])
    ):
        raise _damaged(copy, row[0], "its text is not the one that came in")
    if row[4] != ("" if row[3] else opening(text)) and not copy.is_withdrawn(row[0]):
        raise _damaged(copy, row[0], "its opening is not that of its text")


def _damaged(copy: Copy, name: str, why: str) -> AnnotatorError:
    return AnnotatorError(
        f"{copy.shown} is damaged or was tampered with at article {name!r}: {why}. Nothing was taken "
        "from it; ask for another copy."
    )


def _two_texts(ours: Reader, copy: Copy, names: list[str]) -> AnnotatorError:
    listed = ", ".join(map(repr, names[:5])) + (f" and {len(names) - 5} more" if names[5:] else "")
    few = len(names) == 1
    return AnnotatorError(
        f"{'Article' if few else 'Articles'} {listed} {'has' if few else 'have'} another text in "
        f"{copy.shown}, so nothing was merged: `annotator export {typed(copy.shown)} --format jsonl -o "
        f"work.jsonl` and `annotator import {typed(ours.path)} work.jsonl` bring in its work, with those "
        "texts stored apart."
    )
