"""Near-duplicates: articles that say the same in the same words, as agencies' texts make many.

Two articles are near copies when half of their different shingles (five lower-cased words in a row)
are in both, or four fifths of the smaller one's are in the larger. Boilerplate does not count, or
a site's template would make all its pages copies of one another.

Pairs that could be are found by a sketch of each article, its sixteen smallest shingle hashes: near
copies share two thirds of the smaller one's shingles at least, so but once in a million two of its
sketch. What is found is proved on all shingles. The texts are read several times and never kept, so memory
grows by about two kilobytes an article.
"""

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from heapq import nsmallest
from itertools import pairwise
from typing import NamedTuple

from annotator.gold.recurring import Recurring
from annotator.gold.shingles import exact, quick, words_of

JACCARD, CONTAINMENT = 0.5, 0.8
"""From these on two articles are near copies."""
LEAST = 10
"""Articles with fewer shingles are not asked whether they are contained in others."""
SKETCH = 16
COMMON = 200
"""A shingle in the sketches of more articles tells nothing, unless an article has little else."""
HUBS = 20
"""With so many of its articles one is compared then."""
BUDGET = 20_000_000
"""Shingles in memory at a time while pairs are proved."""


class Piece(NamedTuple):
    """An article as it is compared."""

    id: str
    text: str
    source: str = ""
    boilerplate: tuple[tuple[int, int], ...] | None = None
    """Stretches that are left out; None when nobody labelled them, which lets lines that recur in
    articles of its source be left out."""


Read = Callable[[str], Iterable[Piece]]
"""Gives all articles once more, the same each time; it is told what for, to be shown to people."""


class Pair(NamedTuple):
    """Two near copies, the smaller id first."""

    a: str
    b: str
    jaccard: float
    """The shingles of both as a share of the shingles of either."""
    containment: float
    """The shingles of both as a share of those of the smaller."""


@dataclass(frozen=True, slots=True)
class Copies:
    """All near copies among some articles."""

    same: tuple[tuple[str, ...], ...] = ()
    """Ids of articles with the very same words, two or more, sorted."""
    near: tuple[Pair, ...] = ()
    """Near copies; of articles with the same words the first one stands for all."""

    def links(self) -> Iterator[tuple[str, str]]:
        """Pairs that join what belongs together, no more than are needed for it."""
        for group in self.same:
            yield from pairwise(group)
        for pair in self.near:
            yield pair.a, pair.b


def near_duplicates(read: Read, common: int = COMMON) -> Copies:
    """Find all near copies. The order the articles come in makes no difference."""
    site = _recurring(read)
    corpus = _Corpus()
    for piece in read("shingles"):
        corpus.add(piece.id, _words(piece, site))
    index = _Index(corpus, common)
    candidates: set[tuple[int, int]] = set()
    for number, words in corpus.words(read("near copies"), site):
        candidates.update(index.candidates(number, quick(words)))
    near: list[Pair] = []
    for portion in _portions(sorted(candidates), corpus.sizes):
        near += _proved(portion, corpus, read, site)
    return Copies(corpus.same(), tuple(sorted(near)))


def similarity(a: "array[int]", b: "array[int]") -> tuple[float, float]:
    """Jaccard similarity and containment of two articles' exact shingles."""
    both = len(set(a).intersection(b))
    smaller = min(len(a), len(b))
    if not smaller:
        return 0.0, 0.0
    return both / (len(a) + len(b) - both), both / smaller


def is_near(jaccard: float, containment: float, smaller: int) -> bool:
    """Whether two articles are near copies, the smaller of which has so many shingles."""
    return jaccard >= JACCARD or (containment >= CONTAINMENT and smaller >= LEAST)


def _recurring(read: Read) -> Recurring | None:
    """The lines that are the sites', None when no line can be."""
    pieces = [0, 0]
    for piece in read("sources"):
        pieces[piece.boilerplate is None and bool(piece.source)] += 1
    if not pieces[1]:
        return None
    site = Recurring(pieces[1])
    for count, what in ((site.count, "lines"), (site.count_different, "recurring lines")):
        for piece in read(what):
            if piece.boilerplate is None and piece.source:
                count(piece.source, piece.text)
        if not site.possible:
            return None
    return site


def _words(piece: Piece, site: Recurring | None) -> bytes:
    """The words of an article that are compared."""
    text = piece.text
    if piece.boilerplate is not None:
        kept, place = [], 0
        for start, end in sorted(piece.boilerplate):
            kept.append(text[place:start])
            place = max(place, end)
        text = "\n".join((*kept, text[place:]))
    elif site is not None and piece.source:
        text = site.without(piece.source, text)
    return words_of(text)


