"""`annotator export --verify`: an export held against its manifest, its sums and its project."""

import hashlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from annotator.cli import export, out
from annotator.cli.bars import Bars
from annotator.cli.export_source import source
from annotator.formats import manifest, registry, strict_json
from annotator.formats.choice import Options
from annotator.formats.selection import Selection
from annotator.model.errors import AnnotatorError
from annotator.model.scheme import Scheme
from annotator.store.project import Project


def run(project: str, path: Path) -> int:
    """Prove an export; 1 when anything is not as it was written or as the project has it now."""
    told = _read(path)
    sums = _sums(path)
    faults = [*_on_disk(path, told["files"], sums), *_strangers(path, sums)]
    options, selection = _choices(told, path)
    with (
        Project.open(project, readonly=True) as opened,
        Bars() as bars,
        bars.phase("proving", export.total(opened, selection), "articles") as phase,
    ):
        file = "" if path.is_dir() else path.name
        found, scheme = source(opened, selection, phase)
        now, facts = registry.hashes(told["format"], found, scheme, options, selection, file)
        faults += _against(told, now, opened, scheme)
        faults += _facts(told, facts)
    for fault in faults:
        out.say(fault)
    if faults:
        return 1
    out.say(
        f"{path}: {out.counted(len(told['files']), 'file')} as written, and {project} gives the same "
        "bytes: proved."
    )
    return 0


def _read(path: Path) -> dict[str, Any]:
    """The manifest of an export.

    Raises:
        AnnotatorError: there is none, or it is not one of ours.
    """
    if not path.exists():
        raise AnnotatorError(f"There is no file or folder {path}.")
    place = path / manifest.NAME if path.is_dir() else _beside(path, manifest.SUFFIX)
    try:
        told = strict_json.loads(place.read_text("utf-8"))
    except OSError as error:
        raise AnnotatorError(f"{path} has no manifest {place.name}: {error.strerror}.") from error
    except ValueError as error:
        raise AnnotatorError(f"{place} is damaged: it is not JSON ({error}).") from error
    if not isinstance(told, dict) or told.get("schema") != manifest.SCHEMA:
        raise AnnotatorError(f"{place} is not a manifest of the schema {manifest.SCHEMA}.")
    kinds = {"files": dict, "options": dict, "selection": dict, "format": str, "scheme": dict}
    for name, kind in kinds.items():
        if not isinstance(told.get(name), kind):
            raise AnnotatorError(f"{place} is damaged: it has no fit {name!r}.")
    return told


def _choices(told: dict[str, Any], path: Path) -> tuple[Options, Selection]:
    """With what an export was made."""
    try:
        return manifest.options_of(told["options"]), Selection.of_facts(told["selection"])
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise AnnotatorError(
            f"The manifest of {path} is damaged: it tells no options there are."
        ) from error


def _strangers(path: Path, sums: dict[str, str]) -> Iterator[str]:
    """Files in a folder that the export did not make."""
    if not path.is_dir():
        return
    for each in sorted(path.rglob("*")):
        name = each.relative_to(path).as_posix()
        if not each.is_dir() and name not in sums and name != manifest.SUMS:
            yield f"{name}: this file is not of the export."


def _facts(told: dict[str, Any], now: dict[str, Any]) -> Iterator[str]:
    """What the manifest says that the project does not; who wrote it may differ."""
    passed = ("tool", "versions", "files")
    for name in sorted(told.keys() | now.keys()):
        if name not in passed and told.get(name) != now.get(name):
            yield f"The manifest says another {name!r} than the project gives now."


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def _sums(path: Path) -> dict[str, str]:
    """The sums beside an export, by file name."""
    place = path / manifest.SUMS if path.is_dir() else _beside(path, manifest.SUMS_SUFFIX)
    try:
        lines = place.read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise AnnotatorError(f"{place} cannot be read: {error}.") from error
    return {name: sum_ for sum_, _, name in (line.partition("  ") for line in lines) if name}


def _on_disk(path: Path, files: dict[str, str], sums: dict[str, str]) -> Iterator[str]:
    """What is not as it was written."""
    folder = path if path.is_dir() else path.parent
    for name in sorted(files.keys() | sums.keys()):
        if name in files and sums.get(name) != files[name]:
            yield f"{name}: the manifest and the sums beside it say different things."
        if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
            yield f"{name}: this name leads out of the export."
            continue
        try:
            with (folder / name).open("rb") as stream:
                found = hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError as error:
            yield f"{name}: cannot be read ({error.strerror})."
            continue
        if found != sums.get(name, files.get(name)):
            yield f"{name}: changed since it was written."


def _against(
    told: dict[str, Any], now: dict[str, str], project: Project, now_scheme: Scheme
) -> Iterator[str]:
    """What the project would write differently."""
    differ = [name for name in told["files"] if now.get(name) != told["files"][name]]
    differ += [name for name in now if name not in told["files"] and not _own(name)]
    if not differ:
        return
    why = ""
    scheme = told["scheme"]
    if (scheme.get("name"), scheme.get("version")) != (now_scheme.name, now_scheme.version):
        why = f" (its scheme is now {now_scheme.name}, version {now_scheme.version})"
    names = ", ".join(sorted(differ)[:5]) + (" …" if len(differ) > 5 else "")
    yield (
        f"{project.path} does not give these bytes now{why}: {names}. Decisions were made since, or "
        "another version of annotator wrote them; export again."
    )


def _own(name: str) -> bool:
    """Whether a file is the manifest or the sums, which are not among the files it lists."""
    ends = (manifest.SUFFIX, manifest.SUMS_SUFFIX)
    return name in (manifest.NAME, manifest.SUMS) or name.endswith(ends)
