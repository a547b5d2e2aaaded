"""Articles that must not be parted, or a model would be tested on what it has learnt."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from annotator.gold.duplicates import Copies

TOGETHER = ("group", "source", "date")
"""What articles can be kept together by, beside being near copies."""


class Entry(NamedTuple):
    """An article as splits see it."""

    id: str
    lang: str = ""
    source: str = ""
    group: str = ""
    """The event it is about."""
    date: str = ""


@dataclass(frozen=True, slots=True)
class Component:
    """Articles that go to one split together."""

    key: str
    """The smallest of their ids."""
    members: tuple[Entry, ...]
    """Sorted by id."""
    topic: str = ""
    """The event that is held out for the test, with all of its articles."""

    @property
    def size(self) -> int:
        """How many articles it has."""
        return len(self.members)


def components(
    entries: Iterable[Entry],
    copies: Copies,
    together: Collection[str] = (),
    topics: Collection[str] = (),
) -> list[Component]:
    """The connected components of near copies and of what else holds together, sorted by key.

    Args:
        entries: the articles.
        copies: which of them are near copies.
        together: which of `TOGETHER` joins articles; an empty value joins none.
        topics: events whose articles are joined in any case.
    """
    by_id = {entry.id: entry for entry in sorted(entries)}
    joined = _Joined(by_id)
    for a, b in copies.links():
        joined.join(a, b)
    first: dict[tuple[str, str], str] = {}
    for entry in by_id.values():
        for what, value in _values(entry, together, topics):
            joined.join(first.setdefault((what, value), entry.id), entry.id)
    found: dict[str, list[Entry]] = {}
    for name, entry in by_id.items():
        found.setdefault(joined.root(name), []).append(entry)
    return [_component(members, topics) for members in found.values()]


def made_of(component: Component, together: Collection[str], copies: Copies) -> str:
    """What holds a component together, in words: the most frequent values, and near copies."""
    told = []
    for what in dict.fromkeys(("group", *together) if component.topic else together):
        counted = Counter(str(getattr(entry, what)) for entry in component.members)
        counted.pop("", None)
        told += [
            f"{number} of the {what} {value!r}"
            for value, number in sorted(counted.items(), key=lambda each: (-each[1], each[0]))[:2]
            if number > 1
        ]
    inside = {entry.id for entry in component.members}
    near = inside.intersection(name for link in copies.links() for name in link)
    if near:
        names = sorted(near)[:2]
        told.append(f"{len(near)} near copies (such as {' and '.join(map(repr, names))})")
    return ", ".join(told)


def _component(members: Sequence[Entry], topics: Collection[str]) -> Component:
    held = sorted({entry.group for entry in members}.intersection(topics))
    return Component(members[0].id, tuple(members), held[0] if held else "")


def _values(
    entry: Entry, together: Collection[str], topics: Collection[str]
) -> Iterator[tuple[str, str]]:
    """What an entry shares with others it is kept together with."""
    for what in together:
        value = getattr(entry, what)
        if value:
            yield what, value
    if entry.group in topics:
        yield "group", entry.group


class _Joined:
    """Union of sets; the root of each is its smallest id, whatever the order of joining."""

    def __init__(self, names: Mapping[str, object]) -> None:
        self._above = {name: name for name in names}

    def root(self, name: str) -> str:
        """The smallest id of the set a name is in."""
        above = self._above
        while above[name] != name:
            above[name] = name = above[above[name]]
        return name

    def join(self, a: str, b: str) -> None:
        """Make one of the sets of two names."""
        small, large = sorted((self.root(a), self.root(b)))
        self._above[large] = small
