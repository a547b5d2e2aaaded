"""The article screen: draws the desk and hands it the keys."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.screen import Screen

from annotator.desk.desk import Desk
from annotator.desk.grid import Column
from annotator.desk.keyboard import Answer, Keyboard
from annotator.desk.search import Search
from annotator.desk.stances import ANOTHER_HOLDER, Choice
from annotator.model.annotation import AUTHOR, Party
from annotator.model.guidelines import guideline
from annotator.model.scheme import SpanLayer, StanceLayer
from annotator.tui.help import keys_page
from annotator.tui.lines import Lines
from annotator.tui.panel import grid_lines, panel_lines
from annotator.tui.plain import plain
from annotator.tui.reader import Reader
from annotator.tui.saving import SavedMark
from annotator.tui.status import hint_line, status_line, title_line

if TYPE_CHECKING:
    from annotator.tui.app import AnnotatorApp

WIDE = 110
"""From this many columns on the panel stands beside the article."""
PANEL = 42
"""Cells of the panel."""


class ArticleScreen(Screen[None]):
    """One article after another."""

    app: "AnnotatorApp"

    def __init__(self, desk: Desk, keyboard: Keyboard, reading_width: int) -> None:
        super().__init__()
        self.desk = desk
        self.keyboard = keyboard
        self._reading_width = reading_width
        self._panel_wanted = True
        self._painted = ""
        self.saved = SavedMark(self._wake, self._show_status)

    def compose(self) -> ComposeResult:
        """Title, article and panel, stance grid for narrow screens, status, hint."""
        yield Lines(id="title", classes="bar")
        with Horizontal():
            yield Reader(self.desk, self._reading_width, self.press)
            yield Lines(id="panel")
        yield Lines(id="grid")
        yield Lines(id="status", classes="bar")
        yield Lines(id="hint", classes="bar")

    def on_mount(self) -> None:
        """Find the parts once; the clock ticks on its own."""
        self.reader = self.query_one(Reader)
        self._title, self._panel, self._grid, self._status, self._hint = (
            self.query_one(f"#{name}", Lines)
            for name in ("title", "panel", "grid", "status", "hint")
        )
        self.reader.focus()
        self._fold()

    def on_resize(self, event: events.Resize) -> None:
        """The panel folds away where there is no room for it."""
        self._fold(event.size.width)
        self.call_after_refresh(self.show)

    def on_screen_resume(self) -> None:
        """Another screen may have opened another article."""
        self.call_after_refresh(self.show)

    def _wake(self, function: Callable[[], None]) -> None:
        loop = self.app.loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(function)

    def _fold(self, width: int | None = None) -> None:
        wide = (width or self.size.width) >= WIDE and self._panel_wanted
        self._panel.display = wide
        self._grid.display = not wide and isinstance(self.desk.layer, StanceLayer)

    # --- drawing ---------------------------------------------------------------------------------

    def show(self) -> None:
        """Draw everything of the desk's article."""
        if not self.is_mounted or not self.size.width:
            return
        self._fold()
        self.reader.show_article()
        self._painted = self.desk.sheet.article.id
        self._title.show([title_line(self.desk, self.size.width)])
        self._show_panel()
        self._show_status()
        self._hint.show([hint_line(self.desk)])

    def draw(self) -> None:
        """Draw what the last key changed."""
        if self._painted != self.desk.sheet.article.id:
            self.show()
            return
        self.reader.update_rows()
        self._show_panel()
        self._show_status()
        self._hint.show([hint_line(self.desk)])

    def _show_panel(self) -> None:
        if self._panel.display:
            size = self._panel.content_size
            self._panel.show(panel_lines(self.desk, size.width, size.height, self.keyboard.layout))
        if self._grid.display:
            size = self._grid.content_size
            self._grid.show(grid_lines(self.desk, size.width, size.height))

    def _show_status(self) -> None:
        place = self.app.work.place(self.desk.sheet.article.id)
        self._status.show([status_line(self.desk, place, self.saved.words)])
        if self.saved.trouble:
            self.desk.message = self.saved.trouble
            self._hint.show([hint_line(self.desk)])

    def show_matches(self, search: Search | None) -> None:
        """Mark a search's matches on screen; None takes the marks away."""
        rows, top = self.desk.caret.rows, self.reader.scroll_offset.y
        self.reader.update_rows()
        top = self.reader.scroll_offset.y
        last = min(top + self.reader.size.height, len(rows)) - 1
        shown = (
            search.within(rows.span(top)[0], rows.span(last)[1]) if search and last >= top else []
        )
        self.reader.painter.matches = shown
        self.reader.refresh()

    # --- keys ------------------------------------------------------------------------------------

    def press(self, key: str, character: str | None) -> None:
        """A key: the desk's, or one of this screen's own actions."""
        if self._painted != self.desk.sheet.article.id:
            return  # a repeated key must not reach an article that is not painted yet
        layer = self.desk.layer
        answer = self.keyboard.press(self.desk, key, character)
        if answer is Answer.SCREEN and self.keyboard.action is not None:
            self.perform(self.keyboard.action.name)
        elif answer is Answer.CALIBRATE:
            self.app.calibrate()
        self.saved.watch(self.desk.saving)
        if layer is not self.desk.layer:
            self.show()
        else:
            self.draw()

    def perform(self, name: str) -> None:
        """Carry out an action of the screen, or (from the palette) of the desk, by its name."""
        own = getattr(self, f"do_{name}", None)
        if own is not None:
            own()
        else:
            self.desk.run(name)
        self.saved.watch(self.desk.saving)
        self.draw()

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
            self._choose(str(self.desk.stances.column), choices, self.desk.stances.choose)

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
        keys = "".join(choice.title[0].casefold() for choice in choices)

        def answered(place: int | None) -> None:
            if place is not None:
                take(choices[place].value)
                self.saved.watch(self.desk.saving)
            self.draw()

        titles = [choice.title for choice in choices]
        self.app.push_screen(Choose(question, titles, keys, self.keyboard.layout), answered)

    def _ask(self, question: str, value: str, take: Callable[[str], None]) -> None:
        from annotator.tui.dialogs import Ask

        def answered(words: str | None) -> None:
            if words is not None:
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
            self.saved.watch(self.app.work.retry())
            self.desk.say("Sending again what could not be saved …")
        else:
            self.desk.say("Everything is saved already: each decision is, when it is made.")

    def do_panel(self) -> None:
        """Show or hide the panel."""
        self._panel_wanted = not self._panel_wanted
        self.call_after_refresh(self.show)

    def do_help(self) -> None:
        """The keys that work now."""
        from annotator.tui.dialogs import Page

        self.app.push_screen(Page("Keys", keys_page(self.desk, self.keyboard)))

    def do_guideline(self) -> None:
        """The guideline on the label under the caret, else on the layer."""
        from annotator.tui.dialogs import Page

        current = self.desk.spans.current if isinstance(self.desk.layer, SpanLayer) else None
        label = current.label if current else ""
        words = guideline(self.desk.scheme, self.desk.layer.name, label)
        title = f"Guideline: {label or self.desk.layer.title}"
        self.app.push_screen(Page(title, plain(words or "The scheme has no guideline on this.")))

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
