"""What goes wrong: one line, an exit code, and nothing foreign that acts on the terminal."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from engines import copy_project, stands_for

from annotator.cli import init, out, status
from annotator.cli import open as opening
from annotator.model import scheme_file
from annotator.model.annotation import Kind, Note, Span, State, Status
from annotator.model.article import Article
from annotator.model.event import Act, Draft
from annotator.store.project import Project

HOSTILE = "\x1b]0;owned\x07\x9b2J\u202e[/bold][link=x]\x7f\x00"[:-1]
"""Sets a title, clears the screen, turns the direction, and looks like markup."""
ACTING = ("\x1b", "\x07", "\x9b", "\x7f", "\u202e", "\r")


def safe(text):
    return not any(character in text for character in ACTING)


@pytest.fixture
def hostile(own_home):
    """A project whose every name would act on a terminal, and a file that is refused."""
    article = Article(f"a{HOSTILE}", f"Ана {HOSTILE}", HOSTILE, HOSTILE, HOSTILE, HOSTILE)
    with Project.create("news.db", scheme_file.preset("news"), "iva") as project:
        list(project.add([article]))
        span = Span(HOSTILE, HOSTILE, HOSTILE, 0, 3)
        note = Note(HOSTILE, HOSTILE)
        status = Status(State.SKIPPED, HOSTILE, 1)
        drafts = (
            Draft(Kind.SPAN, span.key, article.id, span.body(article.text)),
            Draft(Kind.NOTE, note.key, article.id, note.body(article.text)),
            Draft(Kind.STATUS, Status.key("iva", article.id), article.id, status.body()),
        )
        project.submit(Act("label", drafts)).result()
    record = {"id": f"a{HOSTILE}", "text": "Other.", "lang": HOSTILE, HOSTILE: HOSTILE}
    records = [record, {HOSTILE: 1}, {**record, "id": HOSTILE}, {**record, "id": "z"}]
    name = f"h{HOSTILE}.jsonl".replace("/", "_")
    with open(name, "w", encoding="utf-8") as file:
        file.write("".join(json.dumps(r) + "\n" for r in records))
    return name


def test_no_output_acts_on_the_terminal(cli, hostile):
    cli("export", "news.db", "--format", "jsonl", "-o", "own.jsonl")
    os.replace("own.jsonl", f"own{HOSTILE}.jsonl".replace("/", "_"))
    for argv in (
        ("import", "news.db", hostile, "--no-languages"),
        ("import", "news.db", hostile, "--no-languages", "--json"),
        ("import", f"{HOSTILE}.db".replace("/", "_"), f"own{HOSTILE}.jsonl".replace("/", "_")),
        ("status", "news.db"),
        ("status", "news.db", "--json"),
        ("check", "news.db"),
        ("check", "news.db", "--json"),
        ("backup", "news.db", f"b{HOSTILE}.db".replace("/", "_")),
        ("export", "news.db", "--format", "iob2", "-o", "x"),
        ("export", "news.db", "--format", "iob2", "--layer", HOSTILE, "-o", "x"),
        ("export", "news.db", "--format", HOSTILE, "-o", "x"),
        ("import", "news.db", HOSTILE),
        ("import", "news.db", "--table", HOSTILE, hostile),
        ("init", "x.db", "--scheme", HOSTILE),
        ("init", "x.db", "--as", HOSTILE),
        (HOSTILE,),
        ("news.db", HOSTILE),
        ("status", HOSTILE),
    ):
        ran = cli(*argv)
        assert ran.code != 3, ran.err
        assert safe(ran.out), argv
        assert safe(ran.err), argv
        assert ran.out or ran.err


def test_markup_in_names_is_shown_as_it_is(cli, hostile):
    assert "[/bold][link=x]" in cli("import", "news.db", hostile, "--no-languages").out


def test_on_a_terminal_bars_and_tables_hold_nothing_foreign_either(hostile):
    """In a real terminal: the only escape sequences are those of the bars and tables."""
    command = [sys.executable, "-m", "annotator", "import", "news.db", hostile, "--no-languages"]
    leader, follower = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "100", "LINES": "30"}
    process = subprocess.Popen(
        command, stdin=follower, stdout=follower, stderr=follower, env=environment
    )
    os.close(follower)
    written = b""
    while True:
        try:
            data = os.read(leader, 65536)
        except OSError:  # Linux says EIO when the other side has closed
            break
        if not data:
            break
        written += data
    os.close(leader)
    assert process.wait(timeout=60) == 1
    text = written.decode()
    assert "]0;owned" in text
    assert "\x1b]0;owned" not in text
    assert "\x07" not in text
    assert "\x9b" not in text
    assert "\u202e" not in text
    assert "1/s" in text or "/s" in text
    assert "100%" in text


def test_elsewhere_progress_is_plain_lines(cli, own_home, monkeypatch):
    from annotator.cli import bars

    monkeypatch.setattr(bars, "EVERY", 0.0)
    (own_home / "a.jsonl").write_text(
        "".join(json.dumps({"id": str(n), "text": f"Text {n}."}) + "\n" for n in range(300))
    )
    ran = cli("import", "news.db", "a.jsonl", "--no-languages")
    assert "\x1b" not in ran.err
    said = ran.err.splitlines()
    assert any(line.startswith("a.jsonl: ") and "%" in line and "left" in line for line in said)
    assert any(line.startswith("word index: 300 articles") for line in said)


def raising(error):
    def run(_args):
        raise error

    return run


def test_an_unexpected_error_is_one_sentence_and_a_file(cli, own_home, tmp_path, monkeypatch):
    monkeypatch.setattr(init, "run", raising(RuntimeError(f"broken {HOSTILE}")))
    ran = cli("init", "x.db")
    assert (ran.code, ran.out) == (3, "")
    assert ran.err.count("\n") == 1
    assert "RuntimeError" in ran.err
    assert "Traceback" not in ran.err
    (log,) = (tmp_path / "home" / "state" / "annotator" / "errors").iterdir()
    assert str(log) in ran.err
    assert "Traceback" in log.read_text()
    assert "broken" in log.read_text()


def test_where_no_file_can_be_written_the_sentence_says_how_to_see_more(cli, tmp_path, monkeypatch):
    (tmp_path / "home" / "state").write_text("a file where a folder should be")
    monkeypatch.setattr(init, "run", raising(ValueError("broken")))
    ran = cli("init", "x.db")
    assert (ran.code, "ANNOTATOR_DEBUG=1" in ran.err) == (3, True)


def test_for_developers_there_is_the_traceback(cli, monkeypatch):
    monkeypatch.setenv("ANNOTATOR_DEBUG", "1")
    monkeypatch.setattr(init, "run", raising(RuntimeError(HOSTILE)))
    ran = cli("init", "x.db")
    assert (ran.code, "Traceback" in ran.err, safe(ran.err)) == (3, True, True)


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (KeyboardInterrupt(), 130, "interrupted"),
        (MemoryError(), 2, "memory"),
        (PermissionError(13, "Permission denied", "/etc/x"), 2, "/etc/x: Permission denied."),
    ],
)
def test_what_is_nobodys_fault_is_one_line(cli, monkeypatch, error, code, words):
    monkeypatch.setattr(status, "run", raising(error))
    ran = cli("status", "x.db")
    assert (ran.code, ran.out, words in ran.err) == (code, "", True)
    assert ran.err.count("\n") == 1


def test_several_faults_of_a_scheme_have_a_line_each(cli, own_home):
    (own_home / "s.toml").write_text('name = "x"\nversion = "y"\nnonsense = 1\n')
    ran = cli("init", "x.db", "--scheme", "s.toml")
    assert ran.code == 2
    assert ran.err.count("\n") >= 2
    assert all(line.startswith("annotator: ") for line in ran.err.splitlines())


@pytest.mark.parametrize(
    "typed",
    ["postgresq://iva:hush@h/news", "postgresql:/iva:hush@h/news", "postgresql//iva:hush@h/news"],
)
@pytest.mark.parametrize("command", [(), ("status",), ("init",), ("server", "people")])
def test_a_mistyped_address_is_no_file(cli, own_home, command, typed):
    ran = cli(*command, typed)
    assert (ran.code, ran.err.count("\n")) == (2, 1)
    assert "postgresql://USER@HOST/NAME" in ran.err
    assert "hush" not in ran.err
    assert not list(own_home.glob("postgres*"))


@pytest.mark.file_only
def test_a_missing_project_suggests_how_to_make_one(cli):
    ran = cli("news.db")
    assert ran.code == 2
    assert "annotator init news.db" in ran.err
    assert "annotator import news.db SOURCE" in ran.err


def test_a_path_without_a_command_opens_the_interface(cli, own_home, monkeypatch, engine):
    cli("init", "news.db")
    opened = []

    def start(path, annotator, config, article=None, queue=False, mouse=True):
        opened.append((path.name, annotator, article, queue, mouse))
        return 0

    monkeypatch.setattr("annotator.tui.start.start", start)
    assert cli("news.db").code == 0
    assert cli("--as", "boris", "news.db", "--queue").code == 0
    assert cli("open", "news.db", "--article", "a", "--no-mouse").code == 0
    copy_project(Path("news.db"), own_home / "other")
    assert cli("other" if engine == "file" else stands_for(Path("other"))).code == 0
    assert opened == [
        ("news.db", "iva", None, False, True),
        ("news.db", "boris", None, True, True),
        ("news.db", "iva", "a", False, False),
        ("other", "iva", None, False, True),
    ]
    assert opening.run


def test_no_interface_without_a_terminal(cli, own_home):
    cli("init", "news.db")
    ran = cli("news.db")
    assert (ran.code, "needs a terminal" in ran.err) == (2, True)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.04, "0.0 s"), (9.94, "9.9 s"), (59.4, "59 s"), (200, "3:20 min"), (7500, "2:05:00 h")],
)
def test_durations_are_for_people(seconds, words):
    assert out.duration(seconds) == words
