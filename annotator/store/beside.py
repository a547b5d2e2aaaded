"""Who else is at which article: all that annotators see of each other's work.

Never what somebody decided, nor even whether they skipped an article. Of the articles that somebody was
assigned themselves, or took, they see nothing: that an article was done by others before would tell a
hidden question.
"""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from annotator.model.person import is_pass
from annotator.store.engine import Row
from annotator.store.everybody import BESIDE, PAGE
from annotator.store.reader import Reader


class Far(StrEnum):
    """How far somebody is with an article."""

    HAS = "has"
    """It was assigned to them, or they took it."""
    BEGUN = "begun"
    FINISHED = "finished"


_ORDER = tuple(Far)


class Beside(NamedTuple):
    """Who else is at an article."""

    people: Mapping[str, Far] = {}
    """How far everybody else is who has anything to do with it, by name."""
    free: int = 0
    """Places left there for whoever comes first."""


def beside(reader: Reader, actor: str, numbers: Sequence[int]) -> dict[int, Beside]:
    """Who but an annotator is at these articles, by number; those where nobody is are left out."""
    own: set[int] = set()
    free: dict[int, int] = {}
    found: dict[int, dict[str, Far]] = {}
    for n, name, far, places in _rows(reader, numbers):
        if places:
            free[n] = places
        elif name == actor:
            own |= {n} if far == Far.HAS else set()
        elif not is_pass(name):
            people = found.setdefault(n, {})
            people[name] = max(people.get(name, Far.HAS), Far(far), key=_ORDER.index)
    return {
        n: Beside(dict(sorted(found.get(n, {}).items())), free.get(n, 0))
        for n in numbers
        if n not in own and (n in found or n in free)
    }


def _rows(reader: Reader, numbers: Sequence[int]) -> Iterator[Row]:
    for start in range(0, len(numbers), PAGE):
        page = numbers[start : start + PAGE]
        yield from reader.everybody(BESIDE, (*page, *[0] * (PAGE - len(page))))
