"""What `annotator scheme` prints: labels and their use, differences, places to decide, history."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from annotator.cli import out
from annotator.model.scheme import Label, Layer, SpanLayer
from annotator.model.scheme_change import SchemeChange
from annotator.model.scheme_diff import differences
from annotator.store.labels import Undecided, Use
from annotator.store.project import Project
from annotator.store.relabelling import Relabelled

Uses = Mapping[tuple[str, str], Use]
NOBODY = Use()


def show(project: Project, as_json: bool) -> None:
    """The scheme, with how often each label is given."""
    uses = project.labels.use()
    scheme = project.scheme
    if as_json:
        out.print_json(_scheme_json(project, uses))
        return
    title = f": {scheme.title}" if scheme.title else ""
    out.say(f"Scheme {scheme.name}, version {scheme.version}{title}")
    columns = ("key", "label", "title", "colour", "annotations>", "articles>", "annotators>")
    for number, layer in enumerate(scheme.layers, 1):
        rows = (_row(layer, label, uses) for label in layer.labels)
        out.table(f"{number} {layer.title} ({_kind(layer)})", columns, rows)
    unknown = [(*place, out.number(use.annotations)) for place, use in _unknown(project, uses)]
    if unknown:
        out.table("Not in the scheme", ("layer", "label", "annotations>"), unknown)


def diff(change: SchemeChange, as_json: bool) -> None:
    """What a change would do to the scheme."""
    lines = differences(change.before, change.after)
    if as_json:
        out.print_json({"version": change.after.version, "differences": lines})
        return
    for line in lines or ["The scheme says so already."]:
        out.say(line)


def pending(project: Project, as_json: bool) -> None:
    """Every annotation that must be decided again."""
    found = project.labels.undecided()
    if as_json:
        out.print_json([asdict(each) for each in found])
        return
    rows = [_place(each) for each in found]
    if not rows:
        out.say("Nothing has to be decided again.")
        return
    columns = ("article", "annotator", "layer", "label", "place", "text", "choose from")
    out.table("", columns, rows)
    out.say(
        f"{out.counted(len(rows), 'annotation')} to decide again: open the article and give another label."
    )


def history(project: Project, as_json: bool) -> None:
    """Every scheme the project had."""
    versions = project.labels.history()
    if as_json:
        out.print_json([asdict(each) for each in versions])
        return
    rows = (
        (
            time.strftime("%Y-%m-%d %H:%M", time.localtime(each.time)),
            each.actor,
            each.version,
            each.words,
            out.number(each.annotations),
        )
        for each in versions
    )
    out.table("", ("when", "who", "version>", "what", "relabelled>"), rows)


def change_json(change: SchemeChange, done: Relabelled, left: int) -> dict[str, Any]:
    """What a change did, as JSON values."""
    return {
        "op": change.op,
        "version": change.after.version,
        "differences": differences(change.before, change.after),
        "relabelled": done.annotations,
        "joined": done.joined,
        "works": done.works,
        "pending": left,
    }


def _kind(layer: Layer) -> str:
    if isinstance(layer, SpanLayer):
        return f"{layer.name}: by {layer.unit}, overlap {layer.overlap}"
    return f"{layer.name}: stances"


def _row(layer: Layer, label: Label, uses: Uses) -> tuple[str, ...]:
    use = uses.get((layer.name, label.name), NOBODY)
    key = " ".join((label.key, *label.aliases)) or "–"
    title = label.title
    if label.retired:
        title += f" (retired{', now ' + ' or '.join(label.into) if label.into else ''})"
    numbers = (use.annotations, use.articles, use.annotators)
    return (key, label.name, title, label.color, *map(out.number, numbers))


def _unknown(project: Project, uses: Uses) -> Iterator[tuple[tuple[str, str], Use]]:
    """Labels that are given but not in the scheme, as imports may bring them."""
    known = {(x.name, label.name) for x in project.scheme.layers for label in x.labels}
    yield from sorted((place, use) for place, use in uses.items() if place not in known)


def _scheme_json(project: Project, uses: Uses) -> dict[str, Any]:
    scheme = project.scheme
    unknown = [
        {"layer": place[0], "label": place[1], **asdict(use)}
        for place, use in _unknown(project, uses)
    ]
    layers = [
        {
            "name": layer.name,
            "title": layer.title,
            "kind": "span" if isinstance(layer, SpanLayer) else "stance",
            "labels": [
                {**label._asdict(), **asdict(uses.get((layer.name, label.name), NOBODY))}
                for label in layer.labels
            ],
        }
        for layer in scheme.layers
    ]
    head = {"name": scheme.name, "version": scheme.version, "title": scheme.title}
    return {**head, "layers": layers, "unknown": unknown}


def _place(each: Undecided) -> tuple[str, ...]:
    where = "" if each.start is None else f"{each.start}-{each.end}"
    text = " ".join(each.text.split())
    text = text if len(text) <= 60 else f"{text[:59]}…"
    choose = ", ".join(each.into) or "any label"
    return (each.article, each.actor, each.layer, each.label, where, text, choose)
