"""What an annotator decides about an article, as frozen values that know their own JSON body.

Offsets are code points into the article's text, half-open. Every value has a `key`, the name of the
thing across its versions, and a `body()`, the JSON object an event stores for one version of it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple, Self

from annotator.model.article import text_sha256
from annotator.model.errors import AnnotatorError
from annotator.model.spent import NOTHING, Spent

QUOTE_LIMIT = 240
"""Surfaces up to this many code points are stored whole; longer ones by their SHA-256."""

Body = Mapping[str, Any]


class Kind(StrEnum):
    """What an event is about."""

    SPAN = "span"
    STANCE = "stance"
    LOOKED = "looked"
    STATUS = "status"
    NOTE = "note"
    REJECTION = "rejection"
    SUGGESTION = "suggestion"
    RULE = "rule"
    SPLIT = "split"
    PERSON = "person"
    SLOT = "slot"
    POOL = "pool"
    ROUND = "round"
    GUIDELINES = "guidelines"
    DECISION = "decision"
    RELEASE = "release"
    WITHDRAWAL = "withdrawal"
    SUCCESSOR = "successor"
    FEEDBACK = "feedback"
    ASSISTANCE = "assistance"
    SHOWN = "shown"
    TIME = "time"
    SCHEME = "scheme"
    SESSION = "session"


class State(StrEnum):
    """Where an annotator stands with an article; `NEW` and `STARTED` are never stored."""

    NEW = "new"
    STARTED = "started"
    OPEN = "open"
    DONE = "done"
    SKIPPED = "skipped"


def quote(text: str, start: int, end: int) -> dict[str, Any]:
    """The part of a body that says which text it is about: offsets and the surface or its hash.

    Raises:
        AnnotatorError: the offsets do not lie in the text.
    """
    if not 0 <= start < end <= len(text):
        raise AnnotatorError(
            f"Offsets {start}-{end} do not lie in a text of {len(text)} characters."
        )
    surface = text[start:end]
    if len(surface) <= QUOTE_LIMIT:
        return {"start": start, "end": end, "text": surface}
    return {"start": start, "end": end, "sha256": text_sha256(surface)}


def quote_holds(body: Body, text: str) -> bool:
    """Whether a body's offsets still cut the surface it recorded out of `text`."""
    start, end = body.get("start"), body.get("end")
    if not (isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= len(text)):
        return False
    surface = text[start:end]
    if "text" in body:
        return bool(body["text"] == surface)
    return bool(body.get("sha256") == text_sha256(surface))


class Span(NamedTuple):
    """A labelled stretch `start`-`end` of the article in one layer."""

    id: str
    layer: str
    label: str
    start: int
    end: int
    attrs: Mapping[str, Any] = NOTHING
    """Optional: lemma, xid (cross-lingual id), norp, metonymy, uncertain."""
    origin: str = "hand"
    """Who proposed it: "hand", or the suggestion source or import that was confirmed."""

    @property
    def key(self) -> str:
        """`span:` and the id."""
        return f"span:{self.id}"

    def body(self, text: str) -> dict[str, Any]:
        """The JSON body, with the surface as proof; raises AnnotatorError on bad offsets."""
        body = {"layer": self.layer, "label": self.label, **quote(text, self.start, self.end)}
        if self.attrs:
            body["attrs"] = dict(self.attrs)
        if self.origin != "hand":
            body["origin"] = self.origin
        return body

    @classmethod
    def of(cls, key: str, body: Body) -> Self:
        """The span an event's key and body describe."""
        return cls(
            id=key.removeprefix("span:"),
            layer=body["layer"],
            label=body["label"],
            start=body["start"],
            end=body["end"],
            attrs=body.get("attrs", {}),
            origin=body.get("origin", "hand"),
        )


class Evidence(NamedTuple):
    """A stretch of the article that shows a stance."""

    start: int
    end: int
    role: str = "evidence"
    """evidence, cue, quote or target."""


class Party(NamedTuple):
    """A target or a holder of a stance."""

    kind: str
    """Targets: entity or proposition. Holders: author, quoted, actor, outlet or unknown."""
    name: str = ""
    """An entity's identity or surface, a proposition's wording; "" for the author."""

    @property
    def ref(self) -> str:
        """A string that is equal for equal parties (names compare case-folded)."""
        return f"{self.kind}:{self.name.casefold()}"


AUTHOR = Party("author")


class Stance(NamedTuple):
    """The position a holder takes toward a target in one article; one per target and holder."""

    target: Party
    label: str
    holder: Party = AUTHOR
    basis: str = "explicit"
    """explicit, quoted or implied."""
    confidence: int = 2
    """1 = doubtful, 2 = fair, 3 = sure."""
    evidence: tuple[Evidence, ...] = ()
    note: str = ""

    def key(self, actor: str, article: str) -> str:
        """Unique for annotator, article, target and holder, whatever characters they hold."""
        import hashlib  # only when a stance is given

        digest = hashlib.sha256(f"{self.target.ref}\0{self.holder.ref}".encode()).hexdigest()[:16]
        return f"stance:{digest}:{actor}:{article}"

    def body(self, text: str) -> dict[str, Any]:
        """The JSON body; raises AnnotatorError on bad evidence offsets."""
        return {
            "target": {"kind": self.target.kind, "name": self.target.name},
            "holder": {"kind": self.holder.kind, "name": self.holder.name},
            "label": self.label,
            "basis": self.basis,
            "confidence": self.confidence,
            "evidence": [{"role": e.role, **quote(text, e.start, e.end)} for e in self.evidence],
            "note": self.note,
        }

    @classmethod
    def of(cls, body: Body) -> Self:
        """The stance an event's body describes."""
        return cls(
            target=Party(**body["target"]),
            label=body["label"],
            holder=Party(**body["holder"]),
            basis=body["basis"],
            confidence=body["confidence"],
            evidence=tuple(Evidence(e["start"], e["end"], e["role"]) for e in body["evidence"]),
            note=body["note"],
        )


