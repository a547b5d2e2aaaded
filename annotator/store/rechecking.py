"""What was decided under older guidelines, and what deciders found wrong with the guidelines.

A version touches layers and labels. What somebody has of them in an article is outdated when it was
made, and the layer or the article last declared finished, under an older version; a decision of an
adjudicator, when it was made so.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any, NamedTuple

from annotator.model.annotation import Kind
from annotator.model.decision import PREFIX, Decision, Reason
from annotator.model.event import event_time
from annotator.model.guideline_version import Change
from annotator.model.scheme import Scheme
from annotator.store.engine import Row
from annotator.store.gone import HERE
from annotator.store.guidelines import Kept, Versions, history, named
from annotator.store.reader import Reader

RULES = (Reason.BOUNDARY_RULE, Reason.GUIDELINE_GAP)
"""Reasons that say annotators differed because of the guidelines."""

_END = PREFIX[:-1] + chr(ord(PREFIX[-1]) + 1)
_ARTICLES = f"SELECT id FROM article WHERE id > ? AND n {HERE} ORDER BY id LIMIT ?"
_HEADS = """SELECT article, actor, kind, key, event, body FROM head WHERE article IN ({marks})
            AND kind IN ('span', 'stance', 'looked', 'status', 'decision') AND body IS NOT NULL
            ORDER BY article, actor, key"""
_CODE = re.compile(r"(?P<label>.+?)(?: [0-9]+-[0-9]+)?")
_PORTION = 100


class Outdated(NamedTuple):
    """What one annotator, or adjudicator, has in one article that rests on older guidelines."""

    article: str
    actor: str
    labels: Mapping[str, int]
    """How much of each touched label: annotations, or decisions; `entities/ORG`. A layer as a whole
    stands for having looked at it and found nothing."""
    version: str
    """The oldest version it was made under."""
    items: tuple[str, ...] = ()
    """Of an adjudicator the keys of the decided items; () of an annotator."""
    marked: int = 0
    """How many of the decisions were marked as a problem of the guidelines, or have a reason of
    `RULES`."""


class Complaint(NamedTuple):
    """A decision that was marked as a problem of the guidelines."""

    article: str
    actor: str
    item: str
    layer: str
    labels: tuple[str, ...]
    """The labels that were on the table, sorted."""
    reason: str
    note: str
    version: str
    """The version of the guidelines it was made under."""
    event: str

    @property
    def time(self) -> float:
        """Seconds since the epoch when it was decided."""
        return event_time(self.event)


class _Made(NamedTuple):
    """One thing that was decided."""

    place: str
    """`layer/label`, or a layer."""
    event: str
    """The newest event that says it, or that the whole was looked through."""
    item: str = ""
    marked: bool = False


def outdated(reader: Reader, scheme: Scheme, version: str = "") -> Iterator[Outdated]:
    """What is to be looked at again, by article and name, a few articles in memory.

    Args:
        reader: the project's.
        scheme: its scheme.
        version: what this version changed; "" for all that major versions changed.

    Raises:
        AnnotatorError: there is no such version.
    """
    versions = history(reader, scheme)
    chosen = [named(versions, version)] if version else versions
    rank = {each.guidelines.version: number for number, each in enumerate(versions)}
    bars: dict[str, int] = {}
    for each in chosen:
        if version or each.guidelines.change is Change.MAJOR:
            for place in each.guidelines.about:
                bars[place] = max(rank[each.guidelines.version], bars.get(place, 0))
    if bars:
        yield from _outdated(reader, scheme, bars, versions)


def _outdated(
    reader: Reader, scheme: Scheme, bars: Mapping[str, int], versions: list[Kept]
) -> Iterator[Outdated]:
    """`bars` has, for each layer or label, the number of the version that changed it last."""
    known = Versions(reader)
    rank = {each.guidelines.version: number for number, each in enumerate(versions)}
    stance = scheme.stance_layer.name if scheme.stance_layer else "stance"
    for rows in _portions(reader):
        made = {
            place: [one for one in each if _bar(one.place, bars) >= 0]
            for place, each in _by_person(rows, stance)
        }
        under = known.of_events(one.event for each in made.values() for one in each)
        for (article, actor), each in made.items():
            old = [
                (one, under.get(one.event, ""))
                for one in each
                if rank.get(under.get(one.event, ""), 0) < _bar(one.place, bars)
            ]
            # an adjudicator may have annotated too, elsewhere or long ago
            for is_decision in (False, True):
                chosen = [pair for pair in old if bool(pair[0].item) is is_decision]
                if chosen:
                    yield _told(article, actor, chosen, rank)


def _told(
    article: str, actor: str, old: list[tuple[_Made, str]], rank: Mapping[str, int]
) -> Outdated:
    labels = Counter(one.place for one, _ in old)
    oldest = min((version for _, version in old), key=lambda version: rank.get(version, 0))
    items = tuple(sorted({one.item for one, _ in old} - {""}))
    marked = len({one.item for one, _ in old if one.marked})
    return Outdated(article, actor, dict(sorted(labels.items())), oldest, items, marked)


def _bar(place: str, bars: Mapping[str, int]) -> int:
    """The number of the version that changed a label, or its layer, last; -1 for none."""
    return max(bars.get(place, -1), bars.get(place.partition("/")[0], -1))


def _portions(reader: Reader) -> Iterator[list[Row]]:
    """The heads of some articles at a time, by article and name."""
    after = ""
    while True:
        names = [row[0] for row in reader.rows(_ARTICLES, (after, _PORTION))]
        if names:
            yield reader.rows(_HEADS.format(marks=",".join("?" * len(names))), names)
        if len(names) < _PORTION:
            return
        after = names[-1]


def _by_person(rows: list[Row], stance: str) -> Iterator[tuple[tuple[str, str], list[_Made]]]:
    """What each person made in each article."""
    for article, all_rows in groupby(rows, key=lambda row: row[0]):
        heads = list(all_rows)
        decided = _decisions(heads)
        for actor, own in groupby(heads, key=lambda row: row[1]):
            made = list(_annotations(own, stance))
            made += [each for who, decision in decided if who == actor for each in decision]
            yield (article, actor), made


def _annotations(rows: Iterable[Row], stance: str) -> Iterator[_Made]:
    """One annotator's spans and stances, and the layers they found empty."""
    done, looked = "", dict[str, str]()
    found: list[tuple[str, str, str]] = []
    for _, _, kind, key, event, text in rows:
        body = json.loads(text)
        if kind == Kind.STATUS and body.get("state") == "done":
            done = event
        elif kind == Kind.LOOKED:
            looked[key.split(":", 2)[1]] = event
        elif kind in (Kind.SPAN, Kind.STANCE):
            found.append((body.get("layer", stance), body["label"], event))
    for layer, label, event in found:
        yield _Made(f"{layer}/{label}", max(event, done, looked.get(layer, "")))
    for layer, event in looked.items():
        if not any(layer == other for other, _, _ in found):
            yield _Made(layer, max(event, done))


