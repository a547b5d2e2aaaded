"""How alike names are, whatever letters they are written in: for completion.

Names are spelt in Latin letters by a table of our own, lossy on purpose (Bulgarian, Russian,
Ukrainian, Serbian, Macedonian and Kazakh Cyrillic, Greek). For comparing, what languages spell
differently falls together (kh and h, w and v, j and zh), and vowels weigh less than consonants:
case endings and transliterations differ in them most.
"""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import regex

from annotator.text.lazy import pattern

LEAST = 0.35
"""Names less alike than this are not offered."""
SHORT_LIST = 50
"""How many names, at least, are compared word by word."""

_CYRILLIC = dict(
    zip(
        "абвгдежзийклмнопрстуфхцчшщъыьэюяёєіїґўјљњћђџѕќѓәғқңөұүһ",
        "a b v g d e zh z i y k l m n o p r s t u f h ts ch sh sht a y - e yu ya yo ye i yi g u"
        " y ly ny ch dj dzh dz k g a g k n o u u h".replace("-", "\0").split(" "),
        strict=True,
    )
)
_GREEK = dict(
    zip(
        "αβγδεζηθικλμνξοπρσςτυφχψω",
        [
            "a",
            "v",
            "g",
            "d",
            "e",
            "z",
            "i",
            "th",
            "i",
            "k",
            "l",
            "m",
            "n",
            "x",
            "o",
            "p",
            "r",
            "s",
            "s",
            "t",
            "y",
            "f",
            "h",
            "ps",
            "o",
        ],
        strict=True,
    )
)
_LATIN = {
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "ø": "o",
    "đ": "d",
    "ł": "l",
    "ı": "i",
    "þ": "th",
    "ð": "d",
}
_LETTERS = {key: sound.replace("\0", "") for key, sound in (_CYRILLIC | _GREEK | _LATIN).items()}
_SPELT = str.maketrans(
    _LETTERS | {key.upper(): sound.capitalize() for key, sound in _LETTERS.items() if key != "ß"}
)
_GREEK_PAIR = pattern(r"(?i)ου|(?<!\p{L})μπ|(?<!\p{L})ντ|γκ|γγ|αυ|ευ|τζ")
_GREEK_PAIRS = {
    "ου": "u", "μπ": "b", "ντ": "d", "γκ": "g", "γγ": "ng", "αυ": "av", "ευ": "ev", "τζ": "dz",
}  # fmt: skip
_HAS_GREEK = pattern(r"\p{Greek}")
_MARKS = pattern(r"(?<=[\p{Latin}\p{Greek}])[\u0300-\u036F]+")

_SOUNDS = (
    ("shch", "St"), ("sht", "St"), ("sch", "S"), ("sh", "S"), ("tch", "C"), ("ch", "C"),
    ("dzh", "J"), ("zh", "J"), ("dj", "J"), ("kh", "h"), ("ph", "f"), ("th", "t"), ("gh", "g"),
    ("ts", "C"), ("tz", "C"), ("ck", "k"), ("ce", "se"), ("ci", "si"), ("cy", "si"), ("x", "ks"),
    ("ou", "u"), ("oo", "u"), ("ee", "i"),
)  # fmt: skip
"""What sounds alike, spelt alike: only for comparing. C is ch and ts, J is zh and English j."""
_SINGLE = str.maketrans("qwzycSj", "kvsiksJ")
_TWICE = pattern(r"(.)\1+")
_WORD = pattern(r"[\p{L}\p{M}\p{N}]+")
_VOWELS = str.maketrans("", "", "aeiou")
_CONSONANTS_WEIGH = 0.6


class _Word(NamedTuple):
    """A word as it is compared: by pairs of neighbouring letters, and of consonants."""

    sound: str
    letters: frozenset[str]
    consonants: frozenset[str]


def latin(text: str) -> str:
    """A text spelt in Latin letters without marks; letters of other scripts stay as they are."""
    if text.isascii():
        return text
    if _HAS_GREEK.search(text):
        text = _GREEK_PAIR.sub(_spell_pair, _unmarked(text))
    spelt = unicodedata.normalize("NFC", text).translate(_SPELT)
    return spelt if spelt.isascii() else _unmarked(spelt)


def likeness(a: str, b: str) -> float:
    """How alike two names are: 0 to 1, the same for both orders.

    Words are compared with the word that fits best, in any order; words of one name only count
    against it. Names that sound the same are 1.
    """
    ones, others = _words(_sound(_spelt(a))), _words(_sound(_spelt(b)))
    if not ones or not others:
        return float(a.casefold() == b.casefold())
    return _likeness(ones, others)


