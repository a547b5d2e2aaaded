"""A suggestion at the desk: a stretch that may deserve a label, whoever says so."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from annotator.desk.selection import Range
from annotator.desk.sheet import Sheet
from annotator.model.annotation import Rejection
from annotator.model.spent import NOTHING

ORIGIN = "occurrence"
"""The origin of spans that were confirmed as occurrences of a name."""
SHORT = 200
"""A suggestion of more code points is no name."""


class Proposal(NamedTuple):
    """A stretch that may deserve a label."""

    start: int
    end: int
    label: str
    sure: bool = True
    """False when its string has been labelled in more than one way, or its source is not sure."""
    source: str = ORIGIN
    """Where it comes from: a span that is confirmed keeps it as its origin."""
    score: float | None = None
    """How sure the source is, when it says so."""
    attrs: Mapping[str, Any] = NOTHING
    """What the span gets with the label."""
    why: str = ""
    """What speaks for it, in a few words."""
    version: str = ""
    """The state of a source that learns."""

    @property
    def range(self) -> Range:
        """Where it is."""
        return self.start, self.end

    @property
    def rank(self) -> tuple[bool, bool, int, bool, float]:
        """The greater comes first where two overlap.

        Sure, with a label, long, the annotator's own, of high score.
        """
        own, score = self.source == ORIGIN, 1.0 if self.score is None else self.score
        return self.sure, bool(self.label), self.end - self.start, own, score

    @property
    def doubt(self) -> tuple[bool, float, int]:
        """The order in which the least sure come first: those without a label, then by score."""
        score = self.score
        if score is None:
            score = float("inf") if self.sure else -1.0
        return bool(self.label), score, self.start

    @property
    def is_learnt(self) -> bool:
        """Whether a file or a suggester says so, not a rule of the annotator's."""
        return self.source != ORIGIN

    @property
    def told(self) -> str:
        """Label, source and score, for people; without a label "?"."""
        name = f"{self.label}{'' if self.sure else '?'}"
        if not self.is_learnt:
            return name
        from annotator.text.visible import plain_line

        score = "" if self.score is None else f" {self.score:.2f}"
        return f"{name}, {plain_line(self.source, 40)}{score}"

    @property
    def reason(self) -> str:
        """What speaks for it as a sentence, "" where nothing is known."""
        if not self.why:
            return ""
        from annotator.text.visible import plain_line

        why = plain_line(self.why, 80).rstrip(".")
        return f"{why[:1].upper()}{why[1:]}."


def is_short(proposal: Proposal) -> bool:
    """Whether a suggestion is short enough for a name to go before it."""
    return proposal.end - proposal.start <= SHORT


def goes_first(occurrence: Proposal, proposal: Proposal) -> bool:
    """Whether an occurrence of a name goes before what a file suggests, where they overlap."""
    return is_short(proposal) and occurrence.rank > proposal.rank


def is_rejected(sheet: Sheet, layer: str, proposal: Proposal) -> bool:
    """Whether a suggestion was turned down at this very place."""
    if not sheet.rejections:
        return False
    rejection = Rejection(layer, proposal.label, *proposal.range)
    return rejection.key(sheet.actor, sheet.article.id) in sheet.rejections
