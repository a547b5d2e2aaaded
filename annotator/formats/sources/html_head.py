"""What an HTML page says about itself: encoding, title, language, address, date and site."""

import re
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser

from annotator.formats.sources.decoding import Coding, codec, coding
from annotator.formats.sources.fields import language
from annotator.formats.sources.incoming import ReadOptions

PRESCAN = 1024
"""Bytes in which a page must name its encoding (HTML standard, 13.2.3.2)."""

_CHARSET = re.compile(
    rb"""<meta[^>]{0,500}?charset\s*=\s*["']?\s*([A-Za-z0-9_:.+-]+)""", re.IGNORECASE
)

_BROWSER_READS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "big5": "big5hkscs",
    "utf-16": "utf-8",
    "utf-16-le": "utf-8",
    "utf-16-be": "utf-8",
}
"""Encodings a browser takes for a larger or likelier one (WHATWG Encoding standard)."""

_TITLES = ("og:title", "twitter:title")
_SOURCES = ("og:site_name", "application-name", "dc.publisher")
_URLS = ("og:url",)
_DATES = (
    *("article:published_time", "og:published_time", "datepublished", "pubdate"),
    *("publishdate", "date", "dc.date", "dc.date.issued", "parsely-pub-date"),
)
_KEPT = ("author", "description", "og:description", "article:section", "keywords")


@dataclass(frozen=True, slots=True)
class Head:
    """What was found; "" for what was not."""

    title: str = ""
    source: str = ""
    url: str = ""
    date: str = ""
    lang: str = ""
    meta: dict[str, str] = field(default_factory=dict)


def page_coding(data: bytes, options: ReadOptions) -> Coding:
    """The coding of a page: byte order mark, else the option, else its meta tag, else UTF-8."""
    how = coding(data[:4], options)
    if how.mark or options.encoding:
        return how
    match = _CHARSET.search(data[:PRESCAN])
    name = codec(match[1].decode("ascii")) if match else ""
    return Coding(_BROWSER_READS.get(name, name) or "utf-8")


def head_of(parser: LexborHTMLParser) -> Head:
    """Title, site, address, date and language of a parsed page."""
    said = _meta_tags(parser)
    root = parser.root
    attributes = root.attributes if root is not None else {}
    return Head(
        title=_title(parser) or _first(said, _TITLES),
        source=_first(said, _SOURCES),
        url=_canonical(parser) or _first(said, _URLS),
        date=_first(said, _DATES),
        lang=language(attributes.get("lang") or attributes.get("xml:lang") or ""),
        meta={name: said[name] for name in _KEPT if name in said},
    )


def _title(parser: LexborHTMLParser) -> str:
    """The page's title; drawings inside a page may have titles too, which are not it."""
    for node in parser.css("title"):
        if node.parent is not None and node.parent.tag != "svg":
            return _one_line(node.text())
    return ""


def _meta_tags(parser: LexborHTMLParser) -> dict[str, str]:
    said: dict[str, str] = {}
    for node in parser.css("meta"):
        attributes = node.attributes
        content = _one_line(attributes.get("content") or "")
        for name in ("property", "name", "itemprop"):
            key = (attributes.get(name) or "").strip().lower()
            if key and content:
                said.setdefault(key, content)
    return said


def _canonical(parser: LexborHTMLParser) -> str:
    for node in parser.css("link"):
        if "canonical" in (node.attributes.get("rel") or "").lower().split():
            return (node.attributes.get("href") or "").strip()
    return ""


def _first(said: dict[str, str], names: tuple[str, ...]) -> str:
    return next((said[name] for name in names if name in said), "")


def _one_line(text: str) -> str:
    return " ".join(text.split())
