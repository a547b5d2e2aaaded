"""What is left to adjudicate, what came of it, and how far two adjudicators agree."""

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import combinations, groupby
from typing import Any, NamedTuple

from annotator.gold.adjudication.items import Category, Item, State
from annotator.gold.adjudication.progress import Progress, Total, progress, total
from annotator.lead.adjudication_queue import Options, Waiting
from annotator.lead.adjudication_table import Table
from annotator.lead.adjudication_words import in_words
from annotator.model.decision import Decision, Verdict
from annotator.model.opinions import outcome
from annotator.store import adjudicated
from annotator.store.project import Project


class Pair(NamedTuple):
    """How far two adjudicators agree on the items that both decided."""

    one: str
    other: str
    items: int
    same: int

    @property
    def share(self) -> float | None:
        """0 to 1; None without items."""
        return self.same / self.items if self.items else None


class Dispute(NamedTuple):
    """An item on which a second opinion differs from the first, until somebody settles it."""

    article: str
    item: str
    """Its key."""
    opinions: tuple[tuple[str, str], ...]
    """Adjudicator and what they say, in words: the first, then the second."""


class Report(NamedTuple):
    """Where the adjudication of a project stands."""

    total: Total
    articles: tuple[Progress, ...]
    """Of each article that is ready, by number."""
    waiting: int
    """Articles that somebody finished, but too few."""
    open: dict[str, int]
    """Items that a person has to look at, by category; one with several counts in each."""
    pairs: tuple[Pair, ...]
    """Adjudicators who decided the same items."""
    differing: tuple[tuple[str, str], ...]
    """Article and key of items that two adjudicators decided differently."""
    own: int
    """Decisions of people on articles that they annotated themselves."""
    disputed: tuple[Dispute, ...] = ()
    """Items with two opinions that wait for somebody to settle them."""

    def json(self) -> dict[str, Any]:
        """The report as JSON values."""
        return {
            "articles": len(self.articles),
            "not_ready": self.waiting,
            "total": self.total._asdict() | {"stages": dict(self.total.stages)},
            "open": self.open,
            "by_article": [each._asdict() for each in self.articles],
            "adjudicators": [each._asdict() | {"share": each.share} for each in self.pairs],
            "differing": [list(each) for each in self.differing],
            "own": self.own,
            "disputed": [
                {"article": d.article, "item": d.item, "opinions": [list(o) for o in d.opinions]}
                for d in self.disputed
            ],
        }


def report(project: Project, options: Options, step: Callable[[], object] = bool) -> Report:
    """Look through all articles that are ready; `step` is called for each."""
    waiting = Waiting(project, options)
    finished = adjudicated.finished(project, options.wanted)
    by_article: list[Progress] = []
    open_: Counter[str] = Counter()
    disputed: list[Dispute] = []
    for ready, table in tables(waiting):
        by_article.append(
            progress(
                ready.article, table.works, table.items, project.scheme, ready.wanted, options.audit
            )
        )
        open_.update(_open(table.items, table, options))
        disputed += _disputed(table)
        step()
    pairs, differing = _pairs(project)
    return Report(
        total(by_article),
        tuple(by_article),
        len(finished) - len(by_article),
        {str(each): open_[each] for each in Category if open_[each]},
        pairs,
        differing,
        _own(project),
        tuple(disputed),
    )


def _disputed(table: Table) -> Iterator[Dispute]:
    for item in table.items:
        if item.decided is not None and item.decided.disputed:
            said = (
                (each.actor, in_words(each.decision, table.article.text))
                for each in item.decided.disputed
            )
            yield Dispute(item.article, item.key, tuple(said))


def tables(waiting: Waiting) -> Iterator[tuple[adjudicated.Ready, Table]]:
    """The articles that are ready with their items, by number."""
    for place, ready in enumerate(waiting.articles):
        yield ready, waiting.table(place)


def _open(items: tuple[Item, ...], table: Table, options: Options) -> Iterator[str]:
    """The categories of the items that a person has to look at."""
    from annotator.lead.adjudication_filter import Wanted

    asked = set(table.order(Wanted(), options.audit))
    for item in items:
        if item.key in asked and item.state in (State.OPEN, State.STALE):
            yield from item.category


def _pairs(project: Project) -> tuple[tuple[Pair, ...], tuple[tuple[str, str], ...]]:
    """How people agree on items that several decided, and the items on which they do not.

    Two whose difference somebody settled count as differing, whatever they say now.
    """
    items: Counter[tuple[str, str]] = Counter()
    same: Counter[tuple[str, str]] = Counter()
    differing: list[tuple[str, str]] = []
    heads = adjudicated.decision_heads(project)
    for place, group in groupby(heads, key=lambda head: head[:2]):
        found = sorted(
            (actor, decision)
            for _, key, actor, _, body in group
            if (decision := Decision.of(key, body)).verdict is Verdict.DECIDED
        )
        settled = {_pair(d.settles) for _, d in found if len(d.settles) > 1}
        items.update(settled)
        agreed = True
        blind = [each for each in found if not each[1].settles]  # who settled it saw what they say
        for (one, decision), (other, their) in combinations(blind, 2):
            if (one, other) not in settled:
                items[one, other] += 1
                alike = outcome(decision) == outcome(their)
                same[one, other] += alike
                agreed = agreed and alike
        if not agreed and not settled:
            differing.append((place[0], place[1]))
    pairs = tuple(Pair(*names, items[names], same[names]) for names in sorted(items))
    return pairs, tuple(differing)


def _pair(names: tuple[str, ...]) -> tuple[str, str]:
    return names[0], names[-1]


def _own(project: Project) -> int:
    """How many decisions people made on what they had annotated themselves, those of rules left out."""
    return sum(
        bool(body.get("own")) and body.get("method") in ("manual", "new")
        for *_, body in adjudicated.decision_heads(project)
    )
