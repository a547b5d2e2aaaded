"""Asking the terminal itself: its device attributes, and whether it speaks kitty's key protocol."""

import os
import re
import select
import termios
import time
import tty
from dataclasses import dataclass

QUESTION = b"\x1b[?u\x1b[c"
"""Kitty's flags, then device attributes: every terminal answers the second, so nobody waits long."""
SECONDS = 0.5
"""How long an answer may take; over a slow line it may come later and is then not seen."""

_FLAGS = re.compile(rb"\x1b\[\?(\d+)u")
_DEVICE = re.compile(rb"\x1b\[\?([\d;]*)c")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the terminal said."""

    device: str | None = None
    """Its device attributes, numbers between semicolons; None when it did not answer."""
    kitty: int | None = None
    """The flags of kitty's protocol in force (0 = it is spoken, but off); None when it is not."""


def ask(read: int, write: int, seconds: float = SECONDS) -> Answer:
    """Ask the terminal behind two descriptors; it is left as it was."""
    try:
        before = termios.tcgetattr(read)
    except termios.error:
        return Answer()
    try:
        tty.setcbreak(read, termios.TCSANOW)
        os.write(write, QUESTION)
        return _parsed(_answer(read, seconds))
    except OSError:
        return Answer()
    finally:
        termios.tcsetattr(read, termios.TCSANOW, before)


def _answer(read: int, seconds: float) -> bytes:
    """What comes back until the device attributes or the end of patience."""
    found, end = b"", time.monotonic() + seconds
    while not _DEVICE.search(found):
        left = end - time.monotonic()
        if left <= 0 or not select.select([read], [], [], left)[0]:
            break
        data = os.read(read, 256)
        if not data:
            break
        found += data
    return found


def _parsed(found: bytes) -> Answer:
    device, flags = _DEVICE.search(found), _FLAGS.search(found)
    return Answer(device[1].decode() if device else None, int(flags[1]) if flags else None)
