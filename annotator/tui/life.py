"""An orderly end: signals, a closed terminal, a terminal closed under nohup.

Textual 8 leaves SIGTERM and SIGHUP to kill the process and, when SIGHUP is ignored and the terminal
is gone, spins for ever. Every decision is durable when it is made, so leaving at once loses nothing.
"""

import asyncio
import os
import signal
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.app import App

LOOK_EVERY = 0.5
"""Seconds between looks whether the terminal is still there."""
PATIENCE = 1.0
"""Seconds an orderly end may take before the process leaves anyway."""


class Life:
    """Watches what may end the application from outside."""

    def __init__(self, app: "App[None]") -> None:
        self._app = app

    def watch(self) -> None:
        """Begin to watch; called on the event loop."""
        if self._app.is_headless:
            return
        loop = asyncio.get_running_loop()
        with suppress(NotImplementedError, RuntimeError, ValueError):
            loop.add_signal_handler(signal.SIGTERM, self._end, 128 + signal.SIGTERM)
            if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
                loop.add_signal_handler(signal.SIGHUP, self._end, 128 + signal.SIGHUP)
        self._app.set_interval(LOOK_EVERY, self._look)

    def _look(self) -> None:
        if not terminal_is_there():
            os._exit(128 + signal.SIGHUP)

    def _end(self, code: int) -> None:
        """End in order if the terminal lets us, at once if it is gone, soon in any case."""
        if not terminal_is_there():
            os._exit(code)
        asyncio.get_running_loop().call_later(PATIENCE, os._exit, code)
        self._app.exit(return_code=code)


def terminal_is_there() -> bool:
    """Whether standard input still is a terminal that somebody holds the other end of."""
    try:
        return os.isatty(sys.__stdin__.fileno() if sys.__stdin__ else 0) and bool(
            os.ttyname(sys.__stdin__.fileno() if sys.__stdin__ else 0)
        )
    except OSError:
        return False
