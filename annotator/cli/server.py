"""`annotator server`: the words of a PostgreSQL of one's own and of the projects on a server."""

from annotator.cli import (
    server_add,
    server_backup,
    server_init,
    server_password,
    server_people,
    server_remove,
    server_start,
    server_status,
    server_stop,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from typing import Protocol

    class Word(Protocol):
        """What a word's module holds; it imports what it needs only when it runs."""

        HELP: str
        """One line, without a full stop."""
        TEXT: str
        """What its help says beside, in sentences."""

        def arguments(self, parser: ArgumentParser) -> None:
            """Add the word's arguments to its parser."""

        def run(self, args: Namespace) -> int:
            """Do it; the exit code."""


TEXT = """\
A project may be kept on a PostgreSQL server, where a team works on it from several machines; its
address, postgresql://NAME@HOST/PROJECT, then stands wherever a project's file does. These words run
such a server from an ordinary account, for a team without an administrator, and set up its projects.
docs/server.md tells the rest."""

EXAMPLES = (
    "annotator server start --data news-server",
    "annotator server status --data news-server",
    "annotator server stop --data news-server",
    "annotator server init 'postgresql://postgres@/news?host=/home/iva/news-server'",
    "annotator server add postgresql://vera@db.example.org/news boris --password-file boris.pgpass",
    "annotator server people postgresql://vera@db.example.org/news",
    "annotator server backup postgresql://vera@db.example.org/news news-monday.db",
)

WORDS: "dict[str, Word]" = {
    "start": server_start,
    "stop": server_stop,
    "status": server_status,
    "init": server_init,
    "add": server_add,
    "remove": server_remove,
    "password": server_password,
    "people": server_people,
    "backup": server_backup,
}
"""Each word with its module; this line is all that a new word needs."""


def arguments(parser: "ArgumentParser") -> None:
    """Arguments of `server`."""
    words = parser.add_subparsers(dest="word", metavar="WORD", title="words", required=True)
    for name, word in WORDS.items():
        made = words.add_parser(
            name,
            help=word.HELP,
            description=f"{word.HELP[0].upper()}{word.HELP[1:]}.\n\n{word.TEXT}".strip(),
            formatter_class=parser.formatter_class,
            allow_abbrev=False,
        )
        word.arguments(made)


def run(args: "Namespace") -> int:
    """Do what the word says."""
    return WORDS[args.word].run(args)
