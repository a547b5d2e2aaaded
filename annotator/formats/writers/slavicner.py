"""SlavicNER: a text file for each article and, beside, a table of its entities.

`raw/LANG/NAME.txt` and `ner/LANG/NAME.tsv`, below a folder of the topic when the article has a
group. The text is exactly the article's, never with a byte order mark. The table has six columns divided by TABs - start, end,
surface, lemma, category, id - in the order of start and end, LF after each row; offsets in code
points, half-open. The format has no rule against rows in one another, and its files hold some, so
all entities go out. Of articles whose id, language or group the path does not tell, `articles.tsv`
tells them; and it names those whose text begins with U+FEFF, as a file it names has no mark that
this could be. Format: the files of github.com/SlavicNLP/SlavicNER (2024).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from annotator.formats.choice import Options, choose, note_uncarried, span_layer
from annotator.formats.document import Document
from annotator.formats.files import Part
from annotator.formats.losses import Losses
from annotator.formats.names import safe_name
from annotator.formats.sources.fields import language
from annotator.model.annotation import Span
from annotator.model.article import Article
from annotator.model.scheme import Scheme, Unit

INDEX = "articles.tsv"
INDEX_HEADER = "path\tid\tlang\tgroup\n"
NO_LANGUAGE = "und"
"""The folder of articles in no known language."""
UNENDED = "ner_unended"
"""In an article's metadata: the last row of its table had no line end."""
MARK = "\ufeff"
"""U+FEFF: at the beginning of a file, other programs take it for a byte order mark."""

_BREAKS = re.compile("[\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029]")
_LONGEST = 100


class Told(NamedTuple):
    """What a path says of an article."""

    id: str
    lang: str
    group: str


def parts(
    documents: Iterable[Document], scheme: Scheme, options: Options, losses: Losses
) -> Iterator[Part]:
    """Write text and entities of each document that the annotator decided on.

    Raises:
        AnnotatorError: no layer fits, or several annotators worked on an article and none was
            chosen.
    """
    places = Places(losses)
    inside = 0
    for document, spans in chosen(documents, scheme, options, losses):
        article = document.article
        place = places.of(article)
        spans.sort(key=lambda span: (span.start, span.end))
        inside += _overlapping(spans)
        if inside:
            losses.facts["rows in one another"] = f"{inside}, kept"
        rows = "".join(_row(article, span, losses) for span in spans)
        if article.meta.get(UNENDED) is True:
            rows = rows.removesuffix("\n")
        yield Part(article.text.encode(), f"raw/{place}.txt", last=True)
        yield Part(rows.encode(), f"ner/{place}.tsv", last=True)
        yield from places.index(article, place)


def chosen(
    documents: Iterable[Document], scheme: Scheme, options: Options, losses: Losses
) -> Iterator[tuple[Document, list[Span]]]:
    """Each document somebody decided on, with the spans that go out of it."""
    layer = span_layer(scheme, options, "entities", (Unit.WORD, Unit.GRAPHEME))
    losses.facts["layer"] = layer.name
    for document in documents:
        work = choose(document, layer, options, losses)
        if work is None:
            continue
        note_uncarried(document, work, layer, losses)
        spans = [span for span in work.spans if span.layer == layer.name]
        for span in spans:
            _note_attributes(document.article, span, losses)
        yield document, spans


def lemma_and_id(article: Article, span: Span, losses: Losses) -> tuple[str, str]:
    """An entity's lemma and id; where it has none, what stands in for them."""
    surface = article.text[span.start : span.end]
    lemma, xid = (span.attrs.get(name) for name in ("lemma", "xid"))
    if not isinstance(lemma, str) or not lemma:
        lemma = surface
        losses.add("missing lemma: the surface instead", f"{article.id}: {surface}")
    if not isinstance(xid, str) or not xid:
        xid = f"{span.label}-{'-'.join(lemma.split())}"
        losses.add("missing id: made of category and lemma", f"{article.id}: {xid}")
    return cell(lemma, article, losses), cell(xid, article, losses)


def cell(value: str, article: Article, losses: Losses) -> str:
    """A value for a column, which holds neither TABs nor line ends."""
    flat = flattened(value)
    if flat != value:
        losses.add("TAB or line end written as a space", f"{article.id}: {flat}")
    return flat


def flattened(value: str) -> str:
    """A value with every TAB and line end as a space."""
    return _BREAKS.sub(" ", value)


def told(path: str) -> Told:
    """What a path below `raw/`, without its suffix, says: the id is the path itself."""
    folders = path.split("/")[:-1]
    lang = ""
    if folders and (folders[-1] == NO_LANGUAGE or language(folders[-1])):
        lang = language(folders.pop())
    return Told(path, lang, "/".join(folders))


class Places:
    """Where in the folder each article goes, no two to the same place."""

    def __init__(self, losses: Losses) -> None:
        self._losses = losses
        self._taken: set[str] = set()
        self._indexed = False

    def of(self, article: Article) -> str:
        """Its path below `raw/`, without the suffix.

        An id that begins with the path's folders, as the reader makes them, is named by its rest.
        """
        lang = _folder(article.lang.lower()) or NO_LANGUAGE
        folder = "/".join([*filter(None, map(_folder, article.group.split("/"))), lang])
        rest = article.id.removeprefix(f"{folder}/")
        place = f"{folder}/{_file(rest)}"
        if place.lower() in self._taken:
            place = f"{folder}/{safe_name(f'{folder}/{article.id}')}"
        self._taken.add(place.lower())
        return place

    def index(self, article: Article, place: str) -> Iterator[Part]:
        """The index' row, when the path does not tell everything, or a mark could be meant."""
        plain = told(place) == (article.id, article.lang, article.group)
        if plain and not article.text.startswith(MARK):
            return
        self._losses.wrote(f"rows of {INDEX}")
        row = "\t".join(map(_escaped, (place, article.id, article.lang, article.group))) + "\n"
        yield Part((row if self._indexed else INDEX_HEADER + row).encode(), INDEX)
        self._indexed = True


def _file(name: str) -> str:
    """A file name: the name itself where that is safe, dots and capitals included."""
    pieces = name.lower().split(".")
    plain = name.isascii() and len(name) <= _LONGEST and all(safe_name(p) == p for p in pieces)
    return name if plain else safe_name(name)


def _folder(name: str) -> str:
    return safe_name(name) if name else ""


def _row(article: Article, span: Span, losses: Losses) -> str:
    surface = cell(article.text[span.start : span.end], article, losses)
    lemma, xid = lemma_and_id(article, span, losses)
    losses.wrote("entities")
    values = (span.start, span.end, surface, lemma, flattened(span.label), xid)
    return "\t".join(map(str, values)) + "\n"


def _overlapping(spans: Sequence[Span]) -> int:
    """How many entities begin before an earlier one has ended."""
    reach = found = 0
    for span in spans:
        found += span.start < reach
        reach = max(reach, span.end)
    return found


def _note_attributes(article: Article, span: Span, losses: Losses) -> None:
    for name in sorted(span.attrs.keys() - {"lemma", "xid"}):
        losses.add(f"attribute {name}", f"{article.id}: {span.attrs[name]}")


def _escaped(value: str) -> str:
    escapes = {"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"}
    return "".join(escapes.get(char, char) for char in value)
