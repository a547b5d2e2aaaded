"""A scheme as the text of a scheme file: what `scheme_file.parse` reads as the same scheme."""

import json
import tomllib
from collections.abc import Iterable, Iterator

from annotator.model.scheme import Label, Layer, Scheme, SpanLayer, StanceLayer


def to_toml(scheme: Scheme) -> str:
    """The scheme's TOML, always the same for the same scheme; comments of its source are not kept.

    The name of the guidelines' file, which a `Scheme` does not hold, is taken from its source.
    """
    beside = tomllib.loads(scheme.toml).get("guidelines", "") if scheme.toml else ""
    head = (
        ("name", scheme.name),
        ("version", scheme.version),
        ("title", scheme.title),
        ("guidelines", beside),
    )
    lines = [f"{name} = {_value(value)}" for name, value in head if value]
    for layer in scheme.layers:
        lines += ["", "[[layers]]", *_layer(layer)]
    return "\n".join(lines) + "\n"


def _layer(layer: Layer) -> Iterator[str]:
    yield f"name = {_value(layer.name)}"
    yield f"title = {_value(layer.title)}"
    rest = _span_layer(layer) if isinstance(layer, SpanLayer) else _stance_layer(layer)
    for name, value in rest:
        if value:
            yield f"{name} = {_value(value)}"
    yield f"{'labels' if isinstance(layer, SpanLayer) else 'values'} = ["
    yield from (f"  {_label(label)}," for label in layer.labels)
    yield "]"


def _span_layer(layer: SpanLayer) -> Iterable[tuple[str, object]]:
    return (
        ("unit", str(layer.unit)),
        ("overlap", str(layer.overlap)),
        ("attributes", layer.attributes),
    )


def _stance_layer(layer: StanceLayer) -> Iterable[tuple[str, object]]:
    return (
        ("kind", "stance"),
        ("entity_layer", layer.entity_layer),
        ("targets", layer.targets),
        ("holders", layer.holders),
        ("bases", layer.bases),
        ("absent", layer.absent),
    )


def _label(label: Label) -> str:
    """One label as an inline table; what is left out is read back as it was."""
    fields: tuple[tuple[str, object], ...] = (
        ("name", label.name),
        ("key", label.key),
        ("title", label.title),
        ("color", label.color),
        ("description", label.description),
        ("aliases", label.aliases),
        ("retired", label.retired),
        ("into", label.into),
    )
    return "{ " + ", ".join(f"{name} = {_value(x)}" for name, x in fields if x) + " }"


def _value(value: object) -> str:
    """A TOML value. A scheme's texts are one printable line, for which JSON's escapes are TOML's."""
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    return json.dumps(value, ensure_ascii=False)
