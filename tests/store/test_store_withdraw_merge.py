"""Withdrawals, adoptions and work in copies that are merged in any order end in the same project."""

import os
import time
from itertools import pairwise
from pathlib import Path

import pytest
from engines import bytes_of, copy_project, examples, stands_for
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_help import serious, span_draft, status_draft
from test_store_merge_machine import DUMP

from annotator.model.annotation import Kind, Note, Span, State
from annotator.model.article import Article
from annotator.model.errors import AnnotatorError
from annotator.model.event import Act, Clock, Draft
from annotator.model.scheme_file import preset
from annotator.model.slot import Slot
from annotator.store import receiving
from annotator.store.handing import What
from annotator.store.project import Project

LONG = os.environ.get("ANNOTATOR_LONG") == "1"
TEXTS = {"a": "Quizzelbach came. Wibbelstetz went.", "b": "Grumpfendorf voted yesterday."}
CHANGED = "Update. Quizzelbach came. Nobody went."
WORDS = {"a": "Wibbelstetz", "b": "Grumpfendorf"}
NOTE = "Zettelkram"
COPIES = 3
PEOPLE = ("lena", "iva", "petar")


def begin(folder: Path) -> list[Path]:
    first = folder / "0.db"
    with Project.create(first, preset("news"), "lena") as project:
        list(project.add([Article(name, text, f"On {text[:9]}") for name, text in TEXTS.items()]))
        list(project.add([Article("a", CHANGED)]))
        while project.index_words():
            pass
    paths = [first]
    for number in range(1, COPIES):
        paths.append(folder / f"{number}.db")
        copy_project(first, paths[-1])
    return paths


def do(project: Project, what: str, article: str, start: int) -> None:
    """One thing somebody does in one copy; what cannot be done there is not."""
    if what in ("adopt", "undo"):
        move = project.adopt if what == "adopt" else project.unadopt
        try:
            for _, new in project.changed_texts() if what == "adopt" else _adopted(project):
                move(new)
        except AnnotatorError:
            pass
    elif project.gone_article(article) is not None:
        return
    elif what == "withdraw":
        project.withdraw(article, f"{project.actor} said so")
    elif what == "slot":
        project.assign([Slot(article, PEOPLE[start % 3])])
    else:
        text = TEXTS[article]
        note = Note(
            f"n{start % 2}", NOTE if article == "a" else "plain", start=start, end=start + 5
        )
        drafts = {
            "span": span_draft(text, article, f"s{start % 2}", start, start + 6),
            "note": Draft(Kind.NOTE, note.key, article, note.body(text)),
            "done": status_draft(article, project.actor, State.DONE, start),
        }
        project.record(Act(what, (drafts[what],)))


def _adopted(project: Project) -> list[tuple[str, str]]:
    return [(each.article, each.by) for each in project.gone().values() if each.by]


numbers = st.integers(0, COPIES - 1)
steps = st.lists(
    st.one_of(
        st.tuples(
            st.just("do"),
            numbers,
            st.sampled_from(["span", "span", "note", "done", "slot", "withdraw", "adopt", "undo"]),
            st.sampled_from("ab"),
            st.integers(0, 12),
        ),
        st.tuples(st.just("merge"), numbers, numbers),
    ),
    max_size=14,
)


@settings(
    max_examples=examples(300 if LONG else 12, on_server=6),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=steps, order=st.permutations(range(COPIES)))
def test_in_any_order_all_copies_end_equal(tmp_path_factory, steps, order) -> None:
    paths = begin(tmp_path_factory.mktemp("copies"))
    for step in steps:
        with Project.open(paths[step[1]], PEOPLE[step[1]]) as project:
            if step[0] == "do":
                do(project, *step[2:])
            elif step[1] != step[2]:
                project.merge(paths[step[2]])
    for one, two in [*pairwise(order)] * COPIES + [(order[0], order[-1])]:
        for this, other in ((one, two), (two, one)):
            with Project.open(paths[this], PEOPLE[this]) as project:
                project.merge(paths[other])
                project.scrub()
    found = []
    for path in paths:
        with Project.open(path, readonly=True) as project:
            assert serious(project) == []
            found.append(dump(project))
            gone = {name for name, each in project.gone().items() if not each.by}
            assert not {row.id for row in project.page()} & gone
        data = bytes_of(path)
        for name, word in WORDS.items():
            assert (word.encode() in data) is (name not in gone)
        assert NOTE.encode() not in data or "a" not in gone
        with Project.open(path, "lena") as project:
            project.rebuild()
            assert dump(project) == found[-1]
    assert all(each == found[0] for each in found)


