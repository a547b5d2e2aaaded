"""The forms of a name: one key for all of them, a finer comparison, and where they occur in a text.

A name is compared by its words: case endings, upper and lower case, quotation marks and the hyphens
between words do not tell names apart; digits, symbols and acronyms do.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from annotator.text.clusters import JOINED, grapheme_at
from annotator.text.lazy import pattern
from annotator.text.stems import LONGEST, SHORTEST, SHORTEST_OF_SEVERAL, same_word, stem

Span = tuple[int, int]

ACRONYM = 4
"""Capitals alone are an acronym up to this length; longer ones may be a name in a headline."""

_REACH = 2 * LONGEST
"""No word is read further."""
_JOINT = r"['’ʼ\u00AD\u200C\u200D\u2060]"
_PIECE = r"[\p{L}\p{M}\p{N}]"
_WORD = pattern(rf"{_PIECE}++(?:{_JOINT}{_PIECE}++)*+")
_SYMBOL = pattern(r"[\p{S}#@%&*]")
UNSPACED = pattern(r"[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{Hangul}\p{Lb=SA}]")
"""A letter of a script without spaces between words, or (Hangul) with particles after names."""
_GAP = pattern(r"[^\p{L}\p{M}\p{N}]{1,12}?(?=[\p{L}\p{N}])")
_LOOSE = pattern(r"[\s\p{Pd}\p{Pi}\p{Pf}\"„‚'‘’]+")
"""What may stand between the words of a name, or not, without making it another."""
_QUOTE = pattern(r"[\p{Pi}\p{Pf}\"„‚「」『』《》]")
_INFLECTED_ACRONYM = pattern(r"(\p{Lu}{2,})['’\-]?(\p{Ll}{1,3})")
_TWINS = {"е": "ё", "α": "ά", "ε": "έ", "η": "ή", "ι": "ίϊΐ", "ο": "ό", "υ": "ύϋΰ", "ω": "ώ"}


@lru_cache(maxsize=16_384)
def form_key(surface: str) -> str:
    """One key for all forms of a name: what an index of names is made of.

    The key is coarse: names of one key are often, not always, the same (`same_name` decides).
    It is never empty for a surface with anything but white space in it.
    """
    words = _words(surface)
    if not words:
        return " ".join(unicodedata.normalize("NFKC", surface).casefold().split())
    return " ".join(stem(word, _shortest(words)) for word in words)


def same_name(a: str, b: str) -> bool:
    """Whether two surfaces are the same name, in whatever case, number or writing of quotes.

    Names have the same number of words, each of which is a form of its counterpart. Single
    characters, acronyms (up to four capitals), numbers and symbols must be equal.
    """
    if a == b:
        return True
    ones, others = _words(a), _words(b)
    if len(ones) != len(others) or not ones or _symbols(a) != _symbols(b):
        return False
    if _single(ones) or _single(others):
        return len(ones[0]) == len(others[0]) == 1 and ones == others
    shortest, alone = _shortest(ones), len(ones) == 1 or not (a.isupper() or b.isupper())
    return all(_same(one, other, shortest, alone) for one, other in zip(ones, others, strict=True))


def occurrences(text: str, surface: str, start: int = 0, end: int | None = None) -> Iterator[Span]:
    """Where a name occurs in a text: whole-word stretches that are the same name, in order.

    They do not overlap and cut no grapheme cluster. A name of one word with a capital is not found
    in lower case (Надежда is no надежда). Quotation marks around the surface are taken in where
    they stand around an occurrence too; white space between words may be any. Scripts without
    spaces are searched as they are written.

    Args:
        text: the text.
        surface: the name, as it stands somewhere.
        start: where to begin.
        end: where to stop; occurrences end there or before; None for the end of the text.
    """
    stop = len(text) if end is None else min(end, len(text))
    words = _words(surface)
    if not surface.strip():
        return
    if not words or UNSPACED.search(surface):
        found = _plain(text, surface, start, stop)
    else:
        found = _forms(text, surface, words, start, stop)
    last = start
    for left, right in found:
        if left >= last and is_border(text, left) and is_border(text, right):
            yield left, right
            last = right


def is_border(text: str, offset: int) -> bool:
    """Whether no grapheme cluster goes over an offset."""
    return not JOINED.match(text, offset) or grapheme_at(text, offset)[0] == offset


def _words(surface: str) -> list[str]:
    """The words of a name, also the parts of hyphenated ones."""
    return list(_WORD.findall(surface))


def _shortest(words: list[str]) -> int:
    return SHORTEST if len(words) == 1 else SHORTEST_OF_SEVERAL


def _single(words: list[str]) -> bool:
    return len(words) == 1 and len(words[0]) == 1


def _symbols(surface: str) -> list[str]:
    return list(_SYMBOL.findall(surface))


def _is_acronym(word: str) -> bool:
    return 1 < len(word) <= ACRONYM and word.isupper()


def _same(one: str, other: str, shortest: int, alone: bool) -> bool:
    """Whether two words are forms of one.

    Args:
        one: a word.
        other: another.
        shortest: the shortest stem.
        alone: capitals mean an acronym; not so where the whole name is in capitals.
    """
    if one == other:
        return True
    if alone and (_is_acronym(one) or _is_acronym(other)):
        return _same_acronym(one, other)
    if any(map(str.isdigit, one + other)):
        return one.casefold() == other.casefold()
    return same_word(one.casefold(), other.casefold(), shortest)


def _same_acronym(one: str, other: str) -> bool:
    """Whether one is the other with an ending in small letters (МИД, МИДа)."""
    short, long = sorted((one, other), key=len)
    found = _INFLECTED_ACRONYM.fullmatch(long)
    return bool(
        found and found[1] == short and same_word(short.casefold(), long.casefold(), len(short))
    )


def _plain(text: str, surface: str, start: int, stop: int) -> Iterator[Span]:
    """The surface as it is written."""
    place = text.find(surface, start, stop)
    while place >= 0:
        yield place, place + len(surface)
        place = text.find(surface, place + len(surface), stop)


def _forms(text: str, surface: str, words: list[str], start: int, stop: int) -> Iterator[Span]:
    """The forms of a name: places that begin like it, read word by word and compared."""
    bounds = [match.span() for match in _WORD.finditer(surface)]
    gaps = [surface[left[1] : right[0]] for left, right in pairwise(bounds)]
    lead, trail = surface[: bounds[0][0]], surface[bounds[-1][1] :]
    core = surface[bounds[0][0] : bounds[-1][1]]
    lower = len(words) > 1 or not core[:1].isupper()
    last = start
    for match in _beginning(words).finditer(text, start, stop):
        place = match.start()
        if place < last or not (lower or text[place].isupper()):
            continue
        right = _read(text, place, stop, gaps)
        if right and same_name(text[place:right], core):
            found = _with_edges(text, (place, right), lead, trail, start, stop)
            if found:
                yield _balanced(text, *found, last)
                last = found[1]


def _read(text: str, place: int, stop: int, gaps: list[str]) -> int:
    """Where a stretch of words with gaps like these ends; 0 when there is none."""
    word = _word_at(text, place, stop)
    for gap in gaps:
        between = word and _GAP.match(text, word, stop)
        if not between or not _alike(between[0], gap):
            return 0
        word = _word_at(text, between.end(), stop)
    return word


def _word_at(text: str, place: int, stop: int) -> int:
    """Where the word that begins at a place ends; 0 when it goes on beyond `stop` or any word."""
    reach = min(place + _REACH, len(text))
    word = _WORD.match(text, place, reach)
    if not word or word.end() > stop or (word.end() == reach < len(text)):
        return 0
    return int(word.end())


def _alike(one: str, other: str) -> bool:
    """Whether what stands between two words is the same but for spaces, hyphens and quotes."""
    if one.count("\n") > max(1, other.count("\n")):
        return False
    return bool(_LOOSE.sub("", one) == _LOOSE.sub("", other))


def _with_edges(
    text: str, found: Span, lead: str, trail: str, start: int, stop: int
) -> Span | None:
    """An occurrence with what stands around the words of the name; None where that is missing."""
    left, right = found
    before, after = text[max(left - len(lead), start) : left], text[right : right + len(trail)]
    exact = before == lead, after == trail and right + len(trail) <= stop
    quoted = _is_quote(lead, trail) and _is_quote(before, after) and right < stop
    if not quoted and any(
        _SYMBOL.search(edge) and not is_there
        for edge, is_there in zip((lead, trail), exact, strict=True)
    ):
        return None
    if quoted or (all(exact)):
        return left - len(lead), right + len(trail)
    return (left, right + len(trail)) if exact[1] and not lead else (left, right)


def _balanced(text: str, left: int, right: int, start: int) -> Span:
    """An occurrence with the quotation mark before it when only its partner is inside."""
    inside = len(_QUOTE.findall(text, left, right))
    return (left - (inside % 2 and left > start and bool(_QUOTE.match(text, left - 1)))), right


def _is_quote(lead: str, trail: str) -> bool:
    return bool(_QUOTE.fullmatch(lead) and _QUOTE.fullmatch(trail))


@lru_cache(maxsize=256)
def _start_of(letters: str) -> "re.Pattern[str]":
    """Words that begin with these letters, in any case, accented or not.

    The standard library's `re` looks for a first letter several times as fast as `regex`.
    """
    classes = [_class(letter) for letter in letters]
    first, rest = classes[0], "[\u0300-\u036f]*".join(["", *classes[1:]])
    return re.compile(f"{first}(?<![^\\W_]{first}){rest}")


def _beginning(words: list[str]) -> "re.Pattern[str]":
    """Finds where the first word of a name may begin."""
    first = unicodedata.normalize("NFC", words[0])
    if any(map(str.isdigit, first)):
        return _start_of(first)
    letters = next((at for at, sign in enumerate(first) if not sign.isalpha()), len(first))
    common = len(stem(words[0], _shortest(words)))
    sure = common - 1 if common > SHORTEST_OF_SEVERAL else common  # к may become ц, е fall out
    return _start_of(first[: max(1, min(letters, sure, 5))])


def _class(letter: str) -> str:
    """A character class of the ways to write a letter."""
    base = unicodedata.normalize("NFD", letter)[0]
    lower = {letter.lower()[:1], base.lower()[:1], *_TWINS.get(base.lower(), "")}
    every = {letter, base} | lower | {sign.upper() for sign in lower if len(sign.upper()) == 1}
    return "[" + "".join(re.escape(sign) for sign in sorted(every)) + "]"
