"""Shared by all rooms: where the real articles are, and how long a run may take."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from engines import NAME, BothEngines, engine
from hypothesis import HealthCheck, settings
from pg_kit import _team, pg_server, pg_team, pg_url

__all__ = ["_team", "engine", "pg_server", "pg_team", "pg_url"]
"""Fixtures for every test; servers start when a test asks."""

SHARED = Path(__file__).resolve().parents[2] / "shared"
LONG = os.environ.get("ANNOTATOR_LONG") == "1"

MEMORY = Path("/dev/shm")  # where Linux keeps files in memory
ENOUGH = 2 << 30
"""Bytes; a run needs less than 1 GB, and the folders of failed runs stay for a while."""

settings.register_profile(  # how fast a busy machine is fails no test
    "patient", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("short", settings.get_profile("patient"), max_examples=30)
settings.load_profile(
    "patient" if LONG else "short"
)  # a test that says how many it wants has as many


def pytest_addoption(parser: pytest.Parser) -> None:
    """Which engine projects of the tests are kept by."""
    parser.addoption("--engine", choices=("file", "server"), default="file")


def pytest_configure(config: pytest.Config) -> None:
    """Put the tests' folders into memory where there is room, unless somebody said where to.

    Projects sync every act to disk, which takes most of the time on a slow one. The code does it
    here too, and what tests do to a process (kill it, fill its disk) comes out the same.
    """
    config.pluginmanager.register(BothEngines(config.getoption("--engine")), NAME)
    if "PYTEST_DEBUG_TEMPROOT" in os.environ or not os.access(MEMORY, os.W_OK):
        return
    there = os.statvfs(MEMORY)
    if there.f_bavail * there.f_frsize >= ENOUGH and not there.f_flag & os.ST_NOEXEC:
        os.environ["PYTEST_DEBUG_TEMPROOT"] = str(MEMORY)


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
