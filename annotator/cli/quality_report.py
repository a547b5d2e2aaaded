"""How `annotator quality` tells what it found: readable at 80 columns and without colour."""

from collections.abc import Iterator

from annotator.cli import out
from annotator.cli.agreement_report import TITLES, UNDEFINED
from annotator.cli.quality_json import to_json
from annotator.gold.agreement.formulas import TWICE
from annotator.gold.agreement.measures import NO_PAIR
from annotator.gold.agreement.report import HEADLINE, Figure, Kind
from annotator.gold.comparison import Edges
from annotator.gold.drift import ROLLING, Drift
from annotator.gold.quality import (
    FEW,
    Against,
    LabelQuality,
    LayerQuality,
    Pace,
    Person,
    QualityReport,
    Self,
)

__all__ = ["print_report", "to_json"]

COUNTED = {Kind.SPANS: "spans", Kind.BLOCKS: "blocks", Kind.STANCE: "stances"}
SHORT = {TWICE: "no target in common", NO_PAIR: "nobody else's work"}
"""Reasons that are too long for a column."""
HARDEST = 5
"""Labels shown of everybody, where no annotator was named: those with the lowest F1."""
Row = tuple[str, ...]


def print_report(project: str, report: QualityReport, in_full: bool) -> None:
    """Print everybody's numbers.

    Args:
        project: its file, as it was named.
        report: the numbers.
        in_full: every label, not only the hardest.
    """
    since = f", work finished since {report.since}" if report.since else ""
    against = f"held against {report.gold}" if report.gold else "no release yet to hold it against"
    out.say(f"{project}: {out.counted(len(report.people), 'annotator')}{since}; {against}.")
    for person in report.people:
        out.say()
        _person(person, in_full)
    out.say()
    if report.drifting:
        out.say(f"Drift: look at the work of {', '.join(report.drifting)}.")


def _person(person: Person, in_full: bool) -> None:
    said = [out.counted(person.finished, "article") + " finished in all layers"]
    for what, asked in (("gold questions", person.questions), ("re-asks", person.repeats)):
        if asked.asked:
            said.append(f"{asked.answered} of {asked.asked} {what} answered")
    out.say(f"{person.name}: {'; '.join(said)}")
    for layer in person.layers:
        title = f"{layer.title} ({layer.layer}), {out.counted(layer.finished, 'article')}"
        out.table(title, ("", "value>", "95 %", "of", ""), _rows(layer))
        _labels(layer, in_full)
        for name, found in (("with the others", layer.drift), ("against gold", layer.gold_drift)):
            for line in _drift(name, found):
                out.say(f"  {line}")


# --- the numbers of a layer


def _rows(layer: LayerQuality) -> Iterator[Row]:
    name = TITLES[HEADLINE[layer.kind][0]]
    yield _figure(f"{name} with the others", layer.others)
    yield _figure("  the others among themselves", layer.rest)
    if layer.gold is not None:
        yield from _against("gold", layer.gold, layer.kind)
    if layer.hidden is not None:
        yield _figure("F1 on hidden questions", layer.hidden.f1)
    if layer.again is not None:
        yield from _again(name, layer.again)
    yield from _pace(layer.pace)
    for each in layer.diagonal:
        number = (f"  right on {each.label}, by the model", decimal(each.share), "")
        yield (*number, f"{each.items:.0f} targets", "few" if each.few else "")


def _against(words: str, found: Against, kind: Kind) -> Iterator[Row]:
    yield _figure(f"F1 against {words}", found.f1)
    counts, thing = found.counts, COUNTED[kind]
    gold, own = counts.gold(), counts.own()
    if not gold and not own:
        return
    if kind is Kind.STANCE:
        yield _figure("  right value, same target", found.accuracy)
    else:
        yield _figure("  places only, overlap half", found.partial)
        yield _figure("  right label, same place", found.accuracy)
    yield "  missed of gold", percent(found.missing), "", _counted(gold, thing), _few(gold)
    yield "  marked beyond gold", percent(found.extra), "", _counted(own, thing), _few(own)
    edges = counts.wrong_edges()
    if edges is not None:
        said = _counted(edges.spans, thing)
        yield "  wrong edges: start, end", _offsets(edges), "", said, _few(edges.spans)


