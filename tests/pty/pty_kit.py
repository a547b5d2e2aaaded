"""The command in a real pseudo-terminal: keys in, painted frames out.

Textual draws on standard error, so all three streams are the terminal. The terminal says that it
knows synchronised output; each frame then comes between two marks, and what is on screen is only
judged between frames, as a person would see it.
"""

import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import psutil
import pyte

from annotator.model.article import Article
from annotator.model.scheme_file import preset
from annotator.store.project import Project

DEADLINE = 30.0
"""Seconds until a wait is given up; far above what a slow machine needs."""
SAVED = "✓ saved"
LONG = os.environ.get("ANNOTATOR_LONG") == "1"
"""Whether the full counts were asked for (make test-long)."""

_FRAME_BEGIN, _FRAME_END = b"\x1b[?2026h", b"\x1b[?2026l"
_FRAME_QUERY = b"\x1b[?2026$p"
_FRAME_KNOWN = b"\x1b[?2026;2$y"
_MODE = re.compile(rb"\x1b\[\?([0-9;]+)([hl])")
_UNKNOWN_TO_PYTE = re.compile(rb"\x1b\[[<>=][0-9;]*u|\x1b\]22;[a-z]*\x07")
"""The kitty keyboard protocol, and the mouse's shape, which pyte takes for a title."""

_LAUNCH = """
import fcntl, os, signal, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
if sys.argv[1] == "nohup":
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
os.execvp(sys.argv[2], sys.argv[2:])
"""


def annotator(*words: str) -> list[str]:
    """The command line of our command."""
    return [sys.executable, "-m", "annotator", *words]


def environment(home: Path, **more: str) -> dict[str, str]:
    """What the command sees: a home, state and configuration of its own; "" takes a name away.

    Where no configuration was written there, learnt suggestions are off: a process less for each test.
    """
    settings = home / "annotator.toml"
    if not settings.exists() and home.is_dir():
        settings.write_text("suggest = false\n")
    kept = {
        k: v for k, v in os.environ.items() if not k.startswith(("TEXTUAL", "ANNOTATOR", "TMUX"))
    }
    for name in ("NO_COLOR", "COLORTERM", "TERM_PROGRAM", "COLUMNS", "LINES", "FORCE_COLOR"):
        kept.pop(name, None)
    kept |= {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_STATE_HOME": str(home / "state"),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_CACHE_HOME": str(home / "cache"),
        "ANNOTATOR_CONFIG": str(home / "annotator.toml"),
        "TERM": "xterm-256color",
        "LANG": "C.UTF-8",
        **more,
    }
    return {name: value for name, value in kept.items() if value}


def make_project(
    path: Path, articles: Iterable[Article], scheme: str = "news", actor: str = "iva"
) -> Path:
    """A project with these articles."""
    with Project.create(path, preset(scheme), actor) as project:
        refused = [outcome for outcome in project.add(articles) if outcome.result == "refused"]
        while project.index_words():
            pass
    assert not refused
    return path


