"""The arguments of `annotator adjudicate`; what it does is in `adjudicating`."""

from annotator.cli import arguments as common

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

TEXT = """\
Opens the screen where one decides, item by item, what is gold of several annotators' work. Only what
they differ on is shown; what all agree on is accepted by --accept unanimous or the key A, but for a
sample (--audit) that a person looks at. Annotators' own work is never changed.

An article is ready when all who were assigned it have finished it (two, where nobody was assigned;
--annotators says another number). Annotators have letters instead of names, shuffled in each article.
Nobody adjudicates what they annotated, except with --own, which the log shows.

--accept, --list and --discuss open no screen. --accept decides in all articles at once: what all
agree on (unanimous), besides what more than half are for (majority), or what Dawid and Skene's model
gives at least --threshold (dawid-skene). Each such decision is marked by its method."""

EXAMPLES = (
    "annotator adjudicate news.db",
    "annotator adjudicate news.db --accept unanimous --dry-run",
    "annotator adjudicate news.db --list",
    "annotator adjudicate news.db --discuss meeting.md",
    "annotator adjudicate news.db --as vera --second 0.1   # a tenth of others' decisions again",
)
METHODS = ("unanimous", "majority", "dawid-skene")


def arguments(parser: "ArgumentParser") -> None:
    """Arguments of `adjudicate`."""
    common.project(parser)
    parser.add_argument("--article", metavar="ID", help="open this article")
    parser.add_argument(
        "--annotators",
        type=int,
        default=0,
        metavar="N",
        help="so many annotators make an article ready, whoever was assigned it",
    )
    parser.add_argument(
        "--review", action="store_true", help="also the work of one annotator, item by item"
    )
    parser.add_argument("--own", action="store_true", help="also articles one annotated oneself")
    parser.add_argument(
        "--blind", action="store_true", help="show a proposal only when enter asks for it"
    )
    parser.add_argument(
        "--model",
        action="store_true",
        help="propose by Dawid and Skene's model of the annotators' errors, not by votes",
    )
    parser.add_argument(
        "--second",
        type=float,
        default=0.0,
        metavar="SHARE",
        help="decide this share of what others decided again, without seeing how",
    )
    parser.add_argument(
        "--audit",
        type=float,
        default=0.05,
        metavar="SHARE",
        help="share of what all agree on that a person looks at (default: 0.05)",
    )
    _without_screen(parser)
    common.actor(parser)
    common.mouse(parser)


def _without_screen(parser: "ArgumentParser") -> None:
    parser.add_argument("--accept", choices=METHODS, help="decide by this rule in all articles")
    parser.add_argument(
        "--threshold",
        type=float,
        default=0.99,
        metavar="P",
        help="how sure the model must be (default: 0.99)",
    )
    parser.add_argument("--list", action="store_true", help="what is open, by category and article")
    parser.add_argument(
        "--discuss", metavar="FILE.md", help='write what is to be discussed; "-" prints'
    )
    parser.add_argument("--dry-run", action="store_true", help="with --accept: only say how many")
    common.json(parser)


def run(args: "Namespace") -> int:
    """Adjudicate."""
    from annotator.cli import adjudicating

    return adjudicating.run(args)
