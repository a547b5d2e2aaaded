"""`annotator send`: what somebody lacks of a project, as one file that can be mailed."""

from annotator.cli import arguments as common

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

TEXT = """\
The file holds articles and decisions, compressed and with a checksum over every byte: what arrives
damaged is refused. `annotator receive` takes it into a copy of the project, or makes a project of it.

With --to NAME it is a handout: a copy for one annotator who is to be blind to the others. It holds the
scheme, the guidelines, the people, the articles assigned to NAME (all of them where nobody was
assigned any), what is suggested for these, and NAME's own work; nothing of anybody else's. Articles
open to whoever comes first are not in it: assign them before.

With --since FILE only what was unknown to who made that file is sent: the handout a lead sent you, or
the last file you sent the lead. Without it all is sent, which is always right and larger."""

EXAMPLES = (
    "annotator send news.db iva.annotator --to iva         # the lead, to begin with",
    "annotator send iva.db monday.annotator --since iva.annotator   # iva, her work",
    "annotator send iva.db tuesday.annotator --since monday.annotator",
    "annotator send news.db everything.annotator",
)


def arguments(parser: "ArgumentParser") -> None:
    """Arguments of `send`."""
    common.project(parser)
    parser.add_argument("target", metavar="FILE.annotator", help="the file to be made")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--to", metavar="NAME", default="", help="only what this annotator may see")
    what.add_argument("--since", metavar="FILE", help="only what is newer than this bundle")
    parser.add_argument(
        "--only-work-of",
        dest="only",
        metavar="NAME",
        default="",
        help="only sittings in which nobody but NAME decided anything, and their articles",
    )
    common.json(parser, "print JSON instead of a sentence")
    common.actor(parser)


def run(args: "Namespace") -> int:
    """Write the file."""
    from pathlib import Path

    from annotator import config
    from annotator.cli import out
    from annotator.cli.bars import Bars
    from annotator.cli.merging import Stages
    from annotator.cli.open import existing
    from annotator.model.errors import AnnotatorError
    from annotator.model.person import Role, person_of
    from annotator.store import receiving
    from annotator.store.handing import What
    from annotator.store.project import Project

    if args.to and args.only:
        raise AnnotatorError("--to says whose copy it is and --only-work-of whose work: say one.")
    path = existing(args.project)
    what = receiving.since(Path(args.since)) if args.since else What()
    what = what._replace(to=args.to, only=args.only)
    actor = config.who(args.actor, config.read())
    with Project.open(path, actor, readonly=True) as project, Bars() as bars:
        if args.to and args.to != person_of(actor)[0]:
            project.require(Role.LEAD, "hand out copies for others")
        stages = Stages(bars)
        try:
            sent = project.send(args.target, what, stages)
        finally:
            stages.end()
    if args.json:
        out.print_json({**sent._asdict(), "path": str(sent.path), "to": args.to})
        return 0
    whose = f" for {args.to}" if args.to else ""
    out.say(
        f"{sent.path}{whose}: {out.counted(sent.articles, 'article')} and "
        f"{out.counted(sent.events, 'event')}, {out.number(max(sent.size // 1024, 1))} KB."
    )
    if sent.left_out:
        out.say(
            f"Left out: {out.counted(sent.left_out, 'sitting')} with work of {args.only} in which "
            "others' work came in too."
        )
    return 0
