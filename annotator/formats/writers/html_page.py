"""The page of one article: its text as each annotator marked it, and tables of what was decided."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib import resources

from annotator.formats.document import Document
from annotator.formats.json_text import json_text
from annotator.formats.profiles import Profile, profile
from annotator.formats.writers.html_marks import Mark, escaped, marked
from annotator.model.annotation import Note, Span, Stance, Work
from annotator.model.article import Article
from annotator.model.scheme import Scheme, SpanLayer, Unit

QUOTED = 240
"""Characters of a stretch of text that a table repeats."""

_CONTENT = "cleaneval"
"""The profile that says which labels of boilerplate layers are not dimmed."""

_LANG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


def head(title: str) -> str:
    """The beginning of a page, up to its body; it loads nothing and runs nothing."""
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8"/>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1"/>\n'
        '<meta name="referrer" content="no-referrer"/>\n'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n"
        f"<title>{escaped(title)}</title>\n<style>\n{_style()}</style>\n</head>\n<body>\n"
    )


@cache
def _style() -> str:
    return (
        resources.files("annotator.formats.writers").joinpath("html_report.css").read_text("utf-8")
    )


def foot() -> str:
    """The end of a page."""
    return "</body>\n</html>\n"


def foreign(tag: str, text: str, lang: str = "", more: str = "") -> str:
    """An element with foreign text, whose direction is found from the text."""
    return f'<{tag}{more} lang="{language(lang)}" dir="auto">{escaped(text)}</{tag}>'


def language(lang: str) -> str:
    """A language tag for an attribute; "" for one that is not known."""
    return lang if _LANG.fullmatch(lang) and lang != "und" else ""


def table(caption: str, head_: Sequence[str], rows: Iterable[str]) -> str:
    """A table; captions and column heads are our own words."""
    body = "".join(rows)
    if not body:
        return ""
    cells = "".join(f'<th scope="col">{cell}</th>' for cell in head_)
    thead = f"<thead><tr>{cells}</tr></thead>\n" if head_ else ""
    return f"<table>\n<caption>{caption}</caption>\n{thead}<tbody>\n{body}</tbody>\n</table>\n"


class Pages:
    """Makes the pages of articles annotated by one scheme."""

    def __init__(self, scheme: Scheme) -> None:
        self._scheme = scheme
        self._layers = {layer.name: layer for layer in scheme.span_layers}
        chosen = profile(_CONTENT)
        self._content: dict[str, Profile] = {
            layer.name: chosen.following(layer) for layer in scheme.span_layers
        }

    def page(self, found: Document, linked: bool) -> Iterator[str]:
        """The page of a document; `linked` when there is an index beside it."""
        article = found.article
        name = article.title or article.id
        yield head(name)
        if linked:
            yield '<nav><a href="index.html">All articles</a></nav>\n'
        yield f"<header>\n{foreign('h1', name, article.lang if article.title else '')}\n"
        yield _facts(article)
        yield "</header>\n<main>\n"
        for number, work in enumerate(found.works, 1):
            yield from self._work(article, work, f"a{number}")
        if not found.works:
            yield "<section>\n<h2>Nobody has decided on this article yet</h2>\n"
            yield f"{_text(article, (), 'The text')}</section>\n"
        yield "</main>\n"
        scheme = f"{self._scheme.name}, version {self._scheme.version}"
        yield (
            f"<footer>\n<p>Labels of the scheme {escaped(scheme)}. Offsets count code points.</p>\n"
            f"</footer>\n{foot()}"
        )

    def _work(self, article: Article, work: Work, prefix: str) -> Iterator[str]:
        yield f'<section aria-labelledby="{prefix}">\n'
        yield foreign("h2", work.actor, more=f' id="{prefix}"') + "\n"
        yield _state(work)
        marks = [*self._marks(article, work, prefix), *_other_marks(work, prefix)]
        yield _text(article, marks, f"The text as marked by {work.actor}")
        yield self._stances(article, work, prefix)
        yield from self._spans(article, work, prefix)
        yield _notes(article, work, prefix)
        yield "</section>\n"

    def _marks(self, article: Article, work: Work, prefix: str) -> Iterator[Mark]:
        """The spans; a block's label goes between the text when its place in the margin is taken."""
        margin = 0
        for number, span in enumerate(work.spans, 1):
            layer = self._layers.get(span.layer)
            block = layer is not None and layer.unit is Unit.BLOCK
            classes = self._block(layer, span) if block and layer else _colour(layer, span)
            if block:
                taken = "\n" not in article.text[margin : span.start] and margin > 0
                classes += " i" if taken else ""
                margin = span.start + 1
            title = "; ".join((f"{span.layer}: {_called(layer, span)}", *_attributes(span)))
            ident = f"{prefix}-s{number}"
            yield Mark(span.start, span.end, ident, classes, span.label, title, block)

    def _block(self, layer: SpanLayer, span: Span) -> str:
        """The classes of boilerplate: content of some kind is not dimmed."""
        return "b k" if self._content[layer.name].mark(span.label) else "b"

    def _spans(self, article: Article, work: Work, prefix: str) -> Iterator[str]:
        """A table for each layer."""
        numbered = list(enumerate(work.spans, 1))
        for name in dict.fromkeys([*self._layers, *(span.layer for span in work.spans)]):
            layer = self._layers.get(name)
            rows = [
                "<tr>"
                f'<td><a href="#{prefix}-s{number}">{escaped(span.label)}</a></td>'
                f"<td>{escaped(_called(layer, span))}</td>"
                f"{_quote(article, span.start, span.end)}"
                f'<td class="n">{span.start}–{span.end}</td>'
                f'<td dir="auto">{escaped("; ".join(_attributes(span)))}</td></tr>\n'
                for number, span in numbered
                if span.layer == name
            ]
            caption = f"{escaped(layer.title if layer else name)}: {len(rows)}"
            yield table(caption, ("Label", "Meaning", "Text", "Offsets", "Attributes"), rows)

    def _stances(self, article: Article, work: Work, prefix: str) -> str:
        rows = []
        for number, stance in enumerate(work.stances, 1):
            links = " ".join(
                f'<a href="#{prefix}-e{number}-{place}">{escaped(each.role)}</a> '
                f'<q lang="{language(article.lang)}" dir="auto">'
                f"{escaped(_cut(article.text, each.start, each.end))}</q>"
                for place, each in enumerate(stance.evidence, 1)
            )
            rows.append(
                f'<tr><th scope="row">S{number}</th>'
                f'<td dir="auto">{escaped(_party(stance.target.kind, stance.target.name))}</td>'
                f"<td>{escaped(stance.label)}</td>"
                f'<td dir="auto">{escaped(_party(stance.holder.kind, stance.holder.name))}</td>'
                f'<td>{escaped(stance.basis)}</td><td class="n">{stance.confidence} of 3</td>'
                f'<td>{links}</td><td dir="auto">{escaped(stance.note)}</td></tr>\n'
            )
        columns = ("No.", "Target", "Stance", "Holder", "Basis", "Confidence", "Evidence", "Note")
        return table(f"Stances: {len(rows)}", columns, rows)


