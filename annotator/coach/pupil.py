"""A suggester with the record of what it learnt."""

from collections.abc import Iterable, Mapping
from zlib import crc32

from annotator.coach.suggesters import Bound
from annotator.store.coaching import FinishedLayer
from annotator.suggest.protocol import Suggester

CHANGED = 20
"""When one of so many learnt articles changed since, all are learnt anew."""

NOWHERE = 0
"""The number of no article: who learnt that has learnt something that is gone."""


class Pupil:
    """A suggester with the record of what it learnt."""

    def __init__(self, bound: Bound) -> None:
        self.bound = bound
        self.learnt: dict[int, str] = {}
        """The articles it learnt, by number, with their stamps."""
        self.new: list[int] = []
        """Those finished since, the oldest first, as far as was looked."""
        self.changed: dict[int, str] = {}
        """Learnt ones whose work changed since, with the new stamps."""
        self.gone: set[int] = set()
        """Learnt ones that are finished no longer, withdrawn or held out now."""
        self.is_kept = True
        """Whether the project has what it learnt."""
        self.fitted_to = -1
        """How many articles it had at its last refit here; -1 before."""
        self._said: dict[int, int] = {}
        """Of what was learnt here, what it said: a stamp also changes for another layer's sake."""
        self._stamps: Mapping[int, str] = {}
        """The newest ones that were looked at."""
        self._passed: dict[int, str] = {}
        """Those that were to be learnt and were not there, with their stamps."""

    @property
    def layer(self) -> str:
        """The name of the layer it serves."""
        return self.bound.layer.name

    @property
    def suggester(self) -> Suggester:
        """The suggester."""
        return self.bound.suggester

    @property
    def is_old(self) -> bool:
        """Whether too much of what it learnt holds no longer."""
        return bool(self.gone) or len(self.changed) * CHANGED > len(self.learnt)

    @property
    def wants_refit(self) -> bool:
        """Whether all should be learnt anew."""
        return self.is_old or (self.fitted_to != len(self.learnt) and self._is_stale)

    @property
    def _is_stale(self) -> bool:
        try:
            return bool(self.suggester.is_stale)
        except Exception:  # it breaks when it is used, and is left out then
            return False

    def knows(self, learnt: Mapping[int, str]) -> None:
        """It learnt these and nothing else."""
        self.learnt = dict(learnt)
        self.changed.clear()
        self.gone.clear()
        self._said.clear()

    def begin_anew(self) -> None:
        """What it learnt was dropped. A plug-in cannot be made anew here: it has to be refitted."""
        self.bound = self.bound.renewed()
        self.knows({} if self.bound.quick else {NOWHERE: ""})
        self.is_kept = True
        self.fitted_to = -1

    def note(self, found: FinishedLayer) -> None:
        """It learnt an article."""
        self.learnt[found.n] = found.stamp
        self._said[found.n] = _digest(found)
        self.new = [n for n in self.new if n != found.n]
        self.is_kept = False

    def compare(self, stamps: Mapping[int, str]) -> list[int]:
        """Compare what it learnt with what is finished; the numbers whose stamps differ anew."""
        self._stamps = stamps
        self.new = [n for n, stamp in stamps.items()
                    if n not in self.learnt and self._passed.get(n) != stamp]  # fmt: skip
        self.gone = {n for n in self.learnt if n not in stamps}
        other = {n: s for n, s in stamps.items() if self.learnt.get(n, s) != s}
        unknown = [n for n, stamp in other.items() if self.changed.get(n) != stamp]
        self.changed = other
        return [n for n in unknown if n in self._said]

    def pass_over(self, numbers: Iterable[int]) -> None:
        """Of articles that were to be learnt, those that were not are not tried again as they are."""
        self._passed.update((n, self._stamps.get(n, "")) for n in numbers if n not in self.learnt)

    def settle(self, found: FinishedLayer) -> None:
        """An article with another stamp: when this layer says the same, it did not change."""
        if self._said.get(found.n) == _digest(found):
            self.learnt[found.n] = found.stamp
            self.changed.pop(found.n, None)


def _digest(found: FinishedLayer) -> int:
    spans = sorted(
        (s.start, s.end, s.label, sorted(map(str, s.attrs.items()))) for s in found.spans
    )
    turned = sorted((r.start, r.end, r.label) for r in found.rejected)
    return crc32(repr((spans, turned)).encode("utf-8", "replace"))
