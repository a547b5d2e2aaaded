"""Orders of the queue that no column has: shuffled by a seed, the least sure first, events together.

Such an order has two stretches: the articles that are arranged, by their places, and behind them the
others in the order of arrival. So it is whole at any time, also while an arrangement is being made, when
articles came in since, and in a project that can only be read.

A shuffled article's place is a hash of the seed and its id: every copy of a project has the same order,
and what is imported later slots in. Arrangements are a cache; the row at place `MARK` says how far one
goes: minus its number is the article up to which all are arranged.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from hashlib import blake2b
from heapq import nsmallest
from typing import TYPE_CHECKING, NamedTuple

from annotator.model.errors import AnnotatorError
from annotator.store.address import Place
from annotator.store.engine import Connection
from annotator.store.filters import Criterion
from annotator.store.gone import HERE
from annotator.store.queue import ORDERS, SORTS, QueueRow
from annotator.store.reader import Reader
from annotator.store.statements import Order

if TYPE_CHECKING:
    from annotator.store.writer import Writer

EVENT, RANDOM, UNCERTAIN = "event", "random", "uncertain"
SHARE = 0.2
"""Of the uncertain order: so many places are given at random."""
BATCH = 50_000
"""Articles arranged in one transaction, which takes less than a second."""
KEPT = 1000
"""So many articles that were finished last stand in front of the least sure ones."""
MARK = -1
SEEDS = 10_000
"""A project's own seed is below this."""

_PORTION = 50_000
_INSERT = "INSERT INTO arrangement (name, place, n) VALUES (?,?,?) ON CONFLICT DO NOTHING"
_FINISHED = f"""SELECT n FROM work WHERE actor = ? AND state IN ('done', 'skipped') AND n {HERE}
                ORDER BY newest, n"""
# of sources that learn: what others are unsure of says nothing about what there is to learn
_DOUBTED = f"""SELECT g.n FROM guess g WHERE g.actor = ? AND g.n {HERE} AND EXISTS (
               SELECT 1 FROM lesson l
               WHERE l.actor = g.actor AND l.layer = g.layer AND l.source = g.source)
               GROUP BY g.n ORDER BY avg(g.doubt) DESC, g.n"""
_OWN = f"""SELECT a.id, a.n FROM slot s CROSS JOIN article a ON a.n = s.n
           WHERE s.annotator = ? AND s.given = 1 AND a.n {HERE}
           UNION SELECT a.id, a.n FROM pool p CROSS JOIN article a ON a.n = p.n
           WHERE p.free > 0 AND a.n {HERE}"""
_ALL = f"SELECT id, n FROM article WHERE id > ? AND n {HERE} ORDER BY id LIMIT ?"
_ALONE = "article_alone"
"""The index of articles without an event, where a project has it."""


class Leg(NamedTuple):
    """A stretch of an order."""

    by: Order
    only: tuple[Criterion, ...] = ()
    """What keeps to it."""


# --- names


def own_seed(project_id: str) -> int:
    """The seed of a project's random order where none is given: the same in all its copies."""
    return int.from_bytes(blake2b(project_id.encode(), digest_size=8).digest()) % SEEDS


def checked(sort: str, project_id: str = "") -> str:
    """An order's name without "-", a random one with its seed; raises AnnotatorError on another one."""
    name, colon, seed = sort.removeprefix("-").partition(":")
    if name == RANDOM and colon:
        if not (seed.isascii() and seed.isdigit() and len(seed) < 16):
            raise AnnotatorError(
                f"A random order has a whole number as its seed, such as random:7, not {seed!r}."
            )
        return f"{RANDOM}:{int(seed)}"
    if colon or name not in ORDERS:
        raise AnnotatorError(f"There is no order {sort!r}; there are {', '.join(ORDERS)}.")
    return f"{RANDOM}:{own_seed(project_id)}" if name == RANDOM else name


def arrangement(reader: Reader, actor: str, sort: str) -> str:
    """The name under which an order is arranged, "" where it is that of a column."""
    project_id = str(reader.value("SELECT value FROM project WHERE name = 'id'"))
    name = checked(sort, project_id)
    if name == UNCERTAIN:
        return f"{UNCERTAIN}:{actor}"
    return name if name.startswith(RANDOM) else ""


# --- reading


