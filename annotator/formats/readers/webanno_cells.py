r"""Cells of WebAnno TSV 3: what they say, and spans put together from them.

`_` is no annotation, `*` one without a value; `|` stands between stacked ones; `[N]` at the end ties
together what goes over several tokens. These characters, `;`, `->`, TAB and LF are escaped by `\`
in values.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from annotator.formats.claims import Claim
from annotator.formats.readers.uima import label_feature, of_tokens

NOTHING = ("_", "")

_STACKED = re.compile(r"((?:\\.|[^\\|])*+)(\||\\?\Z)", re.DOTALL)
_TIED = re.compile(r"((?:\\.|[^\\])*)\[(\d{1,9})\]", re.DOTALL | re.ASCII)
_ESCAPED_VALUE = re.compile(r"\\(->|[\\\[\]|_;tn*])")
_ESCAPED_TEXT = re.compile("\\\\([\\\\tnfrb\0-\x07\x0e-\x1f])")
_ESCAPED_JAVA = re.compile(r"\\(u+[0-9A-Fa-f]{4}|[0-3]?[0-7]{1,2}|.)", re.DOTALL)
_CONTROLS = {"t": "\t", "n": "\n", "f": "\f", "r": "\r", "b": "\b"}
_CHAIN = re.compile(r"->(\d+-\d+)\Z")


class Layer(NamedTuple):
    """A layer of the header."""

    kind: str
    """SP for spans, CH for chains, RL for relations."""
    type: str
    features: tuple[str, ...]
    """One a column; "" for the column of a layer without features."""
    column: int
    """Its first."""

    @property
    def roles(self) -> tuple[int, ...]:
        """Which columns hold slots: roles, each with its targets in the next column."""
        return tuple(n for n, name in enumerate(self.features) if name.startswith("ROLE_"))

    @property
    def plain(self) -> dict[str, int]:
        """The columns of the features that hold values."""
        slots = {n + more for n in self.roles for more in (0, 1)}
        return {name: n for n, name in enumerate(self.features) if name and n not in slots}


class Unit(NamedTuple):
    """A token, or a part of one, with its values."""

    line: int
    token: int
    """Counted through the file; parts have their token's."""
    begin: int
    end: int
    form: str
    cells: list[str]


def text_of(written: str, old: bool = False) -> str:
    """A text without its escapes; `old` versions, before 3.2, escaped as Java does."""
    if "\\" not in written:
        return written
    if not old:
        return _ESCAPED_TEXT.sub(lambda match: _CONTROLS.get(match[1], match[1]), written)
    units = _ESCAPED_JAVA.sub(_java, written)
    # Java writes characters beyond the basic plane as two surrogates.
    return units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def _java(match: re.Match[str]) -> str:
    code = match[1]
    if code[0] == "u":
        return chr(int(code.lstrip("u"), 16)) if len(code) > 1 else code
    return chr(int(code, 8)) if code[0] in "01234567" else _CONTROLS.get(code, code)


def value_of(written: str) -> str:
    """A value without its escapes."""
    return _ESCAPED_VALUE.sub(lambda match: {"t": "\t", "n": "\n"}.get(match[1], match[1]), written)


def stacked(cell: str) -> list[str]:
    """The values of a cell, as written."""
    found = []
    for match in _STACKED.finditer(cell):
        found.append(match[1])
        if match[2] != "|":
            break
    return found


def tied(written: str) -> tuple[str, str]:
    """A value as written, without the number that ties it to others, and that number or ""."""
    match = _TIED.fullmatch(written)
    return (match[1], match[2]) if match else (written, "")


class _Span:
    """A span that further tokens may belong to."""

    __slots__ = ("attrs", "begin", "end", "label", "layer", "token")

    def __init__(self, layer: Layer, unit: Unit, label: str, attrs: dict[str, Any]) -> None:
        self.layer = layer
        self.begin, self.end, self.token = unit.begin, unit.end, unit.token
        self.label = label
        self.attrs = attrs

    def take(self, unit: Unit) -> None:
        """Go on with a token."""
        self.begin, self.end = min(self.begin, unit.begin), max(self.end, unit.end)
        self.token = unit.token


class Spans:
    """The spans of a file, put together token by token."""

    def __init__(self, layers: Iterable[Layer]) -> None:
        self.left_out = Counter[str]()
        """What is no claim, by kind."""
        self._layers = tuple(layers)
        self._found: list[_Span] = []
        self._tied: dict[tuple[int, str], _Span] = {}
        self._links: set[tuple[int, str]] = set()

    def add(self, unit: Unit) -> None:
        """Take in what a token has in every layer."""
        for number, layer in enumerate(self._layers):
            cells = unit.cells[layer.column : layer.column + len(layer.features)]
            if all(cell in NOTHING for cell in cells):
                continue
            if layer.kind == "SP":
                self._add_spans(number, unit, cells)
            elif layer.kind == "RL":
                self.left_out["relation"] += len(stacked(cells[-1]))
            else:
                self._add_links(number, cells)

    def claims(self) -> Iterator[Claim]:
        """All claims, in order; what has no label or no text is counted."""
        for span in sorted(self._found, key=lambda each: (each.begin, -each.end)):
            short = span.layer.type.rpartition(".")[2]
            if of_tokens(span.layer.type):
                self.left_out[f"{short} annotation"] += 1
            elif span.begin == span.end:
                self.left_out["annotation of no text"] += 1
            elif not span.label:
                self.left_out["annotation without a label"] += 1
            else:
                yield Claim(span.begin, span.end, span.label, None, short, span.attrs)

    def _add_spans(self, number: int, unit: Unit, cells: list[str]) -> None:
        columns = [stacked(cell) for cell in cells]
        for place in range(max(map(len, columns))):
            row = [column[place] if place < len(column) else "_" for column in columns]
            values, ties = zip(*(tied(value) for value in row), strict=True)
            if all(value in NOTHING for value in values):
                continue
            key = number, next((tie for tie in ties if tie), "")
            open_ = self._tied.get(key)
            if key[1] and open_ is not None and unit.token - open_.token <= 1:
                open_.take(unit)
                continue
            span = self._span(self._layers[number], unit, values)
            self._found.append(span)
            if key[1]:
                self._tied[key] = span

    def _span(self, layer: Layer, unit: Unit, values: tuple[str, ...]) -> _Span:
        plain = layer.plain
        feature = label_feature(plain)
        said = {n: value_of(values[at]) for n, at in plain.items() if values[at] not in ("*", "_")}
        for role in layer.roles:
            if values[role] not in NOTHING:
                self.left_out["link to another annotation"] += values[role].count(";") + 1
        label = said.pop(feature, "")
        attrs = {"xid" if name == "identifier" else name: value for name, value in said.items()}
        return _Span(layer, unit, label, attrs)

    def _add_links(self, number: int, cells: list[str]) -> None:
        """Count the links of a chain; one over several tokens has the same number on each."""
        for cell in cells:
            for value in stacked(cell):
                if match := _CHAIN.search(value):
                    link = number, match[1]
                    self.left_out["link of a chain"] += link not in self._links
                    self._links.add(link)
