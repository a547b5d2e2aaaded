"""Suggestions from a file in the plain mode: said, confirmed, turned down."""

import pytest

from annotator.model.split import Assigned
from annotator.model.suggestion import Suggestion
from annotator.store.project import Project
from annotator.store.suggesting import Offer


def on(text: str, surface: str, label: str, score: float | None) -> Suggestion:
    start = text.index(surface)
    return Suggestion("entities", label, start, start + len(surface), "модел", score)


@pytest.fixture
def suggested(path):
    with Project.open(path, "somebody") as project:
        text = project.article("key-bg").text
        found = (on(text, "Рада Вълчева", "PER", 0.75), on(text, "Тодор Жеков", "LOC", None))
        assert project.suggest([Offer("key-bg", text, found)])[0].new == 2


def test_they_are_said_and_enter_labels(suggested, sit):
    here = sit()
    assert here("layer 2")[-1].startswith("No label here")
    said = here("block 2", "right")
    assert (
        said[-1] == "Suggested: PER, модел 0.75 “Рада Вълчева”; enter labels it, remove rejects it."
    )
    said = here("enter")
    assert said[:2] == ["Labelled: PER “Рада Вълчева”.", "Saved."]
    assert here.work().spans[0].origin == "модел"
    said = here("next candidate", "previous candidate", "find Тодор", "clear")
    assert said[-1].startswith("Suggested: LOC, модел “Тодор Жеков”")
    said = here("remove")
    assert "Saved." in said
    assert here.labels() == [("PER", "Рада Вълчева")]
    assert here("enter") == [
        "No annotation is held and none suggested; give a label by its letter or name."
    ]


def test_confirm_all(suggested, sit):
    here = sit()
    here("layer 2", "confirm all")
    assert here.labels() == [("PER", "Рада Вълчева"), ("LOC", "Тодор Жеков")]


def test_in_an_article_held_out_nothing_is_suggested_and_that_is_said(suggested, path, sit):
    with Project.open(path, "somebody") as project:
        project.assign_splits([Assigned("key-bg", "test")])
    here = sit()
    here("layer 2", "find Синево", "PER")
    assert here.labels() == [("PER", "Синево")]
    said = here("every occurrence")
    told = "This article is held out for testing: nothing is suggested here."
    assert said[0].startswith(told)
    here("confirm all")
    assert here.labels() == [("PER", "Синево")]


def test_what_is_said_at_opening_and_why(suggested, path, sit):
    with Project.open(path, "somebody") as project:
        project.assign_splits([Assigned("key-bg", "test")])
    here = sit()
    assert "This article is held out for testing: nothing is suggested here." in here("article")


def test_learnt_ones_say_why_and_what_has_no_label_waits_for_one(path, sit):
    with Project.open(path, "rada") as project:
        text = project.article("key-bg").text
        sure = on(text, "Рада Вълчева", "PER", 0.97)._replace(sure=True, why="memory: 4 times PER")
        found = [sure, on(text, "Тодор Жеков", "", 0.3)]
        project.keep_guesses("key-bg", "entities", "names", "v1", 0.3, found)
    here = sit()
    here("layer 2")
    said = here("confirm article")
    assert said[0].startswith("Labelled: PER “Рада Вълчева”.")
    assert "1 unsure left: tab goes to ?, names 0.30 “Тодор Жеков”." in said[1]
    said = here("next candidate")
    assert said[-1].startswith("Perhaps something: ?, names 0.30 “Тодор Жеков”; a label labels it")
    assert here("enter") == ["What is suggested has no label yet: say which it is."]
    here("PER")
    assert here.labels() == [("PER", "Рада Вълчева"), ("PER", "Тодор Жеков")]
    assert {span.origin for span in here.work().spans} == {"names"}
    assert "Least sure first" in here("least sure first")[0]
