"""What one scheme has that another has not, and taking a whole new scheme file in."""

from collections.abc import Iterator
from dataclasses import replace

from annotator.model.errors import AnnotatorError
from annotator.model.scheme import Label, Layer, Scheme, SpanLayer
from annotator.model.scheme_change import SchemeChange, renewed

_LAYER = ("title", "unit", "overlap", "attributes", "holders", "bases", "targets", "entity_layer")
_LABEL = ("key", "title", "color", "description", "aliases")


def load(scheme: Scheme, new: Scheme) -> SchemeChange:
    """A whole new scheme in a scheme's place.

    Labels that the new one lacks stay as retired ones; guidelines stay unless it brings its own; its
    version is one higher than the old one's, or its own where that is higher still.

    Raises:
        AnnotatorError: a layer becomes one of another kind.
    """
    layers = [_kept(scheme.layer(layer.name), layer) for layer in new.layers]
    guidelines = new.guidelines or scheme.guidelines
    version = max(new.version, scheme.version + 1)
    as_it_is = (scheme.version, scheme.layers, scheme.guidelines, scheme.name, scheme.title)
    after = replace(new, layers=tuple(layers), guidelines=guidelines, version=version)
    if as_it_is == (scheme.version, tuple(layers), guidelines, new.name, new.title):
        after = scheme
    elif layers != list(new.layers) or version != new.version:
        after = renewed(after, layers, version=version)
    return SchemeChange("load", f"load {new.name}, version {after.version}", scheme, after)


def lost_layers(before: Scheme, after: Scheme) -> list[Layer]:
    """The layers that the newer scheme lacks."""
    return [layer for layer in before.layers if after.layer(layer.name) is None]


def _kept(old: Layer | None, new: Layer) -> Layer:
    """The new layer with what only the old one has, retired."""
    if old is None:
        return new
    if type(old) is not type(new):
        raise AnnotatorError(
            f"The layer {new.name!r} cannot change between spans and stances; give the new one "
            "another name."
        )
    gone = tuple(
        label._replace(key="", aliases=(), retired=True)
        for label in old.labels
        if new.label(label.name) is None
    )
    if isinstance(new, SpanLayer):
        return replace(new, labels=(*new.labels, *gone))
    return replace(new, values=(*new.values, *gone))


def differences(before: Scheme, after: Scheme) -> list[str]:
    """One line for each difference; none for schemes that say the same."""
    lines = [
        f"scheme: {field} {_shown(old)} becomes {_shown(new)}"
        for field in ("name", "title", "version")
        if (old := getattr(before, field)) != (new := getattr(after, field))
    ]
    if before.guidelines != after.guidelines:
        lines.append("scheme: the guidelines change")
    if [x.name for x in before.layers] != [x.name for x in after.layers]:
        order = " ".join(f"{n} {layer.name}" for n, layer in enumerate(after.layers, 1))
        lines.append(f"scheme: the layers are now {order}")
    for layer in lost_layers(before, after):
        lines.append(f"{layer.name}: this layer goes")
    for layer in after.layers:
        lines += _layer(before.layer(layer.name), layer)
    return lines


def _layer(old: Layer | None, new: Layer) -> Iterator[str]:
    if old is None:
        names = ", ".join(label.name for label in new.labels)
        yield f"{new.name}: a new layer with {names}"
        return
    for field in (*_LAYER, "absent"):
        values = (getattr(old, field, None), getattr(new, field, None))
        if values[0] != values[1]:
            yield f"{new.name}: {field} {_shown(values[0])} becomes {_shown(values[1])}"
    for label in new.labels:
        yield from _label(new.name, old.label(label.name), label)


def _label(layer: str, old: Label | None, new: Label) -> Iterator[str]:
    where = f"{layer}/{new.name}"
    into = f", into {' or '.join(new.into)}" if new.into else ""
    if old is None:
        yield f"{where}: new, " + (f"retired{into}" if new.retired else f"on the key {new.key}")
        return
    if new.retired and (not old.retired or old.into != new.into):
        yield f"{where}: retired{into}"
    if old.retired and not new.retired:
        yield f"{where}: no longer retired, on the key {new.key}"
    for field in _LABEL:
        values = (getattr(old, field), getattr(new, field))
        if values[0] != values[1] and not (
            field in ("key", "aliases") and (new.retired or old.retired)
        ):
            yield f"{where}: {field} {_shown(values[0])} becomes {_shown(values[1])}"


def _shown(value: object) -> str:
    """A field's value in a line."""
    if isinstance(value, tuple):
        return " ".join(map(str, value)) or "nothing"
    return str(value) if value not in (None, "") else "nothing"
