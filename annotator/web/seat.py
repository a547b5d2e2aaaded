"""One person's process at a pseudo-terminal, whose other end is the browser's tab.

The command is a list of words and never passes a shell. In the terminal it is what it is in any other:
it draws, is told the window's size, and ends in order by SIGTERM, or by itself when the terminal is
gone because the server was killed.
"""

import asyncio
import fcntl
import os
import signal
import struct
import sys
import termios
from asyncio.subprocess import Process
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import NamedTuple, Self, cast

CHUNK = 1 << 16
"""Bytes that are read at once, and after which reading waits for the tab."""
MOST_WAITING = 1 << 20
"""Bytes of keys that may wait for the process; one that lets more pile up hangs."""
PATIENCE = 4.0
"""Seconds an orderly end may take; annotator itself leaves after two."""
ORDERLY = (0, 128 + signal.SIGTERM, -signal.SIGTERM)
"""Exit codes of a process that left with everything saved; the last of one that had not begun."""

# Makes the pseudo-terminal the process's own: a hang-up and a new size reach only its owner.
_LAUNCH = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""

PASSED = ("PATH", "HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "TZ", "TMPDIR", "VIRTUAL_ENV")
PASSED_PREFIXES = ("LC_", "XDG_", "PYTHON", "ANNOTATOR_", "PG", "SSL_", "COVERAGE_")


class Size(NamedTuple):
    """A window's size in cells."""

    columns: int
    rows: int

    @classmethod
    def fit(cls, columns: object, rows: object) -> "Size":
        """What a browser says, within reason; anything that is no whole number is the usual size."""
        return cls(_within(columns, 80, 20, 500), _within(rows, 24, 5, 300))


def _within(value: object, usual: int, least: int, most: int) -> int:
    whole = value if isinstance(value, int) and not isinstance(value, bool) else usual
    return min(max(whole, least), most)


def environment(config: str = "") -> dict[str, str]:
    """What the process sees: nothing that is about the terminal in which the server was started.

    Args:
        config: The person's configuration file; "" leaves it to the server's.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in PASSED or name.startswith(PASSED_PREFIXES)
    }
    named = {"ANNOTATOR_CONFIG": config} if config else {}
    return {**kept, **named, "TERM": "xterm-256color", "COLORTERM": "truecolor"}


class _Drawn(asyncio.Protocol):
    """What came from the terminal and is not fetched yet.

    asyncio's own reader forgets what it holds when the terminal is closed, for Linux reports that as
    an error: the last words of a program that fails would be lost.
    """

    def __init__(self) -> None:
        self._held = bytearray()
        self._news = asyncio.Event()
        self._over = False
        self._transport: asyncio.ReadTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.ReadTransport", transport)

    def data_received(self, data: bytes) -> None:
        self._held += data
        self._news.set()
        if len(self._held) >= CHUNK and self._transport is not None:
            self._transport.pause_reading()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  # asyncio's word
        self._over = True
        self._news.set()

    async def take(self) -> bytes:
        """All there is, waiting for some; b"" at the end."""
        await self._news.wait()
        data = bytes(self._held)
        self._held.clear()
        if not self._over:
            self._news.clear()
            if self._transport is not None:
                self._transport.resume_reading()
        return data


class Seat:
    """A running process, its keys and what it draws."""

    def __init__(
        self,
        process: Process,
        terminal: int,
        drawn: _Drawn,
        pictures: asyncio.ReadTransport,
        keys: asyncio.WriteTransport,
    ) -> None:
        self.process = process
        self._terminal = terminal
        self._drawn = drawn
        self._pictures = pictures
        self._keys = keys
        self._ending: asyncio.Task[int] | None = None

    @classmethod
    async def begin(
        cls, command: Sequence[str], size: Size, env: Mapping[str, str] | None = None
    ) -> Self:
        """Start a command (its first word is a path) at a terminal of this size; raises OSError."""
        terminal, slave = os.openpty()
        try:
            _resize(terminal, size)
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-ISc", _LAUNCH, *command),
                stdin=slave,
                stdout=slave,
                stderr=slave,
                start_new_session=True,
                env=environment() if env is None else env,
            )
        except BaseException:
            os.close(terminal)
            raise
        finally:
            os.close(slave)
        loop = asyncio.get_running_loop()
        pictures, drawn = await loop.connect_read_pipe(_Drawn, os.fdopen(os.dup(terminal), "rb", 0))
        keys, _ = await loop.connect_write_pipe(
            asyncio.BaseProtocol, os.fdopen(os.dup(terminal), "wb", 0)
        )
        return cls(process, terminal, drawn, pictures, keys)

    async def read(self) -> bytes:
        """What it draws next; b"" when it has closed the terminal."""
        return await self._drawn.take()

    def write(self, keys: bytes) -> bool:
        """Pass keys on; False when the process reads none any more."""
        if self._keys.get_write_buffer_size() > MOST_WAITING:
            return False
        if not self._keys.is_closing():
            self._keys.write(keys)
        return True

    def resize(self, size: Size) -> None:
        """The window has another size."""
        with suppress(OSError):
            _resize(self._terminal, size)

    async def end(self) -> int:
        """End it in order, by force if that takes long; its exit code. May be called again."""
        if self._ending is None:
            self._ending = asyncio.create_task(self._end())
        return await asyncio.shield(self._ending)

    async def _end(self) -> int:
        with suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGTERM)
        return await self.wait()

    async def wait(self) -> int:
        """Wait for its end after it was asked to, or has closed the terminal; its exit code."""
        try:
            async with asyncio.timeout(PATIENCE):
                await self.process.wait()
        except TimeoutError:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
        return await self.process.wait()

    def close(self) -> None:
        """Let go of the terminal; a second call does nothing."""
        self._pictures.close()
        self._keys.abort()
        terminal, self._terminal = self._terminal, -1
        if terminal >= 0:
            os.close(terminal)


def _resize(terminal: int, size: Size) -> None:
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", size.rows, size.columns, 0, 0))
