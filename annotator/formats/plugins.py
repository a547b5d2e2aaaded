"""What other packages add: formats and readers they name as entry points."""

from collections.abc import Iterable
from importlib.metadata import entry_points
from typing import Protocol, TypeVar

from annotator.model.errors import AnnotatorError


class Named(Protocol):
    """A format or a reader."""

    @property
    def name(self) -> str:
        """What it is asked for by."""


T = TypeVar("T", bound=Named)


def with_others(own: Iterable[T], group: str, what: str) -> dict[str, T]:
    """Our own by name, then those of other packages in a group of entry points; ours go first.

    Raises:
        AnnotatorError: a package's cannot be loaded.
    """
    found = {each.name: each for each in own}
    for point in entry_points(group=group):
        try:
            theirs = point.load()
        except Exception as error:  # whatever a stranger's module does
            raise AnnotatorError(
                f"The {what} {point.name!r} of {point.value} cannot be loaded: {error}."
            ) from error
        found.setdefault(theirs.name, theirs)
    return found
