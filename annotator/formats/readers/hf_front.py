"""The YAML at the head of a data set's card, as far as cards use it.

Block mappings and lists, flow lists and mappings, quoted, plain and block scalars, comments. Every
scalar is a string: nothing is made a number, a date or an object, and nothing is executed. Anchors,
tags and whatever else YAML has are refused. Format: https://yaml.org/spec/1.2.2/.
"""

import re
from typing import Any, NamedTuple

DEPTH = 40
"""How deep mappings and lists may stand in each other."""

_BLANK = " \t\r"


class BadCardError(ValueError):
    """Why a card's front matter cannot be read, in words for a person."""


class _Line(NamedTuple):
    indent: int
    text: str
    """Without the indent and what follows the last character."""
    number: int


def front_matter(text: str) -> dict[str, Any]:
    """The mapping between the first two lines `---` of a card; empty when there is none.

    Raises:
        BadCardError: it does not end, or is not YAML of the kind that is read.
    """
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    if lines[0].rstrip(_BLANK) != "---":
        return {}
    for number, line in enumerate(lines[1:], 1):
        if line.rstrip(_BLANK) in ("---", "..."):
            value = _Reader(lines[1:number]).whole()
            return value if isinstance(value, dict) else {}
    raise BadCardError("its front matter does not end with a line of ---")


class _Reader:
    """Reads lines one after another."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = [
            _Line(len(line) - len(line.lstrip(" ")), line.strip(_BLANK), number)
            for number, line in enumerate(lines, 2)
        ]
        self._at = 0
        self._depth = 0

    def whole(self) -> Any:
        """Everything there is."""
        first = self._peek()
        value = self._node(first.indent) if first else {}
        left = self._peek()
        if left is not None:
            raise self._bad(left)
        return value

    def _peek(self) -> _Line | None:
        """The next line that says something."""
        while self._at < len(self._lines):
            line = self._lines[self._at]
            if line.text and not line.text.startswith("#"):
                return line
            self._at += 1
        return None

    def _bad(self, line: _Line) -> BadCardError:
        return BadCardError(f"line {line.number} of its front matter is not understood")

    def _node(self, indent: int) -> Any:
        """What begins with the next line, which is indented so."""
        self._depth += 1
        line = self._peek()
        if line is None or self._depth > DEPTH:
            raise BadCardError(f"its front matter is nested deeper than {DEPTH} levels")
        if _is_item(line.text):
            value: Any = self._list(indent)
        elif _key(line.text) is not None:
            value = self._mapping(indent)
        else:
            self._at += 1
            value = self._value(line.text, line, indent - 1)
        self._depth -= 1
        return value

    def _mapping(self, indent: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while (line := self._peek()) is not None and line.indent == indent:
            split = None if _is_item(line.text) else _key(line.text)
            if split is None:
                break
            self._at += 1
            found[_scalar(split[0], line)] = self._value(split[1], line, indent, in_mapping=True)
        return found

    def _list(self, indent: int) -> list[Any]:
        found: list[Any] = []
        while (line := self._peek()) is not None and line.indent == indent:
            if not _is_item(line.text):
                break
            rest = line.text[1:].lstrip(_BLANK)
            if rest and (_is_item(rest) or _key(rest) is not None):
                inner = indent + len(line.text) - len(rest)
                self._lines[self._at] = _Line(inner, rest, line.number)
                found.append(self._node(inner))
            else:
                self._at += 1
                found.append(self._value(rest, line, indent))
        return found

    def _value(self, rest: str, line: _Line, indent: int, in_mapping: bool = False) -> Any:
        """What stands behind a key or a dash, and on the lines below that belong to it."""
        if not rest or rest.startswith("#"):
            below = self._peek()
            inside = below is not None and (
                below.indent > indent
                or (in_mapping and below.indent == indent and _is_item(below.text))
            )
            return self._node(below.indent) if below is not None and inside else ""
        if rest[0] in "|>":
            return "\n".join(each.text for each in self._below(indent))
        if rest[0] in "&*!%@`":
            raise self._bad(line)
        if rest[0] in "[{":
            flow = _Flow(self._joined(rest, indent), line.number)
            return flow.whole()
        return _scalar(self._joined(rest, indent), line)

    def _below(self, indent: int) -> list[_Line]:
        """The lines after this one that are indented deeper, blank ones among them."""
        found: list[_Line] = []
        while self._at < len(self._lines):
            line = self._lines[self._at]
            if line.text and line.indent <= indent:
                break
            found.append(line)
            self._at += 1
        return found

    def _joined(self, rest: str, indent: int) -> str:
        """A value that may go on over several lines, on one: line ends are spaces, blank lines LF."""
        joined, blank = rest, 0
        for line in self._below(indent):
            if not line.text:
                blank += 1
                continue
            if rest[0] == '"' and _ESCAPED_END.search(joined):
                joined = joined[:-1] + "\n" * blank + line.text
            else:
                joined += ("\n" * blank or " ") + line.text
            blank = 0
        return joined


_ESCAPED_END = re.compile(r"(?<!\\)(?:\\\\)*\\\Z")
"""A backslash at the end that no other one stands for."""


def _is_item(text: str) -> bool:
    return text == "-" or text.startswith("- ")


def _key(text: str) -> tuple[str, str] | None:
    """A line's key, as it is written, and what follows its colon; None when it has none."""
    if text[0] in "[{|>&*!%@`":
        return None
    if text[0] in "\"'":
        end = _closing(text, 0)
        rest = text[end + 1 :].lstrip(_BLANK) if end > 0 else ""
        if rest == ":" or rest.startswith(": "):
            return text[: end + 1], rest[1:].strip(_BLANK)
        return None
    comment = text.find(" #")
    end = text.find(": ")
    if end < 0 and text.endswith(":"):
        end = len(text) - 1
    if end < 1 or -1 < comment < end:
        return None
    return text[:end].rstrip(_BLANK), text[end + 1 :].strip(_BLANK)


