"""From the counts of articles to a report: who counts, in which groups, and what they add up to."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

from annotator.gold.agreement import figures
from annotator.gold.agreement.coefficients import skewed
from annotator.gold.agreement.figures import Doc, Numbers, WithInterval
from annotator.gold.agreement.formulas import pairs_of, table
from annotator.gold.agreement.interpreting import reading
from annotator.gold.agreement.intervals import jackknife
from annotator.gold.agreement.report import (
    HEADLINE,
    WORST,
    Again,
    By,
    Confusion,
    Kind,
    LayerKind,
    LayerReport,
    LeftOut,
    Metric,
    Part,
    Report,
    Row,
    Scope,
)
from annotator.gold.agreement.table import Table
from annotator.model.event import event_time
from annotator.model.person import person_of

BY_ARTICLE = 200
"""Articles of a layer that are listed with their own headline, those that disagree most."""
OWN_WORST = 5
"""Articles that are named for every number of a group."""
DAY = 86_400


class _Layer(NamedTuple):
    """The articles of a layer, sorted out."""

    kind: LayerKind
    docs: list[Doc]
    """Those that two or more finished, sorted by id."""
    again: dict[str, list[tuple[Doc, float | None]]]
    """By person: two passes of theirs over an article, and the days between."""
    left_out: dict[tuple[str, str], list[str]]
    single: int
    empty: int


def pooled(
    parts: Iterable[Part],
    layers: Sequence[LayerKind],
    scope: Scope,
    also: Sequence[Metric] = (),
    interval: WithInterval = jackknife,
) -> Report:
    """See `report.report`."""
    wanted = [layer for layer in layers if not scope.layers or layer.name in scope.layers]
    sorted_out = [_Layer(layer, [], {}, {}, 0, 0) for layer in wanted]
    articles = 0
    for part in parts:
        counted = {actor for actor in part.counts["at"] if in_scope(part, actor, scope)}
        articles += bool(counted)
        sorted_out = [_sort_out(layer, part, counted) for layer in sorted_out]
    made = (_layer_report(layer, also, interval) for layer in sorted_out)
    return Report(tuple(made), scope, articles)


# --- who counts


def in_scope(part: Part, actor: str, scope: Scope) -> bool:
    """Whether somebody's work on an article is in scope; an answer to a hidden question never is."""
    if actor in part.hidden:
        return False
    if scope.annotators and person_of(actor)[0] not in scope.annotators:
        return False
    if scope.rounds and part.rounds.get(actor, "") not in scope.rounds:
        return False
    if scope.guidelines and part.guidelines.get(actor, "") not in scope.guidelines:
        return False
    if scope.since or scope.until:
        at = part.counts["at"][actor]
        day = _time(at).date().isoformat() if at else ""
        return bool(day) and (scope.since or day) <= day <= (scope.until or day)
    return True


def _time(event: str) -> datetime:
    return datetime.fromtimestamp(event_time(event), UTC)


def _sort_out(layer: _Layer, part: Part, counted: Collection[str]) -> _Layer:
    """Put an article where it belongs in a layer."""
    counts = part.counts["layers"].get(layer.kind.name)
    if counts is None:
        return layer
    for actor, reason in counts["out"].items():
        if actor in counted:
            layer.left_out.setdefault((reason, actor), []).append(part.article)
    for person, *passes in counts["again"]:
        if passes[0] in counted or passes[1] in counted:
            found = layer.again.setdefault(person, [])
            found.append((Doc(part.article, counts, tuple(passes), part), _days(part, passes)))
    who = tuple(actor for actor in counts["done"] if actor in counted)
    if len(who) < 2:
        return layer._replace(single=layer.single + len(who))
    doc = Doc(part.article, counts, who, part)
    layer.docs.append(doc)
    return layer._replace(empty=layer.empty + _found_nothing(layer.kind, doc))


def _days(part: Part, passes: Sequence[str]) -> float | None:
    first, second = (part.counts["at"].get(actor, "") for actor in passes)
    if not first or not second:
        return None
    return abs(event_time(second) - event_time(first)) / DAY


def _found_nothing(layer: LayerKind, doc: Doc) -> bool:
    if layer.kind is Kind.STANCE:
        return not any(doc.counts["shown"][actor][0] for actor in doc.who)
    return all(doc.counts["pairs"][pair]["docs"][1] for pair in pairs_of(doc.who))


# --- groups


def groups(docs: Iterable[Doc]) -> dict[By, dict[tuple[str, ...], list[Doc]]]:
    """The articles of each pair, round, version and week; in each only whose work belongs there."""
    found: dict[By, dict[tuple[str, ...], list[Doc]]] = {by: {} for by in By}
    for doc in docs:
        for pair in combinations(doc.who, 2):
            found[By.PAIR].setdefault(pair, []).append(_narrowed(doc, pair))
        for by, names in ((By.ROUND, doc.part.rounds), (By.GUIDELINES, doc.part.guidelines)):
            for name in sorted({names.get(actor, "") for actor in doc.who} - {""}):
                who = tuple(actor for actor in doc.who if names.get(actor) == name)
                if len(who) > 1:
                    found[by].setdefault((name,), []).append(_narrowed(doc, who))
        times = [doc.part.counts["at"][actor] for actor in doc.who]
        if all(times):
            found[By.WEEK].setdefault((_week(max(times)[:13]),), []).append(doc)
    return found


