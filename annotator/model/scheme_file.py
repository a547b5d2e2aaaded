"""Scheme files: a TOML file and, beside it, the Markdown guidelines it names.

```toml
name = "news"                 # letters, digits, _ and -
version = 1                   # raise it when you change the scheme
title = "News articles"       # optional, as all titles and descriptions
guidelines = "news.md"        # optional, a file in the same folder

[[layers]]                    # up to nine, on the keys 1 to 9
name = "entities"
unit = "word"                 # grapheme, word, sentence or block
overlap = "nested"            # none, nested or any
attributes = ["lemma"]        # optional
labels = [{ name = "PER", key = "p", title = "Person", color = "cyan", aliases = ["л"] }]

[[layers]]
name = "stance"
kind = "stance"               # at most one; without `kind` a layer is of spans
entity_layer = "entities"     # optional: whose entities are offered as targets
values = [{ name = "NONE", key = "o" }]
```

A label that is given up stays known with `retired = true` instead of its key, and may name what
stands in its place: `{ name = "MISC", retired = true, into = ["EVT", "PRO"] }`.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from annotator.model.errors import AnnotatorError
from annotator.model.scheme import (
    COLORS,
    Label,
    Layer,
    Overlap,
    Scheme,
    SpanLayer,
    StanceLayer,
    Unit,
)
from annotator.model.scheme_table import NAME, Table

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

PRESETS = ("news", "minimal")
"""The schemes that come with the program; the first is the default."""

HOLDERS = ("author", "quoted", "actor", "outlet", "unknown")
BASES = ("explicit", "quoted", "implied")
MAX_LAYERS = 9
"""A layer is chosen with a digit from 1."""


def parse(toml: str, guidelines: str = "", where: str = "the scheme") -> Scheme:
    """Read and check a scheme.

    Args:
        toml: the scheme's source, kept in the result.
        guidelines: the Markdown text that goes with it.
        where: how messages call the source, usually a file's name.

    Raises:
        AnnotatorError: something is wrong; a line for each fault, with its place and what to do.
    """
    faults: list[str] = []
    top = Table(_read_toml(toml, where), where, faults)
    name, version, title = top.name(), top.version(), top.text("title", "")
    _guidelines_name(top)
    layers = tuple(_layer(table) for table in top.tables("layers", "layer"))
    top.done()
    _check_layers(top, layers)
    if faults:
        raise AnnotatorError("\n".join(faults))
    return Scheme(name, version, layers, toml, guidelines, title)


def load(path: Path) -> Scheme:
    """Read a scheme from a TOML file and the guidelines it names, which lie beside it.

    Raises:
        AnnotatorError: a file is missing or unreadable, or the scheme has faults.
    """
    return _load(path, path.parent, str(path))


def preset(name: str) -> Scheme:
    """One of `PRESETS`.

    Raises:
        AnnotatorError: there is no preset of that name.
    """
    if name not in PRESETS:
        raise AnnotatorError(f"There is no preset {name!r}; use one of {', '.join(PRESETS)}.")
    from importlib import resources  # not needed to open a project, which holds its own scheme

    folder = resources.files("annotator") / "presets"
    return _load(folder / f"{name}.toml", folder, f"{name}.toml")


def _load(file: "Traversable", folder: "Traversable", where: str) -> Scheme:
    """Read the TOML first alone, so that its own faults are told before a missing second file."""
    toml = _read(file, where, "give the path of a scheme's TOML file")
    scheme = parse(toml, where=where)
    beside = tomllib.loads(toml).get("guidelines", "")
    if not beside:
        return scheme
    todo = f'put it beside {file.name} or remove the field "guidelines"'
    return replace(scheme, guidelines=_read(folder / beside, f"{beside}, named by {where},", todo))


def _read(file: "Traversable", where: str, todo: str) -> str:
    """A file's text, without a byte order mark and with plain line ends."""
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise AnnotatorError(f"{where} does not exist; {todo}.") from None
    except UnicodeDecodeError as error:
        raise AnnotatorError(
            f"{where} is not UTF-8 at byte {error.start}; save it as UTF-8."
        ) from None
    except OSError as error:
        raise AnnotatorError(f"{where} cannot be read ({error.strerror}); {todo}.") from None
    return text.replace("\r\n", "\n")


def _read_toml(toml: str, where: str) -> dict[str, Any]:
    try:
        return tomllib.loads(toml)
    except RecursionError:
        raise AnnotatorError(f"{where}: brackets are nested too deeply; remove some.") from None
    except ValueError as error:  # TOMLDecodeError, and numbers with too many digits
        what, at = str(error), ""
        if found := re.search(r" \(at (line \d+, column \d+|end of document)\)$", what):
            what, at = what[: found.start()], f", {found[1]}"
        raise AnnotatorError(f"{where}{at}: this is not valid TOML ({what}); correct it.") from None


def _guidelines_name(top: Table) -> None:
    """The guidelines lie beside the scheme: a name, not a way through other folders."""
    name = top.text("guidelines", "")
    if name and (name in {".", ".."} or "/" in name or "\\" in name):
        top.fault(f"the guidelines {name!r} have to be a file's name in the scheme's own folder.")


