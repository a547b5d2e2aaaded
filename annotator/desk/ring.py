"""The candidate ring: one key after another visits what may be a mention, ready to be labelled.

Suggestions are visited with the candidates, in the text's order. In a layer of blocks the ring goes
through what is suggested, then through the blocks without a label, in stance through the rows without
a value.
"""

from bisect import bisect_right
from collections.abc import Iterator
from typing import TYPE_CHECKING

from annotator.desk.doubts import Doubts
from annotator.desk.selection import Range, Selection
from annotator.desk.suggested import Proposal
from annotator.model.scheme import SpanLayer, StanceLayer, Unit
from annotator.text.units import block_at

if TYPE_CHECKING:
    from annotator.desk.desk import Desk

CHUNK = 4096
"""Code points looked through at once."""
REACH = 200_000
"""Code points looked through for the next candidate before the ring gives up."""


class Ring:
    """The way through a desk's candidates."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self.doubts = Doubts(desk)
        self._proposal: Proposal | None = None
        """The suggestion that was taken hold of last."""
        self._held: tuple[str, int, int] | None = None
        self._begin: tuple[Range, int] | None = None
        """Where the next step begins, as long as the caret stays on a stretch."""
        self._chunks: dict[tuple[str, int], list[Range]] = {}
        self._forms: dict[str, set[str]] = {}

    @property
    def active(self) -> bool:
        """Whether what is selected came from the ring, so that a label goes on to the next."""
        selection = self._desk.caret.selection
        if selection is None or self._held is None:
            return False
        layer, start, end = self._held
        low, high = selection.range
        return layer == self._desk.layer.name and low < end and high > start

    @property
    def held(self) -> Proposal | None:
        """The suggestion held, wherever its edges were moved, as long as it stands open."""
        old = self._proposal if self.active else None
        found = self._desk.proposals.at(old.range) if old else None
        return found if found and old and found.range == old.range else None

    def leave(self) -> None:
        """What is selected from now on does not come from the ring."""
        self._held = self._proposal = None

    @property
    def current(self) -> Range | None:
        """The candidate selected, with the edges it has now."""
        return self._desk.caret.target if self.active else None

    def next_candidate(self) -> None:
        """The next candidate or suggestion; in select mode the other edge."""
        self._go(forward=True)

    def previous_candidate(self) -> None:
        """The candidate or suggestion before; in select mode the other edge."""
        self._go(forward=False)

    def unsure_first(self) -> None:
        """Tab goes to the least sure suggestion first, or through the text again."""
        desk = self._desk
        self.doubts.wanted = not self.doubts.wanted
        self.doubts.restart()
        if not self.doubts.wanted:
            desk.say("Tab goes through the text again.")
            return
        number = len(self.doubts.all)
        many = "1 suggestion" if number == 1 else f"{number} suggestions"
        desk.say(f"Least sure first: tab goes through {many} in this layer.")

    def begin_at(self, proposal: Proposal) -> None:
        """The next step is to this suggestion, unless the caret goes elsewhere before."""
        self.doubts.restart()
        self._begin = (self._desk.caret.target, proposal.start)

    def go_on(self, offset: int, decided: Proposal | None = None) -> None:
        """After a decision: the next one from an offset on; without one the caret stays there.

        Where the least sure come first, and a suggestion was decided, that is the next sure one.
        """
        if self.doubts.wanted and decided is not None and self._doubt(forward=True):
            return
        found = next(self._after(offset), None)
        layer = self._desk.layer
        if found is not None:
            self._take(found)
        elif isinstance(layer, SpanLayer) and layer.unit is Unit.BLOCK:
            self._desk.caret.drop()
            self._desk.spans.next_undecided(offset, forward=True)
        else:
            self._desk.caret.move_to(max(offset - 1, 0))
            self._desk.say("No more candidates below.")

    def hold(self, proposal: Proposal, number: str = "") -> None:
        """Take hold of a suggestion and say what it is."""
        caret = self._desk.caret
        caret.move_to(proposal.start)
        caret.hold(Selection.of(caret.text, proposal.range, self._grain(proposal), exact=True))
        self._held = (self._desk.layer.name, *proposal.range)
        self._tell(proposal, f"{proposal.told}{number}")

    def _tell(self, proposal: Proposal, told: str) -> None:
        """Say what the keys do to a suggestion, which is the one held from now on."""
        self._proposal = proposal
        how = "enter confirms, a letter gives another, ⌫ rejects, tab skips."
        if not proposal.label:
            how = "a letter labels it, enter lists labels, ⌫ rejects, tab skips."
        if proposal.why:  # before the keys, which one knows: a narrow screen cuts the line off
            self._desk.say(f"{told}. {proposal.reason} {how[0].upper()}{how[1:]}")
        else:
            self._desk.say(f"{told}: {how}")

    def renew(self) -> None:
        """Suggestions have changed: one that is gone is let go, unless its edges were moved."""
        old, found = self._proposal if self.active else None, self.held
        if old is None:
            return
        if found is not None:
            if found.label != old.label:  # enter would give another label than was told
                self._tell(found, f"Now {found.told}")
        elif self._desk.caret.target == old.range and not self._desk.caret.selecting:
            self._desk.caret.drop()
            self.leave()
        else:
            self._proposal = None  # the stretch is the annotator's own by now

    def between(self, start: int, end: int) -> list[Range]:
        """Candidates and open suggestions that begin in a stretch, in order; none that is folded away."""
        desk, layer = self._desk, self._desk.layer
        if not isinstance(layer, SpanLayer):
            return []
        near = [p.range for p in desk.proposals.between(start, end)]
        proposed = [
            place for place in near if place[0] >= start and not desk.caret.fold_at(place[0])
        ]
        if layer.unit is Unit.BLOCK:
            return proposed
        free = (
            found
            for number in range(start // CHUNK, max(end - 1, start) // CHUNK + 1)
            for found in self._in_chunk(layer.name, number)
            if start <= found[0] < end and not desk.sheet.over(layer.name, *found)
            if not desk.caret.fold_at(found[0])
        )
        turned = {(r.start, r.end) for r in desk.sheet.rejections.values() if r.layer == layer.name}
        apart = (f for f in free if f not in turned and not _overlaps(near, f))
        return sorted([*proposed, *apart])

    def warm_up(self) -> None:
        """Load what finding takes, so that the first key for it is as quick as the others."""
        from annotator.suggest.ring import candidates
        from annotator.text.forms import form_key

        candidates(form_key("Ana") + ' said "Bo" to Ana Li.')

    def opened(self) -> None:
        """Another article is on the desk."""
        self._chunks.clear()
        self._forms.clear()
        self.leave()
        self._begin = None
        self.doubts.restart()

    # --- going

    def _go(self, forward: bool) -> None:
        desk = self._desk
        if desk.caret.selecting:
            desk.caret.other_edge()
        elif isinstance(desk.layer, StanceLayer):
            desk.stances.next_open(forward)
        else:
            self._visit(desk.layer, forward)

    def _visit(self, layer: SpanLayer, forward: bool) -> None:
        desk = self._desk
        if self.doubts.wanted and self._doubt(forward):
            return
        start, end = desk.caret.target
        begin, self._begin = self._begin, None
        first = end if self._chosen else start
        if begin is not None and begin[0] == (start, end):
            first = begin[1]
        found = next(self._after(first) if forward else self._before(start), None)
        if found is not None:
            self._take(found)
        elif layer.unit is Unit.BLOCK:
            desk.caret.drop()
            desk.spans.next_undecided(end if forward else start, forward)
        else:
            desk.say(f"No candidate {'below' if forward else 'above'}.")

    @property
    def _chosen(self) -> bool:
        """Whether the caret's stretch has been visited, so that the next lies behind it."""
        return self._desk.caret.selection is not None or bool(self._desk.spans.under())

    def _doubt(self, forward: bool) -> bool:
        """To the next suggestion in the order of doubt, or the one before; False without any."""
        desk = self._desk
        stop = self.doubts.step(forward)
        if stop is not None:
            self.hold(stop.proposal, f", least sure first: {stop.number} of {stop.of}")
            return True
        if not self.doubts.all:
            return False
        desk.caret.drop()
        desk.say("That was all: tab begins again with the least sure.")
        return True

    def _take(self, found: Range) -> None:
        proposal = self._desk.proposals.at(found)
        if proposal is not None and proposal.range == found:
            self.hold(proposal)
            return
        caret = self._desk.caret
        caret.move_to(found[0])
        caret.hold(Selection.of(caret.text, found, Unit.WORD, exact=True))
        self._held, self._proposal = (self._desk.layer.name, *found), None

    def _grain(self, proposal: Proposal) -> Unit:
        """What arrows move the edges of a suggestion by: blocks, unless it begins or ends in one."""
        text, layer = self._desk.caret.text, self._desk.layer
        if not (isinstance(layer, SpanLayer) and layer.unit is Unit.BLOCK):
            return Unit.WORD
        first, last = block_at(text, proposal.start), block_at(text, proposal.end - 1)
        whole = first and last and (first[0], last[1]) == proposal.range
        return Unit.BLOCK if whole else Unit.WORD

    def _after(self, offset: int) -> Iterator[Range]:
        """What begins at an offset or behind it, near first."""
        end = min(len(self._desk.caret.text), offset + REACH)
        for start in range(offset, end, CHUNK):
            yield from self.between(start, min(start + CHUNK, end))

    def _before(self, offset: int) -> Iterator[Range]:
        """What begins before an offset, near first."""
        low = max(offset - REACH, 0)
        for end in range(offset, low, -CHUNK):
            yield from reversed(self.between(max(end - CHUNK, low), end))

    # --- finding

    def _in_chunk(self, layer: str, number: int) -> list[Range]:
        if (layer, number) not in self._chunks:
            from annotator.suggest.ring import candidates

            start = number * CHUNK
            found = candidates(
                self._desk.caret.text, start, start + CHUNK, self._known(layer, start)
            )
            self._chunks[layer, number] = [(c.start, c.end) for c in found]
        return self._chunks[layer, number]

    def _known(self, layer: str, start: int) -> set[str]:
        """Forms of names labelled before: in this article, and in the project where they are here."""
        from annotator.text.forms import form_key

        desk, text = self._desk, self._desk.caret.text
        here = self._forms.setdefault(layer, set())
        if not here:
            spans = (s for s in desk.sheet.spans.values() if s.layer == layer)
            here |= {form_key(text[s.start : s.end]) for s in spans}
        words = text[start : start + CHUNK].split()
        begins = [i for i, word in enumerate(words) if not word[0].islower()]
        near = {form_key(" ".join(words[i : i + size])) for size in (1, 2, 3) for i in begins}
        return here | desk.log.known_forms(layer, near)

    def labelled(self, layer: str, surface: str) -> None:
        """A name was labelled by hand: where else it stands it is a candidate from now on."""
        forms = self._forms.get(layer)
        if forms is None:
            return  # the ring was not used here
        from annotator.text.forms import form_key

        form = form_key(surface)
        if form not in forms:
            forms.add(form)
            self._chunks.clear()


def _overlaps(places: list[Range], stretch: Range) -> bool:
    """Whether one of some places, in order and apart, shares text with a stretch."""
    first = bisect_right(places, stretch[0], key=lambda place: place[1])
    return first < len(places) and places[first][0] < stretch[1]
