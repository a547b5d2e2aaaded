"""Several annotators' work on one article side by side, to read: nothing is decided here."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from annotator.gold.adjudication.items import Category, Item, Variant
from annotator.lead.adjudication_table import Table
from annotator.model.annotation import Work
from annotator.model.errors import AnnotatorError
from annotator.model.person import is_pass, person_of

if TYPE_CHECKING:
    from annotator.store.project import Project

ALIKE = (Category.AGREE, Category.SINGLE)


class Beside:
    """An article's items in one layer, one of them current; what a view of items asks of a desk."""

    def __init__(self, project: "Project", article: str, layer: str, who: Sequence[str]) -> None:
        """Lay out the work of some annotators, passes among them.

        Raises:
            AnnotatorError: there is no such article, or this person has not finished it and must
                not see what others did.
        """
        check_blind(project, article)
        self.project = project
        self.layer = layer
        works = [_named(work) for work in project.works(article) if work.actor in who]
        standing = {each.decision.key: each for each in project.decisions(article)}
        self.table = Table(project.article(article), works, project.scheme, standing)
        self.everything = False
        """Whether items on which all agree are among those gone through."""
        self.named = any(is_pass(name) for name in who)
        """Whether names are shown instead of letters."""
        self.place = 0
        self.order: list[str] = []
        # a desk at which nothing is proposed, picked or pointed at
        self.choice = 0
        self.proposal: Variant | None = None
        self.proposal_shown = False
        self.several: frozenset[str] = frozenset()
        self.picking = False
        self._order()

    def _order(self) -> None:
        here = self.item.key if self.item else ""
        own = [item for item in self.table.items if item.layer == self.layer]
        self.differing = sum(_differs(item) for item in own)
        self.order = [item.key for item in own if self.everything or _differs(item)]
        self.place = self.order.index(here) if here in self.order else 0

    @property
    def item(self) -> Item | None:
        """The current item, None when there is none."""
        return self.table.by_key[self.order[self.place]] if self.order else None

    def go(self, steps: int) -> None:
        """To a later or earlier item, no further than the last or first."""
        self.place = max(0, min(self.place + steps, len(self.order) - 1))

    def turn(self) -> None:
        """Show also what all agree on, or no longer."""
        self.everything = not self.everything
        self._order()


def _differs(item: Item) -> bool:
    return bool(item.variants) and not set(item.category) <= set(ALIKE)


def _named(work: Work) -> Work:
    """A later pass under a name of its own, so that it counts as an annotator here."""
    person, number = person_of(work.actor)
    return work if number == 1 else replace(work, actor=f"{person} ({number})")


def check_blind(project: "Project", article: str) -> None:
    """Refuse to show others' work on an article that one has still to finish oneself.

    Raises:
        AnnotatorError: it is assigned to this person, or begun, and not finished.
    """
    person = person_of(project.actor)[0]
    given = {slot.annotator for slot in project.slots([article])}
    begun = {name for name in given if project.newest_of(article, name)}
    if project.newest_of(article, person):
        begun.add(person)
    own = {name for name in given | begun if person_of(name)[0] == person}
    if any(not project.is_finished(article, name) for name in own):
        raise AnnotatorError(
            f"You have still to finish {article} yourself; until then others' work on it is hidden."
        )
