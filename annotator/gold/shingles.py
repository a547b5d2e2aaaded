"""The words of a text and every five of them in a row, as numbers that no seed changes."""

import re
from array import array
from hashlib import blake2b
from itertools import accumulate
from zlib import crc32

SIZE = 5
"""Words in a shingle."""

_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(rf"[^\W{_UNSPACED}]+|[{_UNSPACED}]")
"""Letters and digits in a row; in scripts without spaces each character is a word."""


def words_of(text: str) -> bytes:
    """The lower-cased words of a text with a space between any two."""
    return " ".join(_WORD.findall(text.lower())).encode("utf-8", "surrogatepass")


def quick(words: bytes) -> set[int]:
    """The shingles in 32 bits each: to find out which texts may share some."""
    return {crc32(shingle) for shingle in _shingles(words)}


def exact(words: bytes) -> "array[int]":
    """The different shingles in 64 bits each, of which no two in a corpus are alike by chance."""
    found = {blake2b(shingle, digest_size=8).digest() for shingle in _shingles(words)}
    return array("Q", b"".join(found))


def _shingles(words: bytes) -> list[memoryview]:
    """Every `SIZE` words in a row; all of the words where there are fewer."""
    if not words:
        return []
    view = memoryview(words)
    starts = list(accumulate((len(word) + 1 for word in words.split(b" ")), initial=0))
    if len(starts) <= SIZE:
        return [view]
    return [view[a : b - 1] for a, b in zip(starts, starts[SIZE:], strict=False)]
