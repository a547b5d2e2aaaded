"""Runs a program in a pseudo-terminal and times what it writes after a key.

The terminal is 120x40, `TERM=xterm-256color`. It answers no queries: Textual asks for synchronised
output and in-band resizing but waits for neither, and curses asks nothing. Painting by a real
terminal emulator is not part of any figure; neither is pyte, which reads the recorded bytes only
after the clock has stopped.
"""

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import psutil
import pyte

WIDTH, HEIGHT = 120, 40
SILENCE = 0.05
"""A program has settled when it writes nothing for this many seconds; they are not counted."""
GAP = 0.003
"""A pause this long ends what counts as the first painting."""
PATIENCE = 20.0
"""Seconds to wait for a first byte before the key counts as dead."""
CLEAR = b"\x1b[H\x1b[2J"
ESCAPES = re.compile(
    rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()][0-9A-B]|[=>78])"
)
FOREIGN = (
    "TEXTUAL",
    "NO_COLOR",
    "COLORTERM",
    "COLUMNS",
    "LINES",
    "TERM_PROGRAM",
    "PYTHON",
    "ANNOTATOR",
)

Cell = tuple[str, tuple[object, ...]]


class NoAnswerError(Exception):
    """The program wrote nothing, or ended, where it had to answer."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """What followed one key; times in milliseconds after it was written."""

    first: float
    """To the first byte."""
    painted: float
    """To the last byte before the first pause of GAP: the answer itself, without what follows."""
    settled: float
    """To the last byte before the silence."""
    size: int
    """Bytes written."""


class Terminal:
    """One program in its own pseudo-terminal, from fork to the end of the `with` block."""

    def __init__(self, argv: Sequence[str], folder: Path, env: Mapping[str, str] | None = None):
        """Starts `argv` in `folder`, which also stands in for the user's configuration."""
        self.argv = list(argv)
        environment = clean_environment(folder) | dict(env or {})
        self.began = time.perf_counter()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            _become(self.argv, folder, environment)
        self.output = bytearray()
        self._shown = 0
        self._screen = pyte.Screen(WIDTH, HEIGHT)
        self._stream = pyte.ByteStream(self._screen)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def wait_for(self, word: str, timeout: float = 120.0) -> float:
        """Milliseconds from fork until `word` stood in the output, escape sequences left out."""
        wanted, deadline = word.encode(), time.perf_counter() + timeout
        while True:
            at = self._read(deadline)
            if at is None:
                raise NoAnswerError(f"{self.argv[0]} did not show {word!r}: {self._tail()}")
            if wanted in ESCAPES.sub(b"", self.output):
                return (at - self.began) * 1000

    def settle(self, silence: float = 0.3) -> None:
        """Waits until nothing has been written for `silence` seconds."""
        while self._read(time.perf_counter() + silence) is not None:
            pass

    def press(self, key: bytes) -> Stroke:
        """Writes a key and times the answer.

        Raises:
            NoAnswerError: nothing was written within the patience; the key did not work.
        """
        before = len(self.output)
        start = time.perf_counter()
        os.write(self.fd, key)
        first = painted = last = self._read(start + PATIENCE)
        if first is None or painted is None or last is None:
            raise NoAnswerError(f"{self.argv[0]}: no answer to the key {key!r}: {self._tail()}")
        while (at := self._read(last + SILENCE)) is not None:
            painted = at if painted == last and at - last < GAP else painted
            last = at
        first, painted, last = ((at - start) * 1000 for at in (first, painted, last))
        return Stroke(first, painted, last, len(self.output) - before)

    def cpu(self) -> float:
        """Milliseconds of processor time the program has used, all threads."""
        times = psutil.Process(self.pid).cpu_times()
        return float(times.user + times.system) * 1000

    def screen(self) -> list[list[Cell]]:
        """The rows shown now, each cell its character and style."""
        new = bytes(self.output[self._shown :])
        self._shown = len(self.output)
        cleared = new.rfind(CLEAR)
        if cleared > 0:  # a full repaint: what stood before it does not matter, and pyte is slow
            self._screen.reset()
            new = new[cleared:]
        self._stream.feed(new)
        rows = (self._screen.buffer[y] for y in range(HEIGHT))
        return [[_cell(row[x]) for x in range(WIDTH)] for row in rows]

    def quit(self, key: bytes, timeout: float = 20.0) -> None:
        """Presses the quitting key and waits for the program's end, as a user would."""
        os.write(self.fd, key)
        deadline = time.perf_counter() + timeout
        while self._read(deadline) is not None:
            pass
        if time.perf_counter() > deadline:
            raise NoAnswerError(f"{self.argv[0]} did not end on {key!r}: {self._tail()}")
        self.kill()

    def kill(self) -> None:
        """Ends the program if it still runs; may be called twice."""
        if self.pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            os.close(self.fd)
            self.pid = 0

    def _read(self, deadline: float) -> float | None:
        """Takes what was written and says when it came; None at the deadline or the end."""
        wait = max(0.0, deadline - time.perf_counter())
        if not select.select([self.fd], [], [], wait)[0]:
            return None
        at = time.perf_counter()
        try:
            data = os.read(self.fd, 1 << 16)
        except OSError:  # Linux says EIO when the program has closed its side
            return None
        self.output += data
        return at if data else None

    def _tail(self) -> str:
        text = ESCAPES.sub(b"", self.output).decode("utf-8", "replace")
        return " ".join(text.split())[-300:]


def clean_environment(folder: Path) -> dict[str, str]:
    """This process's variables without what steers terminals, and with `folder` as the home."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(FOREIGN)}
    return kept | homes(folder) | {"TERM": "xterm-256color", "LANG": "C.UTF-8"}


def homes(folder: Path) -> dict[str, str]:
    """The variables that keep programs off the user's own configuration and state."""
    names = ("CONFIG", "STATE", "DATA", "CACHE")
    return {"HOME": str(folder)} | {f"XDG_{name}_HOME": str(folder) for name in names}


def changed(before: list[list[Cell]], after: list[list[Cell]]) -> dict[int, list[str]]:
    """The stretches of text whose character or style differs, by row."""
    found: dict[int, list[str]] = {}
    for y, (old, new) in enumerate(zip(before, after, strict=True)):
        marked = "".join(b[0] if a != b else "\0" for a, b in zip(old, new, strict=True))
        if stretches := [part for part in marked.split("\0") if part.strip()]:
            found[y] = stretches
    return found


def _cell(char: pyte.screens.Char) -> Cell:
    return char.data, (char.fg, char.bg, char.bold, char.italics, char.underscore, char.reverse)


def _become(argv: list[str], folder: Path, env: Mapping[str, str]) -> None:
    """In the child: the window's size, then the program. Never returns."""
    try:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", HEIGHT, WIDTH, 0, 0))
        os.chdir(folder)
        os.execvpe(argv[0], argv, env)
    finally:
        os._exit(127)
