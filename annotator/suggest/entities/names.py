"""Names suggested by what was labelled before and by a model of where names stand.

The memory learns each article at once; the model is fitted anew whenever a quarter more articles
are finished, for all languages of a project together. Without the model's library, and before the
first fit, the memory suggests alone.
"""

import hashlib
from bisect import bisect_left
from collections.abc import Iterable, Mapping

from annotator.model.errors import AnnotatorError
from annotator.suggest.entities import crf
from annotator.suggest.entities.cells import Verdict
from annotator.suggest.entities.features import features, lines
from annotator.suggest.entities.memory import LEAST, Memory
from annotator.suggest.entities.places import is_place, places
from annotator.suggest.entities.words import Words, is_slavic, is_whole
from annotator.suggest.protocol import Finished, Guess

GROWTH = 1.25
"""With so many times the articles of the last fit another one pays."""
FEWEST = 2
"""With fewer articles nothing is fitted."""
MOST = 500
"""The newest articles the model is fitted to; the memory keeps all."""
TYPED = 0.5
"""Below this probability a candidate has no label."""
CANDIDATE = 0.5
"""Below this probability to be any name it is none."""
SURE = 0.9
"""From this probability on a name that the memory knows with this label is sure: 97 of 100 were right in
Bulgarian, Russian and Ukrainian. Of names it does not know 84 of 100 were at most: none is sure."""
NEW, NEWER = 0.88, 0.05
"""The model thinks too well of names the memory does not know: measured, a probability p was worth
NEW * p - NEWER."""
OVERLOOKED = 0.65
"""From this score on the memory suggests what the model takes for no name or is not sure of."""
CAP = 0.79
"""As sure as it is then at most: measured, 78 of 100 such suggestions are right."""
PLACE = 0.7
"""How likely the name of a place is to be labelled while none has been seen: .67 to .88 were measured
in three languages."""
_MAGIC = b"annotator names 1\n"


class Names:
    """Suggests the names of one layer; a `Suggester`."""

    name = "names"

    def __init__(self, layer: str = "") -> None:
        self.memory = Memory(layer)
        self.fitted_to = 0
        self._fitted = b""
        self._model: crf.Model | None = None
        self._stamp = "none"

    @property
    def layer(self) -> str:
        """The layer it learns."""
        return self.memory.layer

    @property
    def version(self) -> str:
        """The memory's, and which model there is: "1.6.1a2b3c4d/5e6f7a8b"."""
        return f"{self.memory.version}/{self._stamp}"

    @property
    def is_stale(self) -> bool:
        """Whether a quarter more articles were learnt than the model is fitted to."""
        return crf.is_there() and self.memory.articles >= max(FEWEST, GROWTH * self.fitted_to)

    @property
    def note(self) -> str:
        """One sentence for people about what it could do better; "" when nothing is missing."""
        return crf.why_not()

    def learn(self, article: Finished) -> None:
        """Remember what was labelled, refused and passed over in an article."""
        self.memory.learn(article)

    def refit(self, articles: Iterable[Finished]) -> None:
        """Learn all articles anew, the memory at once and the model with the newest ones."""
        kept = list(articles)
        self.memory.refit(kept)
        self.fit(kept)

    def fit(self, articles: Iterable[Finished]) -> None:
        """Fit the model anew to articles the memory has learnt; nothing without the library."""
        kept = list(articles)
        if not crf.is_there() or len(kept) < FEWEST:
            return
        self._fitted = crf.train(
            sequence for article in kept[-MOST:] for sequence in self._sequences(article)
        )
        self._model = crf.Model(self._fitted) if self._fitted else None
        self._stamp = _stamp(self._fitted)
        self.fitted_to = self.memory.articles

    def suggest(
        self,
        text: str,
        lang: str = "",
        source: str = "",  # noqa: ARG002 - for suggesters that know outlets
        title: str = "",  # noqa: ARG002 - for those that know headlines
    ) -> list[Guess]:
        """The names in a text, in order, without overlaps; some without a label."""
        words = Words(_readable(text), is_slavic(lang))
        hits = self.memory.hits(words, lang)
        where = places(words, lang)
        if self._model is None:
            return _merged(self.memory.guesses(words, lang, hits), self._places(words, lang, where))
        seen = features(words, lang, hits, where)
        known = {(hit.start, hit.end): said for hit, said in hits}
        guesses = [
            guess
            for line in lines(words)
            for found in self._model.tag(seen[line.begin : line.end])
            if (guess := self._guess(words, line.begin, found, lang, known))
        ]
        labelled = [guess for guess in guesses if guess.label]
        often = [(hit, said) for hit, said in hits if said.score >= OVERLOOKED]
        overlooked = [
            one._replace(score=min(one.score, CAP), sure=False)
            for one in self.memory.guesses(words, lang, often)
        ]
        return _merged(_merged(labelled, overlooked), guesses)

    def _places(self, words: Words, lang: str, where: list[tuple[int, int]]) -> list[Guess]:
        """Names of places, with the label that most of those seen so far were given, if any was."""
        said = self.memory.label_of(is_place)
        if said.seen and said.score < LEAST:
            return []
        found = []
        for first, last in where:
            start, end = words.spans[first][0], words.spans[last][1]
            surface = words.text[start:end]
            if is_whole(words.text, start, end) and not self.memory.is_refused(
                surface, said.label, lang
            ):
                score = min(said.score, CAP) if said.label else PLACE
                attrs = self.memory.identity_of(surface, said.label, lang) if said.label else {}
                found.append(Guess(start, end, said.label, score, attrs, "place name"))
        return found

    def _guess(
        self,
        words: Words,
        begin: int,
        found: crf.Tagged,
        lang: str,
        known: Mapping[tuple[int, int], Verdict],
    ) -> Guess | None:
        """What the model found, unless refused before; with no label where only the edges are likely."""
        start = words.spans[begin + found.first][0]
        end = words.spans[begin + found.last][1]
        if not is_whole(words.text, start, end):
            return None
        surface = words.text[start:end]
        label = found.label if found.score >= TYPED else ""
        if self.memory.is_refused(surface, label, lang):
            return None
        if not label:
            if found.inside < CANDIDATE:
                return None
            return Guess(start, end, "", found.inside, why="model: a name of some kind")
        attrs = self.memory.identity_of(surface, label, lang)
        said = known.get((start, end))
        agrees = said is not None and said.label == label
        if agrees:
            sure = found.score >= SURE
            return Guess(start, end, label, found.score, attrs, str(said), sure)
        return Guess(start, end, label, NEW * found.score - NEWER, attrs, "model")

    def _sequences(self, article: Finished) -> Iterable[tuple[list[list[str]], list[str]]]:
        """The lines of an article, seen as if the memory did not know it, and their tags."""
        words = Words(_readable(article.text), is_slavic(article.lang))
        hits = self.memory.hits(words, article.lang, self.memory.own(article))
        seen = features(words, article.lang, hits, places(words, article.lang))
        tags = crf.tags_of(len(words.spans), _by_words(words, article))
        for line in lines(words):
            yield seen[line.begin : line.end], tags[line.begin : line.end]

    # --- keeping --------------------------------------------------------------------------------------

    def save(self) -> bytes:
        """The memory as JSON, the model in CRFsuite's format, and a digest over both."""
        memory = self.memory.save()
        sizes = f"{len(memory)} {self.fitted_to}\n".encode()
        body = sizes + memory + self._fitted
        return _MAGIC + hashlib.sha256(body).hexdigest().encode() + b"\n" + body

    def load(self, saved: bytes) -> None:
        """Replace what was learnt by what was saved.

        Raises:
            AnnotatorError: damaged, cut off or something else. (CRFsuite does not look at what it
                reads: only bytes with the digest of `save` reach it.)
        """
        memory, fitted_to, fitted = _parts(saved)
        try:
            model = crf.Model(fitted) if fitted and crf.is_there() else None
        except ValueError as error:
            raise AnnotatorError(_UNREADABLE) from error
        self.memory.load(memory)
        self.fitted_to, self._fitted, self._model = fitted_to, fitted, model
        self._stamp = _stamp(fitted)


