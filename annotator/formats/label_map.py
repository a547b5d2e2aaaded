"""From one set of labels to another: to export under a data set's names, or to take a file's in.

A map is a table `NAME = "NAME"`; a name may stand with its layer before a slash (`entities/PER`),
and `-` as the new name leaves a label out. `PER[norp]` is the label PER of spans whose attribute
`norp` is set: as the old name it goes before plain `PER`, as the new name it sets the attribute.
"""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

from annotator.model.errors import AnnotatorError

LEAVE_OUT = "-"


class Target(NamedTuple):
    """What a label becomes."""

    label: str
    """The new name; "" when it is left out."""
    layer: str = ""
    """The layer, when the map says one."""
    attribute: str = ""
    """An attribute to set, when the map says one."""


class LabelMap:
    """Old names to new ones; what it does not name is for the caller to decide."""

    def __init__(self, table: Mapping[str, str], name: str = "") -> None:
        self.table = dict(table)
        self.name = name
        """Of a preset or file, for people."""

    def __bool__(self) -> bool:
        """Whether it maps anything."""
        return bool(self.table)

    def target(self, label: str, layer: str = "", attrs: Mapping[str, Any] = {}) -> Target | None:
        """What a label becomes, None when the map does not name it."""
        names = [f"{label}[{name}]" for name in sorted(attrs) if attrs[name]] + [label]
        for name in names:
            for key in (f"{layer}/{name}", name) if layer else (name,):
                if key in self.table:
                    return _target(self.table[key])
        return None

    def targets(self) -> list[tuple[str, Target]]:
        """Every old name with what it becomes."""
        return [(old, _target(new)) for old, new in self.table.items()]

    def with_attribute(self, label: str, layer: str) -> list[Target]:
        """What a label becomes where some attribute is set."""
        begins = (f"{layer}/{label}[", f"{label}[")
        return [_target(new) for old, new in self.table.items() if old.startswith(begins)]

    def with_more(self, pairs: Iterable[tuple[str, str]]) -> "LabelMap":
        """The map with some names added or replaced."""
        return LabelMap({**self.table, **dict(pairs)}, self.name)


NO_MAP = LabelMap({})


def _target(value: str) -> Target:
    if value == LEAVE_OUT:
        return Target("")
    layer, slash, rest = value.partition("/")
    label, bracket, attribute = (rest if slash else value).partition("[")
    return Target(label, layer if slash else "", attribute.rstrip("]") if bracket else "")


@cache
def presets() -> dict[str, LabelMap]:
    """The maps that come with annotator, by name, from presets/labelmaps.toml."""
    toml = resources.files("annotator.presets").joinpath("labelmaps.toml").read_text("utf-8")
    data = tomllib.loads(toml)
    version = data["version"]
    return {
        name: LabelMap(table["labels"], f"{name}/{version}") for name, table in data["maps"].items()
    }


def label_map(name: str) -> LabelMap:
    """A preset by its name, or the map in a TOML file: a table `[labels]`.

    Raises:
        AnnotatorError: there is no such preset or file, or the file is no map.
    """
    if name in presets():
        return presets()[name]
    path = Path(name)
    try:
        data = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        known = ", ".join(presets())
        raise AnnotatorError(
            f"There is no label map {name}: give a TOML file or one of {known}."
        ) from error
    except UnicodeDecodeError as error:
        raise AnnotatorError(f"{path} is not UTF-8 at byte {error.start}.") from None
    except tomllib.TOMLDecodeError as error:
        raise AnnotatorError(f"{path} is not TOML: {error}.") from error
    return LabelMap(_table(data, path), path.name)


def _table(data: Mapping[str, Any], path: Path) -> dict[str, str]:
    table = data.get("labels")
    if not isinstance(table, dict) or not table:
        raise AnnotatorError(f'{path} needs a table [labels] with lines such as PERSON = "PER".')
    for old, new in table.items():
        if not isinstance(new, str) or not new:
            raise AnnotatorError(
                f"{path}: {old} must name a label in quotes, or - to leave it out."
            )
    return dict(table)


def pairs(values: Iterable[str]) -> list[tuple[str, str]]:
    """What `OLD=NEW` arguments say; AnnotatorError for one that says nothing."""
    found = []
    for value in values:
        old, sign, new = value.rpartition("=")
        if not (sign and old.strip() and new.strip()):
            raise AnnotatorError(
                f"{value!r} maps no label: write OLD=NEW, or OLD=- to leave it out."
            )
        found.append((old.strip(), new.strip()))
    return found
