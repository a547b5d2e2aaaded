"""What marks what: never colour alone, and every painted row as wide as the screen."""

from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.style import Style
from tui_kit import Seat, make_project, open_app

from annotator.model.article import Article

WIDE_TEXT = (
    "漢字とかな、カタカナ。\n"
    "한국어 문장입니다. ㅎㅏㄴ\n"
    "Семейство 👩\u200d👩\u200d👧\u200d👦 и флаг 🇧🇬, сърце ❤\ufe0f, палец 👍🏽, клавиш 1\ufe0f\u20e3.\n"
    "й с два знака: и\u0306, ě̂̂ и я́.\n"
    "مرحبا بالعالم می\u200cخواهم שלום עולם\n"
    "हिन्दी क्षेत्र ไทย กำลังดี\n"
    "Нула\u200bширина и \u00adмеко\u00ad тире\ttab\n" + "дълга" * 60 + "👍🏽" * 60 + "\n"
)


def attributes(style: Style) -> tuple[object, ...]:
    """A look without its colours."""
    return tuple(
        bool(x)
        for x in (
            style.bold,
            style.dim,
            style.italic,
            style.underline,
            style.underline2,
            style.reverse,
        )
    )


@pytest.fixture
def without_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    """As for people who asked for no colours."""
    monkeypatch.setenv("NO_COLOR", "1")


def colours(seat: Seat) -> set[str]:
    """All colours on screen that are not greys."""
    found = set()
    for row in seat.cells():
        for _, style in row:
            for color in (style.color, style.bgcolor):
                if color is not None and not color.is_default:
                    red, green, blue = color.get_truecolor()
                    if not red == green == blue:
                        found.add(color.name)
    return found


async def test_without_colours_everything_can_be_told_apart(
    project: Path, without_colour: None
) -> None:
    async with open_app(project) as seat:
        await seat.press("full_stop full_stop full_stop f ctrl+home 2 right right p right")
        assert not colours(seat)
        plain = attributes(seat.look_of("протестират")[0])
        word = attributes(seat.look_of("бряга")[0])
        entity = attributes(seat.look_of("два")[0])
        boilerplate = seat.look_of("Регистрация")[0]
        assert len({plain, word, entity}) == 3
        assert boilerplate.color != seat.look_of("протестират")[0].color, "dim, in grey as well"
        assert " F  Вход" in seat.text()
        assert any("бряга" in line and "P" in line for line in seat.lines())
        await seat.press("minus right")
        selection = attributes(seat.look_of("бряга")[0])
        assert selection not in (plain, entity, attributes(boilerplate))
        assert "select" in seat.lines()[-2]
        await seat.press("escape 1")
        assert seat.place_of("┃")[1] == seat.place_of("свързва")[1]
        assert attributes(seat.look_of("свързва")[0]) != plain
        await seat.press("3")
        assert "▶" in seat.text()


async def test_a_held_word_on_an_entity_shows_both(project: Path, without_colour: None) -> None:
    async with open_app(project) as seat:
        await seat.press("2 p")
        on_it = attributes(seat.look_of("Мост свързва")[0])
        await seat.press("right")
        assert attributes(seat.look_of("свързва")[0]) != on_it
        assert attributes(seat.look_of("Мост свързва")[0]) != on_it


async def test_overlapping_entities_are_shown(project: Path) -> None:
    async with open_app(project) as seat:
        await seat.press("2 p shift+right o left left left")
        inner = attributes(seat.look_of("Мост свързва")[0])
        outer = attributes(seat.look_of("свързва")[0])
        assert {text for _, text in await seat.labels()} == {"Мост", "Мост свързва"}
        assert inner != outer


@pytest.mark.parametrize("size", [(120, 30), (80, 24), (37, 12)])
async def test_rows_are_as_wide_as_the_screen(tmp_path: Path, size: tuple[int, int]) -> None:
    path = make_project(
        tmp_path, [Article("wide", WIDE_TEXT, title="漢字 👩\u200d👩\u200d👧 שלום" * 9)]
    )

    def check(seat: Seat) -> None:
        for line in seat.lines():
            assert cell_len(line) == size[0], line

    async with open_app(path, size=size) as seat:
        check(seat)
        await seat.press("2")
        for letter in "polerpoler" * 3:
            await seat.press(f"{letter} right right")
            check(seat)
        for keys in ("ctrl+end minus left left", "escape ctrl+home shift+down shift+right", "3"):
            await seat.press(keys)
            check(seat)
        for keys in ("f enter", "escape question_mark", "escape f2", "escape ctrl+o"):
            await seat.press(keys)
            check(seat)


async def test_labels_never_shift_the_text(project: Path) -> None:
    async with open_app(project, size=(80, 24)) as seat:
        before = seat.place_of("Иван Петров")
        await seat.press("h full_stop l 2 full_stop right p right p exclamation_mark")
        assert seat.place_of("Иван Петров") == before


@pytest.mark.parametrize("keys", ["1", "2", "3", "2 p", "2 minus", "2 shift+right"])
async def test_hints_fit_eighty_columns(project: Path, keys: str) -> None:
    async with open_app(project, size=(80, 24)) as seat:
        await seat.press(keys)
        hint, status = seat.lines()[-1], seat.lines()[-2]
        assert hint.endswith(" "), "cut at the edge"
        assert "? keys" in hint or "esc leave" in hint
        assert status.endswith(" "), "cut at the edge"


async def test_a_page_hangs_beside_its_keys(project: Path) -> None:
    async with open_app(project, size=(80, 24)) as seat:
        await seat.press("question_mark")
        x, y = seat.place_of("related, most read")
        assert seat.place_of("Teaser list")[0] == x - len("Teaser list: latest, ")
        assert seat.lines()[y + 1].index("articles and") == seat.place_of("Teaser list")[0]
        await seat.press("escape f2")
        assert "␤" not in seat.text()
        await seat.resize(40, 24)
        for line in seat.lines():
            assert cell_len(line) == 40


async def test_letters_are_named_where_the_panel_is_folded(project: Path) -> None:
    async with open_app(project, size=(80, 24)) as seat:
        assert "hlscbitnfmugpaxero" in seat.lines()[-2]
        await seat.press("2")
        assert "p PER o ORG l LOC e EVT r PRO" in seat.lines()[-2]
        await seat.resize(120, 30)
        assert "p PER" not in seat.lines()[-2]


async def test_without_colours_every_letter_can_be_read(
    project: Path, without_colour: None
) -> None:
    async with open_app(project, size=(120, 40)) as seat:
        await seat.press("f 2 e right r")
        for row in seat.cells():
            for text, style in row:
                if len(text) == 1 and text.isalpha() and style.color and not style.reverse:
                    assert style.color.get_truecolor().red > 0x80, text
