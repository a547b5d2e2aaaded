"""Pages to read: the keys that work now, from the action table and the scheme; the guideline."""

import re
from collections.abc import Callable, Iterable

from annotator.desk.actions import Action
from annotator.desk.desk import Desk
from annotator.desk.keyboard import Keyboard
from annotator.desk.keynames import key_sign
from annotator.desk.layouts import native
from annotator.model.guidelines import guideline
from annotator.text.rows import cells, wrap
from annotator.text.visible import visible

Paragraph = tuple[str, str]
"""What stands at the left of a paragraph (a key, a dash), and its text."""

_STRONG = re.compile(r"\*\*(\S(?:[^*]*\S)?)\*\*")
_CODE = re.compile(r"`([^`]+)`")

NARROW = 24
"""A text column of fewer cells is not worth keeping; the paragraph goes over the whole width."""


def keys_page(desk: Desk, keyboard: Keyboard) -> list[Paragraph]:
    """Labels of the layer first, then the actions by group."""
    layer = desk.layer
    labels = layer.active
    page = [("", f"{layer.title}: a letter labels"), ("", "")]
    for label in labels:
        typed = native(keyboard.layout, label.key)
        key = label.key if typed in ("", label.key) else f"{label.key} ({typed})"
        words = f"{label.title}: {label.description}" if label.description else label.title
        page.append((f"  {key:<7} ", words))
    page += [("", ""), ("", f"1-{len(desk.scheme.layers)} choose a layer")]
    return page + by_group(keyboard.actions, signs, 18)


def by_group(
    actions: Iterable[Action], signs_of: Callable[[Action], str], width: int
) -> list[Paragraph]:
    """Actions with their keys, in a column of so many cells, under the names of their groups."""
    page: list[Paragraph] = []
    group = ""
    for action in actions:
        if action.group != group:
            group = action.group
            page += [("", ""), ("", group), ("", "")]
        page.append((f"  {signs_of(action):<{width}} ", action.help))
    return page


def signs(action: Action) -> str:
    """An action's keys as they stand on the keyboard; where there are none, where it is found."""
    return "  ".join(key_sign(key) for key in action.keys) or "palette"


def guideline_page(desk: Desk, label: str) -> list[Paragraph]:
    """What the guideline says on a label of the desk's layer, else on the layer."""
    scheme, layer = desk.scheme, desk.layer.name
    words = guideline(scheme, layer, label) or guideline(scheme, layer)
    return paragraphs(words or "The scheme has no guideline on this.")


def paragraphs(markdown: str) -> list[Paragraph]:
    """Markdown for reading: lines of one paragraph joined, list items with their dash at the left."""
    found: list[Paragraph] = []
    fenced = joins = False
    for line in markdown.splitlines():
        words = line.strip()
        if words.startswith(("```", "~~~")):
            fenced, joins = not fenced, False
        elif fenced or words.startswith("|"):
            found.append(("", line))
            joins = False
        elif words.startswith(("- ", "* ", "+ ")):
            indent = line[: len(line) - len(line.lstrip())]
            found.append((f"{indent}{words[:2]}", words[2:]))
            joins = True
        elif joins and words:
            found[-1] = (found[-1][0], f"{found[-1][1]} {words}")
        else:
            found.append(("", words))
            joins = bool(words) and not words.startswith("#")
    return [(left, _unmarked(words)) for left, words in found]


def _unmarked(words: str) -> str:
    """Words without Markdown's asterisks, code in quotation marks: for reading as they stand."""
    return _CODE.sub(r"“\1”", _STRONG.sub(r"\1", words))


def laid_out(page: Iterable[Paragraph], width: int) -> list[str]:
    """The page's rows in so many cells, each safe to show; texts hang beside what is at the left."""
    return [row for left, words in page for row in _rows(visible(left), visible(words), width)]


def _rows(left: str, words: str, width: int) -> list[str]:
    """One paragraph's rows."""
    room = width - cells(left)
    if room < NARROW:
        left, words, room = "", left + words, max(width, 1)
    rows = wrap(words, room)
    cut = [words[slice(*rows.span(n))].rstrip() for n in range(len(rows))] or [""]
    hang = " " * cells(left)
    return [(hang if n else left) + row for n, row in enumerate(cut)]
