"""`annotator suggest PROJECT report`: readable at 80 columns and without colour."""

from argparse import Namespace
from collections.abc import Iterator
from typing import Any

from annotator import config
from annotator.cli import out
from annotator.cli.bars import Bars
from annotator.cli.open import existing
from annotator.cli.quality_report import decimal, percent
from annotator.coach.blind import NEEDED, Comparison, Rate
from annotator.coach.report import Counts, Report, SourceFigures, report
from annotator.coach.saving import Keys
from annotator.model.scheme import Scheme
from annotator.store.address import may_be_written
from annotator.store.project import Project

UNDEFINED = "—"
OUTCOMES = {
    "accepted": "accepted",
    "edited": "edited",
    "same": "labelled the same",
    "rejected": "rejected",
    "other": "labelled otherwise",
    "left": "left",
}
RATES = {
    "seconds": "active seconds / 1,000 characters",
    "keys": "keys / 1,000 characters",
    "labels": "labels / 1,000 characters",
    "length": "characters a label",
}
Row = tuple[str, ...]


def run(args: Namespace) -> int:
    """Fold and print."""
    path = existing(args.project)
    actor = config.who(args.actor, config.read())
    with (
        Project.open(path, actor, readonly=not may_be_written(path)) as project,
        Bars() as bars,
    ):
        with bars.phase("articles", 0, "articles") as phase:
            found = report(project, args.annotator, args.since, lambda _: phase.advance(1))
        scheme = project.scheme
    if args.json:
        out.print_json(to_json(found))
    else:
        _print(args.project, found, scheme, args.versions)
    return 0


# --- for people


def _print(project: str, found: Report, scheme: Scheme, versions: bool) -> None:
    since = f", finished since {found.since}" if found.since else ""
    whose = ", ".join(found.annotators) or "nobody"
    out.say(f"{project}: {out.counted(found.articles, 'finished article')}{since}, by {whose}.")
    if not found.sources:
        out.say("Nothing was suggested in them.")
    titles = {layer.name: layer.title for layer in scheme.span_layers}
    for source in found.sources:
        out.say()
        _source(source, titles[source.layer], versions)
    if len(found.people) > 1:
        rows = (
            (each.name, out.number(each.articles), out.number(each.counts.shown),
             *_shares(each.counts))
            for each in found.people
        )  # fmt: skip
        out.table("By annotator", ("", "articles>", "shown>", *_SHARED), rows)
    if len(found.sources) > 1:
        out.say("All sources together")
        for line in _keys(found.keys):
            out.say(f"  {line}")
    out.say()
    _blind(found, titles)


_SHARED = ("accepted>", "edited>", "rejected>", "left>", "precision>")


def _shares(counts: Counts) -> Row:
    parts = (counts.accepted, counts.edited, counts.rejected, counts.left)
    return (*(_percent(part, counts.shown) for part in parts), decimal(counts.precision))


def _percent(part: int, whole: int) -> str:
    return percent(part / whole if whole else None)


def _source(found: SourceFigures, title: str, versions: bool) -> None:
    """One source in one layer: what became of its suggestions, by score."""
    out.say(
        f"{title} ({found.layer}), suggested by {found.source} in "
        f"{out.counted(found.articles, 'article')}"
    )
    columns: list[tuple[str, Counts]] = [("all", found.counts), *found.bands.items()]
    columns.insert(1, ("sure", found.sure))
    rows: list[Row] = [("shown", *(out.number(counts.shown) for _, counts in columns))]
    for name, words in OUTCOMES.items():
        rows.append((f"  {words}", *(out.number(getattr(c, name)) for _, c in columns)))
    rows.append(("precision", *(decimal(counts.precision) for _, counts in columns)))
    rows.append(("  with edited ones", *(decimal(counts.helpful) for _, counts in columns)))
    rows.append(("  if left ones are wrong", *(decimal(counts.cautious) for _, counts in columns)))
    out.table("", ("", *(f"{_column(name)}>" for name, _ in columns)), rows)
    out.say(
        f"  Of {out.counted(found.labels, 'label')} in these articles "
        f"{percent(found.share)} came from {found.source}."
    )
    for line in _keys(found.keys):
        out.say(f"  {line}")
    if versions:
        lines = ((each.version or UNDEFINED, out.number(each.articles),
                  out.number(each.counts.shown), *_shares(each.counts))
                 for each in found.versions)  # fmt: skip
        out.table("  By state", ("state", "articles>", "shown>", *_SHARED), lines)


def _column(name: str) -> str:
    """A band's name that does not end in the sign of a column that is set to the right."""
    return name.replace("<", "below ").replace(">=", "from ").replace("-", " to ")


def _keys(keys: Keys) -> Iterator[str]:
    """What suggestions took and what the same takes by hand, by the cost model."""
    yield f"Keys, estimated: {out.number(keys.taken)} with suggestions."
    if keys.by_hand:
        yield f"  Each by hand: {out.number(keys.by_hand)} ({_less(keys.taken, keys.by_hand)})."
    if (
        keys.by_name != keys.by_hand
    ):  # in lines, and where no name came twice, there is nothing to say
        name = f"{out.number(keys.by_name)} ({_less(keys.taken, keys.by_name)})"
        yield f"  By hand, the same name once an article (=): {name}."


