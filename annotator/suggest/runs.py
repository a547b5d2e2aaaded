"""Runs of words with capitals: where names begin, what joins their words, how far they go on.

A run takes in particles (Усама бин Ладен), initials and numbers; after its last word it goes on in
small letters where names of institutions and places do (Северно море, Върховният съд на Пакистан,
Министерство юстиции).
"""

from dataclasses import dataclass

import regex

from annotator.suggest import lexicon
from annotator.suggest.reading import ACRONYM, CAPITAL, SMALL, Reading, is_country
from annotator.text.lazy import pattern

_ADJECTIVE = pattern(
    r"(?:[сцз]ь?к(?:ий|ая|ое|ие|ого|ому|им|ом|ой|ую|их|ими|ою|ия|ият|а|ата|о|ото|и|ите|ої|ій|у|е|і)"
    r"|[нвлтр](?:ый|ая|ое|ые|ого|ому|ым|ую|ых|ыми|ия|ият|ата|ото|ите|ої|ій|ий|ою|ими)"
    r"|ен|ени|ена|ено|ян|ни|на|но|ві|ні|ший|шего|шая)$"
)
_PERHAPS_ADJECTIVE = pattern(
    r"(?:[ыиоі]й|[аяую]я|ое|ее|[оеь]?го|[оеь]му|[ыиі]м|ую|юю|[ыи]х|ими|ыми|[ое]й|ою|ия|ият|ата|ото|ите"
    r"|[нктвлр][аоиі]|ен|ої|[ск]е)$"
)
_GENITIVE_ADJECTIVE = pattern("(?:[иы]х|ого|его|ой|ої|ей)$")
_GENITIVE = pattern("(?:[иыаяй]|ів|ов)$")
_ROMAN = pattern("[IVXLСХ]+")
_NUMBER = pattern(
    r"(?:[ \u00A0]?[\-–—][ \u00A0]?|[ \u00A0]|)\p{N}{1,2}(?![\p{L}\p{N}%]|[.,:]\p{N})"
)
_NUMBERED = ("поток", "потік", "стрим", "стрий", "stream")
_ADJACENT = (". ", ".", ".\u00a0")
_LONG_WORD = 5

LONGEST = 12
"""A run of more words is cut."""


@dataclass(slots=True)
class Run:
    """A run of words `first` to `last`, up to offset `end`, which a number may have moved on."""

    first: int
    last: int
    end: int
    unsure: bool
    """It begins with the first word of a sentence, and nothing says that this is a name."""


def runs(reading: Reading) -> list[Run]:
    """The runs of a stretch of text, in order; not those that begin sentences and are no names."""
    found: list[Run] = []
    at = 0
    while at < len(reading):
        run = _run_at(reading, at)
        if run:
            found.append(run)
            at = run.last
            while at + 1 < len(reading) and reading.spans[at + 1][0] < run.end:
                at += 1
        at += 1
    return found


def _run_at(reading: Reading, at: int) -> Run | None:
    """The run that begins with the word `at`."""
    sure = _may_begin(reading, at)
    if sure is False:
        return None
    joined = last = _joined(reading, at)
    if not reading.styled[joined] and reading.kinds[joined] == CAPITAL:
        last = _in_small_letters(reading, at, joined)
    if sure is None and last == at:
        return None
    return Run(at, last, _with_number(reading, last), sure is None)


def _may_begin(reading: Reading, at: int) -> bool | None:
    """Whether a name may begin with a word; None for perhaps."""
    kind, word = reading.kinds[at], reading.words[at]
    if kind == SMALL or (
        kind == ACRONYM and _ROMAN.fullmatch(word) and not reading.capital(at + 1)
    ):
        return False
    if len(word) == 1 and not _goes_on(reading, at):
        return False
    if reading.first[at] or reading.styled[at]:
        return reading.may_name(at)
    return kind == ACRONYM or reading.low[at] not in lexicon.FUNCTION_WORDS or reading.foreign(at)


def _goes_on(reading: Reading, at: int) -> bool:
    """Whether a single capital is an initial: the next word has a capital too."""
    following = at + 1
    if following >= len(reading) or reading.kinds[following] == SMALL:
        return False
    return reading.gaps[following] in (*_ADJACENT, " ")


def _joined(reading: Reading, at: int) -> int:
    """The last word of the run of capitals from the word `at`."""
    last = at
    while (following := _next(reading, last)) > last and following - at < LONGEST:
        last = following
    return last


def _next(reading: Reading, at: int) -> int:
    """The word with a capital that goes on a name after the word `at`; else `at`."""
    following = at + 1
    if reading.spaced(following):
        if reading.kinds[following] != SMALL:
            styled = reading.styled[following] and reading.may_name(following) is False
            return at if styled or reading.words[at] in lexicon.BODIES else following
        if _is_particle(reading, following):
            return following + 1
        return following if _is_edition(reading, following) else at
    return following if following < len(reading) and _is_attached(reading, following) else at


