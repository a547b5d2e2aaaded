"""The stance layer on screen, by keys alone."""

from pathlib import Path

import pytest
from tui_kit import label_two_names, open_app

from annotator.model.annotation import AUTHOR, Party
from annotator.tui.dialogs import Ask

pytestmark = pytest.mark.both_engines


async def test_stance_by_keys_alone(project: Path) -> None:
    async with open_app(project) as seat:
        await label_two_names(seat)
        await seat.press("3 down f")
        await seat.press("space space")  # the sentence where the target is named
        stance = (await seat.work()).stances[0]
        assert (stance.target, stance.label) == (Party("entity", "Иван Петров"), "FAVOR")
        assert (stance.holder, stance.basis, stance.confidence) == (AUTHOR, "explicit", 2)
        text = seat.desk.sheet.article.text
        assert [text[e.start : e.end] for e in stance.evidence] == [
            "Кметът Иван Петров откри моста край Старобряг."
        ]
        await seat.press("space space")
        assert (await seat.work()).stances[0].evidence == ()


async def test_every_column_has_its_choices(project: Path) -> None:
    async with open_app(project) as seat:
        await label_two_names(seat)
        await seat.press("3 down f")
        await seat.press("enter a")
        assert (await seat.work()).stances[0].label == "AGAINST"
        await seat.press("right enter")
        assert "Старобряг (quoted)" in seat.text()
        await seat.press("down enter")
        assert (await seat.work()).stances[0].holder == Party("quoted", "Старобряг")
        await seat.press("right enter i")
        assert (await seat.work()).stances[0].basis == "implied"
        await seat.press("right enter 3")
        assert (await seat.work()).stances[0].confidence == 3
        await seat.press("space space right enter")
        assert "detach: Кметът Иван" in seat.text()
        await seat.press("enter")
        assert (await seat.work()).stances[0].evidence == ()


async def test_another_holder_and_another_target(project: Path) -> None:
    async with open_app(project) as seat:
        await label_two_names(seat)
        await seat.press("3 down f left enter enter")
        assert "Who takes a position on Иван Петров?" in seat.text()
        await seat.press("down enter a")
        await seat.press("left enter down enter")
        assert isinstance(seat.app.screen, Ask)
        await seat.type("новият мост")
        await seat.press("enter n")
        found = {(s.target.name, s.holder.kind, s.label) for s in (await seat.work()).stances}
        assert found == {
            ("Иван Петров", "author", "FAVOR"),
            ("Иван Петров", "quoted", "AGAINST"),
            ("новият мост", "author", "NEUTRAL"),
        }


async def test_nothing_more_in_stance_is_not_discussed(project: Path) -> None:
    async with open_app(project) as seat:
        await label_two_names(seat)
        await seat.press("3 down f 0")
        work = await seat.work()
        assert {(s.target.name, s.label) for s in work.stances} == {
            ("Иван Петров", "FAVOR"),
            ("Старобряг", "NONE"),
        }
        assert "stance" in work.looked


async def test_an_empty_grid_says_what_to_do(project: Path) -> None:
    async with open_app(project, size=(80, 24)) as seat:
        await seat.press("3")
        assert "No targets yet" in seat.text()
        await seat.press("f")
        assert "No target yet" in seat.text()
        assert (await seat.work()).stances == ()


async def test_a_capital_letter_is_what_somebody_else_says(project: Path) -> None:
    async with open_app(project) as seat:
        await seat.press("2 full_stop tab p 3 a")
        target = seat.desk.stances.current
        assert target is not None
        await seat.press("F")
        title = next(c.title for c in seat.desk.stances.holders_for_new_row())
        assert f"a  {title}" in seat.text()
        await seat.press("a")
        stances = (await seat.work()).stances
        assert sorted((s.holder.kind, s.label) for s in stances if s.target == target.target) == [
            ("author", "AGAINST"),
            ("quoted", "FAVOR"),
        ]
        await seat.press("F escape")
        assert len((await seat.work()).stances) == 2
        await seat.press("1 F")
        assert "Who takes" not in seat.text()
