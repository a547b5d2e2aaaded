"""Themes beside Textual's own: high contrast, dark and light, and one for colour-blind people.

A theme here is three things: Textual's colours for queue and dialogs, what the names of colours mean
(label colours, the saved mark), and the grounds of bars and panel (`looks.grounds`). None of them
dims anything, as dimmed text loses the contrast the theme is for; letters and marks say the rest.

high-contrast keeps every text at 7:1 or more (WCAG 2.2, 1.4.6), color-blind at 4.5:1 (1.4.3). The
colours of the latter are those of Okabe and Ito, "Color Universal Design", 2008
(https://jfly.uni-koeln.de/color/), which people with any common colour blindness tell apart.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style
from rich.terminal_theme import TerminalTheme
from textual.color import Color
from textual.filter import ANSIToTruecolor
from textual.theme import Theme

if TYPE_CHECKING:
    from annotator.tui.app import BaseApp
    from annotator.tui.article import ArticleScreen

NAMES = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
"""The names colours have in a scheme and on a terminal, in the terminal's order."""
_NO_DIM = Style(dim=False)
Rgb = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Own:
    """A theme of ours."""

    theme: Theme
    colors: TerminalTheme
    """What the names of colours mean."""


def _own(name: str, dark: bool, text: str, grounds: str, accent: str, colors: str) -> Own:
    """A theme: grounds are those of article, dialogs and bars, colours those of `NAMES` but black.

    The last of the colours is bright white, the label colour `white`; black is the ground, as it is
    on a dark terminal, for text on a bright colour.
    """
    ground, surface, panel = grounds.split()
    variables = {
        "block-cursor-foreground": ground,
        "block-cursor-background": accent,
        "block-cursor-blurred-foreground": ground,
        "block-cursor-blurred-background": text,
        "input-cursor-foreground": ground,
        "input-cursor-background": text,
        "input-selection-foreground": ground,
        "input-selection-background": accent,
        "input-selection-text-style": "none",
        "text-muted": text,
        "text-disabled": text,
        "border": accent,
        "border-blurred": text,
        "scrollbar": accent,
        "scrollbar-background": panel,
    }
    theme = Theme(
        name, primary=accent, secondary=accent, accent=accent, foreground=text, background=ground,
        surface=surface, panel=panel, boost=panel, dark=dark, text_alpha=1.0, variables=variables,
    )  # fmt: skip
    *named, brightest = [_rgb(color) for color in (ground, *colors.split())]
    bright = [*named[:-1], brightest]
    bright[NAMES.index("yellow")] = _between(named[NAMES.index("yellow")], _rgb(text))
    return Own(theme, TerminalTheme(_rgb(ground), _rgb(text), named, bright))


def _between(one: Rgb, other: Rgb) -> Rgb:
    """The colour in the middle: bright yellow must not be yellow, as hints have both."""
    red, green, blue = ((a + b) // 2 for a, b in zip(one, other, strict=True))
    return red, green, blue


def _rgb(color: str) -> Rgb:
    return RichColor.parse(color).get_truecolor()


OWN = {
    own.theme.name: own
    for own in (
        _own(
            "high-contrast", True, "#ffffff", "#000000 #000000 #262626", "#ffff66",
            "#ff9d9d #66ff8c #ffff66 #9fc2ff #ffa8ff #66ffff #e6e6e6 #ffffff",
        ),
        _own(
            "high-contrast-light", False, "#000000", "#ffffff #ffffff #e8e8e8", "#00009c",
            "#8b0000 #004d00 #574000 #00009c #6a006a #00484f #333333 #000000",
        ),
        _own(
            "color-blind", True, "#f2f2f2", "#000000 #000000 #171717", "#56B4E9",
            "#D55E00 #009E73 #F0E442 #56B4E9 #CC79A7 #E69F00 #C8C8C8 #FFFFFF",
        ),
    )
}  # fmt: skip
"""The themes by name. In the last one red is vermilion, blue sky blue, magenta reddish purple, and
cyan, which would look like sky blue, is orange."""


class Undimmed(ANSIToTruecolor):
    """Names of colours as a theme means them, and nothing dimmed."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The segments with the theme's colours."""
        lit = [
            Segment(text, style + _NO_DIM, control) if style and style.dim else segment
            for segment in segments
            for text, style, control in (segment,)
        ]
        return super().apply(lit, background)


def register(app: "BaseApp") -> None:
    """Let an application use these themes."""
    for own in OWN.values():
        app.register_theme(own.theme)


def choose(screen: "ArticleScreen") -> None:
    """Let the annotator choose a theme, ours first, for this sitting."""
    from annotator.desk.stances import Choice

    app = screen.app
    register(app)
    names = [*OWN, *sorted(set(app.available_themes) - set(OWN))]

    def take(name: object) -> None:
        app.theme = str(name)
        screen.desk.say(f'theme = "{name}" in the configuration keeps it.')

    screen.choose("Theme", [Choice(name, name) for name in names], take)
