"""Suggestions from files in the store: replaced by source, nobody's work, and never a label."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_help import caches, label, looked_draft, serious, status_draft, tamper

from annotator.model.annotation import Kind, Span, State, Status, Work
from annotator.model.article import Article
from annotator.model.errors import AnnotatorError
from annotator.model.event import Act, Draft
from annotator.model.scheme_file import preset
from annotator.model.split import Assigned
from annotator.model.suggestion import Suggestion, of_source, valid_source
from annotator.store.engine import connect
from annotator.store.filters import Filter
from annotator.store.project import Project
from annotator.store.suggesting import Offer, Suggested
from annotator.store.suggestions import HEADS
from annotator.store.taking import Fate, Offered
from annotator.tui.work import WorkList

TEXT = "Рибарят Тодор Жеков не вярва на кметицата Рада Вълчева."
TODOR = Suggestion("entities", "PER", 8, 19, "model-a", 0.9, {"lemma": "Тодор Жеков"})
RADA = Suggestion("entities", "PER", 42, 54, "model-a", 0.3)
FIRST = Suggestion("entities", "PER", 0, 7, "model-a")
ALL = Suggestion("boilerplate", "teaser", 0, len(TEXT), "model-a")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project.create(tmp_path / "p.db", preset("news"), "iva")
    assert [o.reason for o in made.add([Article("a", TEXT), Article("b", TEXT + "!")])] == ["", ""]
    return made


def offer(project: Project, *suggestions: Suggestion, article: str = "a", **more) -> Suggested:
    (done,) = project.suggest([Offer(article, TEXT, suggestions, **more)])
    return done


def rows(project: Project, sql: str, values: dict[str, str]) -> list[tuple]:
    conn = connect(project.path, "ro")
    found = conn.execute(sql, values).fetchall()
    conn.close()
    return found


# --- the value -----------------------------------------------------------------------------------


def test_a_suggestion_knows_its_body_and_its_place() -> None:
    body = TODOR.body(TEXT)
    assert body["text"] == "Тодор Жеков"
    assert Suggestion.of(body) == TODOR
    assert Suggestion.of(RADA.body(TEXT)) == RADA
    assert set(ALL.body(TEXT)) == {"layer", "label", "source", "start", "end", "text"}
    assert TODOR.key == "suggestion:model-a:entities:8-19"
    long = Suggestion("entities", "PER", 0, 300, "m").body("дума " * 60)
    assert "sha256" in long
    assert "text" not in long


def test_a_score_says_what_is_sure() -> None:
    assert [RADA._replace(score=s).is_sure for s in (None, 0.5, 0.499, 1)] == [
        True,
        True,
        False,
        True,
    ]


def test_sources_with_colons_have_keys_of_their_own() -> None:
    keys = {of_source(name) for name in ("a:b", "a%3Ab", "a", "a:b:c")}
    assert len(keys) == 4
    assert all(key.count(":") == 2 for key in keys)


@pytest.mark.parametrize("source", ["", " ", "x" * 201, "tab\tin", "esc\x1b[31m", "rtl\u202e"])
def test_bad_sources_are_refused(project: Project, source: str) -> None:
    with pytest.raises(AnnotatorError, match="cannot be the source"):
        valid_source(source)
    done = offer(project, TODOR, RADA._replace(source=source))
    assert done.fate is Fate.REFUSED
    assert "cannot be the source" in done.reason
    assert offer(project, sources=(source,)).fate is Fate.REFUSED
    assert project.suggestions("a") == ()


# --- in and out ----------------------------------------------------------------------------------


def test_they_are_read_back_in_reading_order(project: Project) -> None:
    assert project.suggestions("a") == ()
    assert offer(project, RADA, TODOR, ALL) == Suggested("a", Fate.TAKEN, 3)
    assert project.suggestions("a") == (ALL, TODOR, RADA)
    assert project.suggestions("b") == ()
    assert serious(project) == []


def test_one_act_an_article(project: Project) -> None:
    project.suggest(
        [Offer("a", TEXT, (TODOR,)), Offer("b", TEXT, (TODOR,)), Offer("a", TEXT, (RADA,))]
    )
    acts = [event for event in project.history("a") if event.kind is Kind.SUGGESTION]
    assert {event.verb for event in acts} == {"suggest"}
    assert {event.actor for event in acts} == {"iva"}
    assert len(acts) == 2
    assert len({event.act for event in acts}) == 1
    assert project.suggestions("a") == (TODOR, RADA)


def test_the_same_again_changes_nothing(project: Project) -> None:
    offer(project, TODOR, RADA)
    before = project.vector()
    assert offer(project, RADA, TODOR) == Suggested("a", Fate.UNCHANGED)
    assert offer(project) == Suggested("a", Fate.UNCHANGED)
    assert project.vector() == before


def test_a_newer_import_replaces_the_sources_former_ones_only(project: Project) -> None:
    other = TODOR._replace(source="model-b", label="ORG")
    offer(project, TODOR, RADA)
    offer(project, other)
    moved = RADA._replace(start=32)
    assert offer(project, TODOR, moved) == Suggested("a", Fate.TAKEN, 1, 1)
    assert project.suggestions("a") == (TODOR, other, moved)
    assert offer(project, TODOR, RADA).fate is Fate.TAKEN, "the first version may come back"
    assert project.suggestions("a") == (TODOR, other, RADA)
    assert offer(project, sources=("model-a",)) == Suggested("a", Fate.TAKEN, 0, 2)
    assert project.suggestions("a") == (other,)
    assert offer(project, sources=("model-a",)).fate is Fate.UNCHANGED
    assert serious(project) == []


def test_of_two_at_one_place_the_surer_holds(project: Project) -> None:
    doubtful = TODOR._replace(label="LOC", score=0.4)
    assert offer(project, doubtful, TODOR, TODOR._replace(label="ORG", score=0.9)).new == 1
    assert project.suggestions("a") == (TODOR,)


def test_of_two_peoples_imports_of_a_source_the_newest_holds(project: Project) -> None:
    offer(project, TODOR, RADA)
    project.close()
    with Project.open(project.path, "olga") as again:
        assert offer(again, TODOR, RADA).fate is Fate.UNCHANGED
        assert offer(again, TODOR._replace(label="LOC")) == Suggested("a", Fate.TAKEN, 1, 1)
        assert again.suggestions("a") == (TODOR._replace(label="LOC"),)
    with Project.open(project.path, "iva") as again:
        assert offer(again, TODOR, RADA).fate is Fate.TAKEN
        assert again.suggestions("a") == (TODOR, RADA)
    with Project.open(project.path, "olga") as again:
        assert offer(again, sources=("model-a",)) == Suggested("a", Fate.TAKEN, 0, 2)
        assert again.suggestions("a") == ()
    with Project.open(project.path, "anna") as again:
        offer(again, TODOR)
        offer(again, TODOR._replace(source="model-b"))
        assert len(again.suggestions("a")) == 2
        assert serious(again) == []


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (FIRST._replace(end=500), "do not lie"),
        (FIRST._replace(end=0), "do not lie"),
        (FIRST._replace(score=float("nan")), "no score"),
        (FIRST._replace(score=float("inf")), "no score"),
        (FIRST._replace(attrs={"x": object()}), "stored as JSON"),
        (FIRST._replace(attrs={"x": float("nan")}), "stored as JSON"),
        (FIRST._replace(attrs={"x": "\0"}), "NUL"),
        (FIRST._replace(attrs={"x": "\ud800"}), "stored as JSON"),
    ],
)
def test_what_cannot_be_is_refused_whole_and_the_rest_goes_in(
    project: Project, bad: Suggestion, reason: str
) -> None:
    offer(project, RADA)
    done = project.suggest([Offer("a", TEXT, (TODOR, bad)), Offer("b", TEXT, (TODOR,))])
    assert [each.fate for each in done] == [Fate.REFUSED, Fate.TAKEN]
    assert reason in done[0].reason
    assert project.suggestions("a") == (RADA,)
    assert project.suggestions("b") == (TODOR,)
    assert serious(project) == []


def test_an_unknown_article_or_another_text_is_refused(project: Project) -> None:
    assert "no article" in offer(project, TODOR, article="nowhere").reason
    (done,) = project.suggest([Offer("a", TEXT.upper(), (TODOR,))])
    assert "do not cut what it quotes" in done.reason
    assert project.suggestions("a") == ()


def test_articles_of_the_test_split_get_none(project: Project) -> None:
    offer(project, TODOR)
    project.assign_splits([Assigned("a", "test"), Assigned("b", "train")])
    assert project.suggestions("a") == ()
    done = project.suggest([Offer("b", TEXT, (TODOR,)), Offer("a", TEXT, (RADA,))])
    assert [(each.article, each.fate) for each in done] == [("b", Fate.TAKEN), ("a", Fate.REFUSED)]
    assert "test split" in done[1].reason
    assert project.suggestions("b") == (TODOR,)


# --- nobody's work -------------------------------------------------------------------------------


def test_an_article_with_nothing_but_suggestions_is_new(project: Project) -> None:
    offer(project, TODOR, RADA)
    row = project.row("a")
    assert row is not None
    assert (row.state, row.counts, row.seconds) == (State.NEW, {}, 0)
    work = project.work("a")
    assert (work.status, work.versions) == (Status(State.NEW), {})
    assert project.works("a") == ()
    assert project.progress().actors == ()
    assert project.actors() == []
    assert project.recent() == []
    assert project.count(Filter(state="new")) == 2
    assert project.page(Filter(state="started")) == []
    assert project.labels.use() == {}
    assert caches(project.path)["work"] == []
    assert serious(project) == []


def test_they_are_not_the_last_decision_and_survive_a_rebuild(project: Project) -> None:
    saved = project.submit(label(project, "a", "s1")).result()
    offer(project, TODOR, RADA)
    offer(project, RADA)
    project.submit(Act("nothing more", (looked_draft("b", "iva", "entities"),))).result()
    offer(project, TODOR, article="b")
    before = caches(project.path)
    assert before["work"][0][4] == saved[-1].id
    assert len(before["precedent"]) == 1
    project.rebuild()
    assert caches(project.path) == before
    assert set(project.work("a").versions) == {"span:s1"}
    assert project.work("a").status.state is State.STARTED
    assert serious(project) == []


def test_a_finished_article_stays_finished(project: Project) -> None:
    project.submit(Act("done", (status_draft("a", "iva", State.DONE),))).result()
    offer(project, TODOR)
    assert project.work("a").status.state is State.DONE
    assert serious(project) == []


def test_undo_does_not_reach_them(project: Project) -> None:
    project.submit(label(project, "b", "s1")).result()
    offer(project, TODOR)
    way = WorkList(project)
    assert [act.verb for act in way.past_acts()] == ["label"]
    assert way.first() == "b"
    assert way.suggestions("a") == (TODOR,)


@pytest.mark.file_only
def test_a_work_is_read_without_its_suggestions_and_by_the_index(project: Project) -> None:
    offer(project, TODOR, RADA)
    plan = " ".join(
        row[3] for row in rows(project, f"EXPLAIN QUERY PLAN {HEADS}", {"article": "a"})
    )
    assert "SCAN h" not in plan
    assert "SEARCH h USING PRIMARY KEY (article=? AND actor=? AND key>? AND key<?)" in plan


# --- care ----------------------------------------------------------------------------------------


def test_check_sees_a_quote_that_does_not_hold(project: Project) -> None:
    offer(project, TODOR)
    project.close()
    body = Suggestion.of(TODOR.body(TEXT))._replace(start=9, end=20).body(TEXT)
    body = str({**body, "start": 8}).replace("'", '"')
    assert tamper(project.path, "UPDATE head SET body = ? WHERE kind = 'suggestion'", body) == 1
    with Project.open(project.path, "iva") as again:
        found = " ".join(serious(again))
    assert "suggestion:model-a:entities:8-19 does not cut what it quotes" in found


def test_check_sees_a_row_of_the_queue_with_suggestions_alone_behind_it(project: Project) -> None:
    project.submit(label(project, "a", "s1")).result()
    offer(project, TODOR)
    project.close()
    tamper(project.path, "DELETE FROM head WHERE kind = 'span'")
    with Project.open(project.path, "iva") as again:
        assert any("nothing behind them" in line for line in serious(again))


suggested = st.builds(
    Suggestion,
    st.sampled_from(["entities", "boilerplate"]),
    st.sampled_from(["PER", "LOC"]),
    st.integers(0, 3),
    st.integers(4, 8),
    st.sampled_from(["a", "b:c"]),
    st.sampled_from([None, 0.2, 0.9]),
    st.just({}),
    st.just(""),
)
steps = st.lists(
    st.tuples(st.sampled_from(["iva", "olga"]), st.lists(suggested, max_size=4), st.booleans()),
    max_size=8,
)


@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=steps)
def test_any_imports_give_what_was_said_last_and_the_same_rows_when_rebuilt(
    tmp_path_factory, steps
) -> None:
    path = tmp_path_factory.mktemp("suggest") / "p.db"
    Project.create(path, preset("news"), "iva").close()
    with Project.open(path, "iva") as project:
        list(project.add([Article("a", TEXT)]))
    said: dict[str, set[str]] = {}
    for number, (actor, found, labels) in enumerate(steps):
        with Project.open(path, actor) as project:
            unique = {s.key: s for s in found}
            offered = Offer("a", TEXT, tuple(unique.values()), sources=("a",))
            assert project.suggest([offered])[0].fate is not Fate.REFUSED
            for source in {"a", *(s.source for s in unique.values())}:
                said[source] = {s.key for s in unique.values() if s.source == source}
            if labels:
                project.submit(label(project, "a", f"s{number}")).result()
            now = project.suggestions("a")
            assert len(now) == sum(map(len, said.values()))
            assert {s.key for s in now} == {key for each in said.values() for key in each}
    with Project.open(path, "iva") as project:
        before = caches(path)
        project.rebuild()
        assert caches(path) == before
        assert serious(project) == []


def test_ten_thousand_are_read_quickly(project: Project) -> None:
    import time

    text = "дума " * 20_000
    list(project.add([Article("long", text)]))
    many = tuple(Suggestion("entities", "PER", n * 10, n * 10 + 4, "m") for n in range(10_000))
    assert project.suggest([Offer("long", text, many)])[0].new == 10_000
    project.submit(Act("label", (_span_draft(text),))).result()
    best = min(_timed(lambda: project.work("long")) for _ in range(5))
    assert best < 0.01, "an article's work must not grow with its suggestions"
    begin = time.perf_counter()
    assert len(project.suggestions("long")) == 10_000
    assert time.perf_counter() - begin < 1


def _timed(call) -> float:
    import time

    begin = time.perf_counter()
    call()
    return time.perf_counter() - begin


def _span_draft(text: str) -> Draft:
    span = Span("s1", "entities", "PER", 0, 4)
    return Draft(Kind.SPAN, span.key, "long", span.body(text))


def test_work_taken_in_for_who_imported_them_is_theirs_alone(project: Project) -> None:
    offer(project, TODOR, RADA)
    work = Work("a", "iva", (Span("s1", "entities", "PER", 0, 7),))
    (taken,) = project.take([Offered("a", TEXT, work)])
    assert taken.fate is Fate.TAKEN
    assert project.suggestions("a") == (TODOR, RADA)
