"""An orderly end: signals, a closed terminal, a terminal closed under nohup, a stop and its end.

Textual 8 leaves SIGTERM and SIGHUP to kill the process and, when SIGHUP is ignored and the terminal
is gone, spins for ever. Every decision is durable when the screen says so, therefore leaving at once
loses nothing; acts still on their way get a moment to arrive.
"""

import asyncio
import os
import select
import signal
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import wait
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from annotator.tui.app import BaseApp

LOOK_EVERY = 0.5
"""Seconds between looks whether the terminal is still there, where the system does not tell."""
GRACE = 0.8
"""Seconds that acts on their way to the disk may take when nobody sees the screen any more."""
PATIENCE = 1.5
"""Seconds an orderly end may take before the process leaves anyway."""
SOON = 0.005
"""Seconds between looks whether the last act has arrived, before the process is stopped."""

ENDING = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


class Life:
    """Watches what may end or stop the application from outside."""

    def __init__(self, app: "BaseApp") -> None:
        self._app = app
        self._stopping = False
        self._stopped = False

    def watch(self) -> None:
        """Begin to watch; called on the event loop."""
        if self._app.is_headless:
            return
        with suppress(NotImplementedError, RuntimeError, ValueError):
            self._handle_signals(asyncio.get_running_loop())
        threading.Thread(target=self._look, name="annotator-life", daemon=True).start()

    def _handle_signals(self, loop: asyncio.AbstractEventLoop) -> None:
        for number in ENDING:
            if signal.getsignal(number) != signal.SIG_IGN:
                loop.add_signal_handler(number, self._end, 128 + number)
        stop, resume = signal.getsignal(signal.SIGTSTP), signal.getsignal(signal.SIGCONT)
        if callable(stop) and callable(resume):  # Textual's own
            loop.add_signal_handler(signal.SIGTSTP, self._stop, stop)
            loop.add_signal_handler(signal.SIGCONT, self._continue, resume)

    # --- the end

    def _end(self, code: int) -> None:
        """End in order if the terminal lets us, soon in any case."""
        if not terminal_is_there():
            threading.Thread(target=self._leave, args=(code,), daemon=True).start()
            return
        last = threading.Timer(PATIENCE, os._exit, (code,))
        last.daemon = True
        last.start()
        self._app.exit(return_code=code)

    def _look(self) -> None:
        """A thread of its own: the event loop may be busy, or waiting for the lost terminal."""
        wait_for_hang_up()
        self._leave(128 + signal.SIGHUP)

    def _leave(self, code: int) -> None:
        """Leave without a screen once everything is saved, or time is up."""
        end = time.monotonic() + GRACE
        while self._unsaved and (left := end - time.monotonic()) > 0:
            saving = self._app.saver.saving
            wait([saving] if saving else [], left)
        os._exit(code)

    @property
    def _unsaved(self) -> bool:
        saving = self._app.saver.saving
        return saving is not None and not saving.done()

    # --- stopped and continued

    def _stop(self, stop: Callable[[int, Any], Any]) -> None:
        """Stop when no act is on its way: stopped inside a transaction, we would lock others out."""
        if not self._stopping:
            self._stopping = True
            self._stop_when_saved(stop, time.monotonic() + GRACE)

    def _stop_when_saved(self, stop: Callable[[int, Any], Any], end: float) -> None:
        if self._unsaved and time.monotonic() < end:
            asyncio.get_running_loop().call_later(SOON, self._stop_when_saved, stop, end)
            return
        self._stopping, self._stopped = False, True
        stop(signal.SIGTSTP, None)  # gives the terminal back and stops here

    def _continue(self, resume: Callable[[int, Any], Any]) -> None:
        """Take the terminal again, also after a SIGSTOP that nobody could prepare for."""
        driver = self._app._driver
        if driver is None:
            return
        if not self._stopped:
            driver.suspend_application_mode()
        self._stopped = False
        resume(signal.SIGCONT, None)
        self._app.refresh(layout=True)


def wait_for_hang_up() -> None:
    """Return when the terminal is gone."""
    watched = select.poll()
    watched.register(sys.__stdin__.fileno() if sys.__stdin__ else 0, 0)
    while terminal_is_there():
        events = watched.poll(LOOK_EVERY * 1000)
        if any(event & (select.POLLHUP | select.POLLERR) for _, event in events):
            return
        if events:  # a system that cannot poll terminals answers at once
            time.sleep(LOOK_EVERY)


def terminal_is_there() -> bool:
    """Whether standard input still is a terminal that somebody holds the other end of."""
    try:
        stdin = sys.__stdin__.fileno() if sys.__stdin__ else 0
        return os.isatty(stdin) and bool(os.ttyname(stdin))
    except OSError:
        return False
