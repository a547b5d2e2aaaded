"""Suggestions from a file on the screen: drawn apart, explained, confirmed with enter."""

from pathlib import Path

import pytest
from tui_kit import BG, Seat, open_app

from annotator.model.suggestion import Suggestion
from annotator.store.project import Project
from annotator.store.suggesting import Offer
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


async def test_they_are_drawn_apart_and_enter_makes_a_label(suggested: Path) -> None:
    async with open_app(suggested, size=(100, 24)) as seat:
        assert all(style.italic for style in seat.look_of("Регистрация"))
        assert not any(style.italic for style in seat.look_of("Иван Петров"))
        assert letters(seat) == "f"
        await seat.press("2 tab")
        assert all(style.italic for style in seat.look_of("Иван Петров"))
        assert all(style.italic for style in seat.look_of("Новобряг"))
        assert letters(seat) == "p?"
        assert "PER, ner-bg 0.91: enter confirms, a letter gives another" in seat.text()
        assert await seat.labels() == []
        await seat.press("enter")
        (span,) = (await seat.work()).spans
        assert (span.origin, span.attrs) == ("ner-bg", {"lemma": "Иван Петров"})
        assert letters(seat) == "P?"
        assert not any(style.italic for style in seat.look_of("Иван Петров"))
        await seat.press("ctrl+z")
        assert await seat.labels() == []
        assert letters(seat) == "p?"
        await seat.press("ctrl+z")
        assert "Nothing to undo" in seat.text()
        assert len(seat.app.work.suggestions("most-bg")) == 3


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
