"""What one release has that another has not: articles, and annotations in them by label."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

Bodies = Iterable[tuple[str, Mapping[str, Any]]]
"""Articles of a release sorted by id, each with its gold as `model.release.Frozen.body` writes it."""


class Thing(NamedTuple):
    """One gold annotation, or that a layer is gold at all; equal for equal ones, whatever their ids."""

    label: str
    """`entities/ORG`, `stance/FAVOR`; of a layer its name."""
    what: str
    """Place and surface, target and holder; "" of a layer."""
    details: str = ""
    """Attributes, evidence, basis and the like, as JSON."""


class Changed(NamedTuple):
    """How one article's gold differs; articles that say the same are not told of."""

    article: str
    how: str
    """`new`, `gone` or `changed`."""
    added: tuple[Thing, ...]
    removed: tuple[Thing, ...]

    def json(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "article": self.article,
            "how": self.how,
            "added": [f"{each.label} {each.what}".strip() for each in self.added],
            "removed": [f"{each.label} {each.what}".strip() for each in self.removed],
        }


class Tally:
    """Counts changes as they are found."""

    def __init__(self) -> None:
        self._articles: Counter[str] = Counter()
        self._added: Counter[str] = Counter()
        self._removed: Counter[str] = Counter()

    def add(self, change: Changed) -> None:
        """Count one in."""
        self._articles[change.how] += 1
        self._added.update(each.label for each in change.added)
        self._removed.update(each.label for each in change.removed)

    def json(self) -> dict[str, Any]:
        """Articles by how they changed; by label how many annotations are new and how many gone."""
        labels = sorted(self._added.keys() | self._removed.keys())
        return {
            "articles": {how: self._articles[how] for how in ("new", "gone", "changed")},
            "labels": {
                label: {"added": self._added[label], "removed": self._removed[label]}
                for label in labels
            },
        }


def changes(before: Bodies, after: Bodies) -> Iterator[Changed]:
    """The articles whose gold differs, by id; each side is read once, an article at a time."""
    olds, news = iter(before), iter(after)
    old, new = next(olds, None), next(news, None)
    while old is not None or new is not None:
        if new is None or (old is not None and old[0] < new[0]):
            assert old is not None
            yield Changed(old[0], "gone", (), _sorted(things(old[1])))
            old = next(olds, None)
        elif old is None or new[0] < old[0]:
            yield Changed(new[0], "new", _sorted(things(new[1])), ())
            new = next(news, None)
        else:
            was, now = things(old[1]), things(new[1])
            if was != now:
                yield Changed(new[0], "changed", _sorted(now - was), _sorted(was - now))
            old, new = next(olds, None), next(news, None)


def things(body: Mapping[str, Any]) -> Counter[Thing]:
    """What is gold in an article."""
    found = Counter(Thing(layer, "") for layer in body["looked"])
    for span in body["spans"]:
        place = f"{span['start']}-{span['end']} {span.get('text', '')}".strip()
        found[Thing(f"{span['layer']}/{span['label']}", place, _json(span.get("attrs")))] += 1
    for stance in body["stances"]:
        target, holder = stance["target"], stance["holder"]
        what = f"{target['kind']}:{target['name']} by {holder['kind']}"
        what += f":{holder['name']}" if holder["name"] else ""
        rest = {name: stance[name] for name in ("basis", "confidence", "evidence", "note")}
        found[Thing(f"stance/{stance['label']}", what, _json(rest))] += 1
    return found


def _sorted(found: Counter[Thing]) -> tuple[Thing, ...]:
    return tuple(sorted(found.elements()))


def _json(value: object) -> str:
    return json.dumps(value, sort_keys=True) if value else ""
