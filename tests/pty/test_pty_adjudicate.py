"""Adjudication in a real terminal: begins, decides, ends in order; killed, it keeps what it called saved."""

import random
import re
import signal
from pathlib import Path

import adjudication_kit as kit
import pytest
from engines import stands_for
from pty_kit import LONG, Terminal, annotator, assert_restored

from annotator.model.scheme_file import preset
from annotator.store.problems import Severity
from annotator.store.project import Project

KILLS = 40 if LONG else 3
LEFT = re.compile(r"(\d+) left of (\d+)")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Two made articles of three annotators; the first has at least six items."""
    known = [kit.known(kit.made_article(n), preset("news")) for n in (3, 5)]
    return kit.make(tmp_path / "p.db", known)


def command(path: Path) -> list[str]:
    return annotator("adjudicate", str(stands_for(path)), "--as", kit.JUDGE, "--audit", "0")


def left(terminal: Terminal) -> int:
    """How many items the screen says are left of the article."""
    found = LEFT.search(terminal.text)
    assert found is not None, terminal.text
    return int(found[1])


def counted(terminal: Terminal) -> str:
    """What the screen says of how many items are left, or that none is."""
    found = LEFT.search(terminal.text)
    return "none" if "Nothing left" in terminal.text else found[0] if found else ""


def decided(path: Path) -> int:
    with Project.open(path, readonly=True) as project:
        return sum(len(project.decisions(article.id)) for article in project.articles())


def test_it_begins_decides_and_ends_in_order(project: Path, tmp_path: Path) -> None:
    with Terminal(command(project), tmp_path, 80, 24) as terminal:
        terminal.wait("left of", "item 1/", "✓ saved", "? keys")
        before = left(terminal)
        terminal.send("\r")
        terminal.wait(f"{before - 1} left of", "✓ saved")
        terminal.send("u")
        terminal.wait("Undone.", f"{before} left of", "✓ saved")
        terminal.send("\x19")  # ctrl+y
        terminal.wait("Done again.", "✓ saved")
        terminal.send("\x11")  # ctrl+q
        assert terminal.ended() == 0
        assert_restored(terminal)
    assert decided(project) == 1


@pytest.mark.parametrize("key", ["1", "\r"])
def test_keys_sent_in_one_go_decide_an_item_each(project: Path, tmp_path: Path, key: str) -> None:
    with Terminal(command(project), tmp_path, 100, 30) as terminal:
        terminal.wait("left of", "item 1/")
        terminal.send(key * 12)
        terminal.wait("✓ saved")
        terminal.settle()
        terminal.send("\x11")
        assert terminal.ended() == 0
    assert decided(project) == 12


def test_every_item_takes_one_key_to_the_last(project: Path, tmp_path: Path) -> None:
    with Terminal(command(project), tmp_path, 100, 30) as terminal:
        terminal.wait("left of", "item 1/")
        for pressed in range(1, 100):
            before = counted(terminal)
            terminal.send("1")
            terminal.wait_until(lambda was=before: counted(terminal) != was, f"key {pressed}")
            terminal.wait("✓ saved")
            assert decided(project) == pressed
            assert "held down" not in terminal.text
            if "Nothing left" in terminal.text:
                break
        assert "Nothing left" in terminal.text
        terminal.send("\x11")
        assert terminal.ended() == 0


def test_its_own_articles_are_refused_on_the_screen(project: Path, tmp_path: Path) -> None:
    own = annotator("adjudicate", str(stands_for(project)), "--as", "iva")
    with Terminal(own, tmp_path, 80, 24) as terminal:
        terminal.wait("You annotated all 2 articles")
        terminal.send("\x11")
        assert terminal.ended() == 0


@pytest.mark.parametrize("number", range(KILLS))
def test_killed_it_keeps_what_it_called_saved(project: Path, tmp_path: Path, number: int) -> None:
    dice = random.Random(number)
    with Terminal(command(project), tmp_path, 80, 24) as terminal:
        terminal.wait("left of", "item 1/")
        total, acknowledged = left(terminal), 0
        for turn in range(dice.randint(1, 5)):
            terminal.send("1" if turn % 2 else "\r")
            terminal.wait(f"{total - turn - 1} left of", "✓ saved")
            acknowledged = turn + 1
        terminal.send("\r")
        terminal.read(dice.random() * 0.02)
        terminal.signal(signal.SIGKILL)
        assert terminal.ended() == -signal.SIGKILL
    assert acknowledged <= decided(project) <= acknowledged + 1
    with Project.open(project, kit.JUDGE) as opened:
        assert [p for p in opened.verify() if p.severity is Severity.ERROR] == []
