"""An article with one annotator's decisions as a row of a Hugging Face data set."""

from typing import Any, NamedTuple

from annotator.formats.document import Document
from annotator.formats.flat import outermost
from annotator.formats.json_text import json_text
from annotator.formats.losses import Losses
from annotator.formats.writers.hf_features import (
    EMPTY,
    STRINGS,
    Feature,
    Labels,
    column,
    features,
    tagged_layer,
)
from annotator.model.annotation import Span, Stance, State, Work
from annotator.model.article import Article
from annotator.model.scheme import Scheme
from annotator.text.counting import Count, Offsets
from annotator.text.tokens import tokens


class Rows:
    """Makes rows for one scheme and one way to count offsets."""

    def __init__(self, scheme: Scheme, count: Count, losses: Losses) -> None:
        self._scheme = scheme
        self._labels = Labels(scheme)
        self._tagged = tagged_layer(scheme)
        self._count = count
        self._losses = losses

    @property
    def features(self) -> tuple[Feature, ...]:
        """The columns, with all labels met so far."""
        return features(self._scheme, self._labels)

    def row(self, document: Document, work: Work) -> dict[str, Any]:
        """The row of a document, its fields in the order of `features`."""
        article = document.article
        place = _Place(article, Offsets(article.text, self._count))
        spans = [span for span in work.spans if self._goes_out(span, article)]
        self._note_uncarried(document, work)
        values: dict[str, Any] = {name: getattr(article, name) for name in STRINGS[:-1]}
        values |= {
            "text_sha256": article.sha256,
            "annotator": work.actor,
            "finished": work.status.state is State.DONE,
            "looked": sorted(work.looked),
        }
        for layer in self._scheme.span_layers:
            mine = [span for span in spans if span.layer == layer.name]
            values[column(layer.name)] = [place.span(span) for span in mine]
            self._losses.wrote(f"spans of {layer.name}", len(mine))
        if self._tagged is not None:
            mine = [span for span in spans if span.layer == self._tagged.name]
            values |= self._tagged_tokens(article, mine)
        values["stances"] = self._stances(work, place)
        return {feature.name: values[feature.name] for feature in self.features}

    def _goes_out(self, span: Span, article: Article) -> bool:
        """Whether a span has a column; if not, it is counted."""
        if not any(span.layer == layer.name for layer in self._scheme.span_layers):
            self._losses.add(f"span of layer {span.layer}", f"{article.id}: {span.label}")
            return False
        self._labels.meet(span.layer, span.label)
        return True

    def _tagged_tokens(self, article: Article, spans: list[Span]) -> dict[str, list[str]]:
        """The columns `tokens` and `ner_tags`."""
        flat, nested = outermost(spans)
        for span in nested:
            self._losses.add("nested span that ner_tags cannot hold", _named(article, span))
        words = tokens(article.text, [edge for span in flat for edge in (span.start, span.end)])
        tags, tokenless = _tags(words, flat)
        for span in tokenless:
            self._losses.add("span without a token in ner_tags", _named(article, span))
        return {"tokens": [article.text[start:end] for start, end in words], "ner_tags": tags}

    def _stances(self, work: Work, place: "_Place") -> list[dict[str, Any]]:
        layer = self._scheme.stance_layer
        if layer is None:
            self._losses.add("stance", work.article, len(work.stances))
            return []
        for stance in work.stances:
            self._labels.meet(layer.name, stance.label)
        self._losses.wrote("stances", len(work.stances))
        ordered = sorted(work.stances, key=lambda s: (s.target.ref, s.holder.ref))
        return [place.stance(stance) for stance in ordered]

    def _note_uncarried(self, document: Document, work: Work) -> None:
        """Count what the columns have no place for."""
        article = document.article
        for other in document.works:
            if other is not work and (other.spans or other.stances or other.looked):
                example = f"{article.id}: {other.actor}"
                self._losses.add("decisions of another annotator", example)
        self._losses.add("note or flag", article.id, len(work.notes))
        self._losses.add("field of metadata", article.id, len(article.meta))


def _tags(words: list[tuple[int, int]], flat: list[Span]) -> tuple[list[str], list[Span]]:
    """The IOB2 tag of each token, which no edge cuts, and the spans that have no token."""
    tags: list[str] = []
    begun: set[int] = set()
    following = 0
    for start, _ in words:
        while following < len(flat) and flat[following].end <= start:
            following += 1
        span = flat[following] if following < len(flat) else None
        if span is None or span.start > start:
            tags.append("O")
        else:
            tags.append(f"{'I' if following in begun else 'B'}-{span.label}")
            begun.add(following)
    return tags, [span for place, span in enumerate(flat) if place not in begun]


class _Place(NamedTuple):
    """An article and how places in it are counted."""

    article: Article
    offsets: Offsets

    def span(self, span: Span) -> dict[str, Any]:
        """A span as a struct; attributes beside lemma and cross-lingual id are JSON."""
        attrs = dict(span.attrs)
        plain = {}
        for name in ("lemma", "xid"):
            value = attrs.get(name)
            plain[name] = attrs.pop(name) if isinstance(value, str) and value else ""
        more = json_text(attrs, self.article.id) if attrs else EMPTY
        return {
            **self._cut(span.start, span.end),
            "label": span.label,
            **plain,
            "attrs": more,
        }

    def stance(self, stance: Stance) -> dict[str, Any]:
        """A stance as a struct."""
        return {
            "target_kind": stance.target.kind,
            "target": stance.target.name,
            "holder_kind": stance.holder.kind,
            "holder": stance.holder.name,
            "label": stance.label,
            "basis": stance.basis,
            "confidence": stance.confidence,
            "evidence": [
                {**self._cut(each.start, each.end), "role": each.role} for each in stance.evidence
            ],
            "note": stance.note,
        }

    def _cut(self, start: int, end: int) -> dict[str, Any]:
        text = self.article.text[start:end]
        return {"start": self.offsets.to(start), "end": self.offsets.to(end), "text": text}


def _named(article: Article, span: Span) -> str:
    return f"{article.id}: {article.text[span.start : span.end]} {span.label}"
