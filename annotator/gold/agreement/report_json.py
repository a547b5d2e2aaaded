"""A report as JSON values, for programs and for the project's own cache, and back."""

from collections.abc import Mapping
from typing import Any

from annotator.gold.agreement.report import (
    Again,
    By,
    Confusion,
    Culprit,
    Figure,
    Figures,
    Kind,
    LayerReport,
    LeftOut,
    Metric,
    Reading,
    Report,
    Row,
    Scope,
    Worst,
)


def to_json(report: Report) -> dict[str, Any]:
    """A report as JSON values: every field under its own name, what is undefined as null."""
    return {
        "articles": report.articles,
        "scope": {name: value for name, value in report.scope._asdict().items() if value},
        "layers": {layer.layer: _layer(layer) for layer in report.layers},
    }


def of_json(value: Mapping[str, Any]) -> Report:
    """The report that `to_json` wrote.

    Raises:
        KeyError, TypeError, ValueError: it is no such report.
    """
    scope: dict[str, Any] = {
        name: each if isinstance(each, str) else tuple(each)
        for name, each in value["scope"].items()
    }
    layers = (_layer_of(name, each) for name, each in value["layers"].items())
    return Report(tuple(layers), Scope(**scope), value["articles"])


def _layer(layer: LayerReport) -> dict[str, Any]:
    return {
        **layer._asdict(),
        "figures": _figures(layer.figures),
        "worst": _worst(layer.worst),
        "by": {by: [_row(row) for row in rows] for by, rows in layer.by.items()},
        "by_article": [culprit._asdict() for culprit in layer.by_article],
        "confusion": layer.confusion._asdict(),
        "left_out": [each._asdict() for each in layer.left_out],
        "reading": layer.reading._asdict(),
        "again": [_again(each) for each in layer.again],
        "on_request": _figures(layer.on_request),
    }


def _figures(figures: Figures) -> dict[str, Any]:
    return {str(metric): figure._asdict() for metric, figure in figures.items()}


def _worst(worst: Worst) -> dict[str, Any]:
    return {str(metric): [each._asdict() for each in found] for metric, found in worst.items()}


def _row(row: Row) -> dict[str, Any]:
    return {
        "group": list(row.group),
        "figures": _figures(row.figures),
        "worst": _worst(row.worst),
    }


def _again(again: Again) -> dict[str, Any]:
    figures, worst = _figures(again.figures), _worst(again.worst)
    return {**again._asdict(), "figures": figures, "worst": worst}


# --- back


def _layer_of(name: str, value: Mapping[str, Any]) -> LayerReport:
    return LayerReport(
        **{
            **value,
            "layer": name,
            "kind": Kind(value["kind"]),
            "headline": tuple(map(Metric, value["headline"])),
            "figures": _figures_of(value["figures"]),
            "worst": _worst_of(value["worst"]),
            "by": {By(by): tuple(map(_row_of, rows)) for by, rows in value["by"].items()},
            "by_article": _culprits_of(value["by_article"]),
            "confusion": Confusion(
                tuple(value["confusion"]["labels"]), tuple(map(tuple, value["confusion"]["counts"]))
            ),
            "annotators": tuple(value["annotators"]),
            "left_out": tuple(
                LeftOut(each["reason"], each["annotator"], tuple(each["articles"]))
                for each in value["left_out"]
            ),
            "reading": Reading(**value["reading"]),
            "again": tuple(map(_again_of, value["again"])),
            "on_request": _figures_of(value["on_request"]),
        }
    )


def _figures_of(value: Mapping[str, Any]) -> Figures:
    return {Metric(metric): Figure(**figure) for metric, figure in value.items()}


def _culprits_of(value: list[dict[str, Any]]) -> tuple[Culprit, ...]:
    return tuple(Culprit(**each) for each in value)


def _worst_of(value: Mapping[str, Any]) -> Worst:
    return {Metric(metric): _culprits_of(found) for metric, found in value.items()}


def _row_of(value: Mapping[str, Any]) -> Row:
    return Row(tuple(value["group"]), _figures_of(value["figures"]), _worst_of(value["worst"]))


def _again_of(value: Mapping[str, Any]) -> Again:
    days = value["days"]
    return Again(
        value["annotator"],
        _figures_of(value["figures"]),
        None if days is None else (days[0], days[1], days[2]),
        _worst_of(value["worst"]),
    )
