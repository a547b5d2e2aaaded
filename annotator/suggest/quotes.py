"""Names in quotation marks and corner brackets.

The candidate is what is inside the quotes, as annotators mostly label it; with the quotes where a
legal form goes before them (ОАО «Газпром») or a number after them («Северный поток»-2).
"""

from collections.abc import Iterator

from annotator.suggest.lexicon import LEGAL_FORMS
from annotator.suggest.reading import has_case
from annotator.text.lazy import pattern

Span = tuple[int, int]

LONGEST = 6
"""A quotation of more words is no name."""
PROSE = 4
"""A quotation of so many words or more is a name only when half of them have capitals."""

_EASTERN = 5
"""The first group of `_QUOTED` for quotes of scripts without capitals."""
_QUOTED = pattern(
    r"«([^«»\n]{2,80})»"
    r"|„([^„“”\"\n]{2,80})[“”\"]"
    r"|“([^“”\n]{2,80})[”“]"
    r"|(?<![\p{L}\p{N}])\"([^\"\n]{2,80})\"(?!\p{L})"
    r"|「([^「」\n]{1,40})」|『([^『』\n]{1,40})』|《([^《》\n]{1,40})》|〈([^〈〉\n]{1,40})〉"
)
_NUMBER_AFTER = pattern(r"[ \u00A0]?(?:[\-–—][ \u00A0]?)?\p{N}{1,2}(?![\p{L}\p{N}%.,])")
_LEGAL_BEFORE = pattern(rf"(?<![\p{{L}}\p{{N}}\-])(?:{'|'.join(LEGAL_FORMS)})[ \u00A0]$")
_SENTENCE = pattern("[。！？.!?؟۔]")
_LONGEST_FORM = 12


def quoted(text: str, start: int, end: int) -> Iterator[Span]:
    """The names in quotation marks between two offsets, in order."""
    for match in _QUOTED.finditer(text, start, end):
        left, right = match.span(match.lastindex)
        inside = text[left:right]
        if not _is_name(inside.strip(), match.lastindex >= _EASTERN):
            continue
        before = _LEGAL_BEFORE.search(
            text, max(match.start() - _LONGEST_FORM, start), match.start()
        )
        after = _NUMBER_AFTER.match(text, match.end(), end)
        if before or after:
            yield (before or match).start(), (after or match).end()
        else:
            left += len(inside) - len(inside.lstrip())
            yield left, left + len(inside.strip())


def _is_name(inside: str, eastern: bool) -> bool:
    """Whether what stands in quotes looks like a name rather than speech."""
    words = inside.split()
    if not words:
        return False
    if eastern or (not has_case(inside) and inside[0].isalpha() and len(words) <= PROSE):
        return not _SENTENCE.search(inside)
    if len(words) > LONGEST or inside[-1] in ",!?.…:;" or ", " in inside:
        return False
    if not any(map(str.isupper, words[0][:2])):
        return False
    capitals = sum(word[0].isupper() for word in words)
    return len(words) < PROSE or capitals * 2 >= len(words)
