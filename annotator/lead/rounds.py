"""Rounds begun and closed: a pilot ends when agreement is good enough, or with a reason."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from annotator.gold.agreement.counting import layer_kinds
from annotator.gold.agreement.figures import metrics
from annotator.gold.agreement.report import Figure, LayerReport, Metric
from annotator.model.errors import AnnotatorError
from annotator.model.slot import Round, Stage
from annotator.store.project import Project

LONGEST = 40
"""Characters of a round's name."""


class Measured(NamedTuple):
    """A target, and what was reached."""

    target: str
    """`layer.metric`, or `metric` for every layer that has it."""
    layer: str
    """"" where nothing was measured."""
    wanted: float
    value: float | None
    low: float | None
    """The lower end of the interval, which is to reach what is wanted."""
    why: str = ""
    """Why there is no number."""

    @property
    def is_met(self) -> bool:
        """Whether the lower end of the interval reaches it."""
        return self.low is not None and self.low >= self.wanted


def read_targets(project: Project, words: Sequence[str]) -> dict[str, float]:
    """Targets such as `entities.strict_f1=0.8`, by name.

    Raises:
        AnnotatorError: no such layer or metric, or no number from 0 to 1.
    """
    found = {}
    for each in words:
        name, _, number = each.partition("=")
        layer, dot, metric = name.strip().rpartition(".")
        if dot and project.scheme.layer(layer) is None:
            known = ", ".join(one.name for one in project.scheme.layers)
            raise AnnotatorError(f"There is no layer {layer!r}; there are {known}.")
        if metric not in [*Metric]:
            raise AnnotatorError(
                f"Nothing is measured that is called {metric!r}; there are {', '.join(Metric)}."
            )
        kinds = [one for one in layer_kinds(project.scheme) if layer in ("", one.name)]
        if all(metric not in metrics(one) for one in kinds):
            known = "; ".join(f"{one.name}: {', '.join(metrics(one))}" for one in kinds)
            where = layer or "any layer"
            raise AnnotatorError(f"No {metric} is measured in {where}; there are {known}.")
        try:
            value = float(number)
        except ValueError:
            value = -1
        if not 0 <= value <= 1:
            raise AnnotatorError(f"A target is a number from 0 to 1: {metric}=0.8, not {each!r}.")
        found[name.strip()] = value
    return found


def start(project: Project, name: str, stage: Stage, targets: Mapping[str, float]) -> Round:
    """Begin a round under the guidelines that hold now, or give one that is open other targets.

    Raises:
        AnnotatorError: the name is not possible, or the round was closed or has another stage.
    """
    if (
        not name
        or len(name) > LONGEST
        or not name.isprintable()
        or ":" in name
        or name != name.strip()
    ):
        raise AnnotatorError(
            f"{name[:LONGEST]!r} cannot be a round's name: use 1 to {LONGEST} printable characters "
            "without ':'."
        )
    old = project.rounds().get(name)
    if old is not None and old.closed:
        raise AnnotatorError(f"Round {name} was closed; begin one with another name.")
    if old is not None and old.stage is not stage:
        raise AnnotatorError(f"Round {name} goes on already, as {old.stage}.")
    version = old.guidelines if old else project.guidelines().guidelines.version
    made = Round(name, stage, version, targets or (old.targets if old else {}))
    project.set_round(made)
    return made


def measured(project: Project, of_round: Round) -> list[Measured]:
    """What a round's targets came to; [] when it has none."""
    if not of_round.targets:
        return []
    from annotator.lead.measuring import Scope, measure

    also = tuple(Metric(name.rpartition(".")[2]) for name in of_round.targets)
    report = measure(project, Scope(rounds=(of_round.name,)), also=also)
    found = []
    for target, wanted in sorted(of_round.targets.items()):
        name, _, metric = target.rpartition(".")
        layers = [one for one in report.layers if name in ("", one.layer)]
        of_target = [
            _measured(target, one.layer, wanted, figure)
            for one in layers
            if (figure := _figure(one, Metric(metric))) is not None
        ]
        why = "nothing in this round was annotated by two people"
        found += of_target or [Measured(target, name, wanted, None, None, why)]
    return found


def _figure(layer: LayerReport, metric: Metric) -> Figure | None:
    return layer.figures.get(metric) or layer.on_request.get(metric)


def _measured(target: str, layer: str, wanted: float, figure: Figure) -> Measured:
    why = figure.why_undefined
    if figure.value is not None and figure.low is None:
        why = "there are too few articles for an interval"
    return Measured(target, layer, wanted, figure.value, figure.low, why)


def close(project: Project, name: str, reason: str) -> tuple[Round, list[Measured]]:
    """Close a round, and what its targets came to; closed already it stays as it is.

    Raises:
        AnnotatorError: there is no such round, or it missed a target and no reason is given.
    """
    old = project.rounds().get(name)
    if old is None:
        known = ", ".join(project.rounds()) or "none yet"
        raise AnnotatorError(f"There is no round {name!r}; there are: {known}.")
    if old.closed:
        return old, []
    results = measured(project, old)
    missed = [each for each in results if not each.is_met]
    if missed and not reason:
        raise AnnotatorError(
            f"Round {name} missed {'; '.join(map(said, missed))}. Clear up why and begin another "
            "round, or close it with --reason."
        )
    new = old._replace(closed=True, reason=reason)
    project.set_round(new)
    return new, results


def said(each: Measured) -> str:
    """A target and what it came to, in words."""
    metric = each.target.rpartition(".")[2]
    name = f"{each.layer}.{metric}" if each.layer else metric
    if each.low is not None:
        return f"{name}: at least {each.low:.2f} ({each.value:.2f}), wanted {each.wanted:g}"
    value = "—" if each.value is None else f"{each.value:.2f}"
    return f"{name}: {value}, wanted {each.wanted:g} ({each.why})"
