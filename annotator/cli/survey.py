"""A look at everything an import would bring, without writing anything."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from annotator.cli import out
from annotator.cli.bars import Bars, Phase
from annotator.cli.cases import Cases
from annotator.cli.foreign import Foreign, Name, Seen
from annotator.cli.sources import Source
from annotator.formats.claims import Record
from annotator.formats.document import Document
from annotator.formats.labelling import name_of
from annotator.formats.sources.incoming import Refusal
from annotator.model.article import Article, unstorable
from annotator.model.errors import AnnotatorError
from annotator.store.project import Project


@dataclass(slots=True)
class Survey:
    """What was found."""

    foreign: Foreign
    adds: bool = False
    """Whether unknown labels are to be added to the scheme."""
    articles: Counter[str] = field(default_factory=Counter)
    """Articles by what they would be: new, unchanged, changed upstream."""
    layers: dict[str, frozenset[str]] = field(default_factory=dict)
    """The layers that the labels of each source are in, by its title."""
    unknown: dict[str, frozenset[Name]] = field(default_factory=dict)
    """The labels of each source that have no place here, by its title."""
    works: int = 0
    """Somebody's decisions on an article, in exports of annotator."""
    refused: Cases = field(default_factory=Cases)

    on_refusal: Callable[[str, str], object] = lambda _where, _reason: None

    def refuse(self, where: str, reason: str) -> None:
        """Note something that would not go in."""
        self.refused.add(where, reason)
        self.on_refusal(where, reason)

    @property
    def seen(self) -> Seen:
        """What was met in other tools' files."""
        return self.foreign.seen

    def json(self) -> dict[str, Any]:
        """The survey as JSON values."""
        seen = self.seen
        return {
            "dry_run": True,
            "articles": {**self.articles, "refused": self.refused.count},
            "decisions": self.works + sum(seen.annotators.values()),
            "labels": dict(seen.labels),
            "annotators": dict(seen.annotators),
            "unknown_labels": {name_of(*name): n for name, n in seen.unknown.items()},
            "offsets_read_as": dict(seen.counts),
            "matched_by_text": seen.matched,
            "left_out": dict(seen.left_out),
            "refused": [{"where": w, "reason": r} for w, r in self.refused.first],
        }

    def print(self) -> None:
        """The survey for people."""
        rows = [(out.number(n), what, "articles") for what, n in self.articles.items()]
        if self.refused.count:
            rows.append((out.number(self.refused.count), "refused", "listed below"))
        if self.works:
            rows.append(
                (out.number(self.works), "decisions", "an annotator's work on an article each")
            )
        out.table(
            "What would come in", ("count>", "what", ""), [*rows, *seen_rows(self.seen, self.adds)]
        )
        self.refused.print("Refused", ("where", "why"))
        if self.seen.unknown and not self.adds:
            out.say("Labels without a place here need --map, --map-label or --new-labels.")
        out.say("Nothing was written: this was a dry run.")


def survey(
    found: Iterable[Source],
    foreign: Foreign,
    project: Project | None,
    bars: Bars,
    adds: bool,
    refusal: Callable[[str, str], object],
) -> Survey:
    """Read sources to their end and see what would become of each thing in them.

    With `adds` labels that nobody knows would be added to the scheme. `refusal` is told each refusal.
    """
    result = Survey(foreign, adds, on_refusal=refusal)
    for source in found:
        with bars.phase(f"reading {out.safe(source.title)}", source.total, "articles") as phase:
            foreign.begin(source.title)
            labels, unknown = Counter(result.seen.labels), Counter(result.seen.unknown)
            _look(source, result, project, phase)
            new = result.seen.labels - labels
            result.layers[source.title] = frozenset(name.partition("/")[0] for name in new)
            result.unknown[source.title] = frozenset(result.seen.unknown - unknown)
    return result


def _look(source: Source, result: Survey, project: Project | None, phase: Phase) -> None:
    known: set[str] = set()
    for read in source.read(lambda steps: phase.advance(0, steps)):
        given = result.foreign.bring(read) if isinstance(read, Record) else read
        if isinstance(given, Refusal):
            result.refuse(given.where, given.reason)
            continue
        phase.advance(1, 0)
        article = given if isinstance(given, Article) else given.article
        if isinstance(given, Document):
            result.works += len(given.works)
        if reason := unstorable(article.text):
            result.refuse(f"article {article.id}", reason)
        else:
            result.articles[_fate(article, project, known)] += 1
    result.seen.left_out.update(source.left_out)


def _fate(article: Article, project: Project | None, known: set[str]) -> str:
    """What an article would be."""
    first = article.id not in known
    known.add(article.id)
    try:
        here = project.article(article.id) if project is not None else None
    except AnnotatorError:
        here = None
    if here is None:
        return "new" if first else "unchanged"
    return "unchanged" if here.text == article.text else "changed upstream"


def seen_rows(
    seen: Seen, adds: bool = False, suggested: bool = False
) -> Iterator[tuple[str, str, str]]:
    """Count, what, and what that means, of other tools' annotations."""
    for label, count in sorted(seen.labels.items()):
        yield out.number(count), f"spans {label}", ""
    for name, count in () if suggested else seen.annotators.most_common():
        yield out.number(count), f"articles of {name}", "annotations of other tools"
    for counts, count in seen.counts.items():
        yield out.number(count), f"articles with offsets in {counts}", "their quotes fit only so"
    if seen.matched:
        yield out.number(seen.matched), "articles found by their text", "under another id"
    for label_name, count in seen.unknown.most_common():
        told = "would be added to the scheme" if adds else "without a place in the scheme"
        yield out.number(count), f"label {name_of(*label_name)}", told
    for name, count in seen.left_out.most_common():
        yield out.number(count), name, "left out"
