"""The keys of the agreement screen: hints, help, palette and the manual's table come from here.

There are no letters among them, so that they are the same under every keyboard layout.
"""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, cast

from annotator.desk.actions import Action
from annotator.tui.adjudicate_actions import table
from annotator.tui.help import Paragraph, by_group, signs
from annotator.tui.palette import TableProvider

if TYPE_CHECKING:
    from annotator.tui.agreement_app import AgreementApp

GO, OPEN, ARTICLE, OTHER = "Go", "Open and explain", "An article's annotators", "Other"


def _action(name: str, keys: str, title: str, help_: str, group: str) -> Action:
    return Action(name, tuple(keys.split()), title, help_, group, screen=True)


ACTIONS: tuple[Action, ...] = (
    _action("up", "up", "up", "The number above; over time the measure before.", GO),
    _action("down", "down", "down", "The number below; over time the next measure.", GO),
    _action("left", "left", "left", "The number at the left; of an article the item before.", GO),
    _action("right", "right", "right", "The number at the right; of an article the next item.", GO),
    _action("page_up", "pageup", "a screen up", "A screenful up.", GO),
    _action("page_down", "pagedown", "a screen down", "A screenful down.", GO),
    _action("first", "home", "first", "The first row, point or item.", GO),
    _action("last", "end", "last", "The last row, point or item.", GO),
    _action("next_table", "tab", "next table", "The next table of the layer.", GO),
    _action("previous_table", "shift+tab", "table before", "The table before.", GO),
    _action("overview", "0", "overview", "All layers; 1 to 9 are the layers.", GO),
    _action(
        "open",
        "enter",
        "articles",
        "The articles a number, cell or point comes from; on an article its annotators' work.",
        OPEN,
    ),
    _action("back", "escape backspace", "back", "Back to where one came from; never quits.", OPEN),
    _action("explain", "f2", "what is this", "The number under the cursor in plain words.", OPEN),
    _action("help", "f1 ?", "keys", "The keys.", OPEN),
    _action(
        "view", "f4", "view", "Work below the text, as columns beside it, or as a table.", ARTICLE
    ),
    _action("names", "f6", "names", "The annotators' names, or letters again.", ARTICLE),
    _action(
        "everything", "f7", "all items", "Also what all agree on, or only differences.", ARTICLE
    ),
    _action(
        "adjudicate",
        "f9",
        "adjudicate",
        "Decide what is gold in this article; the screen comes back afterwards.",
        ARTICLE,
    ),
    _action("read", "f10", "whole article", "The article to read, at this place.", ARTICLE),
    _action("measure", "f5", "measure again", "Measure again: others may have worked on.", OTHER),
    _action("palette", ": ctrl+p", "palette", "Every action by name.", OTHER),
    _action("quit", "ctrl+q", "quit", "Leave; a measurement under way is given up.", OTHER),
)

KEYS = table(ACTIONS)
MOTIONS = ("up", "down", "left", "right", "page_up", "page_down", "first", "last")


def keys_page() -> list[Paragraph]:
    """The keys to read, by group."""
    return [("", "1-9 go to a layer"), *by_group(ACTIONS, signs, 16)]


class AgreementProvider(TableProvider):
    """Offers the actions of the agreement screen."""

    def entries(self) -> list[tuple[str, Action]]:
        """All of them, always."""
        return [(f"{action.title}  {signs(action)}", action) for action in ACTIONS]

    def runner(self, action: Action) -> Callable[[], None]:
        """The application does it."""
        return partial(cast("AgreementApp", self.app).perform, action.name)
