"""Keyboard layouts: letters label by the place of their key, and typed text stays as typed."""

from pathlib import Path

import pytest
from tui_kit import open_app

from annotator.config import Config, read
from annotator.desk.calibration import PROMPTS
from annotator.desk.layouts import native
from annotator.model.annotation import State
from annotator.model.errors import AnnotatorError
from annotator.tui.calibrate import CalibrateScreen
from annotator.tui.dialogs import Ask, Choose

LAYOUTS = ("ru", "uk", "bg-bds", "bg-phonetic", "sr", "el")


@pytest.mark.parametrize("layout", LAYOUTS)
async def test_letters_label_under_any_layout(project: Path, layout: str) -> None:
    async with open_app(project, config=Config(layout=layout)) as seat:
        person, place = native(layout, "p"), native(layout, "l")
        assert not person.isascii()
        assert f"{person}→P" in seat.text(), "the panel says which letter it is"
        await seat.press(f"2 {person} right {place.upper()} right o")
        assert await seat.labels() == [("PER", "Мост"), ("LOC", "свързва"), ("ORG", "два")]


@pytest.mark.parametrize("layout", ["ru", "bg-phonetic", "el"])
async def test_six_keys_identify_a_layout_once(project: Path, own_home: Path, layout: str) -> None:
    async with open_app(project) as seat:
        letter = native(layout, "p")
        await seat.press(f"2 {letter}")
        assert isinstance(seat.app.screen, CalibrateScreen)
        assert await seat.labels() == [], "the first foreign letter labels nothing"
        for number, prompt in enumerate(PROMPTS, 1):
            assert f"Key {number} of 6" in seat.text()
            await seat.press(native(layout, prompt.key))
        await seat.press("backspace")
        assert "Key 6 of 6" in seat.text()
        await seat.press(native(layout, PROMPTS[-1].key))
        await seat.press("enter")
        assert seat.app.screen is seat.article
        assert "Keyboard layout kept." in seat.text()
        await seat.press(letter)
        assert await seat.labels() == [("PER", "Мост")]
    assert read(own_home / "config.toml").layout == layout


async def test_a_layout_is_chosen_from_the_list(project: Path, own_home: Path) -> None:
    async with open_app(project, size=(80, 24)) as seat:
        await seat.press("2 п tab")
        assert "Latin (QWERTY" in seat.text()
        await seat.press("down enter")
        assert seat.app.screen is seat.article
    assert read(own_home / "config.toml").layout not in ("", "latin")


async def test_leaving_the_calibration_keeps_nothing(project: Path, own_home: Path) -> None:
    async with open_app(project) as seat:
        await seat.press("2 п escape")
        assert seat.app.screen is seat.article
        await seat.press("п")
        assert isinstance(seat.app.screen, CalibrateScreen), "it is asked again"
        await seat.press("tab escape")
        assert seat.app.screen is seat.article
    assert not (own_home / "config.toml").exists()


async def test_a_configuration_that_cannot_be_written_is_said(
    project: Path, own_home: Path
) -> None:
    (own_home / "config.toml").mkdir()
    async with open_app(project) as seat:
        await seat.press("2 п")
        for prompt in PROMPTS:
            await seat.press(native("ru", prompt.key))
        await seat.press("enter")
        assert "is not a file" in seat.text()
        await seat.press(native("ru", "p"))
        assert await seat.labels() == [("PER", "Мост")], "until the end it is known"


async def test_a_letter_the_layout_cannot_type_asks_again(project: Path) -> None:
    async with open_app(project, config=Config(layout="ru")) as seat:
        await seat.press("2 π")
        assert isinstance(seat.app.screen, CalibrateScreen)
        await seat.press("escape х")
        assert seat.app.screen is seat.article, "х is no Latin letter's key, and no mistake"
        assert await seat.labels() == []


async def test_ctrl_and_a_cyrillic_letter(project: Path) -> None:
    """What terminals with kitty's keyboard protocol send."""
    async with open_app(project, config=Config(layout="ru")) as seat:
        await seat.press("2 p ctrl+я")
        assert await seat.labels() == []
        await seat.press("ctrl+в")
        assert (await seat.work()).status.state is State.DONE
        await seat.press("ctrl+й")
        assert seat.app._exit


@pytest.mark.parametrize(
    "config", [Config(layout="dvorak"), Config(theme="none"), Config(keys={"undo": ("ctrl+d",)})]
)
async def test_a_configuration_of_unknown_names_is_refused(project: Path, config: Config) -> None:
    with pytest.raises(AnnotatorError):
        async with open_app(project, config=config):
            pass


async def test_typed_text_stays_as_typed(project: Path) -> None:
    async with open_app(project, config=Config(layout="ru")) as seat:
        await seat.press("2 slash")
        await seat.type("петр")
        assert seat.app.screen.query_one("Input").value == "петр"
        await seat.press("escape semicolon")
        assert isinstance(seat.app.screen, Ask)
        await seat.type("Про Петрова")
        await seat.press("enter")
        assert [n.note for n in (await seat.work()).notes] == ["Про Петрова"]
        await seat.press("ctrl+o")
        await seat.type("мост")
        assert seat.app.screen.query_one("Input").value == "мост"


async def test_menus_take_letters_by_place_and_by_name(project: Path) -> None:
    async with open_app(project, config=Config(layout="ru")) as seat:
        await seat.press("2 enter з")
        assert await seat.labels() == [("PER", "Мост")]
        await seat.press("3 f right enter ы")
        assert seat.app.screen is seat.article
        holder = (await seat.work()).stances[0].holder
        assert holder.name == "Мост", "the second choice has the letter s, which is the key of ы"


async def test_a_letter_of_several_choices_goes_through_them(project: Path) -> None:
    async with open_app(project) as seat:
        taken: list[int | None] = []
        seat.app.push_screen(Choose("Who?", ["author", "actor", "quoted"]), taken.append)
        await seat.press("a")
        assert isinstance(seat.app.screen, Choose), "author and actor begin with a"
        await seat.press("a a enter")
        assert taken == [1]
