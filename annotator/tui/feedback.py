"""An annotator's own article beside its gold: the text with both, difference by difference."""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen

from annotator.config import Config
from annotator.desk.keyboard import Keyboard
from annotator.lead import feedback
from annotator.lead.feedback import Feedback
from annotator.lead.known_gold import Gold
from annotator.model.errors import AnnotatorError
from annotator.model.person import person_of
from annotator.store.address import Place
from annotator.text.visible import plain_line
from annotator.tui.adjudicate_sight import fit
from annotator.tui.app import BaseApp, Saver
from annotator.tui.feedback_lines import Beside
from annotator.tui.lines import Line as Painted
from annotator.tui.lines import Lines, piece

if TYPE_CHECKING:
    from concurrent.futures import Future

    from annotator.store.project import Project
    from annotator.tui.article import ArticleScreen

HINT = " ↑↓ difference  ←→ article  PgUp PgDn scroll  F2 guideline  F1 keys  esc back"
KEYS = (
    ("↑ ↓", "The difference before, the next one; also k and j."),
    ("home end", "The first difference of the article, the last one."),
    ("← →", "The article before, the next one; also p and n, ctrl+g and ctrl+n."),
    ("PgUp PgDn", "The text, a screenful up or down."),
    ("F2", "What the guideline says on the label."),
    ("esc", "Back; also q."),
)
"""What the keys do."""
SIGNS = (
    "Left of a block, or below a row, stand the letters of your labels and of gold's; ≠ where they differ. "
    "▸ and underlined is the difference at hand."
)
ALIKE = "None of your articles differs from gold."


