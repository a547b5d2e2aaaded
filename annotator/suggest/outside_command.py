"""One question to a command: JSON on its standard input, JSON on its standard output."""

import atexit
import os
import selectors
import signal
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep
from typing import IO

from annotator.model.errors import AnnotatorError
from annotator.text.visible import plain_line

WITHHELD = "PGPASSWORD"
"""What no command is told: the password of a project's server (`store.secret`)."""
CHUNK = 2**16
"""Bytes moved at once; of what a command complains about so many are kept."""

_RUNNING: dict[int, "subprocess.Popen[bytes]"] = {}
"""Commands at work, by their numbers: they are asked in threads, which the end of a program forgets."""


def ask_command(command: Sequence[str], question: bytes, seconds: float, largest: int) -> bytes:
    """What a command writes when it reads a question.

    It runs without a shell, in the person's home folder (never in a project's, whose files it might
    take for its own) and in a process group of its own, which is ended with it.

    Args:
        command: the program, looked for in the search path, and its arguments; `~/` begins a path in
            the home folder.
        question: what it reads, to the end.
        seconds: how long it may take.
        largest: how many bytes it may write.

    Raises:
        AnnotatorError: it cannot be run, takes too long, writes too much or ends with an error; the
            sentence goes on from "the suggester x:".
    """
    try:
        process = subprocess.Popen(
            [os.path.expanduser(part) if part.startswith("~/") else part for part in command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=Path.home(),
            start_new_session=True,
            env={name: value for name, value in os.environ.items() if name != WITHHELD},
        )
    except OSError as error:
        raise AnnotatorError(
            f"its command {plain_line(command[0], 80)!r} cannot be run: {error.strerror}."
        ) from None
    _RUNNING[process.pid] = process
    with process:
        try:
            talk = _Talk(process, question, largest)
            talk.until(monotonic() + seconds)
            _await(process, monotonic() + max(talk.left, 0.01))
        except TimeoutError:
            raise AnnotatorError(
                f"its command took longer than its {seconds:g} seconds and was ended"
                f"{_complaint(talk.complaints)}. A larger timeout allows it more."
            ) from None
        finally:
            _end(process)
            _RUNNING.pop(process.pid, None)
    if process.returncode:
        raise AnnotatorError(
            f"its command ended with {_code(process.returncode)}{_complaint(talk.complaints)}."
        )
    return bytes(talk.answer)


@atexit.register
def end_all() -> None:
    """End the commands that still run, whoever waits for them."""
    for process in list(_RUNNING.values()):
        _end(process)


class _Talk:
    """What goes to a process and comes from it, until both of its outputs are closed."""

    def __init__(self, process: subprocess.Popen[bytes], question: bytes, largest: int) -> None:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        self.answer = bytearray()
        self.complaints = bytearray()
        self.left = 0.0
        """Seconds left at the end."""
        self._question = memoryview(question)
        self._largest = largest
        self._inlet: IO[bytes] = process.stdin
        self._streams = selectors.DefaultSelector()
        for stream in (process.stdin, process.stdout, process.stderr):
            os.set_blocking(stream.fileno(), False)
        self._streams.register(process.stdin, selectors.EVENT_WRITE, self._write)
        self._streams.register(process.stdout, selectors.EVENT_READ, self._read)
        self._streams.register(process.stderr, selectors.EVENT_READ, self._hear)

    def until(self, deadline: float) -> None:
        """Talk to the end; raises TimeoutError at the deadline and AnnotatorError on too much."""
        with self._streams:
            while self._streams.get_map():
                self.left = deadline - monotonic()
                if self.left <= 0:
                    raise TimeoutError
                for key, _ in self._streams.select(self.left):
                    key.data(key.fd)
        self.left = deadline - monotonic()

    def _write(self, fd: int) -> None:
        try:
            self._question = self._question[os.write(fd, self._question[:CHUNK]) :]
        except BrokenPipeError:  # it does not read all of it, as it may
            self._question = self._question[:0]
        if not self._question:
            self._streams.unregister(fd)
            self._inlet.close()

    def _read(self, fd: int) -> None:
        self.answer += self._take(fd)
        if len(self.answer) > self._largest:
            raise AnnotatorError(
                f"its command wrote more than {self._largest:,} bytes for one article and was ended."
            )

    def _hear(self, fd: int) -> None:
        self.complaints = (self.complaints + self._take(fd))[-CHUNK:]

    def _take(self, fd: int) -> bytes:
        """What is there; b"" at the end."""
        got = os.read(fd, CHUNK)
        if not got:
            self._streams.unregister(fd)
        return got


def _await(process: subprocess.Popen[bytes], deadline: float) -> None:
    """Wait for the end of a process without taking note of it; raises TimeoutError at the deadline.

    As long as nobody does, its number stays its own, and what it left behind can be ended (`_end`).
    """
    if not hasattr(os, "waitid"):  # on some systems: what it left behind goes on there
        with suppress(subprocess.TimeoutExpired):
            process.wait(deadline - monotonic())
            return
        raise TimeoutError
    pause = 0.001
    with suppress(ChildProcessError):  # somebody did all the same
        while os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            if monotonic() >= deadline:
                raise TimeoutError
            sleep(pause)
            pause = min(2 * pause, 0.05)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process, unless that was taken note of, with all that it started.

    Not one that was waited for: its number may already be somebody else's.
    """
    if process.returncode is None:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:  # it has just come to its end
            process.kill()


def _code(code: int) -> str:
    return f"the signal {-code}" if code < 0 else f"exit code {code}"


def _complaint(complaints: bytes | bytearray) -> str:
    """The last line of what a command complained about, as a part of a sentence."""
    lines = complaints.decode(errors="replace").strip().splitlines()
    return f", saying {plain_line(lines[-1], 160).rstrip('.')!r}" if lines else ""
