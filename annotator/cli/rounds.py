"""The arguments of `annotator rounds`; what it does is in `round_list`."""

from annotator.cli import arguments as common

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

TEXT = """\
The work goes in rounds. In a pilot everybody annotates the same few articles; then their agreement is
looked at, differences are settled together and the guidelines made clearer; the next pilot takes new
articles. When agreement is good enough, production begins.

--target says what a pilot's agreement is to reach. The lower end of the interval counts, so that chance
alone does not pass. A pilot that missed a target is closed only with a --reason, which is kept.

A closed round gets no more articles; what was assigned in it can still be finished."""

EXAMPLES = (
    "annotator rounds news.db",
    "annotator rounds news.db --start pilot-1 --stage pilot --target entities.strict_f1=0.8",
    "annotator rounds news.db --close pilot-1",
    'annotator rounds news.db --close pilot-1 --reason "stance is left for pilot-2"',
)


def arguments(parser: "ArgumentParser") -> None:
    """Arguments of `rounds`."""
    common.project(parser)
    ways = parser.add_mutually_exclusive_group()
    ways.add_argument("--start", metavar="NAME", help="begin a round")
    ways.add_argument("--close", metavar="NAME", help="close a round")
    parser.add_argument(
        "--stage", choices=("pilot", "production"), help="what it is for (default: production)"
    )
    parser.add_argument(
        "--target",
        metavar="METRIC=VALUE",
        action="append",
        default=[],
        help="what agreement is to reach, such as entities.strict_f1=0.8; may be repeated",
    )
    parser.add_argument(
        "--reason", metavar="WORDS", default="", help="why it is closed although a target is missed"
    )
    common.json(parser, "print JSON instead of a table")
    common.actor(parser)


def run(args: "Namespace") -> int:
    """Begin or close a round, then list them."""
    from annotator.cli import round_list

    return round_list.run(args)
