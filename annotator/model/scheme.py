"""A scheme: which layers there are, which labels they have, and on which keys.

Schemes are TOML files with Markdown guidelines beside them; `parse` reads and checks one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import NamedTuple


class Unit(StrEnum):
    """What a layer's cursor moves by."""

    GRAPHEME = "grapheme"
    WORD = "word"
    SENTENCE = "sentence"
    BLOCK = "block"


class Overlap(StrEnum):
    """Which spans of one layer and annotator may share text."""

    NONE = "none"
    """Boilerplate: a new span takes the text from the ones it overlaps."""
    NESTED = "nested"
    """Entities: one may lie inside another; crossing is refused."""
    ANY = "any"


class Label(NamedTuple):
    """A label of a span layer, or a value of the stance layer."""

    name: str
    """What is stored and exported."""
    key: str
    """The lower-case Latin letter that gives it (never q); "" when it is retired."""
    title: str
    color: str
    """One of `COLORS`."""
    description: str = ""
    """One line for legend and help."""
    aliases: tuple[str, ...] = ()
    """Other letters that give it, such as native ones."""
    retired: bool = False
    """It is known, so that what has it is still shown, but cannot be given any more."""
    into: tuple[str, ...] = ()
    """Of a retired one: the labels that stand in its place; a single one is its successor."""

    @property
    def letter(self) -> str:
        """What stands beside text that has it: its key as a capital, a dash when it is retired."""
        return self.key.upper() or "–"


@dataclass(frozen=True, slots=True)
class SpanLayer:
    """A layer whose annotations are labelled stretches of text."""

    name: str
    title: str
    unit: Unit
    overlap: Overlap
    labels: tuple[Label, ...]
    attributes: tuple[str, ...] = ()
    """Attribute names a span may carry (lemma, xid ...)."""
    _by_name: Mapping[str, Label] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_name", {label.name: label for label in self.labels})

    def label(self, name: str) -> Label | None:
        """The label called `name`, or None."""
        return self._by_name.get(name)

    @property
    def active(self) -> tuple[Label, ...]:
        """The labels that can be given."""
        return tuple(label for label in self.labels if not label.retired)


@dataclass(frozen=True, slots=True)
class StanceLayer:
    """The layer whose annotations are stances toward targets."""

    name: str
    title: str
    values: tuple[Label, ...]
    holders: tuple[str, ...] = ("author", "quoted", "actor", "outlet", "unknown")
    bases: tuple[str, ...] = ("explicit", "quoted", "implied")
    targets: tuple[str, ...] = ()
    """Propositions asked about in every article; entities are offered besides."""
    entity_layer: str = ""
    """The span layer whose entities are offered as targets and holders; "" for none."""
    absent: str = "NONE"
    """The value that says "not discussed"."""
    _by_name: Mapping[str, Label] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_name", {value.name: value for value in self.values})

    def label(self, name: str) -> Label | None:
        """The value called `name`, or None."""
        return self._by_name.get(name)

    @property
    def labels(self) -> tuple[Label, ...]:
        """The values, under the name they have in layers of spans."""
        return self.values

    @property
    def active(self) -> tuple[Label, ...]:
        """The values that can be given."""
        return tuple(value for value in self.values if not value.retired)


Layer = SpanLayer | StanceLayer

COLORS = ("red", "green", "yellow", "blue", "magenta", "cyan", "white", "gray")
"""The colours a label may have: names every 16-colour terminal has, so that all can be told apart."""


@dataclass(frozen=True, slots=True)
class Scheme:
    """A checked scheme. `toml` and `guidelines` are the sources it was read from."""

    name: str
    version: int
    layers: tuple[Layer, ...]
    toml: str
    guidelines: str = ""
    """Markdown; a heading `## layer` or `### label` starts the text on it."""
    title: str = ""
    guidelines_version: str = ""
    """The version of the guidelines; "" as long as they are the scheme's own, which have its version."""

    def layer(self, name: str) -> Layer | None:
        """The layer called `name`, or None."""
        return next((layer for layer in self.layers if layer.name == name), None)

    def with_units(self, units: Mapping[str, str]) -> "Scheme":
        """The scheme with other units for the cursor in some layers of spans, by their names."""
        if not units:
            return self
        layers = tuple(
            replace(layer, unit=Unit(units.get(layer.name, layer.unit)))
            if isinstance(layer, SpanLayer)
            else layer
            for layer in self.layers
        )
        return replace(self, layers=layers)

    @property
    def span_layers(self) -> tuple[SpanLayer, ...]:
        """The layers of labelled stretches, in order."""
        return tuple(layer for layer in self.layers if isinstance(layer, SpanLayer))

    @property
    def stance_layer(self) -> StanceLayer | None:
        """The stance layer, when the scheme has one (at most one)."""
        return next((layer for layer in self.layers if isinstance(layer, StanceLayer)), None)
