"""The arguments of `annotator guidelines`; what it does is in `guiding`."""

from annotator.cli import arguments as common

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

TEXT = """\
A project begins with its scheme's guidelines, under the scheme's version. From the first --set on
they have versions of their own; the interface shows the newest to everybody who opens the project,
and every decision knows under which version it was made.

In the Markdown a heading "## entities" begins the text on a layer, "### ORG" below it the text on
one of its labels. A minor version says more clearly what held before. A major one changes a rule:
what was decided before about the layers and labels it touches (--about; without it those whose
sections differ) is listed by --recheck, until its annotator looks at the article again and declares
it done, or the adjudicator decides again."""

EXAMPLES = (
    "annotator guidelines news.db",
    "annotator guidelines news.db --export guide.md",
    'annotator guidelines news.db --set guide.md --note "ministries are ORG" --change major',
    "annotator guidelines news.db --set guide.md --version 2.0 --change major --about entities/ORG",
    "annotator guidelines news.db --log",
    "annotator guidelines news.db --diff 1.3 2.0",
    "annotator guidelines news.db --recheck",
    "annotator guidelines news.db --recheck 2.0 --list > recheck.tsv",
    "annotator guidelines news.db --problems",
)


def arguments(parser: "ArgumentParser") -> None:
    """Arguments of `guidelines`."""
    common.project(parser)
    parser.add_argument(
        "--version",
        metavar="VERSION",
        help="with --set: the new version (default: the next one); else: the one to print or export",
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--set", metavar="FILE.md", help="make this text the guidelines")
    what.add_argument("--log", action="store_true", help="list every version")
    what.add_argument(
        "--diff", nargs=2, metavar=("OLD", "NEW"), help="what became different between versions"
    )
    what.add_argument("--export", metavar="FILE", help="write the text to a new file")
    what.add_argument(
        "--recheck",
        metavar="VERSION",
        nargs="?",
        const="",
        help="list what was decided before this version about what it touches (default: before any "
        "major one)",
    )
    what.add_argument(
        "--problems",
        action="store_true",
        help="list the decisions that adjudicators marked as a problem of the guidelines",
    )
    _setting(parser)
    parser.add_argument(
        "--list", action="store_true", help="with --recheck: only ID and name, a line each"
    )
    common.json(parser)
    common.actor(parser)


def _setting(parser: "ArgumentParser") -> None:
    group = parser.add_argument_group("a new version")
    group.add_argument(
        "--change",
        choices=("minor", "major"),
        help="minor (the default): it says more clearly what held; major: a rule is another one",
    )
    group.add_argument(
        "--about",
        metavar="LAYER[/LABEL]",
        action="append",
        default=[],
        help="what it touches (may be said several times; default: the sections that differ)",
    )
    group.add_argument("--note", default="", help="why, kept with the version")
    group.add_argument("--dry-run", action="store_true", help="only say what would change")


def run(args: "Namespace") -> int:
    """Show or set the guidelines."""
    from annotator.cli import guiding

    return guiding.run(args)
