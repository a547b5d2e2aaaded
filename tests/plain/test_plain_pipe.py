"""The plain mode as a process: a pipe on both sides, a terminal that can do nothing, Ctrl-C, EOF."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pexpect
import pytest
from engines import stands_for

ANNOTATOR = (sys.executable, "-m", "annotator")


def environment() -> dict[str, str]:
    return {**os.environ, "TERM": "dumb", "PYTHONIOENCODING": "utf-8"}


def label(path: Path, *lines: str, options: tuple[str, ...] = ()) -> subprocess.CompletedProcess:
    """Lines into `annotator label --plain`, and all that came out of it."""
    return subprocess.run(
        [*ANNOTATOR, "label", str(stands_for(path)), "--plain", "--as", "rada", *options],
        input="".join(f"{line}\n" for line in lines),
        capture_output=True,
        encoding="utf-8",
        env=environment(),
        timeout=60,
        check=False,
    )


def test_the_whole_job_through_a_pipe(path, tmp_path):
    ran = label(
        path, "h", "block 4-5 n", "layer 2", "block 2", "2-3 p", "find Тодор Жеков", "p", "layer 3",
        "row 1", "stance FAVOR", "find осигурени", "clear", "evidence", "row 2", "nothing", "done",
        "quit",
    )  # fmt: skip
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.isprintable() or all(
        line.isprintable() for line in ran.stdout.splitlines()
    ), "no escapes"
    assert ran.stdout.count("Saved.") == 8
    export = tmp_path / "out.jsonl"
    done = subprocess.run(
        [*ANNOTATOR, "export", str(stands_for(path)), "--format", "jsonl", "-o", str(export)],
        capture_output=True, encoding="utf-8", env=environment(), timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = [json.loads(line) for line in export.read_text(encoding="utf-8").splitlines()]
    article = next(each for each in found if each.get("id") == "key-bg")
    words = json.dumps(article, ensure_ascii=False)
    for wanted in ("headline", "nav", "Рада Вълчева", "Тодор Жеков", "FAVOR", "done", "NONE"):
        assert wanted in words, wanted
    assert "Парите са осигурени" in words
    assert (
        subprocess.run([*ANNOTATOR, "check", str(stands_for(path))], env=environment()).returncode
        == 0
    )


def test_codes_of_refused_lines_and_unknown_articles(path):
    assert label(path, "танц").returncode == 1
    assert label(path, options=("--article", "няма")).returncode == 2
    assert label(path).returncode == 0
    assert "Article 2 of 4" in label(path, options=("--article", "key-el")).stdout


def test_the_end_of_the_input_without_a_newline_is_an_end(path):
    ran = subprocess.run(
        [*ANNOTATOR, "label", str(stands_for(path)), "--plain", "--as", "rada"],
        input=b"h\n\xff\xfe\nlayer 2", capture_output=True, env=environment(), timeout=60, check=False,
    )  # fmt: skip
    assert ran.returncode == 1
    assert "Layer 2: Entities." in ran.stdout.decode()


@pytest.fixture
def terminal(path):
    child = pexpect.spawn(
        ANNOTATOR[0], [*ANNOTATOR[1:], "label", str(stands_for(path)), "--plain", "--as", "rada"],
        env=environment(), encoding="utf-8", timeout=30, echo=False,
    )  # fmt: skip
    yield child
    child.close(force=True)


def test_on_a_dumb_terminal_with_a_ctrl_c(terminal):
    terminal.expect_exact("> ")
    assert "\x1b" not in terminal.before
    terminal.sendline("h")
    terminal.expect_exact("Saved.")
    terminal.expect_exact("> ")
    terminal.sendintr()
    terminal.expect_exact("Interrupted; nothing is lost. quit leaves.")
    terminal.sendline("list")
    terminal.expect_exact("1  headline")
    terminal.sendline("quit")
    terminal.expect(pexpect.EOF)
    terminal.wait()
    assert terminal.exitstatus == 0


def test_ctrl_c_in_a_script_leaves_what_was_saved(path):
    child = subprocess.Popen(
        [*ANNOTATOR, "label", str(stands_for(path)), "--plain", "--as", "rada"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        encoding="utf-8", env=environment(),
    )  # fmt: skip
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write("h\n")
    child.stdin.flush()
    while "Saved." not in child.stdout.readline():
        pass
    child.send_signal(signal.SIGINT)
    _, errors = child.communicate(timeout=30)
    assert child.returncode == 130
    assert "what was saved stays saved" in errors
    assert "headline" in label(path, "list").stdout