def _counted(number: int, things: str) -> str:
    return out.counted(number, things.removesuffix("s"))


def _again(name: str, found: Self) -> Iterator[Row]:
    days = ""
    if found.days is not None:
        least, middle, most = found.days
        days = f"after {middle:.0f} days ({least:.0f} to {most:.0f})"
    yield _figure(f"{name} with themselves", found.figure)
    few = "few" if found.figure.few else ""
    yield "  other answers the second time", percent(found.changed), "", days, few


def _pace(found: Pace) -> Iterator[Row]:
    if found.seconds_per_1000 is None:
        return
    articles = out.counted(found.articles, "article")
    few = "few" if found.few else ""
    yield "seconds per 1000 characters", f"{found.seconds_per_1000:.1f}", "", articles, few
    if found.keys_each is not None:
        said = f"{out.number(found.annotations)} annotations"
        yield "keys per annotation", f"{found.keys_each:.1f}", "", said, few


def _figure(title: str, figure: Figure) -> Row:
    if figure.value is None:
        return title, UNDEFINED, "", SHORT.get(figure.why_undefined, figure.why_undefined), ""
    interval = ""
    if figure.low is not None and figure.high is not None:
        interval = f"{decimal(figure.low)}–{decimal(figure.high)}"
    articles = out.counted(figure.n_articles, "article")
    return title, decimal(figure.value), interval, articles, "few" if figure.few else ""


# --- labels


def _labels(layer: LayerQuality, in_full: bool) -> None:
    if layer.gold is None or not layer.gold.labels:
        return
    found = sorted(layer.gold.labels, key=lambda each: (each.few, each.f1 or 0.0, each.label))
    shown = found if in_full else [each for each in found if not each.few][:HARDEST]
    if not shown:
        return
    edged = layer.kind is not Kind.STANCE
    columns = ["label", "gold>", "own>", "F1>", "missed>", "beyond>"]
    columns += ["start, end>"] if edged else []
    rows = ((*_label(each)[: len(columns)], _few_label(each)) for each in shown)
    title = "" if in_full else f"  the {len(shown)} labels with the lowest F1"
    out.table(title, (*columns, ""), rows)


def _label(each: LabelQuality) -> Row:
    return (
        each.label,
        out.number(each.gold),
        out.number(each.own),
        decimal(each.f1),
        percent(each.missing),
        percent(each.extra),
        "" if each.edges is None else f"{_offsets(each.edges)} ({each.edges.spans})",
    )


def _few_label(each: LabelQuality) -> str:
    return "few" if each.few else ""


def _few(number: int) -> str:
    return "few" if number < FEW else ""


# --- drift


def _drift(name: str, found: Drift) -> Iterator[str]:
    if found.baseline is not None and found.weighted is not None:
        rolling = f", last 50 {decimal(found.rolling)}" if found.rolling is not None else ""
        yield f"{name}: first 50 {decimal(found.baseline)}{rolling}, now {decimal(found.weighted)}"
    if len(found.versions) > 1:
        told = ", ".join(
            f"{each.version or 'unknown'} {decimal(each.value)} ({each.articles})"
            for each in found.versions
        )
        yield f"{name} by guideline version: {told}"
    for alarm in found.alarms:
        mean = "mean of 50" if alarm.by == ROLLING else "weighted mean"
        end = "STANDS" if alarm.stands else "over since"
        yield (
            f"ALARM ({end}) {name}: {mean} {decimal(alarm.value)} below {decimal(alarm.limit)} "
            f"from {alarm.article}, their article {alarm.number}"
        )


# --- small things


def decimal(number: float | None) -> str:
    """A number between -1 and 1, as the field writes them: .71."""
    return UNDEFINED if number is None else f"{number:.2f}".replace("0.", ".", 1)


def percent(share: float | None) -> str:
    """A share in percent."""
    return UNDEFINED if share is None else f"{100 * share:.0f} %"


def _offsets(edges: Edges) -> str:
    """Median offsets with their signs: too wide is above 0."""
    return f"{_signed(edges.start)}, {_signed(edges.end)}"


def _signed(number: float) -> str:
    return f"{number:+g}" if number else "0"
