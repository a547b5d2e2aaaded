"""`annotator check`: what is wrong with a project, as a table or as JSON."""

from argparse import Namespace
from collections import Counter

from annotator.cli import out
from annotator.model.errors import AnnotatorError
from annotator.store import check, opening
from annotator.store.address import Place, place_of
from annotator.store.problems import Problem, Severity
from annotator.store.project import Project


def run(args: Namespace) -> int:
    """Check the project; 1 when there are errors."""
    path = place_of(args.project)
    problems = _problems(path)
    counts = Counter(problem.severity for problem in problems)
    sound = not counts[Severity.ERROR]
    if args.json:
        out.print_json(_json(path, problems, sound))
    else:
        _print(path, problems, counts)
    return 0 if sound else 1


def _problems(path: Place) -> list[Problem]:
    """What a check finds, in a file that is too damaged to be opened as well.

    Raises:
        AnnotatorError: the file is not a project at all.
    """
    real = opening.check(path, readonly=True)
    try:
        with Project.open(path, readonly=True) as project:
            return project.verify()
    except AnnotatorError:
        return check.verify(real)


def _json(path: Place, problems: list[Problem], sound: bool) -> dict[str, object]:
    listed = [
        {"severity": str(p.severity), "where": p.where, "message": p.message} for p in problems
    ]
    return {"project": str(path), "sound": sound, "problems": listed}


def _print(path: Place, problems: list[Problem], counts: "Counter[Severity]") -> None:
    if problems:
        rows = [(p.severity, p.where, p.message) for p in problems]
        out.table("", ("what", "where", "finding"), rows)
    found = ", ".join(
        f"{out.number(counts[severity])} {severity}{'s' if counts[severity] != 1 else ''}"
        for severity in Severity
        if counts[severity]
    )
    if counts[Severity.ERROR]:
        out.say(f"{path} is damaged: {found}. Keep a copy of it, and restore a backup.")
    else:
        out.say(f"{path} is sound" + (f" ({found})." if found else "."))
