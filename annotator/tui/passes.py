"""What comes out of turn: later passes, of whose first nothing is seen, and hidden questions."""

import heapq
import zlib
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import TYPE_CHECKING

from annotator.desk.history import NOT_OURS
from annotator.model.event import PastAct
from annotator.model.person import TRAINING, person_of
from annotator.model.slot import Slot
from annotator.store.precedents import Precedents, form_of

if TYPE_CHECKING:
    from annotator.store.project import Project

EVERY = 4
"""What waits comes after one article in so many, by the article's id: nobody can foresee it."""

Voice = Callable[[str], str]
"""Under which name somebody works on an article."""


def due(
    waiting: Collection[Slot],
    voice: Voice,
    here: str,
    at_once: bool,
    questions: Collection[Slot] = (),
    left: int = 0,
) -> str | None:
    """The article of a pass or a hidden question whose turn it is after an article, else None.

    Questions are spread over what is left to do, so that they tell of all of it.

    Args:
        waiting: the passes to be done, in the order of assignment.
        voice: a pass that is none now (the article was opened in this sitting already) waits.
        here: the article that was worked on.
        at_once: nothing else is left to do.
        questions: the hidden questions to be answered, in the order of assignment.
        left: how many articles are to be done, the questions among them.
    """

    def ready(slots: Collection[Slot]) -> list[Slot]:
        return [s for s in slots if s.article != here and voice(s.article) == s.annotator]

    later, asked = ready(waiting), ready(questions)
    training = [each for each in later if person_of(each.annotator)[1] == TRAINING]
    if training:
        return training[0].article
    turn = zlib.crc32(here.encode())
    if later and (at_once or turn % EVERY == 0):
        return later[0].article
    # other bits: where passes wait too, questions come after other articles
    if asked and (at_once or (turn >> 8) % max(EVERY, left // len(asked)) == 0):
        return asked[0].article
    return None


def past_acts(project: "Project", names: Collection[str], voice: Voice) -> Iterator[PastAct]:
    """The acts of all passes, newest first, without what was done to articles under another name."""
    by_name = [_own(project, name, voice) for name in names]
    merged = heapq.merge(*by_name, key=lambda made: made[0], reverse=True)
    return (act for _, act in merged)


def _own(project: "Project", name: str, voice: Voice) -> Iterator[tuple[str, PastAct]]:
    for act in project.past_acts(name, without=NOT_OURS):
        if all(voice(change.article) == name for change in act.changes if change.article):
            yield project.newest_in(act.id), act


class FirstPass:
    """What somebody labelled in an article before, to be left out of what is told of them."""

    def __init__(self, project: "Project", article: str) -> None:
        self.article = article
        self._labels: Counter[tuple[str, str, str]] = Counter()
        text = project.article(article).text
        for span in project.work(article).spans:
            form = form_of(text[span.start : span.end])
            self._labels[span.layer, form, span.label] += 1

    def labels_of(
        self, layer: str, found: Mapping[str, Mapping[str, int]]
    ) -> dict[str, dict[str, int]]:
        """For each form how often it was given which label elsewhere; other forms are left out."""
        left = {
            form: {
                label: count - self._labels[layer, form, label]
                for label, count in labels.items()
                if count > self._labels[layer, form, label]
            }
            for form, labels in found.items()
        }
        return {form: labels for form, labels in left.items() if labels}

    def precedents(self, layer: str, found: Precedents) -> Precedents:
        """How a string was labelled elsewhere."""
        counts = self.labels_of(layer, {found.form: found.counts}).get(found.form, {})
        places = {
            label: tuple(place for place in found.places[label] if place.article != self.article)
            for label in counts
        }
        return Precedents(found.form, counts, places)