def _closing(text: str, start: int) -> int:
    """Where the quotation that opens at `start` closes; -1 when it does not."""
    mark, place = text[start], start + 1
    while place < len(text):
        if mark == '"' and text[place] == "\\":
            place += 1
        elif text[place] == mark:
            if mark == '"' or text[place + 1 : place + 2] != "'":
                return place
            place += 1
        place += 1
    return -1


def _scalar(text: str, line: _Line) -> str:
    """A scalar on one line, without quotation marks and comments."""
    if text[0] not in "\"'":
        return re.split(r"(?:\A|[ \t])#", text, maxsplit=1)[0].strip(_BLANK)
    end = _closing(text, 0)
    rest = text[end + 1 :].strip(_BLANK)
    if end < 0 or (rest and not rest.startswith("#")):
        raise BadCardError(f"the quotation in line {line.number} of its front matter has no end")
    return _unquoted(text[: end + 1])


_ESCAPE = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_ESCAPES = {
    "0": "\0",
    "a": "\a",
    "b": "\b",
    "t": "\t",
    "n": "\n",
    "v": "\v",
    "f": "\f",
    "r": "\r",
    "e": "\x1b",
    "N": "\x85",
    "_": "\xa0",
    "L": "\u2028",
    "P": "\u2029",
}


def _unquoted(text: str) -> str:
    inner = text[1:-1]
    if text[0] == "'":
        return inner.replace("''", "'")
    return _ESCAPE.sub(_unescaped, inner)


def _unescaped(match: re.Match[str]) -> str:
    digits = match[1] or match[2] or match[3]
    if not digits:
        return _ESCAPES.get(match[4], match[4])
    code = int(digits, 16)
    fits = code < 0xD800 or 0xDFFF < code <= 0x10FFFF
    return chr(code) if fits else "\ufffd"


class _Flow:
    """A list in brackets or a mapping in braces."""

    def __init__(self, text: str, number: int) -> None:
        self._text = text
        self._at = 0
        self._number = number
        self._depth = 0

    def whole(self) -> Any:
        """The value, with nothing but a comment behind it."""
        value = self._value()
        rest = self._text[self._at :].strip(_BLANK)
        if rest and not rest.startswith("#"):
            raise self._bad()
        return value

    def _bad(self) -> BadCardError:
        return BadCardError(f"line {self._number} of its front matter is not understood")

    def _next(self) -> str:
        while self._text[self._at : self._at + 1] == " ":
            self._at += 1
        return self._text[self._at : self._at + 1]

    def _value(self) -> Any:
        self._depth += 1
        char = self._next()
        if not char or self._depth > DEPTH:
            raise self._bad()
        value: Any = self._many(char) if char in "[{" else self._plain()
        self._depth -= 1
        return value

    def _many(self, opening: str) -> Any:
        """The items of a list or the pairs of a mapping."""
        items: list[Any] = []
        pairs: dict[str, Any] = {}
        closing = "]" if opening == "[" else "}"
        self._at += 1
        while (char := self._next()) != closing:
            if not char:
                raise self._bad()
            if opening == "[":
                items.append(self._value())
            else:
                key = self._plain()
                if self._next() != ":":
                    raise self._bad()
                self._at += 1
                pairs[key] = "" if self._next() in ",}" else self._value()
            if self._next() == ",":
                self._at += 1
            elif self._next() != closing:
                raise self._bad()
        self._at += 1
        return items if opening == "[" else pairs

    def _plain(self) -> str:
        """A scalar up to a comma, a bracket or, in a mapping, the colon."""
        start = self._at
        if self._next() in ('"', "'"):
            start = self._at
            end = _closing(self._text, start)
            if end < 0:
                raise self._bad()
            self._at = end + 1
            return _unquoted(self._text[start : self._at])
        match = re.compile(r"(?:[^,\[\]{}:]|:(?! |\Z))*").match(self._text, self._at)
        if match is None or not match[0].strip(_BLANK) or match[0].strip(_BLANK)[0] in "&*!%@`|>":
            raise self._bad()
        self._at = match.end()
        return match[0].strip(_BLANK)