class Note(NamedTuple):
    """A remark or a flag, on a stretch of the article or (without offsets) on all of it."""

    id: str
    note: str = ""
    flag: bool = False
    start: int | None = None
    end: int | None = None

    @property
    def key(self) -> str:
        """`note:` and the id."""
        return f"note:{self.id}"

    def body(self, text: str) -> dict[str, Any]:
        """The JSON body; raises AnnotatorError on bad offsets."""
        place = {} if self.start is None or self.end is None else quote(text, self.start, self.end)
        return {"note": self.note, "flag": self.flag, **place}

    @classmethod
    def of(cls, key: str, body: Body) -> Self:
        """The note an event's key and body describe."""
        return cls(
            key.removeprefix("note:"),
            body["note"],
            body["flag"],
            body.get("start"),
            body.get("end"),
        )


class Status(NamedTuple):
    """Where an annotator stands with an article, said by the annotator."""

    state: State
    reason: str = ""
    seconds: int = 0
    """Active time spent on the article so far, in seconds."""

    @staticmethod
    def key(actor: str, article: str) -> str:
        """One status per annotator and article."""
        return f"status:{actor}:{article}"

    def body(self) -> dict[str, Any]:
        """The JSON body."""
        return {"state": str(self.state), "reason": self.reason, "seconds": self.seconds}

    @classmethod
    def of(cls, body: Body) -> Self:
        """The status an event's body describes."""
        return cls(State(body["state"]), body["reason"], body["seconds"])


def looked_key(actor: str, article: str, layer: str) -> str:
    """The key of "this annotator has looked at this layer of this article"."""
    return f"looked:{layer}:{actor}:{article}"


class Rejection(NamedTuple):
    """A suggestion that was turned down: at this place, in this layer, it is not made again."""

    layer: str
    label: str
    """The label that was suggested."""
    start: int
    end: int

    def key(self, actor: str, article: str) -> str:
        """One rejection per annotator, article, layer and place, whatever label it was."""
        return f"rejection:{self.layer}:{self.start}-{self.end}:{actor}:{article}"

    def body(self, text: str) -> dict[str, Any]:
        """The JSON body, with the surface as proof; raises AnnotatorError on bad offsets."""
        return {"layer": self.layer, "label": self.label, **quote(text, self.start, self.end)}

    @classmethod
    def of(cls, body: Body) -> Self:
        """The rejection an event's body describes."""
        return cls(body["layer"], body["label"], body["start"], body["end"])


class Rule(NamedTuple):
    """A wish for the whole project: this string is to be suggested with this label.

    It speaks of every form of the string, in one layer, in articles that are not finished. Its
    events have no article: the empty string stands there.
    """

    layer: str
    label: str
    surface: str
    """The string as it stood where the rule was made."""

    def key(self, actor: str) -> str:
        """One rule per annotator, layer and string with all its forms."""
        import hashlib  # only who makes rules needs these

        from annotator.text.forms import form_key

        line = f"{self.layer}\0{form_key(self.surface)}"
        digest = hashlib.sha256(line.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        return f"rule:{digest}:{actor}"

    def body(self) -> dict[str, Any]:
        """The JSON body."""
        return {"layer": self.layer, "label": self.label, "text": self.surface}

    @classmethod
    def of(cls, body: Body) -> Self:
        """The rule an event's body describes."""
        return cls(body["layer"], body["label"], body["text"])


NEW_STATUS = Status(State.NEW)
"""Of an article nobody has started."""


@dataclass(frozen=True, slots=True)
class Work:
    """One annotator's current decisions on one article."""

    article: str
    actor: str
    spans: tuple[Span, ...] = ()
    """Sorted by start, then longest first, then layer, label and id."""
    stances: tuple[Stance, ...] = ()
    """Sorted by target and holder."""
    looked: frozenset[str] = frozenset()
    """Layers the annotator has declared looked at."""
    notes: tuple[Note, ...] = ()
    status: Status = NEW_STATUS
    versions: Mapping[str, str] = field(default_factory=dict)
    """For each key that ever was (removed ones too) the id of its newest event."""
    rejections: tuple[Rejection, ...] = ()
    """Suggestions turned down, sorted by place and layer."""
    spent: Spent = field(default_factory=Spent)
    """Active seconds and keys, by layer; no decision."""


def sort_spans(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Spans in the order every view and export uses: start, longest first, layer, label, id."""
    return tuple(sorted(spans, key=lambda s: (s.start, -s.end, s.layer, s.label, s.id)))


def valid_name(actor: str) -> str:
    """An annotator's name, checked: it goes into keys, files and screens.

    Raises:
        AnnotatorError: empty, longer than 64 characters, or with ':' or unprintable characters.
    """
    if (
        not actor
        or len(actor) > 64
        or ":" in actor
        or not actor.isprintable()
        or actor.strip() != actor
    ):
        raise AnnotatorError(
            f"{actor[:64]!r} cannot be an annotator's name: use 1 to 64 printable characters without ':'."
        )
    return actor
