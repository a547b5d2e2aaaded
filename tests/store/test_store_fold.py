"""The caches are a function of the set of events: of no order, and the same when made anew."""

import os
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_help import (
    CACHES,
    caches,
    in_memory,
    looked_draft,
    serious,
    span_draft,
    stance_draft,
    status_draft,
)

from annotator.model.annotation import Kind, Note, State
from annotator.model.event import Act, Draft, Event
from annotator.model.scheme_file import preset
from annotator.store import log
from annotator.store.address import place_of
from annotator.store.engine import Connection, writer_connection
from annotator.store.heads import Fold
from annotator.store.migrations import migrate
from annotator.store.project import Project
from annotator.store.rebuild import rebuild

ARTICLES = {"bg": 1, "ru": 2}
LENGTH = 20
TEXT = "x" * LENGTH
ACTORS = ("ann", "zoe")
LONG = os.environ.get("ANNOTATOR_LONG") == "1"


@st.composite
def drafts(draw: st.DrawFn) -> Draft:
    """A decision about one of few things, so that versions pile up; removals too."""
    article = draw(st.sampled_from([*ARTICLES, ""]))
    actor = draw(st.sampled_from(ACTORS))
    name = draw(st.sampled_from("abc"))
    start = draw(st.integers(0, LENGTH - 1))
    note = Note(name, "n", True)
    made = draw(st.sampled_from([
        span_draft(TEXT, article, name, start, LENGTH),
        stance_draft(TEXT, article, actor, name, "FAVOR"),
        status_draft(article, actor, draw(st.sampled_from([State.DONE, State.OPEN])), start),
        looked_draft(article, actor, draw(st.sampled_from(["entities", "stance"]))),
        Draft(Kind.NOTE, note.key, article, note.body(TEXT)),
        Draft(Kind.STATUS, "status:of another shape", article, {"state": "done", "seconds": 9}),
        Draft(Kind.LOOKED, "looked:entities:of another shape", article, {"layer": "entities"}),
        Draft(Kind.NOTE, "span:a", article, note.body(TEXT)),
    ]))  # fmt: skip
    return made._replace(body=None) if draw(st.integers(0, 3)) == 0 else made


acts = st.lists(
    st.tuples(st.lists(drafts(), min_size=1, max_size=4), st.sampled_from(ACTORS)), max_size=12
)


def empty() -> Connection:
    """A project in memory with the two articles."""
    conn = in_memory()
    migrate(conn)
    for name, n in ARTICLES.items():
        conn.execute(
            "INSERT INTO article VALUES (?,?,'',?,'','','','','','','','','{}','')",
            (n, name, LENGTH),
        )
    return conn


def state(conn: Connection) -> dict[str, list[tuple]]:
    return {name: conn.execute(CACHES[name]).fetchall() for name in ("head", "precedent", "work")}


def events_of(made: list[tuple[list[Draft], str]]) -> list[Event]:
    return [
        Event(f"{number:04}-{place:02}", "w", number * 10 + place, actor, draft.article, draft.key, "",
              f"act{number}", "do", "", draft.kind, draft.body, "hash")
        for number, (some, actor) in enumerate(made)
        for place, draft in enumerate(some)
    ]  # fmt: skip


def folded(events: list[Event], portion: int) -> Connection:
    conn = empty()
    for first in range(0, len(events), portion):
        fold = Fold(conn)
        log.insert(conn, events[first : first + portion])
        for event in events[first : first + portion]:
            fold.apply(event, ARTICLES.get(event.article))
        fold.flush()
    return conn


@settings(max_examples=1000 if LONG else 120)
@given(made=acts, random=st.randoms(use_true_random=False), portion=st.integers(1, 9))
def test_any_order_and_a_rebuild_give_the_same_rows(made, random, portion) -> None:
    events = events_of(made)
    in_order = state(folded(events, 1))
    shuffled = list(events)
    random.shuffle(shuffled)
    conn = folded(shuffled, portion)
    assert state(conn) == in_order
    rebuild(conn)
    assert state(conn) == in_order
    for event in shuffled[::2]:  # what is known already changes nothing
        fold = Fold(conn)
        fold.apply(event, ARTICLES.get(event.article))
        fold.flush()
    assert state(conn) == in_order


@settings(
    max_examples=100 if LONG else 12,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(made=acts)
def test_a_project_rebuilt_is_byte_for_byte_the_same(tmp_path_factory, made) -> None:
    from annotator.model.article import Article

    path: Path = tmp_path_factory.mktemp("fold") / "p.db"
    with Project.create(path, preset("news"), "ann") as project:
        list(project.add([Article(name, TEXT) for name in ARTICLES]))
        for some, actor in made:
            kept = tuple(d for d in some if d.article)
            project.submit(Act("do", kept), actor).result()
        before = caches(path)
        assert project.rebuild() == len([r for r in before["head"] if r[0]])
        assert caches(path) == before
        assert not serious(project)


def test_a_rebuild_mends_broken_caches(project: Project, path: Path) -> None:
    text = project.article("bg").text
    project.submit(Act("label", (span_draft(text, "bg", "s", 0, 5),))).result()
    project.set_language("ru", "uk")
    before = caches(path)
    conn = writer_connection(place_of(path))
    conn.execute("DELETE FROM head WHERE article <> ''")
    conn.execute("UPDATE work SET counts = '{}'")
    conn.execute("UPDATE tally SET articles = 99")
    conn.close()
    assert len(serious(project)) >= 4
    project.rebuild()
    assert caches(path) == before
    assert not serious(project)
