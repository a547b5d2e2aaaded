"""`annotator train`: practice on articles whose gold is known."""

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
    parser.add_argument("project", metavar="PROJECT.db", help="the project file")
    parser.add_argument(
        "--articles", type=int, default=10, metavar="N", help="so many (default: 10)"
    )
    parser.add_argument(
        "--summary", action="store_true", help="only print what training has shown so far"
    )
    parser.add_argument("--json", action="store_true", help="with --summary: print JSON")
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
    """Train, or print the summary."""
    from annotator.cli import training

    return training.run(args)
