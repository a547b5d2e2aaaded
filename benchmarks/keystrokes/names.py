"""How the oracle marks names: candidates one after the other, then by tags what they left out.

The policy is the same for every article of a set. `RING`: `tab`, and at each candidate a letter
when it is a name (its end moved before where that takes at most three keys), `tab` when it is not;
names the ring passed over are marked by tags, arrows or search once all of the screen has been seen,
or the article. `TAGS`: no ring. With `occurrences` a name that comes again is spread with `=` and one
letter, and what earlier articles suggest on the screen is confirmed with `+`, or one by one where
some of it is wrong.
"""

from dataclasses import dataclass

from annotator.text.forms import occurrences
from benchmarks.keystrokes.gold import GoldArticle, Piece
from benchmarks.keystrokes.hand import Hand, WrongKeyError
from benchmarks.keystrokes.reach import Reach

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Policy:
    """How an annotator goes about it."""

    title: str
    ring: bool = True
    occurrences: bool = False
    alone: bool = False
    """Each article in a project of its own, so that nothing is known from earlier ones."""


RING = Policy("ring, then tags")
TAGS = Policy("tags only", ring=False)
SPREAD = Policy("ring and every occurrence", occurrences=True)
ALONE = Policy("every occurrence, each article alone", occurrences=True, alone=True)

LEFT = 8
"""Rows above the end of the screen where names left out are gone back for."""
CLOSE = 5
"""Within so many keys the edges of a candidate are moved where it stands."""
WORTH = 3
"""A name that is there so many times is spread."""
UNDER = 6
"""So many annotations may lie over each other."""
WRONG = 4
"""Keys of taking back one that was marked in a lump."""


