"""The project as the screens see it: articles in the queue's order, and a log for the desk."""

from collections.abc import Collection, Iterator, Mapping
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from annotator.desk.history import NOT_OURS
from annotator.model.annotation import Rule, State, Work
from annotator.model.article import Article
from annotator.model.event import Act, PastAct
from annotator.model.scheme import Scheme
from annotator.store.filters import ALL, Filter
from annotator.store.project import Project
from annotator.store.queue import QueueRow

if TYPE_CHECKING:
    from annotator.model.suggestion import Suggestion
    from annotator.store.identities import Known
    from annotator.store.precedents import Precedents

FINISHED = (State.DONE, State.SKIPPED)
PAGE = 100
RECENT = 20
"""Articles that count as recent."""


class WorkList:
    """One annotator's way through a project."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.where: Filter = ALL
        """The queue's filter; next and previous keep to it."""
        self.sort = "number"
        self._row: QueueRow | None = None
        self._opened: list[str] = []
        self._count = project.count()

    @property
    def scheme(self) -> Scheme:
        """The project's scheme."""
        return self.project.scheme

    # --- what the desk asks for

    def article(self, article_id: str) -> Article:
        """The article."""
        return self.project.article(article_id)

    def prepare(self, article: Article) -> None:
        """It is on screen now: its first decision shall be saved as soon as the others."""
        self.project.prepare(article)
        self._opened = [article.id, *(name for name in self._opened if name != article.id)][:RECENT]

    def work(self, article_id: str) -> Work:
        """This annotator's decisions on it."""
        return self.project.work(article_id)

    def submit(self, act: Act) -> Future[Any]:
        """Save an act."""
        return self.project.submit(act)

    def past_acts(self) -> Iterator[PastAct]:
        """This annotator's acts at the desk, newest first."""
        return self.project.past_acts(without=NOT_OURS)

    def rules(self) -> tuple[Rule, ...]:
        """This annotator's rules that stand, oldest first."""
        return self.project.rules()

    def suggestions(self, article_id: str) -> "tuple[Suggestion, ...]":
        """What files suggest for an article, in reading order."""
        return self.project.suggestions(article_id)

    def is_held_out(self, article_id: str) -> bool:
        """Whether an article is held out for testing, so that nothing may be suggested in it."""
        return self.project.is_held_out(article_id)

    def precedents(self, surface: str, layer: str) -> "Precedents":
        """How this annotator labelled a string and its other forms in a layer so far."""
        return self.project.precedents(surface, layer)

    def known_forms(self, layer: str, forms: Collection[str]) -> set[str]:
        """Those of the forms (`text.forms.form_key`) this annotator has labelled in a layer."""
        return self.project.known_forms(layer, forms)

    def labels_of(self, forms: Collection[str], layer: str) -> Mapping[str, Mapping[str, int]]:
        """For each form the labels this annotator gave it in a layer, with counts."""
        return self.project.labels_of(forms, layer)

    def identities(self, layer: str, group: str, surface: str) -> "list[Known]":
        """Identities to complete from: the group's, the surface's and the project's."""
        return self.project.identities(layer, group, surface)

    # --- the way through the queue

    def recent(self) -> list[QueueRow]:
        """The articles opened in this sitting, then those worked on before, newest first."""
        opened = (self.project.row(name) for name in self._opened)
        rows = {row.id: row for row in opened if row is not None}
        for row in self.project.recent(RECENT):
            rows.setdefault(row.id, row)
        return list(rows.values())[:RECENT]

    def first(self) -> str | None:
        """Where to begin: the article worked on last if unfinished, else the next to do."""
        changed = (change for act in self.past_acts() for change in act.changes)
        last = next((change.article for change in changed if change.article), None)
        row = self.project.row(last) if last else None
        if row is not None and row.state not in FINISHED:
            return row.id
        return self._to_do_after(row)

    def place(self, article_id: str) -> str:
        """`n of m`, for the status line."""
        if self._row is None or self._row.id != article_id:
            self._row = self.project.row(article_id)
        return f"{self._row.n if self._row else '?'} of {self._count:,}"

    def next_to_do(self, article_id: str) -> str | None:
        """The next unfinished article of the queue after this one, going round once."""
        return self._to_do_after(self.project.row(article_id))

    def neighbour(self, step: int, article_id: str) -> str | None:
        """The article after (1) or before (-1) this one in the queue, whatever its status."""
        row = self.project.row(article_id)
        if row is None:
            return None
        move = self.project.next if step > 0 else self.project.previous
        found = move(row, self.where, self.sort)
        return found.id if found else None

    def retry(self) -> Future[int]:
        """Send again what could not be saved."""
        return self.project.retry()

    def _to_do_after(self, here: QueueRow | None) -> str | None:
        """The next unfinished article in the queue's order, from the start again at its end."""
        found = self._to_do(here, None)
        return found if found or here is None else self._to_do(None, here)

    def _to_do(self, row: QueueRow | None, stop: QueueRow | None) -> str | None:
        """The first unfinished article after a row (None: of all), looked for up to another."""
        while rows := self.project.page(self.where, self.sort, after=row, limit=PAGE):
            for row in rows:
                if stop is not None and row.n == stop.n:
                    return None
                if row.state not in FINISHED:
                    return row.id
        return None
