"""What of a document goes into a CAS, the data structure of UIMA, DKPro and INCEpTION.

Entities are DKPro's `NamedEntity` with `value` and, where they have an `xid`, `identifier`; every
other span layer is a type `webanno.custom.…` with `value`, as INCEpTION names layers of a project.
A stance is said of a whole article, so `webanno.custom.Stance` has no place in the text (INCEpTION
calls this document metadata), and each of its evidence is a `webanno.custom.StanceEvidence` with
its number. Sentences and tokens are ours: INCEpTION shows a text by them.
Types: DKPro Core type system; `dkpro-cassis` counts code points and writes UTF-16 units.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

import cassis

from annotator.formats.choice import Options, choose_all
from annotator.formats.document import Document
from annotator.formats.files import Part
from annotator.formats.losses import Losses
from annotator.formats.names import safe_name
from annotator.formats.writers.uima_names import (
    CUSTOM,
    EVIDENCE,
    META_DATA,
    NAMED_ENTITY,
    SENTENCE,
    STANCE,
    TOKEN,
    UNSPECIFIED,
)
from annotator.model.annotation import Span, Stance, Work
from annotator.model.article import Article
from annotator.model.scheme import Scheme
from annotator.text.tokens import TOKENIZER, sentences, tokens

INDEX = "index.tsv"
"""In a folder: which file holds which article."""

_ANNOTATION = "uima.tcas.Annotation"
_STANCE_FEATURES = ("identifier", "value", "target", "targetKind", "holder", "holderKind", "basis")
_FEATURES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    META_DATA: ("uima.tcas.DocumentAnnotation", ("documentId", "documentTitle", "documentUri")),
    SENTENCE: (_ANNOTATION, ()),
    TOKEN: (_ANNOTATION, ()),
    NAMED_ENTITY: (_ANNOTATION, ("value", "identifier")),
    STANCE: ("uima.cas.AnnotationBase", (*_STANCE_FEATURES, "note")),
    EVIDENCE: (_ANNOTATION, ("stance", "value", "role", "target", "holder")),
}
"""Of each type its parent and its features that are strings."""

Range = tuple[int, int]


class CasWriter:
    """Makes a CAS of each document; the types are made once."""

    def __init__(self, scheme: Scheme, losses: Losses) -> None:
        self._losses = losses
        self.types = layer_types(scheme)
        """The type of each span layer by its name."""
        self.typesystem = _typesystem(self.types.values())
        losses.facts["tokenizer"] = TOKENIZER
        losses.facts["types"] = ", ".join(f"{name} = {t}" for name, t in self.types.items())

    def cas(self, document: Document, work: Work) -> cassis.Cas:
        """One annotator's work on a document."""
        text = document.article.text
        cas = cassis.Cas(typesystem=self.typesystem, sofa_string=text, sofa_mime="text/plain")
        self._add(cas, META_DATA, begin=0, end=len(text), **_metadata(document.article))
        spans = [span for span in work.spans if span.layer in self.types]
        self._losses.add("span of a layer not in the scheme", "", len(work.spans) - len(spans))
        self._segment(cas, text, work, spans)
        for span in spans:
            self._add_span(cas, document.article.id, span)
        for number, stance in enumerate(work.stances, 1):
            self._add_stance(cas, str(number), stance)
        self._losses.add("note or flag", document.article.id, len(work.notes))
        return cas

    def _segment(self, cas: cassis.Cas, text: str, work: Work, spans: list[Span]) -> None:
        """Tokens cut where anything begins or ends, and sentences that divide none of them."""
        places: list[Range] = [(span.start, span.end) for span in spans]
        places += [(each.start, each.end) for stance in work.stances for each in stance.evidence]
        words = tokens(text, [edge for place in places for edge in place])
        keep = [(s.start, s.end) for s in spans if self.types[s.layer] == NAMED_ENTITY]
        for start, end in sentences(text, keep + words):
            self._add(cas, SENTENCE, begin=start, end=end)
        for start, end in words:
            self._add(cas, TOKEN, begin=start, end=end)

    def _add_span(self, cas: cassis.Cas, article: str, span: Span) -> None:
        kind = self.types[span.layer]
        features = {"value": span.label}
        for name, value in span.attrs.items():
            if kind == NAMED_ENTITY and name == "xid" and isinstance(value, str):
                features["identifier"] = value
            else:
                self._losses.add(f"attribute {name}", f"{article}: {value}")
        self._add(cas, kind, begin=span.start, end=span.end, **features)
        self._losses.wrote(f"spans of {span.layer}")

    def _add_stance(self, cas: cassis.Cas, number: str, stance: Stance) -> None:
        target, holder = stance.target, stance.holder
        self._add(
            cas,
            STANCE,
            identifier=number,
            value=stance.label,
            target=target.name,
            targetKind=target.kind,
            holder=holder.name or None,
            holderKind=holder.kind,
            basis=stance.basis,
            confidence=stance.confidence,
            note=stance.note or None,
        )
        for evidence in stance.evidence:
            self._add(
                cas,
                EVIDENCE,
                begin=evidence.start,
                end=evidence.end,
                stance=number,
                value=stance.label,
                role=evidence.role,
                target=target.name,
                holder=holder.name or holder.kind,
            )
        self._losses.wrote("stances")

    def _add(self, cas: cassis.Cas, kind: str, **features: str | int | None) -> None:
        cas.add(self.typesystem.get_type(kind)(**features))


