"""`annotator adopt`: changed texts take their articles' places, and what that means for the work."""

from argparse import Namespace
from collections.abc import Sequence
from typing import Any

from annotator import config
from annotator.cli import out
from annotator.cli.open import existing
from annotator.model.errors import AnnotatorError
from annotator.model.person import Role
from annotator.store.adopting import Adopted, Carried
from annotator.store.gone import Why
from annotator.store.project import Project

SHOWN = 10
"""Spans whose text is gone that are listed of one annotator."""
QUOTED = 60


def run(args: Namespace) -> int:
    """Adopt, list or take back."""
    path = existing(args.project)
    if bool(args.article) + bool(args.all) + bool(args.undo) + args.list != 1:
        raise AnnotatorError(
            "Name the changed text (ID@HEX), or say --all, --list or --undo ID@HEX, one of the four."
        )
    if args.undo and args.dry_run:
        raise AnnotatorError("--undo has no --dry-run; adopting again is as easy.")
    actor = config.who(args.actor, config.read())
    with Project.open(path, actor, readonly=args.list or args.dry_run) as project:
        if args.list:
            return _list(project, args.json)
        project.require(Role.LEAD, "adopt changed texts")
        if args.undo:
            done = [project.unadopt(args.undo)]
        else:
            names = [args.article] if args.article else _newest(project)
            done = [project.adopt(name, args.dry_run) for name in names]
    if args.json:
        out.print_json([_json(each) for each in done])
    else:
        _tell(done, args)
    return 0


def _newest(project: Project) -> list[str]:
    """Of each article the changed text that came last."""
    return list(dict(project.changed_texts()).values())


def _list(project: Project, as_json: bool) -> int:
    waiting = project.changed_texts()
    adopted = [each for each in project.gone().values() if each.why is Why.REPLACED]
    if as_json:
        told = [{"article": old, "changed": new, "adopted": False} for old, new in waiting]
        told += [{"article": e.article, "changed": e.by, "adopted": True} for e in adopted]
        out.print_json(told)
        return 0
    for old, new in waiting:
        out.say(f"{new}  waits: a changed text of {old}")
    for each in adopted:
        out.say(f"{each.by}  in the place of {each.article} since {each.day}, by {each.actor}")
    if not (waiting or adopted):
        out.say("No article came in again with a changed text.")
    return 0


def _tell(done: Sequence[Adopted], args: Namespace) -> None:
    if not done:
        out.say("No changed text waits to be adopted.")
    for each in done:
        olds = ", ".join((each.old, *each.also))
        if args.undo:
            out.say(f"{olds}: worked on again; {each.new} is an article of its own again.")
            if each.slots:
                out.say(f"  Taken back from {', '.join(each.slots)}, who had not begun it.")
            continue
        verb = "would take" if args.dry_run else "takes"
        out.say(f"{each.new} {verb} the place of {olds}.")
        for carried in each.carried:
            _tell_carried(carried, each.held_out)
        if each.slots:
            out.say(f"  Assigned to {', '.join(each.slots)}, as the old text was.")
        if each.split:
            out.say(f"  Split: {each.split}, as the old text's.")
        if each.decisions:
            out.say(f"  {out.counted(each.decisions, 'adjudicated item')} must be decided anew.")


def _tell_carried(carried: Carried, held_out: bool) -> None:
    total = carried.found + len(carried.lost)
    told = "found in the new text, suggested to them alone"
    if held_out:
        told = "found in the new text, but not suggested, for the article is in the test split"
    out.say(f"  {carried.actor}: {carried.found} of {out.counted(total, 'span')} {told}.")
    for layer, label, surface in carried.lost[:SHOWN]:
        out.say(f"    gone: {layer} {label} {_quoted(surface)}")
    if len(carried.lost) > SHOWN:
        out.say(f"    and {len(carried.lost) - SHOWN} more (--json lists them)")
    if carried.stances:
        out.say(
            f"    {out.counted(carried.stances, 'stance')} to be given again; "
            f"{carried.evidence_found} of {carried.evidence} stretches of evidence "
            "found in the new text."
        )


def _quoted(surface: str) -> str:
    shown = " ".join(surface.split())
    return f'"{shown[: QUOTED - 1]}…"' if len(shown) > QUOTED else f'"{shown}"'


def _json(each: Adopted) -> dict[str, Any]:
    return {**each._asdict(), "carried": [carried._asdict() for carried in each.carried]}
