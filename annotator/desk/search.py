"""Finding text in an article: any script, any case, regular expressions with a time bound."""

import time
import unicodedata
from collections.abc import Iterator
from itertools import takewhile

import regex

Range = tuple[int, int]
TIME_LIMIT = 0.5
"""Seconds after which a search gives up."""
WINDOW = 4096
"""Code points first looked at on the way back; then eight times as many, and so on."""
_TOO_SLOW = "The search took too long; make the pattern simpler."


class Search:
    """One pattern over one text."""

    def __init__(self, text: str, pattern: str, is_regex: bool = False) -> None:
        self._text = text
        self.error = ""
        """Why the pattern cannot be used; "" when it can."""
        self._pattern: regex.Pattern[str] | None = None
        if pattern:
            flags = regex.IGNORECASE | regex.FULLCASE | regex.MULTILINE
            try:
                source = pattern if is_regex else _literal(pattern, text)
                self._pattern = regex.compile(source, flags)
            except regex.error as error:
                self.error = f"Not a regular expression: {error.msg}."
            except (ValueError, OverflowError, RecursionError, MemoryError):
                self.error = "Not a regular expression that can be used."

    def after(self, offset: int) -> Range | None:
        """The first match starting at or after `offset`, going round at the end."""
        deadline = _deadline()
        return next(self._matches(offset, deadline), None) or next(self._matches(0, deadline), None)

    def before(self, offset: int) -> Range | None:
        """The last match ending at or before `offset`, going round at the start."""
        deadline = _deadline()
        return self._last(0, offset, deadline) or self._last(0, len(self._text), deadline)

    def within(self, start: int, end: int) -> list[Range]:
        """All matches that begin inside `start`-`end` (what is on screen)."""
        found = self._matches(start, _deadline())
        return list(takewhile(lambda match: match[0] < end, found))

    def _last(self, start: int, end: int, deadline: float) -> Range | None:
        """Matches are found forwards, in windows that grow backwards from `end`."""
        size = WINDOW
        low = end
        while low > start and not self.error:
            low = max(start, end - size)
            if low > start:  # a window begins with a line, or else with a word
                back = max(low - WINDOW, 0)
                line = self._text.rfind("\n", back, low) + 1
                low = line or self._text.rfind(" ", back, low) + 1 or low
            found = None
            for match in self._matches(low, deadline):
                if match[1] > end:
                    if match[0] >= end:
                        break
                    continue
                found = match
            if found:
                return found
            size *= 8
        return None

    def _matches(self, start: int, deadline: float) -> Iterator[Range]:
        """The matches from `start` on that hold something, until the time is over."""
        if self._pattern is None or self.error:
            return
        left = max(deadline - time.monotonic(), 0.001)
        try:
            for match in self._pattern.finditer(self._text, start, timeout=left):
                if match.end() > match.start():
                    yield match.span()
        except TimeoutError:
            self.error = _TOO_SLOW


def _deadline() -> float:
    return time.monotonic() + TIME_LIMIT


def _literal(pattern: str, text: str) -> str:
    """A regular expression for these very characters, accents joined to their letter or apart.

    Accents apart are looked for only where the text has such: choices cost a long text dearly.
    """
    found = []
    for character in unicodedata.normalize("NFC", pattern):
        plain = regex.escape(character, literal_spaces=True)
        apart = unicodedata.normalize("NFD", character)
        if apart != character and apart[-1] in text:
            plain = f"(?:{plain}|{regex.escape(apart)})"
        found.append(plain)
    return "".join(found)
