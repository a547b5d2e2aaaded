"""`annotator merge`: what it says, what it writes, and its exit codes."""

import json
from pathlib import Path

import pytest
from engines import copy_project, stands_for

from annotator.cli import merging
from annotator.model.annotation import Kind, Span, State, Status
from annotator.model.article import Article
from annotator.model.errors import AnnotatorError
from annotator.model.event import Act, Draft
from annotator.model.person import Person, Role
from annotator.model.scheme_file import preset
from annotator.store import withdrawing
from annotator.store.project import Project

TEXT = "Срещата се проведе в Пхенян. Ким поздрави гостите."


@pytest.fixture
def copies() -> tuple[Path, Path]:
    """A project and a copy of it, closed, in both of which a span of iva's can be changed."""
    one, two = Path("news.db"), Path("laptop.db")
    with Project.create(one, preset("news"), "iva") as project:
        list(
            project.add(
                [Article("a", TEXT, "First", lang="bg"), Article("b", TEXT + "!", lang="bg")]
            )
        )
    change(one, "iva", 0, 7)
    copy_project(one, two)
    return one, two


def change(path: Path, actor: str, start: int, end: int, label: str = "PER") -> None:
    """One span of somebody's on the first article, in another version."""
    span = Span("s", "entities", label, start, end)
    with Project.open(path, actor) as project:
        base = project.work("a").versions.get(span.key, "")
        project.record(Act("edit", (Draft(Kind.SPAN, span.key, "a", span.body(TEXT), base),)))


def done(path: Path, actor: str, article: str = "b") -> None:
    """Somebody is done with an article."""
    with Project.open(path, actor) as project:
        draft = Draft(Kind.STATUS, Status.key(actor, article), article, Status(State.DONE).body())
        project.record(Act("done", (draft,)))


def test_work_done_apart_comes_together(cli, copies) -> None:
    one, two = copies
    done(two, "petar")
    with Project.open(two, "petar") as project:
        list(project.add([Article("new", "Новата статия е кратка и на български език.")]))
    dry = cli("merge", one, two, "--dry-run")
    assert dry.code == 0
    assert "laptop.db: would bring in 1 event and 1 article." in dry.out
    ran = cli("merge", one, two)
    assert ran.code == 0
    assert "laptop.db: brought in 1 event and 1 article." in ran.out
    assert "petar" in ran.out
    with Project.open(one, readonly=True) as project:
        assert project.work("b", "petar").status.state is State.DONE
        assert project.unindexed() == 0
        assert project.article("new").lang == "bg"
    again = cli("merge", one, two)
    assert (again.code, again.out) == (0, "laptop.db: nothing new.\n")
    both = json.loads(cli("merge", two, one, "--json").out)
    assert [each["events"] for each in both["merged"]] == [0]
    assert both["conflicts"] == []


def test_a_conflict_is_listed_with_both_versions_and_settled(cli, copies) -> None:
    one, two = copies
    change(one, "iva", 0, 5, "LOC")
    change(two, "iva", 21, 27)
    ran = cli("merge", one, two)
    assert ran.code == 1
    assert "PER “Пхенян” 21–27" in ran.out
    assert "LOC “Среща” 0–5" in ran.out
    assert "1 open conflict" in ran.out
    assert "1 open conflict: annotator merge news.db --conflicts" in cli("status", one).out
    assert json.loads(cli("status", one, "--json").out)["conflicts"] == 1
    listed = cli("merge", one, "--conflicts", "--json")
    assert listed.code == 1
    conflict = json.loads(listed.out)["conflicts"][0]
    assert (conflict["article"], conflict["annotator"]) == ("a", "iva")
    assert [conflict["this"]["body"]["label"], conflict["others"][0]["body"]["label"]] == [
        "PER",
        "LOC",
    ]
    kept = cli("merge", one, "--keep", "other", conflict["conflict"])
    assert kept.code == 0
    assert f"Settled {conflict['conflict']}" in kept.out
    assert cli("merge", one, "--conflicts").out == "No open conflicts.\n"
    assert cli("merge", two, one).code == 0
    with Project.open(two, readonly=True) as project:
        assert project.work("a", "iva").spans[0].label == "LOC"
    assert cli("check", one).code == 0


@pytest.mark.parametrize(
    ("side", "kept", "gone"), [("this", "0–6", "0–5"), ("other", "0–5", "0–6")]
)
def test_what_is_kept_is_said_first(cli, copies, side, kept, gone) -> None:
    one, two = copies
    change(two, "iva", 0, 5)
    change(one, "iva", 0, 6)
    assert cli("merge", one, two).code == 1
    name = json.loads(cli("merge", one, "--conflicts", "--json").out)["conflicts"][0]["conflict"]
    (line,) = cli("merge", one, "--keep", side, name).out.splitlines()
    assert line.startswith(f"Settled {name}: PER “")
    assert line.index(kept) < line.index(", not PER “") < line.index(gone)


