"""`annotator train`: practice on articles whose gold is known."""

from annotator.cli import arguments as common

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

TEXT = """\
The ordinary interface, over articles of the newest release that you have never seen. After ctrl+d a
page tells what gold has otherwise, with the guideline on it; enter goes on to the next article. At the
end a summary tells, label by label, what was the same.

What is done in training counts nowhere: not in agreement, adjudication, exports or releases. Articles
held out for testing are not used."""

EXAMPLES = (
    "annotator train news.db --as iva",
    "annotator train news.db --as iva --articles 5",
    "annotator train news.db --summary --json",
)


def arguments(parser: "ArgumentParser") -> None:
    """Arguments of `train`."""
    common.project(parser)
    parser.add_argument(
        "--articles", type=int, default=10, metavar="N", help="so many (default: 10)"
    )
    parser.add_argument(
        "--summary", action="store_true", help="only print what training has shown so far"
    )
    common.json(parser, "with --summary: print JSON")
    common.actor(parser)
    common.mouse(parser)


def run(args: "Namespace") -> int:
    """Train, or print the summary."""
    from annotator.cli import training

    return training.run(args)
