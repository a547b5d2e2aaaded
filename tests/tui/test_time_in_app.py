"""Time in the interface: recorded on leaving, keys typed into dialogs too, quietly."""

from pathlib import Path

from tui_kit import open_app

from annotator.model.annotation import State


async def test_time_is_recorded_when_another_article_is_opened(project: Path) -> None:
    async with open_app(project) as seat:
        await seat.press("h 2 p")
        assert (await seat.work()).spent.keys == {}
        await seat.press("ctrl+n")
        assert (await seat.work()).spent.keys == {"boilerplate": 2, "entities": 2}
        assert "✓ saved" in seat.text()
        assert (await seat.work()).status.state is State.STARTED


async def test_an_article_passed_by_stays_new(project: Path) -> None:
    async with open_app(project) as seat:
        await seat.press("down ctrl+n ctrl+n ctrl+g")
        await seat.saved()
        assert {seat.app.work.project.row(f"most-{x}").state for x in ("bg", "ru", "el")} == {
            State.NEW
        }
        assert seat.app.work.project.history("most-bg") == []


async def test_keys_of_search_and_menus_count(project: Path) -> None:
    async with open_app(project) as seat:
        await seat.press("2")
        await seat.type("/Старобряг")
        await seat.press("enter l")
        await seat.press("ctrl+d")
        spent = (await seat.work()).spent.keys
        assert spent == {"boilerplate": 1, "entities": 1 + 9 + 1 + 1 + 1}


async def test_done_and_time_are_both_there_and_undo_takes_back_done(project: Path) -> None:
    async with open_app(project) as seat:
        await seat.press("h ctrl+d")
        assert (await seat.work()).status.state is State.DONE
        assert [e.verb for e in seat.app.work.project.history("most-bg")][-1] == "time"
        await seat.press("ctrl+z")
        assert (await seat.work()).status.state is State.STARTED
        assert seat.desk.sheet.article.id == "most-bg"
