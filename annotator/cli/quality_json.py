"""What `annotator quality --json` prints."""

from typing import Any

from annotator.gold.agreement.report import HEADLINE, Figure
from annotator.gold.comparison import Edges, Outcome
from annotator.gold.drift import Drift
from annotator.gold.quality import Against, LayerQuality, Person, QualityReport, Self


def to_json(report: QualityReport) -> dict[str, Any]:
    """Everything in a report; what is undefined is null."""
    return {
        "gold": report.gold or None,
        "since": report.since or None,
        "drifting": list(report.drifting),
        "people": {person.name: _person(person) for person in report.people},
    }


def _person(person: Person) -> dict[str, Any]:
    return {
        "finished": person.finished,
        "gold_questions": person.questions._asdict(),
        "re_asks": person.repeats._asdict(),
        "drifting": person.is_drifting,
        "layers": {layer.layer: _layer(layer) for layer in person.layers},
    }


def _layer(layer: LayerQuality) -> dict[str, Any]:
    pace = layer.pace
    return {
        "kind": str(layer.kind),
        "finished": layer.finished,
        "metric": str(HEADLINE[layer.kind][0]),
        "with_others": _figure(layer.others),
        "others_among_themselves": _figure(layer.rest),
        "gold": _against(layer.gold),
        "hidden": _against(layer.hidden),
        "with_themselves": _again(layer.again),
        "pace": {
            **pace._asdict(),
            "seconds_per_1000": pace.seconds_per_1000,
            "keys_each": pace.keys_each,
            "few": pace.few,
        },
        "model": {
            each.label: {"share": each.share, "items": each.items, "few": each.few}
            for each in layer.diagonal
        },
        "drift": _drift(layer.drift),
        "gold_drift": _drift(layer.gold_drift),
    }


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        "value": figure.value,
        "why_undefined": figure.why_undefined or None,
        "low": figure.low,
        "high": figure.high,
        "articles": figure.n_articles,
        "items": figure.n_items,
        "few": figure.few,
    }


def _against(found: Against | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "articles": found.counts.articles,
        "f1": _figure(found.f1),
        "accuracy": _figure(found.accuracy),
        "partial_f1": _figure(found.partial),
        "missing": found.missing,
        "extra": found.extra,
        "edges": _edges(found.counts.wrong_edges()),
        "outcomes": {str(outcome): found.counts.many(outcome) for outcome in Outcome},
        "labels": {
            each.label: {
                "gold": each.gold,
                "own": each.own,
                "f1": each.f1,
                "missing": each.missing,
                "extra": each.extra,
                "edges": _edges(each.edges),
                "few": each.few,
            }
            for each in found.labels
        },
    }


def _edges(edges: Edges | None) -> dict[str, Any] | None:
    return None if edges is None else edges._asdict()


def _again(found: Self | None) -> dict[str, Any] | None:
    if found is None:
        return None
    days = None if found.days is None else list(found.days)
    return {"figure": _figure(found.figure), "changed": found.changed, "days": days}


def _drift(found: Drift) -> dict[str, Any]:
    return {
        **found._asdict(),
        "alarms": [alarm._asdict() for alarm in found.alarms],
        "versions": [version._asdict() for version in found.versions],
    }
