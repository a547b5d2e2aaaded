"""The arguments of `annotator feedback`; what it does is in `feeding_back`."""

from annotator.cli import arguments as common

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

TEXT = """\
Your own finished articles beside their gold: what is missing, what is not gold, other labels, other
edges. It opens with the first release; a lead may open it earlier with --allow, for what is adjudicated
by then. Only your own work is shown, and no other annotator's.

On a terminal the differences are shown in the text; up and down go through them, F2 tells the guideline.
--plain prints them as lines."""

EXAMPLES = (
    "annotator feedback news.db",
    "annotator feedback news.db bg-bridge",
    "annotator feedback news.db --plain",
    "annotator feedback news.db bg-bridge --json",
    "annotator feedback news.db --allow",
)


def arguments(parser: "ArgumentParser") -> None:
    """Arguments of `feedback`."""
    common.project(parser)
    parser.add_argument("article", metavar="ARTICLE", nargs="?", help="the id of one article")
    parser.add_argument("--plain", action="store_true", help="print lines instead of a screen")
    common.json(parser, "print JSON")
    switch = parser.add_mutually_exclusive_group()
    switch.add_argument(
        "--allow",
        action="store_true",
        help="let annotators see what is adjudicated, before a release (for leads)",
    )
    switch.add_argument(
        "--forbid", action="store_true", help="only what is released again (for leads)"
    )
    common.actor(parser)
    common.mouse(parser)


def run(args: "Namespace") -> int:
    """Show the feedback, or turn the switch."""
    from annotator.cli import feeding_back

    return feeding_back.run(args)
