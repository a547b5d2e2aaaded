"""A project: what the other rooms know of the store."""

import atexit
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import nullcontext, suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

from annotator.model.annotation import Work
from annotator.model.article import Article
from annotator.model.errors import AnnotatorError
from annotator.model.event import Act, Event, PastAct
from annotator.model.scheme import Scheme
from annotator.store import articles, counts, gone, languages, log, opening, queue, works
from annotator.store.address import Address, Place, place_of
from annotator.store.awaiting import Awaiting
from annotator.store.coaching import Coaching
from annotator.store.deciding import Deciding
from annotator.store.engine import Connection
from annotator.store.filters import ALL, Filter
from annotator.store.journal import Journal
from annotator.store.languages import USER
from annotator.store.lock import link_of, lock_of
from annotator.store.looking import Looking
from annotator.store.queue import QueueRow
from annotator.store.reader import Reader
from annotator.store.removing import Removing
from annotator.store.staffing import Staffing
from annotator.store.uniting import Uniting, _unheard

if TYPE_CHECKING:
    from annotator.model.scheme_change import SchemeChange
    from annotator.store.articles import Outcome
    from annotator.store.documents import Stored
    from annotator.store.merging import Said
    from annotator.store.problems import Problem
    from annotator.store.progress import Progress
    from annotator.store.relabelling import Relabelled
    from annotator.store.suggesting import Offer, Suggested
    from annotator.store.taking import Offered, Taken
    from annotator.store.writer import Writer

T = TypeVar("T")


