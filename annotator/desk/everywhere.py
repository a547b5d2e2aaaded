"""A line that stands again in other articles of the source gets its label in all of them, as one act."""

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from annotator.desk.selection import Range, unit_after
from annotator.desk.suggested import Proposal
from annotator.model.annotation import Kind, Span, State
from annotator.model.event import Act, Draft, new_id
from annotator.model.scheme import SpanLayer, Unit

if TYPE_CHECKING:
    from annotator.desk.desk import Desk
    from annotator.store.recurring import Found, Recurring

ORIGIN = "recurring"
"""The origin of spans that were labelled because the line was, in another article of the source."""
VERB = "everywhere"


class Wish(NamedTuple):
    """What would be done if the annotator asked again."""

    place: tuple[str, int, str, Range]
    """Article, revision, layer and stretch that it was asked for at."""
    label: str
    proposal: Proposal | None
    """The suggestion here, which is confirmed with the rest."""
    found: "Recurring"
    lines: int
    """How many lines were looked for that do not look alike."""


class Everywhere:
    """The same line in all of a source's unfinished articles."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._wish: Wish | None = None

    def forget(self) -> None:
        """Something else was asked for."""
        self._wish = None

    def everywhere(self) -> None:
        """Say where the line stands elsewhere; asked again, label it there as it is here."""
        before, self._wish = self._wish, None
        wish = self._look()
        if wish is None:
            return
        if wish == before:
            self._do(wish)
            return
        self._wish = wish
        number = len(wish.found.found)
        have = "1 other article has" if number == 1 else f"{number:,} other articles have"
        near = "" if wish.found.all else ", of those nearest"
        line = "this line" if wish.lines == 1 else "these lines"
        self._desk.say(f"{have} {line}{near}: again labels all of them {wish.label}, esc lets go.")

    def _look(self) -> Wish | None:
        """What would be done now; None, after a word why, where there is nothing to do."""
        desk, layer = self._desk, self._desk.layer
        if not isinstance(layer, SpanLayer) or layer.unit is not Unit.BLOCK:
            desk.say("Everywhere is for layers of lines, such as boilerplate.")
            return None
        proposal = desk.proposals.here
        label = proposal.label if proposal else self._label
        known = layer.label(label)
        if known is None or known.retired:
            desk.say("Everywhere needs a line that has a label, or one suggested.")
            return None
        if desk.proposals.silence:
            desk.say(desk.proposals.silence)
            return None
        if proposal and desk.caret.selection is not None and desk.caret.target != proposal.range:
            desk.say("The edges were moved: enter confirms them first.")
            return None
        return self._wish_for(layer, label, proposal)

    def _wish_for(self, layer: SpanLayer, label: str, proposal: Proposal | None) -> Wish | None:
        from annotator.text.alike import look

        desk, text = self._desk, self._desk.caret.text
        stretch = proposal.range if proposal else desk.caret.target
        looks = {look(text[slice(*line)]) for line in _lines(text, stretch)}
        found = desk.log.recurring(desk.sheet.article.id, layer.name, looks)
        found = found._replace(found=_still_free(found.found, layer.name, desk.waiting()))
        if not found.found:
            line = "this line" if len(looks) == 1 else "these lines"
            desk.say(f"No other unfinished article of this source has {line} unlabelled.")
            return None
        return Wish(self._place, label, proposal, found, len(looks))

    def _do(self, wish: Wish) -> None:
        from annotator.desk import confirming

        desk, layer = self._desk, self._desk.layer
        assert isinstance(layer, SpanLayer)
        here = confirming.drafts(desk.sheet, layer, [wish.proposal]) if wish.proposal else ()
        there = [draft for found in wish.found.found for draft in _drafts(layer, wish.label, found)]
        desk.act(VERB, (*here, *there))
        number = len(wish.found.found)
        many = "1 other article" if number == 1 else f"{number:,} other articles"
        desk.say(f"{wish.label} in {many} too; undo takes all of it back.")
        if wish.proposal is not None:
            told = desk.message
            desk.ring.go_on(wish.proposal.end, wish.proposal)
            desk.say(told)

    @property
    def _label(self) -> str:
        """The label of the line here."""
        current = self._desk.spans.current
        return current.label if current else ""

    @property
    def _place(self) -> tuple[str, int, str, Range]:
        desk = self._desk
        return desk.sheet.article.id, desk.sheet.revision, desk.layer.name, desk.caret.target


def _lines(text: str, stretch: Range) -> list[Range]:
    """The lines of a stretch, whole."""
    found, place = [], unit_after(text, Unit.BLOCK, text.rfind("\n", 0, stretch[0]) + 1)
    while place is not None and place[0] < stretch[1]:
        found.append(place)
        place = unit_after(text, Unit.BLOCK, place[1])
    return found


def _still_free(
    found: Iterable["Found"], layer: str, waiting: Sequence[Act]
) -> "tuple[Found, ...]":
    """What was found, without what acts on their way to the log have labelled, rejected or finished."""
    taken: dict[str, list[Range]] = {}
    for draft in (draft for act in waiting for draft in act.drafts):
        body = draft.body or {}
        if draft.kind is Kind.STATUS and body.get("state") in (State.DONE, State.SKIPPED):
            taken.setdefault(draft.article, []).append((0, sys.maxsize))
        elif draft.kind in (Kind.SPAN, Kind.REJECTION) and body.get("layer") == layer:
            taken.setdefault(draft.article, []).append((body["start"], body["end"]))
    kept = []
    for each in found:
        over = taken.get(each.article, ())
        free = [p for p in each.places if not any(a < p[1] and b > p[0] for a, b in over)]
        kept.append(each._replace(places=tuple(free)))
    return tuple(each for each in kept if each.places)


def _drafts(layer: SpanLayer, label: str, found: "Found") -> list[Draft]:
    """What labels the lines of an article, neighbours as one span."""
    runs: list[Range] = []
    for start, end in found.places:
        if runs and not found.text[runs[-1][1] : start].strip():
            runs[-1] = (runs[-1][0], end)
        else:
            runs.append((start, end))
    spans = [Span(new_id(), layer.name, label, *run, origin=ORIGIN) for run in runs]
    return [Draft(Kind.SPAN, span.key, found.article, span.body(found.text)) for span in spans]
