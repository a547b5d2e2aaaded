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


def rows(
    sheet: Sheet, layer: StanceLayer, extra: tuple[tuple[Party, Party], ...] = ()
) -> list[Row]:
    """The grid's rows: the scheme's targets, the article's entities (most mentioned first), others.

    `extra` are rows the annotator opened that hold no stance yet, as (target, holder).
    """
    targets = [Party("proposition", name) for name in layer.targets]
    targets += [Party("entity", name) for name in entities(sheet, layer)]
    known = {target.ref for target in targets}
    for target in (*(s.target for s in sheet.stances.values()), *(t for t, _ in extra)):
        if target.ref not in known:
            known.add(target.ref)
            targets.append(target)
    offered = len(layer.targets) + len(entities(sheet, layer))
    opened = {target.ref for target, _ in extra}
    found: list[Row] = []
    for place, target in enumerate(targets):
        orphan = place >= offered and target.kind == "entity" and target.ref not in opened
        found += _rows_of(sheet, target, orphan, extra)
    return found


def entities(sheet: Sheet, layer: StanceLayer) -> list[str]:
    """Identities of the article's entities, most mentioned first, then as they appear."""
    groups = sheet.identities.get(layer.entity_layer, {})
    order = sorted(groups.items(), key=lambda g: (-len(g[1]), min(s.start for s in g[1].values())))
    return [name for name, _ in order]


def _rows_of(
    sheet: Sheet, target: Party, orphan: bool, extra: tuple[tuple[Party, Party], ...]
) -> list[Row]:
    stances = [s for s in sheet.stances.values() if s.target.ref == target.ref]
    stances.sort(key=lambda s: (s.holder != AUTHOR, s.holder.ref))
    found = [Row(target, s.holder, s, orphan) for s in stances]
    held = {s.holder.ref for s in stances}
    for wanted, holder in extra:
        if wanted.ref == target.ref and holder.ref not in held:
            held.add(holder.ref)
            found.append(Row(target, holder, None, orphan))
    return found or [Row(target, AUTHOR, None, orphan)]
