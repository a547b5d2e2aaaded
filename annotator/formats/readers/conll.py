"""Columns of tokens and tags, as CoNLL-2003, WNUT and most entity taggers have them.

A `-DOCSTART-` line begins an article; a file without any is one article. Such files hold tokens,
not texts: the text is made of them, tokens joined by one space, sentences by a line end. It is not
the text they were made from - unless NAME.offsets.tsv, which annotator's own IOB2 and BIOES have
beside them, says where in an article of the project each token is.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from annotator.formats.claims import Claim, Record
from annotator.formats.readers.columns import (
    MOST_TOKENS,
    Columns,
    Row,
    Tokens,
    articles,
    columns,
    head_rows,
    rows,
)
from annotator.formats.readers.offsets_file import MisfitError, OffsetsFile
from annotator.formats.readers.tags import (
    TAG,
    ContradictionError,
    Scheme,
    Survey,
    entities,
)
from annotator.formats.sources.fields import ID_LIMIT
from annotator.formats.sources.incoming import Found, ReadOptions, Refusal
from annotator.model.article import Article, unstorable

SUFFIXES = (
    *(".conll", ".iob", ".iob1", ".iob2", ".bio", ".bioes", ".bilou", ".conll2003", ".annotated"),
    ".conllu",
)
"""What a file's name ends in that is no part of its articles' ids."""


class _Reading(NamedTuple):
    """What a file is read with."""

    found: Found
    options: ReadOptions
    columns: Columns
    scheme: Scheme
    origin: str


def sniff(head: bytes, name: str) -> bool:  # noqa: ARG001 - every reader is asked so
    """Whether a file begins with token lines, one of them with a tag at its end."""
    lines = head_rows(head)
    found = columns(lines)
    return found is not None and any(
        len(row.cells) > found.tag and TAG.fullmatch(row.cells[found.tag]) for row in lines
    )


def read(found: Found, options: ReadOptions, origin: str = "conll") -> Iterator[Record | Refusal]:
    """The articles of a file with the entities their tags stand for.

    Ids are the file's name and, where articles are marked off, their number; with an offsets file
    they are what it says.
    """
    again = replace(options, tick=None)  # only the last reading is told of
    where = columns(rows(found, again))
    if where is None:
        yield Refusal(found.where, "there are no tokens with tags in it")
        return
    try:
        scheme = _scheme(rows(found, again), where)
    except ContradictionError as error:
        yield Refusal(found.where, str(error))
        return
    reading = _Reading(found, options, where, scheme, origin)
    beside = OffsetsFile.beside(found.path, again)
    documents = articles(rows(found, options), where)
    if beside is None:
        yield from (_record(reading, document) for document in documents)
    else:
        yield from _placed(reading, documents, beside)


def _scheme(found: Iterator[Row], where: Columns) -> Scheme:
    """The scheme of all the tags of a file.

    Raises:
        ContradictionError: they are of two.
    """
    survey = Survey()
    tags: list[str] = []
    lines: list[int] = []
    for row in found:
        if len(row.cells) > where.tag:
            tags.append(row.cells[where.tag])
            lines.append(row.line)
        if tags and (len(row.cells) <= where.tag or len(tags) > MOST_TOKENS):
            survey.sentence(tags, lines)
            tags, lines = [], []
    survey.sentence(tags, lines)
    return survey.scheme()


def _record(reading: _Reading, document: Tokens) -> Record | Refusal:
    """An article whose text is made of its tokens."""
    where = f"{reading.found.where}:{document.line}"
    if document.bad:
        return Refusal(f"{reading.found.where}:{document.bad[0]}", document.bad[1])
    left = _left_out(reading, document)
    lines: list[str] = []
    claims: list[Claim] = []
    offset = 0
    for sentence in document.sentences:
        words = [token for token in sentence if token.text]
        left["empty token"] += len(sentence) - len(words)
        starts = []
        for token in words:
            starts.append(offset)
            offset += len(token.text) + 1
        line = " ".join(token.text for token in words)
        found, mended = entities((token.tag for token in words), reading.scheme)
        left["tag mended"] += mended
        for first, last, label in found:
            start, end = starts[first], starts[last] + len(words[last].text)
            base = starts[0]
            claims.append(Claim(start, end, label, line[start - base : end - base]))
        if words:
            lines.append(line)
    text = "\n".join(lines)
    if reason := unstorable(text):
        return Refusal(where, reason)
    name = ident(reading.found, reading.options, document.number)
    if len(name) > ID_LIMIT:
        return Refusal(where, f"the id is longer than {ID_LIMIT} characters")
    article = Article(name, text, meta={"tags": str(reading.scheme)})
    return Record(where, article, tuple(claims), left_out=+left, origin=reading.origin)


def _left_out(reading: _Reading, document: Tokens) -> Counter[str]:
    columns = reading.columns.others
    return Counter({"comment line": document.comments, "column with other values": columns})


def ident(found: Found, options: ReadOptions, number: int) -> str:
    """The id of an article that the file gives none: the file's name and the article's number."""
    name = found.name
    stem = name.removesuffix(Path(name).suffix) if name.lower().endswith(SUFFIXES) else name
    return f"{options.prefix}{stem}" + (f"-{number}" if number else "")


def _placed(
    reading: _Reading, documents: Iterator[Tokens], beside: OffsetsFile
) -> Iterator[Record | Refusal]:
    """The articles as their offsets file says; nothing more once it does not fit."""
    for document in documents:
        if document.bad:
            yield Refusal(f"{reading.found.where}:{document.bad[0]}", document.bad[1])
        try:
            name, places = beside.take(document.sentences)
        except MisfitError as error:
            yield Refusal(f"{beside.where}:{error.line}", f"{error}; the rest is not read")
            return
        if document.bad:
            continue
        left = _left_out(reading, document)
        claims: list[Claim] = []
        for sentence, offsets in zip(document.sentences, places, strict=True):
            found, mended = entities((token.tag for token in sentence), reading.scheme)
            left["tag mended"] += mended
            for first, last, label in found:
                inner = slice(first, last + 1)
                quote = _quote([token.text for token in sentence[inner]], offsets[inner])
                claims.append(Claim(offsets[first][0], offsets[last][1], label, quote))
        article = Article(reading.options.prefix + name, "")
        where = f"{reading.found.where}:{document.line}"
        yield Record(where, article, tuple(claims), left_out=+left, origin=reading.origin)


def _quote(words: list[str], places: list[tuple[int, int]]) -> str | None:
    """The text of an entity, where the tokens tell all of it: what stands between is not told."""
    ends = [end for _, end in places[:-1]]
    joined = all(end == start for end, (start, _) in zip(ends, places[1:], strict=True))
    quote = "".join(words)
    return quote if joined and "\ufffd" not in quote else None
