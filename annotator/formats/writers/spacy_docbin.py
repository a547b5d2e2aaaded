"""spaCy's DocBin: a folder of `docs-00001.spacy` and so on, 1,000 articles in each.

`doc.text` is the article's text to the last character, so `Doc.char_span` takes our offsets. Tokens
are ours, cut where spans begin and end, and white space other than single spaces is tokens, as in
spaCy itself. `doc.ents` has the outermost entities; `doc.spans` has a group for each layer the
annotator looked at, all of its spans in it; `doc.cats` has the author's stance on each target the
scheme asks about everywhere; `doc.user_data` has the rest, as JSON values.
Format: spaCy 3, DocBin.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.util import find_spec
from itertools import islice
from typing import Any

import spacy
from spacy.tokens import Doc, DocBin
from spacy.tokens import Span as DocSpan

from annotator.formats.choice import Options, choose_all, span_layer
from annotator.formats.document import Document
from annotator.formats.files import Part
from annotator.formats.flat import outermost
from annotator.formats.losses import Losses
from annotator.formats.writers.spacy_tokens import Tokenized
from annotator.model.annotation import AUTHOR, Party, Span, Stance, State, Work
from annotator.model.article import Article
from annotator.model.scheme import Scheme, StanceLayer, Unit
from annotator.text.tokens import TOKENIZER

SHARD = 1000
"""Articles in a file: what is in memory at once."""

ATTRS = ("ENT_IOB", "ENT_TYPE", "ENT_KB_ID")
"""What is known of tokens: the rest of spaCy's columns would hold zeros."""

_ABOUT = ("title", "source", "url", "date", "lang", "group")


def parts(
    documents: Iterable[Document], scheme: Scheme, options: Options, losses: Losses
) -> Iterator[Part]:
    """Write what one annotator decided about each document.

    Raises:
        AnnotatorError: no layer fits, or several annotators worked on an article and none was chosen.
    """
    maker = _Maker(scheme, options, losses)
    docs = (
        (document, work)
        for document in documents
        if (work := choose_all(document, options, losses)) is not None
    )
    number = 0
    while shard := maker.shard(islice(docs, SHARD)):
        number += 1
        yield Part(shard, f"docs-{number:05}.spacy", last=True)
    if not number:
        yield Part(DocBin(ATTRS, store_user_data=True).to_bytes(), "docs-00001.spacy", last=True)


class _Maker:
    """Makes spaCy's documents of ours."""

    def __init__(self, scheme: Scheme, options: Options, losses: Losses) -> None:
        self._scheme = scheme
        self._options = options
        self._losses = losses
        self._layer = span_layer(scheme, options, "entities", (Unit.WORD, Unit.GRAPHEME)).name
        losses.facts |= {"layer": self._layer, "tokenizer": TOKENIZER}

    def shard(self, works: Iterable[tuple[Document, Work]]) -> bytes:
        """A DocBin of some documents; b"" when there are none. Its words are forgotten afterwards."""
        vocab = spacy.blank("xx").vocab
        made = DocBin(ATTRS, store_user_data=True)
        for document, work in works:
            made.add(self._doc(vocab, document, work))
        return made.to_bytes() if len(made) else b""

    def _doc(self, vocab: Any, document: Document, work: Work) -> Any:
        article = document.article
        tokenized = Tokenized(article.text, work.spans, self._options.whole_tokens)
        for cut in tokenized.cuts:
            self._losses.add("token cut", f"{article.id}: {_around(article.text, cut)}")
        doc = Doc(vocab, words=tokenized.words, spaces=tokenized.spaces)
        spans = [self._placed(span, tokenized, article) for span in work.spans]
        for layer in self._scheme.span_layers:
            mine = [span for span in spans if span.layer == layer.name]
            if mine or _decided(work, layer.name):
                doc.spans[layer.name] = [_doc_span(doc, span, tokenized) for span in mine]
        self._set_ents(doc, spans, tokenized, work)
        doc.cats = _cats(work, self._scheme.stance_layer)
        doc.user_data.update(_user_data(article, work, spans))
        self._note(document, work, spans)
        return doc

    def _placed(self, span: Span, tokenized: Tokenized, article: Article) -> Span:
        """A span as it goes out: grown to whole tokens when it has to."""
        start, end = tokenized.grown(span.start, span.end)
        if (start, end) != (span.start, span.end):
            surface = article.text[start:end]
            self._losses.add("span grown to whole tokens", f"{article.id}: {surface} {span.label}")
        return span._replace(start=start, end=end)

    def _set_ents(self, doc: Any, spans: list[Span], tokenized: Tokenized, work: Work) -> None:
        """The outermost entities; where nobody looked for any, tokens say nothing about them."""
        flat, nested = outermost(span for span in spans if span.layer == self._layer)
        for span in nested:
            surface = doc.text[span.start : span.end]
            self._losses.add(
                "nested entity only in doc.spans", f"{work.article}: {surface} {span.label}"
            )
        default = "outside" if flat or _decided(work, self._layer) else "missing"
        doc.set_ents([_doc_span(doc, span, tokenized) for span in flat], default=default)

    def _note(self, document: Document, work: Work, spans: list[Span]) -> None:
        known = {layer.name for layer in self._scheme.span_layers}
        for span in spans:
            if span.layer in known:
                self._losses.wrote(f"spans of {span.layer}")
            else:
                self._losses.add(f"span of layer {span.layer}", document.article.id)
        if work.stances:
            self._losses.wrote("stances", len(work.stances))
        for other in document.works:
            if other is not work and (other.spans or other.stances or other.looked):
                example = f"{document.article.id}: {other.actor}"
                self._losses.add("decisions of another annotator", example)


