"""The house keeps its rooms: who may import whom, how large a module may grow, what start-up loads."""

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

import annotator

HOUSE = Path(annotator.__file__).parent
MAY_IMPORT = {
    "text": set(),
    "model": {"text"},
    "suggest": {"model", "text"},
    "store": {"model", "text"},
    "formats": {"model", "text"},
    "gold": {"model", "text"},
    "desk": {"store", "suggest", "model", "text"},
    "lead": {"store", "gold", "model", "text"},
    "coach": {"store", "suggest", "model", "text", "config"},
    "plain": {"desk", "store", "model", "text", "config"},
    "tui": {"coach", "lead", "desk", "store", "gold", "model", "text", "config"},
    "web": {"model"},
    "server": {"model"},
    "cli": {
        "server",
        "web",
        "tui",
        "plain",
        "coach",
        "lead",
        "desk",
        "store",
        "gold",
        "formats",
        "model",
        "text",
        "config",
    },
    "config": {"model"},
    "presets": set(),
    "__main__": {"cli"},
    "__init__": set(),
}
"""Which other rooms each room may know; arrows never run backwards."""
FOREIGN = {
    "aiohttp": {"web"},
    "textual_serve": {"web"},
    "textual": {"tui"},
    "sqlite_utils": {"store"},
    "sqlite3": {"store"},
    "pysqlite3": {"store"},
}
"""Libraries that belong to one room."""
MODULES = sorted(HOUSE.rglob("*.py"))


def room_of(path: Path) -> str:
    return path.relative_to(HOUSE).parts[0].removesuffix(".py")


class Module(NamedTuple):
    """What the rules are about."""

    imports: set[str]
    relative: bool
    lines: int
    functions: dict[str, int]
    """How many lines the longest of a name has after its first."""


@cache
def read(path: Path) -> Module:
    """A module, parsed once for all rules."""
    source = path.read_text(encoding="utf-8")
    found: set[str] = set()
    functions: dict[str, int] = {}
    relative = False
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            relative |= node.level > 0
            found.add(node.module or "")
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            size = (node.end_lineno or node.lineno) - node.lineno
            functions[node.name] = max(size, functions.get(node.name, 0))
    return Module(found, relative, source.count("\n"), functions)


def test_arrows_never_run_backwards():
    for path in MODULES:
        room, names = room_of(path), read(path).imports
        assert not read(path).relative, f"{path}: imports are absolute"
        rooms = {name.split(".")[1] for name in names if name.startswith("annotator.")}
        assert rooms - {room, "__version__"} <= MAY_IMPORT[room], path
        for library, owners in FOREIGN.items():
            if any(name.split(".")[0] == library for name in names):
                assert room in owners, f"{path}: {library} belongs to {owners}"


def test_modules_and_functions_stay_small():
    assert len(MODULES) > 100
    assert {path: read(path).lines for path in MODULES if read(path).lines > 400} == {}
    functions = {path: read(path).functions for path in MODULES}
    long = {
        path: [name for name, size in each.items() if size >= 60]
        for path, each in functions.items()
    }
    assert {path: names for path, names in long.items() if names} == {}


def loaded_by(code: str) -> set[str]:
    code = f"import sys\n{code}\nprint('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return {name.split(".")[0] for name in done.stdout.split("\n")} - {""}


@pytest.mark.parametrize(
    "room", ["text", "model", "desk", "store", "gold", "lead", "formats", "plain"]
)
def test_the_core_knows_no_screen(room):
    modules = [
        ".".join(p.relative_to(HOUSE.parent).with_suffix("").parts)
        for p in MODULES
        if room_of(p) == room
    ]
    assert "textual" not in loaded_by("\n".join(f"import {name}" for name in modules))


def test_help_loads_neither_screen_nor_database():
    code = (
        "from contextlib import suppress, redirect_stdout\nimport io\nsys.argv = ['annotator', '--help']\n"
        "from annotator.cli import run\nwith suppress(SystemExit), redirect_stdout(io.StringIO()): run()"
    )
    loaded = loaded_by(code)
    assert not loaded & {"textual", "sqlite_utils", "sqlite3", "pysqlite3", "rich", "langdetect"}


def test_opening_a_current_project_imports_only_the_sqlite_module(tmp_path):
    path = tmp_path / "p.db"
    make = (
        "from annotator.store.project import Project\nfrom annotator.model.scheme_file import preset\n"
        f"Project.create({str(path)!r}, preset('minimal'), 'iva').close()"
    )
    assert "sqlite_utils" in loaded_by(make)
    code = (
        f"from annotator.store.project import Project\nProject.open({str(path)!r}, 'iva').close()"
    )
    assert "sqlite_utils" not in loaded_by(code)
