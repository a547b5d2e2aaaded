"""What of the suggestions was on screen, recorded when the article is left or finished.

A suggestion was shown when its layer was the one worked in with the suggestion's lines in the window
and nothing lay over it. What became of it is not recorded: the work itself says so. While one works
only the window is noted; the rest is found out at the end, or before other suggestions take the place
of those that are there.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from annotator.desk.index import SpanIndex
from annotator.desk.log import is_saved
from annotator.desk.selection import Range
from annotator.model.annotation import Kind, Rejection, Span
from annotator.model.errors import AnnotatorError
from annotator.model.event import Act, Draft

if TYPE_CHECKING:
    from annotator.desk.desk import Desk
    from annotator.desk.suggested import Proposal
    from annotator.model.shown import Seen, Shown

Source = tuple[str, str]
"""A layer and a source of suggestions."""


class Sight:
    """What an annotator has seen suggested in the article on the desk."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._windows: dict[str, dict[Range, None]] = {}
        """For each layer the stretches that were in the window, each once."""
        self._spans: dict[str, Span] = {}
        self._rejections: dict[str, Rejection] = {}
        """Decisions there were when suggestions came on screen."""
        self._seen: dict[Source, dict[tuple[int, int, str], Seen]] = {}
        self._versions: dict[Source, str] = {}
        self._sent: list[tuple[Future[Any], str, Shown]] = []
        """What was recorded and may not be in the log yet, with its article, oldest first."""

    def opened(self) -> None:
        """Another article is on the desk."""
        self._seen, self._versions = {}, {}
        self._begin()

    def note(self) -> None:
        """What is in the window now is seen."""
        layer = self._desk.proposals.layer
        if layer is None:
            return
        places = self._windows.setdefault(layer.name, {})
        for low, high in self._desk.window.readable():
            last = next(reversed(places), None)
            if last is not None and low <= last[1] and high >= last[0]:
                del places[last]
                low, high = min(low, last[0]), max(high, last[1])
            places[low, high] = None

    def saw(self, start: int, end: int) -> None:
        """A stretch was read out."""
        layer = self._desk.proposals.layer
        if layer is not None:
            self._windows.setdefault(layer.name, {})[start, end] = None

    def gather(self, whole: bool = False) -> None:
        """Take in what was shown since the last time; `whole`: of layers looked at all of it."""
        before: dict[str, SpanIndex] = {}
        for span in self._spans.values():
            before.setdefault(span.layer, SpanIndex()).add(span)
        for layer, places in self._windows.items():
            shelf = self._desk.proposals.shelf(layer)
            if shelf is None or layer in self._desk.proposals.hidden:
                continue
            open_before = self._was_open(layer, before.get(layer))
            for place in [(0, len(self._desk.caret.text))] if whole else places:
                found = shelf.would_show(*place, open_before), shelf.shown(*place)
                for each in (*found[0], *self._decided(layer, shelf.all(*place)), *found[1]):
                    self._take(layer, each)
        self._begin()

    def record(self, finished: bool = False) -> None:
        """Have what was shown recorded, where it is more than what is; nobody's decision."""
        self.gather(whole=finished)
        if not self._seen:
            return
        from annotator.model.shown import VERB, Shown, joined

        desk, article = self._desk, self._desk.sheet.article.id
        with suppress(AnnotatorError):  # what cannot be saved here stops no one from working
            self._sent = [sent for sent in self._sent if not is_saved(sent[0])]
            known = {shown.key: shown for shown in desk.log.shown(article)}
            known |= {shown.key: shown for _, place, shown in self._sent if place == article}
            new = []
            for (layer, source), seen in self._seen.items():
                key = Shown(layer, source, "", ()).key
                earlier, version = known.get(key), self._versions[layer, source]
                shown = joined(earlier, layer, source, version, seen.values())
                if shown != earlier:
                    new.append(shown)
            if new:
                drafts = tuple(Draft(Kind.SHOWN, s.key, article, s.body()) for s in new)
                saving = desk.log.submit(Act(VERB, drafts))
                self._sent += [(saving, article, shown) for shown in new]

    def _begin(self) -> None:
        """From now on it is noted anew, over the decisions there are now."""
        sheet = self._desk.sheet
        self._windows.clear()
        self._spans, self._rejections = dict(sheet.spans), dict(sheet.rejections)

    def _was_open(self, layer: str, index: SpanIndex | None) -> Callable[["Proposal"], bool]:
        """Whether nothing lay over a suggestion then, nor was it turned down."""
        sheet = self._desk.sheet

        def is_open(proposal: "Proposal") -> bool:
            if index is not None and index.over(*proposal.range):
                return False
            rejection = Rejection(layer, proposal.label, *proposal.range)
            return rejection.key(sheet.actor, sheet.article.id) not in self._rejections

        return is_open

    def _decided(self, layer: str, found: "list[Proposal]") -> "Iterator[Proposal]":
        """Those accepted or turned down since: what came out from under another one was seen.

        Of several at one place only the first ever comes out: with it the others are turned down.
        """
        sheet = self._desk.sheet
        first: dict[Range, Proposal] = {}
        for each in found:
            if each.range not in first or each.rank > first[each.range].rank:
                first[each.range] = each
        for each in found:
            rejection = Rejection(layer, each.label, *each.range)
            key = rejection.key(sheet.actor, sheet.article.id)
            turned_down = key in sheet.rejections and key not in self._rejections
            accepted = any(
                (span.origin, span.start, span.end) == (each.source, *each.range)
                and span.id not in self._spans
                for span in sheet.over(layer, *each.range)
            )
            if accepted or (turned_down and first[each.range] is each):
                yield each

    def _take(self, layer: str, proposal: "Proposal") -> None:
        from annotator.model.shown import Seen

        place = (layer, proposal.source)
        seen = Seen(*proposal.range, proposal.label, proposal.score, proposal.sure)
        self._seen.setdefault(place, {})[seen[:3]] = seen
        self._versions[place] = proposal.version
