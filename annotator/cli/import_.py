"""`annotator import`: articles and decisions into a project, then languages and the word index."""

from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from annotator import config
from annotator.cli import out, passes, preparing
from annotator.cli.bars import Bars
from annotator.cli.failing import INTERRUPTED
from annotator.cli.intake import GIVEN, Intake, Wishes
from annotator.cli.report import Report
from annotator.cli.sources import Source, sources
from annotator.model.errors import AnnotatorError
from annotator.model.split import valid_split
from annotator.store import receiving
from annotator.store.address import Place, is_address, missing, place_of
from annotator.store.languages import checked
from annotator.store.project import Project


def run(args: Namespace) -> int:
    """Import, and report; 1 when something was refused."""
    path = place_of(args.project)
    actor = config.who(args.actor, config.read())
    if args.jobs is not None and args.jobs < 1:
        raise AnnotatorError("--jobs takes a number from 1.")
    lang = checked(args.lang) if args.lang else ""
    split = args.split if args.split in ("", GIVEN) else valid_split(args.split)
    wishes = Wishes(args.source or "", lang, args.suggestions, split)
    found = sources(args, path)
    if args.dry_run:
        with _refusals(args.refused) as refusal:
            return preparing.dry_run(args, path, found, actor, refusal)
    plan = preparing.plan(args, path, found, actor)
    with _project(path, args, actor) as project, _refusals(args.refused) as refusal:
        foreign = plan.begin(project) if plan is not None else None
        intake = Intake(project, wishes, foreign)
        intake.on_refusal = refusal
        report = Report(args.project, intake)
        interrupted = _all(project, found, report, args)
        report.cut_short = interrupted
    if args.json:
        out.print_json(report.json())
    else:
        report.print()
    if interrupted:
        out.complain("interrupted; what is in stays in, and the same command goes on from here.")
        return INTERRUPTED
    return 1 if intake.refused.count else 0


def _all(project: Project, found: list[Source], report: Report, args: Namespace) -> bool:
    """Do everything; whether Ctrl-C cut it short."""
    try:
        with Bars() as bars:
            articles(found, report, bars)
            finish(project, report, bars, args.languages, args.jobs)
    except KeyboardInterrupt:
        return True
    return False


def articles(found: list[Source], report: Report, bars: Bars) -> None:
    """Take every source in."""
    for source in found:
        with bars.phase(out.safe(source.title), source.total, "articles") as phase:
            report.articles.append(phase)
            report.intake.take(source, phase)
    report.intake.find_same_texts()


def finish(
    project: Project, report: Report, bars: Bars, languages: bool = True, jobs: int | None = None
) -> None:
    """Detect languages and index words, where that is still to do."""
    if languages:
        workers = jobs or passes.processors()
        report.languages = passes.detect_languages(project, bars, workers, report.detected)
    report.words = passes.index_words(project, bars)


def _project(path: Place, args: Namespace, actor: str) -> Project:
    """The project, made when it does not exist.

    Raises:
        AnnotatorError: it cannot be opened or made, or the scheme cannot be what was asked for.
    """
    if not receiving.is_there(path):
        if is_address(args.project):  # a mistyped name makes no database
            raise missing(path)
        if not args.sources:
            raise AnnotatorError(f"There is no project {path}; name something to import into it.")
        return Project.create(path, preparing.scheme_of(args), actor)
    if args.scheme is not None:
        raise AnnotatorError(f"{path} has a scheme already; --scheme is for a new project.")
    return Project.open(path, actor)


@contextmanager
def _refusals(name: str | None) -> Iterator[Callable[[str, str], object]]:
    """Where refusals go besides the report: a TSV file with `where` and `reason`, or nowhere."""
    if name is None:
        yield lambda _where, _reason: None
        return
    with open(name, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
        file.write("where\treason\n")
        yield lambda where, reason: file.write(f"{out.safe(where)}\t{out.safe(reason)}\n")
