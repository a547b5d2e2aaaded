"""Orders of the queue that have to be made first: chosen with F4, followed by next and previous."""

from pathlib import Path

import pytest
from engines import made_once
from tui_kit import Seat, make_project, open_app

from annotator.model.annotation import State, Status
from annotator.model.article import Article
from annotator.model.event import Act, Draft, Kind
from annotator.model.slot import Slot
from annotator.store.filters import ALL, Filter
from annotator.store.project import Project
from annotator.tui import arranging
from annotator.tui.queue import QueueScreen
from annotator.tui.sticky import Left, keep, known, recall
from annotator.tui.work import WorkList

SIZE = 60


def _make(path: Path) -> None:
    articles = (
        Article(f"a{n:02}", f"Новина {n}\nЗаваля сняг.\n", group=f"g{n % 3}" if n % 4 else "")
        for n in range(SIZE)
    )
    make_project(path.parent, articles)


@pytest.fixture
def some(tmp_path: Path) -> Path:
    """A project of sixty short articles."""
    return made_once(_make, tmp_path / "project.db")


def guess(project: Project, doubts: dict[str, float]) -> None:
    rows = [(project.row(name).n, doubt) for name, doubt in doubts.items()]

    def put(conn) -> None:
        conn.execute("DELETE FROM lesson")
        for n, doubt in rows:
            conn.execute("DELETE FROM guess WHERE n = ?", (n,))
            values = (n, project.actor, "entities", "names", "1", doubt, "[]")
            conn.execute("INSERT INTO guess VALUES (?,?,?,?,?,?,?)", values)
        values = (project.actor, "entities", "names", "1", "{}", b"")
        conn.execute("INSERT INTO lesson VALUES (?,?,?,?,?,?)", values)

    project._write(put)


def finish(project: Project, names: list[str]) -> None:
    drafts = tuple(
        Draft(Kind.STATUS, Status.key("iva", name), name, Status(State.DONE).body())
        for name in names
    )
    project.submit(Act("done", drafts)).result()


async def sorted_(seat: Seat) -> QueueScreen:
    """The queue's screen once its order is made."""
    screen = seat.app.screen
    assert isinstance(screen, QueueScreen)
    for _ in range(500):
        if arranging.SORTING not in screen._note:
            break
        await seat.pilot.pause(0.01)
    await seat.pilot.pause()
    assert arranging.SORTING not in seat.text()
    return screen


async def test_the_random_order_is_made_and_followed(some: Path) -> None:
    async with open_app(some, size=(100, 70), queue=True) as seat:
        project = seat.app.work.project
        await seat.press("f4 f4 f4 f4 f4 f4")
        screen = await sorted_(seat)
        assert f"60 articles · by {project.random_order}" in seat.text()
        order = [row.id for row in project.page(ALL, project.random_order, limit=100)]
        assert sorted(order) == [f"a{n:02}" for n in range(SIZE)] != order
        await seat.press("ctrl+home")
        assert [row.id for row in screen._list.rows] == order
        await seat.press("down down enter")
        assert seat.desk.sheet.article.id == order[2]
        await seat.press("ctrl+d")
        await seat.saved()
        assert seat.desk.sheet.article.id == order[3]
        await seat.press("ctrl+g")
        assert seat.desk.sheet.article.id == order[2]
    async with open_app(some, size=(100, 70)) as seat:
        list(seat.app.work.project.add([Article("new", "Нова новина")]))
        seat.app.work.sort = "random:7"
        await seat.press("ctrl+o")
        await sorted_(seat)
        assert seat.app.work.project.arrange("random:7") == 0, "all have their places already"


