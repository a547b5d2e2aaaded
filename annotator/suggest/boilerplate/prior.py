"""The weights a project starts from, trained on pages of many sites: presets/boilerplate_prior.json.

`python -m benchmarks.boilerplate_prior` makes the file and says from what.
"""

import json
from functools import cache
from importlib import resources
from typing import NamedTuple


class Prior(NamedTuple):
    """Weights of features that hold in every language."""

    weights: dict[str, float]
    steep: float
    """The inverse temperature at which the probabilities fit best."""


@cache
def shipped() -> Prior:
    """The prior that comes with annotator."""
    path = resources.files("annotator") / "presets" / "boilerplate_prior.json"
    data = json.loads(path.read_text("utf-8"))
    weights = {str(name): float(weight) for name, weight in data["weights"].items()}
    return Prior(weights, float(data["steep"]))


def is_general(feature: str) -> bool:
    """Whether a feature holds in every language and project, so that a prior may weigh it."""
    return feature[:1] != ":"
