"""Editing an item: edges moved as in the annotator's select mode, and another label."""

from annotator.desk.selection import Range, Selection, unit_after, unit_at
from annotator.gold.adjudication.items import Item, Variant, What
from annotator.model.annotation import Evidence, Span
from annotator.model.event import new_id
from annotator.model.scheme import Label, Layer, SpanLayer, Unit

_GRAINS = (Unit.BLOCK, Unit.SENTENCE, Unit.WORD, Unit.GRAPHEME)


class Editing:
    """One item's new version on its way: stretches, of which one edge is held, and a label."""

    def __init__(self, text: str, item: Item, layer: Layer, variant: Variant | None) -> None:
        """`variant` is what it begins from; without one, the item's own stretch and first label."""
        self.text, self.item, self.layer = text, item, layer
        self.label = self._first_label(variant)
        self._base = variant.span if variant else None
        unit = layer.unit if isinstance(layer, SpanLayer) else Unit.SENTENCE
        self.stretches = [self._held(stretch, unit) for stretch in self._first(variant)]
        self.at = 0
        """Which of the stretches is held."""

    def _first_label(self, variant: Variant | None) -> str:
        for each in (variant, *self.item.variants):
            if each and each.span:
                return each.span.label
            if each and each.stance:
                return each.stance.label
        return next(iter(self.layer.active)).name

    def _first(self, variant: Variant | None) -> list[Range]:
        for each in (variant, *self.item.variants):
            if each and self.item.what is What.SPAN and each.span:
                return [(each.span.start, each.span.end)]
            if each and self.item.what is What.EVIDENCE and each.evidence:
                return [(e.start, e.end) for e in each.evidence]
        stretch = self.item.start, self.item.end
        return [stretch if stretch[1] > stretch[0] else unit_at(self.text, Unit.SENTENCE, 0)]

    def _held(self, stretch: Range, unit: Unit) -> Selection:
        # as if an annotation were held, so that it is never turned inside out
        return Selection.of(self.text, stretch, unit, span_id="edited")

    @property
    def held(self) -> Selection:
        """The stretch whose edge moves."""
        return self.stretches[self.at]

    @property
    def is_new(self) -> bool:
        """Whether it is about something no annotator has; see `adjudicate_add`."""
        return False

    def hold(self) -> None:
        """Something that has its place is held already."""

    @property
    def edges(self) -> bool:
        """Whether there are edges to move: a stance itself has none."""
        return self.item.what is not What.STANCE

    # --- what keys do

    def left(self) -> None:
        """The held edge a unit back."""
        self._put(self.held.moved(self.text, forward=False))

    def right(self) -> None:
        """The held edge a unit on."""
        self._put(self.held.moved(self.text, forward=True))

    def up(self) -> None:
        """The held edge a sentence back."""
        self._put(self.held.moved(self.text, forward=False, unit=Unit.SENTENCE))

    def down(self) -> None:
        """The held edge a sentence on."""
        self._put(self.held.moved(self.text, forward=True, unit=Unit.SENTENCE))

    def other_edge(self) -> None:
        """Take hold of the other edge."""
        self._put(self.held.turned(self.text))

    def grain(self) -> str:
        """Move by a smaller unit, after the smallest by the largest again; its name."""
        here = _GRAINS.index(self.held.grain)
        least = _GRAINS.index(Unit.WORD) if self.item.what is What.SPAN else 1
        if isinstance(self.layer, SpanLayer):
            least = min(_GRAINS.index(self.layer.unit), least)
        new = _GRAINS[here + 1 if here + 1 < len(_GRAINS) else least]
        self._put(self.held.regrained(self.text, new))
        return str(new)

    def next_stretch(self) -> None:
        """Hold the next stretch of evidence."""
        self.at = (self.at + 1) % len(self.stretches)

    def new_stretch(self) -> None:
        """One more stretch of evidence: the sentence after the held one."""
        if self.item.what is not What.EVIDENCE:
            return
        end = self.held.range[1]
        found = unit_after(self.text, Unit.SENTENCE, end) or unit_at(self.text, Unit.SENTENCE, 0)
        self.stretches.insert(self.at + 1, self._held(found, Unit.SENTENCE))
        self.at += 1

    def drop_stretch(self) -> None:
        """Leave the held stretch of evidence out; the last one stays."""
        if self.item.what is What.EVIDENCE and len(self.stretches) > 1:
            del self.stretches[self.at]
            self.at = min(self.at, len(self.stretches) - 1)

    def give(self, letter: str) -> bool:
        """Take the label or value of a letter; False when there is none."""
        found = self.label_of(letter)
        if found is not None:
            self.label = found.name
        return found is not None

    def label_of(self, letter: str) -> Label | None:
        """The label or value a letter stands for."""
        wanted = letter.casefold()
        return next(
            (x for x in self.layer.active if x.key == wanted or letter in x.aliases),
            None,
        )

    # --- what comes of it

    def span(self) -> Span:
        """The span as edited; of a variant with the same place and label, its own."""
        start, end = self.held.range
        base = self._base
        if base is not None:
            same = (base.start, base.end, base.label) == (start, end, self.label)
            new = base._replace(start=start, end=end, label=self.label, origin="hand")
            return base if same else new._replace(id=new_id())
        return Span(new_id(), self.item.layer, self.label, start, end)

    def evidence(self) -> tuple[Evidence, ...]:
        """The stretches as evidence, in order."""
        roles = {(e.start, e.end): e.role for v in self.item.variants for e in v.evidence}
        ranges = sorted({each.range for each in self.stretches})
        return tuple(Evidence(*each, roles.get(each, "evidence")) for each in ranges)

    def _put(self, selection: Selection) -> None:
        self.stretches[self.at] = selection
