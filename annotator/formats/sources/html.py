"""HTML pages: all the text a reader sees, in document order, a block a line, boilerplate kept.

What is boilerplate is for the annotator to mark, so nothing is judged here. Hidden is what a
browser hides by itself (HTML standard, 15.3.1 "Hidden elements") or by `hidden` and an inline
`display: none`; style sheets and scripts are not run. White space collapses as in a browser, and
character references are the characters they stand for.
"""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from annotator.formats.sources.decoding import NotTextError, decode
from annotator.formats.sources.html_head import head_of, page_coding
from annotator.formats.sources.html_load import too_costly
from annotator.formats.sources.html_tags import BLOCKS, CELLS, EXACT, HIDDEN
from annotator.formats.sources.incoming import (
    LIMIT,
    Found,
    Incoming,
    ReadOptions,
    Refusal,
    open_file,
)
from annotator.formats.sources.text import ident
from annotator.model.article import Article, unstorable

_SPACE = re.compile("[ \t\n\r\f]+")
_NOT_SHOWN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_BUTTONS = frozenset(("button", "reset", "submit"))
_VALUELESS = frozenset(
    ("checkbox", "color", "file", "hidden", "image", "password", "radio", "range")
)


def read(found: Found, options: ReadOptions) -> Iterator[Incoming]:
    """The one article of a page: its visible text, and what its head says about it."""
    with open_file(found.path, options) as stream:
        data = stream.read(LIMIT + 1)
    if len(data) > LIMIT:
        yield Refusal(found.where, f"the page is larger than {LIMIT >> 20} MB")
        return
    how = page_coding(data, options)
    try:
        page = decode(data, how)
    except NotTextError as error:
        yield Refusal(f"{found.where}:{error.line}", str(error))
        return
    if reason := too_costly(page):
        yield Refusal(found.where, reason)
        return
    parser = LexborHTMLParser(page)
    text = visible_text(parser)
    if reason := unstorable(text):
        yield Refusal(found.where, reason)
        return
    head = head_of(parser)
    meta = dict(head.meta) if how.codec == "utf-8" else {**head.meta, "encoding": how.codec}
    yield Article(
        options.prefix + ident(found),
        text,
        title=head.title,
        source=head.source,
        url=head.url,
        date=head.date,
        lang=head.lang,
        lang_source="import" if head.lang else "",
        meta=meta,
    )


def visible_text(parser: LexborHTMLParser) -> str:
    """The text of a parsed page as a reader sees it, a block a line."""
    lines = _Lines()
    if parser.body is not None:
        # Pages nest deeper than Python recurses, so the way back up is kept by hand.
        exact = 0
        path: list[tuple[LexborNode, str]] = []
        node: LexborNode | None = parser.body
        while node is not None:
            tag = node.tag or ""
            child = _enter(node, tag, lines, exact > 0)
            if child is not None:
                exact += tag in EXACT
                path.append((node, tag))
                node = child
                continue
            while path and node.next is None:
                node, tag = path.pop()
                exact -= tag in EXACT
                if tag in BLOCKS:
                    lines.end()
            node = node.next if path else None
    return lines.text()


def _enter(node: LexborNode, tag: str, lines: "_Lines", exact: bool) -> LexborNode | None:
    """Take what a node shows; its first child, when there is more inside."""
    if tag == "-text":
        (lines.add_exact if exact else lines.add)(node.text_content or "")
        return None
    if tag in HIDDEN or not node.is_element_node:
        return None
    attributes = node.attributes
    if _hidden(tag, attributes):
        return None
    if tag in BLOCKS:
        lines.end()
    elif tag in CELLS:
        lines.cell()
    if tag == "input":
        lines.alone(_field_text(attributes))
    elif tag == "textarea" and node.child is None:
        lines.add(attributes.get("placeholder") or "")
    if tag in BLOCKS and node.child is None:
        lines.end()
    return node.child


def _hidden(tag: str, attributes: dict[str, str | None]) -> bool:
    if not attributes:
        return tag == "dialog"
    if tag == "dialog" and "open" not in attributes:
        return True
    if "hidden" in attributes and attributes["hidden"] != "until-found":
        return True
    return bool(_NOT_SHOWN.search(attributes.get("style") or ""))


def _field_text(attributes: dict[str, str | None]) -> str:
    """What a form field shows: a button its caption, others their value or their hint."""
    kind = (attributes.get("type") or "text").lower()
    if kind in _BUTTONS:
        return attributes.get("value") or ""
    if kind == "password":
        return attributes.get("placeholder") or ""
    if kind in _VALUELESS:
        return ""
    return attributes.get("value") or attributes.get("placeholder") or ""


class _Lines:
    """Text laid out as a browser does: spaces collapsed, empty lines left out."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._line: list[str] = []
        self._gap = ""
        """What goes before the next text of this line, if one comes."""

    def add(self, data: str) -> None:
        """Take text whose white space collapses."""
        words = _SPACE.split(data)
        for place, word in enumerate(words):
            if place and self._line and not self._gap:
                self._gap = " "
            if word:
                self._line += (self._gap, word)
                self._gap = ""

    def add_exact(self, data: str) -> None:
        """Take text that keeps its spaces and line ends."""
        first, *others = data.split("\n")
        self._take(first)
        for line in others:
            self.end()
            self._take(line)

    def _take(self, line: str) -> None:
        if line:
            self._line += (self._gap, line)
            self._gap = ""

    def alone(self, data: str) -> None:
        """Take text that stands on a line of its own, if there is any."""
        if data and not data.isspace():
            self.end()
            self.add(data)
            self.end()

    def cell(self) -> None:
        """A cell of a row begins."""
        if self._line:
            self._gap = "\t"

    def end(self) -> None:
        """The line ends here."""
        line = "".join(self._line)
        if line and not line.isspace():
            self._lines.append(line)
        self._line, self._gap = [], ""

    def text(self) -> str:
        """All lines."""
        self.end()
        return "\n".join(self._lines)
