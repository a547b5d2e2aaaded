"""Regular expressions that are compiled when they are first used.

There are some forty of them; compiling all at import would be a tenth of the start-up.
"""

from typing import Any, cast

import regex

_METHODS = ("search", "match", "fullmatch", "finditer", "findall", "sub", "split")


class _Lazy:
    """Becomes its compiled pattern at the first call: later calls go straight to it."""

    def __init__(self, source: str, flags: int) -> None:
        self._source = source
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        compiled = regex.compile(self._source, self._flags)
        for method in _METHODS:
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)


def pattern(source: str, flags: int = 0) -> "regex.Pattern[str]":
    """A pattern of the `regex` library, compiled when first used."""
    return cast("regex.Pattern[str]", _Lazy(source, flags))
