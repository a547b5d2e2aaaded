"""Searching the whole project and opening an article by its title: results as one types."""

from pathlib import Path

from textual.widgets import Input
from tui_kit import JA, Seat, make_project, open_app

from annotator.model.article import Article
from annotator.tui.find import FindScreen
from annotator.tui.jump import JumpScreen
from annotator.tui.picking import WAIT

HOSTILE = "[b]Заглавие[/b] \x1b[31m\u202eобратно"


async def settle(seat: Seat) -> None:
    """Wait until what was typed has been looked for."""
    await seat.pilot.pause(3 * WAIT)


async def find(seat: Seat, words: str) -> FindScreen:
    """Open the search and type."""
    seat.article.perform("search_project")
    await seat.pilot.pause()
    await seat.type(words)
    await settle(seat)
    assert isinstance(seat.app.screen, FindScreen)
    return seat.app.screen


async def jump(seat: Seat, words: str = "") -> list[str]:
    """Open the list of articles and type; the ids listed."""
    seat.article.perform("open_article")
    await seat.pilot.pause()
    await seat.type(words)
    await settle(seat)
    assert isinstance(seat.app.screen, JumpScreen)
    return [row.id for row in seat.app.screen.items]


async def test_enter_lands_on_the_place(project: Path) -> None:
    async with open_app(project, size=(80, 24)) as seat:
        screen = await find(seat, "стар")
        assert [hit.article for hit in screen.items] == ["most-bg", "most-ru"]
        assert "открыл мост у Старобряга" in seat.text()
        await seat.press("down")
        looks = seat.look_of("Стар")
        assert len(looks) == 4
        await seat.press("enter")
        assert seat.desk.sheet.article.id == "most-ru"
        start, end = seat.desk.caret.target
        assert seat.desk.caret.text[start:end] == "Стар"
        assert seat.app.screen is seat.article


async def test_a_phrase_in_another_script(project: Path) -> None:
    async with open_app(project, size=(80, 24)) as seat:
        await find(seat, "新しい橋")
        await seat.press("enter")
        assert seat.desk.sheet.article.id == "most-ja"
        start, end = seat.desk.caret.target
        assert (start, JA[start:end]) == (JA.index("新しい橋"), "新しい橋")


async def test_escape_stays_and_nothing_is_said(project: Path) -> None:
    async with open_app(project, size=(80, 24)) as seat:
        before = seat.desk.caret.target
        screen = await find(seat, "няматакова")
        assert screen.items == []
        assert "No article has these words." in seat.text()
        await seat.press("enter")
        assert seat.app.screen is screen, "nothing to land on"
        await seat.press("escape")
        assert seat.app.screen is seat.article
        assert (seat.desk.sheet.article.id, seat.desk.caret.target) == ("most-bg", before)


async def test_enter_takes_what_was_typed_though_the_list_is_not_there_yet(project: Path) -> None:
    async with open_app(project, size=(80, 24)) as seat:
        seat.article.perform("search_project")
        await seat.pilot.pause()
        seat.app.screen.query_one(Input).value = "γέφυρα"
        await seat.press("enter")
        assert seat.desk.sheet.article.id == "most-el"


async def test_foreign_text_is_shown_as_it_is_and_more_is_found_on_the_way(tmp_path: Path) -> None:
    articles = [Article(f"a{n:03}", f"Дума {n}\nСняг вали.\x1b[2J", HOSTILE) for n in range(1, 81)]
    path = make_project(tmp_path, articles)
    async with open_app(path, size=(80, 24)) as seat:
        screen = await find(seat, "сняг")
        assert "[b]Заглавие[/b] ␛[31m" in seat.text()
        assert "\u202e" not in seat.text()
        assert "Сняг вали.␛[2J" in seat.text()
        await seat.press("pagedown pagedown pagedown pagedown")
        assert screen.items[screen.cursor].n > 30
        for _ in range(10):
            await seat.press("pagedown")
        assert (len(screen.items), screen.cursor) == (80, 79)
        await seat.press("up pageup")
        assert screen.cursor < 78
        await seat.resize(20, 6)
        await seat.resize(120, 40)
        await seat.press("enter")
        assert seat.desk.sheet.article.id == screen.items[screen.cursor].article


async def test_recent_articles_come_first(project: Path) -> None:
    async with open_app(project, size=(80, 24), start="most-el") as seat:
        await seat.press("2 p")
        await seat.saved()
    async with open_app(project, size=(80, 24), start="most-bg") as seat:
        await seat.press("ctrl+n")
        assert seat.desk.sheet.article.id == "most-ru"
        assert await jump(seat) == ["most-bg", "most-el"]
        assert "Η γέφυρα" in seat.text()
        await seat.press("enter")
        assert seat.desk.sheet.article.id == "most-bg"
        assert await jump(seat) == ["most-ru", "most-el"], "there and back"
        await seat.press("escape")
        assert seat.desk.sheet.article.id == "most-bg"


async def test_part_of_a_title_finds_it(project: Path) -> None:
    async with open_app(project, size=(80, 24)) as seat:
        assert await jump(seat, "стар мо") == ["most-bg"]
        await seat.press("escape")
        assert await jump(seat, "два бер") == ["most-ru"], "untitled, so by its first line"
        await seat.press("escape")
        assert await jump(seat, "протестират") == [], "the text is not asked"
        assert "No title has this" in seat.text()
        await seat.press("escape")
        assert await jump(seat, "most-ar") == ["most-ar"], "an id"
        await seat.press("enter")
        assert seat.desk.sheet.article.id == "most-ar"


async def test_a_double_click_takes_an_item(project: Path) -> None:
    async with open_app(project, size=(80, 24)) as seat:
        await find(seat, "петров")
        x, y = seat.place_of("Мэр Иван")
        await seat.pilot.click(offset=(x, y), times=2)
        await seat.pilot.pause()
        assert seat.desk.sheet.article.id == "most-ru"


async def test_nothing_recent(project: Path) -> None:
    async with open_app(project, size=(80, 24)) as seat:
        assert await jump(seat) == []
        assert "No other article was opened yet." in seat.text()
        await seat.wheel(2)
        await seat.press("down pagedown enter escape")
        assert seat.app.screen is seat.article
