"""A PostgreSQL server in one folder: made, started, stopped and asked how it is.

The folder holds `data/` (PostgreSQL's own), `server.conf` (where it listens), `server.log`, `lock` and,
where the path is short enough, the socket. Only the account that made it may enter it.
"""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urlencode

from annotator.model.errors import AnnotatorError
from annotator.server import binaries, machine, process, settings
from annotator.server.failing import explained
from annotator.server.settings import LOOPBACK, PORT, SUPERUSER, Listening

PATIENCE = 60.0
"""Seconds to wait for a start or an end."""
STEP = 0.02
"""Seconds between two looks."""
LOG_SIZE = 1 << 20
"""Bytes from which on the log is put aside at a start."""
BUILTIN_LOCALE = 17
"""From this version on PostgreSQL has an order and letters of its own, the same on every machine."""
_MAKING = "data.making"
_LEFT = {"lock", "server.log", _MAKING, "lost+found"}
"""What an empty folder may hold: the start of a disk, or of a server that was interrupted."""


class Status(NamedTuple):
    """How a server is."""

    is_running: bool
    is_ready: bool
    """Whether it takes connections."""
    pid: int
    """Of its first process; 0 when it does not run."""
    since: float
    """Seconds since the epoch; 0 when it does not run."""
    version: int
    """Of PostgreSQL, such as 18."""
    listening: Listening


