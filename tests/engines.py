"""The same tests over both engines: a project of theirs is in a file, or on a PostgreSQL server.

Modules marked `both_engines` run once on each. With `--engine server` all tests run on the server, but
for those about the file itself (`file_only`). What a test calls `tmp_path / "news.db"` then stands for a
database, made when the test makes the project and dropped after the test; its name is the file's where
that can be, so that sentences are the same. What tests do with the file of a project goes through
`copy_project`, `made_once`, `is_there` and `remove`.
"""

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from pg_kit import TestServer, needs_wheel

from annotator.store import address
from annotator.store.address import Address, Place

ENGINES = ("file", "server")
NAME = "both engines"
OWN = frozenset(("pg_server", "pg_url", "pg_team", "_team"))
"""Fixtures of tests about servers, which come to the same whatever the others' projects are on."""
MAGIC = b"SQLite format 3\0"
_place_of = address.place_of


class Databases:
    """The databases that stand for the paths of tests, while `active`."""

    def __init__(self) -> None:
        self.active = False
        self.all = False
        """Whether every test's projects are on the server."""
        self.met: set[type] = set()
        """What was opened since the test began: files (`Path`), databases (`Address`)."""
        self._server: TestServer | None = None
        self._of: dict[Path, str] = {}
        self._numbers = count(2)

    @property
    def server(self) -> TestServer:
        """The server, started when first asked for."""
        if self._server is None:
            needs_wheel()
            self._server = TestServer()
            self._server.start()
        return self._server

    def place_of(self, given: Place | str) -> Place:
        """In the place of `address.place_of`: a path at which there is no file is a database."""
        found = _place_of(given)
        if not self.active or isinstance(found, Address):
            return found
        path = found.resolve()
        if path.exists():
            self.met |= {Path} if _is_project(path) else set()
            return found
        self.met.add(Address)
        return Address(self.server.url(self._of.setdefault(path, self._name(path))))

    def has(self, path: Path) -> bool:
        """Whether there is a database for a path."""
        name = self._of.get(path.resolve())
        known = "SELECT 1 FROM pg_database WHERE datname = %s"
        return name is not None and bool(self.server.execute(known, (name,)))

    def copy(self, source: Path, target: Path) -> None:
        """Make the database of `target`, which is as that of `source`; nobody may have that open."""
        assert self.has(source)
        before = self._of.get(target.resolve())
        self.remove(target)
        name = self._of[target.resolve()] = before or self._name(target)
        self.server.make_database(name, self._of[source.resolve()])

    def remove(self, path: Path) -> None:
        """Drop the database of a path, if there is one."""
        if path.resolve() in self._of:
            self.server.drop(self._of.pop(path.resolve()))

    @property
    def paths(self) -> set[Path]:
        """The paths that databases stand for."""
        return set(self._of)

    def _name(self, path: Path) -> str:
        """A new database's name: the file's, if it may be one and is not taken."""
        plain = path.name if re.fullmatch(r"[\w.-]{1,40}", path.name, re.ASCII) else "project"
        return plain if plain not in self._of.values() else f"{plain}-{next(self._numbers)}"

    def rows(self, name: str) -> bytes:
        """Every row of a database as text."""
        tables = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
        found = []
        for (table,) in self.server.execute(tables, database=name):
            found += self.server.execute(f'SELECT t::text FROM "{table}" t', database=name)
        return "\n".join(row for (row,) in found).encode()

    def close(self) -> None:
        """End the server."""
        if self._server is not None:
            self._server.close()


