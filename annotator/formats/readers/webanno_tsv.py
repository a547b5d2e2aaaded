r"""WebAnno TSV 3, the table of tokens that WebAnno and older INCEpTION projects have.

A header names layers and features; each sentence has its text in `#Text=` lines and a line for each
token, `sentence-token TAB begin-end TAB form TAB values`. `_` is no annotation, `*` one without a
value, `|` stands between stacked ones, and `[N]` ties together what goes over several tokens.
Offsets are UTF-16 units. The format has no text between sentences: a line end and spaces stand for
it, so that offsets hold. Relations, chains and slots stay behind and are counted.
Format: user guide of INCEpTION, "WebAnno TSV 3.3 file format".
"""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import NamedTuple

from annotator.formats.claims import Record
from annotator.formats.readers.webanno_cells import Layer, Spans, Unit, text_of
from annotator.formats.sources.incoming import LIMIT, Found, ReadOptions, Refusal
from annotator.formats.sources.lines import numbered_lines
from annotator.formats.strict_json import BadJsonError
from annotator.model.article import Article, text_sha256, unstorable
from annotator.text.counting import Count, Offsets

_FORMAT = re.compile(r"#FORMAT=WebAnno TSV (\d{1,3})\.(\d{1,3})\s*", re.ASCII)
_LAYER = re.compile(r"#T_(SP|CH|RL)=(.+)")
_UNIT = re.compile(r"\d{1,9}-(\d{1,9})(\.\d{1,9})?", re.ASCII)
_PLACE = re.compile(r"(\d{1,15})-(\d{1,15})", re.ASCII)


class _BadTsvError(ValueError):
    """Why a file is no WebAnno TSV 3, and in which line."""

    def __init__(self, reason: str, line: int = 0) -> None:
        super().__init__(reason)
        self.line = line


class _Sentence(NamedTuple):
    text: list[str]
    units: list[Unit]


def sniff(head: bytes, _name: str) -> bool:
    """Whether a file begins with the format's first line."""
    return head.removeprefix(b"\xef\xbb\xbf").startswith(b"#FORMAT=WebAnno TSV ")


def read(found: Found, options: ReadOptions) -> Iterator[Record | Refusal]:
    """The one article of a file."""
    try:
        if found.path.stat().st_size > LIMIT:
            raise _BadTsvError(f"the file is larger than {LIMIT >> 20} MB")
        table = _Table(_lines(found, options))
        yield table.record(found, options)
    except _BadTsvError as error:
        yield Refusal(f"{found.where}:{error.line}" if error.line else found.where, str(error))


def _lines(found: Found, options: ReadOptions) -> Iterator[tuple[int, str]]:
    for number, line in numbered_lines(found.path, options):
        if isinstance(line, BadJsonError):
            raise _BadTsvError(str(line), number)
        yield number, line.removesuffix("\n").removesuffix("\r")


