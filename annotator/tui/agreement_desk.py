"""What is open on the agreement screen: the report's pages, and the places one went into from there."""

from typing import TYPE_CHECKING

from annotator.gold.agreement.report import EVERYTHING, LayerReport, Metric, Report, Scope
from annotator.lead.agreement_tracing import Asked, Traced
from annotator.tui.agreement_list import Articles
from annotator.tui.agreement_pages import Page, pages
from annotator.tui.agreement_place import Link, Listed, Number, Opened, Place
from annotator.tui.agreement_work import Compared

if TYPE_CHECKING:
    from annotator.store.project import Project


class AgreementDesk:
    """The state of the screen; it outlives the screen, so that one comes back to where one was."""

    def __init__(
        self,
        project: "Project",
        scope: Scope = EVERYTHING,
        also: tuple[Metric, ...] = (),
        seed: int | None = None,
    ) -> None:
        """`also` and `seed` are those of `measuring.measure`."""
        self.project = project
        """For short reads, in the screen's thread."""
        self.scope, self.also, self.seed = scope, also, seed
        self.report: Report | None = None
        self.pages: tuple[Page, ...] = ()
        self.page = 0
        self._tables: dict[int, int] = {}
        self.stack: list[Place] = []
        """Lists and comparisons, one opened from the other."""
        self.message = ""
        self.is_old = False
        """Whether others worked on since it was begun to measure."""
        self._titles: dict[str, str] = {}

    def take(self, report: Report) -> None:
        """Show a report, at the page and table one was at."""
        names = [place.name for place in self._places]
        here = names[self.table] if names else ""
        self.report = report
        self.pages = pages(report)
        self.stack.clear()
        self.page = min(self.page, len(self.pages) - 1)
        found = [place.name for place in self._places]
        self._tables = {self.page: found.index(here) if here in found else 0}

    # --- where one is

    @property
    def _places(self) -> tuple[Place, ...]:
        return self.pages[self.page].places if self.pages else ()

    @property
    def table(self) -> int:
        """Which table of the page is shown."""
        return self._tables.get(self.page, 0)

    @property
    def place(self) -> Place | None:
        """What the keys go to; None as long as nothing has been measured."""
        if self.stack:
            return self.stack[-1]
        return self._places[self.table] if self._places else None

    @property
    def link(self) -> Link | None:
        """What is under the cursor."""
        return self.place.link if self.place is not None else None

    def layer_of(self, link: Link | None) -> LayerReport | None:
        """The layer a number is of."""
        return self.report.layer(link.asked.layer) if self.report and link else None

    @property
    def article(self) -> str:
        """The article one looks at or points to, "" when there is none."""
        place, link = self.place, self.link
        if isinstance(place, Compared):
            return place.beside.table.article.id
        return link.article if isinstance(link, Opened) else ""

    # --- going

    def go_to(self, page: int) -> None:
        """To the overview (0) or a layer."""
        if not self.pages:
            return
        if page >= len(self.pages):
            self.message = f"There are {len(self.pages) - 1} layers."
            return
        self.page = page
        self.stack.clear()

    def turn(self, step: int) -> None:
        """To the next or the former table of the page."""
        if self._places and not self.stack:
            self._tables[self.page] = (self.table + step) % len(self._places)

    def back(self) -> bool:
        """Out of a list or comparison; False when there is nothing to leave."""
        if self.stack:
            self.stack.pop()
            return True
        if self.page:
            self.page = 0
            return True
        return False

    def list_of(self, link: Number | Listed) -> Articles:
        """Open the articles behind something: of a number first those the report names."""
        if isinstance(link, Listed):
            rows = tuple(Traced(each, None, 0.0) for each in link.articles)
            place = Articles(link.title, link.asked, rows, self.title_of)
            place.plain = True
        else:
            layer = self.layer_of(link)
            title = f"{link.title} · {layer.title}" if layer else link.title
            rows = tuple(Traced(*each) for each in link.kept)
            place = Articles(title, link.asked, rows, self.title_of)
            place.waiting = "Looking for all of them …"
            place.stand_in = link.stand_in
        self.stack.append(place)
        return place

    def title_of(self, article: str) -> str:
        """An article's title, read once."""
        found = self._titles.get(article)
        if found is None:
            row = self.project.row(article)
            found = self._titles[article] = row.title if row else ""
        return found

    def asked(self) -> Asked | None:
        """The number that the list or comparison one is in came from."""
        place = self.place
        return place.asked if isinstance(place, Articles | Compared) else None


def scope_words(scope: Scope) -> str:
    """What a scope narrows to, for people; "" for everything."""
    names = {
        "layers": "layer", "annotators": "of", "rounds": "round", "guidelines": "guidelines",
        "splits": "split", "languages": "in", "sources": "from", "articles": "article",
    }  # fmt: skip
    found = [
        f"{names[field]} {', '.join(value)}"
        for field, value in scope._asdict().items()
        if value and field in names
    ]
    if scope.since:
        found.append(f"since {scope.since}")
    if scope.until:
        found.append(f"until {scope.until}")
    return "; ".join(found)