def _stamp(fitted: bytes) -> str:
    """A few digits that tell models apart."""
    return hashlib.sha256(fitted).hexdigest()[:8] if fitted else "none"


def _readable(text: str) -> str:
    """A text of the same length without lone surrogates, which the model's library cannot take."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _merged(first: list[Guess], others: list[Guess]) -> list[Guess]:
    """The first ones, and of the others those that touch none of them or each other; in order."""
    found = sorted(
        [(guess.start, 0, guess) for guess in first]
        + [(guess.start, 1, guess) for guess in others],
        key=lambda item: item[:2],
    )
    starts = [guess.start for guess in first]
    kept: list[Guess] = []
    for _, rank, guess in found:
        reached = kept[-1].end if kept else 0
        following = bisect_left(starts, guess.start)
        clear = following == len(starts) or starts[following] >= guess.end
        if guess.start >= reached and (rank == 0 or clear):
            kept.append(guess)
    return kept


_UNREADABLE = "The saved suggestions cannot be read: learn them anew from the finished articles."


def _parts(saved: bytes) -> tuple[bytes, int, bytes]:
    """The memory, how many articles the model is fitted to, the model."""
    try:
        magic, digest, body = saved[: len(_MAGIC)], *saved[len(_MAGIC) :].split(b"\n", 1)
        if magic != _MAGIC or hashlib.sha256(body).hexdigest().encode() != digest:
            raise ValueError("other bytes")
        sizes, rest = body.split(b"\n", 1)
        size, fitted_to = map(int, sizes.split())
    except ValueError as error:
        raise AnnotatorError(_UNREADABLE) from error
    return rest[:size], fitted_to, rest[size:]


def _by_words(words: Words, article: Finished) -> Iterable[tuple[int, int, str]]:
    """The outermost spans of an article by their first and last words, none overlapping."""
    starts = [start for start, _ in words.spans]
    ends = [end for _, end in words.spans]
    reached = 0
    for span in sorted(article.spans, key=lambda span: (span.start, -span.end)):
        first, last = bisect_left(ends, span.start + 1), bisect_left(starts, span.end) - 1
        if first >= reached and first <= last:
            yield first, last, span.label
            reached = last + 1
