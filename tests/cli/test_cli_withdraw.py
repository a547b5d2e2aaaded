"""`annotator withdraw` says what goes, asks, takes it out, and every other command copes."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from engines import bytes_of, stands_for

from annotator.model.annotation import Kind, Span, State, Status
from annotator.model.article import Article
from annotator.model.event import Act, Draft
from annotator.model.person import Person, Role
from annotator.model.scheme_file import preset
from annotator.store.project import Project

TEXT = "Quizzelbach met Boris in Varna.\x1b[31m"
OTHER = "Nobody was met in Burgas."


@pytest.fixture
def news(own_home: Path) -> Path:
    """A project with two articles, both done by iva and boris; the first is to go."""
    path = own_home / "news.db"
    with Project.create(path, preset("news"), "iva") as project:
        list(project.add([Article("a", TEXT, "On Quizzelbach", lang="en"), Article("b", OTHER)]))
        while project.index_words():
            pass
        for actor in ("iva", "boris"):
            for article, text in (("a", TEXT), ("b", OTHER)):
                span = Span(f"{actor}{article}", "entities", "PER", 0, 6)
                done = Status(State.DONE).body()
                drafts = (
                    Draft(Kind.SPAN, span.key, article, span.body(text)),
                    Draft(Kind.STATUS, Status.key(actor, article), article, done),
                )
                project.record(Act("label", drafts), actor)
    return path


def test_a_dry_run_tells_and_changes_nothing(cli, news):
    ran = cli("withdraw", news, "a", "--dry-run")
    assert ran.code == 0
    assert "Article 'a' (On Quizzelbach) would go for good" in ran.out
    assert f"its text of {len(TEXT)} characters" in ran.out
    assert "worked on by: boris, iva" in ran.out
    assert b"Quizzelbach" in bytes_of(news)
    told = json.loads(cli("withdraw", news, "a", "--dry-run", "--json").out)
    assert (told["article"], told["chars"], told["events"]) == ("a", len(TEXT), 4)


def test_it_goes_and_is_listed(cli, news, engine):
    cli("backup", news, "kept.db")
    ran = cli("withdraw", news, "a", "--yes", "--reason", "the person asked")
    assert ran.code == 0, ran.err
    assert "Article 'a' was withdrawn on" in ran.out
    assert "the person asked" in ran.out
    assert "kept.db" in ran.out or engine == "server"  # where copies of it lie nobody knows
    assert b"Quizzelbach" not in bytes_of(news)
    assert b"uizzelbac" not in bytes_of(news)
    listed = cli("withdraw", news, "--list")
    assert "a  by iva: the person asked" in listed.out
    assert json.loads(cli("withdraw", news, "--list", "--json").out)[0]["article"] == "a"
    assert "nothing to finish" in cli("withdraw", news, "--finish").out


def test_the_answer_can_be_read_by_a_script(cli, news):
    told = json.loads(cli("withdraw", news, "a", "--yes", "--json").out)
    assert (told["article"], told["written_anew"], told["trouble"]) == ("a", True, "")


def test_without_a_terminal_it_must_be_said(cli, news):
    ran = cli("withdraw", news, "a")
    assert ran.code == 2
    assert "say --yes" in ran.err
    assert b"Quizzelbach" in bytes_of(news)


@pytest.mark.parametrize(("typed", "gone"), [("b\n", False), ("a\n", True), ("", False)])
def test_on_a_terminal_the_id_is_typed(news, typed, gone):
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "annotator", "withdraw", str(stands_for(news)), "a"]
    with subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, env=os.environ) as run:
        os.close(slave)
        shown = b""
        while b"to withdraw it:" not in shown:
            shown += os.read(master, 4096)
        os.write(master, typed.encode() or b"\x04")
        try:
            while more := os.read(master, 4096):
                shown += more
        except OSError:
            pass  # the other end was closed
        code = run.wait(30)
    os.close(master)
    assert code == (0 if gone else 2)
    assert (b"Quizzelbach" not in bytes_of(news)) is gone
    assert b"\x1b[31m" not in shown


def test_only_a_lead_may(cli, news):
    with Project.open(news, "vera") as project:
        person = Person("vera", Role.LEAD)
        project.record(Act("people", (Draft(Kind.PERSON, person.key, "", person.body()),)))
    ran = cli("withdraw", news, "a", "--yes")
    assert ran.code == 2
    assert "Only leads may withdraw articles" in ran.err
    assert cli("withdraw", news, "a", "--yes", "--as", "vera").code == 0


def test_what_cannot_be_is_said_in_one_line(cli, news):
    for argv, words in (
        (["nope", "--yes"], "no article 'nope'"),
        ([], "Name the article"),
        (["a", "--list"], "Name the article"),
    ):
        ran = cli("withdraw", news, *argv)
        assert (ran.code, len(ran.err.splitlines())) == (2, 1)
        assert words in ran.err
    cli("withdraw", news, "a", "--yes")
    ran = cli("withdraw", news, "a", "--yes")
    assert (ran.code, "was withdrawn on" in ran.err) == (2, True)


def test_every_other_command_copes(cli, news):
    cli("withdraw", news, "a", "--yes", "--reason", "the person asked")
    ran = cli("check", news)
    assert (ran.code, "is sound" in ran.out) == (0, True)
    ran = cli("status", news)
    assert "1 articles" in ran.out
    assert "1 withdrawn" in ran.out
    assert json.loads(cli("status", news, "--json").out)["left_out"] == {"withdrawn": 1}
    ran = cli("export", news, "--format", "jsonl", "-o", "out.jsonl")
    assert (ran.code, "left out: 1 withdrawn" in ran.out) == (0, True)
    lines = Path("out.jsonl").read_text().splitlines()
    assert not any('"a"' in line and "Quizz" in line for line in lines)
    assert cli("export", news, "--verify", "out.jsonl").code == 0
    assert cli("agreement", news).code == 0
    assert cli("split", news).code == 0
    assert cli("assign", news, "--to", "iva").code in (0, 2)
    assert cli("people", news).code == 0
    assert cli("rounds", news).code in (0, 2)
    assert cli("guidelines", news).code == 0
    assert cli("doctor", news).code in (0, 1)
    assert cli("scheme", news, "show").code == 0
    ran = cli("open", news, "--article", "a")
    assert ran.code == 2
    ran = cli("label", news, "--plain", "--article", "a")
    assert (ran.code, "the person asked" in ran.err) == (2, True)
    assert cli("backup", news, "copy.db").code == 0
    Path("again.jsonl").write_text(json.dumps({"id": "a", "text": "another"}) + "\n")
    ran = cli("import", news, "again.jsonl")
    assert ran.code == 1
    assert "it was withdrawn on" in ran.out + ran.err
    Path("again.jsonl").write_text(json.dumps({"id": "z", "text": TEXT}) + "\n")
    assert "has the text of" in "".join(cli("import", news, "again.jsonl")[1:])
    assert cli("check", news).code == 0


def test_history_tells_that_it_was_there(cli, news):
    cli("withdraw", news, "a", "--yes", "--reason", "the person asked")
    ran = cli("history", news, "a")
    assert ran.code == 0, ran.err
    assert "iva  withdraw: withdrawn: the person asked" in ran.out
    assert "erased when the article was withdrawn" in ran.out
    assert "Quizz" not in ran.out
    assert cli("history", news, "a", "--at", "2999-01-01").code == 0
    events = json.loads(cli("history", news, "a", "--json").out)
    assert cli("history", news, "a", "--at", events[0]["event"], "--json").code == 0
    assert "Quizz" not in json.dumps(events)


def test_an_export_from_before_is_told_from_the_project(cli, news):
    assert cli("export", news, "--format", "jsonl", "-o", "out.jsonl").code == 0
    cli("withdraw", news, "a", "--yes")
    assert cli("export", news, "--verify", "out.jsonl").code in (0, 1)
    ran = cli("import", news, "out.jsonl")
    assert ran.code == 1
    assert "it was withdrawn on" in ran.out + ran.err
    assert b"Quizzelbach" not in bytes_of(news)
