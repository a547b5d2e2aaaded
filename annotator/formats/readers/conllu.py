r"""CoNLL-U with entities in MISC: `name=B-PER`, `NE=B-PER`, `NER=B-PER` or just `B-PER`.

The text is put together from the tokens and what stands after each: what `SpacesAfter` says, else
what `# text` has there, else nothing (`SpaceAfter=No`) or a space; `TokenRange` tells how many
spaces when they disagree. A sentence ends with a space, before `# newpar` with a line end, and the
last of a document with nothing. `# newdoc` begins an article; a file without any is one article.
Trees and morphology stay behind. Files of three columns - number, token, tag, which WikiNEuRal
calls .conllu - are read as columns. Formats: universaldependencies.org/format.html and misc.html.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from annotator.formats.claims import Claim, Record
from annotator.formats.readers import conll
from annotator.formats.readers.columns import head_rows
from annotator.formats.readers.conllu_lines import Document, documents, is_token_line
from annotator.formats.readers.conllu_text import together
from annotator.formats.readers.tags import ContradictionError, Scheme, Survey, entities
from annotator.formats.sources.fields import ID_LIMIT
from annotator.formats.sources.incoming import Found, ReadOptions, Refusal
from annotator.formats.sources.lines import numbered_lines
from annotator.model.article import Article, unstorable

ORIGIN = "conllu"


class _Reading(NamedTuple):
    """What a file is read with."""

    found: Found
    options: ReadOptions
    scheme: Scheme
    tagged: bool
    """Whether there is any tag in it, O included."""


def sniff(head: bytes, name: str) -> bool:
    """Whether the first token line has the ten columns of CoNLL-U, or three with a tag."""
    rows = [row for row in head_rows(head) if row.cells]
    if not rows:
        return False
    return is_token_line("\t".join(rows[0].cells)) or (
        len(rows[0].cells) == 3 and rows[0].cells[0].isdigit() and conll.sniff(head, name)
    )


def read(found: Found, options: ReadOptions) -> Iterator[Record | Refusal]:
    """The articles of a file with the entities in MISC.

    Ids are those of `# newdoc id`, else the file's name with a number. A file without a single tag
    gives articles nobody has looked for entities in.
    """
    again = replace(options, tick=None)  # only the last reading is told of
    if not _is_conllu(found, again):
        yield from conll.read(found, options, ORIGIN)
        return
    survey = Survey()
    for document in documents(found, again):
        for sentence in document.sentences:
            tokens = sentence.tokens
            survey.sentence([t.tag for t in tokens], [t.line for t in tokens])
    try:
        scheme = survey.scheme()
    except ContradictionError as error:
        yield Refusal(found.where, str(error))
        return
    reading = _Reading(found, options, scheme, survey.any)
    empty = True
    for document in documents(found, options):
        empty = False
        yield _record(reading, document)
    if empty:
        yield Refusal(found.where, "there are no tokens in it")


def _is_conllu(found: Found, options: ReadOptions) -> bool:
    """Whether the first token line has other columns than number, token and tag."""
    for _, line in numbered_lines(found.path, options):
        if isinstance(line, str) and line[:1].isdigit():
            return line.rstrip().count("\t") != 2
    return True


def _record(reading: _Reading, document: Document) -> Record | Refusal:
    where = f"{reading.found.where}:{document.line}"
    if document.bad:
        return Refusal(f"{reading.found.where}:{document.bad[0]}", document.bad[1])
    text, places, misfits = together(document.sentences)
    if reason := unstorable(text):
        return Refusal(where, reason)
    ident = reading.options.prefix + document.ident
    if not document.ident:
        ident = conll.ident(reading.found, reading.options, document.number)
    if len(ident) > ID_LIMIT:
        return Refusal(where, f"the id is longer than {ID_LIMIT} characters")
    left = document.left_out + misfits
    claims: list[Claim] = []
    for sentence, ranges in zip(document.sentences, places, strict=True):
        found, mended = entities((token.tag or "O" for token in sentence.tokens), reading.scheme)
        left["tag mended"] += mended
        for first, last, label in found:
            start, end = ranges[first][0], ranges[last][1]
            claims.append(Claim(start, end, label, text[start:end]))
    return Record(
        where,
        Article(ident, text),
        tuple(claims),
        finished=reading.tagged,
        left_out=+left,
        origin=ORIGIN,
    )
