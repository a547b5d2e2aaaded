"""The stance grid: a row for each target and holder, from the scheme and the article's entities."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from annotator.desk.entities import Entities, Entity
from annotator.desk.sheet import Sheet
from annotator.model.annotation import AUTHOR, Party, Stance
from annotator.model.article import Article
from annotator.model.scheme import StanceLayer

HEADLINE = 300
"""So many code points of an article's title, or of its first line, are looked at for names."""
LONGEST_NAME = 6
"""Names of more words than this are not looked for in a headline."""


class Column(StrEnum):
    """The grid's columns, in order."""

    TARGET = "target"
    VALUE = "value"
    HOLDER = "holder"
    BASIS = "basis"
    CONFIDENCE = "sure"
    EVIDENCE = "evidence"


COLUMNS = tuple(Column)


class Row(NamedTuple):
    """One target and holder, with the stance once there is one."""

    target: Party
    holder: Party
    stance: Stance | None = None
    orphan: bool = False
    """The target is neither in the scheme nor (any more) an entity of the article."""
    name: str = ""
    """What the target is called now; its stance may have been given under another of its forms."""

    @property
    def refs(self) -> tuple[str, str]:
        """Target and holder, equal for equal rows."""
        return self.target.ref, self.holder.ref


@dataclass(slots=True)
class _Slot:
    """A target with what the sheet holds of it."""

    target: Party
    orphan: bool = False
    stances: list[Stance] = field(default_factory=list)
    opened: list[tuple[Party, Party]] = field(default_factory=list)


def rows(
    sheet: Sheet, layer: StanceLayer, extra: tuple[tuple[Party, Party], ...] = ()
) -> list[Row]:
    """The grid's rows: the scheme's targets, the article's entities in `entities` order, others.

    `extra` are rows the annotator opened that hold no stance yet, as (target, holder).
    """
    known = sheet.entities(layer.entity_layer)
    slots: dict[str, _Slot] = {}
    for name in layer.targets:
        target = Party("proposition", name)
        slots.setdefault(target.ref, _Slot(target))
    for entity in in_order(sheet.article, known):
        slots[entity.key] = _Slot(Party("entity", entity.name))
    for stance in sheet.stances.values():
        gone = _Slot(stance.target, orphan=stance.target.kind == "entity")
        slots.setdefault(_key(known, stance.target), gone).stances.append(stance)
    for target, holder in extra:
        slot = slots.setdefault(_key(known, target), _Slot(target))
        slot.orphan = False
        slot.opened.append((target, holder))
    return [row for slot in slots.values() for row in _rows_of(slot)]


def entities(sheet: Sheet, layer: StanceLayer) -> list[str]:
    """Names of the article's entities, those of the headline first, then the most mentioned."""
    known = sheet.entities(layer.entity_layer)
    return [entity.name for entity in in_order(sheet.article, known)]


def in_order(article: Article, known: Entities) -> list[Entity]:
    """An article's entities: of the headline, then by mentions, then as they appear."""
    from annotator.text.forms import form_key  # not needed to open an article

    said = _said(article.title or _first_line(article.text))
    place = {
        entity.key: (not said.isdisjoint(map(form_key, entity.forms)), len(entity.spans))
        for entity in known.groups.values()
    }
    return sorted(
        known.groups.values(),
        key=lambda e: (not place[e.key][0], -place[e.key][1], e.first.start),
    )


def mentions(sheet: Sheet, layer: StanceLayer, target: Party) -> list[tuple[int, int]]:
    """Where the article names a target, in reading order."""
    entity = None
    if target.kind == "entity":
        entity = sheet.entities(layer.entity_layer).called(target.name)
    return sorted((span.start, span.end) for span in entity.spans.values()) if entity else []


def _key(known: Entities, target: Party) -> str:
    """The slot of a target: entities by what they are, not by the form they were given under."""
    entity = known.called(target.name) if target.kind == "entity" else None
    return entity.key if entity else target.ref


def _rows_of(slot: _Slot) -> Iterable[Row]:
    name = slot.target.name
    stances = sorted(slot.stances, key=lambda s: (s.holder != AUTHOR, s.holder.ref, s.target.ref))
    held = {stance.holder.ref for stance in stances}
    for stance in stances:
        yield Row(stance.target, stance.holder, stance, slot.orphan, name)
    for target, holder in slot.opened:
        if holder.ref not in held:
            held.add(holder.ref)
            yield Row(target, holder, None, slot.orphan, name)
    if not held:
        yield Row(slot.target, AUTHOR, None, slot.orphan, name)


def _first_line(text: str) -> str:
    lines = text[: 4 * HEADLINE].splitlines()
    return next((line for line in lines if line.strip()), "")


@lru_cache(maxsize=8)
def _said(headline: str) -> frozenset[str]:
    """The forms of whatever could be a name in a headline: one to several words together."""
    from annotator.text.forms import form_key

    words = headline[:HEADLINE].split()
    pairs = ((a, b) for a in range(len(words)) for b in range(a + 1, a + LONGEST_NAME + 1))
    return frozenset(form_key(" ".join(words[a:b])) for a, b in pairs if b <= len(words))