def _narrowed(doc: Doc, who: tuple[str, ...]) -> Doc:
    return doc if who == doc.who else Doc(doc.article, doc.counts, who, doc.part)


@lru_cache(maxsize=100_000)
def _week(event: str) -> str:
    """The ISO week in which an event was made, by the part of its id that tells when."""
    return "{}-W{:02}".format(*_time(event).isocalendar())


def _rows(
    layer: LayerKind,
    by: By,
    groups: Mapping[tuple[str, ...], list[Doc]],
    docs: list[Doc],
    whole: Numbers,
) -> tuple[Row, ...]:
    found = []
    for group in sorted(groups):
        made = whole  # the only round or week is all there is
        if groups[group] != docs:
            known = whole.pool.pair(*group) if whole.pool and by is By.PAIR else None
            made = figures.numbers(layer, groups[group], OWN_WORST, known=known)
        worst = {metric: each[:OWN_WORST] for metric, each in made.worst.items()}
        found.append(Row(group, made.figures, worst))
    return tuple(found)


def _layer_report(layer: _Layer, also: Sequence[Metric], interval: WithInterval) -> LayerReport:
    kind, docs = layer.kind, sorted(layer.docs, key=lambda doc: doc.article)
    whole = figures.numbers(kind, docs, BY_ARTICLE, interval)
    by = {name: _rows(kind, name, found, docs, whole) for name, found in groups(docs).items()}
    by[By.LABEL] = figures.labels(kind, docs, OWN_WORST, whole.pool)
    headline = tuple(name for name in HEADLINE[kind.kind] if name in whole.figures)
    return LayerReport(
        kind.name,
        kind.kind,
        kind.title,
        headline,
        whole.figures,
        {metric: found[:WORST] for metric, found in whole.worst.items()},
        by,
        whole.worst[headline[0]],
        _confusion(kind, docs),
        _sums(kind, docs),
        tuple(sorted({actor for doc in docs for actor in doc.who})),
        len(docs),
        layer.single,
        layer.empty,
        tuple(
            LeftOut(reason, actor, tuple(sorted(articles)))
            for (reason, actor), articles in sorted(layer.left_out.items())
        ),
        _skew(kind, docs),
        reading(kind.kind, whole.figures, whole.below),
        tuple(_again(kind, person, layer.again[person]) for person in sorted(layer.again)),
        figures.on_request(kind, docs, also, interval),
    )


def _again(layer: LayerKind, person: str, found: Sequence[tuple[Doc, float | None]]) -> Again:
    days = sorted(each for _, each in found if each is not None)
    docs = sorted((doc for doc, _ in found), key=lambda doc: (doc.article, doc.who))
    made: Numbers = figures.numbers(layer, docs, OWN_WORST)
    span = (days[0], days[len(days) // 2], days[-1]) if days else None
    return Again(person, made.figures, span, made.worst)


# --- what else a layer says


def _confusion(layer: LayerKind, docs: Iterable[Doc]) -> Confusion:
    """Which label met which, over all pairs; both ways round."""
    cells: Counter[tuple[str, str]] = Counter()
    for doc in docs:
        if layer.kind is Kind.STANCE:
            for (one, two), n in table(doc.counts, doc.who).confusion().items():
                cells[one, two] += n
        else:
            for pair in pairs_of(doc.who):
                for mine, theirs, n in doc.counts["pairs"][pair]["confusion"]:
                    cells[mine or "", theirs or ""] += n
    names = {name for cell in cells for name in cell}
    known = [label for label in layer.labels if label in names]
    labels = (*known, *sorted(names - {*known, ""}), *([""] if "" in names else []))
    rows = (tuple(cells[one, two] + cells[two, one] for two in labels) for one in labels)
    return Confusion(labels, tuple(rows))


def _sums(layer: LayerKind, docs: Iterable[Doc]) -> dict[str, int]:
    """Plain counts: of spans over all pairs, of stances over all targets."""
    if layer.kind is not Kind.STANCE:
        return figures.span_counts(docs)
    total = Table.total(map(_table, docs))
    return {"targets": total.items, "marked by two or more": total.paired, "by one": total.single}


def _table(doc: Doc) -> Table:
    return table(doc.counts, doc.who)


def _skew(layer: LayerKind, docs: Iterable[Doc]) -> str:
    if layer.kind is not Kind.STANCE or not skewed(Table.total(map(_table, docs))):
        return ""
    return "Skewed labels: read AC1 and the agreement per label beside alpha."
