"""Prodigy JSONL: one task for each article and annotator, with tokens and one layer of spans.

Offsets are code points, half-open; `token_end` counts the last token itself, while `end` does not.
Tokens are cut at the edges of spans, so that every span begins and ends with one, and together
with white space they make up the whole text, as spaCy's do: `ws` says that a space follows, other
white space is a token of its own. A skipped article is a task with the answer "ignore".
Attributes go out as `attrs` of a span, metadata of the article as `meta`. Hashes are made of what
a task says, so that the same task has the same ones; Prodigy makes its own where it needs them.
Format: Prodigy's documentation of `ner_manual` and `spans_manual`, and published dumps (`db-out`).
"""

import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

from annotator.formats.choice import Options, choose, decided, note_uncarried, span_layer
from annotator.formats.document import Document
from annotator.formats.files import Part
from annotator.formats.json_text import json_text
from annotator.formats.losses import Losses
from annotator.model.annotation import Span, State, Work
from annotator.model.article import Article
from annotator.model.scheme import Scheme, SpanLayer, Unit
from annotator.text.tokens import TOKENIZER, tokens

FIELDS = ("title", "source", "url", "date", "lang", "group")
"""Fields of an article that go into `meta`, those that have a value."""

Range = tuple[int, int]


def parts(
    documents: Iterable[Document], scheme: Scheme, options: Options, losses: Losses
) -> Iterator[Part]:
    """Write a line for each annotator who decided on an article in a layer.

    Raises:
        AnnotatorError: no such layer, or metadata that JSON cannot hold.
    """
    layer = span_layer(scheme, options, "entities", (Unit.WORD, Unit.GRAPHEME))
    losses.facts |= {
        "layer": layer.name,
        "tokenizer": TOKENIZER,
        "view": "spans_manual where spans overlap, else ner_manual",
    }
    for document in documents:
        works = [work for work in document.works if decided(work, layer)]
        if not works:
            losses.add(f"article without decisions in {layer.name}", document.article.id)
        for work in works:
            task = _task(replace(document, works=(work,)), work, layer, losses)
            yield Part(json_text(task, document.article.id).encode() + b"\n")


def _task(document: Document, work: Work, layer: SpanLayer, losses: Losses) -> dict[str, Any]:
    """The task of one annotator, who alone is in the document."""
    article = document.article
    spans = [span for span in work.spans if span.layer == layer.name]
    if work.status.state is State.SKIPPED:
        losses.wrote("ignored tasks")
        losses.add("span of a skipped article, in a task to ignore", article.id, len(spans))
        losses.add("reason for skipping", work.status.reason, bool(work.status.reason))
    else:
        choose(document, layer, Options(), losses)  # counts what went out unfinished
        losses.wrote("spans", len(spans))
    note_uncarried(document, work, layer, losses)
    words = tiles(article.text, spans)
    flat = all(one.end <= other.start for one, other in pairwise(spans))
    view = "ner_manual" if flat else "spans_manual"
    placed = [_span(article.text, span, words) for span in spans]
    return {
        "text": article.text,
        "meta": _meta(article),
        "_input_hash": _hash(article.text),
        "_task_hash": _hash(json_text([article.text, view, placed], article.id)),
        "tokens": [_token(article.text, number, word) for number, word in enumerate(words)],
        "spans": placed,
        "answer": "ignore" if work.status.state is State.SKIPPED else "accept",
        "_view_id": view,
        "_session_id": work.actor,
        "_annotator_id": work.actor,
    }


def tiles(text: str, spans: Iterable[Span]) -> list[tuple[int, int, bool]]:
    """Tokens and white space that make up the whole text, each with whether a space follows it.

    The space that follows belongs to neither, so a span must not begin or end with that one.
    """
    starts, ends = set[int](), set[int]()
    for span in spans:
        starts.add(span.start)
        ends.add(span.end)
    edges = sorted(starts | ends)
    found: list[tuple[int, int, bool]] = []
    place = 0
    for start, end in [*tokens(text, edges), (len(text), len(text))]:
        space = found and place < start and text[place] == " "
        if space and place not in starts and place + 1 not in ends:
            found[-1] = (*found[-1][:2], True)
            place += 1
        found.extend((*piece, False) for piece in _cut(place, start, edges))
        if start < end:
            found.append((start, end, False))
        place = end
    return found


def _cut(start: int, end: int, edges: list[int]) -> Iterator[Range]:
    """A stretch of white space, divided where spans begin or end; `edges` are in order."""
    inside = edges[bisect_right(edges, start) : bisect_left(edges, end)]
    yield from ((a, b) for a, b in pairwise([start, *inside, end]) if a < b)


def _token(text: str, number: int, word: tuple[int, int, bool]) -> dict[str, Any]:
    start, end, space = word
    return {"text": text[start:end], "start": start, "end": end, "id": number, "ws": space}


def _span(text: str, span: Span, words: list[tuple[int, int, bool]]) -> dict[str, Any]:
    placed = {
        "start": span.start,
        "end": span.end,
        "token_start": bisect_left(words, (span.start,)),
        "token_end": bisect_left(words, (span.end,)) - 1,
        "label": span.label,
        "text": text[span.start : span.end],
    }
    return placed | ({"attrs": dict(span.attrs)} if span.attrs else {})


def _meta(article: Article) -> dict[str, Any]:
    fields = {name: getattr(article, name) for name in FIELDS}
    own = {"meta": dict(article.meta)} if article.meta else {}
    return {"id": article.id, **{name: value for name, value in fields.items() if value}, **own}


def _hash(value: str) -> int:
    """A whole number of 32 bits with sign, as Prodigy's hashes are."""
    return int.from_bytes(hashlib.sha256(value.encode()).digest()[:4], "big", signed=True)
