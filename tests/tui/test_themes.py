"""The themes for people who see less, or other colours: measured on the colours and on screens."""

from itertools import combinations
from pathlib import Path

import pytest
from rich.color import ColorTriplet
from rich.style import Style
from textual.theme import BUILTIN_THEMES
from tui_kit import Seat, label_two_names, open_app

from annotator.config import Config
from annotator.model.errors import AnnotatorError
from annotator.model.scheme import COLORS
from annotator.tui.looks import grounds, label_style, look, tag_styles
from annotator.tui.themes import OWN

LEAST = {"high-contrast": 7.0, "high-contrast-light": 7.0, "color-blind": 4.5}
"""WCAG 2.2: 1.4.6 (enhanced) and 1.4.3 (minimum)."""


def luminance(color: ColorTriplet) -> float:
    """Relative luminance as WCAG defines it."""
    linear = [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in color.normalized]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: ColorTriplet, other: ColorTriplet) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_computed_as_wcag_does() -> None:
    black, white = ColorTriplet(0, 0, 0), ColorTriplet(255, 255, 255)
    assert contrast(black, white) == pytest.approx(21)
    assert contrast(ColorTriplet(0x77, 0x77, 0x77), white) == pytest.approx(4.48, abs=0.01)


def test_every_theme_of_ours_has_a_measure() -> None:
    assert set(LEAST) == set(OWN)
    assert not set(OWN) & set(BUILTIN_THEMES)


@pytest.mark.parametrize("name", OWN)
def test_every_label_colour_is_read_on_every_ground(name: str) -> None:
    own = OWN[name]
    found = [g.bgcolor.get_truecolor() for g in grounds(name, own.theme.dark) if g.bgcolor]
    for text in (own.theme.background, own.theme.surface, own.theme.panel):
        found.append(ColorTriplet(*bytes.fromhex(str(text)[1:])))
    assert len(found) == 5
    styles = [label_style(color) for color in COLORS]
    styles += [look(color, False, 0, False, False, False) for color in COLORS]
    styles += [Style(color=x) for x in ("green", "yellow", "red", "bright_yellow", "bright_white")]
    colors = [s.color.get_truecolor(own.colors) for s in styles if s.color]
    colors.append(own.colors.foreground_color)
    for color in colors:
        for ground in found:
            assert contrast(color, ground) >= LEAST[name], (color, ground)
    behind = set()
    for tag in tag_styles():
        assert tag.color is not None
        assert tag.bgcolor is not None
        ground = tag.bgcolor.get_truecolor(own.colors)
        behind.add(ground)
        assert contrast(tag.color.get_truecolor(own.colors), ground) >= LEAST[name]
    assert len(behind) == 2


@pytest.mark.parametrize("name", OWN)
def test_the_colours_of_labels_differ(name: str) -> None:
    names = [c for c in COLORS if c not in ("gray", "white")]
    colors = [label_style(c).color for c in names]
    found = [c.get_truecolor(OWN[name].colors) for c in colors if c]
    assert len(set(found)) == len(names)
    for one, other in combinations(found, 2):
        assert sum(abs(a - b) for a, b in zip(one, other, strict=True)) > 40


def test_color_blind_colours_are_those_of_okabe_and_ito() -> None:
    published = {"#D55E00", "#009E73", "#F0E442", "#56B4E9", "#CC79A7", "#E69F00"}
    colors = OWN["color-blind"].colors.ansi_colors._colors[1:7]
    assert {"#{:02X}{:02X}{:02X}".format(*color) for color in colors} == published


def worst(seat: Seat) -> tuple[float, str]:
    """The least contrast of anything painted that says something, and where.

    Of a dialog only what it shows itself: the article behind it is veiled on purpose.
    """
    found = []
    cells = seat.cells()
    for dialog in seat.app.screen.query(".dialog, .page"):
        area = dialog.region
        cells = [row[area.x : area.right] for row in cells[area.y : area.bottom]]
    for row in cells:
        line = "".join(char for char, _ in row)
        for char, style in row:
            if char.isalnum() and style.color and style.bgcolor:
                assert not style.dim, line
                pair = (style.color.get_truecolor(), style.bgcolor.get_truecolor())
                found.append((contrast(*pair), f"{char} in {line}"))
    return min(found)


@pytest.mark.parametrize("name", OWN)
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_everything_painted_can_be_read(
    project: Path, name: str, size: tuple[int, int]
) -> None:
    async with open_app(project, size=size, config=Config(theme=name)) as seat:
        assert seat.app.theme == name
        await seat.press("full_stop full_stop full_stop f ctrl+home")
        await label_two_names(seat)
        for keys in ("left", "minus right", "escape 3 f", "1 shift+down", "escape question_mark"):
            await seat.press(keys)
            assert worst(seat)[0] >= LEAST[name], worst(seat)
        await seat.press("escape 2 shift+right enter")
        assert worst(seat)[0] >= LEAST[name], worst(seat)
        await seat.press("escape =")
        assert worst(seat)[0] >= LEAST[name], worst(seat)
        await seat.press("escape space")
        assert worst(seat)[0] >= LEAST[name], worst(seat)
        await seat.press("escape slash a")
        assert worst(seat)[0] >= LEAST[name], worst(seat)
        await seat.press("escape ctrl+o")
        assert worst(seat)[0] >= LEAST[name], worst(seat)


async def test_a_theme_is_chosen_from_the_palette_and_left_again(project: Path) -> None:
    async with open_app(project) as seat:
        await seat.press("full_stop full_stop full_stop f ctrl+home")
        before = [style.color for style in seat.look_of("Регистрация")]
        seat.article.perform("theme")
        await seat.pilot.pause()
        assert "high-contrast" in seat.text()
        await seat.press("enter")
        assert seat.app.theme == "high-contrast"
        assert 'theme = "high-contrast" in the configuration' in seat.text()
        assert [style.color for style in seat.look_of("Регистрация")] != before
        seat.app.theme = "textual-dark"
        await seat.pilot.pause()
        assert [style.color for style in seat.look_of("Регистрация")] == before


async def test_bars_of_light_themes_are_light(project: Path) -> None:
    async with open_app(project, config=Config(theme="textual-light")) as seat:
        for y in (0, -1, -2):
            ground = seat.cells()[y][0][1].bgcolor
            assert ground is not None
            assert luminance(ground.get_truecolor()) > 0.5


async def test_an_unknown_theme_is_refused_with_the_names(project: Path) -> None:
    with pytest.raises(AnnotatorError, match="color-blind, "):
        async with open_app(project, config=Config(theme="farbenfroh")):
            pass
