"""The side journal: acts that could not be saved wait here, in order, until they are.

One file of JSON lines for each project and annotator, in the user's state folder and so seldom on the
disk that is full. An act leaves it only when it is in the log; the act's id makes sending it again
harmless.

What was meant for a server goes to the very database it was meant for, under whatever address that is
reached: the server itself tells which one it is (`home`). It never goes into a file, though that were a
checkout of the same project, nor to a copy on another server; what was meant for a file never goes to a
server. What waits for another place is told (`elsewhere`), and stays until that place is opened.
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
from annotator.store.address import Address, Place, is_address
from annotator.store.works import IDLE


class Pending(NamedTuple):
    """An act that is not saved yet."""

    act: Act
    actor: str
    time: float
    """Seconds since the epoch when it was made."""
    path: str
    """The project file it was meant for, or the address."""
    trouble: str = ""
    """Why it could not be saved."""
    home: str = ""
    """What the server calls its database; "" for a file."""

    @property
    def decides(self) -> bool:
        """Whether it says more than how long somebody worked, or what they were shown."""
        return decides(self.act)

    @property
    def for_server(self) -> bool:
        """Whether it was meant for a project on a server."""
        return bool(self.home) or is_address(self.path)


def folder() -> Path:
    """Where side journals live on this system."""
    from platformdirs import user_state_path

    return user_state_path("annotator", appauthor=False)


def stem(project_id: str, actor: str) -> str:
    """How files of an annotator's own for a project are called, whatever the name holds."""
    plain = re.fullmatch(r"[A-Za-z0-9_.-]{1,40}", actor)
    return f"{project_id}-{actor if plain else 'x' + _digest(actor)}"


class Journal:
    """The side journal of one project and annotator."""

    def __init__(self, project_id: str, actor: str, path: Place, home: str = "") -> None:
        """Nothing is read or made yet.

        Args:
            project_id: the project.
            actor: the annotator.
            path: where the project is, a file's path resolved.
            home: what its server calls the database, however it is addressed.
        """
        self._project = project_id
        self._actor = actor
        self._place = path
        self._of = str(path)
        self._home = home

    @property
    def path(self) -> Path:
        """The journal's own file."""
        known = self._place.known_as if isinstance(self._place, Address) else self._of
        return folder() / f"{self._stem}-{_digest(self._home or known)}.jsonl"

    def add(self, act: Act, actor: str, trouble: str) -> None:
        """Append an act and wait until it is on the disk; raises OSError when that fails."""
        _append(self.path, _line(Pending(act, actor, time.time(), self._of, trouble, self._home)))

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

    def elsewhere(self) -> list[Pending]:
        """Acts on the same project that wait for a server and do not belong here, oldest first."""
        if not folder().is_dir():
            return []
        found = [entry for path in self._all() for entry in _read(path)[:1]]
        strange = {entry.path for entry in found if entry.for_server and not self._is_ours(entry)}
        return [e for path in self._all() for e in _read(path) if e.path in strange]

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
        return [path for path in self._all() if any(map(self._is_ours, _read(path)[:1]))]

    def _all(self) -> list[Path]:
        """The journals of this project and annotator, wherever it was."""
        return sorted(folder().glob(f"{self._stem}-*.jsonl"))

    def _is_ours(self, entry: Pending) -> bool:
        """Whether an act was meant for this place."""
        if isinstance(self._place, Address):
            same = bool(self._home) and entry.home == self._home
            return entry.for_server and (same or _known_as(entry.path) == self._place.known_as)
        return not entry.for_server and (entry.path == self._of or not os.path.lexists(entry.path))


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


def decides(act: Act) -> bool:
    """Whether an act is one that people count: a decision, an annotator's or of what is gold."""
    return any(draft.kind == Kind.DECISION or draft.kind not in IDLE for draft in act.drafts)


def waiting_for(address: Address, actor: str) -> int:
    """How many decisions of an annotator wait for an address, told without asking its server."""
    found = folder().glob("*.jsonl") if folder().is_dir() else ()
    entries = (entry for path in sorted(found) for entry in _read(path))
    ours = (e for e in entries if e.actor == actor and _known_as(e.path) == address.known_as)
    return sum(entry.decides for entry in ours)


def _known_as(path: str) -> str:
    return Address(path).known_as if is_address(path) else ""


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
    } | ({"home": entry.home} if entry.home else {})
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
        of = value["path"], value["trouble"], value.get("home", "")
        return Pending(act, value["actor"], value["time"], *of)
    except (ValueError, KeyError, TypeError, IndexError):
        return None
