"""Killed at any moment: what the screen had called saved is in the project, whole and in order."""

import random
import re
import signal
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from engines import stands_for
from pty_kit import LONG, SAVED, Terminal, annotator, environment, make_project

from annotator.model.article import Article
from annotator.model.scheme import SpanLayer
from annotator.model.scheme_file import preset
from annotator.store.project import Project

BLOCKS = 12
KILLS = 200 if LONG else 8
PARTS = 4 if LONG else 2
"""Parts the kills are done in, so that two processors can share them."""
LATEST = 0.25
"""Seconds after the first label is saved until the kill, at most."""
WAYS = {"SIGKILL": -signal.SIGKILL, "SIGHUP": 129, "SIGTERM": 143, "closed": 129}
"""How it is killed, and the exit code then."""
UNDO, DONE = "\x1a", "\x04"
ROW = re.compile(r"(?P<letter>.)  block (?P<block>\d\d) of (?P<article>\S+)")
LAYER = preset("news").layers[0]
assert isinstance(LAYER, SpanLayer)
LABELS = {label.key: label.name for label in LAYER.labels}

Decision = tuple[str, int, str]
"""Article, block, and the label's key, "" when it is taken back."""


@dataclass
class Run:
    """One sitting: what is typed, what that decides, how far the screen said it is saved."""

    articles: tuple[str, str]
    keys: list[str] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    acknowledged: int = 0
    """Decisions that the screen has shown together with the saved mark."""

    def plan(self, chance: random.Random) -> None:
        """Label every block of the first article, finish it, label the second; some undone.

        Neighbours get different labels, for alike ones become one annotation.
        """
        for article in self.articles:
            block, before = 0, [""] * BLOCKS
            while block < BLOCKS:
                if block and chance.random() < 0.15:
                    block -= 1
                    self.keys.append(UNDO)
                    self.decisions.append((article, block, ""))
                else:
                    letter = chance.choice([key for key in LABELS if key != before[block - 1]])
                    before[block] = letter
                    self.keys.append(letter)
                    self.decisions.append((article, block, letter))
                    block += 1
            self.keys.append(DONE)
        self.keys.pop()

    def judge(self, lines: Sequence[str]) -> None:
        """Take note of what a painted screen says."""
        rows = [match for line in lines if (match := ROW.search(line))]
        if len(rows) != BLOCKS or SAVED not in lines[-2]:
            return
        article = rows[0]["article"]
        shown = {int(row["block"]): row["letter"].strip().lower() for row in rows}
        for count in range(self.acknowledged, len(self.decisions) + 1):
            if self._on(article, count) == shown:
                self.acknowledged = count
                return
        raise AssertionError(f"the screen shows {shown}, which was never so")

    def _on(self, article: str, count: int) -> dict[int, str]:
        """The letters on an article after so many decisions, if it is the one on screen then."""
        around = self.decisions[max(count - 1, 0) : count + 1]
        if article not in (a for a, _, _ in around):
            return {}
        letters = dict.fromkeys(range(BLOCKS), "")
        letters |= {b: letter for a, b, letter in self.decisions[:count] if a == article}
        return letters


def saved_decisions(project: Project, articles: tuple[str, str]) -> list[Decision]:
    """What the log holds, in its order."""
    found: list[Decision] = []
    keys = {name: key for key, name in LABELS.items()}
    for article in articles:
        text = project.article(article).text
        where: dict[str, int] = {}
        for event in project.history(article, "iva"):
            if event.kind != "span":
                continue
            if event.body is not None:
                where[event.key] = text.count("\n", 0, event.body["start"])
            label = keys[event.body["label"]] if event.body is not None else ""
            found.append((article, where[event.key], label))
    return found


def one_kill(path: Path, run: Run, how: str, chance: random.Random) -> None:
    """Work until killed."""
    command = annotator(str(stands_for(path)), "--as", "iva", "--article", run.articles[0])
    with Terminal(command, path.parent) as terminal:
        terminal.wait("block 00 of", SAVED)
        terminal.send(run.keys[0])
        terminal.wait(f"{run.keys[0].upper()}  block 00 of", SAVED)
        run.judge(terminal.lines)
        assert run.acknowledged == 1
        keys = "".join(run.keys[1:])
        end = time.monotonic() + chance.uniform(0, LATEST)
        while time.monotonic() < end:
            count = chance.randint(1, 4)
            terminal.send(keys[:count])
            keys = keys[count:]
            pause = time.monotonic() + chance.uniform(0, 0.03)
            while (left := min(pause, end) - time.monotonic()) > 0:
                terminal.read(left)
                run.judge(terminal.lines)
        if how == "closed":
            terminal.hang_up()
        else:
            terminal.signal(signal.Signals[how])
        while terminal.process.poll() is None:
            terminal.read(0.01)
            run.judge(terminal.lines)
        while terminal.read(0):
            run.judge(terminal.lines)
        assert terminal.process.returncode == WAYS[how]


@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_acknowledged_is_lost(
    tmp_path: Path, part: int, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "news.db"
    kills = KILLS // PARTS
    names = [f"story-{n:04}" for n in range(2 * kills)]
    texts = {a: "\n".join(f"block {b:02} of {a}" for b in range(BLOCKS)) for a in names}
    make_project(path, [Article(a, texts[a], title=a) for a in names])
    acknowledged = logged = lost = 0
    for number in range(kills):
        chance = random.Random(1000 * part + number)
        run = Run((names[2 * number], names[2 * number + 1]))
        run.plan(chance)
        one_kill(path, run, list(WAYS)[number % len(WAYS)], chance)
        with Project.open(path, "iva") as project:
            saved = saved_decisions(project, run.articles)
            assert project.verify() == []
            assert project.pending() == []
        assert saved == run.decisions[: len(saved)]  # in order, none twice, none left out
        acknowledged, logged = acknowledged + run.acknowledged, logged + len(saved)
        lost += max(run.acknowledged - len(saved), 0)
    with capsys.disabled():
        print(f"\n{kills} kills: {acknowledged} acknowledged, {logged} saved, {lost} lost")
    assert lost == 0
    env = environment(tmp_path)
    checked = subprocess.run(
        annotator("check", str(stands_for(path))),
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert not [p for p in (tmp_path / "state").rglob("*.jsonl") if p.stat().st_size]
