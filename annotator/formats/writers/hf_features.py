"""The columns of a Hugging Face data set as we write it, for its rows, card, Parquet and Croissant.

Every article is a row; each layer of spans has a column of its name with a list of structs. A layer
with the name of another column gets `_spans` behind it, and so does one that would then look like it.
"""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from annotator.model.scheme import Scheme, SpanLayer, Unit

STRINGS = ("id", "text", "lang", "title", "source", "url", "date", "group", "text_sha256")
"""Columns of the article, all strings."""

AFTER = ("annotator", "finished", "looked", "tokens", "ner_tags", "stances")
_TAKEN = re.compile(rf"(?:{'|'.join((*STRINGS, *AFTER))})(?:_spans)*\Z")
_BEHIND = "_spans"

EMPTY = "{}"
"""Attributes of a span that has no others than lemma and xid."""


class Feature(NamedTuple):
    """A column, or a field of a struct."""

    name: str
    dtype: str = "string"
    """string, int64, bool, class_label or struct."""
    many: bool = False
    """Whether it is a list of these."""
    labels: tuple[str, ...] = ()
    """The names of a class_label."""
    fields: tuple["Feature", ...] = ()
    """The fields of a struct."""
    about: str = ""
    """What it holds, for the card."""


class Labels:
    """The labels of each layer in the order of their numbers; new ones go behind the scheme's.

    Labels that the scheme does not have come from an export under other names.
    """

    def __init__(self, scheme: Scheme) -> None:
        self._names = {each.name: [label.name for label in each.labels] for each in scheme.layers}

    def __getitem__(self, layer: str) -> tuple[str, ...]:
        """The labels of a layer."""
        return tuple(self._names[layer])

    def meet(self, layer: str, label: str) -> None:
        """Give a label its number if it has none yet."""
        if label not in self._names[layer]:
            self._names[layer].append(label)


_CUT = (Feature("start", "int64"), Feature("end", "int64"), Feature("text"))
"""A stretch of the text."""


def features(scheme: Scheme, labels: Labels) -> tuple[Feature, ...]:
    """The columns for articles annotated by a scheme, in order."""
    found = _article_features()
    found += [_layer_feature(layer, labels[layer.name]) for layer in scheme.span_layers]
    tagged = tagged_layer(scheme)
    if tagged is not None:
        about = f"tokens of `text`, cut where spans of `{tagged.name}` begin and end"
        found.append(Feature("tokens", many=True, about=about))
        about = f"IOB2 over the tokens: the outermost spans of `{tagged.name}`"
        names = iob2(labels[tagged.name])
        found.append(Feature("ner_tags", "class_label", many=True, labels=names, about=about))
    layer = scheme.stance_layer
    if layer is not None:
        fields = _stance_fields(labels[layer.name])
        about = f"who takes which position toward what (layer `{layer.name}`)"
        found.append(Feature("stances", "struct", many=True, fields=fields, about=about))
    return tuple(found)


def tagged_layer(scheme: Scheme) -> SpanLayer | None:
    """The layer that `ner_tags` is of: `entities`, else the first whose labels lie on words."""
    layers = {layer.name: layer for layer in scheme.span_layers}
    fitting = [each for each in layers.values() if each.unit in (Unit.WORD, Unit.GRAPHEME)]
    return layers.get("entities") or (fitting[0] if fitting else None)


def iob2(labels: Iterable[str]) -> tuple[str, ...]:
    """All tags for some labels."""
    return "O", *(f"{mark}-{label}" for label in labels for mark in "BI")


def column(layer: str) -> str:
    """The column of a layer of spans."""
    return layer + _BEHIND if _TAKEN.match(layer) else layer


def layer_of(name: str) -> str:
    """The layer of spans whose column is called `name`."""
    return name.removesuffix(_BEHIND) if _TAKEN.match(name) else name


def timelike(value: str) -> bool:
    """Whether Arrow takes a string for a point in time when it guesses a column's type."""
    return len(value) >= 10 and bool(_TIME.fullmatch(value))


_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"(?:[ T][0-9]{2}(?::?[0-9]{2}(?::?[0-9]{2})?)?(?:Z|[+-][0-9]{2}(?::?[0-9]{2})?)?)?"
)


def encoded(feature: Feature, value: Any) -> Any:
    """A value with labels as numbers, the way Parquet and Arrow hold them."""
    if feature.many:
        one = feature._replace(many=False)
        return [encoded(one, each) for each in value]
    if feature.dtype == "class_label":
        return feature.labels.index(value)
    if feature.dtype == "struct":
        return {each.name: encoded(each, value[each.name]) for each in feature.fields}
    return value


def hub(found: Iterable[Feature]) -> dict[str, Any]:
    """Columns the way `datasets` writes them into Parquet files (`Features.to_dict`)."""
    return {feature.name: _hub(feature) for feature in found}


def _hub(feature: Feature) -> Any:
    if feature.many:
        return {"feature": _hub(feature._replace(many=False)), "_type": "List"}
    if feature.dtype == "class_label":
        return {"names": list(feature.labels), "_type": "ClassLabel"}
    if feature.dtype == "struct":
        return hub(feature.fields)
    return {"dtype": feature.dtype, "_type": "Value"}


def _article_features() -> list[Feature]:
    about = {
        "id": "the article's name in the project",
        "text": "the article as it came in, line ends and all; every offset is into this",
        "lang": "BCP 47 tag; empty when not known",
        "title": "as the source gave it; it need not be in `text`",
        "source": "who published it, as the source said",
        "url": "where it stood, as the source said",
        "date": "as the source gave it",
        "group": "articles on the same event share it; empty for none",
        "text_sha256": "SHA-256 of `text` as UTF-8",
    }
    return [
        *(Feature(name, about=about[name]) for name in STRINGS),
        Feature("annotator", about="whose decisions these are"),
        Feature("finished", "bool", about="whether the annotator declared the article done"),
        Feature(
            "looked",
            many=True,
            about="layers declared looked at: what is not marked in them is not there",
        ),
    ]


def _label(names: tuple[str, ...]) -> Feature:
    """The column of a label; of a layer without labels, which ClassLabel cannot be, a string."""
    return Feature("label", "class_label", labels=names) if names else Feature("label")


def _layer_feature(layer: SpanLayer, labels: tuple[str, ...]) -> Feature:
    fields = (
        *_CUT,
        _label(labels),
        *(Feature(name) for name in ("lemma", "xid", "attrs")),
    )
    about = f"spans of the layer `{layer.name}`, by start, longer ones first"
    return Feature(column(layer.name), "struct", many=True, fields=fields, about=about)


def _stance_fields(values: tuple[str, ...]) -> tuple[Feature, ...]:
    return (
        Feature("target_kind"),
        Feature("target"),
        Feature("holder_kind"),
        Feature("holder"),
        _label(values),
        Feature("basis"),
        Feature("confidence", "int64"),
        Feature("evidence", "struct", many=True, fields=(*_CUT, Feature("role"))),
        Feature("note"),
    )
