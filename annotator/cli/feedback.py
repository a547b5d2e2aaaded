"""The arguments of `annotator feedback`; what it does is in `feeding_back`."""

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
    parser.add_argument("project", metavar="PROJECT.db", help="the project file")
    parser.add_argument("article", metavar="ARTICLE", nargs="?", help="the id of one article")
    parser.add_argument("--plain", action="store_true", help="print lines instead of a screen")
    parser.add_argument("--json", action="store_true", help="print JSON")
    switch = parser.add_mutually_exclusive_group()
    switch.add_argument(
        "--allow",
        action="store_true",
        help="let annotators see what is adjudicated, before a release (for leads)",
    )
    switch.add_argument(
        "--forbid", action="store_true", help="only what is released again (for leads)"
    )
    parser.add_argument(
        "--as",
        dest="actor",
        metavar="NAME",
        help="who you are (default: the configuration's annotator, else the login name)",
    )
    parser.add_argument(
        "--no-mouse",
        dest="mouse",
        action="store_false",
        help="leave the mouse to the terminal, to select and copy with it",
    )


def run(args: "Namespace") -> int:
    """Show the feedback, or turn the switch."""
    from annotator.cli import feeding_back

    return feeding_back.run(args)
