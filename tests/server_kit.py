"""Commands run as somebody else than root, in a fork of the tests: PostgreSQL refuses root.

A new Python would not do, since root's may lie where nobody else can read it; so what a command
imports only when it runs is imported here.
"""

import argparse
import json
import os
import shlex
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple, NoReturn

import psutil
import pytest
from pg_kit import Shelter, needs_wheel

import annotator.cli.failing
import annotator.cli.out
import annotator.cli.server_start
import annotator.cli.server_status
import annotator.cli.server_stop
import annotator.text.visible
from annotator.cli import parser
from annotator.cli.main import main
from annotator.server import binaries
from annotator.server.cluster import Cluster

LOADED = (argparse, json, shlex, annotator.cli, parser)
"""What must be there before a fork."""


class Ran(NamedTuple):
    """What a command did."""

    code: int
    out: str
    err: str


class House:
    """A folder for servers, and commands as whom it belongs to."""

    def __init__(self, shelter: Shelter, made: Path) -> None:
        self.shelter = shelter
        self.path = shelter.path
        self.server = shelter.path / "s"
        self._forks = 0
        self._made = made

    def furnish(self, folder: Path | None = None) -> None:
        """Put a new server there that was not started; a copy, which is quicker than making one."""
        words = ["/bin/cp", "-R", "-p", self._made, folder or self.server]
        assert self.shelter.spawn(words).wait(30) == 0

    def run(self, *argv: object) -> Ran:
        """Run a command to its end."""
        return self.begin(*argv)()

    def begin(self, *argv: object) -> "Fork":
        """Begin a command."""
        return self.call(lambda: main([str(word) for word in argv]))

    def call(self, function: Callable[[], int]) -> "Fork":
        """Begin a function in a fork; what it gives is the exit code."""
        self._forks += 1
        return Fork(self, function, self.path / f"ran{self._forks}")

    def descend(self, said: Path) -> None:
        """Become the owner, in a fork, and write output to files."""
        for number, name in ((1, "out"), (2, "err")):
            file = os.open(f"{said}.{name}", os.O_WRONLY | os.O_CREAT, 0o644)
            os.dup2(file, number)
        sys.stdout = os.fdopen(1, "w", encoding="utf-8")
        sys.stderr = os.fdopen(2, "w", encoding="utf-8", buffering=1)
        owner = self.shelter.owner
        if owner is not None:
            os.setgroups([])
            os.setgid(owner.pw_gid)
            os.setuid(owner.pw_uid)
        os.chdir("/")

    def close(self) -> None:
        """End what still runs, and remove all."""
        for noted in self.path.rglob("postmaster.pid"):
            cluster = Cluster(noted.parents[1])
            if cluster.exists and cluster.is_running():
                cluster.stop(immediate=True)
        self.shelter.close()


class Fork:
    """A command that runs in a process of its own."""

    def __init__(self, house: House, function: Callable[[], int], said: Path) -> None:
        self._said = said
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # newer Pythons warn of forks beside threads
            self.pid = os.fork()
        if not self.pid:
            self._be(house, function)

    def _be(self, house: House, function: Callable[[], int]) -> NoReturn:
        code = 99
        try:
            house.descend(self._said)
            code = function()
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

    def __call__(self) -> Ran:
        """Wait for its end."""
        code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return Ran(code, self.said("out"), self.said("err"))

    def said(self, where: str = "out") -> str:
        """What it wrote so far."""
        path = Path(f"{self._said}.{where}")
        return path.read_text() if path.exists() else ""

    def until(self, words: str) -> str:
        """Wait until it has written something; all that it wrote then."""
        until = time.monotonic() + 30
        while words not in self.said():
            assert time.monotonic() < until, self.said("err")
            assert psutil.Process(self.pid).status() != psutil.STATUS_ZOMBIE, self.said("err")
            time.sleep(0.01)
        return self.said()

    def end(self, number: int = signal.SIGTERM) -> Ran:
        """Send a signal, and wait."""
        os.kill(self.pid, number)
        return self()


@pytest.fixture(scope="session")
def show_house() -> Iterator[House]:
    """One for all tests, with a new server in it, and with the programs."""
    needs_wheel()
    shelter = Shelter()
    programs = shelter.programs()
    made = House(shelter, shelter.path / "s")
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(binaries, "wheel", lambda: programs)
            assert made.call(lambda: Cluster(made.server).create() or 0)() == (0, "", "")
            yield made
    finally:
        made.close()


@pytest.fixture
def house(show_house: House) -> Iterator[House]:
    """A house of the test's own."""
    made = House(Shelter(), show_house.server)
    try:
        yield made
    finally:
        made.close()
