"""`annotator backup` and `annotator restore`."""

import time
from argparse import Namespace
from pathlib import Path

from annotator.cli.out import duration, number, say
from annotator.store.project import Project


def run(args: Namespace) -> int:
    """Copy the project; the copy's path is printed."""
    source = Path(args.project)
    target = Path(args.target) if args.target else _beside(source)
    began = time.monotonic()
    with Project.open(source, readonly=True) as project:
        articles = project.count()
        project.backup(target)
    taken = duration(time.monotonic() - began)
    say(f"{target}: {number(articles)} articles, copied and checked in {taken}.")
    return 0


def restore(args: Namespace) -> int:
    """Make a project from a backup."""
    target = Path(args.project)
    Project.restore(Path(args.backup), target)
    with Project.open(target, readonly=True) as project:
        say(f"{target}: {number(project.count())} articles, restored from {args.backup}.")
    return 0


def _beside(source: Path) -> Path:
    """A name for a backup of now: `news-20260514-093000.db` beside `news.db`."""
    return source.with_name(f"{source.stem}-{time.strftime('%Y%m%d-%H%M%S')}{source.suffix}")
