"""The arguments of `annotator merge`; what it does is in `merging`."""

from annotator.cli import arguments as common

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

TEXT = """\
Copies of one project on which people worked apart become one: the project gets every article and
every decision of the other copies, which stay as they are. Copies can be merged in any order and as
often as you like, with the same result. The other copies are checked first, all of them that is read;
a damaged one is refused whole. A merge that was interrupted is finished by the next one.

Two versions of one thing that the same annotator made in two copies are a conflict: the newer one
holds, and both are listed until somebody settles it, with --keep or by changing the thing again. The
exit code is 1 while there are open conflicts.

A copy is a project file copied while nobody had it open, a backup, what `annotator receive` or `annotator
checkout` made, or a project on a server by its address: any of them into any other. Into a copy that was
checked out or received for one annotator comes what is new for them, and nothing of the others."""

EXAMPLES = (
    "annotator merge news.db /mnt/usb/news-iva.db",
    "annotator merge news.db iva.db petar.db --dry-run",
    "annotator merge postgresql://iva@db.example.org/news train.db    # back from the train",
    "annotator merge train.db postgresql://iva@db.example.org/news    # what is new meanwhile",
    "annotator merge news.db --conflicts",
    "annotator merge news.db --keep other 1f0c23ab",
)


def arguments(parser: "ArgumentParser") -> None:
    """Arguments of `merge`."""
    common.project(parser)
    parser.add_argument(
        "others", metavar="OTHER.db", nargs="*", help="other copies of the project, or addresses"
    )
    parser.add_argument("--dry-run", action="store_true", help="only say what would come in")
    parser.add_argument("--conflicts", action="store_true", help="list the open conflicts")
    parser.add_argument(
        "--keep",
        nargs=2,
        metavar=("this|other", "CONFLICT"),
        action="append",
        default=[],
        help="settle a conflict: keep what holds now (this) or the other version; may be repeated",
    )
    common.json(parser)
    common.actor(parser)


def run(args: "Namespace") -> int:
    """Merge the copies."""
    from annotator.cli import merging

    return merging.run(args)
