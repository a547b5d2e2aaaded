"""Suggestions on the screen: drawn apart, explained, confirmed with enter."""

from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.style import Style
from textual.widgets import OptionList
from tui_kit import BG, Seat, open_app

from annotator.model.split import Assigned
from annotator.model.suggestion import Suggestion
from annotator.store.project import Project
from annotator.store.suggesting import Offer
from annotator.tui.dialogs import Choose
from annotator.tui.precedents import Guide


def on(surface: str, label: str, layer: str = "entities", **more) -> Suggestion:
    start = BG.index(surface)
    return Suggestion(layer, label, start, start + len(surface), "ner-bg", **more)


IVAN = on("Иван Петров", "PER", score=0.91, attrs={"lemma": "Иван Петров"})
BANK = on("Новобряг", "LOC", score=0.2)
LOGIN = on("Вход   Регистрация   Забравена парола", "form_login", "boilerplate")


@pytest.fixture
def suggested(project: Path) -> Path:
    """The project with suggestions for its first article, which somebody else brought in."""
    with Project.open(project, "olga") as store:
        assert store.suggest([Offer("most-bg", BG, (IVAN, BANK, LOGIN))])[0].new == 3
    return project


def letters(seat: Seat) -> str:
    """The letters at the right of the text."""
    return "".join("".join(line[-8:] for line in seat.lines()[:-2]).split())


def sign(seat: Seat, words: str) -> str:
    """What stands left of the line with these words."""
    x, y = seat.place_of(words)
    return seat.lines()[y][x - 3 : x].strip()


async def test_every_line_is_as_wide_as_the_window(suggested: Path) -> None:
    async with open_app(suggested, size=(80, 24)) as seat:
        await seat.press("2")
        assert letters(seat) == "pl?"
        reader = seat.app.article.view.reader
        lines = [reader.segments(y, Style()) for y in range(21)]
        assert {sum(cell_len(part.text) for part in line) for line in lines} == {80}


async def test_what_the_wheel_brought_on_screen_was_shown(suggested: Path) -> None:
    async with open_app(suggested, size=(80, 9)) as seat:
        assert "Регистрация" not in seat.text()
        seat.app.article.view.on_mouse_scroll_down()
        await seat.pilot.pause()
        assert "Регистрация" in seat.text()
        await seat.press("up")
        assert "Регистрация" not in seat.text()
        seat.desk.sight.record()
        seat.app.work._sent.result(timeout=10)
        (shown,) = seat.app.work.shown("most-bg")
        assert (shown.layer, len(shown.items)) == ("boilerplate", 1)


async def test_they_are_drawn_apart_and_enter_makes_a_label(suggested: Path) -> None:
    async with open_app(suggested, size=(100, 24)) as seat:
        assert all(style.italic for style in seat.look_of("Регистрация"))
        assert not any(style.italic for style in seat.look_of("Иван Петров"))
        assert (letters(seat), sign(seat, "Вход")) == ("", "f")
        await seat.press("2 tab")
        assert all(style.italic for style in seat.look_of("Иван Петров"))
        assert all(style.italic for style in seat.look_of("Новобряг"))
        assert letters(seat) == "pl?"
        assert "PER, ner-bg 0.91: enter confirms, a letter gives another" in seat.text()
        assert await seat.labels() == []
        await seat.press("enter")
        (span,) = (await seat.work()).spans
        assert (span.origin, span.attrs) == ("ner-bg", {"lemma": "Иван Петров"})
        assert letters(seat) == "Pl?"
        assert not any(style.italic for style in seat.look_of("Иван Петров"))
        await seat.press("ctrl+z")
        assert await seat.labels() == []
        assert letters(seat) == "pl?"
        await seat.press("ctrl+z")
        assert "Nothing to undo" in seat.text()
        assert len(seat.app.work.suggestions("most-bg")) == 3


@pytest.fixture
def learnt(project: Path) -> Path:
    """The project with what this annotator's own suggesters found in its first article."""
    found = [
        on("Иван Петров", "PER", score=0.91, sure=True, why="memory: labelled PER 12 times"),
        on("Старобряг", "", score=0.3, why="written with a capital"),
        on("Новобряг", "LOC", score=0.6, sure=False, version="0123456789abcdef"),
    ]
    names = [each._replace(source="names", version="v7") for each in found]
    with Project.open(project, "iva") as store:
        store.keep_guesses("most-bg", "entities", "names", "v7", 0.4, names)
        line = on("Вход   Регистрация   Забравена парола", "form_login", "boilerplate")
        line = line._replace(source="lines", score=0.5, sure=False, why="seen in 7 of 9 articles")
        store.keep_guesses("most-bg", "boilerplate", "lines", "v1", 0.1, [line])
    return project


