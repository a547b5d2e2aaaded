"""Everything the command line prints: one door, so that no foreign text acts on the terminal."""

import sys
from collections.abc import Iterable, Sequence
from typing import IO, Any

NAME = "annotator"


def safe(text: str) -> str:
    """Text as it may be printed: nothing in it that acts or hides, all in one line."""
    if text.isascii() and text.isprintable():
        return text
    from annotator.text.visible import visible

    return visible(text)


def say(text: str = "", err: bool = False) -> None:
    """Print a line, on standard output or beside it."""
    print(safe(text), file=sys.stderr if err else sys.stdout)


def complain(message: str) -> None:
    """Print what went wrong on standard error; several faults have a line each."""
    sys.stdout.flush()
    for line in message.splitlines():
        say(f"{NAME}: {line}", err=True)


def print_json(value: Any) -> None:
    """Print a value as JSON, in ASCII, so that nothing in it can act on a terminal."""
    import json

    print(json.dumps(value, indent=2))


def table(
    title: str, columns: Sequence[str], rows: Iterable[Sequence[object]], err: bool = False
) -> None:
    """Print a table; a column whose name ends in `>` is set to the right.

    On a terminal it fits the width; elsewhere no cell is cut or folded.
    """
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    stream: IO[str] = sys.stderr if err else sys.stdout
    made = Table(title=Text(safe(title), style="bold"), title_justify="left", box=_box())
    for column in columns:
        justify: Any = "right" if column.endswith(">") else "left"
        made.add_column(Text(column.rstrip(">")), justify=justify, overflow="fold")
    for row in rows:
        made.add_row(*(Text(safe(str(cell))) for cell in row))
    width = None if stream.isatty() else 10_000
    Console(file=stream, width=width, markup=False, highlight=False, emoji=False).print(made)


def _box() -> Any:
    from rich.box import SIMPLE

    return SIMPLE


def number(value: int) -> str:
    """A count with its thousands apart."""
    return f"{value:,}"


def counted(count: int, thing: str) -> str:
    """A number of things in words: 1 article, 2,000 articles."""
    return f"{number(count)} {thing}{'' if count == 1 else 's'}"


def duration(seconds: float) -> str:
    """A duration for people: 0.4 s, 12 s, 3:20 min, 2:05:00 h."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes}:{rest:02} min"
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02} h"
