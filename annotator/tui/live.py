"""Passes on to the screens what others did: told in the listener's thread, shown on the screens' own.

Nothing is asked of the project on the screens' thread but what a screen that is seen reads again.
"""

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from annotator.model.errors import AnnotatorError
from annotator.store.filters import ALL
from annotator.store.news import News, ask
from annotator.store.notices import Heard
from annotator.store.project import Project
from annotator.store.reader import Reader
from annotator.tui.notes import Notes

if TYPE_CHECKING:
    from annotator.tui.app import AnnotatorApp, BaseApp

TAKEN = "Others took all places in this article meanwhile: ctrl+n goes on to another."


@runtime_checkable
class Following(Protocol):
    """A screen that shows what others do."""

    def follow(self, news: Sequence[Heard]) -> None:
        """Others did this; at most once a second."""


class Live:
    """What an app hears of others; from `begin` until its project is closed."""

    def __init__(self, app: "BaseApp", project: Project) -> None:
        self._app = app
        self._project = project

    def begin(self) -> None:
        """Listen from now on."""
        self._project.listen(self._heard)

    # --- in the listener's thread

    def _heard(self, news: Sequence[Heard], reader: Reader) -> None:
        found = self._look(news, reader)
        loop = self._app.loop
        if loop is not None:
            with suppress(RuntimeError):  # it was closed
                loop.call_soon_threadsafe(self._arrived, news, found)

    def _look(self, news: Sequence[Heard], reader: Reader) -> Any:  # noqa: ARG002  # for apps that ask
        """What is asked of the project because of it."""
        return None

    # --- on the screens' thread

    def _arrived(self, news: Sequence[Heard], found: Any) -> None:
        if not self._app.is_running:
            return
        self._take(news, found)
        for screen in self._app.screen_stack:
            if isinstance(screen, Following):
                # a server that is lost is told of otherwise, and heard when it is back
                with screen._context(), suppress(AnnotatorError):
                    screen.follow(news)

    def _take(self, news: Sequence[Heard], found: Any) -> None:
        """Deal with what `_look` gave."""


class LiveDesk(Live):
    """The same for an annotator, who is told calmly of what is their concern."""

    def __init__(self, app: "AnnotatorApp") -> None:
        super().__init__(app, app.work.project)
        self._work = app.work
        self._notes = Notes(app)
        self._assigned: int | None = None
        self._told = ""
        """The article of which it was said that its places are taken."""

    def _look(self, news: Sequence[Heard], reader: Reader) -> tuple[News, str]:
        article = self._work.at
        return ask(reader, news, self._project.actor, article), article

    def _take(self, news: Sequence[Heard], found: Any) -> None:  # noqa: ARG002  # it was looked at
        now, article = found
        self._notes.say(self._work.elsewhere())
        if now.last is not None:
            self._work.grown(now.last)
        if now.assigned is not None:
            before, self._assigned = self._assigned, now.assigned
            if before is not None and now.assigned > before:
                self._was_assigned(now.assigned - before)
        if now.taken and article == self._work.at != self._told and self._work.usual != ALL:
            self._told = article
            self._notes.say(TAKEN)

    def _was_assigned(self, number: int) -> None:
        self._work.was_assigned()
        articles = "1 article was" if number == 1 else f"{number:,} articles were"
        self._notes.say(f"{articles} assigned to you; ctrl+o shows what is to be done.")
