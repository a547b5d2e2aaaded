"""A project on a server as the screens see it: the work goes on while the server is away.

What comes next lies ready here: the articles ahead in the queue and those just left, each with its text,
one's own work and what is suggested, are read in a thread of its own, over a connection that is closed
again. While the server can be reached nothing of it is used. When it cannot, these articles can be
opened, with all that was decided in this sitting, saved or not.
"""

import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from annotator.desk.log import is_saved
from annotator.model.annotation import Kind, Rule, State, Work
from annotator.model.article import Article
from annotator.model.errors import AnnotatorError
from annotator.model.event import Act, PastAct
from annotator.model.shown import Shown
from annotator.store import works
from annotator.store.filters import Filter
from annotator.store.project import Project
from annotator.store.queue import QueueRow
from annotator.store.trouble import UnreachableError
from annotator.tui.saving import NOT_AHEAD
from annotator.tui.work import FINISHED, WorkList

if TYPE_CHECKING:
    from annotator.model.suggestion import Suggestion
    from annotator.store.engine import Row
    from annotator.store.link import Reach

AHEAD, BACK = 10, 10
"""Articles read ahead, and of those just left."""
MOST = 60
"""So many are kept at all."""
SOON = 0.5
"""Seconds after an article was painted until those after it are read: who leafs on needs none."""
OLD = 300.0
"""Seconds after which one is read again."""
SILENT = "The server cannot be reached: what is suggested here is not known."


class Kept(NamedTuple):
    """All that it takes to work on an article."""

    article: Article
    row: QueueRow | None
    voice: str
    """The name it is worked on under."""
    heads: "list[Row]"
    """What that name's work on it is made of."""
    silence: str
    suggestions: "tuple[Suggestion, ...]"
    shown: list[Shown]
    acts: int
    """How many acts of this sitting these decisions hold at least."""
    time: float
    """When it was read, by the monotonic clock."""


class Wanted(NamedTuple):
    """What is to be read ahead."""

    here: str
    where: Filter
    sort: str
    back: tuple[str, ...]


