"""Argument parsers made from the command table."""

import argparse
from typing import Any, NoReturn

from annotator.cli.table import Command


class Parser(argparse.ArgumentParser):
    """A parser whose complaints are one line, safe to show."""

    def error(self, message: str) -> NoReturn:
        """Leave with 2, saying what is wrong and where the help is."""
        from annotator.cli.out import complain

        complain(f"{message}; see {self.prog} --help")
        self.exit(2)


def parser(command: Command) -> Parser:
    """The parser of a command; options cannot be shortened, so that scripts stay true."""
    text = command.text if isinstance(command.text, str) else command.text()
    made = Parser(
        prog=f"annotator {command.name}",
        description="\n\n".join(filter(None, (f"{_sentence(command.summary)}", text))),
        epilog="Examples:\n" + "".join(f"  {line}\n" for line in command.examples),
        formatter_class=_Help,
        allow_abbrev=False,
    )
    command.arguments(made)
    return made


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}."


class _Help(argparse.RawDescriptionHelpFormatter):
    """Texts as they are written, and room for the names of options."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"max_help_position": 28, **options})
