"""Where the projects lie that are measured: a file, and a PostgreSQL of our own on the same disk.

The server has the settings of `annotator server start`, so every commit is synced to disk, as in a file.
Run by root, it runs as `nobody`, since PostgreSQL refuses root.
"""

import contextlib
import os
import pwd
import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from annotator.server import binaries, settings

USER = "bench"
PATIENCE = 30.0
"""Seconds for a server to start or to end."""
IN_MEMORY = ("tmpfs", "ramfs")
LOGGED = "-c%20log_min_duration_statement%3D0"
"""Has the server note every statement of a connection with its milliseconds."""


class Engine(NamedTuple):
    """One way to keep a project."""

    name: str
    pattern: str
    """Where a project is; `{}` stands for its name."""

    def place(self, name: str) -> str:
        """A path or an address."""
        return self.pattern.format(name)


class Server:
    """A server in a folder; it is the only one who may enter it.

    Args:
        folder: where it shall be; on a disk, in folders that others may pass through.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.log = folder / "server.log"
        self.port = _free_port()
        self.programs = binaries.find()
        self._owner = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        self._password = secrets.token_hex(16)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Make it and wait until it takes connections; raises RuntimeError."""
        self.folder.mkdir(mode=0o700)
        if self._owner is not None:
            _refuse_hidden(self.folder.parent)
            os.chown(self.folder, self._owner.pw_uid, self._owner.pw_gid)
        secret = self._write("secret", self._password)
        made = self._spawn(
            "initdb", "-D", self.data, "-U", USER, "--pwfile", secret, "--auth-local=trust",
            "--auth-host=scram-sha-256", "--encoding=UTF8", "--locale=C", "--data-checksums",
            "--no-instructions",
        )  # fmt: skip
        if made.wait(PATIENCE):
            raise RuntimeError(f"initdb fails:\n{self.log.read_text()[-2000:]}")
        self._write("data/postgresql.conf", settings.postgres_conf())
        self._process = self._spawn(
            "postgres", "-D", self.data, "-k", self.folder, "-h", settings.LOOPBACK, "-p", self.port
        )
        until = time.monotonic() + PATIENCE
        while not self._is_ready():
            if self._process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"the server does not start:\n{self.log.read_text()[-2000:]}")
            time.sleep(0.02)
        passwords = self.folder / "passwords"
        passwords.touch(0o600)
        passwords.write_text(f"*:*:*:{USER}:{self._password}\n")
        os.environ["PGPASSFILE"] = str(passwords)

    def close(self) -> None:
        """End it in order."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(PATIENCE)
            self._process = None

    @property
    def by_socket(self) -> str:
        """The pattern of projects' addresses by the socket."""
        return f"postgresql://{USER}@/{{}}?host={self.folder}&port={self.port}"

    @property
    def by_tcp(self) -> str:
        """The same by 127.0.0.1, with a password."""
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{{}}?sslmode=disable&gssencmode=disable"

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """Run a statement, in the database `postgres`; its rows."""
        import psycopg

        with psycopg.connect(self.by_socket.format("postgres"), autocommit=True) as conn:
            cursor = conn.execute(sql)
            return cursor.fetchall() if cursor.description else []

    def connections(self) -> int:
        """How many connections of the program there are now."""
        sql = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'annotator'"
        return int(self.ask(sql)[0][0])

    def spent(self) -> float:
        """Seconds of processor time that the processes took which the server has now."""
        import psutil

        assert self._process is not None
        first = psutil.Process(self._process.pid)
        total = 0.0
        for each in (first, *first.children()):
            with contextlib.suppress(psutil.NoSuchProcess):
                times = each.cpu_times()
                total += times.user + times.system
        return total

    # --- inside

    def _spawn(self, program: str, *words: object) -> subprocess.Popen[bytes]:
        rights: dict[str, Any] = {}
        if self._owner is not None:
            rights = {"user": self._owner.pw_uid, "group": self._owner.pw_gid, "extra_groups": []}
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [str(self.programs.path(program)), *map(str, words)], stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, cwd="/", env=binaries.environment(), start_new_session=True,
                **rights,
            )  # fmt: skip

    def _write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        path.chmod(0o600)
        if self._owner is not None:
            os.chown(path, self._owner.pw_uid, self._owner.pw_gid)
        return path

    def _is_ready(self) -> bool:
        with contextlib.suppress(OSError):
            lines = (self.data / "postmaster.pid").read_text().split("\n")
            return len(lines) > 7 and lines[7].strip() == "ready"
        return False


@contextlib.contextmanager
def engines(folder: Path) -> Iterator[tuple[tuple[Engine, Engine, Engine], Server]]:
    """A file, a server by its socket and by TCP, all in a folder; the server ends with the block.

    Raises:
        RuntimeError: the folder is in memory, or the server does not start.
    """
    refuse_memory(folder)
    server = Server(folder / "pg")
    try:
        server.start()
        file = Engine("file", str(folder / "{}.db"))
        socket_, tcp = (
            Engine("server, socket", server.by_socket),
            Engine("server, TCP", server.by_tcp),
        )
        yield (file, socket_, tcp), server
    finally:
        server.close()


def refuse_memory(folder: Path, mounts: Path = Path("/proc/self/mounts")) -> None:
    """Raise RuntimeError where a commit would not reach a disk (as far as the system tells)."""
    if not mounts.exists():
        return
    kinds = {}
    for line in mounts.read_text().splitlines():
        _, mounted, kind, *_ = line.split(" ")
        kinds[Path(mounted.replace("\\040", " "))] = kind
    here = folder.resolve()
    nearest = next(each for each in (here, *here.parents) if each in kinds)
    if kinds[nearest] in IN_MEMORY:
        raise RuntimeError(
            f"{folder} is in memory ({kinds[nearest]}): give --data a folder on a disk."
        )


def _refuse_hidden(folder: Path) -> None:
    """Raise RuntimeError when `nobody` could not come to a folder."""
    for each in (folder.resolve(), *folder.resolve().parents):
        if not each.stat().st_mode & 0o001:
            raise RuntimeError(f"Others may not pass through {each}: give --data another folder.")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as bound:
        port: int = bound.getsockname()[1]
        return port
