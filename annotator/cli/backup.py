"""`annotator backup` and `annotator restore`."""

import time
from argparse import Namespace
from pathlib import Path

from annotator.cli.bars import Bars
from annotator.cli.merging import Stages
from annotator.cli.out import duration, number, say
from annotator.store.address import Address, Place, place_of
from annotator.store.project import Project


def run(args: Namespace) -> int:
    """Copy the project; the copy's path is printed."""
    source = place_of(args.project)
    target = Path(args.target) if args.target else _beside(source)
    began = time.monotonic()
    with Project.open(source, readonly=True) as project, Bars() as bars:
        articles = project.count()
        stages = Stages(bars)
        try:
            project.backup(target, stages)
        finally:
            stages.end()
    taken = duration(time.monotonic() - began)
    say(f"{target}: {number(articles)} articles, copied and checked in {taken}.")
    return 0


def restore(args: Namespace) -> int:
    """Make a project from a backup."""
    target = place_of(args.project)
    put(args.backup, target)
    if isinstance(target, Address):
        say(f"  roles and grants   annotator server init '{target}'")
    return 0


def put(copy: str, target: Place) -> None:
    """Put a whole copy where there is no project, and say so."""
    with Bars() as bars:
        stages = Stages(bars)
        try:
            Project.restore(copy, target, stages)
        finally:
            stages.end()
    with Project.open(target, readonly=True) as project:
        say(f"{target}: {number(project.count())} articles, restored from {copy}.")


def _beside(source: Place) -> Path:
    """A name for a backup of now: `news-20260514-093000.db` beside `news.db`; of a server's here."""
    name = f"{source.stem}-{time.strftime('%Y%m%d-%H%M%S')}"
    if isinstance(source, Path):
        return source.with_name(f"{name}{source.suffix}")
    return Path(f"{name}.db")
