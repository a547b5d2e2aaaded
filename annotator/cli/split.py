"""The arguments of `annotator split`; what it does is in `splitting`."""

from annotator.cli import arguments as common

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

TEXT = """\
Articles that say the same in the same words never come to lie on two sides: near copies (half of all
five-word runs in common, or four fifths of the shorter one's) go to one split together, and with
--together also articles about one event (the article's group), of one source or of one date. What
is labelled boilerplate is not compared, nor, where nobody labelled it, lines that recur in articles
of the source.

An article that has a split keeps it for good, so look with --dry-run first. Run the command again
after more articles came in: only those are assigned, with the options of the run before unless
others are given, and a near copy of an old article joins its split.

The report counts articles by split, language and source, and how many outside of train have a near
copy in train, now and had chance decided. The exit code is 1 when there are any, or when articles
that had different splits before turn out to hold together; nothing is moved then."""

EXAMPLES = (
    "annotator split news.db --dry-run",
    "annotator split news.db --ratios train=0.7,dev=0.1,test=0.2 --together group",
    "annotator split news.db --by-topic brexit     # this event is the test",
    "annotator split news.db                       # more articles came in",
    "annotator split news.db --list > splits.tsv",
)


def arguments(parser: "ArgumentParser") -> None:
    """Arguments of `split`."""
    common.project(parser)
    parser.add_argument(
        "--ratios",
        metavar="NAME=SHARE,...",
        help="the splits and their shares (default: train=0.8,dev=0.1,test=0.1)",
    )
    parser.add_argument(
        "--seed", type=int, metavar="N", help="another number gives other splits (default: 0)"
    )
    parser.add_argument(
        "--together",
        metavar="WHAT,...",
        help='what else stays together: group, source, date; "" is nothing (the default)',
    )
    parser.add_argument(
        "--by-topic",
        dest="topics",
        metavar="GROUP",
        action="append",
        help='hold this event out as the test, whole; may be repeated, "" is none',
    )
    _duplicates(parser)
    parser.add_argument("--dry-run", action="store_true", help="only say what would be done")
    parser.add_argument(
        "--list",
        action="store_true",
        help="only list ID and split of every article that has one (with --dry-run: would have)",
    )
    common.json(parser)
    common.actor(parser)


def _duplicates(parser: "ArgumentParser") -> None:
    parser.add_argument(
        "--no-duplicates-check",
        dest="duplicates",
        action="store_const",
        const=False,
        help="do not look for near copies; they may come to lie on two sides",
    )
    parser.add_argument(
        "--duplicates-check",
        dest="duplicates",
        action="store_const",
        const=True,
        help="look for them again, where an earlier run did not",
    )
    parser.add_argument(
        "--allow-large",
        action="store_true",
        help="also assign what holds together and is larger than a split is to be",
    )


def run(args: "Namespace") -> int:
    """Split the project."""
    from annotator.cli import splitting

    return splitting.run(args)
