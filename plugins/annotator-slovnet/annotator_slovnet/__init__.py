"""Persons, places and organisations in Russian articles, for annotator.

The neural network is slovnet's, small enough for any machine; its weights and the word vectors are
those that come inside natasha's wheel, so nothing is downloaded.
"""

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from annotator.model.errors import AnnotatorError
from annotator.suggest.protocol import Finished, Guess

SCORES = {"PER": 0.94, "LOC": 0.83, "ORG": 0.73}
"""The labels, and how many of the spans that get one are exactly right: slovnet does not say.

Measured on 622 Russian news articles, the Russian ones of SlavicNER and FactRuEval-2016 together.
"""
WEIGHTS = "model/slovnet_ner_news_v1.tar"
VECTORS = "emb/navec_news_v1_1B_250K_300d_100q.tar"
THREADS = "OPENBLAS_NUM_THREADS"

_PIECE = re.compile(r"[^\n]{1,4000}(?!\S)|[^\n]{1,4000}")
"""A line, or as much of a long one as is looked at in one go."""
_LETTER = re.compile(r"[^\W\d_]")


class Slovnet:
    """Suggests names in a layer of Russian articles; learns nothing."""

    api = 1
    name = "slovnet"
    is_stale = False

    def __init__(self, layer: str, labels: Sequence[str], settings: Mapping[str, Any]) -> None:
        """A suggester for a layer; annotator turns the labels of `SCORES` into those of the layer.

        Raises:
            AnnotatorError: an option was given, as there are none.
        """
        if settings:
            raise AnnotatorError(
                f"it knows no options, such as {', '.join(settings)}: remove them."
            )
        self.layer = layer
        self.labels = tuple(labels)

    @property
    def version(self) -> str:
        """The versions of what the guesses come from."""
        return f"slovnet {version('slovnet')} natasha {version('natasha')}"

    def learn(self, article: Finished) -> None:
        """Nothing."""

    def refit(self, articles: Iterable[Finished]) -> None:
        """Nothing."""

    def save(self) -> bytes:
        """Nothing."""
        return b""

    def load(self, saved: bytes) -> None:
        """Nothing."""

    def suggest(
        self,
        text: str,
        lang: str = "",
        source: str = "",  # noqa: ARG002 - for suggesters that know outlets
        title: str = "",  # noqa: ARG002 - for those that know headlines
    ) -> list[Guess]:
        """The names in a Russian text, line by line; nothing in other languages.

        The first call loads the weights, which takes about a second.

        Raises:
            AnnotatorError: the weights are not where natasha keeps them.
        """
        if lang.partition("-")[0].lower() != "ru":
            return []
        pieces = [piece for piece in _PIECE.finditer(text) if _LETTER.search(piece[0])]
        found = _network().map([piece[0] for piece in pieces])
        return [
            Guess(
                piece.start() + span.start,
                piece.start() + span.stop,
                span.type,
                SCORES[span.type],
                why="slovnet",
            )
            for piece, markup in zip(pieces, found, strict=True)
            for span in markup.spans
            if span.type in SCORES
        ]


@lru_cache(maxsize=1)
def _network() -> Any:
    """The network with its word vectors, loaded once for all layers."""
    with _one_thread():
        from navec import Navec  # these two bring numpy: only when they are needed
        from slovnet import NER

    data = _data()
    network = NER.load(data / WEIGHTS)
    network.navec(Navec.load(data / VECTORS))
    return network


@contextmanager
def _one_thread() -> Iterator[None]:
    """Keeps the library below numpy, loaded within, from sharing out matrices this small.

    Measured, an article costs a sixth of the processor time then, and the desk keeps its cores.
    """
    before = os.environ.get(THREADS)
    os.environ.setdefault(THREADS, "1")
    try:
        yield
    finally:
        if before is None:
            del os.environ[THREADS]


def _data() -> Path:
    """The folder of natasha's data, found without running natasha, which would load a dictionary."""
    found = find_spec("natasha")
    for place in (found.submodule_search_locations or ()) if found else ():
        folder = Path(place) / "data"
        if (folder / WEIGHTS).is_file() and (folder / VECTORS).is_file():
            return folder
    raise AnnotatorError("the weights are not there: install natasha 1.6, whose wheel holds them.")
