"""Which articles somebody has, in six bytes each: what a bundle says its sender needs no more."""

import base64
import binascii
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from hashlib import sha256

WIDTH = 6


class Keys(Sequence[bytes]):
    """A sorted set of keys without an object for each."""

    def __init__(self, packed: bytes = b"") -> None:
        self._packed = packed

    def __len__(self) -> int:
        return len(self._packed) // WIDTH

    def __getitem__(self, place: int) -> bytes:  # type: ignore[override]  # no slices: only bisect and iteration ask
        return self._packed[place * WIDTH : (place + 1) * WIDTH]

    def __contains__(self, key: object) -> bool:
        place = bisect_left(self, key) if isinstance(key, bytes) else len(self)
        return place < len(self) and self[place] == key


def key(article: str, digest: str) -> bytes:
    """The key of an article with a text's SHA-256."""
    return sha256(f"{article}\0{digest}".encode()).digest()[:WIDTH]


def packed(articles: Iterable[tuple[str, str]]) -> str:
    """Articles (id and SHA-256 of the text) as ASCII; 8 characters each."""
    return base64.b64encode(b"".join(sorted(key(*each) for each in articles))).decode()


def unpacked(text: str) -> Keys:
    """What `packed` wrote; nothing when it is no such thing."""
    try:
        return Keys(base64.b64decode(text, validate=True))
    except (ValueError, binascii.Error):
        return Keys()
