"""The boilerplate of a layer in the shape that all suggesters share (suggest/protocol.py)."""

import json
from collections.abc import Iterable, Sequence

from annotator.model.errors import AnnotatorError
from annotator.suggest.boilerplate.lines import lines_of
from annotator.suggest.boilerplate.suggester import SOURCE, Boilerplate, tags_of
from annotator.suggest.protocol import Finished, Guess

_UNREADABLE = "What was learned about boilerplate cannot be read: let it be learned anew."


class BoilerplateLessons:
    """Suggests the boilerplate of one layer; a `Suggester`.

    Sources and titles are not part of that shape: who knows them uses `engine` itself.
    """

    name = SOURCE

    def __init__(self, labels: Sequence[str], layer: str = "") -> None:
        """`labels` are the layer's, in its order; with `layer` other layers' articles are passed over."""
        self.layer = layer
        self.labels = tuple(labels)
        self.engine = Boilerplate(self.labels)

    @property
    def version(self) -> str:
        """How many articles were learned."""
        return str(self.engine.learned)

    @property
    def is_stale(self) -> bool:
        """Never: everything is learned at once."""
        return False

    def learn(self, article: Finished) -> None:
        """Learn an article whose boilerplate is finished."""
        if self.layer in ("", article.layer):
            spans = [(span.start, span.end, span.label) for span in article.spans]
            self.engine.learn(article.text, tags_of(lines_of(article.text), spans))

    def refit(self, articles: Iterable[Finished]) -> None:
        """Forget what was learned, but not what recurs, and learn articles in the order given."""
        recurrence = self.engine.recurrence
        self.engine = Boilerplate(self.labels)
        self.engine.recurrence = recurrence
        for article in articles:
            self.learn(article)

    def suggest(self, text: str, lang: str = "") -> list[Guess]:  # noqa: ARG002  (one for all languages)
        """What is likely boilerplate, in order and without overlaps."""
        return self.engine.pieces(text)

    def save(self) -> bytes:
        """Everything learned, as JSON."""
        return json.dumps(self.engine.dump(), ensure_ascii=False).encode()

    def load(self, saved: bytes) -> None:
        """Replace what was learned by what was saved.

        Raises:
            AnnotatorError: the bytes are not what `save` wrote.
        """
        try:
            self.engine = Boilerplate.load(json.loads(saved), self.labels)
        except (
            ValueError,
            KeyError,
            TypeError,
            AttributeError,
            IndexError,
            RecursionError,
        ) as error:
            raise AnnotatorError(_UNREADABLE) from error
