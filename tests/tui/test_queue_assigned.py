"""The queue of who was assigned articles: theirs, then the pools', and now and then a later pass."""

from pathlib import Path

import pytest
from tui_kit import ARTICLES, open_app

from annotator.config import Config
from annotator.model.annotation import Kind, Span, State, Status
from annotator.model.article import Article
from annotator.model.errors import AnnotatorError
from annotator.model.event import Act, Draft
from annotator.model.scheme_file import preset
from annotator.model.slot import Pool, Slot, Why
from annotator.store.filters import ALL, Filter
from annotator.store.project import Project
from annotator.tui import passes
from annotator.tui.queue import QueueScreen
from annotator.tui.queue_list import as_found
from annotator.tui.work import WorkList

IDS = [article.id for article in ARTICLES]


def assign(path: Path, *slots: Slot) -> None:
    with Project.open(path, "lead") as project:
        assert project.assign(slots) == len(slots)


def finish(project: Project, article: str, actor: str) -> None:
    draft = Draft(Kind.STATUS, Status.key(actor, article), article, Status(State.DONE).body())
    project.submit(Act("done", (draft,)), actor).result()


def label(project: Project, article: str, actor: str, name: str, end: int) -> None:
    text = project.article(article).text
    span = Span(name, "entities", "LOC", 0, end)
    project.submit(
        Act("label", (Draft(Kind.SPAN, span.key, article, span.body(text)),)), actor
    ).result()


async def test_the_queue_is_what_was_assigned(project: Path) -> None:
    assign(project, Slot("most-ru", "iva"), Slot("most-ja", "iva"), Slot("most-el", "boris"))
    async with open_app(project) as seat:
        assert seat.desk.sheet.article.id == "most-ru"
        await seat.press("ctrl+d")
        assert seat.desk.sheet.article.id == "most-ja"
        await seat.press("ctrl+o")
        assert "assigned:me" in seat.text()
        assert "2 articles" in seat.text()
        assert isinstance(seat.app.screen, QueueScreen)
        assert [row.id for row in seat.app.screen._list.rows] == ["most-ru", "most-ja"]
        await seat.press("ctrl+u")  # the filter may be cleared
        assert "5 articles" in seat.text()
        await seat.press("escape ctrl+d")
        assert seat.desk.sheet.article.id == "most-ja"
        assert "No other article there" in seat.text(), "both are done"


async def test_the_queue_tells_how_much_is_left(project: Path) -> None:
    assign(project, Slot("most-ru", "iva"), Slot("most-ja", "iva"), Slot("most-el", "boris"))
    async with open_app(project) as seat:
        await seat.press("ctrl+o")
        assert "· 2 articles, 2 left ·" in seat.text()
        await seat.press("escape ctrl+d")
        await seat.saved()
        await seat.press("ctrl+o")
        assert "· 2 articles, 1 left ·" in seat.text()
        await seat.press("ctrl+u")
        assert " left " not in seat.lines()[0], "of all articles nothing is somebody's to do"
        assert "assigned:me" in seat.lines()[1], "the way back"


async def test_without_assignments_everything_is_the_queue(project: Path) -> None:
    assign(project, Slot("most-el", "boris"))
    async with open_app(project) as seat:
        assert seat.app.work.where == ALL
        assert seat.desk.sheet.article.id == "most-bg"


async def test_the_queue_goes_back_to_ones_own_where_it_does_not_stay(project: Path) -> None:
    assign(project, Slot("most-ru", "iva"), Slot("most-ja", "iva"))
    async with open_app(project, config=Config(sticky=("layer",))) as seat:
        seat.app.work.where = Filter(lang="el")
        await seat.press("ctrl+n")
        assert seat.desk.sheet.article.id == "most-el"
        assert seat.app.work.where == Filter(assigned="me")


async def test_places_are_taken_one_after_another(project: Path) -> None:
    with Project.open(project, "lead") as lead:
        lead.open_pools([Pool(name, 1) for name in IDS[:3]])
        lead.assign([Slot("most-ja", "iva")])
        assert lead.claim(["most-bg"], "boris") == "most-bg"
    async with open_app(project) as seat:
        assert seat.desk.sheet.article.id == "most-ja", "first what was assigned"
        await seat.press("ctrl+d")
        assert seat.desk.sheet.article.id == "most-ru"
        slots = seat.app.work.project.slots(annotator="iva")
        assert [slot.article for slot in slots] == ["most-ru", "most-ja"]
        await seat.press("ctrl+d")
        await seat.press("ctrl+d")
        assert "No other article there" in seat.text(), "boris was faster at the last one"


