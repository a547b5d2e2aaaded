"""Who or what an annotation is: its id across languages and its lemma, for all its mentions at once.

Giving an entity the id of another one of the article merges the two, stances included; giving it a
new id renames it. Either is one act.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from annotator.desk.entities import Entities, Entity, identity
from annotator.desk.sheet import Sheet
from annotator.model.annotation import Party, Span, Stance
from annotator.model.event import Draft
from annotator.model.scheme import Layer, SpanLayer, StanceLayer

if TYPE_CHECKING:
    from annotator.desk.desk import Desk

FIELDS = ("xid", "lemma")
"""The attributes that say who or what an annotation is."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The annotation whose identity is asked for."""

    span: Span
    surface: str
    """What it covers, on one line."""
    mentions: int
    """How many annotations of the article are about the same thing."""
    fields: tuple[str, ...]
    """Which of `FIELDS` the scheme lets it carry."""

    @property
    def xid(self) -> str:
        """Its cross-lingual id, "" when it has none."""
        return identity(self.span)[0]

    @property
    def lemma(self) -> str:
        """Its lemma, "" when it has none."""
        return identity(self.span)[1]


def subject(desk: "Desk") -> Subject | None:
    """What the identity key is about: here, in this row, or labelled last; None once it is said why."""
    layer = _layer(desk, desk.layer)
    fields = tuple(name for name in FIELDS if layer is not None and name in layer.attributes)
    if layer is None or not fields:
        title = layer.title if layer is not None else desk.layer.title
        desk.say(f"{title} carries no identities: the scheme gives it no attribute xid or lemma.")
        return None
    span = _span(desk, layer)
    if span is None:
        desk.say("Nothing here to identify: go to an annotation, or label one first.")
        return None
    known = desk.sheet.entities(layer.name)
    entity = known.of(span)
    return Subject(span, known.surface(span), len(entity.like(span)) if entity else 1, fields)


def give(desk: "Desk", about: Subject, xid: str, lemma: str, only: bool = False) -> None:
    """Give an identity to all mentions of a subject, or `only` to this one; one act.

    The lemma goes to mentions of the same form or lemma. With neither id nor lemma, what there was
    is taken away. Stances move along; where the entity chosen has one already, that one stays.
    """
    sheet, known = desk.sheet, desk.sheet.entities(about.span.layer)
    xid, lemma = (_clean(value) for value in (xid, lemma))
    xid = xid if "xid" in about.fields else about.xid
    entity = known.of(about.span)
    spans = [about.span] if only or entity is None else entity.like(about.span)
    changed = [_identified(known, about, span, xid, lemma) for span in spans]
    drafts = [sheet.draft_span(new) for new, old in zip(changed, spans, strict=True) if new != old]
    name = xid or lemma or about.surface
    if not drafts:
        desk.say(f"“{about.surface}” is {name} already.")
        return
    told = f"{name}: {len(spans)} of {about.mentions} mentions." if only else _told(name, spans)
    if entity is not None and len(spans) == len(entity.spans):
        moved = _Move(desk, known, entity, name)
        drafts += moved.drafts
        told += moved.told
    desk.act("identity", tuple(drafts), told)


class _Move:
    """What becomes of the stances of (and by) an entity that is called something else from now on."""

    def __init__(self, desk: "Desk", known: Entities, entity: Entity, name: str) -> None:
        chosen = known.called(name)
        self.drafts: list[Draft] = []
        self.told = ""
        self._known, self._old = known, entity
        self._name = chosen.name if chosen is not None else name
        layer = desk.scheme.stance_layer
        if chosen is not entity and layer is not None and layer.entity_layer == entity.first.layer:
            self._move(desk.sheet)
            desk.stances.rename(self._is_old, self._name)

    def _move(self, sheet: Sheet) -> None:
        """Drafts that move the stances; one that has no room is removed and counted."""
        old = [
            s for s in sheet.stances.values() if self._is_old(s.target) or self._is_old(s.holder)
        ]
        taken = {self._place(s) for s in sheet.stances.values() if s not in old}
        drafts: dict[str, Draft] = {}
        lost = 0
        for stance in old:
            removal = sheet.draft_removal(stance)
            drafts.setdefault(removal.key, removal)
            new = stance._replace(target=self._new(stance.target), holder=self._new(stance.holder))
            if self._place(new) in taken:
                lost += 1
                continue
            taken.add(self._place(new))
            draft = sheet.draft_stance(new)
            drafts[draft.key] = draft
        self.drafts = list(drafts.values())
        if lost:
            stays = "stance stays, that" if lost == 1 else f"stances stay, {lost}"
            self.told = f" Its own {stays} of {self._old.name} went (undo brings it back)."

    def _is_old(self, party: Party) -> bool:
        named = party.name and party.kind != "proposition"
        return bool(named) and self._known.called(party.name) is self._old

    def _new(self, party: Party) -> Party:
        return party._replace(name=self._name) if self._is_old(party) else party

    def _place(self, stance: Stance) -> tuple[str, ...]:
        """Target and holder by what they are, whatever form they were given under."""
        parties = (self._new(stance.target), self._new(stance.holder))
        return tuple(
            f"{party.kind}:{self._known.key(party.name)}" if party.name else party.kind
            for party in parties
        )


def _layer(desk: "Desk", layer: Layer) -> SpanLayer | None:
    """The layer whose annotations are identified: this one, in stance that of the entities."""
    if isinstance(layer, StanceLayer):
        found = desk.scheme.layer(layer.entity_layer)
        return found if isinstance(found, SpanLayer) else None
    return layer


def _span(desk: "Desk", layer: SpanLayer) -> Span | None:
    if isinstance(desk.layer, StanceLayer):
        row = desk.stances.current
        is_entity = row is not None and row.target.kind == "entity"
        entity = (
            desk.sheet.entities(layer.name).called(row.target.name) if row and is_entity else None
        )
        return entity.first if entity else None
    newest = desk.sheet.spans.get(desk.sheet.newest)
    return desk.spans.current or (newest if newest and newest.layer == layer.name else None)


def _identified(known: Entities, about: Subject, span: Span, xid: str, lemma: str) -> Span:
    """A span with the id, and with the lemma if it is of the subject's form or lemma."""
    values = {"xid": xid} if "xid" in about.fields else {}
    alike = known.same_form(span, about.span)
    if "lemma" in about.fields and (alike or (about.lemma and identity(span)[1] == about.lemma)):
        values["lemma"] = lemma
    rest = {name: value for name, value in span.attrs.items() if name not in values}
    return span._replace(attrs={**rest, **{name: v for name, v in values.items() if v}})


def _told(name: str, spans: list[Span]) -> str:
    return f"{name}: {len(spans)} mention{'s' if len(spans) > 1 else ''}."


def _clean(value: str) -> str:
    return " ".join(value.split())