class AwayList(WorkList):
    """One annotator's way through a project on a server."""

    def __init__(self, project: Project) -> None:
        super().__init__(project)
        self._stock: dict[str, Kept] = {}
        self._line: list[str] = []
        """The articles to be done next, in their order, as of the last reading."""
        self._known_rules: tuple[Rule, ...] = ()
        self._acts: list[tuple[Act, Future[Any]]] = []
        """All acts of this sitting in their order, after those of earlier ones that wait."""
        self._wanted: Wanted | None = None
        self._wake = threading.Event()
        self._ended = False
        self._thread: threading.Thread | None = None
        if not project.readonly:
            self._acts += [(each.act, project.awaited(each.act.id)) for each in project.kept()]
        project.watch(self._heard)

    # --- what the desk asks for

    def article(self, article_id: str) -> Article:
        """The article."""
        try:
            return super().article(article_id)
        except UnreachableError:
            return self._kept(article_id).article

    def voice(self, article_id: str) -> str:
        """See `WorkList`."""
        try:
            return super().voice(article_id)
        except UnreachableError:
            return self._kept(article_id).voice

    def work(self, article_id: str) -> Work:
        """This annotator's decisions on it, those that wait to be saved among them."""
        voice, first = self.voice(article_id), self._in_log()
        try:
            rows = self.project.heads(article_id, voice)
        except UnreachableError:
            kept = self._kept(article_id)
            rows, first = kept.heads, kept.acts
        return self._noted(works.after(article_id, voice, rows, self._since(first)))

    def suggestions(self, article_id: str) -> "tuple[Suggestion, ...]":
        """See `WorkList`; nothing where it cannot be asked for."""
        try:
            return super().suggestions(article_id)
        except UnreachableError:
            kept = self._stock.get(article_id)
            return kept.suggestions if kept else ()

    def why_silent(self, article_id: str) -> str:
        """See `WorkList`."""
        try:
            return super().why_silent(article_id)
        except UnreachableError:
            kept = self._stock.get(article_id)
            return kept.silence if kept else SILENT

    def shown(self, article_id: str) -> list[Shown]:
        """What was suggested in an article so far, in this sitting too."""
        try:
            return super().shown(article_id)
        except UnreachableError:
            kept = self._kept(article_id)
        found = {each.key: each for each in kept.shown}
        for draft in (draft for act in self._since(kept.acts) for draft in act.drafts):
            if draft.kind is Kind.SHOWN and draft.article == article_id and draft.body:
                found[draft.key] = Shown.of(draft.body)
        return list(found.values())

    def rules(self) -> tuple[Rule, ...]:
        """See `WorkList`; as they were last where they cannot be asked for."""
        with suppress(UnreachableError):
            self._known_rules = super().rules()
        return self._known_rules

    def known_forms(self, layer: str, forms: Collection[str]) -> set[str]:
        """See `WorkList`; nothing where it cannot be asked for."""
        try:
            return super().known_forms(layer, forms)
        except UnreachableError:
            return set()

    def labels_of(self, forms: Collection[str], layer: str) -> Mapping[str, Mapping[str, int]]:
        """See `WorkList`; nothing where it cannot be asked for."""
        try:
            return super().labels_of(forms, layer)
        except UnreachableError:
            return {}

    def past_acts(self) -> Iterator[PastAct]:
        """This annotator's acts at the desk, newest first; after a loss it goes on where it was."""
        return _Past(super().past_acts)

    def submit(self, act: Act) -> Future[Any]:
        """Save an act, or keep it until it can be."""
        future = super().submit(act)
        self._acts.append((act, future))
        return future

    def _begin(self, article: str) -> None:
        with suppress(UnreachableError):  # the place is taken without
            super()._begin(article)

    # --- sittings

    def sit(self, wait: float = 0.0) -> str:
        """See `WorkList`."""
        try:
            return super().sit(wait)
        except UnreachableError:
            return ""

    def stand_up(self) -> None:
        """The sitting ends."""
        self._ended = True
        self._wake.set()
        super().stand_up()

    def is_stale(self, article_id: str) -> bool:
        """See `WorkList`; not while nobody can tell."""
        try:
            return super().is_stale(article_id)
        except UnreachableError:
            return False

    # --- the way through the queue

    def prepare(self, article: Article) -> None:
        """It is on screen now: what comes after it is read."""
        super().prepare(article)
        self._wanted = Wanted(article.id, self.where, self.sort, tuple(self._opened[:BACK]))
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="annotator-ahead", daemon=True)
            self._thread.start()
        self._wake.set()

    def place(self, article_id: str) -> str:
        """`n of m`, for the status line."""
        with suppress(UnreachableError):
            return super().place(article_id)
        kept = self._stock.get(article_id)
        return f"{kept.row.n if kept and kept.row else '?'} of {self._count:,}"

    def next_to_do(self, article_id: str) -> str | None:
        """See `WorkList`; of what was read ahead while the server is away."""
        try:
            return super().next_to_do(article_id)
        except UnreachableError:
            finished = self._finished()
            ways = [name for name in self._after(article_id) if name not in finished]
            return self._first(ways)

    def neighbour(self, step: int, article_id: str) -> str | None:
        """See `WorkList`; of what was read ahead, or just left, while the server is away."""
        try:
            return super().neighbour(step, article_id)
        except UnreachableError:
            return self._first(self._beside(step, article_id))

    def _beside(self, step: int, article_id: str) -> list[str]:
        """What lies ready after (1) or before (-1) an article, the nearest first."""
        here = self._stock.get(article_id)
        if self.sort == "number" and here is not None and here.row is not None:
            number = here.row.n
            rows = [kept.row for kept in list(self._stock.values()) if kept.row is not None]
            found = [row for row in rows if (row.n - number) * step > 0]
            return [row.id for row in sorted(found, key=lambda row: (row.n - number) * step)]
        if step > 0:
            return self._after(article_id)
        opened = self._opened
        return opened[opened.index(article_id) + 1 if article_id in opened else 0 :]

    def _after(self, article_id: str) -> list[str]:
        """The articles ahead of one, as they were read, going round once."""
        line = self._line
        here = line.index(article_id) + 1 if article_id in line else 0
        return [name for name in (*line[here:], *line[:here]) if name != article_id]

    def _first(self, names: Sequence[str]) -> str:
        found = next((name for name in names if name in self._stock), None)
        if found is None:
            raise UnreachableError(NOT_AHEAD)
        return found

    def _finished(self) -> set[str]:
        """The articles that were finished in this sitting."""
        found: dict[str, bool] = {}
        for draft in (draft for act, _ in self._acts for draft in act.drafts):
            if draft.kind is Kind.STATUS:
                found[draft.article] = State((draft.body or {}).get("state", "")) in FINISHED
        return {name for name, yes in found.items() if yes}

    # --- what lies ready

    def _kept(self, article_id: str) -> Kept:
        found = self._stock.get(article_id)
        if found is None:
            raise UnreachableError(NOT_AHEAD)
        return found

    def _in_log(self) -> int:
        """How many acts are in the log for sure: they are saved in order."""
        for number in range(len(self._acts), 0, -1):
            if is_saved(self._acts[number - 1][1]):
                return number
        return 0

    def _since(self, first: int) -> list[Act]:
        return [act for act, _ in self._acts[first:]]

    def _heard(self, reach: "Reach") -> None:
        """The server was lost or found (called in another thread)."""
        if not reach.since:
            self._wake.set()

    # --- in a thread of its own

    def _run(self) -> None:
        while True:
            self._wake.wait()
            time.sleep(SOON)
            self._wake.clear()
            if self._ended:
                return
            reach, wanted = self.project.reach, self._wanted
            if wanted is not None and not (reach and reach.since):
                with suppress(AnnotatorError):  # who wants something is told
                    self._read_ahead(wanted)

    def _read_ahead(self, wanted: Wanted) -> None:
        with Project.open(self.project.path, self.project.actor, readonly=True) as project:
            work = WorkList(project)
            work.where, work.sort = wanted.where, wanted.sort
            work.wants_suggestions = self.wants_suggestions
            self._line = work.upcoming(wanted.here, AHEAD)
            for name in (*self._line, *wanted.back):
                if self._ended or self._wanted != wanted:
                    return
                kept = self._stock.get(name)
                if kept is None or time.monotonic() - kept.time > OLD:
                    self._put(name, self._read_one(work, name))
            self._known_rules = work.rules()

    def _read_one(self, work: WorkList, name: str) -> Kept:
        first, voice = self._in_log(), work.voice(name)
        heads = work.project.heads(name, voice)
        rest = work.why_silent(name), work.suggestions(name), work.shown(name)
        row, article = work.project.row(name), work.article(name)
        return Kept(article, row, voice, heads, *rest, first, time.monotonic())

    def _put(self, name: str, kept: Kept) -> None:
        self._stock.pop(name, None)
        self._stock[name] = kept
        for old in list(self._stock)[:-MOST]:
            del self._stock[old]


class _Past:
    """Past acts, read on after the server was away."""

    def __init__(self, make: Callable[[], Iterator[PastAct]]) -> None:
        self._make = make
        self._acts: Iterator[PastAct] | None = None
        self._seen: set[str] = set()

    def __iter__(self) -> Iterator[PastAct]:
        return self

    def __next__(self) -> PastAct:
        if self._acts is None:
            self._acts = (act for act in self._make() if act.id not in self._seen)
        try:
            found = next(self._acts)
        except UnreachableError:
            self._acts = None
            raise
        self._seen.add(found.id)
        return found
