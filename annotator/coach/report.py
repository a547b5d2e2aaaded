"""What suggestions were worth: what became of them, what they saved, and what they do to the labels.

Folded from what was shown and from finished articles as they stand now; nothing is kept.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from annotator.coach import blind, saving
from annotator.coach.blind import Comparison, Row
from annotator.coach.outcomes import Became, outcomes
from annotator.coach.saving import Keys
from annotator.model.annotation import Span, State, Status, Work
from annotator.model.article import Article
from annotator.model.assistance import Assistance
from annotator.model.errors import AnnotatorError
from annotator.model.event import event_time
from annotator.model.person import Role, is_pass, person_of
from annotator.model.scheme import Scheme, SpanLayer, Unit
from annotator.model.scheme_change import successor
from annotator.model.shown import Seen, Shown
from annotator.store.suggestions import HELD_OUT

if TYPE_CHECKING:
    from annotator.store.documents import Stored
    from annotator.store.project import Project

EDGES = (0.5, 0.8, 0.95)
"""Scores between the bands."""
BANDS = ("<.5", ".5-.8", ".8-.95", ">=.95", "no score", "no label")
"""Bands of the score; a candidate without a label is in the last, whatever its score."""
UNLABELLED = BANDS[-1]

Tell = Callable[[int], None]
"""Told how many articles are read."""


class Counts(NamedTuple):
    """Suggestions by what became of them; they add up."""

    accepted: int = 0
    edited: int = 0
    same: int = 0
    """Labelled the same by hand, or by way of another source."""
    rejected: int = 0
    other: int = 0
    """Labelled differently by hand, or by way of another source."""
    left: int = 0

    @classmethod
    def of(cls, found: Iterable[Became]) -> "Counts":
        """Of suggestions with their outcomes."""
        told = Counter(str(each.outcome) for each in found)
        return cls(**told)

    def plus(self, other: "Counts") -> "Counts":
        """Both together."""
        return Counts(*(one + two for one, two in zip(self, other, strict=True)))

    @property
    def shown(self) -> int:
        """All of them."""
        return sum(self)

    @property
    def decided(self) -> int:
        """Those about which the annotator's work says something."""
        return self.shown - self.left

    @property
    def precision(self) -> float | None:
        """Of those decided the share that was right as it was; None where none is decided."""
        return (self.accepted + self.same) / self.decided if self.decided else None

    @property
    def cautious(self) -> float | None:
        """The same as if those that were left were wrong."""
        return (self.accepted + self.same) / self.shown if self.shown else None

    @property
    def helpful(self) -> float | None:
        """The same with those that were right once they were edited."""
        right = self.accepted + self.same + self.edited
        return right / self.decided if self.decided else None


class Version(NamedTuple):
    """One state of a source that learns."""

    version: str
    articles: int
    counts: Counts


class SourceFigures(NamedTuple):
    """What one source suggested in one layer."""

    layer: str
    source: str
    articles: int
    """Finished articles in which it suggested anything, one for each annotator."""
    counts: Counts
    """Of suggestions with a label."""
    bands: Mapping[str, Counts]
    """By `BANDS`, those that occur; candidates without a label too."""
    sure: Counts
    """Of those that may be confirmed in a lump."""
    labels: int
    """The layer's labels in these articles, as they stand."""
    from_source: int
    """Those of them that are of this origin."""
    keys: Keys
    versions: tuple[Version, ...]
    """In the order in which their articles were finished."""

    @property
    def share(self) -> float | None:
        """The share of the labels that came from it; None without labels."""
        return self.from_source / self.labels if self.labels else None


class PersonFigures(NamedTuple):
    """One annotator's."""

    name: str
    articles: int
    """Finished ones in which anything was suggested."""
    counts: Counts
    """Of suggestions with a label."""


class Report(NamedTuple):
    """What `annotator suggest report` tells."""

    annotators: tuple[str, ...]
    """Whose finished articles are counted, sorted."""
    since: str
    articles: int
    """Finished articles, one for each annotator; those of the test split and later passes left out."""
    sources: tuple[SourceFigures, ...]
    """By layer in the scheme's order, then by source."""
    people: tuple[PersonFigures, ...]
    share: float
    """Of articles in the blind sample, as it is set now."""
    blind: Comparison

    @property
    def keys(self) -> Keys:
        """The keys of all sources."""
        return saving.total(each.keys for each in self.sources)

    @property
    def counts(self) -> Counts:
        """What became of all suggestions with a label."""
        return total(each.counts for each in self.sources)


