"""How lines like this one were decided before."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Self

from annotator.suggest.boilerplate.lines import Line, line_key

MOST = 20_000
"""Lines remembered; the oldest are forgotten first."""


class Past(NamedTuple):
    """Decisions on lines that are alike, one an article at most."""

    content: int
    boilerplate: int
    label: str
    """The label they were mostly given; "" for none."""

    shares: tuple[tuple[str, float], ...] = ()
    """Where they were given several labels: each and its share, by name; empty where they agree."""

    @property
    def given(self) -> tuple[tuple[str, float], ...]:
        """Each label they were given and its share of the decisions for boilerplate."""
        return self.shares or (((self.label, 1.0),) if self.label else ())

    @property
    def agreed(self) -> int:
        """How often they were boilerplate, if never content; 0 otherwise."""
        return 0 if self.content else self.boilerplate


NEVER = Past(0, 0, "")


class Memory:
    """Decisions by line, near-identical lines as one."""

    def __init__(self) -> None:
        self._tags: dict[str, dict[str, int]] = {}

    def past(self, line: str) -> Past:
        """How lines like this one were decided."""
        tags = self._tags.get(line_key(line))
        if not tags:
            return NEVER
        labels = {label: count for label, count in tags.items() if label}
        best = max(labels, key=lambda label: (labels[label], label)) if labels else ""
        whole = sum(labels.values())
        shares = tuple((label, count / whole) for label, count in sorted(labels.items()))
        return Past(tags.get("", 0), whole, best, shares if len(shares) > 1 else ())

    def learn(self, lines: Sequence[Line], tags: Sequence[str]) -> None:
        """Remember an article; `tags` are labels, "" for content."""
        for key, tag in dict.fromkeys(
            (line_key(line.text), tag) for line, tag in zip(lines, tags, strict=True)
        ):
            known = self._tags.pop(key, {})
            known[tag] = known.get(tag, 0) + 1
            self._tags[key] = known
        while len(self._tags) > MOST:
            del self._tags[next(iter(self._tags))]

    def dump(self) -> dict[str, Any]:
        """Everything as JSON values, the oldest first."""
        return {key: dict(sorted(tags.items())) for key, tags in self._tags.items()}

    @classmethod
    def load(cls, dumped: Mapping[str, Any]) -> Self:
        """The memory that `dump` gave."""
        made = cls()
        made._tags = {key: {tag: int(n) for tag, n in tags.items()} for key, tags in dumped.items()}
        return made
