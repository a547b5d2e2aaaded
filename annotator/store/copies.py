"""Another copy of a project, read as it was at one moment and never written.

Before anything is taken from it all of it is checked: every chain of events from its first one, what
the copies have in common, and the articles that are new. What is damaged is refused as a whole.
"""

import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from annotator.model.annotation import Kind
from annotator.model.article import text_sha256
from annotator.model.errors import AnnotatorError
from annotator.store import log, place, trouble
from annotator.store.address import Address, Place
from annotator.store.engine import TROUBLE, FileConnection, Row
from annotator.store.erasure import erased_by
from annotator.store.header import file_format
from annotator.store.reader import Reader
from annotator.store.shapes import nonsense

HANDED = "handout:"
"""How the writers of what was handed out begin (`handing`): copies of events, which no merge takes."""
HANDED_END = "handout;"
"""Behind all of these."""

# a clock may run ahead by thousands of years, but there must be ids after what it made
_ID = re.compile(r"[0-7][0-9a-f]{7}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
_KINDS = frozenset(map(str, Kind))
_LINE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_PAGE = 2000
_VECTOR = "SELECT writer, max(seq) FROM event GROUP BY writer"
_HASH = "SELECT hash, id FROM event WHERE writer = ? AND seq = ?"
_TEXT = "SELECT t.text, a.sha256 FROM article a JOIN article_text t ON t.n = a.n WHERE a.id = ?"
_LOST = """SELECT DISTINCT article FROM event WHERE article <> ''
           AND article NOT IN (SELECT id FROM article)"""


class Known(NamedTuple):
    """How far a project knows a writer whose chain another copy has too."""

    seq: int
    """The newest event of it that both have."""
    hash: str
    id: str
    newest: int
    """The newest that the project has."""


class Checked(NamedTuple):
    """What a copy has that the project lacks, once it has been checked."""

    events: int
    wrote: Mapping[tuple[str, str], int]
    """How many of them are whose and of which kind, sessions of the program too."""
    newest: str
    """The largest id of one; "" when there is none."""

    @property
    def by(self) -> dict[str, int]:
        """How many of them are whose, sorted by name; sessions left out."""
        found: Counter[str] = Counter()
        for (actor, kind), number in self.wrote.items():
            if kind != Kind.SESSION:
                found[actor] += number
        return dict(sorted(found.items()))


class Copy:
    """Another copy of the project, open for reading."""

    def __init__(
        self, path: Place, shown: str = "", partly: bool = False, handed: bool = False
    ) -> None:
        """Open the project at `path`.

        Args:
            path: the file, or the address on a server.
            shown: what it is called in sentences, if not by its path.
            partly: whether chains may begin where those of the project end.
            handed: whether what was handed out is what is wanted.

        Raises:
            AnnotatorError: it is no project, one of a newer format, or cannot be read.
        """
        self.shown = shown or str(path)
        self.is_partial = partly
        """Whether it is a bundle, which need not hold all."""
        self._handed = handed
        self.path = _readable(path, self.shown)
        self.reader = Reader(self.path, readonly=True)
        try:
            if isinstance(self.reader.conn, FileConnection):
                file_format(self.reader.conn, Path(self.shown))
            # all is read as it is now; this connection cannot write, so nobody is kept waiting
            self.reader.conn.reading("copy")
            self.id = str(self.reader.value("SELECT value FROM project WHERE name = 'id'"))
        except TROUBLE as error:
            self.close()
            raise trouble.explain(error, self.shown) from error
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the file."""
        with suppress(*TROUBLE):
            self.reader.close()

    def vector(self) -> dict[str, int]:
        """How far the copy knows each writer."""
        return dict(self.reader.rows(_VECTOR))

    def stream(self, sql: str, params: tuple[Any, ...] = ()) -> Iterator[Row]:
        """Rows of a long query, some in memory at a time."""
        try:
            yield from self.reader.conn.stream(sql, params)
        except TROUBLE as error:
            raise trouble.explain(error, self.shown) from error

    def events(self, writer: str, after: int) -> Iterator[Row]:
        """Rows of `log.COLUMNS` of a writer's events after a number, in sequence."""
        sql = f"SELECT {log.COLUMNS} FROM event WHERE writer = ? AND seq > ? ORDER BY seq"
        return self.stream(sql, (writer, after))

    def new_events(self, ours: Mapping[str, int], writers: Iterable[str]) -> Iterator[Row]:
        """Of these writers what is to be taken and a project that is at `ours` lacks, in sequence."""
        newest = self.vector()
        for writer in sorted(writers):
            if newest[writer] > ours.get(writer, 0) and self.gives(writer):
                yield from self.events(writer, ours.get(writer, 0))

    def gives(self, writer: str) -> bool:
        """Whether anything of a writer is taken: of a handout only by whoever it is for."""
        return self._handed or not writer.startswith(HANDED)

    def lost_articles(self) -> Iterator[str]:
        """Articles that its events speak of and it does not have."""
        for (name,) in self.stream(_LOST):
            yield name

    def is_withdrawn(self, article: str) -> bool:
        """Whether somebody withdrew an article in it."""
        sql = "SELECT 1 FROM event WHERE article = ? AND kind = 'withdrawal' LIMIT 1"
        return self.reader.row(sql, (article,)) is not None

    def check_events(self, ours: Reader, said: Callable[[int], object]) -> Checked:
        """Check all chains against themselves and against those of the project.

        Raises:
            AnnotatorError: an event is not what was written; it is named.
        """
        known = _known(self, ours)
        wrote: Counter[tuple[str, str]] = Counter()
        newest = ""
        erasures: dict[str, tuple[str, str]] = {}
        chain = _Chain(self.shown, "", None, None)
        texts = _Texts(ours, self.reader)
        sql = f"SELECT {log.COLUMNS} FROM event ORDER BY writer, seq"
        for number, row in enumerate(self.stream(sql)):
            if number % _PAGE == 0:
                said(number)
            if row[1] != chain.writer:
                chain.finish()
                chain = _Chain(
                    self.shown, row[1], known.get(row[1]), ours if self.is_partial else None
                )
            withdrawal = chain.next(row)
            if withdrawal:
                erasures[withdrawal] = (row[4], row[0])
            if chain.is_new and self.gives(chain.writer):
                wrote[row[3], row[10]] += 1
                newest = max(newest, row[0])
                if why := nonsense(row, texts):
                    raise _damaged(self.shown, row[0], f"what it says makes no sense: {why}")
        chain.finish()
        for withdrawal, (article, name) in erasures.items():
            sql = "SELECT 1 FROM event WHERE id = ? AND kind = 'withdrawal' AND article = ?"
            place_ = (withdrawal, article)
            if not (self.reader.row(sql, place_) or ours.row(sql, place_)):
                raise _damaged(self.shown, name, "it was erased, and no withdrawal says so")
        return Checked(wrote.total(), wrote, newest)


class _Texts:
    """Texts of articles, of which the last is kept: events on one article mostly follow one another."""

    def __init__(self, *readers: Reader) -> None:
        """`readers` are asked in turn, those on this machine first."""
        self._readers = sorted(readers, key=lambda reader: isinstance(reader.path, Address))
        self._last = ("", "")

    def __call__(self, article: str) -> str:
        """The text of an article; "" where nobody has it, or it was withdrawn."""
        if self._last[0] != article:
            found = (reader.row(_TEXT, (article,)) for reader in self._readers)
            whole = (row[0] for row in found if row and text_sha256(row[0]) == row[1])
            self._last = (article, next(whole, ""))
        return self._last[1]


class _Chain:
    """One writer's chain as it is read."""

    def __init__(self, shown: str, writer: str, known: Known | None, ours: Reader | None) -> None:
        """`ours` is the project where the chain may go on behind that one's."""
        self.writer = writer
        self.is_new = known is None
        """Whether the event read last is one the project lacks."""
        self._shown = shown
        self._known = known
        self._ours = ours
        self._seq = 0
        self._hash = ""
        self._id = ""

    def next(self, row: Row) -> str:
        """Check the next event; the id of the withdrawal that erased it, if one did."""
        name, _, seq = row[:3]
        if not self._seq and seq > 1 and self._ours is not None:
            self._begin(self._ours, seq)
        self._seq += 1
        if seq != self._seq:
            raise _damaged(
                self._shown, name, f"the events {self._seq} to {seq - 1} before it are missing"
            )
        gone = self._prove(row)
        self._hash, self._id = row[12], name
        if self._known is not None:
            self.is_new = seq > self._known.newest
            if seq == self._known.seq and row[12] != self._known.hash:
                raise _damaged(self._shown, name, "the project has another one in its place")
        return gone

    def finish(self) -> None:
        """Nothing more comes of this writer."""
        known = self._known
        if known is not None and self._seq < known.seq:  # cannot be, unless the index is damaged
            raise _damaged(self._shown, known.id, "its chain breaks off")

    def _begin(self, ours: Reader, seq: int) -> None:
        """Go on where the project's own part of the chain ends, or before."""
        row = ours.row(_HASH, (self.writer, seq - 1))
        if row is None:
            have = self._known.newest if self._known else 0
            raise AnnotatorError(
                f"{self._shown} goes on behind event {seq - 1} of a sitting of which this project has "
                f"{have}: ask for all of it (annotator send without --since)."
            )
        self._seq, self._hash, self._id = seq - 1, *row

    def _prove(self, row: Row) -> str:
        """That an event is what was written; see `next`."""
        name, body = row[0], row[11]
        try:
            line = _LINE.encode([self._hash, *row[:11], "null" if body is None else body])
            "".join((*row[:2], *row[3:11], row[12]))
            digest = sha256(line.encode()).hexdigest()
        except (TypeError, ValueError) as error:
            raise _damaged(self._shown, name, f"it cannot be read ({error})") from error
        if not _ID.fullmatch(name) or name <= self._id:
            raise _damaged(self._shown, name, "its id is not one that comes after the one before")
        if row[10] not in _KINDS:
            raise AnnotatorError(
                f"Event {name} in {self._shown} is of a kind this annotator does not know "
                f"({row[10][:40]!r}): upgrade annotator."
            )
        if digest != row[12]:
            gone = erased_by(body)
            if not gone:
                raise _damaged(self._shown, name, "it is not what was written")
            return gone
        return ""


def _known(copy: Copy, ours: Reader) -> dict[str, Known]:
    """How far the project knows the writers of the copy."""
    mine: dict[str, int] = dict(ours.rows(_VECTOR))
    found = {}
    for writer, theirs in copy.vector().items():
        if writer in mine:
            seq = min(mine[writer], theirs)
            digest, name = ours.rows(_HASH, (writer, seq))[0]
            found[writer] = Known(seq, digest, name, mine[writer])
    return found


def _damaged(shown: str, name: object, why: str) -> AnnotatorError:
    return AnnotatorError(
        f"{shown} is damaged or was tampered with at event {str(name)[:40]!r}: {why}. Nothing was taken "
        "from it; ask for another copy."
    )


def _readable(place_: Place, shown: str) -> Place:
    """A place that can be read as a copy; raises AnnotatorError."""
    if isinstance(place_, Address):
        from annotator.store import hosting

        hosting.check(place_, readonly=True)
        return place_
    real = place.existing(place_, readonly=True)
    _refuse_half(real, shown)
    return real


def _refuse_half(path: Path, shown: str) -> None:
    """Refuse a file beside a write-ahead log that cannot be read, on a medium that is read-only."""
    wal = Path(f"{path}-wal")
    with suppress(OSError):
        if wal.stat().st_size and not os.access(path.parent, os.W_OK):
            raise AnnotatorError(
                f"{shown} was copied while it was open, and its folder cannot be written: copy it "
                f"together with {wal.name} into a folder of your own, and merge that."
            )
