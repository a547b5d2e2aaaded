"""What a body quotes from its article, and whether it still does."""

from collections.abc import Iterator, Mapping
from typing import Any

from annotator.model.annotation import quote_holds


def quotes(body: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The parts of a body that hold offsets: itself, and each piece of a stance's evidence."""
    if "start" in body or "end" in body:
        yield body
    evidence = body.get("evidence", ())
    for part in evidence if isinstance(evidence, list | tuple) else ():
        if isinstance(part, Mapping):
            yield part


def broken_quote(body: Mapping[str, Any] | None, text: str) -> str:
    """The first offsets of a body that do not cut what it quotes out of `text`; "" when all do."""
    for part in quotes(body or {}):
        if not quote_holds(part, text):
            return f"{part.get('start')}-{part.get('end')}"
    return ""
