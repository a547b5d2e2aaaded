"""Pages to read and print: one for each article and, beside several, an index that links them.

Each page stands alone: style inside, no scripts, nothing loaded. The text is shown as it is stored,
with what would not be seen (control and direction characters, carriage returns) made visible;
labels are words beside the text, never colour alone. Everybody's decisions are there, one annotator
after another.
"""

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from operator import add

from annotator.formats.choice import Options
from annotator.formats.document import Document
from annotator.formats.files import Part
from annotator.formats.losses import Losses
from annotator.formats.names import safe_name
from annotator.formats.writers.html_marks import escaped
from annotator.formats.writers.html_page import Pages, foot, foreign, head
from annotator.model.scheme import Scheme

INDEX = "index.html"

_COLUMNS = (
    *("Article", "Language", "Date", "Annotators"),
    *("Characters", "Spans", "Stances", "Notes"),
)


def parts(
    documents: Iterable[Document], scheme: Scheme, _options: Options, losses: Losses
) -> Iterator[Part]:
    """Write a page for each document, and the index."""
    pages = Pages(scheme)
    source = iter(documents)
    first = list(islice(source, 2))  # whether there will be an index to link to
    index = _Index(scheme)
    yield Part(index.head().encode(), INDEX)
    for document in chain(first, source):
        file = safe_name(document.article.id) + ".html"
        page = "".join(pages.page(document, linked=len(first) > 1))
        yield Part(page.encode(), file, last=True)
        yield Part(index.row(document, file).encode(), INDEX)
        _note(document, losses)
    yield Part(index.foot().encode(), INDEX)


def _note(document: Document, losses: Losses) -> None:
    losses.wrote("articles")
    losses.wrote("spans", sum(len(work.spans) for work in document.works))
    losses.wrote("stances", sum(len(work.stances) for work in document.works))
    losses.wrote("notes and flags", sum(len(work.notes) for work in document.works))
    rejected = sum(len(work.rejections) for work in document.works)
    losses.add("rejected suggestions, which stay in the project", document.article.id, rejected)


class _Index:
    """The table of all pages; rows go out as they come."""

    def __init__(self, scheme: Scheme) -> None:
        self._title = scheme.title or scheme.name
        self._articles = 0
        self._sums: tuple[int, ...] = (0, 0, 0, 0)

    def head(self) -> str:
        """Everything before the rows."""
        cells = "".join(f'<th scope="col">{column}</th>' for column in _COLUMNS)
        return (
            f"{head(self._title)}<header>\n<h1>{escaped(self._title)}</h1>\n</header>\n<main>\n"
            f"<table>\n<caption>Articles</caption>\n<thead><tr>{cells}</tr></thead>\n<tbody>\n"
        )

    def row(self, document: Document, file: str) -> str:
        """A row with a link."""
        article, works = document.article, document.works
        counts = (
            len(article.text),
            sum(len(work.spans) for work in works),
            sum(len(work.stances) for work in works),
            sum(len(work.notes) for work in works),
        )
        self._articles += 1
        self._sums = tuple(map(add, self._sums, counts))
        title = foreign("span", article.title or article.id, article.lang if article.title else "")
        ident = foreign("small", article.id) if article.title else ""
        who = ", ".join(f"{work.actor} ({work.status.state})" for work in works)
        return (
            f'<tr><th scope="row"><a href="{file}">{title}</a>{ident}</th>'
            f"<td>{escaped(article.lang)}</td>{foreign('td', article.date)}{foreign('td', who)}"
            f"{_numbers(counts)}</tr>\n"
        )

    def foot(self) -> str:
        """Everything after the rows: the sums."""
        return (
            f'</tbody>\n<tfoot><tr><th scope="row">{self._articles} in all</th>'
            f"<td></td><td></td><td></td>{_numbers(self._sums)}</tr></tfoot>\n</table>\n</main>\n"
            f"{foot()}"
        )


def _numbers(counts: Iterable[int]) -> str:
    return "".join(f'<td class="n">{count}</td>' for count in counts)
