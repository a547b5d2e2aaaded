"""Words of names and their stems: which words are forms of one another, judged by their endings.

Two levels. `stem` is coarse: it sheds whatever could be an ending, again and again, so that every
form of a word arrives at the same stem (a few other words too); an index can be built on it.
`same_word` is fine: what two words differ in must be endings that go together. There is no
dictionary: endings of Bulgarian, Russian, Ukrainian, Serbian and Macedonian, Greek and Turkic
languages in Cyrillic, and what follows names in Latin letters (a genitive s, Turkish endings after
an apostrophe). Words of other scripts are as they are written.
"""

import unicodedata
from functools import lru_cache

import regex

from annotator.text.lazy import pattern

SHORTEST = 3
"""The shortest stem of a name of one word."""
LONGEST = 64
"""Longer words are no words of a language: they stay as they are."""
SHORTEST_OF_SEVERAL = 2
"""The shortest stem in a name of several words: the others tell it from other names."""

_PLAIN = pattern(r"[\u0300-\u036F\u00AD\u200B\u200C\u2060\uFEFF]+")
"""What the coarse level takes off letters: accents, breves, diaereses, and what nobody sees."""
_STRESS = pattern(r"[\u0301\u00AD\u200B\u2060\uFEFF]+")
"""What the fine level takes off Cyrillic: й and и, ї and і stay apart."""
_CYRILLIC = pattern(r"[\u0400-\u052F]")
_GREEK = pattern(r"[\u0370-\u03FF\u1F00-\u1FFF]")
_LATIN = pattern(r"\p{Latin}")
_APOSTROPHE = "'’ʼ‘`´"
_APOSTROPHES = pattern(f"[{_APOSTROPHE}]")

_TURKIC_LETTER = pattern("[әғқңөұүһҥҡҙҫ]")
_TURKIC = (
    "ның нің дың дің тың тің ға ге қа ке на не ны ні ды ді ты ті да де та те нда нде дан ден тан тен"
    " нан нен мен бен пен лар лер дар дер тар тер ы і сы сі ын ін н а е"
)
_TURKIC_END = pattern(f"(?:{'|'.join(sorted(_TURKIC.split(), key=len, reverse=True))})$")
_CYRILLIC_END = pattern(
    "(?:[аеиоуыэюяієјьъ]|[аеиоуыэюяіъ][мхвтдғ]|[ое]г|(?<=[аеоуыюяі])[дт][ае]н)$"
)
_GREEK_END = pattern("(?:[αεηιουω]|[αεηιουω]σ|[οω]ν)$")
_LATIN_END = pattern(rf"(?:(?<=..[^{_APOSTROPHE}])[{_APOSTROPHE}]\p{{L}}{{0,6}}|(?<=....)s)$")
_FLEETING = pattern("(?<=..)[оеієїъ](?=[^аеиоуыэюяіє]$)")
_DOUBLE = pattern(r"(.)\1$")
_SOFT = str.maketrans("гкх", "зцс")

_PARADIGMS = (
    # masculine, hard; possessive surnames; soft
    " а у е і и ы ом ем ам ами ах ові ови ове ът а ят от ите",
    " а у е ым им ой ою ых ыми ы и",
    "ь й я ю е є и і ї ем єм ём еві єві еви ей ям ями ях ят ът",
    # feminine, also of names on -ия and -ь
    "а я ы и і ї е є у ю о ой ою ей ею єю ој ом ам ям ами ями ах ях  ь та ата ята та й",
    " та",
    "ь и і ю ью ям ями ях  та",
    # neuter
    "о е а я у ю ом ем и і ам ям то ото ето та",
    # plural
    "ы и і ї ов ев ів їв ам ям ами ями ах ях те ите",
    "ы и і ї а я  ь ей ам ям ами ями ах ях те ите та",
    # adjectives and surnames like them
    (
        "ый ий ой й ій їй ая яя а я ое ее о е є ые ие і ї и ого его ього ому ему ьому ым им ім їм ом ем "
        "ую юю у ю ых их їх ыми ими іми їми ою ею єю ей ої ої ия ият ата ото ите  ог ој ега ему"
    ),
)
_ENDINGS = tuple(frozenset(line.split(" ")) for line in _PARADIGMS)
_TURKIC_ENDINGS = frozenset(["", *_TURKIC.split()])
_GREEK_ENDS = "ο ος ου ον ε ω α ας η ης ες ων ους οι ι ις εις εως εων ιου ιων ιο υς ατος ατα ατων"
_GREEK_ENDINGS = frozenset(["", *_GREEK_ENDS.casefold().split()])


