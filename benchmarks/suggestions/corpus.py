"""Labelled articles, and the order in which they are annotated.

Files are JSON lines with `id`, `text`, `lang` and `spans` (start, end, label, perhaps layer and attrs).
Near-duplicates stay together: none is suggested from another. The topic is the first part of an id.
"""

import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from annotator.suggest.protocol import Finished, Labelled

DATA = Path(__file__).parents[3] / "shared" / "data"
LAYER = "entities"
"""The layer that all names are learnt in."""
LAYERS = ("entities", "ner", "")
"""How the layer of names is called in files; "" where spans have none."""
SHINGLE = 5
"""Words of a shingle; articles that share half of the smaller one's are near-duplicates."""


class Item(NamedTuple):
    """An article with its gold."""

    id: str
    topic: str
    article: Finished


Group = list[Item]
"""Near-duplicates: all are suggested before any of them is learnt."""


def read(path: Path) -> list[Item]:
    """The articles of a file, their names in layer `LAYER`."""
    with path.open(encoding="utf-8") as lines:
        return [_item(json.loads(line)) for line in lines if line.strip()]


def _item(record: dict[str, Any]) -> Item:
    spans = tuple(
        Labelled(span["start"], span["end"], span["label"], span.get("attrs", {}))
        for span in record["spans"]
        if span.get("layer", "") in LAYERS
    )
    topic = record["id"].split("/")[0]
    return Item(record["id"], topic, Finished(record["text"], LAYER, spans, record.get("lang", "")))


def kind_of(path: Path) -> str:
    """What a file is for: "entities", "boilerplate" (its lines are labelled) or "" without spans."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            spans = json.loads(line)["spans"]
            if spans:
                layers = {span.get("layer", "") for span in spans}
                return "boilerplate" if "line" in layers else "entities"
    return ""


def order(items: Sequence[Item], seed: int, by_topic: bool = False) -> list[Group]:
    """The articles in random order in groups of near-duplicates; `by_topic` one topic after the other."""
    found = groups(items)
    chance = random.Random(seed)
    chance.shuffle(found)
    if by_topic:
        topics = sorted({item.topic for item in items})
        chance.shuffle(topics)
        found.sort(key=lambda group: topics.index(group[0].topic))
    return found


def mixed(sets: Sequence[Sequence[Item]]) -> list[Item]:
    """Several sets as one project."""
    return [item for items in sets for item in items]


def groups(items: Sequence[Item]) -> list[Group]:
    """Near-duplicates together, also those that are so through a third."""
    shingles = [_shingles(item.article.text) for item in items]
    holders: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for at, own in enumerate(shingles):
        for shingle in own:
            holders[shingle].append(at)
    parent = list(range(len(items)))

    def root(at: int) -> int:
        while parent[at] != at:
            at = parent[at]
        return at

    for at, own in enumerate(shingles):
        shared = Counter(other for shingle in own for other in holders[shingle] if other < at)
        for other, count in shared.items():
            if 2 * count >= min(len(own), len(shingles[other])):
                parent[root(at)] = root(other)
    found: dict[int, Group] = defaultdict(list)
    for at, item in enumerate(items):
        found[root(at)].append(item)
    return list(found.values())


def _shingles(text: str) -> set[tuple[str, ...]]:
    words = text.lower().split()
    return {tuple(words[at : at + SHINGLE]) for at in range(max(len(words) - SHINGLE + 1, 1))}


def first(ordered: Sequence[Group], most: int) -> Iterator[Group]:
    """The first groups, until they hold `most` articles."""
    count = 0
    for group in ordered:
        if count >= most:
            return
        yield group
        count += len(group)
