"""What was suggested to an annotator in an article: the record that tells later what became of it.

What became of each is not stored: the annotator's work itself says which were accepted, changed,
rejected or left (`coach.outcomes`).
"""

from collections.abc import Iterable, Mapping
from math import isfinite
from typing import Any, NamedTuple, Self

from annotator.model.annotation import Kind

VERB = "shown"
"""The verb of acts that record it: nobody's decision, so never taken back at a desk."""
_LARGEST = 1 << 53


class Seen(NamedTuple):
    """One suggestion as it was shown."""

    start: int
    end: int
    """Code points, half-open, into the article."""
    label: str
    score: float | None
    sure: bool


class Shown(NamedTuple):
    """All that one source suggested to an annotator in one layer of an article."""

    layer: str
    source: str
    version: str
    """The state of the source that was shown last; "" of a file."""
    items: tuple[Seen, ...]
    """In reading order; also those of earlier states that were on screen."""

    @property
    def key(self) -> str:
        """`shown:`, the source with its colons escaped, and the layer."""
        source = self.source.replace("%", "%25").replace(":", "%3A")
        return f"{Kind.SHOWN}:{source}:{self.layer}"

    def body(self) -> dict[str, Any]:
        """The JSON body of its event."""
        items = [[s.start, s.end, s.label, s.score, int(s.sure)] for s in self.items]
        return {
            "layer": self.layer,
            "source": self.source,
            "version": self.version,
            "items": items,
        }

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> Self:
        """What an event's body says.

        Raises:
            ValueError: something in it is of another type or makes no sense.
            TypeError: the same.
            KeyError: something is missing.
        """
        names = (body["layer"], body["source"], body["version"])
        if not all(isinstance(name, str) for name in names):
            raise ValueError("its layer, source and version are not all text")
        return cls(*names, tuple(_seen(*item) for item in body["items"]))


def _seen(start: Any, end: Any, label: Any, score: Any, sure: Any) -> Seen:
    """One suggestion of a body, from its parts."""
    places = all(isinstance(each, int) and not isinstance(each, bool) for each in (start, end))
    if not places or not 0 <= start < end < _LARGEST:
        raise ValueError(f"it shows {start!r:.20}-{end!r:.20}, which is no place")
    number = isinstance(score, int | float) and not isinstance(score, bool)
    if score is not None and not (number and isfinite(score)):
        raise ValueError(f"it shows the score {score!r:.20}")
    if not isinstance(label, str) or sure not in (0, 1):
        raise ValueError(f"it shows the label {label!r:.20}, sure {sure!r:.20}")
    return Seen(start, end, label, score, bool(sure))


def joined(
    earlier: Shown | None, layer: str, source: str, version: str, now: Iterable[Seen]
) -> Shown:
    """What was shown before and what is shown now, of each place and label the newest."""
    items = {(s.start, s.end, s.label): s for s in (earlier.items if earlier else ())}
    items.update({(s.start, s.end, s.label): s for s in now})
    return Shown(layer, source, version, tuple(sorted(items.values(), key=lambda s: s[:3])))
