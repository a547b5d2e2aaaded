"""Which lines recur in the articles of a source: counts that add up, one per article and line."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple, Self

from annotator.suggest.boilerplate.lines import line_key, lines_of

SEVERAL = 3
"""A line must recur in so many other articles of its source to be proposed for that alone ..."""
SHARE = 0.2
"""... and in this share of them."""
COPY = 0.9
"""An article whose characters are known to this share is a copy of another, and counts for nothing."""
BODY = 200
"""Longer lines recur because an article was copied: they need twice the share."""
MOST = 50_000
"""Lines kept of a source; lines seen once are forgotten first."""


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
        self._lines: dict[str, Counter[str]] = {}
        self._articles: Counter[str] = Counter()

    def add(self, source: str, text: str) -> bool:
        """Count an article; False when it is a copy of what was counted, and is left out."""
        sizes: dict[str, int] = {}
        for line in lines_of(text):
            sizes.setdefault(line_key(line.text), len(line.text))
        known = self._lines.setdefault(source, Counter())
        old = sum(size for key, size in sizes.items() if key in known)
        if sizes and old > COPY * sum(sizes.values()):
            return False
        known.update(dict.fromkeys(sizes, 1))
        self._articles[source] += 1
        if len(known) > MOST:
            self._forget(source)
        return True

    def seen(self, source: str, line: str, itself: bool = False) -> Seen:
        """In how many articles of the source a line was seen.

        Args:
            source: the source's name.
            line: the line.
            itself: whether the article it stands in has been counted, and is not to be.
        """
        known = self._lines.get(source)
        count = known[line_key(line)] if known else 0
        of = self._articles[source]
        own = int(itself and count > 0)
        return Seen(count - own, max(of - int(itself), 0))

    def merge(self, other: Self) -> None:
        """Count what another index counted, of other articles."""
        for source, lines in other._lines.items():
            self._lines.setdefault(source, Counter()).update(lines)
        self._articles.update(other._articles)

    def dump(self) -> dict[str, Any]:
        """The counts as JSON values."""
        return {
            source: {"articles": self._articles[source], "lines": dict(sorted(lines.items()))}
            for source, lines in sorted(self._lines.items())
        }

    @classmethod
    def load(cls, dumped: dict[str, Any]) -> Self:
        """The index that `dump` gave."""
        index = cls()
        for source, counts in dumped.items():
            index._articles[source] = int(counts["articles"])
            index._lines[source] = Counter(counts["lines"])
        return index

    def _forget(self, source: str) -> None:
        kept = {key: count for key, count in self._lines[source].items() if count > 1}
        self._lines[source] = Counter(kept)


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
