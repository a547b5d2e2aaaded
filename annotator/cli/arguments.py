"""The arguments of every command, and the longer help texts."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser

ROLES = ("text", "id", "title", "source", "url", "date", "lang", "group")
"""What a column can be to an article (`formats.sources.incoming.ROLES`)."""

SHELLS = ("bash", "zsh", "fish")

LABEL_TEXT = """\
Without --plain the interface opens, as with `annotator PROJECT`.

With --plain each line read from standard input is a command, and plain lines answer it: no colours,
no cursor movement, any TERM. A decision is on disk before "Saved." is said. The command help lists
the commands; the end of the input leaves. The exit code is 1 when something could not be saved, or
when a line that did not come from a terminal was refused."""


PROJECT = "the project: a file, or its address on a server, postgresql://HOST/NAME"
"""What the help says of the project."""


def project(parser: "ArgumentParser", text: str = PROJECT) -> None:
    """Add the project."""
    parser.add_argument("project", metavar="PROJECT", help=text)


def actor(parser: "ArgumentParser") -> None:
    """Add who one is."""
    parser.add_argument(
        "--as",
        dest="actor",
        metavar="NAME",
        help="who you are (default: the configuration's annotator, else the login name)",
    )


def scheme(parser: "ArgumentParser") -> None:
    """Add the scheme of a new project."""
    parser.add_argument(
        "--scheme",
        metavar="SCHEME",
        help="the labels of a new project: news (the default), minimal, or a TOML file",
    )


def json(parser: "ArgumentParser", text: str = "print JSON instead of tables") -> None:
    """Add the choice of JSON."""
    parser.add_argument("--json", action="store_true", help=text)


def open_(parser: "ArgumentParser") -> None:
    """Arguments of `open`."""
    project(parser)
    actor(parser)
    parser.add_argument("--article", metavar="ID", help="open this article")
    parser.add_argument("--queue", action="store_true", help="open the list of articles first")
    mouse(parser)


def label(parser: "ArgumentParser") -> None:
    """Arguments of `label`."""
    project(parser)
    actor(parser)
    parser.add_argument("--article", metavar="ID", help="open this article")
    parser.add_argument(
        "--plain",
        action="store_true",
        help="line by line, for screen readers, braille displays, dumb terminals and scripts",
    )
    mouse(parser)


def mouse(parser: "ArgumentParser", when: str = "") -> None:
    """Add the choice to leave the mouse alone; `when` says under which condition that matters."""
    parser.add_argument(
        "--no-mouse",
        dest="mouse",
        action="store_false",
        help=f"{when}leave the mouse to the terminal, to select and copy with it",
    )


def demo(parser: "ArgumentParser") -> None:
    """Arguments of `demo`."""
    actor(parser)
    parser.add_argument("--keep", metavar="PATH", help="make the project at PATH and keep it")
    parser.add_argument(
        "--no-open", action="store_true", help="only make the project and print its path"
    )
    mouse(parser)


def init(parser: "ArgumentParser") -> None:
    """Arguments of `init`."""
    project(parser, "the file to make; nothing may be there yet")
    scheme(parser)
    actor(parser)


def status(parser: "ArgumentParser") -> None:
    """Arguments of `status`."""
    project(parser)
    json(parser)
    parser.add_argument(
        "--watch", action="store_true", help="print it again whenever others went on, until ctrl+c"
    )


def check(parser: "ArgumentParser") -> None:
    """Arguments of `check`."""
    project(parser)
    json(parser)


def doctor(parser: "ArgumentParser") -> None:
    """Arguments of `doctor`."""
    parser.add_argument(
        "project",
        metavar="PROJECT",
        nargs="?",
        help="look at this project as well, a file or an address",
    )
    actor(parser)
    mouse(parser)
    json(parser)


def backup(parser: "ArgumentParser") -> None:
    """Arguments of `backup`."""
    project(parser)
    parser.add_argument(
        "target",
        metavar="BACKUP",
        nargs="?",
        help="the new file (default: beside the project, or here, named by date and time)",
    )


def restore(parser: "ArgumentParser") -> None:
    """Arguments of `restore`."""
    project(parser, "the file to make, or the address on a server; nothing may be there yet")
    parser.add_argument("backup", metavar="BACKUP", help="the backup, which stays as it is")


def completion(parser: "ArgumentParser") -> None:
    """Arguments of `completion`."""
    parser.add_argument("shell", choices=SHELLS, help="the shell that is to complete")
