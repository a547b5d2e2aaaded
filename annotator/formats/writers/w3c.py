"""W3C Web Annotation as JSON-LD: one collection with one page, whose items are annotations.

A span is an annotation of motivation `tagging`, a stance one of `classifying` with a target for each
piece of evidence, a note one of `commenting` (a mere flag of `bookmarking`), and where an annotator
stands with an article one of `assessing`. Targets are stretches of the article's text, which the file
does not hold: a TextPositionSelector in code points, half-open, as the specification wants, and with
quotes a TextQuoteSelector with 32 code points around. What the specification has no words for are
terms of our own, defined in the context, so that no JSON-LD processor drops them.
Format: W3C Recommendation "Web Annotation Data Model", 23 February 2017.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote

from annotator.formats.choice import Options
from annotator.formats.document import Document
from annotator.formats.files import Part
from annotator.formats.json_text import json_text
from annotator.formats.losses import Losses
from annotator.formats.writers.standoff import quoted
from annotator.model.annotation import Evidence, Note, Party, Span, Stance, Work
from annotator.model.scheme import Scheme
from annotator.text.language import UNDECIDED

ANNO = "http://www.w3.org/ns/anno.jsonld"
URN = "urn:annotator"
WIKIDATA = "http://www.wikidata.org/entity/"

_QID = re.compile("Q[1-9][0-9]{0,15}")

TERMS = (
    *("articleId", "articleTitle", "articleSource", "articleUrl", "articleDate", "articleGroup"),
    *("textSha256", "length", "layer", "origin", "looked", "seconds", "reason", "flagged"),
    *("stanceTarget", "stanceHolder", "kind", "basis", "confidence", "role"),
)
"""Our own terms; `attributes`, which holds any JSON, is one more."""

CONTEXT: list[Any] = [
    ANNO,
    {
        "@version": 1.1,
        **{term: f"{URN}:terms:{term}" for term in TERMS},
        "attributes": {"@id": f"{URN}:terms:attributes", "@type": "@json"},
    },
]


def parts(
    documents: Iterable[Document], scheme: Scheme, options: Options, losses: Losses
) -> Iterator[Part]:
    """Write the decisions of all annotators, article by article, as one JSON-LD document.

    Raises:
        AnnotatorError: a value that JSON or UTF-8 cannot hold; it names the article.
    """
    losses.facts["offsets"] = "code-points"
    yield Part(_opening(scheme).encode())
    total = 0
    for document in documents:
        lines = []
        for item in _Items(document, options).all():
            comma = ",\n" if total else "\n"
            lines.append(comma + json_text(item, document.article.id))
            total += 1
        yield Part("".join(lines).encode())
        _note(document, options, losses)
    losses.wrote("annotations", total)
    yield Part(f'\n]}},"total":{total}}}\n'.encode())


def _opening(scheme: Scheme) -> str:
    """Everything before the first item."""
    name = f"{scheme.name}/{scheme.version}"
    collection = f"{URN}:collection:{_escaped(scheme.name)}:{scheme.version}"
    page = {"id": f"{collection}:page", "type": "AnnotationPage", "startIndex": 0}
    outer = {"@context": CONTEXT, "id": collection, "type": "AnnotationCollection", "label": name}
    first = json_text({**page, "partOf": collection}, "")
    return f'{json_text(outer, "")[:-1]},\n"first":{first[:-1]},"items":['


class _Items:
    """The annotations of one document."""

    def __init__(self, document: Document, options: Options) -> None:
        self._document, self._quotes = document, options.quotes
        article = document.article
        self._iri = f"{URN}:article:{_escaped(article.id)}"
        self._source: dict[str, Any] = {
            "id": self._iri,
            "type": "Text",
            "format": "text/plain",
            "textSha256": article.sha256,
        }
        if article.lang not in ("", UNDECIDED):
            self._source["language"] = article.lang

    def all(self) -> Iterator[dict[str, Any]]:
        """All of them, annotator by annotator."""
        for work in self._document.works:
            yield self._status(work)
            for span in work.spans:
                yield self._span(work, span)
            for stance in sorted(work.stances, key=lambda s: (s.target.ref, s.holder.ref)):
                yield self._stance(work, stance)
            for note in sorted(work.notes, key=lambda n: (n.start or 0, n.end or 0, n.id)):
                yield self._note(work, note)

    def _annotation(self, work: Work, ident: str, motivation: str, **rest: Any) -> dict[str, Any]:
        article, actor = _escaped(self._document.article.id), _escaped(work.actor)
        return {
            "id": f"{URN}:annotation:{article}:{actor}:{ident}",
            "type": "Annotation",
            "motivation": motivation,
            "creator": {
                "id": f"{URN}:annotator:{actor}",
                "type": "Person",
                "nickname": work.actor,
            },
            **rest,
        }

    def _status(self, work: Work) -> dict[str, Any]:
        """Where an annotator stands; its target tells all about the article."""
        status = work.status
        body = {
            **_text("assessing", str(status.state)),
            "looked": sorted(work.looked),
            "seconds": status.seconds,
            "reason": status.reason,
        }
        target = {**self._source, **self._article()}
        return self._annotation(work, "status", "assessing", body=body, target=target)

    def _article(self) -> dict[str, Any]:
        article = self._document.article
        told = {
            "articleTitle": article.title if self._quotes else "",
            "articleSource": article.source,
            "articleUrl": article.url,
            "articleDate": article.date,
            "articleGroup": article.group,
        }
        said = {name: value for name, value in told.items() if value}
        return {"articleId": article.id, "length": len(article.text), **said}

    def _span(self, work: Work, span: Span) -> dict[str, Any]:
        body: dict[str, Any] = {**_text("tagging", span.label), "layer": span.layer}
        if span.attrs:
            body["attributes"] = dict(span.attrs)
        known = _QID.fullmatch(str(span.attrs.get("xid", "")))
        return self._annotation(
            work,
            f"span:{_escaped(span.id)}",
            "tagging",
            body=[body, _identity(known[0])] if known else body,
            target=self._stretch(span.start, span.end),
            origin=span.origin,
        )

    def _stance(self, work: Work, stance: Stance) -> dict[str, Any]:
        bodies: list[dict[str, Any]] = [
            {
                **_text("classifying", stance.label),
                "stanceTarget": _party(stance.target),
                "stanceHolder": _party(stance.holder),
                "basis": stance.basis,
                "confidence": stance.confidence,
            }
        ]
        if stance.note:
            bodies.append(_text("commenting", stance.note))
        targets: list[Any] = [self._evidence(evidence) for evidence in stance.evidence]
        ident = stance.key(work.actor, self._document.article.id).split(":")[1]
        return self._annotation(
            work,
            f"stance:{ident}",
            "classifying",
            body=bodies,
            target=targets or [self._iri],
        )

    def _evidence(self, evidence: Evidence) -> dict[str, Any]:
        return {**self._stretch(evidence.start, evidence.end), "role": evidence.role}

    def _note(self, work: Work, note: Note) -> dict[str, Any]:
        whole = note.start is None or note.end is None
        target = self._iri if whole else self._stretch(note.start or 0, note.end or 0)
        said: dict[str, Any] = {"body": _text("commenting", note.note)} if note.note else {}
        return self._annotation(
            work,
            f"note:{_escaped(note.id)}",
            "commenting" if note.note else "bookmarking",
            target=target,
            flagged=note.flag,
            **said,
        )

    def _stretch(self, start: int, end: int) -> dict[str, Any]:
        """A stretch of the text as a target."""
        selectors: list[dict[str, Any]] = [
            {"type": "TextPositionSelector", "start": start, "end": end}
        ]
        if self._quotes:
            exact, prefix, suffix = quoted(self._document.article.text, start, end)
            words = {"exact": exact, "prefix": prefix, "suffix": suffix}
            selectors.append({"type": "TextQuoteSelector", **words})
        return {"type": "SpecificResource", "source": self._source, "selector": selectors}


def _text(purpose: str, value: str) -> dict[str, Any]:
    return {"type": "TextualBody", "purpose": purpose, "value": value, "format": "text/plain"}


def _identity(item: str) -> dict[str, Any]:
    """A body that says which item of Wikidata is meant."""
    return {"type": "SpecificResource", "purpose": "identifying", "source": WIKIDATA + item}


def _party(party: Party) -> dict[str, Any]:
    return {"kind": party.kind, **({"name": party.name} if party.name else {})}


def _escaped(name: str) -> str:
    """A name for use in a URN."""
    return quote(name, safe="")


def _note(document: Document, options: Options, losses: Losses) -> None:
    """Count what went out and what has no place."""
    article, works = document.article, document.works
    losses.wrote("articles" if works else "articles without annotations")
    if not works:
        losses.add("article nobody has begun", article.id)
    losses.wrote("spans", sum(len(work.spans) for work in works))
    losses.wrote("stances", sum(len(work.stances) for work in works))
    losses.add("text of an article", article.id)
    if article.title and not options.quotes:
        losses.add("title", article.id)
    losses.add("field of metadata", article.id, len(article.meta))
    rejected = sum(len(work.rejections) for work in works)
    losses.add("rejected suggestions, which stay in the project", article.id, rejected)
