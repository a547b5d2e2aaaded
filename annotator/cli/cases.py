"""Things that happened more than once: how many, and the first of them."""

from dataclasses import dataclass, field

from annotator.cli import out

KEEP = 20
"""How many cases of each kind are kept for a report."""


@dataclass(slots=True)
class Cases:
    """Things of one kind: how many, and the first of them."""

    count: int = 0
    first: list[tuple[str, str]] = field(default_factory=list)

    def add(self, where: str, what: str) -> None:
        """Note one more."""
        self.count += 1
        if self.count <= KEEP:
            self.first.append((where, what))

    def print(self, title: str, columns: tuple[str, str]) -> None:
        """Show them as a table, nothing when there are none."""
        if not self.count:
            return
        out.table(title, columns, self.first)
        if self.count > len(self.first):
            out.say(f"... and {out.number(self.count - len(self.first))} more")