def legs(reader: Reader, actor: str, sort: str, backwards: bool, edge: int | None) -> Iterator[Leg]:
    """The stretches of an order behind the article number `edge`, as they are come to."""
    name = arrangement(reader, actor, sort)
    reached = _reached(reader, name) if name else 0
    place, is_behind = _edge(reader, name, reached, edge)
    for is_rest in (True, False) if backwards else (False, True):
        if edge is not None and is_rest != is_behind:
            if is_rest == backwards:
                continue  # it lies on the other side of the article
            place = None
        if is_rest:
            if not name and _all_in_events(reader):
                continue
            if name and reached and not backwards:  # there is nothing before it
                place = (max(reached, int(place[0])) if place else reached,)
            yield Leg(Order(("a.n",), backwards, place), _rest(reader, name, reached, backwards))
        elif name and reached is not None:
            only = " AND r.name = :arranged"
            yield Leg(Order(("r.place",), backwards, place, "", only, name))
        elif not name:
            index = " INDEXED BY article_grp"
            yield Leg(Order(("a.grp", "a.n"), backwards, place, index, " AND a.grp <> ''"))


def place(reader: Reader, actor: str, row: QueueRow, sort: str) -> tuple[int, str | int, int]:
    """What an article's place in an order goes by: of two articles the lesser one comes first."""
    column = SORTS.get(sort.removeprefix("-"))
    if column is not None:
        return 0, getattr(row, column), row.n
    name = arrangement(reader, actor, sort)
    if not name:
        return int(not row.group), row.group, row.n
    found, is_behind = _edge(reader, name, _reached(reader, name), row.n)
    return int(is_behind), found[0] if found else 0, row.n


def _reached(reader: Reader, name: str) -> int | None:
    """The number up to which all articles are arranged; None when nothing is."""
    if not reader.has("arrangement"):
        return None  # a file of an older format, which is only read
    row = reader.row("SELECT -n FROM arrangement WHERE name = ? AND place = ?", (name, MARK))
    return None if row is None else int(row[0])


def _edge(
    reader: Reader, name: str, reached: int | None, n: int | None
) -> tuple[tuple[str | int, ...] | None, bool]:
    """An article's place in its stretch, and whether that is the one behind.

    An unknown article (number 0) stands before all.
    """
    if n is None:
        return None, False
    group = reader.row("SELECT grp FROM article WHERE n = ?", (n,))
    if not name:
        is_alone = group is not None and not group[0]
        return ((n,), True) if is_alone else ((group[0] if group else "", n), False)
    if reached is None:
        return (n,), True
    found = reader.row("SELECT place FROM arrangement WHERE n = ? AND name = ?", (n, name))
    if found is not None:
        return (found[0],), False
    return ((MARK,), False) if group is None else ((n,), True)


def _all_in_events(reader: Reader) -> bool:
    """Whether no article is without an event: else it would be looked for all through the project."""
    sql = """SELECT count(*), (SELECT max(n) FROM article)
             FROM article l INDEXED BY article_grp WHERE l.grp <> ''"""
    ((grouped, newest),) = reader.rows(sql)
    return bool(grouped == newest)


def _rest(reader: Reader, name: str, reached: int | None, backwards: bool) -> tuple[Criterion, ...]:
    """What holds of articles that are in no place of an order."""
    if not name:
        test = "(SELECT +t.grp FROM article t WHERE t.n = a.n) = ''"
        known = reader.has(_ALONE)
        index = f" INDEXED BY {_ALONE}" if known else ""
        start = f"article l{index} WHERE l.grp = ''"
        return (Criterion(start, "l.n", test, (), "+a.grp = ''", leads=known),)
    if reached is None:
        return ()
    test = "NOT EXISTS (SELECT 1 FROM arrangement o WHERE o.n = a.n AND o.name = ?)"
    if not backwards:
        return (Criterion("article l WHERE true", "l.n", test, (name,), leads=False),)
    # else it would be looked for down to the first article
    test = f"a.n > ? AND {test}"
    return (Criterion("article l WHERE true", "l.n", test, (reached, name), leads=False),)


# --- shuffled


def shuffled(seed: int, article: str) -> int:
    """An article's place in the random order of a seed: 62 bits of BLAKE2b over both."""
    digest = blake2b(f"{seed}\0{article}".encode(), digest_size=8).digest()
    return int.from_bytes(digest) >> 2


def shuffle(writer: "Writer", name: str, batch: int = BATCH) -> int:
    """Arrange the next articles of a random order (`checked`); how many, 0 when all are arranged."""
    return writer.call(lambda conn: _shuffle(conn, name, int(name.partition(":")[2]), batch))