@lru_cache(maxsize=32_768)
def stem(word: str, shortest: int = SHORTEST) -> str:
    """What the forms of a word have in common, in lower case; for comparing only.

    Args:
        word: one word, in any case.
        shortest: endings are shed as long as so many characters are left.
    """
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", word).casefold())
    plain = _PLAIN.sub("", folded) or folded
    if len(plain) > LONGEST or any(map(str.isdigit, plain)):
        return unicodedata.normalize("NFC", plain)
    if _CYRILLIC.search(plain):
        return _cyrillic(_APOSTROPHES.sub("", plain), shortest)
    if _GREEK.search(plain):
        return _shed(plain, _GREEK_END, shortest)
    if _LATIN.search(plain):
        return str(_APOSTROPHES.sub("'", _LATIN_END.sub("", plain, 1))) or plain
    return unicodedata.normalize("NFC", plain)


def same_word(one: str, other: str, shortest: int = SHORTEST) -> bool:
    """Whether two words in lower case are forms of one: a common stem, endings that go together."""
    one, other = _fine(one), _fine(other)
    if one == other:
        return True
    if max(len(one), len(other)) > LONGEST:
        return False
    if stem(one, shortest) != stem(other, shortest) or not one or not other:
        return False
    if _CYRILLIC.search(one):
        return any(
            _go_together(left, right, shortest)
            for left in _variants(one)
            for right in _variants(other)
        )
    if _GREEK.search(one):
        return _share(_PLAIN.sub("", _decomposed(one)), _PLAIN.sub("", _decomposed(other)))
    return bool(_LATIN_END.sub("", one, 1) == _LATIN_END.sub("", other, 1))


def _cyrillic(word: str, shortest: int) -> str:
    while _TURKIC_LETTER.search(word):
        shorter = _TURKIC_END.sub("", word, 1)
        if len(shorter) < 4 or shorter == word:
            break
        word = shorter
    word = _shed(word, _CYRILLIC_END, shortest)
    if len(word) > SHORTEST:
        word = _FLEETING.sub("", word)
    if len(word) > shortest:
        word = _DOUBLE.sub(r"\1", word)
    return word[:-1] + word[-1:].translate(_SOFT)


def _shed(word: str, ending: "regex.Pattern[str]", shortest: int) -> str:
    """A word without its endings, as long as the stem stays long enough."""
    while found := ending.search(word):
        if found.start() < shortest:
            break
        word = word[: found.start()]
    return word


def _decomposed(word: str) -> str:
    return unicodedata.normalize("NFD", word)


def _fine(word: str) -> str:
    """A word as the fine level compares it."""
    if word.isascii():
        return word
    if not _CYRILLIC.search(word):
        return str(_APOSTROPHES.sub("'", unicodedata.normalize("NFKC", word)))
    bare = unicodedata.normalize("NFC", _STRESS.sub("", _decomposed(word)))
    return str(_APOSTROPHES.sub("", bare.replace("ё", "е")))


def _variants(word: str) -> set[str]:
    """A word, and what it would be without a fleeting vowel or a softened last consonant."""
    found = {word, _FLEETING.sub("", word)}
    if len(word) > SHORTEST and word[-1] in "іеи" and word[-2] in "зцс":
        found.add(word[:-2] + {"з": "г", "ц": "к", "с": "х"}[word[-2]] + word[-1])
    if len(word) > SHORTEST + 1 and word[-3] in "оеієїъ" and word[-1] in "аіиуюяь":
        found.add(word[:-3] + word[-2:])  # Львова beside Львів
    if len(word) > SHORTEST + 1 and word[-1] == "ю" and word[-2] == word[-3]:
        found.add(word[:-2] + word[-1])  # Казанню beside Казань
    return found


def _go_together(one: str, other: str, shortest: int) -> bool:
    """Whether two Cyrillic words are a common beginning and endings of one paradigm."""
    common = _common(one, other)
    turkic = _TURKIC_LETTER.search(one + other)
    for cut in range(common, max(common - 3, shortest - 1), -1):
        left, right = one[cut:], other[cut:]
        if any(left in endings and right in endings for endings in _ENDINGS):
            return True
        if turkic and left in _TURKIC_ENDINGS and right in _TURKIC_ENDINGS:
            return True
    return one[common:] + other[common:] in _TURKIC_ENDINGS and common > SHORTEST


def _share(one: str, other: str) -> bool:
    """The same for Greek, where one set of endings is enough."""
    common = _common(one, other)
    cuts = range(common, max(common - 3, SHORTEST - 1), -1)
    return any(one[cut:] in _GREEK_ENDINGS and other[cut:] in _GREEK_ENDINGS for cut in cuts)


def _common(one: str, other: str) -> int:
    """How many characters two words begin with alike."""
    for place, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return place
    return min(len(one), len(other))
