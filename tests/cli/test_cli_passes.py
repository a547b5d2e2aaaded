"""Languages and the word index: trusted, detected, interrupted, gone on with."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from engines import stands_for

from annotator.cli import passes
from annotator.store.filters import Filter
from annotator.store.project import Project
from annotator.text import language

BG = "Мостът при Старобряг беше открит в сряда след десет години строеж, каза кметът. "
DE = "Die Brücke wurde am Mittwoch nach zehn Jahren Bauzeit eröffnet, sagte die Ministerin. "


def write(path, count, text=DE, **more):
    with open(path, "w", encoding="utf-8") as file:
        for n in range(count):
            record = {"id": f"a{n:05}", "text": f"{text} {n}\n{text}", **more}
            file.write(json.dumps(record, ensure_ascii=False) + "\n")


def languages(path="news.db"):
    with Project.open(path, readonly=True) as project:
        return project.languages()


def test_a_language_the_source_gives_is_trusted_and_the_others_are_detected(cli, own_home):
    with open("a.jsonl", "w", encoding="utf-8") as file:
        for name, text, more in (
            ("bg", BG * 3, {}), ("de", DE * 3, {}), ("said", DE * 3, {"lang": "nl"}),
            ("short", "Hi.", {}), ("no", DE * 3, {"lang": "unknown language"}),
        ):  # fmt: skip
            file.write(json.dumps({"id": name, "text": text, **more}) + "\n")
    ran = cli("import", "news.db", "a.jsonl")
    assert ran.code == 0
    with Project.open("news.db", readonly=True) as project:
        found = {a.id: (a.lang, a.lang_source) for a in project.articles()}
    assert found == {
        "bg": ("bg", language.DETECTOR),
        "de": ("de", language.DETECTOR),
        "no": ("de", language.DETECTOR),
        "said": ("nl", "import"),
        "short": ("und", language.DETECTOR),
    }
    assert "languages: 4 in" in ran.out
    assert "undetermined 1" in ran.out


def test_without_languages_none_is_detected_until_asked_for(cli, own_home):
    write("a.jsonl", 3)
    cli("import", "news.db", "a.jsonl", "--no-languages")
    assert languages() == {"": 3}
    ran = cli("import", "news.db")
    assert (ran.code, languages()) == (0, {"de": 3})
    ran = cli("import", "news.db")
    assert (ran.code, ran.out) == (0, "Nothing was left to do.\n")


def test_several_processes_find_what_one_finds(cli, own_home, monkeypatch):
    write("a.jsonl", 120)
    monkeypatch.setattr(passes, "ALONE", 50)
    assert cli("import", "two.db", "a.jsonl", "--jobs", "2").code == 0
    assert cli("import", "one.db", "a.jsonl", "--jobs", "1").code == 0
    assert languages("one.db") == languages("two.db") == {"de": 120}
    assert cli("import", "one.db", "--jobs", "0").code == 2


def test_an_interrupted_pass_keeps_what_it_has_and_goes_on(cli, own_home, monkeypatch):
    write("a.jsonl", 120)
    saved = []
    save = Project.set_languages

    def interrupted(self, tags):
        if saved:
            raise KeyboardInterrupt
        saved.append(save(self, tags))
        return saved[0]

    with monkeypatch.context() as patched:
        patched.setattr(Project, "set_languages", interrupted)
        ran = cli("import", "news.db", "a.jsonl")
    assert ran.code == 130
    assert ran.err == (
        "annotator: interrupted; what is in stays in, and the same command goes on from here.\n"
    )
    assert "120   new" in ran.out
    assert languages() == {"": 120 - passes.CHUNK, "de": passes.CHUNK}
    assert cli("import", "news.db").code == 0
    assert languages() == {"de": 120}


def test_words_can_be_found_after_an_import_and_after_an_interrupted_one(
    cli, own_home, monkeypatch
):
    write("a.jsonl", 30, lang="de")
    monkeypatch.setattr(passes, "WORDS", 10)
    index = Project.index_words
    calls = []

    def interrupted(self, batch):
        calls.append(batch)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return index(self, batch)

    with monkeypatch.context() as patched:
        patched.setattr(Project, "index_words", interrupted)
        assert cli("import", "news.db", "a.jsonl").code == 130
    assert "20 articles cannot be searched yet" in cli("status", "news.db").out
    assert cli("import", "news.db").code == 0
    with Project.open("news.db", readonly=True) as project:
        assert project.count(Filter(words="Brücke")) == 30


def start(*argv):
    command = [sys.executable, "-m", "annotator", *argv]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )


def children(process, count):
    """The processes a process has started, once there are `count` of them."""
    for _ in range(600):
        found = psutil.Process(process.pid).children(recursive=True)
        if len(found) >= count:
            return found
        assert process.poll() is None, process.communicate()
        time.sleep(0.05)
    pytest.fail("no processes were started")


@pytest.fixture
def detecting(own_home, cli):
    """An import that detects languages in two processes, and those processes."""
    write("a.jsonl", 4000)
    assert cli("init", "news.db").code == 0
    process = start("import", str(stands_for(Path("news.db"))), "a.jsonl", "--jobs", "2")
    yield process, children(process, 3)
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def test_ctrl_c_in_a_terminal_is_one_plain_sentence(detecting):
    """Ctrl-C reaches every process of the group, as from a terminal."""
    process, workers = detecting
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "Traceback" not in err
    assert err.splitlines()[-1].startswith("annotator: interrupted; what is in stays in")
    assert "4,000   new" in out
    assert sum(languages().values()) == 4000
    assert psutil.wait_procs(workers, timeout=10)[1] == []


def test_killed_it_leaves_no_process_behind_and_goes_on_later(detecting):
    process, workers = detecting
    process.kill()
    process.communicate()
    assert psutil.wait_procs(workers, timeout=20)[1] == []
    with Project.open("news.db", readonly=True) as project:
        assert [p for p in project.verify() if p.severity == "error"] == []
        assert project.count() == 4000


@pytest.mark.file_only
def test_ctrl_c_while_articles_come_in_keeps_whole_batches(own_home):
    write("a.jsonl", 60_000, text=DE * 8)
    process = start("import", "news.db", "a.jsonl", "--no-languages")
    while not os.path.exists("news.db-wal") or os.path.getsize("news.db-wal") < 1_000_000:
        assert process.poll() is None
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "Traceback" not in err
    with Project.open("news.db", readonly=True) as project:
        assert 0 < project.count() < 60_000
        assert [p for p in project.verify() if p.severity == "error"] == []
