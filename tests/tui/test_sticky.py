"""What stays as it was left, in the next article and at the next start; units; retired labels."""

import gc
from pathlib import Path

import pytest
from tui_kit import Seat, open_app

from annotator.config import STAYS, Config
from annotator.model.scheme import Unit
from annotator.model.scheme_change import rename, retire
from annotator.store.filters import ALL, Filter
from annotator.store.journal import folder
from annotator.store.project import Project
from annotator.tui import start
from annotator.tui.app import AnnotatorApp
from annotator.tui.sticky import Left, keep, left, next_article, put_back, recall

WIDE = (130, 30)


async def set_up(seat: Seat) -> None:
    """Entities, no panel, a filtered queue in which the Russian article comes first."""
    await seat.press("2 f4")
    seat.app.work.where, seat.app.work.sort = Filter(source="gazeta.example"), "date"


@pytest.mark.parametrize(
    ("sticky", "layer", "where", "panel"),
    [
        (STAYS, "entities", Filter(source="gazeta.example"), False),
        (("queue", "panel"), "boilerplate", Filter(source="gazeta.example"), False),
        (("layer", "panel"), "entities", ALL, False),
        (("layer", "queue"), "entities", Filter(source="gazeta.example"), True),
        ((), "boilerplate", ALL, True),
    ],
)
async def test_the_next_article_keeps_what_is_sticky(project, sticky, layer, where, panel) -> None:
    async with open_app(project, WIDE, Config(sticky=sticky), start="most-bg") as seat:
        await set_up(seat)
        await seat.press("ctrl+n")
        assert seat.desk.sheet.article.id == "most-ru"
        assert seat.desk.layer.name == layer
        assert seat.app.work.where == where
        assert seat.app.work.sort == ("number" if where == ALL else "date")
        assert seat.article.view.panel_wanted is panel
        assert ("Boilerplate" if layer == "boilerplate" else "Entities") in seat.text()


async def test_an_article_chosen_in_the_queue_is_a_next_one_too(project: Path) -> None:
    async with open_app(project, WIDE, Config(sticky=()), start="most-bg") as seat:
        await set_up(seat)
        await seat.press("ctrl+o down enter")
        assert (seat.desk.layer.name, seat.app.work.where) == ("boilerplate", ALL)


async def test_undo_in_another_article_stays_in_the_layer(project: Path) -> None:
    async with open_app(project, WIDE, Config(sticky=()), start="most-bg") as seat:
        await seat.press("2 p ctrl+n 2 ctrl+z")
        assert seat.desk.sheet.article.id == "most-bg"
        assert seat.desk.layer.name == "entities"


@pytest.mark.parametrize("names", [STAYS, ("layer",), ("queue",), ("panel",), ()])
def test_a_start_recalls_what_it_was_told_to(project: Path, names) -> None:
    was = Left("stance", Filter(words="мост", lang="bg"), "date", False)
    with Project.open(project, "iva") as opened:
        assert recall(opened, names) == Left()
        keep(opened, names, was)
        assert recall(opened, names) == Left(
            "stance" if "layer" in names else "",
            was.where if "queue" in names else ALL,
            "date" if "queue" in names else "number",
            "panel" not in names,
        )
    with Project.open(project, "zoe") as other:
        assert recall(other, names) == Left(), "everybody has their own"


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"layer":1,"where":{"x":1},"sort":1,"panel":1}']
)
def test_a_damaged_file_is_as_good_as_none(project: Path, text: str) -> None:
    with Project.open(project, "iva") as opened:
        keep(opened, STAYS, Left("stance"))
        (file,) = folder().glob("*.left")
        file.write_text(text)
        assert recall(opened, STAYS) == Left()


