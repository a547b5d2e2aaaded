"""BSNLP shared tasks: texts under five header lines, and lists of the names in them.

`raw/LANG/NAME.txt` has the lines ID, LANGUAGE, CREATION-DATE, URL and TITLE, then the text;
`annotated/LANG/NAME.out` has the ID, then `mention TAB base TAB category TAB id`: one line for each
different name, in the order of the mentions, without any offsets. Of names in one another only the
outermost goes out, as the task wants it. Paths and `articles.tsv` are those of SlavicNER, the later
form of these corpora. Format: the system response guidelines of BSNLP 2019 and 2021.
"""

from collections.abc import Iterable, Iterator

from annotator.formats.choice import Options
from annotator.formats.document import Document
from annotator.formats.files import Part
from annotator.formats.flat import outermost
from annotator.formats.losses import Losses
from annotator.formats.writers.slavicner import Places, cell, chosen, flattened, lemma_and_id
from annotator.model.annotation import Span
from annotator.model.article import Article
from annotator.model.scheme import Scheme

ID = "bsnlp_id"
"""In an article's metadata: the ID line of the file it came from."""


def parts(
    documents: Iterable[Document], scheme: Scheme, options: Options, losses: Losses
) -> Iterator[Part]:
    """Write text and names of each document that the annotator decided on.

    Raises:
        AnnotatorError: no layer fits, or several annotators worked on an article and none was
            chosen.
    """
    losses.facts["places"] = "none: a line for each different name"
    places = Places(losses)
    for document, spans in chosen(documents, scheme, options, losses):
        article = document.article
        place = places.of(article)
        header = "".join(f"{cell(value, article, losses)}\n" for value in _header(article))
        yield Part((header + article.text).encode(), f"raw/{place}.txt", last=True)
        rows = sorted(_rows(article, spans, losses))
        ident = header.split("\n", 1)[0]
        yield Part("".join([f"{ident}\n", *rows]).encode(), f"annotated/{place}.out", last=True)
        yield from places.index(article, place)


def _header(article: Article) -> tuple[str, ...]:
    given = article.meta.get(ID)
    ident = given if isinstance(given, str) and given else article.id
    return ident, article.lang, article.date, article.url, article.title


def _rows(article: Article, spans: list[Span], losses: Losses) -> Iterator[str]:
    """The lines of an article's names, one for each that looks different."""
    flat, nested = outermost(spans)
    for span in nested:
        surface = article.text[span.start : span.end]
        losses.add("nested entity", f"{article.id}: {surface} {span.label}")
    mentions: dict[str, list[Span]] = {}
    for span in flat:
        mention = cell(article.text[span.start : span.end], article, losses)
        mentions.setdefault(mention, []).append(span)
    for mention, same in mentions.items():
        span = _told_best(same)
        for other in same:
            if other.label != span.label or not _fits(other, span):
                losses.add("other meaning of a name", f"{article.id}: {mention} {other.label}")
        lemma, xid = lemma_and_id(article, span, losses)
        yield "\t".join((mention, lemma, flattened(span.label), xid)) + "\n"
    losses.add("place of a name", article.id, len(flat))
    losses.wrote("names", len(mentions))


def _told_best(spans: list[Span]) -> Span:
    """The span that speaks for all of one mention: the one with most attributes, then the first."""
    return max(spans, key=lambda span: len(_given(span)))


def _given(span: Span) -> dict[str, object]:
    return {name: span.attrs[name] for name in ("lemma", "xid") if span.attrs.get(name)}


def _fits(span: Span, other: Span) -> bool:
    """Whether a span's lemma and id, as far as given, are the other's."""
    return _given(span).items() <= _given(other).items()
