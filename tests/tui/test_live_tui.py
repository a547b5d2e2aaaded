"""Several people at one project at the same time: each sees how far the others are, and no label."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from adjudicate_tui_kit import Bench, open_bench
from agreement_tui_kit import Look, make_team, open_look
from pg_kit import TestServer
from tui_kit import ARTICLES, Seat, open_app

from annotator.model.annotation import Kind, Note, Span, State, Status
from annotator.model.article import Article
from annotator.model.event import Act, Draft
from annotator.model.scheme_file import preset
from annotator.model.slot import Pool, Slot, Why
from annotator.store import live, sittings_on_server
from annotator.store.address import Place, place_of
from annotator.store.project import Project
from annotator.store.reader import Reader
from annotator.tui import notes
from annotator.tui.adjudicate import ELSEWHERE as ELSEWHERE_TOO
from annotator.tui.agreement_sight import OLD
from annotator.tui.live import TAKEN
from annotator.tui.queue import QueueScreen
from annotator.tui.seated import ELSEWHERE

pytestmark = pytest.mark.file_only  # these are on both engines anyway

PATIENCE = 20.0
"""Seconds after which something that should come did not."""


@pytest.fixture(scope="module")
def in_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of five articles, to be copied."""
    return Path(str(made(tmp_path_factory.mktemp("made") / "project.db")))


@pytest.fixture(scope="module")
def on_server(pg_server: TestServer) -> Iterator[str]:
    """The same as a database."""
    name = pg_server.make_database()
    made(place_of(pg_server.url(name)))
    yield name
    pg_server.drop(name)


def made(place: Place) -> Place:
    with Project.create(place, preset("news"), "lead") as project:
        list(project.add(ARTICLES))
    return place


@pytest.fixture
def address(pg_server: TestServer, on_server: str) -> Iterator[Place]:
    """A project of five articles on a server."""
    name = pg_server.make_database(template=on_server)
    yield place_of(pg_server.url(name))
    pg_server.drop(name)


@pytest.fixture
def file(in_file: Path, tmp_path: Path) -> Path:
    """The same in a file."""
    return Path(shutil.copy(in_file, tmp_path / "project.db"))


@pytest.fixture(params=["file", "address"])
def place(request: pytest.FixtureRequest) -> Place:
    """The same by each engine."""
    found: Place = request.getfixturevalue(request.param)
    return found


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """What may take a second takes less."""
    monkeypatch.setattr(live.FileEar, "every", 0.05)
    monkeypatch.setattr(live, "PAUSE", 0.05)
    monkeypatch.setattr(notes, "AGAIN", 0.05)
    monkeypatch.setattr(notes, "QUIET", 0.0)


@asynccontextmanager
async def hearing(place: Place, actor: str, **how: object) -> AsyncIterator[Seat]:
    """Somebody's app, when it hears of others."""
    async with open_app(place, actor=actor, **how) as seat:  # type: ignore[arg-type]  # a server's address will do
        heard: list[object] = []
        seat.app.work.project.listen(lambda news, _: heard.append(news))
        await until(seat, lambda: heard)
        yield seat


async def until(seat: Seat | Look | Bench, condition: Callable[[], object]) -> None:
    """Wait until something is so."""
    end = asyncio.get_running_loop().time() + PATIENCE
    while not condition():
        assert asyncio.get_running_loop().time() < end, f"it never came:\n{seat.text()}"
        await seat.pilot.pause()


def finish(project: Project, article: str, state: State = State.DONE, reason: str = "") -> None:
    body = Status(state, reason).body()
    draft = Draft(Kind.STATUS, Status.key(project.actor, article), article, body)
    project.submit(Act("done", (draft,))).result()


def row(seat: Seat, number: int) -> str:
    """The queue's line of an article."""
    return next(line for line in seat.lines()[2:] if line[2:].lstrip().startswith(f"{number} "))


async def test_the_queue_shows_what_another_finished_where_one_is(place: Place) -> None:
    async with open_app(place, actor="anna") as one, hearing(place, "boris") as two:
        await two.press("ctrl+o down down")
        before = two.lines()
        assert "anna" not in two.text()
        await one.press("ctrl+d")
        await until(two, lambda: "anna✓" in two.text())
        assert "anna✓" in row(two, 1)
        await one.press("2 p")
        await until(two, lambda: "anna…" in two.text())
        assert "anna…" in row(two, 2)
        after = two.lines()
        assert [line[:12] for line in after] == [line[:12] for line in before], (
            "all in their places"
        )
        assert after[-1] == before[-1]
        assert isinstance(two.app.screen, QueueScreen)
        assert two.app.screen._list.current.id == "most-el"
        assert not any("anna" in line for line in row(two, 3))


