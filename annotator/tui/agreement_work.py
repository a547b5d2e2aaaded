"""An article's annotators side by side, as the adjudication screen shows them, only to read."""

from typing import TYPE_CHECKING, cast

from annotator.gold.adjudication.items import Item
from annotator.lead.agreement_beside import Beside
from annotator.lead.agreement_tracing import Asked
from annotator.text.visible import plain_line
from annotator.tui.adjudicate_choices import choices
from annotator.tui.adjudicate_inline import columns, inline
from annotator.tui.adjudicate_sight import Mode, Sight, category_of, fit
from annotator.tui.adjudicate_table import name_of, table
from annotator.tui.agreement_place import Place
from annotator.tui.lines import Line, piece

if TYPE_CHECKING:
    from annotator.lead.adjudicating import Adjudicating

LIST = 6
"""Lines of the list of variants at most."""
STEPS = {"left": -1, "up": -1, "right": 1, "down": 1, "page_up": -10, "page_down": 10,
         "first": -1_000_000, "last": 1_000_000}  # fmt: skip


class Compared(Place):
    """One item after another of what two or more annotators did with an article."""

    hint = "←→ item  F4 view  F6 names  F7 all items  F9 adjudicate  F10 article  esc back"

    def __init__(self, beside: Beside, asked: Asked) -> None:
        self.beside = beside
        self.asked = asked
        self.name = beside.table.article.id
        # the views of items ask a desk for less than an adjudicator's has
        self.sight = Sight(cast("Adjudicating", beside))

    def go(self, motion: str) -> None:
        """Another item."""
        self.beside.go(STEPS[motion])

    def marked(self) -> list[tuple[int, int]]:
        """The stretches of text that the current item is about."""
        item = self.beside.item
        if item is None:
            return []
        return [stretch for mark in self.sight.marks(item) for stretch in mark.stretches]

    def lines(self, width: int, height: int) -> list[Line]:
        """The item's line, the text with everybody's marks, and the list of who gave what."""
        beside, item = self.beside, self.beside.item
        if item is None:
            return [(), *((piece(f"  {words}"),) for words in self._nothing())]
        listed = choices(self.sight, item, width, min(LIST, max(height // 3, 1)))
        room = max(height - 2 - len(listed), 1)
        draw = {Mode.INLINE: inline, Mode.COLUMNS: columns, Mode.TABLE: table}[self.sight.mode]
        body = draw(self.sight, item, width, room)[:room]
        body += [()] * (room - len(body))
        count = f" item {beside.place + 1}/{len(beside.order)} "
        return [self._item_line(item, count, width), *body, (), *listed][:height]

    def _item_line(self, item: Item, count: str, width: int) -> Line:
        category = f" {category_of(item)} "
        room = max(width - len(count) - len(category) - 2, 8)
        return (
            piece(f" {fit(name_of(self.sight, item, room), room)} ", "bold"),
            piece(count),
            piece(category, "bold reverse"),
        )

    def _nothing(self) -> list[str]:
        beside = self.beside
        own = [item for item in beside.table.items if item.layer == beside.layer]
        who = {name for item in own for name in item.voters}
        if len(who) > 1:
            return ["They agree on everything here in this layer.", "F7 shows what they agree on."]
        if who:
            return ["Only one of them finished this layer here.", "F7 shows what they marked."]
        return ["Nobody who finished this layer marked anything here."]

    def title(self) -> str:
        """The article, and who is compared."""
        article, letters = self.beside.table.article, self.beside.table.letters
        who = sorted(letters) if self.beside.named else sorted(letters.values())
        shown = ", ".join(plain_line(each, 16) for each in who)
        name = plain_line(article.title or article.text[:200], 80)
        return f"{plain_line(article.id, 24)} · {name} · {shown}"