async def test_who_opens_an_article_of_the_pool_by_hand_takes_a_place_with_the_first_label(
    project: Path,
) -> None:
    with Project.open(project, "lead") as lead:
        lead.open_pools([Pool(name, 1) for name in IDS])
    async with open_app(project, start="most-el") as seat:
        assert list(seat.app.work.project.slots(annotator="iva")) == []
        await seat.press("2 p")
        await seat.saved()
        assert [slot.article for slot in seat.app.work.project.slots()] == ["most-el"]
        assert len((await seat.work("most-el")).spans) == 1


@pytest.fixture
def twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project in which iva has finished one article and is to do it again, unknowingly."""
    monkeypatch.setattr(passes, "EVERY", 1)
    path = tmp_path / "twice.db"
    with Project.create(path, preset("news"), "lead") as project:
        list(project.add([Article(name, f"Русе и Варна, {name}.", lang="bg") for name in "abc"]))
        project.assign(Slot(name, "iva") for name in "abc")
        label(project, "a", "iva", "s1", 4)
        label(project, "b", "iva", "s2", 4)
        finish(project, "a", "iva")
        project.assign([Slot("a", "iva #2", "", Why.AGAIN)])
    return path


async def test_a_later_pass_is_served_and_the_first_stays_unseen(twice: Path) -> None:
    async with open_app(twice) as seat:
        assert seat.desk.sheet.article.id == "b"
        await seat.press("ctrl+d")
        assert seat.desk.sheet.article.id == "a"
        assert seat.desk.sheet.actor == "iva #2"
        assert seat.desk.sheet.spans == {}
        assert "#2" not in seat.text()
        await seat.press("2 o ctrl+d")
        assert seat.desk.sheet.article.id == "c"
        await seat.saved()
        project = seat.app.work.project
        assert [s.label for s in project.work("a", "iva #2").spans] == ["ORG"]
        assert [s.label for s in project.work("a", "iva").spans] == ["LOC"]
        assert project.is_finished("a", "iva #2")
        await seat.press("ctrl+z ctrl+z")  # done, then the label of the later pass
        await seat.saved()
        assert project.work("a", "iva #2").spans == ()
        await seat.press("ctrl+z ctrl+z ctrl+z ctrl+z")  # what was done before
        await seat.saved()
        assert [s.label for s in project.work("a", "iva").spans] == ["LOC"]
        assert project.work("b", "iva").spans == ()
        assert project.work("a", "iva #2").spans == ()


async def test_the_queue_shows_the_pass_that_is_opened(twice: Path) -> None:
    with Project.open(twice, "iva") as project:
        rows = {row.id: row for row in as_found(WorkList(project), project.page())}
        assert rows["a"].state is State.DONE, "nobody is told beforehand"
    async with open_app(twice) as seat:
        work = seat.app.work
        await seat.press("ctrl+d")
        assert seat.desk.sheet.actor == "iva #2"
        rows = {row.id: row for row in as_found(work, work.project.page())}
        assert (rows["a"].state, dict(rows["a"].counts)) == (State.NEW, {})
        assert rows["b"] == work.project.row("b")
        await seat.press("2 o")
        await seat.saved()
        rows = {row.id: row for row in as_found(work, work.project.page())}
        assert (rows["a"].state, dict(rows["a"].counts)) == (State.STARTED, {"entities": 1})
    with Project.open(twice, "iva") as project:  # the next sitting
        rows = {row.id: row for row in as_found(WorkList(project), project.page())}
        assert rows["a"].state is State.STARTED
        finish(project, "a", "iva #2")
        rows = {row.id: row for row in as_found(WorkList(project), project.page())}
        assert (rows["a"].state, dict(rows["a"].counts)) == (State.DONE, {"entities": 1})


def test_precedents_leave_the_first_pass_out(twice: Path) -> None:
    with Project.open(twice, "iva") as project:
        work = WorkList(project)
        work.work("c")
        assert work.precedents("Русе", "entities").counts == {"LOC": 2}
        work.work("a")
        found = work.precedents("Русе", "entities")
        assert found.counts == {"LOC": 1}
        assert {place.article for places in found.places.values() for place in places} == {"b"}
        assert work.known_forms("entities", [found.form]) == {found.form}
        assert work.labels_of([found.form], "entities") == {found.form: {"LOC": 1}}
        label(project, "b", "iva", "s2", 9)  # another stretch now
        assert work.known_forms("entities", [found.form]) == set()
        assert work.precedents("Русе", "entities").counts == {}


def test_the_acts_of_all_passes_newest_first(twice: Path) -> None:
    with Project.open(twice, "iva") as project:
        work = WorkList(project)
        label(project, "a", "iva #2", "s9", 4)
        label(project, "c", "iva", "s8", 4)
        acts = [[change.article for change in act.changes] for act in work.past_acts()]
        assert acts == [["c"], ["a"], ["b"]], "nothing of the first pass over a"
        assert {act.changes[0].key for act in work.past_acts()} == {"span:s8", "span:s9", "span:s2"}


def test_a_pass_assigned_to_an_open_article_waits_for_the_next_sitting(twice: Path) -> None:
    with Project.open(twice, "iva") as project, Project.open(twice, "lead") as lead:
        work = WorkList(project)
        assert work.work("b").actor == "iva"
        finish(project, "b", "iva")
        lead.assign([Slot("b", "iva #2", "", Why.AGAIN)])
        assert work.voice("b") == "iva"
        assert work.next_to_do("c") == "a", "the pass over a, not that over b"
        assert WorkList(project).voice("b") == "iva #2"


def test_passes_come_now_and_then_and_at_the_end(twice: Path, monkeypatch) -> None:
    monkeypatch.setattr(passes, "EVERY", 1 << 40)
    with Project.open(twice, "iva") as project:
        work = WorkList(project)
        assert work.next_to_do("a") == "b"
        assert work.next_to_do("b") == "c"
        finish(project, "b", "iva")
        finish(project, "c", "iva")
        assert work.next_to_do("c") == "a", "at the end there is nothing else"
        assert work.first() == "a"
        finish(project, "a", "iva #2")
        assert WorkList(project).next_to_do("c") is None


def test_training_comes_first(twice: Path) -> None:
    with Project.open(twice, "iva") as project:
        project.assign([Slot("c", "iva #training", "", Why.GOLD)])
        work = WorkList(project)
        assert work.next_to_do("b") == "c"
        assert work.voice("c") == "iva #training"
        finish(project, "c", "iva #training")
        assert WorkList(project).voice("c") == "iva"


@pytest.fixture
def asked(tmp_path: Path) -> Path:
    """A project in which iva has 40 articles, and before them 4 whose answers are known."""
    path = tmp_path / "asked.db"
    with Project.create(path, preset("news"), "lead") as project:
        names = [f"{'g' if n < 4 else 'w'}{n:02}" for n in range(44)]
        list(project.add([Article(name, f"Русе и Варна, {name}.", lang="bg") for name in names]))
        project.assign(
            Slot(name, "iva", "", Why.GOLD if name[0] == "g" else Why.WORK) for name in names
        )
    return path


def walk(work: WorkList) -> list[str]:
    """The articles somebody does who always goes on to the next to do."""
    found = [work.first() or ""]
    finish(work.project, found[0], "iva")
    while (following := work.next_to_do(found[-1])) not in (None, found[-1]):
        found.append(str(following))
        finish(work.project, found[-1], "iva")
    return found


def test_hidden_questions_are_spread_over_the_work(asked: Path) -> None:
    with Project.open(asked, "iva") as project:
        done = walk(WorkList(project))
    assert sorted(done) == sorted({*done})
    assert len(done) == 44, "each came once"
    assert [name for name in done if name[0] == "w"] == [f"w{n:02}" for n in range(4, 44)]
    places = [place for place, name in enumerate(done) if name[0] == "g"]
    assert places != [0, 1, 2, 3]
    assert places[-1] > 20, "the last ones tell how the work is later on"
    assert places[0] < 40


def test_a_question_comes_often_where_little_is_left(asked: Path, monkeypatch) -> None:
    monkeypatch.setattr(passes, "EVERY", 1)
    with Project.open(asked, "iva") as project:
        for n in range(4, 41):
            finish(project, f"w{n:02}", "iva")
        work = WorkList(project)
        assert work.next_to_do("w40") == "g00"
        finish(project, "g00", "iva")
        assert work.next_to_do("g00") == "g01"


def test_after_a_question_the_queue_goes_on_where_it_was(asked: Path, monkeypatch) -> None:
    with Project.open(asked, "lead") as project:
        project.take_back([Slot(f"g{n:02}", "iva") for n in range(4)])
        project.assign([Slot("w30", "iva", "", Why.GOLD)])  # it keeps the slot that it has
        project.take_back([Slot("w30", "iva")])
        project.assign([Slot("w30", "iva", "", Why.GOLD)])
    monkeypatch.setattr(passes, "EVERY", 1)
    with Project.open(asked, "iva") as project:
        work = WorkList(project)
        monkeypatch.setattr(project, "left_to_do", lambda: 1)
        assert work.first() == "w04"
        assert work.next_to_do("w04") == "w30"
        assert work.next_to_do("w30") == "w04", "left unfinished"
        finish(project, "w04", "iva")
        assert work.next_to_do("w04") == "w30"
        finish(project, "w30", "iva")
        assert work.next_to_do("w30") == "w05"
        assert WorkList(project).first() == "w05", "in the next sitting too"


def test_a_question_that_was_begun_or_looked_for_is_an_article_like_others(asked: Path) -> None:
    with Project.open(asked, "iva") as project:
        label(project, "g01", "iva", "s", 4)
        work = WorkList(project)
        assert work.first() == "g01", "it was worked on last"
        assert work.next_to_do("w43") == "g01"
        work.where = Filter(assigned="me", lang="bg")
        assert work.next_to_do("w43") == "g00", "a narrowed queue has its order"
        work.where = work.usual
        finish(project, "g01", "iva")
        for n in range(4, 44):
            finish(project, f"w{n:02}", "iva")
        assert work.next_to_do("w43") == "g00", "nothing else is left"


@pytest.mark.parametrize("sort", ["number", "-number", "date", "-date", "length", "title"])
def test_the_few_that_are_left_among_many_are_found(tmp_path: Path, sort: str) -> None:
    with Project.create(tmp_path / "many.db", preset("news"), "iva") as project:
        list(project.add([
            Article(f"a{n:03}", f"Новина {n * 37 % 300} {'x' * (n % 5)}", date=f"2024-01-{1 + n % 9:02}")
            for n in range(300)
        ]))  # fmt: skip
        left = {"a007", "a130", "a131", "a255"}
        for n in range(300):
            if f"a{n:03}" not in left:
                finish(project, f"a{n:03}", "iva")
        label(project, "a131", "iva", "s", 3)
        project.assign(Slot(f"a{n:03}", "iva") for n in range(300) if n != 130)
        for where, open_ in ((ALL, left), (Filter(assigned="me"), left - {"a130"})):
            work = WorkList(project)
            work.where, work.sort = where, sort
            order = [row.id for row in project.page(where, sort, limit=1000)]
            for here in range(0, len(order), 23):
                walk = [*order[here + 1 :], *order[:here]]
                assert work.next_to_do(order[here]) == next(name for name in walk if name in open_)
        assert project.take_back([Slot("a007", "iva")])
        project.assign([Slot("a007", "iva", "", Why.GOLD)])
        work = WorkList(project)
        work.sort = sort
        for here in range(0, len(order), 23):  # a007 comes out of turn
            walk = [*order[here + 1 :], *order[:here]]
            wanted = next(name for name in walk if name in ("a131", "a255"))
            assert work._next(project.row(order[here])) == wanted
        work = WorkList(project)
        work.where = Filter(state="started")
        assert work.next_to_do("a001") == "a131"
        work.where = Filter(state="done")
        assert work.next_to_do("a001") is None
        for name in left - {"a131"}:  # the question too
            finish(project, name, "iva")
        work.where = ALL
        assert work.next_to_do("a131") is None, "nothing but the one at hand"


def test_nobody_sits_down_as_a_later_pass(twice: Path) -> None:
    with (
        Project.open(twice, "iva #2") as project,
        pytest.raises(AnnotatorError, match="open it as iva"),
    ):
        WorkList(project)
