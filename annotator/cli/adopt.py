"""The arguments of `annotator adopt`; what it does is in `adopting`."""

from annotator.cli import arguments as common

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

TEXT = """\
When an article is imported again and its text has changed, the new text is kept apart as
<id>@<8 digits>, for what was labelled holds for the old one only. Adopting puts it in the article's
place: the old one is not handed out, assigned or exported any more, whoever was assigned the old one is
assigned the new one, and it gets the old one's split.

What each annotator had marked is looked for in the new text and offered there as suggestions from
`earlier version`, to that annotator alone; enter confirms one as ever. What is gone from the text is
listed. Stances cannot be suggested: they are counted, and their evidence is looked for. Nothing is
deleted, and --undo takes an adoption back.

In a project with a lead only a lead may adopt texts."""

EXAMPLES = (
    "annotator adopt news.db --list",
    "annotator adopt news.db bg-bridge@1f0c23ab --dry-run",
    "annotator adopt news.db bg-bridge@1f0c23ab",
    "annotator adopt news.db --all",
    "annotator adopt news.db --undo bg-bridge@1f0c23ab",
)


def arguments(parser: "ArgumentParser") -> None:
    """Arguments of `adopt`."""
    common.project(parser)
    parser.add_argument("article", metavar="ID@HEX", nargs="?", help="the changed text's id")
    parser.add_argument("--all", action="store_true", help="every changed text, the newest of each")
    parser.add_argument("--list", action="store_true", help="list changed texts, adopted or not")
    parser.add_argument("--undo", metavar="ID@HEX", help="work on the old text again")
    parser.add_argument("--dry-run", action="store_true", help="only say what would be done")
    common.json(parser, "print JSON instead of lines")
    common.actor(parser)


def run(args: "Namespace") -> int:
    """Adopt changed texts."""
    from annotator.cli import adopting

    return adopting.run(args)
