"""The past of an article is what the project showed then."""

from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_help import looked_draft, span_draft, stance_draft, status_draft

from annotator.model.annotation import Kind, State, Work
from annotator.model.article import Article
from annotator.model.decision import Decision
from annotator.model.errors import AnnotatorError
from annotator.model.event import Act, Draft, event_time
from annotator.model.scheme_file import preset
from annotator.store.project import Project
from annotator.store.replay import moment

TEXT = "Anna met Boris in Varna. They spoke of bridges."


@pytest.fixture
def project(tmp_path):
    with Project.create(tmp_path / "p.db", preset("news"), "iva") as made:
        list(made.add([Article("a", TEXT), Article("b", TEXT)]))
        yield made


def shown(project):
    """What the project shows of article a now, each annotator's and the adjudicators' decisions."""
    return project.works("a"), project.decisions("a")


@st.composite
def acts(draw):
    """Acts of two annotators and an adjudicator on two articles."""
    article = draw(st.sampled_from("aab"))
    actor = draw(st.sampled_from(["iva", "boris"]))
    start = draw(st.integers(0, 20))
    what = draw(st.integers(0, 5))
    span_id = f"{actor}{draw(st.integers(0, 2))}{article}"
    if what == 0:
        return Act("label", (span_draft(TEXT, article, span_id, start, start + 4),)), actor
    if what == 1:
        return Act("remove", (Draft(Kind.SPAN, f"span:{span_id}", article, None),)), actor
    if what == 2:
        value = draw(st.sampled_from(["favor", "against"]))
        return Act("label", (stance_draft(TEXT, article, actor, "Anna", value),)), actor
    if what == 3:
        return Act("done", (status_draft(article, actor, State.DONE),)), actor
    if what == 4:
        return Act("looked", (looked_draft(article, actor, "entities", start > 9),)), actor
    decision = Decision(f"item:entities:{start % 3:016x}", "entities", inputs=str(start))
    return Act(
        "adjudicate", (Draft(Kind.DECISION, decision.key, article, decision.body(TEXT)),)
    ), actor


@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(acts(), min_size=1, max_size=12))
def test_any_moment_is_shown_as_it_was(tmp_path_factory, made):
    path = tmp_path_factory.mktemp("replay") / "p.db"
    with Project.create(path, preset("news"), "iva") as project:
        list(project.add([Article("a", TEXT), Article("b", TEXT)]))
        then = []
        for act, actor in made:
            events = project.submit(act, actor).result()
            then.append((events[-1].id, *shown(project)))
        for event, works, decisions in then:
            assert project.works_at("a", event) == works
            assert project.decisions_at("a", event) == decisions


def test_a_time_counts_whole(project):
    event = project.submit(Act("label", (span_draft(TEXT, "a", "s", 0, 4),))).result()[0]
    when = datetime.fromtimestamp(event_time(event.id))
    for words in (f"{when:%Y-%m-%d}", f"{when:%Y-%m-%dT%H:%M}", f"{when:%Y-%m-%d %H:%M:%S}"):
        assert project.works_at("a", words) == project.works("a")
    assert project.works_at("a", "2001-01-01") == ()
    assert project.works_at("a", "2001-01-01T10:00:00+02:00") == ()


def test_later_work_does_not_change_the_past(project):
    first = project.submit(Act("label", (span_draft(TEXT, "a", "s", 0, 4),))).result()[-1]
    before = project.works_at("a", first.id)
    project.submit(Act("label", (span_draft(TEXT, "a", "s", 0, 8, base=first.id),))).result()
    assert project.works_at("a", first.id) == before != project.works("a")
    assert isinstance(before[0], Work)


@pytest.mark.parametrize("words", ["9999-12-31", "9999-12-31T23:59"])
def test_the_last_day_there_is_counts_whole(project, words):
    project.submit(Act("label", (span_draft(TEXT, "a", "s", 0, 4),))).result()
    assert project.works_at("a", words) == project.works("a")


@pytest.mark.parametrize("words", ["", "yesterday", "2026-13-01", "0-0-0-0-0"])
def test_what_is_no_moment_is_refused(words):
    with pytest.raises(AnnotatorError, match="is no moment"):
        moment(words)
