"""CleanEval's text: the content of an article, each line with its mark `<h>` or `<p>`.

The first line may be `URL: ...`; then one line for each line of the article that a profile counts
as content. Readers strip the URL line and parse the rest as HTML, so `&`, `<` and `>` are escaped.
Which labels are content is the profile's to say (presets/profiles.toml). Space is collapsed, as the
format has no offsets; list items are not told from paragraphs, as no layer records them.
Format: CleanEval annotation guidelines, Baroni and Sharoff 2007.
"""

import html
from collections.abc import Iterable, Iterator

from annotator.formats.choice import Options, choose, note_uncarried, span_layer
from annotator.formats.document import Document
from annotator.formats.files import Part
from annotator.formats.losses import Losses
from annotator.formats.names import safe_name
from annotator.formats.profiles import Profile, profile
from annotator.model.annotation import Span
from annotator.model.article import Article
from annotator.model.scheme import Scheme, Unit

INDEX = "index.tsv"
"""In a folder: which file holds which article."""


def parts(
    documents: Iterable[Document], scheme: Scheme, options: Options, losses: Losses
) -> Iterator[Part]:
    """Write the content of each document to a file of its own, and an index of the files.

    Raises:
        AnnotatorError: no such profile or layer, or several annotators worked on an article and
            none was chosen.
    """
    layer = span_layer(scheme, options, "boilerplate", (Unit.BLOCK,))
    chosen = profile(options.profile).following(layer)
    losses.facts |= {"layer": layer.name, "profile": f"{chosen.name}/{chosen.version}"}
    yield Part(b"file\tid\n", INDEX)
    for document in documents:
        work = choose(document, layer, options, losses)
        if work is None:
            continue
        note_uncarried(document, work, layer, losses)
        spans = [span for span in work.spans if span.layer == layer.name]
        note_labels(document, spans, chosen, losses)
        name = safe_name(document.article.id) + ".txt"
        yield Part(_page(document.article, spans, chosen).encode(), name, last=True)
        yield Part(f"{name}\t{_one_line(document.article.id)}\n".encode(), INDEX)


def content(text: str, spans: list[Span], chosen: Profile) -> Iterator[tuple[str, str]]:
    """The lines of a text that a profile counts as content, each with its mark.

    Pieces of one mark are joined over what lay between them, space is collapsed, and a line that
    holds content of two marks is two. The spans are those of one layer, in order.
    """
    start = first = 0
    for line in text.split("\n"):
        end = start + len(line)
        yield from _kept(text, chosen, _pieces(start, end, spans, first))
        while first < len(spans) and spans[first].end <= end:
            first += 1
        start = end + 1


def note_labels(document: Document, spans: list[Span], chosen: Profile, losses: Losses) -> None:
    """Count the spans whose label a profile does not know."""
    for span in spans:
        if span.label not in chosen.labels:
            losses.add(f"label {span.label} unknown to the profile, left out", document.article.id)


def _page(article: Article, spans: list[Span], chosen: Profile) -> str:
    lines = [f"URL: {_one_line(article.url)}\n"] if article.url else []
    for mark, surface in content(article.text, spans, chosen):
        lines.append(f"<{mark}>{html.escape(surface, quote=False)}\n")
    return "".join(lines)


def _kept(
    text: str, chosen: Profile, pieces: Iterable[tuple[int, int, str]]
) -> list[tuple[str, str]]:
    """The content of one line: pieces of one mark are joined over what lay between them."""
    joined: list[tuple[str, str]] = []
    for start, end, label in pieces:
        mark, surface = chosen.mark(label), _one_line(text[start:end])
        if not mark or not surface:
            continue
        if joined and joined[-1][0] == mark:
            joined[-1] = mark, f"{joined[-1][1]} {surface}"
        else:
            joined.append((mark, surface))
    return joined


def _pieces(start: int, end: int, spans: list[Span], first: int) -> Iterator[tuple[int, int, str]]:
    """A line cut where labels begin and end; "" is the label of what has none.

    Spans before the one numbered `first` end before the line.
    """
    place = start
    for number in range(first, len(spans)):
        span = spans[number]
        if span.start >= end:
            break
        if span.end <= place:
            continue
        if span.start > place:
            yield place, span.start, ""
        yield max(place, span.start), min(end, span.end), span.label
        place = min(end, span.end)
    if place < end:
        yield place, end, ""


def _one_line(text: str) -> str:
    return " ".join(text.split())
