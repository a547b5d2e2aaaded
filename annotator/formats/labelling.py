"""From settled claims to spans: what each label of a file means here, and what has no place here."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from annotator.formats.claims import Claim
from annotator.formats.label_map import NO_MAP, LabelMap, Target
from annotator.model.annotation import Span, sort_spans
from annotator.model.errors import AnnotatorError
from annotator.model.scheme import Scheme, SpanLayer


class Place(NamedTuple):
    """Where a label of a file belongs."""

    layer: str
    label: str
    attribute: str = ""
    """An attribute its spans get, set to true."""


class Labelling:
    """What a file's labels mean in a scheme.

    A label goes where the map says; one the map does not name goes to the label of the same name,
    in the layer of the same name or the only layer that has it. Anything else is unknown.
    """

    def __init__(self, scheme: Scheme, names: LabelMap = NO_MAP, layer: str = "") -> None:
        """`layer` goes first where several layers have a label.

        Raises:
            AnnotatorError: the scheme has no such layer.
        """
        self._layers: dict[str, SpanLayer] = {each.name: each for each in scheme.span_layers}
        if layer and layer not in self._layers:
            names_ = ", ".join(self._layers)
            raise AnnotatorError(f"The scheme has no span layer {layer!r}; it has: {names_}.")
        for old, target in names.targets():
            if target.layer and target.layer not in self._layers:
                raise AnnotatorError(
                    f"The map puts {old} into the layer {target.layer!r}, which the scheme does not have."
                )
        self.names = names
        self._first = layer

    def place(self, claim: Claim) -> Place | None:
        """Where a claim belongs; a place without a label is left out, None is unknown."""
        target = self.names.target(claim.label, claim.layer, claim.attrs)
        if target is None:
            target = Target(claim.label, claim.layer if claim.layer in self._layers else "")
        elif not target.label:
            return Place("", "")
        layer = target.layer or self._layer_with(target.label)
        if layer not in self._layers or self._layers[layer].label(target.label) is None:
            return None
        return Place(layer, target.label, target.attribute)

    def wanted(self, claim: Claim) -> tuple[str, str]:
        """The layer ("" for any) and the label that a claim would need here, renamed as the map says."""
        target = self.names.target(claim.label, claim.layer, claim.attrs)
        return (claim.layer, claim.label) if target is None else (target.layer, target.label)

    def _layer_with(self, label: str) -> str:
        """The one layer that has a label, or the first choice among several; "" for none."""
        having = [name for name, layer in self._layers.items() if layer.label(label) is not None]
        if self._first in having:
            return self._first
        return having[0] if len(having) == 1 else ""

    def spans(
        self, article: str, claims: Iterable[Claim], origin: str, left_out: Counter[str]
    ) -> tuple[Span, ...]:
        """The spans of settled claims whose labels are known or left out by the map.

        Their ids are made from what they say, so the same file gives the same spans again. Claims
        that say the same become one. What does not come along is counted in `left_out`, but for unknown
        labels, which are for the caller to settle first.
        """
        found: dict[str, Span] = {}
        for claim in claims:
            place = self.place(claim)
            if place is None:
                continue
            if not place.label:
                left_out[f"label {name_of(claim.layer, claim.label)}"] += 1
                continue
            ident = _ident(article, place, claim.start, claim.end)
            if ident in found:
                left_out["the same span twice"] += 1
                continue
            attrs = self._attrs(place, claim.attrs, left_out)
            found[ident] = Span(
                ident, place.layer, place.label, claim.start, claim.end, attrs, origin or "import"
            )
        return sort_spans(found.values())

    def _attrs(
        self, place: Place, given: Mapping[str, Any], left_out: Counter[str]
    ) -> dict[str, Any]:
        """The attributes that the layer has."""
        known = self._layers[place.layer].attributes
        attrs = {name: value for name, value in given.items() if name in known}
        for name in given.keys() - attrs.keys():
            left_out[f"attribute {name}"] += 1
        if place.attribute in known:
            attrs[place.attribute] = True
        return attrs


def name_of(layer: str, label: str) -> str:
    """A file's label for people and maps: with its layer, where the file names one."""
    return f"{layer}/{label}" if layer else label


def _ident(article: str, place: Place, start: int, end: int) -> str:
    line = "\0".join((article, place.layer, place.label, str(start), str(end)))
    return hashlib.sha256(line.encode("utf-8", "surrogatepass")).hexdigest()[:16]
