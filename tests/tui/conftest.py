"""Projects for the tests of the interface, and a home that is not the user's."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from engines import made_once
from textual import _wait, screen
from tui_kit import make_project


@pytest.fixture(scope="session", autouse=True)
def _quick_pauses() -> Iterator[None]:
    """A pilot's pause looks every 4 ms whether the process idles, not every 20.

    It has to outlast a frame; the app paints 1000 a second (`TEXTUAL_FPS`), and so do its tests.
    Most of the time these tests took was spent in these pauses, thousands of them.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(screen, "UPDATE_PERIOD", 1 / 1000)
        patch.setattr(_wait, "SLEEP_GRANULARITY", 1 / 250)
        yield


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Configuration and state go to a folder of the test's own."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("XDG_STATE_HOME", str(home / "state"))
    monkeypatch.setenv("ANNOTATOR_CONFIG", str(home / "config.toml"))
    monkeypatch.delenv("NO_COLOR", raising=False)
    return home


def _make(path: Path) -> None:
    make_project(path.parent)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of the articles in `tui_kit`; closed, so that it may be copied."""
    return made_once(_make, tmp_path / "project.db")
