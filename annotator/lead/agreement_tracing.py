"""From a number of a report back to articles: which of them it comes from, and whose work it compares.

Every number of a report says by itself which few articles pull it down most; here all of them are
found, from the counts that measuring keeps.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from annotator.gold.agreement import figures, pooling
from annotator.gold.agreement.counting import layer_kinds
from annotator.gold.agreement.figures import Doc
from annotator.gold.agreement.formulas import pairs_of, table
from annotator.gold.agreement.report import By, Kind, LayerKind, Metric, Part, Scope
from annotator.lead.measuring import parts
from annotator.store.works import no_collection

if TYPE_CHECKING:
    from annotator.store.project import Project

Tell = Callable[[int, int], object]
"""Called with how many articles were looked at, and of how many."""

MOST = 500
"""Articles that are listed of a number at most."""


class Asked(NamedTuple):
    """Which number of a report is meant."""

    layer: str
    metric: Metric | None = None
    """None: of a cell of the confusion."""
    by: By | None = None
    """With `group` the group's; None is the whole layer's."""
    group: tuple[str, ...] = ()
    person: str = ""
    """Of somebody's agreement with their own earlier pass."""
    cell: tuple[str, str] | None = None
    """Two labels of the confusion, "" for nothing."""


class Traced(NamedTuple):
    """An article that a number comes from."""

    article: str
    value: float | None
    """The number of this article alone; of a cell how often it is in it."""
    share: float
    """Its share of all disagreement that the number counts (of a cell: of its count), 0 to 1."""


def trace(
    project: "Project", scope: Scope, asked: Asked, tell: Tell | None = None
) -> tuple[Traced, ...]:
    """The articles that pull a number down, the worst first; or those a confusion is from.

    Args:
        project: an open project, for reading only too; call it in the thread that opened it.
        scope: the report's.
        asked: which number.
        tell: told how far it is; it may raise to stop.
    """
    layer = next(kind for kind in layer_kinds(project.scheme) if kind.name == asked.layer)
    with no_collection():
        counted = parts(project, scope, tell)
        docs = sorted(_docs(counted, layer, scope, asked), key=lambda doc: (doc.article, doc.who))
        if asked.cell is not None:
            return _of_cell(docs, layer, asked.cell)
        return _of_number(docs, layer, asked)


def _of_number(docs: list[Doc], layer: LayerKind, asked: Asked) -> tuple[Traced, ...]:
    """The articles with the most disagreement."""
    if asked.by is By.LABEL:
        rows = figures.labels(layer, docs, MOST, None)
        worst = next((row.worst for row in rows if row.group == asked.group), {})
    else:
        worst = figures.numbers(layer, docs, MOST).worst
    metric = traceable(asked.metric, worst)
    return tuple(Traced(*each) for each in worst[metric]) if metric else ()


def traceable(metric: Metric | None, known: Iterable[Metric]) -> Metric | None:
    """The number whose articles are listed for a number: itself where they are told apart.

    Coefficients of the same answers count the same disagreement; a label's uα is not told apart by
    article, and its spans stand in.
    """
    known = set(known)
    if metric in known:
        return metric
    for stand_in in (Metric.PERCENT, Metric.STRICT_F1):
        if stand_in in known:
            return stand_in
    return next(iter(sorted(known)), None)


def _docs(counted: Iterable[Part], layer: LayerKind, scope: Scope, asked: Asked) -> Iterator[Doc]:
    """The articles of a number, each with those of its annotators who count in it."""
    for part in counted:
        counts = part.counts["layers"][layer.name]
        names = {actor for actor in part.counts["at"] if pooling.in_scope(part, actor, scope)}
        if asked.person:
            for person, *passes in counts["again"]:
                if person == asked.person and not names.isdisjoint(passes):
                    yield Doc(part.article, counts, tuple(passes), part)
            continue
        who = tuple(actor for actor in counts["done"] if actor in names)
        if len(who) < 2:
            continue
        doc = Doc(part.article, counts, who, part)
        if asked.by is None or asked.by is By.LABEL:
            yield doc
        else:
            yield from pooling.groups([doc])[asked.by].get(asked.group, ())


def _of_cell(docs: list[Doc], layer: LayerKind, cell: tuple[str, str]) -> tuple[Traced, ...]:
    """The articles in which two labels met, those where most often first."""
    found = [(doc.article, _times(doc, layer, cell)) for doc in docs]
    whole = sum(n for _, n in found)
    found = sorted((each for each in found if each[1]), key=lambda each: (-each[1], each[0]))
    return tuple(Traced(article, float(n), n / whole) for article, n in found[:MOST])


def _times(doc: Doc, layer: LayerKind, cell: tuple[str, str]) -> int:
    """How often two annotators of an article said these two labels, whoever said which."""
    if layer.kind is Kind.STANCE:
        return table(doc.counts, doc.who).confusion().get((min(cell), max(cell)), 0)
    return sum(
        n
        for pair in pairs_of(doc.who)
        for mine, theirs, n in doc.counts["pairs"][pair]["confusion"]
        if (mine or "", theirs or "") in (cell, cell[::-1])
    )


def compared(
    project: "Project", scope: Scope, asked: Asked, article: str
) -> tuple[tuple[str, ...], ...]:
    """Whose work on an article a number compares: names, passes among them; () when nobody's.

    Of several rows (two pairs of passes of a person) each is one tuple.
    """
    layer = next(kind for kind in layer_kinds(project.scheme) if kind.name == asked.layer)
    only = scope._replace(articles=(article,), languages=(), sources=(), splits=())
    return tuple(doc.who for doc in _docs(parts(project, only), layer, scope, asked))
