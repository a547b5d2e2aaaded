"""The agreement screen: numbers, tables and pictures, and behind each of them the articles."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from textual import events
from textual.app import ComposeResult

from annotator.desk.keynames import key_name
from annotator.gold.agreement.report import Report
from annotator.lead.agreement_beside import Beside, check_blind
from annotator.lead.agreement_tracing import compared, trace
from annotator.lead.measuring import measure
from annotator.model.errors import AnnotatorError
from annotator.model.person import is_pass
from annotator.store.notices import ANYTHING, ARTICLES, GOLD, MANY, STATE, WORK, Heard
from annotator.store.project import Project
from annotator.tui import agreement_sight as sight
from annotator.tui.agreement_actions import KEYS, MOTIONS, keys_page
from annotator.tui.agreement_desk import AgreementDesk
from annotator.tui.agreement_explain import page
from annotator.tui.agreement_job import Job, Tell
from annotator.tui.agreement_place import Listed, Number, Opened
from annotator.tui.agreement_work import Compared
from annotator.tui.direct import DirectScreen
from annotator.tui.lines import Lines

if TYPE_CHECKING:
    from annotator.tui.agreement_app import AgreementApp

COUNTED = frozenset((STATE, WORK, GOLD, ARTICLES, MANY, ANYTHING))
"""Changes by which a number may become another."""


class AgreementScreen(DirectScreen):
    """Shows a desk, hands it the keys, and has long work done in threads of its own."""

    app: "AgreementApp"
    DEFAULT_CSS = """
    AgreementScreen { layout: vertical; }
    AgreementScreen #top { height: 3; background: $panel; }
    AgreementScreen #body { height: 1fr; }
    AgreementScreen #bottom { height: 2; background: $panel; }
    """

    def __init__(self, desk: AgreementDesk, keep: bool) -> None:
        """`keep`: whether what is counted may be kept in the project for the next time."""
        super().__init__()
        self.desk = desk
        self._keep = keep
        self.measuring: Job | None = None
        self.looking: Job | None = None
        """Finds the articles of a number, or whose work one compares."""
        self._ended: list[Job] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self.view = Lines(
            lambda width, height: sight.body(self.desk, self.measuring, width, height), id="body"
        )

    def compose(self) -> ComposeResult:
        """Heads, what one looks at, hints."""
        yield Lines(lambda width, _: sight.top(self.desk, width), id="top")
        yield self.view
        yield Lines(lambda width, _: sight.bottom(self.desk, self._busy, width), id="bottom")

    def on_mount(self) -> None:
        """Measure, unless one comes back to what was measured."""
        self._loop = asyncio.get_running_loop()
        if self.desk.report is None:
            self.call_after_refresh(self.run_action_named, "measure")

    def draw(self) -> None:
        """Draw what changed."""
        for lines in self.query(Lines):
            lines.draw()

    def follow(self, news: Sequence[Heard]) -> None:
        """Others did something: numbers that one reads stay as they are, and are said to be old."""
        if self.desk.report is not None and any(each.what in COUNTED for each in news):
            self.desk.is_old = True
            self.draw()

    # --- work in threads

    @property
    def _busy(self) -> Job | None:
        """What is being done."""
        return self.looking or self.measuring

    def _begin(
        self,
        name: str,
        work: Callable[[Project, Tell], Any],
        done: Callable[[Any], None],
        keep: bool,
    ) -> Job:
        path, actor = self.desk.project.path, self.desk.project.actor
        job = Job(
            name, lambda: Project.open(path, actor, not keep), work, done, self._failed, self._post
        )
        job.begin(self.draw)
        return job

    def _post(self, function: Callable[[], None]) -> None:
        """Have a function called on this thread, from another."""
        if self._loop is not None and not self._loop.is_closed():
            with suppress(RuntimeError):  # closed meanwhile
                self._loop.call_soon_threadsafe(self._posted, function)

    def _posted(self, function: Callable[[], None]) -> None:
        if not self.is_attached:
            return
        with self._context(), self.saying():
            function()
            self.draw()

    def _failed(self, error: Exception) -> None:
        self.measuring = self.looking = None
        if not isinstance(error, AnnotatorError):
            self.app._handle_exception(error)
            return
        self.desk.message = str(error)

    def _drop(self, job: Job | None) -> None:
        """Give work up."""
        if job is not None:
            job.stop()
            self._ended = [each for each in self._ended if each.running] + [job]

    def stop(self) -> list[Job]:
        """Give up all work; the jobs to wait for."""
        for job in (self.measuring, self.looking):
            self._drop(job)
        self.measuring = self.looking = None
        return self._ended

    # --- keys

    def on_key(self, event: events.Key) -> None:
        """Every key is ours."""
        event.stop()
        event.prevent_default()
        self.press(event.key, event.character)

    def press(self, key: str, character: str | None) -> None:
        """Carry out a key, named as Textual names it, with the character it types (if any)."""
        if "+" in key and not key.isascii():
            key, _ = self.app.keyboard.translate(key, character)
            if not key.isascii() and not self.app.keyboard.layout:
                self.app.calibrate()
                return
        if len(key) == 1 and key in "123456789":
            self.desk.message = ""
            self._give_up_looking()
            self.desk.go_to(int(key))
            self.draw()
        elif (action := KEYS.get(key_name(key))) is not None:
            self.run_action_named(action.name)

    def on_mouse_scroll_down(self) -> None:
        """The wheel moves the cursor."""
        self.run_action_named("down")

    def on_mouse_scroll_up(self) -> None:
        """The wheel, the other way."""
        self.run_action_named("up")

    def run_action_named(self, name: str) -> None:
        """Carry out an action of `agreement_actions`."""
        self.desk.message = ""
        with self.saying():
            if name in MOTIONS:
                if self.desk.place is not None:
                    self.desk.place.go(name)
            else:
                getattr(self, f"do_{name}")()
        self.draw()

    @contextmanager
    def saying(self) -> Iterator[None]:
        """What goes wrong is said below."""
        try:
            yield
        except AnnotatorError as error:
            self.desk.message = str(error)

    # --- going

    def _give_up_looking(self) -> None:
        self._drop(self.looking)
        self.looking = None

    def do_overview(self) -> None:
        """All layers."""
        self._give_up_looking()
        self.desk.go_to(0)

    def do_next_table(self) -> None:
        """The next table of the page."""
        self.desk.turn(1)

    def do_previous_table(self) -> None:
        """The table before."""
        self.desk.turn(-1)

    def do_back(self) -> None:
        """Out of where one is."""
        self._give_up_looking()
        if not self.desk.back():
            self.desk.message = "ctrl+q leaves."

    def do_open(self) -> None:
        """What lies behind what is under the cursor."""
        link = self.desk.link
        self._give_up_looking()
        if isinstance(link, Opened):
            self._open(link)
        elif isinstance(link, Listed):
            self.desk.list_of(link)
        elif isinstance(link, Number):
            self._trace(link)
        elif isinstance(self.desk.place, Compared):
            self.desk.message = "F9 decides what is gold here, F10 shows the whole article."

    def _trace(self, link: Number) -> None:
        place, scope, asked = self.desk.list_of(link), self.desk.scope, link.asked

        def found(rows: Any) -> None:
            self.looking = None
            place.replace(rows)

        self.looking = self._begin(
            "articles", lambda project, tell: trace(project, scope, asked, tell), found, False
        )

    def _open(self, link: Opened) -> None:
        check_blind(self.desk.project, link.article)
        scope, asked, article = self.desk.scope, link.asked, link.article

        def found(rows: Any) -> None:
            self.looking = None
            project = self.desk.project
            who = {name for row in rows for name in row}
            if not who:  # nobody's work is compared there: all there is
                who = {w.actor for w in project.works(article) if not is_pass(w.actor)}
            beside = Beside(project, article, asked.layer, sorted(who))
            self.desk.stack.append(Compared(beside, asked))

        self.looking = self._begin(
            "opening", lambda project, _: compared(project, scope, asked, article), found, False
        )

    # --- measuring

    def do_measure(self) -> None:
        """Measure in the background; what is shown stays until then.

        In one process: under Textual, which has taken standard error, no others can be started.
        """
        self._drop(self.measuring)
        desk = self.desk
        desk.is_old = False

        def found(report: Report) -> None:
            self.measuring = None
            again = desk.report is not None
            self._give_up_looking()
            desk.take(report)
            desk.message = "Measured again." if again else ""

        self.measuring = self._begin(
            "measuring",
            lambda project, tell: measure(project, desk.scope, tell, desk.also, desk.seed),
            found,
            self._keep,
        )

    # --- reading

    def do_explain(self) -> None:
        """The number under the cursor in words."""
        from annotator.tui.dialogs import Page

        desk = self.desk
        if desk.place is not None and not isinstance(desk.place, Compared):
            self.app.push_screen(Page("This number", page(desk.link, desk.layer_of(desk.link))))
        elif desk.place is not None:
            self.do_help()

    def do_help(self) -> None:
        """The keys."""
        from annotator.tui.dialogs import Page

        self.app.push_screen(Page("Agreement", keys_page()))

    def _compared(self) -> Compared:
        if not isinstance(self.desk.place, Compared):
            raise AnnotatorError(
                "This is for an article's annotators: enter on an article opens them."
            )
        return self.desk.place

    def do_view(self) -> None:
        """Another view of an item."""
        self._compared().sight.turn()

    def do_names(self) -> None:
        """Names or letters."""
        beside = self._compared().beside
        beside.named = not beside.named

    def do_everything(self) -> None:
        """Also what all agree on."""
        self._compared().beside.turn()

    def do_read(self) -> None:
        """The whole article."""
        from annotator.tui.adjudicate_read import ReadScreen

        place = self._compared()
        article = place.beside.table.article
        self.app.push_screen(ReadScreen(article.title or article.id, article.text, place.marked()))

    def do_adjudicate(self) -> None:
        """Leave for the adjudication of the article, and come back."""
        from annotator.lead.adjudication_queue import Options, Waiting

        article = self.desk.article
        if not article:
            raise AnnotatorError("Go to an article first: enter on a number lists them.")
        if not self._keep:
            raise AnnotatorError("This project cannot be written, so nothing can be decided here.")
        Waiting(self.desk.project, Options()).place(article)
        self.app.leave_for(article)

    def do_palette(self) -> None:
        """Every action by name."""
        self.app.action_command_palette()

    def do_quit(self) -> None:
        """Leave."""
        self.app.exit()
