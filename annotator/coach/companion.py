"""The app's handle on the suggesters' process: nothing of it is waited for.

All that costs time (starting the process, writing to it, reading from it) is done in two threads of
their own. When the process breaks it is started once more, without plug-ins; after that one sentence is
said, and the work goes on without.
"""

import json
import os
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from queue import SimpleQueue
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    import subprocess

    from annotator.store.address import Place

RESTARTS = 1
"""How often a process that broke is started again."""
PATIENCE = 1.0
"""Seconds the end of the process is waited for when the app is closed."""
MOST_LOGGED = 100_000
"""Bytes of the log from which on it begins anew."""
BROKE = "The suggestions' process broke twice: nothing new is suggested until the next start."


class Companion:
    """Sends to the suggesters' process what the annotator does, and hears what is ready."""

    def __init__(
        self,
        path: "Place",
        actor: str,
        ready: Callable[[str], None],
        told: Callable[[str], None],
        command: Sequence[str] | None = None,
    ) -> None:
        """Nothing is started before the first `prepare`.

        Args:
            path: the project.
            actor: the annotator's name.
            ready: takes the id of an article for which there are new suggestions; called in a thread
                of the companion's, as `told` is.
            told: takes a sentence for the annotator.
            command: another command to start, for tests.
        """
        self._path, self._actor = path, actor
        self._ready, self._told = ready, told
        self._command = command
        self._messages: SimpleQueue[dict[str, Any] | None] = SimpleQueue()
        self._wanted: dict[str, Any] | None = None
        """The newest request, sent again to a process that is started anew."""
        self._sender: threading.Thread | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = False
        self._starts = 0

    def prepare(self, articles: Sequence[str]) -> None:
        """Suggest in these articles, the one on the desk first; replaces what was wanted before."""
        self._send({"prepare": list(articles)})

    def finished(self, article: str) -> None:
        """An article was finished, and that is durable: learn from it."""
        if self._sender is not None:
            self._send({"finished": article})

    def close(self, patience: float = PATIENCE) -> None:
        """End the process; it keeps what it learnt. Waits `patience` seconds at most."""
        if self._closed:
            return
        self._closed = True
        if self._sender is None:
            return
        self._messages.put(None)
        self._sender.join(patience)

    @property
    def process_id(self) -> int | None:
        """The process as the system knows it; None when there is none."""
        return self._process.pid if self._process is not None else None

    def _send(self, message: dict[str, Any]) -> None:
        if self._closed:
            return
        if self._sender is None:
            self._sender = threading.Thread(target=self._run, name="suggestions", daemon=True)
            self._sender.start()
        self._messages.put(message)

    # --- in a thread of its own ------------------------------------------------------------------

    def _run(self) -> None:
        """Start the process and send what there is to send, until the end."""
        while (message := self._messages.get()) is not None:
            if "prepare" in message:
                self._wanted = message
            if self._process is None and not (self._starts <= RESTARTS and self._start()):
                continue
            self._write(message)
        self._finish()

    def _start(self) -> bool:
        """Start the process; whether that went well."""
        import subprocess  # not before the first article is on screen

        from annotator.coach.starting import command
        from annotator.store.secret import environment

        self._starts += 1
        log = _log()
        try:
            self._process = subprocess.Popen(
                self._command or command(self._path, self._actor, alone=self._starts > 1),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL if log is None else log,
                start_new_session=True,  # what the terminal sends is for the app
                env=environment(self._path),
            )
        except OSError as error:
            self._starts = RESTARTS + 1
            self._told(f"Nothing new is suggested: {error.strerror}.")
            return False
        finally:
            if log is not None:
                log.close()
        threading.Thread(
            target=self._listen, args=(self._process,), name="suggestions heard", daemon=True
        ).start()
        return True

    def _write(self, message: dict[str, Any]) -> None:
        process = self._process
        if process is not None and process.stdin is not None:
            with suppress(OSError, ValueError):  # it broke: `_listen` sees to that
                process.stdin.write(json.dumps(message).encode() + b"\n")
                process.stdin.flush()

    def _finish(self) -> None:
        """The app is closed: so is the process, which has seconds to keep what it learnt."""
        process = self._process
        if process is not None:
            self._write({"stop": True})
            if process.stdin is not None:
                with suppress(OSError):
                    process.stdin.close()
            process.wait()

    # --- in another ------------------------------------------------------------------------------

    def _listen(self, process: "subprocess.Popen[bytes]") -> None:
        """Hear what the process says until it ends."""
        assert process.stdout is not None
        with process.stdout as said:
            for line in said:
                self._hear(line)
        code = process.wait()
        if process.stdin is not None:
            with suppress(OSError, ValueError):
                process.stdin.close()
        if self._closed or code == 0:
            return
        if self._starts > RESTARTS:
            self._told(BROKE)
            return
        self._process = None
        if self._wanted is not None:
            self._messages.put(self._wanted)

    def _hear(self, line: bytes) -> None:
        try:
            said = json.loads(line)
        except (ValueError, RecursionError):
            return
        if not isinstance(said, dict) or self._closed:
            return
        ready, note = said.get("ready"), said.get("note")
        if isinstance(ready, str):
            self._ready(ready)
        if isinstance(note, str):
            self._told(note)


def _log() -> IO[bytes] | None:
    """Where the process writes what only its makers understand; None where that cannot be kept."""
    from annotator.store.journal import folder

    try:
        file = folder() / "suggestions.log"
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        begin = not file.exists() or file.stat().st_size > MOST_LOGGED
        # several sittings may write into it
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | (os.O_TRUNC if begin else 0)
        return open(os.open(file, flags, 0o600), "wb")
    except OSError:
        return None
