"""The guidelines of a scheme: Markdown in which a heading starts the text on a layer or label.

`## entities` starts the text on the layer, `### PER` below it the text on one of its labels.
"""

import re
from collections.abc import Iterator

from annotator.model.scheme import Scheme

_HEADING = re.compile(r"(#{1,3})[ \t]+(.*?)[ \t]*#*[ \t]*\Z")
_FENCE = re.compile(r" {0,3}(```|~~~)")


def guideline(scheme: Scheme, layer: str, label: str = "") -> str:
    """The Markdown on a layer as a whole or on one of its labels, without its heading.

    A layer's text ends where its first label's begins. "" when the guidelines say nothing.
    """
    wanted = (layer.casefold(), label.casefold())
    lines = [line for place, line in _placed(scheme.guidelines) if place == wanted]
    return "\n".join(lines).strip()


def with_heading(markdown: str, layer: str, old: str, new: str) -> str:
    """The guidelines with the heading of one of a layer's labels under another name."""
    lines, place = markdown.split("\n"), ""
    fenced = False
    for number, line in enumerate(lines):
        fenced ^= bool(_FENCE.match(line))
        heading = None if fenced else _HEADING.match(line.rstrip("\r"))
        if heading is None:
            continue
        title = heading[2].strip("`").casefold()
        place = {1: "", 2: title}.get(len(heading[1]), place)
        if len(heading[1]) == 3 and (place, title) == (layer.casefold(), old.casefold()):
            lines[number] = f"### {new}"
    return "\n".join(lines)


def sections(markdown: str) -> dict[tuple[str, str], str]:
    """The text on each layer and label, without its heading, by their names as headings fold them.

    `("", "")` is what stands before any layer; a layer's own text has the label "".
    """
    lines: dict[tuple[str, str], list[str]] = {}
    for place, line in _placed(markdown):
        lines.setdefault(place, []).append(line)
    return {place: "\n".join(each).strip() for place, each in lines.items()}


def changed_sections(before: str, after: str) -> dict[tuple[str, str], str]:
    """The sections that differ, each with `new`, `gone` or `changed`, in the order of the texts."""
    old, new = sections(before), sections(after)
    found = {}
    for place in dict.fromkeys((*old, *new)):
        was, now = old.get(place, ""), new.get(place, "")
        if was != now:
            found[place] = "changed" if was and now else "new" if now else "gone"
    return found


def about_changed(before: str, after: str, scheme: Scheme) -> tuple[str, ...]:
    """The layers and labels of the scheme whose sections differ: `entities`, `entities/ORG`; sorted."""
    changed = changed_sections(before, after)
    places = {(layer.name.casefold(), ""): layer.name for layer in scheme.layers}
    for layer in scheme.layers:
        for label in layer.labels:
            place = (layer.name.casefold(), label.name.casefold())
            places[place] = f"{layer.name}/{label.name}"
    return tuple(sorted(name for place, name in places.items() if place in changed))


def _placed(markdown: str) -> Iterator[tuple[tuple[str, str], str]]:
    """Every line that is no heading, with the layer and label it is about (folded; "" for none)."""
    layer = label = ""
    fenced = False
    for line in markdown.splitlines():
        fenced ^= bool(_FENCE.match(line))
        heading = None if fenced else _HEADING.match(line)
        if heading is None:
            yield (layer, label), line
            continue
        title = heading[2].strip("`").casefold()
        layer = {1: "", 2: title}.get(len(heading[1]), layer)
        label = title if len(heading[1]) == 3 else ""
