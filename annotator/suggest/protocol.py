"""What learns from finished articles and suggests in others: one shape for all of them.

A suggester sees texts and labels, never the database or the screen. It learns each article a person
has finished, at once and cheaply; what is dear (a model fitted anew) waits for `refit`, which
whoever wires it runs in a process of its own. A suggester that was saved suggests the same when it
is loaded again.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, Protocol

from annotator.model.spent import NOTHING
from annotator.model.suggestion import Suggestion


class Labelled(NamedTuple):
    """A stretch of a text, in code points, half-open, and the label a person gave or refused it."""

    start: int
    end: int
    label: str
    attrs: Mapping[str, Any] = NOTHING
    """What was filled in besides: xid, lemma ..."""


class Finished(NamedTuple):
    """An article in which a person has finished a layer, perhaps with nothing found."""

    text: str
    layer: str
    spans: tuple[Labelled, ...] = ()
    lang: str = ""
    """Language code of two letters; "" where it is not known."""
    rejected: tuple[Labelled, ...] = ()
    """Suggestions a person has refused in it."""
    source: str = ""
    """Where it was published; "" where it is not known."""
    title: str = ""


class Guess(NamedTuple):
    """A stretch that is probably to be labelled."""

    start: int
    end: int
    label: str
    """"" where only this is likely, that something is here, not what."""
    score: float
    """The probability that stretch and label are right, 0 to 1, as far as the suggester can tell."""
    attrs: Mapping[str, Any] = NOTHING
    """What would be filled in with it: xid, lemma ..."""
    why: str = ""
    """What speaks for it, a word or two: "memory", "model", "seen in 7 of 9 articles" ..."""
    sure: bool = False
    """Whether it may be confirmed with others in a lump, unread: where about 19 of 20 are right."""

    def suggestion(self, layer: str, source: str, version: str) -> Suggestion:
        """As it is kept and shown; a candidate without a type has the label ""."""
        attrs = dict(self.attrs)
        return Suggestion(
            layer, self.label, self.start, self.end, source, self.score, attrs,
            sure=self.sure and bool(self.label), why=self.why, version=version,
        )  # fmt: skip


class Suggester(Protocol):
    """Learns one layer and suggests in it. Guesses never overlap one another."""

    @property
    def name(self) -> str:
        """The source of its suggestions, the same in every project."""
        ...

    @property
    def version(self) -> str:
        """Differs after whatever was learnt: together with the name the key of stored guesses."""
        ...

    @property
    def is_stale(self) -> bool:
        """Whether so much was learnt since the last `refit` that another one would pay."""
        ...

    def learn(self, article: Finished) -> None:
        """Learn an article; below 50 ms."""
        ...

    def refit(self, articles: Iterable[Finished]) -> None:
        """Learn all finished articles anew, in the order given; may take seconds."""
        ...

    def suggest(self, text: str, lang: str = "", source: str = "", title: str = "") -> list[Guess]:
        """What is likely in an article, in order, without overlaps; below 50 ms."""
        ...

    def save(self) -> bytes:
        """Everything learnt; nothing in it is ever executed."""
        ...

    def load(self, saved: bytes) -> None:
        """Replace what was learnt by what was saved.

        Raises:
            AnnotatorError: the bytes are not what `save` of this suggester wrote.
        """
        ...