def report(
    project: "Project", annotators: Collection[str] = (), since: str = "", tell: Tell | None = None
) -> Report:
    """Fold the report from a project.

    Args:
        project: an open project; for reading only too.
        annotators: only these; () is everybody whom this annotator may see: in a project with a lead
            annotators see their own figures only.
        since: only articles finished on this day (2026-02-14, UTC) or later.
        tell: told how many articles are read.

    Raises:
        AnnotatorError: somebody else's figures are not for this annotator, or no possible day.
    """
    wanted = _whose(project, annotators)
    is_recent = _recent(since)
    assistance, scheme = project.assistance(), project.scheme
    gathered = _Gathered(scheme)
    for number, (stored, shown) in enumerate(_together(project), 1):
        for work, at in _finished(stored, wanted):
            if is_recent(at):
                own = [each for actor, each in shown if actor == work.actor]
                gathered.add(stored.article, work, at, own, assistance)
        if tell is not None:
            tell(number)
    names = tuple(sorted(gathered.finished))
    layers = [layer.name for layer in scheme.span_layers if layer.name not in assistance.off]
    rows = [row for row in gathered.rows if row.annotator not in assistance.without]
    compared = blind.compare(blind.fair(rows), layers)
    return Report(names, since, len(gathered.rows), gathered.sources(), gathered.people(),
                  assistance.blind, compared)  # fmt: skip


def band(seen: Seen) -> str:
    """The band of a suggestion's score."""
    if not seen.label:
        return UNLABELLED
    if seen.score is None:
        return BANDS[len(EDGES) + 1]
    return BANDS[bisect_right(EDGES, seen.score)]


def total(found: Iterable[Counts]) -> Counts:
    """All together."""
    made = Counts()
    for each in found:
        made = made.plus(each)
    return made


# --- whose and when


def _whose(project: "Project", annotators: Collection[str]) -> Collection[str]:
    """The annotators to report on; () is everybody."""
    own = person_of(project.actor)[0]
    others = sorted({*annotators} - {own})
    if others:
        project.require(Role.ADJUDICATOR, "see what others made of suggestions")
    known = {*project.people(), *project.actors()}
    if strange := [name for name in others if name not in known]:
        raise AnnotatorError(
            f"There is no annotator {strange[0]!r}; there is {', '.join(sorted(known))}."
        )
    if annotators or project.may(Role.ADJUDICATOR):
        return annotators
    return (own,)


def _recent(since: str) -> Callable[[float], bool]:
    """Whether a moment, in seconds since the epoch, is of that day or later."""
    if not since:
        return lambda _: True
    try:
        first = date.fromisoformat(since)
    except ValueError as error:
        raise AnnotatorError(f"{since!r} is no day; write it as 2026-02-14.") from error
    begin = datetime(first.year, first.month, first.day, tzinfo=UTC).timestamp()
    return lambda at: at >= begin


# --- what is read

Told = list[tuple[str, Shown]]
"""What was shown in an article, with to whom."""


def _together(project: "Project") -> "Iterator[tuple[Stored, Told]]":
    """Articles with work, with what was shown in them: two streams in the order of ids."""
    groups = groupby(project.all_shown(), key=itemgetter(0))
    article, told = _next(groups)
    for stored in project.documents(worked=True):
        while article is not None and article < stored.article.id:
            article, told = _next(groups)
        yield stored, told if article == stored.article.id else []


def _next(
    groups: "Iterator[tuple[str, Iterator[tuple[str, str, Shown]]]]",
) -> tuple[str | None, Told]:
    for article, group in groups:
        return article, [(actor, shown) for _, actor, shown in group]
    return None, []


def _finished(stored: "Stored", wanted: Collection[str]) -> Iterator[tuple[Work, float]]:
    """The works that are done, and when; no later passes, none of the test split."""
    if stored.split == HELD_OUT:
        return
    for work in stored.works:
        if work.status.state is not State.DONE or is_pass(work.actor):
            continue
        if not wanted or work.actor in wanted:
            event = work.versions[Status.key(work.actor, stored.article.id)]
            yield work, event_time(event)


# --- what is made of it


