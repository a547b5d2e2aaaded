"""What of an annotator's work on one article agreement looks at: labels and places, nothing else.

Notes, time, attributes, confidence and where a label came from are not in it, so they cannot change a
number.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from annotator.model.annotation import Kind, State, Work
from annotator.model.errors import reading_of

Stretch = tuple[int, int, str]
"""Start, end (half-open code points) and label."""
Place = tuple[int, int]

EVENTS = (Kind.SPAN, Kind.STANCE, Kind.LOOKED, Kind.STATUS)
"""The kinds of events that marks are made of."""
NAMED = "target"
"""The role of evidence that only says where the target is named: it shows no stance."""


class Said(NamedTuple):
    """What an annotator said about one target and holder."""

    label: str
    evidence: tuple[Place, ...]
    """Sorted, each once."""


class Marks(NamedTuple):
    """One annotator's labels on one article."""

    actor: str
    spans: Mapping[str, list[Stretch]]
    """By layer, sorted."""
    stances: Mapping[tuple[str, str], Said]
    """By target and holder, as `Party.ref` writes them."""
    looked: frozenset[str]
    state: str
    """As `State` spells it; "" where the annotator said nothing of it."""
    at: str = ""
    """Id of the newest event it rests on, which tells when; "" when that is not known."""

    @property
    def begun(self) -> bool:
        """Whether there is anything: not where all was taken back."""
        return bool(self.spans or self.stances or self.looked or self.state)

    def finished(self, layer: str) -> bool:
        """Whether the annotator is through with a layer, found anything or not."""
        if self.state == State.SKIPPED:
            return False
        return self.state == State.DONE or layer in self.looked


def marks_of(work: Work, at: str = "") -> Marks:
    """The marks of a work."""
    spans: dict[str, list[Stretch]] = {}
    for span in work.spans:
        spans.setdefault(span.layer, []).append((span.start, span.end, span.label))
    stances = {
        (stance.target.ref, stance.holder.ref): Said(
            stance.label, _places((e.start, e.end, e.role) for e in stance.evidence)
        )
        for stance in work.stances
    }
    for layer in spans.values():
        layer.sort()
    return Marks(work.actor, spans, stances, work.looked, _said(work.status.state), at)


def marks_of_heads(actor: str, heads: Iterable[tuple[str, str, str, Any]]) -> Marks:
    """The same from the heads of one annotator and article, much faster than by way of a work.

    Args:
        actor: the annotator.
        heads: key, event's id, kind and body of each, of the kinds `EVENTS`; a body is None where
            the thing was removed.

    Raises:
        AnnotatorError: a body makes no sense, as one written by another program may.
    """
    with reading_of(actor):
        return _of_heads(actor, heads)


def _of_heads(actor: str, heads: Iterable[tuple[str, str, str, Any]]) -> Marks:
    spans: dict[str, list[Stretch]] = {}
    stances: dict[tuple[str, str], Said] = {}
    looked, state, newest = set(), "", ""
    for key, event, kind, body in heads:
        newest = max(newest, event)
        if body is None:
            continue
        if kind == "span":
            stretch = (body["start"], body["end"], body["label"])
            spans.setdefault(body["layer"], []).append(stretch)
        elif kind == "stance":
            places = _places((e["start"], e["end"], e["role"]) for e in body["evidence"])
            stances[_ref(body["target"]), _ref(body["holder"])] = Said(body["label"], places)
        elif kind == "looked":
            looked.add(key.split(":", 2)[1])
        elif kind == "status":
            state = body["state"]
    for layer in spans.values():
        layer.sort()
    return Marks(actor, spans, stances, frozenset(looked), state, newest)


def _said(state: State) -> str:
    """A state that somebody said; "" for those that are never stored."""
    return "" if state in (State.NEW, State.STARTED) else str(state)


def _ref(party: Mapping[str, str]) -> str:
    """As `Party.ref`."""
    return f"{party['kind']}:{party['name'].casefold()}"


def _places(evidence: Iterable[tuple[int, int, str]]) -> tuple[Place, ...]:
    return tuple(sorted({(start, end) for start, end, role in evidence if role != NAMED}))
