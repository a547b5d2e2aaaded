"""The arguments of `annotator history`; what it prints is made in `history_lines`."""

from annotator.cli import arguments as common

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

TEXT = """\
Each line is one act: when, who, and what it changed, oldest first. Nothing is ever taken out of the
history but the words of an article that was withdrawn.

--at shows instead what everybody's decisions were at a moment: a date (to its end), a time, or the
id of an event, which --json tells. What another copy of the project brought in counts from when it
was made there.

Annotators do not see each other's work: where somebody is lead, an annotator may only look at what is
their own."""

EXAMPLES = (
    "annotator history news.db bg-bridge",
    "annotator history news.db bg-bridge --annotator iva",
    "annotator history news.db bg-bridge --at 2026-03-01T14:30",
    "annotator history news.db bg-bridge --json > bg-bridge.json",
)


def arguments(parser: "ArgumentParser") -> None:
    """Arguments of `history`."""
    common.project(parser)
    parser.add_argument("article", metavar="ARTICLE", help="the article's id")
    parser.add_argument("--annotator", metavar="NAME", help="only what this annotator did")
    parser.add_argument(
        "--at", metavar="MOMENT", help="the decisions as they stood then: a time or an event's id"
    )
    parser.add_argument(
        "--layer", metavar="NAME", help="only this layer (and what is about no layer)"
    )
    parser.add_argument(
        "--all",
        action="store_true",
        help="every change of an act that made many, and time spent on the article",
    )
    common.json(parser, "print JSON instead of lines")
    common.actor(parser)


def run(args: "Namespace") -> int:
    """Tell the past of an article."""
    from annotator.cli import history_lines

    return history_lines.run(args)