class _Source:
    """The figures of a source in a layer, as they add up."""

    def __init__(self) -> None:
        self.articles = 0
        self.bands = dict[str, Counts]()
        self.sure = Counts()
        self.labels = 0
        self.from_source = 0
        self.keys = Keys()
        self.versions = dict[str, tuple[float, int, Counts]]()

    def add(self, found: Sequence[Became], spans: Sequence[Span], at: float, shown: Shown) -> None:
        """One annotator's article."""
        self.articles += 1
        parts = dict[str, list[Became]]()
        for each in found:
            parts.setdefault(band(each.seen), []).append(each)
        for name, part in parts.items():
            self.bands[name] = self.bands.get(name, Counts()).plus(Counts.of(part))
        self.sure = self.sure.plus(Counts.of(each for each in found if each.seen.sure))
        self.labels += len(spans)
        self.from_source += sum(span.origin == shown.source for span in spans)
        labelled = Counts.of(each for each in found if each.seen.label)
        first, articles, counts = self.versions.get(shown.version, (at, 0, Counts()))
        self.versions[shown.version] = (min(first, at), articles + 1, counts.plus(labelled))

    def figures(self, layer: str, source: str) -> SourceFigures:
        """As they stand."""
        labelled = total(part for name, part in self.bands.items() if name != UNLABELLED)
        bands = {name: self.bands[name] for name in BANDS if name in self.bands}
        in_order = sorted(self.versions.items(), key=lambda each: (each[1][0], each[0]))
        versions = tuple(Version(name, many, counts) for name, (_, many, counts) in in_order)
        return SourceFigures(layer, source, self.articles, labelled, bands, self.sure,
                             self.labels, self.from_source, self.keys, versions)  # fmt: skip


class _Gathered:
    """Everything that is counted, article by article."""

    def __init__(self, scheme: Scheme) -> None:
        self._layers = {layer.name: layer for layer in scheme.span_layers}
        self._sources = dict[tuple[str, str], _Source]()
        self._people = dict[str, tuple[int, Counts]]()
        self.finished = set[str]()
        self.rows = list[Row]()

    def add(
        self, article: Article, work: Work, at: float, shown: Sequence[Shown], held: Assistance
    ) -> None:
        """One annotator's finished article and what was shown to them in it."""
        self.finished.add(work.actor)
        counts = Counts()
        for each in shown:
            if each.layer in self._layers:
                counts = counts.plus(self._add(article, work, at, each))
        suggested = any(each.items for each in shown)
        if suggested:
            many, before = self._people.get(work.actor, (0, Counts()))
            self._people[work.actor] = (many + 1, before.plus(counts))
        self.rows.append(_row(article, work, at, held.is_blind(article.id), suggested))

    def _add(self, article: Article, work: Work, at: float, shown: Shown) -> Counts:
        layer = self._layers[shown.layer]
        blocks = layer.unit is Unit.BLOCK
        found = outcomes(_as_named_now(shown, layer), work, blocks)
        spans = [span for span in work.spans if span.layer == shown.layer]
        if not found:
            return Counts()
        source = self._sources.setdefault((shown.layer, shown.source), _Source())
        source.add(found, spans, at, shown)
        source.keys = source.keys.plus(saving.keys(article.text, found, blocks))
        return Counts.of(each for each in found if each.seen.label)

    def sources(self) -> tuple[SourceFigures, ...]:
        """By layer in the scheme's order, then by source."""
        layers = list(self._layers)
        order = sorted(self._sources, key=lambda key: (layers.index(key[0]), key[1]))
        return tuple(self._sources[key].figures(*key) for key in order)

    def people(self) -> tuple[PersonFigures, ...]:
        """Those to whom anything was suggested, by name."""
        return tuple(
            PersonFigures(name, many, counts)
            for name, (many, counts) in sorted(self._people.items())
        )


def _as_named_now(shown: Shown, layer: SpanLayer) -> Shown:
    """What was shown, with the labels that later came in the place of others.

    A label that is renamed takes the annotations with it: those are no edits of what was suggested.
    """
    items = tuple(seen._replace(label=successor(layer, seen.label)) for seen in shown.items)
    return shown._replace(items=items)


def _row(article: Article, work: Work, at: float, is_blind: bool, shown: bool) -> Row:
    """What the blind comparison needs of an article."""
    labels, length = dict[str, int](), dict[str, int]()
    for span in work.spans:
        labels[span.layer] = labels.get(span.layer, 0) + 1
        length[span.layer] = length.get(span.layer, 0) + span.end - span.start
    spent = work.spent
    return Row(work.actor, article.id, at, is_blind, shown, len(article.text),
               sum(spent.seconds.values()), sum(spent.keys.values()), labels, length)  # fmt: skip
