"""The stance grid: a row for each target and holder, from the scheme and the article's entities."""

from dataclasses import dataclass
from enum import StrEnum

from annotator.desk.sheet import Sheet
from annotator.model.annotation import AUTHOR, Party, Stance
from annotator.model.scheme import StanceLayer


class Column(StrEnum):
    """The grid's columns, in order."""

    TARGET = "target"
    VALUE = "value"
    HOLDER = "holder"
    BASIS = "basis"
    CONFIDENCE = "sure"
    EVIDENCE = "evidence"


COLUMNS = tuple(Column)


@dataclass(frozen=True, slots=True)
class Row:
    """One target and holder, with the stance once there is one."""

    target: Party
    holder: Party
    stance: Stance | None = None
    orphan: bool = False
    """The target is neither in the scheme nor (any more) an entity of the article."""

    @property
    def refs(self) -> tuple[str, str]:
        """Target and holder, equal for equal rows."""
        return self.target.ref, self.holder.ref


def rows(
    sheet: Sheet, layer: StanceLayer, extra: tuple[tuple[Party, Party], ...] = ()
) -> list[Row]:
    """The grid's rows: the scheme's targets, the article's entities (most mentioned first), others.

    `extra` are rows the annotator opened that hold no stance yet, as (target, holder).
    """
    targets: dict[str, Party] = {}
    for name in layer.targets:
        targets.setdefault(Party("proposition", name).ref, Party("proposition", name))
    for name in entities(sheet, layer):
        targets[entity_ref(name)] = Party("entity", name)
    found: list[Row] = []
    stances: dict[str, list[Stance]] = {}
    opened: dict[str, list[Party]] = {}
    for stance in sheet.stances.values():
        stances.setdefault(stance.target.ref, []).append(stance)
    for target, holder in extra:
        opened.setdefault(target.ref, []).append(holder)
    offered = set(targets)
    for target in (*(s.target for s in sheet.stances.values()), *(t for t, _ in extra)):
        targets.setdefault(target.ref, target)
    for ref, target in targets.items():
        orphan = target.kind == "entity" and ref not in offered and ref not in opened
        found += _rows_of(target, orphan, stances.get(ref, []), opened.get(ref, []))
    return found


def entity_ref(name: str) -> str:
    """The `ref` of the entity of this name."""
    return Party("entity", name).ref


def entities(sheet: Sheet, layer: StanceLayer) -> list[str]:
    """Names of the article's entities, most mentioned first, then as they appear.

    Names that differ in case only are one entity, called as it is called most often.
    """
    merged: dict[str, list[tuple[int, int, str]]] = {}
    for name, spans in sheet.identities.get(layer.entity_layer, {}).items():
        first = min(span.start for span in spans.values())
        merged.setdefault(name.casefold(), []).append((-len(spans), first, name))
    order = sorted(
        (sum(n for n, _, _ in names), min(first for _, first, _ in names), min(names)[2])
        for names in merged.values()
    )
    return [name for _, _, name in order]


def mentions(sheet: Sheet, layer: StanceLayer, target: Party) -> list[tuple[int, int]]:
    """Where the article names a target, in reading order."""
    groups = sheet.identities.get(layer.entity_layer, {})
    if target.kind != "entity":
        return []
    wanted = target.name.casefold()
    spans = [s for name in groups if name.casefold() == wanted for s in groups[name].values()]
    return sorted((span.start, span.end) for span in spans)


def _rows_of(target: Party, orphan: bool, stances: list[Stance], opened: list[Party]) -> list[Row]:
    stances.sort(key=lambda s: (s.holder != AUTHOR, s.holder.ref))
    found = [Row(target, s.holder, s, orphan) for s in stances]
    held = {s.holder.ref for s in stances}
    for holder in opened:
        if holder.ref not in held:
            held.add(holder.ref)
            found.append(Row(target, holder, None, orphan))
    return found or [Row(target, AUTHOR, None, orphan)]
