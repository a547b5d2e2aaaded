"""What decisions take: keys and active seconds by annotator and layer, from the recorded time.

Only articles whose time was recorded count, so that imported labels make nobody look quick. A
decision is an annotation that stands: a span, or a stance; a run of blocks with one label is one.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from annotator.model.spent import Spent
from annotator.store.gone import HERE
from annotator.store.reader import Reader
from annotator.store.works import STANCES

_SPENT = f"""SELECT w.actor, h.body, w.counts FROM work w JOIN article a ON a.n = w.n
            JOIN head h ON h.article = a.id AND h.actor = w.actor
            AND h.key = 'time:' || w.actor || ':' || a.id WHERE h.body IS NOT NULL AND w.n {HERE}"""


@dataclass(frozen=True, slots=True)
class Effort:
    """What one annotator's annotations in one layer took."""

    annotations: int = 0
    """Those of articles whose time was recorded."""
    seconds: int = 0
    keys: int = 0
    seconds_each: float | None = None
    """Active seconds for each annotation; None without an annotation."""
    keys_each: float | None = None
    """Keys for each annotation; None without an annotation."""


UNKNOWN = Effort()
"""Where no time was recorded."""


def efforts(reader: Reader, stance_layer: str) -> dict[tuple[str, str], Effort]:
    """Everybody's effort, by annotator and layer."""
    found: dict[tuple[str, str], tuple[int, int, int]] = {}
    for actor, body, counted in reader.rows(_SPENT):
        spent, counts = Spent.of(json.loads(body)), json.loads(counted)
        for layer in {*spent.seconds, *spent.keys}:
            old = found.get((actor, layer), (0, 0, 0))
            found[actor, layer] = (
                old[0] + _annotations(counts, layer, stance_layer),
                old[1] + spent.seconds.get(layer, 0),
                old[2] + spent.keys.get(layer, 0),
            )
    return {place: _effort(*numbers) for place, numbers in found.items()}


def _annotations(counts: Mapping[str, int], layer: str, stance_layer: str) -> int:
    return counts.get(STANCES if layer == stance_layer else layer, 0)


def _effort(annotations: int, seconds: int, keys: int) -> Effort:
    if not annotations:
        return Effort(0, seconds, keys)
    each = (round(seconds / annotations, 2), round(keys / annotations, 2))
    return Effort(annotations, seconds, keys, *each)
