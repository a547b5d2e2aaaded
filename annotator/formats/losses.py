"""What an export could not carry, or had to change: listed at its end, never silent."""

from collections import Counter
from collections.abc import Iterator

EXAMPLES = 3
"""How many examples are kept of each kind of loss."""


class Losses:
    """Counts by kind with the first few examples, beside what was written.

    Examples and facts hold foreign text as it is: show them through `text.visible`.
    """

    def __init__(self) -> None:
        self.facts: dict[str, str] = {}
        """What a reader of the export must know: layer, tokenizer, profile ..."""
        self._written: Counter[str] = Counter()
        self._counts: Counter[str] = Counter()
        self._examples: dict[str, list[str]] = {}

    def __bool__(self) -> bool:
        """Whether anything was lost."""
        return bool(self._counts)

    def __iter__(self) -> Iterator[tuple[str, int, tuple[str, ...]]]:
        """Each kind with its count and up to three examples, sorted by kind."""
        for kind in sorted(self._counts):
            yield kind, self._counts[kind], tuple(self._examples[kind])

    def __getitem__(self, kind: str) -> int:
        """How often a kind of loss was met."""
        return self._counts[kind]

    @property
    def written(self) -> dict[str, int]:
        """How many of each thing went out, in the order they were first met."""
        return dict(self._written)

    def add(self, kind: str, example: str = "", count: int = 1) -> None:
        """Note `count` losses of a kind; the first three examples are kept."""
        if count < 1:
            return
        self._counts[kind] += count
        examples = self._examples.setdefault(kind, [])
        if example and example not in examples and len(examples) < EXAMPLES:
            examples.append(example)

    def wrote(self, thing: str, count: int = 1) -> None:
        """Note that something did go out."""
        self._written[thing] += count

    def lines(self) -> list[str]:
        """The losses as plain lines, one for each kind."""
        return [
            f"{count} × {kind}" + (f" ({'; '.join(examples)})" if examples else "")
            for kind, count, examples in self
        ]
