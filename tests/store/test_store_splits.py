"""Splits in the store: given once, found fast, whoever wrote them, and out of everybody's way."""

from itertools import permutations
from pathlib import Path

import pytest
from store_help import caches, in_memory, label, serious, tamper

from annotator.desk.history import NOT_OURS, History
from annotator.model.annotation import Kind
from annotator.model.article import Article
from annotator.model.errors import AnnotatorError
from annotator.model.event import Act, Draft, Event
from annotator.model.split import Assigned
from annotator.store import log, splits
from annotator.store.engine import connect
from annotator.store.heads import Fold
from annotator.store.migrations import migrate
from annotator.store.project import Project
from annotator.store.rebuild import rebuild

pytestmark = pytest.mark.both_engines

ALL = {"bg": "train", "ru": "train", "zh": "dev", "en": "test"}


def each(given=ALL):
    return [Assigned(name, split, f"of {name}") for name, split in given.items()]


def by_hand(name: str, split: str | None, base: str = "") -> Act:
    """An act as another program might have made it."""
    body = None if split is None else Assigned(name, split).body()
    return Act("splits", (Draft(Kind.SPLIT, f"split:{name}", "", body, base),))


def test_splits_are_given_and_found(project: Project, path: Path) -> None:
    assert project.splits() == {}
    assert project.assign_splits(each()) == 4
    assert project.splits() == ALL
    assert project.splits(["ru", "en", "nobody"]) == {"ru": "train", "en": "test"}
    assert project.splits([]) == {}
    assert project.assigned(["zh"]) == {"zh": Assigned("zh", "dev", "of zh")}
    project.close()
    with Project.open(path, readonly=True) as again:
        assert again.splits() == ALL
        assert {one.article.id: one.split for one in again.documents()} == ALL


def test_an_article_keeps_the_split_it_has(project: Project) -> None:
    assert project.assign_splits([Assigned("bg", "test", "x")]) == 1
    assert project.assign_splits(each()) == 3
    assert project.assigned(["bg"]) == {"bg": Assigned("bg", "test", "x")}
    assert project.assign_splits([Assigned("bg", "dev")] * 3) == 0
    twice = [Assigned("bg", "dev"), Assigned("bg", "test")]
    assert project.assign_splits(twice) == 0
    assert len(project.history("")) == len({e.id for e in project.history("")})


def test_of_one_article_said_twice_the_first_holds(project: Project) -> None:
    assert project.assign_splits([Assigned("bg", "dev"), Assigned("bg", "test")]) == 1
    assert project.splits() == {"bg": "dev"}


