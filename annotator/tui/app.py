"""The applications: screens, theme, and an orderly end whatever happens to the terminal."""

import asyncio
import gc
import sys
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, cast

from textual import events
from textual.app import App
from textual.binding import Binding, BindingType
from textual.driver import Driver
from textual.filter import ANSIToTruecolor
from textual.screen import ModalScreen, Screen
from textual.widget import Widget

from annotator.config import Config, save_layout
from annotator.desk.actions import ACTIONS, remap
from annotator.desk.desk import Desk
from annotator.desk.keyboard import Keyboard
from annotator.model.errors import AnnotatorError
from annotator.store.trouble import UnreachableError
from annotator.tui.article import NEEDED, ArticleScreen
from annotator.tui.life import Life
from annotator.tui.palette import ActionProvider
from annotator.tui.sticky import next_article
from annotator.tui.terminal import DirectDriver

if TYPE_CHECKING:
    from concurrent.futures import Future

    from rich.terminal_theme import TerminalTheme

    from annotator.tui.helper import Helper
    from annotator.tui.live import LiveDesk
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


class Saver(Protocol):
    """What sends acts to the log."""

    saving: "Future[Any] | None"
    """The last act on its way."""


class KeyScreen(Protocol):
    """A screen that may get its keys at once."""

    view: Widget

    @property
    def is_ready(self) -> bool:
        """Whether it is painted and nothing lies over it."""
        ...

    def press(self, key: str, character: str | None) -> None:
        """Deal with a key."""
        ...


class BaseApp(App[None]):
    """What all our applications share: theme, driver, keyboard layout, the end."""

    ENABLE_COMMAND_PALETTE = True
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+q", "quit", "quit", priority=True)]
    TITLE = "annotator"
    DIRECT: ClassVar[type[Screen[Any]]]
    """The screen that gets its keys at once, a `KeyScreen`."""

    keyboard: Keyboard

    def __init__(self, config: Config) -> None:
        """Raises AnnotatorError when the configuration names a layout or theme that there is not."""
        super().__init__()
        if config.layout:
            from annotator.desk.layouts import (
                layout_named,  # the tables are for those who need them
            )

            layout_named(config.layout)
        self.config = config
        self.loop: asyncio.AbstractEventLoop | None = None
        self._life = Life(self)
        if config.theme:
            self.theme = self._registered(known_theme(config.theme))

    @property
    def saver(self) -> Saver:
        """Whose acts must arrive before the end."""
        raise NotImplementedError

    def typed(self) -> None:
        """A key went to a dialog."""

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
        """Watch for the end."""
        self.loop = asyncio.get_running_loop()
        self._life.watch()
        self.call_after_refresh(_collect_from_now)

    @property
    def fault(self) -> Exception | None:
        """What ended the app although nobody asked for it: a fault of its own."""
        return self._exception

    def _fatal_error(self) -> None:
        """Close without Textual's traceback: `start` raises the fault, which is then logged."""
        self._close_messages_no_wait()

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
        self.told(said)

    def told(self, words: str) -> None:
        """Show a message."""

    def get_driver_class(self) -> type[Driver]:
        """Our driver where Textual would use the one it is made from (not under tests or a server)."""
        found = super().get_driver_class()
        return DirectDriver if issubclass(DirectDriver, found) else found

    def take(self, key: events.Key) -> bool:
        """Hand a key to the screen at once; False when something else is before it or on top."""
        screen = self.screen
        if not isinstance(screen, self.DIRECT):
            return False
        direct = cast("KeyScreen", screen)
        if not (self.app_focus and direct.is_ready):
            return False
        if any(pump._message_queue.qsize() for pump in (self, screen, direct.view)):
            return False
        with screen._context():
            direct.press(key.key, key.character)
        return True

    async def on_event(self, event: events.Event) -> None:
        """Shortcuts typed under another layout (kitty reports `ctrl+я`) mean the same key."""
        if isinstance(event, events.Key) and not event.is_forwarded:
            if event.key.startswith("ctrl+"):
                event.key = self.keyboard.translate(event.key, None)[0]
            if isinstance(self.screen, ModalScreen):  # the screen's keyboard does not see these
                self.typed()
        await super().on_event(event)


class AnnotatorApp(BaseApp):
    """One annotator's sitting at one project."""

    COMMANDS: ClassVar = {ActionProvider}
    DIRECT = ArticleScreen

    def __init__(
        self, work: "WorkList", config: Config, start: str | None, queue: bool = False
    ) -> None:
        """`start` is the article to open with; None (or `queue`) opens the queue first.

        Raises:
            AnnotatorError: the configuration names a layout, theme or action that there is not.
        """
        super().__init__(config)
        self.work = work
        self.desk = Desk(work, work.scheme.with_units(config.units))
        self.keyboard = Keyboard(config.layout, remap(config.keys, ACTIONS))
        self.helper: Helper | None = None
        """What prepares suggestions beside the screens; None where nobody wants any."""
        self.live: LiveDesk | None = None
        """What hears of others, once something was painted."""
        self.panel_wanted = True
        """Whether the panel is there when the first article opens."""
        self._start = start
        self._queue_first = queue or start is None

    @property
    def saver(self) -> Saver:
        """The desk."""
        return self.desk

    def typed(self) -> None:
        """Typing counts as being there."""
        self.desk.timer.key()

    def on_mount(self) -> None:
        """Open the queue if it was asked for (Textual calls the base's `on_mount` as well)."""
        if self._queue_first:
            self.open_queue()
        self.call_after_refresh(self._listen)

    def _listen(self) -> None:
        """Hear of others from now on."""
        from annotator.tui.live import LiveDesk  # not before the first paint

        self.live = LiveDesk(self)
        self.live.begin()

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
        try:
            self.desk.open(article)
        except UnreachableError:  # the server went just now
            if self.article is None:
                raise
            self.told(NEEDED)
            return
        next_article(self)
        if self.article is None:
            self.push_screen(self._article_screen())
        else:
            self.article.show()

    def told(self, words: str) -> None:
        """Show a message below the article."""
        if self.article is not None:
            self.desk.say(words)
            self.article.show()
