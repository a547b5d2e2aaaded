"""The queue screen: which articles there are, filtered as one types; enter opens one."""

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import Input

from annotator.model.annotation import State
from annotator.model.errors import AnnotatorError
from annotator.store.filter_line import parse, written
from annotator.store.filters import Filter
from annotator.store.notices import ANYTHING, ARTICLES, ASSIGNED, CLAIM, MANY, STATE, WORK, Heard
from annotator.store.queue import ORDERS
from annotator.store.views import View
from annotator.text.visible import plain_line
from annotator.tui.entry import Entry
from annotator.tui.lines import Line, Lines, piece
from annotator.tui.queue_list import QueueList

if TYPE_CHECKING:
    from annotator.tui.arranging import Arranger
    from annotator.tui.work import WorkList

STATES = ("", State.NEW, State.STARTED, State.OPEN, State.DONE, State.SKIPPED)
SHOWN = frozenset((STATE, WORK, CLAIM, ASSIGNED, ARTICLES, MANY, ANYTHING))
"""Changes of which something may be seen here."""
COUNT_LIMIT = 10_000
"""Matches are counted no further, so that typing stays quick in a million articles."""


class QueueScreen(Screen[str | None]):
    """The queue: the filter has the keys, arrows move, enter opens."""

    CSS_PATH = "annotator.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", priority=True),
        Binding("enter", "open", priority=True),
        Binding("up", "move(-1)", priority=True),
        Binding("down", "move(1)", priority=True),
        Binding("pageup", "page(-1)", priority=True),
        Binding("pagedown", "page(1)", priority=True),
        Binding("ctrl+home", "jump(False)", priority=True),
        Binding("ctrl+end", "jump(True)", priority=True),
        Binding("f3", "next_state", priority=True),
        Binding("f4", "next_sort", priority=True),
        Binding("f5", "sort_anew", priority=True),
        Binding("f6", "views", priority=True),
        Binding("f1", "help", priority=True),
    ]

    def __init__(self, work: "WorkList", here: str | None) -> None:
        super().__init__()
        self._work = work
        self._here = here
        self._arranger: Arranger | None = None
        self._note = ""
        """What to say of the order."""

    def compose(self) -> ComposeResult:
        """Heading, filter, list, hint."""
        yield Lines(self._heading, id="heading", classes="bar")
        yield Entry(
            value=written(self._work.where),
            placeholder=PLACEHOLDER + ("  assigned:me" if self._work.usual.assigned else ""),
            compact=True,
        )
        yield QueueList(self._work, self._here, self.action_open)
        yield Lines(lambda *_: [(piece(HINT, "dim"),)], id="keys", classes="bar")

    def on_mount(self) -> None:
        """The filter line has the focus; what was imported since gets its place in a random order."""
        self.query_one(Input).focus()
        if self._list.sort.removeprefix("-").startswith("random"):
            self._arrange()

    def on_unmount(self) -> None:
        """An order that is still being made is made no further."""
        if self._arranger is not None:
            self._arranger.give_up()

    def follow(self, news: Sequence[Heard]) -> None:
        """Others did something: the rows are read again where they stand."""
        if any(each.what in SHOWN for each in news):
            self._list.renew()
            self.query_one("#heading", Lines).draw()

    @property
    def _list(self) -> QueueList:
        return self.query_one(QueueList)

    def _number(self) -> str:
        """How many articles the filter lets through, and of one's own how many are left to do."""
        where, project = self._list.where, self._work.project
        if self._list.trouble:
            return "no articles"
        try:
            count, left = project.count(where, COUNT_LIMIT), 0
            if where == Filter(assigned="me"):
                left = project.left_to_do()
        except AnnotatorError:  # the server went just now
            return "no articles"
        number = f"{count:,}" if count < COUNT_LIMIT else f"{COUNT_LIMIT:,} or more"
        said = f"{number} article{'' if count == 1 else 's'}"
        return f"{said}, {left:,} left" if where == Filter(assigned="me") else said

    def _heading(self, *_: int) -> list[Line]:
        who = plain_line(self._work.project.actor, 40)
        path = plain_line(self._work.project.path.name, 60)
        said = f"{self._number()} · by {self._list.sort}"
        if self._note:  # there may be no room for both
            return [(piece(f" {said} · {self._note}", "bold"),)]
        return [(piece(f" {path} · {who} · {said}", "bold"),)]

    def on_input_changed(self, event: Input.Changed) -> None:
        """Each character filters."""
        where = parse(event.value)
        if where != self._list.where:
            self._list.where = where
            self._list.load()
            self.query_one("#heading", Lines).draw()

    def action_move(self, count: int) -> None:
        """A row up or down."""
        self._list.move(count)

    def action_page(self, pages: int) -> None:
        """A screen up or down."""
        self._list.move(pages * max(self._list.size.height - 1, 1))

    def action_jump(self, to_end: bool) -> None:
        """The first or last row."""
        self._list.jump(to_end)

    def action_next_state(self) -> None:
        """Narrow to the next status."""
        box, where = self.query_one(Input), self._list.where
        state = where.state if where.state in STATES else STATES[-1]
        after = STATES[(STATES.index(state) + 1) % len(STATES)]
        box.value = written(where._replace(words=where.words.strip(), state=after))

    def action_views(self) -> None:
        """Go to a view kept by name, keep this one, or forget one."""
        self._try(self._choose_view)

    def _choose_view(self) -> None:
        from annotator.tui.dialogs import Choose

        views = self._work.project.views()
        names = [view.name for view in views]
        more = [KEEP, FORGET] if names else [KEEP]

        def chosen(place: int | None) -> None:
            if place is not None and place < len(views):
                self._go_to(views[place])
            elif place == len(views):
                self._keep_view()
            elif place is not None:
                self._forget_view(names)

        self.app.push_screen(Choose("Views of the queue", [*names, *more]), chosen)

    def _go_to(self, view: View) -> None:
        from annotator.tui import sticky

        self.query_one(Input).value = view.line
        self._list.where = parse(view.line)
        self._sort_by(sticky.known(view.sort), None)

    def _keep_view(self) -> None:
        from annotator.tui.dialogs import Ask

        def named(name: str | None) -> None:
            if name and name.strip():
                view = View(" ".join(name.split()), self.query_one(Input).value, self._list.sort)
                self._try(lambda: self._work.project.keep_view(view))

        self.app.push_screen(Ask("Keep this filter and order under the name:"), named)

    def _forget_view(self, names: list[str]) -> None:
        from annotator.tui.dialogs import Choose

        def chosen(place: int | None) -> None:
            if place is not None:
                self._try(lambda: self._work.project.forget_view(names[place]))

        self.app.push_screen(Choose("Forget the view", names), chosen)

    def _try(self, change: Callable[[], None]) -> None:
        """Do something of which is said what goes wrong."""
        from annotator.tui.dialogs import Page

        try:
            change()
        except AnnotatorError as error:
            self.app.push_screen(Page("Views of the queue", [("", str(error))]))

    def action_next_sort(self) -> None:
        """Another order: by number, date, source, event, length, title, at random, by uncertainty."""
        from annotator.tui import arranging

        here, project = self._list.current.id if self._list.current else None, self._work.project
        self._try(
            lambda: self._sort_by(arranging.after(project, self._list.sort, list(ORDERS)), here)
        )

    def action_sort_anew(self) -> None:
        """Another seed for the random order, the newest guesses for that by uncertainty."""
        from annotator.tui.dialogs import Ask

        here = self._list.current.id if self._list.current else None
        name, _, seed = self._list.sort.removeprefix("-").partition(":")

        def asked(value: str | None) -> None:
            if value is not None and value.strip():
                self._sort_by(f"random:{value.strip()}", here)

        if name == "random":
            self.app.push_screen(Ask("Seed of the random order, a whole number:", seed), asked)
        elif name == "uncertain":
            self._sort_by(name, here)

    def _sort_by(self, sort: str, here: str | None) -> None:
        """Show the queue in an order, around an article; where it has to be made first, begin to."""
        self._list.sort, self._note = sort, ""
        if self._arranger is not None:
            self._arranger.give_up()
            self._arranger = None
        self._list.load(here)
        self._arrange()
        self.query_one("#heading", Lines).draw()

    def _arrange(self) -> None:
        from annotator.tui import arranging

        if self._list.trouble or not arranging.is_made(self._list.sort):
            return
        self._note = arranging.SORTING
        post, project = asyncio.get_running_loop().call_soon_threadsafe, self._work.project
        try:
            self._arranger = arranging.Arranger(project, self._list.sort, post, self._arranged)
        except AnnotatorError as error:  # it is only read
            self._note = str(error)

    def _arranged(self, number: int, trouble: str) -> None:
        """An order was made, or brought up to date by so many articles."""
        from annotator.tui import arranging

        project, here = self._work.project, self._list.current.id if self._list.current else None
        self._note = trouble
        if "uncertain" in self._list.sort and not trouble:
            early = arranging.TOO_FEW if arranging.is_early(project) else ""
            self._note = early if number else arranging.NO_GUESSES
            here = arranging.first_to_do(project, self._list.where, self._list.sort) or here
        if number:
            self._list.load(here)
        self.query_one("#heading", Lines).draw()

    def action_open(self) -> None:
        """Open the article; next and previous keep to this filter and order."""
        row = self._list.current
        if row is not None:
            self._work.where, self._work.sort = self._list.where, self._list.sort
            self.dismiss(row.id)

    def action_leave(self) -> None:
        """Back to the article."""
        self.dismiss(None)

    def action_help(self) -> None:
        """What the filter line understands."""
        from annotator.tui.dialogs import Page
        from annotator.tui.queue_help import HELP

        self.app.push_screen(Page("The queue", [("", line) for line in HELP]))


PLACEHOLDER = "filter: words  lang:bg  state:new  source:…"
HINT = " ↑↓ move  enter opens  F3 status  F4 order  F6 views  F1 help  esc back"
KEEP, FORGET = "+ keep this filter and order", "- forget one"
