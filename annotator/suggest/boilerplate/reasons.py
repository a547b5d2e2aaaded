"""What speaks for a line being proposed, and what tells it from its neighbours."""

from collections.abc import Sequence

from annotator.suggest.boilerplate.features import Shown
from annotator.suggest.boilerplate.kinds import MARKED
from annotator.suggest.boilerplate.lines import Line
from annotator.suggest.boilerplate.markers import Hits
from annotator.suggest.boilerplate.memory import Past
from annotator.suggest.boilerplate.recurrence import Seen, recurs

ENTRY, LONG = 25, 60
"""Characters of which a line that has fewer may be a menu entry, and from which on it is none."""
HEADLINE = "headline"
NEVER_MARKED = (HEADLINE, "lead", "subheading", "comments")
"""Labels of the scheme `news` that no words speak for."""
_OFTEN = ("seen-share2-", "seen-share3-")
_DATED = ("clock", "date", "first-byline", "whole-byline")


AFTER = "after the text"
"""Why a line is proposed of which nothing is known but its place: behind the body."""


def sort_of(line: Line, features: Sequence[str]) -> str:
    """What keeps lines apart that nothing sure is known of: whether a line recurs, has a date, is long.

    A menu, a date and a headline often follow one another and seem to be of one label at first.
    """
    recurs_often = any(name.startswith(_OFTEN) for name in features)
    dated = not set(features).isdisjoint(_DATED)
    if not dated and line.end - line.start < ENTRY:
        return "entry"
    size = "long" if line.end - line.start >= LONG else "short"
    return f"{'site' if recurs_often else 'own'} {'dated' if dated else 'plain'} {size}"


def reasons(
    page: Shown, past: Sequence[Past], seen: Sequence[Seen], labels: Sequence[str]
) -> list[str]:
    """By line, what speaks for its being boilerplate of the label supposed."""
    found = []
    for at, (line, before, marks) in enumerate(zip(page.lines, past, page.marks, strict=True)):
        count = seen[at] if seen else Seen(0, 0)
        site = not before.content and recurs(count, line.end - line.start)
        start, stop = page.core
        place = "before the text" if at < start else AFTER if at >= stop else ""
        if labels[at] == HEADLINE and "title" in page.features[at]:
            place = "the article's title"
        reads = _reads(marks, labels[at])
        found.append(_why(before, labels[at], str(count) if site else "", reads, place))
    return found


def _reads(marks: Hits, label: str) -> str:
    """The words of a line that speak for a label.

    A label that the lexicon does not know, as "boilerplate", is spoken for by any of its words.
    """
    if label in MARKED:
        return next((text for said, text in marks.reads if said == label), "")
    if label in NEVER_MARKED or not marks.reads:
        return ""
    return next((text for said, text in marks.reads if said == marks.first), marks.reads[0][1])


def _why(past: Past, label: str, recurring: str, reads: str, place: str) -> str:
    """The strongest reason: decisions, recurrence, words, place, and at last how the line looks."""
    if past.agreed:
        given = dict(past.given).get(label, 0.0) > 0
        said = "marked" if given else "marked otherwise"
        return f"{said} in {past.agreed} articles" if past.agreed > 1 else f"like a line you {said}"
    if recurring:
        return recurring
    if reads:
        return f'reads "{reads}"'
    return place or "does not look like running text"
