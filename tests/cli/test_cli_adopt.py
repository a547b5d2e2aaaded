"""`annotator adopt` puts a changed text in its article's place and says what became of the work."""

import json
from pathlib import Path

import pytest

from annotator.model.annotation import Evidence, Kind, Party, Span, Stance
from annotator.model.article import Article
from annotator.model.event import Act, Draft
from annotator.model.person import Person, Role
from annotator.model.scheme_file import preset
from annotator.store.project import Project

OLD = "Anna met Boris in Varna.\nA line that goes \x1b[31maway with Petko.\n"
NEW = "Update!\nAnna met Boris in Varna.\n"


@pytest.fixture
def news(own_home: Path) -> Path:
    path = own_home / "news.db"
    with Project.create(path, preset("news"), "iva") as project:
        list(project.add([Article("a", OLD)]))
        drafts = []
        for number, surface in enumerate(("Anna", "Varna", "\x1b[31maway", "Petko")):
            start = OLD.index(surface)
            span = Span(f"s{number}", "entities", "PER", start, start + len(surface))
            drafts.append(Draft(Kind.SPAN, span.key, "a", span.body(OLD)))
        made = Stance(Party("entity", "Anna"), "favor", evidence=(Evidence(0, 4),))
        drafts.append(Draft(Kind.STANCE, made.key("iva", "a"), "a", made.body(OLD)))
        project.record(Act("label", tuple(drafts)))
        list(project.add([Article("a", NEW)]))
    return path


@pytest.fixture
def new(news: Path) -> str:
    with Project.open(news, "iva", readonly=True) as project:
        return project.changed_texts()[0][1]


def test_it_is_listed_tried_done_and_taken_back(cli, news, new):
    assert f"{new}  waits: a changed text of a" in cli("adopt", news, "--list").out
    ran = cli("adopt", news, new, "--dry-run")
    assert f"{new} would take the place of a." in ran.out
    assert "waits" in cli("adopt", news, "--list").out
    ran = cli("adopt", news, new)
    assert ran.code == 0
    assert f"{new} takes the place of a." in ran.out
    assert "iva: 2 of 4 spans found in the new text, suggested to them alone." in ran.out
    assert 'gone: entities PER "Petko"' in ran.out
    assert "\x1b" not in ran.out
    assert "1 stance to be given again; 1 of 1 stretches of evidence found" in ran.out
    assert f"{new}  in the place of a since" in cli("adopt", news, "--list").out
    assert "left out: 1 replaced" in cli("export", news, "--format", "jsonl", "-o", "o.jsonl").out
    assert "1 replaced" in cli("status", news).out
    assert f"replaced by {new}" in cli("history", news, "a").out
    assert cli("check", news).code == 0
    ran = cli("adopt", news, "--undo", new)
    assert "worked on again" in ran.out
    assert "waits" in cli("adopt", news, "--list").out
    assert cli("check", news).code == 0


def test_all_of_them_and_json(cli, news, new):
    told = json.loads(cli("adopt", news, "--all", "--json").out)
    assert [(each["old"], each["new"]) for each in told] == [("a", new)]
    assert told[0]["carried"][0]["found"] == 2
    assert json.loads(cli("adopt", news, "--list", "--json").out)[0]["adopted"]
    assert "No changed text waits" in cli("adopt", news, "--all").out


def test_only_a_lead_may_and_faults_are_one_line(cli, news, new):
    for argv, words in (
        ([], "Name the changed text"),
        (["--all", "--list"], "Name the changed text"),
        (["a"], "no changed text of an article"),
        (["--undo", new], "is not adopted"),
        (["--undo", new, "--dry-run"], "no --dry-run"),
    ):
        ran = cli("adopt", news, *argv)
        assert (ran.code, len(ran.err.splitlines())) == (2, 1)
        assert words in ran.err
    with Project.open(news, "vera") as project:
        person = Person("vera", Role.LEAD)
        project.record(Act("people", (Draft(Kind.PERSON, person.key, "", person.body()),)))
    assert "Only leads may adopt changed texts" in cli("adopt", news, new).err
