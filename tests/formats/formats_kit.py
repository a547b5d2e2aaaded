"""What format tests share: an export as bytes by file name, and foreign files as settled records."""

from pathlib import Path
from types import ModuleType

from formats_samples import documents, news

from annotator.formats.choice import Options
from annotator.formats.claims import Record
from annotator.formats.document import Document
from annotator.formats.files import Part
from annotator.formats.losses import Losses
from annotator.formats.readers.table import readers
from annotator.formats.settling import Settled, settle
from annotator.formats.sources.incoming import Found, ReadOptions, Refusal
from annotator.formats.table import named
from annotator.model.scheme import Scheme

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
"""Real files for measuring; tests that read them skip where they are not."""


def exported(
    name: str,
    docs: list[Document] | None = None,
    losses: Losses | None = None,
    scheme: Scheme | None = None,
    **options: object,
) -> dict[str, bytes]:
    """The files of an export by name; "" is the one asked for, side files have their suffix."""
    found: dict[str, bytes] = {}
    given = documents() if docs is None else docs
    parts = named(name).parts(
        given, scheme or news(), Options(**options), losses if losses is not None else Losses()
    )
    for part in parts:
        assert isinstance(part, Part)
        found[part.file] = found.get(part.file, b"") + part.data
    return found


def write(files: dict[str, bytes], folder: Path, name: str = "export") -> Path:
    """Put exported files into a folder; the path of the one asked for."""
    for file, data in files.items():
        path = folder / (name + file if file.startswith(".") or not file else file)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder / name


def read(kind: str, path: Path, name: str = "") -> list[Record | Refusal]:
    """Everything a reader gives of a file or folder."""
    found = Found(path, name or path.name, str(path), kind)
    return list(readers()[kind].load().read(found, ReadOptions()))


def records(kind: str, path: Path) -> list[Record]:
    """The records of a file that must give nothing else."""
    found = read(kind, path)
    assert all(isinstance(item, Record) for item in found), found
    return found


def claims(record: Record) -> list[tuple[int, int, str, str]]:
    """Start, end, label and text of everything a record claims, proved against its own text."""
    settled = settle(record, record.article.text)
    assert isinstance(settled, Settled), settled
    text = record.article.text
    return [(c.start, c.end, c.label, text[c.start : c.end]) for c in settled.claims]


def reader(kind: str) -> ModuleType:
    """A reader's module."""
    return readers()[kind].load()