class _Table:
    """A file read into sentences and tokens."""

    def __init__(self, lines: Iterator[tuple[int, str]]) -> None:
        self._old = self._format(lines)
        self._layers: list[Layer] = []
        self._columns = 0
        self._sentences: list[_Sentence] = []
        self._tokens = 0
        for number, line in lines:
            if match := _LAYER.fullmatch(line):
                self._add_layer(match[1], match[2].split("|"))
            elif line.startswith("#Text="):
                self._text().append(text_of(line.removeprefix("#Text="), self._old))
            elif line and not line.startswith("#"):
                self._add_unit(number, line)

    def _format(self, lines: Iterator[tuple[int, str]]) -> bool:
        """Whether the version is older than 3.2, which escapes texts in another way."""
        match = _FORMAT.fullmatch(next(lines, (0, ""))[1])
        if match is None:
            raise _BadTsvError("it does not begin with #FORMAT=WebAnno TSV and a version", 1)
        if int(match[1]) != 3:
            raise _BadTsvError(f"it is WebAnno TSV {match[1]}.{match[2]}; only 3 is read", 1)
        return int(match[2]) < 2

    def _add_layer(self, kind: str, fields: list[str]) -> None:
        features = tuple(field for field in fields[1:] if field) or ("",)
        self._layers.append(Layer(kind, fields[0], features, self._columns))
        self._columns += len(features)

    def _text(self) -> list[str]:
        """Where the next line of text belongs: to the sentence that has no tokens yet, or a new one."""
        if not self._sentences or self._sentences[-1].units:
            self._sentences.append(_Sentence([], []))
        return self._sentences[-1].text

    def _add_unit(self, number: int, line: str) -> None:
        cells = line.split("\t")
        match = _UNIT.fullmatch(cells[0])
        if match is None:
            raise _BadTsvError("the line is neither a token nor begins with #", number)
        if len(cells) < self._columns + 3 or any(cells[self._columns + 3 :]):
            raise _BadTsvError(
                f"the line has {len(cells)} columns, not {self._columns + 3}", number
            )
        place = _PLACE.fullmatch(cells[1])
        if place is None or not self._sentences:
            what = "has no offsets" if place is None else "comes before any #Text="
            raise _BadTsvError(f"the token {what}", number)
        self._tokens += match[2] is None
        unit = Unit(number, self._tokens, int(place[1]), int(place[2]), cells[2], cells[3:])
        self._sentences[-1].units.append(unit)

    def record(self, found: Found, options: ReadOptions) -> Record | Refusal:
        """The article, with the claims of all layers of spans."""
        if not self._sentences:
            raise _BadTsvError("it has no #Text= line")
        text, counts = self._counted()
        if reason := unstorable(text):
            raise _BadTsvError(reason)
        ident = f"{PurePosixPath(found.name).stem}-{text_sha256(text)[:16]}"
        spans = Spans(self._layers)
        for sentence in self._sentences:
            for unit in sentence.units:
                spans.add(unit)
        if lost := self._between(counts):
            spans.left_out["character between sentences, written as space"] = lost
        claims = tuple(spans.claims())
        return Record(
            found.where,
            Article(options.prefix + ident, text),
            claims,
            finished=bool(claims),
            counts=counts,
            left_out=dict(spans.left_out),
            origin="webanno-tsv",
        )

    def _counted(self) -> tuple[str, Count]:
        """The text, and what the offsets count: UTF-16 units or, from some programs, code points."""
        first: _BadTsvError | None = None
        for counts in (Count.UTF16, Count.CODE_POINTS):
            try:
                text = "".join(self._pieces(counts))
                self._prove(text, counts)
            except _BadTsvError as error:
                first = first or error
            else:
                return text, counts
        assert first is not None
        raise first

    def _pieces(self, counts: Count) -> Iterator[str]:
        """The texts of the sentences with what fills the places between them."""
        length = filled = 0
        for sentence in self._sentences:
            text = "\n".join(sentence.text)
            after = bool(length)
            begin = sentence.units[0].begin if sentence.units else length + after
            gap = begin - length
            if gap < 0:
                line = sentence.units[0].line
                raise _BadTsvError(f"the token at {begin} begins before the sentence does", line)
            filled += gap
            if filled > LIMIT:
                raise _BadTsvError("the offsets leave more space than text", sentence.units[0].line)
            yield "\n" * (after and gap > 0) + " " * (gap - (after and gap > 0)) + text
            length = begin + _length(text, counts)

    def _prove(self, text: str, counts: Count) -> None:
        """Every token must stand where its offsets say."""
        offsets = Offsets(text, counts)
        for sentence in self._sentences:
            for unit in sentence.units:
                start, end = offsets.of(unit.begin), offsets.of(unit.end)
                surface = None if start is None or end is None else text[start:end]
                if surface not in (unit.form, text_of(unit.form, self._old)):
                    where = f"{unit.begin}-{unit.end}"
                    raise _BadTsvError(
                        f"the token {unit.form[:40]!r} is not at {where} of the text", unit.line
                    )

    def _between(self, counts: Count) -> int:
        """How many characters between sentences are not known, single line ends apart."""
        lost = length = 0
        for sentence in self._sentences:
            begin = sentence.units[0].begin if sentence.units else length
            lost += max(0, begin - length - 1) if length else begin
            length = begin + _length("\n".join(sentence.text), counts)
        return lost


def _length(text: str, counts: Count) -> int:
    return Offsets(text, counts).to(len(text))
