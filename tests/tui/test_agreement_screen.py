"""The agreement screen: every number can be reached, is explained, and leads to its articles."""

import argparse
import os
import threading
import unicodedata
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import adjudication_kit as kit
import pytest
from agreement_tui_kit import Look, make_team, open_look
from engines import copy_project, stands_for
from rich.cells import cell_len
from textual import events

from annotator.cli import agreement as agreement_command
from annotator.config import Config
from annotator.desk.keynames import key_sign
from annotator.gold.agreement.report import EVERYTHING, By, Confusion, Figure, Metric, Row, Scope
from annotator.lead.agreement_tracing import Asked, trace
from annotator.lead.agreement_words import MEANINGS, decimal
from annotator.lead.measuring import measure
from annotator.model.annotation import Kind, Span, State, Status, looked_key
from annotator.model.article import Article
from annotator.model.errors import AnnotatorError
from annotator.model.event import Act, Draft
from annotator.model.person import Person, Role
from annotator.model.scheme_file import preset
from annotator.store.project import Project
from annotator.tui import agreement, agreement_app
from annotator.tui.adjudicate_read import ReadScreen
from annotator.tui.agreement_actions import ACTIONS
from annotator.tui.agreement_explain import strip
from annotator.tui.agreement_list import Articles
from annotator.tui.agreement_pictures import Heat, Series
from annotator.tui.agreement_place import Number, Opened
from annotator.tui.agreement_sight import _share_of, bottom, many
from annotator.tui.agreement_work import Compared
from annotator.tui.calibrate import CalibrateScreen
from annotator.tui.dialogs import Page

