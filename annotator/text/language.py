"""The language of an article: letters that only one language writes, then langdetect.

Detection is for whole articles; on a headline or a name it would be noise, so that short or mixed
text is "und". Tags are BCP 47.
"""

import threading
from collections import Counter
from importlib.metadata import version

UNDECIDED = "und"
"""BCP 47 for a language that was looked for and not determined."""


DETECTOR = f"letters/1 langdetect/{version('langdetect')}"
"""Names what `detect` used, for an article's `lang_source`."""

LIMIT = 2000
"""How many characters of a text are looked at."""
LETTERS = 40
"""Fewer letters than this say nothing to langdetect."""
FEW_LETTERS = 20
"""Fewer than this say nothing at all."""
SURE = 0.9
"""The probability below which langdetect's answer is not taken."""
LETTER_CONFIDENCE = 0.99
"""Confidence of an answer from letters (right in 99.7 to 99.9 of 100 lines of news)."""

_MARKS = {
    "uk": "їєґ",
    "be": "ў",
    "ru": "ыэё",
    "sr-Cyrl": "ђћ",
    "mk": "ѓќѕ",
    "bg": "ъ",
}
"""Letters that tell Cyrillic languages apart; Belarusian shares ы, э and ё with Russian."""
_ELSEWHERE = frozenset("әғқңөұүһӣӯҳҷҫҙӑӗӳ")
"""Letters of Cyrillic languages that langdetect has no profile of."""
_RATE = 0.003
"""How frequent a language's own letters are at least, per letter of its text."""
_TAGS = {"zh-cn": "zh-Hans", "zh-tw": "zh-Hant"}

_lock = threading.Lock()
_ready = False


def detect(text: str) -> tuple[str, float]:
    """The language of a text and how sure that is (0 to 1); ("und", 0.0) when it is not.

    The same text gives the same answer every time, from any thread.
    """
    sample = text[:LIMIT]
    letters = Counter(filter(str.isalpha, sample.lower()))
    total = letters.total()
    if total < FEW_LETTERS:
        return UNDECIDED, 0.0
    if _share(letters, _ELSEWHERE) > 0.01:
        return UNDECIDED, 0.0
    by_letters = _by_letters(letters)
    if by_letters:
        return by_letters, LETTER_CONFIDENCE
    return _by_langdetect(sample) if total >= LETTERS else (UNDECIDED, 0.0)


def warm_up() -> None:
    """Load langdetect's profiles once.

    While they load, langdetect gives wrong answers to other threads; so this is done under a lock,
    by `detect` itself or, to have it over with, beforehand.
    """
    global _ready
    with _lock:
        if not _ready:
            from langdetect import detector_factory

            detector_factory.DetectorFactory.seed = 0
            detector_factory.init_factory()
            _ready = True


def _share(letters: "Counter[str]", wanted: "frozenset[str] | str") -> float:
    return sum(letters[letter] for letter in wanted) / max(letters.total(), 1)


def _by_letters(letters: "Counter[str]") -> str:
    """The Cyrillic language whose own letters are there, no other's to speak of; "" when none."""
    shares = {tag: _share(letters, marks) for tag, marks in _MARKS.items()}
    if shares["be"] >= _RATE:
        shares["ru"] = 0.0
    best = max(shares, key=lambda tag: shares[tag])
    others = sum(shares.values()) - shares[best]
    return best if shares[best] >= _RATE and others * 5 <= shares[best] else ""


def _by_langdetect(sample: str) -> tuple[str, float]:
    if not _ready:
        warm_up()
    from langdetect import LangDetectException, detect_langs

    try:
        first = detect_langs(sample)[0]
    except LangDetectException:
        return UNDECIDED, 0.0
    if first.prob < SURE:
        return UNDECIDED, 0.0
    return _TAGS.get(first.lang, first.lang), round(min(first.prob, 1.0), 3)
