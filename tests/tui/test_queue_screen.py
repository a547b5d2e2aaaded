"""The queue: filtered as one types, paged through, and kept to by next and previous."""

from pathlib import Path

import pytest
from engines import made_once
from tui_kit import Seat, make_project, open_app

from annotator.model.article import Article
from annotator.store.filter_line import parse
from annotator.tui.dialogs import Page
from annotator.tui.queue import QueueScreen

MANY = 520


def _make(path: Path) -> None:
    articles = (
        Article(
            f"a{n:03}",
            f"Новина номер {n}\nВ град {'Русе' if n % 10 == 0 else 'Варна'} заваля сняг.\n",
            source=f"s{n % 3}.example",
            date=f"2024-01-{1 + (MANY - n) % 28:02}",
            lang="bg" if n % 2 else "mk",
        )
        for n in range(1, MANY + 1)
    )
    make_project(path.parent, articles)


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """A project of 520 short articles."""
    return made_once(_make, tmp_path / "project.db")


def listed(seat: Seat) -> list[str]:
    """The ids of the rows shown."""
    assert isinstance(seat.app.screen, QueueScreen)
    return [row.id for row in seat.app.screen._list.rows]


def current(seat: Seat) -> str:
    """The id under the cursor; its row is the one painted in reverse."""
    assert isinstance(seat.app.screen, QueueScreen)
    row = seat.app.screen._list.current
    assert row is not None
    marked = [line for line in seat.lines() if line.startswith("▶")]
    assert len(marked) == 1
    assert f" {row.n:,} " in marked[0]
    return row.id


async def test_filter_as_you_type(many: Path) -> None:
    async with open_app(many, size=(80, 24), queue=True) as seat:
        assert "520 articles" in seat.text()
        await seat.type("русе")
        assert "52 articles" in seat.text()
        assert listed(seat)[:2] == ["a010", "a020"]
        await seat.type(" lang:bg")
        assert "No article matches" in seat.text()
        assert "0 articles" in seat.text()
        await seat.press("enter")
        assert isinstance(seat.app.screen, QueueScreen), "nothing to open"
        await seat.press("ctrl+u")
        assert "520 articles" in seat.text()
        await seat.type("новин source:s1.example lang:mk")
        assert listed(seat)[:2] == ["a004", "a010"]


@pytest.mark.parametrize(
    "words", ['"', '"a" "', "*", "AND", "NEAR(", "-x", "a:b", "'", "(", "NOT", "{x}:"]
)
async def test_any_characters_may_be_typed(many: Path, words: str) -> None:
    async with open_app(many, size=(80, 24), queue=True) as seat:
        await seat.type(words)
        assert isinstance(seat.app.screen, QueueScreen)
        assert words in seat.text()


async def test_f3_goes_through_the_states(many: Path) -> None:
    async with open_app(many, size=(80, 24)) as seat:
        await seat.press("ctrl+d")
        await seat.press("ctrl+d")
        await seat.press("2 p")
        await seat.saved()
        await seat.press("ctrl+o")
        assert current(seat) == "a003"
        found = []
        for _ in range(6):
            await seat.press("f3")
            box = seat.app.screen.query_one("Input")
            found.append((box.value, listed(seat)[:2]))
        assert found == [
            ("state:new", ["a004", "a005"]),
            ("state:started", ["a003"]),
            ("state:open", []),
            ("state:done", ["a001", "a002"]),
            ("state:skipped", []),
            ("", ["a001", "a002"]),
        ]
        assert "✓" in seat.text()
        assert "E1" in seat.text()


async def test_f4_changes_the_order_and_stays_on_the_article(many: Path) -> None:
    async with open_app(many, size=(80, 24), queue=True) as seat:
        await seat.press("f4")
        assert "by date" in seat.text()
        await seat.press("f4")
        assert "by source" in seat.text()
        await seat.press("ctrl+home")
        assert listed(seat)[:2] == ["a003", "a006"]
        await seat.press("f4")
        assert "by event" in seat.text()
        await seat.press("f4")
        assert "by length" in seat.text()
        await seat.press("f4")
        assert "by title" in seat.text()
        await seat.press("ctrl+home")
        assert listed(seat)[:3] == ["a001", "a010", "a100"], "as titles sort"
        await seat.press("down down down")
        await seat.press("f4")
        assert "by random:" in seat.text()
        await seat.press("f4")
        assert "by uncertain" in seat.text()
        await seat.press("f4")
        assert "by number" in seat.text()
        assert current(seat) == "a101"


async def test_paging_through_all(many: Path) -> None:
    async with open_app(many, size=(80, 24), queue=True) as seat:
        seen = [current(seat)]
        for _ in range(30):
            await seat.press("pagedown")
            seen.append(current(seat))
        assert seen[-1] == f"a{MANY}"
        assert seen == sorted(seen)
        await seat.press("up up down")
        assert current(seat) == f"a{MANY - 1}"
        await seat.press("ctrl+home up")
        assert current(seat) == "a001"
        await seat.press("ctrl+end")
        assert current(seat) == f"a{MANY}"
        assert len(listed(seat)) == len(set(listed(seat)))
        await seat.press("pageup")
        assert current(seat) < f"a{MANY}"
        await seat.resize(80, 10)
        assert len(listed(seat)) <= 10
        await seat.resize(1, 1)
        await seat.resize(120, 50)
        assert "Новина номер" in seat.text()