def _facts(article: Article) -> str:
    """What is known of an article, a row each."""
    pairs = [
        ("Id", article.id),
        ("Source", article.source),
        ("Date", article.date),
        ("Language", article.lang),
        ("Group", article.group),
        ("SHA-256", article.sha256),
        *((name, _plain(value, article)) for name, value in article.meta.items()),
    ]
    rows = [
        f'<tr><th scope="row" dir="auto">{escaped(name)}</th><td dir="auto">{escaped(value)}</td></tr>\n'
        for name, value in pairs
        if value
    ]
    if article.url:
        rows.insert(1, f'<tr><th scope="row">Address</th><td>{_link(article.url)}</td></tr>\n')
    return table("The article", (), rows)


def _link(url: str) -> str:
    """An address; one that browsers open in another way than as a page is no link."""
    if not re.match(r"https?://", url, re.IGNORECASE):
        return f'<bdi dir="auto">{escaped(url)}</bdi>'
    return f'<a href="{escaped(url)}" rel="noreferrer noopener external">{escaped(url)}</a>'


def _plain(value: object, article: Article) -> str:
    return value if isinstance(value, str) else json_text(value, article.id)


def _state(work: Work) -> str:
    status = work.status
    told = [str(status.state), *([status.reason] if status.reason else [])]
    if status.seconds:
        told.append(f"{status.seconds} seconds")
    told.append("looked at: " + (", ".join(sorted(work.looked)) or "no layer"))
    return f'<p dir="auto">{escaped("; ".join(told))}</p>\n'


