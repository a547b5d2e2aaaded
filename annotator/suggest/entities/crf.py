"""A linear-chain CRF over words, by CRFsuite where python-crfsuite is installed (extra `suggest`).

The model is CRFsuite's own file format in bytes. The library is imported when first needed; without
it nothing here works and everything else does.
"""

import os
import tempfile
from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

OUTSIDE = "O"
MISSING = (
    "Suggestions come from the label memory alone: for a model that learns where names stand, "
    "install the extra: pip install 'annotator-tui[suggest]'."
)
"""What to say where the library is missing."""
ITERATIONS = 40
C1 = 0.05
C2 = 0.05
_MAGIC = b"lCRF"

Features = Sequence[Sequence[str]]
"""What is seen of each word of one sequence."""


class Tagged(NamedTuple):
    """A stretch of words, the first and the last by number, that the model takes for a name."""

    first: int
    last: int
    label: str
    score: float
    """The smallest marginal probability of its words' tags, and of its ending where it does."""
    inside: float
    """The smallest probability of its words to be part of some name."""


@lru_cache(maxsize=1)
def is_there() -> bool:
    """Whether the library is installed."""
    return find_spec("pycrfsuite") is not None


def _library() -> Any:
    """The library, imported when first needed: it ships no types."""
    return import_module("pycrfsuite")


def why_not() -> str:
    """One sentence for people where the library is missing; "" where it is there."""
    return "" if is_there() else MISSING


def tags_of(length: int, spans: Iterable[tuple[int, int, str]]) -> list[str]:
    """The tags of words: B- and I- with the label, O outside; spans by first and last word."""
    tags = [OUTSIDE] * length
    for first, last, label in spans:
        tags[first] = f"B-{label}"
        tags[first + 1 : last + 1] = [f"I-{label}"] * (last - first)
    return tags


def train(sequences: Iterable[tuple[Features, Sequence[str]]]) -> bytes:
    """Fit a model to sequences and their tags; b"" when there is nothing but outside in them.

    The same sequences in the same order give the same model.
    """
    pycrfsuite = _library()
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    trainer.set_params({"c1": C1, "c2": C2, "max_iterations": ITERATIONS})
    names = 0
    for features, tags in sequences:
        trainer.append(pycrfsuite.ItemSequence(features), tags)
        names += sum(tag != OUTSIDE for tag in tags)
    if not names:
        return b""
    handle, path = tempfile.mkstemp(prefix="annotator-", suffix=".crf")
    os.close(handle)
    try:
        trainer.train(path)
        return Path(path).read_bytes()
    finally:
        Path(path).unlink()


class Model:
    """A fitted model, ready to tag. Only bytes that `train` made may be given."""

    def __init__(self, fitted: bytes) -> None:
        pycrfsuite = _library()
        if not fitted.startswith(_MAGIC):
            raise ValueError("no CRFsuite model")
        self._fitted = fitted  # the tagger reads it where it is
        self._tagger: Any = pycrfsuite.Tagger()
        self._tagger.open_inmemory(fitted)
        self._labels = frozenset(self._tagger.labels())

    def tag(self, features: Features) -> list[Tagged]:
        """The names in one sequence, in order."""
        tagger = self._tagger
        tagger.set(_library().ItemSequence(features))
        tags: list[str] = tagger.tag()
        found = []
        for first, last, label in _runs(tags):
            sure = [tagger.marginal(tags[at], at) for at in range(first, last + 1)]
            inside = [1 - self._marginal(OUTSIDE, at) for at in range(first, last + 1)]
            if last + 1 < len(tags):
                sure.append(1 - self._marginal(f"I-{label}", last + 1))
            found.append(Tagged(first, last, label, min(sure), min(inside)))
        return found

    def _marginal(self, tag: str, at: int) -> float:
        return float(self._tagger.marginal(tag, at)) if tag in self._labels else 0.0


def _runs(tags: Sequence[str]) -> list[tuple[int, int, str]]:
    """The names in tags: first and last word, label; an I- without its beginning begins one."""
    found: list[tuple[int, int, str]] = []
    for at, tag in enumerate(tags):
        if tag == OUTSIDE:
            continue
        label = tag[2:]
        if tag[0] == "I" and found and found[-1][1] == at - 1 and found[-1][2] == label:
            found[-1] = (found[-1][0], at, label)
        else:
            found.append((at, at, label))
    return found
