"""An article: an immutable text and what its source said about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Article:
    """One article as it came in. Nothing of it changes afterwards but the language."""

    id: str
    text: str
    """Exactly as decoded; every offset in the project counts its code points."""
    title: str = ""
    source: str = ""
    url: str = ""
    date: str = ""
    lang: str = ""
    """BCP 47 tag; "" = not known yet, "und" = not determined."""
    lang_source: str = ""
    """Who said so: "import", "user", or a detector with its version."""
    group: str = ""
    """Articles about the same event share a group."""
    meta: Mapping[str, Any] = field(default_factory=dict)
    """Whatever else the source gave, JSON values only."""

    @property
    def sha256(self) -> str:
        """Hexadecimal SHA-256 of the UTF-8 text."""
        return text_sha256(self.text)


def text_sha256(text: str) -> str:
    """Hexadecimal SHA-256 of a text's UTF-8 bytes."""
    import hashlib  # not to show an article

    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def unstorable(text: str) -> str:
    """Why a text cannot be stored exactly ("" when it can): NUL, lone surrogate, or nothing there.

    SQLite's own functions stop at NUL, PostgreSQL cannot store it, and neither can a lone surrogate
    be written as UTF-8; both are refused at import rather than altered.
    """
    if not text or text.isspace():
        return "the text is empty"
    nul = text.find("\0")
    if nul >= 0:
        return f"NUL character at offset {nul}"
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        return f"lone surrogate U+{ord(text[error.start]):04X} at offset {error.start}"
    return ""
