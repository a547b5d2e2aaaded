"""JSON read strictly: what the standard reader lets pass, or trips over, becomes one reason."""

import json
import math
import re
from collections.abc import Iterable, Iterator
from typing import Any

DEPTH = 64
"""How deep objects and lists may be nested in each other."""


class BadJsonError(ValueError):
    """Why a piece of JSON is not taken, in words for a person."""


def loads(line: str) -> Any:
    """The value of a piece of JSON.

    Raises:
        BadJsonError: broken; a key twice in one object; NaN or an infinite number; a number of too many
            digits; nested deeper than `DEPTH`; a string with NUL or a lone surrogate.
    """
    try:
        value = _DECODER.decode(line)
    except BadJsonError:
        raise
    except RecursionError:
        raise BadJsonError(f"nested deeper than {DEPTH} levels") from None
    except json.JSONDecodeError as error:
        raise BadJsonError(f"broken JSON at column {error.pos + 1}: {error.msg}") from None
    except ValueError:
        raise BadJsonError("a number has too many digits") from None
    # Counting brackets is cheap and most lines have few, so the exact walks are rare.
    if line.count("{") + line.count("[") > DEPTH and _too_deep(value):
        raise BadJsonError(f"nested deeper than {DEPTH} levels")
    if _SUSPECT.search(line):
        for text in _strings(value):
            if reason := unfit_string(text):
                raise BadJsonError(reason)
    return value


def unfit_string(text: str) -> str:
    """Why a string cannot be stored ("" when it can): NUL or a lone surrogate."""
    found = _UNFIT.search(text)
    if not found:
        return ""
    name = "NUL character" if found[0] == "\0" else f"lone surrogate U+{ord(found[0]):04X}"
    return f"{name} at offset {found.start()} of a string"


def first_twice(names: Iterable[str]) -> str:
    """The first name that came before ("" when all differ)."""
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return ""


_SUSPECT = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")
_UNFIT = re.compile("[\0\ud800-\udfff]")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object, unless a key comes twice (the standard reader keeps the last, silently)."""
    value = dict(pairs)
    if len(value) < len(pairs):
        twice = first_twice(key for key, _ in pairs)
        raise BadJsonError(f"the key {twice[:40]!r} comes twice in one object")
    return value


def _constant(name: str) -> Any:
    raise BadJsonError(f"{name} is not JSON")


def _finite(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise BadJsonError("a number is too large")
    return value


_DECODER = json.JSONDecoder(
    object_pairs_hook=_unique, parse_constant=_constant, parse_float=_finite
)


def _children(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        yield from value.values()
    elif isinstance(value, list):
        yield from value


def _too_deep(value: Any) -> bool:
    level = [value]
    for _ in range(DEPTH):
        level = [child for parent in level for child in _children(parent)]
        if not level:
            return False
    return any(isinstance(item, dict | list) for item in level)


def _strings(value: Any) -> Iterator[str]:
    """Every string in a value that is not too deep, keys included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from value
    for child in _children(value):
        yield from _strings(child)
