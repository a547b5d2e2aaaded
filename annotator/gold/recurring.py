"""Lines that a site puts on its pages, told from what its articles say without anybody's labels.

A line is the site's when it recurs in several of its articles that are otherwise different. Copies of
one article share their lines too, but are not different: those lines stay.
"""

from collections import Counter
from collections.abc import Iterable
from hashlib import blake2b

SEVERAL, ENOUGH, SHARE = 3, 20, 10
"""A line must recur in one of `SHARE` articles of its source, in `SEVERAL` at least; in `ENOUGH` it
has recurred enough."""
OWN = 2
"""A line that is in no more articles than this is an article's own; a second one may be a copy."""
DIFFERENT = 5
"""One of so many characters must be an article's own for it to count as different."""

_LEAST, _MOST, _LINES = 1 << 20, 1 << 28, 512
_FULL = 255


class Recurring:
    """Counts the lines of every source, in memory that does not grow with their number.

    Counts are kept in two places of a table each; the smaller one holds, so a line is hardly ever
    taken for more frequent than it is, and never for less (up to 255).
    """

    def __init__(self, articles: int) -> None:
        """`articles` is about how many there are."""
        size = _LEAST
        while size < min(articles * _LINES, _MOST):
            size *= 2
        self._mask = size - 1
        self._all = bytearray(size)
        self._different = bytearray(size)
        self._articles: Counter[str] = Counter()

    @property
    def possible(self) -> bool:
        """Whether any source has enough articles for a line to recur in."""
        return any(number >= SEVERAL for number in self._articles.values())

    def count(self, source: str, text: str) -> None:
        """Count the lines of an article; first all articles are counted."""
        self._articles[source] += 1
        self._add(self._all, self._places(source, _lines(text)))

    def count_different(self, source: str, text: str) -> None:
        """Count the lines again if the article has enough of its own; then all are counted so."""
        if self._articles[source] < SEVERAL:
            return
        lines = _lines(text)
        places = self._places(source, lines)
        own = sum(
            len(line)
            for line, place in zip(lines, places, strict=True)
            if _get(self._all, place) <= OWN
        )
        if own * DIFFERENT >= sum(map(len, lines)):
            self._add(self._different, places)

    def without(self, source: str, text: str) -> str:
        """The text without the lines that are the site's."""
        several = max(SEVERAL, min(ENOUGH, self._articles[source] // SHARE))
        if self._articles[source] < several:
            return text
        lines = _lines(text)
        places = self._places(source, lines)
        site = {
            line
            for line, place in zip(lines, places, strict=True)
            if _get(self._different, place) >= several
        }
        if not site:
            return text
        return "\n".join(line for line in text.split("\n") if line.strip() not in site)

    def _places(self, source: str, lines: Iterable[str]) -> list[tuple[int, int]]:
        """Where the counts of lines are kept."""
        start = blake2b(source.encode("utf-8", "surrogatepass") + b"\n", digest_size=8)
        found = []
        for line in lines:
            made = start.copy()
            made.update(line.encode("utf-8", "surrogatepass"))
            value = int.from_bytes(made.digest(), "big")
            found.append((value & self._mask, (value >> 32) & self._mask))
        return found

    @staticmethod
    def _add(counts: bytearray, places: Iterable[tuple[int, int]]) -> None:
        for place in places:
            for cell in place:
                if counts[cell] < _FULL:
                    counts[cell] += 1


def _get(counts: bytearray, place: tuple[int, int]) -> int:
    return min(counts[place[0]], counts[place[1]])


def _lines(text: str) -> list[str]:
    """The different lines of a text that are not blank."""
    return list(dict.fromkeys(line for raw in text.split("\n") if (line := raw.strip())))
