"""The arguments of every command, and the longer help texts."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser

KINDS = ("text", "jsonl", "csv", "html", "native")
"""Kinds of source files (`formats.sources.incoming.KINDS`; a test keeps the two alike)."""

FORMATS = ("jsonl", "iob2", "stance-tsv", "cleaneval")
"""The names in `formats.registry` (not imported here: help stays immediate)."""

ROLES = ("text", "id", "title", "source", "url", "date", "lang", "group")
"""What a column can be to an article (`formats.sources.incoming.ROLES`)."""

SHELLS = ("bash", "zsh", "fish")

IMPORT_TEXT = """\
Sources are files, folders, and SQLite databases. The kind of a file is told by its suffix, the
columns of a table or the fields of a record by their names; options say what cannot be guessed.
A project that does not exist is made.

Importing the same again changes nothing. A text that has changed upstream is kept apart as a new
article named ID@HASH; the annotated one stays. What cannot be stored exactly (text that is not
UTF-8, NUL characters, broken records) is refused with its file and line, and the rest goes in.

Exports of annotator (--format jsonl) bring their decisions, each annotator's under their own name.
The same version of somebody's work again changes nothing; a newer one replaces what an earlier
import brought; work done in this project itself always stays.

After the articles, languages are detected and the word index is built. Both can be interrupted and
go on at the next import, also one without sources."""

LABEL_TEXT = """\
Without --plain the interface opens, as with `annotator PROJECT.db`.

