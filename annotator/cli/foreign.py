"""Annotations of other tools on their way in: proved, matched with the project's articles, mapped."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from annotator.formats.claims import Claim, Record
from annotator.formats.labelling import Labelling
from annotator.formats.settling import Unsettled, settle
from annotator.formats.sources.incoming import Refusal
from annotator.model.annotation import Span, State, Status, Work
from annotator.model.article import Article, unstorable
from annotator.model.errors import AnnotatorError
from annotator.model.scheme import Scheme
from annotator.model.spent import NOTHING
from annotator.model.suggestion import Suggestion
from annotator.store.project import Project
from annotator.store.suggesting import Offer
from annotator.store.taking import Offered

Name = tuple[str, str]
"""A label as a file names it: its layer, "" for none, and the label."""

EXAMPLES = 3
"""Quotes kept for each label nobody knows."""


class Brought(NamedTuple):
    """An article with what a file says about it, proved."""

    article: Article
    """As the project has it, or is to have it."""
    spans: tuple[Span, ...]
    annotator: str
    finished: bool
    layers: frozenset[str]
    """The layers its source speaks of."""
    source: str
    """What it comes from, as suggestions name it: the tool, and the annotator the file names."""

    @property
    def says_something(self) -> bool:
        """Whether anybody decided anything; else only the article comes in."""
        return bool(self.spans) or self.finished

    def offer(self, article: str) -> Offer:
        """The same as suggestions; `article` is the id it has in the project."""
        found = (
            Suggestion(s.layer, s.label, s.start, s.end, self.source, attrs=s.attrs)
            for s in self.spans
        )
        return Offer(article, self.article.text, tuple(found), (self.source,))

    def work(self, article: str, scheme: Scheme) -> Offered:
        """The same as the annotator's work; `article` is the id it has in the project.

        Of a finished one the layer its source speaks of is looked at; of several those it has labels
        in, as nobody can tell which of the others were looked for. It is done when these are all
        the scheme has.
        """
        labelled = frozenset(span.layer for span in self.spans)
        told = self.layers if len(self.layers) == 1 else labelled
        looked = told if self.finished else frozenset()
        is_done = bool(looked) and looked >= {layer.name for layer in scheme.layers}
        status = Status(State.DONE if is_done else State.STARTED)
        work = Work(article, self.annotator, self.spans, looked=looked, status=status)
        return Offered(article, self.article.text, work, self.layers)


@dataclass(slots=True)
class Seen:
    """What was met on the way, for the report."""

    counts: Counter[str] = field(default_factory=Counter)
    """Records whose offsets count something else than their format says, by what they count."""
    matched: int = 0
    """Records whose article was found in the project by its text, under another id."""
    left_out: Counter[str] = field(default_factory=Counter)
    unknown: Counter[Name] = field(default_factory=Counter)
    """Labels that have no place in the scheme, nor in the map."""
    examples: dict[Name, list[str]] = field(default_factory=dict)
    """A few quotes for each of these."""
    annotators: Counter[str] = field(default_factory=Counter)
    labels: Counter[str] = field(default_factory=Counter)
    """Spans by `layer/label` of the scheme."""


class Foreign:
    """Turns records into articles with spans; nothing is written here."""

    def __init__(
        self,
        project: Project | None,
        labelling: Labelling,
        annotator: str,
        fallback: str,
        finished: bool = True,
        spoken_of: Mapping[str, frozenset[str]] = NOTHING,
    ) -> None:
        """`annotator` is whose work all of it is; "" leaves that to the files, then to `fallback`.

        Unless `finished`, no work is taken for finished, whatever the files say. `spoken_of` are the
        layers that the labels of each source are in, by its title.
        """
        self.seen = Seen()
        self.labelling = labelling
        self._spoken_of = spoken_of
        self._source = ""
        self._layers: frozenset[str] = frozenset()
        self._project = project
        self._annotator = annotator
        self._fallback = fallback
        self._finished = finished
        self._texts = project.texts() if project is not None else None
        self._places: dict[bytes, str] = {}

    def begin(self, source: str) -> None:
        """Go on to another source, by its title."""
        self._source = source
        self._layers = self._spoken_of.get(source, frozenset())

    def bring(self, record: Record) -> Brought | Refusal:
        """What a record says, or why it cannot come in."""
        article = self._article(record)
        if isinstance(article, Refusal):
            return article
        settled = settle(record, article.text)
        if isinstance(settled, Unsettled):
            return Refusal(record.where, settled.reason)
        annotator = self._annotator or record.annotator or self._fallback
        before = self._came_before(article.id, annotator, record)
        if before is not None:
            return Refusal(record.where, before)
        seen = self.seen
        if settled.counts != record.counts and record.claims:
            seen.counts[settled.counts] += 1
        seen.left_out.update(record.left_out)
        self._note_unknown(settled.claims)
        spans = self.labelling.spans(article.id, settled.claims, record.origin, seen.left_out)
        seen.labels.update(f"{span.layer}/{span.label}" for span in spans)
        if spans or record.finished:
            seen.annotators[annotator] += 1
        done = record.finished and self._finished
        origin = record.origin or "import"
        source = self._annotator or (f"{origin}/{record.annotator}" if record.annotator else origin)
        return Brought(article, spans, annotator, done, self._layers, source)

    def _article(self, record: Record) -> Article | Refusal:
        """The article that is meant, the project's own where it has one."""
        given = record.article
        if not given.text:
            return self._by_name(record)
        if reason := unstorable(given.text):
            return Refusal(record.where, reason)
        known = self._texts.find(given.sha256) if self._texts is not None else ""
        if not known or known == given.id:
            return given
        assert self._project is not None
        same = self._here(given.id)
        if same is not None and same.text == given.text:
            return given
        self.seen.matched += 1
        return self._project.article(known)

    def _by_name(self, record: Record) -> Article | Refusal:
        """The project's article that a record without text speaks of."""
        named = record.article.id
        found = self._here(named)
        if record.sha256 and (found is None or found.sha256 != record.sha256):
            other = self._texts.find(record.sha256) if self._texts is not None else ""
            if not other and found is not None:
                return Refusal(record.where, f"the article {named!r} has another text here")
            found = self._here(other) if other else None
            self.seen.matched += found is not None
        if found is None:
            reason = f"the article {named!r} is not in the project, and the file has no text of it"
            return Refusal(record.where, reason)
        return found

    def _here(self, article_id: str) -> Article | None:
        if self._project is None:
            return None
        try:
            return self._project.article(article_id)
        except AnnotatorError:
            return None

    def _came_before(self, article: str, annotator: str, record: Record) -> str | None:
        """Why a second record of one annotator on one article is refused: it would undo the first.

        Records on other layers, from another source, go beside it.
        """
        for part in sorted(self._layers) or [f"/{self._source}"]:  # no layer has a slash
            name = f"{article}\0{annotator}\0{part}".encode("utf-8", "surrogatepass")
            place = hashlib.sha256(name).digest()[:12]
            if place in self._places:
                first = self._places[place]
                return f"work of {annotator} on the article {article!r} came before, at {first}"
            self._places[place] = record.where
        return None

    def _note_unknown(self, claims: Iterable[Claim]) -> None:
        for claim in claims:
            if self.labelling.place(claim) is None:
                name = self.labelling.wanted(claim)
                self.seen.unknown[name] += 1
                few = self.seen.examples.setdefault(name, [])
                if claim.quote and claim.quote not in few and len(few) < EXAMPLES:
                    few.append(claim.quote)


def filled(article: Article, source: str, lang: str) -> Article:
    """An article with a source and a language, where it names none."""
    if source and not article.source:
        article = replace(article, source=source)
    if lang and not article.lang:
        article = replace(article, lang=lang, lang_source="import")
    return article