def _less(taken: int, before: int) -> str:
    """A saving as a signed share: −70 %."""
    return _signed(taken / before - 1) if before else UNDEFINED


def _signed(share: float) -> str:
    number = round(100 * share)
    return f"{'−' if number < 0 else '+'}{abs(number)} %" if number else "0 %"


# --- the blind comparison


def _blind(found: Report, titles: dict[str, str]) -> None:
    made = found.blind
    out.say(
        f"Blind comparison: {out.counted(made.assisted, 'article')} with suggestions, "
        f"{out.number(made.blind)} of the blind sample."
    )
    if made.assisted and made.blind:
        rows = (_rate(rate, titles) for rate in made.rates if rate.assisted or rate.blind)
        out.table("", ("", "with>", "blind>", "change>", "95 %"), rows)
    for sentence in verdict(made, titles):
        out.say(sentence)


def _rate(rate: Rate, titles: dict[str, str]) -> Row:
    layer = f"{titles[rate.layer]}: " if rate.layer else ""
    change = UNDEFINED if rate.change is None else _signed(rate.change)
    interval = ""
    if rate.low is not None and rate.high is not None:
        interval = f"{_signed(rate.low)} to {_signed(rate.high)}".replace(" %", "", 1)
    numbers = (UNDEFINED if n is None else f"{n:.1f}" for n in (rate.assisted, rate.blind))
    return (f"{layer}{RATES[rate.name]}", *numbers, change, interval)


def verdict(made: Comparison, titles: dict[str, str]) -> Iterator[str]:
    """What the comparison says, in plain sentences."""
    if not made.is_enough:
        few, many = ("blind", made.blind), ("assisted", made.assisted)
        side, number = few if made.blind <= made.assisted else many
        yield f"Too few {side} articles to tell: {number}; {NEEDED} are needed."
        return
    clear = [rate for rate in made.rates if rate.is_clear]
    if not clear:
        yield "No difference that could not be chance."
    for rate in clear:
        yield _sentence(rate, titles)


def _sentence(rate: Rate, titles: dict[str, str]) -> str:
    if rate.low is None or rate.high is None or rate.change is None:
        return ""
    size = f"{abs(rate.change):.0%}".replace("%", " %")
    ends = sorted((abs(rate.low), abs(rate.high)))
    between = f"({100 * ends[0]:.0f} to {100 * ends[1]:.0f} %)"
    layer = f" in {titles[rate.layer]}" if rate.layer else ""
    fewer = "fewer" if rate.change < 0 else "more"
    if rate.name == "length":
        longer = "shorter" if rate.change < 0 else "longer"
        return f"With suggestions labels{layer} are {size} {longer} {between}: look at the edges."
    if rate.name == "labels":
        return f"With suggestions {size} {fewer} labels are given{layer} {between}: look why."
    if rate.name == "keys":
        return f"With suggestions annotators take {size} {fewer} keys {between}."
    less = "less" if rate.change < 0 else "more"
    return f"With suggestions annotators take {size} {less} active time {between}."


# --- JSON


def to_json(found: Report) -> dict[str, Any]:
    """Everything in a report; what is undefined is null."""
    return {
        "annotators": list(found.annotators),
        "since": found.since or None,
        "articles": found.articles,
        "total": {**_counts(found.counts), "keys": _keys_json(found.keys)},
        "sources": [_source_json(each) for each in found.sources],
        "people": {
            each.name: {"articles": each.articles, **_counts(each.counts)} for each in found.people
        },
        "blind": {
            "share": found.share,
            "assisted": found.blind.assisted,
            "blind": found.blind.blind,
            "enough": found.blind.is_enough,
            "rates": [each._asdict() for each in found.blind.rates],
        },
    }


def _counts(counts: Counts) -> dict[str, Any]:
    return {
        "shown": counts.shown,
        **counts._asdict(),
        "precision": counts.precision,
        "precision_with_edited": counts.helpful,
        "precision_if_left_is_wrong": counts.cautious,
    }


def _keys_json(keys: Keys) -> dict[str, int]:
    return {**keys._asdict(), "saved": keys.saved, "saved_by_name": keys.saved_by_name}


def _source_json(found: SourceFigures) -> dict[str, Any]:
    return {
        "layer": found.layer,
        "source": found.source,
        "articles": found.articles,
        **_counts(found.counts),
        "sure": _counts(found.sure),
        "bands": {name: _counts(counts) for name, counts in found.bands.items()},
        "labels": found.labels,
        "from_source": found.from_source,
        "share": found.share,
        "keys": _keys_json(found.keys),
        "versions": [
            {"version": each.version, "articles": each.articles, **_counts(each.counts)}
            for each in found.versions
        ],
    }