With --plain each line read from standard input is a command, and plain lines answer it: no colours,
no cursor movement, any TERM. A decision is on disk before "Saved." is said. The command help lists
the commands; the end of the input leaves. The exit code is 1 when something could not be saved, or
when a line that did not come from a terminal was refused."""

EXPORT_TEXT = """\
The file appears whole or not at all, and replaces an older one of that name. The same decisions
give the same bytes. Every label is proved against its text once more; what a format cannot carry is
listed at the end."""


def _project(parser: "ArgumentParser", text: str = "the project file") -> None:
    parser.add_argument("project", metavar="PROJECT.db", help=text)


def _actor(parser: "ArgumentParser") -> None:
    parser.add_argument(
        "--as",
        dest="actor",
        metavar="NAME",
        help="who you are (default: the configuration's annotator, else the login name)",
    )


def _scheme(parser: "ArgumentParser") -> None:
    parser.add_argument(
        "--scheme",
        metavar="SCHEME",
        help="the labels of a new project: news (the default), minimal, or a TOML file",
    )


def _json(parser: "ArgumentParser") -> None:
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")


def open_(parser: "ArgumentParser") -> None:
    """Arguments of `open`."""
    _project(parser)
    _actor(parser)
    parser.add_argument("--article", metavar="ID", help="open this article")
    parser.add_argument("--queue", action="store_true", help="open the list of articles first")
    _mouse(parser)


def label(parser: "ArgumentParser") -> None:
    """Arguments of `label`."""
    _project(parser)
    _actor(parser)
    parser.add_argument("--article", metavar="ID", help="open this article")
    parser.add_argument(
        "--plain",
        action="store_true",
        help="line by line, for screen readers, braille displays, dumb terminals and scripts",
    )
    _mouse(parser)


def _mouse(parser: "ArgumentParser") -> None:
    parser.add_argument(
        "--no-mouse",
        dest="mouse",
        action="store_false",
        help="leave the mouse to the terminal, to select and copy with it",
    )


def demo(parser: "ArgumentParser") -> None:
    """Arguments of `demo`."""
    _actor(parser)
    parser.add_argument("--keep", metavar="PATH", help="make the project at PATH and keep it")
    parser.add_argument(
        "--no-open", action="store_true", help="only make the project and print its path"
    )
    _mouse(parser)


def init(parser: "ArgumentParser") -> None:
    """Arguments of `init`."""
    _project(parser, "the file to make; nothing may be there yet")
    _scheme(parser)
    _actor(parser)


def import_(parser: "ArgumentParser") -> None:
    """Arguments of `import`."""
    _project(parser, "the project file, made when it does not exist")
    parser.add_argument(
        "sources", metavar="SOURCE", nargs="*", help="files, folders or SQLite databases"
    )
    _scheme(parser)
    _actor(parser)
    parser.add_argument("--kind", choices=KINDS, help="read every file as this kind")
    parser.add_argument("--table", metavar="NAME", help="the table or view of an SQLite database")
    columns = parser.add_argument_group(
        "columns", 'which column or field is what; "" says that none is'
    )
    for role in ROLES:
        columns.add_argument(f"--{role}-column", metavar="NAME", help=f"the article's {role}")
    _values(parser)
    _reading(parser)
    parser.add_argument(
        "--no-languages",
        dest="languages",
        action="store_false",
        help="do not detect the language of articles whose source does not give it",
    )
    parser.add_argument(
        "--jobs", type=int, metavar="N", help="processes for that (default: one for each processor)"
    )
    parser.add_argument("--refused", metavar="FILE", help="write all refusals to a TSV file")
    _json(parser)


def _values(parser: "ArgumentParser") -> None:
    parser.add_argument("--source", metavar="NAME", help="the source of articles that name none")
    parser.add_argument("--lang", metavar="TAG", help="the language of articles that name none")
    parser.add_argument(
        "--id-prefix",
        metavar="TEXT",
        default="",
        help="put before every id, to keep sources with the same ids apart",
    )
    parser.add_argument(
        "--title-line", action="store_true", help="the first line of a text file is its title"
    )


def _reading(parser: "ArgumentParser") -> None:
    parser.add_argument(
        "--encoding", default="", help="of files without a byte order mark (default: UTF-8)"
    )
    parser.add_argument(
        "--delimiter",
        metavar="CHAR",
        default="",
        help="between the cells of a CSV file, or the word tab (default: guessed)",
    )
    parser.add_argument(
        "--no-quotes",
        dest="quotes",
        action="store_const",
        const=False,
        help="quotation marks in a CSV file are just characters (default: guessed)",
    )


def export(parser: "ArgumentParser") -> None:
    """Arguments of `export`."""
    _project(parser)
    parser.add_argument("--format", required=True, choices=FORMATS, help="what to write")
    parser.add_argument(
        "-o",
        "--output",
        required=True,
        metavar="PATH",
        help="the file, or the folder for several; - is standard output",
    )
    parser.add_argument(
        "--annotator", metavar="NAME", default="", help="whose decisions (all formats but jsonl)"
    )
    parser.add_argument(
        "--layer", default="", help="the span layer (iob2 and cleaneval; default: the fitting one)"
    )
    parser.add_argument(
        "--quoted", action="store_true", help="quoted speakers' stances too (stance-tsv)"
    )
    parser.add_argument("--profile", help="which boilerplate labels count as content (cleaneval)")


def status(parser: "ArgumentParser") -> None:
    """Arguments of `status`."""
    _project(parser)
    _json(parser)


def check(parser: "ArgumentParser") -> None:
    """Arguments of `check`."""
    _project(parser)
    _json(parser)


def doctor(parser: "ArgumentParser") -> None:
    """Arguments of `doctor`."""
    parser.add_argument(
        "project", metavar="PROJECT.db", nargs="?", help="look at this project as well"
    )
    _actor(parser)
    _mouse(parser)
    _json(parser)


def backup(parser: "ArgumentParser") -> None:
    """Arguments of `backup`."""
    _project(parser)
    parser.add_argument(
        "target",
        metavar="BACKUP",
        nargs="?",
        help="the new file (default: beside the project, named by date and time)",
    )


def restore(parser: "ArgumentParser") -> None:
    """Arguments of `restore`."""
    _project(parser, "the file to make; nothing may be there yet")
    parser.add_argument("backup", metavar="BACKUP", help="the backup, which stays as it is")


def completion(parser: "ArgumentParser") -> None:
    """Arguments of `completion`."""
    parser.add_argument("shell", choices=SHELLS, help="the shell that is to complete")
