"""The terminal: what it can show, and what it says about itself."""

import os
import sys

from annotator.cli.checkup import asking
from annotator.cli.checkup.facts import ENVIRONMENT, SYSTEM, Section

SMALLEST = (80, 24)
"""Columns and rows the interface is made for at least."""


def look(mouse: bool = True) -> Section:
    """What the terminal can do."""
    section = Section("Terminal")
    env = os.environ
    here = all(stream and stream.isatty() for stream in (sys.__stdin__, sys.__stdout__))
    section.fact("is a terminal", here)
    for name in ("TERM", "COLORTERM", "NO_COLOR"):
        section.fact(name, env.get(name, ""), ENVIRONMENT if name in env else SYSTEM)
    section.fact("colours", colours(dict(env)))
    section.fact("multiplexer", multiplexer())
    section.fact("over SSH", "SSH_CONNECTION" in env)
    section.fact("mouse", mouse and env.get("TERM", "") not in ("", "dumb", "linux"))
    _text(section)
    if here:
        _here(section)
    return section


def colours(env: dict[str, str]) -> str:
    """How many colours will be shown, as the environment says."""
    term = env.get("TERM", "")
    if "NO_COLOR" in env or term in ("", "dumb"):
        return "none"
    if env.get("COLORTERM", "") in ("truecolor", "24bit"):
        return "16 million"
    return "256" if "256color" in term else "16"


def multiplexer() -> str:
    """What stands between the program and the terminal."""
    if os.environ.get("TMUX"):
        return "tmux"
    return "screen" if os.environ.get("STY") else "none"


def _text(section: Section) -> None:
    """Letters beyond ASCII need UTF-8."""
    encoding = (sys.stdout.encoding or "").lower()
    section.fact("encoding", encoding)
    locale = next((os.environ[x] for x in ("LC_ALL", "LC_CTYPE", "LANG") if os.environ.get(x)), "")
    section.fact("locale", locale, ENVIRONMENT if locale else SYSTEM)
    if encoding.replace("-", "") != "utf8":
        section.troubles.append(
            f"Output is in {encoding or 'no encoding'}, which lacks most letters: "
            "set LANG=C.UTF-8 (or your language's UTF-8 locale)."
        )


def _here(section: Section) -> None:
    """What only the terminal itself knows."""
    if os.environ.get("TERM", "") in ("", "dumb"):
        section.troubles.append(
            "This terminal cannot draw (TERM is not set or dumb): set TERM=xterm for the interface."
        )
        return
    columns, rows = os.get_terminal_size(sys.__stdout__.fileno() if sys.__stdout__ else 1)
    section.fact("size", f"{columns} by {rows}" if columns else "not told")
    if columns and (columns < SMALLEST[0] or rows < SMALLEST[1]):
        section.notes.append(
            f"The window is smaller than {SMALLEST[0]} by {SMALLEST[1]}: not everything will fit."
        )
    assert sys.__stdin__ is not None
    assert sys.__stdout__ is not None
    answer = asking.ask(sys.__stdin__.fileno(), sys.__stdout__.fileno())
    section.fact("device attributes", answer.device or "no answer")
    spoken = "not told" if answer.device is None else "no" if answer.kitty is None else "yes"
    section.fact("kitty key protocol", spoken)
