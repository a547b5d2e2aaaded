"""The adjudicator's actions: keys, hints, help, palette and the manual's table come from here.

Letters mean the same in every layer here, as nothing is labelled but in edit mode.
"""

from annotator.desk.actions import Action
from annotator.desk.keynames import key_name


def _action(name: str, keys: str, title: str, help_: str, group: str) -> Action:
    return Action(name, tuple(keys.split()), title, help_, group, screen=True)


DECIDE, GO, MANY, EDIT, SHOW = "Decide", "Go", "Many at once", "Edit mode", "Show"

ACTIONS: tuple[Action, ...] = (
    _action(
        "accept",
        "enter",
        "take ▸",
        "Take the variant pointed at: first the proposal, without one the first variant.",
        DECIDE,
    ),
    _action("up", "up", "variant above", "Point at the variant above.", DECIDE),
    _action("down", "down", "variant below", "Point at the variant below.", DECIDE),
    _action(
        "nothing", "0 delete", "nothing", "Nothing is gold here, though some marked it.", DECIDE
    ),
    _action(
        "edit",
        "e f6",
        "edit",
        "Other edges or another label than any annotator gave; of a stance another value.",
        DECIDE,
    ),
    _action(
        "add",
        "a insert",
        "add",
        "What no annotator has: selected in the text, or a stance nobody gave.",
        DECIDE,
    ),
    _action(
        "several",
        "+ add f8",
        "keep several",
        "Digits then pick variants, enter keeps those picked: annotations may nest.",
        DECIDE,
    ),
    _action(
        "keep", "k f7", "keep former", "Decide again what stood before the work changed.", DECIDE
    ),
    _action("discuss", "d", "discuss", "On the list for the meeting.", DECIDE),
    _action("skip", "s ctrl+x", "skip", "Pass it over for now.", DECIDE),
    _action("note", "; f9", "note", "Write a note on the item.", DECIDE),
    _action(
        "problem",
        "! f5",
        "guideline problem",
        "The guidelines do not settle this; says why the annotators differ.",
        DECIDE,
    ),
    _action(
        "undo",
        "u ctrl+z",
        "undo",
        "Take back the last act, also of another article or an earlier day.",
        DECIDE,
    ),
    _action("redo", "ctrl+y", "redo", "Do again what was taken back.", DECIDE),
    _action(
        "next",
        "n right tab",
        "next",
        "The next item, in this article or the next that has one.",
        GO,
    ),
    _action("previous", "p left shift+tab", "previous", "The item before.", GO),
    _action("next_article", "N ctrl+n ctrl+down", "next article", "The next article's items.", GO),
    _action("previous_article", "P ctrl+g ctrl+up", "previous article", "The article before.", GO),
    _action(
        "filter",
        "/ ctrl+f f3",
        "filter",
        "Only some items: by category, layer, label, pair of annotators, reason, state or words.",
        GO,
    ),
    _action(
        "accept_unanimous",
        "A",
        "accept what all agree on",
        "Of this article or of all; says how many first, and a share stays to be looked at.",
        MANY,
    ),
    _action(
        "accept_majority",
        "M",
        "accept majorities",
        "What more than half are for, of this article; marked as decided so.",
        MANY,
    ),
    _action(
        "view",
        "v f4",
        "view",
        "Variants below the text, as columns beside it, or as a table of the article's items.",
        SHOW,
    ),
    _action("open", "o f10", "whole article", "The article to read, at this place.", SHOW),
    _action(
        "names", "w", "names", "The annotators' names, or letters again; decisions say so.", SHOW
    ),
    _action(
        "guideline", "f2", "guideline", "What the guideline says on the variants' labels.", SHOW
    ),
    _action("help", "? f1", "keys", "The keys, and what a filter understands.", SHOW),
    _action("layout", "", "keyboard layout", "Six keys tell which layout your keyboard has.", SHOW),
    _action(
        "saved", "ctrl+s", "saved?", "Says that all is saved; sends again what could not be.", SHOW
    ),
    _action("palette", ": ctrl+p", "palette", "Every action by name.", SHOW),
    _action("clear", "escape", "leave", "Leave a mode; never quits.", SHOW),
    _action("quit", "ctrl+q", "quit", "Leave; everything is saved already.", SHOW),
)

EDITING: tuple[Action, ...] = (
    _action("edge_left", "left", "edge left", "The edge held goes back by a unit.", EDIT),
    _action("edge_right", "right", "edge right", "The edge held goes on by a unit.", EDIT),
    _action("edge_up", "up", "sentence back", "The edge held goes back by a sentence.", EDIT),
    _action("edge_down", "down", "sentence on", "The edge held goes on by a sentence.", EDIT),
    _action(
        "hold",
        "space",
        "begin here",
        "Of something new: it begins here, and the arrows move its end from now on.",
        EDIT,
    ),
    _action("other_edge", "tab", "other edge", "Take hold of the other edge.", EDIT),
    _action("grain", "-", "by character", "Move by another unit: word, character ...", EDIT),
    _action(
        "next_stretch", "full_stop pagedown", "next stretch", "Of evidence: the next stretch.", EDIT
    ),
    _action(
        "new_stretch",
        "+ add f8",
        "one more",
        "Of evidence: one more stretch, the sentence after the held one.",
        EDIT,
    ),
    _action(
        "drop_stretch", "backspace delete", "drop", "Of evidence: leave the held stretch out.", EDIT
    ),
    _action("menu", "f4", "label menu", "Choose the label or value from a list.", EDIT),
    _action("apply", "enter", "take it", "What was edited is gold.", EDIT),
    _action("cancel", "escape", "cancel", "Back to the variants.", EDIT),
)
"""While an item is edited a letter gives the label or value, as the scheme says."""


def table(actions: tuple[Action, ...]) -> dict[str, Action]:
    """Which action each key has, by `key_name`."""
    found: dict[str, Action] = {}
    for action in actions:
        for key in map(key_name, action.keys):
            assert key not in found, f"{key} is bound to {found[key].name} and {action.name}"
            found[key] = action
    return found
