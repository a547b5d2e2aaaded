"""What a model of names sees of each word of a text.

The word itself, its stem, beginning and end, how it is written, its neighbours; whether a capital
stands in the middle of a sentence, whether the word occurs in small letters or with a capital
elsewhere in the text; quotation marks; the label memory and the gazetteer.
"""

from annotator.suggest.entities.cells import Verdict
from annotator.suggest.entities.forms import Hit
from annotator.suggest.entities.words import QUOTES, Words

LONGEST = 200
"""A line of more words is several sequences."""
_ENDS = frozenset(".!?…:;•|")
_BANDS = (0.6, 0.8, 0.95)


class Line:
    """A stretch of words that is one sequence: the numbers of the first and of the one after the last."""

    __slots__ = ("begin", "end")

    def __init__(self, begin: int, end: int) -> None:
        self.begin = begin
        self.end = end


def lines(words: Words) -> list[Line]:
    """The lines of a text, over-long ones in pieces."""
    found: list[Line] = []
    begin = 0
    for at in range(1, len(words.spans) + 1):
        over = at == len(words.spans) or at - begin >= LONGEST
        if over or "\n" in words.text[words.spans[at - 1][1] : words.spans[at][0]]:
            found.append(Line(begin, at))
            begin = at
    return found


def features(
    words: Words, lang: str, hits: list[tuple[Hit, Verdict]], places: list[tuple[int, int]]
) -> list[list[str]]:
    """For each word of a text what the model sees, as short strings.

    Args:
        words: the words.
        lang: the language of the text.
        hits: what the label memory finds.
        places: what the gazetteer finds.
    """
    low = [word.lower() for word in words.words]
    shapes = [_shape(word) for word in words.words]
    starts = _starts(words)
    own = _own(words, low, shapes, starts)
    _remember(own, hits, places)
    bare = [
        _bare(word, key, shape) for word, key, shape in zip(low, words.keys, shapes, strict=True)
    ]
    found = []
    last = len(own) - 1
    for at, mine in enumerate(own):
        seen = [*mine, f"lang={lang}:{shapes[at]}"]
        for step in (-2, -1, 1, 2):
            other = at + step
            if 0 <= other <= last:
                seen += [f"{step}{one}" for one in bare[other]]
        if at:
            seen.append(f"-1|0={shapes[at - 1]}|{shapes[at]}")
            seen.append(f"-1|0:{words.keys[at - 1]}|{words.keys[at]}")
        if at < last:
            seen.append(f"0|1={shapes[at]}|{shapes[at + 1]}")
            seen.append(f"0|1:{words.keys[at]}|{words.keys[at + 1]}")
        found.append(seen)
    return found


def _shape(word: str) -> str:
    """How a word is written: X capital, x small, d digit, else the sign itself."""
    if word.isalpha():
        if word.islower():
            return "x"
        if word.isupper():
            return "X" if len(word) == 1 else "XX"
        return (
            "Xx"
            if word[0].isupper() and word[1:].islower()
            else "Xm"
            if word[0].isupper()
            else "xX"
        )
    if word.isdigit():
        return f"d{min(len(word), 4)}"
    if len(word) == 1:
        return word
    return "Xa" if word[0].isupper() else "xa"


def _starts(words: Words) -> list[bool]:
    """Whether each word begins a sentence or a line."""
    found = []
    begins = True
    reached = 0
    for (start, end), word in zip(words.spans, words.words, strict=True):
        begins = begins or "\n" in words.text[reached:start]
        found.append(begins)
        begins = word in _ENDS or (begins and not word[0].isalnum())
        reached = end
    return found


def _own(words: Words, low: list[str], shapes: list[str], starts: list[bool]) -> list[list[str]]:
    """What is seen of each word without its neighbours."""
    small = {key for key, shape in zip(words.keys, shapes, strict=True) if shape == "x"}
    capital = {
        key
        for key, shape, start in zip(words.keys, shapes, starts, strict=True)
        if shape[0] == "X" and not start
    }
    found = []
    inside = False
    for word, key, shape, start in zip(low, words.keys, shapes, starts, strict=True):
        if word in QUOTES:
            inside = word in "„«“‹" or (word == '"' and not inside)
        elif start:
            inside = False
        one = [f"w={word}", f"k={key}", f"s={shape}", "start" if start else f"mid={shape}"]
        if shape[0] in "Xx" and len(word) > 2:
            one += [f"p3={word[:3]}", f"e2={word[-2:]}", f"e3={word[-3:]}"]
            if len(word) > 4:
                one += [f"p4={word[:4]}", f"e4={word[-4:]}"]
        if shape[0] == "X":
            one.append(f"seen={int(key in small)}{int(key in capital)}{int(start)}")
            if inside:
                one.append("quoted")
        found.append(one)
    return found


def _remember(
    own: list[list[str]], hits: list[tuple[Hit, Verdict]], places: list[tuple[int, int]]
) -> None:
    """Add what memory and gazetteer know."""
    for hit, said in hits:
        band = sum(said.score >= least for least in _BANDS)
        for at in range(hit.first, hit.last + 1):
            part = "B" if at == hit.first else "I"
            own[at] += [f"m={part}{said.label}", f"m={part}{said.label}{band}"]
        if hit.last + 1 < len(own):
            own[hit.last + 1].append("m=after")
    for first, last in places:
        for at in range(first, last + 1):
            own[at].append("g=B" if at == first else "g=I")


def _bare(word: str, key: str, shape: str) -> list[str]:
    """What is seen of a word by its neighbours."""
    return (
        [f"w={word}", f"s={shape}"]
        if word == key or not key
        else [f"w={word}", f"k={key}", f"s={shape}"]
    )
