"""IOB2, the column format of CoNLL-2003 and most entity taggers: `TOKEN _ _ TAG`.

One token a line, a blank line after each sentence, `-DOCSTART- -X- O O` before each article (the
spelling of CoNLL-2003 that spaCy splits documents at). Tokens are cut at the edges of entities, so
every entity begins and ends with a token, or entities grow to whole tokens (`whole_tokens`); as the
format is flat, of entities in one another only the outermost goes out. A side file `.offsets.tsv`
says where in the article each token is: `doc sent tok start end`, sentences and tokens counted from
1, offsets in code points, half-open. BIOES and CoNLL-U take the same tokens.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from annotator.formats.choice import Options, choose, note_uncarried, span_layer
from annotator.formats.document import Document
from annotator.formats.files import Part
from annotator.formats.flat import outermost
from annotator.formats.losses import Losses
from annotator.model.annotation import Span
from annotator.model.article import Article
from annotator.model.errors import AnnotatorError
from annotator.model.scheme import Scheme, Unit
from annotator.text.tokens import TOKENIZER, sentences, tokens

DOCSTART = "-DOCSTART- -X- O O"
OFFSETS = ".offsets.tsv"
HEADER = "doc\tsent\ttok\tstart\tend\n"

Range = tuple[int, int]


class Tagging(NamedTuple):
    """How the tokens of an entity are marked: B- on the first, I- on the others, but for these."""

    name: str
    last: str
    """The letter of an entity's last token when it has several."""
    single: str
    """The letter of an entity's only token."""


IOB2 = Tagging("IOB2", last="I", single="B")
BIOES = Tagging("BIOES", last="E", single="S")


class Tokenised(NamedTuple):
    """An article in sentences of tokens, with entities that begin and end with tokens."""

    article: Article
    sentences: list[list[Range]]
    flat: list[Span]
    """Entities in order, none overlapping another."""


def parts(
    documents: Iterable[Document],
    scheme: Scheme,
    options: Options,
    losses: Losses,
    tagging: Tagging = IOB2,
) -> Iterator[Part]:
    """Write the entities one annotator marked in one layer of each document.

    Raises:
        AnnotatorError: no layer fits, several annotators worked on an article and none was chosen,
            or a label holds a space.
    """
    yield Part(HEADER.encode(), OFFSETS)
    for found in tokenised(documents, scheme, options, losses):
        yield from _document(found, tagging, losses)


def tokenised(
    documents: Iterable[Document], scheme: Scheme, options: Options, losses: Losses
) -> Iterator[Tokenised]:
    """Each document somebody decided on, in tokens; what that costs is noted in `losses`.

    Raises:
        AnnotatorError: as `parts`, labels apart.
    """
    layer = span_layer(scheme, options, "entities", (Unit.WORD, Unit.GRAPHEME))
    losses.facts |= {"layer": layer.name, "tokenizer": TOKENIZER}
    if options.whole_tokens:
        losses.facts["entities"] = "grown to whole tokens"
    for document in documents:
        work = choose(document, layer, options, losses)
        if work is None:
            continue
        note_uncarried(document, work, layer, losses)
        spans = [span for span in work.spans if span.layer == layer.name]
        _note_attributes(document, spans, losses)
        yield _tokenised(document.article, spans, options, losses)


def tags(words: Sequence[Range], flat: Sequence[Span], tagging: Tagging = IOB2) -> list[str]:
    """The tag of each token of a sentence: a letter and the label of its entity, else O.

    Raises:
        AnnotatorError: a label holds a space.
    """
    # A token is cut at edges, so the last entity that starts before its end either holds it or
    # has ended. Searched by key: a list of starts would be made anew for every sentence.
    places = [bisect_right(flat, end - 1, key=lambda span: span.start) - 1 for _, end in words]
    owners = [
        place if place >= 0 and flat[place].end > start else None
        for place, (start, _) in zip(places, words, strict=True)
    ]
    found = []
    for before, owner, after in zip([None, *owners], owners, [*owners[1:], None], strict=False):
        if owner is None:
            found.append("O")
            continue
        first, last = owner != before, owner != after
        letter = (tagging.single if last else "B") if first else (tagging.last if last else "I")
        found.append(f"{letter}-{_label(flat[owner], tagging)}")
    return found


def _document(found: Tokenised, tagging: Tagging, losses: Losses) -> Iterator[Part]:
    text, article = found.article.text, found.article.id
    lines, offsets = [DOCSTART, ""], []
    for number, sentence in enumerate(found.sentences, 1):
        surfaces = _surfaces(text, sentence, article, losses)
        marks = tags(sentence, found.flat, tagging)
        lines += [f"{word} _ _ {tag}" for word, tag in zip(surfaces, marks, strict=True)]
        lines.append("")
        for place, (start, end) in enumerate(sentence, 1):
            offsets.append(f"{_cell(article)}\t{number}\t{place}\t{start}\t{end}\n")
    yield Part(("\n".join(lines) + "\n").encode())
    yield Part("".join(offsets).encode(), OFFSETS)


def _tokenised(article: Article, spans: list[Span], options: Options, losses: Losses) -> Tokenised:
    text = article.text
    flat, nested = outermost(spans)
    for span in nested:
        losses.add("nested entity", f"{article.id}: {text[span.start : span.end]} {span.label}")
    if options.whole_tokens:
        words = tokens(text)
        flat = _grown(article, flat, words, losses)
    else:
        edges = [edge for span in flat for edge in (span.start, span.end)]
        words = tokens(text, edges)
        _note_cuts(text, edges, article.id, losses)
    _note_written(article.id, text, words, flat, losses)
    return Tokenised(article, list(_sentences(text, words, flat)), flat)


def _grown(article: Article, flat: list[Span], words: list[Range], losses: Losses) -> list[Span]:
    """The entities, each up to the edges of the tokens it cuts; where two then meet, the longer."""
    starts = [start for start, _ in words]
    text = article.text
    marked = {span.id: span for span in flat}
    wide = [
        span._replace(
            start=_around(span.start, words, starts)[0], end=_around(span.end, words, starts)[1]
        )
        for span in flat
    ]
    kept, lost = outermost(wide)
    for grown in kept:
        span = marked[grown.id]
        if grown != span:
            before, after = text[span.start : span.end], text[grown.start : grown.end]
            losses.add("entity grown to whole tokens", f"{article.id}: {before} → {after}")
    for grown in lost:
        surface = text[marked[grown.id].start : marked[grown.id].end]
        losses.add("entity in a token of another one", f"{article.id}: {surface} {grown.label}")
    return kept


def _around(edge: int, words: list[Range], starts: list[int]) -> Range:
    """The token an edge cuts; the edge itself, twice, when it cuts none."""
    place = bisect_right(starts, edge) - 1
    if place >= 0 and words[place][0] < edge < words[place][1]:
        return words[place]
    return edge, edge


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


def _surfaces(text: str, words: list[Range], article: str, losses: Losses) -> Iterator[str]:
    """The tokens as written: a control character readers take for a space becomes U+FFFD."""
    for start, end in words:
        surface = text[start:end]
        if not surface.isprintable() and any(map(str.isspace, surface)):
            losses.add("control character written as U+FFFD", f"{article}: offset {start}")
            surface = "".join("\ufffd" if char.isspace() else char for char in surface)
        yield surface


def _label(span: Span, tagging: Tagging) -> str:
    if any(char.isspace() for char in span.label):
        raise AnnotatorError(
            f"{tagging.name} cannot hold the label {span.label!r}: it has a space in it."
        )
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
        start, end = _around(edge, words, starts)
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
