"""What somebody else's suggester says, checked before anything here relies on it."""

from bisect import bisect_right, insort
from collections.abc import Iterable, Mapping
from contextlib import suppress
from itertools import islice
from numbers import Real
from operator import index
from typing import Any

from annotator.model.scheme import SpanLayer, Unit
from annotator.model.spent import NOTHING
from annotator.suggest.protocol import Guess
from annotator.text.clusters import grapheme_at
from annotator.text.trim import trim
from annotator.text.visible import plain_line

MOST = 10_000
"""Guesses for one article; what comes after them is dropped."""
LONGEST = 200
"""Code points of an attribute's value."""
WORDS = 60
"""Cells of what speaks for a guess."""


class RefusedError(ValueError):
    """Why a guess is dropped, as the end of "it gave ..."."""


class Rules:
    """What guesses in a layer have to be like."""

    def __init__(
        self,
        layer: SpanLayer,
        labels: Mapping[str, str | None] = NOTHING,
        sure: float | None = None,
    ) -> None:
        """`labels` are the layer's for the suggester's ("" none yet, None leaves out); `sure` a score."""
        self.layer = layer
        self.sure = sure
        self._known = {label.name for label in layer.active}
        self._folded = {label.name.casefold(): label.name for label in layer.active}
        self._given = labels

    def checked(self, text: str, said: Iterable[Any]) -> tuple[list[Guess], list[str]]:
        """The guesses that are fit, in order and without overlaps, and what was wrong with others.

        Of guesses that overlap the one with the highest score stays. Edges shed white space and, in
        layers of names, punctuation, as they do for a person.

        Args:
            text: the article's.
            said: what has the attributes of a `Guess`; attrs, why and sure may be missing.

        Returns:
            Guesses, and phrases to put after "it gave", each once.
        """
        listed = list(islice(said, MOST + 1))
        wrong = {f"more than {MOST:,} guesses for one article": None} if len(listed) > MOST else {}
        fit: list[Guess] = []
        for one in listed[:MOST]:
            try:
                guess = self._guess(text, one)
            except RefusedError as refused:
                wrong[str(refused)] = None
            else:
                fit += [guess] if guess else []
        kept = _apart(fit)
        if len(kept) < len({(one.start, one.end, one.label) for one in fit}):
            wrong["guesses that overlap"] = None
        return kept, list(wrong)

    def _guess(self, text: str, one: Any) -> Guess | None:
        """A guess made fit; None for one that is to be left out in silence; raises RefusedError."""
        label = self._label(getattr(one, "label", None))
        if label is None:
            return None
        start, end = self._place(text, one)
        score = _score(getattr(one, "score", None))
        return Guess(
            start,
            end,
            label,
            score,
            self._attrs(getattr(one, "attrs", NOTHING)),
            _words(getattr(one, "why", "")),
            bool(label) and self.sure is not None and score >= self.sure,
        )

    def _label(self, said: object) -> str | None:
        """The layer's label for what was said, None to leave it out; raises RefusedError."""
        if not isinstance(said, str):
            raise RefusedError("a label that is no text")
        ours = self._given.get(said, said)  # which gives None where it is left out
        if not ours or ours in self._known:
            return ours
        if found := self._folded.get(ours.casefold()):
            return found
        raise RefusedError(
            f"the label {plain_line(ours, 40)!r}, which the layer {self.layer.name} does not have "
            "(say what it is under labels, false to leave it out)"
        )

    def _place(self, text: str, one: Any) -> tuple[int, int]:
        """Where a guess is, whole grapheme clusters; raises RefusedError."""
        start, end = _offset(getattr(one, "start", None)), _offset(getattr(one, "end", None))
        if not 0 <= start < end <= len(text):
            raise RefusedError("places outside the article")
        if not text[start:end].strip():
            raise RefusedError("places with nothing but white space")
        if self.layer.unit is not Unit.BLOCK:
            return trim(text, grapheme_at(text, start)[0], grapheme_at(text, end - 1)[1])
        while text[start].isspace():
            start += 1
        while text[end - 1].isspace():
            end -= 1
        return grapheme_at(text, start)[0], grapheme_at(text, end - 1)[1]

    def _attrs(self, said: object) -> Mapping[str, Any]:
        """Of what would be filled in, that which the layer has and a line can show."""
        if not isinstance(said, Mapping):
            return NOTHING
        found = {name: said.get(name) for name in self.layer.attributes}
        return {
            name: value
            for name, value in found.items()
            if isinstance(value, str) and 0 < len(value) <= LONGEST and value.isprintable()
        } or NOTHING


def _offset(said: object) -> int:
    """A whole number, also one of another library's kind; raises RefusedError."""
    try:
        if isinstance(said, bool):
            raise TypeError
        return index(said)  # type: ignore[arg-type]  # it may be anything: that is what is tried
    except TypeError:
        raise RefusedError("a place that is no whole number") from None


def _score(said: object) -> float:
    """A probability, also one of another library's kind; raises RefusedError."""
    score = -1.0
    if not isinstance(said, bool) and isinstance(said, Real):
        with suppress(OverflowError):  # a whole number of hundreds of digits
            score = float(said)
    if not 0 <= score <= 1:
        raise RefusedError("a score that is not between 0 and 1")
    return score


def _words(said: object) -> str:
    """What speaks for a guess, in one line that may be shown."""
    return plain_line(said, WORDS) if isinstance(said, str) else ""


def _apart(guesses: list[Guess]) -> list[Guess]:
    """Guesses without overlaps, in order: the highest scores stay, then the longest, then the first."""
    kept: list[Guess] = []
    for one in sorted(guesses, key=lambda each: (-each.score, each.start - each.end, each.start)):
        place = bisect_right(kept, one.start, key=lambda each: each.start)
        free = place == 0 or kept[place - 1].end <= one.start
        if free and (place == len(kept) or one.end <= kept[place].start):
            insort(kept, one, key=lambda each: each.start)
    return kept