class FeedbackScreen(Screen[None]):
    """One article after another, each with its differences."""

    DEFAULT_CSS = """
    FeedbackScreen { layout: vertical; }
    FeedbackScreen #beside { height: 1fr; }
    FeedbackScreen .line { height: 1; background: $panel; }
    FeedbackScreen #what { height: 2; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", "leave", priority=True),
        Binding("down,tab,j", "step(1)", priority=True),
        Binding("up,shift+tab,k", "step(-1)", priority=True),
        Binding("home", "step(-1000000)", priority=True),
        Binding("end", "step(1000000)", priority=True),
        Binding("pagedown,space", "scroll(1)", priority=True),
        Binding("pageup", "scroll(-1)", priority=True),
        Binding("right,n,enter,ctrl+n", "article(1)", priority=True),
        Binding("left,p,ctrl+g", "article(-1)", priority=True),
        Binding("f2", "guideline", priority=True),
        Binding("f1,question_mark", "help", priority=True),
    ]

    def __init__(
        self, project: "Project", gold: Gold, name: str, articles: Sequence[str], article: str
    ) -> None:
        """Begin with an article of some, in their order.

        Raises:
            AnnotatorError: it has no gold that may be seen.
        """
        super().__init__()
        self._project, self._gold, self._who = project, gold, name
        self._articles = list(articles)
        self.place = self._articles.index(article)
        self.beside = Beside(self._read(article), project.scheme)
        self.message = ""

    def _read(self, article: str) -> Feedback:
        return feedback.one(self._project, self._gold, self._who, article)

    def compose(self) -> ComposeResult:
        """Title, difference, text, and what the keys do."""
        yield Lines(self._title, classes="line")
        yield Lines(self._what, id="what")
        yield Lines(self.beside.lines, id="beside")
        yield Lines(self._hint, classes="line")

    def _title(self, width: int, _height: int) -> list[Painted]:
        found = self.beside.found
        made = found.comparison
        said = (
            f"{made.alike} same, {len(made.differences)} not · {self._gold.words} · "
            f"{self.place + 1}/{len(self._articles)} "
        )
        title = plain_line(found.article.title or found.article.id, 200)
        room = max(width - len(said) - 2, 8)
        return [(piece(" " + fit(title, room) + " ", "bold"), piece(said, "dim"))]

    def _what(self, width: int, _height: int) -> list[Painted]:
        return self.beside.heading(width)

    def _hint(self, _width: int, _height: int) -> list[Painted]:
        return [
            (piece(f" {self.message}" if self.message else HINT, "bold" if self.message else ""),)
        ]

    def draw(self) -> None:
        """Draw everything that changed."""
        for lines in self.query(Lines):
            lines.draw()

    # --- keys

    def action_step(self, by: int) -> None:
        """To another difference."""
        self.message = ""
        self.beside.step(by)
        self.draw()

    def action_scroll(self, pages: int) -> None:
        """A screen of text up or down."""
        self.message = ""
        self.beside.scroll(pages * max(self.query_one("#beside", Lines).size.height - 2, 1))
        self.draw()

    def action_article(self, by: int) -> None:
        """To another article."""
        self.message = "That was the last article." if by > 0 else "This is the first article."
        wanted = self.place + by
        while 0 <= wanted < len(self._articles):
            try:
                found = self._read(self._articles[wanted])
            except AnnotatorError:  # of this one not even a layer is gold yet
                wanted += by
                continue
            self.place, self.message = wanted, ""
            self.beside.show(found)
            break
        self.draw()

    def action_guideline(self) -> None:
        """What the guideline says on the label."""
        from annotator.tui.dialogs import Page
        from annotator.tui.help import paragraphs

        pair = self.beside.current
        if pair is None:
            self.message = "Nothing differs here."
            self.draw()
            return
        words = feedback.section(self._project, pair) or "The scheme has no guideline on this."
        label = pair.label
        self.app.push_screen(Page(f"Guideline: {label}", paragraphs(words)))

    def action_help(self) -> None:
        """What the keys do, and what the signs mean."""
        from annotator.tui.dialogs import Page

        page = [(f"{keys:<10} ", words) for keys, words in KEYS]
        self.app.push_screen(Page("Your work beside gold", [*page, ("", ""), ("", SIGNS)]))

    def action_leave(self) -> None:
        """Back."""
        self.dismiss(None)


LOOK = 100
"""So many articles are looked at for one that differs, to begin with it."""


def first_of(project: "Project", gold: Gold, name: str, articles: Sequence[str]) -> str:
    """The first article that differs from gold, or at least has some.

    Raises:
        AnnotatorError: none has.
    """
    first = ""
    for number, article in enumerate(articles):
        if first and number >= LOOK:
            break
        try:
            found = feedback.one(project, gold, name, article)
        except AnnotatorError:
            continue
        if found.comparison.differences:
            return article
        first = first or article
    if not first:
        raise AnnotatorError(f"None of your finished articles in {project.path.name} has gold yet.")
    return first


def make(project: "Project", article: str | None = None) -> FeedbackScreen:
    """The screen on a project, at an article or at the first that differs.

    Raises:
        AnnotatorError: there is no gold to be seen, or not of that article.
    """
    gold = feedback.visible_gold(project)
    name = person_of(project.actor)[0]
    if article is not None:
        feedback.one(project, gold, name, article)  # says what is wrong with it
    articles = feedback.candidates(project, gold, name)
    first = article or first_of(project, gold, name, articles)
    made = FeedbackScreen(project, gold, name, articles, first)
    if article is None and made.beside.current is None and len(articles) <= LOOK:
        made.message = ALIKE
    return made


def show(screen: "ArticleScreen") -> None:
    """Open it over the article at hand: at this article if it has gold, else at the first that has."""
    project = screen.app.work.project
    here: str | None = screen.desk.sheet.article.id
    try:
        made = make(project, here)
    except AnnotatorError:
        made = make(project)
    screen.app.push_screen(made, lambda _: screen.draw())


class _Nothing:
    """There is nothing to save."""

    saving: "Future[Any] | None" = None


class _NoScreen(Screen[None]):
    """No screen of this application is handed its keys directly."""


class FeedbackApp(BaseApp):
    """The screen alone, for `annotator feedback`."""

    ENABLE_COMMAND_PALETTE = False
    DIRECT = _NoScreen

    def __init__(self, first: FeedbackScreen, config: Config) -> None:
        """Raises AnnotatorError when the configuration names a layout or theme that there is not."""
        super().__init__(config)
        self.keyboard = Keyboard(config.layout)
        self._first = first

    @property
    def saver(self) -> Saver:
        """Nobody."""
        return _Nothing()

    def on_mount(self) -> None:
        """Open the screen; leaving it is the end."""
        self.push_screen(self._first, lambda _: self.exit())


def start(
    path: Place, annotator: str, config: Config, article: str | None = None, mouse: bool = True
) -> int:
    """Open the screen on a project and return the exit code.

    Raises:
        AnnotatorError: no usable terminal, the project cannot be opened, or there is no gold to see.
    """
    from annotator.store.project import Project
    from annotator.tui.start import check_terminal

    check_terminal()
    os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")
    with Project.open(path, annotator, readonly=True) as project:
        app = FeedbackApp(make(project, article), config)
        app.run(mouse=mouse and config.mouse)
        if app.fault is not None:
            raise app.fault
        return app.return_code or 0
