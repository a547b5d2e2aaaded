"""What no annotator has: selected in the text, or asked for, and gold by the adjudicator's word."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from annotator.desk.columns import lettered
from annotator.desk.entities import Entities
from annotator.desk.grid import in_order
from annotator.desk.selection import unit_after, unit_at, unit_before
from annotator.gold.adjudication.items import Item, What
from annotator.lead.adjudication_table import Table
from annotator.model.annotation import AUTHOR, Party, Stance
from annotator.model.scheme import Layer, SpanLayer, StanceLayer, Unit
from annotator.text.visible import plain_line
from annotator.tui.adjudicate_edit import Editing

if TYPE_CHECKING:
    from annotator.tui.adjudicate import AdjudicateScreen

ANOTHER = "another: a name, or a statement"


class Adding(Editing):
    """Something new on its way: a unit is moved to its place first, then its edges are."""

    def __init__(
        self, table: Table, layer: Layer, place: int, stance: Stance | None = None
    ) -> None:
        """Begins at a place of the text; with a stance its evidence is selected."""
        what = What.SPAN if isinstance(layer, SpanLayer) else What.EVIDENCE
        unit = layer.unit if isinstance(layer, SpanLayer) else Unit.SENTENCE
        text = table.article.text
        start, end = unit_at(text, unit, place)
        item = Item("", table.article.id, layer.name, what, start, end, (), (), (), (), "")
        super().__init__(text, item, layer, None)
        self.stance = stance
        self.placing = True
        """Whether arrows still move the whole, not an edge."""

    @property
    def is_new(self) -> bool:
        """It is."""
        return True

    def hold(self) -> None:
        """It begins here."""
        self.placing = False

    def left(self) -> None:
        """The whole, or the held edge, a unit back."""
        if not self._moves(forward=False):
            super().left()

    def right(self) -> None:
        """The whole, or the held edge, a unit on."""
        if not self._moves(forward=True):
            super().right()

    def up(self) -> None:
        """The whole, or the held edge, a sentence back."""
        if not self._moves(forward=False, unit=Unit.SENTENCE):
            super().up()

    def down(self) -> None:
        """The whole, or the held edge, a sentence on."""
        if not self._moves(forward=True, unit=Unit.SENTENCE):
            super().down()

    def other_edge(self) -> None:
        """Take hold of an edge: first the end, then the other one."""
        if self.placing:
            self.placing = False
        else:
            super().other_edge()

    def new_stretch(self) -> None:
        """One more stretch of evidence, which can be moved first too."""
        super().new_stretch()
        self.placing = True

    def _moves(self, *, forward: bool, unit: Unit | None = None) -> bool:
        """Move the whole while its place is looked for; whether it is."""
        if not self.placing:
            return False
        grain = self.held.grain
        start, end = self.held.range
        by = unit or grain
        found = unit_after(self.text, by, end) if forward else unit_before(self.text, by, start)
        if found is not None and found[1] > found[0]:
            place = found if by is grain else unit_at(self.text, grain, found[0])
            self._put(self._held(place, grain))
        return True


# --- the way there


def add(screen: "AdjudicateScreen") -> None:
    """Ask in which layer, that of the item first."""
    desk, item = screen.desk, screen.desk.item
    if desk.table is None:
        desk.say(desk.nothing_to_do())
        return
    if desk.options.second:
        desk.say("A second opinion is about what was decided; nothing is added.")
        return
    layers = list(desk.project.scheme.layers)
    layers.sort(key=lambda layer: item is None or layer.name != item.layer)
    if len(layers) == 1:
        _begin(screen, layers[0])
    else:
        titles = [f"{n}  {layer.title}" for n, layer in enumerate(layers, 1)]
        screen.choose("Add what nobody has, in", titles, lambda n: _begin(screen, layers[n]))


def apply(screen: "AdjudicateScreen", adding: Adding) -> None:
    """What was selected is gold."""
    if adding.stance is None:
        screen.desk.add(adding.span())
    else:
        screen.desk.add_stance(
            adding.layer.name, adding.stance._replace(evidence=adding.evidence())
        )


def _begin(screen: "AdjudicateScreen", layer: Layer) -> None:
    if isinstance(layer, StanceLayer):
        _target(screen, layer)
    else:
        _select(screen, layer)


def _select(screen: "AdjudicateScreen", layer: Layer, stance: Stance | None = None) -> None:
    """Select in the text, from the item's place on."""
    desk = screen.desk
    if desk.table is not None:
        start = desk.item.start if desk.item else 0
        screen.sight.editing = Adding(desk.table, layer, start, stance)


# --- a stance: toward whom, whose, which, shown where


def _target(screen: "AdjudicateScreen", layer: StanceLayer) -> None:
    table = screen.desk.table
    if table is None:
        return
    known = _entities(table, layer)
    names = [each.name for each in in_order(table.article, known)]
    found = [Party("proposition", name) for name in layer.targets]
    found += [Party("entity", name) for name in names]

    def typed(words: str) -> None:
        name = " ".join(words.split())
        entity = known.called(name) if name else None
        if name:
            party = Party("entity", entity.name) if entity else Party("proposition", name)
            _holder(screen, layer, party, names)

    def chosen(place: int) -> None:
        if place < len(found):
            _holder(screen, layer, found[place], names)
        else:
            screen.ask("Toward whom or what?", "", typed)

    titles = lettered([*(plain_line(each.name, 60) for each in found), ANOTHER])
    screen.choose("A stance toward", titles, chosen)


def _entities(table: Table, layer: StanceLayer) -> Entities:
    """Who and what the annotators found in the article."""
    known = Entities(table.article.text)
    for work in table.works:
        for span in work.spans:
            if span.layer == layer.entity_layer:
                known.add(span)
    return known


def _holder(
    screen: "AdjudicateScreen", layer: StanceLayer, target: Party, names: list[str]
) -> None:
    found = [AUTHOR] if "author" in layer.holders else []
    if "quoted" in layer.holders:
        found += [Party("quoted", name) for name in names if name != target.name]
    found += [Party(kind) for kind in layer.holders if kind != "author"]
    titles = lettered([f"{plain_line(p.name, 50)} ({p.kind})" if p.name else p.kind for p in found])
    _ask_unless_one(
        screen, "Whose position?", titles, lambda n: _value(screen, layer, target, found[n])
    )


def _value(screen: "AdjudicateScreen", layer: StanceLayer, target: Party, holder: Party) -> None:
    values = layer.active
    titles = [f"{value.key}  {value.title}: {value.description}" for value in values]
    basis = "quoted" if holder.kind == "quoted" and "quoted" in layer.bases else layer.bases[0]

    def chosen(place: int) -> None:
        stance = Stance(target, values[place].name, holder, basis)
        if screen.desk.go_to_stance(stance):
            return
        shown = ["1  select what shows it", "2  without evidence"]
        screen.choose(
            "Evidence",
            shown,
            lambda n: (
                screen.desk.add_stance(layer.name, stance) if n else _select(screen, layer, stance)
            ),
        )

    screen.choose("Which?", titles, chosen)


def _ask_unless_one(
    screen: "AdjudicateScreen", question: str, titles: list[str], take: Callable[[int], object]
) -> None:
    if len(titles) == 1:
        take(0)
    else:
        screen.choose(question, titles, take)