async def test_who_took_an_article_and_how_many_places_are_left(address: Place) -> None:
    with Project.open(address, "lead") as lead:
        lead.open_pools([Pool("most-bg", 2), Pool("most-ru", 1)])
        lead.assign([Slot("most-ja", "boris"), Slot("most-el", "anna")])
    async with hearing(address, "boris") as two:
        await two.press("ctrl+o ctrl+u")
        assert "+2" in row(two, 1)
        assert "+1" in row(two, 2)
        assert "anna" in row(two, 3)
        with Project.open(address, "anna") as anna:
            assert anna.claim(["most-ru"]) == "most-ru"
            assert anna.claim(["most-bg"]) == "most-bg"
        await until(two, lambda: "anna +1" in row(two, 1))
        assert "anna" in row(two, 2)
        assert "+" not in row(two, 2)
        await two.type("assigned:open")
        await two.press("down")
        assert two.app.screen._list.current.id == "most-bg"
        with Project.open(address, "vera") as vera:
            vera.claim(["most-bg"])
        await until(two, lambda: "anna vera" in row(two, 1))
        assert two.app.screen._list.current.id == "most-bg", "under the cursor it stays"


async def test_of_ones_own_articles_nothing_is_told_of_others(address: Place) -> None:
    with Project.open(address, "lead") as lead:
        lead.assign([Slot("most-bg", "boris", "", Why.GOLD), Slot("most-ru", "boris")])
    async with hearing(address, "boris") as two:
        await two.press("ctrl+o ctrl+u")
        with Project.open(address, "anna") as anna:
            finish(anna, "most-bg")
            finish(anna, "most-el")
        await until(two, lambda: "anna✓" in row(two, 3))
        assert "anna" not in row(two, 1), "or a hidden question would be known by it"


