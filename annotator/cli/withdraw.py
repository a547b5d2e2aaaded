"""The arguments of `annotator withdraw`; what it does is in `withdrawing`."""

from annotator.cli import arguments as common

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

TEXT = """\
For an article that has to go for legal or personal reasons. Its text, title, address and other data
are erased, and so is everything that was decided or said about it, for spans and notes quote it. What
stays is that it was there: id, source, date, language, the SHA-256 of the text, and who did something
to it when, so that the history still proves itself. The file is then written anew, for deleted words
would lie on in it; that takes as long as copying it, and others wait meanwhile.

This cannot be undone. The article is not worked on, exported or counted any more, and is refused when
somebody imports it again, by its id or its text. Copies of the project lose it when they are merged
with this one, or this one with them. Backups, exports, bundles and releases that were given away are
out of reach: what is known of on this machine is listed.

On a terminal you are asked to type the article's id; elsewhere say --yes. In a project with a lead
only a lead may withdraw articles."""

EXAMPLES = (
    "annotator withdraw news.db bg-bridge --dry-run",
    'annotator withdraw news.db bg-bridge --reason "the person named asked for it"',
    "annotator withdraw news.db --list",
    "annotator withdraw news.db --finish   # after one that was interrupted",
)


def arguments(parser: "ArgumentParser") -> None:
    """Arguments of `withdraw`."""
    common.project(parser)
    parser.add_argument("article", metavar="ARTICLE", nargs="?", help="the article's id")
    parser.add_argument("--reason", metavar="TEXT", default="", help="why; it is kept and shown")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.add_argument("--dry-run", action="store_true", help="only say what would go")
    parser.add_argument("--list", action="store_true", help="list what was withdrawn")
    parser.add_argument(
        "--finish",
        action="store_true",
        help="write the file anew where an earlier withdrawal or merge could not",
    )
    common.json(parser, "print JSON instead of lines")
    common.actor(parser)


def run(args: "Namespace") -> int:
    """Withdraw an article."""
    from annotator.cli import withdrawing

    return withdrawing.run(args)
