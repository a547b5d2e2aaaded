"""The arguments of `annotator release`; what it does is in `releasing`."""

from annotator.cli import arguments as common

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

TEXT = """\
A release freezes the gold standard as it is now, under a version that is never used again: the
labels with their texts, where each comes from, the votes, language and split of every article, the
scheme and the guidelines. Whatever is decided later, annotator export --release VERSION gives the
same bytes.

Gold is what adjudicators decided (--gold adjudicated), layer by layer: a layer of an article is gold
when somebody finished it and all its items are decided. While items are open, stale, passed over or
waiting for a discussion, no release is made, unless --allow-open leaves their layers out; the
release then says so. The other policies count votes and need no adjudication.

A release tells how many articles, annotators and labels it holds, how its items were decided, how
far the annotators agreed, and what became different since the release before it."""

EXAMPLES = (
    "annotator release news.db 1.0 --dry-run",
    'annotator release news.db 1.0 --note "first round"',
    "annotator release news.db --list",
    "annotator release news.db --show 1.0 --json",
    "annotator release news.db --diff 1.0 1.1",
)


def arguments(parser: "ArgumentParser") -> None:
    """Arguments of `release`."""
    common.project(parser)
    parser.add_argument(
        "version", metavar="VERSION", nargs="?", help="the new release, such as 1.0"
    )
    parser.add_argument("--note", default="", help="a word on it, kept with the release")
    parser.add_argument(
        "--gold",
        choices=("adjudicated", "majority", "agreed"),
        help="what is gold: what was adjudicated (the default), or what more than half or all say",
    )
    parser.add_argument(
        "--allow-open",
        action="store_true",
        help="leave layers with undecided items out, instead of making no release",
    )
    parser.add_argument(
        "--names",
        action="store_true",
        help="tell annotators' and adjudicators' names, not only how many they are",
    )
    parser.add_argument("--dry-run", action="store_true", help="only say what would be released")
    look = parser.add_mutually_exclusive_group()
    look.add_argument("--list", action="store_true", help="list the releases")
    look.add_argument("--show", metavar="VERSION", help="tell everything about a release")
    look.add_argument(
        "--diff", nargs=2, metavar=("OLD", "NEW"), help="what a release has that another has not"
    )
    common.json(parser)
    common.actor(parser)


def run(args: "Namespace") -> int:
    """Make a release, or look at those there are."""
    from annotator.cli import releasing

    return releasing.run(args)
