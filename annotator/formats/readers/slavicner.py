"""SlavicNER (2024) and BSNLP folders: `raw/` with the texts beside `ner/` or `annotated/`.

`raw/.../NAME.txt` belongs to `ner/.../NAME.tsv`, whose rows are start, end, surface, lemma,
category, id; or, under five header lines, to `annotated/.../NAME.out`, whose lines are mention,
base, category, id without any place: there every occurrence of the mention is claimed. The last
folder of a path is the language, those before are the topic, which becomes the group; the id is the
whole path, or what `articles.tsv` (of annotator's own exports) says. A byte order mark is no part of
a text, but in files that `articles.tsv` names, which were written without one, U+FEFF is. A text
without a table comes as an article nobody has finished. Formats: github.com/SlavicNLP/SlavicNER; BSNLP 2017 to 2021.
"""

import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from annotator.formats.claims import Claim, Record
from annotator.formats.readers.mentions import Mention, occurrences
from annotator.formats.sources.decoding import Coding, NotTextError, coding, decode
from annotator.formats.sources.fields import ID_LIMIT, language
from annotator.formats.sources.incoming import (
    LIMIT,
    Found,
    ReadOptions,
    Refusal,
    open_file,
    shown,
)
from annotator.formats.writers.bsnlp import ID
from annotator.formats.writers.slavicner import INDEX, INDEX_HEADER, UNENDED, Told, flattened, told
from annotator.model.article import Article, unstorable

ORIGIN = "slavicner"
HEADER_LINES = 5
NO_PLACE = "place not given, every occurrence taken"

_OFFSET = re.compile(r"\d{1,12}", re.ASCII)
_ESCAPE = re.compile(r"\\([tnr\\])")
_MEANS = {"t": "\t", "n": "\n", "r": "\r", "\\": "\\"}


class UnfitError(ValueError):
    """Why an article cannot be taken, and where."""

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(reason)
        self.where = where


class _Folder(NamedTuple):
    """A folder being read."""

    path: Path
    options: ReadOptions
    told: dict[str, Told]
    """What its index says of articles, by their path."""
    tables: Path
    with_places: bool
    """Its tables have offsets (ner/), not only mentions (annotated/)."""


class _Text(NamedTuple):
    """A file's text, and what was special about its bytes."""

    text: str
    meta: dict[str, Any]


def sniff(head: bytes, name: str) -> bool:  # noqa: ARG001 - every reader is asked so
    """No single file is of this kind."""
    return False


def sniff_folder(path: Path) -> bool:
    """Whether there are texts and tables."""
    return (path / "raw").is_dir() and any(
        (path / tables).is_dir() for tables in ("ner", "annotated")
    )


def read(found: Found, options: ReadOptions) -> Iterator[Record | Refusal]:
    """The articles of a folder in the order of their paths, and tables without a text."""
    if not sniff_folder(found.path):
        yield Refusal(found.where, "it is no folder with raw/ and ner/ or annotated/ in it")
        return
    with_places = (found.path / "ner").is_dir()
    tables = found.path / ("ner" if with_places else "annotated")
    try:
        index = _index(found.path / INDEX, options)
    except UnfitError as error:
        yield Refusal(error.where, str(error))
        return
    folder = _Folder(found.path, options, index, tables, with_places)
    used: set[Path] = set()
    for path in _files(found.path / "raw"):
        try:
            yield _record(folder, path, used)
        except UnfitError as error:
            yield Refusal(error.where, str(error))
        except OSError as error:
            yield Refusal(shown(path), f"it cannot be read: {error.strerror or error}")
    for path in _files(tables):
        if path not in used:
            yield Refusal(shown(path), "there is no text for it in raw/")


def _files(folder: Path) -> Iterator[Path]:
    """All files below a folder by path, and folders that are links or cannot be opened.

    Hidden files are passed over.
    """
    closed: list[OSError] = []
    for where, folders, names in os.walk(folder, onerror=closed.append):
        links = [name for name in folders if Path(where, name).is_symlink()]
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted([*names, *links]):
            if not name.startswith("."):
                yield Path(where, name)
    yield from sorted(Path(error.filename) for error in closed)


def _record(folder: _Folder, path: Path, used: set[Path]) -> Record:
    """The article of a text file with its table.

    Raises:
        UnfitError: either cannot be taken.
    """
    where = shown(path)
    try:
        name = path.relative_to(folder.path / "raw").as_posix()
        name.encode()
    except UnicodeEncodeError:
        raise UnfitError(where, "its name is not UTF-8") from None
    if path.is_dir():
        raise UnfitError(where, "it is a link to a folder, or a folder that cannot be opened")
    if path.suffix != ".txt":
        raise UnfitError(where, "its name does not end in .txt")
    place = name.removesuffix(".txt")
    table = _table(folder, place)
    used.add(table)
    ours = place in folder.told
    text, meta = _text(path, folder.options, keep_mark=ours)
    said = folder.told.get(place) or told(place)
    article = Article(
        id=said.id,
        text=text,
        lang=said.lang,
        lang_source="import" if said.lang else "",
        group=said.group,
        meta=meta,
    )
    # A list of names begins with the id, as the text does; a table with an offset.
    keep = ours and not folder.with_places
    rows = _text(table, folder.options, keep_mark=keep).text if table.exists() else None
    make = _with_offsets if folder.with_places else _without
    record = make(where, article, rows, table)
    if len(folder.options.prefix + said.id) > ID_LIMIT:
        raise UnfitError(where, f"the id is longer than {ID_LIMIT} characters")
    if reason := unstorable(record.article.text):
        raise UnfitError(where, reason)
    return record._replace(article=replace(record.article, id=folder.options.prefix + said.id))


