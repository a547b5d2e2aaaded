"""The article screen: draws the desk and hands it the keys."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.timer import Timer

from annotator.desk.columns import lettered
from annotator.desk.desk import Desk
from annotator.desk.keyboard import Answer, Keyboard
from annotator.desk.search import Search
from annotator.desk.stances import Choice
from annotator.model.errors import AnnotatorError
from annotator.store.trouble import UnreachableError
from annotator.tui import errands
from annotator.tui.direct import DirectScreen
from annotator.tui.saving import AWAY, NOT_AHEAD, SavedMark
from annotator.tui.sticky import next_article
from annotator.tui.view import ArticleView

if TYPE_CHECKING:
    from annotator.store.link import Reach
    from annotator.tui.app import AnnotatorApp
    from annotator.tui.notes import Notes

NEEDED = "That needs the server, which cannot be reached now."
MANY, LATE = 500, 0.1
"""With more annotations than this the panel follows so many seconds after the article."""


class ArticleScreen(DirectScreen):
    """One article after another."""

    app: "AnnotatorApp"
    view: ArticleView
    BLANK = True  # nothing of it is seen: the view covers it

    def __init__(self, desk: Desk, keyboard: Keyboard, reading_width: int) -> None:
        super().__init__()
        self.desk = desk
        self.keyboard = keyboard
        self.view = ArticleView(desk, reading_width, self._status)
        self.saved = SavedMark(self._wake, self._saved_changed, lambda: self.app.work.project.reach)
        self.painted = ""
        """The article that has been seen on screen."""
        self.searched = ("", False)
        """The last search and whether it was a regular expression, offered again."""
        self._late: Timer | None = None
        self._notes: Notes | None = None
        self._cold = True
        self.done_at = 0.0
        """When the key for done was last pressed."""

    def compose(self) -> ComposeResult:
        """One widget draws it all."""
        yield self.view

    def on_mount(self) -> None:
        """Once painted, the article may be finished."""
        self.call_after_refresh(self._note_painted)
        self.app.work.project.watch(lambda reach: self._wake(lambda: self._heard(reach)))

    def on_screen_resume(self) -> None:
        """Another screen may have opened another article."""
        self.draw()

    def _wake(self, function: Callable[[], None]) -> None:
        loop = self.app.loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(function)

    def _status(self) -> tuple[str, str, str]:
        place = self.app.work.place(self.desk.sheet.article.id)
        return place, self.saved.words, self.keyboard.layout

    def _saved_changed(self) -> None:
        if self.saved.trouble:
            self.desk.message = self.saved.trouble
        self.view.draw_bars()
        self._draw_panel()
        self.paint_now()

    def _heard(self, reach: "Reach") -> None:
        """The server was lost or found, or acts wait for it: the mark tells, and once a sentence."""
        told = self.saved.heard(reach)
        if told:
            from annotator.tui.notes import Notes

            self._notes = self._notes or Notes(self.app)
            self._notes.forget(AWAY)
            self._notes.say(told)
        if self.is_current:
            self._saved_changed()

    # --- drawing ---------------------------------------------------------------------------------

    def show(self) -> None:
        """Draw everything of the desk's article."""
        self.view.show()
        self.call_after_refresh(self._note_painted)

    def _note_painted(self) -> None:
        article = self.desk.sheet.article
        if self.painted != article.id:
            self.painted = article.id
            self.app.work.prepare(article)
            if self._cold:
                self._cold = False
                self.set_timer(LATE, self.desk.ring.warm_up)
                self._sit()
            if self.app.helper is not None:
                self.app.helper.opened(article.id)
            self._tell_of_conflicts()

    def _tell_of_conflicts(self) -> None:
        """What was changed in two copies apart is said once, where there is no other message."""
        work, article = self.app.work, self.desk.sheet.article.id
        number = 0
        with suppress(UnreachableError):
            number = work.project.conflict_count(article, work.voice(article))
        if number and not self.desk.message:
            things = "1 thing" if number == 1 else f"{number} things"
            self.desk.say(
                f"Changed in two copies: {things} here. The newer version is shown; change it again to "
                "settle it, or see annotator merge --conflicts."
            )
            self.draw()

    def _sit(self) -> None:
        """Once painted the sitting begins; another one of this annotator's is told of."""
        told = self.app.work.sit()
        if told:
            self.desk.say(told)
            self.draw()

    def on_unmount(self) -> None:
        """The sitting ends."""
        self.app.work.stand_up()

    def draw(self) -> None:
        """Draw what the last key changed: the text first, the panel when it is saved."""
        if self.saved.trouble:
            self.desk.message = self.saved.trouble
        self.view.draw()
        if self.painted != self.desk.sheet.article.id:
            self.call_after_refresh(self._note_painted)
        if not self.saved.under_way:
            self._draw_panel()
        self.paint_now()

    def _draw_panel(self) -> None:
        """Draw the panel if it is old; after a label it comes with the saved mark."""
        if not self.view.panel_is_old:
            return
        if len(self.desk.sheet.spans) <= MANY:
            self.view.draw_panel()
        elif self._late is None:
            self._late = self.set_timer(LATE, self._draw_late)

    def _draw_late(self) -> None:
        self._late = None
        self.view.draw_panel()

    def show_matches(self, search: Search | None) -> None:
        """Mark a search's matches on screen; None takes the marks away."""
        self.view.draw()
        shown = self.desk.window.shown()
        self.view.reader.painter.matches = search.within(*shown) if search else []
        self.view.refresh()

    # --- keys ------------------------------------------------------------------------------------

    def on_key(self, event: events.Key) -> None:
        """Every key goes to the keyboard."""
        event.stop()
        event.prevent_default()
        if self.is_active:  # else it was on its way when a dialog came up, and labels nothing
            self.press(event.key, event.character)

    def press(self, key: str, character: str | None) -> None:
        """A key: the desk's, or one of this screen's own actions."""
        if self._is_renewed():
            return
        with self.saying():
            answer = self.keyboard.press(self.desk, key, character)
            if answer is Answer.SCREEN and self.keyboard.action is not None:
                self.perform(self.keyboard.action.name)
            elif answer is Answer.CALIBRATE:
                self.app.calibrate()
        self.saved.watch(self.desk.saving)
        self.draw()

    def perform(self, name: str) -> None:
        """Carry out an action of the screen, or (from the palette) of the desk, by its name."""
        if self._is_renewed():
            return
        errand = errands.ERRANDS.get(name)
        with self.saying():
            if errand is not None:
                errand(self)
            else:
                self.desk.run(name)
        self.saved.watch(self.desk.saving)
        self.draw()

    def _is_renewed(self) -> bool:
        """Whether another sitting changed the article: it is shown anew, and the key does nothing."""
        if not self.app.work.is_stale(self.desk.sheet.article.id):
            return False
        self.desk.visits.renew()
        self.show()
        return True

    @contextmanager
    def saying(self) -> Iterator[None]:
        """What goes wrong is said below the article, and the work goes on."""
        try:
            yield
        except UnreachableError as error:  # what the network said of it is no help here
            self.desk.say(str(error) if str(error) == NOT_AHEAD else NEEDED)
        except AnnotatorError as error:
            self.desk.say(str(error))

    def choose(
        self,
        question: str,
        choices: list[Choice],
        take: Callable[[object], None],
        at: int | None = 0,
    ) -> None:
        """Let the annotator choose, then give the choice's value to `take`.

        The cursor begins at the usual choice, else `at`; None is nowhere.
        """
        from annotator.tui.dialogs import Choose

        if not choices:
            self.desk.say("Nothing to choose here.")
            return

        def answered(place: int | None) -> None:
            if place is not None:
                with self.saying():
                    take(choices[place].value)
                self.saved.watch(self.desk.saving)
            self.draw()

        titles = lettered([choice.title for choice in choices])
        at = next((n for n, choice in enumerate(choices) if choice.usual), at)
        self.app.push_screen(Choose(question, titles, self.keyboard.layout, at), answered)

    def ask(self, question: str, value: str, take: Callable[[str], None]) -> None:
        """Ask for words, then give them to `take`; nothing happens when the annotator leaves."""
        from annotator.tui.dialogs import Ask

        def answered(words: str | None) -> None:
            if words is not None:
                with self.saying():
                    take(words)
                self.saved.watch(self.desk.saving)
            self.draw()

        self.app.push_screen(Ask(question, value), answered)

    def visit(self, article: str, start: int, end: int) -> None:
        """Go to a place, from where `back` returns."""
        with self.saying():
            self.desk.visits.go(article, start, end)

    def go(self, where: Callable[[str], str | None]) -> None:
        """Open the article that `where` gives for the one on the desk."""
        with self.saying():
            found = where(self.desk.sheet.article.id)
            if found is None or found == self.desk.sheet.article.id:
                self.desk.say("No other article there. ctrl+o shows the queue.")
                return
            self.desk.open(found)
            next_article(self.app)