class Project(Awaiting, Looking, Staffing, Deciding, Uniting, Removing, Coaching):
    """One project, in a file or on a server, opened by one annotator.

    Reads belong to the thread that opened it; saving happens in a thread of its own, so `submit`
    returns at once. Every method may raise AnnotatorError. Where `actor` is left out, it is the
    annotator who opened the project.
    """

    def __init__(
        self, path: Place, actor: str, readonly: bool, conn: Connection | None = None
    ) -> None:
        """Use `Project.open` or `Project.create`; `conn` is a connection to read, if there is one."""
        self.path = path
        """Where it is: a file's path, resolved, or the address on a server."""
        self.actor = actor
        self.readonly = readonly
        self._lock = None if readonly else lock_of(path)
        self._link = link_of(path, readonly)
        self._reader = Reader(path, readonly, self._link, conn)
        self.id = str(self._reader.value("SELECT value FROM project WHERE name = 'id'"))
        """A UUID, the same in every copy of the project."""
        self.scheme: Scheme = opening.scheme(self._reader)
        self._journal = Journal(self.id, actor, path, self._home())
        self._writer: Writer | None = None
        atexit.register(self.close)

    @classmethod
    def create(cls, path: Place | str, scheme: Scheme, actor: str) -> Self:
        """Make a new project with its scheme, and open it."""
        return cls(opening.create(place_of(path), scheme, actor), actor, readonly=False)

    @classmethod
    def open(cls, path: Place | str, actor: str = "", readonly: bool = False) -> Self:
        """Open a project; without a name nothing can be submitted.

        A file of an older format is brought up to date, unless `readonly`.
        """
        place = place_of(path)
        if isinstance(place, Address):
            from annotator.store import hosting

            return cls(place, actor, readonly, hosting.checked(place, readonly))
        return cls(opening.check(place, readonly), actor, readonly)

    def close(self) -> None:
        """Save what was submitted, then let go of the file; a second call does nothing."""
        atexit.unregister(self.close)
        listener, self._listener = self._listener, None
        if listener is not None:
            listener.close()
        writer, self._writer = self._writer, None
        if writer is not None:
            from annotator.store import remembered

            writer.close()
            remembered.remember(self.id, self.path, writer.newest)
        if self._link is not None:
            self._link.close()
        lock, self._lock = self._lock, None
        with suppress(AnnotatorError), lock.held() if lock else nullcontext():
            self._reader.close()
        if lock is not None:
            lock.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # --- articles

    def add(self, offered: Iterable[Article]) -> "Iterator[Outcome]":
        """Take articles in, a batch in each transaction, and say what became of each.

        An article is known by its id. The same text again is `unchanged`, another text is stored
        apart under `<id>@<first 8 digits of its SHA-256>`, and nothing is ever overwritten. The
        work is done as the outcomes are consumed.
        """
        return articles.store_all(self._writing, offered)

    def same_texts(self, after: int = 0) -> Iterator[tuple[str, str]]:
        """Ids of articles with the very text of an earlier one, and that one's.

        Only articles whose number is above `after`: how many there were before an import.
        """
        return articles.same_texts(self._reader, after)

    def article(self, article_id: str) -> Article:
        """The article with this id."""
        return articles.article(self._reader, article_id)

    def articles(self) -> Iterator[Article]:
        """All articles sorted by id (code point order), a few in memory at a time."""
        return articles.in_id_order(self._reader)

    # --- the queue

    def count(self, where: Filter = ALL, limit: int = 0) -> int:
        """How many articles a filter lets through; with `limit` counted no further than it."""
        return queue.count(self._reader, self.actor, where, limit)

    def last_number(self) -> int:
        """The number of the newest article; also those that are left out have one."""
        return int(self._reader.value("SELECT max(n) FROM article") or 0)

    def page(
        self,
        where: Filter = ALL,
        sort: str = "number",
        after: QueueRow | int | None = None,
        before: QueueRow | int | None = None,
        limit: int = 50,
    ) -> list[QueueRow]:
        """Rows of the queue: the first, or those next after or before a row (or article number).

        `sort` is one of `queue.ORDERS`, random with its seed as in "random:7"; with "-" before it,
        backwards.
        """
        return queue.page(
            self._reader, self.actor, where, sort, after, before, limit, self._stance_layer
        )

    def row(self, article_id: str) -> QueueRow | None:
        """The queue's row for one article, None when there is no such article."""
        return queue.row(self._reader, self.actor, article_id, self._stance_layer)

    def next(
        self, after: QueueRow | int, where: Filter = ALL, sort: str = "number"
    ) -> QueueRow | None:
        """The next article of the queue, None at its end. 0 stands before the first article."""
        return next(iter(self.page(where, sort, after=after, limit=1)), None)

    def previous(
        self, before: QueueRow | int, where: Filter = ALL, sort: str = "number"
    ) -> QueueRow | None:
        """The article before one in the queue, None at its start."""
        return next(iter(self.page(where, sort, before=before, limit=1)), None)

    def neighbours(
        self, here: QueueRow | int, where: Filter = ALL, sort: str = "number"
    ) -> tuple[QueueRow | None, QueueRow | None]:
        """The articles before and after one in the queue."""
        return self.previous(here, where, sort), self.next(here, where, sort)

    # --- decisions

    def work(self, article_id: str, actor: str | None = None) -> Work:
        """An annotator's current decisions on an article; empty when there are none."""
        return works.work(self._reader, article_id, self.actor if actor is None else actor)

    def works(self, article_id: str) -> tuple[Work, ...]:
        """Everybody's decisions on an article, sorted by annotator."""
        return works.works(self._reader, article_id)

    def submit(self, act: Act, actor: str | None = None) -> Future[tuple[Event, ...]]:
        """Save an act whole. The future gives its events once they are durable.

        It raises `writer.UnsavedError` when the act is kept aside for `retry`, and another
        AnnotatorError when it can never be saved. An act already in the log is not saved again.
        """
        return self._writing.submit(act, self.actor if actor is None else actor)

    def prepare(self, article: Article) -> None:
        """Get ready in the background for acts on an article that was read from this project."""
        if self._lock is not None:
            self._writing.prepare(article.id, article.text)

    def take(self, offered: "Sequence[Offered]") -> "list[Taken]":
        """Take in decisions from a file, each annotator's under their own name, all in one go.

        A version of somebody's work that was taken before changes nothing; a newer one replaces
        what an earlier import brought; work done in this project itself stays (`Fate.DIFFERS`).
        """
        return self._writing.take(offered, self.actor)

    def suggest(self, offers: "Sequence[Offer]") -> "list[Suggested]":
        """Take in suggestions from files: for each article a source's, in place of its former ones."""
        from annotator.store import suggesting

        return suggesting.offer(self._reader, self._writing, offers, self.actor)

    def past_acts(
        self, actor: str | None = None, before: str = "", without: Collection[str] = ()
    ) -> Iterator[PastAct]:
        """An annotator's acts on articles and their rules, newest first, read a few at a time.

        `before` is an act's id: only older acts are given; verbs in `without` are passed over.
        """
        return log.past_acts(self._reader, self.actor if actor is None else actor, before, without)

    def relabel(self, change: "SchemeChange") -> "Relabelled":
        """Change the scheme and give old annotations their new labels, all in one transaction.

        The log keeps every scheme and every version of an annotation.

        A change that changes nothing relabels what came in later with an old label.
        """
        from annotator.store import relabelling

        done = self._writing.write(
            lambda conn, chain: relabelling.change(conn, chain, change, self.actor)
        )
        self.scheme = opening.scheme(self._reader)  # with the guidelines in force
        return done

    def actors(self) -> list[str]:
        """Everybody who decided something about an article, sorted."""
        from annotator.store import progress

        return progress.actors(self._reader)

    def progress(self) -> "Progress":
        """How far everybody is, by state, layer and language."""
        from annotator.store import progress

        return progress.progress(self._reader, self.languages(), self._stance_layer)

    # --- languages and sources

    def languages(self) -> dict[str, int]:
        """How many articles each language has, the largest first; "" = not known yet."""
        return gone.without(self._reader, "lang", counts.counts(self._reader, counts.LANG))

    def sources(self, limit: int = 100) -> dict[str, int]:
        """How many articles each source has, the largest first."""
        found = counts.counts(self._reader, counts.SOURCE, limit)
        return gone.without(self._reader, "source", found)

    def without_language(self, limit: int = 500, after: int = 0) -> list[tuple[int, str, str]]:
        """Number, id and text of articles whose language is not known, from number `after` on.

        Give the last number as `after` to read on while the first ones are being detected.
        """
        return languages.unknown(self._reader, limit, after)

    def set_languages(self, tags: Iterable[tuple[str, str, str]]) -> int:
        """Set languages by (article id, tag, who said so), all in one transaction; how many changed.

        Who is "user", "import" or a detector with its version. What a user said is changed by a
        user only.
        """
        rows = list(tags)
        return self._write(lambda conn: languages.set_all(conn, rows))

    def set_language(self, article_id: str, tag: str, who: str = USER) -> bool:
        """Set one article's language; whether that changed anything."""
        return self.set_languages([(article_id, tag, who)]) == 1

    # --- the log

    def history(self, article_id: str, actor: str = "") -> list[Event]:
        """All events on an article, oldest first; of one annotator when one is named."""
        return log.history(self._reader, article_id, actor)

    def vector(self) -> dict[str, int]:
        """How far this copy knows each writer's chain."""
        return log.vector(self._reader)

    def events_after(self, known: Mapping[str, int]) -> Iterator[Event]:
        """The events that a copy at `known` (its `vector`) lacks; all of them for {}."""
        return log.events_after(self._reader, known)

    # --- the word index

    def index_words(self, batch: int = 500) -> int:
        """Index the next articles for searching, at most `batch`; how many, 0 when all are."""
        from annotator.store import words

        return self._write(lambda conn: words.index_batch(conn, batch))

    def unindexed(self) -> int:
        """How many articles the word index lacks."""
        from annotator.store import words

        return words.unindexed(self._reader)

    # --- care

    def verify(self) -> "list[Problem]":
        """Everything that is wrong with the project (`annotator check`); nothing when it is sound.

        Takes a while on a large project: every text and event is read. A file too damaged to be
        opened can be given to `check.verify` by its path.
        """
        from annotator.store import check, remembered

        wrote = self._writer.newest if self._writer else ""
        return check.verify(self.path, wrote or remembered.newest(self.id, self.path))

    def rebuild(self) -> int:
        """Make the current state and the queue anew from the log; how many things there are."""
        from annotator.store import rebuild

        return self._write(rebuild.rebuild)

    def backup(self, target: Path | str, said: "Said" = _unheard) -> Path:
        """A checked copy of the project as a file at a new path, whole even while others work.

        A file is copied by SQLite's own means, which tell no progress.
        """
        from annotator.store import backup

        made = backup.whole(self.path, Path(target), said)
        assert isinstance(made, Path)
        return made

    @staticmethod
    def restore(copy: Place | str, path: Place | str, said: "Said" = _unheard) -> Place:
        """Put a whole copy, once checked, at a place where there is no project; open it there.

        From a file to a file, and from either engine to the other.
        """
        from annotator.store import backup

        return backup.whole(place_of(copy), place_of(path), said)

    def documents(self, worked: bool = False) -> "Iterator[Stored]":
        """Every article with everybody's decisions, sorted by id, in a stream for exports.

        With `worked` only articles somebody decided something about.
        """
        from annotator.store import documents

        return documents.documents(self._reader, worked=worked)

    # --- within the store

    @property
    def _writing(self) -> "Writer":
        """The writer, made for the first write: what it takes is not needed to show an article."""
        if self._lock is None:
            raise AnnotatorError(f"{self.path} is open for reading only; nothing was changed.")
        if self._writer is None:
            from annotator.store.saving import Chain
            from annotator.store.writer import Writer

            chain = Chain(lambda: opening.session_body(self.scheme))
            self._writer = Writer(self.path, self._lock, chain, self._journal, self._link)
        return self._writer

    def _write(self, fn: Callable[[Connection], T]) -> T:
        return self._writing.call(fn)

    def _wrote_as(self) -> str:
        return self._writer.name if self._writer else ""
