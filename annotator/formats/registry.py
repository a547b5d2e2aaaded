"""Every export format by name, and the one way to export."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, fields
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO

from annotator.formats import cleaneval, iob2, native_jsonl, stance_tsv
from annotator.formats.choice import Options
from annotator.formats.document import Document, proved
from annotator.formats.files import FileOutput, FolderOutput, Output, Part
from annotator.formats.losses import Losses
from annotator.model.errors import AnnotatorError
from annotator.model.scheme import Scheme

Writer = Callable[[Iterable[Document], Scheme, Options, Losses], Iterator[Part]]
"""Documents sorted by article id in, bytes out; the same bytes for the same documents."""


@dataclass(frozen=True, slots=True)
class Format:
    """A format decisions can be exported to."""

    name: str
    suffix: str
    """What its files end in, with the dot."""
    title: str
    """One line for help."""
    parts: Writer
    options: frozenset[str] = frozenset()
    """The fields of `Options` it heeds."""
    per_article: bool = False
    """Several articles go to a folder, a file each."""


FORMATS: dict[str, Format] = {
    format_.name: format_
    for format_ in (
        Format(
            "jsonl",
            ".jsonl",
            "annotator's own JSON lines: everything, of everybody",
            native_jsonl.parts,
        ),
        Format(
            "iob2",
            ".iob2",
            "entities by token, for CoNLL-style taggers",
            iob2.parts,
            frozenset({"layer", "annotator"}),
        ),
        Format(
            "stance-tsv",
            ".tsv",
            "stance by target, as SemEval-2016 task 6",
            stance_tsv.parts,
            frozenset({"annotator", "quoted"}),
        ),
        Format(
            "cleaneval",
            ".txt",
            "the article without boilerplate, as CleanEval 2007",
            cleaneval.parts,
            frozenset({"layer", "annotator", "profile"}),
            per_article=True,
        ),
    )
}


def named(name: str) -> Format:
    """The format called `name`; AnnotatorError with the list when there is none."""
    if name not in FORMATS:
        raise AnnotatorError(f"There is no format {name!r}; there are: {', '.join(FORMATS)}.")
    return FORMATS[name]


def export(
    name: str,
    documents: Iterable[Document],
    scheme: Scheme,
    path: Path,
    options: Options | None = None,
    protect: Collection[Path] = (),
) -> Losses:
    """Export documents to a file or, where the format asks for it, a folder of files.

    What is at `path` stays as it is until everything is written, then it is replaced at once; a
    folder must be new or empty. Documents must come sorted by article id for equal bytes.

    Args:
        name: the format's name in `FORMATS`.
        documents: read once, one at a time.
        scheme: the project's scheme.
        path: where to.
        options: what was chosen; an option the format does not heed is refused.
        protect: files that must not be overwritten, such as the project itself.

    Raises:
        AnnotatorError: an unknown format or option, offsets that do not hold, a full disk.
    """
    format_, options = named(name), options or Options()
    _refuse_deaf_options(format_, options)
    _refuse_protected(path, protect)
    losses, source = Losses(), iter(documents)
    first = list(islice(source, 2))
    parts = format_.parts(proved(chain(first, source)), scheme, options, losses)
    output: Output
    if format_.per_article and (len(first) > 1 or path.is_dir()):
        output = FolderOutput(path)
    else:
        output = FileOutput(path)
        if format_.per_article:
            parts = (Part(part.data) for part in parts if part.last)
    with output:
        for part in parts:
            output.write(part)
    return losses


def export_stream(
    name: str,
    documents: Iterable[Document],
    scheme: Scheme,
    stream: BinaryIO,
    options: Options | None = None,
) -> Losses:
    """Export to a stream, such as a pipe: the main file only, without side files.

    Raises:
        AnnotatorError: as `export`; or the format makes a file for each article.
    """
    format_, options = named(name), options or Options()
    _refuse_deaf_options(format_, options)
    if format_.per_article:
        raise AnnotatorError(f"The format {name} makes a file for each article: name a folder.")
    losses = Losses()
    for part in format_.parts(proved(documents), scheme, options, losses):
        if not part.file:
            stream.write(part.data)
    return losses


def _refuse_deaf_options(format_: Format, options: Options) -> None:
    for field in fields(Options):
        given = getattr(options, field.name) != field.default
        if given and field.name not in format_.options:
            raise AnnotatorError(f"The format {format_.name} has no option {field.name}.")


def _refuse_protected(path: Path, protect: Collection[Path]) -> None:
    for other in protect:
        if path.exists() and other.exists() and path.samefile(other):
            raise AnnotatorError(f"{path} is the project itself: choose another name.")