def step(
    path: Place, writer: "Writer", actor: str, sort: str, project_id: str
) -> Callable[[], int]:
    """What brings an order up to date, in any thread, see `Project.arranging`."""
    name = checked(sort, project_id)
    if name == UNCERTAIN:
        return partial(arrange_by_doubt, path, writer, actor, SHARE, 0)
    return partial(shuffle, writer, name) if name.startswith(RANDOM) else lambda: 0


def _shuffle(conn: Connection, name: str, seed: int, batch: int) -> int:
    sql = "SELECT -n FROM arrangement WHERE name = ? AND place = ?"
    mark = conn.execute(sql, (name, MARK)).fetchone()
    last = mark[0] if mark else 0
    found = conn.execute(
        "SELECT id, n FROM article WHERE n > ? AND n <= ?", (last, last + batch)
    ).fetchall()
    if not found:
        return 0
    rows = sorted((name, shuffled(seed, article), n) for article, n in found)
    if conn.executemany(_INSERT, rows).rowcount < len(rows):
        _move_on(conn, rows)
    _mark(conn, name, last + len(found))
    return len(found)


def _move_on(conn: Connection, rows: list[tuple[str, int, int]]) -> None:
    """Give those a place whose own one was taken, as one in ten million articles might find: the next."""
    for name, spot, n in rows:
        known = "SELECT 1 FROM arrangement WHERE name = ? AND n = ?"
        while conn.execute(known, (name, n)).fetchone() is None:
            conn.execute(_INSERT, (name, spot, n))
            spot += 1


def _mark(conn: Connection, name: str, reached: int) -> None:
    conn.execute("DELETE FROM arrangement WHERE name = ? AND place = ?", (name, MARK))
    conn.execute(_INSERT, (name, MARK, -reached))


# --- the least sure first


def arrange_by_doubt(path: Place, writer: "Writer", actor: str, share: float, seed: int) -> int:
    """Arrange the least sure first, see `Project.arrange_uncertain`. Safe in any thread."""
    if not 0 <= share <= 1:
        raise AnnotatorError(f"The random share lies between 0 and 1; {share} does not.")
    reader = Reader(path)  # one's own: this takes seconds in a large project, in whatever thread
    try:
        done = [n for (n,) in reader.rows(_FINISHED, (actor,))]
        left = _least_sure(reader, actor, set(done), share, seed)
        done = done[-KEPT:]
    finally:
        reader.close()
    writer.call(lambda conn: _put(conn, f"{UNCERTAIN}:{actor}", [*done, *left] if left else []))
    return len(left)


def _least_sure(reader: Reader, actor: str, done: set[int], share: float, seed: int) -> list[int]:
    """The numbers of unfinished articles, the least sure first, a share of the places at random."""
    own = reader.rows(_OWN, (actor,))
    numbers = {n for _, n in own}
    doubted = [
        n for (n,) in reader.rows(_DOUBTED, (actor,)) if n not in done and (n in numbers or not own)
    ]
    if not doubted:
        return []
    offered = own or reader.pages(_ALL, ("",), _PORTION)
    # so many are drawn at most, those included that have got a place for their doubt
    most = int(len(doubted) / (1 - share)) + len(doubted) + 1 if share < 1 else None
    hashes = ((shuffled(seed, article), n) for article, n in offered if n not in done)
    drawn = sorted(hashes) if most is None else nsmallest(most, hashes)
    return mixed(doubted, [n for _, n in drawn], share)


def mixed(first: Iterable[int], drawn: Iterable[int], share: float) -> list[int]:
    """The first in their order, with that share of the places given to the drawn instead.

    With a share of 0.2 every fifth place. Each number comes once; it ends when all of the first have
    a place.
    """
    wanted = dict.fromkeys(first)
    lots = iter(drawn)
    found: dict[int, None] = {}
    while wanted:
        at = len(found)
        is_lot = int((at + 1) * share + 1e-9) > int(at * share + 1e-9)
        lot = next((n for n in lots if n not in found), None) if is_lot else None
        n = next(iter(wanted)) if lot is None else lot
        wanted.pop(n, None)
        found[n] = None
    return list(found)


def _put(conn: Connection, name: str, numbers: list[int]) -> None:
    """Write an arrangement in place of the one before; none at all for no numbers."""
    conn.execute("DELETE FROM arrangement WHERE name = ?", (name,))
    if not numbers:
        return
    conn.executemany(_INSERT, ((name, spot, n) for spot, n in enumerate(numbers)))
    reached = 0
    for n in sorted(numbers):
        if n != reached + 1:
            break
        reached = n
    _mark(conn, name, reached)
