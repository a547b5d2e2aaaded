"""Suggestions prepared beside the screens: says what is on the desk and what comes next, paints what is ready.

Everything slow is in the companion's process; here a key may be on its way, so nothing is done but to
send a line, and to read the suggestions of one article when they are ready.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from annotator.model.errors import AnnotatorError

if TYPE_CHECKING:
    from annotator.coach.companion import Companion
    from annotator.tui.app import AnnotatorApp

AHEAD = 5
"""Articles prepared ahead of the one on the desk."""
SOON = 0.15
"""Seconds after an article was painted until it is told: who leafs on wants nothing prepared."""

AGAIN = 1.0
"""Seconds until a note is tried again that found another message on the line."""

Maker = Callable[[Callable[[str], None], Callable[[str], None]], "Companion"]
"""Makes the companion from what it calls: one for what is ready, one for what is to be said."""


class Helper:
    """The app's side of the suggesters' process."""

    def __init__(self, app: "AnnotatorApp", make: Maker | None = None) -> None:
        """Nothing is started before the first article was painted; `make` is for tests."""
        self._app = app
        self._make = make or self._companion
        self._made: Companion | None = None
        self._notes: list[str] = []
        """What is still to be said."""
        app.work.on_finished = self._finished

    def _companion(self, ready: Callable[[str], None], told: Callable[[str], None]) -> "Companion":
        from annotator.coach.companion import Companion  # not before the first paint

        project = self._app.work.project
        return Companion(project.path, project.actor, ready, told)

    def opened(self, article: str) -> None:
        """An article was painted."""
        self._app.set_timer(SOON, lambda: self._prepare(article))

    def _prepare(self, article: str) -> None:
        app = self._app
        if app.desk.sheet.article.id != article:
            return
        if self._made is None:
            self._made = self._make(self._ready, self._told)
        try:
            ahead = app.work.upcoming(article, AHEAD)
        except AnnotatorError:  # whoever saves or opens something next is told
            ahead = []
        self._made.prepare([article, *ahead])

    def close(self) -> None:
        """The app is closed: so is the process."""
        self._app.work.on_finished = None
        self._notes.clear()
        if self._made is not None:
            self._made.close()

    # --- called in other threads -----------------------------------------------------------------

    def _finished(self, article: str) -> None:
        """An article was finished, and that is durable."""
        if self._made is not None:
            self._made.finished(article)

    def _ready(self, article: str) -> None:
        self._wake(lambda: self._arrived(article))

    def _told(self, words: str) -> None:
        self._wake(lambda: self._say(words))

    def _wake(self, function: Callable[[], None]) -> None:
        """Call something on the screen's loop, if there still is one."""
        loop = self._app.loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(function)

    # --- on the screen's loop --------------------------------------------------------------------

    def _arrived(self, article: str) -> None:
        """There are new suggestions for an article: if it is the one on the desk they are shown."""
        app, screen = self._app, self._app.article
        if screen is None or app.desk.sheet.article.id != article:
            return
        with screen.saying():
            app.desk.proposals.arrived()
        if screen.is_current:
            screen.draw()

    def _say(self, words: str) -> None:
        """Say something as soon as there is no other message: of several that fail each is told."""
        if words not in self._notes:
            self._notes.append(words)
            if len(self._notes) == 1:
                self._say_next()

    def _say_next(self) -> None:
        screen = self._app.article
        if self._notes and screen is not None and not self._app.desk.message:
            self._app.desk.say(self._notes.pop(0))
            if screen.is_current:
                screen.draw()
        loop = self._app.loop
        if self._notes and loop is not None:
            loop.call_later(AGAIN, self._say_next)
