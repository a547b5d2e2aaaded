"""The mouse: click, drag, double click and wheel, in the article and in the queue."""

from pathlib import Path

from tui_kit import BG, Seat, make_project, open_app

from annotator.model.article import Article
from annotator.tui.queue import QueueScreen


async def click(seat: Seat, words: str, times: int = 1) -> None:
    await seat.pilot.click(offset=seat.place_of(words), times=times)
    await seat.pilot.pause()


async def test_a_click_puts_the_cursor(project: Path) -> None:
    async with open_app(project) as seat:
        await seat.press("2")
        await click(seat, "Петров откри")
        await seat.press("p")
        assert await seat.labels() == [("PER", "Петров")]


async def test_a_drag_selects_both_ways(project: Path) -> None:
    async with open_app(project) as seat:
        await seat.press("2")
        left, right = seat.place_of("Иван Петров"), seat.place_of("Петров откри")
        for here, there, letter in ((left, right, "p"), (right, left, "o")):
            await seat.pilot.mouse_down(offset=here)
            await seat.pilot.hover(offset=there)
            await seat.pilot.mouse_up(offset=there)
            await seat.pilot.pause()
            assert "letter" in seat.lines()[-1]
            await seat.press(letter)
            assert [text for _, text in await seat.labels()] == ["Иван Петров"]
        assert await seat.labels() == [("ORG", "Иван Петров")]


async def test_a_double_click_selects_the_unit(project: Path) -> None:
    async with open_app(project) as seat:
        await seat.press("2")
        await click(seat, "Старобряг.", times=2)
        assert seat.desk.caret.selection is not None
        assert BG[slice(*seat.desk.caret.target)] == "Старобряг"
        assert "letter labels this" in seat.text()


async def test_a_click_beside_the_text_does_no_harm(project: Path) -> None:
    async with open_app(project) as seat:
        width, height = seat.app.size
        for place in ((0, 0), (0, 3), (width - 1, 3), (width - 1, height - 1), (5, height - 4)):
            await seat.pilot.click(offset=place)
        await seat.press("h")
        assert len(await seat.labels()) == 1


async def test_the_wheel_scrolls_and_a_key_comes_back(tmp_path: Path) -> None:
    text = "".join(f"Ред {n} от дълъг текст.\n" for n in range(200))
    path = make_project(tmp_path, [Article("long", text, lang="bg")])
    async with open_app(path, size=(80, 24)) as seat:
        await seat.wheel(5)
        assert "Ред 0 " not in "\n".join(seat.lines()[1:])
        await seat.wheel(-2)
        await seat.wheel(-40)
        assert "Ред 0 " in seat.text()
        await seat.wheel(5)
        await seat.press("down")
        assert "Ред 1 " in seat.text()


async def test_the_queue_is_clicked_and_wheeled(project: Path) -> None:
    async with open_app(project, size=(80, 24), queue=True) as seat:
        await click(seat, "Мост соединил")
        assert next(line for line in seat.lines() if line.startswith("▶")).split()[1] == "2"
        await seat.wheel(1)
        assert next(line for line in seat.lines() if line.startswith("▶")).split()[1] == "5"
        await seat.wheel(-9)
        assert next(line for line in seat.lines() if line.startswith("▶")).split()[1] == "1"
        await click(seat, "Мост соединил", times=2)
        assert not isinstance(seat.app.screen, QueueScreen)
        assert seat.desk.sheet.article.id == "most-ru"
