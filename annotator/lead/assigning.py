"""Who is to annotate what, over a project: the queue's filter chooses articles, a plan deals them out."""

import heapq
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from typing import NamedTuple

from annotator.gold.assigning import Dealer, Overlap, Pair, Place
from annotator.model.annotation import valid_name
from annotator.model.errors import AnnotatorError
from annotator.model.person import is_pass
from annotator.model.slot import Pool, Round, Slot, Stage
from annotator.store.address import typed
from annotator.store.filters import ALL, Filter
from annotator.store.project import Project
from annotator.store.slots import Staffed

BATCH = 400
"""Articles that are read, planned and saved together."""

Saved = Callable[[int], object]
"""Told how many more articles were dealt with."""


class Request(NamedTuple):
    """What is to be assigned."""

    people: tuple[str, ...] = ()
    """To whom; () is everybody on the list of people."""
    overlap: tuple[Overlap, ...] = ()
    """By how many; () is by everybody in a pilot, else by one."""
    round: str = ""
    where: Filter = ALL
    """Which articles, as the queue of the one who assigns shows them."""
    limit: int = 0
    """At most so many of them, drawn by the seed; 0 is all."""
    split: str = ""
    """Only articles of this split."""
    seed: int = 0


@dataclass(slots=True)
class Report:
    """What was assigned, or would be."""

    articles: int = 0
    """Articles the filter chose."""
    added: Counter[str] = field(default_factory=Counter)
    """Slots that were lacking, by annotator; for pools under ""."""
    load: dict[str, int] = field(default_factory=dict)
    """How many articles everybody has now."""
    met: dict[Pair, int] = field(default_factory=dict)
    """How many articles each two of them have in common now."""
    people: Counter[int] = field(default_factory=Counter)
    """How many of the chosen articles have so many people now."""
    left_out: int = 0
    """Articles that an earlier pilot had."""

    @property
    def slots(self) -> int:
        """How many slots were lacking."""
        return sum(self.added.values())


def assign(project: Project, request: Request, dry_run: bool, saved: Saved = int) -> Report:
    """Give the chosen articles to people, as far as they lack them; safe to repeat.

    Args:
        project: the project.
        request: what to whom.
        dry_run: only say what would be done.
        saved: told of progress.

    Raises:
        AnnotatorError: a name or round that is not known, a closed round, fewer people than asked
            for, or somebody else assigns the same articles at this moment.
    """
    of_round = open_round(project, request.round)
    people = known_people(project, request.people)
    overlap = request.overlap or _usual(of_round, len(people))
    loads = {name: load.assigned for name, load in project.loads().items()}
    dealer = Dealer(people, overlap, loads, project.met(), request.seed)
    report = Report()
    for batch in _batches(_chosen(project, request, of_round, report)):
        slots = [
            Slot(article, name, request.round)
            for article, name in dealer.deal([Place(one.article, one.people) for one in batch])
        ]
        if not dry_run:
            planned = {one.article: {*one.people} for one in batch}
            for slot in slots:
                planned[slot.article].add(slot.annotator)
            project.assign(slots, planned)
        _count(report, batch, slots)
        saved(len(batch))
    report.load = dealer.load
    known = set(dealer.people)
    report.met = {pair: n for pair, n in dealer.met.items() if known.issuperset(pair)}
    return report


def open_pools(project: Project, request: Request, dry_run: bool, saved: Saved = int) -> Report:
    """Open the chosen articles to whoever comes first; safe to repeat.

    Raises:
        AnnotatorError: a round that is not known or closed, or an overlap that is mixed.
    """
    of_round = open_round(project, request.round)
    overlap = request.overlap or (Overlap(1, 1.0),)
    if len(overlap) > 1:
        raise AnnotatorError("A pool has one number of people for its articles; say --overlap 2.")
    wanted = overlap[0].people
    report = Report()
    for batch in _batches(_chosen(project, request, of_round, report)):
        lacking = [one for one in batch if one.pool < wanted]
        if not dry_run:
            project.open_pools(Pool(one.article, wanted, request.round) for one in lacking)
        report.articles += len(batch)
        report.added[""] += len(lacking)
        saved(len(batch))
    return report


