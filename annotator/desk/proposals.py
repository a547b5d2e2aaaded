"""What is suggested in the article on the desk: the same name elsewhere, what files and suggesters say.

What a file or a suggester that learns suggests (`suggested`) is for this article alone and joins what
the annotator's rules find (`occurrences`) in its layer. In an article held out for testing, or of the
sample without suggestions, nothing is suggested: what is measured on it must not be led.
"""

from collections.abc import Mapping
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from annotator.desk.occurrences import Occurrences
from annotator.desk.selection import Range
from annotator.desk.suggested import Proposal, goes_first, is_short
from annotator.model.annotation import Kind, Rule, State
from annotator.model.event import Act, Change, Draft
from annotator.model.scheme import SpanLayer

if TYPE_CHECKING:
    from annotator.desk.desk import Desk
    from annotator.desk.shelf import Shelf
    from annotator.model.suggestion import Suggestion


class Proposals:
    """What is suggested in a desk's article, layer by layer."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self.occurrences = Occurrences(desk)
        self.hidden: set[str] = set()
        """Layers in which this sitting hides what files and suggesters suggest."""
        self._silence: str | None = None
        """Why nothing, or nothing learnt, is suggested here; None before it was asked for."""
        self._found: dict[str, list[Suggestion]] | None = None
        """What is suggested in layers not looked at yet; None before it was asked for."""
        self._shelves: dict[str, Shelf] = {}

    # --- what is suggested -----------------------------------------------------------------------

    def between(self, start: int, end: int) -> list[Proposal]:
        """The current layer's suggestions that share text with a stretch, in order, none overlapping.

        What is labelled or was rejected is not suggested; in a finished or silent article nothing.
        """
        layer = self.layer
        if layer is None:
            return []
        shelf = self._shelf(layer)
        found = shelf.shown(start, end) if shelf else []
        if layer.name not in self.occurrences.layers or self.silence:
            return found
        own = self.occurrences.between(layer, start, end)
        if shelf is None:
            return own
        found = [p for p in found if not any(goes_first(o, p) for o in self._near(layer, p))]
        own = [o for o in own if all(goes_first(o, p) for p in shelf.open(*o.range))]
        return sorted([*found, *own], key=_START)

    def at(self, stretch: Range) -> Proposal | None:
        """The suggestion at a stretch: that very one, else the first that shares text with it."""
        found = self.between(stretch[0], max(stretch[1], stretch[0] + 1))
        return next((p for p in found if p.range == stretch), next(iter(found), None))

    @property
    def here(self) -> Proposal | None:
        """The suggestion held, else the one under the caret where nothing is labelled.

        What enter confirms; held, its edges may have been moved (`Caret.target` tells where they are).
        """
        desk = self._desk
        if not isinstance(desk.layer, SpanLayer) or desk.spans.current is not None:
            return None
        if desk.caret.selection is not None:
            return desk.ring.held
        return self.at(desk.caret.target)

    @property
    def layer(self) -> SpanLayer | None:
        """The layer worked in, None where nothing is suggested."""
        desk = self._desk
        if self._is_finished:
            return None
        return desk.layer if isinstance(desk.layer, SpanLayer) else None

    @property
    def _is_finished(self) -> bool:
        return self._desk.sheet.status.state in (State.DONE, State.SKIPPED)

    @property
    def silence(self) -> str:
        """Why nothing at all is suggested in the article, one sentence; "" where something may be."""
        told = self.limits
        if told:
            from annotator.model.assistance import PARTLY

            return "" if told in PARTLY else told
        return ""

    @property
    def limits(self) -> str:
        """Why nothing, or nothing that was learnt, is suggested in the article; "" for no reason."""
        if self._silence is None:
            self._silence = self._desk.log.why_silent(self._desk.sheet.article.id)
        return self._silence

    def opened(self) -> None:
        """Another article is on the desk."""
        self.occurrences.opened()
        self._shelves.clear()
        self._found = self._silence = None

    def arrived(self) -> None:
        """Suggestions of the article may have come or changed: they are read again.

        The caret stays, and so does a suggestion held unless it is gone; what is on screen is to be
        painted again (`Caret.touched`).
        """
        if self._found is None or self._is_finished:
            return  # they are read when they are first asked for
        self._desk.sight.gather()
        self._shelves.clear()
        self._found = None
        self._desk.ring.renew()
        self._desk.caret.touch(self._desk.window.shown())

    def suggestions(self) -> None:
        """Hide what files and suggesters suggest in this layer, or show it again."""
        desk, layer = self._desk, self._desk.layer
        if not isinstance(layer, SpanLayer):
            desk.say("In stance nothing is suggested.")
            return
        desk.sight.gather()
        self.hidden ^= {layer.name}
        hidden = layer.name in self.hidden
        desk.ring.renew()
        desk.caret.touch(desk.window.shown())
        told = "hidden until you ask for them again" if hidden else "shown"
        desk.say(f"Suggestions in {layer.title} are {told}.")

    def shelf(self, name: str) -> "Shelf | None":
        """What files and suggesters suggest in a layer that was looked at; None for nothing."""
        return self._shelves.get(name) or None

    def _shelf(self, layer: SpanLayer) -> "Shelf | None":
        """What files and suggesters suggest in a layer, None when they suggest nothing there."""
        if layer.name in self.hidden:
            return None
        sheet = self._desk.sheet
        if self._found is None:
            self._found = {}
            for each in self._desk.log.suggestions(sheet.article.id):
                self._found.setdefault(each.layer, []).append(each)
        if layer.name in self._found:
            from annotator.desk.shelf import Shelf  # only where there are any

            self._shelves[layer.name] = Shelf(sheet, layer, self._found.pop(layer.name))
        return self.shelf(layer.name)

    def _near(self, layer: SpanLayer, proposal: Proposal) -> list[Proposal]:
        """The occurrences that may go before what a file suggests."""
        if not is_short(proposal):
            return []
        return self.occurrences.between(layer, *proposal.range)

    # --- what decisions do to it ------------------------------------------------------------------

    def with_origins(self, drafts: tuple[Draft, ...]) -> tuple[Draft, ...]:
        """Drafts whose new spans keep where they come from: those just where one is suggested."""
        layer = self.layer
        if layer is None or not any(draft.kind is Kind.SPAN for draft in drafts):
            return drafts
        shelf = self._shelf(layer)
        if shelf is None:
            return drafts
        from annotator.desk import confirming

        return tuple(confirming.with_origin(self._desk.sheet, layer, shelf, d) for d in drafts)

    def body(self, key: str) -> Mapping[str, Any] | None:
        """The body of a rule, None when there is none of this key."""
        return self.occurrences.body(key)

    def apply(self, act: Act) -> tuple[Change, ...]:
        """Take note of an act's rules; what they replaced."""
        return self.occurrences.apply(act)

    def around(self, stretch: Range) -> Range:
        """What may look otherwise on screen when something is decided in a stretch."""
        layer = self.layer
        shelf = self.shelf(layer.name) if layer else None
        return shelf.around(stretch, self._desk.window.shown()) if shelf else stretch

    # --- the annotator's rules --------------------------------------------------------------------

    @property
    def rules(self) -> Mapping[str, Rule]:
        """This annotator's rules by key."""
        return self.occurrences.rules

    def rule_for(self, surface: str, label: str) -> tuple[Draft, ...]:
        """The draft of a rule, none when it stands already or the string is not for rules."""
        return self.occurrences.rule_for(surface, label)

    def elsewhere(self, surface: str, rule: tuple[object, ...]) -> str:
        """The end of a message: whether a name is suggested in other articles too."""
        return self.occurrences.elsewhere(surface, rule)


_START = attrgetter("start")
