"""The article screen: draws the desk and hands it the keys."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.screen import Screen
from textual.timer import Timer

from annotator.desk.desk import Desk
from annotator.desk.grid import Column
from annotator.desk.keyboard import Answer, Keyboard
from annotator.desk.search import Search
from annotator.desk.stances import ANOTHER_HOLDER, Choice
from annotator.model.annotation import AUTHOR, Party
from annotator.model.errors import AnnotatorError
from annotator.model.scheme import SpanLayer
from annotator.tui.panel import QUESTIONS
from annotator.tui.saving import SavedMark
from annotator.tui.view import WIDE, ArticleView

if TYPE_CHECKING:
    from annotator.tui.app import AnnotatorApp

REPEAT = 0.2
"""A key that comes back within so many seconds is held down."""
MANY, LATE = 500, 0.1
"""With more annotations than this the panel follows so many seconds after the article."""


class ArticleScreen(Screen[None]):
    """One article after another."""

    app: "AnnotatorApp"
    BLANK = True  # nothing of it is seen: the view covers it

    def __init__(self, desk: Desk, keyboard: Keyboard, reading_width: int) -> None:
        super().__init__()
        self.desk = desk
        self.keyboard = keyboard
        self.view = ArticleView(desk, reading_width, self._status)
        self.saved = SavedMark(self._wake, self._saved_changed)
        self._painted = ""
        self.searched = ("", False)
        """The last search and whether it was a regular expression, offered again."""
        self._late: Timer | None = None
        self._done_at = 0.0
        """When the key for done was last pressed."""

    def compose(self) -> ComposeResult:
        """One widget draws it all."""
        yield self.view

    def on_mount(self) -> None:
        """Once painted, the article may be finished."""
        self.call_after_refresh(self._note_painted)

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
        self._paint_now()

    # --- drawing ---------------------------------------------------------------------------------

    def show(self) -> None:
        """Draw everything of the desk's article."""
        self.view.show()
        self.call_after_refresh(self._note_painted)

    def _note_painted(self) -> None:
        article = self.desk.sheet.article
        if self._painted != article.id:
            self._painted = article.id
            self.app.work.prepare(article)

    def draw(self) -> None:
        """Draw what the last key changed: the text first, the panel when it is saved."""
        if self.saved.trouble:
            self.desk.message = self.saved.trouble
        self.view.draw()
        if self._painted != self.desk.sheet.article.id:
            self.call_after_refresh(self._note_painted)
        if not self.saved.under_way:
            self._draw_panel()
        self._paint_now()

    @property
    def is_ready(self) -> bool:
        """Whether the article has its place on screen."""
        return self.is_current and not self._layout_required and bool(self.view.size)

    def _paint_now(self) -> None:
        """Send what has changed to the terminal rather than leave it for Textual's next frame."""
        if self.view._repaint_required and self.is_ready and not self.app._batch_count:
            self.view._repaint_required = False
            self._compositor.update_widgets({self.view})
            self._compositor_refresh()

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
        reader = self.view.reader
        reader.painter.matches = search.within(*reader.shown()) if search else []
        self.view.refresh()

    # --- keys ------------------------------------------------------------------------------------

    def on_key(self, event: events.Key) -> None:
        """Every key goes to the keyboard."""
        event.stop()
        event.prevent_default()
        self.press(event.key, event.character)

    def press(self, key: str, character: str | None) -> None:
        """A key: the desk's, or one of this screen's own actions."""
        with self._saying():
            answer = self.keyboard.press(self.desk, key, character)
            if answer is Answer.SCREEN and self.keyboard.action is not None:
                self.perform(self.keyboard.action.name)
            elif answer is Answer.CALIBRATE:
                self.app.calibrate()
        self.saved.watch(self.desk.saving)
        self.draw()

    def perform(self, name: str) -> None:
        """Carry out an action of the screen, or (from the palette) of the desk, by its name."""
        own = getattr(self, f"do_{name}", None)
        with self._saying():
            if own is not None:
                own()
            else:
                self.desk.run(name)
        self.saved.watch(self.desk.saving)
        self.draw()

    @contextmanager
    def _saying(self) -> Iterator[None]:
        """What goes wrong is said below the article, and the work goes on."""
        try:
            yield
        except AnnotatorError as error:
            self.desk.say(str(error))

    def do_search(self) -> None:
        """Open the search line."""
        from annotator.tui.search import SearchLine

        self.app.push_screen(SearchLine(self), lambda _: self.draw())

    def do_enter(self) -> None:
        """Apply held edges; choose a label for a selection, a value for a grid cell."""
        if isinstance(self.desk.layer, SpanLayer):
            if not self.desk.spans.apply_edges():
                self._choose_label(self.desk.layer)
        elif self.desk.caret.selecting:
            self.desk.stances.attach()
        elif self.desk.stances.column is Column.TARGET:
            self._choose_row()
        else:
            choices = self.desk.stances.choices()
            question = QUESTIONS[self.desk.stances.column]
            self._choose(question, choices, self.desk.stances.choose)

    def _choose_label(self, layer: SpanLayer) -> None:
        labels = [Choice(f"{x.key}  {x.title}: {x.description}", x.name) for x in layer.labels]
        self._choose("Label", labels, lambda name: self.desk.give(str(name)))

    def _choose_row(self) -> None:
        choices = [*self.desk.stances.choices()]
        self._choose("Add a row", choices, self._add_row)

    def _add_row(self, what: object) -> None:
        stances, row = self.desk.stances, self.desk.stances.current
        if what == ANOTHER_HOLDER and row is not None:
            self._choose(
                f"Who takes a position on {row.target.name}?",
                stances.holders_for_new_row(),
                lambda holder: (
                    stances.open_row(row.target, holder) if isinstance(holder, Party) else None
                ),
            )
        else:
            self._ask("Target (a proposition or a name):", "", self._open_target)

    def _open_target(self, words: str) -> None:
        name = " ".join(words.split())
        if name:
            self.desk.stances.open_row(Party("proposition", name), AUTHOR)

    def _choose(self, question: str, choices: list[Choice], take: Callable[[object], None]) -> None:
        from annotator.tui.dialogs import Choose

        if not choices:
            self.desk.say("Nothing to choose here.")
            return

        def answered(place: int | None) -> None:
            if place is not None:
                with self._saying():
                    take(choices[place].value)
                self.saved.watch(self.desk.saving)
            self.draw()

        titles = [choice.title for choice in choices]
        self.app.push_screen(Choose(question, titles, self.keyboard.layout), answered)

    def _ask(self, question: str, value: str, take: Callable[[str], None]) -> None:
        from annotator.tui.dialogs import Ask

        def answered(words: str | None) -> None:
            if words is not None:
                with self._saying():
                    take(words)
                self.saved.watch(self.desk.saving)
            self.draw()

        self.app.push_screen(Ask(question, value), answered)

    def do_note(self) -> None:
        """Ask for a note on the selection or the article."""
        old = self.desk.note_here()
        where = "this selection" if self.desk.caret.selection else "this article"
        self._ask(f"Note on {where}:", old.note if old else "", self.desk.write_note)

    def do_done(self) -> None:
        """Finish the article and open the next one that is not finished."""
        before, self._done_at = self._done_at, monotonic()
        if self._done_at - before < REPEAT or self._painted != self.desk.sheet.article.id:
            return  # a key held down must not finish articles nobody has seen
        self.desk.finish()
        self.saved.watch(self.desk.saving)
        self._go(self.app.work.next_to_do)

    def do_skip(self) -> None:
        """Ask why and leave the article out."""

        def skip(reason: str) -> None:
            self.desk.skip(" ".join(reason.split()))
            self.saved.watch(self.desk.saving)
            self._go(self.app.work.next_to_do)

        self._ask("Skip this article, because:", "", skip)

    def do_next_article(self) -> None:
        """The next article, whatever its status."""
        self._go(partial(self.app.work.neighbour, 1))

    def do_previous_article(self) -> None:
        """The article before, whatever its status."""
        self._go(partial(self.app.work.neighbour, -1))

    def _go(self, where: Callable[[str], str | None]) -> None:
        found = where(self.desk.sheet.article.id)
        if found is None or found == self.desk.sheet.article.id:
            self.desk.say("No other article there. ctrl+o shows the queue.")
            return
        self.desk.open(found)

    def do_queue(self) -> None:
        """Show the queue."""
        self.app.open_queue()

    def do_saved(self) -> None:
        """Say that all is saved, or send again what is not."""
        if self.saved.trouble:
            self.saved.retried(self.app.work.retry())
            self.desk.say("Sending again what could not be saved …")
        else:
            self.desk.say("Everything is saved already: each decision is, when it is made.")

    def do_panel(self) -> None:
        """Show or hide the panel."""
        if self.size.width < WIDE:
            self.desk.say(f"The panel needs a terminal of {WIDE} columns; ? shows the labels.")
            return
        self.view.panel_wanted = not self.view.panel_wanted
        self.show()

    def do_help(self) -> None:
        """The keys that work now."""
        from annotator.tui.dialogs import Page
        from annotator.tui.help import keys_page

        self.app.push_screen(Page("Keys", keys_page(self.desk, self.keyboard)))

    def do_guideline(self) -> None:
        """The guideline on the label under the caret, else on the layer."""
        from annotator.tui.dialogs import Page
        from annotator.tui.help import guideline_page

        current = self.desk.spans.current if isinstance(self.desk.layer, SpanLayer) else None
        label = current.label if current else ""
        title = f"Guideline: {label or self.desk.layer.title}"
        self.app.push_screen(Page(title, guideline_page(self.desk, label)))

    def do_layout(self) -> None:
        """Find out the keyboard layout."""
        self.app.calibrate()

    def do_palette(self) -> None:
        """Every action by name."""
        self.app.action_command_palette()

    def do_suspend(self) -> None:
        """Back to the shell."""
        self.app.action_suspend_process()

    def do_quit(self) -> None:
        """Leave."""
        self.app.exit()
