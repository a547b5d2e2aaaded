"""The boilerplate of a layer in the shape that all suggesters share (suggest/protocol.py)."""

import json
import zlib
from collections.abc import Iterable, Sequence

from annotator.model.errors import AnnotatorError
from annotator.suggest.boilerplate.lines import lines_of
from annotator.suggest.boilerplate.suggester import SOURCE, Boilerplate, tags_of
from annotator.suggest.protocol import Finished, Guess

_UNREADABLE = "What was learned about boilerplate cannot be read: let it be learned anew."
_BROKEN = (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError)


class BoilerplateLessons:
    """Suggests the boilerplate of one layer; a `Suggester`.

    What recurs in a source is known from the articles learned, and from those given to `count`:
    all of the project's, finished or not, since only their texts are looked at.
    """

    name = SOURCE

    def __init__(self, labels: Sequence[str], layer: str = "") -> None:
        """`labels` are the layer's, in its order; with `layer` other layers' articles are passed over."""
        self.layer = layer
        self.labels = tuple(labels)
        self.engine = Boilerplate(self.labels)
        self._digest = 0

    @property
    def version(self) -> str:
        """Articles learned, a digest of them, articles counted: "6.1a2b3c4d.40"."""
        engine = self.engine
        return f"{engine.learned}.{self._digest:08x}.{engine.recurrence.articles}"

    @property
    def is_stale(self) -> bool:
        """Never: everything is learned at once."""
        return False

    def count(self, articles: Iterable[tuple[str, str]]) -> int:
        """Count in which articles lines stand, so that what recurs in a source is known.

        Articles counted before, in whatever order or run, are passed over; an article's own lines
        are never counted against it when it is suggested in or learned. `save` keeps the counts and
        `refit` does not touch them. Costs about a millisecond an article.

        Args:
            articles: pairs of source and text; without a source nothing is counted.

        Returns:
            How many were counted.
        """
        index = self.engine.recurrence
        return sum(index.add(source, text) for source, text in articles if source)

    def learn(self, article: Finished) -> None:
        """Learn an article whose boilerplate is finished, and count its lines."""
        if self.layer not in ("", article.layer):
            return
        self.count([(article.source, article.text)])
        spans = [(span.start, span.end, span.label) for span in article.spans]
        tags = tags_of(lines_of(article.text), spans)
        self.engine.learn(article.text, tags, article.source, article.title)
        said = repr((article.text, article.source, article.title, tags))
        self._digest = zlib.crc32(said.encode("utf-8", "replace"), self._digest)

    def refit(self, articles: Iterable[Finished]) -> None:
        """Forget what was learned, but not what recurs, and learn articles in the order given."""
        recurrence = self.engine.recurrence
        self.engine = Boilerplate(self.labels)
        self.engine.recurrence = recurrence
        self._digest = 0
        for article in articles:
            self.learn(article)

    def suggest(
        self,
        text: str,
        lang: str = "",  # noqa: ARG002 - one engine for all languages
        source: str = "",
        title: str = "",
    ) -> list[Guess]:
        """What is likely boilerplate, in order and without overlaps."""
        return self.engine.pieces(text, source, title)

    def save(self) -> bytes:
        """Everything learned and counted, as JSON."""
        body = {"digest": self._digest, "engine": self.engine.dump()}
        return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()

    def load(self, saved: bytes) -> None:
        """Replace what was learned by what was saved.

        Raises:
            AnnotatorError: the bytes are not what `save` wrote.
        """
        try:
            body = json.loads(saved)
            engine, digest = Boilerplate.load(body["engine"], self.labels), int(body["digest"])
        except _BROKEN as error:
            raise AnnotatorError(_UNREADABLE) from error
        self.engine, self._digest = engine, digest
