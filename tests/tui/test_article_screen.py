"""The article screen, by keys alone: labels in every layer, undo, the way through the articles."""

import asyncio
from concurrent.futures import Future
from pathlib import Path

import pytest
from tui_kit import label_two_names, open_app

from annotator.model.annotation import State
from annotator.model.errors import AnnotatorError
from annotator.model.event import Act
from annotator.tui.article import ArticleScreen
from annotator.tui.calibrate import CalibrateScreen
from annotator.tui.dialogs import Ask, Choose, Page
from annotator.tui.errands import ERRANDS
from annotator.tui.queue import QueueScreen

HEADLINE = "Мост свързва два бряга"


# --- labels --------------------------------------------------------------------------------------


async def test_blocks_are_labelled_and_the_cursor_goes_on(project: Path) -> None:
    async with open_app(project) as seat:
        await seat.press("h")
        await seat.press("full_stop full_stop f")
        assert await seat.labels() == [
            ("headline", HEADLINE),
            ("form_login", "Вход   Регистрация   Забравена парола"),
        ]
        assert "✓ saved" in seat.text()
        assert " H  Мост свързва" in seat.text()
        assert "F  Вход" in seat.text()


async def test_entities_are_labelled_by_word_and_selection(project: Path) -> None:
    async with open_app(project) as seat:
        await label_two_names(seat)
        assert await seat.labels() == [("PER", "Иван Петров"), ("LOC", "Старобряг")]
        row = next(line for line in seat.lines() if "Кметът Иван" in line)
        assert "PL" in row


async def test_the_same_letter_again_changes_nothing(project: Path) -> None:
    async with open_app(project) as seat:
        await seat.press("2 p p p")
        assert await seat.labels() == [("PER", "Мост")]
        assert sum(1 for _ in seat.app.work.past_acts()) == 1


async def test_backspace_removes_and_relabelling_relabels(project: Path) -> None:
    async with open_app(project) as seat:
        await seat.press("2 p right o left l")
        assert await seat.labels() == [("LOC", "Мост"), ("ORG", "свързва")]
        await seat.press("right backspace")
        assert await seat.labels() == [("LOC", "Мост")]


async def test_edges_move_in_select_mode(project: Path) -> None:
    async with open_app(project) as seat:
        await seat.press("2 p minus right right enter")
        assert await seat.labels() == [("PER", "Мост свързва два")]
        await seat.press("minus tab right enter")
        assert await seat.labels() == [("PER", "свързва два")]


async def test_no_letter_of_the_layer_says_so(project: Path) -> None:
    async with open_app(project) as seat:
        await seat.press("2 z")
        assert "No label on z in Entities." in seat.text()
        assert await seat.labels() == []


async def test_the_label_menu_takes_a_letter_or_the_highlighted_label(project: Path) -> None:
    async with open_app(project) as seat:
        await seat.press("2 enter")
        assert isinstance(seat.app.screen, Choose)
        assert "Organisation: companies" in seat.text()
        await seat.press("enter")
        assert isinstance(seat.app.screen, Choose), "one enter too many gives no label"
        await seat.press("o right enter down down enter")
        assert await seat.labels() == [("ORG", "Мост"), ("ORG", "свързва")]
        await seat.press("right enter escape")
        assert seat.app.screen is seat.article
        assert len(await seat.labels()) == 2


async def test_nothing_more_is_recorded_once(project: Path) -> None:
    async with open_app(project) as seat:
        await seat.press("0 0 2 0")
        work = await seat.work()
        assert work.looked == {"boilerplate", "entities"}
        assert "looked at" in seat.text()


# --- saving and undo -----------------------------------------------------------------------------


