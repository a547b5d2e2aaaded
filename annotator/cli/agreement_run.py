"""`annotator agreement`: measure, print, and judge."""

from argparse import Namespace

from annotator import config
from annotator.cli import out
from annotator.cli.agreement import ALSO
from annotator.cli.agreement_report import decimal, print_report
from annotator.cli.bars import Bars
from annotator.cli.open import existing
from annotator.cli.passes import processors
from annotator.gold.agreement.report import Metric, Report, Scope
from annotator.gold.agreement.report_json import to_json
from annotator.lead.measuring import measure
from annotator.model.errors import AnnotatorError
from annotator.model.person import Role
from annotator.store.address import may_be_written
from annotator.store.project import Project

Goal = tuple[str, Metric, float]
"""A layer ("" for all), a metric, and what its lower end has to reach."""


def run(args: Namespace) -> int:
    """Measure agreement; 1 when a goal of `--fail-under` is missed."""
    path = existing(args.project)
    goals = [_goal(words) for words in args.fail_under or ()]
    also = _also(args.also)
    if args.worst is not None and args.worst < 1:
        raise AnnotatorError("--worst is a number of articles, 1 or more.")
    actor = config.who(args.actor, config.read())
    with Project.open(path, actor, readonly=not may_be_written(path)) as project, Bars() as bars:
        project.require(Role.ADJUDICATOR, "see agreement")
        with bars.phase("agreement", 0, "articles") as phase:

            def tell(done: int, total: int) -> None:
                phase.total = total
                phase.advance(done - phase.steps)

            report = measure(project, _scope(args), tell, also, args.bootstrap, processors())
    missed = [line for goal in goals for line in _missed(report, goal)]
    if args.json:
        out.print_json({"project": args.project, **to_json(report), "missed": missed})
    else:
        print_report(args.project, report, args)
        for line in missed:
            out.say(f"Missed: {line}")
    return 1 if missed else 0


def _scope(args: Namespace) -> Scope:
    def many(words: list[str] | None) -> tuple[str, ...]:
        return tuple(words or ())

    return Scope(
        layers=many(args.layer),
        annotators=_names(args.annotators),
        rounds=many(args.round),
        guidelines=many(args.guidelines),
        splits=many(args.split),
        languages=many(args.lang),
        sources=many(args.source),
        since=args.since or "",
        until=args.until or "",
        articles=many(args.article),
    )


def _names(words: str | None) -> tuple[str, ...]:
    return tuple(sorted({word.strip() for word in (words or "").split(",")} - {""}))


def _also(words: str | None) -> tuple[Metric, ...]:
    names = _names(words)
    for name in names:
        if name not in ALSO:
            raise AnnotatorError(f"There is no coefficient {name!r}; say {', '.join(ALSO)}.")
    return tuple(map(Metric, names))


def _goal(words: str) -> Goal:
    name, equals, value = words.partition("=")
    layer, dot, metric = name.rpartition(".")
    try:
        goal = layer if dot else "", Metric(metric), float(value)
    except ValueError as error:
        if not equals or metric in list(Metric):
            raise AnnotatorError(
                f"{words!r} is no goal; write METRIC=VALUE, such as strict_f1=0.7."
            ) from error
        names = ", ".join(Metric)
        raise AnnotatorError(f"There is no metric {metric!r}; there are: {names}.") from error
    if not -1 <= goal[-1] <= 1:  # nothing is below "nan"
        raise AnnotatorError(f"{words!r} is no goal; its value is a number from -1 to 1.")
    return goal


def _missed(report: Report, goal: Goal) -> list[str]:
    """What misses a goal, a sentence a layer."""
    name, metric, value = goal
    layers = [
        layer
        for layer in report.layers
        if (not name or layer.layer == name)
        and (metric in layer.figures or metric in layer.on_request)
    ]
    if not layers:
        where = f"in layer {name}" if name else "in any layer measured"
        raise AnnotatorError(f"There is no {metric} {where}.")
    found = []
    for layer in layers:
        figure = layer.figures.get(metric) or layer.on_request[metric]
        low = figure.low
        if low is None:
            why = figure.why_undefined or "there is no interval"
            found.append(
                f"{layer.layer}.{metric} has no lower end ({why}); {value:g} was asked for."
            )
        elif low < value:
            found.append(
                f"{layer.layer}.{metric} is {decimal(figure.value)}, its lower end {decimal(low)}; "
                f"{value:g} was asked for."
            )
    return found
