"""`annotator demo`: the sample articles in a throw-away project."""

import importlib.util
import tempfile
from argparse import Namespace
from pathlib import Path
from types import ModuleType

import annotator
from annotator import config
from annotator.cli import out
from annotator.cli.bars import Bars
from annotator.cli.import_ import articles, finish
from annotator.cli.intake import Intake, Wishes
from annotator.cli.open import interface
from annotator.cli.parser import parser
from annotator.cli.report import Report
from annotator.cli.sources import sources
from annotator.cli.table import COMMANDS
from annotator.model import scheme_file
from annotator.model.errors import AnnotatorError
from annotator.store import engine
from annotator.store.project import Project


def run(args: Namespace) -> int:
    """Make the project, open it, and delete it unless it is to be kept."""
    with tempfile.TemporaryDirectory(prefix="annotator-demo-") as folder:
        path = Path(args.keep) if args.keep else Path(folder) / "demo.db"
        actor = config.who(args.actor, config.read())
        count = make(path, Path(folder), actor)
        out.say(f"{path}: {count} sample articles" + ("" if args.keep else " (a throw-away copy)"))
        return 0 if args.no_open else interface(args, path)


def make(path: Path, folder: Path, actor: str) -> int:
    """Make a project of the sample articles, the way a user would: from a scraper's table.

    Args:
        path: the project to make.
        folder: where the table may be put.
        actor: who makes it.

    Returns:
        The number of articles.

    Raises:
        AnnotatorError: there is something at `path`, or the samples are not installed.
    """
    table = folder / "samples.sqlite"
    _builder().build(table, engine.MODULE)
    with Project.create(path, scheme_file.preset("news"), actor) as project, Bars() as bars:
        report = Report(str(path), Intake(project, Wishes()))
        args = parser(COMMANDS["import"]).parse_args([str(path), str(table)])
        articles(sources(args, path), report, bars)
        finish(project, report, bars)
        return project.count()


def _builder() -> ModuleType:
    """`sample_data/build.py`, which lies in the installed package or beside it in a checkout."""
    package = Path(annotator.__file__).parent
    for folder in (package / "sample_data", package.parent / "sample_data"):
        spec = importlib.util.spec_from_file_location("annotator_samples", folder / "build.py")
        if spec is not None and spec.loader is not None and (folder / "build.py").is_file():
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            return module
    raise AnnotatorError("The sample articles are not installed; install annotator again.")
