"""A whole project from one engine to another: a file's onto a server, a server's into a file.

All of it is read as it was at one moment, row by row, so that numbers of articles and places in the log
stay as well. Only the index of words is made anew, for each engine has its own. What was made is checked
before anybody can open it.
"""

import secrets
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from annotator.model.errors import AnnotatorError
from annotator.store import backup, check, long_names, opening, place, trouble, words
from annotator.store.address import Address, Place
from annotator.store.engine import TROUBLE, Connection, FileConnection, Row, file_writer
from annotator.store.header import CURRENT
from annotator.store.merging_refused import refuse_part
from annotator.store.reader import Reader

if TYPE_CHECKING:
    from annotator.store.merging import Said
    from annotator.store.server import ServerConnection

LOG = {
    "article": "n, id, sha256, chars, title, opening, source, url, date, lang, lang_source, grp, meta, seal",
    "article_text": "n, text",
    "event": "pos, id, writer, seq, actor, article, key, base, act, verb, of, kind, body, hash",
}
"""What a project is: all else is made of it. Columns of each table, the first of which gives the order."""
CACHES = {
    "tally": "what, value, articles",
    "head": "article, actor, key, event, kind, body",
    "work": "actor, n, state, seconds, newest, counts, looked",
    "precedent": "actor, layer, form, label, event, n, key",
    "identity": "actor, layer, form, xid, lemma, label, uses",
    "slot": "annotator, n, round, why, given, event",
    "pool": "n, people, round, free, event",
    "conflict": "article, actor, key, event, other",
    "gone": "n, why, event",
    "statistic": "n, stamp, body",
    "guess": "n, actor, layer, source, version, doubt, body",
    "lesson": "actor, layer, source, version, learnt, saved",
    "arrangement": "name, place, n",
}
"""What was made of it; the check compares it with the log."""

_KEPT = "SELECT name, value FROM project WHERE name IN ('id', 'handed')"
_TOLD = {"article": "articles", "article_text": "texts", "event": "events"}
_UNSAFE = ("PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF")
"""For a file that nobody knows of until it is whole and on the disk."""
_PORTION = 500


def copy(source: Place, target: Place, said: "Said") -> Place:
    """Make a project that is the same as another one, with the same id, at a place where there is none.

    Args:
        source: a project's file or address; others may go on working on it.
        target: a new file, or the address of an empty database or of one that is to be made.
        said: told what is being done, how much of it is done and how much there is.

    Returns:
        Where it was made, a path resolved.

    Raises:
        AnnotatorError: the place is taken, the project is damaged, there is no room, or this role sees
            only a part of the project; then nothing was made.
    """
    if isinstance(target, Path):
        place.fresh(target)  # told before a long way
    with _moment(opening.check(source, readonly=True)) as reader:
        refuse_part(reader, str(source))
        if isinstance(target, Path):
            return _to_file(reader, target, said)
        _to_server(reader, target, said)
    return target


@contextmanager
def _moment(source: Place) -> Iterator[Reader]:
    """A project as it is now, whatever others save meanwhile."""
    with closing(Reader(source, readonly=True)) as reader:
        try:
            reader.conn.reading("moving")
        except TROUBLE as error:
            raise trouble.explain(error, source) from error
        yield reader


def _to_file(reader: Reader, target: Path, said: "Said") -> Path:
    from annotator.store.migrations import migrate

    real = place.fresh(target)
    part = real.with_name(f".{real.name}.{secrets.token_hex(4)}.part")
    try:
        with closing(file_writer(part, "rwc")) as conn:
            for pragma in _UNSAFE:
                conn.execute(pragma).fetchall()
            conn.begin()
            migrate(conn)
            _fill(reader, conn, said)
            conn.execute("COMMIT")
        if found := check.errors(part):
            raise AnnotatorError(
                f"The copy of {reader.path} is not sound, so none was kept: {found[0]}"
            )
        backup._to_disk(part)
        backup._name(part, real)
        backup._to_disk(real.parent)
    except FileExistsError:
        raise AnnotatorError(f"{target} exists already; nothing was changed.") from None
    except (*TROUBLE, OSError) as error:
        raise AnnotatorError(
            f"No copy could be made at {target}: {error}; is there room for it?"
        ) from error
    finally:
        for name in (part, Path(f"{part}-journal")):
            with suppress(OSError):
                name.unlink()
    return real


def _to_server(reader: Reader, target: Address, said: "Said") -> None:
    """All in one transaction: nobody ever sees a project that is not whole.

    What is checked is what is copied, which takes a tenth of the round trips; then the copy is compared.
    """
    from annotator.store import hosting

    found = check.errors_in(reader)
    if isinstance(reader.conn, FileConnection):
        reader.conn.text_factory = str  # no longer as a check reads
    if found:
        raise AnnotatorError(f"{reader.path} is not sound, so nothing was made of it: {found[0]}")

    def fill(conn: "ServerConnection") -> None:
        sums = _fill(reader, conn, said)
        for table, columns in {**LOG, **CACHES}.items():
            have = _Sum()
            have.add(conn.stream(f"SELECT {columns} FROM {table}"))
            if table in sums and have.value != sums[table].value:
                raise AnnotatorError(
                    f"{target} does not give back what was put into its table {table}, so nothing was "
                    "kept there: its disk or memory may be failing."
                )

    hosting.create(target, fill)


class _Sum:
    """What rows come to, in whatever order they come."""

    def __init__(self) -> None:
        self.value = 0

    def of(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The same rows, counted in."""
        for row in rows:
            digest = sha256(repr(row).encode("utf-8", "surrogatepass")).digest()
            self.value += int.from_bytes(digest[:16], "big")
            yield row

    def add(self, rows: Iterable[Row]) -> None:
        """Count rows in."""
        for _ in self.of(rows):
            pass


def _fill(reader: Reader, conn: Connection, said: "Said") -> dict[str, _Sum]:
    """Put everything into tables that are empty, within a transaction; what went into which."""
    # what an older format has is made anew
    whole = reader.format == CURRENT and not long_names.is_overfull(reader)
    long_names.of_project(reader, conn)
    conn.put("project", "name, value", reader.rows(_KEPT))
    sums: dict[str, _Sum] = {}
    for table, columns in {**LOG, **(CACHES if whole else {})}.items():
        sums[table] = _Sum()
        conn.put(table, columns, sums[table].of(_rows(reader, table, columns, said)))
    if not whole:
        from annotator.store.rebuild import rebuild

        rebuild(conn)
    total = int(reader.value("SELECT count(*) FROM article"))
    done = 0
    while now := words.index_batch(conn, _PORTION):
        done += now
        said("word index of articles", done, total)
    return sums


def _rows(reader: Reader, table: str, columns: str, said: "Said") -> Iterator[Row]:
    """A table's rows in the order of its first column."""
    told = _TOLD.get(table, "")
    total = int(reader.value(f"SELECT count(*) FROM {table}")) if told else 0
    try:
        rows = reader.conn.stream(f"SELECT {columns} FROM {table} ORDER BY 1")
        for number, row in enumerate(rows, 1):
            yield row
            if told and (number % _PORTION == 0 or number == total):
                said(told, number, total)
    except TROUBLE as error:
        raise trouble.explain(error, reader.path) from error
