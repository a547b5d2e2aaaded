"""doccano JSONL for sequence labelling: `{"id", "text", "label": [[start, end, "LABEL"]], ...}`.

One annotator and one layer a file; offsets are code points, half-open, which is what a doccano
project counts unless its option for graphemes is on. Every line has the same keys, because doccano
reads a file as a table and fills holes with numbers. Notes go out as `Comments`, the key doccano
writes them under; like every key it does not know, doccano takes it in as metadata. Spans that
overlap are written, but a project takes them only when it allows overlapping spans, and otherwise
drops them without a word: what would be dropped is counted.
Format: doccano 1.8.4, backend/data_import and backend/data_export.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from annotator.formats.choice import Options, choose, note_uncarried, span_layer
from annotator.formats.document import Document
from annotator.formats.files import Part
from annotator.formats.json_text import json_text
from annotator.formats.losses import Losses
from annotator.model.annotation import Note, Span, Work
from annotator.model.article import Article
from annotator.model.scheme import Scheme, SpanLayer, Unit

FIELDS = ("title", "source", "url", "date", "lang", "group")
"""Fields of an article that go out as metadata under their own names."""

TROUBLE = "overlapping span, which a project without overlapping spans drops silently"


def parts(
    documents: Iterable[Document], scheme: Scheme, options: Options, losses: Losses
) -> Iterator[Part]:
    """Write one line for each article an annotator decided on in a layer.

    Raises:
        AnnotatorError: no such layer, several annotators worked on an article and none was chosen,
            or metadata that JSON cannot hold.
    """
    layer = span_layer(scheme, options, "entities", (Unit.WORD, Unit.GRAPHEME))
    losses.facts |= {"layer": layer.name, "offsets": "code points (not the grapheme option)"}
    for document in documents:
        work = choose(document, layer, options, losses)
        if work is None:
            continue
        spans = [span for span in work.spans if span.layer == layer.name]
        line = _line(document.article, spans, work.notes)
        yield Part(json_text(line, document.article.id).encode() + b"\n")
        losses.wrote("spans", len(spans))
        _note(document, work, layer, spans, losses)


def _line(article: Article, spans: list[Span], notes: Iterable[Note]) -> dict[str, Any]:
    return {
        "id": article.id,
        "text": article.text,
        "label": [[span.start, span.end, span.label] for span in spans],
        "Comments": [note.note for note in notes if note.note],
        **{name: getattr(article, name) for name in FIELDS},
        "meta": dict(article.meta),
    }


def _note(
    document: Document, work: Work, layer: SpanLayer, spans: list[Span], losses: Losses
) -> None:
    """Count what a line does not carry, and what doccano may drop."""
    article = document.article.id
    quiet = replace(work, notes=())  # the notes do go out, as far as they are text
    works = tuple(quiet if other is work else other for other in document.works)
    note_uncarried(replace(document, works=works), quiet, layer, losses)
    for note in work.notes:
        if note.note:
            losses.wrote("comments")
        if note.flag:
            losses.add("flag", article)
        if note.note and note.start is not None:
            losses.add("place of a note", f"{article}: {note.note}")
    for span in spans:
        for name in span.attrs:
            losses.add(f"attribute {name}", f"{article}: {span.attrs[name]}")
    for span in _dropped(spans):
        losses.add(TROUBLE, f"{article}: {document.article.text[span.start : span.end]}")
        losses.facts["overlaps"] = 'tick "Allow overlapping spans" when you make the project'


def _dropped(spans: list[Span]) -> Iterator[Span]:
    """The spans a project without overlapping spans drops: those that begin inside one it took."""
    last = 0
    for span in sorted(spans, key=lambda each: each.start):  # doccano's own order, and stable
        if span.start < last:
            yield span
        else:
            last = span.end
