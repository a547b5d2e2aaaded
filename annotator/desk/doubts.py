"""The way through an article's suggestions with the least sure first."""

from typing import TYPE_CHECKING, NamedTuple

from annotator.desk.suggested import Proposal

if TYPE_CHECKING:
    from annotator.desk.desk import Desk


REACH = 200_000
"""Code points on both sides of the caret that the way leads through."""


class Stop(NamedTuple):
    """A suggestion on the way."""

    proposal: Proposal
    number: int
    """From 1, in the order of doubt."""
    of: int


class Doubts:
    """Where one is on that way; it is made anew for each step, for decisions change it."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self.wanted = False
        """Whether the ring goes this way; sticky for the sitting."""
        self._place: tuple[str, tuple[bool, float, int]] | None = None
        """Layer and doubt of the suggestion visited last."""

    def restart(self) -> None:
        """The next step is to the least sure one."""
        self._place = None

    @property
    def all(self) -> list[Proposal]:
        """What is suggested in the layer; of an article as long as a book what is near the caret.

        What is folded away is left out.
        """
        desk = self._desk
        here, end = desk.caret.target[0], len(desk.caret.text)
        near = desk.proposals.between(max(here - REACH, 0), min(here + REACH, end))
        return [p for p in near if not desk.caret.fold_at(p.start)]

    def step(self, forward: bool) -> Stop | None:
        """The next suggestion, or the one before; None at the end, after which it begins again."""
        desk = self._desk
        found = sorted(self.all, key=lambda proposal: proposal.doubt)
        here = self._place[1] if self._place and self._place[0] == desk.layer.name else None
        if forward:
            numbers = (n for n, p in enumerate(found) if here is None or p.doubt > here)
        else:
            numbers = (n for n, p in reversed([*enumerate(found)]) if here and p.doubt < here)
        number = next(numbers, None)
        if number is None:
            self._place = None
            return None
        self._place = (desk.layer.name, found[number].doubt)
        return Stop(found[number], number + 1, len(found))
