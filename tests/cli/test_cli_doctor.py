"""`annotator doctor`: what it shows, where values come from, and what it finds wrong."""

import fcntl
import json
import os
import pty
import re
import threading
import tomllib
from concurrent.futures import Future
from dataclasses import fields
from pathlib import Path

import pytest

from annotator.cli.checkup import asking, keys, project, terminal, versions
from annotator.config import Config
from annotator.desk.actions import ACTIONS
from annotator.model.event import Act
from annotator.store import engine, place
from annotator.store.journal import Journal
from annotator.store.project import Project

CLEAN = ("NO_COLOR", "COLORTERM", "TMUX", "STY", "SSH_CONNECTION", "LC_ALL", "LC_CTYPE")


@pytest.fixture(autouse=True)
def plain_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment in which nothing needs attention."""
    for name in CLEAN:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("LANG", "bg_BG.UTF-8")


def config_file() -> Path:
    return Path(os.environ["ANNOTATOR_CONFIG"])


def looked(cli, *argv: object) -> tuple[int, dict, dict[str, tuple]]:
    """Exit code, the JSON, and all facts as value and source by their names."""
    ran = cli("doctor", *argv, "--json")
    assert ran.err == ""
    found = json.loads(ran.out)
    sections = [value for value in found.values() if isinstance(value, dict)]
    facts = {f["name"]: (f["value"], f["source"]) for s in sections for f in s["facts"]}
    assert found["troubles"] == [trouble for s in sections for trouble in s["troubles"]]
    return ran.code, found, facts


def test_a_sound_place_is_fine(cli) -> None:
    code, found, facts = looked(cli)
    assert (code, found["fine"], found["troubles"]) == (0, True, [])
    assert facts["annotator"] == ("iva", "file")
    assert facts["width"] == (90, "default")
    assert facts["file"] == (str(config_file()), "environment")
    assert facts["colours"] == ("256", "system")
    assert facts["is a terminal"][0] is False
    assert "project" not in found
    ran = cli("doctor")
    assert ran.code == 0
    assert ran.out.endswith("Everything is fine.\n")


def test_every_setting_is_shown_with_its_source(cli) -> None:
    config_file().write_text(
        'annotator = "iva"\nlayout = "bg-phonetic"\nmouse = false\ntheme = "nord"\nwidth = 70\n'
        'sticky = ["layer"]\n[keys]\nflag = ["f10"]\nqueue = []\n[units]\nentities = "grapheme"\n'
        '[suggesters.mine]\ncommand = ["guess", "--all"]\n[suggesters.far]\nplugin = "slovnet"\n'
    )
    code, found, facts = looked(cli)
    assert code == 0
    assert {f.name for f in fields(Config)} <= set(facts)
    assert facts["layout"] == ("bg-phonetic", "file")
    assert facts["mouse"][0] is False
    assert facts["keys"] == (["flag=f10", "queue=palette"], "file")
    assert facts["units"] == (["entities=grapheme"], "file")
    assert facts["sticky"] == (["layer"], "file")
    assert facts["suggesters"] == (["mine=guess --all", "far=slovnet"], "file")
    assert facts["remember"] == ([], "default")
    assert "Bulgarian" in facts["keyboard layout"][0]
    assert not found["settings"]["notes"]


def test_options_come_before_the_file_and_the_login_name_after_it(cli, monkeypatch) -> None:
    facts = looked(cli, "--as", "zoe", "--no-mouse")[2]
    assert facts["annotator"] == ("zoe", "option")
    assert facts["mouse here"] == (False, "option")
    config_file().write_text("")
    monkeypatch.setenv("LOGNAME", "kim")
    assert looked(cli)[2]["annotator"] == ("kim", "system")


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        ('layuot = "ru"', "did you mean 'layout'?"),
        ("width = 5", "a whole number from 20 to 400"),
        ("width =", "is not valid TOML"),
        ('layout = "klingon"', "There is no keyboard layout 'klingon'"),
        ('theme = "pink"', "There is no theme 'pink'; use one of"),
        ('[keys]\nflag = ["ctrl+z"]', "ctrl+z is bound to both flag and undo"),
        ('[keys]\nflag = ["x"]', "letters are labels"),
        ('[keys]\nflag = ["ctrl+b"]', "ctrl+b cannot be bound to flag"),
        ('[keys]\nnope = ["f10"]', "names 'nope', which is no action"),
    ],
)
def test_what_is_wrong_with_the_file_needs_attention(cli, text: str, trouble: str) -> None:
    config_file().write_text(text)
    code, found, _ = looked(cli)
    assert code == 1
    assert not found["fine"]
    assert len(found["troubles"]) == 1
    assert trouble in found["troubles"][0]
    ran = cli("doctor")
    assert (ran.code, ran.out.splitlines()[-1]) == (1, "1 thing needs attention.")


def test_all_clashes_are_named_at_once(cli) -> None:
    config_file().write_text('[keys]\nflag = ["ctrl+z", "ctrl+d", "ctrl+b"]\n')
    assert len(looked(cli)[1]["troubles"]) == 3
    assert keys.problems({}) == []


def test_names_may_be_wrong_as_well(cli) -> None:
    code, found, _ = looked(cli, "--as", "a:b")
    assert code == 1
    assert "cannot be an annotator's name" in found["troubles"][0]


@pytest.mark.parametrize(
    ("env", "wanted"),
    [
        ({"TERM": "xterm"}, "16"),
        ({"TERM": "screen-256color"}, "256"),
        ({"TERM": "xterm", "COLORTERM": "truecolor"}, "16 million"),
        ({"TERM": "xterm", "COLORTERM": "truecolor", "NO_COLOR": ""}, "none"),
        ({"TERM": "dumb"}, "none"),
        ({}, "none"),
    ],
)
def test_colours_are_those_the_environment_tells(env, wanted: str) -> None:
    assert terminal.colours(env) == wanted


def test_keys_that_tmux_keeps_are_told(cli, monkeypatch) -> None:
    monkeypatch.setenv("TMUX", "/tmp/tmux-0/default,1,0")
    monkeypatch.setattr(keys, "_tmux", lambda option: "C-d\n" if option == "prefix" else "None\n")
    code, found, facts = looked(cli)
    assert (code, facts["multiplexer"][0]) == (1, "tmux")
    assert facts["kept by the multiplexer"] == (["ctrl+d"], "system")
    assert "ctrl+d for done is kept by the multiplexer" in found["troubles"][0]
    config_file().write_text('[keys]\ndone = ["ctrl+d", "f10"]\n')
    assert looked(cli)[0] == 0, "another key is left"


def test_without_an_answer_tmux_and_screen_keep_what_they_keep_by_default(monkeypatch) -> None:
    assert keys.multiplexer_keys() == frozenset()
    monkeypatch.setenv("STY", "1.x")
    assert keys.multiplexer_keys() == {"ctrl+a"}
    monkeypatch.setenv("TMUX", "x")
    monkeypatch.setenv("PATH", "")
    assert keys.multiplexer_keys() == {"ctrl+b"}
    names = {"C-b": "ctrl+b", "M-x": "alt+x", "C-Space": "ctrl+space", "None": "", "": ""}
    assert {name: keys.key_of(name) for name in names} == names
    assert not any("ctrl+b" in action.keys for action in ACTIONS)


def test_another_encoding_needs_attention(cli, monkeypatch) -> None:
    class Latin:
        encoding = "iso-8859-1"

    section = terminal.Section("Terminal")
    with monkeypatch.context() as patch:
        patch.setattr("sys.stdout", Latin())
        terminal._text(section)
    assert "set LANG=C.UTF-8" in section.troubles[0]


# --- versions


def test_the_versions_are_those_of_the_package() -> None:
    root = Path(__file__).parents[2]
    listed = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    wanted = {}
    for line in listed:
        name, low, high = re.match(r"([\w-]+)>=([\d.]+)(?:,<([\d.]+))?", line).groups()
        wanted[name] = (low, high or "")
    wanted.pop("pysqlite3")  # looked at as SQLite's own version
    assert {
        name: (low, versions.PINNED.get(name, "")) for name, low in versions.LIBRARIES.items()
    } == wanted


def test_versions_that_will_not_do_need_attention(cli, monkeypatch) -> None:
    real = versions.metadata.version

    def version(name: str) -> str:
        if name == "razdel":
            raise versions.metadata.PackageNotFoundError(name)
        return {"textual": "9.0.1", "rich": "13.9"}.get(name) or real(name)

    monkeypatch.setattr(versions.metadata, "version", version)
    monkeypatch.setattr(engine, "fixed_library", lambda: False)
    found = looked(cli)[1]["troubles"]
    assert len(found) == 4
    assert "pysqlite3" in found[0]
    assert found[1] == "textual 9.0.1 is not what was tested; install 8.2 or later, below 9."
    assert found[2] == "rich 13.9 is not what was tested; install 14 or later."
    assert "razdel is not installed" in found[3]
    assert versions.number("8.10") > versions.number("8.2")


# --- the terminal's own answers


def answered(reply: bytes) -> asking.Answer:
    """What `ask` makes of a terminal that answers so, and that its modes are given back."""
    ours, theirs = pty.openpty()
    before = asking.termios.tcgetattr(theirs)

    def answer() -> None:
        found = b""
        while not found.endswith(b"c"):
            found += os.read(ours, 64)
        if reply:
            os.write(ours, reply)

    thread = threading.Thread(target=answer)
    thread.start()
    try:
        return asking.ask(theirs, theirs, 5 if reply else 0.05)
    finally:
        thread.join()
        assert asking.termios.tcgetattr(theirs) == before
        os.close(theirs)
        os.close(ours)


@pytest.mark.parametrize(
    ("reply", "wanted"),
    [
        (b"\x1b[?1u\x1b[?62;4c", asking.Answer("62;4", 1)),
        (b"\x1b[?0u\x1b[?6c", asking.Answer("6", 0)),
        (b"\x1b[?1;2c", asking.Answer("1;2", None)),
        (b"typed ahead\x1b[?c", asking.Answer("", None)),
        (b"", asking.Answer()),
    ],
)
def test_the_terminal_is_asked(reply: bytes, wanted: asking.Answer) -> None:
    assert answered(reply) == wanted


def test_what_is_no_terminal_is_not_asked() -> None:
    read, write = os.pipe()
    assert asking.ask(read, write) == asking.Answer()
    os.set_blocking(read, False)
    with pytest.raises(BlockingIOError):
        os.read(read, 1)
    os.close(read)
    os.close(write)


# --- projects


@pytest.fixture
def db(cli) -> str:
    Path("a.txt").write_text("Η πόλη\n", "utf-8")
    assert cli("import", "p.db", "a.txt", "--no-languages").code == 0
    return "p.db"


@pytest.mark.file_only
def test_a_project_is_looked_at_and_left_as_it_is(cli, db) -> None:
    before = Path(db).stat()
    code, found, facts = looked(cli, db)
    assert (code, found["fine"]) == (0, True)
    assert facts["path"][0] == str(Path(db).resolve())
    assert facts["articles"][0] == 1
    assert facts["scheme"][0] == "news, version 1"
    assert facts["you work as"][0] == "iva"
    assert facts["your decisions not saved yet"][0] == 0
    assert facts["being written now"][0] is False
    assert Path(db).stat().st_mtime_ns == before.st_mtime_ns
    assert "Project" in cli("doctor", db).out


@pytest.mark.file_only
def test_a_project_that_is_not_there_or_none_needs_attention(cli) -> None:
    code, found, _ = looked(cli, "nowhere.db")
    assert (code, found["troubles"]) == (
        1,
        [
            "There is no project at nowhere.db: check its name, or make one with `annotator init nowhere.db`."
        ],
    )
    Path("text.db").write_text("no database" * 100)
    assert "not an SQLite file" in looked(cli, "text.db")[1]["troubles"][0]


def test_decisions_that_wait_need_attention(cli, db) -> None:
    with Project.open(db, "iva") as opened:
        journal = Journal(opened.id, "iva", opened.path)
    journal.add(Act("label", ()), "iva", "the disk was full")
    code, found, facts = looked(cli, db)
    assert (code, facts["your decisions not saved yet"][0]) == (1, 1)
    assert "Not saved yet: 1 decision of iva; open the project" in found["troubles"][0]
    assert looked(cli, db, "--as", "zoe")[0] == 0, "they are another's"


@pytest.mark.file_only
def test_a_disk_that_is_nearly_full_or_shared_needs_attention(cli, db, monkeypatch) -> None:
    real = project.health.shutil.disk_usage
    disk = project.health.shutil
    with monkeypatch.context() as patch:
        patch.setattr(disk, "disk_usage", lambda path: real(path)._replace(free=5000))
        assert "Only 5 KiB are free beside p.db" in looked(cli, db)[1]["troubles"][0]
    monkeypatch.setattr(place, "file_system", lambda *_: "nfs4")
    code, found, facts = looked(cli, db)
    assert (code, facts["file system"][0]) == (1, "nfs4")
    assert "network file system (nfs4)" in found["troubles"][0]


@pytest.mark.file_only
def test_a_lock_that_is_held_is_told(cli, db) -> None:
    with Path(f"{db}.lock").open("r+") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        code, found, facts = looked(cli, db)
    assert (code, facts["being written now"][0]) == (0, True)
    assert "Another process is writing" in found["project"]["notes"][0]


def test_labels_that_were_given_up_are_a_note(cli, db) -> None:
    with Project.open(db, "iva") as opened:
        from annotator.model.annotation import Kind, Span
        from annotator.model.event import Draft
        from annotator.model.scheme_change import retire

        article = next(opened.articles())
        span = Span("s", "entities", "LOC", 2, 6)
        draft = Draft(Kind.SPAN, span.key, article.id, span.body(article.text))
        saved: Future = opened.submit(Act("label", (draft,)))
        saved.result()
        opened.relabel(retire(opened.scheme, opened.scheme.layer("entities"), "LOC"))
    code, found, facts = looked(cli, db)
    assert (code, facts["to be decided again"][0]) == (0, 1)
    assert "1 annotation with labels" in found["project"]["notes"][0]


def test_sizes_are_for_people() -> None:
    sizes = [project.size(n) for n in (0, 1023, 1024, 5 * 1024**2, 7 * 1024**3, 2 * 1024**4)]
    assert sizes == ["0 bytes", "1023 bytes", "1 KiB", "5 MiB", "7 GiB", "2.0 TiB"]
