"""Selecting with the mouse: two and three clicks in each layer, drags beyond the edges."""

from pathlib import Path

import pytest
from tui_kit import BG, Seat, make_project, open_app

from annotator.model.article import Article

BLOCK = "Кметът Иван Петров откри моста край Старобряг. „Той ще служи сто години“, каза Петров."


def selected(seat: Seat) -> str:
    assert seat.desk.caret.selection is not None
    return BG[slice(*seat.desk.caret.target)]


@pytest.mark.parametrize(
    ("layer", "unit"),
    [("1", BLOCK), ("2", "служи"), ("3", "„Той ще служи сто години“, каза Петров.")],
)
async def test_two_clicks_select_the_unit_and_three_the_block(
    project: Path, layer: str, unit: str
) -> None:
    async with open_app(project, size=(140, 30)) as seat:
        await seat.press(layer)
        await seat.pilot.click(offset=seat.place_of("служи"), times=2)
        assert selected(seat) == unit
        await seat.press("escape")
        await seat.pilot.click(offset=seat.place_of("служи"), times=3)
        assert selected(seat) == BLOCK


async def test_what_three_clicks_select_can_be_labelled(project: Path) -> None:
    async with open_app(project, size=(140, 30)) as seat:
        await seat.pilot.click(offset=seat.place_of("Жители"), times=3)
        await seat.press("c")
        assert [label for label, _ in await seat.labels()] == ["caption"]


@pytest.mark.parametrize("down", [True, False])
async def test_a_drag_beyond_the_edge_scrolls(tmp_path: Path, down: bool) -> None:
    text = "".join(f"Ред {n} от дълъг текст.\n" for n in range(100))
    path = make_project(tmp_path, [Article("long", text, lang="bg")])
    async with open_app(path, size=(80, 24)) as seat:
        await seat.press("2" if down else "2 ctrl+end")
        top = seat.desk.window.top
        await seat.pilot.mouse_down(offset=(12, 10))
        for x in range(12):  # the mouse trembles below (or above) the article
            await seat.pilot.hover(offset=(12 + x % 2, 23 if down else 0))
        await seat.pilot.mouse_up(offset=(12, 23 if down else 0))
        moved = seat.desk.window.top - top
        assert moved >= 6 if down else moved <= -6
        start, end = seat.desk.caret.target
        assert text[start:end].count("\n") >= 16
        await seat.press("escape down")
        assert seat.desk.caret.selection is None
