"""What an export is made from: an article with everybody's decisions, proved against its text."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from annotator.model.annotation import Body, Evidence, Span, Work, quote_holds
from annotator.model.article import Article
from annotator.model.errors import AnnotatorError
from annotator.model.release import Golden, GoldItem


@dataclass(frozen=True, slots=True)
class Document:
    """An article and the current decisions of its annotators."""

    article: Article
    works: tuple[Work, ...] = ()
    """One for each annotator, sorted by name."""
    recorded: Mapping[tuple[str, str], Body] = field(default_factory=dict, compare=False)
    """Bodies as they were saved, by annotator and key; `prove` holds their quotes against the text."""
    sha256: str = field(default="", compare=False)
    """The text's SHA-256 as it was saved at import; "" when it is not known."""
    split: str = ""
    """The split it belongs to: "train", "dev", "test" ...; "" when the project has none."""
    items: tuple[GoldItem, ...] = ()
    """Of gold: where it comes from, and what was said instead."""
    gold: Golden | None = field(default=None, compare=False)
    """What adjudicators made of it, where an export is to be of that; see `selection`."""


def prove(document: Document) -> None:
    """Check once more that every offset cuts out of the text what was marked.

    Raises:
        AnnotatorError: offsets outside the text, a text or a surface other than the recorded one,
            or decisions of another article. It names the article and what does not hold.
    """
    article = document.article
    if document.sha256 and document.sha256 != article.sha256:
        raise AnnotatorError(f"The text of article {article.id!r} is not the one that came in.")
    for work in document.works:
        if work.article != article.id:
            raise AnnotatorError(f"Decisions on {work.article!r} came with article {article.id!r}.")
        for thing, key, places in _doubtful(document, work):
            _prove(document, f"{thing} of {work.actor!r}", (work.actor, key), places)


def proved(documents: Iterable[Document]) -> Iterator[Document]:
    """The same documents, each proved before it goes on."""
    for document in documents:
        prove(document)
        yield document


_Place = tuple[int, int]


def _doubtful(document: Document, work: Work) -> Iterator[tuple[str, str, list[_Place]]]:
    """What has offsets, but for spans that stand: what to call it, its key, and where it says it is."""
    for span in work.spans:
        if not _stands(span, document.recorded.get((work.actor, span.key)), document.article.text):
            yield f"{span.layer} span {span.id!r}", span.key, [(span.start, span.end)]
    for stance in work.stances:
        key = stance.key(work.actor, work.article)
        yield f"stance on {stance.target.name!r}", key, [_place(e) for e in stance.evidence]
    for note in work.notes:
        if note.start is not None and note.end is not None:
            yield f"note {note.id!r}", note.key, [(note.start, note.end)]


def _stands(span: Span, body: Body | None, text: str) -> bool:
    """Whether a span lies where its saved body says, and cuts out what that quotes."""
    if not 0 <= span.start < span.end <= len(text):
        return False
    return body is None or (
        body.get("start") == span.start and body.get("end") == span.end and quote_holds(body, text)
    )


def _place(evidence: Evidence) -> _Place:
    return evidence.start, evidence.end


def _prove(document: Document, what: str, key: tuple[str, str], places: list[_Place]) -> None:
    text = document.article.text
    if not all(0 <= start < end <= len(text) for start, end in places):
        raise AnnotatorError(
            f"Article {document.article.id!r}: the offsets of {what} do not lie in the text."
        )
    body = document.recorded.get(key)
    if body is None:
        return
    quotes = body.get("evidence", [body])
    if [(q.get("start"), q.get("end")) for q in quotes] != places or not all(
        quote_holds(quote, text) for quote in quotes
    ):
        raise AnnotatorError(
            f"Article {document.article.id!r}: {what} does not cut out the text it was put on."
        )
