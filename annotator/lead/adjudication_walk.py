"""An adjudicator's way from item to item and from article to article."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future

from annotator.gold.adjudication.items import Item, Variant
from annotator.lead.adjudication_bulk import Turned
from annotator.lead.adjudication_filter import Wanted, in_state
from annotator.lead.adjudication_queue import PATIENCE, Options, Waiting
from annotator.lead.adjudication_table import Table, proposal_of
from annotator.lead.taking_back import TakingBack
from annotator.model.decision import Decided
from annotator.model.event import Event
from annotator.model.person import Role
from annotator.store import adjudicated
from annotator.store.project import Project

LONG = 5.0
"""Seconds the way to the first article may take."""
LONGEST = 300_000
"""Milliseconds on screen are counted no further: by then the adjudicator was away."""


class Walking:
    """The side of the desk that opens articles and goes through their items."""

    def __init__(
        self,
        project: Project,
        options: Options | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`clock` gives seconds.

        Raises:
            AnnotatorError: the project has a lead, and this is no adjudicator of it.
        """
        project.require(Role.ADJUDICATOR, "adjudicate")
        self.project = project
        self.options = options or Options()
        self.waiting = Waiting(project, self.options)
        self.waiting.watch(self._pending)
        self.wanted = Wanted()
        self.table: Table | None = None
        self.order: list[str] = []
        """Keys of the article's items to go through."""
        self.place = 0
        """Which of `order` is the current one."""
        self.named = False
        """Whether the annotators' names are shown."""
        self.names_seen = False
        """Whether they were, at any time since this item came."""
        self.proposal_shown = not self.options.blind
        self.choice = 0
        self.pointed = False
        """Whether the variant was pointed at by hand."""
        """Which of the item's variants enter takes: at first the proposal, where one is seen."""
        self.several: set[str] = set()
        """Codes of the variants picked so far, when several are to be kept."""
        self.picking = False
        """Whether digits pick variants to be kept together."""
        self.message = ""
        self.saving: Future[tuple[Event, ...]] | None = None
        """The last act on its way to the log."""
        self.turning: Iterator[Turned] | None = None
        """Undo or redo of many articles that is not finished."""
        self._turning, self._turned = "", Turned()
        self._past = self._history()
        self._clock = clock
        self._shown_at = clock()
        self._made = 0
        self._held_up: tuple[str, str] | None = None
        """Article and key of the item whence one could not go on."""
        self._unsaved: dict[tuple[str, str], tuple[Decided | None, Future[tuple[Event, ...]]]] = {}

    def _history(self) -> TakingBack:
        """The acts that can be taken back, all of them read from the log."""
        return TakingBack(
            lambda: adjudicated.past_decisions(self.project),
            lambda act: adjudicated.past_act(self.project, act),
        )

    def read_again(self) -> None:
        """Acts were saved past this desk: the article and what can be undone are read anew."""
        self._past = self._history()
        self.reopen()

    # --- where one is

    @property
    def item(self) -> Item | None:
        """The item to decide, None when the article has none to go through."""
        if self.table is None or not self.order:
            return None
        return self.table.by_key.get(self.order[self.place])

    @property
    def proposal(self) -> Variant | None:
        """The variant proposed for the item, as far as it may be seen."""
        item = self.item
        return proposal_of(item) if item is not None and self.proposal_shown else None

    @property
    def article_place(self) -> int:
        """Where the article stands among those one may adjudicate; -1 without one."""
        return self.waiting.places.get(self.table.article.id, -1) if self.table else -1

    @property
    def left(self) -> int:
        """How many items of the article are still in the state asked for."""
        return self.table.left(self.order, self.wanted.show) if self.table else 0

    def say(self, words: str) -> None:
        """Leave a message for the screen."""
        self.message = words

    # --- opening

    def begin(self, article: str | None = None) -> None:
        """Open an article, by default the next with open items after the one decided on last.

        Raises:
            AnnotatorError: the article cannot be adjudicated by this person now.
        """
        if article is not None:
            self._open(self.waiting.place(article))
            return
        last = next(adjudicated.past_decisions(self.project), None)
        self.waiting.recall()
        start = self.waiting.places.get(last.changes[0].article, 0) if last and last.changes else 0
        if not self.waiting.articles:
            self.say(self.nothing_to_do())
        elif not self._seek(start, 1, LONG):
            self._open(start)
            self.say(self.nothing_to_do())

    def nothing_to_do(self) -> str:
        """Why there is no item to go to."""
        if self.waiting.articles:
            return "Nothing left that the filter lets through. A takes what all agree on."
        if self.waiting.own:
            return (
                f"You annotated all {self.waiting.own} articles that are ready yourself; "
                "somebody else should adjudicate them, or use --own."
            )
        return "No article is ready: enough annotators must have finished it first."

    def _open(self, place: int, key: str = "", last: bool = False) -> None:
        """Lay an article on the table, at an item or its first (`last`) open one."""
        self.table = self.waiting.table(place)
        self.order = self.waiting.order(self.table, self.wanted)
        self.named = self.named or bool(self.wanted.pair)
        if key and key in self.table.by_key and key not in self.order:
            self.order = [key, *self.order]
        open_ = [n for n, name in enumerate(self.order) if self._is_wanted(name)]
        place = self.order.index(key) if key in self.order else -1
        self._go(place if place >= 0 else open_[-1 if last else 0] if open_ else 0)

    def _is_wanted(self, key: str) -> bool:
        item = self.table.by_key.get(key) if self.table else None
        return item is not None and in_state(item, self.wanted.show)

    def _go(self, place: int) -> None:
        """Make another item the current one."""
        self.place = place
        self.several.clear()
        self.picking = False
        self.proposal_shown = not (self.options.blind or self.options.second)
        self.names_seen = self.named
        self._choose()
        self._shown_at = self._clock()

    def _choose(self) -> None:
        """Point at what is proposed, else at the first variant."""
        item, wanted = self.item, self.proposal
        self.choice = item.variants.index(wanted) if item and wanted else 0
        self.pointed = False

    def choose(self, step: int) -> None:
        """Point at another variant."""
        item = self.item
        if item is not None and item.variants:
            self.choice = (self.choice + step) % len(item.variants)
            self.pointed = True

    def reopen(self) -> None:
        """Lay the article out anew: somebody else may have decided or annotated since."""
        if self.table is not None:
            here = self.item.key if self.item else ""
            self.waiting.forget(self.table.article.id)
            self._open(self.article_place, here)

    def preload(self) -> None:
        """Lay out the next article while nobody waits."""
        if self.table is not None and len(self.waiting.articles) > 1:
            here = self.article_place
            found = self.waiting.seek(here + 1, 1, self.wanted, 0.05)
            if found.finished and not found.nothing and found.place != here:
                self.waiting.table(found.place)
            self.waiting.table(here)

    # --- going on

    def next(self) -> None:
        """The next item in the state asked for, in this article or the next that has one."""
        self._step(1)

    def resume(self) -> None:
        """Go on from an item that was decided when the way to the next one could not be read."""
        if self._held_up and self._held_up == self._here():
            self._go_on()

    def _go_on(self) -> None:
        self._held_up = self._here()
        self._step(1)
        self._held_up = None

    def _here(self) -> tuple[str, str] | None:
        item = self.item
        return (self.table.article.id, item.key) if self.table and item else None

    def previous(self) -> None:
        """The item before."""
        self._step(-1)

    def next_article(self) -> None:
        """The next article with items in the state asked for."""
        self._leave(1)

    def previous_article(self) -> None:
        """The article before."""
        self._leave(-1)

    def _step(self, step: int) -> None:
        stop = len(self.order) if step > 0 else -1
        for place in range(self.place + step, stop, step):
            if self._is_wanted(self.order[place]):
                self._go(place)
                return
        self._leave(step)

    def _leave(self, step: int) -> None:
        if not self.waiting.articles:
            self.say(self.nothing_to_do())
            return
        here = self.article_place
        if not self._seek(here + step, step):
            self.waiting.refresh()  # more may have been finished since
            if not (self.waiting.articles and self._seek(max(self.article_place, 0), step)):
                self.say(self.nothing_to_do())
        elif self.article_place == here and not self.message:
            self.say("This is the only article left.")

    def _seek(self, start: int, step: int, patience: float = PATIENCE) -> bool:
        """Open the nearest article with wanted items; False when there is none."""
        found = self.waiting.seek(start, step, self.wanted, patience)
        if found.nothing:
            return False
        self._open(found.place, last=step < 0)
        if not found.finished:
            self.say("Nothing in the articles up to this one; the same key looks on.")
        return True

    def filter(self, wanted: Wanted) -> None:
        """Go through other items from here on."""
        self.wanted = wanted
        if not self.waiting.articles:
            self.say(self.nothing_to_do())
        elif not self._seek(max(self.article_place, 0), 1):
            self._open(max(self.article_place, 0))
            self.say(self.nothing_to_do())

    def _pending(self, article: str) -> dict[str, Decided | None]:
        """The decisions on an article that are not in the file yet."""
        return {
            key: decided
            for (name, key), (decided, saving) in self._unsaved.items()
            if name == article and (not saving.done() or saving.exception() is not None)
        }

    def _milliseconds(self) -> int:
        return min(round((self._clock() - self._shown_at) * 1000), LONGEST)

    def _grow(self) -> None:
        """Take in items that a decision brought about, right after the current one."""
        if self.table is not None:
            found = self.waiting.order(self.table, self.wanted)
            new = [key for key in found if key not in self.order]
            self.order[self.place + 1 : self.place + 1] = new
            gone = [key for key in self.order if key not in self.table.by_key]
            if gone:
                here = self.order[self.place]
                self.order = [key for key in self.order if key not in gone]
                last = max(len(self.order) - 1, 0)
                self.place = self.order.index(here) if here in self.order else min(self.place, last)
