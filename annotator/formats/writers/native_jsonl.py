"""The native format `annotator/1`: one JSON object a line for each article, nothing lost.

UTF-8 without BOM, LF, sorted keys, no spaces, characters as they are; offsets are code points,
half-open, and everything that has offsets repeats its surface as `text`. It carries the current
state (not the history): the article with all it came with, and of every annotator the spans,
stances, notes and flags, layers looked at, and status; and the split the article is in, if it has one.
Of gold it also carries where each thing comes from (`gold`): how it was decided, by whom, whose
answer was taken and how many gave each; with the option `votes` every answer with its share as well,
which are soft labels. `native.schema.json` describes it. Rejected suggestions and rules are aids of
the project they were made in and stay there.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from importlib import resources
from typing import Any

from annotator.formats.choice import Options
from annotator.formats.document import Document
from annotator.formats.files import Part
from annotator.formats.losses import Losses
from annotator.model.annotation import Evidence, Note, Span, Stance, Work
from annotator.model.article import Article
from annotator.model.errors import AnnotatorError
from annotator.model.release import GoldItem
from annotator.model.scheme import Scheme

SCHEMA = "annotator/1"

TOML, GUIDELINES = ".scheme.toml", ".scheme.md"
"""Side files: the scheme, which the lines only name, and its guidelines; with them a new project can
be made from the export alone."""

_SPAN_CODE = re.compile(r"(?P<label>.+) (?P<start>[0-9]+)-(?P<end>[0-9]+)")
_JSON = json.JSONEncoder(ensure_ascii=False, sort_keys=True, allow_nan=False, separators=(",", ":"))

ARTICLE_FIELDS = ("id", "title", "source", "url", "date", "lang", "lang_source", "group", "text")
"""Fields of an article that are strings and keep their names."""


def json_schema() -> str:
    """The published JSON Schema (draft 2020-12) of one line."""
    return (
        resources.files("annotator.formats.writers")
        .joinpath("native.schema.json")
        .read_text("utf-8")
    )


def parts(
    documents: Iterable[Document], scheme: Scheme, options: Options, losses: Losses
) -> Iterator[Part]:
    """Write every document, decided on or not, in the order given.

    Raises:
        AnnotatorError: a value that JSON or UTF-8 cannot hold; it names the article.
    """
    losses.facts["schema"] = SCHEMA
    yield Part(scheme.toml.encode(), TOML, last=True)
    yield Part(scheme.guidelines.encode(), GUIDELINES, last=True)
    for document in documents:
        yield Part(_line(document, scheme, options.votes))
        losses.wrote("articles")
        losses.wrote("spans", sum(len(work.spans) for work in document.works))
        losses.wrote("stances", sum(len(work.stances) for work in document.works))
        rejected = sum(len(work.rejections) for work in document.works)
        losses.add("rejected suggestions, which stay in the project", document.article.id, rejected)


def record(document: Document, scheme: Scheme) -> dict[str, Any]:
    """The JSON object of one document, without where its gold comes from."""
    article, works = document.article, document.works
    return {
        "schema": SCHEMA,
        "scheme": {"name": scheme.name, "version": scheme.version},
        **{name: getattr(article, name) for name in ARTICLE_FIELDS},
        **({"split": document.split} if document.split else {}),
        "text_sha256": article.sha256,
        "meta": dict(article.meta),
        "annotators": [_annotator(work) for work in works],
        "layers": _layers(article, works, scheme),
        "stances": [
            _stance(article.text, work.actor, stance)
            for work in works
            for stance in sorted(work.stances, key=lambda s: (s.target.ref, s.holder.ref))
        ],
        "notes": [
            _note(article.text, work.actor, note)
            for work in works
            for note in sorted(work.notes, key=_note_order)
        ],
    }


def _gold(document: Document, votes: bool) -> dict[str, Any]:
    """Where gold comes from, with `votes` every answer with its share; {} for what is not gold."""
    if not document.items:
        return {}
    text = document.article.text
    items = []
    for item in document.items:
        soft = {"answers": soft_labels(item, text)} if votes else {}
        items.append({**item.body(), **soft})
    return {"gold": items}


def soft_labels(item: GoldItem, text: str) -> list[dict[str, Any]]:
    """Every answer to an item with its share of those who finished the layer, most votes first.

    An answer that is a span says where it lies, what it cuts out of the text, and its label.
    """
    found = []
    for code, count in sorted(item.votes.items(), key=lambda vote: (-vote[1], vote[0])):
        place = _SPAN_CODE.fullmatch(code)
        label: dict[str, Any] = {}
        if place is not None and int(place["start"]) < int(place["end"]) <= len(text):
            label = {
                "label": place["label"],
                **_cut(text, int(place["start"]), int(place["end"])),
            }
        elif item.layer and code != "nothing" and not item.evidence and " " not in code:
            label = {"label": code}
        share = round(count / item.voters, 6) if item.voters else 0.0
        gold = {"gold": code in item.taken}
        found.append({"answer": code, "votes": count, "share": share, **gold, **label})
    return found


def _line(document: Document, scheme: Scheme, votes: bool) -> bytes:
    try:
        told = {**record(document, scheme), **_gold(document, votes)}
        return _JSON.encode(told).encode() + b"\n"
    except (ValueError, TypeError, RecursionError) as error:  # UnicodeEncodeError is a ValueError
        raise AnnotatorError(
            f"Article {document.article.id!r} holds something JSON cannot: {error}."
        ) from error


def _annotator(work: Work) -> dict[str, Any]:
    status = work.status
    return {
        "name": work.actor,
        "state": str(status.state),
        "reason": status.reason,
        "seconds": status.seconds,
        "looked": sorted(work.looked),
    }


def _layers(article: Article, works: tuple[Work, ...], scheme: Scheme) -> dict[str, Any]:
    """Spans by layer; a layer of the scheme without spans is there, empty."""
    layers: dict[str, list[tuple[Span, str]]] = {layer.name: [] for layer in scheme.span_layers}
    for work in works:
        for span in work.spans:
            layers.setdefault(span.layer, []).append((span, work.actor))
    return {
        name: [_span(article.text, actor, span) for span, actor in sorted(spans, key=_span_order)]
        for name, spans in layers.items()
    }


def _span_order(item: tuple[Span, str]) -> tuple[int, int, str, str, str]:
    span, actor = item
    return span.start, -span.end, span.label, actor, span.id


def _note_order(note: Note) -> tuple[int, int, str]:
    """Notes on the whole article first."""
    return (-1 if note.start is None else note.start, note.end or 0, note.id)


def _span(text: str, actor: str, span: Span) -> dict[str, Any]:
    return {
        "id": span.id,
        "annotator": actor,
        "label": span.label,
        **_cut(text, span.start, span.end),
        "attrs": dict(span.attrs),
        "origin": span.origin,
    }


def _stance(text: str, actor: str, stance: Stance) -> dict[str, Any]:
    return {
        "annotator": actor,
        "target": {"kind": stance.target.kind, "name": stance.target.name},
        "holder": {"kind": stance.holder.kind, "name": stance.holder.name},
        "label": stance.label,
        "basis": stance.basis,
        "confidence": stance.confidence,
        "evidence": [_evidence(text, evidence) for evidence in stance.evidence],
        "note": stance.note,
    }


def _evidence(text: str, evidence: Evidence) -> dict[str, Any]:
    return {"role": evidence.role, **_cut(text, evidence.start, evidence.end)}


def _note(text: str, actor: str, note: Note) -> dict[str, Any]:
    place: Mapping[str, Any] = {}
    if note.start is not None and note.end is not None:
        place = _cut(text, note.start, note.end)
    return {"id": note.id, "annotator": actor, "note": note.note, "flag": note.flag, **place}


def _cut(text: str, start: int, end: int) -> dict[str, Any]:
    return {"start": start, "end": end, "text": text[start:end]}