def _table(folder: _Folder, place: str) -> Path:
    """Where an article's table is: BSNLP puts .out after the whole name, too."""
    suffix = ".tsv" if folder.with_places else ".out"
    path = folder.tables / f"{place}{suffix}"
    longer = folder.tables / f"{place}.txt{suffix}"
    return longer if longer.exists() and not path.exists() else path


def _with_offsets(where: str, article: Article, rows: str | None, table: Path) -> Record:
    """The claims of a table of six columns."""
    claims = []
    for number, cells in _rows(rows or ""):
        at = f"{shown(table)}:{number}"
        if len(cells) != 6:
            raise UnfitError(at, f"the line has {len(cells)} columns, not 6")
        if not all(_OFFSET.fullmatch(cell) for cell in cells[:2]):
            raise UnfitError(at, "the first two columns are not the offsets of a name")
        start, end = int(cells[0]), int(cells[1])
        inside = article.text[start:end]
        # What the columns cannot hold was written as spaces.
        quote = inside if flattened(inside) == cells[2] else cells[2]
        claims.append(Claim(start, end, cells[4], quote, attrs=_attrs(cells[3], cells[5])))
    if rows and not rows.endswith("\n"):
        article = replace(article, meta={**article.meta, UNENDED: True})
    finished = rows is not None
    return Record(where, article, tuple(claims), finished=finished, origin=ORIGIN)


def _without(where: str, article: Article, rows: str | None, table: Path) -> Record:
    """Claims on every occurrence of the names in a list."""
    article, ident = _below_header(where, article)
    lines = iter(_rows(rows or ""))
    _, first = next(lines, (1, [""]))
    mentions = []
    for number, cells in lines:
        if not 3 <= len(cells) <= 4 or not cells[0].strip():
            raise UnfitError(
                f"{shown(table)}:{number}",
                f"the line has {len(cells)} columns, not mention, base, category and id",
            )
        attrs = _attrs(cells[1], cells[3] if len(cells) == 4 else "")
        mentions.append(Mention(cells[0], cells[2], attrs))
    claims, missing = occurrences(article.text, mentions)
    left = Counter({NO_PLACE: len(claims), "mention not in the text": missing})
    if rows is not None and first[0].strip() != ident.strip():
        left["ID line other than the text's"] += 1
    finished = rows is not None
    return Record(where, article, tuple(claims), finished=finished, left_out=+left, origin=ORIGIN)


def _below_header(where: str, article: Article) -> tuple[Article, str]:
    """The article whose text stands under the five lines that say what it is, and their ID."""
    lines = article.text.split("\n", HEADER_LINES)
    if len(lines) <= HEADER_LINES:
        raise UnfitError(where, "it has no five header lines (ID, language, date, address, title)")
    ident, lang, date, url, title = (line.removesuffix("\r") for line in lines[:HEADER_LINES])
    found = article.lang or language(lang)
    meta = article.meta if article.id == ident else {**article.meta, ID: ident}
    below = replace(
        article,
        text=lines[HEADER_LINES],
        title=title,
        url=url,
        date=date,
        lang=found,
        lang_source="import" if found else "",
        meta=meta,
    )
    return below, ident


def _attrs(lemma: str, xid: str) -> dict[str, Any]:
    return {name: value for name, value in (("lemma", lemma), ("xid", xid)) if value}


def _rows(table: str) -> Iterator[tuple[int, list[str]]]:
    """The lines of a table with their numbers, divided at TABs; blank ones are passed over."""
    for number, line in enumerate(table.split("\n"), 1):
        line = line.removesuffix("\r")
        if line.strip():
            yield number, line.split("\t")


def _text(path: Path, options: ReadOptions, keep_mark: bool = False) -> _Text:
    """A file's text; `keep_mark` says that U+FEFF at its beginning is part of it.

    Raises:
        UnfitError: it is not a file, too large, or no text.
    """
    where = shown(path)
    if not path.is_file():
        raise UnfitError(where, "it is not a regular file")
    if any(other.exists() and path.samefile(other) for other in options.never):
        raise UnfitError(where, "it is the project itself")
    with open_file(path, options) as stream:
        data = stream.read(LIMIT + 1)
    if len(data) > LIMIT:
        raise UnfitError(where, f"the file is larger than {LIMIT >> 20} MB")
    how = coding(data[:4], options)
    if keep_mark and how.codec == "utf-8":
        how = Coding(how.codec)
    try:
        text = decode(data, how)
    except NotTextError as error:
        raise UnfitError(f"{where}:{error.line}", str(error)) from None
    meta: dict[str, Any] = {"bom": True} if how.mark else {}
    if how.codec != "utf-8":
        meta["encoding"] = how.codec
    return _Text(text, meta)


def _index(path: Path, options: ReadOptions) -> dict[str, Told]:
    """What `articles.tsv` says of articles by their path; nothing when it is another's file.

    Raises:
        UnfitError: a line of it cannot be read.
    """
    if not path.is_file():
        return {}
    text = _text(path, options).text
    if not text.startswith(INDEX_HEADER):
        return {}
    found = {}
    for number, cells in list(_rows(text))[1:]:
        if len(cells) != 4 or not cells[1]:
            raise UnfitError(f"{shown(path)}:{number}", "the line is not path, id, lang and group")
        place, *values = (_ESCAPE.sub(lambda m: _MEANS[m[1]], cell) for cell in cells)
        found[place] = Told(*values)
    return found