async def test_new_assignments_are_told_when_nobody_types(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with hearing(place, "boris") as two:
        await two.press("2")
        monkeypatch.setattr(notes, "QUIET", 1000.0)
        with Project.open(place, "lead") as lead:
            lead.assign(
                [Slot("most-ja", "boris"), Slot("most-ar", "boris"), Slot("most-el", "anna")]
            )
        await until(two, lambda: two.app.work.usual.assigned)
        await two.press("right")
        assert "assigned to you" not in two.text(), "somebody types"
        monkeypatch.setattr(notes, "QUIET", 0.0)
        await until(two, lambda: "2 articles were assigned to you" in two.text())
        await two.press("right")
        assert "assigned to you" not in two.text()
        await two.press("ctrl+d")
        assert two.desk.sheet.article.id == "most-ja", "they are next"


async def test_that_others_took_the_last_place_is_told(address: Place) -> None:
    with Project.open(address, "lead") as lead:
        lead.open_pools([Pool("most-bg", 1), Pool("most-ru", 1)])
    async with hearing(address, "boris", start="most-ru") as two:
        with Project.open(address, "anna") as anna:
            anna.claim(["most-bg"])
            finish(anna, "most-bg")
            await two.pilot.pause(0.2)
            assert TAKEN not in two.text(), "it is another article"
            anna.claim(["most-ru"])
        await until(two, lambda: TAKEN in two.text())
        await two.press("2 p")
        assert len(await two.labels("most-ru")) == 1, "and nothing is kept from them"
        with Project.open(address, "lead") as lead:
            assert [s.annotator for s in lead.slots(["most-ru"])] == ["anna"]


async def test_articles_that_come_are_counted(address: Place) -> None:
    async with hearing(address, "boris") as two:
        assert "1 of 5 " in two.text()
        with Project.open(address, "lead") as lead:
            list(lead.add([Article("new", "Нов мост над реката.")]))
        await until(two, lambda: two.app.work.place("most-bg") == "1 of 6")
        await two.press("2")
        assert "1 of 6 " in two.text()
        await two.press("ctrl+o")
        assert "6 articles" in two.text()
        with Project.open(address, "lead") as lead:
            list(lead.add([Article("newer", "Още един мост.")]))
        await until(two, lambda: "7 articles" in two.text())
        assert "Още един мост" in row(two, 7)


async def test_another_window_on_a_server_is_told_of(
    address: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sittings_on_server, "AGAIN", 0.05)
    async with hearing(address, "iva") as one:
        assert one.app.work.sitting.settle(PATIENCE)
        assert one.app.work.sitting.alone
        async with hearing(address, "iva") as two:
            await until(two, lambda: ELSEWHERE[:50] in two.text())
            await until(one, lambda: not one.app.work.sitting.alone)
            assert ELSEWHERE[:50] not in one.text()
            await two.press("2 full_stop right minus right p")
            assert await two.labels() == [("PER", "Иван Петров")]
            await one.press("2")
            assert "You changed this article in another window" in one.text()
        await until(one, lambda: one.app.work.sitting.alone)


SECRETS = ("SECRET", "Тайна", "Причина", "span:", "note:", "skipped")
"""What anna decides, and nobody else may get to know."""


async def test_no_process_receives_what_another_annotator_decided(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    received: list[str] = []
    asked = Reader._asked

    def recorded(self: Reader, ask: Callable[[], object]) -> object:
        found = asked(self, ask)
        received.append(repr(found))
        return found

    told: list[str] = []
    if not isinstance(place, Path):
        from annotator.store import live_on_server

        said = live_on_server.said
        monkeypatch.setattr(live_on_server, "said", lambda text: told.append(text) or said(text))
    with Project.open(place, "anna") as anna:
        async with hearing(place, "boris") as two:
            await two.press("ctrl+o")
            monkeypatch.setattr(Reader, "_asked", recorded)
            text = ARTICLES[0].text
            span, note = Span("SECRET", "entities", "ORG", 0, 4), Note("SECRET", "Тайна")
            drafts = (
                Draft(Kind.SPAN, span.key, "most-bg", span.body(text)),
                Draft(Kind.NOTE, note.key, "most-bg", note.body(text)),
            )
            anna.submit(Act("label", drafts)).result()
            await until(two, lambda: "anna…" in row(two, 1))
            finish(anna, "most-bg", State.SKIPPED, "Причина")
            await until(two, lambda: "anna✓" in row(two, 1))
            assert "anna×" not in two.text(), "nor that it was skipped"
    assert any("anna" in each for each in received), "the test sees what is received"
    for each in (*received, *told):
        assert not [secret for secret in SECRETS if secret in each], each
    assert bool(told) == (not isinstance(place, Path))


# --- who leads


@pytest.fixture(scope="module")
def _team(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_team(tmp_path_factory.mktemp("team") / "team.db", count=2)


@pytest.fixture
def team(_team: Path, tmp_path: Path) -> Path:
    """Two articles that three people finished."""
    return Path(shutil.copy(_team, tmp_path / "team.db"))


async def test_numbers_that_are_read_stay_and_are_said_to_be_old(team: Path) -> None:
    async with open_look(team) as look:
        heard: list[object] = []
        look.desk.project.listen(lambda news, _: heard.append(news))
        await until(look, lambda: heard)
        await look.press("f5 1")
        before = look.lines()
        assert OLD not in look.text()
        with Project.open(team, "mila") as mila:
            article = next(mila.articles()).id
            finish(mila, article, State.OPEN)
        await until(look, lambda: OLD in look.text())
        assert look.lines()[1:] == before[1:], "nothing else changed"
        await look.press("f5")
        assert OLD not in look.text()


async def test_an_adjudicator_is_told_that_others_went_on(team: Path) -> None:
    async with open_bench(team) as bench:
        heard: list[object] = []
        bench.desk.project.listen(lambda news, _: heard.append(news))
        await until(bench, lambda: heard)
        before, item = bench.lines(), bench.item
        assert bench.desk.table is not None
        here = bench.desk.table.article.id
        with Project.open(team, "mila") as mila:
            other = next(each.id for each in mila.articles() if each.id != here)
            finish(mila, other, State.OPEN)
            await bench.pilot.pause(0.2)
            assert ELSEWHERE_TOO not in bench.text(), "it is another article"
            finish(mila, here, State.OPEN)
        await until(bench, lambda: ELSEWHERE_TOO in bench.text())
        assert bench.item is item
        assert bench.lines()[:-1] == before[:-1], "a digit means what it meant"
