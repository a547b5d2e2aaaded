"""The walk-through in the manual, command by command and key by key, as it stands there."""

import json
import re
import shlex
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import pytest
from pty_kit import Terminal, annotator

from annotator.cli.main import main

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "walkthrough.md"
KEYS = {"ctrl+q": "\x11", "enter": "\r"}
_BLOCK = re.compile(r"^```(console|keys)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LEFT = re.compile(r"(\d+) left of|Nothing left")


class Step(NamedTuple):
    """A command line of the page, and the keys pressed in what it opens."""

    words: list[str]
    keys: tuple[str, ...] = ()


def steps() -> list[Step]:
    found = []
    for kind, text in _BLOCK.findall(PAGE.read_text("utf-8")):
        if kind == "keys":
            command, keys = text.strip().split("\n")
            found.append(Step(shlex.split(command), tuple(keys.split())))
        else:
            lines = text.strip().split("\n")
            assert all(line.startswith("$ ") for line in lines), "every line is a command"
            found += [Step(shlex.split(line[2:])) for line in lines]
    return found


def run(step: Step, capfd: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch) -> str:
    """What a command prints; it must end with 0."""
    words = step.words[1:]
    capfd.readouterr()
    with patch.context() as inner, ExitStack() as files:
        if "<" in words:
            given = files.enter_context(Path(words.pop()).open(encoding="utf-8"))
            inner.setattr(sys, "stdin", given)
            words.remove("<")
        code = main(words)
    told = capfd.readouterr()
    assert code == 0, (step.words, told.out[-2000:], told.err)
    return told.out


def press(step: Step, folder: Path) -> None:
    """Press the keys one after another, each once the screen shows what the one before did."""
    with Terminal(annotator(*step.words[1:]), folder, 100, 30) as terminal:
        terminal.wait("left of", "? keys")
        terminal.settle()
        for key in step.keys[:-1]:
            terminal.send(KEYS.get(key, key))
            terminal.wait("✓ saved")
            terminal.settle()
        terminal.wait("Nothing left")
        terminal.send(KEYS[step.keys[-1]])
        assert terminal.ended() == 0


@pytest.mark.file_only
def test_three_annotators_on_three_laptops_become_a_release(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("sample_data", "docs"):
        (tmp_path / name).symlink_to(ROOT / name)
    told = {}
    for step in steps():
        assert step.words[0] == "annotator"
        if step.keys:
            press(step, tmp_path)
        else:
            told[" ".join(step.words[1:])] = run(step, capfd, monkeypatch)

    merged = [text for line, text in told.items() if line.startswith("merge")]
    assert len(merged) == 1, "the same command twice on the page is one here"
    assert "nothing new" in merged[0].casefold()
    listed = told["adjudicate team.db --list --as lena"]
    assert "11 items to look at" in listed
    shown = told["release team.db --show 1.0"]
    assert re.search(r"manual\W+11\b", shown), shown
    assert re.search(r"unanimous\W+66\b", shown), shown
    gold = gold_of(tmp_path / "gold-1.0.jsonl")
    assert gold["en-bridge"] >= {("ORG", "Danube Development Bank"), ("ORG", "Green Dobrudzha")}
    assert ("ORG", "The Danube Development Bank") not in gold["en-bridge"]
    assert ("ORG", "Blue Wave") in gold["en-cable"]
    assert ("EVT", "Ποσειδώνας 2026") in gold["el-drill"]
    assert ("EVT", "Ποσειδώνας") not in gold["el-drill"]
    assert ("LOC", "Горна Лъка") in gold["bg-storks"]
    feedback = told["feedback team.db --as boris --plain"]
    assert "en-cable" in feedback
    assert "ru-museum" in feedback


def gold_of(path: Path) -> dict[str, set[tuple[str, str]]]:
    """Labels and surfaces of the entities in an export, by article."""
    found = {}
    for line in path.read_text("utf-8").splitlines():
        article = json.loads(line)
        text = article["text"]
        spans = article["layers"]["entities"]
        found[article["id"]] = {(s["label"], text[s["start"] : s["end"]]) for s in spans}
    return found


def test_the_page_is_read_whole(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(steps()) >= 30
    assert sum(bool(step.keys) for step in steps()) == 1
    with pytest.raises(AssertionError):
        run(Step(["annotator", "status", "nowhere.db"]), capfd, monkeypatch)
