"""How well each annotator works, over a project: what `annotator quality` prints.

Agreement comes from the counts that `lead.measuring` keeps, gold from a release or from decisions, time
from what the desk recorded. Nothing is written but the counts of agreement.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from annotator.gold import beside
from annotator.gold.agreement.counting import layer_kinds
from annotator.gold.agreement.report import Kind, LayerKind
from annotator.gold.agreement.report import Part as Counted
from annotator.gold.beside import Doc
from annotator.gold.comparison import Counts, Outcome, compare
from annotator.gold.drift import Drift, Point, drift
from annotator.gold.quality import (
    Diagonal,
    LayerQuality,
    Pace,
    Person,
    QualityReport,
    Questions,
    Self,
    against,
    diagonals,
)
from annotator.lead.known_gold import Gold
from annotator.lead.measuring import parts
from annotator.model.errors import AnnotatorError
from annotator.model.event import event_time
from annotator.model.person import TRAINING, person_of
from annotator.model.slot import Why
from annotator.store import pace, questions
from annotator.store.questions import Question

if TYPE_CHECKING:
    from annotator.store.project import Project

DAY = 24 * 3600.0

Tell = Callable[[int, int], object]
"""Called with how many articles are counted, and of how many."""


class Answer(NamedTuple):
    """One annotator's finished layer of an article with gold."""

    article: str
    counts: Counts
    hidden: bool
    """Whether it answers a hidden question."""


class _Known(NamedTuple):
    """All that was read, by annotator and layer."""

    kinds: Mapping[str, LayerKind]
    parts: Sequence[Counted]
    answers: Mapping[tuple[str, str], list[Answer]]
    asked: Sequence[Question]
    paces: Mapping[tuple[str, str], pace.Took]
    diagonals: Mapping[str, tuple[Diagonal, ...]]


def quality(
    project: "Project",
    gold: Gold | None = None,
    names: Collection[str] = (),
    since: str = "",
    tell: Tell | None = None,
) -> QualityReport:
    """Everybody's quality.

    Args:
        project: an open project; for reading only too.
        gold: what work is held against; None leaves those numbers out.
        names: only these annotators.
        since: only work finished on this day (2026-02-14, UTC) or later.
        tell: told how far the counting of agreement is.

    Raises:
        AnnotatorError: no such annotator, or no possible day.
    """
    is_recent = _since(since)
    counted = [_narrowed(part, is_recent) for part in parts(project, progress=tell)]
    known = sorted({name for part in counted for name in _finishers(part)})
    for name in names:
        if name not in known:
            listed = ", ".join(known) or "nobody yet"
            raise AnnotatorError(
                f"{name} has finished nothing in {project.path.name} that counts; there is {listed}."
            )
    kinds = {kind.name: kind for kind in layer_kinds(project.scheme)}
    asked = questions.questions(project)
    read = _Known(
        kinds,
        counted,
        _answers(project, gold, counted, asked, names or known),
        asked,
        _paces(project, is_recent),
        {name: found for kind in kinds.values() for name, found in _model(kind, counted).items()},
    )
    people = tuple(_person(name, read) for name in known if not names or name in names)
    return QualityReport(people, gold.words if gold else "", since)


def _since(day: str) -> Callable[[str], bool]:
    """Whether an event is of that day or later."""
    if not day:
        return lambda _: True
    try:
        date.fromisoformat(day)
    except ValueError as error:
        raise AnnotatorError(f"{day!r} is no day; write it as 2026-02-14.") from error
    return lambda event: (
        bool(event) and (datetime.fromtimestamp(event_time(event), UTC).date().isoformat() >= day)
    )


def _narrowed(part: Counted, is_recent: Callable[[str], bool]) -> Counted:
    """An article's counts with only those annotators in them whose work counts."""
    at = part.counts["at"]
    kept = {actor for actor, event in at.items() if is_recent(event)}
    if len(kept) == len(at):
        return part
    layers = {
        name: {
            **counts,
            "done": [actor for actor in counts["done"] if actor in kept],
            "again": [each for each in counts["again"] if each[2] in kept],
        }
        for name, counts in part.counts["layers"].items()
    }
    return part._replace(counts={"at": at, "layers": layers})  # `at` is asked for first passes too


def _finishers(part: Counted) -> set[str]:
    """Who finished a layer of an article."""
    return {name for counts in part.counts["layers"].values() for name in counts["done"]}


# --- what is read


def _answers(
    project: "Project",
    gold: Gold | None,
    counted: Sequence[Counted],
    asked: Sequence[Question],
    names: Collection[str],
) -> dict[tuple[str, str], list[Answer]]:
    """Everybody's work beside gold, by annotator and layer."""
    found: dict[tuple[str, str], list[Answer]] = {}
    hidden = {(each.annotator, each.article) for each in asked if each.why is Why.GOLD}
    wanted = {part.article: _finishers(part) & set(names) for part in counted}
    for article, true in gold.works() if gold is not None else ():
        for name in sorted(wanted.get(article, ())):
            made = compare(project.work(article, name), true, project.scheme)
            for layer, counts in made.counts().items():
                answer = Answer(article, counts, (name, article) in hidden)
                found.setdefault((name, layer), []).append(answer)
    return found


