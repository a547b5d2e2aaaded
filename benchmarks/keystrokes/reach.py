"""How the oracle selects a given stretch in a layer of names: arrows, tags, search, edges."""

from dataclasses import dataclass

from annotator.desk import editing
from annotator.desk.borders import next_stop
from annotator.desk.selection import unit_after
from annotator.model.scheme import Unit
from annotator.text import units
from benchmarks.keystrokes.gold import Piece
from benchmarks.keystrokes.hand import Hand, WrongKeyError

Range = tuple[int, int]
NEAR = 2
"""So many words away arrows are no dearer than a tag."""
FEW = 3
"""So many words more or fewer are selected with shift and arrows."""


@dataclass(frozen=True, slots=True)
class Edges:
    """The words a stretch lies in, and how its own edges differ from theirs in characters."""

    first: Range
    last: Range
    left: int
    """Clusters that the start must go right (negative: left)."""
    right: int
    """Clusters that the end must go right."""

    @property
    def words(self) -> Range:
        """All of the words."""
        return self.first[0], self.last[1]


class Reach:
    """Selects stretches of one article."""

    def __init__(self, hand: Hand, text: str) -> None:
        self._hand = hand
        self._text = text
        self._words = list(_words(text))
        self._place = {word: n for n, word in enumerate(self._words)}

    def label(self, piece: Piece) -> None:
        """Select a stretch and label it."""
        self.select(piece)
        self.letter(piece.label)

    def letter(self, label: str) -> None:
        """Press a label's letter."""
        layer = self._hand.desk.layer
        found = next(x for x in layer.labels if x.name == label)
        self._hand.press(str(found.key))

    def select(self, piece: Piece) -> None:
        """Make a stretch what the next letter labels, in the way that takes fewest keys."""
        goal = (piece.start, piece.end)
        edges = self._edges(goal)
        if edges is None or self._searches(goal, edges):
            self._drop()
            self._hand.search(self._text[piece.start : piece.end], goal)
        else:
            self._cover(edges)
            self.trim(goal)
        if self.target != goal:
            raise WrongKeyError(f"{goal} is meant, {self.target} would be labelled")

    @property
    def target(self) -> Range:
        """What a letter would label now: edge punctuation is shed unless edges are exact."""
        caret = self._hand.desk.caret
        start, end = editing.strip(self._text, *units.snap(self._text, *caret.target))
        if caret.selection is not None and caret.selection.exact:
            return start, end
        return units.trim(self._text, start, end)

    # --- words ------------------------------------------------------------------------------------

    def _edges(self, goal: Range) -> Edges | None:
        """The words of a stretch; None when it holds none."""
        inside = [w for w in self._words_from(goal[0]) if w[0] < goal[1]]
        if not inside:
            return None
        first, last = inside[0], inside[-1]
        left = self._clusters(first[0], goal[0])
        right = self._clusters(last[1], goal[1])
        return Edges(first, last, left, right)

    def _words_from(self, offset: int) -> list[Range]:
        low, high = 0, len(self._words)
        while low < high:
            middle = (low + high) // 2
            low, high = (middle + 1, high) if self._words[middle][1] <= offset else (low, middle)
        return self._words[low : low + 40]

    def _clusters(self, start: int, end: int) -> int:
        """How many clusters lie between two offsets, negative when the second comes first."""
        low, high = min(start, end), max(start, end)
        count = 0
        while low < high:
            low, count = units.grapheme_at(self._text, low)[1], count + 1
        return count if end >= start else -count

    def _words_between(self, here: int, goal: int) -> int:
        """How many words an end must go right."""
        low, high = min(here, goal), max(here, goal)
        count = sum(low < word[1] <= high for word in self._words_from(low))
        return count if goal >= here else -count

    # --- to the words -----------------------------------------------------------------------------

    def _cover(self, edges: Edges) -> None:
        """Select the words, by arrows when they are near."""
        away = self._away(edges.first)
        if away is None:
            self._tag(edges)
        else:
            self._hand.press(*["right" if away > 0 else "left"] * abs(away))
        self._extend(edges)

    def _away(self, word: Range) -> int | None:
        """Words to a near one with nothing on it; None when a tag is better."""
        hand = self._hand
        here = self._place.get(hand.desk.caret.range)
        if here is None or not hand.sees(*word) or hand.desk.caret.selecting:
            return None
        away = self._place[word] - here
        taken = hand.desk.sheet.over(hand.desk.layer.name, *word)
        return away if 0 < abs(away) <= NEAR and not taken else None

    def _tag(self, edges: Edges) -> None:
        """Hint to the first word, or to something that begins with it and ends near."""
        hand = self._hand
        self._scroll(edges.first)
        self._drop()
        hand.press("space")
        tags = [(s, tag) for tag, s in hand.desk.hints.tags.items() if s[0] == edges.first[0]]
        if not tags:
            raise WrongKeyError(f"no tag begins at {edges.first[0]}")
        stretch, tag = min(tags, key=lambda found: len(found[1]))
        taken = any(
            (span.start, span.end) == stretch
            for span in hand.desk.sheet.over(hand.desk.layer.name, *stretch)
        )
        ends = any(word[1] == stretch[1] <= edges.last[1] for word in self._words_from(stretch[0]))
        if stretch != edges.first and (taken or not ends):
            tag = tag[:-1] + tag[-1].upper()
        hand.press(*tag)

    def _extend(self, edges: Edges) -> None:
        """Bring the end of what is selected to the end of the last word."""
        hand = self._hand
        away = self._words_between(hand.desk.caret.target[1], edges.last[1])
        if abs(away) <= FEW or not hand.sees(*edges.last):
            hand.press(*["shift+right" if away > 0 else "shift+left"] * abs(away))
            return
        if hand.desk.caret.selection is None:
            hand.press("-")
        hand.press("space")
        tags = [tag for tag, stretch in hand.desk.hints.tags.items() if stretch == edges.last]
        hand.press(*min(tags, key=len))

    def show(self, stretch: Range) -> None:
        """Bring a stretch onto the screen, nothing selected."""
        self._scroll(stretch)
        self._drop()

    def _scroll(self, word: Range) -> None:
        """Bring the beginning of a stretch onto the screen."""
        hand, caret = self._hand, self._hand.desk.caret
        while not hand.sees(word[0], word[0] + 1):
            self._drop()
            before = caret.range
            hand.press(self._nearer(word[0]))
            if caret.range == before:
                raise WrongKeyError(f"cannot scroll to {word}")

    def _nearer(self, goal: int) -> str:
        """The key that goes far, but not too far, towards an offset off the screen."""
        caret, rows = self._hand.desk.caret, self._hand.desk.caret.rows
        row, last = rows.row_of(goal), len(rows) - 1
        away = row - rows.row_of(caret.head)
        if away > 2 * caret.page and last - row < caret.page:
            return "ctrl+end"
        if -away > 2 * caret.page and row < caret.page:
            return "ctrl+home"
        if abs(away) >= caret.page:
            return "pagedown" if away > 0 else "pageup"
        if away > 0:
            block = units.next_block(self._text, units.block_at(self._text, caret.range[0])[1])
            return "." if block is not None and block[0] <= goal else "down"
        block = units.block_at(self._text, caret.range[0])
        return "," if block is not None and goal <= block[0] < caret.range[0] else "up"

    def _drop(self) -> None:
        if self._hand.desk.caret.selection is not None:
            self._hand.press("escape")

    # --- to the characters -----------------------------------------------------------------------

    def _searches(self, goal: Range, edges: Edges) -> bool:
        """Whether searching takes fewer keys than tags and characters; never for plain words."""
        if not (edges.left or edges.right):
            return False
        desk = self._hand.desk
        if any(
            (span.start, span.end) == edges.first
            for span in desk.sheet.over(desk.layer.name, *edges.first)
        ):
            return True  # a tag would take hold of that annotation
        several = edges.first != edges.last
        by_tag = 3 + several + 2 + abs(edges.right) + (1 + abs(edges.left) if edges.left else 0)
        return self._hand.search_keys(self._text[slice(*goal)], goal) < by_tag

    def trim(self, goal: Range) -> None:
        """Move both edges of the selection to a goal, the one that is held first."""
        selection = self._hand.desk.caret.selection
        first = selection is None or selection.at_end
        for at_end in (first, not first):
            here = self.target[1] if at_end else self.target[0]
            wanted = goal[1] if at_end else goal[0]
            if here != wanted:
                self._hold(at_end)
                self._edge(here, wanted, at_end)

    def _hold(self, at_end: bool) -> None:
        """Take hold of an edge of the selection."""
        caret = self._hand.desk.caret
        if (caret.selection is None or caret.selection.at_end) != at_end:
            if not caret.selecting:
                self._hand.press("-")
            self._hand.press("tab")

    def trim_keys(self, goal: Range) -> int:
        """About how many keys `trim` takes from what is selected."""
        start, end = self.target
        keys = 0 if end == goal[1] else len(self._steps(end, goal[1], at_end=True))
        return (
            keys if start == goal[0] else keys + 2 + len(self._steps(start, goal[0], at_end=False))
        )

    def _edge(self, here: int, goal: int, at_end: bool) -> None:
        """Move the edge held to a place."""
        caret, steps = self._hand.desk.caret, self._steps(here, goal, at_end)
        if steps[0] == "-":
            steps = [step for step in steps if step != "-"]
            while not caret.selecting or not self._by_character:
                self._hand.press("-")
        self._hand.press(*steps)

    @property
    def _by_character(self) -> bool:
        selection = self._hand.desk.caret.selection
        return selection is not None and selection.grain is Unit.GRAPHEME

    def _steps(self, here: int, goal: int, at_end: bool) -> list[str]:
        """The fewest keys that move an edge: to the next stop, by words, or by characters."""
        way = "right" if goal > here else "left"
        if next_stop(self._text, here, goal > here, at_end) == goal:
            return [f"ctrl+{way}"]
        by_character = ["-", "-", *[way] * abs(self._clusters(here, goal))]
        words = 0 if self._by_character else self._edges_between(here, goal, at_end)
        return [f"shift+{way}"] * words if 0 < words <= len(by_character) else by_character

    def _edges_between(self, here: int, goal: int, at_end: bool) -> int:
        """How many words an edge must be moved by to come to a place; 0 where words do not lead."""
        low, high = min(here, goal), max(here, goal)
        edges = [word[at_end] for word in self._words_from(max(low - 1, 0))]
        outwards = (goal > here) == at_end
        if goal not in edges or not (outwards or here in edges):
            return 0
        return sum(low < edge < high for edge in edges) + 1


def _words(text: str) -> list[Range]:
    found, here = [], unit_after(text, Unit.WORD, 0)
    while here is not None:
        found.append(here)
        here = unit_after(text, Unit.WORD, max(here[1], here[0] + 1))
    return found
