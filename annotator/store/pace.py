"""How fast people work: active seconds, keys and annotations beside the length of the articles.

Only articles whose time was recorded count, so imported labels make nobody look quick.
"""

import json
from collections.abc import Callable
from typing import NamedTuple

from annotator.model.spent import Spent
from annotator.store.part import Part
from annotator.store.works import STANCES

_SPENT = """SELECT w.actor, a.id, a.chars, w.newest, w.counts, h.body FROM work w
            CROSS JOIN article a ON a.n = w.n
            CROSS JOIN head h ON h.article = a.id AND h.actor = w.actor
            AND h.key = 'time:' || w.actor || ':' || a.id
            WHERE w.state = 'done' AND h.body IS NOT NULL"""

Wanted = Callable[[str, str, str], bool]
"""Whether work counts, by annotator, article and its newest event."""


class Took(NamedTuple):
    """What the finished articles of one annotator took in one layer."""

    articles: int
    characters: int
    seconds: int
    keys: int
    annotations: int


def paces(project: Part, wanted: Wanted) -> dict[tuple[str, str], Took]:
    """Everybody's, by annotator and layer; of articles that are done."""
    found: dict[tuple[str, str], Took] = {}
    for actor, article, chars, newest, counted, body in project._reader.rows(_SPENT):
        if not wanted(actor, article, newest):
            continue
        spent, counts = Spent.of(json.loads(body)), json.loads(counted)
        for layer in {*spent.seconds, *spent.keys}:
            old = found.get((actor, layer), Took(0, 0, 0, 0, 0))
            found[actor, layer] = Took(
                old.articles + 1,
                old.characters + chars,
                old.seconds + spent.seconds.get(layer, 0),
                old.keys + spent.keys.get(layer, 0),
                old.annotations
                + counts.get(STANCES if layer == project._stance_layer else layer, 0),
            )
    return found
