"""Pages that would take a parser hours or all memory, told before it begins.

The HTML standard's algorithm is quadratic in two places: in how deep elements are nested, and in
formatting elements left open, which are opened again in every block that follows (a 200 KB page of
`<font><p>` makes 200 million nodes). Honest pages, broken ones included, stay far below the limits.
"""

import re

from annotator.formats.sources.html_tags import names

DEPTH = 5_000
"""Elements inside each other."""

COPIES = 2_000_000
"""Formatting elements the parser would have to open again, all together."""

_TAG = re.compile(r"<(/?)([A-Za-z][^\s/>]*)([^<>]*)")

_FORMATTING = names("a b big code em font i nobr s small strike strong tt u")

_AT_MOST = {"a": 1, "nobr": 1}
"""Formatting elements that close the one before."""

_SHALLOW = names(
    "area base body br col colgroup dd dt embed head hr html img input li link meta optgroup "
    "option p param rp rt source tbody td tfoot th thead tr track wbr"
)
"""Elements that are empty, that others of their kind close, or that come once."""

_PAGE_AGAIN = names("desc foreignobject title")
"""Elements of SVG that hold HTML, in which `<x/>` does not close itself."""

_LEAVES_SVG = names(
    "b big blockquote body br center code dd div dl dt em embed font h1 h2 h3 h4 h5 h6 head hr i "
    "img li listing menu meta nobr ol p pre ruby s small span strong strike sub sup table tt u ul "
    "var"
)
"""Elements that end an SVG drawing (HTML standard, 13.2.6.5)."""


def too_costly(page: str) -> str:
    """Why a page is not parsed ("" when it is)."""
    depth = copies = 0
    svg = in_drawing = False
    open_: dict[str, list[str]] = {}
    left_open = 0
    for match in _TAG.finditer(page):
        closes, tag, rest = bool(match[1]), match[2].lower(), match[3]
        if tag == "svg":
            svg = in_drawing = not closes
        elif tag in _PAGE_AGAIN:
            in_drawing = svg and closes
        elif tag in _LEAVES_SVG:
            svg = in_drawing = False
        if tag in _FORMATTING:
            left_open += _count(open_.setdefault(tag, []), rest, closes, _AT_MOST.get(tag, DEPTH))
        elif tag not in _SHALLOW and not (in_drawing and rest.endswith("/")):
            depth = max(0, depth - 1) if closes else depth + 1
        if not closes:
            copies += left_open
        if depth + left_open > DEPTH:
            return f"elements are nested deeper than {DEPTH:,}"
        if copies > COPIES:
            return "too many formatting elements are left open"
    return ""


def _count(open_: list[str], attributes: str, closes: bool, limit: int) -> int:
    """Note that a formatting element opens or closes; the change in how many are open.

    Of equal ones the parser opens at most three again, so no more are counted.
    """
    if closes:
        if not open_:
            return 0
        open_.pop()
        return -1
    if len(open_) >= limit or open_[-3:] == [attributes] * 3:
        return 0
    open_.append(attributes)
    return 1
