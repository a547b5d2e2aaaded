"""Every action by name, in Textual's command palette."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.command import DiscoveryHit, Hit, Hits, Provider

from annotator.desk.actions import MOVE, Action
from annotator.desk.keynames import key_sign
from annotator.tui.plain import plain

if TYPE_CHECKING:
    from annotator.tui.app import AnnotatorApp

ANYWHERE = ("layout", "quit", "suspend")
"""Actions that concern no article."""


class TableProvider(Provider):
    """Offers actions by name; their words are the project's own, so nothing foreign is parsed."""

    def entries(self) -> list[tuple[str, Action]]:
        """The actions offered now, each with its title and keys."""
        raise NotImplementedError

    def runner(self, action: Action) -> Callable[[], None]:
        """What does an action."""
        raise NotImplementedError

    async def discover(self) -> Hits:
        """All actions, motions of the text last."""
        for title, action in sorted(self.entries(), key=lambda e: e[1].group == MOVE):
            yield DiscoveryHit(plain(title), self.runner(action), text=title, help=action.help)

    async def search(self, query: str) -> Hits:
        """The actions whose title matches."""
        matcher = self.matcher(query)
        for title, action in self.entries():
            score = matcher.match(title)
            if score > 0:
                yield Hit(score, matcher.highlight(title), self.runner(action), help=action.help)


class ActionProvider(TableProvider):
    """Offers the action table."""

    def entries(self) -> list[tuple[str, Action]]:
        """Over the queue only what concerns no article, as one would not see it change."""
        actions = self._application.keyboard.actions
        if self.screen is not self._application.article:
            actions = tuple(action for action in actions if action.name in ANYWHERE)
        return [(f"{a.title}  {' '.join(map(key_sign, a.keys))}".rstrip(), a) for a in actions]

    def runner(self, action: Action) -> Callable[[], None]:
        """At the article the article does it, elsewhere the application."""
        app, article = self._application, self._application.article
        if article is not None and self.screen is article:
            return partial(article.perform, action.name)
        return {"layout": app.calibrate, "quit": app.exit, "suspend": app.action_suspend_process}[
            action.name
        ]

    @property
    def _application(self) -> "AnnotatorApp":
        return cast("AnnotatorApp", self.app)
