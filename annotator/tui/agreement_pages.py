"""A report as pages of tables: an overview of all layers, and a page for each of them."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from annotator.gold.agreement.report import (
    Again,
    By,
    Figure,
    Figures,
    Kind,
    LayerReport,
    Metric,
    Report,
    Row,
    Worst,
)
from annotator.lead.agreement_plot import on_scale
from annotator.lead.agreement_tracing import Asked, traceable
from annotator.lead.agreement_words import (
    GROUP,
    TITLES,
    UNDEFINED,
    counted,
    decimal,
    interval,
    share,
)
from annotator.text.visible import plain_line
from annotator.tui.agreement_grid import Cell, Column, Grid, line_of
from annotator.tui.agreement_pictures import Heat, Series
from annotator.tui.agreement_place import Listed, Number, Opened, Place

SCALE = 21
"""Cells of the line from 0 to 1."""
MATRIX = 8
"""So many annotators fit into a matrix."""
FEW = "few"


class Page(NamedTuple):
    """One tab of the first row, with its tables."""

    title: str
    places: tuple[Place, ...]


def pages(report: Report) -> tuple[Page, ...]:
    """The overview, then the layers."""
    layers = report.layers
    left_out = Grid(
        "Left out", _LEFT_OUT, [row for layer in layers for row in _left_out(layer)],
        nothing="Nobody's work was left out.",
    )  # fmt: skip
    overview = Page("overview", (_headlines(report), left_out))
    return (overview, *(Page(line_of(layer.title), _tables(layer)) for layer in layers))


def _tables(layer: LayerReport) -> tuple[Place, ...]:
    found: list[Place] = [_numbers(layer), _groups(layer, By.LABEL, "Labels")]
    if 2 < len(layer.annotators) <= MATRIX:
        found.append(_matrix(layer))
    found.append(_groups(layer, By.PAIR, "Pairs"))
    for by, title, over in (
        (By.ROUND, "Rounds", "Over rounds"),
        (By.GUIDELINES, "Guidelines", "Over versions"),
    ):
        if layer.by[by]:
            found.append(_groups(layer, by, title))
        if len(layer.by[by]) > 1:
            found.append(Series(layer, by, over))
    found += [Heat(layer), Series(layer, By.WEEK, "Weeks"), _self(layer), _articles(layer)]
    found.append(Grid("Left out", _LEFT_OUT, list(_left_out(layer)),
                      nothing="Nobody's work was left out."))  # fmt: skip
    return tuple(found)


# --- numbers over everything

_FIGURES = (
    Column("value", right=True),
    Column("95 % interval"),
    Column("articles", right=True, keep=6),
    Column("counted", right=True, keep=5),
    Column("", keep=7),
    Column("0        .5         1", keep=1),
)


def _headlines(report: Report) -> Grid:
    rows = [
        (
            Cell(line_of(layer.title) if n == 0 else "", style="bold"),
            *_figure(layer, metric, figure),
        )
        for layer in report.layers
        for n, (metric, figure) in enumerate(_first(layer))
    ]
    of = [layer for layer in report.layers for _ in _first(layer)]
    columns = (Column("layer", shrinks=True), Column("measure"), *_FIGURES)
    return Grid("Layers", columns, rows, lambda n: [_measured(of[n]), *_words(of[n])])


def _first(layer: LayerReport) -> list[tuple[Metric, Figure]]:
    return [(metric, layer.figures[metric]) for metric in layer.headline]


def _numbers(layer: LayerReport) -> Grid:
    every = [*layer.figures.items(), *layer.on_request.items()]
    rows = [_figure(layer, metric, figure) for metric, figure in every]

    def below(_: int) -> list[str]:
        return [_measured(layer), *_words(layer), *_sums(layer)]

    return Grid("Numbers", (Column("measure", shrinks=True), *_FIGURES), rows, below)


def _figure(layer: LayerReport, metric: Metric, figure: Figure) -> tuple[Cell, ...]:
    """Title, value, interval, what it rests on, a note, and where it lies."""
    asked = Asked(layer.layer, metric)
    number = _number(TITLES[metric], asked, metric, figure, layer.worst)
    first = metric in layer.headline
    note = FEW if figure.few else ""
    if first and layer.skewed:
        note = f"{note} skewed".strip()
    return (
        Cell(("▸ " if first else "  ") + TITLES[metric], style="bold" if first else ""),
        Cell(decimal(figure.value), number, "bold" if first else ""),
        Cell(interval(figure)),
        Cell(f"{figure.n_articles:,}"),
        Cell(f"{figure.n_items:,}"),
        Cell(note),
        Cell(on_scale(figure.value, figure.low, figure.high, SCALE)),
    )


def _number(title: str, asked: Asked, metric: Metric, figure: Figure, worst: Worst) -> Number:
    """A number with the articles that a report names for it, or for the one that stands in."""
    named = traceable(metric, worst)
    kept = worst[named] if named else ()
    return Number(title, asked, figure, kept=kept, stand_in=named if named != metric else None)


def _measured(layer: LayerReport) -> str:
    """What was measured, and what not."""
    found = f"{_counted(layer.articles)} that two or more finished"
    if layer.agreed_empty:
        found += f", {layer.agreed_empty:,} of them with nothing in"
    found += f"; {layer.single:,} that one alone finished, not measured."
    out = sum(len(each.articles) for each in layer.left_out)
    return found + (f" Left out: work on {_counted(out)}." if out else "")


def _words(layer: LayerReport) -> list[str]:
    """What the headline means, and a warning."""
    found = [f"Warning: {layer.skewed}"] if layer.skewed else []
    reading = layer.reading
    if reading.text:
        found.append(f"{TITLES[layer.headline[0]]}: {reading.text}")
    if reading.below_667 is not None and reading.below_800 is not None:
        found.append(f"Chance that it is below .667: {share(reading.below_667)}; "
                     f"below .800: {share(reading.below_800)}.")  # fmt: skip
    return found


def _sums(layer: LayerReport) -> list[str]:
    counts = ", ".join(f"{name} {n:,}" for name, n in layer.counts.items())
    what = "Targets" if layer.kind is Kind.STANCE else "Pairs of spans"
    return [f"{what}: {counts}."] if counts else []


def _counted(number: int) -> str:
    return "1 article" if number == 1 else f"{number:,} articles"


# --- groups


def _groups(layer: LayerReport, by: By, title: str) -> Grid:
    rows = layer.by[by]
    metrics = [metric for metric in layer.figures if any(metric in row.figures for row in rows)]
    first, *others = metrics or [layer.headline[0]]
    columns = (
        Column(GROUP[by], shrinks=True),
        Column(TITLES[first], right=True),
        Column("95 % interval", keep=8),
        Column("articles", right=True, keep=7),
        Column(counted(first), right=True, keep=6),
        Column("", keep=8),
        *(Column(TITLES[metric], right=True, keep=5) for metric in others),
    )
    made = [_group(layer, by, row, first, others) for row in rows]
    why = "Nothing is known of it: nobody was assigned in rounds." if by is By.ROUND else ""
    return Grid(title, columns, made, nothing=why or "Nothing is known of it.")


def _group(
    layer: LayerReport, by: By, row: Row, first: Metric, others: Sequence[Metric]
) -> tuple[Cell, ...]:
    name = " / ".join(plain_line(each, 24) for each in row.group)
    head = row.figures.get(first)
    of = f"{by} {name}" if by in (By.ROUND, By.GUIDELINES) else name

    def cell(metric: Metric) -> Cell:
        asked = Asked(layer.layer, metric, by, row.group)
        return _value(f"{TITLES[metric]} of {of}", asked, row.figures, row.worst)

    return (
        Cell(name),
        cell(first),
        Cell(interval(head) if head else ""),
        Cell(f"{head.n_articles:,}" if head else ""),
        Cell(f"{head.n_items:,}" if head else ""),
        Cell(FEW if head and head.few else ""),
        *(cell(metric) for metric in others),
    )


def _value(title: str, asked: Asked, figures: Figures, worst: Worst) -> Cell:
    """A number of a group."""
    figure = figures.get(asked.metric) if asked.metric else None
    if asked.metric is None or figure is None:
        return Cell("")
    number = _number(title, asked, asked.metric, figure, worst)
    return Cell(decimal(figure.value), number)


def _matrix(layer: LayerReport) -> Grid:
    """The first headline of every pair, as a square."""
    metric, names = layer.headline[0], layer.annotators
    rows: Mapping[tuple[str, ...], Row] = {row.group: row for row in layer.by[By.PAIR]}

    def cell(one: str, two: str) -> Cell:
        row = rows.get((min(one, two), max(one, two)))
        if row is None:
            return Cell("" if one != two else "·", style="dim")
        title = f"{TITLES[metric]} of {plain_line(one, 24)} / {plain_line(two, 24)}"
        asked = Asked(layer.layer, metric, By.PAIR, row.group)
        return _value(title, asked, row.figures, row.worst)

    columns = (
        Column(TITLES[metric]),
        *(Column(plain_line(name, 10), right=True) for name in names),
    )
    made = [(Cell(line_of(one)), *(cell(one, two) for two in names)) for one in names]
    return Grid("Matrix", columns, made)


# --- self-agreement, articles, what was left out


def _self(layer: LayerReport) -> Grid:
    metrics = [m for m in layer.figures if any(m in each.figures for each in layer.again)]
    columns = (
        Column("annotator", shrinks=True),
        *(Column(TITLES[m], right=True, keep=9 - min(n, 4)) for n, m in enumerate(metrics)),
        Column("articles", right=True, keep=8),
        Column("days between", right=True, keep=8),
    )
    rows = [_again(layer, each, metrics) for each in layer.again]
    return Grid("Self", columns, rows, nothing="Nobody finished a second pass.")


def _again(layer: LayerReport, each: Again, metrics: Sequence[Metric]) -> tuple[Cell, ...]:
    name = line_of(each.annotator)
    head = each.figures.get(metrics[0])
    days = UNDEFINED
    if each.days is not None:
        least, middle, most = each.days
        days = f"{middle:.0f} ({least:.0f} to {most:.0f})"
    return (
        Cell(name),
        *(
            _value(
                f"{TITLES[metric]} of {name} with their earlier pass",
                Asked(layer.layer, metric, person=each.annotator),
                each.figures,
                each.worst,
            )
            for metric in metrics
        ),
        Cell(f"{head.n_articles:,}" if head else ""),
        Cell(days),
    )


def _articles(layer: LayerReport) -> Grid:
    """The articles with most disagreement."""
    asked = Asked(layer.layer, layer.headline[0])
    rows = [
        (
            Cell(line_of(each.article), Opened(each.article, asked)),
            Cell(decimal(each.value)),
            Cell(share(each.share)),
            Cell(_bar(each.share)),
        )
        for each in layer.by_article
    ]
    title = TITLES[layer.headline[0]]
    columns = (Column("article", shrinks=True), Column(title, right=True),
               Column("of all disagreement", right=True), Column("", keep=5))  # fmt: skip
    return Grid("Articles", columns, rows, nothing="No article pulls it down.")


def _bar(part: float) -> str:
    return "█" * round(part * 20) or "▏"


_LEFT_OUT = (
    Column("layer", shrinks=True),
    Column("annotator", shrinks=True),
    Column("why"),
    Column("articles", right=True),
)


def _left_out(layer: LayerReport) -> list[tuple[Cell, ...]]:
    return [
        (
            Cell(line_of(layer.title)),
            Cell(line_of(each.annotator)),
            Cell(line_of(each.reason)),
            Cell(
                f"{len(each.articles):,}",
                Listed(
                    f"left out: {plain_line(each.annotator, 24)}, {each.reason}",
                    Asked(layer.layer),
                    each.articles,
                ),
            ),
        )
        for each in layer.left_out
    ]