def _is_project(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


DATABASES = Databases()
_MADE: dict[Any, Path] = {}


# --- for tests and their kits ------------------------------------------------------------------------


def copy_project(source: Path, target: Path) -> Path:
    """Copy a project that nobody has open, file or database; the copy's path."""
    if DATABASES.active and not source.exists():
        DATABASES.copy(source, target)
        return target
    return Path(shutil.copy(source, target))


def made_once(make: Callable[[Path], object], target: Path) -> Path:
    """A copy of the project that `make` makes at a path, for which it is called once for each engine.

    It is called with another path than `target`, which is the copy's.
    """
    key = (make, DATABASES.active)
    if key not in _MADE:
        folder = tempfile.mkdtemp(prefix="annonce-", dir=os.environ.get("PYTEST_DEBUG_TEMPROOT"))
        path = Path(folder).resolve() / "project.db"
        make(path)
        _MADE[key] = path
    return copy_project(_MADE[key], target)


def is_there(path: Path) -> bool:
    """Whether there is a project, file or database."""
    return DATABASES.has(path) if DATABASES.active and not path.exists() else path.exists()


def remove(path: Path) -> None:
    """Remove a project if it is there: the file and what lies beside it, or the database."""
    DATABASES.remove(path)
    for beside in path.parent.glob(f"{path.name}*"):
        beside.unlink()


def examples(number: int, on_server: int) -> int:
    """How many examples of a property of projects there are to be; those on a server take longer."""
    return on_server if DATABASES.all else number


def stands_for(path: Path) -> Place:
    """What a path stands for: itself, or an address."""
    return DATABASES.place_of(path)


def bytes_of(path: Path, beside: bool = True) -> bytes:
    """All that a project holds: of a file (with what lies `beside` it) its bytes, of a database every row."""
    place = stands_for(path)
    if isinstance(place, Address):
        return DATABASES.rows(place.name)
    found = sorted(path.parent.glob(f"{path.name}*")) if beside else [path]
    return b"".join(each.read_bytes() for each in found)


class BothEngines:
    """The plug-in that puts projects on a server where that is wanted."""

    def __init__(self, engine: str) -> None:
        self._all = DATABASES.all = engine == "server"
        self._made: set[Path] = set()

    def pytest_collection_finish(self) -> None:
        """Have every module ask us what a path stands for."""
        for module in list(sys.modules.values()):
            if getattr(module, "place_of", None) is _place_of:
                vars(module)["place_of"] = DATABASES.place_of

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Tests of both engines run on each."""
        if "engine" not in metafunc.fixturenames:
            return  # not a test of this folder
        marks = {mark.name for mark in metafunc.definition.iter_markers()}
        engines = ("server",) if self._all else ("file",)
        if "file_only" in marks:
            engines = ("file",)
        elif "both_engines" in marks and not self._all:
            engines = ENGINES
        if engines != ("file",):
            metafunc.parametrize("engine", engines, indirect=True, scope="module")

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Passed over on a server: tests about the file itself, and those that start servers themselves."""
        for item in items:
            chosen = getattr(item, "callspec", None)
            if not self._all and (chosen is None or chosen.params.get("engine") != "server"):
                continue
            if item.get_closest_marker("file_only"):
                item.add_marker(pytest.mark.skip(reason="about the project file itself"))
            elif OWN.intersection(getattr(item, "fixturenames", ())):
                item.add_marker(pytest.mark.skip(reason="makes its own projects on a server"))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self) -> Iterator[None]:
        """What a test makes itself goes with it."""
        before = DATABASES.paths
        try:
            yield
        finally:
            self._made = DATABASES.paths - before - set(_MADE.values())

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Iterator[None]:
        """What the test made goes, and what stands for paths in its folder, once all is closed."""
        folder = getattr(item, "funcargs", {}).get("tmp_path")
        yield
        for path in DATABASES.paths:
            if path in self._made or (folder and path.is_relative_to(folder.resolve())):
                DATABASES.remove(path)
        met, DATABASES.met = DATABASES.met, set()
        if DATABASES.active and met == {Path}:
            pytest.fail("its projects were files, though it ran on the server: mark it file_only")

    def pytest_unconfigure(self) -> None:
        """The server ends with the run."""
        DATABASES.close()
        for path in _MADE.values():
            shutil.rmtree(path.parent, ignore_errors=True)


@pytest.fixture(scope="module", autouse=True)
def engine(request: pytest.FixtureRequest) -> Iterator[str]:
    """What keeps the projects of this test: "file" or "server"."""
    chosen: str = getattr(request, "param", "file")
    DATABASES.active = chosen == "server"
    yield chosen
    for path in DATABASES.paths - set(_MADE.values()):
        DATABASES.remove(path)
    DATABASES.active = False
