"""The adjudicator's keys to read, and by name in the palette."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.command import DiscoveryHit, Hit, Hits, Provider

from annotator.desk.actions import Action
from annotator.desk.keynames import key_sign
from annotator.desk.layouts import native
from annotator.tui.adjudicate_actions import ACTIONS, EDITING
from annotator.tui.help import Paragraph
from annotator.tui.plain import plain

if TYPE_CHECKING:
    from annotator.tui.adjudicate_app import AdjudicateApp


def keys_page(layout: str, filters: Sequence[str]) -> list[Paragraph]:
    """The actions by group, then what a filter line understands."""
    page: list[Paragraph] = [("", "1-9 take a variant, or pick it when several are kept")]
    group = ""
    for action in (*ACTIONS, *EDITING):
        if action.group != group:
            group = action.group
            page += [("", ""), ("", group), ("", "")]
        page.append((f"  {signs(action, layout):<20} ", action.help))
    page += [("", ""), ("", "A letter in edit mode gives the label or value of the scheme.")]
    page += [("", ""), ("", "Filter"), ("", ""), *(("  ", line) for line in filters)]
    return page


def signs(action: Action, layout: str = "") -> str:
    """An action's keys, letters with the native one on the same key."""
    return "  ".join(_sign(key, layout) for key in action.keys) or "palette"


def _sign(key: str, layout: str) -> str:
    sign = key_sign(key)
    if layout and len(key) == 1 and key.isalpha():
        typed = native(layout, key.lower())
        if typed not in ("", key.lower()):
            return f"{sign} ({typed.upper() if key.isupper() else typed})"
    return sign


class AdjudicateProvider(Provider):
    """Offers the adjudicator's actions; their words are our own."""

    async def discover(self) -> Hits:
        """All actions."""
        for action in ACTIONS:
            title = f"{action.title}  {signs(action)}"
            yield DiscoveryHit(plain(title), self._runner(action), text=title, help=action.help)

    async def search(self, query: str) -> Hits:
        """The actions whose title matches."""
        matcher = self.matcher(query)
        for action in ACTIONS:
            title = f"{action.title}  {signs(action)}"
            score = matcher.match(title)
            if score > 0:
                yield Hit(score, matcher.highlight(title), self._runner(action), help=action.help)

    def _runner(self, action: Action) -> Callable[[], None]:
        app = cast("AdjudicateApp", self.app)
        return partial(app.perform, action.name)
