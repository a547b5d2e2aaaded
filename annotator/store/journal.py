"""The side journal: acts that could not be saved wait here, in order, until they are.

One file of JSON lines for each project file and annotator, in the user's state folder and so seldom
on the disk that is full. An act leaves it only when it is in the log; the act's id makes sending
it again harmless.
"""

import fcntl
import json
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from annotator.model.annotation import Kind
from annotator.model.event import Act, Draft


class Pending(NamedTuple):
    """An act that is not saved yet."""

    act: Act
    actor: str
    time: float
    """Seconds since the epoch when it was made."""
    path: str
    """The project file it was meant for."""
    trouble: str = ""
    """Why it could not be saved."""


def folder() -> Path:
    """Where side journals live on this system."""
    from platformdirs import user_state_path

    return user_state_path("annotator", appauthor=False)


def stem(project_id: str, actor: str) -> str:
    """How files of an annotator's own for a project are called, whatever the name holds."""
    plain = re.fullmatch(r"[A-Za-z0-9_.-]{1,40}", actor)
    return f"{project_id}-{actor if plain else 'x' + _digest(actor)}"


class Journal:
    """The side journal of one project file and annotator."""

    def __init__(self, project_id: str, actor: str, path: Path) -> None:
        """`path` is the project file's resolved path; nothing is read or made yet."""
        self._project = project_id
        self._actor = actor
        self._of = str(path)

    @property
    def path(self) -> Path:
        """The journal's own file."""
        return folder() / f"{self._stem}-{_digest(self._of)}.jsonl"

    def add(self, act: Act, actor: str, trouble: str) -> None:
        """Append an act and wait until it is on the disk; raises OSError when that fails."""
        _append(self.path, _line(Pending(act, actor, time.time(), self._of, trouble)))

    @property
    def apart(self) -> Path:
        """Where acts go that can never be saved in this project; nothing reads it but people."""
        return self.path.with_suffix(".refused")

    def set_apart(self, entry: Pending) -> None:
        """Keep an act that can never be saved where it stands in nobody's way."""
        _append(self.apart, _line(entry))

    def pending(self) -> list[Pending]:
        """The acts that wait, oldest first, of this project file and of places it was moved from."""
        return [entry for path in self._files() for entry in _read(path)]

    @contextmanager
    def taken(self) -> Iterator[list[Pending]]:
        """The acts that wait; emptied when the block ends well. Others wait outside meanwhile."""
        paths = self._files()
        with _all_locked(paths) as fds:
            yield [entry for path in paths for entry in _read(path)]
            for fd in fds:
                os.ftruncate(fd, 0)
                os.fsync(fd)

    @property
    def _stem(self) -> str:
        return stem(self._project, self._actor)

    def _files(self) -> list[Path]:
        """This journal, and those of the same project whose file is no longer where it was."""
        if not folder().is_dir():
            return []
        found = []
        for path in sorted(folder().glob(f"{self._stem}-*.jsonl")):
            entries = _read(path)
            if entries and (entries[0].path == self._of or not os.path.lexists(entries[0].path)):
                found.append(path)
        return found


def holding(project_id: str, article: str) -> list[Path]:
    """Journals of a project, anybody's on this machine, with acts about an article; refused ones too."""
    if not folder().is_dir():
        return []
    return [
        path
        for path in sorted(folder().glob(f"{project_id}-*"))
        if path.suffix in (".jsonl", ".refused")
        and any(draft.article == article for entry in _read(path) for draft in entry.act.drafts)
    ]


def _digest(text: str) -> str:
    import hashlib  # not to open a project

    return hashlib.sha256(os.fsencode(text)).hexdigest()[:10]


@contextmanager
def _locked(path: Path) -> Iterator[int]:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX)
        yield fd
    finally:
        os.close(fd)


@contextmanager
def _all_locked(paths: list[Path]) -> Iterator[list[int]]:
    if not paths:
        yield []
        return
    with _locked(paths[0]) as first, _all_locked(paths[1:]) as others:
        yield [first, *others]


def _append(path: Path, line: bytes) -> None:
    with _locked(path) as fd:
        end = os.lseek(fd, 0, os.SEEK_END)
        # a line cut short by a crash must not swallow the next one
        start = b"\n" if end and os.pread(fd, 1, end - 1) != b"\n" else b""
        _write_all(fd, start + line)
        os.fsync(fd)


def _write_all(fd: int, data: bytes) -> None:
    while data:
        data = data[os.write(fd, data) :]


def _line(entry: Pending) -> bytes:
    act = entry.act
    value = {
        "act": act.id,
        "verb": act.verb,
        "of": act.of,
        "drafts": [[d.kind.value, d.key, d.article, d.body, d.base] for d in act.drafts],
        "actor": entry.actor,
        "time": entry.time,
        "path": entry.path,
        "trouble": entry.trouble,
    }
    return json.dumps(value).encode("ascii") + b"\n"


def _read(path: Path) -> list[Pending]:
    """The whole lines of a journal; one cut short by a crash was never acknowledged as kept."""
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return []
    return [entry for line in lines if (entry := _entry(line)) is not None]


def _entry(line: bytes) -> Pending | None:
    try:
        value: dict[str, Any] = json.loads(line)
        drafts = tuple(Draft(Kind(d[0]), *d[1:]) for d in value["drafts"])
        act = Act(value["verb"], drafts, value["of"], value["act"])
        return Pending(act, value["actor"], value["time"], value["path"], value["trouble"])
    except (ValueError, KeyError, TypeError, IndexError):
        return None
