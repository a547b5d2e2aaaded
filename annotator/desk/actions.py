"""The one table of actions: keys, footer, help, palette and the manual's key table come from it.

Keys are named as Textual names them (`ctrl+z`, `full_stop`, `f8`). Letters are not here: in a layer
they are labels, as the scheme says.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from annotator.desk.keynames import key_name
from annotator.model.errors import AnnotatorError


class Action(NamedTuple):
    """Something an annotator can do by name."""

    name: str
    keys: tuple[str, ...]
    """The primary key first; empty when only the palette has it."""
    title: str
    """Two or three words for footer and palette."""
    help: str
    """One sentence for help and manual."""
    group: str
    screen: bool = False
    """True when the screen carries it out (it opens something), False when the desk does."""


def _desk(name: str, keys: str, title: str, help_: str, group: str) -> Action:
    return Action(name, tuple(keys.split()), title, help_, group)


def _screen(name: str, keys: str, title: str, help_: str, group: str) -> Action:
    return Action(name, tuple(keys.split()), title, help_, group, screen=True)


MOVE, SELECT, LABEL, UNDO, ARTICLE, SHOW = "Move", "Select", "Label", "Undo", "Article", "Show"

ACTIONS: tuple[Action, ...] = (
    _desk("left", "left", "left", "The unit before; in stance the column before.", MOVE),
    _desk("right", "right", "right", "The next unit; in stance the next column.", MOVE),
    _desk("up", "up", "up", "The line or block above; in stance the row above.", MOVE),
    _desk("down", "down", "down", "The line or block below; in stance the row below.", MOVE),
    _desk(
        "previous_block",
        "comma {",
        "previous block",
        "To the block before; extends in select mode.",
        MOVE,
    ),
    _desk(
        "next_block",
        "full_stop }",
        "next block",
        "To the next block; extends in select mode.",
        MOVE,
    ),
    _desk(
        "previous_sentence",
        "(",
        "previous sentence",
        "To the sentence before; extends in select mode.",
        MOVE,
    ),
    _desk(
        "next_sentence", ")", "next sentence", "To the next sentence; extends in select mode.", MOVE
    ),
    _desk("line_start", "home", "line start", "To the start of the line.", MOVE),
    _desk("line_end", "end", "line end", "To the end of the line.", MOVE),
    _desk("article_start", "ctrl+home", "article start", "To the start of the article.", MOVE),
    _desk("article_end", "ctrl+end", "article end", "To the end of the article.", MOVE),
    _desk("page_up", "pageup", "page up", "A screen up.", MOVE),
    _desk("page_down", "pagedown", "page down", "A screen down.", MOVE),
    _screen(
        "search",
        "/ ctrl+f f3",
        "search",
        "Search as you type; the match is the selection. "
        "Inside: tab next, shift+tab previous, ctrl+r regular expression.",
        MOVE,
    ),
    _desk(
        "cycle",
        "%",
        "cycle overlaps",
        "Through the annotations under the cursor, then the bare unit; "
        "in stance through the row's mentions and evidence.",
        MOVE,
    ),
    _desk(
        "back",
        "f12",
        "back",
        "Back to where a jump to a precedent or a place found in the project began.",
        MOVE,
    ),
    _desk(
        "select",
        "-",
        "select mode",
        "Arrows extend; on an annotation they move its edge. "
        "Again: by word, then by character. Enter applies, esc cancels.",
        SELECT,
    ),
    _desk(
        "edge_left",
        "ctrl+left",
        "edge left",
        "The selection's moving edge to the space or punctuation before.",
        SELECT,
    ),
    _desk(
        "edge_right",
        "ctrl+right",
        "edge right",
        "The selection's moving edge to the next space or punctuation.",
        SELECT,
    ),
    _desk("outer", "", "outer", "Take hold of the annotation around this one.", SELECT),
    _desk("inner", "", "inner", "Take hold of the annotation inside this one.", SELECT),
    _desk(
        "invert",
        "",
        "invert",
        "Pick everything but the selection; a letter labels it.",
        SELECT,
    ),
    _desk(
        "extend_left",
        "shift+left",
        "extend left",
        "Extend the selection by a unit to the left.",
        SELECT,
    ),
    _desk(
        "extend_right",
        "shift+right",
        "extend right",
        "Extend the selection by a unit to the right.",
        SELECT,
    ),
    _desk("extend_up", "shift+up", "extend up", "Extend the selection upwards.", SELECT),
    _desk("extend_down", "shift+down", "extend down", "Extend the selection downwards.", SELECT),
    _desk("extend_to_start", "f7 <", "to the start", "Extend to the article's start.", SELECT),
    _desk("extend_to_end", "f8 >", "to the end", "Extend to the article's end.", SELECT),
    _desk(
        "clear",
        "escape",
        "clear",
        "Leave select mode and clear the selection; never quits.",
        SELECT,
    ),
    _screen(
        "enter",
        "enter",
        "apply · choose",
        "Apply the edges; confirm the suggestion; on a selection choose a label; "
        "in stance choose the column's value.",
        LABEL,
    ),
    _desk(
        "hint",
        "space",
        "jump",
        "Tags on everything on screen: typing one selects it, a capital letter its first word only. "
        "With a selection it is extended to there; "
        "in stance the tags are on sentences and attach evidence, before a value is given on rows.",
        SELECT,
    ),
    _desk(
        "next_candidate",
        "tab",
        "next candidate",
        "The next probable name or suggestion: a letter labels it and goes on, with its edges as they "
        "are now. In select mode the other edge; in boilerplate the next block, "
        "in stance the next row, without a label.",
        SELECT,
    ),
    _desk(
        "previous_candidate",
        "shift+tab f6",
        "previous candidate",
        "The candidate or suggestion before.",
        SELECT,
    ),
    _desk(
        "unsure_first",
        "ctrl+u",
        "least sure first",
        "Tab goes through this layer's suggestions with the least sure first; "
        "again: in reading order.",
        SELECT,
    ),
    _desk(
        "every_occurrence",
        "= *",
        "every occurrence",
        "Elsewhere the same name is suggested with this label, in all unfinished articles; "
        "of what has no label all are picked, also a search's matches, and a letter labels them.",
        LABEL,
    ),
    _desk(
        "confirm_all",
        "+ add",
        "confirm all",
        "Confirm all suggestions on screen but the unsure ones, as one act.",
        LABEL,
    ),
    _desk(
        "confirm_article",
        "ctrl+e",
        "confirm article",
        "Confirm all sure suggestions of this layer in the whole article, as one act; "
        "tab then goes to the first that is unsure.",
        LABEL,
    ),
    _desk(
        "everywhere",
        "_",
        "everywhere",
        "The same line, whatever its numbers, in all unfinished articles of the source gets this label, "
        "as one act: it says where, and the key again does it.",
        LABEL,
    ),
    _desk(
        "split",
        "",
        "split",
        "Cut the annotation in two before the cursor's unit.",
        LABEL,
    ),
    _desk("merge", "", "merge", "Make one of this annotation and the next.", LABEL),
    _screen(
        "by_another",
        "",
        "said by another",
        "A row for another holder of a position on this target; "
        "in stance a capital letter asks who it is and gives the value.",
        LABEL,
    ),
    _desk(
        "remove",
        "backspace delete",
        "remove",
        "Remove the annotation under the cursor, or reject the suggestion; "
        "in boilerplate only the block, with the edges held all of it.",
        LABEL,
    ),
    _desk(
        "repeat",
        '" ctrl+r',
        "repeat label",
        "The last label again, on this unit or, if it has it, the next.",
        LABEL,
    ),
    _desk(
        "nothing",
        "0",
        "nothing more here",
        "This layer has been looked at and holds nothing (more); "
        "in stance the rest is not discussed.",
        LABEL,
    ),
    _desk(
        "flag", "! f5", "flag", "Flag the selection or the article, or take the flag away.", LABEL
    ),
    _screen("note", "; f9", "note", "Write a note on the selection or the article.", LABEL),
    _screen(
        "identity",
        "ctrl+t @",
        "identity",
        "Who or what an annotation is: id across languages and lemma, for all its mentions.",
        LABEL,
    ),
    _desk(
        "undo",
        "ctrl+z",
        "undo",
        "Take back the last act, also of another article or an earlier day.",
        UNDO,
    ),
    _desk("redo", "ctrl+y", "redo", "Do again what was taken back.", UNDO),
    _screen(
        "saved", "ctrl+s", "saved?", "Says that all is saved; sends again what could not be.", UNDO
    ),
    _screen(
        "done",
        "ctrl+d",
        "done, next",
        "The article is finished, every layer looked at; the next one opens.",
        ARTICLE,
    ),
    _screen("skip", "ctrl+x ctrl+k", "skip", "Leave the article out, with a reason.", ARTICLE),
    _desk("reopen", "", "reopen", "Open a finished or skipped article again.", ARTICLE),
    _screen(
        "previous_article",
        "ctrl+g ctrl+up",
        "previous article",
        "The article before; the status stays.",
        ARTICLE,
    ),
    _screen(
        "next_article",
        "ctrl+n ctrl+down",
        "next article",
        "The next article; the status stays.",
        ARTICLE,
    ),
    _screen("queue", "ctrl+o", "queue", "The list of articles.", ARTICLE),
    _screen("open_article", "", "open an article", "A recent one, or one by its title.", ARTICLE),
    _screen("search_project", "", "search the project", "Words in all the articles.", ARTICLE),
    _desk("next_layer", "ctrl+l", "next layer", "The next layer; 1 to 9 choose one.", SHOW),
    _desk(
        "fold", "", "fold", "One row for each run of marked boilerplate, or all of it again.", SHOW
    ),
    _desk(
        "suggestions",
        "",
        "suggestions",
        "Hide what is suggested in this layer, or show it again, for this sitting.",
        SHOW,
    ),
    _screen("panel", "f4", "panel", "Show or hide the panel beside the article.", SHOW),
    _screen("help", "? f1", "keys", "The keys that work now.", SHOW),
    _screen(
        "guideline",
        "f2",
        "guideline",
        "What the guideline says on the label under the cursor or the layer, "
        "and how you labelled this name before, with a jump to each place.",
        SHOW,
    ),
    _screen("feedback", "", "feedback", "Your finished articles beside gold, once released.", SHOW),
    _screen("layout", "", "keyboard layout", "Six keys tell which layout your keyboard has.", SHOW),
    _screen(
        "theme",
        "",
        "theme",
        "Other colours for this sitting: high contrast, colour-blind safe, and more.",
        SHOW,
    ),
    _screen("palette", ": ctrl+p", "palette", "Every action by name.", SHOW),
    _screen("suspend", "", "suspend", "Back to the shell; fg returns.", SHOW),
    _screen("quit", "ctrl+q", "quit", "Leave; everything is saved already.", SHOW),
)

NEVER_BOUND = ("ctrl+a", "ctrl+b", "ctrl+h", "ctrl+i", "ctrl+m", "shift+f3")
"""Keys that terminals, multiplexers or layouts keep for themselves."""


def remap(
    keys: Mapping[str, Iterable[str]], actions: tuple[Action, ...] = ACTIONS
) -> tuple[Action, ...]:
    """The table with the keys of some actions replaced, as the configuration's [keys] asks.

    Raises:
        AnnotatorError: an unknown action, a key that is never bound or is a letter or digit, or one
            key for two actions.
    """
    known = {action.name for action in actions}
    for name in keys:
        if name not in known:
            raise AnnotatorError(
                f"[keys] names {name!r}, which is no action; see the manual's key table."
            )
    table = tuple(a._replace(keys=tuple(keys[a.name])) if a.name in keys else a for a in actions)
    key_table(table)
    return table


def key_table(actions: tuple[Action, ...] = ACTIONS) -> dict[str, Action]:
    """Which action each key has, by `key_name`.

    Raises:
        AnnotatorError: two actions share a key, or a key cannot be bound.
    """
    table: dict[str, Action] = {}
    for action in actions:
        for key in map(key_name, action.keys):
            if key in NEVER_BOUND:
                raise AnnotatorError(f"{key} cannot be bound to {action.name}: terminals keep it.")
            if len(key) == 1 and key.isalnum() and (key, action.name) != ("0", "nothing"):
                raise AnnotatorError(
                    f"{key} cannot be bound to {action.name}: letters are labels, digits layers."
                )
            if key in table:
                raise AnnotatorError(
                    f"{key} is bound to both {table[key].name} and {action.name}; change one."
                )
            table[key] = action
    return table
