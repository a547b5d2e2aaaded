"""What an annotator has spent on an article: active seconds and keys, by layer."""

from collections.abc import Mapping
from typing import Any, NamedTuple, Self

VERB = "time"
"""The verb of acts that record it: not made by hand, so never taken back."""


NOTHING: Mapping[str, Any] = {}
"""An empty mapping that values share; nobody writes into it."""


class Spent(NamedTuple):
    """Seconds and keys of all sittings together; the time of pauses is left out."""

    seconds: Mapping[str, int] = NOTHING
    """Active seconds in each layer that was worked in."""
    keys: Mapping[str, int] = NOTHING
    """Keys pressed in each layer."""

    @staticmethod
    def key(actor: str, article: str) -> str:
        """One record per annotator and article."""
        return f"time:{actor}:{article}"

    def body(self) -> dict[str, Any]:
        """The JSON body."""
        return {"seconds": dict(self.seconds), "keys": dict(self.keys)}

    @classmethod
    def of(cls, body: Mapping[str, Any] | None) -> Self:
        """What an event's body says, nothing for None."""
        return cls(_counts(body, "seconds"), _counts(body, "keys"))


def _counts(body: Mapping[str, Any] | None, name: str) -> dict[str, int]:
    found = (body or {}).get(name)
    return {str(k): int(v) for k, v in found.items()} if isinstance(found, dict) else {}
