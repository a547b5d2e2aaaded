"""How the oracle marks boilerplate: to a run of lines by arrows or tags, over it, one letter.

The policy, the same for every article: the runs are marked one after the other, top to bottom; with
one category, where it should take fewer keys, everything from the first run to the last is marked
at once and the content between is cleared.
"""

from itertools import pairwise

from benchmarks.keystrokes.gold import GoldArticle, Piece, blocks
from benchmarks.keystrokes.hand import Hand, WrongKeyError

CLEAR = "backspace"
TAG = 2
"""Keys of a hint as a rule, in a layer with few units on screen."""
FEW = 3
"""So many blocks are labelled one after the other rather than selected first."""


class BlockOracle:
    """Marks one article in a layer of blocks."""

    def __init__(self, hand: Hand, article: GoldArticle) -> None:
        self._hand = hand
        self._article = article
        self._blocks = blocks(article.text)
        self._place = {block: n for n, block in enumerate(self._blocks)}
        self._end = len(self._blocks) - 1

    def work(self) -> None:
        """Mark everything."""
        runs = [self._range(piece) for piece in self._article.pieces]
        labels = {piece.label for piece in self._article.pieces}
        gaps = [(a[1] + 1, b[0] - 1) for a, b in pairwise(runs)]
        if len(labels) == 1 and self._clears_cheaper(runs, gaps):
            key = self._key(self._article.pieces[0])
            self._mark(runs[0][0], runs[-1][1], key)
            for first, last in reversed(gaps):
                self._mark(first, last, CLEAR)
        else:
            for (first, last), piece in zip(runs, self._article.pieces, strict=True):
                self._mark(first, last, self._key(piece))

    def _clears_cheaper(self, runs: list[tuple[int, int]], gaps: list[tuple[int, int]]) -> bool:
        whole = [(runs[0][0], runs[-1][1])] if runs else []
        return sum(map(self._guess, whole)) + sum(map(self._guess, gaps)) < sum(
            map(self._guess, runs)
        )

    def _guess(self, run: tuple[int, int]) -> int:
        """About how many keys a run takes."""
        first, last = run
        length = last - first + 1
        if last == self._end or first == 0:
            return TAG * (first > 0) + TAG * (last < self._end) + 2
        return TAG + (length if length <= FEW else TAG + 1)

    def _range(self, piece: Piece) -> tuple[int, int]:
        inside = [n for n, block in enumerate(self._blocks) if piece.start <= block[0] < piece.end]
        return inside[0], inside[-1]

    def _key(self, piece: Piece) -> str:
        layer = self._hand.desk.layer
        label = next(x for x in layer.labels if x.name == piece.label)
        return str(label.key)

    @property
    def _here(self) -> int:
        return self._place[self._hand.desk.caret.range]

    def _mark(self, first: int, last: int, key: str) -> None:
        """Label or clear the blocks from `first` to `last`."""
        if last == self._end and last > first:
            self._go(first)
            self._hand.press("f8", key)
        elif first == 0 and last > FEW and self._sees(last):
            self._go(last)
            self._hand.press("f7", key)
        elif last - first < FEW:
            self._one_by_one(first, last, key)
        else:
            self._select(first, last, key)

    def _one_by_one(self, first: int, last: int, key: str) -> None:
        for n in range(first, last + 1):
            self._go(n)
            self._hand.press(key)

    def _select(self, first: int, last: int, key: str) -> None:
        """Select to where the run ends, in select mode beyond the end of the screen."""
        hand = self._hand
        self._go(first)
        if hand.desk.caret.selection is None:
            hand.press("shift+down")
        if not self._sees(last):
            hand.press("-")
            self._scroll(last)
        self._tag(self._blocks[last])
        hand.press(key)

    def _sees(self, block: int) -> bool:
        """Whether a block's first character is on screen, so that it has a tag."""
        return self._hand.sees(self._blocks[block][0], self._blocks[block][0] + 1)

    def _go(self, goal: int) -> None:
        """Put the caret on a block: by arrows when it is near, else by its tag."""
        hand = self._hand
        if hand.desk.caret.selection is not None:
            hand.press("escape")
        if abs(goal - self._here) > TAG:
            self._scroll(goal)
        if abs(goal - self._here) > TAG:
            self._tag(self._blocks[goal])
        while self._here != goal:
            hand.press("down" if goal > self._here else "up")

    def _scroll(self, goal: int) -> None:
        """Bring a block onto the screen; in select mode what lies between is selected."""
        hand = self._hand
        while not self._sees(goal):
            before = hand.desk.caret.head, hand.desk.window.top
            self._nearer(goal)
            if (hand.desk.caret.head, hand.desk.window.top) == before:
                raise WrongKeyError(f"{self._article.id}: cannot scroll to block {goal}")

    def _nearer(self, goal: int) -> None:
        """Go far, but not too far, towards a block off the screen."""
        hand, rows = self._hand, self._hand.desk.caret.rows
        head, page = hand.desk.caret.head, hand.desk.caret.page
        row = rows.row_of(self._blocks[goal][0])
        away = row - rows.row_of(head)
        if away > page and len(rows) - row < page:
            hand.press("ctrl+end")
        elif abs(away) > page:
            hand.press("pagedown" if away > 0 else "pageup")
        else:  # to the edge of the screen, and one further
            seen = [block for n, block in enumerate(self._blocks) if self._sees(n)]
            edge = (max(seen) if away > 0 else min(seen)) if seen else (head, head)
            if abs(rows.row_of(edge[0]) - rows.row_of(head)) > TAG:
                self._tag(edge)
            hand.press("down" if away > 0 else "up")

    def _tag(self, block: tuple[int, int]) -> None:
        """Hint to a block on screen, or extend to it; of a run that begins with it to it alone."""
        hand = self._hand
        hand.press("space")
        tags = hand.desk.hints.tags.items()
        on = [(len(tag), tag, found) for tag, found in tags if found[0] == block[0]]
        if not on:
            raise WrongKeyError(f"{self._article.id}: no tag on block {block}")
        _, tag, found = min(on)
        hand.press(*(tag if found == block else tag[:-1] + tag[-1].upper()))
