"""`annotator PROJECT`: the interface."""

from argparse import Namespace
from pathlib import Path

from annotator import config
from annotator.model.errors import AnnotatorError
from annotator.store.address import Place, place_of, typed


def run(args: Namespace) -> int:
    """Open the project in the interface; the exit code is the interface's."""
    return interface(args, existing(args.project), article=args.article, queue=args.queue)


def existing(project: str) -> Place:
    """Where a project is that is there; raises AnnotatorError when no file is."""
    path = place_of(project)
    if isinstance(path, Path) and not path.exists():
        raise AnnotatorError(
            f"There is no project at {path}: check its name, make one with `annotator init {typed(path)}`, "
            f"or from articles with `annotator import {typed(path)} SOURCE`."
        )
    return path


def interface(args: Namespace, path: Place, article: str | None = None, queue: bool = False) -> int:
    """Start the interface on a project."""
    settings = config.read()
    actor = config.who(args.actor, settings)
    from annotator.tui.start import start

    return start(path, actor, settings, article=article, queue=queue, mouse=args.mouse)