def _decisions(rows: Iterable[Row]) -> list[tuple[str, list[_Made]]]:
    """The decisions on an article that stand, each with who made it: of several the newest."""
    newest: dict[str, Row] = {}
    for row in rows:
        if row[2] == Kind.DECISION and (row[3] not in newest or newest[row[3]][4] < row[4]):
            newest[row[3]] = row
    made = []
    for _, actor, _, key, event, text in newest.values():
        decision = Decision.of(key, json.loads(text))
        marked = decision.guideline or decision.reason in RULES
        places = [f"{decision.layer}/{label}" for label in labels_of(decision)]
        made.append(
            (actor, [_Made(place, event, key, marked) for place in places or [decision.layer]])
        )
    return made


def labels_of(decision: Decision) -> tuple[str, ...]:
    """The labels a decision is about: those taken and those that were on the table, sorted."""
    found = {span.label for span in decision.spans}
    if decision.stance is not None:
        found.add(decision.stance.label)
    if not decision.item.startswith(f"{PREFIX}evidence:"):
        codes = (_CODE.fullmatch(code) for code in decision.votes if code != "nothing")
        found.update(code["label"] for code in codes if code)
    return tuple(sorted(found))


def complaints(reader: Reader) -> Iterator[Complaint]:
    """Decisions that were marked as a problem of the guidelines, by article and item."""
    known = Versions(reader)
    for rows in _portions(reader):
        for article, heads in groupby(rows, key=lambda row: row[0]):
            newest: dict[str, Row] = {}
            for row in heads:
                if row[2] == Kind.DECISION and row[4] > newest.get(row[3], ("",) * 5)[4]:
                    newest[row[3]] = row
            for key, row in sorted(newest.items()):
                body: dict[str, Any] = json.loads(row[5])
                if body.get("guideline"):
                    yield _complaint(article, Decision.of(key, body), row, known)


def _complaint(article: str, decision: Decision, row: Row, known: Versions) -> Complaint:
    reason = "" if decision.reason is None else str(decision.reason)
    version = known.of_events([row[4]]).get(row[4], "")
    head = (article, row[1], decision.item, decision.layer, labels_of(decision))
    return Complaint(*head, reason, decision.note, version, row[4])
