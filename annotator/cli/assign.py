"""The arguments of `annotator assign`; what it does is in `assigning`."""

from annotator.cli import arguments as common

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

TEXT = """\
Everybody gets as many articles as the others, what they have already counted in, and every two
people meet at some, which agreement needs. --overlap 2 gives every article to two;
--overlap 3:0.2,1:0.8 gives a fifth of them to three and the rest to one. The same seed makes the
same plan.

--pool opens articles to whoever comes first: as many people as --overlap says may take one, and each
takes the next when their own are done.

Only what is lacking is added, so the command can be repeated, with more articles or a larger overlap;
nobody loses anything. The filter is that of the queue, as you see it: state:new is new to you.

An annotator's queue begins with what was assigned to them. They are not told what for, nor who else
has it."""

EXAMPLES = (
    "annotator assign news.db --to iva,boris,vera --overlap 2 --dry-run",
    "annotator assign news.db --to iva,boris,vera --overlap 3:0.2,1:0.8 --filter lang:bg",
    "annotator assign news.db --round pilot-1 --limit 15",
    "annotator assign news.db --pool --overlap 2 --filter 'assigned:no'",
    "annotator assign news.db --from iva --to boris   # what she has not finished",
    "annotator assign news.db --take-back vera        # what she has not begun",
    "annotator assign news.db --list",
)


def arguments(parser: "ArgumentParser") -> None:
    """Arguments of `assign`."""
    common.project(parser)
    parser.add_argument(
        "--to", metavar="NAME,...", help="to whom (default: everybody on the list of people)"
    )
    parser.add_argument(
        "--overlap",
        metavar="N|N:SHARE,...",
        help="how many annotate an article (default: 1; in a pilot everybody)",
    )
    parser.add_argument("--round", metavar="NAME", default="", help="the round they belong to")
    parser.add_argument(
        "--filter",
        metavar="LINE",
        default="",
        help="which articles, as in the queue (default: all)",
    )
    parser.add_argument(
        "--limit", type=int, metavar="N", default=0, help="only so many of them, drawn by the seed"
    )
    parser.add_argument("--split", metavar="NAME", default="", help="only articles of this split")
    parser.add_argument(
        "--seed", type=int, metavar="N", default=0, help="another number gives another plan"
    )
    _other_ways(parser)
    parser.add_argument("--dry-run", action="store_true", help="only say what would be done")
    common.json(parser)
    common.actor(parser)


def _other_ways(parser: "ArgumentParser") -> None:
    ways = parser.add_mutually_exclusive_group()
    ways.add_argument(
        "--pool", action="store_true", help="open the articles to whoever comes first"
    )
    ways.add_argument("--list", action="store_true", help="only show who has how much")
    ways.add_argument("--take-back", metavar="NAME", help="take back what somebody has not begun")
    ways.add_argument(
        "--from",
        dest="giver",
        metavar="NAME",
        help="hand what somebody has not finished over to the one that --to names",
    )


def run(args: "Namespace") -> int:
    """Assign articles."""
    from annotator.cli import assigning

    return assigning.run(args)
