"""`annotator export`: articles and decisions to files, with a proof."""

import sys
from argparse import Namespace
from pathlib import Path

from annotator.cli import out, proving
from annotator.cli.bars import Bars, Phase
from annotator.cli.export_source import source
from annotator.cli.left_out import left_out
from annotator.formats import registry
from annotator.formats.choice import Options
from annotator.formats.label_map import NO_MAP, label_map
from annotator.formats.losses import Losses
from annotator.formats.selection import Selection
from annotator.formats.table import named
from annotator.model.errors import AnnotatorError
from annotator.store.project import Project
from annotator.text.counting import Count

STDOUT = "-"


def run(args: Namespace) -> int:
    """Export, then say what went out and what the format could not carry; or prove an export."""
    if args.verify is not None:
        return proving.run(args.project, Path(args.verify))
    if args.format is None or args.output is None:
        raise AnnotatorError(
            "Say what to write and where to: --format FORMAT -o PATH; see annotator export --help"
        )
    options, selection = _options(args), _selection(args)
    to_pipe = args.output == STDOUT
    if to_pipe and sys.stdout.isatty():
        raise AnnotatorError(
            "Articles may hold characters a terminal obeys: name a file, or use - with a pipe."
        )
    replaced = not to_pipe and Path(args.output).is_file()
    with (
        Project.open(args.project, readonly=True) as project,
        Bars() as bars,
        bars.phase("writing", total(project, selection), "articles") as phase,
    ):
        if not project.sees_all():
            out.complain("With this login you see your own work only, and so does what you export.")
        losses = _export(args, project, options, selection, phase)
        gone = left_out(project, selection.release)
    if gone:
        losses.facts["left out"] = f"{gone} (annotator withdraw, annotator adopt)"
    _report(args.output, losses, replaced, to_pipe)
    return 0


def _export(
    args: Namespace, project: Project, options: Options, selection: Selection, phase: Phase
) -> Losses:
    name = args.format
    found, scheme = source(project, selection, phase)
    if args.output == STDOUT:
        pipe = sys.stdout.buffer
        return registry.export_stream(name, found, scheme, pipe, options, selection)
    path = Path(args.output)
    protect = (project.path,) if isinstance(project.path, Path) else ()
    return registry.export(name, found, scheme, path, options, protect, selection)


def _options(args: Namespace) -> Options:
    """How the format is written."""
    heeds = named(args.format).options
    chosen = {"quoted": args.quoted, "quotes": args.quotes, "parquet": args.parquet}
    if args.votes and not (args.gold or args.release):
        raise AnnotatorError(
            "--votes stand beside gold: say --gold POLICY or --release VERSION too."
        )
    chosen["votes"] = args.votes
    chosen["whole_tokens"] = args.whole_tokens
    if args.profile is not None:
        chosen["profile"] = args.profile
    if args.offsets is not None:
        chosen["offsets"] = Count(args.offsets)
    if "annotator" in heeds and len(args.annotator) == 1 and not args.gold:
        chosen["annotator"] = args.annotator[0]
    if "layer" in heeds and len(args.layer) == 1:
        chosen["layer"] = args.layer[0]
    return Options(**chosen)


def _selection(args: Namespace) -> Selection:
    """What goes out."""
    return Selection(
        langs=tuple(args.lang),
        sources=tuple(args.source),
        groups=tuple(args.group),
        splits=tuple(args.split),
        since=args.since,
        until=args.until,
        states=tuple(args.status),
        annotators=tuple(args.annotator),
        layers=tuple(args.layer),
        labels=tuple(args.label),
        gold=args.gold,
        release=args.release,
        cut=args.cut,
        labelled_as=label_map(args.map) if args.map else NO_MAP,
    )


def total(project: Project, selection: Selection) -> int:
    """How many articles are read."""
    if selection.release:
        return int(project.release(selection.release).manifest["articles"]["count"])
    return project.count()


def _report(output: str, losses: Losses, replaced: bool, err: bool) -> None:
    """What went out, and what was lost; beside the output when that is standard output."""
    written = ", ".join(f"{out.number(count)} {thing}" for thing, count in losses.written.items())
    name = "Standard output" if err else output
    kept = " (an older file was replaced)" if replaced else ""
    out.say(f"{name}{kept}: {written or 'nothing'}.", err)
    for fact, value in losses.facts.items():
        out.say(f"  {fact}: {value}", err)
    if losses:
        rows = ((out.number(n), kind, "; ".join(examples)) for kind, n, examples in losses)
        out.table("Not carried by this format", ("count>", "what", "for example"), rows, err)
