"""The application: screens, theme, and an orderly end whatever happens to the terminal."""

import asyncio
import gc
import sys
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import App
from textual.binding import Binding, BindingType
from textual.driver import Driver
from textual.filter import ANSIToTruecolor
from textual.screen import ModalScreen, Screen

from annotator.config import Config, save_layout
from annotator.desk.actions import ACTIONS, remap
from annotator.desk.desk import Desk
from annotator.desk.keyboard import Keyboard
from annotator.model.errors import AnnotatorError
from annotator.tui.article import ArticleScreen
from annotator.tui.life import Life
from annotator.tui.palette import ActionProvider
from annotator.tui.sticky import next_article
from annotator.tui.terminal import DirectDriver

if TYPE_CHECKING:
    from rich.terminal_theme import TerminalTheme

    from annotator.tui.themes import Own
    from annotator.tui.work import WorkList


def _collect_from_now() -> None:
    """Garbage is collected again, but never looked for in what start-up made."""
    gc.freeze()
    gc.enable()


def known_theme(name: str) -> str:
    """A theme's name, if there is one ("" is the application's own).

    Raises:
        AnnotatorError: there is no such theme.
    """
    from textual.theme import BUILTIN_THEMES

    from annotator.tui.themes import OWN  # only who sets a theme needs them

    if name and name not in BUILTIN_THEMES and name not in OWN:
        names = ", ".join(sorted({*OWN, *BUILTIN_THEMES}))
        raise AnnotatorError(f"There is no theme {name!r}; use one of: {names}.")
    return name


def _own_theme(name: str) -> "Own | None":
    """A theme of ours; the module is not loaded for Textual's."""
    if "textual" in name or "annotator.tui.themes" not in sys.modules:
        return None
    from annotator.tui.themes import OWN

    return OWN.get(name)


class AnnotatorApp(App[None]):
    """One annotator's sitting at one project."""

    COMMANDS: ClassVar = {ActionProvider}
    ENABLE_COMMAND_PALETTE = True
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+q", "quit", "quit", priority=True)]
    TITLE = "annotator"

    def __init__(
        self, work: "WorkList", config: Config, start: str | None, queue: bool = False
    ) -> None:
        """`start` is the article to open with; None (or `queue`) opens the queue first.

        Raises:
            AnnotatorError: the configuration names a layout, theme or action that there is not.
        """
        super().__init__()
        if config.layout:
            from annotator.desk.layouts import (
                layout_named,  # the tables are for those who need them
            )

            layout_named(config.layout)
        self.work = work
        self.config = config
        self.loop: asyncio.AbstractEventLoop | None = None
        self.desk = Desk(work, work.scheme.with_units(config.units))
        self.keyboard = Keyboard(config.layout, remap(config.keys, ACTIONS))
        self.panel_wanted = True
        """Whether the panel is there when the first article opens."""
        self._start = start
        self._queue_first = queue or start is None
        self._life = Life(self)
        if config.theme:
            self.theme = self._registered(known_theme(config.theme))

    def _registered(self, theme: str) -> str:
        """The name of a theme, after telling Textual of ours."""
        from annotator.tui.themes import register

        register(self)
        return theme

    @property
    def ansi_theme(self) -> "TerminalTheme":
        """What the names of colours mean: as our themes say, else as Textual does."""
        own = _own_theme(self.theme)
        return own.colors if own else super().ansi_theme

    def _refresh_truecolor_filter(self, theme: "TerminalTheme") -> None:
        """Our themes dim nothing."""
        super()._refresh_truecolor_filter(theme)
        if _own_theme(self.theme):
            from annotator.tui.themes import Undimmed

            kept = [each for each in self._filters if not isinstance(each, ANSIToTruecolor)]
            self._filters[:] = [Undimmed(theme), *kept]

    def on_mount(self) -> None:
        """Watch for the end, open the queue if it was asked for."""
        self.loop = asyncio.get_running_loop()
        self._life.watch()
        self.call_after_refresh(_collect_from_now)
        if self._queue_first:
            self.open_queue()

    def get_default_screen(self) -> Screen[None]:
        """The article is the first screen, rather than a blank one below it."""
        if self._start is None:
            return super().get_default_screen()
        self.desk.open(self._start)
        return self._article_screen()

    def _article_screen(self) -> ArticleScreen:
        screen = ArticleScreen(self.desk, self.keyboard, self.config.width)
        screen.view.panel_wanted = self.panel_wanted
        return screen

    @property
    def fault(self) -> Exception | None:
        """What ended the app although nobody asked for it: a fault of its own."""
        return self._exception

    def _fatal_error(self) -> None:
        """Close without Textual's traceback: `start` raises the fault, which is then logged."""
        self._close_messages_no_wait()

    @property
    def article(self) -> ArticleScreen | None:
        """The article screen, once there is one."""
        return next((s for s in self.screen_stack if isinstance(s, ArticleScreen)), None)

    def open_queue(self) -> None:
        """Show the queue over the article."""
        from annotator.tui.queue import QueueScreen

        here = self.desk.sheet.article.id if self.article else None
        self.push_screen(QueueScreen(self.work, here), self._chosen)

    def _chosen(self, article: str | None) -> None:
        """An article was chosen in the queue (None: back to where one was)."""
        if article is None:
            if self.article is None:
                self.exit()
            return
        self.desk.open(article)
        next_article(self)
        if self.article is None:
            self.push_screen(self._article_screen())
        else:
            self.article.show()

    def calibrate(self) -> None:
        """Ask for six keys, and keep the layout they tell."""
        from annotator.tui.calibrate import CalibrateScreen

        self.push_screen(CalibrateScreen(), self._calibrated)

    def _calibrated(self, layout: str | None) -> None:
        if layout is None:
            return
        self.keyboard.layout = layout
        try:
            save_layout(layout)
            said = "Keyboard layout kept."
        except AnnotatorError as error:
            said = str(error)
        if self.article is not None:
            self.desk.say(said)
            self.article.show()

    def get_driver_class(self) -> type[Driver]:
        """Our driver where Textual would use the one it is made from (not under tests or a server)."""
        found = super().get_driver_class()
        return DirectDriver if issubclass(DirectDriver, found) else found

    def take(self, key: events.Key) -> bool:
        """Hand a key to the article at once; False when something else is before it or on top."""
        screen = self.screen
        if not isinstance(screen, ArticleScreen) or not (self.app_focus and screen.is_ready):
            return False
        if any(pump._message_queue.qsize() for pump in (self, screen, screen.view)):
            return False
        with screen._context():
            screen.press(key.key, key.character)
        return True

    async def on_event(self, event: events.Event) -> None:
        """Shortcuts typed under another layout (kitty reports `ctrl+я`) mean the same key."""
        if isinstance(event, events.Key) and not event.is_forwarded:
            if event.key.startswith("ctrl+"):
                event.key = self.keyboard.translate(event.key, None)[0]
            if isinstance(self.screen, ModalScreen):  # the article's keyboard does not see these
                self.desk.timer.key()
        await super().on_event(event)
