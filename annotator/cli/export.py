"""`annotator export`: articles and decisions to files."""

import sys
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

from annotator.cli import out, sidecar
from annotator.cli.bars import Bars, Phase
from annotator.formats import registry
from annotator.formats.choice import Options
from annotator.formats.document import Document
from annotator.formats.losses import Losses
from annotator.model.errors import AnnotatorError
from annotator.store.project import Project

STDOUT = "-"


def run(args: Namespace) -> int:
    """Export, then say what went out and what the format could not carry."""
    options = _options(args)
    to_pipe = args.output == STDOUT
    if to_pipe and sys.stdout.isatty():
        raise AnnotatorError(
            "Articles may hold characters a terminal obeys: name a file, or use - with a pipe."
        )
    replaced = not to_pipe and Path(args.output).is_file()
    with (
        Project.open(args.project, readonly=True) as project,
        Bars() as bars,
        bars.phase("writing", project.count(), "articles") as phase,
    ):
        losses = _export(args, project, options, phase)
    _report(args.output, losses, replaced, to_pipe)
    return 0


def _export(args: Namespace, project: Project, options: Options, phase: Phase) -> Losses:
    name, found = args.format, _documents(project, phase)
    if args.output == STDOUT:
        return registry.export_stream(name, found, project.scheme, sys.stdout.buffer, options)
    path = Path(args.output)
    losses = registry.export(name, found, project.scheme, path, options, protect=(project.path,))
    if args.format == "jsonl":
        sidecar.write(path, project.scheme)
    return losses


def _options(args: Namespace) -> Options:
    chosen = {"layer": args.layer, "annotator": args.annotator, "quoted": args.quoted}
    if args.profile is not None:
        chosen["profile"] = args.profile
    return Options(**chosen)


def _documents(project: Project, phase: Phase) -> Iterator[Document]:
    for stored in project.documents():
        yield Document(stored.article, stored.works, stored.recorded, stored.sha256)
        phase.advance(1)


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
