"""Coarse profiles of boilerplate: which fine labels count as content, as data with a version."""

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

from annotator.model.errors import AnnotatorError
from annotator.model.scheme import SpanLayer
from annotator.model.scheme_change import formerly


@dataclass(frozen=True, slots=True)
class Profile:
    """One way to tell content from boilerplate."""

    name: str
    title: str
    version: int
    """Of the whole file; raised when any mapping changes."""
    body: str
    """The class of text without a label."""
    labels: dict[str, str]
    """The class of each label; a label that is not here is boilerplate of no class."""
    keep: dict[str, str]
    """Classes that count as content, each with its mark in CleanEval's text: h, p or l."""

    def mark(self, label: str) -> str:
        """The CleanEval mark for text of a label ("" is no label); "" for boilerplate."""
        return self.keep.get(self.labels.get(label, "") if label else self.body, "")

    def following(self, layer: SpanLayer) -> "Profile":
        """The profile with the classes of labels that it knows by their earlier names only."""
        labels = dict(self.labels)
        for name in (label.name for label in layer.labels if label.name not in self.labels):
            known = {self.labels[x] for x in formerly(layer, name) if x in self.labels}
            if len(known) == 1:
                labels[name] = known.pop()
        return replace(self, labels=labels)


@cache
def profiles() -> dict[str, Profile]:
    """All profiles by name, from presets/profiles.toml."""
    toml = resources.files("annotator.presets").joinpath("profiles.toml").read_text("utf-8")
    data = tomllib.loads(toml)
    return {
        name: Profile(name=name, version=data["version"], **table)
        for name, table in data["profiles"].items()
    }


def profile(name: str) -> Profile:
    """The profile called `name`.

    Raises:
        AnnotatorError: there is none; the sentence lists those there are.
    """
    if name not in profiles():
        raise AnnotatorError(f"There is no profile {name!r}; there are: {', '.join(profiles())}.")
    return profiles()[name]
