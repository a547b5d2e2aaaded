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


class ActionProvider(Provider):
    """Offers the action table; its words are the project's own, so nothing foreign is parsed."""

    def _entries(self) -> list[tuple[str, Action]]:
        """Over the queue only what concerns no article, as one would not see it change."""
        actions = self._application.keyboard.actions
        if self.screen is not self._application.article:
            actions = tuple(action for action in actions if action.name in ANYWHERE)
        return [(f"{a.title}  {' '.join(map(key_sign, a.keys))}".rstrip(), a) for a in actions]

    async def discover(self) -> Hits:
        """All actions, motions last."""
        for title, action in sorted(self._entries(), key=lambda e: e[1].group == MOVE):
            yield DiscoveryHit(plain(title), self._runner(action), text=title, help=action.help)

    async def search(self, query: str) -> Hits:
        """The actions whose title matches."""
        matcher = self.matcher(query)
        for title, action in self._entries():
            score = matcher.match(title)
            if score > 0:
                yield Hit(score, matcher.highlight(title), self._runner(action), help=action.help)

    @property
    def _application(self) -> "AnnotatorApp":
        return cast("AnnotatorApp", self.app)

    def _runner(self, action: Action) -> Callable[[], None]:
        app, article = self._application, self._application.article
        if article is not None and self.screen is article:
            return partial(article.perform, action.name)
        return {"layout": app.calibrate, "quit": app.exit, "suspend": app.action_suspend_process}[
            action.name
        ]
