"""The one door to the screen: foreign text made safe to show, character for character.

A terminal obeys escape sequences wherever they come from, and people trust what they see; so every
character that acts, reorders, hides or has no agreed width is replaced by one that shows. The length
never changes, so offsets into the text hold for what is on screen.

The result has a width that adds up: the cells of a string are the cells of its grapheme clusters,
each at least one, whatever is painted before or after, as `rich.cells` counts them.
"""

from functools import lru_cache

import regex
from rich.cells import cell_len

from annotator.text.clusters import CLUSTER, SPACES
from annotator.text.lazy import pattern

HIDDEN = "·"
"""Stands for a character that would not be seen."""
BROKEN = "\ufffd"
"""Stands for a character that has no glyph: C1 controls, surrogates, private and unassigned ones."""

MARKS = 16
"""Marks shown on one character; more only serve to paint over the neighbours."""

_ODD = pattern(
    r"[\p{C}\p{Zl}\p{Zp}\p{M}\p{DI}\p{GCB=V}\p{GCB=T}\p{Emoji_Modifier}--\p{PCM}]+", regex.V1
)
_BROKEN = pattern(r"[\x80-\x9f\p{Cs}\p{Co}\p{Cn}]")
_CONTEXT = pattern(
    r"[\p{M}\p{GCB=V}\p{GCB=T}\p{Emoji_Modifier}\u200C\u200D--[\u034F\u1160\u17B4\u17B5]]", regex.V1
)
_SOLID = pattern(f"[^{SPACES}]")
_NO_BASE = pattern(r"[\p{GCB=Control}\r\n]")
_EMOJI_BEFORE = pattern(r"(?r)[\p{ExtPict}--\p{Cn}]\p{GCB=Extend}*\Z", regex.V1)
_EMOJI = pattern(r"[\p{ExtPict}--\p{Cn}]", regex.V1)
_JOINING_BEFORE = pattern(
    # The scripts that need joiners (RFC 5892, appendix A): cursive ones and those with a virama.
    r"(?r)[[\p{Arab}\p{Syrc}\p{Mong}\p{Nkoo}\p{Mand}\p{Phag}\p{Rohg}\p{Adlm}\p{Beng}\p{Deva}\p{Gujr}"
    r"\p{Guru}\p{Knda}\p{Khmr}\p{Mlym}\p{Mymr}\p{Orya}\p{Sinh}\p{Taml}\p{Telu}]&&\p{L}]\p{M}*\Z",
    regex.V1,
)
_FITS = {
    # What must stand before the character for it to have an effect there.
    "skin": pattern(r"(?r)\p{Emoji_Modifier_Base}\uFE0F?\Z"),
    "emoji style": pattern(r"(?r)\p{Emoji}\Z"),
    "variant": pattern(r"(?r)[\p{Han}\p{P}\p{S}\p{Mymr}\p{Phag}]\Z"),
    "mongolian": pattern(r"(?r)\p{Mong}\Z"),
    "vowel": pattern(r"(?r)[\p{GCB=L}\p{GCB=V}\p{GCB=LV}]\Z"),
    "final": pattern(r"(?r)[\p{GCB=V}\p{GCB=T}\p{GCB=LV}\p{GCB=LVT}]\Z"),
}
_NEEDS = {
    "skin": pattern(r"\p{Emoji_Modifier}"),
    "emoji style": pattern(r"[\uFE0E\uFE0F]"),
    "variant": pattern(r"[\uFE00-\uFE0D\U000E0100-\U000E01EF]"),
    "mongolian": pattern(r"[\u180B-\u180D\u180F]"),
    "vowel": pattern(r"\p{GCB=V}"),
    "final": pattern(r"\p{GCB=T}"),
}
_FLAG_END = "\U000e007f"
_FLAG_TAGS = pattern(r"(?<=🏴)[\U000E0030-\U000E0039\U000E0061-\U000E007A]{3,6}\U000E007F")
_BACK = 24
"""How far back a rule looks for the character it depends on."""


_harmless: set[str] = set(map(chr, range(0x20, 0x7F)))
"""Characters known to be shown as they are wherever they stand; it grows with the texts seen."""


def visible(text: str) -> str:
    """`text` as it may be painted: the same length, nothing in it that acts or hides.

    C0 controls become their pictures (␛), tabs →, newlines ␤; invisible and bidirectional controls,
    joiners and selectors without effect, and marks without a base become `·`; what has no glyph
    becomes U+FFFD. Marks, joiners and selectors that shape the character before them stay.
    """
    if _harmless.issuperset(text):
        return text
    odd = "".join(_ODD.findall("".join(set(text))))
    if not odd:
        _harmless.update(text)
        return text
    if _FLAG_END not in odd and all(map(_fixed, odd)):
        return text.translate({ord(character): _fixed(character) for character in odd})
    shown: str = _ODD.sub(_shown_run, text)
    return shown


def plain_line(text: str, limit: int) -> str:
    """`text` for a title or a list: visible, in one line, at most `limit` cells, cut with `…`."""
    first = _SOLID.search(text)
    head = text[first.start() :][: limit * 8 + 80] if first else ""
    line = visible(" ".join(head.split()))
    if cell_len(line) <= limit and (not first or first.start() + len(head) == len(text)):
        return line
    kept, room = 0, limit - 1
    for match in CLUSTER.finditer(line):
        room -= cell_len(match[0])
        if room < 0:
            break
        kept = match.end()
    return line[:kept].rstrip() + "…" if limit > 0 else ""


def _shown_run(match: "regex.Match[str]") -> str:
    """A run of odd characters as shown."""
    text, (start, end) = match.string, match.span()
    shown: list[str] = []
    tags = _FLAG_TAGS.match(text, start)
    if tags:
        shown, start = [tags[0]], tags.end()
    marks = 0
    for offset in range(start, end):
        character = text[offset]
        fixed = _fixed(character)
        marks = 0 if fixed else marks + 1
        if marks > MARKS or (marks and _is_orphan(text, offset)):
            fixed = HIDDEN
        elif marks:
            before = text[max(start - _BACK, 0) : start] + "".join(shown[-_BACK:])
            fixed = _in_context(character, before, text[offset + 1 : offset + 2])
        shown.append(fixed)
    return "".join(shown)


@lru_cache(4096)
def _fixed(character: str) -> str:
    """What an odd character is shown as wherever it stands; "" when that depends on the place."""
    code = ord(character)
    if code < 0x20:
        return {"\t": "→", "\n": "␤"}.get(character, chr(0x2400 + code))
    if code == 0x7F:
        return "␡"
    if _BROKEN.match(character):
        return BROKEN
    return "" if _CONTEXT.match(character) else HIDDEN


def _is_orphan(text: str, offset: int) -> bool:
    """Whether the mark at `offset` has nothing before it to stand on."""
    return offset == 0 or bool(_NO_BASE.match(text[offset - 1]))


def _in_context(character: str, before: str, after: str) -> str:
    """What a joiner, selector, mark or jamo is shown as, given the shown text before it."""
    if character == "\u200d" and _EMOJI_BEFORE.search(before) and _EMOJI.match(after):
        return character
    if character in "\u200c\u200d":
        # rich.cells swallows whatever follows a joiner; in scripts, the non-joiner paints the same.
        return "\u200c" if _JOINING_BEFORE.search(before) else HIDDEN
    for need, wanted in _NEEDS.items():
        if wanted.match(character):
            return character if _FITS[need].search(before) else HIDDEN
    return character
