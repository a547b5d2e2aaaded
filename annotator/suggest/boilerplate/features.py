"""What the lines of an article show: shapes, words, places and neighbours, as names of features.

Names without a colon at their start hold in every language and are what the shipped prior weighs;
those that begin with `:` name words or the source and are learned from the project's own articles.
"""

import re
from bisect import bisect
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from annotator.suggest.boilerplate.lines import Line, alike
from annotator.suggest.boilerplate.markers import Hits, hits, words_of
from annotator.suggest.boilerplate.recurrence import Seen
from annotator.suggest.lexicon import FUNCTION_WORDS

LENGTHS = (2, 10, 20, 40, 80, 120, 200, 400)
PLACES = (1, 2, 3, 6, 11, 21)
SHARES = (0.001, 0.1, 0.2, 0.3, 0.4, 0.5, 0.75)
FEW = 8
"""A line of so many words at most is told by each of them."""
_LETTERS = re.compile(r"[^\W\d_]+")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_ENDS = re.compile(r"[.!?…。！？؟](?=[\"'”“»’)\]]*(?:\s+[\"'„“«‘(\[]*[^\W\d_a-z]|$))|[。！？]")
_SHAPES = (
    ("bullet", re.compile(r"[*•·▪■●►▶–-]\s|\d+[.)]\s")),
    ("onlybullet", re.compile(r"\W*$")),
    ("link", re.compile(r"https?://|www\.|\.(?:com|org|net|ru|bg|ua|pl|de|gr|cn)\b|@\w", re.I)),
    ("clock", re.compile(r"\b\d{1,2}[:.h]\d\d\b")),
    ("date", re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b")),
    ("pipe", re.compile(r"[|›»→>]\s|\s[|·•/]\s")),
    ("markup", re.compile(r"</?[a-z][^>]*>|&[a-z]+;|&#\d+;|\{\{|\}\}", re.I)),
    ("price", re.compile(r"[$€£₽₴]\s?\d|\d\s?(?:лв|руб|грн|zł)\b")),
    ("brackets", re.compile(r"[(\[]\d*[)\]]")),
    ("quote", re.compile(r"[\"“„«‘]")),
    ("comma", re.compile(r"[,;，、،]")),
    ("twice", re.compile(r"[,;，、،].*[,;，、،]", re.S)),
    ("ellipsis", re.compile(r"(?:…|\.\.\.)\W*$")),
    ("percent", re.compile(r"\d\s?%")),
)  # fmt: skip


class Shown(NamedTuple):
    """The lines of an article and what each shows."""

    lines: tuple[Line, ...]
    features: tuple[tuple[str, ...], ...]
    """By line."""
    marks: tuple[Hits, ...]
    """By line, what its words say."""
    repeated: tuple[bool, ...]
    """By line, whether the article has it twice."""
    core: tuple[int, int]
    """The first line of the densest stretch of sentences and the one after its last."""


class _Look(NamedTuple):
    """A line by itself."""

    size: int
    """Index in LENGTHS, wider letters counted twice."""
    end: str
    sentence: float
    """How much it looks like running text: positive, or negative for what looks like none."""
    names: tuple[str, ...]


def shown(lines: Sequence[Line], title: str = "", seen: Sequence[Seen] = ()) -> Shown:
    """What the lines of an article show.

    Args:
        lines: its lines.
        title: the article's title, when known.
        seen: by line, in how many other articles of its source it is; empty when not known.
    """
    marks = tuple(hits(line.text) for line in lines)
    keys = [alike(line.text) for line in lines]
    often = Counter(keys)
    looks = [_look(line.text) for line in lines]
    core = _core([look.sentence for look in looks])
    wanted = set(words_of(title)) if title else set()
    around = _Around(looks, core)
    signs = [bool(mark.labels) and look.size < 5 for mark, look in zip(marks, looks, strict=True)]
    doubles = [often[key] > 1 for key in keys]
    near, past = _density(signs), _passed(signs, core)
    doubled = _density(doubles)
    features = tuple(
        (
            "bias",
            *look.names,
            *_marked(mark, look.size),
            *around.names(at),
            f"near-marked{near[at]}",
            f"near-marked{near[at]}-{min(look.size // 2, 3)}",
            f"near-repeated{doubled[at]}",
            f"passed{past[at]}",
            f"passed{past[at]}-{min(look.size // 2, 3)}",
            *(("repeated", f"repeated{min(look.size, 4)}") if often[keys[at]] > 1 else ()),
            *(_titled(lines[at].text, wanted) if wanted else ()),
            *(_recurring(seen[at], look.size) if seen else ()),
            *_words(lines[at].text),
        )
        for at, (look, mark) in enumerate(zip(looks, marks, strict=True))
    )
    return Shown(tuple(lines), features, marks, tuple(often[key] > 1 for key in keys), core)


def _look(text: str) -> _Look:
    wide = len(_UNSPACED.findall(text))
    size = bisect(LENGTHS, len(text) + wide)
    words = _LETTERS.findall(text)
    count = max(len(words), 1)
    low = sum(word in FUNCTION_WORDS or word.lower() in FUNCTION_WORDS for word in words) / count
    capitals = sum(word[0].isupper() for word in words) / count
    digits = sum(map(str.isdigit, text)) / max(len(text), 1)
    end = _end(text)
    ends = len(_ENDS.findall(text))
    names = [
        f"size{size}", f"end-{end}", f"end-{end}-{min(size, 5) // 2}", f"ends{min(ends, 3)}",
        f"function{bisect(SHARES, low)}", f"capitals{bisect(SHARES, capitals)}",
        f"digits{bisect(SHARES, digits)}", f"words{bisect((1, 2, 3, 5, 8, 13, 21), len(words))}",
    ]  # fmt: skip
    names += [name for name, shape in _SHAPES if _shaped(name, shape, text)]
    names += [f"from{step}" for step in range(1, size + 1)]
    if words and text.isupper():
        names.append("upper")
    if text[:1].islower():
        names.append("lower")
    closed = end in ("stop", "quoted")
    sentence = min((len(text) + wide) / 100, 4.0) * (1.0 if closed or ends else 0.3) - 0.5
    if not closed and size < 5:
        sentence -= 0.5
    if low > 0.2 and size >= 4:
        sentence += 0.5
    return _Look(size, end, sentence, tuple(names))


def _shaped(name: str, shape: re.Pattern[str], text: str) -> bool:
    anchored = name in ("bullet", "onlybullet")
    return bool(shape.match(text) if anchored else shape.search(text))


def _end(text: str) -> str:
    """How a line ends."""
    last = text[-1:]
    if last in "\"'”“»’)]" and text[-2:-1] in ".!?…。！？":
        return "quoted"
    if last in ".。؟":
        return "stop"
    if last in "!?！？":
        return "mark"
    if last in ":：":
        return "colon"
    if last in ",;-–—":
        return "comma"
    if last.isdigit():
        return "digit"
    return "letter" if last.isalpha() else "other"


def _core(scores: Sequence[float]) -> tuple[int, int]:
    """The stretch with the largest sum of scores."""
    best, found = 0.0, (0, 0)
    total, start = 0.0, 0
    for at, score in enumerate(scores):
        if total <= 0:
            total, start = 0.0, at
        total += score
        if total > best:
            best, found = total, (start, at + 1)
    return found


class _Around:
    """Where a line stands."""

    def __init__(self, looks: Sequence[_Look], core: tuple[int, int]) -> None:
        self._looks = looks
        self._core = core
        self._before = _distances([look.sentence > 0.8 for look in looks])
        self._after = _distances([look.sentence > 0.8 for look in reversed(looks)])[::-1]

    def names(self, at: int) -> list[str]:
        """The features of the place of line `at`."""
        size = self._looks[at].size
        start, stop = self._core
        part = "before" if at < start else "after" if at >= stop else "in"
        width = min(size // 2, 3)
        before, after = self._before[at], self._after[at]
        found = [
            f"core-{part}", f"core-{part}-{width}", f"core-{part}-end-{self._looks[at].end}",
            f"text-before{before}", f"text-after{after}",
            f"text-{before}-{after}-{part}", f"text-{before}-{after}-{part}-{width}",
            f"line{bisect(PLACES, at)}", f"last{bisect(PLACES, len(self._looks) - 1 - at)}",
        ]  # fmt: skip
        if part == "after":
            found.append(f"beyond{bisect(PLACES, at - stop + 1)}")
        elif part == "before":
            found.append(f"short-of{bisect(PLACES, start - at)}")
        for name, place in (("prev", at - 1), ("next", at + 1)):
            if 0 <= place < len(self._looks):
                other = self._looks[place]
                found += [f"{name}-size{other.size}", f"{name}-end-{other.end}"]
                found.append(f"{name}-{min(other.size // 2, 3)}-{width}")
            else:
                found.append(f"{name}-none")
        return found


def _distances(texts: Sequence[bool]) -> list[int]:
    """By line, how far back a line of running text is: 1, 2, 3 or 4 for further; 5 for none; 0 is itself."""
    found = []
    last = -1
    for at, is_text in enumerate(texts):
        if is_text:
            found.append(0)
            last = at
        else:
            found.append(5 if last < 0 else min(bisect((1, 2, 3, 6), at - last), 4))
    return found


def _density(signs: Sequence[bool]) -> list[int]:
    """By line, whether 0, 1, 2 or more of the three lines on either side have a sign."""
    return [
        min(sum(signs[max(at - 3, 0) : at]) + sum(signs[at + 1 : at + 4]), 3)
        for at in range(len(signs))
    ]


def _passed(signs: Sequence[bool], core: tuple[int, int]) -> list[int]:
    """By line, whether 0, 1, 3, 6 or more lines with a sign stand between the first text and it."""
    found, count = [], 0
    for at, sign in enumerate(signs):
        found.append(bisect((1, 3, 6), count))
        count += sign and at >= core[0]
    return found


def _marked(mark: Hits, size: int) -> list[str]:
    if not mark.labels:
        return ["unmarked"]
    short = "short" if size < 5 else "long"
    found = [f"marked-{short}", f"marked-{short}-{min(len(mark.labels), 3)}"]
    found += [f"mark-{label}-{short}" for label in sorted(mark.labels)]
    if mark.first:
        found += [f"first-{mark.first}", f"first-{short}"]
    if mark.whole:
        found += [f"whole-{mark.whole}", "whole"]
    return found


def _titled(line: str, wanted: set[str]) -> list[str]:
    words = set(words_of(line))
    share = len(words & wanted) / len(words | wanted) if words else 0.0
    if share >= 0.8:
        return ["title"]
    return ["title-like"] if share >= 0.4 else []


def _recurring(seen: Seen, size: int) -> list[str]:
    if not seen.of:
        return []
    share = bisect((0.1, 0.3, 0.6), seen.share)
    width = "long" if size >= 6 else "short"
    return [f"seen{min(seen.times, 3)}-{width}", f"seen-share{share}-{width}"]


def _words(line: str) -> list[str]:
    words = words_of(line)
    found = [f":first {words[0]}", f":last {words[-1]}"] if words else [f":sign {line[:3]}"]
    if len(words) > 1:
        found.append(f":two {words[0]} {words[1]}")
    if len(words) <= FEW:
        found += [f":word {word}" for word in dict.fromkeys(words)]
    return found
