"""Which tools' files can be read, and how a file is known to be one of theirs.

Each reader is a module with `sniff(head, name)`, which says whether the first bytes of a file named
`name` are of its kind, and `read(found, options)`, which gives records and refusals one after
another. A reader of whole folders has `sniff_folder(path)` instead. Modules are imported when a file
with one of their suffixes is met.
"""

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import NamedTuple, Protocol, cast

from annotator.formats.claims import Record
from annotator.formats.plugins import with_others
from annotator.formats.sources.incoming import Found, ReadOptions, Refusal

HEAD = 1 << 18
"""Bytes of a file's beginning that a reader may look at."""

GROUP = "annotator.readers"
"""The entry points by which other packages add readers: each is a `Reader`."""


class Reading(Protocol):
    """What a reader's module has."""

    def sniff(self, head: bytes, name: str) -> bool:
        """Whether a file that begins so is of this kind; `name` is its name with `/`."""

    def sniff_folder(self, path: Path) -> bool:
        """Whether a folder is of this kind (readers of folders only)."""

    def read(self, found: Found, options: ReadOptions) -> Iterator[Record | Refusal]:
        """Everything a file or folder holds, one after another, and what cannot be read."""


class Reader(NamedTuple):
    """A kind of file with annotations that another tool made."""

    name: str
    title: str
    """One line for help."""
    module: str
    suffixes: tuple[str, ...] = ()
    """Of files that may be of this kind, lower case with the dot; none for whole folders."""
    folder: bool = False
    """It reads a folder as one thing."""
    alone: bool = True
    """Whether it is found by itself; False when only `--kind` asks for it."""

    def load(self) -> Reading:
        """Its module."""
        return cast("Reading", import_module(self.module))


_HOME = "annotator.formats.readers"
_JSON = (".json", ".jsonl", ".ndjson")

OWN = (
    Reader("doccano", "doccano JSONL, also of version 1", f"{_HOME}.doccano", _JSON),
    Reader("label-studio", "Label Studio JSON", f"{_HOME}.label_studio", _JSON),
    Reader("prodigy", "Prodigy JSONL (db-out)", f"{_HOME}.prodigy", _JSON),
    Reader(
        "cas-json", "UIMA JSON CAS 0.4.0, as INCEpTION writes it", f"{_HOME}.cas_json", (".json",)
    ),
    Reader("cas-xmi", "UIMA CAS as XMI with its type system", f"{_HOME}.cas_xmi", (".xmi", ".xml")),
    Reader("webanno-tsv", "WebAnno TSV 3", f"{_HOME}.webanno_tsv", (".tsv",)),
    Reader(
        "slavicner", "SlavicNER and BSNLP files: raw/ and ner/", f"{_HOME}.slavicner", folder=True
    ),
    Reader("hf", "Hugging Face dataset folder", f"{_HOME}.hf", folder=True),
    Reader("brat", "brat standoff, NAME.ann beside NAME.txt", f"{_HOME}.brat", (".ann",)),
    Reader("conllu", "CoNLL-U with entities in MISC", f"{_HOME}.conllu", (".conllu",)),
    Reader(
        "conll",
        "CoNLL columns: IOB1, IOB2, BIOES, BILOU",
        f"{_HOME}.conll",
        (
            ".conll",
            ".iob",
            ".iob1",
            ".iob2",
            ".bio",
            ".bioes",
            ".bilou",
            ".conll2003",
            ".annotated",
        ),
    ),
    Reader("standoff", "annotator's own export without texts", f"{_HOME}.standoff", (".jsonl",)),
)


@cache
def readers() -> dict[str, Reader]:
    """All readers by name, those of other packages too.

    Raises:
        AnnotatorError: a package's reader cannot be loaded.
    """
    return with_others(OWN, GROUP, "reader")


def kind_of_file(head: bytes, name: str) -> str:
    """The name of the first reader a file is of; "" when it is of none."""
    suffix = Path(name).suffix.lower()
    for reader in readers().values():
        if suffix in reader.suffixes and reader.alone and reader.load().sniff(head, name):
            return reader.name
    return ""


def kind_of_folder(path: Path) -> str:
    """The name of the first reader a whole folder is of; "" when its files are read one by one."""
    for reader in readers().values():
        if reader.folder and reader.alone and reader.load().sniff_folder(path):
            return reader.name
    return ""


def suffixes() -> frozenset[str]:
    """Suffixes of files that a reader may be for."""
    return frozenset(suffix for reader in readers().values() for suffix in reader.suffixes)
