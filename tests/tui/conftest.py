"""Projects for the tests of the interface, and a home that is not the user's."""

import shutil
from pathlib import Path

import pytest
from tui_kit import make_project


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Configuration and state go to a folder of the test's own."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("XDG_STATE_HOME", str(home / "state"))
    monkeypatch.setenv("ANNOTATOR_CONFIG", str(home / "config.toml"))
    monkeypatch.delenv("NO_COLOR", raising=False)
    return home


@pytest.fixture(scope="session")
def _made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_project(tmp_path_factory.mktemp("made"))


@pytest.fixture
def project(_made_once: Path, tmp_path: Path) -> Path:
    """A project of the articles in `tui_kit`; closed, so that its file may be copied."""
    return Path(shutil.copy(_made_once, tmp_path / "project.db"))
