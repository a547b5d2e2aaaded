"""What is remembered of a surface in one language: labels given, refused, passed over; identities.

All are counts that add up, so that memories of several annotators or projects can be put together
and what an article contributed be taken out again.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

REJECTION = 2
"""How many times passing over a surface one refused suggestion weighs: what was refused more often
than given is always below one half, and never suggested."""
KEPT = ("xid", "lemma", "link")
"""The fields of a span that say which one is meant."""


class Cell:
    """The counts of one surface in one language."""

    __slots__ = ("lang", "links", "no", "passed", "surface", "yes")

    def __init__(self, surface: str, lang: str) -> None:
        self.surface = surface
        self.lang = lang
        self.yes: Counter[str] = Counter()
        self.no: Counter[str] = Counter()
        self.passed = 0
        self.links: dict[str, Counter[str]] = {}

    def link(self, label: str, attrs: Mapping[str, Any], by: int = 1) -> None:
        """Count an identity given with a label; nothing where none was given."""
        kept = {name: attrs[name] for name in KEPT if isinstance(attrs.get(name), str)}
        if kept:
            said = json.dumps(kept, ensure_ascii=False, sort_keys=True)
            self.links.setdefault(label, Counter())[said] += by

    @property
    def is_empty(self) -> bool:
        """Whether nothing is remembered."""
        return not (any(self.yes.values()) or any(self.no.values()) or self.passed)

    def body(self) -> list[Any]:
        """As JSON: labels given, refused, passed over, identities."""
        links = {label: _some(counts) for label, counts in sorted(self.links.items())}
        return [_some(self.yes), _some(self.no), self.passed, {k: v for k, v in links.items() if v}]

    def add(self, body: list[Any]) -> None:
        """Add the counts of a `body`; raises TypeError or ValueError where it is none."""
        yes, no, passed, links = body
        self.yes.update(_counts(yes))
        self.no.update(_counts(no))
        self.passed += _count(passed)
        for label, counts in dict(links).items():
            if not all(map(_is_identity, counts)):
                raise ValueError("no identity")
            self.links.setdefault(label, Counter()).update(_counts(counts))


class Verdict(NamedTuple):
    """What the cells of a surface say together."""

    label: str
    """The most frequent label; "" when none was ever given."""
    score: float
    """Laplace-smoothed share of its sightings that were given this label, 0 to 1."""
    given: int
    """How often this label was given."""
    seen: int = 0
    """How often the surface was seen: labelled or passed over."""

    def __str__(self) -> str:
        """As people are told: "memory: PER 12 of 13 times"."""
        return f"memory: {self.label} {self.given} of {self.seen} times"


NOTHING_KNOWN = Verdict("", 0.0, 0)


def verdict(cells: Iterable[Cell], less: Mapping[Cell, "Cell"]) -> Verdict:
    """What cells say together, without the counts in `less` (what the article itself contributed)."""
    yes: Counter[str] = Counter()
    no: Counter[str] = Counter()
    passed = 0
    for cell in cells:
        yes.update(cell.yes)
        no.update(cell.no)
        passed += cell.passed
        own = less.get(cell)
        if own is not None:
            yes.subtract(own.yes)
            passed -= own.passed
    given = max(yes.values(), default=0)
    if given <= 0:
        return NOTHING_KNOWN
    label = min(name for name, count in yes.items() if count == given)
    seen = sum(count for count in yes.values() if count > 0) + max(passed, 0)
    refused = no[label]
    score = (given + 1) / (seen + REJECTION * refused + 2)
    return Verdict(label, score, given, seen)


def _some(counts: Mapping[str, int]) -> dict[str, int]:
    return {name: count for name, count in sorted(counts.items()) if count}


def _is_identity(said: str) -> bool:
    fields = json.loads(said)
    return isinstance(fields, dict) and all(isinstance(value, str) for value in fields.values())


def _count(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{value!r} is no count")
    return value


def _counts(values: Any) -> dict[str, int]:
    if not all(isinstance(name, str) for name in values):
        raise TypeError("counts by something else than names")
    return {name: _count(value) for name, value in dict(values).items()}