def dump(project: Project) -> dict[str, list[tuple]]:
    return {name: project._reader.rows(sql) for name, sql in DUMP.items()}


def test_a_handout_brings_the_withdrawal_to_who_has_the_article(tmp_path: Path) -> None:
    lead, mine = begin(tmp_path)[0], tmp_path / "iva.db"
    with Project.open(lead, "lena") as project:
        project.assign([Slot("a", "iva"), Slot("b", "petar")])
        project.send(tmp_path / "first", What(to="iva"))
    receiving.create(stands_for(mine), tmp_path / "first", "iva", lambda *_: None)
    with Project.open(mine, "iva") as project:
        assert [row.id for row in project.page()] == ["a"]
        do(project, "span", "a", 1)
        do(project, "note", "a", 1)
        project.send(tmp_path / "back", What(only="iva"))
    with Project.open(lead, "lena") as project:
        project.withdraw("a", "asked for")
        project.scrub()
        receiving.receive(project, tmp_path / "back", False, lambda *_: None)
        assert serious(project) == []
        assert project.work("a", "iva").spans == ()
        project.send(tmp_path / "second", What(to="iva"))
    with Project.open(mine, "iva") as project:
        receiving.receive(project, tmp_path / "second", False, lambda *_: None)
        assert project.gone()["a"].reason == "asked for"
        assert project.page() == []
        assert serious(project) == []
    for path in (lead, mine):
        data = bytes_of(path)
        assert WORDS["a"].encode() not in data
        assert NOTE.encode() not in data


def test_a_conflict_about_it_is_no_longer_open(tmp_path: Path) -> None:
    one, two, _ = begin(tmp_path)
    for path, end in ((one, 6), (two, 9)):
        with Project.open(path, "iva") as project:
            project.record(Act("label", (span_draft(TEXTS["a"], "a", "s", 0, end),)))
            project.record(Act("label", (span_draft(TEXTS["b"], "b", "t", 0, end),)))
    with Project.open(one, "lena") as project:
        project.merge(two)
        assert {each.article for each in project.conflicts()} == {"a", "b"}
        project.withdraw("a", "")
        assert {each.article for each in project.conflicts()} == {"b"}
        project.rebuild()
        assert {each.article for each in project.conflicts()} == {"b"}


@pytest.mark.parametrize("later", [1, 2])
def test_no_word_stays_of_a_span_that_was_labelled_otherwise_where_it_was_withdrawn(
    tmp_path: Path, later: int
) -> None:
    """Two versions of one span in two copies, of which one withdraws the article and then comes in."""
    paths = begin(tmp_path)
    for number in (1, 2):
        with Project.open(paths[number], "iva") as project:
            ahead = time.time() + 1000 * (1 + (number == later))
            project._writing._chain.clock = Clock(lambda ahead=ahead: ahead)
            span = Span("s", "entities", "PER", 18, 26 + number, {"xid": "Q1"})
            project.record(Act("label", (Draft(Kind.SPAN, span.key, "a", span.body(TEXTS["a"])),)))
            if number == 1:  # in the same sitting
                project.withdraw("a", "")
    with Project.open(paths[2], "lena") as project:
        assert project._reader.value("SELECT count(*) FROM precedent") == 1
        assert project._reader.value("SELECT count(*) FROM identity") == 1
        project.merge(paths[1])
        for table in ("precedent", "identity", "work"):
            assert project._reader.value(f"SELECT count(*) FROM {table}") == 0, table
        assert serious(project) == []
        found = dump(project)
        project.rebuild()
        assert dump(project) == found
    assert b"wibbels" not in bytes_of(paths[2]).lower()
