"""IOB2, the column format of CoNLL-2003 and most entity taggers: `TOKEN _ _ TAG`.

One token a line, a blank line after each sentence, `-DOCSTART- -X- O O` before each article (the
spelling of CoNLL-2003 that spaCy splits documents at). Tokens are cut at the edges of entities, so
every entity begins and ends with a token; as the format is flat, of entities in one another only
the outermost goes out. A side file `.offsets.tsv` says where in the article each token is:
`doc sent tok start end`, sentences and tokens counted from 1, offsets in code points, half-open.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from annotator.formats.choice import Options, choose, note_uncarried, span_layer
from annotator.formats.document import Document
from annotator.formats.files import Part
from annotator.formats.losses import Losses
from annotator.model.annotation import Span
from annotator.model.errors import AnnotatorError
from annotator.model.scheme import Scheme, Unit
from annotator.text.tokens import TOKENIZER, sentences, tokens

DOCSTART = "-DOCSTART- -X- O O"
OFFSETS = ".offsets.tsv"

Range = tuple[int, int]


def parts(
    documents: Iterable[Document], scheme: Scheme, options: Options, losses: Losses
) -> Iterator[Part]:
    """Write the entities one annotator marked in one layer of each document.

    Raises:
        AnnotatorError: no layer fits, several annotators worked on an article and none was chosen,
            or a label holds a space.
    """
    layer = span_layer(scheme, options, "entities", (Unit.WORD, Unit.GRAPHEME))
    losses.facts |= {"layer": layer.name, "tokenizer": TOKENIZER}
    yield Part(b"doc\tsent\ttok\tstart\tend\n", OFFSETS)
    for document in documents:
        work = choose(document, layer, options, losses)
        if work is None:
            continue
        note_uncarried(document, work, layer, losses)
        spans = [span for span in work.spans if span.layer == layer.name]
        _note_attributes(document, spans, losses)
        yield from _document(document, spans, losses)


def outermost(spans: Iterable[Span]) -> tuple[list[Span], list[Span]]:
    """Spans that do not overlap, in order, and the rest.

    Longer ones win: of nested spans the outer stays. Equally long ones: the first in order.
    """
    kept: list[Span] = []
    starts: list[int] = []
    lost: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.start - s.end, s.start, s.label, s.id)):
        place = bisect_right(starts, span.start)
        if (place and kept[place - 1].end > span.start) or (
            place < len(kept) and kept[place].start < span.end
        ):
            lost.append(span)
        else:
            kept.insert(place, span)
            starts.insert(place, span.start)
    return kept, sorted(lost, key=lambda s: (s.start, s.end, s.label, s.id))


def _document(document: Document, spans: list[Span], losses: Losses) -> Iterator[Part]:
    text, article = document.article.text, document.article.id
    flat, nested = outermost(spans)
    for span in nested:
        losses.add("nested entity", f"{article}: {text[span.start : span.end]} {span.label}")
    edges = [edge for span in flat for edge in (span.start, span.end)]
    words = tokens(text, edges)
    _note_cuts(text, edges, article, losses)
    lines, offsets = [DOCSTART, ""], []
    for number, sentence in enumerate(_sentences(text, words, flat), 1):
        tags = _tags(sentence, flat)
        surfaces = _surfaces(text, sentence, article, losses)
        lines += [f"{word} _ _ {tag}" for word, tag in zip(surfaces, tags, strict=True)]
        lines.append("")
        for place, (start, end) in enumerate(sentence, 1):
            offsets.append(f"{_cell(article)}\t{number}\t{place}\t{start}\t{end}\n")
    _note_written(article, text, words, flat, losses)
    yield Part(("\n".join(lines) + "\n").encode())
    yield Part("".join(offsets).encode(), OFFSETS)


def _sentences(text: str, words: list[Range], flat: list[Span]) -> Iterator[list[Range]]:
    """The tokens of each sentence; a sentence border inside an entity is none."""
    keep = [(span.start, span.end) for span in flat]
    position = 0
    for _, end in sentences(text, keep):
        first = position
        while position < len(words) and words[position][0] < end:
            position += 1
        if position > first:
            yield words[first:position]
    if position < len(words):
        yield words[position:]


def _tags(words: Sequence[Range], flat: list[Span]) -> list[str]:
    """The IOB2 tag of each token: B- on an entity's first one, I- on the others, else O."""
    starts = [span.start for span in flat]
    tags: list[str] = []
    previous: Span | None = None
    for start, end in words:
        # A token is cut at edges, so the last entity that starts before its end either holds
        # it or has ended.
        place = bisect_right(starts, end - 1) - 1
        span = flat[place] if place >= 0 and flat[place].end > start else None
        tags.append("O" if span is None else f"{'I' if span is previous else 'B'}-{_label(span)}")
        previous = span
    return tags


def _surfaces(text: str, words: list[Range], article: str, losses: Losses) -> Iterator[str]:
    """The tokens as written: a control character readers take for a space becomes U+FFFD."""
    for start, end in words:
        surface = text[start:end]
        if not surface.isprintable() and any(map(str.isspace, surface)):
            losses.add("control character written as U+FFFD", f"{article}: offset {start}")
            surface = "".join("\ufffd" if char.isspace() else char for char in surface)
        yield surface


def _label(span: Span) -> str:
    if any(char.isspace() for char in span.label):
        raise AnnotatorError(f"IOB2 cannot hold the label {span.label!r}: it has a space in it.")
    return span.label


def _cell(value: str) -> str:
    """A value for a TSV cell, TAB, line ends and backslash escaped as in C."""
    escapes = {"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"}
    return "".join(escapes.get(char, char) for char in value)


def _note_attributes(document: Document, spans: list[Span], losses: Losses) -> None:
    for span in spans:
        for name in span.attrs:
            losses.add(f"attribute {name}", f"{document.article.id}: {span.attrs[name]}")


def _note_cuts(text: str, edges: list[int], article: str, losses: Losses) -> None:
    """Count the entity edges inside a word: tokens other tokenizers will not make."""
    if not edges:
        return
    words = tokens(text)
    starts = [start for start, _ in words]
    for edge in sorted(set(edges)):
        start, end = words[max(0, bisect_right(starts, edge) - 1)] if words else (edge, edge)
        if start < edge < end:
            losses.add("token cut", f"{article}: {text[start:edge]}|{text[edge:end]}")


def _note_written(
    article: str, text: str, words: list[Range], flat: list[Span], losses: Losses
) -> None:
    """Count the entities that went out, and those no token stands for."""
    starts = [start for start, _ in words]
    for span in flat:
        place = bisect_right(starts, span.end - 1) - 1
        if place >= 0 and words[place][1] > span.start:
            losses.wrote("entities")
        else:
            surface = text[span.start : span.end]
            losses.add("entity without a token", f"{article}: {surface!r} {span.label}")