def test_only_a_lead_settles_what_others_did(cli, copies) -> None:
    one, two = copies
    with Project.open(one, "petar") as project:
        person = Person("petar", Role.LEAD)
        project.record(Act("people", (Draft(Kind.PERSON, person.key, "", person.body()),)))
    change(one, "zoe", 0, 5)
    change(two, "zoe", 0, 6)
    assert cli("merge", one, two).code == 1
    name = json.loads(cli("merge", one, "--conflicts", "--json").out)["conflicts"][0]["conflict"]
    ran = cli("merge", one, "--keep", "this", name)
    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert "Only leads may settle conflicts in the work of zoe" in ran.err
    assert cli("merge", one, "--keep", "this", name, "--as", "petar").code == 0


def test_what_cannot_be_is_one_sentence(cli, copies) -> None:
    one, two = copies
    Project.create("other.db", preset("news"), "iva").close()
    for words, said in (
        ((one,), "Name the copies to merge"),
        ((one, one), "is the project itself"),
        ((one, "missing.db"), f"no project at {stands_for(Path('missing.db'))}"),
        ((one, "other.db"), "another project"),
        (("missing.db", two), "no project"),
        ((one, "--keep", "mine", "12"), "--keep takes this or other"),
        ((one, "--keep", "this", "12"), "no open conflict '12'"),
        ((one, "--keep", "this", "12", "--dry-run"), "--keep has no --dry-run"),
    ):
        ran = cli("merge", *words)
        assert (ran.code, ran.err.count("\n")) == (2, 1), words
        assert said in ran.err


def test_what_came_in_before_a_copy_that_is_refused_is_told_and_finished(cli, copies) -> None:
    one, two = copies
    with Project.open(two, "petar") as project:
        list(project.add([Article("new", "Новата статия е кратка и на български език.")]))
    change(two, "iva", 0, 5)
    change(one, "iva", 0, 6)
    ran = cli("merge", one, two, "missing.db", two)
    assert ran.code == 2
    assert ran.err.startswith(f"annotator: There is no project at {stands_for(Path('missing.db'))}")
    assert "laptop.db: brought in 1 event and 1 article." in ran.out
    assert "1 open conflict" in ran.out
    with Project.open(one, "iva") as project:
        assert project.article("new").lang == "bg"
        assert not project.unindexed()
    told = json.loads(cli("merge", one, two, "missing.db", "--json").out)
    assert [each["other"] for each in told["merged"]] == ["laptop.db"]


def test_a_file_that_cannot_be_written_anew_is_no_merge_that_failed(
    cli, copies, monkeypatch
) -> None:
    one, two = copies
    with Project.open(two, "iva") as project:
        list(project.add([Article("new", "Новата статия е кратка и на български език.")]))
        project.withdraw("b", "asked for")

    def busy(_project: object) -> None:
        raise AnnotatorError("Somebody reads it.")

    monkeypatch.setattr(withdrawing, "scrub", busy)
    ran = cli("merge", one, two)
    assert (ran.code, ran.err) == (1, "annotator: Somebody reads it.\n")
    assert "brought in 1 event and 1 article" in ran.out
    with Project.open(one, "iva") as project:
        assert not project.unindexed()
    assert cli("merge", one, two, "--json").code == 1


def test_a_merge_that_was_interrupted_is_finished_by_the_next(cli, copies) -> None:
    one, two = copies
    with Project.open(two, "petar") as project:
        list(project.add([Article("new", "Новата статия е кратка и на български език.")]))
    with Project.open(one, "iva") as project:
        project.merge(two)  # and the process was killed
        assert project.unindexed()
    ran = cli("merge", one, two)
    assert (ran.code, ran.out) == (0, "laptop.db: nothing new.\n")
    with Project.open(one, "iva") as project:
        assert project.article("new").lang == "bg"
        assert not project.unindexed()


def test_a_long_list_of_conflicts_is_cut_after_a_merge(cli, copies, monkeypatch) -> None:
    one, two = copies
    for path, start in ((one, 0), (two, 1)):
        with Project.open(path, "iva") as project:
            for name in "pqr":
                span = Span(name, "entities", "PER", start, 5)
                draft = Draft(Kind.SPAN, span.key, "a", span.body(TEXT))
                project.record(Act("label", (draft,)))
    monkeypatch.setattr(merging, "MOST", 2)
    ran = cli("merge", one, two)
    assert "1 more: `annotator merge news.db --conflicts`." in ran.out
    assert "3 open conflicts" in ran.out
