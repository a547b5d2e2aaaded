"""The text that CoNLL-U's tokens were in, as far as the file tells."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple
from unicodedata import normalize

from annotator.formats.readers.conllu_lines import Sentence, Token

WIDEST = 1000
"""White space of more characters than this is not made from TokenRange."""

Range = tuple[int, int]


class Together(NamedTuple):
    """A text and where its tokens are."""

    text: str
    places: list[list[Range]]
    """For each sentence, in code points."""
    misfits: Counter[str]
    """What the file says of the text that does not hold in it."""


def together(sentences: Sequence[Sentence]) -> Together:
    """The text of a document's sentences."""
    misfits: Counter[str] = Counter()
    tokens = [token for sentence in sentences for token in sentence.tokens]
    gaps: list[str] = []
    for place, sentence in enumerate(sentences):
        following = sentences[place + 1] if place + 1 < len(sentences) else None
        gaps += _gaps(sentence, following, misfits)
    gaps = _widened(tokens, gaps)
    pieces: list[str] = []
    ranges: list[Range] = []
    offset = 0
    for token, gap in zip(tokens, gaps, strict=True):
        offset += len(token.before or "")
        ranges.append((offset, offset + len(token.raw)))
        pieces += (token.before or "", token.raw, gap)
        offset += len(token.raw) + len(gap)
    if strangers := _strangers(tokens, ranges):
        misfits["TokenRange that does not fit the text"] += strangers
    found = iter(ranges)
    places = [[next(found) for _ in sentence.tokens] for sentence in sentences]
    return Together("".join(pieces), places, misfits)


def _gaps(sentence: Sentence, following: Sentence | None, misfits: Counter[str]) -> list[str]:
    """What stands after each token of a sentence."""
    tokens = sentence.tokens
    gaps = [_after(token) for token in tokens]
    if tokens and tokens[-1].after is None and not tokens[-1].glued:
        gaps[-1] = "" if following is None else "\n" if following.is_paragraph else " "
    if sentence.text is None or _same(tokens, gaps, sentence.text):
        return gaps
    told = _aligned(sentence.text, tokens)
    if told is None:
        misfits["# text that its tokens do not make"] += 1
        return gaps
    pairs = zip(tokens, gaps, [*told, gaps[-1]], strict=True)
    return [gap if token.after is not None else said for token, gap, said in pairs]


def _after(token: Token) -> str:
    if token.after is not None:
        return token.after
    return "" if token.glued else " "


def _same(tokens: Sequence[Token], gaps: Sequence[str], text: str) -> bool:
    """Whether tokens with spaces where something stands between them are the text."""
    spaced = (token.form + " " * bool(gap) for token, gap in zip(tokens, gaps, strict=True))
    return normalize("NFC", "".join(spaced).strip(" ")) == normalize("NFC", text.strip(" "))


def _aligned(text: str, tokens: Sequence[Token]) -> list[str] | None:
    """What the text has between the tokens; None when it is not made of them."""
    gaps: list[str] = []
    offset = end = 0
    for place, token in enumerate(tokens):
        while text[offset : offset + 1].isspace() and not text.startswith(token.form, offset):
            offset += 1
        if not text.startswith(token.form, offset):
            return None
        if place:
            gaps.append(text[end:offset])
        offset = end = offset + len(token.form)
    return None if text[end:].strip() else gaps


def _widened(tokens: Sequence[Token], gaps: Sequence[str]) -> list[str]:
    """The gaps as long as TokenRange has them, where the file does not say what they are."""
    ranges = [token.place for token in tokens if token.place]
    lengths = [end - start for start, end in ranges]
    if lengths != [len(token.raw) for token in tokens]:
        return list(gaps)
    found = []
    for place, (token, following) in enumerate(pairwise(tokens)):
        wide = ranges[place + 1][0] - ranges[place][1]
        told = token.after is not None or following.before is not None
        fits = told or wide == len(gaps[place]) or not 0 <= wide <= WIDEST
        found.append(gaps[place] if fits else " " * wide)
    return [*found, *gaps[len(found) :]]


def _strangers(tokens: Sequence[Token], ranges: Sequence[Range]) -> int:
    """How many TokenRange are not where their token is, counted from the first one."""
    said = [
        (token.place, found) for token, found in zip(tokens, ranges, strict=True) if token.place
    ]
    if not said:
        return 0
    (start, _), (first, _) = said[0]
    ahead = start - first
    return sum(place != (s + ahead, e + ahead) for place, (s, e) in said)
