"""Shared by all rooms: where the real articles are, and how long a run may take."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

SHARED = Path(__file__).resolve().parents[2] / "shared"
LONG = os.environ.get("ANNOTATOR_LONG") == "1"

settings.register_profile("short", max_examples=50)
if not LONG:  # a test that says how many it wants has as many
    settings.load_profile("short")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real articles and corpora; the test skips where it is absent."""
    if not (SHARED / "data").is_dir():
        pytest.skip("the shared corpora are not beside this checkout")
    return SHARED / "data"


@pytest.fixture(scope="session", autouse=True)
def _own_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Nothing is read from or written to the configuration and state of whoever runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        patch.setenv("ANNOTATOR_CONFIG", str(tmp_path_factory.mktemp("config") / "config.toml"))
        yield


@pytest.fixture(scope="session")
def long_run() -> bool:
    """Whether the full counts were asked for (make test-long)."""
    return LONG