def _layer(table: Table) -> Layer:
    name = table.name()
    title = table.text("title", name)
    stance = table.choice("kind", ("span", "stance"), "span") == "stance"
    layer = _stance_layer(table, name, title) if stance else _span_layer(table, name, title)
    table.done()
    return layer


def _span_layer(table: Table, name: str, title: str) -> SpanLayer:
    unit = table.choice("unit", [str(unit) for unit in Unit], "word")
    overlap = table.choice("overlap", [str(overlap) for overlap in Overlap], "none")
    attributes = table.texts("attributes")
    for attribute in attributes:
        if not NAME.match(attribute):
            table.fault(f"the attribute {attribute!r} is not allowed; use A-Z a-z 0-9 _ and -.")
    labels = _labels(table, "labels", "label")
    return SpanLayer(name, title, Unit(unit), Overlap(overlap), labels, attributes)


def _stance_layer(table: Table, name: str, title: str) -> StanceLayer:
    layer = StanceLayer(
        name=name,
        title=title,
        values=_labels(table, "values", "value"),
        holders=table.texts("holders", HOLDERS, HOLDERS) or HOLDERS,
        bases=table.texts("bases", BASES, BASES) or BASES,
        targets=table.texts("targets"),
        entity_layer=table.text("entity_layer", ""),
        absent=table.text("absent", "NONE"),
    )
    absent = layer.label(layer.absent)
    if layer.values and (absent is None or absent.retired):
        names = ", ".join(value.name for value in layer.active)
        table.fault(f'"absent" has to be the value for "not discussed", one of {names}.')
    return layer


def _labels(table: Table, field: str, what: str) -> tuple[Label, ...]:
    tables = list(table.tables(field, what))
    labels = tuple(_label(table, number) for number, table in enumerate(tables))
    _same_names(table, what, labels)
    _same_keys(table, labels)
    _check_retired(table, what, labels)
    return labels


def _label(table: Table, number: int) -> Label:
    name = table.name()
    retired = table.switch("retired")
    label = Label(
        name=name,
        key=table.text("key", "" if retired else None),
        title=table.text("title", name),
        color=table.choice("color", COLORS, COLORS[number % len(COLORS)]),
        description=table.text("description", ""),
        aliases=tuple(unicodedata.normalize("NFC", a) for a in table.texts("aliases")),
        retired=retired,
        into=table.texts("into"),
    )
    if label.key.strip() and not re.fullmatch("[a-pr-z]", label.key):
        table.fault(f"the key {label.key!r} is not one lower-case letter a to z other than q.")
    for alias in label.aliases:
        if len(alias) != 1 or not alias.isalpha() or alias != alias.lower() or alias == "q":
            table.fault(f"the alias {alias!r} is not one lower-case letter other than q.")
    if retired and (label.key or label.aliases):
        table.fault("a retired label has no letters; remove its key and aliases.")
    if label.into and not retired:
        table.fault('"into" names what stands in place of a retired label; add retired = true.')
    table.done()
    return label


def _check_retired(table: Table, what: str, labels: Sequence[Label]) -> None:
    """Somebody can still label, and retired labels name others that there are."""
    if labels and all(label.retired for label in labels):
        table.fault(f"every {what} is retired; keep at least one that can be given.")
    names = {label.name for label in labels}
    for label in labels:
        for name in label.into:
            if name not in names or name == label.name:
                table.fault(f'"{label.name}" is retired into {name!r}, which is no other {what}.')


def _same_names(table: Table, what: str, items: Iterable[Label | Layer]) -> None:
    seen: set[str] = set()
    for item in items:
        if item.name and item.name.casefold() in seen:
            table.fault(f'there are two {what}s "{item.name}"; rename or remove one.')
        seen.add(item.name.casefold())


def _same_keys(table: Table, labels: Iterable[Label]) -> None:
    owner: dict[str, str] = {}
    for label in labels:
        for key in (label.key, *label.aliases):
            if key and owner.setdefault(key, label.name) != label.name:
                both = f'"{owner[key]}" and "{label.name}"'
                table.fault(f'the key "{key}" stands for {both}; give one of them another.')


def _check_layers(top: Table, layers: Sequence[Layer]) -> None:
    """What concerns layers together."""
    _same_names(top, "layer", layers)
    if len(layers) > MAX_LAYERS:
        top.fault(f"there are {len(layers)} layers; keep at most {MAX_LAYERS}.")
    stances = [layer for layer in layers if isinstance(layer, StanceLayer)]
    if len(stances) > 1:
        names = ", ".join(layer.name for layer in stances)
        top.fault(f"{names} are all stance layers; keep one.")
    spans = [layer.name for layer in layers if isinstance(layer, SpanLayer)]
    for layer in stances:
        if layer.entity_layer and layer.entity_layer not in spans:
            todo = f"use {', '.join(spans)}" if spans else "remove the field"
            top.fault(
                f'the entity_layer {layer.entity_layer!r} of layer "{layer.name}" '
                f"is not a span layer; {todo}."
            )
