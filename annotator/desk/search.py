"""Finding text in an article: any script, any case, regular expressions with a time bound."""

import regex

Range = tuple[int, int]
TIME_LIMIT = 0.5
"""Seconds after which a search gives up."""


class Search:
    """One pattern over one text."""

    def __init__(self, text: str, pattern: str, is_regex: bool = False) -> None:
        self._text = text
        self.error = ""
        """Why the pattern cannot be used; "" when it can."""
        self._pattern: regex.Pattern[str] | None = None
        if pattern:
            source = pattern if is_regex else regex.escape(pattern, literal_spaces=True)
            try:
                self._pattern = regex.compile(
                    source, regex.IGNORECASE | regex.FULLCASE | regex.MULTILINE | regex.VERSION0
                )
            except regex.error as error:
                self.error = f"Not a regular expression: {error.msg}."

    def after(self, offset: int) -> Range | None:
        """The first match starting at or after `offset`, going round at the end."""
        return self._first(offset, len(self._text)) or self._first(0, len(self._text))

    def before(self, offset: int) -> Range | None:
        """The last match ending at or before `offset`, going round at the start."""
        return self._last(0, offset) or self._last(offset, len(self._text))

    def within(self, start: int, end: int) -> list[Range]:
        """All matches inside `start`-`end` (what is on screen)."""
        return self._all(start, end)

    def _first(self, start: int, end: int) -> Range | None:
        if self._pattern is None:
            return None
        try:
            while True:
                match = self._pattern.search(self._text, start, end, timeout=TIME_LIMIT)
                if match is None or match.end() > match.start():
                    return match.span() if match else None
                start = match.end() + 1
                if start > end:
                    return None
        except TimeoutError:
            self.error = "The search took too long; make the pattern simpler."
            return None

    def _last(self, start: int, end: int) -> Range | None:
        """Matches are found forwards, in windows that grow backwards from `end`."""
        size = 4096
        low = end
        while low > start and not self.error:
            low = max(start, end - size)
            found = self._all(low, end)
            if found:
                return found[-1]
            size *= 8
        return None

    def _all(self, start: int, end: int) -> list[Range]:
        if self._pattern is None:
            return []
        try:
            found = self._pattern.finditer(self._text, start, end, timeout=TIME_LIMIT)
            return [m.span() for m in found if m.end() > m.start()]
        except TimeoutError:
            self.error = "The search took too long; make the pattern simpler."
            return []
