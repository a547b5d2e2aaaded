"""Runs that are two names side by side: президентът на Украйна | Петро Порошенко.

What else stands in the text decides: a part that occurs on its own elsewhere, a name known before,
the name of a country at the beginning.
"""

from collections import Counter
from collections.abc import Container

from annotator.suggest.lexicon import TITLES
from annotator.suggest.reading import Reading, is_country
from annotator.suggest.runs import Run
from annotator.text.stems import SHORTEST_OF_SEVERAL, stem


def divided(reading: Reading, found: list[Run], known: Container[str]) -> list[Run]:
    """Runs without the titles they begin with, cut where one name ends and the next begins."""
    judge = _Judge(reading, found, known)
    result: list[Run] = []
    for run in found:
        judge.shed_title(run)
        cut = judge.cut(run)
        if cut:
            result.append(Run(run.first, cut - 1, reading.spans[cut - 1][1], run.unsure))
            run = Run(cut, run.last, run.end, False)
        result.append(run)
    return result


class _Judge:
    """Knows which runs occur on their own."""

    def __init__(self, reading: Reading, found: list[Run], known: Container[str]) -> None:
        self._reading = reading
        self._known = known
        self._runs = Counter(
            self._key(run.first, run.last) for run in found if not reading.styled[run.first]
        )

    def shed_title(self, run: Run) -> None:
        """Take off the first word when it only begins the sentence (Глава Роскосмоса …)."""
        if not run.unsure or run.first == run.last:
            return
        whole = self._key(run.first, run.last)
        if whole in self._known:
            return
        alone = self._runs[whole] < 2 and self._runs[self._key(run.first + 1, run.last)] > 0
        if alone or self._reading.low[run.first].startswith(TITLES):
            run.first += 1

    def cut(self, run: Run) -> int:
        """The word a second name begins with; 0 when the run is one name."""
        if run.first == run.last:
            return 0
        whole = self._key(run.first, run.last)
        if whole in self._known or self._runs[whole] > 1:
            return 0
        if run.last == run.first + 1:
            return run.last if self._country_and_name(run) else 0
        return next((at for at in range(run.first + 1, run.last + 1) if self._parts(run, at)), 0)

    def _country_and_name(self, run: Run) -> bool:
        second = self._reading.kinds[run.last] and self._runs[self._key(run.last, run.last)]
        return bool(second and is_country(self._reading.low[run.first]))

    def _parts(self, run: Run, at: int) -> bool:
        """Whether a run of three words or more is two names, the second from the word `at` on."""
        left, right = self._seen(run.first, at - 1), self._seen(at, run.last)
        if at == run.first + 1 and is_country(self._reading.low[run.first]):
            left = True
        several = run.last > at
        return (left and (right or run.last == at + 1)) or (right and several)

    def _seen(self, first: int, last: int) -> bool:
        key = self._key(first, last)
        return self._runs[key] > 0 or key in self._known

    def _key(self, first: int, last: int) -> str:
        words = self._reading.words[first : last + 1]
        return " ".join(stem(word, SHORTEST_OF_SEVERAL) for word in words)
