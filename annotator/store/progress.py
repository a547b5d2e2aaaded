"""How far the work is: by annotator, state, layer and language."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from annotator.model.event import event_time
from annotator.store.effort import UNKNOWN, Effort, efforts
from annotator.store.engine import Row
from annotator.store.everybody import LAST, STATES
from annotator.store.gone import HERE
from annotator.store.reader import Reader
from annotator.store.works import FLAGS, NOTES, STANCES


@dataclass(frozen=True, slots=True)
class LayerProgress:
    """One annotator's work in one layer."""

    looked: int = 0
    """Articles whose layer was declared looked at."""
    articles: int = 0
    """Articles that have annotations in it."""
    annotations: int = 0
    effort: Effort = UNKNOWN
    """Keys and seconds for each of the annotations, where time was recorded."""


@dataclass(frozen=True, slots=True)
class ActorProgress:
    """One annotator's work; articles that are not counted here are new to them."""

    actor: str
    states: Mapping[str, int]
    """Articles by state: started, open, done, skipped."""
    seconds: int
    """Active time in all."""
    layers: Mapping[str, LayerProgress]
    languages: Mapping[str, Mapping[str, int]]
    """For each language the articles by state."""
    notes: int
    last: float
    """Seconds since the epoch when they last decided something."""


@dataclass(frozen=True, slots=True)
class Progress:
    """What `status` reports."""

    articles: int
    languages: Mapping[str, int]
    events: int
    actors: tuple[ActorProgress, ...]


@dataclass(slots=True)
class _Gathered:
    states: dict[str, int] = field(default_factory=dict)
    languages: dict[str, dict[str, int]] = field(default_factory=dict)
    layers: dict[str, LayerProgress] = field(default_factory=dict)
    seconds: int = 0
    last: str = ""


def actors(reader: Reader) -> list[str]:
    """Everybody who decided something about an article, sorted."""
    sql = """WITH RECURSIVE known(actor) AS (
                 SELECT min(actor) FROM work UNION ALL
                 SELECT (SELECT min(actor) FROM work WHERE actor > known.actor) FROM known
                 WHERE known.actor IS NOT NULL)
             SELECT actor FROM known WHERE actor IS NOT NULL"""
    return [actor for (actor,) in reader.rows(sql)]


def progress(reader: Reader, languages: Mapping[str, int], stance_layer: str) -> Progress:
    """Everybody's progress."""
    found: dict[str, _Gathered] = {}
    for actor, state, lang, number, seconds, last in reader.everybody(STATES):
        entry = found.setdefault(actor, _Gathered())
        entry.states[state] = entry.states.get(state, 0) + number
        entry.languages.setdefault(lang, {})[state] = number
        entry.seconds += seconds
        entry.last = max(entry.last, last)
    notes = _layers(reader, found, stance_layer)
    return Progress(
        sum(languages.values()),
        languages,
        int(reader.everybody(LAST)[0][0] or 0),
        tuple(
            ActorProgress(actor, e.states, e.seconds, e.layers, e.languages, notes.get(actor, 0),
                          event_time(e.last))
            for actor, e in sorted(found.items())
        ),
    )  # fmt: skip


def _layers(reader: Reader, found: dict[str, _Gathered], stance_layer: str) -> dict[str, int]:
    """Fill in the layers; the number of notes by annotator."""
    looked: Counter[tuple[str, str]] = Counter()
    for actor, text, articles in _alike(reader, "looked"):
        looked.update({(actor, layer): articles for layer in json.loads(text)})
    sums: dict[tuple[str, str], tuple[int, int]] = {}
    for actor, text, articles in _alike(reader, "counts"):
        for name, number in json.loads(text).items():
            place = (actor, stance_layer if name == STANCES else name)
            before = sums.get(place, (0, 0))
            sums[place] = (before[0] + articles, before[1] + articles * number)
    spent = efforts(reader, stance_layer)
    for actor, layer in sorted({*looked, *sums, *spent}):
        if layer not in (NOTES, FLAGS):
            counted = sums.get((actor, layer), (0, 0))
            seen = looked[actor, layer]
            effort = spent.get((actor, layer), UNKNOWN)
            found[actor].layers[layer] = LayerProgress(seen, *counted, effort)
    notes: Counter[str] = Counter()
    for (actor, name), (_, number) in sums.items():
        notes[actor] += number if name in (NOTES, FLAGS) else 0
    return notes


def _alike(reader: Reader, column: str) -> list[Row]:
    """Annotator, a column of JSON and how many articles have it so: each is to be read only once."""
    sql = f"SELECT actor, {column}, count(*) FROM work WHERE n {HERE} GROUP BY 1, 2"
    return reader.rows(sql)