class _Corpus:
    """Every article that has words, each wording once: its id, how many shingles, and its sketch."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        """By number: the smallest id of the articles with the same words."""
        self.sizes = array("I")
        """By number: how many shingles."""
        self._sketches = array("I")
        self._numbers: dict[bytes, int] = {}
        self._others: dict[int, list[str]] = {}

    def add(self, name: str, words: bytes) -> None:
        """Take an article in."""
        if not words:
            return
        digest = blake2b(words, digest_size=16).digest()
        number = self._numbers.setdefault(digest, len(self.ids))
        if number < len(self.ids):
            first = self.ids[number]
            self.ids[number] = min(first, name)
            self._others.setdefault(number, []).append(max(first, name))
            return
        shingles = quick(words)
        self.ids.append(name)
        self.sizes.append(len(shingles))
        sketch = nsmallest(SKETCH, shingles)
        self._sketches.extend(sketch + sketch[:1] * (SKETCH - len(sketch)))

    def sketch(self, number: int) -> set[int]:
        """The smallest hashes of an article's shingles."""
        return set(self._sketches[number * SKETCH : (number + 1) * SKETCH])

    def same(self) -> tuple[tuple[str, ...], ...]:
        """The ids of articles with the same words, wherever there are two or more."""
        groups = (sorted((self.ids[n], *others)) for n, others in self._others.items())
        return tuple(sorted(map(tuple, groups)))

    def words(
        self, pieces: Iterable[Piece], site: Recurring | None, wanted: Iterable[int] | None = None
    ) -> Iterator[tuple[int, bytes]]:
        """Number and words of each wording (of those wanted), read once more."""
        numbers = range(len(self.ids)) if wanted is None else wanted
        by_id = {self.ids[number]: number for number in numbers}
        for piece in pieces:
            number = by_id.get(piece.id)
            if number is not None:
                yield number, _words(piece, site)


class _Index:
    """Which articles have a hash in their sketch."""

    def __init__(self, corpus: _Corpus, common: int) -> None:
        numbers = range(len(corpus.ids))
        self._having: dict[int, int | list[int]] = {}
        for number in numbers:
            for value in corpus.sketch(number):
                self._add(value, number)
        often = {
            value: found
            for value, found in self._having.items()
            if isinstance(found, list) and len(found) > common
        }
        told = [len(corpus.sketch(number)) for number in numbers]
        self._needed = bytearray(_needed(size) for size in told)
        for value, found in often.items():
            del self._having[value]
            for number in found:
                told[number] -= 1
        sizes = (len(corpus.sketch(number)) for number in numbers)
        self._poor = bytearray(2 * left <= size for left, size in zip(told, sizes, strict=True))
        self._enough = bytearray(map(_needed, told))
        self._hubs = {
            value: nsmallest(HUBS, filter(self._poor.__getitem__, found), corpus.ids.__getitem__)
            for value, found in often.items()
        }

    def _add(self, value: int, number: int) -> None:
        found = self._having.setdefault(value, number)
        if isinstance(found, list):
            found.append(number)
        elif found != number:
            self._having[value] = [found, number]

    def candidates(self, number: int, shingles: set[int]) -> Iterator[tuple[int, int]]:
        """Pairs of an article with those that may be its near copies."""
        hits: Counter[int] = Counter()
        for value in shingles:
            found = self._having.get(value)
            if isinstance(found, list):
                hits.update(found)
            elif found is not None:
                hits[found] += 1
        met = {other for other, count in hits.items() if count >= self._enough[other]}
        if self._poor[number]:
            for value in shingles & self._hubs.keys():
                hits.update(self._hubs[value])
            met.update(other for other, count in hits.items() if count >= self._needed[other])
        met.discard(number)
        for other in met:
            yield min(number, other), max(number, other)


def _needed(size: int) -> int:
    """How many hashes of a sketch of a size must be met: two, unless there are few."""
    return 2 if size >= SKETCH // 2 else 1


def _portions(
    pairs: Iterable[tuple[int, int]], sizes: "array[int]"
) -> Iterator[list[tuple[int, int]]]:
    """The pairs in portions whose articles' shingles fit into memory."""
    portion: list[tuple[int, int]] = []
    held: set[int] = set()
    size = 0
    for pair in pairs:
        new = [number for number in pair if number not in held]
        size += sum(sizes[number] for number in new)
        if portion and size > BUDGET:
            yield portion
            portion, held, new = [], set(), list(pair)
            size = sum(sizes[number] for number in new)
        held.update(new)
        portion.append(pair)
    if portion:
        yield portion


def _proved(
    pairs: list[tuple[int, int]], corpus: _Corpus, read: Read, site: Recurring | None
) -> Iterator[Pair]:
    """The pairs that are near copies, by all their shingles."""
    wanted = {number for pair in pairs for number in pair}
    texts = corpus.words(read("proof"), site, wanted)
    shingles = {number: exact(words) for number, words in texts}
    for a, b in pairs:
        smaller = min(len(shingles[a]), len(shingles[b]))
        jaccard, containment = similarity(shingles[a], shingles[b])
        if is_near(jaccard, containment, smaller):
            first, second = sorted((corpus.ids[a], corpus.ids[b]))
            yield Pair(first, second, jaccard, containment)