ROOT = Path(__file__).resolve().parents[2]
LONG = os.environ.get("ANNOTATOR_LONG") == "1"
MARKUP = "[/b][@click=app.quit][Reuters]"
EVIL = MARKUP + " \x1b]0;pwn\x07\x1b[2J\x9b31m\u202eevil\u2066\x7f\u200b\U000e0041[$primary]"


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three annotators, two rounds, a second pass; only read in these tests."""
    return make_team(tmp_path_factory.mktemp("team") / "team.db")


def place_of(look: Look, kind: type[Any]) -> Any:
    assert isinstance(look.desk.place, kind), look.text()
    return look.desk.place


# --- numbers


async def test_the_overview_has_every_headline_with_what_it_rests_on(team: Path) -> None:
    with Project.open(team, kit.JUDGE, readonly=True) as project:
        report = measure(project)
    async with open_look(team) as look:
        text = look.text()
        for layer in report.layers:
            assert layer.title in text
            for metric in layer.headline:
                figure = layer.figures[metric]
                line = next(x for x in look.lines() if decimal(figure.value) in x)
                assert f"{decimal(figure.low)} to {decimal(figure.high)}" in line
                assert f"{figure.n_articles:,}" in line
                assert f"{figure.n_items:,}" in line
        assert "6 articles that two or more finished" in text
        assert "few" in text, "six articles are few"
        assert "Left out: work on 1 article." in text


async def test_digits_go_to_layers_and_tab_through_their_tables(team: Path) -> None:
    async with open_look(team) as look:
        names = [place.name for place in look.desk.pages[2].places]
        assert names == [
            "Numbers", "Labels", "Matrix", "Pairs", "Rounds", "Over rounds", "Guidelines",
            "Confusion", "Weeks", "Self", "Articles", "Left out",
        ]  # fmt: skip
        await look.press("2")
        for name in names:
            assert f" {name} " in look.lines()[2]
            await look.press("tab")
        assert look.desk.table == 0, "round again"
        await look.press("shift+tab")
        assert look.desk.table == len(names) - 1
        assert "olga" in look.text()
        await look.press("9")
        assert "There are 3 layers." in look.text()
        await look.press("0")
        assert look.desk.page == 0


async def test_the_cursor_says_what_it_is_on(team: Path) -> None:
    async with open_look(team) as look:
        await look.to(2, "Pairs")
        assert "strict F1 of iva / mila · Entities" in look.text()
        await look.press("down")
        assert "strict F1 of iva / petar · Entities" in look.text()
        await look.press("right")
        link = look.desk.link
        assert isinstance(link, Number)
        assert link.asked.metric is not Metric.STRICT_F1
        assert link.figure is not None
        said = f"{decimal(link.figure.value)}, 95 % interval"
        assert said in look.text()
        await look.press("end")
        assert "of mila / petar" in look.text()


async def test_columns_out_of_sight_come_into_view(team: Path) -> None:
    async with open_look(team, (60, 24)) as look:
        await look.to(2, "Pairs")
        seen = set()
        for _ in range(6):
            link = look.desk.link
            assert isinstance(link, Number)
            assert link.figure is not None
            row = next(line for line in look.lines() if line.startswith("▶"))
            assert decimal(link.figure.value) in row, "the number under the cursor is shown"
            seen.add(link.asked.metric)
            await look.press("right")
        assert seen == {Metric.STRICT_F1, Metric.EXACT_F1, Metric.PARTIAL_F1, Metric.TYPE_F1}


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (37, 9), (5, 2)])
async def test_every_table_is_painted_at_every_size(team: Path, size: tuple[int, int]) -> None:
    async with open_look(team, size) as look:
        for page in range(4):
            await look.press(str(page))
            for _ in look.desk.pages[page].places:
                for key in ("down", "right", "pagedown", "end", "home", "up", "left"):
                    await look.hit(key)
                await look.pilot.pause()
                for line in look.lines():
                    assert cell_len(line) == size[0], line
                await look.press("tab")
        await look.to(2, "Numbers")
        await look.press("enter enter f4 f4 f7 f6 down")
        place_of(look, Compared)
        for line in look.lines():
            assert cell_len(line) == size[0], line


# --- down to the articles


async def test_from_a_number_to_the_article_and_back(team: Path) -> None:
    with Project.open(team, kit.JUDGE, readonly=True) as project:
        found = trace(project, EVERYTHING, Asked("entities", Metric.STRICT_F1))
        titles = {each.article: project.article(each.article).title for each in found}
    async with open_look(team) as look:
        await look.to(2, "Numbers")
        await look.press("enter")
        listed = place_of(look, Articles)
        assert [tuple(each) for each in listed.rows] == [tuple(each) for each in found]
        for each in found:
            line = next(line for line in look.lines() if each.article in line)
            assert titles[each.article][:20] in line
            assert decimal(each.value) in line
            assert f"{each.share:.1%}" in line
        await look.press("down enter")
        shown = place_of(look, Compared)
        assert shown.beside.table.article.id == found[1].article
        item = shown.beside.item
        words = shown.sight.surface(item.start, item.end, 10)
        assert words in look.text()
        assert "A" in look.text()
        assert "mila" not in look.text(), "letters stand for names"
        await look.press("f6")
        assert "mila" in look.text()
        await look.press("escape")
        assert place_of(look, Articles).row == 1
        await look.press("escape escape")
        assert look.desk.page == 0
        await look.press("escape")
        assert "ctrl+q leaves." in look.text()


async def test_a_pair_opens_on_these_two_alone(team: Path) -> None:
    async with open_look(team) as look:
        await look.to(2, "Matrix")
        await look.press("down right")
        link = look.desk.link
        assert isinstance(link, Number)
        assert link.asked.by is By.PAIR
        await look.press("enter enter")
        shown = place_of(look, Compared)
        assert tuple(sorted(shown.beside.table.letters)) == link.asked.group


async def test_a_cell_of_the_heat_map_leads_to_where_it_happened(team: Path) -> None:
    async with open_look(team) as look:
        await look.to(2, "Confusion")
        heat = place_of(look, Heat)
        link = look.desk.link
        assert isinstance(link, Number)
        assert link.asked.cell is not None
        assert link.times, "it begins at what is confused most"
        row = next(line for line in look.lines() if line.startswith("▶"))
        assert f" {link.times}" in row
        await look.press("enter")
        listed = place_of(look, Articles)
        assert sum(each.value for each in listed.rows) == link.times
        assert "×" in look.text()
        await look.press("escape home left left left left left left left")
        assert (heat.row, heat.column) == (0, 0)
        diagonal = look.desk.link
        assert isinstance(diagonal, Number)
        await look.press("enter")
        assert 2 * sum(each.value for each in place_of(look, Articles).rows) == diagonal.times


async def test_points_in_time_and_rounds(team: Path) -> None:
    async with open_look(team) as look:
        await look.to(2, "Over rounds")
        series = place_of(look, Series)
        assert look.text().count("●") + look.text().count("○") >= 3, "two points and the legend"
        assert "main" in look.text()
        assert "pilot" in look.text()
        link = look.desk.link
        assert isinstance(link, Number)
        assert link.asked.group == ("pilot",)
        await look.press("left")
        assert "strict F1, main" in look.text()
        await look.press("down")
        assert "boundary F1, main" in look.text()
        await look.press("enter")
        names = {each.article for each in place_of(look, Articles).rows}
        assert len(names) == 3
        await look.press("enter")
        place_of(look, Compared)
        await look.to(2, "Weeks")
        assert series.metric == 1
        await look.press("enter")
        assert len(place_of(look, Articles).rows) == 6


async def test_many_weeks_are_drawn_and_walked_through(team: Path) -> None:
    async with open_look(team) as look:
        report = look.desk.report
        assert report is not None
        entities = report.layers[1]
        (week,) = entities.by[By.WEEK]
        rows = tuple(
            Row((f"2026-W{n:02}",), {
                m: f._replace(value=0.4 + n % 7 / 20, low=0.35 + n % 7 / 20, high=0.45 + n % 7 / 20)
                for m, f in week.figures.items()
            }, week.worst)
            for n in range(1, 53)
        )  # fmt: skip
        by = {**entities.by, By.WEEK: rows}
        look.desk.take(report._replace(layers=(entities._replace(by=by),)))
        await look.to(1, "Weeks")
        assert "strict F1, 2026-W52" in look.text()
        assert "W52" in look.lines()[-7] + look.lines()[-6]
        await look.press("home")
        assert "strict F1, 2026-W01" in look.text()
        assert "▸" in look.text()
        assert "⠤" in look.text() or "⠒" in look.text() or "⡠" in look.text(), "a line of dots"


async def test_a_person_beside_their_own_earlier_pass(team: Path) -> None:
    async with open_look(team) as look:
        await look.to(2, "Self")
        assert "iva" in look.text()
        await look.press("enter")
        assert len(place_of(look, Articles).rows) >= 5
        await look.press("enter")
        assert sorted(place_of(look, Compared).beside.table.letters) == ["iva", "iva (2)"]
        assert "iva (2)" in look.text(), "letters would say nothing"


async def test_articles_and_what_was_left_out(team: Path) -> None:
    async with open_look(team) as look:
        await look.to(2, "Articles")
        link = look.desk.link
        assert isinstance(link, Opened)
        await look.press("enter")
        assert place_of(look, Compared).beside.table.article.id == link.article
        await look.to(2, "Left out")
        assert "not finished" in look.text()
        await look.press("enter")
        assert [row.share for row in place_of(look, Articles).rows] == [0.0]
        await look.press("enter")
        place_of(look, Compared)


async def test_every_number_of_every_table_leads_somewhere(team: Path) -> None:
    async with open_look(team, (160, 40)) as look:
        for layer in (1, 2, 3):
            for place in look.desk.pages[layer].places:
                rows = getattr(place, "rows", ())
                for row in rows:
                    links = [cell.link for cell in row if isinstance(cell.link, Number)]
                    for link in links:
                        assert link.figure is not None
                        below = link.figure.value is not None and link.figure.value < 1
                        assert link.kept or not below, (place.name, link.title)


async def test_what_stands_in_for_a_labels_coefficient_is_said(team: Path) -> None:
    async with open_look(team) as look:
        await look.to(1, "Labels")
        link = look.desk.link
        assert isinstance(link, Number)
        assert link.asked.metric is Metric.U_ALPHA
        await look.press("enter")
        assert "disagreement, told apart by strict F1" in look.text()
        await look.to(1, "Numbers")
        await look.press("enter")
        assert "told apart" not in look.text()


def test_one_of_a_thing_is_told_as_one() -> None:
    assert [many(n, "item") for n in (0, 1, 2_000)] == ["0 items", "1 item", "2,000 items"]


def test_what_a_number_rests_on_comes_before_why_it_has_no_interval() -> None:
    asked = Asked("boilerplate", Metric.U_ALPHA)
    figure = Figure(0.509, n_articles=2, n_items=8709, few=True, why_undefined="so")
    layer = cast("Any", SimpleNamespace(title="Boilerplate"))
    assert strip(Number("uα", asked, figure), layer)[1] == (
        ".509, from 2 articles, 8,709 characters; few; no interval: so."
    )


def test_a_list_without_articles_offers_to_open_none() -> None:
    empty = Articles("strict F1", Asked("entities"), (), str)
    assert _share_of(empty) == "no article holds any"
    found = "\n".join(
        "".join(text for text, _ in line)
        for line in [*bottom(cast("Any", SimpleNamespace(place=empty, message="")), None, 80)]
    )
    assert "⏎" not in found
    assert "esc back" in found


async def test_the_wheel_moves_the_cursor(team: Path) -> None:
    async with open_look(team) as look:
        await look.to(2, "Numbers")
        for kind, row in ((events.MouseScrollDown, 1), (events.MouseScrollUp, 0)):
            look.app.screen._forward_event(kind(None, 9, 9, 0, 0, 0, False, False, False))
            await look.pilot.pause()
            assert look.desk.place.row == row  # type: ignore[union-attr]


# --- reading an article


async def test_an_articles_items_and_views(team: Path) -> None:
    async with open_look(team) as look:
        await look.to(2, "Numbers")
        await look.press("enter enter")
        shown = place_of(look, Compared)
        count = len(shown.beside.order)
        assert f"item 1/{count}" in look.text()
        assert "▸" not in look.text(), "nothing is proposed here"
        await look.press("right")
        assert f"item 2/{count}" in look.text()
        await look.press("end")
        assert f"item {count}/{count}" in look.text()
        await look.press("f7")
        assert len(shown.beside.order) > count
        views = [look.lines()[4:14]]
        for _ in range(2):
            await look.press("f4")
            views.append(look.lines()[4:14])
        assert len({tuple(view) for view in views}) == 3
        await look.press("f10")
        assert isinstance(look.app.screen, ReadScreen)
        await look.press("escape f2")
        assert isinstance(look.app.screen, Page)


async def test_where_all_agree_it_says_so(team: Path) -> None:
    async with open_look(team) as look:
        await look.to(2, "Labels")
        await look.press("enter enter")
        shown = place_of(look, Compared)
        shown.beside.order = []
        look.screen.draw()
        await look.pilot.pause()
        assert "They agree on everything here in this layer." in look.text()
        await look.press("left right home end f4 f7")
        assert shown.beside.order


async def test_where_one_alone_finished_it_says_so(tmp_path: Path) -> None:
    path = make_team(tmp_path / "p.db", 1)
    async with open_look(path, scope=Scope(annotators=("iva", "olga"))) as look:
        await look.to(2, "Left out")
        await look.press("enter")
        article = place_of(look, Articles).rows[0].article
        with Project.open(path, "mila") as project:
            for name in ("mila", "petar"):
                back = Draft(Kind.STATUS, Status.key(name, article), article, None)
                looked = [
                    Draft(Kind.LOOKED, looked_key(name, article, layer), article, None)
                    for layer in (kit.PAGE, kit.NAMES, kit.STANCE)
                ]
                project.record(Act("back", (back, *looked)), name)
        await look.press("enter")
        place_of(look, Compared)
        assert "Only one of them finished this layer here." in look.text()
        await look.press("f7")
        assert "SINGLE" in look.text()


async def test_who_has_still_to_do_an_article_does_not_see_it(team: Path) -> None:
    async with open_look(team, actor="olga") as look:
        await look.to(2, "Left out")
        await look.press("enter enter")
        place_of(look, Articles)
        assert "You have still to finish" in look.text()


async def test_leaving_for_adjudication(team: Path, tmp_path: Path) -> None:
    async with open_look(team) as look:
        await look.press("f9")
        assert "Go to an article first" in look.text()
        await look.to(2, "Articles")
        await look.press("f9")
        assert "cannot be written" in look.text()
        assert not look.app.adjudicate
    copy = copy_project(team, tmp_path / "copy.db")
    async with open_look(copy, keep=True, actor="iva") as look:
        await look.to(2, "Articles")
        await look.press("f9")
        assert "You annotated" in look.text()
        assert not look.app.adjudicate
    async with open_look(copy, keep=True) as look:
        await look.to(2, "Articles")
        link = look.desk.link
        assert isinstance(link, Opened)
        await look.hit("f9")
        assert look.app.adjudicate == link.article


async def test_one_comes_back_from_adjudication_to_where_one_was(
    team: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from annotator.tui import adjudicate_app

    seen: list[tuple[str, int]] = []

    def run(app: agreement_app.AgreementApp, **_: object) -> None:
        seen.append(("agreement", app.desk.page))
        if len(seen) == 1:
            with Project.open(team, kit.JUDGE, readonly=True) as project:
                app.desk.take(measure(project))
            app.desk.go_to(2)
            app.adjudicate = "made-20"

    def adjudicate(*args: object) -> int:
        seen.append((str(args[4]), 0))
        raise AnnotatorError("Not ready.")

    monkeypatch.setattr(agreement_app, "check_terminal", lambda: None)
    monkeypatch.setattr(agreement_app.AgreementApp, "run", run)
    monkeypatch.setattr(adjudicate_app, "start", adjudicate)
    assert agreement_app.start(team, kit.JUDGE, Config(), EVERYTHING) == 0
    assert seen == [("agreement", 0), ("made-20", 0), ("agreement", 2)]


# --- words


async def test_every_measure_is_explained_in_plain_words(team: Path) -> None:
    async with open_look(team, (120, 40)) as look:
        for layer in (1, 2, 3):
            await look.to(layer, "Numbers")
            report = look.desk.report
            assert report is not None
            for metric in report.layers[layer - 1].figures:
                await look.press("f2")
                assert isinstance(look.app.screen, Page)
                shown = " ".join(look.text().replace("│", " ").split())
                for part in MEANINGS[metric]:
                    assert part[:40] in shown, metric
                await look.press("escape down")


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("Pairs", "Only these two annotators"),
        ("Rounds", "Only work of this round"),
        ("Weeks", "finished in this week"),
        ("Self", "their own earlier pass"),
        ("Confusion", "How often one annotator said"),
        ("Articles", "share of all disagreement"),
        ("Left out", "Each row is an article"),
    ],
)
async def test_what_a_number_is_of_is_explained_too(team: Path, table: str, words: str) -> None:
    async with open_look(team, (120, 40)) as look:
        await look.to(2, table)
        await look.press("f2")
        assert words in " ".join(look.text().replace("│", " ").split())


async def test_the_keys_are_in_help_palette_and_manual(team: Path) -> None:
    manual = (ROOT / "docs" / "agreement.md").read_text(encoding="utf-8")
    rows = {x.split("|")[1].strip(): x for x in manual.splitlines() if x.startswith("| ")}
    for action in ACTIONS:
        assert action.name in rows, action.name
        assert action.help in rows[action.name], action.name
        for key in action.keys:
            assert f"`{key_sign(key)}`" in rows[action.name], (action.name, key)
        assert hasattr(agreement.AgreementScreen, f"do_{action.name}") or action.name in (
            "up", "down", "left", "right", "page_up", "page_down", "first", "last",
        )  # fmt: skip
    async with open_look(team, (120, 60)) as look:
        await look.press("question_mark")
        for action in ACTIONS:
            assert action.help.split()[0] in look.text()
        await look.press("escape ctrl+p n e x t")
        await look.pilot.pause(0.3)
        assert "next table  tab" in look.text()
        await look.press("escape")
        look.app.perform("next_table")
        await look.pilot.pause()
        assert look.desk.table == 1


def test_no_key_is_a_letter() -> None:
    for action in ACTIONS:
        assert not any(len(key) == 1 and key.isalpha() for key in action.keys), action.name


async def test_shortcuts_under_a_cyrillic_layout(team: Path) -> None:
    async with open_look(team, config=Config(layout="ru")) as look:
        await look.hit("ctrl+й")
        assert look.app._exit
    async with open_look(team) as look:
        await look.hit("ctrl+й")
        assert isinstance(look.app.screen, CalibrateScreen)
    async with open_look(team) as look:
        before = look.text()
        for letter in "фяжЖqw":
            await look.press(letter)
        assert look.text() == before


# --- looks


async def test_without_colours_the_cursor_and_the_tabs_are_seen(
    team: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with open_look(team) as look:
        for table in ("Numbers", "Confusion", "Over rounds"):
            await look.to(2, table)
            rows = look.cells()
            for row in rows:
                for _, style in row:
                    for color in (style.color, style.bgcolor):
                        if color is not None and not color.is_default:
                            red, green, blue = color.get_truecolor()
                            assert red == green == blue, color
            tab = "".join(char for char, style in rows[2] if style.reverse)
            assert tab.strip() == table
            inside = "".join(c for row in rows[3:-5] for c, style in row if style.reverse)
            assert inside.strip(), table
        await look.to(2, "Confusion")
        assert "██" in look.text()
        assert "░░" in look.text()


async def test_a_wide_confusion_scrolls_sideways(team: Path) -> None:
    async with open_look(team) as look:
        report = look.desk.report
        assert report is not None
        size = 30
        labels = tuple(f"LABEL{n}" for n in range(size))
        counts = tuple(tuple(i + j for j in range(size)) for i in range(size))
        entities = report.layers[1]._replace(confusion=Confusion(labels, counts))
        look.desk.take(report._replace(layers=(entities,)))
        await look.to(1, "Confusion")
        heat = place_of(look, Heat)
        for key in ("home", *["left"] * 30, *["right"] * 29, "end"):
            await look.hit(key)
            await look.pilot.pause()
            assert f"{heat.column + 1} LAB" in look.lines()[3]
            assert f"▶ {heat.row + 1:>2} LABEL{heat.row}" in look.text()
        assert (heat.row, heat.column) == (size - 1, size - 1)


# --- measuring


async def test_the_screen_works_while_it_measures_and_leaving_gives_up(
    team: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told, go_on, ended = threading.Event(), threading.Event(), threading.Event()

    def slow(project: Project, scope: Scope, tell: Any, *_: object) -> object:
        try:
            tell(3, 12)
            told.set()
            assert go_on.wait(20)
            tell(4, 12)
            raise AssertionError("it was given up")
        finally:
            ended.set()

    monkeypatch.setattr(agreement, "measure", slow)
    async with open_look(team, wait=False) as look:
        assert told.wait(10)
        await look.pilot.pause(0.05)
        assert "3 of 12 articles" in look.text()
        await look.hit("f1")
        assert isinstance(look.app.screen, Page)
        await look.hit("escape")
        for key in ("down", "enter", "tab", "1", "f2", "f9", "escape"):
            await look.hit(key)
        await look.hit("ctrl+q")
        assert look.app._exit
        look.screen.stop()
        go_on.set()
    assert ended.wait(10)
    assert not any(t.name.startswith("annotator-meas") for t in threading.enumerate())


async def test_measuring_again_shows_what_changed(tmp_path: Path) -> None:
    path = make_team(tmp_path / "p.db", 2)
    async with open_look(path, keep=True) as look:
        await look.to(2, "Numbers")
        before = look.desk.report
        with Project.open(path, "mila") as project:
            article = next(iter(project.articles()))
            work = project.work(article.id, "mila")
            gone = [Draft(Kind.SPAN, s.key, article.id, None) for s in work.spans]
            project.record(Act("remove", tuple(gone)), "mila")
        await look.press("f5")
        assert look.desk.report != before
        assert "Measured again." in look.text()
        assert look.desk.page == 2
    with Project.open(path, readonly=True) as project:
        assert project._reader.value("SELECT count(*) FROM statistic WHERE n > 0") == 2


async def test_a_project_that_is_only_read_is_left_alone(team: Path) -> None:
    async with open_look(team) as look:
        await look.to(2, "Numbers")
        await look.press("enter enter")
    with Project.open(team, readonly=True) as project:
        assert project._reader.value("SELECT count(*) FROM statistic") == 0


async def test_what_cannot_be_measured_is_said(team: Path) -> None:
    async with open_look(team, scope=Scope(layers=("verbs",))) as look:
        assert "There is no layer 'verbs'" in look.text()
        await look.press("down enter tab 1 escape f2 f4")
        assert not look.desk.pages


async def test_a_scope_narrows_and_is_shown(team: Path) -> None:
    scope = Scope(rounds=("pilot",), annotators=("iva", "mila"))
    async with open_look(team, (120, 40), scope) as look:
        assert "of iva, mila; round pilot" in look.lines()[0]
        report = look.desk.report
        assert report is not None
        assert {layer.articles for layer in report.layers} == {3}
        await look.to(2, "Numbers")
        await look.press("enter enter")
        assert sorted(place_of(look, Compared).beside.table.letters) == ["iva", "mila"]


async def test_nothing_to_measure(tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    with Project.create(path, preset("news"), "iva") as project:
        list(project.add([Article("a", "One word")]))
    async with open_look(path) as look:
        for page in range(4):
            await look.press(str(page))
            for _ in look.desk.pages[page].places:
                await look.press("enter escape down right")
                if look.desk.page != page:
                    await look.press(str(page))
                await look.press("tab")
        assert not look.app._exit


def test_the_command_opens_it_with_its_own_options(
    team: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[Any, ...]] = []
    monkeypatch.setattr(agreement_app, "start", lambda *args: asked.append(args) or 0)
    parser = argparse.ArgumentParser()
    agreement_command.arguments(parser)
    words = ["--screen", "--round", "pilot", "--annotators", "iva,mila", "--also", "fleiss",
             "--bootstrap", "7", "--no-mouse", "--as", "vera"]  # fmt: skip
    assert agreement_command.run(parser.parse_args([str(team), *words])) == 0
    ((path, actor, _, scope, also, seed, keep, mouse),) = asked
    assert (path, actor, also, seed, keep, mouse) == (
        stands_for(team), "vera", (Metric.FLEISS,), 7, True, False,
    )  # fmt: skip
    assert scope == Scope(rounds=("pilot",), annotators=("iva", "mila"))
    for more in (["--json"], ["--fail-under", "strict_f1=0.5"]):
        with pytest.raises(AnnotatorError, match="leave out --screen"):
            agreement_command.run(parser.parse_args([str(team), "--screen", *more]))


def test_only_adjudicators_and_leads_may_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make_team(tmp_path / "p.db", 1)
    with Project.open(path, "olga") as project:
        people = (Person("olga", Role.LEAD), Person("iva", Role.ANNOTATOR))
        drafts = tuple(Draft(Kind.PERSON, p.key, "", p.body()) for p in people)
        project.record(Act("people", drafts))
    monkeypatch.setattr(agreement_app, "check_terminal", lambda: None)
    with pytest.raises(AnnotatorError, match="may see agreement"):
        agreement_app.start(path, "iva", Config(), EVERYTHING)


# --- hostile strings


def hostile(path: Path) -> Path:
    """Annotators, articles and rounds with names that would act on a terminal or as markup."""
    text = f"{EVIL} one two\n{EVIL} three\n"
    names = [f"{MARKUP} {n}" for n in ("va", "ve", "vi")]
    scheme = preset("news")
    with Project.create(path, scheme, names[0]) as project:
        articles = [Article(f"{EVIL}{n}", f"{text}{n}", title=EVIL) for n in range(3)]
        assert [o.reason for o in project.add(articles) if o.reason] == []
        for article in articles:
            for n, name in enumerate(names):
                spans = [
                    Span(f"s{n}{article.id[-1]}{k}", "entities", label, k, k + 5 + n % 2)
                    for k, label in ((3, "PER"), (12, "LOC" if n else "ORG"))
                ]
                drafts = [Draft(Kind.SPAN, s.key, article.id, s.body(article.text)) for s in spans]
                done = Status(State.DONE if n < 2 or article is articles[0] else State.OPEN)
                drafts.append(
                    Draft(Kind.STATUS, Status.key(name, article.id), article.id, done.body())
                )
                project.record(Act("label", tuple(drafts)), name)
    return path


def check(look: Look) -> None:
    for row in look.cells():
        for char, style in set(row):
            assert unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp"), repr(
                char
            )
            assert not (style.meta or {}).get("@click")
            assert not style.link


async def test_hostile_names_and_titles(tmp_path: Path) -> None:
    path = hostile(tmp_path / "[b]x.db")
    async with open_look(path, (110, 30), actor="vera") as look:
        check(look)
        for layer in range(4):
            await look.press(str(layer))
            places = look.desk.pages[layer].places
            for n in range(len(places if LONG else places[:2])):
                check(look)
                await look.press("enter")
                check(look)
                await look.press("enter")
                check(look)
                await look.press("f6 f4")
                check(look)
                await look.press("f2")
                check(look)
                await look.press("escape")
                while look.desk.stack:
                    await look.press("escape")
                await look.press(str(layer))
                assert look.desk.table == n
                await look.press("tab")
        await look.to(2, "Articles")
        assert "[Reuters]" in look.text().replace(" ", ""), "shown as it is written"
        await look.press("enter f6")
        assert "[Reuters]" in look.text()
        assert not look.app._exit


async def test_a_hostile_scope_and_message_are_inert(team: Path) -> None:
    async with open_look(team, scope=Scope(rounds=(EVIL,))) as look:
        check(look)
        assert "[/b][@click=app.quit]" in look.text()
        look.app.told(EVIL)
        await look.pilot.pause()
        check(look)
        assert MARKUP in look.text()
