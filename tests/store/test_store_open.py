"""A file that cannot be opened is told in one plain sentence, and left as it is."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from annotator.model.errors import AnnotatorError
from annotator.model.scheme_file import preset
from annotator.store import check, place
from annotator.store.engine import connect, fixed_library
from annotator.store.project import Project

pytestmark = pytest.mark.file_only


def _other(path: Path) -> None:
    conn = connect(path, "rwc")
    conn.execute("CREATE TABLE mine (x)")
    conn.close()


def _newer(path: Path) -> None:
    Project.create(path, preset("news"), "ann").close()
    conn = connect(path, "rw")
    conn.execute("PRAGMA user_version = 99")
    conn.close()


def _truncated(path: Path) -> None:
    Project.create(path, preset("news"), "ann").close()
    os.truncate(path, path.stat().st_size // 2)


def _overwritten(path: Path) -> None:
    Project.create(path, preset("news"), "ann").close()
    data = bytearray(path.read_bytes())
    data[100:4096] = os.urandom(3996)
    path.write_bytes(data)


CASES: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing": (lambda path: None, "no project at"),
    "missing folder": (lambda path: None, "no project at"),
    "folder": (lambda path: path.mkdir(), "is a folder"),
    "empty": (lambda path: path.touch(), "is empty"),
    "text": (lambda path: path.write_text("not a database " * 100), "not an SQLite file"),
    "other program": (_other, "of another program"),
    "newer": (_newer, "newer annotator"),
    "truncated": (_truncated, "damaged"),
    "overwritten": (_overwritten, "damaged"),
    "device": (lambda path: os.mkfifo(path), "is not a file"),
}


@pytest.mark.parametrize("readonly", [False, True])
@pytest.mark.parametrize("name", CASES)
def test_one_plain_sentence(tmp_path: Path, name: str, readonly: bool) -> None:
    make, words = CASES[name]
    path = tmp_path / "gone" / "p.db" if name == "missing folder" else tmp_path / "p.db"
    make(path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(AnnotatorError, match=words) as caught:
        Project.open(path, "ann", readonly=readonly)
    sentence = str(caught.value)
    assert str(path) in sentence
    assert "\n" not in sentence
    assert "Traceback" not in sentence
    if before is None:
        assert not path.is_file(), "a typo must not make a file"
    else:
        assert path.read_bytes() == before


def test_odd_names(tmp_path: Path) -> None:
    path = tmp_path / "a %20?mode=ro#x 'ъ' \udcff.db"
    with Project.create(path, preset("news"), "ann") as project:
        assert project.path == path
    with Project.open(path) as project:
        assert project.count() == 0


def test_making_needs_a_free_place(path: Path, tmp_path: Path) -> None:
    with pytest.raises(AnnotatorError, match="exists already"):
        Project.create(path, preset("news"), "ann")
    with pytest.raises(AnnotatorError, match="no folder"):
        Project.create(tmp_path / "no" / "p.db", preset("news"), "ann")
    (tmp_path / "left.db-wal").touch()
    with pytest.raises(AnnotatorError, match="exists already"):
        Project.create(tmp_path / "left.db", preset("news"), "ann")
    with pytest.raises(AnnotatorError, match="annotator's name"):
        Project.create(tmp_path / "p2.db", preset("news"), "a:b")
    assert not (tmp_path / "p2.db").exists()


def test_a_failed_making_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from annotator.store import migrations

    def broken(conn: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(migrations, "migrate", broken)
    with pytest.raises(AnnotatorError, match="No space left"):
        Project.create(tmp_path / "p.db", preset("news"), "ann")
    assert [name.name for name in tmp_path.iterdir()] == ["p.db.lock"]


@pytest.mark.skipif(os.geteuid() == 0, reason="permissions do not bind root")
def test_permissions(path: Path) -> None:
    path.chmod(0o444)
    with pytest.raises(AnnotatorError, match="cannot be written"):
        Project.open(path, "ann")
    path.chmod(0o000)
    with pytest.raises(AnnotatorError, match="cannot be read"):
        Project.open(path, "ann", readonly=True)


def test_read_only_medium(path: Path, tmp_path: Path) -> None:
    mount = tmp_path / "mount"
    mount.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "none", mount], capture_output=True).returncode:
        pytest.skip("mounting needs root")
    try:
        (mount / "p.db").write_bytes(path.read_bytes())
        subprocess.run(["mount", "-o", "remount,ro", mount], check=True)
        with pytest.raises(AnnotatorError, match="cannot be written"):
            Project.open(mount / "p.db", "ann")
        with Project.open(mount / "p.db", "ann", readonly=True) as project:
            assert project.count() == 4
            assert not [p for p in project.verify() if p.severity == "error"]
    finally:
        subprocess.run(["umount", mount], check=True)


MOUNTS = """22 1 254:0 / / rw,relatime - ext4 /dev/vda rw
40 22 0:35 / /home rw - nfs4 server:/home rw
41 22 0:36 / /data\\040disk rw - fuse.sshfs me@host: rw
42 40 0:37 / /home/local rw - ext4 /dev/vdb rw
43 22 0:38 / /homely rw - xfs /dev/vdc rw
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/p.db", "ext4"), ("/home/a/p.db", "nfs4"), ("/home/local/p.db", "ext4"),
     ("/data disk/p.db", "fuse.sshfs"), ("/homely/p.db", "xfs")],
)  # fmt: skip
def test_network_file_systems(path: str, kind: str) -> None:
    assert place.file_system(Path(path), MOUNTS) == kind
    if kind in ("nfs4", "fuse.sshfs"):
        with pytest.raises(AnnotatorError, match=re.escape(f"network file system ({kind})")):
            place.refuse_network(Path(path), MOUNTS)
    else:
        place.refuse_network(Path(path), MOUNTS)


def test_library_versions() -> None:
    sound = ("3.51.3", "3.53.4", "3.50.7", "3.44.6", "4.0.0")
    bad = ("3.40.1", "3.51.2", "3.50.4", "3.44.5", "3.45.0")
    assert [fixed_library(v) for v in (*sound, *bad)] == [True] * len(sound) + [False] * len(bad)


def test_opening_a_current_project_imports_only_what_reading_takes(path: Path) -> None:
    code = (
        "import sys; from annotator.store.project import Project\n"
        "with Project.open(sys.argv[1], 'ann') as p: p.page(), p.count()\n"
        "heavy = {'sqlite_utils', 'regex', 'platformdirs', 'textual', 'langdetect', 'hashlib',"
        " 'annotator.store.writer', 'annotator.store.heads'} & set(sys.modules)\n"
        "sys.exit(f'imported {heavy}' if heavy else 0)"
    )
    result = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr


def test_one_sqlite_module(path: Path) -> None:
    """sqlite_utils and this store must use the same library, or file locks are lost."""
    from sqlite_utils.utils import sqlite3 as theirs

    from annotator.store.engine import sqlite3 as ours

    assert ours.connect is theirs.connect


def test_damage_that_garbles_even_sqlites_message(path: Path) -> None:
    """SQLite quotes the damaged schema in its error, which then is no UTF-8 either."""
    data = path.read_bytes().replace(
        b"id TEXT NOT NULL UNIQUE, sha256", b"id TEXT NOT NULL UNIQ\xd5E, sha256"
    )
    path.write_bytes(data)
    for readonly in (False, True):
        with pytest.raises(AnnotatorError, match="damaged"):
            Project.open(path, "ann", readonly)
    assert check.errors(path)
