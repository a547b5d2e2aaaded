"""The arguments of `annotator scheme`: a project, then what is to be done with its scheme."""

from annotator.cli import arguments as common

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser
    from typing import Any

COLORS = ("red", "green", "yellow", "blue", "magenta", "cyan", "white", "gray")
"""`model.scheme.COLORS` (not imported here: help stays immediate; a test keeps the two alike)."""

TEXT = """\
Without a word after the project, its scheme is shown. A change raises the scheme's version by one
and is kept in the history with its date and author.

Nothing decided is lost. A label that is renamed, retired or split stays known, without a key, so
that what has it is still shown. Where one label takes its place, old annotations are relabelled at
once, under their annotators' names and in one transaction; their earlier versions stay in the
history, and finished articles stay finished. Where a person has to choose (split, or retire without
--into), `pending` lists the places.

Give the same command again after an interruption, or when decisions with old labels have come in
later (an import, a colleague with the old scheme open): it relabels what is left."""

EXAMPLES = (
    "annotator scheme news.db",
    "annotator scheme news.db show --json",
    "annotator scheme news.db add --layer entities --label LAW --key w --title Law --color blue",
    "annotator scheme news.db rename EVT EVENT",
    "annotator scheme news.db retire residue --into other",
    "annotator scheme news.db split ORG --into COMPANY=c OFFICE=f PARTY",
    "annotator scheme news.db pending",
    "annotator scheme news.db diff labels.toml    # what load would change",
    "annotator scheme news.db load labels.toml",
    "annotator scheme news.db history",
)


def arguments(parser: "ArgumentParser") -> None:
    """Arguments of `scheme`."""
    common.project(parser)
    words = parser.add_subparsers(dest="word", metavar="WORD", title="words")
    for name, (help_, arguments) in WORDS.items():
        made = words.add_parser(
            name, help=help_, description=f"{help_[0].upper()}{help_[1:]}.", allow_abbrev=False
        )
        arguments(made)


def _json(parser: "ArgumentParser") -> None:
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")


def _file(parser: "ArgumentParser") -> None:
    parser.add_argument("file", metavar="FILE.toml", help="the scheme file, or a preset's name")


def _diff(parser: "ArgumentParser") -> None:
    _file(parser)
    _json(parser)


def _layer(parser: "ArgumentParser") -> None:
    parser.add_argument(
        "--layer", default="", help="the label's layer, where several have a label of its name"
    )


def _changing(parser: "ArgumentParser") -> None:
    """What every change takes."""
    parser.add_argument("--dry-run", action="store_true", help="only say what would change")
    parser.add_argument(
        "--as",
        dest="actor",
        metavar="NAME",
        help="who you are (default: the configuration's annotator, else the login name)",
    )
    _json(parser)


def _add(parser: "ArgumentParser") -> None:
    parser.add_argument("--layer", required=True, help="the layer that gets the label")
    parser.add_argument("--label", required=True, metavar="NAME", help="what exports call it")
    parser.add_argument(
        "--key", default="", help="its letter (default: the first free one of its name)"
    )
    parser.add_argument("--title", default="", help="what the screen calls it")
    parser.add_argument("--color", default="", choices=COLORS, help="its colour")
    parser.add_argument("--description", default="", help="one line for legend and help")
    parser.add_argument(
        "--alias",
        action="append",
        default=[],
        metavar="LETTER",
        help="another letter that gives it",
    )
    _changing(parser)


def _rename(parser: "ArgumentParser") -> None:
    parser.add_argument("old", metavar="OLD", help="the label")
    parser.add_argument("new", metavar="NEW", help="its new name")
    parser.add_argument("--title", default="", help="a new title as well")
    _layer(parser)
    _changing(parser)


def _retire(parser: "ArgumentParser") -> None:
    parser.add_argument("label", metavar="LABEL", help="the label to give up")
    parser.add_argument(
        "--into", default="", metavar="OTHER", help="the label that takes its place"
    )
    _layer(parser)
    _changing(parser)


def _split(parser: "ArgumentParser") -> None:
    parser.add_argument("label", metavar="LABEL", help="the label to give up")
    parser.add_argument(
        "--into",
        required=True,
        nargs="+",
        metavar="NAME[=KEY]",
        help="two or more labels, there already or made, with a letter if you like",
    )
    _layer(parser)
    _changing(parser)


def _load(parser: "ArgumentParser") -> None:
    _file(parser)
    _changing(parser)


WORDS: "dict[str, tuple[str, Any]]" = {
    "show": ("the labels and how often each is given", _json),
    "diff": ("what a scheme file would change", _diff),
    "add": ("a new label", _add),
    "rename": ("another name for a label, and for all that has it", _rename),
    "retire": ("give a label up, or put another in its place", _retire),
    "split": ("several labels in the place of one", _split),
    "load": ("take a whole scheme file; labels it lacks are retired", _load),
    "pending": ("what has a label that was given up and must be decided again", _json),
    "relabel": ("relabel what came in later with an old label", _changing),
    "history": ("every scheme the project had, and what changed", _json),
}
"""Each word with its help and its arguments."""