async def test_what_was_left_is_there_at_the_next_start(project: Path) -> None:
    async with open_app(project, WIDE, start="most-bg") as seat:
        await set_up(seat)
        was = left(seat.app)
    assert was == Left("entities", Filter(source="gazeta.example"), "date", False)
    async with open_app(project, WIDE, start="most-bg") as seat:
        put_back(seat.app, was)
        seat.article.view.panel_wanted = seat.app.panel_wanted
        next_article(seat.app)
        assert left(seat.app).layer == "entities"
        assert seat.article.view.panel_wanted is False
        put_back(seat.app, Left("no such layer"))
        assert seat.desk.layer.name == "entities"


async def test_the_cursor_moves_by_the_unit_of_the_settings(project: Path) -> None:
    config = Config(units={"entities": "grapheme", "nowhere": "word"})
    async with open_app(project, config=config, start="most-bg") as seat:
        await seat.press("2")
        assert seat.desk.caret.range == (0, 1)
        assert seat.app.work.scheme.layer("entities").unit is Unit.WORD, "exports ask the project"
    async with open_app(project, start="most-bg") as seat:
        await seat.press("2")
        assert seat.desk.caret.range == (0, 4)


async def test_a_retired_label_is_shown_where_it_is_but_has_no_key(project: Path) -> None:
    async with open_app(project, WIDE, start="most-bg") as seat:
        await seat.press("2 p")
        await seat.saved()
    with Project.open(project, "iva") as opened:
        opened.relabel(retire(opened.scheme, opened.scheme.layer("entities"), "PER"))
        opened.relabel(retire(opened.scheme, opened.scheme.layer("entities"), "EVT"))
    async with open_app(project, WIDE, start="most-bg") as seat:
        await seat.press("2")
        panel = [line[86:] for line in seat.lines()]
        person = next(line for line in panel if "Person" in line)
        assert person.split()[:3] == ["–", "1", "Person"]
        assert not any("Event" in line for line in panel), "given nowhere here"
        await seat.press("right p")
        assert "No label on p" in seat.text()
        seat.desk.give("PER")
        assert seat.desk.message == "PER was given up; give another label."
        assert await seat.labels() == [("PER", "Мост")]
        await seat.press("left o")
        assert await seat.labels() == [("ORG", "Мост")]


async def test_undo_goes_past_a_rename_and_leaves_it(project: Path) -> None:
    async with open_app(project, WIDE, start="most-bg") as seat:
        await seat.press("2 p right o")
        await seat.saved()
    with Project.open(project, "iva") as opened:
        opened.relabel(rename(opened.scheme, opened.scheme.layer("entities"), "PER", "PERSON"))
    async with open_app(project, WIDE, start="most-bg") as seat:
        await seat.press("2 ctrl+z")
        assert await seat.labels() == [("PERSON", "Мост")]
        await seat.press("ctrl+z")
        assert await seat.labels() == [("PERSON", "Мост")]
        assert "changed elsewhere" in seat.text()


@pytest.mark.parametrize(("remember", "kept"), [(STAYS, True), ((), False)])
def test_starting_puts_back_and_leaving_keeps(project, monkeypatch, remember, kept: bool) -> None:
    seen: list[Left] = []

    def run(app: AnnotatorApp, mouse: bool) -> None:
        seen.append(left(app))
        app.desk.layer = app.desk.scheme.layers[-1]
        app.panel_wanted = False
        app.work.where, app.work.sort = Filter(words="мост"), "-date"

    monkeypatch.setattr(start, "check_terminal", lambda: None)
    monkeypatch.setattr(AnnotatorApp, "run", run)
    for name in ("TEXTUAL_ANIMATIONS", "TEXTUAL_SMOOTH_SCROLL", "TEXTUAL_FPS"):
        monkeypatch.setenv(name, "0")  # which a start would set for the tests after this one
    config = Config(remember=remember)
    try:
        for _ in range(2):
            assert start.start(project, "iva", config) == 0
    finally:
        gc.enable()
    assert seen[0] == Left("boilerplate")
    again = Left("stance", Filter(words="мост"), "-date", False)
    assert seen[1] == (again if kept else seen[0])
    assert bool(list(folder().glob("*.left"))) is kept
