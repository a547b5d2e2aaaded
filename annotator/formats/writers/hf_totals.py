"""What the card and the Croissant description of a data set say about all of it."""

import re
from collections import Counter

from annotator.formats.document import Document
from annotator.formats.writers.hf_features import timelike
from annotator.model.annotation import State, Work

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DAY_LENGTH = 10


class Totals:
    """Counts that grow with each article; small, however many there are."""

    def __init__(self) -> None:
        self.articles: Counter[str] = Counter()
        """By split."""
        self.characters: Counter[str] = Counter()
        """By split."""
        self.langs: Counter[str] = Counter()
        self.sources: Counter[str] = Counter()
        self.annotators: Counter[str] = Counter()
        self.spans: Counter[tuple[str, str]] = Counter()
        """By layer and label."""
        self.stances: Counter[str] = Counter()
        self.looked: Counter[str] = Counter()
        """Articles in which a layer was declared looked at, or that are done."""
        self.grouped = 0
        self.unfinished = 0
        self.undated = 0
        self.earliest = self.latest = ""
        """Days, of articles whose date begins with one."""
        self._times = self._odd_dates = 0

    @property
    def total(self) -> int:
        """How many articles there are."""
        return sum(self.articles.values())

    def count(self, split: str, document: Document, work: Work, layers: tuple[str, ...]) -> None:
        """Count an article; `layers` are those of the scheme."""
        article = document.article
        self.articles[split] += 1
        self.characters[split] += len(article.text)
        self.langs[article.lang or "und"] += 1
        if article.source:
            self.sources[article.source] += 1
        self.annotators[work.actor] += 1
        self.spans.update((s.layer, s.label) for s in work.spans if s.layer in layers)
        self.stances.update(stance.label for stance in work.stances)
        done = work.status.state is State.DONE
        self.looked.update(layer for layer in layers if done or layer in work.looked)
        self.unfinished += not done
        self.grouped += bool(article.group)
        self._date(article.date)

    @property
    def dates(self) -> str:
        """What all dates there are have in common: "day", "time" (days among them), or ""."""
        if self._odd_dates:
            return ""
        return "time" if self._times else "day"

    def _date(self, date: str) -> None:
        day = _DAY.match(date)
        self._times += timelike(date) and len(date) > _DAY_LENGTH
        self._odd_dates += bool(date) and not timelike(date)
        if day is None:
            self.undated += 1
            return
        self.earliest = min(self.earliest or day[0], day[0])
        self.latest = max(self.latest, day[0])
