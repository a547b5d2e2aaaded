"""How `annotator agreement` tells people what was measured, readable at 80 columns and without colour."""

from argparse import Namespace
from collections.abc import Iterator, Mapping, Sequence

from annotator.cli import out
from annotator.cli.agreement_heat import print_confusion
from annotator.gold.agreement.report import (
    By,
    Culprit,
    Figure,
    Kind,
    LayerReport,
    Metric,
    Report,
    Row,
)
from annotator.lead.agreement_words import GROUP, TITLES, UNDEFINED, decimal

__all__ = ["TITLES", "UNDEFINED", "decimal", "print_report"]

SHOWN: Mapping[Kind, tuple[Metric, ...]] = {
    Kind.SPANS: (Metric.STRICT_F1, Metric.PARTIAL_F1),
    Kind.BLOCKS: (Metric.U_ALPHA, Metric.STRICT_F1),
    Kind.STANCE: (Metric.ALPHA, Metric.PERCENT),
}
"""What a table of groups shows, of what there is."""
MATRIX = 6
"""So many annotators fit into a matrix."""


def print_report(project: str, report: Report, args: Namespace) -> None:
    """Print a report as the arguments want it."""
    out.say(f"{project}: {out.counted(report.articles, 'article')} with work in scope")
    for layer in report.layers:
        out.say()
        if args.again:
            _print_again(layer)
        else:
            _print_layer(layer, args)


def _print_layer(layer: LayerReport, args: Namespace) -> None:
    names = ", ".join(layer.annotators) or "nobody"
    out.say(f"{layer.title} ({layer.layer}): {names}")
    measured = f"{out.counted(layer.articles, 'article')} that two or more finished"
    empty = (
        f", {out.number(layer.agreed_empty)} of them with nothing in" if layer.agreed_empty else ""
    )
    out.say(f"{measured}{empty}; {out.number(layer.single)} that only one finished, not measured.")
    _print_left_out(layer)
    if not layer.articles:
        return
    rows = [_line(layer, metric, figure) for metric, figure in layer.figures.items()]
    rows += [_line(layer, metric, figure) for metric, figure in layer.on_request.items()]
    out.table("", ("", "value>", "95 % interval", "articles>", "counted>", ""), rows)
    _print_words(layer)
    _print_groups(layer, args)
    if args.confusion:
        print_confusion(layer)
    if args.worst:
        _print_worst(layer, layer.by_article[: args.worst])


def _print_left_out(layer: LayerReport) -> None:
    for each in layer.left_out:
        shown = ", ".join(each.articles[:3]) + (" ..." if len(each.articles) > 3 else "")
        number = out.counted(len(each.articles), "article")
        out.say(f"Left out: {each.annotator}, {each.reason}, {number} ({shown}).")


def _line(layer: LayerReport, metric: Metric, figure: Figure) -> tuple[str, ...]:
    mark = "▸ " if metric in layer.headline else "  "
    note = "few" if figure.few else ""
    return (mark + TITLES[metric], value(figure), interval(figure),
            out.number(figure.n_articles), out.number(figure.n_items), note)  # fmt: skip


def value(figure: Figure) -> str:
    """A number to three places; a dash where it is undefined."""
    return decimal(figure.value)


def interval(figure: Figure) -> str:
    """The interval; "" where there is none."""
    if figure.low is None or figure.high is None:
        return ""
    return f"{decimal(figure.low)} to {decimal(figure.high)}"


def _print_words(layer: LayerReport) -> None:
    """Reasons, warnings, and what the headline means."""
    for metric, figure in (*layer.figures.items(), *layer.on_request.items()):
        if figure.why_undefined:
            what = "no number" if figure.value is None else "no interval"
            out.say(f"{TITLES[metric]}: {what}, for {figure.why_undefined}.")
    counts = ", ".join(f"{name} {out.number(n)}" for name, n in layer.counts.items())
    out.say(f"{'Targets' if layer.kind is Kind.STANCE else 'Pairs of spans'}: {counts}.")
    if layer.skewed:
        out.say(f"Warning: {layer.skewed}")
    reading = layer.reading
    if reading.text:
        out.say(f"{TITLES[layer.headline[0]]}: {reading.text}")
    if reading.below_667 is not None and reading.below_800 is not None:
        out.say(
            f"Chance that it is below .667: {reading.below_667:.1%}; below .800: "
            f"{reading.below_800:.1%}."
        )


