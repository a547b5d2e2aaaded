"""A file is told to be a database without being opened past SQLite."""

import subprocess
import sys
from pathlib import Path

import pytest
from store_help import label

from annotator.store.engine import connect
from annotator.store.foreign import is_database
from annotator.store.project import Project

pytestmark = pytest.mark.file_only


@pytest.mark.parametrize(
    ("name", "content", "answer"),
    [("a.txt", b"x", False), ("b.txt", b"some text " * 1000, False), ("c.db", b"text, not a database" * 99, False),
     ("d.db", b"", True), ("e.txt", b"", False), ("f.db", b"SQLite format 3\0" + b"\0" * 2000, False)],
)  # fmt: skip
def test_other_files(tmp_path: Path, name: str, content: bytes, answer: bool) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert is_database(path) is answer
    assert path.read_bytes() == content
    assert [p.name for p in tmp_path.iterdir()] == [name]


def test_no_file(tmp_path: Path) -> None:
    assert not is_database(tmp_path)
    assert not is_database(tmp_path / "nothing.db")


@pytest.mark.parametrize("mode", ["delete", "wal"])
def test_databases(tmp_path: Path, mode: str) -> None:
    path = tmp_path / "any name"
    conn = connect(path, "rwc")
    conn.execute(f"PRAGMA journal_mode = {mode}")
    conn.execute("CREATE TABLE t (x)")
    assert is_database(path)
    conn.close()
    assert is_database(path)


def test_asking_about_an_open_project_drops_no_lock(project: Project, path: Path) -> None:
    project.submit(label(project, "bg", "s")).result()
    code = (
        "import sys; from pathlib import Path\n"
        "from annotator.store.engine import connect\n"
        "conn = connect(Path(sys.argv[1]), 'rw'); conn.execute('PRAGMA busy_timeout = 0')\n"
        "conn.execute('BEGIN IMMEDIATE')"
    )
    command = [sys.executable, "-c", code, str(path)]

    def run(_: object) -> str:
        assert is_database(path)
        return subprocess.run(command, capture_output=True, text=True).stderr

    assert "locked" in project._writing.call(run)
