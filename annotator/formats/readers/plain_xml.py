"""XML into a plain tree, without document types, entities or anything fetched from elsewhere."""

import re
from typing import Any
from xml.parsers import expat

DEPTH = 200
"""How deep elements may be nested in each other."""


_NEWER = re.compile(rb"""\s*<\?xml\s+version=["']1\.1""")
_BAD_CHARACTER = expat.errors.codes[expat.errors.XML_ERROR_BAD_CHAR_REF]


class BadXmlError(ValueError):
    """Why something is not taken as XML, in words for a person."""


class Element:
    """An element: names are `namespace name`, with a space between when it has a namespace."""

    __slots__ = ("attributes", "children", "name", "pieces")

    def __init__(self, name: str, attributes: dict[str, str]) -> None:
        self.name = name
        self.attributes = attributes
        self.children: list[Element] = []
        self.pieces: list[str] = []
        """What stands in it before, between and after its children."""

    @property
    def text(self) -> str:
        """All text directly in it."""
        return "".join(self.pieces)

    @property
    def namespace(self) -> str:
        """Where its name is from; "" for nowhere."""
        return self.name.rpartition(" ")[0]

    @property
    def local(self) -> str:
        """Its name without the namespace."""
        return self.name.rpartition(" ")[2]

    def child(self, local: str) -> str:
        """The text of the first child of a name, without space around it; "" without one."""
        return next((each.text.strip() for each in self.children if each.local == local), "")


def parse(data: bytes) -> Element:
    """The root element.

    Raises:
        BadXmlError: broken, with a document type, or nested too deep.
    """
    builder = _Builder()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.text
    parser.StartDoctypeDeclHandler = builder.doctype
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        where = f"at line {error.lineno}, column {error.offset + 1}"
        if _NEWER.match(data) and error.code == _BAD_CHARACTER:
            raise BadXmlError(f"it holds characters only XML 1.1 has {where}") from None
        raise BadXmlError(f"broken XML {where}: {expat.ErrorString(error.code)}") from None
    except (LookupError, UnicodeError):
        raise BadXmlError("its encoding is not known") from None
    return builder.root


class _Builder:
    def __init__(self) -> None:
        self._top = Element("", {})
        self._open = [self._top]

    @property
    def root(self) -> Element:
        return self._top.children[0]

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._open) > DEPTH:
            raise BadXmlError(f"elements are nested deeper than {DEPTH}")
        element = Element(name, attributes)
        self._open[-1].children.append(element)
        self._open.append(element)

    def end(self, _name: str) -> None:
        self._open.pop()

    def text(self, data: str) -> None:
        self._open[-1].pieces.append(data)

    def doctype(self, *_: Any) -> None:
        raise BadXmlError("it has a document type (<!DOCTYPE), which is not read")