def _around(text: str, cut: int) -> str:
    """A cut with the letters beside it."""
    return f"{text[max(0, cut - 10) : cut].split()[-1]}|{text[cut : cut + 10].split()[0]}"


def _decided(work: Work, layer: str) -> bool:
    """Whether the annotator has looked at a layer of the article."""
    return layer in work.looked or work.status.state is State.DONE


def _doc_span(doc: Any, span: Span, tokenized: Tokenized) -> Any:
    first, last = tokenized.range(span.start, span.end)
    xid = span.attrs.get("xid")
    return DocSpan(doc, first, last, span.label, kb_id=xid if isinstance(xid, str) else "")


def _cats(work: Work, layer: StanceLayer | None) -> dict[str, float]:
    """The author's stance on each target that is asked about in every article, as `target: label`."""
    if layer is None or not _decided(work, layer.name):
        return {}
    said = {s.target.ref: s.label for s in work.stances if s.holder.ref == AUTHOR.ref}
    cats: dict[str, float] = {}
    for target in layer.targets:
        label = said.get(Party("proposition", target).ref, layer.absent)
        cats |= {f"{target}: {value.name}": 0.0 for value in layer.active}
        cats[f"{target}: {label}"] = 1.0
    return cats


def _user_data(article: Article, work: Work, spans: Iterable[Span]) -> dict[str, Any]:
    """What spaCy has no field for; JSON values only."""
    return {
        "id": article.id,
        **{name: getattr(article, name) for name in _ABOUT},
        "spacy_lang": _spacy_lang(article.lang),
        "annotator": work.actor,
        "looked": sorted(work.looked),
        "attributes": [
            {"layer": s.layer, "label": s.label, "start": s.start, "end": s.end, **_attrs(s.attrs)}
            for s in spans
            if s.attrs
        ],
        "stances": [_stance(stance) for stance in work.stances],
        "notes": [
            {"note": note.note, "flag": note.flag, "start": note.start, "end": note.end}
            for note in work.notes
        ],
    }


def _attrs(attrs: Mapping[str, Any]) -> dict[str, Any]:
    return {"attrs": {name: attrs[name] for name in sorted(attrs)}}


def _stance(stance: Stance) -> dict[str, Any]:
    return {
        "target": {"kind": stance.target.kind, "name": stance.target.name},
        "holder": {"kind": stance.holder.kind, "name": stance.holder.name},
        "label": stance.label,
        "basis": stance.basis,
        "confidence": stance.confidence,
        "evidence": [{"start": e.start, "end": e.end, "role": e.role} for e in stance.evidence],
        "note": stance.note,
    }


@cache
def _spacy_lang(lang: str) -> str:
    """The language `spacy.blank` takes for an article: its own where spaCy has it, else "xx"."""
    plain = lang.partition("-")[0]
    known = plain.isascii() and plain.isalpha() and find_spec(f"spacy.lang.{plain}")
    return plain if known else "xx"