def rank(query: str, names: Iterable[str], limit: int) -> list[str]:
    """The names that best fit what was typed, the best first, each once.

    Names that begin with the query come first, then names one of whose words begins with it, in
    any letters; then names that are like it. Equals keep the order they are given in.

    Args:
        query: what was typed; nothing at all fits every name.
        names: the names to choose from.
        limit: how many at most.
    """
    distinct = list(dict.fromkeys(names))
    typed = _spelt(query)
    if not typed:
        return distinct[:limit]
    sound = _sound(typed)
    first: list[tuple[int, int, str]] = []
    rest: list[tuple[float, int, str]] = []
    pairs = [f"{one}{other}" for one, other in pairwise(_skeletons(sound))]
    for place, name in enumerate(distinct):
        if begins := _begins(name, query, typed, sound):
            first.append((begins, place, name))
        else:
            skeletons = _skeletons(_sound(_spelt(name)))
            if shared := sum(map(skeletons.__contains__, pairs)):
                rest.append((-shared / (len(skeletons) + len(pairs)), place, name))
    found = [name for _, _, name in sorted(first)[:limit]]
    return found + _best(_words(sound), rest, limit - len(found))


def _best(typed: tuple[_Word, ...], rest: list[tuple[float, int, str]], limit: int) -> list[str]:
    """The names most like what was typed, of those that share most pairs of consonants with it."""
    if limit <= 0:
        return []
    scored = [
        (-_likeness(typed, _words(_sound(_spelt(name)))), place, name)
        for _, place, name in sorted(rest)[: max(SHORT_LIST, 2 * limit)]
    ]
    return [name for score, _, name in sorted(scored)[:limit] if -score >= LEAST]


def _begins(name: str, query: str, typed: str, sound: str) -> int:
    """How a name begins like a query: 1 as written, 2 in any letters, 3 a word of it; 0 not."""
    if name.startswith(query):
        return 1
    spelt = _spelt(name)
    if spelt.startswith(typed):
        return 2
    return 3 if f" {typed}" in spelt or f" {sound}" in f" {_sound(spelt)}" else 0


@lru_cache(maxsize=32_768)
def _spelt(text: str) -> str:
    """The words of a text in small Latin letters."""
    spelt = latin(text).casefold()
    return spelt if spelt.isalnum() else " ".join(_WORD.findall(spelt))


@lru_cache(maxsize=32_768)
def _sound(spelt: str) -> str:
    """Words spelt so that what sounds alike is spelt alike."""
    for written, heard in _SOUNDS:
        if written in spelt:
            spelt = spelt.replace(written, heard)
    return str(_TWICE.sub(r"\1", spelt.translate(_SINGLE)))


@lru_cache(maxsize=32_768)
def _skeletons(sound: str) -> str:
    """The consonants of all words, each word between spaces."""
    return f" {' '.join(map(_skeleton, sound.split()))} "


def _words(sound: str) -> tuple[_Word, ...]:
    return tuple(map(_word, sound.split()))


@lru_cache(maxsize=32_768)
def _word(sound: str) -> _Word:
    return _Word(sound, _pairs(sound), _pairs(_skeleton(sound)))


def _skeleton(sound: str) -> str:
    """The consonants of a word, and that it begins with a vowel; h only at the beginning, as g."""
    first = "a" if sound[0] in "aeiou" else ""
    inner = sound.translate(_VOWELS)
    begins = "g" if inner[:1] == "h" and not first else inner[:1]
    return first + begins + inner[1:].replace("h", "")


def _pairs(letters: str) -> frozenset[str]:
    return frozenset(map("".join, pairwise(f"^{letters}$")))


def _likeness(ones: tuple[_Word, ...], others: tuple[_Word, ...]) -> float:
    """The mean likeness of the words of both names to their best counterparts, by length."""
    table = [[_alike(one, other) for other in others] for one in ones]
    best = [(max(row), len(one.sound)) for row, one in zip(table, ones, strict=True)]
    best += [
        (max(column), len(other.sound))
        for column, other in zip(zip(*table, strict=True), others, strict=True)
    ]
    return sum(score * size for score, size in best) / sum(size for _, size in best)


def _alike(one: _Word, other: _Word) -> float:
    if one.sound == other.sound:
        return 1.0
    consonants = _dice(one.consonants, other.consonants)
    return _CONSONANTS_WEIGH * consonants + (1 - _CONSONANTS_WEIGH) * _dice(
        one.letters, other.letters
    )


def _dice(ones: frozenset[str], others: frozenset[str]) -> float:
    return 2 * len(ones & others) / (len(ones) + len(others))


def _unmarked(text: str) -> str:
    """A text without the accents of its Latin and Greek letters."""
    return unicodedata.normalize("NFC", str(_MARKS.sub("", unicodedata.normalize("NFD", text))))


def _spell_pair(match: "regex.Match[str]") -> str:
    pair: str = match[0]
    spelt = _GREEK_PAIRS[pair.lower()]
    return spelt.capitalize() if pair[0].isupper() else spelt
