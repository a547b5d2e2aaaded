"""Who is to annotate which article, and in which round of the work."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple, Self


class Why(StrEnum):
    """What an assignment is for; annotators are not told."""

    WORK = "work"
    GOLD = "gold"
    """A hidden question: the answer is known."""
    AGAIN = "again"
    """The same person's own second pass."""


class Slot(NamedTuple):
    """One annotator's place at one article. Its events are filed under who assigned it.

    The newest event of a key holds, whoever made it; a removed one was taken back.
    """

    article: str
    annotator: str
    """Whose it is; for a second pass the pass's name (`person.pass_name`)."""
    round: str = ""
    why: Why = Why.WORK

    @property
    def key(self) -> str:
        """One slot an article and annotator."""
        return f"slot:{self.annotator}"

    def body(self) -> dict[str, Any]:
        """The JSON body."""
        return {"round": self.round, "why": str(self.why)}

    @classmethod
    def of(cls, article: str, key: str, body: Mapping[str, Any]) -> Self:
        """The slot an event describes."""
        why = Why(body.get("why", Why.WORK))
        return cls(article, key.removeprefix("slot:"), str(body.get("round", "")), why)


POOL_KEY = "pool"


class Pool(NamedTuple):
    """An article that is open to so many people, whoever comes first; the newest event holds."""

    article: str
    people: int
    """How many are to annotate it, those included who have a slot already."""
    round: str = ""

    @property
    def key(self) -> str:
        """One pool an article."""
        return POOL_KEY

    def body(self) -> dict[str, Any]:
        """The JSON body."""
        return {"people": self.people, "round": self.round}

    @classmethod
    def of(cls, article: str, body: Mapping[str, Any]) -> Self:
        """The pool an event describes."""
        return cls(article, int(body["people"]), str(body.get("round", "")))


class Stage(StrEnum):
    """What a round is for."""

    PILOT = "pilot"
    PRODUCTION = "production"


class Round(NamedTuple):
    """A stretch of the work: pilots until agreement is good enough, then production.

    Its events have no article; the newest holds.
    """

    name: str
    stage: Stage = Stage.PRODUCTION
    guidelines: str = ""
    """The version of the guidelines it was begun with."""
    targets: Mapping[str, float] = {}
    """What its agreement is to reach, by the metric's name: the lower end of the interval counts."""
    closed: bool = False
    reason: str = ""
    """Why it was closed although it missed a target."""

    @property
    def key(self) -> str:
        """One record a round."""
        return f"round:{self.name}"

    def body(self) -> dict[str, Any]:
        """The JSON body."""
        return {
            "stage": str(self.stage),
            "guidelines": self.guidelines,
            "targets": dict(self.targets),
            "closed": self.closed,
            "reason": self.reason,
        }

    @classmethod
    def of(cls, key: str, body: Mapping[str, Any]) -> Self:
        """The round an event's key and body describe."""
        return cls(
            key.removeprefix("round:"),
            Stage(body["stage"]),
            str(body.get("guidelines", "")),
            {str(k): float(v) for k, v in body.get("targets", {}).items()},
            bool(body.get("closed")),
            str(body.get("reason", "")),
        )