async def test_next_and_previous_keep_to_the_filter(many: Path) -> None:
    async with open_app(many, size=(80, 24), queue=True) as seat:
        await seat.type("русе")
        await seat.press("down enter")
        assert seat.desk.sheet.article.id == "a020"
        await seat.press("ctrl+n")
        assert seat.desk.sheet.article.id == "a030"
        await seat.press("ctrl+g")
        await seat.press("ctrl+g")
        assert seat.desk.sheet.article.id == "a010"
        await seat.press("ctrl+d")
        assert seat.desk.sheet.article.id == "a020"
        await seat.press("ctrl+o")
        assert "русе" in seat.text()
        assert current(seat) == "a020"


async def test_done_and_next_keep_to_the_order(project: Path) -> None:
    async with open_app(project, size=(80, 24), queue=True) as seat:
        await seat.press("f4 ctrl+home enter")
        seen = [seat.desk.sheet.article.id]
        for _ in range(4):
            await seat.press("ctrl+d")
            await seat.saved()
            seen.append(seat.desk.sheet.article.id)
        assert seen == ["most-el", "most-bg", "most-ru", "most-ja", "most-ar"]
        await seat.press("ctrl+g")
        assert seat.desk.sheet.article.id == "most-ja"


async def test_done_goes_round_to_what_was_left(project: Path) -> None:
    async with open_app(project, size=(80, 24), start="most-ja") as seat:
        for wanted in ("most-ar", "most-bg", "most-ru"):
            await seat.press("ctrl+d")
            await seat.saved()
            assert seat.desk.sheet.article.id == wanted


async def test_the_palette_over_the_queue_leaves_articles_alone(project: Path) -> None:
    async with open_app(project, size=(80, 24)) as seat:
        await seat.press("ctrl+o ctrl+p")
        await seat.pilot.pause(0.3)
        assert "keyboard layout" in seat.text()
        assert "done, next" not in seat.text()
        await seat.type("quit")
        await seat.pilot.pause(0.3)
        await seat.press("enter")
        assert seat.app._exit


async def test_escape_goes_back_and_f1_explains(many: Path) -> None:
    async with open_app(many, size=(80, 24)) as seat:
        await seat.press("ctrl+o down f1")
        assert isinstance(seat.app.screen, Page)
        assert "narrow by what the source said" in seat.text()
        await seat.press("escape")
        assert isinstance(seat.app.screen, QueueScreen)
        await seat.press("escape")
        assert seat.app.screen is seat.article
        assert seat.desk.sheet.article.id == "a001"


async def test_views_are_kept_by_name(many: Path) -> None:
    async with open_app(many, size=(80, 24), queue=True) as seat:
        await seat.type("русе lang:mk")
        await seat.press("f4 f6")
        assert "keep this filter and order" in seat.text()
        assert "forget" not in seat.text(), "there is none yet"
        await seat.press("enter")
        await seat.type("Русе [b]")
        await seat.press("enter")
        assert isinstance(seat.app.screen, QueueScreen)
        await seat.press("escape")
    async with open_app(many, size=(80, 24), queue=True) as seat:
        assert "520 articles" in seat.text()
        await seat.press("f6")
        assert "Русе [b]" in seat.text()
        await seat.press("enter")
        assert isinstance(seat.app.screen, QueueScreen)
        assert listed(seat)[:2] == ["a100", "a240"], "the earliest first"
        assert "русе lang:mk" in seat.text()
        assert "52 articles · by date" in seat.text()
        await seat.press("enter")
        assert (seat.app.work.where.lang, seat.app.work.sort) == ("mk", "date")
        await seat.press("ctrl+o f6 down down enter")
        assert "Forget the view" in seat.text()
        await seat.press("enter f6")
        assert "Русе [b]" not in seat.text()
        assert seat.app.work.project.views() == []


async def test_a_filter_that_means_nothing_is_explained(many: Path) -> None:
    async with open_app(many, size=(80, 24), queue=True) as seat:
        await seat.type("long:>")
        assert "long: takes a length such as" in seat.text()
        await seat.type("3")
        assert "520 articles" in seat.text()
        await seat.press("ctrl+u")
        await seat.type("flag:x")
        assert "flag: is yes or no" in seat.text()


async def test_flags_are_seen_and_found(many: Path) -> None:
    async with open_app(many, size=(80, 24), start="a004") as seat:
        await seat.press("!")
        await seat.saved()
        await seat.press("ctrl+o")
        await seat.type("flag:yes")
        assert listed(seat) == ["a004"]
        assert " !" in next(line for line in seat.lines() if line.startswith("▶"))


def test_a_filter_line_is_read() -> None:
    where = parse('Lang:bg  state:new source:x.example group:g1 "две думи" a:b')
    assert (where.lang, where.state, where.source, where.group) == ("bg", "new", "x.example", "g1")
    assert where.words.split() == ['"две', 'думи"', "a:b"]
