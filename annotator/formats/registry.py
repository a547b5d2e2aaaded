"""The one way to export: documents through a selection into a format, with its manifest."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import fields
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO

from annotator.formats import manifest
from annotator.formats.choice import Options
from annotator.formats.document import Document, proved
from annotator.formats.files import FileOutput, FolderOutput, HashOutput, Output, Part
from annotator.formats.losses import Losses
from annotator.formats.selection import ALL, Selection, scheme_as, selected
from annotator.formats.table import Format, Shape, named
from annotator.model.errors import AnnotatorError
from annotator.model.scheme import Scheme


def export(
    name: str,
    documents: Iterable[Document],
    scheme: Scheme,
    path: Path,
    options: Options | None = None,
    protect: Collection[Path] = (),
    selection: Selection = ALL,
) -> Losses:
    """Export documents to a file or, where the format asks for it, a folder of files.

    What is at `path` stays as it is until everything is written, then it is replaced at once; a
    folder must be new or empty. Beside a file, and in a folder, stand the manifest and the SHA-256
    of every file. Documents must come sorted by article id for equal bytes.

    Args:
        name: the format's name in `formats()`.
        documents: read once, one at a time.
        scheme: the project's scheme.
        path: where to.
        options: how the format is written; an option the format does not heed is refused.
        protect: files that must not be overwritten, such as the project itself.
        selection: which articles and decisions go out.

    Raises:
        AnnotatorError: an unknown format or option, offsets that do not hold, a full disk.
    """
    format_ = named(name)
    _refuse_protected(path, protect)

    def output(several: bool) -> Output:
        folder = format_.shape is Shape.FOLDER or (
            format_.shape is Shape.EITHER and (several or path.is_dir())
        )
        return FolderOutput(path) if folder else FileOutput(path)

    return _write(format_, documents, scheme, options or Options(), selection, output).losses


def hashes(
    name: str,
    documents: Iterable[Document],
    scheme: Scheme,
    options: Options,
    selection: Selection,
    file: str,
) -> tuple[dict[str, str], dict[str, Any]]:
    """The SHA-256 of every file an export would write, by its name, and the manifest's other facts.

    Nothing is written. `file` is the name of the file asked for, "" for a folder.

    Raises:
        AnnotatorError: as `export`.
    """
    output = HashOutput(file, is_folder=not file)
    told = _write(named(name), documents, scheme, options, selection, lambda _several: output)
    return output.hashes, told.facts()


def _write(
    format_: Format,
    documents: Iterable[Document],
    scheme: Scheme,
    options: Options,
    selection: Selection,
    place: Callable[[bool], Output],
) -> manifest.Told:
    """Write everything to the output that `place` gives, told whether there are several articles."""
    _refuse_deaf_options(format_, options)
    losses = Losses()
    told = manifest.Told(format_, options, selection, scheme, losses)
    source = selected(proved(documents), scheme, selection, losses)
    first = list(islice(source, 2))
    if selection != ALL and not first:
        raise AnnotatorError("No article fits what was chosen; nothing was written.")
    named_so = scheme_as(scheme, selection.labelled_as)
    found = _carried(chain(first, source), format_, losses)
    parts = format_.parts(told.counted(found), named_so, options, losses)
    with place(len(first) > 1) as output:
        if format_.shape is Shape.EITHER and not output.is_folder:
            parts = _of_one(parts)
        for part in parts:
            output.write(part)
        if selection.annotators and not told.has_works:
            names = ", ".join(selection.annotators)
            raise AnnotatorError(
                f"Nobody named {names} worked on these articles; nothing was written."
            )
        told.close(output)
    return told


def _carried(documents: Iterable[Document], format_: Format, losses: Losses) -> Iterator[Document]:
    """The documents; where the format has no place for what is behind gold, that is counted."""
    for document in documents:
        if document.items and "votes" not in format_.options:
            losses.add("answers behind gold", document.article.id, len(document.items))
        yield document


def _of_one(parts: Iterable[Part]) -> Iterator[Part]:
    """The parts of a folder with one article as those of one file and its side files."""
    for part in parts:
        if part.last:
            yield Part(part.data)
        elif not part.file.startswith("index."):
            yield Part(part.data, f".{part.file}")


def export_stream(
    name: str,
    documents: Iterable[Document],
    scheme: Scheme,
    stream: BinaryIO,
    options: Options | None = None,
    selection: Selection = ALL,
) -> Losses:
    """Export to a stream, such as a pipe: the main file only, without side files and manifest.

    Raises:
        AnnotatorError: as `export`; or the format makes a folder.
    """
    format_, options = named(name), options or Options()
    _refuse_deaf_options(format_, options)
    if format_.shape is not Shape.FILE:
        raise AnnotatorError(f"The format {name} makes several files: name a folder.")
    losses = Losses()
    chosen = selected(proved(documents), scheme, selection, losses)
    named_so = scheme_as(scheme, selection.labelled_as)
    for part in format_.parts(_carried(chosen, format_, losses), named_so, options, losses):
        if not part.file:
            stream.write(part.data)
    return losses


def _refuse_deaf_options(format_: Format, options: Options) -> None:
    for field in fields(Options):
        given = getattr(options, field.name) != field.default
        if given and field.name not in format_.options:
            flag = field.name.replace("_", "-")
            raise AnnotatorError(f"The format {format_.name} has no option {flag}.")


def _refuse_protected(path: Path, protect: Collection[Path]) -> None:
    for other in protect:
        if path.exists() and other.exists() and path.samefile(other):
            raise AnnotatorError(f"{path} is the project itself: choose another name.")
