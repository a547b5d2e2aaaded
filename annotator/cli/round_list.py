"""Rounds begun, closed and listed."""

from argparse import Namespace

from annotator import config
from annotator.cli import out
from annotator.cli.open import existing
from annotator.lead import rounds
from annotator.model.errors import AnnotatorError
from annotator.model.person import Role
from annotator.model.slot import Stage
from annotator.store.address import typed
from annotator.store.project import Project
from annotator.store.rounds import RoundState


def run(args: Namespace) -> int:
    """Begin or close a round, then list them all."""
    path = existing(args.project)
    _check(args)
    changing = args.start is not None or args.close is not None
    actor = config.who(args.actor, config.read()) if changing else ""
    with Project.open(path, actor, readonly=not changing) as project:
        if changing:
            project.require(Role.LEAD, "begin and close rounds")
            _change(project, args)
        states = project.round_states()
    if args.json:
        out.print_json([_json(state) for state in states])
    elif states:
        _show(states)
    else:
        out.say(
            f"There are no rounds; `annotator rounds {typed(args.project)} --start NAME` begins one."
        )
    return 0


def _check(args: Namespace) -> None:
    if args.start is None and (args.stage or args.target):
        raise AnnotatorError("--stage and --target go with --start NAME.")
    if args.close is None and args.reason:
        raise AnnotatorError("--reason goes with --close NAME.")


def _change(project: Project, args: Namespace) -> None:
    if args.start is not None:
        targets = rounds.read_targets(project, args.target)
        old = project.rounds().get(args.start)
        stage = Stage(args.stage or (old.stage if old else Stage.PRODUCTION))
        rounds.start(project, args.start, stage, targets)
        return
    _, results = rounds.close(project, args.close, args.reason)
    if not args.json:
        for each in results:
            out.say(f"{'Reached' if each.is_met else 'Missed'}: {rounds.said(each)}.")


def _json(state: RoundState) -> dict[str, object]:
    one = state.round
    return {
        "name": one.name,
        "stage": str(one.stage),
        "closed": one.closed,
        "reason": one.reason,
        "guidelines": one.guidelines,
        "targets": dict(one.targets),
        "articles": state.articles,
        "people": list(state.people),
        "slots": state.slots,
        "done": state.done,
    }


def _show(states: list[RoundState]) -> None:
    columns = ("name", "stage", "state", "articles>", "people", "done>", "guidelines")
    out.table("Rounds", columns, (_row(state) for state in states))
    for state in states:
        targets = sorted(state.round.targets.items())
        if targets:  # in the table they would leave the rest no room at 80 columns
            wanted = ", ".join(f"{name} {value:g}" for name, value in targets)
            out.say(f"{state.round.name} is to reach: {wanted}")
        if state.round.reason:
            out.say(f"{state.round.name} was closed because: {state.round.reason}")


def _row(state: RoundState) -> tuple[str, ...]:
    one = state.round
    return (
        one.name,
        str(one.stage),
        "closed" if one.closed else "open",
        out.number(state.articles),
        ", ".join(state.people),
        f"{out.number(state.done)} of {out.number(state.slots)}",
        one.guidelines,
    )
