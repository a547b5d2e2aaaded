"""The words of a text as the suggesters see them: small pieces, and keys their forms share.

Pieces are words without hyphens, numbers, and every other sign on its own; in scripts without
spaces each character. Keys are the coarse stems of `annotator.text.stems`, and of our own for Slavic
languages in Latin letters, whose endings would be stems elsewhere.
"""

import unicodedata
from functools import lru_cache

from annotator.text.forms import UNSPACED, is_border
from annotator.text.lazy import pattern
from annotator.text.likeness import latin
from annotator.text.stems import LONGEST, SHORTEST, SHORTEST_OF_SEVERAL, stem

LATIN_SLAVIC = frozenset(["pl", "cs", "sk", "sl", "hr", "bs"])
"""Languages with case endings in Latin letters."""
LOOSE = frozenset(" \t\u00a0\u202f\n\r-‐‑–—−\"'‘’‚“”„«»‹›`´")
"""Signs that may stand between the words of a name, or not, without making it another."""
QUOTES = frozenset('"“”„«»‹›')
"""Quotation marks that come in pairs."""

_LONG = 64
"""No piece is longer: what goes on is no word."""
_UNSPACED = r"[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{Lb=SA}]"
_PIECE = pattern(
    rf"(?V1){_UNSPACED}\p{{M}}*+"
    rf"|(?:[[\p{{L}}\p{{N}}]--{_UNSPACED}][\p{{M}}\u00AD\u200C\u200D\u2060]{{0,8}}+){{1,{_LONG}}}+"
    r"(?:['’ʼ](?:[[\p{L}\p{N}]][\p{M}]{0,8}+){1,32}+){0,3}+"
    r"|\S"
)
_LATIN_SLAVIC_END = pattern(
    "(?:[aeiouy]|[aeiouy](?:m|ch|h)|(?<=[aeiouy])mi|(?<=[aeiouy])m[au]|eg|og|ej|oj|ow|ov|em)$"
)
_FLEETING = pattern("(?<=..)i?e(?=[^aeiouy]$)")
_SOFT = str.maketrans("czx", "kgk")
_VOWELS = str.maketrans("", "", "aeiouyj'")


class Words:
    """The pieces of a text between two offsets, by number.

    Attributes:
        text: the text.
        slavic: whether they were read for a Slavic language in Latin letters.
        spans: where they are.
        words: as they are written.
        keys: their keys; "" for signs that do not tell names apart.
    """

    __slots__ = ("keys", "slavic", "spans", "text", "words")

    def __init__(self, text: str, slavic: bool = False, start: int = 0, end: int | None = None):
        self.text = text
        self.slavic = slavic
        self.spans: list[tuple[int, int]] = [
            match.span()
            for match in _PIECE.finditer(text, start, len(text) if end is None else end)
        ]
        self.words = [text[left:right] for left, right in self.spans]
        self.keys = [key_of(word, slavic) for word in self.words]


def is_slavic(lang: str) -> bool:
    """Whether names of a language take case endings in Latin letters."""
    return lang in LATIN_SLAVIC


@lru_cache(maxsize=65_536)
def key_of(word: str, slavic: bool = False) -> str:
    """What the forms of a word have in common; "" for spaces, hyphens and quotation marks.

    Args:
        word: one piece.
        slavic: whether endings of Latin words are those of a Slavic language.
    """
    if word in LOOSE or unicodedata.category(word[0])[0] in "MC":
        return ""
    if len(word) == 1:
        return word.casefold()
    word = undotted(word)
    key = stem(word, SHORTEST if len(word) > SHORTEST else SHORTEST_OF_SEVERAL)
    return _latin_slavic(word, key) if slavic and key.isalpha() else key


def undotted(word: str) -> str:
    """A word with one letter i, as Turkish AYDINLI and İZMİR are Aydınlı and İzmir."""
    return word.replace("İ", "I").replace("ı", "i")


def _latin_slavic(word: str, key: str) -> str:
    """The stem of a word of a Slavic language in Latin letters (Warszawie, Kowalskiego)."""
    plain = unicodedata.normalize("NFKD", key.replace("ł", "l").replace("Ł", "l"))
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    if not plain.isascii() or len(plain) > LONGEST or (word.isupper() and len(word) < 5):
        return key
    while (found := _LATIN_SLAVIC_END.search(plain)) and found.start() >= SHORTEST:
        plain = plain[: found.start()]
    if len(plain) > SHORTEST:
        plain = _FLEETING.sub("", plain)
    if len(plain) > SHORTEST + 1 and plain[-2] == "d" and plain[-1] == "z":
        plain = plain[:-2] + "g"
    return plain[:-1] + plain[-1].translate(_SOFT)


@lru_cache(maxsize=16_384)
def sound_of(surface: str) -> str:
    """What a name has in common in all languages and letters; "" when that is too little.

    The consonants of its stems in Latin letters (Украйна, Украина, Ukraine).
    """
    sounds = []
    for found in _PIECE.finditer(surface):
        if found[0] not in LOOSE:
            spelt = latin(stem(found[0], SHORTEST)).casefold()
            spelt = spelt.replace("kh", "h").replace("w", "v").replace("c", "k").replace("ts", "k")
            first = "a" if spelt[:1] in "aeiouyj" else ""
            bare = spelt.translate(_VOWELS)
            sounds.append(
                first + "".join(a for a, b in zip(bare, " " + bare, strict=False) if a != b)
            )
    sound = " ".join(sounds)
    return sound if len(sound) >= SHORTEST else ""


def is_whole(text: str, start: int, end: int) -> bool:
    """Whether a stretch cuts no grapheme cluster; of long rows of marks only the first is looked at."""
    for at in (start, end):
        if at < len(text) and unicodedata.category(text[at])[0] == "M":
            return False
    return is_border(text, start) and is_border(text, end)


def is_unspaced(word: str) -> bool:
    """Whether a piece is a character of a script without spaces."""
    return bool(UNSPACED.match(word))