async def test_saved_is_shown_only_when_it_is_durable(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_app(project) as seat:
        held: list[Future[object]] = []

        def submit(act: Act) -> Future[object]:
            held.append(Future())
            return held[-1]

        monkeypatch.setattr(seat.app.work, "submit", submit)
        await seat.press("2 p right")
        assert "… saving" in seat.text()
        assert "✓ saved" not in seat.text()
        held[0].set_result(())
        await seat.pilot.pause()
        assert "✓ saved" in seat.text()


async def test_what_cannot_be_saved_is_said_and_sent_again(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_app(project) as seat:
        broken: Future[object] = Future()
        broken.set_exception(AnnotatorError("The disk [/b] is full; make room."))
        with monkeypatch.context() as patch:
            patch.setattr(seat.app.work, "submit", lambda act: broken)
            await seat.press("2 p")
            await seat.pilot.pause()
            assert "✗ NOT SAVED" in seat.text()
            assert "The disk [/b] is full; make room." in seat.text()
        await seat.press("right")
        assert "✗ NOT SAVED" in seat.text()
        await seat.press("ctrl+s")
        await asyncio.sleep(0.05)
        await seat.pilot.pause()
        assert "NOT SAVED" not in seat.text()


async def test_ctrl_s_says_that_all_is_saved(project: Path) -> None:
    async with open_app(project) as seat:
        await seat.press("ctrl+s")
        assert "Everything is saved already" in seat.text()


async def test_undo_reaches_another_article_and_redo_returns(project: Path) -> None:
    async with open_app(project) as seat:
        await seat.press("2 p")
        await seat.press("ctrl+n o")
        assert seat.desk.sheet.article.id == "most-ru"
        await seat.press("ctrl+z")
        assert await seat.labels("most-ru") == []
        assert seat.desk.sheet.article.id == "most-ru"
        await seat.press("ctrl+z")
        assert seat.desk.sheet.article.id == "most-bg"
        assert HEADLINE in seat.text()
        assert await seat.labels("most-bg") == []
        await seat.press("ctrl+y ctrl+y")
        assert await seat.labels("most-bg") == [("PER", "Мост")]
        assert await seat.labels("most-ru") == [("ORG", "Мост")]
        assert seat.desk.sheet.article.id == "most-ru"


async def test_undo_goes_on_after_a_restart(project: Path) -> None:
    async with open_app(project) as seat:
        await seat.press("2 p right o ctrl+d")
        await seat.saved()
    async with open_app(project, start="most-bg") as seat:
        await seat.press("ctrl+z")
        assert (await seat.work()).status.state is not State.DONE
        await seat.press("ctrl+z")
        assert await seat.labels() == [("PER", "Мост")]
        await seat.saved()
    async with open_app(project, start="most-bg") as seat:
        await seat.press("ctrl+y")
        assert await seat.labels() == [("PER", "Мост"), ("ORG", "свързва")]


async def test_undo_with_nothing_to_undo(project: Path) -> None:
    async with open_app(project) as seat:
        await seat.press("ctrl+z")
        assert "Nothing to undo." in seat.text()
        await seat.press("ctrl+y")
        assert "Nothing to redo." in seat.text()


# --- the way through the articles ----------------------------------------------------------------


async def test_done_opens_the_next_unfinished_article(project: Path) -> None:
    async with open_app(project) as seat:
        await seat.press("ctrl+d")
        assert seat.desk.sheet.article.id == "most-ru"
        assert "Мост соединил" in seat.text()
        work = await seat.work("most-bg")
        assert work.status.state is State.DONE
        assert work.looked == {"boilerplate", "entities", "stance"}
        assert " 2 of 5 " in seat.text()
        await seat.press("ctrl+g")
        assert seat.desk.sheet.article.id == "most-bg"
        assert " done " in seat.text()
        await seat.press("ctrl+n")
        assert (await seat.work("most-bg")).status.state is State.DONE


async def test_done_is_ignored_until_the_next_article_is_painted(project: Path) -> None:
    """Key repeat: a burst of ctrl+d finishes only what was on screen."""
    async with open_app(project) as seat:
        for _ in range(8):
            seat.article.press("ctrl+d", "\x04")
        await seat.pilot.pause()
        states = [row.state for row in seat.app.work.project.page()]
        await seat.saved()
        assert seat.desk.sheet.article.id == "most-ru"
        assert [r.state for r in seat.app.work.project.page()].count(State.DONE) == 1, states


async def test_the_last_article_stays_open(project: Path) -> None:
    async with open_app(project) as seat:
        for _ in range(5):
            await seat.press("ctrl+d")
        await seat.saved()
        assert {row.state for row in seat.app.work.project.page()} == {State.DONE}
        assert "No other article" in seat.text()
        await seat.press("ctrl+n")
        assert "No other article" in seat.text()


async def test_skip_asks_why(project: Path) -> None:
    async with open_app(project) as seat:
        await seat.press("ctrl+x")
        assert isinstance(seat.app.screen, Ask)
        await seat.press("escape")
        assert (await seat.work()).status.state is State.NEW
        await seat.press("ctrl+x")
        await seat.type("не е статия")
        await seat.press("enter")
        status = (await seat.work()).status
        assert (status.state, status.reason) == (State.SKIPPED, "не е статия")
        assert seat.desk.sheet.article.id == "most-ru"


async def test_reopen_from_the_palette(project: Path) -> None:
    async with open_app(project) as seat:
        await seat.press("ctrl+d ctrl+g ctrl+p")
        await seat.type("reopen")
        await seat.pilot.pause(0.3)
        await seat.press("enter")
        await seat.pilot.pause()
        assert (await seat.work()).status.state is State.OPEN
        assert seat.app.screen is seat.article


async def test_the_palette_has_every_action(project: Path) -> None:
    async with open_app(project) as seat:
        await seat.press("colon")
        await seat.type("keyboard layout")
        await seat.pilot.pause(0.3)
        await seat.press("enter")
        await seat.pilot.pause()
        assert isinstance(seat.app.screen, CalibrateScreen)


# --- flags, notes, pages -------------------------------------------------------------------------


async def test_flags_and_notes(project: Path) -> None:
    async with open_app(project) as seat:
        await seat.press("exclamation_mark")
        assert "! flagged" in seat.text()
        await seat.press("2 minus right semicolon")
        assert "Note on this selection:" in seat.text()
        await seat.type("кой е това?")
        await seat.press("enter escape semicolon")
        assert "Note on this article:" in seat.text()
        await seat.type("дълга [бележка]")
        await seat.press("enter")
        notes = {(n.note, n.flag, n.start, n.end) for n in (await seat.work()).notes}
        assert notes == {
            ("", True, None, None),
            ("кой е това?", False, 0, 12),
            ("дълга [бележка]", False, None, None),
        }
        await seat.press("exclamation_mark")
        assert "! flagged" not in seat.text()


async def test_help_and_guideline_are_pages(project: Path) -> None:
    async with open_app(project, size=(80, 24)) as seat:
        await seat.press("2 question_mark")
        assert isinstance(seat.app.screen, Page)
        assert "Person" in seat.text()
        await seat.press("escape f2")
        assert "Guideline: Entities" in seat.text()
        assert "␤" not in seat.text()
        await seat.press("f2 p f2")
        assert "Guideline: PER" in seat.text()
        await seat.press("escape")
        assert seat.app.screen is seat.article


async def test_what_goes_wrong_is_said_and_the_work_goes_on(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise AnnotatorError("The file [/b] cannot be read.")

    async with open_app(project) as seat:
        with monkeypatch.context() as patch:
            patch.setattr(seat.app.work.project, "next", fail)
            patch.setattr(seat.app.work.project, "page", fail)
            await seat.press("ctrl+n")
            assert "The file [/b] cannot be read." in seat.lines()[-1]
            await seat.press("ctrl+o")
            assert "The file [/b] cannot be read." in seat.text()
            await seat.press("down up ctrl+end escape")
        await seat.press("2 p ctrl+n")
        assert seat.desk.sheet.article.id == "most-ru"
        assert await seat.labels() == [("PER", "Мост")]


# --- the screen ----------------------------------------------------------------------------------


@pytest.mark.parametrize("keys", ["1", "2", "3"])
async def test_any_size_will_do(project: Path, keys: str) -> None:
    async with open_app(project, size=(120, 40)) as seat:
        await seat.press(keys)
        for size in ((1, 1), (10, 3), (80, 24), (200, 60), (3, 10), (20, 5), (120, 40)):
            await seat.resize(*size)
            await seat.press("right down")
            assert len(seat.lines()) == size[1]
        assert "Мост край Старобряг" in seat.text()


async def test_starting_small(project: Path) -> None:
    for size in ((1, 1), (10, 3)):
        async with open_app(project, size=size) as seat:
            await seat.press("2 p right question_mark escape f2 escape ctrl+o escape slash escape")
            assert await seat.labels() != []
            await seat.press("backspace")


async def test_the_panel_folds_and_can_be_put_away(project: Path) -> None:
    async with open_app(project, size=(120, 40)) as seat:
        assert "Comment controls" in seat.text()
        await seat.press("f4")
        assert "Comment controls" not in seat.text()
        await seat.press("f4")
        assert "Comment controls" in seat.text()
        await seat.resize(80, 24)
        assert "Comment controls" not in seat.text()
        await seat.press("3")
        assert "target" in seat.text()


async def test_quit_from_any_place_keeps_everything(project: Path) -> None:
    async with open_app(project) as seat:
        await seat.press("2 p slash ctrl+q")
        assert seat.app._exit
    async with open_app(project, start="most-bg") as seat:
        assert await seat.labels() == [("PER", "Мост")]


async def test_escape_never_quits(project: Path) -> None:
    async with open_app(project) as seat:
        await seat.press("escape escape ctrl+o escape escape")
        assert seat.app.screen is seat.article
        assert not seat.app._exit


async def test_suspend_does_no_harm_where_there_is_no_shell(project: Path) -> None:
    async with open_app(project) as seat:
        seat.article.perform("suspend")
        await seat.pilot.pause()
        assert seat.app.screen is seat.article


async def test_the_queue_comes_first_when_asked_for(project: Path) -> None:
    async with open_app(project, queue=True) as seat:
        assert isinstance(seat.app.screen, QueueScreen)
        await seat.press("down enter")
        assert seat.desk.sheet.article.id == "most-ru"
        assert "Мост соединил" in seat.text()


async def test_a_fault_ends_the_app_without_a_traceback_on_the_screen(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault(_: ArticleScreen) -> None:
        raise RuntimeError("a slip of ours")

    monkeypatch.setitem(ERRANDS, "saved", fault)
    with pytest.raises(RuntimeError, match="a slip of ours"):
        async with open_app(project) as seat:
            app = seat.app
            await seat.press("ctrl+s")
    assert isinstance(app.fault, RuntimeError)
