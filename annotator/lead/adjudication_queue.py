"""Articles that wait for an adjudicator, and the way from one with open items to the next."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from time import monotonic

from annotator.gold.adjudication.items import Item
from annotator.gold.adjudication.proposals import posteriors
from annotator.lead.adjudication_filter import Wanted, in_state
from annotator.lead.adjudication_table import Posteriors, Table
from annotator.lead.gilding import voters
from annotator.model.decision import Decided
from annotator.model.errors import AnnotatorError
from annotator.model.person import person_of
from annotator.store import adjudicated
from annotator.store.adjudicated import Ready
from annotator.store.project import Project

KEPT = 4
"""Articles kept laid out: the one on screen, its neighbours."""
PATIENCE = 0.3
"""Seconds a key press looks through articles for one with items that a filter lets through."""


@dataclass(frozen=True, slots=True)
class Options:
    """How somebody adjudicates."""

    wanted: int = 0
    """How many annotators make an article ready; 0: as assigned, else two."""
    review: bool = False
    """Whether articles with one annotator are gone through as well."""
    own: bool = False
    """Whether also articles one annotated oneself; the log shows it."""
    blind: bool = False
    """Whether a proposal shows only when asked for."""
    second: float = 0.0
    """Share of the items others decided that are decided again, unseen what they decided; 0: none."""
    model: bool = False
    """Whether proposals come from Dawid and Skene's model where it has enough to go by."""
    audit: float = 0.05
    """Share of unanimous items that are looked at all the same."""


