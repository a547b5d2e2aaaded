"""Which split of the data set an article belongs to, as the log keeps it."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple, Self

from annotator.model.errors import AnnotatorError

PREFIX = "split:"
_NAME = re.compile(r"[A-Za-z0-9_]{1,32}")


class Assigned(NamedTuple):
    """An article in a split. Its events have no article, as rules have none: they are no decisions."""

    article: str
    """The article's id."""
    split: str
    """train, dev, test or another name."""
    component: str = ""
    """The key of the articles it must not be parted from."""

    @property
    def key(self) -> str:
        """One split an article, whoever said it."""
        return PREFIX + self.article

    def body(self) -> dict[str, Any]:
        """The JSON body."""
        return {"split": self.split, "component": self.component}

    @classmethod
    def of(cls, key: str, body: Mapping[str, Any]) -> Self:
        """What an event's key and body say."""
        name, component = body.get("split", ""), body.get("component", "")
        return cls(key.removeprefix(PREFIX), str(name), str(component))


def valid_split(name: str) -> str:
    """A split's name, checked: it goes into file names and into other tools.

    Raises:
        AnnotatorError: it is not made of 1 to 32 Latin letters, digits and underscores.
    """
    if not _NAME.fullmatch(name):
        raise AnnotatorError(
            f"{name[:64]!r} cannot be a split's name: use 1 to 32 Latin letters, digits and '_'."
        )
    return name