async def test_sure_unsure_and_without_a_type_are_told_apart_without_colour(
    learnt: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with open_app(learnt, size=(100, 24)) as seat:
        assert sign(seat, "Вход") == "f?"
        await seat.press("2 tab")
        assert letters(seat) == "p?l?"
        sure, unsure = seat.look_of("Иван Петров")[-1], seat.look_of("Новобряг")[0]
        assert sure.italic
        assert unsure.italic
        assert sure.color != unsure.color, "an unsure one is dim, in grey"
        await seat.press("tab")
        assert (
            "?, names 0.30. Written with a capital. A letter labels it, enter lists" in seat.text()
        )
        await seat.press("enter")
        assert isinstance(seat.app.screen, Choose)
        await seat.press("l")
        assert (await seat.labels()) == [("LOC", "Старобряг")]
        (span,) = (await seat.work()).spans
        assert span.origin == "names"


async def test_a_narrow_screen_says_why_before_the_keys(learnt: Path) -> None:
    async with open_app(learnt, size=(80, 24)) as seat:
        await seat.press("2 tab")
        assert "Memory: labelled PER 12 times." in seat.text()


async def test_edges_moved_of_what_has_no_label_are_a_letter_away(learnt: Path) -> None:
    async with open_app(learnt, size=(100, 24)) as seat:
        await seat.press("2 tab tab shift+right")
        assert "? with other edges: a letter labels it so   esc leaves" in seat.text()


async def test_why_this_one(learnt: Path) -> None:
    async with open_app(learnt, size=(120, 40)) as seat:
        await seat.press("2 tab")
        assert "PER, names 0.91. Memory: labelled PER 12 times. Enter confirms, a" in seat.text()
        await seat.press("f2")
        shown = " ".join(seat.text().split())
        assert "Suggested: PER, by names (v7), with the score 0.91." in shown
        assert "Why: memory: labelled PER 12 times" in shown
        assert "sure enough for +" in shown
        await seat.press("escape tab f2")
        shown = " ".join(seat.text().split())
        assert "Suggested: something that has no label yet, by names" in shown
        assert "+ leaves it alone" in shown


async def test_the_switches_are_said_on_the_status_line(learnt: Path) -> None:
    async with open_app(learnt, size=(120, 30)) as seat:
        await seat.press("2 ctrl+u tab")
        assert "least sure first: 1 of 3" in seat.text()
        assert "least sure first" in seat.lines()[-2]
        await seat.press("enter escape")
        seat.article.perform("suggestions")
        await seat.press("right")
        assert "suggestions hidden" in seat.lines()[-2]
        assert not any(style.italic for style in seat.look_of("Новобряг"))


async def test_a_silent_article_says_so_calmly_and_once(learnt: Path) -> None:
    with Project.open(learnt, "iva") as store:
        store.assign_splits([Assigned("most-bg", "test")])
    async with open_app(learnt, size=(120, 30), start="most-bg") as seat:
        assert "This article is held out for testing: nothing is suggested here." in seat.text()
        assert "no suggestions in this article" in seat.text()
        await seat.press("2")
        assert "held out for testing" not in seat.text()
        assert letters(seat) == ""


async def test_what_arrives_is_painted(learnt: Path) -> None:
    async with open_app(learnt, size=(100, 24)) as seat:
        await seat.press("2")
        found = [on("протестират", "OTHER", score=0.9)._replace(source="names", label="EVT")]
        store = seat.app.work.project
        store.keep_guesses("most-bg", "entities", "names", "v8", 0.4, found)
        seat.desk.proposals.arrived()
        seat.article.draw()
        await seat.pilot.pause()
        assert all(style.italic for style in seat.look_of("протестират"))
        assert not any(style.italic for style in seat.look_of("Новобряг"))


async def test_in_stance_the_cursor_stands_on_the_usual_value_and_nothing_is_written(
    learnt: Path,
) -> None:
    async with open_app(learnt, size=(120, 30)) as seat:
        await seat.press("2 tab enter 3 enter")
        options = seat.app.screen.query_one(OptionList)
        assert "o  " in str(options.get_option_at_index(options.highlighted or 0).prompt)
        await seat.press("escape")
        assert (await seat.work()).stances == ()
        await seat.press("enter n down enter")
        (stance,) = (await seat.work()).stances
        assert stance.label == "NEUTRAL"
        options = seat.app.screen.query_one(OptionList)
        assert "n  " in str(options.get_option_at_index(options.highlighted or 0).prompt)
        await seat.press("escape ctrl+n")
        assert len((await seat.work()).stances) == 1


async def test_the_hint_and_the_guide_say_where_it_comes_from(suggested: Path) -> None:
    async with open_app(suggested, size=(100, 24)) as seat:
        await seat.press("2")
        seat.desk.caret.move_to(BG.index("Новобряг") - 3)
        await seat.press("right")
        assert "LOC?, ner-bg 0.20: enter confirms   letter gives another" in seat.text()
        await seat.press("f2")
        assert isinstance(seat.app.screen, Guide)
        assert "Guideline: LOC" in seat.text()
        assert "Suggested: LOC, by ner-bg, with the score 0.20." in seat.text()
        assert "+ leaves it alone" in seat.text()
        await seat.press("escape backspace")
        assert await seat.labels() == []
        assert letters(seat) == "p"
        assert (await seat.work()).rejections[0].start == BANK.start


async def test_a_letter_and_plus(suggested: Path) -> None:
    async with open_app(suggested) as seat:
        await seat.press("plus")
        assert await seat.labels() == [("form_login", "Вход   Регистрация   Забравена парола")]
        await seat.press("2 tab o plus")
        assert "1 unsure: enter confirms one by one." in seat.text()
        assert [s.label for s in (await seat.work()).spans] == ["ORG", "form_login"]


async def test_a_finished_article_shows_none(suggested: Path) -> None:
    async with open_app(suggested) as seat:
        seat.desk.finish()
        await seat.saved()
    async with open_app(suggested, start="most-bg") as seat:
        await seat.press("2")
        assert not any(style.italic for style in seat.look_of("Иван Петров"))
        assert letters(seat) == ""
