"""The list of people: changed and shown."""

import time
from argparse import Namespace
from typing import NamedTuple

from annotator import config
from annotator.cli import out
from annotator.cli.open import existing
from annotator.model.errors import AnnotatorError
from annotator.model.person import Role, is_pass
from annotator.store.address import typed
from annotator.store.project import Project
from annotator.store.slots import Load

UNLISTED = "—"
"""Shown as the role of who is on no list."""


class Line(NamedTuple):
    """Somebody, and how much they did."""

    name: str
    role: str
    """"" when they are not on the list."""
    load: Load
    finished: int
    """Articles they finished, assigned or not."""
    last: float
    """Seconds since the epoch when they last decided something; 0: never."""


def run(args: Namespace) -> int:
    """Change what was asked for, then list everybody."""
    path = existing(args.project)
    wanted = _wanted(args)
    actor = config.who(args.actor, config.read()) if wanted else ""
    with Project.open(path, actor, readonly=not wanted) as project:
        if wanted:
            listed = project.people()
            bare = {name for name in args.add if name in listed}  # whose role was not said
            project.set_people({**wanted, **{name: listed[name].role for name in bare}})
        lines = _lines(project)
    if args.json:
        out.print_json([_json(line) for line in lines])
    elif lines:
        _show(lines)
    else:
        out.say("Nobody is on the list of people, and nobody has annotated anything yet.")
    for name in args.remove:
        left = next((line.load.left for line in lines if line.name == name), 0)
        if left:
            out.say(
                f"{name} still has {out.counted(left, 'unfinished article')}: "
                f"`annotator assign {typed(args.project)} --from {name} --to NAME` hands them over.",
                err=True,
            )
    return 0


def _wanted(args: Namespace) -> dict[str, Role | None]:
    """Who is to have which role; None takes somebody off the list."""
    wanted: dict[str, Role | None] = dict.fromkeys(args.remove)
    for words, sign in [*((one, ":") for one in args.add), *((one, "=") for one in args.role)]:
        name, found, role = words.partition(sign)
        if not found and sign == "=":
            raise AnnotatorError(f"--role takes NAME=ROLE, such as --role iva=lead, not {words!r}.")
        if name in wanted:
            raise AnnotatorError(f"{name} is named twice; say once what they shall be.")
        try:
            wanted[name] = Role(role or Role.ANNOTATOR)
        except ValueError:
            known = ", ".join(Role)
            raise AnnotatorError(f"There is no role {role!r}; there are {known}.") from None
    return wanted


def _lines(project: Project) -> list[Line]:
    people, loads, activity = project.people(), project.loads(), project.activity()
    names = {*people, *loads, *(name for name in activity if not is_pass(name))}
    return [
        Line(
            name,
            str(people[name].role) if name in people else "",
            loads.get(name, Load()),
            *activity.get(name, (0, 0.0)),
        )
        for name in sorted(names)
    ]


def _json(line: Line) -> dict[str, object]:
    return {
        "name": line.name,
        "role": line.role or None,
        "assigned": line.load.assigned,
        "assigned_finished": line.load.done + line.load.skipped,
        "finished": line.finished,
        "last": line.last or None,
    }


def _show(lines: list[Line]) -> None:
    rows = [
        (
            line.name,
            line.role or UNLISTED,
            out.number(line.load.assigned),
            out.number(line.load.done + line.load.skipped),
            out.number(line.finished),
            time.strftime("%Y-%m-%d %H:%M", time.localtime(line.last)) if line.last else "never",
        )
        for line in lines
    ]
    columns = ("name", "role", "assigned>", "of them finished>", "finished in all>", "last active")
    out.table("People", columns, rows)
    if not any(line.role == Role.LEAD for line in lines):
        out.say("There is no lead, so everybody may do everything.")
