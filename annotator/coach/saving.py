"""What suggestions save, counted in keys by a model: what a person would have typed without them.

The model is that of the project's measurements (docs/suggestions.md has the formula). It counts keys,
not seconds: an article is read all the same.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import NamedTuple

from annotator.coach.outcomes import Became, Outcome
from annotator.text.units import next_block, next_word

JUMP = 2
"""Keys to get to a place."""
LABEL = 1
LINE, RUN = 3, 5
"""Keys for one block, and for a run of blocks, by hand."""
CONFIRM = 1
WRONG = 3
"""Keys to take a label away, or to change it."""
EDGE = 2
"""Keys to take hold of an edge, before it is moved a word a key."""
Following = Callable[[str, int], tuple[int, int] | None]
"""Gives the first unit that starts at an offset or after it."""


class Keys(NamedTuple):
    """Keys by the model; they add up."""

    by_hand: int = 0
    """For what was accepted or edited, had each been labelled by hand."""
    by_name: int = 0
    """The same where a name that occurs again in an article is labelled once, with `=` and `+`."""
    taken: int = 0
    """For confirming one by one, correcting and rejecting; `+` takes fewer."""

    @property
    def saved(self) -> int:
        """Keys less than by hand; below 0 where suggestions cost more than they spare."""
        return self.by_hand - self.taken

    @property
    def saved_by_name(self) -> int:
        """Keys less than by hand with every occurrence."""
        return self.by_name - self.taken

    def plus(self, other: "Keys") -> "Keys":
        """Both together."""
        return Keys(*(one + two for one, two in zip(self, other, strict=True)))


def by_hand(text: str, start: int, end: int, blocks: bool = False) -> int:
    """Keys to label a stretch by hand.

    A name of n words: 2 to get there, n to select it if n > 1, 1 for the label. A block 3, a run of
    blocks 5 (the least that was measured).
    """
    if blocks:
        return LINE if _count(text, start, end, next_block, 2) < 2 else RUN
    words = _words(text[start:end])
    return JUMP + (words if words > 1 else 0) + LABEL


def keys(text: str, became: Iterable[Became], blocks: bool = False) -> Keys:
    """The keys of one article, source and layer.

    An accepted suggestion takes 1 key, a rejected one 3, a changed label 3, changed edges 2 and 1 for
    each word they moved. What was left, found by hand or labelled otherwise neither saves nor costs.
    """
    hand = name = taken = 0
    known = set[tuple[str, str]]()
    counted = set[str]()
    for each in became:
        span = each.span
        if each.outcome is Outcome.REJECTED:
            taken += WRONG
        elif span is not None and each.outcome in (Outcome.ACCEPTED, Outcome.EDITED):
            taken += CONFIRM if each.outcome is Outcome.ACCEPTED else _fix(text, each)
            if span.id in counted:  # several neighbouring blocks are one label, several guesses too
                continue
            counted.add(span.id)
            cost = by_hand(text, span.start, span.end, blocks)
            said = (text[span.start : span.end], span.label)
            hand += cost
            name += 0 if said in known and not blocks else cost
            known.add(said)
    return Keys(hand, name, taken)


def total(found: Iterable[Keys]) -> Keys:
    """All together."""
    made = Keys()
    for each in found:
        made = made.plus(each)
    return made


def _fix(text: str, each: Became) -> int:
    """Keys to make of a suggestion what it became."""
    seen, span = each.seen, each.span
    if span is None:
        return 0
    named = WRONG if seen.label else LABEL
    cost = 0 if span.label == seen.label else named
    if (seen.start, seen.end) == (span.start, span.end):
        return cost
    edges = ((seen.start, span.start), (seen.end, span.end))
    moved = sum(_words(text[min(pair) : max(pair)]) for pair in edges)
    return cost + EDGE + moved


@lru_cache(maxsize=10_000)
def _words(text: str) -> int:
    """How many words a text has; the same names come again and again."""
    return _count(text, 0, len(text), next_word, len(text))


def _count(text: str, start: int, end: int, following: Following, most: int) -> int:
    """How many units begin in a stretch, counted no further than `most`."""
    found = 0
    place = start
    while found < most and (unit := following(text, place)) and unit[0] < end:
        found += 1
        place = unit[1]
    return found
