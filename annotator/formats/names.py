"""File names for articles, whatever their ids hold."""

import hashlib
import re

_PLAIN = re.compile(r"(?!.*-[0-9a-f]{10}$)[a-z0-9][a-z0-9_-]{0,99}", re.ASCII)
_LIKE_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d|index|manifest)$")
"""Names Windows keeps for devices, the index and the manifest."""


def safe_name(article: str) -> str:
    """A file name for any id, the same on every system and different for different ids.

    Plain lower-case ids keep their name; all others get a readable part and ten hexadecimal digits
    of their SHA-256, so that neither case, Unicode forms, `..` nor reserved names can collide.
    """
    if _PLAIN.fullmatch(article) and not _LIKE_DEVICE.match(article):
        return article
    readable = re.sub(r"[^a-z0-9]+", "-", article.lower()).strip("-")[:40].strip("-")
    return f"{readable or 'article'}-{hashlib.sha256(article.encode()).hexdigest()[:10]}"
