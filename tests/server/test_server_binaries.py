"""Which PostgreSQL is taken, and what is said where there is none; why it did not start."""

import re
from pathlib import Path

import pytest

from annotator.model.errors import AnnotatorError
from annotator.server import binaries, settings
from annotator.server.failing import explained
from annotator.server.settings import Listening


def installation(folder: Path, version: str) -> Path:
    folder.mkdir(parents=True)
    for name in binaries.NEEDED:
        (folder / name).write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n")
        (folder / name).chmod(0o755)
    return folder


@pytest.fixture
def only(tmp_path, monkeypatch):
    """A machine with no PostgreSQL but what a test puts there; its folder for systems' versions."""
    monkeypatch.setattr(binaries, "wheel", lambda: None)
    monkeypatch.setattr(binaries, "USUAL", ((tmp_path / "usr", "*/bin"),))
    monkeypatch.setenv("PATH", f"{tmp_path}/path:/usr/bin:/bin")
    monkeypatch.setattr(binaries.shutil, "which", lambda name: None)
    return tmp_path


def test_none_is_told_with_what_to_install(only):
    with pytest.raises(
        AnnotatorError, match=r'on this machine: pip install "annotator-tui\[server'
    ):
        binaries.find()


def test_one_that_is_too_old_is_told(only):
    installation(only / "usr" / "14" / "bin", "14.11")
    with pytest.raises(AnnotatorError, match=r"of version 15 or newer \(here is 14\)"):
        binaries.find()


def test_the_wheel_comes_first_then_the_newest_of_the_system(only, monkeypatch):
    for version in ("9", "15", "17"):
        installation(only / "usr" / version / "bin", f"{version}.2 (Debian {version}.2-1)")
    assert binaries.find().version == 17
    assert binaries.find(15).folder == only / "usr" / "15" / "bin"
    wheel = installation(only / "wheel", "18.6")
    monkeypatch.setattr(binaries, "wheel", lambda: wheel)
    assert binaries.find() == binaries.Binaries(wheel, 18)
    with pytest.raises(AnnotatorError, match="written by PostgreSQL 16, and here is 15, 17, 18, 9"):
        binaries.find(16)


def test_one_that_does_not_run_is_passed_over(only):
    for name in binaries.NEEDED:
        folder = only / "usr" / "18" / "bin"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"\x7fELF of another machine")
        (folder / name).chmod(0o755)
    with pytest.raises(AnnotatorError, match="no PostgreSQL on this machine"):
        binaries.find()


def test_a_program_that_is_missing_is_told(only):
    folder = installation(only / "usr" / "18" / "bin", "18.1")
    with pytest.raises(AnnotatorError, match="has no pg_dump"):
        binaries.find().path("pg_dump")
    (folder / "pg_dump").touch()
    assert binaries.find().path("pg_dump") == folder / "pg_dump"


@pytest.mark.parametrize(
    ("log", "said"),
    [
        (
            'LOG:  could not bind IPv4 address "::1": Address already in use\nFATAL:  could not\n',
            "Port 5432 is taken on this machine, perhaps by another PostgreSQL: --port 5433",
        ),
        (
            'initdb: error: could not write to file "/d/pg_wal/1": No space left on device\n',
            "The disk of /d is full",
        ),
        (
            "LOG:  starting\nPANIC:  could not locate a valid checkpoint record\nLOG:  shut down\n",
            "in /d: could not locate a valid checkpoint record",
        ),
        ("something odd\n", "in /d: something odd"),
        ("", "in /d: it said nothing"),
    ],
)
def test_why_it_did_not_start_is_one_sentence(log, said):
    words = str(explained(log, Path("/d"), 5432, "127.0.0.1"))
    assert said in words
    assert "\n" not in words


@pytest.mark.parametrize("port", [5432, 6001])
@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "*"])
def test_what_is_written_for_a_start_is_read_again(tmp_path, port, address):
    given = Listening(port, address, tmp_path)
    path = tmp_path / "server.conf"
    assert settings.read_server_conf(path) is None
    path.write_text(settings.server_conf(given))
    assert settings.read_server_conf(path) == given
    path.write_text("listen_addresses = '*'\n")
    assert settings.read_server_conf(path) is None, "it is not ours"


@pytest.mark.parametrize(
    ("address", "local", "reached"),
    [
        ("127.0.0.1", True, "127.0.0.1:5432"),
        ("::1", True, "[::1]:5432"),
        ("10.1.2.3", False, "10.1.2.3:5432"),
        ("*", False, "127.0.0.1:5432"),
        ("0.0.0.0", False, "127.0.0.1:5432"),
    ],
)
def test_who_reaches_an_address(address, local, reached):
    assert Listening(5432, address).is_local is local
    assert Listening(5432, address).reached == reached


def test_the_manual_says_for_how_many_people_there_is_room():
    found = re.search(r"max_connections = (\d+)", settings.POSTGRES)
    manual = Path(__file__).parents[2] / "docs" / "server.md"
    told = " ".join(manual.read_text(encoding="utf-8").split())
    assert found is not None
    assert f"the {found[1]} of `server start` for {(int(found[1]) - 10) // 5}." in told
