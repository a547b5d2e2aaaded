"""`annotator server backup`: a project on a server as one file."""

from annotator.cli import server_accounts as accounts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

HELP = "copy a project into one file, checked, while others work"
TEXT = """\
The file is a project like any other: it can be opened, checked, merged, and put on a server again by
`annotator restore postgresql://NAME@HOST/PROJECT FILE.db`. It holds all of the project as it was at one
moment: every article and every decision with its history, and gets its name once it has been checked."""


def arguments(parser: "ArgumentParser") -> None:
    """Arguments of `server backup`."""
    accounts.address(parser)
    parser.add_argument(
        "target",
        metavar="FILE.db",
        nargs="?",
        help="the new file (default: in this folder, named by the project, date and time)",
    )


def run(args: "Namespace") -> int:
    """Copy the project; the file's path is printed."""
    from annotator.cli import backup

    accounts.place(args)
    return backup.run(args)
