r"""brat standoff: `NAME.ann` with its text in `NAME.txt` beside it.

`T` lines are claims; attributes (`A`, `M`), references (`N`) and notes (`#`) on them become
attributes of theirs. Relations, events and whatever is said about those are left out and counted.
brat reads the text with every line end as one character, and its offsets count so; the article
keeps the line ends the file has. A text-bound line of several fragments is one claim when nothing but
white space lies between them (a line cannot hold a line end), and is left out otherwise.
Format: https://brat.nlplab.org/standoff.html and brat's server/src/annotation.py.
"""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import Any

from annotator.formats.claims import Claim, Record
from annotator.formats.readers import brat_beside
from annotator.formats.readers.brat_beside import BadBesideError, Told
from annotator.formats.sources.decoding import Coding, NotTextError, coding, decode
from annotator.formats.sources.fields import ID_LIMIT
from annotator.formats.sources.incoming import LIMIT, Found, ReadOptions, Refusal, open_file
from annotator.formats.strict_json import BadJsonError, loads, unfit_string
from annotator.formats.writers.brat import LINE_END, WIKIDATA
from annotator.model.article import Article, unstorable
from annotator.text.counting import Count, Offsets

NAME = "brat"

Range = tuple[int, int]

_HEAD_LINE = re.compile(r"(?:[TEARMNW][0-9]\w*|\*|#\w*)\t\S+ \S")
_TEXTBOUND = re.compile(r"(\S+) ([0-9]{1,12} [0-9]{1,12}(?:;[0-9]{1,12} [0-9]{1,12})*) *")
_ATTRIBUTE = re.compile(r"(\S+) (\S+)(?: +(\S.*))?")
_REFERENCE = re.compile(r"\S+ (\S+) ([^\s:]+):(\S.*)")
_NOTE = re.compile(r"(\S+) (\S+) *")
_PASSED = {"R": "relation", "*": "relation", "E": "event"}
_EQUATION = re.compile(
    r"""([A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*")=((?:"(?:[^"\\]|\\.)*"|[^"])*?)(?:; |$)"""
)
"""One piece of the notes our export writes: `name=JSON`."""
_QID = re.compile(r"Q[0-9]+", re.ASCII)
_SPACE = re.compile(r"\s")


class _BadLineError(ValueError):
    """Why a line is none of brat's: one clause."""

    line = 0


def sniff(head: bytes, name: str) -> bool:
    """Whether a file is brat's: its name says so, and its first line, if there is any."""
    lines = head.decode("utf-8-sig", "replace").splitlines()
    first = next((line for line in lines if line.strip()), "")
    return name.lower().endswith(".ann") and (not first or bool(_HEAD_LINE.match(first)))


def read(found: Found, options: ReadOptions) -> Iterator[Record | Refusal]:
    """The one record of an `.ann` file and its text, or why there is none."""
    path = next((p for s in (".txt", ".TXT") if (p := found.path.with_suffix(s)).is_file()), None)
    if path is None or path == found.path:
        missing = found.path.with_suffix(".txt").name
        yield Refusal(found.where, f"its text, {missing}, is not beside it")
        return
    try:
        # brat takes a byte order mark of UTF-8 for a character of the text, and counts it.
        text = _file(path, options, keep_mark=True)
        if reason := unstorable(text):
            raise NotTextError(f"{path.name}: {reason}")
        stem = PurePosixPath(found.name).suffix
        article = Article(options.prefix + found.name.removesuffix(stem), text)
        told = brat_beside.read(found.path.with_suffix(".json"), article, options)
        if len(told.article.id) > ID_LIMIT:
            raise NotTextError(f"the id is longer than {ID_LIMIT} characters")
        annotations = _Annotations(told)
        annotations.add(LINE_END.split(_file(found.path, options)))
        yield annotations.record(found.where)
    except _BadLineError as error:
        yield Refusal(f"{found.where}:{error.line}", str(error))
    except (NotTextError, BadBesideError) as error:
        yield Refusal(found.where, str(error))


def _file(path: Path, options: ReadOptions, keep_mark: bool = False) -> str:
    """The text of a file; NotTextError when it is too large or not text."""
    with open_file(path, options) as stream:
        data = stream.read(LIMIT + 1)
    if len(data) > LIMIT:
        raise NotTextError(f"{path.name} is larger than {LIMIT >> 20} MB")
    how = coding(data[:4], options)
    if keep_mark and how.codec == "utf-8":
        how = Coding(how.codec)
    try:
        return decode(data, how)
    except NotTextError as error:
        raise NotTextError(f"{path.name}, line {error.line}: {error}") from None