def _text(article: Article, marks: Iterable[Mark], label: str) -> str:
    return (
        f'<article lang="{language(article.lang)}" dir="auto" aria-label="{escaped(label)}">'
        f"{marked(article.text, marks)}</article>\n"
    )


def _colour(layer: SpanLayer | None, span: Span) -> str:
    label = layer.label(span.label) if layer else None
    return f"m c-{label.color if label else 'gray'}"


def _called(layer: SpanLayer | None, span: Span) -> str:
    """A label's title; its name when the scheme does not have it."""
    label = layer.label(span.label) if layer else None
    return label.title if label else span.label


def _attributes(span: Span) -> Iterator[str]:
    for name, value in sorted(span.attrs.items()):
        yield f"{name} {value if isinstance(value, str) else json_text(value, span.id)}"
    if span.origin != "hand":
        yield f"from {span.origin}"


def _other_marks(work: Work, prefix: str) -> Iterator[Mark]:
    """Evidence of stances, and notes that have a place."""
    for number, stance in enumerate(work.stances, 1):
        for place, each in enumerate(stance.evidence, 1):
            label = f"S{number}" if each.role == "evidence" else f"S{number} {each.role}"
            title = f"{each.role} of stance {number}: {_summary(stance)}"
            yield Mark(each.start, each.end, f"{prefix}-e{number}-{place}", "m e", label, title)
    for number, note in enumerate(work.notes, 1):
        if note.start is not None and note.end is not None:
            label = f"N{number}{' ⚑' if note.flag else ''}"
            yield Mark(note.start, note.end, f"{prefix}-n{number}", "m t", label, note.note)


def _summary(stance: Stance) -> str:
    return f"{stance.label} toward {_party(stance.target.kind, stance.target.name)}"


def _party(kind: str, name: str) -> str:
    return f"{name} ({kind})" if name else kind


def _notes(article: Article, work: Work, prefix: str) -> str:
    rows = [_note(article, note, number, prefix) for number, note in enumerate(work.notes, 1)]
    return table(f"Notes and flags: {len(rows)}", ("No.", "Note", "Flag", "About"), rows)


def _note(article: Article, note: Note, number: int, prefix: str) -> str:
    if note.start is None or note.end is None:
        where, quote = f"N{number}", "<td>the whole article</td>"
    else:
        where = f'<a href="#{prefix}-n{number}">N{number}</a>'
        quote = _quote(article, note.start, note.end)
    return (
        f'<tr><th scope="row">{where}</th><td dir="auto">{escaped(note.note)}</td>'
        f"<td>{'flagged' if note.flag else ''}</td>{quote}</tr>\n"
    )


def _quote(article: Article, start: int, end: int) -> str:
    return foreign("td", _cut(article.text, start, end), article.lang)


def _cut(text: str, start: int, end: int) -> str:
    """A stretch of text, cut when it is long."""
    return text[start:end] if end - start <= QUOTED else text[start : start + QUOTED] + "…"
