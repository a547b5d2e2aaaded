"""`annotator PROJECT.db`: the interface."""

from argparse import Namespace
from pathlib import Path

from annotator import config
from annotator.model.errors import AnnotatorError


def run(args: Namespace) -> int:
    """Open the project in the interface; the exit code is the interface's."""
    return interface(args, existing(args.project), article=args.article, queue=args.queue)


def existing(project: str) -> Path:
    """The path of a project that is there; raises AnnotatorError when nothing is."""
    path = Path(project)
    if not path.exists():
        raise AnnotatorError(
            f"There is no project {path}: make one with `annotator init {path}`, "
            f"or from articles with `annotator import {path} SOURCE`."
        )
    return path


def interface(args: Namespace, path: Path, article: str | None = None, queue: bool = False) -> int:
    """Start the interface on a project."""
    settings = config.read()
    actor = config.who(args.actor, settings)
    from annotator.tui.start import start

    return start(path, actor, settings, article=article, queue=queue, mouse=args.mouse)
