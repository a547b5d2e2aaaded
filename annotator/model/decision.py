"""What an adjudicator, or a rule, decided about one item of one article: a row of the gold standard.

Its events are filed under who decided, with the item as their key; of several people's the newest
holds. Annotators' own work is never changed by one.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple, Self

from annotator.model.annotation import Evidence, Span, Stance, quote
from annotator.model.spent import NOTHING

VERB = "adjudicate"
"""The verb of acts that decide items."""
PREFIX = "item:"
"""How the keys of decisions begin, and no others."""


class Verdict(StrEnum):
    """Where an item stands once somebody looked at it."""

    DECIDED = "decided"
    DISCUSS = "discuss"
    """For the meeting."""
    SKIPPED = "skipped"


class Method(StrEnum):
    """How a decision came about."""

    UNANIMOUS = "unanimous"
    """All who finished the layer have it, and it was accepted without a look."""
    MAJORITY = "majority"
    MODEL = "dawid-skene"
    MANUAL = "manual"
    """A person took one or several of the annotators' variants, or nothing."""
    NEW = "new"
    """A person made something that none of the annotators has."""


class Reason(StrEnum):
    """Why annotators differed, as the adjudicator sees it."""

    GUIDELINE_GAP = "guideline_gap"
    AMBIGUOUS_TEXT = "ambiguous_text"
    SLIP = "slip"
    BOUNDARY_RULE = "boundary_rule"
    SUBJECTIVE = "subjective"
    OTHER = "other"


_RARE = ("posterior", "reason", "note", "guideline", "named", "own", "second")


class Decision(NamedTuple):
    """One item decided. What is gold of it are `spans`, or `stance`, or the `evidence` of a stance."""

    item: str
    """The item's key: `item:`, its layer (or `evidence`), a colon and 16 hexadecimal digits."""
    layer: str
    """A span layer's name, or the stance layer's (for evidence too)."""
    verdict: Verdict = Verdict.DECIDED
    method: Method = Method.MANUAL
    spans: tuple[Span, ...] = ()
    """Of an item of spans: what is gold; () is nothing. Ids are the adopted spans' or new ones."""
    stance: Stance | None = None
    """Of a stance item: what is gold, without evidence; None is no stance. Of an evidence item: whose
    evidence it is."""
    evidence: tuple[Evidence, ...] = ()
    """Of an evidence item: what is gold; () is none."""
    category: tuple[str, ...] = ()
    """How the annotators differed (`gold.adjudication.items.Category`); () where they did not."""
    members: tuple[str, ...] = ()
    """The keys of the annotators' spans it decides about, sorted: what it is found by again."""
    inputs: str = ""
    """Fingerprint of the variants that were on the table; another one makes the decision stale."""
    adopted: tuple[str, ...] = ()
    """The annotators whose variant was taken, sorted."""
    votes: Mapping[str, int] = NOTHING
    """For each variant, as `Item` writes it, how many annotators had it."""
    voters: int = 0
    """How many annotators finished the layer."""
    posterior: float | None = None
    """What Dawid and Skene's model gave the outcome; None without it."""
    reason: Reason | None = None
    note: str = ""
    guideline: bool = False
    """Whether it was marked as a problem of the guidelines."""
    named: bool = False
    """Whether the annotators' names were shown."""
    milliseconds: int = 0
    """How long it was on screen."""
    supersedes: tuple[str, ...] = ()
    """Ids of the events of the decisions it replaces under other keys."""
    own: bool = False
    """Whether who decided had annotated the article too."""
    second: bool = False
    """Whether it is a second opinion, given without seeing the first; see `opinions.held`."""
    settles: tuple[str, ...] = ()
    """The two adjudicators whose opinions differed when this one settled it, sorted."""

    @property
    def key(self) -> str:
        """The item's."""
        return self.item

    def body(self, text: str) -> dict[str, Any]:
        """The JSON body, with the surfaces as proof; raises AnnotatorError on bad offsets."""
        body: dict[str, Any] = {
            "layer": self.layer,
            "verdict": str(self.verdict),
            "method": str(self.method),
            "spans": [{"id": span.id, **span.body(text)} for span in self.spans],
            "members": list(self.members),
            "inputs": self.inputs,
            "votes": dict(self.votes),
            "voters": self.voters,
        }
        if self.stance is not None:
            body["stance"] = self.stance._replace(evidence=()).body(text)
        if self.evidence:
            body["evidence"] = [
                {"role": e.role, **quote(text, e.start, e.end)} for e in self.evidence
            ]
        for name in ("category", "adopted", "supersedes", "settles"):
            if getattr(self, name):
                body[name] = list(getattr(self, name))
        for name in (*_RARE, "milliseconds"):
            value = getattr(self, name)
            if value or (name == "posterior" and value is not None):
                body[name] = str(value) if name == "reason" else value
        return body

    @classmethod
    def of(cls, key: str, body: Mapping[str, Any]) -> Self:
        """The decision an event's key and body describe."""
        reason = body.get("reason")
        stance = body.get("stance")
        return cls(
            key,
            body["layer"],
            Verdict(body["verdict"]),
            Method(body["method"]),
            tuple(Span.of(span["id"], span) for span in body["spans"]),
            None if stance is None else Stance.of(stance),
            tuple(Evidence(e["start"], e["end"], e["role"]) for e in body.get("evidence", ())),
            tuple(body.get("category", ())),
            tuple(body["members"]),
            body["inputs"],
            tuple(body.get("adopted", ())),
            body["votes"],
            body["voters"],
            body.get("posterior"),
            None if reason is None else Reason(reason),
            body.get("note", ""),
            bool(body.get("guideline")),
            bool(body.get("named")),
            body.get("milliseconds", 0),
            tuple(body.get("supersedes", ())),
            bool(body.get("own")),
            bool(body.get("second")),
            tuple(body.get("settles", ())),
        )


class Decided(NamedTuple):
    """A decision as it stands, with where it comes from."""

    decision: Decision
    event: str
    """Id of its event, which tells when."""
    actor: str
    """Who decided."""
    disputed: tuple["Decided", ...] = ()
    """The first decision and a second opinion that differs, until somebody settles it. `decision` is
    then the first one with the verdict `DISCUSS`; event and actor are the newer one's."""
