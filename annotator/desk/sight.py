"""What of the suggestions was on screen, recorded when the article is left or finished.

A suggestion was shown when its layer was the one worked in with the suggestion's lines in the window
and nothing lay over it. What became of it is not recorded: the work itself says so. While one works
only the window is noted; the rest is found out at the end, or before other suggestions take the place
of those that are there.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from annotator.desk.index import SpanIndex
from annotator.desk.selection import Range
from annotator.model.annotation import Kind, Rejection, Span
from annotator.model.errors import AnnotatorError
from annotator.model.event import Act, Draft

if TYPE_CHECKING:
    from annotator.desk.desk import Desk
    from annotator.desk.suggested import Proposal
    from annotator.model.shown import Seen

Source = tuple[str, str]
"""A layer and a source of suggestions."""


class Sight:
    """What an annotator has seen suggested in the article on the desk."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._windows: dict[str, list[Range]] = {}
        """For each layer the stretches that were in the window, in the order in which they were."""
        self._spans: dict[str, Span] = {}
        self._rejections: dict[str, Rejection] = {}
        """Decisions there were when suggestions came on screen."""
        self._seen: dict[Source, dict[tuple[int, int, str], Seen]] = {}
        self._versions: dict[Source, str] = {}

    def opened(self) -> None:
        """Another article is on the desk."""
        self._seen, self._versions = {}, {}
        self._begin()

    def note(self) -> None:
        """What is in the window now is seen."""
        layer = self._desk.proposals.layer
        if layer is None:
            return
        low, high = self._desk.window.shown()
        places = self._windows.setdefault(layer.name, [])
        if places and low <= places[-1][1] and high >= places[-1][0]:
            places[-1] = (min(low, places[-1][0]), max(high, places[-1][1]))
        else:
            places.append((low, high))

    def saw(self, start: int, end: int) -> None:
        """A stretch was read out."""
        layer = self._desk.proposals.layer
        if layer is not None:
            self._windows.setdefault(layer.name, []).append((start, end))

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
                for each in (*shelf.would_show(*place, open_before), *shelf.shown(*place)):
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
            known = {shown.key: shown for shown in desk.log.shown(article)}
            drafts = []
            for (layer, source), seen in self._seen.items():
                key = Shown(layer, source, "", ()).key
                earlier, version = known.get(key), self._versions[layer, source]
                shown = joined(earlier, layer, source, version, seen.values())
                if shown != earlier:
                    drafts.append(Draft(Kind.SHOWN, shown.key, article, shown.body()))
            if drafts:
                desk.log.submit(Act(VERB, tuple(drafts)))

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

    def _take(self, layer: str, proposal: "Proposal") -> None:
        from annotator.model.shown import Seen

        place = (layer, proposal.source)
        seen = Seen(*proposal.range, proposal.label, proposal.score, proposal.sure)
        self._seen.setdefault(place, {})[seen[:3]] = seen
        self._versions[place] = proposal.version
