"""The oracle's hands: public keys on the real desk, every press counted.

What a screen does for a key is done here as the screen does it: after each key the window follows
the caret; the search line is `/`, characters that search on from the caret as they are typed, `tab`
for the next match and `enter`.
"""

from annotator.desk.desk import Desk
from annotator.desk.keyboard import Answer, Keyboard
from annotator.desk.log import Log
from annotator.desk.search import Search
from annotator.model.scheme import Scheme

WIDTH, ROWS = 90, 36
"""The window the oracle looks through: the reading width, and the rows of a terminal of 40."""

MOST = 20_000
"""Presses for an article after which something must be wrong."""


class WrongKeyError(Exception):
    """A key did not do what the oracle meant it to: the oracle or the desk is wrong."""


class Hand:
    """An annotator at a desk who only presses keys."""

    def __init__(self, log: Log, scheme: Scheme) -> None:
        self.desk = Desk(log, scheme)
        self.keyboard = Keyboard("latin")
        self.keys = 0
        """Presses since the article was opened."""
        self.pressed: list[str] = []
        """Which they were."""

    def open(self, article: str, layer: str = "") -> None:
        """Begin an article in the scheme's first layer; choosing another is a key that counts."""
        desk = self.desk
        desk.layer = desk.scheme.layers[0]
        desk.open(article)
        desk.wrap(WIDTH)
        desk.window.height = ROWS
        desk.caret.page = ROWS - 2
        desk.window.follow()
        self.keys = 0
        self.pressed = []
        names = [each.name for each in desk.scheme.layers]
        if layer and layer != names[0]:
            self.press(str(names.index(layer) + 1))

    def press(self, *keys: str) -> None:
        """Press keys, each a character or a name such as shift+tab."""
        for key in keys:
            self.keys += 1
            if self.keys > MOST:
                raise WrongKeyError("the oracle does not come to an end")
            self.pressed.append(key)
            character = key if len(key) == 1 else " " if key == "space" else None
            answer = self.keyboard.press(self.desk, key, character)
            if answer is not Answer.DESK:
                raise WrongKeyError(f"{key} is answered {answer}")
            self.desk.window.follow()

    def search(self, words: str, goal: tuple[int, int]) -> None:
        """Search for words and go on to the match that is the goal."""
        text, caret = self.desk.caret.text, self.desk.caret
        search = Search(text, words)
        match = search.after(caret.range[0])
        keys = 1 + len(words) + 1
        while match is not None and match != goal and keys < len(text):
            match = search.after(match[1])
            keys += 1
        if match is None:
            raise WrongKeyError(f"{words!r} is not found")
        self.keys += keys
        self.pressed += ["/", *words, *["tab"] * (keys - len(words) - 2), "enter"]
        caret.hold_match(match)
        self.desk.window.follow()

    def search_keys(self, words: str, goal: tuple[int, int]) -> int:
        """How many keys `search` would take."""
        caret = self.desk.caret
        search = Search(caret.text, words)
        match, keys = search.after(caret.range[0]), 2 + len(words)
        while match is not None and match != goal and keys < 99:
            match, keys = search.after(match[1]), keys + 1
        return keys if match == goal else 99

    @property
    def shown(self) -> tuple[int, int]:
        """The stretch of the text on screen."""
        return self.desk.window.shown()

    def sees(self, start: int, end: int) -> bool:
        """Whether a stretch is on screen, all of it."""
        low, high = self.shown
        return low <= start and end <= high
