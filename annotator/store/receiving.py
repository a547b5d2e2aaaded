"""Taking in a bundle: it becomes a copy of the project for a moment, and that is merged."""

import secrets
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from annotator.model.errors import AnnotatorError
from annotator.model.event import chain_hash
from annotator.store import backup, bundle, keys, log, opening, place, trouble
from annotator.store.address import Place
from annotator.store.bundle import Manifest
from annotator.store.copies import HANDED, Copy
from annotator.store.engine import APPLICATION_ID, TROUBLE, Connection, connect, file_writer
from annotator.store.handing import What
from annotator.store.header import CURRENT
from annotator.store.journal import folder
from annotator.store.lock import FileLock, lock_path
from annotator.store.merging import Merged, Said, take
from annotator.store.merging_refused import was_handed_out
from annotator.store.part import Part
from annotator.store.reader import Reader
from annotator.store.writer import Writer

_TABLES = (
    "CREATE TABLE project (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
    """CREATE TABLE article (
        n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, sha256 TEXT NOT NULL, chars INTEGER NOT NULL,
        title TEXT NOT NULL, opening TEXT NOT NULL, source TEXT NOT NULL, url TEXT NOT NULL,
        date TEXT NOT NULL, lang TEXT NOT NULL, lang_source TEXT NOT NULL, grp TEXT NOT NULL,
        meta TEXT NOT NULL, seal TEXT NOT NULL) STRICT""",
    "CREATE TABLE article_text (n INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT",
    """CREATE TABLE event (
        pos INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, writer TEXT NOT NULL, seq INTEGER NOT NULL,
        actor TEXT NOT NULL, article TEXT NOT NULL, key TEXT NOT NULL, base TEXT NOT NULL,
        act TEXT NOT NULL, verb TEXT NOT NULL, of TEXT NOT NULL, kind TEXT NOT NULL, body TEXT,
        hash TEXT NOT NULL, UNIQUE (writer, seq)) STRICT""",
    "CREATE INDEX event_about ON event (article, kind)",
)
_PRAGMAS = (
    "PRAGMA journal_mode = OFF",
    "PRAGMA synchronous = OFF",
    f"PRAGMA application_id = {APPLICATION_ID}",
    f"PRAGMA user_version = {CURRENT}",
)
FOR = "handed"
"""Name in `project` under which a copy that was handed out keeps whom it was made for."""
_ARTICLE = """INSERT INTO article (n, id, sha256, chars, title, opening, source, url, date, lang,
              lang_source, grp, meta, seal) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)"""
_TEXT = "INSERT INTO article_text (n, text) VALUES (?,?)"
_EVENT = f"INSERT INTO event ({log.COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)"


def manifest(path: Path) -> Manifest:
    """What a bundle says about itself; raises AnnotatorError when it is damaged."""
    with bundle.reading(path) as (made, _):
        return made


def since(path: Path) -> What:
    """What whoever has or sent a bundle lacks: all behind what its sender knew."""
    made = manifest(path)
    return What(vector=made.vector, known=keys.unpacked(made.known))


def is_there(place_: Place) -> bool:
    """Whether there is a project, or at least a file; raises AnnotatorError when a server cannot be asked."""
    if isinstance(place_, Path):
        return place_.exists()
    from annotator.store import hosting

    return hosting.is_there(place_)


def receive(project: Part, path: Path, dry_run: bool, said: Said) -> Merged:
    """Take a bundle into a project.

    Raises:
        AnnotatorError: the bundle is damaged, of another project, goes on behind what the project has,
            or is a handout and the project a whole copy; nothing was written then.
    """
    if path.exists() and path.resolve() == project.path:
        raise AnnotatorError(f"{path} is the project itself, not a bundle.")
    with bundle.reading(path) as (made, values):
        if made.project != project.id:
            raise AnnotatorError(
                f"{path} is from another project ({made.scheme}), not from {project.path.name}; "
                "give the path of a new file to make a copy of that project."
            )
        handed = was_handed_out(project._reader)
        if made.to and not handed:
            raise AnnotatorError(
                f"{path} is a handout for {made.to}, and {project.path.name} is a whole copy, which has "
                "all that is in it."
            )
        with unpacked(str(path), made, values, project) as copy:
            return take(project, copy, dry_run, said)


def create(place_: Place, bundle_path: Path, actor: str, said: Said) -> Merged:
    """Make a project of a bundle at a place where there is none.

    Raises:
        AnnotatorError: the place is taken, the bundle is damaged or holds no whole project; nothing
            is left of it then.
    """
    with bundle.reading(bundle_path) as (made, values):
        return make(place_, made, values, str(bundle_path), actor, said)


def make(
    place_: Place, made: Manifest, values: Iterator[Any], shown: str, actor: str, said: Said
) -> Merged:
    """Make a project of what a bundle holds; `shown` is what it is called. See `create`."""
    if isinstance(place_, Path):
        return _make(place_, made, values, shown, actor, said)
    from annotator.store import moving

    part = _room(place_)
    try:
        done = _make(part, made, values, shown, actor, said)
        moving.copy(part, place_, said)
    finally:
        opening._remove(part)
        with suppress(OSError):
            lock_path(part).unlink()
    return done


