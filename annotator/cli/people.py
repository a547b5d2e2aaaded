"""`annotator people`: who works on a project, and what they may do."""

from annotator.cli import arguments as common

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

TEXT = """\
Roles, each of which includes those before it: an annotator annotates; an adjudicator also settles
where annotators differ; a lead also assigns articles, begins rounds, changes labels and releases
data sets.

While a project has no lead, everybody may do everything, and whoever wants to may make themselves
lead: `annotator people news.db --role iva=lead`. From then on only a lead changes the list. Somebody
who is not on it is an annotator.

Who is taken off the list keeps what they did and what they were assigned; `annotator assign` with
--take-back or --from moves that to others."""

EXAMPLES = (
    "annotator people news.db",
    "annotator people news.db --role iva=lead --as iva",
    "annotator people news.db --add boris:annotator --add vera:adjudicator",
    "annotator people news.db --remove boris",
)


def arguments(parser: "ArgumentParser") -> None:
    """Arguments of `people`."""
    common.project(parser)
    parser.add_argument(
        "--add",
        metavar="NAME[:ROLE]",
        action="append",
        default=[],
        help="put somebody on the list, as annotator unless the role is said; may be repeated",
    )
    parser.add_argument(
        "--role",
        metavar="NAME=ROLE",
        action="append",
        default=[],
        help="give a role: annotator, adjudicator or lead; may be repeated",
    )
    parser.add_argument(
        "--remove",
        metavar="NAME",
        action="append",
        default=[],
        help="take somebody off the list; may be repeated",
    )
    common.json(parser, "print JSON instead of a table")
    common.actor(parser)


def run(args: "Namespace") -> int:
    """Change the list, then show it."""
    from annotator.cli import people_list

    return people_list.run(args)