# --- groups


def _with_interval(figure: Figure) -> str:
    """A number and its interval in one cell: .713 [.693, .733]."""
    if figure.low is None or figure.high is None:
        return value(figure)
    return f"{value(figure)} [{decimal(figure.low)}, {decimal(figure.high)}]"


def _print_groups(layer: LayerReport, args: Namespace) -> None:
    for name in dict.fromkeys(args.by or ()):
        if name == "article":
            _print_worst(layer, layer.by_article[: args.worst or 20])
            continue
        by = By(name)
        if not layer.by[by]:
            out.say(f"Nothing is known by {name}.")
            continue
        if by is By.PAIR and 2 < len(layer.annotators) <= MATRIX:
            _print_matrix(layer)
        _print_rows(layer, by)


def _print_rows(layer: LayerReport, by: By) -> None:
    rows = layer.by[by]
    known = {metric for row in rows for metric in row.figures}
    metrics = [metric for metric in SHOWN[layer.kind] if metric in known]
    columns = [TITLES[metric] for metric in metrics]
    out.table(
        f"{layer.layer} by {GROUP[by]}",
        (GROUP[by], *columns, "articles>", "look at"),
        (_row(row, metrics) for row in rows),
    )


def _row(row: Row, metrics: Sequence[Metric]) -> tuple[str, ...]:
    cells = []
    for metric in metrics:
        figure = row.figures.get(metric)
        cells.append("" if figure is None else _with_interval(figure))
    first = row.figures[metrics[0]]
    worst = next((found[0].article for found in row.worst.values() if found), "")
    few = " (few)" if first.few else ""
    return (" / ".join(row.group), *cells, out.number(first.n_articles) + few, worst)


def _print_matrix(layer: LayerReport) -> None:
    metric = layer.headline[0]
    found = {row.group: row.figures[metric] for row in layer.by[By.PAIR]}
    names = layer.annotators

    def cells(one: str) -> Iterator[str]:
        for two in names:
            pair = (min(one, two), max(one, two))
            yield value(found[pair]) if pair in found else ""

    title = f"{layer.layer}: {TITLES[metric]} of every pair"
    columns = ("", *(f"{name}>" for name in names))
    out.table(title, columns, ((name, *cells(name)) for name in names))


def _print_worst(layer: LayerReport, found: Sequence[Culprit]) -> None:
    metric = layer.headline[0]
    if not found:
        out.say(f"No article pulls {TITLES[metric]} down.")
        return
    rows = (
        (
            each.article,
            decimal(each.value),
            f"{each.share:.1%}",
        )
        for each in found
    )
    title = f"{layer.layer}: articles that pull {TITLES[metric]} down most"
    out.table(title, ("article", "its own>", "of all disagreement>"), rows)


# --- self-agreement


def _print_again(layer: LayerReport) -> None:
    if not layer.again:
        out.say(f"{layer.title} ({layer.layer}): nobody finished a second pass.")
        return
    known = {metric for each in layer.again for metric in each.figures}
    metrics = [metric for metric in SHOWN[layer.kind] if metric in known]
    columns = [TITLES[metric] for metric in metrics]
    rows = (
        (*_row(Row((each.annotator,), each.figures, each.worst), metrics), _days(each.days))
        for each in layer.again
    )
    title = f"{layer.title} ({layer.layer}): annotators and their own earlier passes"
    out.table(title, ("annotator", *columns, "articles>", "look at", "days between"), rows)


def _days(days: tuple[float, float, float] | None) -> str:
    if days is None:
        return UNDEFINED
    least, middle, most = days
    return f"{middle:.0f} ({least:.0f} to {most:.0f})"
