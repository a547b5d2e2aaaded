"""What is to be said at the desk without disturbing who types there."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from annotator.tui.app import AnnotatorApp

AGAIN = 1.0
"""Seconds until a note is tried again that found another message on the line, or somebody typing."""
QUIET = 1.0
"""Seconds without a key after which nobody is typing."""


class Notes:
    """Says one thing after another below the article, each when there is no other message."""

    def __init__(self, app: "AnnotatorApp") -> None:
        self._app = app
        self._notes: list[str] = []

    def say(self, words: str) -> None:
        """Say something as soon as that is no disturbance: of several each is told. "" is nothing."""
        if words and words not in self._notes:
            self._notes.append(words)
            if len(self._notes) == 1:
                self._say_next()

    def forget(self, words: str) -> None:
        """It holds no more: say it no more, unless it was said already."""
        self._notes = [each for each in self._notes if each != words]

    def close(self) -> None:
        """Nothing more is said."""
        self._notes.clear()

    @property
    def _is_quiet(self) -> bool:
        desk = self._app.desk
        return not desk.message and desk.timer.idle >= QUIET

    def _say_next(self) -> None:
        app, screen = self._app, self._app.article
        if self._notes and screen is not None and screen.is_current and self._is_quiet:
            app.desk.say(self._notes.pop(0))
            screen.view.draw_bars()
            screen.paint_now()
        if self._notes and app.loop is not None and not app.loop.is_closed():
            app.loop.call_later(AGAIN, self._say_next)
