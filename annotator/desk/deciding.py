"""Deciding on what is suggested: one, all on screen, all of the article; turned down or confirmed."""

from typing import TYPE_CHECKING

from annotator.desk.selection import Range, Selection
from annotator.desk.suggested import Proposal
from annotator.model.annotation import Rejection
from annotator.model.event import Draft
from annotator.model.scheme import SpanLayer

if TYPE_CHECKING:
    from annotator.desk.desk import Desk


class Deciding:
    """What the annotator does with a desk's suggestions."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._left: Selection | Range | None = None
        """What a confirmation left the caret on; another object as soon as the caret was moved."""

    def confirm_all(self) -> None:
        """Label everything suggested on screen, but for the unsure, in one act."""
        desk = self._desk
        low, high = desk.window.shown()
        shown = desk.proposals.between(low, high)
        sure = [p for p in shown if p.sure]
        whole = [p for p in sure if low <= p.start and p.end <= high]
        seen = [p for p in whole if desk.caret.fold_at(p.start) is None]
        left = [
            f" {number} {why}."
            for number, why in (
                (len(shown) - len(sure), "unsure: enter confirms one by one"),
                (len(sure) - len(whole), "beyond the screen: enter confirms one by one"),
                (len(whole) - len(seen), "folded away"),
            )
            if number
        ]
        desk.act("confirm all", self._drafts(seen))
        told = f"{len(seen)} labelled." if seen else "Nothing suggested on screen."
        desk.say("".join([told if seen or not left else "Nothing labelled.", *left]))

    def confirm_article(self) -> None:
        """Label everything sure that is suggested in this layer of the article, in one act."""
        desk = self._desk
        if not isinstance(desk.layer, SpanLayer):
            desk.say("In stance nothing is suggested.")
            return
        found = desk.proposals.between(0, len(desk.caret.text))
        sure, unsure = [p for p in found if p.sure], [p for p in found if not p.sure]
        desk.act("confirm article", self._drafts(sure))
        told = f"{len(sure)} labelled." if sure else "Nothing sure is suggested here."
        if unsure:
            from annotator.text.visible import plain_line

            first = unsure[0]
            desk.ring.begin_at(first)
            words = plain_line(desk.caret.text[first.start : first.end][:200], 30)
            told += f" {len(unsure)} unsure left: tab goes to {first.told} “{words}”."
        desk.say(told)

    def confirm(self) -> bool:
        """Label the suggestion here, with the edges it has now, and go on; False if there is none.

        False too for one without a label, which is held so that a label can be chosen for it. Who
        goes on confirming where nothing is suggested is told so: the list of labels would open, and
        the next key take the first of them.
        """
        desk, proposal = self._desk, self._desk.proposals.here
        if proposal is None:
            if self._left is None or self._here is not self._left:
                return False
            desk.say("Nothing is suggested here: a letter labels it, tab goes on.")
            return True
        if not proposal.label:
            if not desk.ring.active:
                desk.ring.hold(proposal)
            return False
        label = desk.layer.label(proposal.label)
        if label is None or label.retired:
            desk.say(f"{proposal.label} cannot be given: a letter gives another, ⌫ rejects.")
            return True
        if desk.ring.active and desk.caret.target != proposal.range:
            desk.spans.give(proposal.label)
        else:
            desk.act("confirm", self._drafts([proposal]))
            desk.ring.go_on(proposal.end, proposal)
        self._left = self._here
        return True

    def reject(self) -> bool:
        """Turn the suggestion here down for good and go on; False when there is none here."""
        desk, proposal = self._desk, self._desk.proposals.here
        if proposal is None:
            return False
        rejection = Rejection(desk.layer.name, proposal.label, *proposal.range)
        desk.act("reject", (desk.sheet.draft_rejection(rejection),))
        desk.ring.go_on(proposal.end, proposal)
        return True

    @property
    def _here(self) -> "Selection | Range":
        caret = self._desk.caret
        return caret.selection or caret.range

    def _drafts(self, proposals: list[Proposal]) -> tuple[Draft, ...]:
        from annotator.desk import confirming

        layer = self._desk.proposals.layer
        return confirming.drafts(self._desk.sheet, layer, proposals) if layer else ()