def _is_particle(reading: Reading, at: int) -> bool:
    """Whether a small word joins the names before and after it."""
    after = at + 1
    if after >= len(reading) or reading.styled[at] or reading.kinds[after] == SMALL:
        return False
    if reading.gaps[after] not in (" ", "-"):
        return False
    if reading.words[at - 1].isascii() and reading.words[after].isascii():
        return reading.low[at] in lexicon.LATIN_PARTICLES or reading.low[at] in lexicon.PARTICLES
    return reading.low[at] in lexicon.PARTICLES and reading.low[at] not in lexicon.LATIN_PARTICLES


def _is_edition(reading: Reading, at: int) -> bool:
    """Whether a number belongs to the Latin name before it (Nord Stream 2)."""
    word = reading.words[at]
    return (
        word.isdigit()
        and len(word) <= 2
        and reading.words[at - 1].isascii()
        and not (reading.small(at + 1) and reading.words[at + 1].isascii())
    )


def _is_attached(reading: Reading, at: int) -> bool:
    """Whether a word belongs to the one before it, which ends in a full stop or an ampersand."""
    gap, word, before = reading.gaps[at], reading.words[at], reading.words[at - 1]
    capital = reading.kinds[at] != SMALL
    if (
        gap in _ADJACENT
        and capital
        and (len(before) == 1 or reading.low[at - 1] in lexicon.BEFORE_NAMES)
    ):
        return True
    if gap == ".":  # a web site
        latin = before.isascii() and word.isascii() and 2 <= len(word) <= 3
        return latin or reading.low[at] in lexicon.DOMAINS
    return gap in (" & ", "&") and capital


def _in_small_letters(reading: Reading, first: int, at: int) -> int:
    """The last word of a name whose last capital is the word `at`."""
    last = _noun_after(reading, at)
    if last == at and reading.small(at + 1) and reading.low[at + 1] in lexicon.PRESS:
        last = at + 1
    if last > at or first == at:
        last = _office(reading, last)
        last = _place_after(reading, last, last > at)
    return last


def _noun_after(reading: Reading, at: int) -> int:
    """The noun in small letters after an adjective with a capital, else `at`."""
    word, following = reading.low[at], at + 1
    if len(word) < _LONG_WORD or not reading.small(following):
        return at
    if reading.low[following].startswith(lexicon.HEADS):
        if _ADJECTIVE.search(word) or (_PERHAPS_ADJECTIVE.search(word) and not is_country(word)):
            return following
    elif _ADJECTIVE.search(word) and _ADJECTIVE.search(reading.low[following]):
        noun = following + 1
        if reading.small(noun) and reading.low[noun].startswith(lexicon.HEADS):
            return noun
    return at


def _office(reading: Reading, at: int) -> int:
    """The last word of what an institution is for (Министерство на финансите), else `at`."""
    word, following = reading.low[at], at + 1
    if not word.startswith(lexicon.OFFICES) or not reading.small(following):
        return at
    if reading.low[following] in ("на", "за", "по"):
        return _phrase(reading, following + 1, _ADJECTIVE) or at
    genitive = _GENITIVE.search(reading.low[following])
    if word.startswith(lexicon.MINISTRIES) and (
        genitive or _GENITIVE_ADJECTIVE.search(reading.low[following])
    ):
        return _phrase(reading, following, _GENITIVE_ADJECTIVE) or at
    return at


def _phrase(reading: Reading, at: int, adjective: "regex.Pattern[str]") -> int:
    """The last word of a noun with or without an adjective in small letters; 0 when there is none."""
    if not _is_content(reading, at):
        return 0
    described = adjective.search(reading.low[at])
    return at + 1 if described and _is_content(reading, at + 1) else at


def _is_content(reading: Reading, at: int) -> bool:
    return reading.small(at) and reading.low[at] not in lexicon.FUNCTION_WORDS


def _place_after(reading: Reading, at: int, grown: bool) -> int:
    """The word with a capital after an institution (… съд на Пакистан, … суд Пакистана), else `at`."""
    if not reading.low[at].startswith(lexicon.COURTS):
        return at
    prepositions = ("на", "в") if grown else ("на",)
    if reading.small(at + 1) and reading.low[at + 1] in prepositions and reading.capital(at + 2):
        return at + 2
    return at + 1 if grown and reading.capital(at + 1) else at


def _with_number(reading: Reading, last: int) -> int:
    """The end of a name with the number that follows it (Северный поток — 2, Союз-13)."""
    end: int = reading.spans[last][1]
    found = None if reading.styled[last] else _NUMBER.match(reading.text, end)
    if not found:
        return end
    tight = found[0][0] in "-–—"
    return int(found.end()) if tight or reading.low[last].startswith(_NUMBERED) else end