def not_begun(project: Project, name: str, round_name: str = "") -> list[Slot]:
    """What somebody was assigned (later passes too) and has not begun."""
    found = [*project.slots(annotator=name, round_name=round_name)]
    found += [each for each in project.passes(name, finished=False) if not round_name]
    return [each for each in found if not project.newest_of(each.article, each.annotator)]


def to_hand_over(project: Project, giver: str, taker: str) -> tuple[int, int]:
    """How many unfinished articles would go from one to another, and how many the other has too."""
    theirs = {slot.article for slot in project.slots(annotator=taker)}
    unfinished = [
        slot.article
        for slot in project.slots(annotator=giver)
        if not project.is_finished(slot.article, giver)
    ]
    stay = sum(article in theirs for article in unfinished)
    return len(unfinished) - stay, stay


def open_round(project: Project, name: str) -> Round | None:
    """The round of a name, None for ""; raises AnnotatorError when there is none or it is closed."""
    if not name:
        return None
    found = project.rounds().get(name)
    if found is None:
        raise AnnotatorError(
            f"There is no round {name}; begin it with "
            f"`annotator rounds {typed(project.path)} --start {name}`."
        )
    if found.closed:
        raise AnnotatorError(f"Round {name} is closed; begin another one.")
    return found


def known_people(project: Project, names: Sequence[str]) -> list[str]:
    """These people, each once, () for everybody on the list of people.

    Raises:
        AnnotatorError: a name that is not on the list while there is one, or no name at all.
    """
    listed = project.people()
    for name in names:
        valid_name(name)
        if is_pass(name):
            raise AnnotatorError(f"{name} is the name of a later pass, not of a person.")
        if listed and name not in listed:
            raise AnnotatorError(
                f"{name} is not on the list of people ({', '.join(listed)}); "
                f"`annotator people {typed(project.path)} --add {name}` puts them there."
            )
    if not (names or listed):
        raise AnnotatorError("Say to whom: --to NAME,NAME; the list of people is empty.")
    return sorted({*names} or {*listed})


def _usual(of_round: Round | None, people: int) -> tuple[Overlap, ...]:
    pilot = of_round is not None and of_round.stage is Stage.PILOT
    return (Overlap(people if pilot else 1, 1.0),)


def _count(report: Report, batch: Sequence[Staffed], slots: Iterable[Slot]) -> None:
    added = Counter(slot.article for slot in slots)
    report.articles += len(batch)
    report.added.update(slot.annotator for slot in slots)
    report.people.update(len(one.people) + added[one.article] for one in batch)


# --- which articles


def _chosen(
    project: Project, request: Request, of_round: Round | None, report: Report
) -> Iterator[Staffed]:
    """The articles that a request is about, by number."""
    found = _fitting(project, request, of_round, report)
    if not request.limit:
        yield from found
        return

    def rank(one: Staffed) -> tuple[bool, bytes]:
        # what is in the round already comes first, so that a repetition draws the same
        drawn = bool(one.people or one.pool) and request.round in (one.rounds or {""})
        return not drawn, sha256(f"{request.seed}:{one.article}".encode()).digest()

    yield from heapq.nsmallest(request.limit, found, key=rank)


def _fitting(
    project: Project, request: Request, of_round: Round | None, report: Report
) -> Iterator[Staffed]:
    """Those that the filter, the split and the round allow."""
    pilots = _earlier_pilots(project, of_round)
    row = None
    while rows := project.page(request.where, after=row, limit=BATCH):
        row = rows[-1]
        found = project.staffed([each.n for each in rows])
        splits = project.splits([each.id for each in rows]) if request.split else {}
        for each in rows:
            one = found[each.n]
            if request.split and splits.get(each.id) != request.split:
                continue
            if pilots & one.rounds:
                report.left_out += 1
                continue
            yield one


def _earlier_pilots(project: Project, of_round: Round | None) -> frozenset[str]:
    """The other pilots: a pilot takes articles that nobody has learnt on."""
    if of_round is None or of_round.stage is not Stage.PILOT:
        return frozenset()
    others = (one for one in project.rounds().values() if one.name != of_round.name)
    return frozenset(one.name for one in others if one.stage is Stage.PILOT)


def _batches(found: Iterable[Staffed]) -> Iterator[list[Staffed]]:
    rest = iter(found)
    while batch := list(islice(rest, BATCH)):
        yield batch
