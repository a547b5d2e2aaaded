"""What a body quotes from its article, and whether it still does."""

from collections.abc import Iterator, Mapping
from typing import Any

from annotator.model.annotation import quote_holds

_PARTS = ("evidence", "spans", "stances")
"""Lists in a body whose items quote the article."""


def quotes(body: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The parts of a body that hold offsets: itself, a stance's evidence, the spans of gold ..."""
    if "start" in body or "end" in body:
        yield body
    for name in _PARTS:
        parts = body.get(name, ())
        for part in parts if isinstance(parts, list | tuple) else ():
            if isinstance(part, Mapping):
                yield from quotes(part)


def broken_quote(body: Mapping[str, Any] | None, text: str) -> str:
    """The first offsets of a body that do not cut what it quotes out of `text`; "" when all do."""
    for part in quotes(body or {}):
        if not quote_holds(part, text):
            return f"{part.get('start')}-{part.get('end')}"
    return ""
