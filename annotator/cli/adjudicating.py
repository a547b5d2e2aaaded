"""`annotator adjudicate`: the screen, decisions by rule, and lists of what is open."""

import os
import tempfile
from argparse import Namespace
from pathlib import Path

from annotator import config
from annotator.cli import out
from annotator.cli.bars import Bars
from annotator.cli.open import existing
from annotator.gold.adjudication.automatic import Rules
from annotator.lead.accepting import Accepted, accept
from annotator.lead.adjudication_queue import Options, Waiting
from annotator.lead.adjudication_report import Report, report
from annotator.model.errors import AnnotatorError
from annotator.model.person import Role
from annotator.store import adjudicated
from annotator.store.address import Place
from annotator.store.project import Project


def run(args: Namespace) -> int:
    """Open the screen, or do what was asked without one."""
    path = existing(args.project)
    options = _options(args)
    if args.list:
        return _list(path, args, options)
    if args.discuss:
        return _discuss(path, args, options)
    settings = config.read()
    actor = config.who(args.actor, settings)
    if args.accept:
        return _accept(path, actor, args, options)
    if args.dry_run or args.json:
        raise AnnotatorError("--dry-run and --json go with --accept or --list.")
    from annotator.tui.adjudicate_app import start

    return start(path, actor, settings, options, args.article, args.mouse)


def _options(args: Namespace) -> Options:
    for name in ("audit", "second", "threshold"):
        if not 0 <= getattr(args, name) <= 1:
            raise AnnotatorError(f"--{name} is a share: give a number from 0 to 1.")
    if args.annotators < 0:
        raise AnnotatorError("--annotators is how many must have finished an article: 1 or more.")
    return Options(
        wanted=args.annotators,
        review=args.review,
        own=args.own,
        blind=args.blind,
        second=args.second,
        model=args.model,
        audit=args.audit,
    )


# --- by rule


def _accept(path: Place, actor: str, args: Namespace, options: Options) -> int:
    if options.second:
        raise AnnotatorError("A second opinion is given item by item: leave --accept out.")
    with Project.open(path, actor, readonly=args.dry_run) as project, Bars() as bars:
        project.require(Role.ADJUDICATOR, "adjudicate")
        waiting = Waiting(project, options)
        total = len(waiting.articles)
        rules = _rules(args, options)
        if rules.posterior is not None:
            with bars.phase("model", total, "articles") as phase:
                waiting.ask_model(lambda: phase.advance(1))
        found = Accepted()
        with bars.phase("articles", total, "articles") as phase:
            for step in accept(project, waiting, rules, args.dry_run):
                found = step
                phase.advance(1)
        left_out = waiting.own
    if args.json:
        out.print_json(
            {
                "dry_run": args.dry_run,
                "articles": found.articles,
                "changed": found.changed,
                "accepted": dict(found.methods),
                "own": left_out,
            }
        )
        return 0
    _say_accepted(found, args.dry_run, left_out)
    return 0


def _rules(args: Namespace, options: Options) -> Rules:
    return Rules(
        unanimous=True,
        majority=0.5 if args.accept == "majority" else None,
        posterior=args.threshold if args.accept == "dawid-skene" else None,
        audit=options.audit,
    )


def _say_accepted(found: Accepted, dry_run: bool, own: int) -> None:
    verb = "would be accepted" if dry_run else "accepted"
    count = found.methods.total()
    out.say(
        f"{out.counted(count, 'item')} {verb} in {out.number(found.changed)} of "
        f"{out.counted(found.articles, 'article')} that are ready."
    )
    for method, number in sorted(found.methods.items()):
        out.say(f"  {method}: {out.number(number)}")
    if own:
        out.say(f"{out.counted(own, 'article')} left out, which you annotated yourself (--own).")


# --- lists


def _list(path: Place, args: Namespace, options: Options) -> int:
    actor = config.who(args.actor, config.read())
    with Project.open(path, actor, readonly=True) as project, Bars() as bars:
        project.require(Role.ADJUDICATOR, "see what annotators differ on")
        everything = Options(options.wanted, options.review, own=True, audit=options.audit)
        total = len(adjudicated.finished(project, options.wanted))
        with bars.phase("articles", total, "articles") as phase:
            found = report(project, everything, lambda: phase.advance(1))
    if args.json:
        out.print_json(found.json())
    else:
        _print(found, args.article or "")
    return 0


def _print(found: Report, article: str) -> None:
    total = found.total
    ready = out.counted(len(found.articles), "article")
    out.say(
        f"{ready} ready, {out.number(found.waiting)} begun but not ready; "
        f"{out.counted(total.left, 'item')} to look at, {out.number(total.acceptable)} agreed on "
        "and not accepted yet."
    )
    if found.open:
        out.table("Open items by category", ("category", "items>"), list(found.open.items()))
    rows = [
        (
            each.article,
            each.stage,
            each.items,
            each.left,
            each.acceptable,
            each.states.get("discuss", 0),
            "—" if each.agreement is None else f"{each.agreement:.2f}",
        )
        for each in found.articles
        if (each.left or each.acceptable or each.states.get("discuss"))
        and article in ("", each.article)
    ]
    if rows:
        heads = ("article", "stage", "items>", "left>", "agreed>", "discuss>", "agreement>")
        out.table("Articles with open items", heads, rows)
    if found.pairs:
        pairs = [
            (each.one, each.other, each.items, each.same, f"{each.share or 0:.2f}")
            for each in found.pairs
        ]
        columns = ("adjudicator", "and", "items>", "same>", "agreement>")
        out.table("Decided by two people", columns, pairs)
        for name, key in found.differing:
            out.say(f"  differs: {name} {key}")
    if found.disputed:
        both = [
            (d.article, *(f"{who}: {said}" for who, said in d.opinions)) for d in found.disputed
        ]
        title = "Two opinions, to be settled (filter state:disputed)"
        out.table(title, ("article", "first opinion", "second opinion"), both)
    if found.own:
        out.say(
            f"{out.counted(found.own, 'decision')} by people on what they annotated themselves."
        )


def _discuss(path: Place, args: Namespace, options: Options) -> int:
    from annotator.lead.discussing import to_discuss

    actor = config.who(args.actor, config.read())
    with Project.open(path, actor, readonly=True) as project:
        project.require(Role.ADJUDICATOR, "see what annotators differ on")
        everything = Options(options.wanted, options.review, own=True, audit=options.audit)
        text, count = to_discuss(project, everything)
    if args.discuss == "-":
        for line in text.splitlines():
            out.say(line)
        return 0
    target = Path(args.discuss)
    _write(target, text)
    out.say(f"{out.counted(count, 'item')} to discuss, written to {target}.")
    return 0


def _write(target: Path, text: str) -> None:
    """Write a whole file or none."""
    folder = target.parent if str(target.parent) else Path()
    with tempfile.NamedTemporaryFile(
        "w", dir=folder, delete=False, encoding="utf-8", newline="\n"
    ) as part:
        part.write(text)
    os.replace(part.name, target)
