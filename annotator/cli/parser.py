"""Argument parsers made from the command table."""

import argparse
import re
import textwrap
from typing import Any, NoReturn

from annotator.cli.table import Command

_WIDEST = 100
"""Columns of a paragraph at most."""


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
    """Paragraphs as wide as the terminal, indented lines as written, room for the names of options."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"max_help_position": 28, **options})

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        """As the base class asks."""
        wide = min(width, _WIDEST)
        return "\n\n".join(
            textwrap.indent(_laid_out(part, wide), indent) for part in text.split("\n\n")
        )


def _laid_out(part: str, width: int) -> str:
    """A paragraph filled anew; of one with indented lines only its lists, as examples are to be pasted."""
    if "\n " in f"\n{part}":
        return "\n".join(_listed(line, width) for line in part.split("\n"))
    return _filled(part, width)


def _listed(line: str, width: int) -> str:
    """The line of a name and what it means, which goes on under its beginning; others as they are."""
    found = re.match(r"  \S+ {2,}", line)
    return _filled(line, width, " " * found.end()) if found else line


def _filled(words: str, width: int, then: str = "") -> str:
    return textwrap.fill(
        words, width, subsequent_indent=then, break_on_hyphens=False, break_long_words=False
    )
