"""`annotator assign`: who is to annotate what."""

from argparse import Namespace

from annotator import config
from annotator.cli import assign_report, out
from annotator.cli.bars import Bars
from annotator.cli.open import existing
from annotator.gold.assigning import read_overlap
from annotator.lead import assigning
from annotator.lead.assigning import Request
from annotator.model.errors import AnnotatorError
from annotator.model.person import Role
from annotator.store.address import Place
from annotator.store.filter_line import parse
from annotator.store.project import Project


def run(args: Namespace) -> int:
    """Assign, or only list; the exit code is 0."""
    path = existing(args.project)
    _check(args)
    if args.list:
        with Project.open(path, readonly=True) as project:
            assign_report.show_list(project, args.json)
        return 0
    actor = config.who(args.actor, config.read())
    with Project.open(path, actor, readonly=args.dry_run) as project:
        project.require(Role.LEAD, "assign articles")
        if args.take_back is not None:
            _take_back(project, args)
        elif args.giver is not None:
            _hand_over(project, args)
        else:
            _assign(project, path, args)
    return 0


def _check(args: Namespace) -> None:
    """Refuse what would not be heeded: who limits what is handed over means to hand over less."""
    choosing = ("overlap", "filter", "limit", "split", "seed")
    for way, given, unheeded in (
        ("--list", args.list, ("to", "round", *choosing)),
        ("--take-back", args.take_back is not None, ("to", *choosing)),
        ("--from", args.giver is not None, ("round", *choosing)),
    ):
        for name in unheeded:
            if given and getattr(args, name):
                raise AnnotatorError(f"--{name} has no place beside {way}; leave it out.")
    if args.to is not None and not _names(args.to):
        raise AnnotatorError("--to names nobody; leave it out for everybody on the list of people.")


def _names(words: str | None) -> tuple[str, ...]:
    return tuple(word.strip() for word in (words or "").split(",") if word.strip())


def _assign(project: Project, path: Place, args: Namespace) -> None:
    if args.limit < 0:
        raise AnnotatorError("--limit is a number of articles; leave it out for all.")
    overlap = read_overlap(args.overlap) if args.overlap else ()
    request = Request(_names(args.to), overlap, args.round, parse(args.filter), args.limit,
                      args.split, args.seed)  # fmt: skip
    if args.pool and request.people:
        raise AnnotatorError("A pool is open to everybody: leave --to out, or leave --pool out.")
    total = args.limit or project.count(request.where)
    if not project.count():
        raise AnnotatorError(f"There are no articles in {path} yet; import some first.")
    with Bars() as bars, bars.phase("assigning", total, "articles") as phase:
        do = assigning.open_pools if args.pool else assigning.assign
        report = do(project, request, args.dry_run, phase.advance)
    if args.json:
        out.print_json(assign_report.json(report, args.dry_run))
    else:
        assign_report.show(report, args.dry_run, args.pool)


def _take_back(project: Project, args: Namespace) -> None:
    name = args.take_back
    unwanted = assigning.not_begun(project, name, args.round)
    taken = len(unwanted if args.dry_run else project.take_back(unwanted))
    load = project.loads().get(name)
    kept = load.assigned - (taken if args.dry_run else 0) if load else 0
    if args.json:
        out.print_json({"taken_back": taken, "kept": kept, "dry_run": args.dry_run})
        return
    out.say(f"{out.counted(taken, 'article')} {_done(args, 'taken back')} from {name}.")
    if kept:
        out.say(f"{out.counted(kept, 'article')} stay with {name}.")


def _hand_over(project: Project, args: Namespace) -> None:
    takers = _names(args.to)
    if len(takers) != 1:
        raise AnnotatorError("Say with --to who takes over: one name.")
    (taker,) = assigning.known_people(project, takers)
    do = assigning.to_hand_over if args.dry_run else Project.hand_over
    went, stayed = do(project, args.giver, taker)
    if args.json:
        out.print_json({"handed_over": went, "kept": stayed, "dry_run": args.dry_run})
        return
    what = _done(args, "handed over")
    out.say(f"{out.counted(went, 'article')} {what} from {args.giver} to {taker}.")
    if stayed:
        out.say(f"{out.counted(stayed, 'article')} stay with {args.giver}: {taker} has them too.")


def _done(args: Namespace, what: str) -> str:
    return f"would be {what}" if args.dry_run else what
