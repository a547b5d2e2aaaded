"""A program under test: how to start it, which keys do the common job, how to prove they did."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
RIGHT, LEFT, DOWN, UP = b"\x1b[C", b"\x1b[D", b"\x1b[B", b"\x1b[A"


def nothing_saved() -> list[str] | None:
    """What a program that saves nothing has to show."""
    return None


@dataclass(frozen=True, slots=True)
class Program:
    """One program on one text."""

    name: str
    argv: list[str]
    right: bytes = RIGHT
    down: bytes = DOWN
    up: bytes = UP
    before_label: bytes = b""
    """A key the label needs first; pressed, but not timed."""
    label: bytes = b"p"
    quit: bytes = b"\x11"
    opening: tuple[bytes, ...] = ()
    """Keys pressed once after the start."""
    by_line: bool = False
    """Whether `down` goes by the file's lines, so that a text of one line has no down."""
    saved: Callable[[], list[str] | None] = field(default=nothing_saved)
    """The words labelled by the run, read from what is on disk after the end; None: nothing is."""


def python(script: str, *args: str | Path) -> list[str]:
    """The command that runs one of this folder's scripts."""
    return [sys.executable, "-P", str(HERE / script), *map(str, args)]


def bare_view(text: Path, marks_file: Path) -> Program:
    """The bare Textual view of `baseline.py`."""
    return Program("bare Textual view", python("baseline.py", text, marks_file))


def empty_app(word: str) -> Program:
    """The Textual app that paints one word."""
    return Program("empty Textual app", python("baseline_empty.py", word))
