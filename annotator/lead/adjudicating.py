"""The adjudicator's desk without a screen: one item at a time, and a method for every key.

Each key press that decides something is one act, sent to the log at once. Annotators' own work is
never changed; what is decided is filed under who decides.
"""

from collections.abc import Callable, Sequence
from time import monotonic

from annotator.gold.adjudication import taking
from annotator.gold.adjudication.automatic import Rules, automatic
from annotator.gold.adjudication.folding import clashes, gold
from annotator.gold.adjudication.items import Item, State, Variant, What
from annotator.gold.adjudication.variants import parties
from annotator.lead.adjudication_recording import Recording
from annotator.lead.adjudication_table import (
    Table,
    is_tie,
    numbered,
    proposal_of,
    with_circumstances,
)
from annotator.model.annotation import Evidence, Span, Stance
from annotator.model.decision import Decision, Reason, Verdict
from annotator.model.errors import AnnotatorError
from annotator.text.visible import plain_line

MAJORITY = 0.5
"""`M` takes what more than this share of the votes is for."""


class Adjudicating(Recording):
    """One adjudicator's sitting at one project."""

    # --- deciding

    def accept(self) -> None:
        """Take the variant pointed at (first the proposal); a hidden proposal is shown first."""
        item = self._current()
        if not self.proposal_shown:
            self.proposal_shown = True
            if proposal_of(item) is not None:
                self._choose()
                return
        if self.several:
            self._keep_several(item)
            return
        if not item.variants:
            self.keep()
            return
        if is_tie(item) and not self.pointed:
            self.say("As many are for one as for another: press a digit, or point with ↑ ↓ first.")
            return
        self._decide(taking.take(item, item.variants[self.choice].code))

    def keep(self) -> None:
        """Decide again what had been decided before the annotators' work changed."""
        item = self._current()
        if item.decided is None or item.decided.decision.verdict is not Verdict.DECIDED:
            self.say("Nothing was decided about this before.")
        else:
            self._decide(taking.keep(item))

    def take(self, number: int) -> None:
        """Take a variant by its number, from 1; or, when several are kept, pick it."""
        item = self._current()
        variants = numbered(item)
        if not 1 <= number <= len(variants):
            self.say(f"There is no variant {number} here.")
            return
        code = variants[number - 1].code
        if self.picking:
            self.several ^= {code}
        else:
            self._decide(taking.take(item, code))

    def nothing(self) -> None:
        """Nothing is gold here."""
        self._decide(taking.take(self._current()))

    def keep_several(self) -> None:
        """Pick several variants with the digits, to be kept together; again takes those picked."""
        item = self._current()
        if item.what is not What.SPAN:
            self.say("Only annotations of text can be kept together.")
        elif self.several:
            self._keep_several(item)
        elif len(numbered(item)) < 2:
            self.say("There is one variant only.")
        else:
            self.picking = not self.picking

    def _keep_several(self, item: Item) -> None:
        codes = [variant.code for variant in item.variants if variant.code in self.several]
        self._decide(taking.take(item, *codes))

    def give(
        self,
        *,
        spans: Sequence[Span] = (),
        stance: Stance | None = None,
        evidence: Sequence[Evidence] = (),
    ) -> None:
        """Decide on what was edited: a variant when it is one after all, else something new."""
        item = self._current()
        made = taking.anew(item, spans=spans, stance=stance, evidence=evidence)
        same = self._variant_of(item, spans, stance, evidence)
        self._decide(taking.take(item, same.code) if same else made)

    def add(self, span: Span) -> None:
        """Make a span gold that no annotator has; where one has it, its item is shown instead."""
        table = self._laid_out()
        decision = taking.added(table.article.id, span)
        code = (span.layer, span.label, span.start, span.end)
        for item in table.items:
            known = [v.span for v in item.variants if v.span]
            known += item.decided.decision.spans if item.decided else ()
            if code in [(s.layer, s.label, s.start, s.end) for s in known]:
                self._open_at(item.key)
                self.say("This is among the variants already: decide it here.")
                return
        self._add([decision])

    def add_stance(self, layer: str, stance: Stance) -> None:
        """Make a stance gold that no annotator gave; where one gave it, its item is shown instead."""
        if not self.go_to_stance(stance):
            self._add(taking.added_stance(self._laid_out().article.id, layer, stance))

    def go_to_stance(self, stance: Stance) -> bool:
        """Go to the item of a stance's target and holder, and say so; False when there is none."""
        for item in self._laid_out().items:
            if item.what is What.STANCE and item.members == parties(stance):
                self._open_at(item.key)
                self.say("There is a row for this already: decide it here.")
                return True
        return False

    def _add(self, decisions: Sequence[Decision]) -> None:
        """Save decisions on what is an item by them alone, and show the first; the next key goes on."""
        spent = self._milliseconds()
        made = [d._replace(named=self.names_seen, milliseconds=spent) for d in decisions]
        self._save(made)
        new = {each.key for each in made}
        self.order = [key for key in self.order if key not in new]
        self.order.insert(self.place, made[0].key)  # so that what was on screen comes next
        self._open_at(made[0].key)
        self.say(self._clash(made) or "Added; u takes it back.")

    @staticmethod
    def _variant_of(
        item: Item,
        spans: Sequence[Span],
        stance: Stance | None,
        evidence: Sequence[Evidence],
    ) -> Variant | None:
        """The annotators' variant that an edited one equals."""
        for variant in numbered(item):
            if item.what is What.SPAN and variant.span and len(spans) == 1:
                one, other = variant.span, spans[0]
                if (one.start, one.end, one.label) == (other.start, other.end, other.label):
                    return variant
            elif item.what is What.STANCE and variant.stance and stance:
                if variant.stance.label == stance.label:
                    return variant
            elif item.what is What.EVIDENCE and set(variant.evidence) == set(evidence):
                return variant
        return None

    def discuss(self) -> None:
        """Put the item on the list for the meeting."""
        if not self._is_disputed(self._current()):
            self._decide(taking.discuss(self._current()))

    def skip(self) -> None:
        """Pass the item over for now."""
        if not self._is_disputed(self._current()):
            self._decide(taking.skip(self._current()))

    def _is_disputed(self, item: Item) -> bool:
        """Whether two opinions differ on an item, which only a decision changes; says so."""
        disputed = item.decided is not None and bool(item.decided.disputed)
        if disputed:
            self.say("Two opinions: on the list for the meeting already, until one decides it.")
        return disputed

    def remark(
        self, note: str | None = None, reason: Reason | None = None, guideline: bool | None = None
    ) -> None:
        """Put a remark on the item; an undecided one goes on the list for the meeting with it."""
        item = self._current()
        if self._is_disputed(item):
            return
        standing = item.decided if item.state is not State.STALE else None
        decision = standing.decision if standing else taking.discuss(item)
        if note is not None:
            decision = decision._replace(note=note)
        if reason is not None:
            decision = decision._replace(reason=reason)
        if guideline is not None:
            decision = decision._replace(guideline=guideline)
        made = with_circumstances(
            decision,
            item,
            named=self.names_seen or decision.named,
            milliseconds=decision.milliseconds or self._milliseconds(),
        )
        self._save([made._replace(note=decision.note)])
        self.say(
            "Noted." if standing else "Noted; on the list for the meeting until it is decided."
        )

    def show_names(self) -> None:
        """Show the annotators' names, or their letters again; decisions record it."""
        self.named = not self.named
        self.names_seen = True
        self.say("Names are shown; decisions say so." if self.named else "Names are hidden.")

    def _laid_out(self) -> Table:
        if self.table is None:
            raise AnnotatorError(self.nothing_to_do())
        return self.table

    def _current(self) -> Item:
        item = self.item
        if item is None:
            raise AnnotatorError(self.nothing_to_do())
        return item

    def _decide(self, decision: Decision) -> None:
        """Save a decision on the current item and go on to the next."""
        item = self._current()
        made = with_circumstances(
            decision,
            item,
            named=self.names_seen,
            milliseconds=self._milliseconds(),
        )
        self._save([made])
        clash = self._clash([made])
        self._go_on()
        if clash:
            self.say(clash)

    def _clash(self, decisions: Sequence[Decision]) -> str:
        """What to say when a new gold span cannot stand beside another one; "" when all can."""
        table, scheme = self.table, self.project.scheme
        own = {span.id for decision in decisions for span in decision.spans}
        if table is None or not own:
            return ""
        work = gold(table.article, tuple(table.beneath.values()), scheme)
        spans = {span.id: span for span in work.spans}
        for pair in clashes(work, scheme):
            if own.intersection(pair):
                one, other = (self._words(spans[name]) for name in pair)
                return f"{one} and {other} cannot both stand in this layer; u takes this back."
        return ""

    def _words(self, span: Span) -> str:
        text = self.table.article.text if self.table else ""
        return f"{span.label} “{plain_line(text[span.start : span.end], 40)}”"

    # --- many at once

    def _unanimous(self, table: Table) -> tuple[Decision, ...]:
        return automatic(table.items, Rules(audit=self.options.audit))

    def _most(self, table: Table) -> tuple[Decision, ...]:
        rules = Rules(unanimous=False, majority=MAJORITY, audit=self.options.audit)
        return automatic(table.items, rules)

    @property
    def agreed(self) -> int:
        """How many unanimous items of the article could be accepted without a look."""
        return len(self._unanimous(self.table)) if self.table and not self.options.second else 0

    def count_unanimous(self) -> int:
        """How many items of this article `accept_unanimous` would accept."""
        return self.agreed

    def count_everywhere(self, patience: float = 1.0) -> tuple[int, bool]:
        """How many items all agree on in all articles, and whether that was all there was time for."""
        end, found = monotonic() + patience, 0
        for place in range(len(self.waiting.articles)):
            if monotonic() > end:
                return found, False
            found += len(self._unanimous(self.waiting.table(place)))
        return found, True

    def count_majority(self) -> int:
        """How many items of this article `accept_majority` would accept."""
        return len(self._most(self.table)) if self.table else 0

    def accept_unanimous(self) -> int:
        """Accept what all agree on in this article, as one act; how many items."""
        return self._accept(self._unanimous)

    def accept_majority(self) -> int:
        """Accept what most are for in this article, as one act, marked as such; how many items."""
        return self._accept(self._most)

    def _accept(self, rule: Callable[[Table], tuple[Decision, ...]]) -> int:
        if self.table is None or self.options.second:
            self.say("Nothing to accept here.")
            return 0
        decisions = rule(self.table)
        self._save(
            [
                with_circumstances(each, self.table.by_key[each.item], named=False, milliseconds=0)
                for each in decisions
            ]
        )
        said = "1 item" if len(decisions) == 1 else f"{len(decisions)} items"
        clash = self._clash(decisions)
        self.say(clash or f"{said} accepted." if decisions else "Nothing to accept here.")
        if self.order and not self._is_wanted(self.order[self.place]):
            self._go_on()
        return len(decisions)
