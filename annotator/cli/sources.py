"""What `import` reads: files and folders together, each database by itself."""

from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from annotator.cli import arguments
from annotator.formats.readers.table import readers
from annotator.formats.sources import guess
from annotator.formats.sources.guess import Read
from annotator.formats.sources.incoming import Found, Incoming, ReadOptions, Refusal, shown
from annotator.model.errors import AnnotatorError
from annotator.store.address import Place
from annotator.store.foreign import SUFFIXES, is_database

Tick = Callable[[int], None]
"""Called with how many bytes or rows were just read."""


@dataclass(frozen=True, slots=True)
class Source:
    """Something to read from beginning to end."""

    title: str
    """What to call it while it is read."""
    total: int
    """Bytes or rows; 0 when nobody knows."""
    read: Callable[[Tick], Iterator[Read]]
    annotated: bool = False
    """Whether it has files of other annotation tools."""
    left_out: Mapping[str, int] = field(default_factory=dict)
    """What could not come along with its articles, known when it has been read."""


def sources(args: Namespace, project: Place) -> list[Source]:
    """What the arguments name, in their order; nothing is read yet.

    Raises:
        AnnotatorError: a path that does not exist, the project itself, options that do not fit.
    """
    options = read_options(args, project)
    found: list[Source] = []
    files: list[Path] = []
    for path in map(Path, args.sources):
        _check(path, project)
        if args.table is not None or _is_database(path, args):
            found += [*_files(files, options), _table(path, args.table, options)]
            files = []
        else:
            files.append(path)
    return [*found, *_files(files, options)]


def read_options(args: Namespace, project: Place) -> ReadOptions:
    """How sources are read, as the arguments say; AnnotatorError when they contradict each other."""
    said = {role: getattr(args, f"{role}_column") for role in arguments.ROLES}
    return ReadOptions(
        kind=args.kind or "",
        encoding=args.encoding,
        fields={role: name for role, name in said.items() if name is not None},
        delimiter="\t" if args.delimiter in ("tab", "\\t") else args.delimiter,
        quotes=args.quotes,
        title_line=args.title_line,
        prefix=args.id_prefix,
        never=(project,) if isinstance(project, Path) else (),
    )


def _check(path: Path, project: Place) -> None:
    if not path.exists():
        raise AnnotatorError(f"There is no file or folder {shown(path)}.")
    if isinstance(project, Path) and project.exists() and path.samefile(project):
        raise AnnotatorError(f"{shown(path)} is the project itself.")


def _is_database(path: Path, args: Namespace) -> bool:
    """Whether a path is read as a database: by what it begins with, or its suffix says so."""
    if args.kind or not path.is_file():
        return False
    return path.suffix.lower() in SUFFIXES or is_database(path)


def _files(paths: Sequence[Path], options: ReadOptions) -> list[Source]:
    """Files and folders: those of other tools each by itself, as each speaks of layers of its own.

    All others are one source, so that many small files share a transaction.
    """
    found: list[Source] = []
    plain: list[Path] = []
    total = 0
    for path in paths:
        files = [each for each in guess.find(path, options) if isinstance(each, Found)]
        size = sum(guess.size(each.path) for each in files)
        if any(each.kind in readers() for each in files):
            found += [*_together(plain, total, options), _source([path], size, options, True)]
            plain, total = [], 0
        else:
            plain.append(path)
            total += size
    return [*found, *_together(plain, total, options)]


def _together(paths: list[Path], total: int, options: ReadOptions) -> list[Source]:
    return [_source(paths, total, options, False)] if paths else []


def _source(paths: list[Path], total: int, options: ReadOptions, annotated: bool) -> Source:
    title = shown(paths[0]) if len(paths) == 1 else f"{len(paths)} sources"

    def read(tick: Tick) -> Iterator[Read]:
        for path in paths:
            yield from guess.read(path, replace(options, tick=tick))

    return Source(title, total, read, annotated)


def _table(path: Path, name: str | None, options: ReadOptions) -> Source:
    """One table of a database."""
    from annotator.cli.tables import choose, read
    from annotator.store.foreign import Foreign

    with Foreign(path) as database:
        plan = choose(database, name, options)
        total = database.count(plan.table)

    def rows(tick: Tick) -> Iterator[Incoming]:
        with Foreign(path) as again:
            try:
                yield from read(again, plan, options, tick)
            except AnnotatorError as error:  # damaged on the way: what came before is in
                yield Refusal(plan.where, str(error))

    return Source(plan.where, total, rows, left_out=plan.left_out)
