"""What brat calls our labels and attributes, and the configuration files that tell it.

A type is ASCII letters, digits, `_` and `-`. A label keeps its name where that is one and no other
layer has it; otherwise the layer goes before it.
Format: brat's configuration manual, https://brat.nlplab.org/configuration.html.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator

from annotator.model.scheme import Scheme, SpanLayer

PLAIN = re.compile(r"[A-Za-z0-9_-]*[A-Za-z0-9][A-Za-z0-9_-]*", re.ASCII)
"""A name that brat stores as it is."""

SWITCHES = ("norp", "uncertain")
"""Attributes that are there or not."""
LABELLED = ("metonymy",)
"""Attributes whose value is a label of the layer."""

_COLORS = {
    "red": "#ffb3b3",
    "green": "#b3e6b3",
    "yellow": "#ffee99",
    "blue": "#b3ccff",
    "magenta": "#f0b3f0",
    "cyan": "#a6e6ee",
    "white": "#ffffff",
    "gray": "#d0d0d0",
}
"""Light ones for our names, as brat writes in black."""


class Types:
    """The brat type of each label, the attributes met, and the configuration that declares them."""

    def __init__(self, scheme: Scheme) -> None:
        self._scheme = scheme
        self._names: dict[tuple[str, str], str] = {}
        self._taken: set[str] = set()
        self._values: dict[str, set[str]] = {}
        both = [(layer.name, label.name) for layer in scheme.span_layers for label in layer.labels]
        self._twice = {
            name for name, n in Counter(_safe(label) for _, label in both).items() if n > 1
        }
        for layer, label in both:
            self.name(layer, label)

    def name(self, layer: str, label: str) -> str:
        """The type of a label."""
        if (layer, label) not in self._names:
            plain = _safe(label)
            if plain in self._twice or plain in self._taken:
                plain = f"{_safe(layer)}-{plain}"
            self._names[layer, label] = self._free(plain)
        return self._names[layer, label]

    def attribute(self, name: str, value: str = "") -> None:
        """Take note of an attribute, and of its value if it has one."""
        values = self._values.setdefault(name, set())
        if value:
            values.add(value)

    def told(self) -> Iterator[tuple[str, str, str]]:
        """Every type with its layer and label."""
        for (layer, label), name in self._names.items():
            yield name, layer, label

    def annotation_conf(self) -> str:
        """What can be annotated: a type for each label, layer by layer."""
        self._foresee()
        lines = ["[entities]"]
        layer = ""
        for name, of, _ in sorted(self.told(), key=lambda each: self._layer_order(each[1])):
            if of != layer:
                layer = of
                lines.append(f"# {_line(layer)}")
            lines.append(name)
        lines += ["", "[relations]", "<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>"]
        lines += ["", "[events]", "", "[attributes]"]
        for name, values in sorted(self._values.items()):
            choice = f", Value:{'|'.join(sorted(values))}" if values else ""
            lines.append(f"{name}\tArg:<ENTITY>{choice}")
        return "\n".join(lines) + "\n"

    def visual_conf(self) -> str:
        """How types are called on the screen, and their colours."""
        labels, drawing = ["[labels]"], ["[drawing]"]
        for name, of, old in self.told():
            layer = self._layer(of)
            label = layer.label(old) if layer else None
            terms = [name, _term(label.title if label else old), _term(old)]
            labels.append(" | ".join(term or name for term in terms))
            color = _COLORS.get(label.color if label else "", "#e6e6e6")
            drawing.append(f"{name}\tbgColor:{color}")
        drawing.append("SPAN_DEFAULT\tfgColor:black, bgColor:#e6e6e6, borderColor:darken")
        drawing.append("ATTRIBUTE_DEFAULT\tglyph:*")
        return "\n".join([*labels, "", *drawing]) + "\n"

    def _foresee(self) -> None:
        """Declare the attributes the scheme has, so that they can be given in brat too."""
        for layer in self._scheme.span_layers:
            for name in layer.attributes:
                if name in SWITCHES:
                    self.attribute(name)
                elif name in LABELLED:
                    for label in layer.active:
                        if PLAIN.fullmatch(label.name):
                            self.attribute(name, label.name)

    def _layer(self, name: str) -> SpanLayer | None:
        return next((layer for layer in self._scheme.span_layers if layer.name == name), None)

    def _layer_order(self, name: str) -> tuple[int, str]:
        names = [layer.name for layer in self._scheme.span_layers]
        return (names.index(name), "") if name in names else (len(names), name)

    def _free(self, name: str) -> str:
        """The name, numbered if another label has it."""
        found, number = name, 1
        while found in self._taken:
            number += 1
            found = f"{name}-{number}"
        self._taken.add(found)
        return found


def _safe(name: str) -> str:
    """A name of plain characters: the name itself, or what is readable of it with a hash."""
    if PLAIN.fullmatch(name):
        return name
    readable = re.sub(r"[^A-Za-z0-9_]+", "-", name).strip("-")[:40].strip("-")
    return f"{readable or 'label'}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def _line(text: str) -> str:
    """A text on one line, as configuration has no escapes."""
    return " ".join(text.split())


def _term(text: str) -> str:
    """What stands between the bars of a label's line."""
    return _line(text).replace("|", "/")
