"""The scheme beside an export: `news.jsonl.scheme.toml`, with its guidelines in `.scheme.md`.

A native export names its scheme but does not hold it; with these two files beside it, a new project
can be made from the export alone.
"""

from pathlib import Path

from annotator.formats.writers.native_jsonl import GUIDELINES, TOML
from annotator.model import scheme_file
from annotator.model.errors import AnnotatorError
from annotator.model.scheme import Scheme


def find(export: Path) -> Scheme | None:
    """The scheme beside an export, None when there is none; AnnotatorError when it has faults."""
    if not export.name:  # a folder such as "."
        return None
    toml = _beside(export, TOML)
    return load(toml) if toml.is_file() else None


def load(toml: Path) -> Scheme:
    """The scheme in `NAME.scheme.toml`, with the guidelines in `NAME.scheme.md` if they are there.

    Raises:
        AnnotatorError: a file cannot be read, or the scheme has faults.
    """
    guidelines = toml.with_name(toml.name.removesuffix(TOML) + GUIDELINES)
    text = _read(guidelines) if guidelines.is_file() else ""
    return scheme_file.parse(_read(toml), text, str(toml))


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise AnnotatorError(f"{path} is not UTF-8 at byte {error.start}.") from None
