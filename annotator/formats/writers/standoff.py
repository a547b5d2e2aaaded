"""Everything but the texts, `annotator-standoff/1`: for articles that may not be redistributed.

One JSON object a line for each article, like the native format, without any text of the article:
no text, no title, no metadata, no quoted surfaces; offsets, labels, and the text's SHA-256 and
length, so that whoever has the text can put them back. What the annotators entered stays: lemmas and
identities, names of targets and holders, notes. With quotes, the title and everything that has
offsets come with their text and up to 32 code points before and after it.
`standoff.schema.json` describes it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from importlib import resources
from typing import Any

from annotator.formats.choice import Options
from annotator.formats.document import Document
from annotator.formats.files import Part
from annotator.formats.json_text import json_text
from annotator.formats.losses import Losses
from annotator.formats.writers.native_jsonl import record
from annotator.model.scheme import Scheme
from annotator.text.counting import Offsets

SCHEMA = "annotator-standoff/1"

AROUND = 32
"""Code points before and after a quoted text."""


def json_schema() -> str:
    """The published JSON Schema (draft 2020-12) of one line."""
    return (
        resources.files("annotator.formats.writers")
        .joinpath("standoff.schema.json")
        .read_text("utf-8")
    )


def parts(
    documents: Iterable[Document], scheme: Scheme, options: Options, losses: Losses
) -> Iterator[Part]:
    """Write every document, decided on or not, in the order given.

    Raises:
        AnnotatorError: a value that JSON or UTF-8 cannot hold; it names the article.
    """
    losses.facts |= {"schema": SCHEMA, "offsets": str(options.offsets)}
    for document in documents:
        line = json_text(_line(document, scheme, options), document.article.id)
        # The schema first, so that the beginning of a long line says what it is.
        yield Part(f'{{"schema":"{SCHEMA}",{line[1:]}\n'.encode())
        _note(document, options, losses)


def quoted(text: str, start: int, end: int) -> tuple[str, str, str]:
    """A stretch of a text, what stands before it and what after it."""
    return text[start:end], text[max(0, start - AROUND) : start], text[end : end + AROUND]


def _line(document: Document, scheme: Scheme, options: Options) -> dict[str, Any]:
    """The native record without the texts, its offsets in the count asked for."""
    text = document.article.text
    offsets = Offsets(text, options.offsets)
    # An empty mapping, as metadata may hold the text again, and be large.
    line = record(replace(document, article=replace(document.article, meta={})), scheme)
    for item in _placed(line):
        _place(item, text, offsets, options.quotes)
    del line["schema"], line["text"], line["meta"]
    if not options.quotes:
        del line["title"]
    length = offsets.to(len(text))
    return {**line, "length": length, "offsets": str(options.offsets)}


def _placed(line: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Everything in a record that has offsets."""
    for spans in line["layers"].values():
        yield from spans
    for stance in line["stances"]:
        yield from stance["evidence"]
    yield from (note for note in line["notes"] if "start" in note)


def _place(item: dict[str, Any], text: str, offsets: Offsets, quotes: bool) -> None:
    """Count an item's offsets anew; its text goes, or gets what stands around it."""
    start, end = item["start"], item["end"]
    item["start"], item["end"] = offsets.to(start), offsets.to(end)
    if quotes:
        item["text"], item["prefix"], item["suffix"] = quoted(text, start, end)
    else:
        del item["text"]


def _note(document: Document, options: Options, losses: Losses) -> None:
    """Count what went out and what stayed."""
    article, works = document.article, document.works
    losses.wrote("articles")
    losses.wrote("spans", sum(len(work.spans) for work in works))
    losses.wrote("stances", sum(len(work.stances) for work in works))
    if article.title and not options.quotes:
        losses.add("title", article.id)
    losses.add("field of metadata", article.id, len(article.meta))
    rejected = sum(len(work.rejections) for work in works)
    losses.add("rejected suggestions, which stay in the project", article.id, rejected)
