"""Which lines recur in the articles of a source: counts that add up, one per article and line.

Lines that are nearly the same count together: capitals, numbers, white space and punctuation do not
matter, and lines of 5 to 24 words may differ in one word, longer ones of them in an eighth of their words.
"""

from collections import Counter
from collections.abc import Iterable
from hashlib import blake2b
from typing import Any, NamedTuple, Self

from annotator.suggest.boilerplate.lines import KEY, line_key, lines_of, near_keys

SEVERAL = 3
"""A line must recur in so many other articles of its source to be proposed for that alone ..."""
SHARE = 0.2
"""... and in this share of them."""
COPY = 0.9
"""An article whose characters are known to this share is a copy of another, and counts for nothing."""
BODY = 200
"""Longer lines recur because an article was copied: they need twice the share."""
MOST = 50_000
"""Keys kept of a source; those seen once are forgotten first."""


class Seen(NamedTuple):
    """In how many articles of its source a line was seen, of how many."""

    times: int
    of: int

    @property
    def share(self) -> float:
        """The share of articles; 0 without any."""
        return self.times / self.of if self.of else 0.0

    def __str__(self) -> str:
        return f"seen in {self.times} of {self.of} articles"


class Recurrence:
    """Counts, by source, the articles a line is in; near-identical lines are one.

    Additive: `add` counts an article, `merge` counts what another index counted.
    """

    def __init__(self) -> None:
        self._keys: dict[str, Counter[str]] = {}
        self._texts: dict[str, set[str]] = {}

    @property
    def articles(self) -> int:
        """How many articles were counted, of all sources."""
        return sum(map(len, self._texts.values()))

    def has(self, source: str, text: str) -> bool:
        """Whether an article was counted."""
        return _text_key(text) in self._texts.get(source, ())

    def add(self, source: str, text: str) -> bool:
        """Count an article; False when it was counted before or copies one that was: then nothing is."""
        if self.has(source, text):
            return False
        sizes: dict[str, int] = {}
        near: set[str] = set()
        for line in lines_of(text):
            key = line_key(line.text)
            if key not in sizes:
                sizes[key] = len(line.text)
                near.update(near_keys(line.text))
        known = self._keys.setdefault(source, Counter())
        old = sum(size for key, size in sizes.items() if key in known)
        if sizes and old > COPY * sum(sizes.values()):
            return False
        known.update(near.union(sizes))
        self._texts.setdefault(source, set()).add(_text_key(text))
        if len(known) > MOST:
            self._forget(source)
        return True

    def seen(self, source: str, line: str, itself: bool = False) -> Seen:
        """In how many articles of the source a line, or one nearly the same, was seen.

        Args:
            source: the source's name.
            line: the line.
            itself: whether the article it stands in has been counted, and is not to be.
        """
        of = len(self._texts.get(source, ()))
        known = self._keys.get(source)
        count = max(known[key] for key in (line_key(line), *near_keys(line))) if known else 0
        return Seen(count - int(itself and count > 0), max(of - int(itself), 0))

    def merge(self, other: Self) -> None:
        """Count what another index counted, of other articles."""
        for source, keys in other._keys.items():
            self._keys.setdefault(source, Counter()).update(keys)
        for source, texts in other._texts.items():
            self._texts.setdefault(source, set()).update(texts)

    def dump(self) -> dict[str, Any]:
        """The counts as JSON values; the keys seen once, which are most, as one text."""
        return {
            source: {
                "texts": "".join(sorted(self._texts.get(source, ()))),
                "once": "".join(sorted(key for key, n in keys.items() if n == 1)),
                "often": {key: n for key, n in sorted(keys.items()) if n > 1},
            }
            for source, keys in sorted(self._keys.items())
        }

    @classmethod
    def load(cls, dumped: dict[str, Any]) -> Self:
        """The index that `dump` gave."""
        index = cls()
        for source, counts in dumped.items():
            index._texts[source] = set(_pieces(counts["texts"]))
            often = {key: int(n) for key, n in counts["often"].items()}
            index._keys[source] = Counter(dict.fromkeys(_pieces(counts["once"]), 1) | often)
        return index

    def _forget(self, source: str) -> None:
        kept = {key: count for key, count in self._keys[source].items() if count > 1}
        self._keys[source] = Counter(kept)


def recurs(seen: Seen, length: int) -> bool:
    """Whether a line of so many characters is the site's for its recurrence alone."""
    share = SHARE if length <= BODY else min(2 * SHARE, 1.0)
    return seen.times >= SEVERAL and seen.share >= share


def counted(articles: Iterable[tuple[str, str]]) -> Recurrence:
    """The index of articles: pairs of source and text."""
    index = Recurrence()
    for source, text in articles:
        index.add(source, text)
    return index


def _pieces(keys: str) -> list[str]:
    return [keys[at : at + KEY] for at in range(0, len(keys), KEY)]


def _text_key(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=KEY // 2).hexdigest()
