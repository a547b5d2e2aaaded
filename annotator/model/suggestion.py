"""A suggestion from a file: a label that somebody or something proposes, and nobody has given yet."""

import math
from collections.abc import Mapping
from typing import Any, NamedTuple, Self

from annotator.model.annotation import Body, Kind, quote
from annotator.model.errors import AnnotatorError
from annotator.model.spent import NOTHING

VERB = "suggest"
"""The verb of acts that bring suggestions in: nobody's decisions, so never taken back at a desk."""
PREFIX = f"{Kind.SUGGESTION}:"
"""How the keys of suggestions begin, and no others."""
SURE = 0.5
"""From this score on, and without a score, a suggestion is sure."""
LONGEST = 200
"""Characters of a source's name."""


class Suggestion(NamedTuple):
    """A stretch of an article that a source gives a label; one per source, layer and place.

    What is for one annotator alone is one per label and annotator besides.
    """

    layer: str
    label: str
    start: int
    end: int
    source: str
    """The tool, model or file it comes from; spans that are confirmed keep it as their origin."""
    score: float | None = None
    """How sure the source is, 1 at most as a rule; None when it does not say."""
    attrs: Mapping[str, Any] = NOTHING
    """What the span gets with the label: lemma, xid ..."""
    to: str = ""
    """The only annotator who is shown it, whose own decision it was on an earlier version of the text;
    "" is everybody."""
    sure: bool | None = None
    """Whether its source says that it may be confirmed in a lump; None leaves it to the score."""
    why: str = ""
    """In a few words what speaks for it: "memory", "seen in 7 of 9 articles"; "" says nothing."""
    version: str = ""
    """Which state of a source that learns it is from; "" of a file."""

    @property
    def is_sure(self) -> bool:
        """Whether it may be confirmed in a lump."""
        if self.sure is not None:
            return self.sure
        return self.score is None or self.score >= SURE

    @property
    def key(self) -> str:
        """`suggestion:`, the source with its colons escaped, layer and place.

        For one annotator also the label, of which there may be several at a place, and the name.
        """
        own = f":{self.label}:{self.to}" if self.to else ""
        return f"{of_source(self.source)}{self.layer}:{self.start}-{self.end}{own}"

    def body(self, text: str) -> dict[str, Any]:
        """The JSON body, with the surface as proof; raises AnnotatorError on bad offsets or score."""
        valid_source(self.source)
        said = {"layer": self.layer, "label": self.label, "source": self.source}
        body: dict[str, Any] = {**said, **quote(text, self.start, self.end)}
        if self.score is not None:
            if not math.isfinite(self.score):
                raise AnnotatorError(f"{self.score} is no score of a suggestion.")
            body["score"] = self.score
        if self.attrs:
            body["attrs"] = dict(self.attrs)
        if self.to:
            body["for"] = self.to
        return body

    @classmethod
    def of(cls, body: Body) -> Self:
        """The suggestion an event's body describes."""
        return cls(
            body["layer"],
            body["label"],
            body["start"],
            body["end"],
            body["source"],
            body.get("score"),
            body.get("attrs", NOTHING),
            body.get("for", ""),
        )


def of_source(source: str) -> str:
    """How the keys of a source's suggestions begin."""
    return f"{PREFIX}{source.replace('%', '%25').replace(':', '%3A')}:"


def valid_source(source: str) -> str:
    """A source's name, checked: it goes into keys and onto screens.

    Raises:
        AnnotatorError: empty, longer than `LONGEST` or with unprintable characters.
    """
    if not source.strip() or len(source) > LONGEST or not source.isprintable():
        raise AnnotatorError(
            f"{source[:60]!r} cannot be the source of suggestions: "
            f"use 1 to {LONGEST} printable characters."
        )
    return source