def _paces(
    project: "Project", is_recent: Callable[[str], bool]
) -> dict[tuple[str, str], pace.Took]:
    def counts(actor: str, _article: str, newest: str) -> bool:
        return person_of(actor)[1] != TRAINING and is_recent(newest)

    return pace.paces(project, counts)


def _model(kind: LayerKind, counted: Sequence[Counted]) -> dict[str, tuple[Diagonal, ...]]:
    """How reliable each is with each value, where the layer is one of stances."""
    if kind.kind is not Kind.STANCE:
        return {}
    items = [
        {
            name: label
            for name, label in item
            if name in part.counts["layers"][kind.name]["done"] and name not in part.hidden
        }
        for part in counted
        if kind.name in part.counts["layers"]
        for item in part.counts["layers"][kind.name]["items"]
    ]
    return diagonals(items)


# --- what is made of it


def _person(name: str, known: _Known) -> Person:
    finished = {
        part.article: None
        for part in known.parts
        if all(name in counts["done"] for counts in part.counts["layers"].values())
    }
    layers = tuple(
        found for kind in known.kinds.values() if (found := _layer(name, kind, known)) is not None
    )
    return Person(
        name,
        len(finished),
        _questions(name, Why.GOLD, known.asked),
        _questions(name, Why.AGAIN, known.asked),
        layers,
    )


def _questions(name: str, why: Why, asked: Sequence[Question]) -> Questions:
    own = [each for each in asked if each.person == name and each.why is why]
    return Questions(len(own), sum(each.is_answered for each in own))


Finished = tuple[Counted, Mapping[str, Any]]
"""An article whose layer somebody finished, and the layer's counts."""


def _docs(name: str, layer: str, known: _Known) -> Iterator[Finished]:
    for part in known.parts:
        counts = part.counts["layers"].get(layer)
        if counts is not None and name in counts["done"]:
            yield part, counts


def _layer(name: str, kind: LayerKind, known: _Known) -> LayerQuality | None:
    held = list(_docs(name, kind.name, known))
    answers = known.answers.get((name, kind.name), [])
    again = _again(name, kind, known)
    if not held and again is None:
        return None
    own = [
        Doc(part.article, counts, beside.with_others(counts, name, part.hidden))
        for part, counts in held
    ]
    rest = [
        Doc(part.article, counts, beside.without(counts, name, part.hidden))
        for part, counts in held
        if name not in part.hidden
    ]
    took = known.paces.get((name, kind.name))
    return LayerQuality(
        kind.name,
        kind.kind,
        kind.title,
        len(held),
        beside.beside(kind, own),
        beside.beside(kind, rest),
        against([(each.article, each.counts) for each in answers], kind.kind),
        against([(each.article, each.counts) for each in answers if each.hidden], kind.kind),
        again,
        Pace(*took) if took is not None else Pace(),
        known.diagonals.get(name, ()) if kind.kind is Kind.STANCE else (),
        _drift(name, _agreed(kind, held, own)),
        _gold_drift(name, kind, held, answers),
    )


def _agreed(
    kind: LayerKind, held: Sequence[Finished], docs: Sequence[Doc]
) -> list[tuple[Counted, tuple[int, int]]]:
    """The agreement with the others of every article."""
    return [(part, beside.agreed(kind, doc)) for (part, _), doc in zip(held, docs, strict=True)]


def _drift(name: str, values: Sequence[tuple[Counted, tuple[int, int]]]) -> Drift:
    return drift(
        Point(part.article, part.counts["at"][name], good, all_, part.guidelines.get(name, ""))
        for part, (good, all_) in values
    )


def _gold_drift(
    name: str,
    kind: LayerKind,
    held: Sequence[Finished],
    answers: Sequence[Answer],
) -> Drift:
    by_article = {answer.article: answer.counts for answer in answers}
    found = [(part, by_article[part.article]) for part, _ in held if part.article in by_article]
    return _drift(name, [(part, _good(kind, counts)) for part, counts in found])


def _good(kind: LayerKind, counts: Counts) -> tuple[int, int]:
    """What is right and what there is, as `beside.agreed` counts it."""
    if kind.kind is Kind.BLOCKS:
        return counts.partial
    return 2 * counts.many(Outcome.SAME), counts.gold() + counts.own()


def _again(name: str, kind: LayerKind, known: _Known) -> Self | None:
    """Somebody's second passes beside the first."""
    docs, days = [], []
    for part in known.parts:
        counts = part.counts["layers"].get(kind.name)
        pairs = beside.again(counts, name) if counts is not None else ()
        if not pairs or counts is None:
            continue
        docs.append(Doc(part.article, counts, pairs))
        for first, second in pairs:
            at = [part.counts["at"].get(actor, "") for actor in (first, second)]
            if all(at):
                days.append(abs(event_time(at[1]) - event_time(at[0])) / DAY)
    if not docs:
        return None
    sums: Counter[str] = Counter()
    for doc in docs:
        good, all_ = beside.agreed(kind, doc)
        sums.update({"good": good, "all": all_})
    days.sort()
    return Self(
        beside.beside_self(kind, docs),
        1 - sums["good"] / sums["all"] if sums["all"] else None,
        (days[0], days[len(days) // 2], days[-1]) if days else None,
    )
