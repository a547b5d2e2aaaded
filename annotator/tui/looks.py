"""How things look: colour, attribute and letter together, so that none is the only cue.

Under NO_COLOR labels get no colour at all: Textual would turn red and blue into greys that nobody
can read on black.
"""

import os
from functools import cache

from rich.style import Style

CARET_BAR = "┃"
NOTE_MARK, FLAG_MARK = ";", "!"

_NAMES = {"gray": "white", "white": "bright_white"}
"""Terminals' own grey (bright black) can hardly be read on black, and not at all when dimmed."""


_GROUNDS = {
    "high-contrast": ("on #262626", "on #1c1c1c"),
    "high-contrast-light": ("on #e8e8e8", "on #f4f4f4"),
    "color-blind": ("on #171717", "on #0e0e0e"),
}
_DARK, _LIGHT = ("on #1f2f3a", "on #1c1c1c"), ("on #d3dee5", "on #ececec")


def grounds(theme: str, dark: bool) -> tuple[Style, Style]:
    """The grounds of bars and of the panel in a theme (`dark`: whether it is a dark one).

    Without colours they are told apart by their place.
    """
    bar, side = _GROUNDS.get(theme, _DARK if dark else _LIGHT)
    return Style.parse(bar), Style.parse(side)


def colorless() -> bool:
    """Whether colours are switched off (https://no-color.org)."""
    return "NO_COLOR" in os.environ


def label_style(color: str) -> Style:
    """A label's own colour, for letters and legends."""
    return _label_style("" if colorless() else color)


@cache
def _label_style(color: str) -> Style:
    return Style(color=_NAMES.get(color, f"bright_{color}") if color else None, bold=True)


def tag_styles() -> tuple[Style, Style]:
    """A hint's first letter and its second, told apart so that neighbours are."""
    if colorless():
        return Style.parse("bold reverse"), Style.parse("reverse dim")
    return Style.parse("bold black on bright_yellow"), Style.parse("black on yellow")


@cache
def look(
    color: str,
    dim: bool,
    underline: int,
    bold: bool,
    reverse: bool,
    italic: bool,
) -> Style:
    """The look of a piece of text; `underline` 0, 1 or 2 lines."""
    return Style(
        color=_NAMES.get(color, color) if color else None,
        dim=dim or None,
        underline=underline == 1 or None,
        underline2=underline == 2 or None,
        bold=bold or None,
        reverse=reverse or None,
        italic=italic or None,
    )
