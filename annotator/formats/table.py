"""Every export format by name; a format's own module is imported when it is used."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import import_module
from typing import Any

from annotator.formats.choice import Options
from annotator.formats.document import Document
from annotator.formats.files import Part
from annotator.formats.losses import Losses
from annotator.formats.plugins import with_others
from annotator.model.errors import AnnotatorError
from annotator.model.scheme import Scheme

Writer = Callable[[Iterable[Document], Scheme, Options, Losses], Iterator[Part]]
"""Documents sorted by article id in, bytes out; the same bytes for the same documents."""

GROUP = "annotator.formats"
"""The entry points by which other packages add formats: each is a `Format`."""


class Shape(StrEnum):
    """What an export to a path becomes."""

    FILE = "file"
    """One file, perhaps with side files."""
    FOLDER = "folder"
    EITHER = "either"
    """A file for each article: one article makes a file, several a folder of them."""


@dataclass(frozen=True, slots=True)
class Format:
    """A format decisions can be exported to."""

    name: str
    suffix: str
    """What its files end in, with the dot."""
    title: str
    """One line for help."""
    writer: Writer | str
    """What makes the bytes, or where that is: `module:function`, imported when it is used."""
    options: frozenset[str] = frozenset()
    """The fields of `Options` it heeds."""
    shape: Shape = Shape.FILE
    extra: str = ""
    """The extra of annotator-tui whose packages it needs; "" when it needs none."""
    texts: bool = True
    """Whether its files hold the articles' text; without it the manifest quotes none either."""

    def parts(
        self, documents: Iterable[Document], scheme: Scheme, options: Options, losses: Losses
    ) -> Iterator[Part]:
        """The bytes of an export, in order.

        Raises:
            AnnotatorError: the packages it needs are not installed, or what the writer raises.
        """
        writer: Any = self.writer
        if isinstance(writer, str):
            module, _, function = writer.partition(":")
            try:
                writer = getattr(import_module(module), function)
            except ImportError as error:
                raise AnnotatorError(_needs(self, error)) from error
        yield from writer(documents, scheme, options, losses)


def _needs(format_: Format, error: ImportError) -> str:
    how = f"pip install 'annotator-tui[{format_.extra}]'" if format_.extra else str(error)
    return f"The format {format_.name} needs {error.name or 'a package'}: {how}."


def _own(name: str, suffix: str, title: str, writer: str, *options: str, **more: Any) -> Format:
    heeds = frozenset(options)
    return Format(name, suffix, title, f"annotator.formats.writers.{writer}:parts", heeds, **more)


_ONE = "annotator"
"""The option of every format that holds one annotator's decisions on an article."""
_LAYER = (_ONE, "layer")
_TOKENS = (*_LAYER, "whole_tokens")
_CAS: dict[str, Any] = {"shape": Shape.EITHER, "extra": "cas"}

OWN = (
    _own(
        "jsonl",
        ".jsonl",
        "annotator's own JSON lines: everything, of everybody",
        "native_jsonl",
        "votes",
    ),
    _own(
        "hf",
        "",
        "a Hugging Face dataset folder with card and Croissant metadata",
        "hf",
        *(_ONE, "offsets", "parquet"),
        shape=Shape.FOLDER,
    ),
    _own("iob2", ".iob2", "entities by token, for CoNLL-style taggers", "iob2", *_TOKENS),
    _own(
        "bioes",
        ".bioes",
        "the same with E- for last tokens and S- for single ones",
        "bioes",
        *_TOKENS,
    ),
    _own("conllu", ".conllu", "CoNLL-U, entities as name= in MISC", "conllu", *_TOKENS),
    _own(
        "spacy",
        "",
        "spaCy DocBin files of 1,000 articles each, in a folder",
        "spacy_docbin",
        *_TOKENS,
        shape=Shape.FOLDER,
        extra="spacy",
    ),
    _own(
        "slavicner",
        "",
        "SlavicNER: raw/ and ner/ with offsets",
        "slavicner",
        *_LAYER,
        shape=Shape.FOLDER,
    ),
    _own(
        "bsnlp", "", "BSNLP shared task: raw/ and annotated/", "bsnlp", *_LAYER, shape=Shape.FOLDER
    ),
    _own("brat", "", "brat standoff with annotation.conf", "brat", _ONE, shape=Shape.FOLDER),
    _own(
        "label-studio",
        ".json",
        "Label Studio tasks, with the labelling configuration beside",
        "label_studio",
    ),
    _own("doccano", ".jsonl", "doccano JSONL for sequence labelling", "doccano", *_LAYER),
    _own("prodigy", ".jsonl", "Prodigy JSONL with tokens and spans", "prodigy", "layer"),
    _own(
        "stance-tsv",
        ".tsv",
        "stance by target, as SemEval-2016 task 6",
        "stance_tsv",
        _ONE,
        "quoted",
    ),
    _own(
        "structured-sentiment",
        ".json",
        "stances with holder, target and evidence, as SemEval-2022 task 10",
        "structured_sentiment",
        *(_ONE, "offsets"),
    ),
    _own(
        "cleaneval",
        ".txt",
        "the article without boilerplate, as CleanEval 2007",
        "cleaneval",
        *(*_LAYER, "profile"),
        shape=Shape.EITHER,
    ),
    _own(
        "article-extraction",
        ".json",
        "article bodies, as the article extraction benchmark's ground-truth.json",
        "article_extraction",
        *(*_LAYER, "profile"),
    ),
    _own("cas-json", ".json", "UIMA JSON CAS that INCEpTION opens", "cas_json", _ONE, **_CAS),
    _own("cas-xmi", ".xmi", "UIMA CAS XMI with its type system", "cas_xmi", _ONE, **_CAS),
    _own("w3c", ".jsonld", "W3C Web Annotation, JSON-LD", "w3c", "quotes"),
    _own(
        "standoff",
        ".jsonl",
        "everything but the texts, for articles that cannot be redistributed",
        "standoff",
        *("offsets", "quotes"),
        texts=False,
    ),
    _own(
        "html",
        ".html",
        "pages of annotated articles, to read and print",
        "html_report",
        shape=Shape.EITHER,
    ),
)


@cache
def formats() -> dict[str, Format]:
    """All formats by name, those of other packages too.

    Raises:
        AnnotatorError: a package's format cannot be loaded.
    """
    return with_others(OWN, GROUP, "format")


def named(name: str) -> Format:
    """The format called `name`; AnnotatorError with the list when there is none."""
    if name not in formats():
        raise AnnotatorError(f"There is no format {name!r}; there are: {', '.join(formats())}.")
    return formats()[name]