class _Annotations:
    """The lines of an `.ann` file, taken in one after another."""

    def __init__(self, told: Told) -> None:
        self._told = told
        self._plain = LINE_END.sub("\n", told.article.text)
        self._offsets = Offsets(told.article.text, Count.LF)
        self._spans: dict[str, tuple[str, list[Range], str | None]] = {}
        """Type, fragments and text of each text-bound line, by id."""
        self._attrs: dict[str, dict[str, Any]] = {}
        """By the id they are about."""
        self._left = Counter(told.left_out)
        self._empty = True

    def add(self, lines: list[str]) -> None:
        """Take in all lines; _BadLineError at the first that is none of brat's."""
        for number, line in enumerate(lines, 1):
            try:
                if line.strip():
                    self._line(line)
            except _BadLineError as error:
                error.line = number
                raise

    def _line(self, line: str) -> None:
        self._empty = False
        if reason := unfit_string(line):
            raise _BadLineError(reason)
        ident, tab, rest = line.partition("\t")
        data, _, tail = rest.partition("\t")
        kind = ident[:1]
        if not tab or kind not in "TARMNE#*":
            raise _BadLineError(f"{line[:40]!r} is no line of brat's")
        if kind in _PASSED:
            self._left[_PASSED[kind]] += 1
        elif kind == "T":
            self._textbound(ident, data, tail)
        elif kind == "N":
            self._reference(data)
        elif kind == "#":
            self._note(data, tail)
        else:
            self._attribute(data)

    def record(self, where: str) -> Record:
        """The record of all lines."""
        claims = [claim for ident in self._spans if (claim := self._claim(ident)) is not None]
        for ident, attrs in self._attrs.items():
            if ident not in self._spans:
                self._left["attribute or note of what is no span"] += len(attrs)
        told = self._told
        return Record(
            where,
            told.article,
            tuple(claims),
            told.annotator,
            # brat makes an empty file for every text, whoever has looked at it or not.
            finished=told.finished if told.ours else not self._empty,
            counts=Count.LF,
            left_out=dict(self._left),
            origin=NAME,
        )

    def _textbound(self, ident: str, data: str, tail: str) -> None:
        match = _TEXTBOUND.fullmatch(data)
        if not match:
            raise _BadLineError(f"{data[:40]!r} is not TYPE START END")
        if ident in self._spans:
            raise _BadLineError(f"the id {ident[:40]!r} comes twice")
        fragments = [tuple(map(int, pair.split(" "))) for pair in match[2].split(";")]
        places = [(start, end) for start, end in fragments]
        self._spans[ident] = match[1], places, tail if tail.strip() else None

    def _attribute(self, data: str) -> None:
        match = _ATTRIBUTE.fullmatch(data.rstrip())
        if not match:
            raise _BadLineError(f"{data[:40]!r} is not NAME ID or NAME ID VALUE")
        name, target, value = match.groups()
        self._give(target, name, True if value is None else value)

    def _reference(self, data: str) -> None:
        match = _REFERENCE.fullmatch(data.rstrip())
        if not match:
            raise _BadLineError(f"{data[:40]!r} is not Reference ID DATABASE:ENTRY")
        target, database, entry = match.groups()
        if "xid" in self._attrs.get(target, {}):
            self._left["second reference of a span"] += 1
            return
        plain = database == WIKIDATA and _QID.fullmatch(entry)
        self._give(target, "xid", entry if plain else f"{database}:{entry}")

    def _note(self, data: str, tail: str) -> None:
        match = _NOTE.fullmatch(data)
        if not match:
            raise _BadLineError(f"{data[:40]!r} is not TYPE ID")
        kind, target = match.groups()
        if kind != "AnnotatorNotes":
            self._left[f"note of type {kind[:40]}"] += 1
            return
        told = _equations(tail) if self._told.ours else None
        for name, value in (told or {"note": tail}).items():
            self._give(target, name, value)

    def _give(self, target: str, name: str, value: Any) -> None:
        """Note an attribute; several of one name are a list."""
        attrs = self._attrs.setdefault(target, {})
        if name not in attrs:
            attrs[name] = value
        elif isinstance(attrs[name], list):
            attrs[name].append(value)
        else:
            attrs[name] = [attrs[name], value]

    def _claim(self, ident: str) -> Claim | None:
        """The claim of a text-bound line; None when it is left out."""
        kind, fragments, quote = self._spans[ident]
        ordered = sorted(fragments)
        start, end = ordered[0][0], ordered[-1][1]
        if any(a >= b for a, b in fragments):
            self._left["annotation without text"] += 1
            return None
        surface = self._surface(fragments, quote)
        if surface is not None:
            if not self._joined(ordered):
                self._left["discontinuous annotation"] += 1
                return None
            quote = None if quote is None else surface
        layer, label = self._told.types.get(kind, ("", kind))
        return Claim(start, end, label, quote, layer, self._attrs.get(ident, {}), ident)

    def _surface(self, fragments: list[Range], quote: str | None) -> str | None:
        """The text from the first to the last fragment; None when the line's text is not theirs."""
        start, end = min(a for a, _ in fragments), max(b for _, b in fragments)
        first, last = self._offsets.of(start), self._offsets.of(end)
        if first is None or last is None:
            return None
        if quote is not None:
            pieces = [self._plain[a:b] for a, b in fragments]
            # Before brat 1.3 fragments were joined without a space.
            if not any(_is_text(quote, joined.join(pieces)) for joined in (" ", "")):
                return None
        return self._told.article.text[first:last]

    def _joined(self, ordered: list[Range]) -> bool:
        """Whether nothing but white space lies between fragments."""
        return all(b <= c and not self._plain[b:c].strip() for (_, b), (c, _) in pairwise(ordered))


def _is_text(quote: str, text: str) -> bool:
    """Whether a line's text is this one; any white space may be a space."""
    return _SPACE.sub(" ", quote) == _SPACE.sub(" ", text)


def _equations(text: str) -> dict[str, Any] | None:
    """The attributes in a note of our export; None when it is another note."""
    found: dict[str, Any] = {}
    place = 0
    try:
        while place < len(text):
            match = _EQUATION.match(text, place)
            if match is None:
                return None
            name = match[1] if match[1][0] != '"' else loads(match[1])
            if name in found:
                return None
            found[name] = loads(match[2])
            place = match.end()
    except BadJsonError:
        return None
    return found