def _make(
    path: Path, made: Manifest, values: Iterator[Any], shown: str, actor: str, said: Said
) -> Merged:
    real = place.fresh(path)
    part = real.with_name(f".{real.name}.{secrets.token_hex(4)}.part")
    lock = FileLock(lock_path(real))
    try:
        _build(part, made)
        with closing(_New(part, made.project, actor, lock)) as project:
            with unpacked(shown, made, values, project) as copy:
                done = take(project, copy, False, said)
            opening.scheme(project._reader)
        with lock.held():
            place.fresh(path)
            backup._to_disk(part)
            backup._name(part, real)
            backup._to_disk(real.parent)
    except (*TROUBLE, OSError) as error:
        raise trouble.explain(error, path) from error
    except AnnotatorError as error:
        if "no scheme" in str(error):
            raise AnnotatorError(
                f"{shown} adds to a project and is none by itself: receive it into a copy of the "
                "project."
            ) from error
        raise
    finally:
        lock.close()
        opening._remove(part)
    return done


class _New(Part):
    """A project that is being made and has no scheme yet."""

    def __init__(self, path: Path, project: str, actor: str, lock: FileLock) -> None:
        from annotator.store.journal import Journal
        from annotator.store.saving import Chain

        self.path = path
        self.id = project
        self.actor = actor
        self.readonly = False
        self._reader = Reader(path)
        self._made = Writer(path, lock, Chain(dict), Journal(project, actor, path))

    @property
    def _writing(self) -> Writer:
        return self._made

    def close(self) -> None:
        """Let go of the file."""
        self._reader.close()
        self._made.close()


def _build(path: Path, made: Manifest) -> None:
    """An empty project with an id and no scheme."""
    from annotator.store.migrations import migrate

    with closing(file_writer(path, "rwc")) as conn:
        conn.execute("PRAGMA journal_mode = WAL").fetchall()
        conn.begin()
        migrate(conn)
        told = [("id", made.project)] + [(FOR, made.to)] * bool(made.to)
        conn.executemany("INSERT INTO project (name, value) VALUES (?, ?)", told)
        conn.execute("COMMIT")


def _room(of: Place) -> Path:
    """A new name for what is unpacked: beside a project file, else in the user's own state folder."""
    name = f".{of.name}.{secrets.token_hex(4)}.bundle"
    if isinstance(of, Path):
        return of.with_name(name)
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder() / name


@contextmanager
def unpacked(shown: str, made: Manifest, values: Iterator[Any], project: Part) -> Iterator[Copy]:
    """What a bundle holds as a copy of the project, beside it, until the block ends.

    Raises:
        AnnotatorError: it is damaged.
    """
    part = _room(project.path)
    try:
        with closing(connect(part, "rwc")) as conn:
            for pragma in _PRAGMAS:
                conn.execute(pragma).fetchall()
            conn.begin()
            for statement in _TABLES:
                conn.execute(statement)
            conn.execute("INSERT INTO project (name, value) VALUES ('id', ?)", (made.project,))
            try:
                _fill(conn, values, project._reader, made)
            except (ValueError, TypeError, LookupError, ArithmeticError, *TROUBLE) as error:
                raise bundle.damaged(shown) from error
            conn.execute("COMMIT")
        copy = Copy(part, shown, partly=True, handed=bool(made.to))
        try:
            yield copy
        finally:
            copy.close()
    except TROUBLE as error:
        raise trouble.explain(error, part) from error
    finally:
        for name in (part, Path(f"{part}-journal")):
            with suppress(OSError):
                name.unlink()


def _fill(conn: Connection, values: Iterator[Any], ours: Reader, made: Manifest) -> None:
    """Write a bundle's articles and events; raises ValueError and the like when they are none."""
    articles = events = 0
    given = _Given(conn, ours)
    for what, *row in values:
        if what == "article":
            articles += 1
            conn.execute(_ARTICLE, (articles, *row[:13]))
            conn.execute(_TEXT, (articles, row[13]))
        elif what == "event" and not made.to:
            events += 1
            conn.execute(_EVENT, row)
        elif what == "given" and made.to:
            events += 1
            chained = given.chained(row)
            if chained is not None:
                conn.execute(_EVENT, chained)
        elif what == "end" and row == [articles, events] and next(values, None) is None:
            return
        else:
            raise ValueError(what)
    raise ValueError("it has no end")


class _Given:
    """Chains events of a handout that a project lacks under a writer of its own."""

    def __init__(self, conn: Connection, ours: Reader) -> None:
        self._conn = conn
        self._ours = ours
        self._writer = f"{HANDED}{uuid.uuid4()}"
        self._seq = 0
        self._last = ""

    def chained(self, row: list[Any]) -> tuple[Any, ...] | None:
        """A row of `log.COLUMNS` for id, actor, article, key, base, act, verb, of, kind and body.

        None for an event that is here already or is about an article that does not come along.
        """
        name, *rest, body = row
        if self._ours.row("SELECT 1 FROM event WHERE id = ?", (name,)) or not self._has(rest[1]):
            return None
        self._seq += 1
        fields = (name, self._writer, self._seq, *rest)
        self._last = chain_hash(self._last, (*fields, "null" if body is None else body))
        return (*fields, body, self._last)

    def _has(self, article: str) -> bool:
        """Whether there is such an article here or in the bundle."""
        sql = "SELECT 1 FROM article WHERE id = ?"
        if not article or self._ours.row(sql, (article,)):
            return True
        return self._conn.execute(sql, (article,)).fetchone() is not None
