"""A line labelled everywhere in a real project: found by source, queue and silence, taken back whole."""

from pathlib import Path

import pytest
from engines import stands_for
from tui_kit import make_project

from annotator.desk.desk import Desk
from annotator.model.annotation import Rejection
from annotator.model.article import Article
from annotator.model.assistance import Assistance
from annotator.model.person import TRAINING, pass_name
from annotator.model.slot import Pool, Slot
from annotator.model.split import Assigned
from annotator.model.suggestion import Suggestion
from annotator.store.check import verify
from annotator.store.project import Project
from annotator.store.suggesting import Offer
from annotator.text.alike import look
from annotator.tui.work import WorkList

MORE = "Прочетете още: 12 новини"
SOURCE = "vestnik.example"


def article(name: str, *lines: str, source: str = SOURCE) -> Article:
    return Article(name, "\n".join((f"Новина {name} за моста.", *lines)) + "\n", "", source)


ARTICLES = (
    article("one", MORE, "Общи условия"),
    article("two", "Друго", "ПРОЧЕТЕТЕ още: 7  новини"),
    article("three", MORE, MORE),
    article("four", "Прочетете още новини"),
    article("strange", MORE, source="gazeta.example"),
    article("tested", MORE),
    article("ready", MORE),
    article("straße", "Прочетете още: 5 новини", "İSTANBUL STRASSE"),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = make_project(tmp_path, ARTICLES)
    with Project.open(found, "iva") as project:
        project.assign_splits([Assigned("tested", "test")])
        project.set_assistance(Assistance(blind=0.0))
        desk = Desk(WorkList(project), project.scheme)
        desk.open("ready")
        desk.finish()
        desk.saving.result()
    return found


def at(project: Project, name: str, words: str = MORE, label: str = "teaser_list") -> Desk:
    desk = Desk(WorkList(project), project.scheme)
    desk.open(name)
    desk.wrap(60)
    desk.caret.move_to(desk.caret.text.index(words))
    if label:
        desk.give(label)
        desk.caret.move_to(desk.caret.text.index(words))
    return desk


def saved(desk: Desk, project: Project) -> dict[str, list[str]]:
    assert desk.saving is not None
    desk.saving.result(timeout=10)
    found = {}
    for each in ARTICLES:
        spans = project.work(each.id).spans
        if spans:
            found[each.id] = [f"{s.origin} {each.text[s.start : s.end]}" for s in spans]
    return found


EVERYWHERE = {
    "one": [f"hand {MORE}"],
    "two": ["recurring ПРОЧЕТЕТЕ още: 7  новини"],
    "three": [f"recurring {MORE}\n{MORE}"],
    "straße": ["recurring Прочетете още: 5 новини"],
}


def test_it_is_saved_and_taken_back_whole_also_in_another_sitting(path: Path) -> None:
    with Project.open(path, "iva") as project:
        desk = at(project, "one")
        desk.run("everywhere")
        assert desk.message.startswith("3 other articles have this line")
        desk.run("everywhere")
        assert saved(desk, project) == EVERYWHERE
        desk.open("four")
        desk.run("undo")
        assert desk.message == "Undone: everywhere, in 3 articles."
        assert desk.sheet.article.id == "four"
        assert saved(desk, project) == {"one": [f"hand {MORE}"]}
        desk.run("redo")
        assert saved(desk, project) == EVERYWHERE
    with Project.open(path, "iva") as project:
        desk = at(project, "two", "Друго", label="")
        desk.run("undo")
        assert saved(desk, project) == {"one": [f"hand {MORE}"]}
        assert desk.sheet.spans == {}
        desk.run("redo")
        assert saved(desk, project) == EVERYWHERE
        assert len(desk.sheet.spans) == 1
        desk.run("undo")
        desk.run("undo")
        assert saved(desk, project) == {}
    assert verify(stands_for(path)) == []


def test_no_other_sitting_is_thought_to_have_changed_what_it_reached(path: Path) -> None:
    with Project.open(path, "iva") as project, Project.open(path, "iva") as other:
        desk = at(project, "one")
        work = desk.log
        assert isinstance(work, WorkList)
        work.sit()
        second = WorkList(other)
        second.sit()
        desk.run("everywhere")
        desk.run("everywhere")
        saved(desk, project)
        assert not work.is_stale("one")
        desk.open("two")
        assert not work.is_stale("two")
        desk.run("undo")
        saved(desk, project)
        assert not work.is_stale("two")
        work.stand_up()
        second.stand_up()


def test_only_articles_assigned_to_the_annotator_are_reached(path: Path) -> None:
    with Project.open(path, "iva") as project:
        lines = {look(MORE)}
        whole = project.recurring("one", "boilerplate", lines)
        assert ([f.article for f in whole.found], whole.all) == (["two", "three", "straße"], True)
        project.assign([Slot("one", "iva"), Slot("three", "iva"), Slot("two", "olga")])
        found = WorkList(project).recurring("one", "boilerplate", lines)
        assert [f.article for f in found.found] == ["three"]


def test_in_training_no_other_article_is_reached(path: Path) -> None:
    with Project.open(path, "iva") as project:
        work = WorkList(project)
        assert len(work.recurring("one", "boilerplate", {look(MORE)}).found) == 3
        work.voice = lambda _: pass_name("iva", TRAINING)
        assert work.recurring("one", "boilerplate", {look(MORE)}).found == ()


def test_blind_articles_and_layers_switched_off_are_left_out(path: Path) -> None:
    with Project.open(path, "iva") as project:
        lines = {look(MORE)}
        assert len(project.recurring("one", "boilerplate", lines).found) == 3
        assert len(project.recurring("strange", "boilerplate", lines).found) == 0
        project.set_assistance(Assistance(blind=1.0))
        assert project.recurring("one", "boilerplate", lines).found == ()
        project.set_assistance(Assistance(blind=0.0, off=frozenset({"boilerplate"})))
        assert project.recurring("one", "boilerplate", lines).found == ()
        assert project.recurring("nobody", "boilerplate", lines).found == ()


def test_lines_turned_down_there_are_left_out(path: Path) -> None:
    with Project.open(path, "iva") as project:
        desk = Desk(WorkList(project), project.scheme)
        desk.open("two")
        start = desk.caret.text.index("ПРОЧЕТЕТЕ")
        place = (start, desk.caret.text.index("\n", start))
        rejection = Rejection("boilerplate", "nav", *place)
        desk.act("reject", (desk.sheet.draft_rejection(rejection),))
        desk.saving.result(timeout=10)
        found = project.recurring("one", "boilerplate", {look(MORE)}).found
        assert [each.article for each in found] == ["three", "straße"]
        found = project.recurring("one", "entities", {look(MORE)}).found
        assert [each.article for each in found] == ["two", "three", "straße"]


def test_one_begins_again_where_one_was_and_not_where_it_reached(path: Path) -> None:
    with Project.open(path, "iva") as project:
        desk = at(project, "one")
        desk.run("everywhere")
        desk.run("everywhere")
        saved(desk, project)
        assert WorkList(project).first() == "one"
        desk.run("undo")
        saved(desk, project)
        assert WorkList(project).first() == "one"
        desk.open("three")
        desk.run("redo")
        saved(desk, project)
        assert WorkList(project).first() == "one"
        desk.caret.move_to(0)
        desk.give("title")
        saved(desk, project)
        assert WorkList(project).first() == "three"


def test_looking_at_suggestions_takes_no_place_in_the_queue(path: Path) -> None:
    text = ARTICLES[0].text
    found = Suggestion("boilerplate", "teaser_list", 0, 5, "lines-file", 0.9)
    with Project.open(path, "olga") as project:
        project.suggest([Offer("one", text, (found,))])
        project.open_pools([Pool("one", 1)])
        project.assign([Slot("two", "iva")])
    with Project.open(path, "iva") as project:
        desk = at(project, "one", label="")
        desk.window.follow()
        desk.proposals.between(0, len(text))
        desk.timer._seconds["boilerplate"] = 30.0
        desk.open("two")
        desk.log._sent.result(timeout=10)
        assert len(project.shown("one")) == 1
        assert project.is_open("one")
        desk.open("one")
        desk.give("nav")
        saved(desk, project)
        assert not project.is_open("one")


def test_lines_of_numbers_alone_are_found(tmp_path: Path) -> None:
    path = make_project(tmp_path, (article("a", "12:30"), article("b", "7:05", "12.30")))
    with Project.open(path, "iva") as project:
        project.set_assistance(Assistance(blind=0.0))
        (found,) = project.recurring("a", "boilerplate", {look("12:30")}).found
        assert [found.text[slice(*place)] for place in found.places] == ["7:05"]


def test_what_was_shown_is_saved_and_is_no_decision(path: Path) -> None:
    text = ARTICLES[0].text
    start = text.index(MORE)
    found = Suggestion("boilerplate", "teaser_list", start, start + len(MORE), "lines-file", 0.9)
    with Project.open(path, "olga") as project:
        assert project.suggest([Offer("one", text, (found,))])[0].new == 1
    with Project.open(path, "iva") as project:
        desk = at(project, "one", label="")
        desk.window.follow()
        desk.proposals.between(0, len(text))
        desk.timer._seconds["boilerplate"] = 30.0
        desk.open("two")
    with Project.open(path, "iva") as project:
        (shown,) = project.shown("one")
        assert (shown.source, len(shown.items)) == ("lines-file", 1)
        assert project.work("one").status.state == "new"
    assert verify(stands_for(path)) == []
