"""From the arguments to a command: what `annotator` does first, with as few imports as can be."""

import os
import sys

from annotator.cli.table import COMMANDS, Command, overview

ADDRESSES = ("postgresql://", "postgres://")
"""How the address of a project on a server begins (`store.address.SCHEMES`, which need not be loaded)."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Sequence


def main(argv: "Sequence[str]") -> int:
    """Run a command line (without the program's name) and give its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # no character may fail to print
            stream.reconfigure(errors="backslashreplace")
    from annotator.cli.failing import guarded

    return guarded(lambda: _dispatch(list(argv)))


def _dispatch(argv: list[str]) -> int:
    first = argv[0] if argv else ""
    if first in ("", "-h", "--help", "help"):
        if first == "help" and len(argv) > 1:
            return _run([argv[1], "--help"])
        sys.stdout.write(overview())
        return 0 if first else 2
    if first == "--version":
        from annotator import __version__

        sys.stdout.write(f"annotator {__version__}\n")
        return 0
    return _run(argv)


def _run(argv: list[str]) -> int:
    """Run the command, which may be left out before a project's path."""
    if argv[0] not in COMMANDS:
        if not _is_path(argv[0]):
            from annotator.model.errors import AnnotatorError

            raise AnnotatorError(_unknown(argv[0]))
        if len(argv) > 1 and argv[1] in COMMANDS:
            from shlex import join

            from annotator.model.errors import AnnotatorError

            swapped = join([argv[1], argv[0], *argv[2:]])
            raise AnnotatorError(f"The command comes first: annotator {swapped}")
        argv = ["open", *argv]
    command = COMMANDS[argv[0]]
    from annotator.cli.parser import parser

    args = parser(command).parse_args(argv[1:])
    if command.name != "serve":  # which settles it for each of its people
        _settle(args)
    return _function(command)(args)


def _settle(args: "Namespace") -> None:
    """Who one is where the project itself tells: on a server, and in a copy made for one person."""
    project = str(getattr(args, "project", None) or "")
    if project.startswith(ADDRESSES):
        from annotator.cli import connecting

        connecting.prepare(args)
    elif getattr(args, "actor", "") is None and os.path.isfile(project):
        from pathlib import Path

        from annotator.store.opening import handed_to

        args.actor = handed_to(Path(project)) or None


def _is_path(word: str) -> bool:
    """Whether a first word is no command but a project's path, or an option before it."""
    begins = word.startswith(("-", "postgresql", "postgres:"))  # also an address that is mistyped
    return begins or "://" in word or word.endswith(".db") or os.path.lexists(word)


def _unknown(word: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(word, COMMANDS, 1)
    hint = f"did you mean {near[0]}?" if near else "see annotator --help."
    return f"There is no command or project {word!r}; {hint}"


def _function(command: Command) -> "Callable[[Namespace], int]":
    """The function that runs a command, imported now."""
    from importlib import import_module

    module, _, name = command.runs.partition(":")
    function: Callable[[Namespace], int] = getattr(import_module(module), name)
    return function
