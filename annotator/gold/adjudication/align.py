"""Which spans of several annotators are about the same thing: clusters with one span of each at most.

Spans of different annotators that overlap may go together; the likest pairs go together first: same
place and label, then same place, then overlap and same label, then overlap, each by the share of text
they have in common (intersection over union) and by place. A pair whose clusters both hold an
annotator already stays apart, so that nested spans never melt into one. Spans that only touch do not
overlap.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from annotator.model.annotation import Span


class Member(NamedTuple):
    """An annotator's span in a cluster."""

    annotator: str
    span: Span


Cluster = tuple[Member, ...]
"""Members sorted by annotator's name, no annotator twice."""


class _Group(NamedTuple):
    """Spans of different annotators with the same place and label."""

    start: int
    end: int
    label: str
    copy: int
    """0, or the how-manieth when an annotator has the same span several times."""
    members: tuple[Member, ...]


def align(spans: Mapping[str, Sequence[Span]]) -> tuple[Cluster, ...]:
    """The clusters of one layer's spans of one article, every span in exactly one.

    `spans` has each annotator's spans of the layer, in any order; an annotator without any may be
    left out. The order of annotators and spans changes nothing, nor do the annotators' names.
    Clusters are sorted by start, longest first. About n log n for n spans with few overlaps.
    """
    groups = _groups(spans)
    everybody = sum(1 for own in spans.values() if own)
    full = [group.members for group in groups if len(group.members) == everybody]
    rest = [group for group in groups if len(group.members) < everybody]
    return tuple(sorted([*full, *_joined(rest)], key=_place))


def _groups(spans: Mapping[str, Sequence[Span]]) -> list[_Group]:
    """The spans that are alike in place and label, put together; sorted by place."""
    found: dict[tuple[int, int, str, int], list[Member]] = {}
    for name in sorted(spans):
        seen: dict[tuple[int, int, str], int] = {}
        for span in sorted(spans[name], key=_id):
            what = (span.start, span.end, span.label)
            copy = seen[what] = seen.get(what, -1) + 1
            found.setdefault((*what, copy), []).append(Member(name, span))
    return [_Group(*what, tuple(found[what])) for what in sorted(found)]


def _id(span: Span) -> str:
    return span.id


def _joined(groups: Sequence[_Group]) -> Iterable[Cluster]:
    """The groups united along the likest pairs first, as long as no annotator comes twice."""
    names = [{member.annotator for member in group.members} for group in groups]
    held = [[number] for number in range(len(groups))]
    root = list(range(len(groups)))
    for *_, one, other in sorted(_pairs(groups)):
        a, b = root[one], root[other]
        if a == b or not names[a].isdisjoint(names[b]):
            continue
        names[a] |= names[b]
        held[a] += held[b]
        for number in held[b]:
            root[number] = a
        held[b] = []
    for numbers in held:
        if numbers:
            yield tuple(sorted(m for number in numbers for m in groups[number].members))


def _pairs(groups: Sequence[_Group]) -> Iterable[tuple[int, float, int, int]]:
    """Overlapping groups: how alike (0 is the likest), minus the shared part, and their numbers.

    The numbers are in the order of places, so they break what ties are left.
    """
    active: list[int] = []
    for number, group in enumerate(groups):
        start, end, label = group.start, group.end, group.label
        active = [other for other in active if groups[other].end > start]
        for other in active:
            before = groups[other]
            shared = min(end, before.end) - start
            union = max(end, before.end) - before.start
            rank = 1 if shared == union else 2 if before.label == label else 3
            yield rank, -shared / union, other, number
        active.append(number)


def _place(cluster: Cluster) -> tuple[int, int, list[tuple[int, int, str, str]]]:
    spans = [member.span for member in cluster]
    start = min(span.start for span in spans)
    end = max(span.end for span in spans)
    return start, -end, sorted((s.start, s.end, s.label, s.id) for s in spans)