class Terminal:
    """A command running in a pseudo-terminal, and the screen it paints."""

    def __init__(
        self,
        command: list[str],
        home: Path,
        columns: int = 100,
        rows: int = 30,
        nohup: bool = False,
        frames: bool = True,
        **env: str,
    ) -> None:
        """`nohup` starts it with SIGHUP ignored; without `frames` the terminal is an older one."""
        self.raw = bytearray()
        """Every byte the command wrote."""
        self.screen = pyte.Screen(columns, rows)
        self.gone = False
        """Whether the command has closed the terminal."""
        self._stream = pyte.ByteStream(self.screen)
        self._fed = 0
        self._lines: list[str] | None = None
        self._frames = frames
        self._asked = 0
        self.master, slave = os.openpty()
        resize(self.master, columns, rows)
        self.before = termios.tcgetattr(slave)
        """The terminal's settings before the command."""
        launcher = [sys.executable, "-ISc", _LAUNCH, "nohup" if nohup else ""]
        self.process = subprocess.Popen(
            [*launcher, *command],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=environment(home, **env),
            cwd=home,
            start_new_session=True,
        )
        self.slave = slave
        os.set_blocking(self.master, False)

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- keys in

    def send(self, keys: str | bytes) -> None:
        """Type keys: text, or the bytes a terminal sends for them."""
        data = keys.encode() if isinstance(keys, str) else keys
        while data:
            try:
                data = data[os.write(self.master, data) :]
            except BlockingIOError:
                self.read(0.05)

    def resize(self, columns: int, rows: int) -> None:
        """Make the window another size."""
        self.screen.resize(rows, columns)
        self._lines = None
        resize(self.master, columns, rows)

    # --- frames out

    def read(self, seconds: float) -> bool:
        """Read what there is, waiting for it so long; whether there was something."""
        if self.gone or not select.select([self.master], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self.master, 1 << 16)
        except BlockingIOError:
            return False
        except OSError:  # EIO: nobody has the other end any more
            data = b""
        if not data:
            self.gone = True
            self._feed(len(self.raw))
            return False
        self.raw += data
        self._answer()
        self._feed(self._whole())
        return True

    def _answer(self) -> None:
        """Say that frames are understood, as many terminals do."""
        found = self.raw.count(_FRAME_QUERY)
        if self._frames and found > self._asked:
            self._asked = found
            self.send(_FRAME_KNOWN)

    def _whole(self) -> int:
        """How much of the output may be shown: none of a frame before its end has come."""
        begun = self.raw.rfind(_FRAME_BEGIN)
        ended = self.raw.rfind(_FRAME_END)
        return begun if begun > ended else len(self.raw)

    def _feed(self, end: int) -> None:
        if end > self._fed:
            self._stream.feed(_UNKNOWN_TO_PYTE.sub(b"", bytes(self.raw[self._fed : end])))
            self._fed = end
            self._lines = None

    def wipe(self) -> None:
        """Empty the screen, to see what is painted from now on."""
        self.screen.reset()
        self._lines = None

    @property
    def lines(self) -> list[str]:
        """The screen's rows, put together once for what has come so far."""
        if self._lines is None:
            self._lines = list(self.screen.display)
        return list(self._lines)

    @property
    def text(self) -> str:
        """The screen."""
        return "\n".join(self.lines)

    def wait(self, *wanted: str, without: str = "", seconds: float = DEADLINE) -> str:
        """Wait until all these stand on the screen (and `without` does not); the screen."""
        what = f"{wanted!r}" + (f" without {without!r}" if without else "")

        def there() -> bool:
            shown = self.text
            return all(w in shown for w in wanted) and not (without and without in shown)

        self.wait_until(there, what, seconds)
        return self.text

    def wait_until(
        self, ready: Callable[[], bool], what: str = "", seconds: float = DEADLINE
    ) -> None:
        """Wait until a condition on the screen holds."""
        end = time.monotonic() + seconds
        while not ready():
            if self.gone or time.monotonic() > end:
                how = "the command ended" if self.gone else f"not within {seconds} s"
                raise AssertionError(f"{what or ready}: {how}; the screen:\n{self.text}")
            self.read(0.1)

    def wait_raw(self, wanted: bytes, after: int = 0, seconds: float = DEADLINE) -> None:
        """Wait until these bytes came out, at or after a place in `raw`."""
        self.wait_until(lambda: self.raw.find(wanted, after) >= 0, repr(wanted), seconds)

    def settle(self, quiet: float = 0.3) -> None:
        """Read until nothing more comes for a moment; only to prove that something does not."""
        while self.read(quiet):
            pass

    # --- the process

    @property
    def pid(self) -> int:
        """The command's process."""
        return self.process.pid

    def signal(self, number: int) -> None:
        """Send the command a signal."""
        os.kill(self.pid, number)

    def ended(self, seconds: float = DEADLINE) -> int:
        """Wait for the command's end, reading on; its exit code, negative for a signal."""
        end = time.monotonic() + seconds
        while (code := self.process.poll()) is None:
            if time.monotonic() > end:
                raise AssertionError(f"still running after {seconds} s; the screen:\n{self.text}")
            self.read(0.02)
        while self.read(0):
            pass
        self._feed(len(self.raw))
        return code

    def stopped(self, seconds: float = DEADLINE) -> None:
        """Wait until the command is stopped, as a shell would see it."""
        process = psutil.Process(self.pid)
        self.wait_until(lambda: process.status() == psutil.STATUS_STOPPED, "stopped", seconds)
        while self.read(0):
            pass

    def hang_up(self) -> None:
        """Close the window: the terminal is gone."""
        os.close(self.slave)
        os.close(self.master)
        self.slave = self.master = -1
        self.gone = True

    def modes(self) -> set[int]:
        """The terminal modes that are set now, of those the command ever touched."""
        on: set[int] = set()
        for match in _MODE.finditer(bytes(self.raw)):
            numbers = {int(n) for n in match[1].split(b";")}
            on = on | numbers if match[2] == b"h" else on - numbers
        return on

    def settings(self) -> list[object]:
        """The terminal's settings now, to compare with `before`."""
        return list(termios.tcgetattr(self.slave))

    def close(self) -> None:
        """End the command if it has not ended, and give everything back."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        for fd in (self.master, self.slave):
            if fd >= 0:
                os.close(fd)
        self.master = self.slave = -1


def resize(fd: int, columns: int, rows: int) -> None:
    """Set a terminal's size."""
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


ALTERNATE_SCREEN, CURSOR, FOCUS, PASTE = 1049, 25, 1004, 2004
MOUSE = {1000, 1003, 1006, 1015, 1016}


def assert_restored(terminal: Terminal) -> None:
    """The terminal is as it was: own screen, cursor, no mouse or other reports, its settings."""
    modes = terminal.modes()
    assert ALTERNATE_SCREEN not in modes
    assert CURSOR in modes
    assert not modes & (MOUSE | {FOCUS, PASTE})
    assert terminal.settings() == terminal.before