def test_many_articles_go_in_portions(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(splits, "BATCH", 10)
    with Project.open(path, "ann") as project:
        names = [f"n{number:03}" for number in range(35)]
        list(project.add([Article(name, "text") for name in names]))
        told: list[int] = []
        given = dict.fromkeys(names, "train")
        assert project.assign_splits(each(given), saved=told.append) == 35
        assert told == [10, 10, 10, 5]
        acts = {event.act for event in project.events_after({}) if event.kind is Kind.SPLIT}
        assert len(acts) == 4
        assert project.splits() == given
        assert project.splits(names[3:30]) == dict.fromkeys(names[3:30], "train")
        assert not serious(project)


def test_the_newest_event_holds_whoever_wrote_it(project: Project, path: Path) -> None:
    project.assign_splits(each())
    project.submit(by_hand("ru", "test"), "zoe").result()
    project.submit(by_hand("zh", None), "zoe").result()
    assert project.splits() == {"bg": "train", "ru": "test", "en": "test"}
    assert project.splits(["ru", "zh"]) == {"ru": "test"}
    assert project.assign_splits(each()) == 1, "what was taken back can be given again"
    assert project.splits()["zh"] == "dev"
    with Project.open(path, "bob") as other:
        other.submit(by_hand("ru", "dev")).result()
    assert project.splits()["ru"] == "dev"
    assert not serious(project)


def test_an_event_builds_on_the_one_that_stood(project: Project) -> None:
    project.assign_splits([Assigned("bg", "train")])
    gone = project.submit(by_hand("bg", None), "zoe").result()[0]
    project.assign_splits([Assigned("bg", "test")])
    newest = [e for e in project.history("", "ann") if e.key == "split:bg"][-1]
    assert (newest.base, newest.verb) == (gone.id, "splits")


def test_it_begins_no_article_and_undo_does_not_reach_it(project: Project) -> None:
    project.submit(label(project, "bg", "one")).result()
    project.assign_splits(each())
    assert project.actors() == ["ann"]
    assert project.row("ru").state == "new"
    assert project.works("ru") == ()
    assert [one.article.id for one in project.documents(worked=True)] == ["bg"]
    assert [act.verb for act in project.past_acts()] == ["label"]
    history = History(project.past_acts)
    assert history.undo().verb == "label"
    assert history.undo() is None
    assert splits.VERB != "split", "that is a span cut in two, which undo takes back"
    assert "split" not in NOT_OURS
    assert project.rules() == ()
    assert project.scheme.name == "news"


def test_check_and_rebuild_are_right_with_splits(project: Project, path: Path) -> None:
    project.submit(label(project, "bg", "one")).result()
    project.assign_splits(each(), {"seed": 1})
    assert not serious(project)
    before = caches(path)
    project.rebuild()
    assert caches(path) == before
    assert project.splits() == ALL
    project.close()
    assert tamper(path, "UPDATE head SET body = replace(body, 'dev', 'test') WHERE kind = 'split'")
    with Project.open(path, "ann") as again:
        assert any("not what the log says" in finding for finding in serious(again))
        again.rebuild()
        assert again.splits() == ALL
        assert not serious(again)
    tamper(path, "UPDATE event SET body = replace(body, 'dev', 'test') WHERE kind = 'split'")
    with Project.open(path, "ann") as again:
        assert any("its hash does not hold" in finding for finding in serious(again))


def test_in_any_order_the_same_heads(tmp_path: Path) -> None:
    said = [("ann", "dev"), ("zoe", "test"), ("ann", None), ("zoe", "train")]
    events = [
        Event(f"{n:04}", "w", n + 1, actor, "", "split:bg", "", f"act{n}", "splits", "", Kind.SPLIT,
              None if split is None else Assigned("bg", split).body(), "hash")
        for n, (actor, split) in enumerate(said)
    ]  # fmt: skip
    rows = set()
    for order in permutations(events):
        conn = in_memory()
        migrate(conn)
        fold = Fold(conn)
        log.insert(conn, order)
        for event in order:
            fold.apply(event, None)
        fold.flush()
        for _ in range(2):
            rows.add(tuple(conn.execute("SELECT * FROM head ORDER BY actor").fetchall()))
            assert conn.execute("SELECT count(*) FROM work").fetchone() == (0,)
            rebuild(conn)
        conn.close()
    assert len(rows) == 1
    assert [row[5] for row in rows.pop()] == [None, '{"component":"","split":"train"}']


def test_settings_are_remembered_once(project: Project) -> None:
    assert project.split_settings() == {}
    assert project.assign_splits([], {"seed": 1}) == 0
    project.assign_splits(each(), {"seed": 1})
    assert project.split_settings() == {"seed": 1}
    assert len([e for e in project.history("") if e.key == splits.SETTINGS_KEY]) == 1
    project.assign_splits([], {"seed": 2})
    assert project.split_settings() == {"seed": 2}
    assert project.splits() == ALL, "settings are no article's split"
    assert not serious(project)


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        (Assigned("nobody", "train"), "There is no article 'nobody'"),
        (Assigned("bg", "dev/../x"), "cannot be a split's name"),
        (Assigned("bg", ""), "cannot be a split's name"),
    ],
)
def test_what_cannot_be_is_refused_whole(project: Project, given, complaint) -> None:
    with pytest.raises(AnnotatorError, match=complaint):
        project.assign_splits([Assigned("ru", "train"), given])
    assert project.splits() == {}
    assert project.assign_splits(each()) == 4, "and nothing is broken by it"
    assert not serious(project)


def test_a_project_open_for_reading_or_without_a_name_gives_no_splits(path: Path) -> None:
    reading = pytest.raises(AnnotatorError, match="reading only")
    with Project.open(path, readonly=True) as project, reading:
        project.assign_splits(each())
    with Project.open(path) as project, pytest.raises(AnnotatorError, match="name"):
        project.assign_splits(each())


def test_ids_with_odd_characters_have_splits_too(path: Path) -> None:
    names = ["a:b", "split:a", "'; --", "\U0010ffff", "~", "ж", "x" * 1000]
    with Project.open(path, "ann") as project:
        list(project.add([Article(name, "text") for name in names]))
        given = dict.fromkeys(names, "train")
        assert project.assign_splits(each(given)) == len(names)
        assert project.splits() == given
        assert project.splits(names) == given
        assert not serious(project)


@pytest.mark.file_only
def test_no_query_walks_through_all_splits(path: Path, project: Project) -> None:
    project.assign_splits(each())
    conn = connect(path, "ro")
    for sql, values in (
        (splits._ACTORS, ()),
        (splits._ALL, ("ann", "split:", 5)),
        (f"{splits._COLUMNS} AND key IN (?,?)", ("ann", "split:bg", "split:ru")),
    ):
        plan = [row[3] for row in conn.execute(f"EXPLAIN QUERY PLAN {sql}", values)]
        assert plan
        assert not [step for step in plan if "SCAN" in step and "SCAN known" not in step], plan
        assert not [step for step in plan if "TEMP B-TREE" in step], plan
    conn.close()
