"""The same name elsewhere: rules that `=` makes, and what they find in the article.

`=` on an annotation makes a rule: its name is suggested with its label in every article of this
annotator that is not finished, found when it is looked at. A string that has been labelled in two
ways, or is a single character, is suggested in this article only and never confirmed in a lump.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from annotator.desk.selection import Range, unit_after
from annotator.desk.suggested import SHORT, Proposal, is_rejected
from annotator.model.annotation import Kind, Rule, Span
from annotator.model.event import Act, Change, Draft
from annotator.model.scheme import SpanLayer, Unit

if TYPE_CHECKING:
    from annotator.desk.desk import Desk

CHUNK = 8192
"""Code points looked through at once for what is suggested in them."""
AROUND = SHORT
"""Code points beside a chunk that a name across its border may need."""
COUNTED = 200_000
"""Code points on both sides of the caret in which other occurrences are counted."""
MANY = 8
"""From so many rules on the words of a chunk decide which are looked for."""


class Occurrences:
    """The rules of a desk's annotator, and what they suggest in its article."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._rules: dict[str, Rule] | None = None
        self._unsure: list[Rule] = []
        self._chunks: dict[tuple[str, int], tuple[Proposal, ...]] = {}
        """What the rules find, by layer and chunk."""
        self._ruled: frozenset[str] | None = None

    @property
    def rules(self) -> Mapping[str, Rule]:
        """This annotator's rules by key."""
        if self._rules is None:
            actor = self._desk.sheet.actor
            self._rules = {rule.key(actor): rule for rule in self._desk.log.rules()}
        return self._rules

    @property
    def layers(self) -> frozenset[str]:
        """The layers that rules are for."""
        if self._ruled is None:
            self._ruled = frozenset(r.layer for r in (*self.rules.values(), *self._unsure))
        return self._ruled

    def opened(self) -> None:
        """Another article is on the desk."""
        self._unsure.clear()
        self._chunks.clear()
        self._ruled = None

    def between(self, layer: SpanLayer, start: int, end: int) -> list[Proposal]:
        """What the rules find that shares text with a stretch and is not decided."""
        sheet, found = self._desk.sheet, list[Proposal]()
        for number in range(max(start - AROUND, 0) // CHUNK, max(end - 1, start) // CHUNK + 1):
            chunk = self._in_chunk(layer.name, number)
            first = bisect_right(chunk, start, key=_END)
            found += chunk[first : bisect_left(chunk, end, first, key=_START)]
        return [
            p
            for p in found
            if not is_rejected(sheet, layer.name, p) and not sheet.over(layer.name, *p.range)
        ]

    def _in_chunk(self, layer: str, number: int) -> tuple[Proposal, ...]:
        if (layer, number) not in self._chunks:
            self._chunks[layer, number] = self._find(layer, number * CHUNK)
        return self._chunks[layer, number]

    def _find(self, layer: str, start: int) -> tuple[Proposal, ...]:
        """What begins in the chunk at `start`; of two that overlap the longer one."""
        from annotator.text.forms import occurrences

        text = self._desk.caret.text
        low, high = max(start - AROUND, 0), min(start + CHUNK + AROUND, len(text))
        found = [
            Proposal(*stretch, rule.label, rule not in self._unsure)
            for rule in self._relevant(layer, text[low:high])
            for stretch in occurrences(text, rule.surface, low, high)
            if start <= stretch[0] < start + CHUNK
        ]
        kept: list[Proposal] = []
        for proposal in sorted(found, key=lambda p: (p.start, -p.end)):
            if not kept or proposal.start >= kept[-1].end:
                kept.append(proposal)
        return tuple(kept)

    def _relevant(self, layer: str, text: str) -> list[Rule]:
        """The layer's rules; of many only those whose first word is in the text in some form."""
        rules = [r for r in (*self.rules.values(), *self._unsure) if r.layer == layer]
        if len(rules) < MANY:
            return rules
        from annotator.text.forms import form_key

        forms = {form_key(word) for word in set(text.split())}
        whole = " ".join(text.split()).casefold()
        return [
            rule
            for rule in rules
            if form_key(rule.surface.split()[0]) in forms or rule.surface.casefold() in whole
        ]

    # --- asking for them -------------------------------------------------------------------------

    def every_occurrence(self) -> None:
        """The same name or text elsewhere: suggested with its label, or picked when it has none."""
        desk = self._desk
        if not isinstance(desk.layer, SpanLayer):
            desk.say("Every occurrence is for layers of spans.")
            return
        span = desk.spans.current
        if span is not None and desk.layer.unit is not Unit.BLOCK:
            self._spread(span)
            return
        ranges = self._same()
        surface = desk.caret.text[slice(*desk.caret.target)]
        desk.picks.take(ranges, "" if desk.layer.unit is Unit.BLOCK or desk.matches else surface)
        told = "a letter labels them all, esc lets go"
        desk.say(f"{len(ranges)} picked: {told}." if ranges else "Nothing to pick here.")

    def _spread(self, span: Span) -> None:
        desk = self._desk
        surface = desk.caret.text[span.start : span.end]
        rule = Rule(span.layer, span.label, surface)
        silence = desk.proposals.silence
        if silence:
            new = self.rule_for(surface, span.label)
            desk.act("every occurrence", new)
            desk.say(silence + (" Suggested in other unfinished articles." if new else ""))
            return
        others = self._other_labels(rule)
        if others or len(surface.strip()) < 2:
            self._unsure = [*(r for r in self._unsure if r.surface != surface), rule]
            self._changed()
            also = f"also labelled {', '.join(sorted(others))}: " if others else ""
            desk.say(f"{surface}: {also}suggested in this article only; enter confirms one by one.")
            return
        drafts = self.rule_for(surface, span.label)
        desk.act("every occurrence", drafts)
        count = len(self._nearby())
        told = f"{count} more: + labels those on screen, tab goes to the next."
        desk.say((told if count else "No other here.") + self.elsewhere(surface, ("",)))

    def rule_for(self, surface: str, label: str) -> tuple[Draft, ...]:
        """The draft of a rule, none when it stands already or the string is not for rules."""
        rule = Rule(self._desk.layer.name, label, surface)
        if len(surface.strip()) < 2 or self._other_labels(rule):
            return ()
        key = rule.key(self._desk.sheet.actor)
        old = self.rules.get(key)
        if old is not None and old.label == label:
            return ()
        return (Draft(Kind.RULE, key, "", rule.body()),)

    def elsewhere(self, surface: str, rule: tuple[object, ...]) -> str:
        """The end of a message: whether a name is suggested in other articles too."""
        return " Suggested in unfinished articles too." if surface and rule else ""

    def _other_labels(self, rule: Rule) -> set[str]:
        """What else this very name has been labelled, here or in the project."""
        from annotator.text.forms import form_key, same_name

        desk, form = self._desk, form_key(rule.surface)
        earlier = desk.log.labels_of((form,), rule.layer).get(form, {})
        text = desk.caret.text
        here = {
            span.label
            for span in desk.sheet.spans.values()
            if span.layer == rule.layer and span.label not in {rule.label, *earlier}
            if same_name(text[span.start : span.end], rule.surface)
        }
        return {*here, *earlier} - {rule.label}

    def _same(self) -> list[Range]:
        """Where else the text has what is selected: all matches of the search, else the name."""
        from annotator.text.forms import occurrences

        desk, layer = self._desk, self._desk.layer
        assert isinstance(layer, SpanLayer)
        if desk.matches is not None:
            return desk.matches.within(0, len(desk.caret.text))
        if layer.unit is Unit.BLOCK:
            return self._like_blocks(layer)
        surface = desk.caret.text[slice(*desk.caret.target)]
        found = occurrences(desk.caret.text, surface) if surface.strip() else ()
        return [
            f
            for f in found
            if not any((s.start, s.end) == f for s in desk.sheet.over(layer.name, *f))
            and not self._is_in_longer(f)
        ]

    def _is_in_longer(self, place: Range) -> bool:
        """Whether a stretch is part of a longer one that is surely suggested: another name then."""
        start, end = place
        over = self._desk.proposals.between(start, end)
        return any(p.sure and p.start <= start and end <= p.end and p.range != place for p in over)

    def _like_blocks(self, layer: SpanLayer) -> list[Range]:
        """Blocks with the text of the one here, whatever its numbers; labelled ones left out."""
        from annotator.text.alike import look

        desk, text = self._desk, self._desk.caret.text
        wanted, found = look(text[slice(*desk.caret.target)]), list[Range]()
        block = unit_after(text, Unit.BLOCK, 0)
        while block is not None:
            alike = look(text[slice(*block)]) == wanted
            if alike and (block == desk.caret.range or not desk.sheet.over(layer.name, *block)):
                found.append(block)
            block = unit_after(text, Unit.BLOCK, block[1])
        return found

    def _nearby(self) -> list[Proposal]:
        here = self._desk.caret.range[0]
        end = min(here + COUNTED, len(self._desk.caret.text))
        return self._desk.proposals.between(max(here - COUNTED, 0), end)

    # --- decisions come and go -----------------------------------------------------------------------

    def body(self, key: str) -> Mapping[str, Any] | None:
        """The body of a rule, None when there is none of this key."""
        rule = self.rules.get(key)
        return rule.body() if rule else None

    def apply(self, act: Act) -> tuple[Change, ...]:
        """Take note of an act's rules; what they replaced."""
        drafts = [draft for draft in act.drafts if draft.kind is Kind.RULE]
        changes = []
        for draft in drafts:
            changes.append(Change(draft.kind, draft.key, "", self.body(draft.key), draft.body))
            rules = {**self.rules}
            rules.pop(draft.key, None)
            if draft.body is not None:
                rules[draft.key] = Rule.of(draft.body)
            self._rules = rules
        if drafts:
            self._changed()
        return tuple(changes)

    def _changed(self) -> None:
        self._chunks.clear()
        self._ruled = None
        self._desk.caret.touch(self._desk.window.shown())


_START, _END = attrgetter("start"), attrgetter("end")