class Cluster:
    """The server of a folder.

    Args:
        folder: Where it is, or is to be made.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.data = self.folder / "data"
        self.log = self.folder / "server.log"
        self._conf = self.folder / "server.conf"
        self._lock = self.folder / "lock"

    @property
    def exists(self) -> bool:
        """Whether a server was made there."""
        return (self.data / "PG_VERSION").is_file() and self._conf.is_file()

    @property
    def version(self) -> int:
        """PostgreSQL's version that the data are of."""
        return int((self.data / "PG_VERSION").read_text().split(".")[0])

    def programs(self) -> binaries.Binaries:
        """The programs for these data; raises AnnotatorError when they are not installed."""
        return binaries.find(self.version if self.exists else None)

    # --- making it --------------------------------------------------------------------------------

    def create(self) -> None:
        """Make the folder and an empty server in it, which is not started.

        Texts are UTF-8 and sort by code point, pages have checksums, passwords are SCRAM's.

        Raises:
            AnnotatorError: root asks, something else is in the folder, PostgreSQL is not installed or
                cannot make it.
        """
        machine.refuse_root()
        programs = binaries.find()
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._check_owner()
        self._check_empty()
        self.folder.chmod(0o700)
        with self._alone():
            making = self.folder / _MAKING
            shutil.rmtree(making, ignore_errors=True)
            try:
                self._initdb(programs, making)
                machine.write(making / "postgresql.conf", settings.postgres_conf())
                machine.write(making / "pg_hba.conf", settings.HBA)
                machine.write(making / "pg_ident.conf", settings.ident_conf(machine.account()))
                self._configure(Listening(socket=settings.socket_folder(self.folder)))
                making.rename(self.data)
                machine.sync(self.folder)
            finally:
                shutil.rmtree(making, ignore_errors=True)

    def _initdb(self, programs: binaries.Binaries, data: Path) -> None:
        locale = ["--locale=C"]
        if programs.version >= BUILTIN_LOCALE:
            locale += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        made = subprocess.run(
            [programs.path("initdb"), "--pgdata", data, "--username", SUPERUSER, "--encoding=UTF8",
             *locale, "--data-checksums", "--auth-local=peer", "--auth-host=scram-sha-256",
             "--no-instructions"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            env=binaries.environment(), cwd="/", text=True, errors="replace",
        )  # fmt: skip
        if made.returncode:
            raise explained(made.stderr, self.folder)

    # --- its life ---------------------------------------------------------------------------------

    def start(
        self, port: int | None = None, listen: str = LOOPBACK, network: bool = False
    ) -> Status:
        """Start the server, which goes on when this process ends; wait until it takes connections.

        Args:
            port: Where it listens; None for where it did before, at first `PORT`.
            listen: A numeric address, `localhost`, or `*`.
            network: Whether other machines may connect.

        Raises:
            AnnotatorError: it runs already, or cannot be started; the sentence says why.
        """
        programs = self._may_start()
        with self._alone() as lock:
            listening, begun = self._prepare(port, listen, network)
            done = subprocess.run(
                [programs.path("pg_ctl"), "start", "--silent", "--wait", f"--timeout={PATIENCE:.0f}",
                 "--pgdata", self.data, "--log", self.log],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                env=binaries.environment(), cwd="/", pass_fds=(lock,),
            )  # fmt: skip
        status = self.status()
        if done.returncode and status.pid:
            raise self._slow()
        if done.returncode:
            raise self._explained(begun, listening)
        return status

    def run(
        self,
        started: Callable[[Status], None],
        port: int | None = None,
        listen: str = LOOPBACK,
        network: bool = False,
    ) -> None:
        """Run the server as a child of this process, which waits; SIGTERM and ctrl+c end it in order.

        Args:
            started: Called once it takes connections.
            port: As in `start`, as the others.
            listen: The same.
            network: The same.

        Raises:
            AnnotatorError: as in `start`; also when the server ends by itself.
        """
        programs = self._may_start()
        with machine.ending_by_signal() as pass_on:
            with self._alone() as lock:
                listening, begun = self._prepare(port, listen, network)
                with self.log.open("ab") as log:
                    child = subprocess.Popen(
                        [programs.path("postgres"), "-D", self.data],
                        stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", pass_fds=(lock,),
                        env=binaries.environment(), start_new_session=True,
                    )  # fmt: skip
                pass_on(child)
            was_ready = False
            try:
                while child.poll() is None and not (was_ready := self._is_ready(child.pid)):
                    time.sleep(STEP)
                if was_ready:
                    started(self.status())
                code = child.wait()
            finally:
                if child.poll() is None:
                    child.send_signal(signal.SIGINT)
                    child.wait()
        if code and was_ready:
            raise AnnotatorError(f"The server in {self.folder} ended by itself; see {self.log}.")
        if code:
            raise self._explained(begun, listening)

    def stop(self, immediate: bool = False) -> None:
        """End the server and wait until it has; whoever is connected is put off.

        Args:
            immediate: As a power cut would: the next start recovers from its log.

        Raises:
            AnnotatorError: it does not run, or takes longer than `PATIENCE`.
        """
        status = self.status()
        if not status.is_running:
            raise AnnotatorError(f"No server runs in {self.folder}.")
        if not process.is_server_of(status.pid, self.data):
            raise self._slow()  # somebody is just starting it
        try:
            os.kill(status.pid, signal.SIGQUIT if immediate else signal.SIGINT)
        except PermissionError:
            raise AnnotatorError(
                f"The server in {self.folder} runs as {machine.owner(self.folder)}: stop it as {machine.owner(self.folder)}."
            ) from None
        except ProcessLookupError:
            pass  # it ended meanwhile
        until = time.monotonic() + PATIENCE
        while self.is_running():
            if time.monotonic() > until:
                raise self._slow()
            time.sleep(STEP)

    def status(self) -> Status:
        """How it is.

        Raises:
            AnnotatorError: no server was made there.
        """
        listening = settings.read_server_conf(self._conf) if self.exists else None
        if listening is None:
            raise AnnotatorError(f"There is no server in {self.folder}.")
        told = process.noted(self.data)
        if told is None or not self.is_running():
            return Status(self.is_running(), False, 0, 0, self.version, listening)
        return Status(True, told.is_ready, told.pid, told.since, self.version, listening)

    def is_running(self) -> bool:
        """Whether any of its processes lives, or somebody is just starting it."""
        told = process.noted(self.data)
        return process.is_held(self._lock) or (
            told is not None and process.is_server_of(told.pid, self.data)
        )

    def url(self, name: str = SUPERUSER, user: str = SUPERUSER) -> str:
        """The address of a database by the socket, for the account that the server belongs to."""
        listening = self.status().listening
        told = {"host": str(listening.socket)}
        if listening.port != PORT:
            told["port"] = str(listening.port)
        return f"postgresql://{quote(user, '')}@/{quote(name, '')}?{urlencode(told, safe='/')}"

    # --- inside -----------------------------------------------------------------------------------

    def _may_start(self) -> binaries.Binaries:
        """The programs to start it with; raises AnnotatorError."""
        machine.refuse_root()
        self.status()
        self._check_owner()
        if self.folder.stat().st_mode & 0o077:
            raise AnnotatorError(
                f"Others on this machine may enter {self.folder}: chmod 700 {self.folder}"
            )
        return self.programs()

    @contextmanager
    def _alone(self) -> Iterator[int]:
        """Hold the lock; raises AnnotatorError when the server runs or somebody else is at it."""
        try:
            with process.hold(self._lock) as lock:
                told = process.noted(self.data)
                if told and process.is_server_of(told.pid, self.data):
                    raise BlockingIOError  # it was started with PostgreSQL's own tools
                if told and process.is_alive(told.pid):
                    self._forget_the_dead()
                yield lock
        except BlockingIOError:
            raise AnnotatorError(f"A server runs in {self.folder} already.") from None

    def _forget_the_dead(self) -> None:
        """Remove what a killed server left that would take another process for it."""
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        for each in settings.socket_folder(self.folder).glob(".s.PGSQL.*"):
            each.unlink(missing_ok=True)

    def _prepare(self, port: int | None, listen: str, network: bool) -> tuple[Listening, int]:
        """Write where to listen, and put a long log aside; the bytes of the log so far as well."""
        before = settings.read_server_conf(self._conf) or Listening()
        listening = settings.checked(
            before.port if port is None else port,
            listen,
            network,
            settings.socket_folder(self.folder),
        )
        self._configure(listening)
        if self.log.exists() and self.log.stat().st_size > LOG_SIZE:
            self.log.replace(self.log.with_suffix(".log.old"))
        os.close(os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, 0o600))
        return listening, self.log.stat().st_size

    def _configure(self, listening: Listening) -> None:
        if listening.socket != self.folder:
            listening.socket.mkdir(mode=0o700, exist_ok=True)
            found = listening.socket.lstat()
            if found.st_uid != os.geteuid() or found.st_mode & 0o170077 != 0o040000:
                raise AnnotatorError(
                    f"{listening.socket}, where the server's socket is to be, is not yours alone: "
                    "remove it, or give --data a shorter path."
                )
        machine.write(self._conf, settings.server_conf(listening))

    def _is_ready(self, pid: int) -> bool:
        told = process.noted(self.data)
        return told is not None and told.pid == pid and told.is_ready

    def _explained(self, begun: int, listening: Listening) -> AnnotatorError:
        """Why it did not start, or ended: what is in the log from byte `begun` on."""
        with self.log.open("rb") as file:
            file.seek(begun)
            said = file.read().decode(errors="replace")
        return explained(said, self.folder, listening.port, listening.address)

    def _slow(self) -> AnnotatorError:
        return AnnotatorError(
            f"The server in {self.folder} is starting, recovering or ending, and is not done yet: "
            f"annotator server status tells, and so does {self.log}."
        )

    def _check_owner(self) -> None:
        if not self.folder.is_dir():
            raise AnnotatorError(f"{self.folder} is no folder.")
        if self.folder.stat().st_uid != os.geteuid():
            raise AnnotatorError(
                f"{self.folder} belongs to {machine.owner(self.folder)}: a server's folder must be your own."
            )

    def _check_empty(self) -> None:
        if self.exists:
            raise AnnotatorError(f"There is a server in {self.folder} already.")
        found = sorted(each.name for each in self.folder.iterdir() if each.name not in _LEFT)
        if "PG_VERSION" in found:
            raise AnnotatorError(
                f"{self.folder} holds a PostgreSQL that was not made here: start it with its own "
                "tools, or name a new folder."
            )
        if found == ["server.conf"] and settings.read_server_conf(self._conf):
            return  # it was interrupted just before the end
        if found:
            raise AnnotatorError(
                f"{self.folder} holds something else ({found[0]}): name a new or an empty folder."
            )
