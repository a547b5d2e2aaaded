"""The words of a stretch of text, as the candidate ring sees them.

Words are looked at by number. Whether one begins a sentence, is written in capitals, or stands in
a headline that capitalises everything is worked out once for the stretch; so is which words occur
in lower case or, within sentences, with a capital: what a capital at the start of a sentence means.
"""

from annotator.suggest.lexicon import COUNTRIES, FUNCTION_WORDS, SHORTENED
from annotator.text.lazy import pattern

SMALL, CAPITAL, ACRONYM = 0, 1, 2
"""How a word is written: in small letters or digits, with some capital, in capitals alone."""
TITLE_SHARE = 0.7
"""So many of the longer words of a line have capitals in a headline that capitalises everything."""
SHOUTED_SHARE = 0.6
"""So many of the longer words of a line are in capitals when the line is."""
LONG_WORDS = 3
"""With fewer longer words nothing can be said about a line."""
SPACES = (" ", "\u00a0")

_MORE = r"[\p{L}\p{M}\p{N}\u00AD\u200C]*+"
_WORD = pattern(rf"[\p{{L}}\p{{N}}]{_MORE}(?:['’ʼ\-\u2010\u2011&][\p{{L}}\p{{N}}]{_MORE})*+")
_CASED = pattern(r"[\p{Latin}\p{Cyrillic}\p{Greek}\p{Armenian}]")
_ENDS = pattern(r"[.!?…:;\n•|]")
_ENDING = 4
"""How long the ending of a country's name is at most."""


def is_country(word: str) -> bool:
    """Whether a word in lower case is the name of a country or continent, whatever its case."""
    return word.startswith(COUNTRIES) and any(
        word.startswith(name) and len(word) - len(name) <= _ENDING for name in COUNTRIES
    )


def has_case(word: str) -> bool:
    """Whether a word is in a script in which names begin with a capital (Georgian ones do not)."""
    return bool(_CASED.search(word))


class Reading:
    """The words of a text between two offsets.

    Attributes:
        text: the text.
        spans: where the words are.
        words: the words as they are written.
        low: the words in lower case.
        kinds: how each is written: `SMALL`, `CAPITAL` or `ACRONYM`.
        gaps: what stands before each word, and a last one after them all.
        first: whether a word begins a sentence or a line.
        styled: whether its line writes ordinary words with capitals too.
    """

    __slots__ = (
        "_lower",
        "_verdicts",
        "_within",
        "first",
        "gaps",
        "kinds",
        "low",
        "spans",
        "styled",
        "text",
        "words",
    )

    def __init__(self, text: str, start: int, end: int) -> None:
        self.text = text
        self.spans: list[tuple[int, int]] = [
            match.span() for match in _WORD.finditer(text, start, end)
        ]
        self.words = [text[left:right] for left, right in self.spans]
        self.low = [word.lower() for word in self.words]
        self.kinds = [_kind(word) for word in self.words]
        edges = [start, *(edge for span in self.spans for edge in span), end]
        self.gaps = [text[edges[at] : edges[at + 1]] for at in range(0, len(edges), 2)]
        self.first = [self._begins(at) for at in range(len(self.spans))]
        self.styled = [False] * len(self.spans)
        self._find_headlines()
        self._lower, self._within = self._evidence()
        self._verdicts: dict[str, bool | None] = {}

    def __len__(self) -> int:
        return len(self.spans)

    def spaced(self, at: int) -> bool:
        """Whether the word `at` exists and follows the one before it after a single space."""
        return at < len(self.spans) and self.gaps[at] in SPACES

    def small(self, at: int) -> bool:
        """Whether the word `at` exists, follows after a single space and is in small letters."""
        return self.spaced(at) and self.kinds[at] == SMALL

    def capital(self, at: int) -> bool:
        """Whether the word `at` exists, follows after a single space and has a capital."""
        return self.spaced(at) and self.kinds[at] != SMALL

    def foreign(self, at: int) -> bool:
        """Whether a Latin word in other letters begins a Latin name (в The Guardian)."""
        word, around = self.words[at], self.words[max(at - 1, 0)]
        return (
            word.isascii()
            and not around.isascii()
            and self.capital(at + 1)
            and self.words[at + 1].isascii()
        )

    def may_name(self, at: int) -> bool | None:
        """Whether a word with a capital at the start of a sentence is a name; None for perhaps."""
        word = self.low[at]
        if word in FUNCTION_WORDS:
            return self.foreign(at)
        if is_country(word) or (self.kinds[at] == ACRONYM and not self.styled[at]):
            return True
        if word not in self._verdicts:
            self._verdicts[word] = (
                True
                if _occurs(self._within, word)
                else False
                if _occurs(self._lower, word)
                else None
            )
        return self._verdicts[word]

    def _begins(self, at: int) -> bool:
        gap = self.gaps[at]
        if at == 0:
            return True
        if gap == " " or not _ENDS.search(gap):
            return False
        before = self.words[at - 1]
        if gap == ".":  # Т.Мей and web sites, or a sentence without a space before it
            return len(before) > 2 and self.kinds[at] != SMALL
        initial = len(before) == 1 and self.kinds[at - 1] != SMALL
        return gap != ". " or not (initial or self.low[at - 1] in SHORTENED)

    def _find_headlines(self) -> None:
        start = 0
        for at in range(1, len(self.spans) + 1):
            if at == len(self.spans) or "\n" in self.gaps[at]:
                if self._capitalises(range(start, at)):
                    self.styled[start:at] = [True] * (at - start)
                start = at

    def _capitalises(self, line: range) -> bool:
        """Whether a line writes most of its longer words, those that begin sentences aside, so."""
        long = [
            self.kinds[at]
            for at in line
            if len(self.words[at]) > 3 and self.words[at][0].isalpha() and not self.first[at]
        ]
        if len(long) < LONG_WORDS or self.kinds[line[0]] == SMALL:
            return False
        shouted = long.count(ACRONYM) >= SHOUTED_SHARE * len(long)
        return shouted or len(long) - long.count(SMALL) >= TITLE_SHARE * len(long)

    def _evidence(self) -> tuple[str, str]:
        """The words seen in small letters, and those with a capital within sentences."""
        lower, within = [], []
        for at, kind in enumerate(self.kinds):
            if kind == SMALL:
                if len(self.words[at]) > 2:
                    lower.append(self.low[at])
            elif not self.first[at] and not self.styled[at]:
                within.append(self.low[at])
        return f" {' '.join(lower)} ", f" {' '.join(within)} "


def _kind(word: str) -> int:
    if word.islower() or not any(map(str.isupper, word)):
        return SMALL
    return ACRONYM if len(word) > 1 and word.isupper() else CAPITAL


def _occurs(blob: str, word: str) -> bool:
    """Whether a word or another form of it is among words joined by spaces.

    A form begins like the word but for its last two letters and is about as long: searching one
    string is many times as fast as the stems of all its words.
    """
    beginning = " " + word[: max(3, len(word) - 2)]
    at = blob.find(beginning)
    while at >= 0:
        end = blob.find(" ", at + 1)
        if abs(end - at - 1 - len(word)) <= 3:
            return True
        at = blob.find(beginning, end)
    return False
