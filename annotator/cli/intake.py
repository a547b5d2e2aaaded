"""Sources into a project: articles in batches, then the decisions that came with them."""

from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from annotator.cli.bars import Phase
from annotator.cli.cases import Cases
from annotator.cli.foreign import Brought, Foreign, filled
from annotator.cli.sources import Source
from annotator.formats.claims import Record
from annotator.formats.document import Document
from annotator.formats.sources.incoming import Refusal
from annotator.model.annotation import Work
from annotator.model.article import Article
from annotator.model.errors import AnnotatorError
from annotator.model.scheme import SpanLayer
from annotator.model.split import Assigned, valid_split
from annotator.store.articles import Outcome, Result
from annotator.store.project import Project
from annotator.store.suggesting import Offer
from annotator.store.taking import Fate, Offered

GIVEN = "given"
"""The word that takes the splits the sources name."""

TOGETHER = 200
"""Works written in one transaction."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What was asked for all that comes in."""

    source: str = ""
    """For articles that name none."""
    lang: str = ""
    """For articles that name none."""
    suggestions: bool = False
    """What other tools' files say is suggested, instead of being somebody's work."""
    split: str = ""
    """The split of the articles; `GIVEN` is the one their source names; "" is none."""

    def split_of(self, article: Article) -> str:
        """The split an article is to have, "" for none."""
        if self.split != GIVEN:
            return self.split
        named = article.meta.get("split")
        return valid_split(named) if isinstance(named, str) and named else ""


class Intake:
    """Takes sources into a project and counts what becomes of them; memory stays flat."""

    def __init__(
        self,
        project: Project,
        wishes: "Wishes",
        foreign: Foreign | None = None,
    ) -> None:
        """`foreign` is for other tools' files."""
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
        self._wishes = wishes
        self.suggested = 0
        """Suggestions that were new."""
        self.foreign = foreign
        self._waiting: deque[Document | Brought | Article] = deque()
        self._offered: list[Offered] = []
        self._suggested: list[Offer] = []
        self._assigned: list[Assigned] = []
        self.split: Counter[str] = Counter()
        """Articles that got a split, by its name."""
        self._known = _labels(project)
        self._before = project.last_number()

    def take(self, source: Source, phase: Phase) -> None:
        """Read a source to its end; what is committed stays when this is interrupted."""
        if self.foreign is not None:
            self.foreign.begin(source.title)
        for outcome in self._project.add(self._articles(source, phase)):
            self._note(outcome, self._waiting.popleft())
            phase.advance(1, 0)
            if len(self._offered) + len(self._suggested) + len(self._assigned) >= TOGETHER:
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
        """The articles of a source; what came with them waits for what becomes of them."""
        for read in source.read(lambda steps: phase.advance(0, steps)):
            given = self.foreign.bring(read) if isinstance(read, Record) and self.foreign else read
            if isinstance(given, Refusal):
                self.refuse(given.where, given.reason)
            elif not isinstance(given, Record):
                self._waiting.append(given)
                article = given if isinstance(given, Article) else given.article
                yield filled(article, self._wishes.source, self._wishes.lang)

    def _note(self, outcome: Outcome, incoming: Document | Brought | Article) -> None:
        if outcome.result is Result.REFUSED:
            self.refuse(f"article {outcome.id}", outcome.reason)
            return
        self.results[outcome.result] += 1
        if outcome.result is Result.CHANGED:
            old = incoming.id if isinstance(incoming, Article) else incoming.article.id
            self.changed.add(old, outcome.id)
        article = incoming if isinstance(incoming, Article) else incoming.article
        try:
            own = incoming.split if isinstance(incoming, Document) else ""
            split = own or self._wishes.split_of(article)
        except AnnotatorError as error:
            self.refuse(f"the split of article {outcome.id}", str(error))
        else:
            if split:
                self._assigned.append(Assigned(outcome.id, split))
        if isinstance(incoming, Brought):
            self._take_in(outcome.id, incoming)
        elif isinstance(incoming, Document):
            for work in incoming.works:
                self._offered.append(Offered(outcome.id, incoming.article.text, work))
                self._note_labels(work)

    def _take_in(self, article: str, brought: Brought) -> None:
        """What another tool's file says of an article, under the id that has in the project."""
        if self._wishes.suggestions:
            self._suggested.append(brought.offer(article))
        elif brought.says_something:
            self._offered.append(brought.work(article, self._project.scheme))

    def _flush(self) -> None:
        """Write the splits, works and suggestions that wait."""
        if self._assigned:  # first, as articles of the test split get no suggestions
            self._project.assign_splits(self._assigned)
            self.split.update(each.split for each in self._assigned)
            self._assigned.clear()
        if self._suggested:
            self._suggest()
        if not self._offered:
            return
        for taken in self._project.take(self._offered):
            self.fates[taken.fate] += 1
            if taken.fate is Fate.DIFFERS:
                self.differs.add(taken.article, taken.actor)
            if taken.fate is Fate.REFUSED:
                self.refuse(f"article {taken.article}, annotator {taken.actor}", taken.reason)
        self._offered.clear()

    def _suggest(self) -> None:
        """Write the suggestions that wait."""
        for done in self._project.suggest(self._suggested):
            self.suggested += done.new
            if done.fate is Fate.REFUSED:
                self.refuse(f"article {done.article}", done.reason)
        self._suggested.clear()

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
