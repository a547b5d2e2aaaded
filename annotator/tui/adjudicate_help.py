"""The adjudicator's keys to read, and by name in the palette."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, cast

from annotator.desk.actions import Action
from annotator.desk.keynames import key_sign
from annotator.desk.layouts import native
from annotator.tui.adjudicate_actions import ACTIONS, EDITING
from annotator.tui.help import Paragraph, by_group
from annotator.tui.palette import TableProvider

if TYPE_CHECKING:
    from annotator.tui.adjudicate_app import AdjudicateApp


def keys_page(layout: str, filters: Sequence[str]) -> list[Paragraph]:
    """The actions by group, then what a filter line understands."""
    page: list[Paragraph] = [("", "1-9 take a variant, or pick it when several are kept")]
    page += by_group((*ACTIONS, *EDITING), lambda action: signs(action, layout), 20)
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


class AdjudicateProvider(TableProvider):
    """Offers the adjudicator's actions."""

    def entries(self) -> list[tuple[str, Action]]:
        """All of them, always."""
        return [(f"{action.title}  {signs(action)}", action) for action in ACTIONS]

    def runner(self, action: Action) -> Callable[[], None]:
        """The application does it."""
        return partial(cast("AdjudicateApp", self.app).perform, action.name)
