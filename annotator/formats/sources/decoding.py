"""Bytes to text: which encoding a file is in, and what to say when it is not."""

import codecs
from dataclasses import dataclass

from annotator.formats.sources.incoming import ReadOptions
from annotator.model.errors import AnnotatorError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_TEXT_ENCODINGS = frozenset(
    codecs.lookup(name).name
    for name in (
        *("utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"),
        *(f"cp{number}" for number in (437, 850, 852, 855, 866, 874, *range(1250, 1259))),
        *(f"iso8859-{number}" for number in (*range(2, 12), *range(13, 17))),
        *("ascii", "latin-1", "koi8-r", "koi8-u", "koi8-t", "kz1048", "ptcp154"),
        *("mac-cyrillic", "mac-roman", "mac-greek", "mac-latin2", "mac-turkish"),
        *("gb2312", "gbk", "gb18030", "hz", "big5", "big5hkscs", "cp950", "euc-kr", "cp949"),
        *("euc-jp", "shift_jis", "cp932", "iso2022_jp", "tis-620"),
    )
)
"""Encodings of texts that are met; Python's others (base64, UTF-7 ...) would execute surprises."""


@dataclass(frozen=True, slots=True)
class Coding:
    """How a file's bytes become text."""

    codec: str
    mark: int = 0
    """Length of the byte order mark, in bytes; it is not part of the text."""


class NotTextError(ValueError):
    """Why bytes are not text in an encoding, and in which line."""

    def __init__(self, reason: str, line: int = 0) -> None:
        super().__init__(reason)
        self.line = line


def codec(label: str) -> str:
    """Python's name of a text encoding; "" when it is not one that is read."""
    try:
        name = codecs.lookup(label.strip()).name
    except (LookupError, ValueError, UnicodeError):
        return ""
    return name if name in _TEXT_ENCODINGS else ""


def coding(head: bytes, options: ReadOptions) -> Coding:
    """The coding of a file from its first bytes: its mark, else the option, else UTF-8.

    Raises:
        AnnotatorError: the option names no encoding of texts.
    """
    for mark, name in _MARKS:
        if head.startswith(mark):
            return Coding(name, len(mark))
    if not options.encoding:
        return Coding("utf-8")
    name = codec(options.encoding)
    if not name:
        raise AnnotatorError(f"{options.encoding[:40]!r} is not an encoding of texts.")
    return Coding(name)


def decode(data: bytes, how: Coding, first_line: int = 1) -> str:
    """The text of all of `data`, without the mark.

    Raises:
        NotTextError: a byte does not fit; with its offset, value and line.
    """
    try:
        return (data[how.mark :] if how.mark else data).decode(how.codec)
    except UnicodeDecodeError as error:
        place = error.start + how.mark
        line = first_line + data.count(b"\n", 0, place)
        raise NotTextError(not_in(how, data[place : place + 1], place), line) from None


def not_in(how: Coding, byte: bytes, place: int) -> str:
    """The sentence for a byte that an encoding does not have."""
    value = f"byte 0x{byte.hex()} at offset {place}" if byte else "the end of the file"
    if how.codec == "utf-8":
        return f"{value} is not UTF-8; if it is another encoding, say which"
    return f"{value} is not {how.codec}"
