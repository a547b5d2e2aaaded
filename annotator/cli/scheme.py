"""`annotator scheme`: look at a project's scheme and change it while work goes on."""

from argparse import Namespace
from collections.abc import Callable, Mapping
from pathlib import Path

from annotator import config
from annotator.cli import out, scheme_views
from annotator.cli.init import named_scheme
from annotator.model import scheme_change, scheme_diff
from annotator.model.errors import AnnotatorError
from annotator.model.person import Role
from annotator.model.scheme import Label, Scheme
from annotator.model.scheme_change import SchemeChange, find_layer
from annotator.store.address import typed
from annotator.store.project import Project
from annotator.store.relabelling import Relabelled


def run(args: Namespace) -> int:
    """Do what the word after the project says; without one show the scheme."""
    word = args.word or "show"
    if word in CHANGES:
        return _change(args, CHANGES[word])
    with Project.open(args.project, readonly=True) as project:
        views: Mapping[str, Callable[[], None]] = {
            "show": lambda: scheme_views.show(project, getattr(args, "json", False)),
            "diff": lambda: scheme_views.diff(_load(project.scheme, args), args.json),
            "pending": lambda: scheme_views.pending(project, args.json),
            "history": lambda: scheme_views.history(project, args.json),
        }
        views[word]()
    return 0


def _change(args: Namespace, made: Callable[[Scheme, Namespace], SchemeChange]) -> int:
    """Make a change, or with --dry-run only say what it would be."""
    actor = config.who(args.actor, config.read())
    with Project.open(args.project, "" if args.dry_run else actor, args.dry_run) as project:
        change = made(project.scheme, args)
        if args.dry_run:
            scheme_views.diff(change, args.json)
            return 0
        project.require(Role.LEAD, "change the scheme")
        done = project.relabel(change)
        left = project.labels.count_undecided()
    if args.json:
        out.print_json(scheme_views.change_json(change, done, left))
    else:
        _say(args.project, change, done, left)
    return 0


def _say(project: str, change: SchemeChange, done: Relabelled, left: int) -> None:
    """What was changed, relabelled and left to people."""
    for line in scheme_diff.differences(change.before, change.after):
        out.say(line)
    if not change.changes:
        out.say("The scheme says so already.")
    if done.annotations:
        relabelled = out.counted(done.annotations, "annotation")
        out.say(f"{relabelled} relabelled in {out.counted(done.works, 'article')}.")
    if done.joined:
        out.say(f"{out.number(done.joined)} of them had that very label already and are one now.")
    if left:
        out.say(
            f"To be decided again: {out.counted(left, 'annotation')}; "
            f"annotator scheme {typed(project)} pending lists them."
        )


def _add(scheme: Scheme, args: Namespace) -> SchemeChange:
    layer = find_layer(scheme, args.layer)
    label = Label(args.label, args.key, args.title, args.color, args.description, tuple(args.alias))
    return scheme_change.add(scheme, layer, label)


def _rename(scheme: Scheme, args: Namespace) -> SchemeChange:
    layer = find_layer(scheme, args.layer, args.old)
    return scheme_change.rename(scheme, layer, args.old, args.new, args.title)


def _retire(scheme: Scheme, args: Namespace) -> SchemeChange:
    layer = find_layer(scheme, args.layer, args.label)
    return scheme_change.retire(scheme, layer, args.label, args.into)


def _split(scheme: Scheme, args: Namespace) -> SchemeChange:
    layer = find_layer(scheme, args.layer, args.label)
    parts = [part.partition("=")[::2] for part in args.into]
    return scheme_change.split(scheme, layer, args.label, parts)


def _load(scheme: Scheme, args: Namespace) -> SchemeChange:
    if Path(args.file).suffix == ".db":
        raise AnnotatorError(f"{args.file} is no scheme file; name a TOML file.")
    return scheme_diff.load(scheme, named_scheme(args.file))


def _relabel(scheme: Scheme, _args: Namespace) -> SchemeChange:
    return SchemeChange("relabel", "relabel what came in later", scheme, scheme)


CHANGES: Mapping[str, Callable[[Scheme, Namespace], SchemeChange]] = {
    "add": _add,
    "rename": _rename,
    "retire": _retire,
    "split": _split,
    "load": _load,
    "relabel": _relabel,
}
"""The words that change something."""
