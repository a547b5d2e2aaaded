"""The coach: what is finished is learnt, guesses are kept, silence is kept, nothing broken spreads."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from coach_kit import (
    NAMES,
    TAIL,
    Parrot,
    article,
    finish,
    found,
    hold_out,
    label,
    look,
    make,
    state,
)

from annotator.coach.learning import Coach
from annotator.coach.pupil import Pupil
from annotator.coach.suggesters import Bound, doubt, language, own, suggestions
from annotator.model.annotation import State
from annotator.model.assistance import Assistance
from annotator.model.errors import AnnotatorError
from annotator.model.scheme_file import preset
from annotator.model.suggestion import Suggestion
from annotator.store.project import Project
from annotator.suggest.protocol import Guess

NAMES_KEY, LINES_KEY = ("entities", "names"), ("boilerplate", "boilerplate")
WANTED = {("names", kind, surface) for surface, kind in NAMES}


@pytest.fixture
def project(tmp_path: Path) -> Iterable[Project]:
    with Project.open(make(tmp_path), "iva") as opened:
        yield opened


def only(coach: Coach, suggester: object) -> Pupil:
    """Let the coach have this suggester of names and no other."""
    layer = coach.project.scheme.layer("entities")
    pupil = Pupil(Bound(layer, suggester))  # type: ignore[arg-type]  # a test's own
    coach.pupils[:] = [pupil]
    return pupil


def test_lines_are_for_layers_of_blocks_and_names_for_the_others() -> None:
    assert [bound.key for bound in own(preset("news"))] == [LINES_KEY, NAMES_KEY]


def test_what_is_finished_is_suggested_elsewhere(project: Project) -> None:
    finish(project, "a00", "a01", "a02")
    coach = Coach(project)
    assert coach.learn() == 0
    assert coach.prepare(["a03", "a04"]) == ["a03", "a04"]
    assert set(found(project, "a03")) >= WANTED
    assert ("boilerplate", "form_login", TAIL) in found(project, "a04")
    assert found(project, "a05") == [], "nobody asked for it"


def test_the_same_state_suggests_once(project: Project) -> None:
    finish(project, "a00", "a01")
    coach = Coach(project)
    coach.learn()
    assert coach.prepare(["a03"]) == ["a03"]
    assert coach.plan(["a03"]) == []
    finish(project, "a02")
    coach.learn()
    assert {step.pupil.layer for step in coach.plan(["a03"])} == {"boilerplate", "entities"}


def test_a_lesson_goes_on_where_it_was_left(project: Project) -> None:
    finish(project, "a00", "a01")
    first = Coach(project)
    first.learn()
    first.prepare(["a03"])
    first.keep()
    again = Coach(project)
    assert again.learn() == 0
    assert {pupil.suggester.version for pupil in again.pupils} == {
        pupil.suggester.version for pupil in first.pupils
    }
    assert again.plan(["a03"]) == [], "what was kept is of the same state"


@pytest.mark.parametrize("why", ["done", "skipped", "test", "blind", "without", "off"])
def test_nothing_is_prepared_where_nothing_may_be_suggested(project: Project, why: str) -> None:
    finish(project, "a00", "a01")
    if why in ("done", "skipped"):
        state(project, "a03", State(why))
    elif why == "test":
        hold_out(project, "a03")
    else:
        changed = {
            "blind": Assistance(blind=1.0),
            "without": Assistance(without=frozenset({"iva"})),
            "off": Assistance(off=frozenset({"entities", "boilerplate"})),
        }[why]
        assert project.set_assistance(changed)
    coach = Coach(project)
    coach.learn()
    assert coach.prepare(["a03"]) == []
    assert project.guessed(["a03"]) == {}


def test_a_layer_is_switched_off_alone(project: Project) -> None:
    finish(project, "a00", "a01")
    project.set_assistance(Assistance(off=frozenset({"boilerplate"})))
    coach = Coach(project)
    coach.learn()
    coach.prepare(["a03"])
    assert {source for source, _, _ in found(project, "a03")} == {"names"}


def test_blind_articles_are_learnt_from(project: Project) -> None:
    project.set_assistance(Assistance(blind=1.0))
    finish(project, "a00")
    coach = Coach(project)
    coach.learn()
    assert coach.pupil(*NAMES_KEY).learnt.keys() == {1}


def test_test_articles_and_others_work_are_not_learnt_from(project: Project) -> None:
    with Project.open(project.path, "boris") as other:
        finish(other, "a02")
    finish(project, "a00", "a01")
    hold_out(project, "a00")
    coach = Coach(project)
    coach.learn()
    assert coach.pupil(*NAMES_KEY).learnt.keys() == {2}


def test_a_changed_article_is_learnt_anew_at_the_next_refit(project: Project) -> None:
    finish(project, "a00", "a01")
    coach = Coach(project)
    coach.train()
    pupil = coach.pupil(*NAMES_KEY)
    for name in ("a00", "a01"):
        label(project, name, [("общината", "ORG")])
    assert coach.learn() == 0
    assert pupil.changed.keys() == {1, 2}
    assert pupil.wants_refit
    coach.refit(pupil)
    assert not pupil.changed
    assert not pupil.is_old
    coach.prepare(["a03"])
    assert ("names", "ORG", "общината") in found(project, "a03")


def test_work_in_another_layer_is_no_change(project: Project) -> None:
    label(project, "a00")
    look(project, "a00", "entities")
    coach = Coach(project)
    coach.learn()
    before = dict(coach.pupil(*NAMES_KEY).learnt)
    look(project, "a00", "boilerplate")
    coach.learn()
    pupil = coach.pupil(*NAMES_KEY)
    assert not pupil.changed
    assert pupil.learnt != before, "the stamp is a new one"


def test_what_is_opened_again_is_forgotten_and_never_kept(project: Project) -> None:
    finish(project, "a00", "a01")
    coach = Coach(project)
    coach.learn()
    state(project, "a00", State.OPEN)
    coach.look()
    pupil = coach.pupil(*NAMES_KEY)
    assert pupil.gone == {1}
    coach.keep()
    assert project.lesson(*NAMES_KEY) is None, "nothing of it may be kept"
    assert coach.train() == 2
    assert project.lesson(*NAMES_KEY).learnt.keys() == {2}


def test_dropped_lessons_are_learnt_anew(project: Project) -> None:
    finish(project, "a00", "a01")
    coach = Coach(project)
    coach.train()
    project.drop_lessons()
    assert coach.look() == 4, "two articles in two layers"
    assert coach.learn() == 0
    assert coach.pupil(*NAMES_KEY).learnt.keys() == {1, 2}


def test_a_damaged_lesson_is_none(project: Project) -> None:
    finish(project, "a00", "a01")
    Coach(project).train()
    kept = project.lesson(*NAMES_KEY)
    project.keep_lesson(kept._replace(saved=kept.saved[:-3]))
    told: list[str] = []
    coach = Coach(project, told=told.append)
    assert coach.pupil(*NAMES_KEY).learnt == {}
    assert coach.learn() == 0
    assert coach.pupil(*NAMES_KEY).learnt.keys() == {1, 2}
    assert told == []


@pytest.mark.parametrize("step", ["load", "learn", "suggest", "save", "refit"])
def test_what_breaks_is_left_out_with_one_sentence(project: Project, step: str) -> None:
    finish(project, "a00", "a01")
    told: list[str] = []
    coach = Coach(project, told=told.append)
    names = coach.pupil(*NAMES_KEY)
    coach.train()
    pupil = only(coach, Parrot(step))
    coach.pupils.append(names)
    if step == "load":
        project.keep_lesson(project.lesson(*NAMES_KEY)._replace(source="parrot"))
        coach.take(pupil)
    coach.learn()
    coach.prepare(["a03", "a04"])
    coach.keep()
    if step == "refit":
        coach.refit(pupil)
    assert coach.pupils == [names]
    assert told == ["parrot broke in entities and is left out: ZeroDivisionError: no brain."]
    assert set(found(project, "a04")) >= WANTED


def test_trouble_with_the_project_is_not_the_suggesters(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    finish(project, "a00")
    coach = Coach(project)

    def lost(*_: object) -> None:
        raise AnnotatorError("The disk is gone.")

    monkeypatch.setattr(project, "finished_layers", lost)
    with pytest.raises(AnnotatorError, match="disk"):
        coach.refit(coach.pupils[0])
    assert len(coach.pupils) == 2


def test_a_refit_that_changes_nothing_is_not_made_again(project: Project) -> None:
    finish(project, "a00", "a01")
    coach = Coach(project)
    parrot = Parrot()
    pupil = only(coach, parrot)
    coach.learn()
    parrot.stale = True
    assert pupil.wants_refit
    coach.refit(pupil)
    parrot.stale = True
    assert not pupil.wants_refit
    finish(project, "a02")
    coach.learn()
    assert pupil.wants_refit


def test_training_tells_how_far_it_is(project: Project) -> None:
    finish(project, "a00", "a01", "a02")
    told: list[tuple[int, int]] = []
    Coach(project).train(lambda done, of: told.append((done, of)))
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1] >= 6
    told.clear()
    assert Coach(project).train(lambda done, of: told.append((done, of)), anew=True) == 2
    assert told[-1] == (6, 6)


def test_preparing_tells_how_far_it_is(project: Project) -> None:
    told: list[tuple[int, int]] = []
    Coach(project).prepare(["a00", "a01"], lambda done, of: told.append((done, of)))
    assert told[-1] == (2, 2)


def test_guesses_that_cannot_be_are_passed_over(project: Project) -> None:
    layer = preset("news").layer("entities")
    bound = Bound(layer, Parrot())  # type: ignore[arg-type]  # a test's own
    text = "Иван и  Мария"
    guesses = [
        Guess(0, 4, "PER", 0.9),
        Guess(2, 6, "PER", 0.9),  # overlaps
        Guess(6, 8, "PER", 0.9),  # blank
        Guess(8, 13, "", 0.6, sure=True),
        Guess(9, 99, "PER", 0.9),  # beyond the end
        Guess(5, 6, "NOBODY", 0.9),  # no such label
        Guess(5, 5, "PER", 0.9),  # empty
    ]
    kept = suggestions(guesses, bound, "v1", text)
    assert [(s.start, s.end, s.label, s.sure) for s in kept] == [
        (0, 4, "PER", False),
        (8, 13, "", False),
    ]
    assert {(s.source, s.version, s.layer) for s in kept} == {("parrot", "v1", "entities")}


def test_doubt_is_the_mean_of_what_is_not_sure() -> None:
    one = Suggestion("entities", "PER", 0, 4, "parrot")
    assert doubt([]) == 0
    assert doubt([one._replace(score=0.5), one._replace(score=0.75)]) == 0.375
    assert doubt([one, one._replace(score=0.5)]) == 0.25, "without a score it is sure"


@pytest.mark.parametrize(
    ("tag", "code"), [("", ""), ("und", ""), ("bg", "bg"), ("sr-Latn", "sr"), ("EN-gb", "en")]
)
def test_languages_are_told_by_their_code(tag: str, code: str) -> None:
    assert language(tag) == code


def test_doubt_is_kept_with_the_guesses(project: Project) -> None:
    coach = Coach(project)
    only(coach, Parrot())
    coach.prepare(["a03"])
    (kept,) = project.guessed(["a03"])["a03"]
    assert (kept.source, kept.version, kept.doubt) == ("parrot", "v0", 0.25)


def test_lines_recur_in_a_source_before_anybody_labelled_anything(project: Project) -> None:
    Coach(project).prepare(["a03"])
    mine = [s for s in project.suggestions("a03") if s.source == "boilerplate"]
    text = article(3).text
    assert TAIL in [text[s.start : s.end] for s in mine]
    assert any("seen in" in s.why for s in mine)


def test_held_out_articles_are_not_counted(project: Project) -> None:
    coach = Coach(project)
    coach.prepare(["a03"])
    all_counted = coach.pupil(*LINES_KEY).suggester.version
    hold_out(project, "a00")
    other = Coach(project)
    other.prepare(["a03"])
    assert other.pupil(*LINES_KEY).suggester.version != all_counted


def test_no_word_of_a_withdrawn_article_is_suggested_or_kept(project: Project) -> None:
    """Also where what was learnt had not been kept yet, and where lines were only counted."""
    finish(project, "a00", "a01")
    coach = Coach(project)
    coach.learn()
    coach.prepare(["a05"])
    assert any(pupil.suggester.version.endswith(".8") for pupil in coach.pupils)
    with Project.open(project.path, "lead") as lead:
        lead.withdraw("a00", "asked for")
        lead.withdraw("a01", "asked for")
    coach.learn()
    coach.prepare(["a05"])
    assert not [source for source, *_ in found(project, "a05") if source == "names"]
    coach.keep()
    (lesson,) = project.lessons()  # of the lines that recur
    assert (lesson.learnt, lesson.version.rpartition(".")[2]) == ({}, "6")


def test_lines_of_an_article_that_is_held_out_later_count_no_longer(project: Project) -> None:
    finish(project, "a00", "a01")
    coach = Coach(project)
    coach.train()
    hold_out(project, "a00")
    coach = Coach(project)
    coach.train()
    lines = project.lesson(*LINES_KEY)
    assert lines is not None
    assert lines.version.rpartition(".")[2] == "7"


def test_a_plug_in_that_learnt_what_is_gone_is_refitted(project: Project) -> None:
    finish(project, "a00", "a01")
    parrot = Parrot()
    bound = Bound(project.scheme.span_layers[1], parrot, quick=False)
    coach = Coach(project)
    coach._join([bound])
    coach.learn()
    assert parrot.heard == ["Новина 0", "Новина 1"]
    with Project.open(project.path, "lead") as lead:
        lead.withdraw("a00", "asked for")
    coach.look()
    (pupil,) = [p for p in coach.pupils if p.suggester is parrot]
    assert pupil.is_old
    coach.keep()
    assert project.lesson("entities", "parrot") is None
    coach.train()
    assert parrot.heard == ["Новина 1"]


def test_what_cannot_be_read_is_not_tried_for_ever(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    finish(project, *(f"a0{n}" for n in range(4)))
    coach = Coach(project)
    there = project.finished_layers
    monkeypatch.setattr(
        project,
        "finished_layers",
        lambda layer, numbers: (f for f in there(layer, numbers) if f.article.id > "a01"),
    )
    left = [coach.learn(most=2) for _ in range(3)]
    assert left == [4, 0, 0]  # of two suggesters
    assert all(len(pupil.learnt) == 2 for pupil in coach.pupils)