class NameOracle:
    """Marks one article in a layer of names."""

    worth = WORTH
    """So often a name must come again to be spread."""

    def __init__(self, hand: Hand, article: GoldArticle, policy: Policy) -> None:
        self._hand = hand
        self._desk = hand.desk
        self._text = article.text
        self._policy = policy
        self._left = {(p.start, p.end): p for p in article.pieces}
        self._gold = dict(self._left)
        self._reach = Reach(hand, article.text)
        self._spread: set[Range] = set()

    def work(self) -> None:
        """Mark everything, and take away what was marked in a lump and is wrong."""
        self._suggested()
        if self._policy.ring:
            self._ring()
        self._mend()
        self._leftovers(list(self._left.values()))
        self._mend()

    # --- the ring ---------------------------------------------------------------------------------

    def _ring(self) -> None:
        """Through the candidates, as long as there are any and names are left."""
        hand, ring = self._hand, self._desk.ring
        while self._left:
            if not ring.active:
                hand.press("tab")
            here = ring.current
            if here is None or self._over():
                return
            if self._go_back(here):
                continue
            self._decide(here)
            if ring.current == here:
                return  # there is no other
            self._suggested()

    def _over(self) -> bool:
        """Whether the rest of the text, which the annotator has read, holds no name any more."""
        here = self._desk.ring.current
        return here is not None and all(end <= here[0] for _, end in self._left)

    def _decide(self, here: Range) -> None:
        """Label a candidate, with another end perhaps, or go on to the next."""
        piece = self._left.get(here) or self._adjusted(here)
        if piece is None:
            proposal = self._desk.proposals.at(here)
            suggested = proposal is not None and proposal.range == here
            self._hand.press("backspace" if suggested else "tab")
        elif self._again(piece):
            self._lump(piece)
        else:
            self._give(piece)

    def _adjusted(self, here: Range) -> Piece | None:
        """The name a candidate is nearly, once its edges have been moved to where they belong."""
        near = [p for (start, end), p in self._left.items() if start < here[1] and here[0] < end]
        for piece in near:
            goal = (piece.start, piece.end)
            if self._reach.trim_keys(goal) <= CLOSE:
                self._reach.trim(goal)
                if self._reach.target == goal:
                    return piece
        return None

    def _give(self, piece: Piece) -> None:
        """Press the letter, or enter where that very label is suggested."""
        proposal = self._desk.proposals.at((piece.start, piece.end))
        if (
            proposal is not None
            and (proposal.range, proposal.label) == ((piece.start, piece.end), piece.label)
            and self._desk.ring.current == proposal.range
        ):
            self._hand.press("enter")
        else:
            self._reach.letter(piece.label)
        self._done()

    def _done(self) -> None:
        """Forget what stands on the desk as it should."""
        for span in self._desk.sheet.spans.values():
            piece = self._left.get((span.start, span.end))
            if piece is not None and piece.label == span.label:
                del self._left[(span.start, span.end)]

    def _go_back(self, here: Range) -> bool:
        """Mark names left out above, before they leave the screen; whether there were any."""
        rows, window = self._desk.caret.rows, self._desk.window
        if rows.row_of(here[0]) < min(window.top + window.height, len(rows)) - LEFT:
            return False
        if window.top + window.height >= len(rows):
            return False  # the article ends on this screen: that can wait
        low = window.shown()[0]
        missed = [p for p in self._left.values() if low <= p.start and p.end <= here[0]]
        self._leftovers(missed)
        return bool(missed)

    def _leftovers(self, pieces: list[Piece]) -> None:
        """Mark names without the ring, from the nearest end of the text on."""
        here = self._desk.caret.range[0]
        down = not pieces or abs(here - pieces[0].start) <= abs(here - pieces[-1].end)
        way = 1 if down else -1
        for piece in sorted(pieces, key=lambda p: (way * p.start, -p.end)):  # outer before inner
            if (piece.start, piece.end) not in self._left:
                continue
            self._reach.select(piece)
            if self._again(piece):
                self._lump(piece)
            else:
                self._reach.letter(piece.label)
                self._done()
            if (piece.start, piece.end) in self._left:
                raise WrongKeyError(f"{piece} was not labelled: {self._desk.message}")

    # --- every occurrence ---------------------------------------------------------------------------

    def _again(self, piece: Piece) -> bool:
        """Whether the name comes again so often in the text that it is worth spreading."""
        if not self._policy.occurrences:
            return False
        found = occurrences(self._text, self._text[piece.start : piece.end])
        over = self._desk.sheet.over
        open_ = [f for f in found if not over(self._desk.layer.name, *f)]
        right = [f for f in open_ if f in self._left and self._left[f].label == piece.label]
        return len(right) - WRONG * (len(open_) - len(right)) >= self.worth

    def _lump(self, piece: Piece) -> None:
        """Pick all occurrences and label them."""
        self._hand.press("=")
        picks = list(self._desk.picks.ranges)
        self._reach.letter(piece.label)
        self._spread.update(
            r for r in picks if r not in self._left or self._left[r].label != piece.label
        )
        self._done()

    def _suggested(self) -> None:
        """Confirm what is suggested on the screen where most of it is right."""
        if not self._policy.occurrences:
            return
        shown = self._desk.proposals.between(*self._hand.shown)
        sure = [p for p in shown if p.sure]
        right = [p for p in sure if p.range in self._left]
        right = [p for p in right if self._left[p.range].label == p.label]
        if len(right) - WRONG * (len(sure) - len(right)) > 1:
            self._hand.press("+")
            self._spread.update(p.range for p in sure if p not in right)
            self._done()

    def _mend(self) -> None:
        """Take away, or label anew, what was marked in a lump and is wrong."""
        wrong, self._spread = sorted(self._spread), set()
        for stretch in wrong:
            desk = self._desk
            span = next(
                (
                    s
                    for s in desk.sheet.over(desk.layer.name, *stretch)
                    if (s.start, s.end) == stretch
                ),
                None,
            )
            piece = self._gold.get(stretch)
            if span is not None and (piece is None or piece.label != span.label):
                self._on(stretch)
                self._reach.letter(piece.label) if piece else self._hand.press("backspace")
        self._done()

    def _on(self, stretch: Range) -> None:
        """Hint to an annotation; to one under others through them."""
        hand = self._hand
        self._reach.show(stretch)
        hand.press("space")
        tags = self._desk.hints.tags.items()
        on = [
            (found != stretch, len(tag), tag)
            for tag, found in tags
            if stretch[0] <= found[0] < stretch[1]
        ]
        if not on:  # it is part of a word
            hand.press("escape")
            hand.search(self._text[slice(*stretch)], stretch)
            return
        other, _, tag = min(on)
        hand.press(*tag)
        for _ in range(UNDER if other else 0):
            hand.press("%")
            if self._held == stretch:
                break
        if self._held != stretch:
            raise WrongKeyError(f"no way to the annotation at {stretch}")

    @property
    def _held(self) -> Range | None:
        """The annotation whose edges are held."""
        selection = self._desk.caret.selection
        return selection.range if selection is not None and selection.span_id else None
