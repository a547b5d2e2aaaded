"""`annotator receive`: take in a file that `annotator send` made."""

from annotator.cli import arguments as common

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

TEXT = """\
Every byte of the file is checked before anything is written. Where there is no project at PROJECT
it is made: a copy of the sender's, or with a handout a copy of one annotator's part. Else the file's
articles and decisions are taken in as `annotator merge` does it, any number of times and in any order,
and conflicts are shown the same way. The exit code is 1 while there are open conflicts."""

EXAMPLES = (
    "annotator receive iva.db iva.annotator               # iva, to begin with",
    "annotator receive news.db monday.annotator           # the lead, iva's work",
    "annotator receive news.db monday.annotator --dry-run",
)


def arguments(parser: "ArgumentParser") -> None:
    """Arguments of `receive`."""
    common.project(parser, "the project, or a new file")
    parser.add_argument("bundle", metavar="FILE.annotator", help="the file that was sent")
    parser.add_argument("--dry-run", action="store_true", help="only say what would come in")
    common.json(parser)
    common.actor(parser)


def run(args: "Namespace") -> int:
    """Take the file in; 1 when conflicts are open."""
    from pathlib import Path

    from annotator import config
    from annotator.cli import merging, out
    from annotator.cli.bars import Bars
    from annotator.store import receiving
    from annotator.store.address import place_of
    from annotator.store.project import Project

    path, bundle = place_of(args.project), Path(args.bundle)
    actor = config.who(args.actor, config.read())
    new = not receiving.is_there(path)
    if new and args.dry_run:
        made = receiving.manifest(bundle)
        if args.json:
            told = ("scheme", "to", "by", "made", "articles")
            about = {name: getattr(made, name) for name in told}
            out.print_json({"project": args.project, "would_be_made": True, **about})
            return 0
        out.say(
            f"{path} would be made: a copy of {made.scheme}"
            + (f" for {made.to}." if made.to else ".")
        )
        return 0
    merged = []
    with Bars() as bars:
        stages = merging.Stages(bars)
        try:
            if new:
                merged.append(receiving.create(path, bundle, actor, stages))
            else:
                with Project.open(path, "" if args.dry_run else actor, args.dry_run) as project:
                    merged.append(project.receive(bundle, args.dry_run, stages))
        finally:
            stages.end()
    with Project.open(path, actor, args.dry_run) as project:
        if not args.dry_run:
            merging.finish(project, merged)
        conflicts = project.conflicts()
    if args.json:
        out.print_json(merging.as_json(args.project, merged, conflicts))
        return merging.exit_code(merged, conflicts)
    if new:
        out.say(f"{path} was made.")
    merging.print_merged(merged, args.dry_run)
    merging.print_conflicts(args.project, conflicts, merging.MOST)
    return merging.exit_code(merged, conflicts)