def each_file(
    documents: Iterable[Document],
    options: Options,
    losses: Losses,
    suffix: str,
    write: Callable[[Document, Work], bytes],
) -> Iterator[Part]:
    """A file for each document that one annotator decided on, and an index of the files.

    Raises:
        AnnotatorError: several annotators worked on an article and none was chosen, or what `write`
            raises.
    """
    yield Part(b"file\tid\n", INDEX)
    for document in documents:
        work = choose_all(document, options, losses)
        if work is None:
            continue
        _note_others(document, work, losses)
        name = safe_name(document.article.id) + suffix
        yield Part(write(document, work), name, last=True)
        yield Part(f"{name}\t{' '.join(document.article.id.split())}\n".encode(), INDEX)


def layer_types(scheme: Scheme) -> dict[str, str]:
    """The UIMA type of each span layer: the entities' is DKPro's, the others get names of their own."""
    stance = scheme.stance_layer
    entities = stance.entity_layer if stance and stance.entity_layer else "entities"
    found: dict[str, str] = {}
    for layer in scheme.span_layers:
        if layer.name == entities:
            found[layer.name] = NAMED_ENTITY
            continue
        name = "".join(part[:1].upper() + part[1:] for part in re.split("[^A-Za-z0-9]", layer.name))
        kind = CUSTOM + (name if name[:1].isalpha() else f"Layer{name}")
        while kind in found.values() or kind in (STANCE, EVIDENCE):
            kind += "Spans"
        found[layer.name] = kind
    return found


def _typesystem(layers: Iterable[str]) -> cassis.TypeSystem:
    typesystem = cassis.TypeSystem()
    custom = {kind: (_ANNOTATION, ("value",)) for kind in layers if kind not in _FEATURES}
    for kind, (parent, features) in {**_FEATURES, **custom}.items():
        made = typesystem.create_type(kind, parent)
        for feature in features:
            typesystem.create_feature(made, feature, "uima.cas.String")
        if kind == STANCE:
            typesystem.create_feature(made, "confidence", "uima.cas.Integer")
    return typesystem


def _metadata(article: Article) -> dict[str, str]:
    """The features of DKPro's DocumentMetaData that an article has."""
    lang = "" if article.lang == "und" else article.lang
    features = {
        "language": lang or UNSPECIFIED,
        "documentId": article.id,
        "documentTitle": article.title,
        "documentUri": article.url,
    }
    return {name: value for name, value in features.items() if value}


def _note_others(document: Document, work: Work, losses: Losses) -> None:
    for other in document.works:
        if other is not work and (other.spans or other.stances or other.looked):
            losses.add("decisions of another annotator", f"{document.article.id}: {other.actor}")
