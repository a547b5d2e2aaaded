"""`annotator ask`: hidden questions among somebody's articles."""

from annotator.cli import arguments as common

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

TEXT = """\
Annotators are not told: the articles come with the others. `annotator quality` tells the answers.

--gold gives articles of the newest release (or what is adjudicated, with --adjudicated) that the
annotator has never seen, as many as make the share of their assignments. The answers are held against
the gold, and are no votes about it.

--again gives articles that the annotator finished at least --after-days ago once more. It is a pass of
its own: nothing of the first one is shown, both are kept, and only agreement with oneself uses the
second.

Both are safe to repeat: who has the share already gets nothing more."""

EXAMPLES = (
    "annotator ask news.db --gold 0.04 --to iva,ana",
    "annotator ask news.db --again 0.05 --after-days 14",
    "annotator ask news.db --list",
)


def arguments(parser: "ArgumentParser") -> None:
    """Arguments of `ask`."""
    common.project(parser)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--gold", type=float, metavar="SHARE", help="gold questions: 0.04 is 4 %%")
    what.add_argument("--again", type=float, metavar="SHARE", help="articles to be done once more")
    what.add_argument("--list", action="store_true", help="who was asked what, and has answered")
    parser.add_argument(
        "--to", metavar="NAME,...", help="whom (default: everybody who works on the project)"
    )
    parser.add_argument(
        "--after-days",
        type=float,
        default=14.0,
        metavar="N",
        help="with --again: articles finished so many days ago or earlier (default: 14)",
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--release", metavar="VERSION", default="", help="with --gold: articles of this release"
    )
    which.add_argument(
        "--adjudicated", action="store_true", help="with --gold: also what is not released"
    )
    parser.add_argument(
        "--seed", type=int, default=0, metavar="N", help="draws the articles (default: 0)"
    )
    parser.add_argument("--dry-run", action="store_true", help="only say what would be asked")
    common.json(parser)
    common.actor(parser)


def run(args: "Namespace") -> int:
    """Ask, or list."""
    from annotator.cli import asking

    return asking.run(args)
