"""Recorded time in the store: read back, counted as effort, and never as a decision."""

from pathlib import Path

import pytest
from store_help import caches, label, serious, span_draft, stance_draft, status_draft

from annotator.model.annotation import Kind, State
from annotator.model.article import Article
from annotator.model.event import Act, Draft
from annotator.model.scheme_file import preset
from annotator.model.spent import Spent
from annotator.store.effort import UNKNOWN, Effort
from annotator.store.project import Project
from annotator.store.taking import Fate, Offered

pytestmark = pytest.mark.both_engines

TEXT = "Пристанището в Царево приема и малки яхти."


def opened(tmp_path: Path) -> Project:
    project = Project.create(tmp_path / "p.db", preset("news"), "iva")
    assert [o.reason for o in project.add([Article("a", TEXT), Article("b", TEXT + "!")])] == [
        "",
        "",
    ]
    return project


def time(project: Project, article: str, actor: str, seconds: int, keys: int) -> None:
    spent = Spent({"entities": seconds}, {"entities": keys})
    draft = Draft(Kind.TIME, Spent.key(actor, article), article, spent.body())
    project.submit(Act("time", (draft,)), actor).result()


def test_time_is_read_back_and_the_project_is_sound(tmp_path: Path) -> None:
    with opened(tmp_path) as project:
        project.submit(label(project, "a", "s1")).result()
        time(project, "a", "iva", 12, 30)
        assert project.work("a").spent == Spent({"entities": 12}, {"entities": 30})
        assert serious(project) == []


def test_an_article_with_nothing_but_time_is_new(tmp_path: Path) -> None:
    with opened(tmp_path) as project:
        time(project, "a", "iva", 12, 30)
        row = project.row("a")
        assert row is not None
        assert row.state == State.NEW
        assert project.work("a").status.state is State.NEW
        assert project.progress().actors == ()
        assert serious(project) == []
        before = caches(project.path)
        project.rebuild()
        assert caches(project.path) == before


def test_time_is_not_the_last_decision(tmp_path: Path) -> None:
    with opened(tmp_path) as project:
        saved = project.submit(label(project, "a", "s1")).result()
        time(project, "a", "iva", 5, 5)
        assert caches(project.path)["work"][0][4] == saved[-1].id
        before = caches(project.path)
        project.rebuild()
        assert caches(project.path) == before


def test_effort_is_by_annotator_and_layer_and_only_where_time_was_recorded(tmp_path: Path) -> None:
    with opened(tmp_path) as project:
        drafts = tuple(span_draft(TEXT, "a", f"s{n}", n, n + 2) for n in range(0, 8, 2))
        project.submit(Act("label", drafts)).result()
        project.submit(label(project, "b", "t1")).result()  # without time
        project.submit(label(project, "a", "o1"), "olga").result()
        time(project, "a", "iva", 10, 18)
        found = {actor.actor: actor.layers for actor in project.progress().actors}
        assert found["iva"]["entities"].effort == Effort(4, 10, 18, 2.5, 4.5)
        assert found["iva"]["entities"].annotations == 5
        assert found["olga"]["entities"].effort == UNKNOWN
        assert UNKNOWN.keys_each is None


def test_effort_without_an_annotation_is_undefined(tmp_path: Path) -> None:
    with opened(tmp_path) as project:
        project.submit(Act("done", (status_draft("a", "iva", State.DONE, 3),))).result()
        time(project, "a", "iva", 10, 18)
        (iva,) = project.progress().actors
        assert iva.layers["entities"].effort == Effort(0, 10, 18, None, None)


def test_stances_are_the_stance_layers_annotations(tmp_path: Path) -> None:
    with opened(tmp_path) as project:
        draft = stance_draft(TEXT, "a", "iva", "Царево", "FAVOR")
        project.submit(Act("stance", (draft,))).result()
        spent = Spent({"stance": 7}, {"stance": 6})
        body = Draft(Kind.TIME, Spent.key("iva", "a"), "a", spent.body())
        project.submit(Act("time", (body,))).result()
        (iva,) = project.progress().actors
        assert iva.layers["stance"].effort == Effort(1, 7, 6, 7.0, 6.0)


def test_an_export_taken_in_again_changes_nothing_beside_time(tmp_path: Path) -> None:
    with opened(tmp_path) as project:
        project.submit(label(project, "a", "s1")).result()
        time(project, "a", "iva", 12, 30)
        (taken,) = project.take([Offered("a", TEXT, project.work("a"))])
        assert taken.fate is Fate.UNCHANGED
        assert project.work("a").spent.seconds == {"entities": 12}
