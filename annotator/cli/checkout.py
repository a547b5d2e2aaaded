"""`annotator checkout`: a copy to work in without a connection."""

from annotator.cli import arguments as common

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from annotator.store.project import Project

TEXT = """\
Makes LOCAL.db with what you need of a project on a server, or in a file: the scheme, the guidelines, the
articles that you are to do, did or took, what is suggested for these, and all you did so far. Nothing of
anybody else's work is in it. Work in it as long as you like, on the train, without a connection.

Then `annotator merge SERVER LOCAL.db` brings your work back, and `annotator merge LOCAL.db SERVER` fetches
what is new for you: more articles, another version of the scheme, what was taken back. Both can be
given in any order and as often as you like. What changed meanwhile is told, and two versions of one thing
that you made in two places are a conflict (see `annotator merge --help`).

Articles open to whoever comes first are not in it, for without a connection nobody knows who came
first: those that you have taken are. With --whole it is a copy of everything, which only leads make."""

EXAMPLES = (
    "annotator checkout postgresql://iva@db.example.org/news train.db",
    "annotator checkout news.db boris.db --to boris --as lena    # the lead, for somebody else",
)


def arguments(parser: "ArgumentParser") -> None:
    """Arguments of `checkout`."""
    common.project(parser)
    parser.add_argument("target", metavar="LOCAL.db", help="the file to be made")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--to", metavar="NAME", default="", help="for this annotator (default: you)")
    what.add_argument(
        "--whole", action="store_true", help="a copy of the whole project, for a lead"
    )
    common.json(parser, "print JSON instead of sentences")
    common.actor(parser)


def run(args: "Namespace") -> int:
    """Make the copy."""
    from pathlib import Path

    from annotator import config
    from annotator.cli import merging, out
    from annotator.cli.bars import Bars
    from annotator.cli.open import existing
    from annotator.model.person import Role, person_of
    from annotator.store.address import typed
    from annotator.store.project import Project

    target = Path(args.target)
    actor = config.who(args.actor, config.read())
    name = "" if args.whole else args.to or person_of(actor)[0]
    with Project.open(existing(args.project), actor, readonly=True) as project, Bars() as bars:
        if name != person_of(actor)[0]:
            project.require(Role.LEAD, "check out what is not theirs")
        stages = merging.Stages(bars)
        try:
            if name:
                project.check_out(target, name, stages)
            else:
                project.backup(target, stages)
        finally:
            stages.end()
    with Project.open(target, actor) as made:
        _finish(made)
        articles, events = made.count(), sum(made.vector().values())
    if args.json:
        about = {"path": str(target), "to": name, "articles": articles, "events": events}
        out.print_json({"project": args.project, **about})
        return 0
    whose = f" for {name}" if name else ", the whole project"
    out.say(f"{target}{whose}: {out.counted(articles, 'article')}, {out.counted(events, 'event')}.")
    if name:
        out.say(f"  to work in it       annotator {typed(target)}")
        out.say(f"  to bring it back    annotator merge {typed(args.project)} {typed(target)}")
    return 0


def _finish(made: "Project") -> None:
    """Index what came, so that it can be searched on the way."""
    from annotator.cli import passes
    from annotator.cli.bars import Bars

    with Bars() as bars:
        passes.index_words(made, bars)
