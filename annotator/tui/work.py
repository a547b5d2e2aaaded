"""The project as the screens see it: articles in the queue's order, and a log for the desk."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from annotator.desk.history import NOT_OURS
from annotator.desk.reaching import is_from_afar
from annotator.model.annotation import Kind, Rule, State, Work
from annotator.model.article import Article
from annotator.model.errors import AnnotatorError
from annotator.model.event import Act, PastAct
from annotator.model.person import person_of
from annotator.model.scheme import Scheme
from annotator.store.filters import ALL, Filter
from annotator.store.project import Project
from annotator.store.queue import QueueRow
from annotator.store.trouble import AwaitedError
from annotator.store.works import IDLE
from annotator.tui import ahead
from annotator.tui.seated import Seated

if TYPE_CHECKING:
    from annotator.model.event import Event
    from annotator.model.shown import Shown
    from annotator.model.slot import Slot
    from annotator.model.suggestion import Suggestion
    from annotator.store.identities import Known
    from annotator.store.precedents import Precedents
    from annotator.store.recurring import Recurring
    from annotator.tui.passes import FirstPass

FINISHED = (State.DONE, State.SKIPPED)
RECENT = 20
"""Articles that count as recent."""


class WorkList(Seated):
    """One annotator's way through a project.

    Whoever was assigned articles gets theirs, then those open to whoever comes first. A later pass
    over an article (`person.pass_name`) is worked on under its own name, which `voice` tells: all
    that is read and saved about the article goes by it.
    """

    def __init__(self, project: Project) -> None:
        """Raises AnnotatorError when the project was opened under the name of a later pass."""
        person, _ = person_of(project.actor)
        if person != project.actor:
            raise AnnotatorError(
                f"{project.actor} is a later pass of {person}: open it as {person}."
            )
        super().__init__(project)
        self.usual: Filter = Filter(assigned="me") if project.has_queue() else ALL
        """The filter that a sitting begins with."""
        self.where = self.usual
        """The queue's filter; next and previous keep to it."""
        self.sort = "number"
        self._row: QueueRow | None = None
        self._opened: list[str] = []
        self._count = project.last_number()
        self._voices: dict[str, str] = {}
        self._read: tuple[str, Mapping[str, str]] = ("", {})
        """The article whose decisions were read last, and their versions."""
        self._newest: dict[str, str] = {}
        """For other articles, and after each act, the newest version that is known here."""
        self._sent: Future[Any] | None = None
        self._begun: set[str] = set()
        self._first_pass: FirstPass | None = None
        self.wants_suggestions = True
        """Whether files and suggesters may suggest (`Config.suggest`); what one asked for with a rule
        is suggested in any case."""
        self.on_finished: Callable[[str], None] | None = None
        """Told of an article that was finished, once that is durable; called in the writer's thread."""
        self._aside = ("", "")
        """The article that came out of turn last, and the one in whose place it came."""

    @property
    def at(self) -> str:
        """The article that was on screen last, "" before the first."""
        return self._opened[0] if self._opened else ""

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

    def voice(self, article_id: str) -> str:
        """The name under which this annotator works on an article: their own, or a later pass's.

        It stays for the sitting, whatever is assigned meanwhile.
        """
        if article_id not in self._voices:
            self._voices[article_id] = self.project.voice(article_id)
        return self._voices[article_id]

    def work(self, article_id: str) -> Work:
        """This annotator's decisions on it, in the pass they are at."""
        return self._noted(self.project.work(article_id, self.voice(article_id)))

    def _noted(self, found: Work) -> Work:
        name, versions = self._read
        if name != found.article:
            self._newest[name] = max(_newest(versions), self._newest.get(name, ""))
        self._newest.pop(found.article, None)
        self._read = (found.article, found.versions)
        return found

    def submit(self, act: Act) -> Future[Any]:
        """Save an act, under the name of the pass over the article it is about."""
        article = next((draft.article for draft in act.drafts if draft.article), "")
        idle = all(
            draft.kind in IDLE for draft in act.drafts
        )  # what was only looked at is not begun
        if article and article not in self._begun and not idle:
            self._begin(article)
        self._sent = self.project.submit(act, self.voice(article) if article else None)
        self._sent.add_done_callback(partial(self._saved, article))
        return self._sent

    def _begin(self, article: str) -> None:
        """The first act on an article in this sitting: who opened it by hand takes a place too."""
        self._begun.add(article)
        if self.usual != ALL:
            with suppress(AnnotatorError):  # the act itself is saved, or says why not
                self.project.claim_soon(article)

    def _saved(self, article: str, done: "Future[tuple[Event, ...]]") -> None:
        error = None if done.cancelled() else done.exception()
        if isinstance(error, AwaitedError):  # it comes later
            error.sent.add_done_callback(partial(self._saved, article))
        if done.cancelled() or error is not None:
            return
        for event in done.result():
            if event.kind not in IDLE:
                name = event.article or article
                self._newest[name] = max(self._newest.get(name, ""), event.id)
        if self.on_finished is not None and any(map(_finishes, done.result())):
            self.on_finished(article)

    def past_acts(self) -> Iterator[PastAct]:
        """This annotator's acts at the desk, newest first."""
        names = {slot.annotator for slot in self.project.passes()}
        if not names:
            return self.project.past_acts(without=NOT_OURS)
        from annotator.tui import passes

        return passes.past_acts(self.project, {self.project.actor, *names}, self.voice)

    def rules(self) -> tuple[Rule, ...]:
        """This annotator's rules that stand, oldest first."""
        names = {slot.annotator for slot in self.project.passes()}
        found = [self.project.rules(), *(self.project.rules_of(name) for name in sorted(names))]
        return tuple(rule for rules in found for rule in rules)

    def suggestions(self, article_id: str) -> "tuple[Suggestion, ...]":
        """What files suggest for an article, and (but in later passes) suggesters; in reading order."""
        found = self.project.suggestions(article_id) if self.wants_suggestions else ()
        if not found or self.voice(article_id) == self.project.actor:
            return found
        return tuple(each for each in found if not each.version)

    def why_silent(self, article_id: str) -> str:
        """Why nothing is suggested in an article, one sentence; "" where something may be."""
        return self.project.why_silent(article_id)

    def shown(self, article_id: str) -> "list[Shown]":
        """What was suggested in an article so far, in the pass this annotator is at."""
        return self.project.shown(article_id, self.voice(article_id))

    def recurring(self, article_id: str, layer: str, lines: Collection[str]) -> "Recurring":
        """Where lines like an article's stand unlabelled in the source's other articles to do."""
        voice = self.voice(article_id)
        queue = self.usual != ALL or voice != self.project.actor
        return self.project.recurring(article_id, layer, lines, voice, queue)

    def versions(
        self, things: Iterable[tuple[str, str]]
    ) -> Mapping[tuple[str, str], tuple[str, Mapping[str, Any] | None]]:
        """For articles and keys this annotator's version there: its id and body."""
        wanted = list(things)
        return self.project.versions(wanted, self.voice(wanted[0][0])) if wanted else {}

    def precedents(self, surface: str, layer: str) -> "Precedents":
        """How this annotator labelled a string and its other forms in a layer so far."""
        found = self.project.precedents(surface, layer)
        first = self._before()
        return first.precedents(layer, found) if first else found

    def known_forms(self, layer: str, forms: Collection[str]) -> set[str]:
        """Those of the forms (`text.forms.form_key`) this annotator has labelled in a layer."""
        if self._before():
            return set(self.labels_of(forms, layer))
        return self.project.known_forms(layer, forms)

    def labels_of(self, forms: Collection[str], layer: str) -> Mapping[str, Mapping[str, int]]:
        """For each form the labels this annotator gave it in a layer, with counts."""
        found = self.project.labels_of(forms, layer)
        first = self._before()
        return first.labels_of(layer, found) if first else found

    def identities(self, layer: str, group: str, surface: str) -> "list[Known]":
        """Identities to complete from: the group's, the surface's and the project's."""
        return self.project.identities(layer, group, surface)

    def _before(self) -> "FirstPass | None":
        """What must not be told of an earlier pass over the article at hand; None when it is the first."""
        article = self._read[0]
        if not article or self.voice(article) == self.project.actor:
            return None
        if self._first_pass is None or self._first_pass.article != article:
            from annotator.tui.passes import FirstPass

            self._first_pass = FirstPass(self.project, article)
        return self._first_pass

    # --- other sittings

    def is_stale(self, article_id: str) -> bool:
        """Whether another sitting changed an article since its decisions were read here.

        Not asked while an act of this sitting is on its way, nor when there is no other one.
        """
        if self.sitting is None or self.sitting.alone:
            return False
        if self._sent is not None and not self._sent.done():
            return False
        known = self._newest.get(article_id, "")
        if self._read[0] == article_id:
            known = max(known, _newest(self._read[1]))
        return self.project.newest_of(article_id, self.voice(article_id)) > known

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
        last = next((c.article for c in changed if c.article and not is_from_afar(c)), None)
        row = self.project.row(last) if last else None
        gone = row is not None and self.project.gone_article(row.id) is not None
        if row is not None and not gone and not self._is_finished(row):
            return row.id
        return self._next(None if row is not None and self._was_asked(row.id) else row)

    def pass_over(self, article_id: str) -> Work | None:
        """The later pass over an article that one finds on opening it.

        None when there is none, and before anybody has come to it, so that nobody is told beforehand.
        """
        opened = self._voices.get(article_id)
        voice = opened or self.project.voice(article_id)
        if voice == self.project.actor:
            return None
        work = self.project.work(article_id, voice)
        return None if opened is None and work.status.state is State.NEW else work

    def grown(self, last: int) -> None:
        """Articles came: the number of the newest is another."""
        self._count = last

    def was_assigned(self) -> None:
        """Somebody assigned this annotator articles: they are next, unless the queue is narrowed."""
        before, self.usual = self.usual, Filter(assigned="me")
        if self.where == before:
            self.where = self.usual

    def place(self, article_id: str) -> str:
        """`n of m`, for the status line."""
        if self._row is None or self._row.id != article_id:
            self._row = self.project.row(article_id)
        return f"{self._row.n if self._row else '?'} of {self._count:,}"

    def next_to_do(self, article_id: str) -> str | None:
        """What to do after an article: now and then one that comes out of turn, else the next in order.

        Out of turn come later passes and hidden questions. The next in order is the next unfinished one
        of the queue, going round once; when none is left, an article that is open to whoever comes
        first, of which a place is taken.
        """
        aside, before = self._aside
        before = before if article_id == aside else article_id
        found = self._pass_due(article_id)
        if found is not None:
            self._aside = (found, before)
            return found
        row = self.project.row(before)
        if before != article_id and row is not None and not self._is_finished(row):
            return before
        return self._next(row)

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

    def _next(self, here: QueueRow | None) -> str | None:
        """The next to do; None is before the first."""
        found = ahead.to_do_after(self, here, self._out_of_turn)
        if found is None or (here is not None and found == here.id):
            return (
                ahead.claimed(self, here) or self._pass_due(here.id if here else "", True) or found
            )
        return found

    def _pass_due(self, here: str, at_once: bool = False) -> str | None:
        """The article that comes out of turn now, unless the queue is narrowed."""
        waiting = self.project.passes(finished=False) if self.where == self.usual else []
        questions = self._questions()
        if not waiting and not questions:
            return None
        from annotator.tui import passes

        left = self.project.left_to_do() if questions else 0
        return passes.due(waiting, self.voice, here, at_once, questions, left)

    def upcoming(self, article_id: str, count: int) -> list[str]:
        """The articles that are to be done after one, as far as it is known; no place is taken."""
        row = self.project.row(article_id)
        return ahead.upcoming(self, row, count, self._out_of_turn) if row is not None else []

    @property
    def _out_of_turn(self) -> set[str]:
        """The articles that the order passes over."""
        return {slot.article for slot in self._questions()}

    def _questions(self) -> "list[Slot]":
        """The hidden questions that come out of turn; in a narrowed queue all come in order."""
        is_usual = self.usual != ALL and self.where == self.usual
        return self.project.hidden_questions() if is_usual else []

    def _was_asked(self, article_id: str) -> bool:
        """Whether an article came out of turn, so that the queue does not go on behind it."""
        from annotator.model.slot import Why

        slots = self.project.slots([article_id], self.project.actor)
        return any(slot.why is Why.GOLD for slot in slots)

    def _is_finished(self, row: QueueRow) -> bool:
        """Whether nothing is left to do in an article, in the pass this annotator is at."""
        voice = self.voice(row.id)
        if voice != self.project.actor:
            return self.project.is_finished(row.id, voice)
        return row.state in FINISHED


def _finishes(event: "Event") -> bool:
    """Whether an event finishes an article, or a layer of it."""
    if event.kind == Kind.STATUS:
        return (event.body or {}).get("state") in FINISHED
    return event.kind == Kind.LOOKED


def _newest(versions: Mapping[str, str]) -> str:
    """The newest decision among versions; time spent is none."""
    return max((id_ for key, id_ in versions.items() if not key.startswith("time:")), default="")