class Waiting:
    """The articles to go through, by number, and those of them that are laid out."""

    def __init__(self, project: Project, options: Options) -> None:
        self._project = project
        self._options = options
        self.person = person_of(project.actor)[0]
        self.articles: list[Ready] = []
        """The articles one may adjudicate now."""
        self.places: dict[str, int] = {}
        """Where each of them stands."""
        self.own = 0
        """How many more were left out because one annotated them."""
        self.mine: set[str] = set()
        """Those of the ready articles that one annotated, or began to."""
        self.told: Posteriors | None = None
        """The model's posteriors, once it was asked."""
        self._tables: dict[str, Table] = {}
        self._left: dict[tuple[str, Wanted], tuple[str, int]] = {}
        """How many items of an article a filter lets through, as long as its stamp is the same."""
        self._pending: Callable[[str], dict[str, Decided | None]] = lambda _: {}
        self.refresh()

    def watch(self, pending: Callable[[str], dict[str, Decided | None]]) -> None:
        """`pending` gives the decisions on an article that are not on disk yet."""
        self._pending = pending

    def refresh(self) -> None:
        """Read anew which articles are ready."""
        mine = adjudicated.begun_by(self._project, self.person)
        ready = [
            each
            for each in adjudicated.finished(self._project, self._options.wanted)
            if (each.is_ready and (len(each.finished) > 1 or each.wanted == 1))
            or (self._options.review and len(each.finished) == 1)
        ]
        self.mine = {each.article for each in ready if each.n in mine}
        self.articles = [each for each in ready if self._options.own or each.n not in mine]
        self.own = len(ready) - len(self.articles)
        if self._options.second:
            touched = adjudicated.touched(self._project)
            self.articles = [each for each in self.articles if each.article in touched]
        self.places = {each.article: place for place, each in enumerate(self.articles)}

    def place(self, article: str) -> int:
        """Where an article stands among those one may adjudicate now.

        Raises:
            AnnotatorError: it is not among them, and why.
        """
        if article in self.places:
            return self.places[article]
        self._project.article(article)  # says so when there is no such article
        works = self._project.works(article)
        if not self._options.own and any(person_of(w.actor)[0] == self.person for w in works):
            raise AnnotatorError(
                f"You annotated {article} yourself, so somebody else should adjudicate it; "
                "with --own it is open to you all the same."
            )
        raise AnnotatorError(
            f"{article} is not ready: not enough annotators have finished it. "
            "--annotators 2 says how many are enough, --review opens the work of one."
        )

    # --- laying out

    def table(self, place: int) -> Table:
        """The article at a place, laid out with its decisions as they are now."""
        name = self.articles[place].article
        # asked before the file is read: what is saved in between is then known twice, not lost
        pending = self._pending(name)
        stamp = adjudicated.stamp(self._project, name)
        found = self._tables.pop(name, None)
        if found is None or found.stamp != stamp:
            found = self._read(name, stamp, pending)
        elif new := {k: each for k, each in pending.items() if found.beneath.get(k) is not each}:
            found.put(new)  # made on an earlier table of this article
        self._tables[name] = found
        while len(self._tables) > KEPT:
            del self._tables[next(iter(self._tables))]
        return found

    def ask_model(self, step: Callable[[], object] = bool) -> None:
        """Propose by Dawid and Skene's model from now on; `step` is called for each article read."""

        def items() -> Iterator[Item]:
            for place in range(len(self.articles)):
                yield from self.table(place).items
                step()

        self.told = posteriors(items())
        self._tables.clear()

    def forget(self, article: str) -> None:
        """Read an article anew when it is next asked for."""
        self._tables.pop(article, None)

    def _read(self, name: str, stamp: str, pending: Mapping[str, Decided | None]) -> Table:
        project = self._project
        standing = {each.decision.key: each for each in project.decisions(name)}
        shown = self._shown(name, standing)
        for key, decided in pending.items():
            for kept in (shown, standing):
                if decided is None:
                    kept.pop(key, None)
                else:
                    kept[key] = decided
        works = voters(project, name, project.works(name))
        article, scheme = project.article(name), project.scheme
        return Table(article, works, scheme, shown, stamp, standing, self.told)

    def _shown(self, article: str, standing: dict[str, Decided]) -> dict[str, Decided]:
        """The decisions one may see: for a second opinion only one's own on what is asked again."""
        share = self._options.second
        if not share:
            return dict(standing)
        own = adjudicated.opinions(self._project, article)
        shown = {key: each for key, each in standing.items() if not is_drawn(key, share)}
        return shown | {key: own[key] for key in standing if key in own and is_drawn(key, share)}

    def order(self, table: Table, wanted: Wanted) -> list[str]:
        """Keys of the items of an article to go through."""
        if self._options.second:
            everything = table.order(wanted, 1.0)
            decided = {each.decision.key for each in self._project.decisions(table.article.id)}
            share = self._options.second
            return [key for key in everything if key in decided and is_drawn(key, share)]
        return table.order(wanted, self._options.audit)

    # --- the next one

    def seek(self, start: int, step: int, wanted: Wanted, patience: float = PATIENCE) -> "Sought":
        """The nearest article from a place on, in either direction, with items in a wanted state.

        It goes round once, and gives up when time is up.
        """
        count, end = len(self.articles), monotonic() + patience
        for turn in range(count):
            place = (start + turn * step) % count
            if self.count(place, wanted):
                return Sought(place, True)
            if monotonic() > end and turn < count - 1:
                return Sought(place, False)
        return Sought(start % count if count else 0, True, nothing=True)

    def count(self, place: int, wanted: Wanted) -> int:
        """How many items of the article at a place a filter lets through."""
        name = self.articles[place].article
        if self._pending(name):
            return self._count(place, wanted)
        stamp = adjudicated.stamp(self._project, name)
        known = self._left.get((name, wanted))
        if known is None or known[0] != stamp:
            known = self._left[name, wanted] = (stamp, self._count(place, wanted))
        return known[1]

    def _count(self, place: int, wanted: Wanted) -> int:
        table = self.table(place)
        return sum(in_state(table.by_key[k], wanted.show) for k in self.order(table, wanted))

    @property
    def _counting(self) -> str:
        """How open items are counted, as far as it is not by the filter."""
        scheme = self._project.scheme
        return f"{scheme.name} {scheme.version} {self._options.audit}"

    def remember(self) -> None:
        """Keep the counts for the next sitting, so that finished articles are passed over quickly."""
        if not self._options.second:
            kept = {name: left for (name, wanted), left in self._left.items() if wanted == Wanted()}
            adjudicated.remember_counts(self._project, self._counting, kept)

    def recall(self) -> None:
        """Take up the counts of the last sitting."""
        if not self._options.second:
            found = adjudicated.remembered_counts(self._project, self._counting)
            self._left |= {(name, Wanted()): left for name, left in found.items()}


@dataclass(frozen=True, slots=True)
class Sought:
    """What a search for an article with items came to."""

    place: int
    finished: bool
    """False when time was up: there may be one after `place`."""
    nothing: bool = False
    """Whether no article has any."""


def is_drawn(key: str, share: float) -> bool:
    """Whether an item is among those that a second adjudicator decides again; by its key alone."""
    digest = hashlib.sha256(f"second\0{key}".encode()).digest()
    return int.from_bytes(digest[:8]) < share * 2**64
