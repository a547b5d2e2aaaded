"""Sources into a project: articles in batches, then the decisions that came with them."""

from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from annotator.cli.bars import Phase
from annotator.cli.sources import Source
from annotator.formats.document import Document
from annotator.formats.sources.incoming import Refusal
from annotator.model.annotation import Work
from annotator.model.article import Article
from annotator.model.scheme import SpanLayer
from annotator.store.articles import Outcome, Result
from annotator.store.project import Project
from annotator.store.taking import Fate, Offered

KEEP = 20
"""How many cases of each kind are kept for the report."""

TOGETHER = 200
"""Works written in one transaction."""


@dataclass(slots=True)
class Cases:
    """Things of one kind: how many, and the first of them."""

    count: int = 0
    first: list[tuple[str, str]] = field(default_factory=list)

    def add(self, where: str, what: str) -> None:
        """Note one more."""
        self.count += 1
        if self.count <= KEEP:
            self.first.append((where, what))


class Intake:
    """Takes sources into a project and counts what becomes of them; memory stays flat."""

    def __init__(self, project: Project, source: str = "", lang: str = "") -> None:
        """`source` and `lang` are for articles that name none."""
        self.results: Counter[str] = Counter()
        self.fates: Counter[str] = Counter()
        self.refused = Cases()
        self.changed = Cases()
        self.same_text = Cases()
        self.differs = Cases()
        self.unknown: Counter[str] = Counter()
        """Labels that came in with decisions and are not in the scheme."""
        self.left_out: Counter[str] = Counter()
        self.on_refusal: Callable[[str, str], object] = lambda _where, _reason: None
        """Told every refusal: where and why."""
        self._project = project
        self._source = source
        self._lang = lang
        self._waiting: deque[Document | Article] = deque()
        self._offered: list[Offered] = []
        self._known = _labels(project)
        self._before = project.count()

    def take(self, source: Source, phase: Phase) -> None:
        """Read a source to its end; what is committed stays when this is interrupted."""
        for outcome in self._project.add(self._articles(source, phase)):
            self._note(outcome, self._waiting.popleft())
            phase.advance(1, 0)
            if len(self._offered) >= TOGETHER:
                self._flush()
        self._flush()
        self.left_out.update(source.left_out)

    def find_same_texts(self) -> None:
        """Note which articles that came in have the text of another one."""
        for article, other in self._project.same_texts(self._before):
            self.same_text.add(article, other)

    def refuse(self, where: str, reason: str) -> None:
        """Note something that did not go in."""
        self.refused.add(where, reason)
        self.on_refusal(where, reason)

    def _articles(self, source: Source, phase: Phase) -> Iterator[Article]:
        """The articles of a source; their documents wait for what becomes of them."""
        for incoming in source.read(lambda steps: phase.advance(0, steps)):
            if isinstance(incoming, Refusal):
                self.refuse(incoming.where, incoming.reason)
                continue
            self._waiting.append(incoming)
            article = incoming.article if isinstance(incoming, Document) else incoming
            yield self._filled(article)

    def _filled(self, article: Article) -> Article:
        if self._source and not article.source:
            article = replace(article, source=self._source)
        if self._lang and not article.lang:
            article = replace(article, lang=self._lang, lang_source="import")
        return article

    def _note(self, outcome: Outcome, incoming: Document | Article) -> None:
        if outcome.result is Result.REFUSED:
            self.refuse(f"article {outcome.id}", outcome.reason)
            return
        self.results[outcome.result] += 1
        if outcome.result is Result.CHANGED:
            old = incoming.article.id if isinstance(incoming, Document) else incoming.id
            self.changed.add(old, outcome.id)
        if isinstance(incoming, Document):
            for work in incoming.works:
                self._offered.append(Offered(outcome.id, incoming.article.text, work))
                self._note_labels(work)

    def _flush(self) -> None:
        """Write the works that wait."""
        if not self._offered:
            return
        for taken in self._project.take(self._offered):
            self.fates[taken.fate] += 1
            if taken.fate is Fate.DIFFERS:
                self.differs.add(taken.article, taken.actor)
            if taken.fate is Fate.REFUSED:
                self.refuse(f"article {taken.article}, annotator {taken.actor}", taken.reason)
        self._offered.clear()

    def _note_labels(self, work: Work) -> None:
        labels = [(span.layer, span.label) for span in work.spans]
        labels += [("stance", stance.label) for stance in work.stances]
        self.unknown.update("/".join(label) for label in labels if label not in self._known)


def _labels(project: Project) -> frozenset[tuple[str, str]]:
    """Layer and name of every label of the scheme; the stance layer goes by `stance`."""
    return frozenset(
        (layer.name, label.name) if isinstance(layer, SpanLayer) else ("stance", label.name)
        for layer in project.scheme.layers
        for label in (layer.labels if isinstance(layer, SpanLayer) else layer.values)
    )
