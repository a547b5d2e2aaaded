"""Every test of the command line has a home, a configuration and a folder of its own."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from annotator.cli.main import main


class Ran(NamedTuple):
    """What a command did."""

    code: int
    out: str
    err: str


Cli = Callable[..., Ran]


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run in an empty folder as the annotator iva; configuration and state lie outside of it."""
    home = tmp_path / "home"
    work = tmp_path / "work"
    home.mkdir()
    work.mkdir()
    (home / "config.toml").write_text('annotator = "iva"\n')
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_STATE_HOME", str(home / "state"))
    monkeypatch.setenv("ANNOTATOR_CONFIG", str(home / "config.toml"))
    monkeypatch.delenv("ANNOTATOR_DEBUG", raising=False)
    monkeypatch.chdir(work)
    return work


@pytest.fixture
def cli(capfd: pytest.CaptureFixture[str]) -> Cli:
    """Run a command in this process: exit code, standard output and error."""

    def run(*argv: object) -> Ran:
        capfd.readouterr()
        code = main([str(word) for word in argv])
        return Ran(code, *capfd.readouterr())

    return run
