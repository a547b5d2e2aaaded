"""What `annotator release` prints: releases, what one holds, and how two differ."""

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from annotator.cli import out
from annotator.gold.agreement.continua import LOSSES
from annotator.gold.agreement.report import Metric
from annotator.lead.comparing import Changed, Tally, Thing
from annotator.model.release import Release

SHOWN = 200
"""Articles of a difference that are listed in a table; JSON has them all."""


def listed(releases: Sequence[Release], as_json: bool) -> None:
    """Every release in a line."""
    if as_json:
        out.print_json([told(each) for each in releases])
        return
    if not releases:
        out.say("There is no release yet.")
        return
    rows = (
        (
            each.version,
            _day(each),
            each.actor,
            each.manifest["gold"],
            out.number(each.manifest["articles"]["count"]),
            each.manifest["guidelines"]["version"],
            each.manifest["note"],
        )
        for each in releases
    )
    columns = ("release", "when", "who", "gold", "articles>", "guidelines", "note")
    out.table("", columns, rows)


def told(release: Release) -> dict[str, Any]:
    """A release as JSON values: its manifest with who made it and when; "" where it is not made."""
    made = {"when": _day(release), "who": release.actor} if release.event else {}
    return {**release.manifest, "version": release.version, **made}


def show(release: Release, as_json: bool, withdrawn: int = 0) -> None:
    """Everything about a release, and how many of its articles were withdrawn since."""
    if as_json:
        out.print_json({**told(release), **({"withdrawn": withdrawn} if withdrawn else {})})
        return
    manifest = release.manifest
    by = f", made {_day(release)} by {release.actor}" if release.event else ""
    out.say(f"Release {release.version}{by}")
    for line in _lines(manifest):
        out.say(f"  {line}")
    if withdrawn:
        out.say(f"  withdrawn since, and in it no more: {out.counted(withdrawn, 'article')}")
    _counts(manifest)
    _agreement(manifest["agreement"])
    _since(manifest["since"])


def _lines(manifest: Mapping[str, Any]) -> Iterator[str]:
    """What one line each has place for."""
    if manifest["note"]:
        yield f"note: {manifest['note']}"
    scheme, people = manifest["scheme"], manifest["people"]
    yield f"gold: {manifest['gold']}"
    yield f"articles: {out.number(manifest['articles']['count'])}"
    for who in ("annotators", "adjudicators"):
        names = people.get("names", {}).get(who, ())
        listed = f" ({', '.join(names)})" if names else ""
        yield f"{who}: {people[who]}{listed}"
    yield f"scheme: {scheme['name']}, version {scheme['version']}"
    yield f"guidelines: version {manifest['guidelines']['version']}"
    yield f"digest: {manifest['digest']}"
    left = manifest["open"]
    if left["items"]:
        states = ", ".join(f"{out.number(n)} {state}" for state, n in left["states"].items())
        yield f"not decided: {states} in {out.counted(left['articles'], 'article')}"
        layers = ", ".join(f"{layer} of {out.number(n)}" for layer, n in left["layers"].items())
        yield f"left out for it: {layers or 'nothing'}"
    if left["without_gold"]:
        yield f"articles without gold: {out.number(left['without_gold'])}"


def _counts(manifest: Mapping[str, Any]) -> None:
    counts = manifest["counts"]
    for name, title in (
        ("labels", "Labels"),
        ("stances", "Stances"),
        ("methods", "How it was decided"),
    ):
        if counts.get(name):
            out.table(
                title, (name, "count>"), ((k, out.number(n)) for k, n in counts[name].items())
            )
    rows = [
        (layer, out.number(counts["layers"][layer]), _spread(manifest, layer))
        for layer in counts.get("layers", {})
    ]
    if rows:
        out.table("Layers", ("layer", "articles>", "annotators: articles"), rows)


def _spread(manifest: Mapping[str, Any], layer: str) -> str:
    """Over how many articles how many annotators stand behind a layer."""
    found = manifest["annotators_by_layer"].get(layer, {})
    return ", ".join(f"{number}: {out.number(n)}" for number, n in found.items())


def _agreement(layers: Sequence[Mapping[str, Any]] | None) -> None:
    rows = [
        (layer["layer"], metric, *_figure(figure))
        for layer in layers or ()
        for metric, figure in sorted(layer["figures"].items(), key=lambda each: _rank(each[0]))
    ]
    if rows:
        columns = ("layer", "number", "value>", "95 % interval", "articles>", "items>")
        out.table("How far the annotators agreed", columns, rows)


def _rank(metric: str) -> tuple[int, str]:
    """Blocks' own numbers first, as in reports; a release of another version of the program may have other numbers."""
    known = [str(each) for each in (*LOSSES, *Metric)]
    return (known.index(metric) if metric in known else len(known), metric)


def _figure(figure: Mapping[str, Any]) -> tuple[str, ...]:
    counted = (out.number(figure["articles"]), out.number(figure["items"]))
    if figure["value"] is None:
        return ("—", figure.get("why_undefined", ""), *counted)
    low, high = figure["low"], figure["high"]
    interval = "—" if low is None or high is None else f"{low:.3f} to {high:.3f}"
    few = " (few)" if figure["few"] else ""
    return (f"{figure['value']:.3f}", interval + few, *counted)


def _since(since: Mapping[str, Any] | None) -> None:
    if since is None:
        return
    out.say(f"Since release {since['release']}: {_articles(since['articles'])}.")
    _labels(since["labels"])


def _articles(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{out.number(counts[how])} {how}" for how in ("new", "gone", "changed"))


def _labels(labels: Mapping[str, Mapping[str, int]]) -> None:
    if labels:
        rows = (
            (label, out.number(n["added"]), out.number(n["removed"])) for label, n in labels.items()
        )
        out.table("", ("label", "added>", "removed>"), rows)


def diff(old: str, new: str, tally: Tally, found: Sequence[Changed], as_json: bool) -> None:
    """How two releases differ."""
    counts = tally.json()
    if as_json:
        out.print_json({"old": old, "new": new, **counts, "changes": [x.json() for x in found]})
        return
    out.say(f"From release {old} to {new}: {_articles(counts['articles'])} articles.")
    _labels(counts["labels"])
    if found:
        rows = (
            (each.article, each.how, _things(each.removed), _things(each.added))
            for each in found[:SHOWN]
        )
        out.table("", ("article", "how", "no longer", "now"), rows)
    if len(found) > SHOWN:
        out.say(f"… and {out.counted(len(found) - SHOWN, 'article')} more; --json lists them all.")


def _things(things: Sequence[Thing], few: int = 3) -> str:
    lines = [f"{each.label} {each.what}".strip() for each in things[:few]]
    lines = [line if len(line) <= 60 else f"{line[:59]}…" for line in lines]
    more = [f"and {len(things) - few} more"] if len(things) > few else []
    return "; ".join(lines + more)


def _day(release: Release) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(release.time)) if release.event else ""
