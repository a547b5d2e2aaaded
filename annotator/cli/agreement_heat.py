"""The confusion of labels as a heat map: shades for the eye, numbers to be sure, colour for neither."""

from annotator.cli import out
from annotator.gold.agreement.report import Kind, LayerReport
from annotator.lead.agreement_heat import NEVER, NOTHING, name, shade

WIDTH = 78
LISTED = 15
"""Confusions that are listed where the labels do not fit side by side."""


def print_confusion(layer: LayerReport) -> None:
    """Print which label met which, over all pairs of annotators."""
    labels = [name(label) for label in layer.confusion.labels]
    if not labels:
        out.say("No two labels met.")
        return
    wide = max(len(out.number(n)) for row in layer.confusion.counts for n in row) + 4
    if max(map(len, labels)) + 6 + wide * len(labels) > WIDTH:
        _print_list(layer, labels)
        return
    columns = ("", *(f"{number}>" for number in range(1, len(labels) + 1)))
    rows = (
        (f"{number} {label}", *(_cell(n, sum(row)) for n in row))
        for number, (label, row) in enumerate(zip(labels, layer.confusion.counts, strict=True), 1)
    )
    out.table(f"{layer.layer}: confusion", columns, rows)
    spans = "" if layer.kind is Kind.STANCE else f" {NOTHING}: the other has no span there."
    out.say(f"Columns by the numbers of the rows; the shade is the share of the row.{spans}")


def _cell(number: int, whole: int) -> str:
    return f"{shade(number, whole)} {out.number(number)}" if number else NEVER


def _print_list(layer: LayerReport, labels: list[str]) -> None:
    """The most frequent confusions, where a matrix would be too wide."""
    found = [
        (layer.confusion.counts[i][j], labels[i], labels[j])
        for i in range(len(labels))
        for j in range(i + 1, len(labels))
        if layer.confusion.counts[i][j]
    ]
    found.sort(key=lambda each: (-each[0], each[1:]))
    sums = dict(zip(labels, map(sum, layer.confusion.counts), strict=True))
    rows = (
        (one, two, out.number(n), _cell(n, sums[one])[0] + f" {n / sums[one]:.0%}")
        for n, one, two in found[:LISTED]
    )
    out.table(
        f"{layer.layer}: confusion, the most frequent",
        ("label", "met", "times>", "of the first's>"),
        rows,
    )
