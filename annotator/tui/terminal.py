"""The terminal's driver: a key is dealt with where it is read, and painted before the next is read.

Textual reads keys in a thread, hands each through three message queues and paints at the next frame;
that takes longer than everything the desk does. Here the event loop reads, and the article screen
gets its keys at once. A paste is kept together whatever it holds: an escape inside it would make
Textual's parser read the rest as key presses.
"""

import asyncio
import os
from codecs import getincrementaldecoder
from collections.abc import Iterable, Iterator
from typing import Protocol, cast

from textual import events
from textual._xterm_parser import XTermParser
from textual.constants import ESCAPE_DELAY
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

CHUNK = 4096
PASTE_BEGIN, PASTE_END = "\x1b[200~", "\x1b[201~"
SEQUENCE = 3
"""From so many characters on the beginning of PASTE_BEGIN is no key of its own."""
SOON = 0.005
"""Seconds after the parser's time is up at which it is asked."""


class KeyTaker(Protocol):
    """An app that may deal with keys at once."""

    def take(self, key: events.Key) -> bool:
        """Deal with a key; False when it has to wait its turn in the app's queue."""
        ...


class Pastes:
    """Parts pasted text from keys, however the terminal cuts its bytes."""

    def __init__(self) -> None:
        self._pasted: list[str] | None = None
        self._held = ""

    def feed(self, data: str) -> Iterator[tuple[bool, str]]:
        """Stretches as (whether pasted, text) in their order; an unfinished mark is held back."""
        data, self._held = self._held + data, ""
        while data:
            mark, least = (PASTE_BEGIN, SEQUENCE) if self._pasted is None else (PASTE_END, 1)
            before, found, data = data.partition(mark)
            if not found:
                kept = _beginning(before, mark, least)
                before, self._held = before[: len(before) - kept], before[len(before) - kept :]
            if self._pasted is not None:
                self._pasted.append(before)
                if found:
                    yield True, "".join(self._pasted)
                    self._pasted = None
            else:
                if before:
                    yield False, before
                if found:
                    self._pasted = []


def _beginning(text: str, mark: str, least: int) -> int:
    """How many characters (none below `least`) at the text's end may be the beginning of a mark."""
    sizes = range(len(mark) - 1, least - 1, -1)
    return next((size for size in sizes if text.endswith(mark[:size])), 0)


class DirectDriver(LinuxDriver):
    """Textual's driver without its thread for keys."""

    def start_application_mode(self) -> None:
        """Take the terminal and begin to read from it."""
        super().start_application_mode()  # type: ignore[no-untyped-call]  # Textual leaves it bare
        self._parser = XTermParser(self._debug)
        self._pastes = Pastes()
        self._decode = getincrementaldecoder("utf-8")("replace").decode
        asyncio.get_running_loop().add_reader(self.fileno, self._read)

    def disable_input(self) -> None:
        """Read no more."""
        self._stop_reading()
        super().disable_input()

    def run_input_thread(self) -> None:
        """Nothing: the event loop reads."""

    def send_message(self, message: Message) -> None:
        """Give a key to the app at once if it takes it, else in its turn."""
        if not (isinstance(message, events.Key) and cast("KeyTaker", self._app).take(message)):
            self._app.post_message(message)

    def _stop_reading(self) -> None:
        self._loop.remove_reader(self.fileno)

    def _read(self) -> None:
        """The terminal has sent something (or is gone, which `life` watches)."""
        try:
            data = os.read(self.fileno, CHUNK)
        except OSError:
            data = b""
        if not data:
            self._stop_reading()
            return
        for pasted, text in self._pastes.feed(self._decode(data)):
            if pasted:
                self._dispatch([events.Paste(text.replace("\x00", ""))])
            else:
                self._dispatch(self._parser.feed(text))
        if self._parser._timeout_time is not None:
            self._loop.call_later(ESCAPE_DELAY + SOON, self._tick)

    def _tick(self) -> None:
        """An escape that nothing followed is the key itself."""
        self._dispatch(self._parser.tick())

    def _dispatch(self, messages: Iterable[Message]) -> None:
        try:
            for message in messages:
                self.process_message(message)
        except Exception as error:
            self._app._handle_exception(error)
