"""The search line: incremental, in any script, and the match is the selection."""

from pathlib import Path

from textual import events
from textual.widgets import Input
from tui_kit import open_app

from annotator.tui.search import SearchLine


async def test_search_is_incremental_and_the_match_is_the_selection(project: Path) -> None:
    async with open_app(project) as seat:
        await seat.press("2 slash")
        assert isinstance(seat.app.screen, SearchLine)
        await seat.type("петр")
        assert seat.desk.caret.selection is not None
        await seat.press("tab")
        second = seat.desk.caret.target
        await seat.press("shift+tab")
        first = seat.desk.caret.target
        assert first < second
        text = seat.desk.sheet.article.text
        assert text[slice(*first)] == text[slice(*second)] == "Петр"
        await seat.press("tab tab")
        assert seat.desk.caret.target == first, "the search goes round"
        await seat.press("enter p")
        assert await seat.labels() == [("PER", "Петр")]


async def test_escape_takes_a_search_back(project: Path) -> None:
    async with open_app(project) as seat:
        await seat.press("2 right right slash")
        await seat.type("протест")
        await seat.press("escape")
        assert seat.app.screen is seat.article
        assert seat.desk.caret.selection is None
        assert seat.desk.caret.range == (13, 16)


async def test_enter_twice_before_the_line_is_gone_leaves_the_article(project: Path) -> None:
    async with open_app(project) as seat:
        await seat.press("2 slash")
        await seat.type("петр")
        line = seat.app.screen
        entry = line.query_one(Input)
        for _ in range(2):
            entry.post_message(Input.Submitted(entry, entry.value))
        await seat.pilot.pause()
        await seat.press("p")
        assert seat.app.screen is seat.article
        assert await seat.labels() == [("PER", "Петр")]


async def test_what_was_typed_for_a_dialog_labels_nothing(project: Path) -> None:
    async with open_app(project) as seat:
        await seat.press("2 slash")
        seat.article.post_message(
            events.Key("p", "p")
        )  # it was on its way before the line was there
        await seat.press("escape")
        assert await seat.labels() == []


async def test_escape_gives_the_selection_back(project: Path) -> None:
    async with open_app(project) as seat:
        await seat.press("2 minus right slash")
        await seat.type("протест")
        await seat.press("escape right p")
        assert await seat.labels() == [("PER", "Мост свързва два")]


async def test_regular_expressions_and_their_errors(project: Path) -> None:
    async with open_app(project) as seat:
        await seat.press("2 slash ctrl+r")
        assert "regex /" in seat.text()
        await seat.type("[")
        assert "Not a regular expression" in seat.text()
        await seat.press("backspace")
        await seat.type(r"\w+бряг\b")
        text = seat.desk.sheet.article.text
        assert text[slice(*seat.desk.caret.target)] == "Старобряг"
        await seat.press("enter slash")
        assert "regex /" in seat.text(), "the search before is offered again"
        await seat.type("няма такова")
        assert "not found" in seat.text()


async def test_every_search_begins_at_the_cursor(project: Path) -> None:
    async with open_app(project) as seat:
        await seat.press("2 ctrl+end slash")
        await seat.type("мост")
        assert seat.desk.caret.target == (0, 4), "round to the start"
