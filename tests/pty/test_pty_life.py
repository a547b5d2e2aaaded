"""What ends or stops the program from outside: nothing is lost, nothing spins, the terminal is back."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psutil
import pytest
from engines import stands_for
from pty_kit import (
    ALTERNATE_SCREEN,
    SAVED,
    Terminal,
    annotator,
    assert_restored,
    make_project,
)

from annotator.model.article import Article
from annotator.store.engine import writer_connection
from annotator.store.lock import lock_of
from annotator.store.project import Project

GONE = 4.0
"""Seconds until the process must be gone: two by its own clock, as many for a busy machine."""
SPUN = 1.0
"""Seconds of processor time that leaving may take; a loop that spins takes all there are."""
ENDING = [signal.SIGHUP, signal.SIGTERM, signal.SIGINT]
HERE = "Bridge opens"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    text = f"{HERE}\n\nAnna Kovac spoke.\n\nRead more"
    return make_project(tmp_path / "news.db", [Article("story-1", text, title="The bridge")])


@contextmanager
def opened(project: Path, **terminal: object) -> Iterator[Terminal]:
    """The program with the article on screen."""
    command = annotator(str(stands_for(project)), "--as", "iva")
    with Terminal(command, project.parent, **terminal) as running:
        running.wait(HERE, "1 of 1", SAVED)
        yield running


def label(terminal: Terminal) -> None:
    """Label the first block and see it saved."""
    terminal.send("t")
    terminal.wait(f" T  {HERE}", SAVED)


def labels(project: Path) -> list[str]:
    with Project.open(project, "iva") as opened_here:
        assert opened_here.verify() == []
        return [span.label for span in opened_here.work("story-1").spans]


def nothing_left_aside(project: Path) -> bool:
    """Whether the side journal is empty."""
    return all(not p.stat().st_size for p in (project.parent / "state").rglob("*.jsonl"))


def gone(terminal: Terminal) -> tuple[int, float]:
    """Wait for the end without reading on: exit code (negative: signal), processor seconds."""
    before = sum(psutil.Process(terminal.pid).cpu_times()[:2])
    end = time.monotonic() + GONE
    while time.monotonic() < end:
        pid, status, used = os.wait4(terminal.pid, os.WNOHANG)
        if pid:
            terminal.process.returncode = os.waitstatus_to_exitcode(status)
            return terminal.process.returncode, used.ru_utime + used.ru_stime - before
        time.sleep(0.01)
    raise AssertionError(f"still running {GONE} s later")


@contextmanager
def locked(project: Path) -> Iterator[None]:
    """Keep everybody else from writing to the project."""
    place = stands_for(project)
    lock = lock_of(place)
    with lock.held(), closing(writer_connection(place)) as conn:
        conn.begin()
        yield
    lock.close()


# --- the end


@pytest.mark.parametrize("number", ENDING)
def test_a_signal_ends_it_in_order(project: Path, number: signal.Signals) -> None:
    with opened(project) as terminal:
        label(terminal)
        terminal.signal(number)
        assert terminal.ended(GONE) == 128 + number
        assert_restored(terminal)
    assert labels(project) == ["teaser_list"]
    assert nothing_left_aside(project)


@pytest.mark.parametrize("number", ENDING)
def test_a_signal_with_a_question_open(project: Path, number: signal.Signals) -> None:
    with opened(project) as terminal:
        terminal.send(";")
        terminal.wait("Note on")
        terminal.signal(number)
        assert terminal.ended(GONE) == 128 + number
        assert_restored(terminal)


@pytest.mark.parametrize("nohup", [False, True], ids=["hangup", "nohup"])
def test_a_closed_terminal_ends_it(project: Path, nohup: bool) -> None:
    with opened(project, nohup=nohup) as terminal:
        label(terminal)
        terminal.hang_up()
        code, used = gone(terminal)
        assert code == 128 + signal.SIGHUP
        assert used < SPUN
    assert labels(project) == ["teaser_list"]
    assert nothing_left_aside(project)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_when_the_terminal_is_gone(project: Path, number: signal.Signals) -> None:
    with opened(project, nohup=True) as terminal:
        terminal.hang_up()
        terminal.signal(number)
        assert gone(terminal)[0] in (128 + number, 128 + signal.SIGHUP)


@pytest.mark.parametrize("how", ["SIGTERM", "SIGHUP", "hangup", "nohup"])
def test_an_act_on_its_way_arrives(project: Path, how: str) -> None:
    with opened(project, nohup=how == "nohup") as terminal:
        with locked(project):
            terminal.send("t")
            terminal.wait(f" T  {HERE}", "… saving")
            if how.startswith("SIG"):
                terminal.signal(signal.Signals[how])
                terminal.wait_raw(b"\x1b[?1049l")  # the screen is left, the act still waits
            else:
                terminal.hang_up()
        if how.startswith("SIG"):
            assert terminal.ended(GONE) == 128 + signal.Signals[how]
            assert_restored(terminal)
        else:
            assert gone(terminal)[0] == 128 + signal.SIGHUP
    assert labels(project) == ["teaser_list"]
    assert nothing_left_aside(project)


@pytest.mark.parametrize("how", ["SIGTERM", "hangup"])
def test_it_does_not_wait_for_a_lock_for_ever(project: Path, how: str) -> None:
    with opened(project) as terminal, locked(project):
        terminal.send("t")
        terminal.wait(f" T  {HERE}", "… saving")
        if how == "SIGTERM":
            terminal.signal(signal.SIGTERM)
            assert terminal.ended(GONE) == 128 + signal.SIGTERM
            assert_restored(terminal)
        else:
            terminal.hang_up()
            assert gone(terminal)[0] == 128 + signal.SIGHUP
    assert labels(project) == []  # never shown as saved
    assert nothing_left_aside(project)


def test_quitting_waits_for_the_last_act_and_says_so(project: Path) -> None:
    with opened(project) as terminal:
        with locked(project):
            terminal.send("t")
            terminal.wait(f" T  {HERE}", "… saving")
            terminal.send(b"\x11")
            terminal.wait("Saving the last decisions …")
        assert terminal.ended() == 0
        assert_restored(terminal)
    assert labels(project) == ["teaser_list"]


# --- stopped and continued


@pytest.mark.parametrize("how", ["SIGTSTP", "palette"])
def test_stopped_it_gives_the_terminal_back_and_continued_paints_again(
    project: Path, how: str
) -> None:
    with opened(project) as terminal:
        label(terminal)
        if how == "palette":
            suspend(terminal)
        else:
            terminal.signal(signal.SIGTSTP)
        terminal.stopped()
        assert_restored(terminal)
        continue_and_check(terminal)
    assert labels(project) == ["teaser_list", "nav"]


def continue_and_check(terminal: Terminal) -> None:
    """Continue a stopped program: everything is painted anew, keys work, quitting restores."""
    terminal.wipe()
    terminal.signal(signal.SIGCONT)
    terminal.wait("The bridge", f" T  {HERE}", "Anna Kovac spoke.", "1 of 1", SAVED)
    assert ALTERNATE_SCREEN in terminal.modes()
    assert terminal.settings() != terminal.before
    terminal.send("n")
    terminal.wait("N  Anna Kovac spoke.", SAVED)
    terminal.send(b"\x11")
    assert terminal.ended() == 0
    assert_restored(terminal)


def test_a_stop_nobody_could_prepare_for(project: Path) -> None:
    with opened(project) as terminal:
        label(terminal)
        terminal.signal(signal.SIGSTOP)
        terminal.stopped()
        continue_and_check(terminal)


def test_continued_without_having_been_stopped(project: Path) -> None:
    with opened(project) as terminal:
        label(terminal)
        process = psutil.Process(terminal.pid)
        threads = process.num_threads()
        for _ in range(3):
            terminal.wipe()
            terminal.signal(signal.SIGCONT)
            terminal.wait("The bridge", f" T  {HERE}", SAVED)
        assert process.num_threads() == threads  # no second reader of the keys
        continue_and_check(terminal)


def test_it_does_not_stop_while_it_keeps_others_from_saving(project: Path) -> None:
    with opened(project) as terminal:
        with locked(project):
            terminal.send("t")
            terminal.wait(f" T  {HERE}", "… saving")
            terminal.signal(signal.SIGTSTP)
            terminal.settle(0.3)  # long enough to stop at once
        terminal.stopped()
        with locked(project):  # at once: nobody holds it
            pass
        assert labels(project) == ["teaser_list"]
        terminal.signal(signal.SIGCONT)
        terminal.signal(signal.SIGTERM)
        assert terminal.ended(GONE) == 128 + signal.SIGTERM


def test_a_terminal_closed_while_it_is_stopped(project: Path) -> None:
    with opened(project) as terminal:
        label(terminal)
        terminal.signal(signal.SIGTSTP)
        terminal.stopped()
        terminal.hang_up()  # the system sends SIGHUP and SIGCONT
        assert gone(terminal)[0] in (128 + signal.SIGHUP, -signal.SIGHUP)
    assert labels(project) == ["teaser_list"]


def test_ctrl_z_takes_back_and_does_not_stop(project: Path) -> None:
    with opened(project) as terminal:
        label(terminal)
        terminal.send(b"\x1a")
        terminal.wait("Undone", SAVED, without=" T ")
        assert psutil.Process(terminal.pid).status() != psutil.STATUS_STOPPED
    assert labels(project) == []


def test_from_a_shell_and_back(project: Path) -> None:
    words = " ".join(annotator(str(stands_for(project)), "--as", "iva"))
    shell = ["bash", "--norc", "--noprofile", "-i"]
    with Terminal(shell, project.parent, PS1="ready> ", HISTFILE="/dev/null") as terminal:
        terminal.wait("ready>")
        terminal.send(f"{words}\r")
        terminal.wait(HERE, "1 of 1", SAVED)
        label(terminal)
        suspend(terminal)
        terminal.wait("Stopped", "ready>")
        terminal.wipe()
        terminal.send("fg\r")
        terminal.wait("The bridge", f" T  {HERE}", "1 of 1", SAVED)
        terminal.send(b"\x11")
        terminal.wait("ready>")
        terminal.send("echo $((6*7)) and exit $?\r")
        terminal.wait("42 and exit 0")
        assert ALTERNATE_SCREEN not in terminal.modes()


def suspend(terminal: Terminal) -> None:
    """Back to the shell by name, from the palette."""
    terminal.send(":")
    terminal.wait("Search for commands")
    terminal.send("suspend")
    terminal.wait("Back to the shell", without="shift+")
    terminal.send("\r")
