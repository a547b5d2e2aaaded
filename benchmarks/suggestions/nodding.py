"""How the oracle works with learnt suggestions: all sure ones at once, then what is wrong or missing.

`NodOracle` confirms in a lump and mends: from top to bottom it takes away what should not be there,
gives another label, moves edges, and labels what is missing, a name that comes again with `=`. What
stands a key or two further in the ring is reached by `tab`, the rest by tags, as by hand. With a policy
that has the ring it first goes through what is unsure and the other candidates, as long as names are
missing below.
`BlockNodOracle` does the same in a layer of blocks.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from itertools import pairwise

from annotator.desk.actions import ACTIONS
from annotator.desk.suggested import Proposal
from annotator.model.annotation import Span
from benchmarks.keystrokes.blocks import CLEAR, BlockOracle
from benchmarks.keystrokes.gold import GoldArticle, Piece
from benchmarks.keystrokes.hand import Hand
from benchmarks.keystrokes.names import NameOracle, Policy, Range

TABS = 2
"""So many candidates away `tab` is no dearer than a tag."""
AGAIN = 2
"""A missing name that is there so many times is spread."""
FAR = 4
"""Edges that take more keys are dearer than taking away and labelling anew."""


def confirm_sure(hand: Hand) -> None:
    """Confirm what is sure in the whole article; screen by screen where there is no key for that."""
    article = next((a for a in ACTIONS if a.name == "confirm_article" and a.keys), None)
    if article is not None:
        hand.press(article.keys[0])
        return
    text = hand.desk.caret.text
    while True:
        if any(p.sure for p in hand.desk.proposals.between(*hand.shown)):
            hand.press("+")
        if not any(p.sure for p in hand.desk.proposals.between(hand.shown[1], len(text))):
            return
        hand.press("pagedown")


class NodOracle(NameOracle):
    """Confirms the names of one article in a lump and mends what is not right."""

    worth = AGAIN

    def __init__(self, hand: Hand, article: GoldArticle, policy: Policy) -> None:
        super().__init__(hand, article, policy)
        self.spent: Counter[str] = Counter()
        """Keys by what they were for."""

    def work(self) -> None:
        """Everything."""
        with self._for("lump"):
            if any(p.sure for p in self._desk.proposals.between(0, len(self._text))):
                confirm_sure(self._hand)
            self._done()
        if self._policy.ring:
            with self._for("ring"):
                self._ring()
        while (task := self._next()) is not None:
            self._mend_one(task)
        self._mend()

    @contextmanager
    def _for(self, what: str) -> Iterator[None]:
        before = self._hand.keys
        yield
        self.spent[what] += self._hand.keys - before

    # --- what is to do

    def _next(self) -> Span | Piece | None:
        """The first thing from the top that is wrong or missing."""
        there = {(span.start, span.end, span.label) for span in self._spans}
        self._left = {place: p for place, p in self._gold.items() if tuple(p) not in there}
        wrong = [span for span in self._spans if not self._right(span)]
        first = min([*wrong, *self._left.values()], key=lambda t: (t.start, -t.end), default=None)
        if isinstance(first, Piece):  # what crosses it must go first
            over = (s for s in wrong if s.start < first.end and first.start < s.end)
            return next(over, first)
        return first

    @property
    def _spans(self) -> list[Span]:
        layer = self._desk.layer.name
        return [span for span in self._desk.sheet.spans.values() if span.layer == layer]

    def _right(self, span: Span) -> bool:
        piece = self._gold.get((span.start, span.end))
        return piece is not None and piece.label == span.label

    def _mend_one(self, task: Span | Piece) -> None:
        if isinstance(task, Piece):
            with self._for("missing"):
                self._add(task)
            return
        stretch = task.start, task.end
        piece = self._gold.get(stretch)
        if piece is not None:
            with self._for("relabel"):
                self._on(stretch)
                self._reach.letter(piece.label)
                self._done()
        elif not self._moved(task):
            with self._for("remove"):
                self._on(stretch)
                self._hand.press("backspace")

    def _moved(self, span: Span) -> bool:
        """Give a wrong annotation the edges of the one missing name under it, where that is cheap."""
        under = [p for p in self._left.values() if p.start < span.end and span.start < p.end]
        if len(under) != 1 or under[0].label != span.label:
            return False
        goal = under[0].start, under[0].end
        with self._for("edges"):
            self._on((span.start, span.end))
            if self._reach.target == goal or self._reach.trim_keys(goal) > FAR:
                self._hand.press("backspace")
                return True
            self._reach.trim(goal)
            if self._reach.target == goal:
                self._hand.press("enter")
            else:
                self._hand.press("escape", "backspace")
            self._done()
        return True

    # --- what is missing

    def _add(self, piece: Piece) -> None:
        goal = (piece.start, piece.end)
        if not self._by_tab(goal):
            self._reach.select(piece)
        if self._again(piece):
            self._lump(piece)
        else:
            self._reach.letter(piece.label)
        self._done()
        if goal in self._left:  # what a lump marked wrongly is in its way
            self._mend()
            self._reach.label(piece)
            self._done()

    def _by_tab(self, goal: Range) -> bool:
        """Go there in the ring, where that is near."""
        ring, caret = self._desk.ring, self._desk.caret
        if ring.current == goal:
            return True
        if caret.selecting or not self._hand.sees(*goal):
            return False
        start, end = caret.target
        visited = caret.selection is not None or bool(self._desk.spans.under())
        ahead = ring.between(end if visited else start, goal[1])
        if goal not in ahead or ahead.index(goal) >= TABS:
            return False
        self._hand.press(*["tab"] * (ahead.index(goal) + 1))
        return ring.current == goal


class BlockNodOracle(BlockOracle):
    """Confirms the boilerplate of one article in a lump and mends the runs that are not right."""

    each = False
    """Whether what is unsure is gone through one by one after the lump."""
    fixed = 0
    """Runs of blocks that were labelled or cleared by hand."""

    def work(self) -> None:
        """Everything."""
        text = self._article.text
        if any(p.sure for p in self._hand.desk.proposals.between(0, len(text))):
            confirm_sure(self._hand)
        if self.each:
            self._one_by_one_confirmed()
        for _ in range(2):  # what is left of half a block shows in the second round
            wrong = self._wrong()
            for first, last, label in wrong:
                self._mark(first, last, self._key(Piece(0, 0, label)) if label else CLEAR)
            self.fixed += len(wrong)
            if not wrong:
                return

    def _one_by_one_confirmed(self) -> None:
        """`tab` to each suggestion: `enter` where that leaves less to mend, else on."""
        hand, ring = self._hand, self._hand.desk.ring
        reached = 0
        while any(self._helps(p) for p in self._left_from(reached)):
            if ring.current is None or ring.current[0] < reached:
                hand.press("tab")
            here = hand.desk.proposals.here
            if here is None or here.start < reached:
                return
            reached = here.end
            hand.press("enter" if self._helps(here) else "tab")

    def _left_from(self, offset: int) -> list[Proposal]:
        found = self._hand.desk.proposals.between(offset, len(self._article.text))
        return [proposal for proposal in found if proposal.start >= offset]

    def _helps(self, proposal: Proposal) -> bool:
        """Whether fewer runs of blocks are wrong once a suggestion is confirmed."""
        inside = [b for b in self._blocks if proposal.start <= b[0] and b[1] <= proposal.end]
        truth = [self._wanted.get(block[0], "") for block in inside]
        wrong = [label != proposal.label for label in truth]
        return bool(inside) and _runs(wrong) < _runs([bool(label) for label in truth])

    @cached_property
    def _wanted(self) -> dict[int, str]:
        """The labels that blocks should have, by where they begin."""
        found = {}
        for piece in self._article.pieces:
            first, last = self._range(piece)
            found |= {block[0]: piece.label for block in self._blocks[first : last + 1]}
        return found

    def _wrong(self) -> list[tuple[int, int, str]]:
        """Runs of blocks (first, last) and the label they should have; "" for none."""
        desk, found = self._hand.desk, list[tuple[int, int, str]]()
        for n, (start, end) in enumerate(self._blocks):
            label = self._wanted.get(start, "")
            over = desk.sheet.over(desk.layer.name, start, end)
            whole = [s.label for s in over if s.start <= start and s.end >= end]
            if (len(over) <= 1 and whole == [label]) or (not label and not over):
                continue
            if found and found[-1][1:] == (n - 1, label):
                found[-1] = (found[-1][0], n, label)
            else:
                found.append((n, n, label))
        return found


def _runs(flags: list[bool]) -> int:
    """How many maximal runs of true there are."""
    return sum(now and not before for before, now in pairwise([False, *flags]))