async def test_another_seed_is_asked_for(some: Path) -> None:
    async with open_app(some, size=(100, 70), queue=True) as seat:
        await seat.press("f5")
        assert isinstance(seat.app.screen, QueueScreen), "nothing to ask in this order"
        seat.app.screen._sort_by("random:1", None)
        await sorted_(seat)
        await seat.press("f5")
        assert "Seed of the random order" in seat.text()
        await seat.type("2")
        await seat.press("enter")
        screen = await sorted_(seat)
        assert "by random:12" in seat.text()
        await seat.press("ctrl+home")
        first = [row.id for row in screen._list.rows]
        assert first == [row.id for row in seat.app.work.project.page(sort="random:12", limit=SIZE)]
        assert first != sorted(first)
        await seat.press("f5")
        await seat.type("x")
        await seat.press("enter")
        assert "a whole number as its seed" in seat.text()
        await seat.press("f4 f4")
        assert "by number" in seat.text()
        assert "60 articles" in seat.text()


async def test_the_least_sure_first_and_what_is_said_of_it(some: Path) -> None:
    async with open_app(some, size=(80, 30), queue=True) as seat:
        project = seat.app.work.project
        for _ in range(7):
            await seat.press("f4")
        screen = await sorted_(seat)
        assert "by uncertain · nothing is guessed yet: as imported" in seat.text()
        guess(project, {f"a{n:02}": n / 100 for n in range(50, 60)})
        await seat.press("f5")
        await sorted_(seat)
        assert "by uncertain · gives nothing before 40 are done" in seat.text()
        assert screen._list.current is not None
        assert screen._list.current.id == "a59"
        finish(project, [f"a{n:02}" for n in range(10, 50)])
        guess(project, {"a51": 1.0})
        await seat.press("f5")
        await sorted_(seat)
        assert "gives nothing" not in seat.text()
        assert screen._list.current.id == "a51", "behind what is finished"
        await seat.press("enter")
        for wanted in ("a59", "a58", "a57"):
            await seat.press("ctrl+d")
            await seat.saved()
            assert seat.desk.sheet.article.id == wanted


async def test_an_order_that_cannot_be_made_is_no_trouble(
    some: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_self: Project, _sort: str):
        from annotator.model.errors import AnnotatorError

        raise AnnotatorError("It is open for reading only.")

    async with open_app(some, size=(80, 30), queue=True) as seat:
        monkeypatch.setattr(Project, "arranging", refuse)
        await seat.press("f4 f4 f4 f4 f4 f4")
        assert "It is open for reading only." in seat.text()
        screen = seat.app.screen
        assert isinstance(screen, QueueScreen)
        assert [row.id for row in screen._list.rows[:2]] == ["a00", "a01"], "as imported"


@pytest.mark.parametrize("sort", ["random:7", "-random:7", "uncertain", "event", "-event"])
@pytest.mark.parametrize("where", [ALL, Filter(assigned="me"), Filter(group="g1")])
def test_the_way_through_follows_the_order(some: Path, sort: str, where: Filter) -> None:
    with Project.open(some, "iva") as project:
        if where.assigned:
            project.assign(Slot(f"a{n:02}", "iva") for n in range(0, SIZE, 3))
        guess(project, {f"a{n:02}": (n * 37 % 11) / 11 for n in range(0, SIZE, 2)})
        project.arrange("random:7")
        assert project.arrange_uncertain() > 0
        work = WorkList(project)
        work.where, work.sort = where, sort
        order = [row.id for row in project.page(where, sort, limit=SIZE)]
        here = order[0]
        walked = [here]
        while (following := work.neighbour(1, here)) is not None:
            assert work.next_to_do(here) == following
            assert work.neighbour(-1, following) == here
            walked.append(here := following)
        assert walked == order
        assert work.next_to_do(order[-1]) == order[0], "round to what is left"
        finish(project, order[1:-1])
        assert work.next_to_do(order[0]) == order[-1]


@pytest.mark.parametrize(
    ("sort", "wanted"),
    [("random:7", "random:7"), ("-event", "-event"), ("uncertain", "uncertain"), ("size", "number"),
     ("random:x", "number"), ("random:", "number"), ("event:1", "number")],
)  # fmt: skip
def test_orders_are_remembered(some: Path, sort: str, wanted: str) -> None:
    with Project.open(some, "iva") as project:
        keep(project, ["queue"], Left(sort=sort))
        assert recall(project, ["queue"]).sort == wanted == known(sort)
        assert project.page(sort=wanted, limit=1)
